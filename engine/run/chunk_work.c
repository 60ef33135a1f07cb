/* What a thread does to one chunk: filled by the source, scored, prepared for the sinks; whole or in pieces. */
#include "engine/run/pipeline.h"
#include "engine/run/slices.h"

/* Results grow to the largest chunk seen: a short input needs little memory. */
static hra_code score(const hra_pipeline *p, const hra_chunk *chunk, hra_workspace *workspace, hra_results **results,
                      hra_error *error)
{
    if (!*results || (*results)->capacity < chunk->rows) {
        hra_results_free(*results);
        *results = hra_program_results(p->program, chunk->rows);
        if (!*results) return hra_fail(error, HRA_ENOMEM, "out of memory for results of %d rows", chunk->rows);
    }
    return hra_program_score(p->program, workspace, chunk, *results, error);
}

static hra_code prepare(const hra_pipeline *p, hra_slot *s, const hra_chunk *chunk, const hra_results *results,
                        int thread, hra_error *error)
{
    void *nothing = NULL; /* what several threads prepare at once is left to nobody */
    for (int k = 0; k < p->sink_count; k++) {
        hra_sink *sink = p->sinks[k];
        void **prepared = p->helps ? &nothing : &s->prepared[k];
        if (sink->prepare) HRA_TRY(sink->prepare(sink, thread, chunk, results, prepared, error));
    }
    return HRA_OK;
}

static hra_code seal_sinks(const hra_pipeline *p, hra_slot *s)
{
    for (int k = 0; k < p->sink_count; k++)
        if (p->sinks[k]->seal) HRA_TRY(p->sinks[k]->seal(p->sinks[k], &s->chunk, &s->prepared[k], &s->error));
    return HRA_OK;
}

hra_code hra_work_piece(const hra_pipeline *p, hra_slot *s, int start, hra_worker *w, hra_run_facts *spent,
                        hra_error *error)
{
    hra_chunk piece;
    hra_slice slice;
    double since = hra_seconds();
    hra_source *source = p->source;
    hra_results **results = &p->piece_results[w->thread];
    hra_code code = hra_slice_view(source->schema, &s->chunk, start, p->piece_rows, &slice, &piece, error);
    if (code == HRA_OK && !s->chunk.columns)
        code = source->piece(source, &s->chunk, start, piece.rows, &w->codes, piece.columns, error);
    if (code == HRA_OK) code = score(p, &piece, w->workspace, results, error);
    spent->seconds_score += hra_lap(&since);
    if (code == HRA_OK) code = prepare(p, s, &piece, *results, w->thread, error);
    hra_slice_destroy(&slice);
    spent->seconds_prepare += hra_lap(&since);
    return code;
}

static hra_code work_on_whole(const hra_pipeline *p, hra_slot *s, const hra_worker *w, hra_run_facts *spent)
{
    double since = hra_seconds();
    hra_code code = p->program ? score(p, &s->chunk, w->workspace, &s->results, &s->error) : HRA_OK;
    spent->seconds_score += hra_lap(&since);
    if (code == HRA_OK) code = prepare(p, s, &s->chunk, s->results, w->thread, &s->error);
    spent->seconds_prepare += hra_lap(&since);
    return code;
}

void hra_work_begin(const hra_pipeline *p, hra_slot *s, const hra_worker *w, hra_run_facts *spent)
{
    double since = hra_seconds();
    s->chunk = (hra_chunk){.sequence = s->sequence, .first_row = -1};
    s->code = p->source->fill(p->source, s->sequence, s->ticket, &s->chunk, &s->error);
    s->has_chunk = s->code == HRA_OK;
    s->skipped = s->sequence < p->options->first_sequence;
    spent->seconds_fill += hra_lap(&since);
    bool wanted = s->has_chunk && !s->skipped;
    s->next_row = wanted && p->piece_rows ? 0 : s->chunk.rows;
    if (wanted && !p->piece_rows) s->code = work_on_whole(p, s, w, spent);
}

hra_code hra_work_seal(const hra_pipeline *p, hra_slot *s, hra_run_facts *spent)
{
    double since = hra_seconds();
    hra_code code = seal_sinks(p, s);
    spent->seconds_prepare += hra_lap(&since);
    return code;
}
