/* The pipeline over a source in memory: order, rows, errors, stopping, resuming. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <time.h>

#include <cmocka.h>

#include "engine/run/runner.h"
#include "tests/differential/random_graph.h"

/* ---- a source that hands out slices of one set of people */

enum { ROWS = 20000, SLICE = 700, CHUNKS = (ROWS + SLICE - 1) / SLICE, SOME_ROWS_REJECTED = 3, WHOLE = HRA_CHUNK_ROWS };

typedef struct slices {
    hra_source base;
    const hra_chunk *all;
    int64_t next;
    int fail_claim, fail_fill; /* sequence, -1: never */
    bool knows_rows;           /* chunks come with the number of their first row */
    _Atomic int held, most_held;
} slices;

static hra_code slices_claim(hra_source *source, int64_t *sequence, void **ticket, hra_error *error)
{
    slices *s = (slices *)source;
    if (s->next == s->fail_claim) return hra_fail(error, HRA_EIO, "claim %lld", (long long)s->next);
    *sequence = s->next < CHUNKS ? s->next++ : -1;
    *ticket = s;
    return HRA_OK;
}

static hra_code slices_fill(hra_source *source, int64_t sequence, void *ticket, hra_chunk *chunk, hra_error *error)
{
    slices *s = (slices *)source;
    assert_ptr_equal(ticket, s);
    if (sequence >= s->fail_fill && s->fail_fill >= 0)
        return hra_fail(error, HRA_EINPUT, "fill %lld", (long long)sequence);
    int start = (int)sequence * SLICE, rows = ROWS - start < SLICE ? ROWS - start : SLICE;
    hra_codes *codes = calloc(RANDOM_COLUMNS, sizeof *codes);
    hra_exception *exceptions = calloc((size_t)s->all->exception_count + 1, sizeof *exceptions);
    assert_true(codes && exceptions);
    for (int c = 0; c < RANDOM_COLUMNS; c++) {
        codes[c] = s->all->columns[c];
        if (codes[c].u16) codes[c].u16 += start;
        if (codes[c].u32) codes[c].u32 += start;
    }
    for (int k = 0; k < s->all->exception_count; k++) {
        hra_exception e = s->all->exceptions[k];
        e.row -= start;
        if (e.row >= 0 && e.row < rows) exceptions[chunk->exception_count++] = e;
    }
    chunk->rows = rows;
    if (s->knows_rows) chunk->first_row = start;
    chunk->columns = codes;
    chunk->exceptions = exceptions;
    chunk->rejected = SOME_ROWS_REJECTED;
    int held = ++s->held;
    if (held > s->most_held) s->most_held = held;
    return HRA_OK;
}

static void slices_release(hra_source *source, hra_chunk *chunk)
{
    ((slices *)source)->held--;
    free(chunk->columns);
    free(chunk->exceptions);
}

static slices slices_over(const hra_schema *schema, const hra_chunk *all)
{
    return (slices){.base = {.schema = schema,
                             .rows = ROWS,
                             .bytes = -1,
                             .claim = slices_claim,
                             .fill = slices_fill,
                             .release = slices_release},
                    .all = all,
                    .fail_claim = -1,
                    .fail_fill = -1};
}

/* ---- a sink that keeps everything */

typedef struct keeper {
    hra_sink base;
    double *values; /* [output][row] */
    uint8_t *status;
    int64_t next_sequence, rows;
    int fail_at;      /* sequence, -1: never */
    bool any_numbers; /* sliced: sequence numbers are not those of the source */
    _Atomic int prepared, discarded;
    int committed;
} keeper;

static hra_code keeper_prepare(hra_sink *sink, int thread, const hra_chunk *chunk, const hra_results *results,
                               void **prepared, hra_error *error)
{
    int64_t *note = malloc(sizeof *note);
    assert_non_null(note);
    *note = chunk->sequence;
    *prepared = note;
    ((keeper *)sink)->prepared++;
    return HRA_OK;
}

static hra_code keeper_commit(hra_sink *sink, const hra_chunk *chunk, const hra_results *results, void *prepared,
                              hra_error *error)
{
    keeper *k = (keeper *)sink;
    assert_int_equal(*(int64_t *)prepared, chunk->sequence);
    free(prepared);
    k->committed++;
    if (!k->any_numbers) {
        assert_int_equal(chunk->sequence, k->next_sequence++);
        assert_int_equal(chunk->first_row, chunk->sequence * SLICE);
    }
    assert_int_equal(chunk->rows, results->rows);
    if (chunk->sequence == k->fail_at) return hra_fail(error, HRA_EIO, "commit %lld", (long long)chunk->sequence);
    for (int i = 0; k->values && i < results->output_count; i++) {
        size_t place = (size_t)i * ROWS + (size_t)chunk->first_row;
        hra_results_column(results, i, k->values + place);
        if (results->status[i]) memcpy(k->status + place, results->status[i], (size_t)results->rows);
    }
    k->rows += chunk->rows;
    return HRA_OK;
}

static void keeper_discard(hra_sink *sink, void *prepared)
{
    ((keeper *)sink)->discarded++;
    free(prepared);
}

static keeper keeper_new(void)
{
    return (keeper){.base = {.prepare = keeper_prepare, .commit = keeper_commit, .discard = keeper_discard},
                    .values = calloc((size_t)RANDOM_OUTPUTS * ROWS, sizeof(double)),
                    .status = calloc((size_t)RANDOM_OUTPUTS * ROWS, 1),
                    .fail_at = -1};
}

/* ---- the world of a test */

typedef struct world {
    random_columns columns;
    random_people people;
    random_graph graph;
    hra_program *program;
} world;

static int set_up(void **state)
{
    world *w = calloc(1, sizeof *w);
    random_state r = {99};
    random_columns_init(&w->columns);
    random_people_init(&w->people, &r, &w->columns.schema, ROWS, 1);
    random_graph_init(&w->graph, 7, 80, true);
    hra_error error;
    if (hra_program_compile(w->graph.graph, &w->columns.schema, w->graph.outputs, w->graph.output_count, NULL,
                            &w->program, &error) != HRA_OK)
        fail_msg("%s", error.message);
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    world *w = *state;
    hra_program_free(w->program);
    random_people_destroy(&w->people);
    hra_graph_free(w->graph.graph);
    free(w);
    return 0;
}

static void keeper_destroy(keeper *k)
{
    assert_int_equal(k->prepared, k->committed + k->discarded);
    free(k->values);
    free(k->status);
}

/* ---- tests */

static void test_results_do_not_depend_on_threads(void **state)
{
    world *w = *state;
    keeper first = keeper_new();
    for (int threads = 1; threads <= 5; threads += 2) {
        slices source = slices_over(&w->columns.schema, &w->people.chunk);
        keeper k = keeper_new();
        hra_sink *sinks[] = {&k.base};
        hra_run_facts facts;
        hra_error error;
        hra_run_options options = {.threads = threads, .slice_rows = WHOLE};
        if (hra_run(&source.base, w->program, sinks, 1, &options, &facts, &error) != HRA_OK)
            fail_msg("%s", error.message);
        assert_int_equal(k.rows, ROWS);
        assert_int_equal(facts.rows_scored, ROWS);
        assert_int_equal(facts.rows_rejected, CHUNKS * SOME_ROWS_REJECTED);
        assert_int_equal(facts.chunks, CHUNKS);
        assert_int_equal(source.held, 0);
        assert_in_range(source.most_held, 1, threads + 2);
        assert_null(source.base.wanted);
        if (threads == 1) {
            memcpy(first.values, k.values, sizeof(double) * RANDOM_OUTPUTS * ROWS);
            memcpy(first.status, k.status, (size_t)RANDOM_OUTPUTS * ROWS);
        }
        assert_memory_equal(first.values, k.values, sizeof(double) * RANDOM_OUTPUTS * ROWS);
        assert_memory_equal(first.status, k.status, (size_t)RANDOM_OUTPUTS * ROWS);
        keeper_destroy(&k);
    }
    keeper_destroy(&first);
}

/* Smaller pieces, the same results: also where chunks end inside a slice and slices lie behind the end of a chunk. */
static void test_slices_change_nothing(void **state)
{
    static const int sizes[] = {WHOLE, 512, 128};
    world *w = *state;
    keeper whole = keeper_new();
    for (int i = 0; i < 6; i++) {
        slices source = slices_over(&w->columns.schema, &w->people.chunk);
        keeper k = keeper_new();
        k.any_numbers = true;
        hra_sink *sinks[] = {&k.base};
        hra_run_facts facts;
        hra_run_options options = {.threads = 1 + i % 2 * 3, .slice_rows = sizes[i / 2]};
        assert_int_equal(hra_run(&source.base, w->program, sinks, 1, &options, &facts, NULL), HRA_OK);
        assert_int_equal(facts.rows_scored, ROWS);
        assert_int_equal(facts.rows_rejected, CHUNKS * SOME_ROWS_REJECTED);
        assert_int_equal(source.held, 0);
        if (i == 0) {
            memcpy(whole.values, k.values, sizeof(double) * RANDOM_OUTPUTS * ROWS);
            memcpy(whole.status, k.status, (size_t)RANDOM_OUTPUTS * ROWS);
        }
        assert_memory_equal(whole.values, k.values, sizeof(double) * RANDOM_OUTPUTS * ROWS);
        assert_memory_equal(whole.status, k.status, (size_t)RANDOM_OUTPUTS * ROWS);
        keeper_destroy(&k);
    }
    keeper_destroy(&whole);
}

/* An error or a stop in the middle of a chunk leaves nothing behind. */
static void test_slices_end_early(void **state)
{
    world *w = *state;
    for (int fill = -1; fill <= 3; fill += 4) {
        slices source = slices_over(&w->columns.schema, &w->people.chunk);
        source.fail_fill = fill;
        keeper k = keeper_new();
        k.any_numbers = true;
        k.fail_at = fill < 0 ? 514 : -1; /* in the second chunk */
        hra_sink *sinks[] = {&k.base};
        hra_error error = {0};
        hra_run_options options = {.threads = 3, .slice_rows = 128};
        assert_int_not_equal(hra_run(&source.base, w->program, sinks, 1, &options, NULL, &error), HRA_OK);
        assert_string_equal(error.message, fill < 0 ? "commit 514" : "fill 3");
        assert_int_equal(source.held, 0);
        keeper_destroy(&k);
    }
}

/* A sink that commits nothing is given pieces, in any order. */
typedef struct gatherer {
    hra_sink base;
    keeper *into;
    int most_rows, fail_at; /* first row, -1: never */
} gatherer;

static hra_code gather_piece(hra_sink *sink, int thread, const hra_chunk *chunk, const hra_results *results,
                             void **prepared, hra_error *error)
{
    gatherer *g = (gatherer *)sink;
    if (chunk->first_row == g->fail_at) return hra_fail(error, HRA_EIO, "piece %d", g->fail_at);
    assert_in_range(chunk->rows, 1, g->most_rows);
    assert_int_equal(chunk->rows, results->rows);
    for (int i = 0; i < results->output_count; i++) {
        size_t place = (size_t)i * ROWS + (size_t)chunk->first_row;
        hra_results_column(results, i, g->into->values + place);
        if (results->status[i]) memcpy(g->into->status + place, results->status[i], (size_t)results->rows);
    }
    return HRA_OK;
}

static void test_pieces_change_nothing(void **state)
{
    world *w = *state;
    slices source = slices_over(&w->columns.schema, &w->people.chunk);
    keeper whole = keeper_new();
    hra_sink *sinks[] = {&whole.base};
    hra_run_options options = {.threads = 1, .slice_rows = WHOLE};
    assert_int_equal(hra_run(&source.base, w->program, sinks, 1, &options, NULL, NULL), HRA_OK);
    for (int threads = 1; threads <= 4; threads += 3) {
        source = slices_over(&w->columns.schema, &w->people.chunk);
        source.knows_rows = true;
        source.base.rows = -1; /* it may be long */
        keeper k = keeper_new();
        gatherer g = {.base.prepare = gather_piece, .into = &k, .most_rows = 128, .fail_at = -1};
        hra_run_facts facts;
        options = (hra_run_options){.threads = threads, .slice_rows = 128};
        sinks[0] = &g.base;
        assert_int_equal(hra_run(&source.base, w->program, sinks, 1, &options, &facts, NULL), HRA_OK);
        assert_int_equal(facts.rows_scored, ROWS);
        assert_int_equal(facts.rows_rejected, CHUNKS * SOME_ROWS_REJECTED);
        assert_int_equal(facts.chunks, CHUNKS); /* of the source */
        assert_int_equal(source.held, 0);
        assert_memory_equal(whole.values, k.values, sizeof(double) * RANDOM_OUTPUTS * ROWS);
        assert_memory_equal(whole.status, k.status, (size_t)RANDOM_OUTPUTS * ROWS);
        g.fail_at = 3 * SLICE + 256;
        source.next = 0;
        hra_error error = {0};
        assert_int_equal(hra_run(&source.base, w->program, sinks, 1, &options, &facts, &error), HRA_EIO);
        assert_string_equal(error.message, "piece 2356");
        assert_int_equal(facts.chunks, 3);
        assert_int_equal(source.held, 0);
        keeper_destroy(&k);
    }
    keeper_destroy(&whole);
}

/* A sink whose first two calls wait for each other. */
typedef struct meeting {
    hra_sink base;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int calls, threads[2], rows;
} meeting;

static hra_code meet(hra_sink *sink, int thread, const hra_chunk *chunk, const hra_results *results, void **prepared,
                     hra_error *error)
{
    meeting *m = (meeting *)sink;
    struct timespec end;
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += 30; /* by then nobody comes */
    *prepared = NULL; /* each call has a place of its own: the thread sanitizer looks */
    pthread_mutex_lock(&m->lock);
    m->rows += chunk->rows;
    if (m->calls < 2) m->threads[m->calls] = thread;
    m->calls++;
    pthread_cond_broadcast(&m->changed);
    while (m->calls < 2)
        if (pthread_cond_timedwait(&m->changed, &m->lock, &end) != 0) break;
    bool met = m->calls > 1;
    pthread_mutex_unlock(&m->lock);
    return met ? HRA_OK : hra_fail(error, HRA_EIO, "nobody came");
}

/* The only chunk is shared by the threads. */
static void test_threads_help_with_the_last_chunk(void **state)
{
    world *w = *state;
    slices source = slices_over(&w->columns.schema, &w->people.chunk);
    source.next = CHUNKS - 1;
    source.knows_rows = true;
    meeting m = {.base.prepare = meet, .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
    hra_sink *sinks[] = {&m.base};
    hra_run_facts facts;
    hra_error error = {0};
    hra_run_options options = {.threads = 2, .slice_rows = 128};
    if (hra_run(&source.base, w->program, sinks, 1, &options, &facts, &error) != HRA_OK) fail_msg("%s", error.message);
    assert_int_not_equal(m.threads[0], m.threads[1]);
    assert_int_equal(m.rows, ROWS - (CHUNKS - 1) * SLICE);
    assert_int_equal(facts.rows_scored, m.rows);
    assert_int_equal(facts.chunks, 1);
    assert_int_equal(source.held, 0);
}

/* What a sink that seals has gathered of a chunk. */
typedef struct gathered {
    int thread, rows;
    bool sealed;
} gathered;

static hra_code sealed_prepare(hra_sink *sink, int thread, const hra_chunk *chunk, const hra_results *results,
                               void **prepared, hra_error *error)
{
    gatherer *g = (gatherer *)sink;
    gathered *of = *prepared;
    if (!of) {
        of = calloc(1, sizeof *of);
        assert_non_null(of);
        of->thread = thread;
        g->into->prepared++;
    }
    *prepared = of;
    assert_int_equal(of->thread, thread);
    assert_int_equal(of->rows, chunk->first_row % SLICE); /* in order */
    assert_false(of->sealed);
    of->rows += chunk->rows;
    void *nothing = NULL;
    return gather_piece(sink, thread, chunk, results, &nothing, error);
}

static hra_code sealed_seal(hra_sink *sink, const hra_chunk *chunk, void **prepared, hra_error *error)
{
    gathered *of = *prepared;
    assert_int_equal(of->rows, chunk->rows);
    of->sealed = true;
    return HRA_OK;
}

static hra_code sealed_commit(hra_sink *sink, const hra_chunk *chunk, const hra_results *results, void *prepared,
                              hra_error *error)
{
    keeper *k = ((gatherer *)sink)->into;
    assert_null(results);
    assert_true((chunk->columns == NULL) == sink->settles); /* given back before */
    assert_int_equal(chunk->rows, ((gathered *)prepared)->rows);
    assert_int_equal(chunk->first_row, chunk->sequence * SLICE);
    assert_true(((gathered *)prepared)->sealed);
    free(prepared);
    k->committed++;
    assert_int_equal(chunk->sequence, k->next_sequence++);
    if (chunk->sequence == k->fail_at) return hra_fail(error, HRA_EIO, "commit %d", k->fail_at);
    return HRA_OK;
}

static void sealed_discard(hra_sink *sink, void *prepared)
{
    ((gatherer *)sink)->into->discarded++;
    free(prepared);
}

static void run_sealed(world *w, int threads, int fail, bool settles)
{
    slices source = slices_over(&w->columns.schema, &w->people.chunk);
    source.knows_rows = true;
    source.base.rows = CHUNKS * (int64_t)HRA_CHUNK_ROWS; /* enough chunks for any number of threads */
    keeper k = keeper_new();
    k.fail_at = fail;
    gatherer g = {.base = {.prepare = sealed_prepare,
                           .commit = sealed_commit,
                           .discard = sealed_discard,
                           .seal = sealed_seal,
                           .settles = settles},
                  .into = &k,
                  .most_rows = 128,
                  .fail_at = -1};
    hra_sink *sinks[] = {&g.base};
    hra_run_options options = {.threads = threads, .slice_rows = 128};
    hra_error error = {0};
    assert_int_equal(hra_run(&source.base, w->program, sinks, 1, &options, NULL, &error), fail < 0 ? HRA_OK : HRA_EIO);
    assert_int_equal(k.committed, fail < 0 ? CHUNKS : fail + 1);
    assert_int_equal(k.committed + k.discarded, k.prepared);
    assert_int_equal(source.held, 0);
    assert_in_range(source.most_held, 1, settles ? threads : threads + 2);
    keeper_destroy(&k);
}

/* A sink that seals gets pieces too, and commits in order; beside one that does not, whole chunks. */
static void test_sealed_pieces(void **state)
{
    for (int threads = 1; threads <= 4; threads += 3)
        for (int fail = -1; fail <= 9; fail += 10) {
            run_sealed(*state, threads, fail, false);
            run_sealed(*state, threads, fail, true);
        }
}

/* The first error in the order of the input is reported, whoever met one first in time. */
static void expect_error(world *w, int fail_claim, int fail_fill, int fail_commit, hra_code code, const char *message,
                         int committed)
{
    for (int threads = 1; threads <= 4; threads++) {
        slices source = slices_over(&w->columns.schema, &w->people.chunk);
        source.fail_claim = fail_claim;
        source.fail_fill = fail_fill;
        keeper k = keeper_new();
        k.fail_at = fail_commit;
        hra_sink *sinks[] = {&k.base};
        hra_error error = {0};
        assert_int_equal(hra_run(&source.base, w->program, sinks, 1,
                                 &(hra_run_options){.threads = threads, .slice_rows = WHOLE}, NULL, &error),
                         code);
        assert_string_equal(error.message, message);
        assert_int_equal(k.committed, committed);
        assert_int_equal(source.held, 0);
        keeper_destroy(&k);
    }
}

static void test_errors_stop_the_run_in_order(void **state)
{
    expect_error(*state, 5, -1, -1, HRA_EIO, "claim 5", 5);
    expect_error(*state, -1, 7, -1, HRA_EINPUT, "fill 7", 7);
    expect_error(*state, -1, -1, 6, HRA_EIO, "commit 6", 7);
    expect_error(*state, 9, 4, -1, HRA_EINPUT, "fill 4", 4);
    expect_error(*state, 0, -1, -1, HRA_EIO, "claim 0", 0);
}

typedef struct stopper {
    volatile int stop;
    int calls;
    int64_t last;
} stopper;

static void stop_half_way(void *context, const hra_progress *progress)
{
    stopper *s = context;
    s->calls++;
    s->last = progress->rows_done;
    s->stop = 1;
}

static void test_stopping(void **state)
{
    world *w = *state;
    slices source = slices_over(&w->columns.schema, &w->people.chunk);
    keeper k = keeper_new();
    hra_sink *sinks[] = {&k.base};
    hra_error error = {0};
    stopper s = {.stop = 1};
    assert_int_equal(hra_run(&source.base, w->program, sinks, 1,
                             &(hra_run_options){.threads = 2, .slice_rows = WHOLE, .stop = &s.stop}, NULL, &error),
                     HRA_EINTERRUPTED);
    assert_int_equal(k.rows, 0);
    keeper_destroy(&k);
}

static void test_progress_ends_complete(void **state)
{
    world *w = *state;
    slices source = slices_over(&w->columns.schema, &w->people.chunk);
    keeper k = keeper_new();
    hra_sink *sinks[] = {&k.base};
    stopper s = {0};
    hra_run_options options = {.threads = 2, .slice_rows = WHOLE, .progress = stop_half_way, .progress_context = &s};
    assert_int_equal(hra_run(&source.base, w->program, sinks, 1, &options, NULL, NULL), HRA_OK);
    assert_true(s.calls >= 1);
    assert_int_equal(s.last, ROWS);
    keeper_destroy(&k);
}

static void test_resuming_skips_and_numbers_on(void **state)
{
    world *w = *state;
    slices source = slices_over(&w->columns.schema, &w->people.chunk);
    keeper k = keeper_new();
    k.next_sequence = 4;
    hra_sink *sinks[] = {&k.base};
    hra_run_facts facts;
    hra_run_options options = {.threads = 3, .slice_rows = WHOLE, .first_sequence = 4};
    assert_int_equal(hra_run(&source.base, w->program, sinks, 1, &options, &facts, NULL), HRA_OK);
    assert_int_equal(facts.rows_scored, ROWS - 4 * SLICE);
    assert_int_equal(k.rows, ROWS - 4 * SLICE);
    keeper_destroy(&k);
}

static void test_without_program_or_sinks(void **state)
{
    world *w = *state;
    slices source = slices_over(&w->columns.schema, &w->people.chunk);
    hra_run_facts facts;
    assert_int_equal(hra_run(&source.base, NULL, NULL, 0, NULL, &facts, NULL), HRA_OK);
    assert_int_equal(facts.rows_scored, ROWS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_results_do_not_depend_on_threads),
        cmocka_unit_test(test_slices_change_nothing),
        cmocka_unit_test(test_pieces_change_nothing),
        cmocka_unit_test(test_threads_help_with_the_last_chunk),
        cmocka_unit_test(test_sealed_pieces),
        cmocka_unit_test(test_slices_end_early),
        cmocka_unit_test(test_errors_stop_the_run_in_order),
        cmocka_unit_test(test_stopping),
        cmocka_unit_test(test_progress_ends_complete),
        cmocka_unit_test(test_resuming_skips_and_numbers_on),
        cmocka_unit_test(test_without_program_or_sinks),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
