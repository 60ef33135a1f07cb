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
#include "engine/run/pipeline.h"

#include <stdlib.h>
#include <string.h>

#include "base/team.h"

/* Under the lock, released for every piece. */
static void work_on_pieces(hra_pipeline *p, hra_slot *s, hra_worker *w, hra_run_facts *spent)
{
    while (s->code == HRA_OK && s->next_row < s->chunk.rows) {
        hra_error error = {0};
        int row = s->next_row;
        s->next_row += p->piece_rows;
        pthread_mutex_unlock(&p->lock);
        hra_code code = hra_work_piece(p, s, row, w, spent, &error);
        pthread_mutex_lock(&p->lock);
        if (code == HRA_OK || (s->code != HRA_OK && s->failed_row < row)) continue;
        s->code = code;
        s->error = error;
        s->failed_row = row;
    }
}

/* Under the lock. The numbers of the chunk stay. */
static void give_back(const hra_pipeline *p, hra_slot *s)
{
    hra_chunk numbers = {.sequence = s->chunk.sequence,
                         .first_row = s->chunk.first_row,
                         .rows = s->chunk.rows,
                         .rejected = s->chunk.rejected};
    p->source->release(p->source, &s->chunk);
    s->chunk = numbers;
}

/* ---- claiming -------------------------------------------------------------------------- */

static bool stop_asked(const hra_pipeline *p) { return p->options->stop && *p->options->stop; }

static bool can_claim(const hra_pipeline *p)
{
    return !p->claiming && !p->ended && p->claimed - p->committed < p->slot_count && p->claimed - p->begun <= p->ahead;
}

/* Under the lock, released while the source is asked. */
static void claim(hra_pipeline *p, hra_run_facts *spent)
{
    if (stop_asked(p)) {
        p->ended = p->interrupted = true;
        return;
    }
    hra_slot *s = &p->slots[p->claimed % p->slot_count];
    p->claiming = true;
    pthread_mutex_unlock(&p->lock);
    double since = hra_seconds();
    hra_error error = {0};
    hra_code code = p->source->claim(p->source, &s->sequence, &s->ticket, &error);
    spent->seconds_claim += hra_lap(&since);
    pthread_mutex_lock(&p->lock);
    p->claiming = false;
    if (code == HRA_OK && s->sequence < 0) {
        p->ended = true;
        return;
    }
    s->stage = HRA_SLOT_CLAIMED;
    s->has_chunk = s->skipped = false;
    s->users = 0;
    memset(s->prepared, 0, (size_t)p->sink_count * sizeof *s->prepared);
    s->code = code;
    s->error = error;
    p->claimed++;
    if (code == HRA_OK) return;
    s->stage = HRA_SLOT_READY; /* its error waits for its turn */
    p->ended = true;
}

static bool can_begin(const hra_pipeline *p)
{
    return p->begun < p->claimed && p->slots[p->begun % p->slot_count].stage == HRA_SLOT_CLAIMED;
}

/* Under the lock, released while the sinks seal. The last who worked on a chunk ends it. */
static void leave(hra_pipeline *p, hra_slot *s, hra_run_facts *spent)
{
    if (--s->users > 0) return;
    if (s->code == HRA_OK && !s->skipped) {
        pthread_mutex_unlock(&p->lock);
        s->code = hra_work_seal(p, s, spent);
        pthread_mutex_lock(&p->lock);
    }
    if (s->has_chunk && p->settles) give_back(p, s);
    if (s->code != HRA_OK) p->ended = true;
    s->stage = HRA_SLOT_READY;
}

/* Under the lock, released while the chunk is worked on. */
static void begin(hra_pipeline *p, hra_worker *w, hra_run_facts *spent)
{
    hra_slot *s = &p->slots[p->begun++ % p->slot_count];
    s->stage = HRA_SLOT_WORKING;
    pthread_mutex_unlock(&p->lock);
    hra_work_begin(p, s, w, spent);
    pthread_mutex_lock(&p->lock);
    s->users = 1;
    if (p->helps) pthread_cond_broadcast(&p->changed);
    work_on_pieces(p, s, w, spent);
    leave(p, s, spent);
}

/* A chunk of another thread with pieces that nobody has begun with; NULL: none. */
static hra_slot *to_help(const hra_pipeline *p)
{
    for (int64_t k = p->committed; p->helps && k < p->begun; k++) {
        hra_slot *s = &p->slots[k % p->slot_count];
        if (s->stage == HRA_SLOT_WORKING && s->users > 0 && s->code == HRA_OK && s->next_row < s->chunk.rows) return s;
    }
    return NULL;
}

static void help(hra_pipeline *p, hra_slot *s, hra_worker *w, hra_run_facts *spent)
{
    s->users++;
    work_on_pieces(p, s, w, spent);
    leave(p, s, spent);
}

/* ---- committing ---------------------------------------------------------------------------- */

static void show_progress(hra_pipeline *p, bool last)
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
static hra_code commit_sinks(hra_pipeline *p, hra_slot *s)
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

static hra_code commit_chunk(hra_pipeline *p, hra_slot *s)
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

static bool can_commit(const hra_pipeline *p)
{
    return !p->committing && p->committed < p->claimed &&
           p->slots[p->committed % p->slot_count].stage == HRA_SLOT_READY;
}

/* Under the lock, released while the sinks write. After an error later chunks are only given back. */
static void commit(hra_pipeline *p, hra_run_facts *spent)
{
    hra_slot *s = &p->slots[p->committed % p->slot_count];
    p->committing = true;
    bool lost = p->code != HRA_OK;
    pthread_mutex_unlock(&p->lock);
    double since = hra_seconds();
    if (lost) s->code = p->code;
    hra_code code = commit_chunk(p, s);
    spent->seconds_commit += hra_lap(&since);
    pthread_mutex_lock(&p->lock);
    if (code != HRA_OK && !lost) {
        p->code = code;
        p->error = s->error;
        p->ended = true;
    }
    s->stage = HRA_SLOT_FREE;
    p->committed++;
    p->committing = false;
}

/* ---- threads ------------------------------------------------------------------------------- */

static void run_thread(hra_pipeline *p, hra_worker *w)
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
    hra_pipeline *p = context;
    hra_worker w = {.workspace = p->program ? hra_workspace_new(p->program) : NULL, .thread = thread};
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

static bool add_slots(hra_pipeline *p, int threads)
{
    p->piece_results = calloc((size_t)threads, sizeof(hra_results *));
    if (!p->piece_results) return false;
    p->slots = calloc((size_t)p->slot_count, sizeof *p->slots);
    for (int k = 0; p->slots && k < p->slot_count; k++) {
        hra_slot *s = &p->slots[k];
        s->prepared = calloc((size_t)p->sink_count + 1, sizeof *s->prepared);
        if (!s->prepared) return false;
    }
    return p->slots != NULL;
}

static void free_slots(hra_pipeline *p, int threads)
{
    for (int t = 0; p->piece_results && t < threads; t++) hra_results_free(p->piece_results[t]);
    free(p->piece_results);
    for (int k = 0; p->slots && k < p->slot_count; k++) {
        free(p->slots[k].prepared);
        hra_results_free(p->slots[k].results);
    }
    free(p->slots);
}

hra_code hra_pipeline_run(hra_pipeline *p, int threads, hra_error *error)
{
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->changed, NULL);
    if (!add_slots(p, threads)) {
        p->code = hra_fail(&p->error, HRA_ENOMEM, "out of memory for %d threads", threads);
    } else {
        hra_team_run(threads, begin_thread, p);
        if (p->code == HRA_OK) show_progress(p, true);
        if (p->code == HRA_OK && p->interrupted)
            p->code = hra_fail(&p->error, HRA_EINTERRUPTED, "stopped after %lld rows", (long long)p->next_row);
    }
    free_slots(p, threads);
    pthread_cond_destroy(&p->changed);
    pthread_mutex_destroy(&p->lock);
    if (p->code != HRA_OK && error) *error = p->error;
    return p->code;
}
