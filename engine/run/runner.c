/* A run: what is read, in what portions, by how many threads; then the pipeline goes. */
#include "engine/run/runner.h"

#include <omp.h>
#include <stdlib.h>

#include "engine/run/kept.h"
#include "engine/run/pipeline.h"
#include "engine/run/slices.h"

enum { FEW_CHUNKS = 4 }; /* of fewer than these no thread has one to itself */
enum { PIECE_STEP = 8 }; /* pieces whose codes are asked for begin at multiples of this */

/* Where chunks have no results they are small, and to commit one that fills a part of the output takes as long as
 * several others: so many more may be ready meanwhile. */
enum { SMALL_CHUNKS = 3 };

static bool commits(const hra_pipeline *p)
{
    for (int k = 0; k < p->sink_count; k++)
        if (p->sinks[k]->commit) return true;
    return false;
}

/* Each thread can read a chunk of its own and score it in pieces that stay in its cache, if all sinks take pieces. Few
 * chunks that are committed are shared by all threads, so that none of them waits for the last; they must have the same
 * numbers with any number of threads, as a run may be resumed with another. */
static bool in_pieces(const hra_pipeline *p)
{
    if (!p->program || p->sink_count == 0) return false;
    for (int k = 0; k < p->sink_count; k++)
        if (p->sinks[k]->commit && !p->sinks[k]->seal) return false;
    return !commits(p) || p->source->rows < 0 || p->source->rows >= FEW_CHUNKS * HRA_CHUNK_ROWS;
}

static bool settles(const hra_pipeline *p)
{
    for (int k = 0; k < p->sink_count; k++)
        if (p->sinks[k]->commit && !p->sinks[k]->settles) return false;
    return true;
}

static int slice_rows(const hra_pipeline *p, bool pieces)
{
    size_t row_bytes = p->program ? hra_program_row_bytes(p->program) : 0;
    if (p->options->slice_rows > 0) return p->options->slice_rows;
    return pieces ? hra_slice_rows_cached(row_bytes) : hra_slice_rows(row_bytes);
}

/* Reads what the program reads unless the caller has said otherwise, in slices if the results are wide. */
static hra_code run_source(hra_pipeline *p, int threads, hra_error *error)
{
    hra_source *source = p->source, *sliced = NULL;
    bool *wanted = NULL;
    hra_code code = HRA_OK;
    if (p->program && !source->wanted) {
        wanted = calloc((size_t)source->schema->column_count + 1, sizeof *wanted);
        if (!wanted) return hra_fail(error, HRA_ENOMEM, "out of memory for %d threads", threads);
        hra_program_columns(p->program, wanted);
        hra_kept_columns(source->schema, wanted); /* they travel into the results */
        source->wanted = wanted;
    }
    source->threads = threads;
    bool pieces = in_pieces(p);
    int rows = slice_rows(p, pieces);
    p->settles = pieces && settles(p);
    p->helps = pieces && !commits(p);
    source->by_piece = pieces && source->piece && rows % PIECE_STEP == 0;
    if (pieces)
        p->piece_rows = rows;
    else if (rows < HRA_CHUNK_ROWS)
        code = hra_slices_new(source, rows, &sliced, error);
    if (sliced) p->source = sliced;
    if (code == HRA_OK) code = hra_pipeline_run(p, threads, error);
    if (sliced) sliced->close(sliced);
    source->by_piece = false;
    if (wanted) source->wanted = NULL;
    free(wanted);
    return code;
}

hra_code hra_run(hra_source *source, const hra_program *program, hra_sink *const *sinks, int sink_count,
                 const hra_run_options *options, hra_run_facts *facts, hra_error *error)
{
    const hra_run_options defaults = {0};
    hra_run_facts own;
    if (!facts) facts = &own;
    *facts = (hra_run_facts){0};
    hra_pipeline p = {.source = source,
                      .program = program,
                      .sinks = sinks,
                      .sink_count = sink_count,
                      .options = options ? options : &defaults,
                      .facts = facts,
                      .started = hra_seconds()};
    int threads = p.options->threads > 0 ? p.options->threads : omp_get_num_procs();
    p.ahead = threads > 1 ? source->claims_ahead : 0;
    p.slot_count = threads + 2 + p.ahead + (p.ahead && !program ? SMALL_CHUNKS : 0);
    hra_code code = run_source(&p, threads, error);
    facts->bytes_read = source->bytes_done ? source->bytes_done(source) : -1;
    facts->seconds_wall = hra_seconds() - p.started;
    return code;
}
