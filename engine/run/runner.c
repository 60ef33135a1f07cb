/* The pipeline. Every thread does the same: commit what is next in order, else
 * claim a chunk, fill, score and prepare it, else help with one that another is
 * at work on, where no sink commits. A chunk in flight sits in a ring
 * by its place in the order of claims; the ring has a few places more than there
 * are threads, so memory stays flat however long the input is. Where claiming
 * takes long, some chunks are claimed ahead and wait, so that nobody has to
 * wait for the one who claims.
 *
 * One lock guards the ring. Claiming and committing happen outside of it, each
 * by one thread at a time. An error is kept with its chunk and counts when its
 * turn to be committed comes: so the first error in the order of the input is
 * the one reported, and everything before it has been committed. */
#include "engine/run/runner.h"

#include <omp.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/stopwatch.h"
#include "base/team.h"
#include "engine/run/kept.h"
#include "engine/run/slices.h"

enum { FEW_CHUNKS = 4 }; /* of fewer than these no thread has one to itself */
enum { PIECE_STEP = 8 }; /* pieces whose codes are asked for begin at multiples of this */

/* Where chunks have no results they are small, and to commit one that fills a part of the output takes as long as
 * several others: so many more may be ready meanwhile. */
enum { SMALL_CHUNKS = 3 };

typedef enum stage { FREE, CLAIMED, WORKING, READY } stage;

typedef struct slot {
    stage stage;
    int64_t sequence; /* as claimed, and its ticket */
    void *ticket;
    hra_chunk chunk;
    bool has_chunk, skipped;
    int next_row, users; /* the chunk's next piece, and the threads at work on its pieces */
    int failed_row;      /* of the piece whose error is the chunk's */
    hra_results *results;
    void **prepared; /* one per sink; NULL: nothing */
    hra_code code;
    hra_error error;
} slot;

typedef struct pipeline {
    hra_source *source;
    const hra_program *program;
    hra_sink *const *sinks;
    int sink_count;
    const hra_run_options *options;
    hra_run_facts *facts;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    slot *slots;
    int slot_count;
    int ahead;                         /* claimed chunks that may wait beside the next to be begun */
    int piece_rows;                    /* chunks are scored in pieces of so many rows; 0: whole */
    bool settles;                      /* a chunk is given back when it is scored: nobody commits its rows */
    bool helps;                        /* nobody commits at all: threads without a chunk take pieces of others' */
    hra_results **piece_results;       /* by thread */
    int64_t claimed, begun, committed; /* chunks; claim number k sits in slot k % slot_count */
    bool claiming, committing, ended, interrupted;
    hra_code code; /* of the run */
    hra_error error;
    int64_t next_row; /* number of the next chunk's first row */
    double started, progress_shown;
} pipeline;

typedef struct worker {
    hra_workspace *workspace;
    int thread;
    hra_piece_memory codes; /* of the present piece, where they come by piece */
} worker;

/* Seconds since *since, which moves on. */
static double lap(double *since)
{
    double before = *since;
    *since = hra_seconds();
    return *since - before;
}

/* ---- work on one chunk, outside the lock ------------------------------------------- */

/* Results grow to the largest chunk seen: a short input needs little memory. */
static hra_code score(const pipeline *p, const hra_chunk *chunk, hra_workspace *workspace, hra_results **results,
                      hra_error *error)
{
    if (!*results || (*results)->capacity < chunk->rows) {
        hra_results_free(*results);
        *results = hra_program_results(p->program, chunk->rows);
        if (!*results) return hra_fail(error, HRA_ENOMEM, "out of memory for results of %d rows", chunk->rows);
    }
    return hra_program_score(p->program, workspace, chunk, *results, error);
}

static hra_code prepare(const pipeline *p, slot *s, const hra_chunk *chunk, const hra_results *results, int thread,
                        hra_error *error)
{
    void *nothing = NULL; /* what several threads prepare at once is left to nobody */
    for (int k = 0; k < p->sink_count; k++) {
        hra_sink *sink = p->sinks[k];
        void **prepared = p->helps ? &nothing : &s->prepared[k];
        if (sink->prepare) HRA_TRY(sink->prepare(sink, thread, chunk, results, prepared, error));
    }
    return HRA_OK;
}

static hra_code seal(const pipeline *p, slot *s)
{
    for (int k = 0; k < p->sink_count; k++)
        if (p->sinks[k]->seal) HRA_TRY(p->sinks[k]->seal(p->sinks[k], &s->chunk, &s->prepared[k], &s->error));
    return HRA_OK;
}

/* A piece of the chunk scored and handed to the sinks while it is in the cache. */
static hra_code work_on_piece(const pipeline *p, slot *s, int start, worker *w, hra_run_facts *spent, hra_error *error)
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
    spent->seconds_score += lap(&since);
    if (code == HRA_OK) code = prepare(p, s, &piece, *results, w->thread, error);
    hra_slice_destroy(&slice);
    spent->seconds_prepare += lap(&since);
    return code;
}

static hra_code work_on_whole(const pipeline *p, slot *s, const worker *w, hra_run_facts *spent)
{
    double since = hra_seconds();
    hra_code code = p->program ? score(p, &s->chunk, w->workspace, &s->results, &s->error) : HRA_OK;
    spent->seconds_score += lap(&since);
    if (code == HRA_OK) code = prepare(p, s, &s->chunk, s->results, w->thread, &s->error);
    spent->seconds_prepare += lap(&since);
    return code;
}

/* What is to be done in pieces is left to be done. */
static void work(const pipeline *p, slot *s, const worker *w, hra_run_facts *spent)
{
    double since = hra_seconds();
    s->chunk = (hra_chunk){.sequence = s->sequence, .first_row = -1};
    s->code = p->source->fill(p->source, s->sequence, s->ticket, &s->chunk, &s->error);
    s->has_chunk = s->code == HRA_OK;
    s->skipped = s->sequence < p->options->first_sequence;
    spent->seconds_fill += lap(&since);
    bool wanted = s->has_chunk && !s->skipped;
    s->next_row = wanted && p->piece_rows ? 0 : s->chunk.rows;
    if (wanted && !p->piece_rows) s->code = work_on_whole(p, s, w, spent);
}

/* Under the lock, released for every piece. */
static void work_on_pieces(pipeline *p, slot *s, worker *w, hra_run_facts *spent)
{
    while (s->code == HRA_OK && s->next_row < s->chunk.rows) {
        hra_error error = {0};
        int row = s->next_row;
        s->next_row += p->piece_rows;
        pthread_mutex_unlock(&p->lock);
        hra_code code = work_on_piece(p, s, row, w, spent, &error);
        pthread_mutex_lock(&p->lock);
        if (code == HRA_OK || (s->code != HRA_OK && s->failed_row < row)) continue;
        s->code = code;
        s->error = error;
        s->failed_row = row;
    }
}

/* Under the lock. The numbers of the chunk stay. */
static void give_back(const pipeline *p, slot *s)
{
    hra_chunk numbers = {.sequence = s->chunk.sequence,
                         .first_row = s->chunk.first_row,
                         .rows = s->chunk.rows,
                         .rejected = s->chunk.rejected};
    p->source->release(p->source, &s->chunk);
    s->chunk = numbers;
}

/* ---- claiming -------------------------------------------------------------------------- */

static bool stop_asked(const pipeline *p) { return p->options->stop && *p->options->stop; }

static bool can_claim(const pipeline *p)
{
    return !p->claiming && !p->ended && p->claimed - p->committed < p->slot_count && p->claimed - p->begun <= p->ahead;
}

/* Under the lock, released while the source is asked. */
static void claim(pipeline *p, hra_run_facts *spent)
{
    if (stop_asked(p)) {
        p->ended = p->interrupted = true;
        return;
    }
    slot *s = &p->slots[p->claimed % p->slot_count];
    p->claiming = true;
    pthread_mutex_unlock(&p->lock);
    double since = hra_seconds();
    hra_error error = {0};
    hra_code code = p->source->claim(p->source, &s->sequence, &s->ticket, &error);
    spent->seconds_claim += lap(&since);
    pthread_mutex_lock(&p->lock);
    p->claiming = false;
    if (code == HRA_OK && s->sequence < 0) {
        p->ended = true;
        return;
    }
    s->stage = CLAIMED;
    s->has_chunk = s->skipped = false;
    s->users = 0;
    memset(s->prepared, 0, (size_t)p->sink_count * sizeof *s->prepared);
    s->code = code;
    s->error = error;
    p->claimed++;
    if (code == HRA_OK) return;
    s->stage = READY; /* its error waits for its turn */
    p->ended = true;
}

static bool can_begin(const pipeline *p)
{
    return p->begun < p->claimed && p->slots[p->begun % p->slot_count].stage == CLAIMED;
}

/* Under the lock, released while the sinks seal. The last who worked on a chunk ends it. */
static void leave(pipeline *p, slot *s, hra_run_facts *spent)
{
    if (--s->users > 0) return;
    if (s->code == HRA_OK && !s->skipped) {
        pthread_mutex_unlock(&p->lock);
        double since = hra_seconds();
        s->code = seal(p, s);
        spent->seconds_prepare += lap(&since);
        pthread_mutex_lock(&p->lock);
    }
    if (s->has_chunk && p->settles) give_back(p, s);
    if (s->code != HRA_OK) p->ended = true;
    s->stage = READY;
}

/* Under the lock, released while the chunk is worked on. */
static void begin(pipeline *p, worker *w, hra_run_facts *spent)
{
    slot *s = &p->slots[p->begun++ % p->slot_count];
    s->stage = WORKING;
    pthread_mutex_unlock(&p->lock);
    work(p, s, w, spent);
    pthread_mutex_lock(&p->lock);
    s->users = 1;
    if (p->helps) pthread_cond_broadcast(&p->changed);
    work_on_pieces(p, s, w, spent);
    leave(p, s, spent);
}

/* A chunk of another thread with pieces that nobody has begun with; NULL: none. */
static slot *to_help(const pipeline *p)
{
    for (int64_t k = p->committed; p->helps && k < p->begun; k++) {
        slot *s = &p->slots[k % p->slot_count];
        if (s->stage == WORKING && s->users > 0 && s->code == HRA_OK && s->next_row < s->chunk.rows) return s;
    }
    return NULL;
}

static void help(pipeline *p, slot *s, worker *w, hra_run_facts *spent)
{
    s->users++;
    work_on_pieces(p, s, w, spent);
    leave(p, s, spent);
}

/* ---- committing ---------------------------------------------------------------------------- */

static void show_progress(pipeline *p, bool last)
{
    if (!p->options->progress) return;
    double time = hra_seconds();
    if (!last && time - p->progress_shown < 0.1) return;
    p->progress_shown = time;
    hra_progress progress = {.rows_done = p->next_row,
                             .rows_total = p->source->rows,
                             .bytes_done = p->source->bytes_done ? p->source->bytes_done(p->source) : -1,
                             .bytes_total = p->source->bytes,
                             .seconds = time - p->started};
    p->options->progress(p->options->progress_context, &progress);
}

/* Hands the chunk to every sink; what no sink took is discarded. */
static hra_code commit_sinks(pipeline *p, slot *s)
{
    int taken = 0;
    hra_code code = s->code;
    for (; code == HRA_OK && taken < p->sink_count; taken++) {
        hra_sink *sink = p->sinks[taken];
        if (sink->commit) code = sink->commit(sink, &s->chunk, s->results, s->prepared[taken], &s->error);
    }
    for (int k = taken; k < p->sink_count; k++)
        if (s->prepared[k] && p->sinks[k]->discard) p->sinks[k]->discard(p->sinks[k], s->prepared[k]);
    return code;
}

static hra_code commit_chunk(pipeline *p, slot *s)
{
    if (s->has_chunk && s->chunk.first_row < 0) s->chunk.first_row = p->next_row;
    hra_code code = s->skipped ? s->code : commit_sinks(p, s);
    if (code == HRA_OK) {
        p->next_row = s->chunk.first_row + s->chunk.rows;
        p->facts->rows_scored += s->skipped ? 0 : s->chunk.rows;
        p->facts->rows_rejected += s->skipped ? 0 : s->chunk.rejected;
        p->facts->chunks += !s->skipped;
        show_progress(p, false);
    }
    if (s->has_chunk && !p->settles) p->source->release(p->source, &s->chunk);
    return code;
}

static bool can_commit(const pipeline *p)
{
    return !p->committing && p->committed < p->claimed && p->slots[p->committed % p->slot_count].stage == READY;
}

/* Under the lock, released while the sinks write. After an error later chunks are only given back. */
static void commit(pipeline *p, hra_run_facts *spent)
{
    slot *s = &p->slots[p->committed % p->slot_count];
    p->committing = true;
    bool lost = p->code != HRA_OK;
    pthread_mutex_unlock(&p->lock);
    double since = hra_seconds();
    if (lost) s->code = p->code;
    hra_code code = commit_chunk(p, s);
    spent->seconds_commit += lap(&since);
    pthread_mutex_lock(&p->lock);
    if (code != HRA_OK && !lost) {
        p->code = code;
        p->error = s->error;
        p->ended = true;
    }
    s->stage = FREE;
    p->committed++;
    p->committing = false;
}

/* ---- threads ------------------------------------------------------------------------------- */

static void run_thread(pipeline *p, worker *w)
{
    hra_run_facts spent = {0};
    pthread_mutex_lock(&p->lock);
    for (;;) {
        if (can_commit(p)) {
            commit(p, &spent);
        } else if (can_claim(p)) {
            claim(p, &spent);
        } else if (can_begin(p)) {
            begin(p, w, &spent);
        } else if (to_help(p)) {
            help(p, to_help(p), w, &spent);
        } else if (p->ended && !p->claiming && p->claimed == p->committed) {
            break;
        } else {
            pthread_cond_wait(&p->changed, &p->lock);
            continue;
        }
        pthread_cond_broadcast(&p->changed);
    }
    p->facts->seconds_claim += spent.seconds_claim;
    p->facts->seconds_fill += spent.seconds_fill;
    p->facts->seconds_score += spent.seconds_score;
    p->facts->seconds_prepare += spent.seconds_prepare;
    p->facts->seconds_commit += spent.seconds_commit;
    pthread_mutex_unlock(&p->lock);
}

/* Each thread makes its own workspace: by then the others are at work. */
static void begin_thread(void *context, int thread)
{
    pipeline *p = context;
    worker w = {.workspace = p->program ? hra_workspace_new(p->program) : NULL, .thread = thread};
    if (w.workspace || !p->program) {
        run_thread(p, &w);
    } else {
        pthread_mutex_lock(&p->lock);
        if (p->code == HRA_OK) p->code = hra_fail(&p->error, HRA_ENOMEM, "out of memory for thread %d", thread + 1);
        p->ended = true;
        pthread_cond_broadcast(&p->changed);
        pthread_mutex_unlock(&p->lock);
    }
    free(w.codes.bytes);
    hra_workspace_free(w.workspace);
}

static bool add_slots(pipeline *p, int threads)
{
    p->piece_results = calloc((size_t)threads, sizeof(hra_results *));
    if (!p->piece_results) return false;
    p->slots = calloc((size_t)p->slot_count, sizeof *p->slots);
    for (int k = 0; p->slots && k < p->slot_count; k++) {
        slot *s = &p->slots[k];
        s->prepared = calloc((size_t)p->sink_count + 1, sizeof *s->prepared);
        if (!s->prepared) return false;
    }
    return p->slots != NULL;
}

static void free_slots(pipeline *p, int threads)
{
    for (int t = 0; p->piece_results && t < threads; t++) hra_results_free(p->piece_results[t]);
    free(p->piece_results);
    for (int k = 0; p->slots && k < p->slot_count; k++) {
        free(p->slots[k].prepared);
        hra_results_free(p->slots[k].results);
    }
    free(p->slots);
}

static hra_code run(pipeline *p, int threads, hra_error *error)
{
    if (!add_slots(p, threads)) {
        p->code = hra_fail(&p->error, HRA_ENOMEM, "out of memory for %d threads", threads);
    } else {
        hra_team_run(threads, begin_thread, p);
        if (p->code == HRA_OK) show_progress(p, true);
        if (p->code == HRA_OK && p->interrupted)
            p->code = hra_fail(&p->error, HRA_EINTERRUPTED, "stopped after %lld rows", (long long)p->next_row);
    }
    if (p->code != HRA_OK && error) *error = p->error;
    return p->code;
}

static bool commits(const pipeline *p)
{
    for (int k = 0; k < p->sink_count; k++)
        if (p->sinks[k]->commit) return true;
    return false;
}

/* Each thread can read a chunk of its own and score it in pieces that stay in its cache, if all sinks take pieces. Few
 * chunks that are committed are shared by all threads, so that none of them waits for the last; they must have the same
 * numbers with any number of threads, as a run may be resumed with another. */
static bool in_pieces(const pipeline *p)
{
    if (!p->program || p->sink_count == 0) return false;
    for (int k = 0; k < p->sink_count; k++)
        if (p->sinks[k]->commit && !p->sinks[k]->seal) return false;
    return !commits(p) || p->source->rows < 0 || p->source->rows >= FEW_CHUNKS * HRA_CHUNK_ROWS;
}

static bool settles(const pipeline *p)
{
    for (int k = 0; k < p->sink_count; k++)
        if (p->sinks[k]->commit && !p->sinks[k]->settles) return false;
    return true;
}

static int slice_rows(const pipeline *p, bool pieces)
{
    size_t row_bytes = p->program ? hra_program_row_bytes(p->program) : 0;
    if (p->options->slice_rows > 0) return p->options->slice_rows;
    return pieces ? hra_slice_rows_cached(row_bytes) : hra_slice_rows(row_bytes);
}

/* Reads what the program reads unless the caller has said otherwise, in slices if the results are wide. */
static hra_code run_source(pipeline *p, int threads, hra_error *error)
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
    if (code == HRA_OK) code = run(p, threads, error);
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
    pipeline p = {.source = source,
                  .program = program,
                  .sinks = sinks,
                  .sink_count = sink_count,
                  .options = options ? options : &defaults,
                  .facts = facts,
                  .started = hra_seconds()};
    int threads = p.options->threads > 0 ? p.options->threads : omp_get_num_procs();
    p.ahead = threads > 1 ? source->claims_ahead : 0;
    p.slot_count = threads + 2 + p.ahead + (p.ahead && !program ? SMALL_CHUNKS : 0);
    pthread_mutex_init(&p.lock, NULL);
    pthread_cond_init(&p.changed, NULL);
    hra_code code = run_source(&p, threads, error);
    pthread_cond_destroy(&p.changed);
    pthread_mutex_destroy(&p.lock);
    free_slots(&p, threads);
    facts->bytes_read = source->bytes_done ? source->bytes_done(source) : -1;
    facts->seconds_wall = hra_seconds() - p.started;
    return code;
}
