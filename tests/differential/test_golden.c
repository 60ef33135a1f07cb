/* The same bits everywhere, and the same as yesterday: the results of generated
 * people, hashed column by column, for every instruction set, number of threads,
 * block, chunk and slice size, in one file or in shards. The hashes of the models
 * are kept in tests/golden/results.txt, so that a changed last bit fails; with
 * HRA_GOLDEN=write they are written anew, where definitions or the generator were
 * meant to change. What factors, tiers and prescriptions say changes more often and
 * is compared between the runs alone. HRA_GOLDEN=short: half of the ways to run, where a
 * machine is emulated. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include "engine/kernels/isa.h"
#include "engine/language/plan.h"
#include "engine/run/runner.h"
#include "engine/summary/group_summary.h"
#include "generate/generate.h"

enum { PEOPLE = 2500, HASH = 12, MODELS_MAX = 400 };

/* ---- people in memory, handed out in chunks of any size ------------------------------ */

static hra_library *library;
static hra_source *generator;
static hra_chunk everybody;
static hra_exception *exceptions;
static int exception_count, group_label;

typedef struct rows_source {
    hra_source base;
    int next, start, end, chunk_rows;
} rows_source;

static hra_code rows_claim(hra_source *source, int64_t *sequence, void **ticket, hra_error *error)
{
    rows_source *s = (rows_source *)source;
    bool over = s->start + s->next * s->chunk_rows >= s->end;
    *sequence = over ? -1 : s->next++;
    return HRA_OK;
}

static hra_code rows_fill(hra_source *source, int64_t sequence, void *ticket, hra_chunk *chunk, hra_error *error)
{
    rows_source *s = (rows_source *)source;
    const hra_schema *schema = source->schema;
    int start = s->start + (int)sequence * s->chunk_rows, left = s->end - start;
    chunk->rows = left < s->chunk_rows ? left : s->chunk_rows;
    chunk->columns = calloc((size_t)schema->column_count + 1, sizeof *chunk->columns);
    chunk->labels = calloc((size_t)schema->label_count + 1, sizeof *chunk->labels);
    chunk->exceptions = calloc((size_t)exception_count + 1, sizeof *chunk->exceptions);
    assert_true(chunk->columns && chunk->labels && chunk->exceptions);
    for (int c = 0; c < schema->column_count; c++) {
        chunk->columns[c] = everybody.columns[c];
        if (chunk->columns[c].u16) chunk->columns[c].u16 += start;
        if (chunk->columns[c].u32) chunk->columns[c].u32 += start;
    }
    for (int l = 0; l < schema->label_count; l++) {
        chunk->labels[l] = everybody.labels[l];
        chunk->labels[l].index += start;
    }
    for (int k = 0; k < exception_count; k++) {
        hra_exception e = exceptions[k];
        e.row -= start;
        if (e.row >= 0 && e.row < chunk->rows) chunk->exceptions[chunk->exception_count++] = e;
    }
    return HRA_OK;
}

static void rows_release(hra_source *source, hra_chunk *chunk)
{
    free(chunk->columns);
    free(chunk->labels);
    free(chunk->exceptions);
}

static rows_source rows_between(int start, int end, int chunk_rows)
{
    return (rows_source){.base = {.schema = generator->schema,
                                  .rows = end - start,
                                  .bytes = -1,
                                  .claim = rows_claim,
                                  .fill = rows_fill,
                                  .release = rows_release},
                         .start = start,
                         .end = end,
                         .chunk_rows = chunk_rows};
}

/* Pressures and weights with more decimals than the column keeps, in one of 37 people. */
static void add_exceptions(void)
{
    static const char *const names[] = {"sbp", "weight", "glucose_fasting"};
    const hra_dictionary *dictionary = hra_library_dictionary(library);
    exceptions = calloc(PEOPLE, sizeof *exceptions);
    assert_non_null(exceptions);
    for (int row = 0; row < PEOPLE; row += 37) {
        int variable = hra_dictionary_find(dictionary, names[row / 37 % 3]);
        int c = hra_schema_find(generator->schema, variable, NULL);
        assert_true(c >= 0 && everybody.columns[c].u16);
        const hra_column *column = &generator->schema->columns[c];
        uint16_t *code = (uint16_t *)everybody.columns[c].u16 + row;
        if (*code >= column->levels) continue;
        double value = hra_column_value(column, *code) + 0.0123;
        exceptions[exception_count++] = (hra_exception){row, c, value};
        *code = (uint16_t)hra_column_escape(column);
    }
}

static int set_up(void **state)
{
    hra_error error = {0};
    hra_diagnostics *diagnostics = hra_diagnostics_new();
    library = hra_library_new();
    hra_code code = hra_library_add_builtin(library, diagnostics, &error);
    if (code == HRA_OK)
        code = hra_library_add_file(library, HRA_SOURCE_DIR "/bench/ten_models.hra", diagnostics, &error);
    if (code == HRA_OK) code = hra_library_check(library, diagnostics, &error);
    hra_diagnostics_free(diagnostics);
    hra_generate_options options = {.seed = 20, .rows = PEOPLE, .groups = 7, .without_keys = true};
    if (code == HRA_OK) code = hra_generate_open(hra_library_dictionary(library), &options, &generator, &error);
    int64_t sequence;
    void *ticket;
    if (code == HRA_OK) code = generator->claim(generator, &sequence, &ticket, &error);
    if (code == HRA_OK) code = generator->fill(generator, sequence, ticket, &everybody, &error);
    if (code != HRA_OK) {
        fprintf(stderr, "%s\n", error.message);
        return -1;
    }
    assert_int_equal(everybody.rows, PEOPLE);
    group_label = -1;
    for (int l = 0; l < generator->schema->label_count; l++) {
        int variable = generator->schema->labels[l];
        if (strcmp(hra_dictionary_at(hra_library_dictionary(library), variable)->name, "group_id") == 0)
            group_label = l;
    }
    assert_true(group_label >= 0);
    add_exceptions();
    return 0;
}

static int tear_down(void **state)
{
    free(exceptions);
    generator->release(generator, &everybody);
    generator->close(generator);
    hra_library_free(library);
    return 0;
}

/* ---- hashes ------------------------------------------------------------------------------ */

typedef struct hashes {
    int outputs;
    unsigned char (*value)[HASH], (*status)[HASH]; /* of every output */
    unsigned char groups[HASH];
} hashes;

static hashes hashes_new(int outputs)
{
    hashes h = {.outputs = outputs, .value = calloc((size_t)outputs, HASH), .status = calloc((size_t)outputs, HASH)};
    assert_true(h.value && h.status);
    return h;
}

static void hashes_free(hashes *h)
{
    free(h->value);
    free(h->status);
}

/* A sink that keeps every column, to be hashed when all is there. */
typedef struct keeper {
    hra_sink base;
    int outputs, rows;
    double *values; /* [output][PEOPLE] */
    uint8_t *status;
} keeper;

static hra_code keep(hra_sink *sink, const hra_chunk *chunk, const hra_results *results, void *prepared,
                     hra_error *error)
{
    keeper *k = (keeper *)sink;
    assert_in_range(k->rows + results->rows, 0, PEOPLE);
    for (int i = 0; i < k->outputs; i++) {
        size_t at = (size_t)i * PEOPLE + (size_t)k->rows, rows = (size_t)results->rows;
        hra_results_column(results, i, k->values + at);
        if (results->status[i]) memcpy(k->status + at, results->status[i], rows);
    }
    k->rows += results->rows;
    return HRA_OK;
}

static void hash_of(unsigned char hash[HASH], const void *bytes, size_t count)
{
    unsigned char whole[crypto_generichash_BYTES];
    assert_int_equal(crypto_generichash(whole, sizeof whole, bytes, count, NULL, 0), 0);
    memcpy(hash, whole, HASH);
}

static void add_number(crypto_generichash_state *state, const void *bytes, size_t count)
{
    crypto_generichash_update(state, bytes, count);
}

/* Counts and sums of one output in one cell of a group. */
static void add_cell(crypto_generichash_state *state, const hra_group_summary *s, const hra_group *group,
                     const hra_output *outputs, int i, int cell)
{
    hra_summary_flag flag = hra_group_flag(s, group, i, cell);
    hra_summary_number number = hra_group_number(s, group, i, cell);
    add_number(state, &flag.yes, sizeof flag.yes);
    add_number(state, &flag.no, sizeof flag.no);
    add_number(state, &number.known, sizeof number.known);
    add_number(state, &number.sum, sizeof number.sum);
    for (int level = 0; outputs[i].kind == HRA_OUTPUT_CATEGORY && level <= outputs[i].level_count; level++) {
        uint32_t people = hra_group_level(s, group, i, level, cell);
        add_number(state, &people, sizeof people);
    }
}

static void hash_groups(unsigned char hash[HASH], const hra_group_summary *s, const hra_output *outputs, int count)
{
    crypto_generichash_state state;
    unsigned char whole[crypto_generichash_BYTES];
    crypto_generichash_init(&state, NULL, 0, sizeof whole);
    assert_int_equal(hra_group_summary_count(s), 7);
    for (int g = 0; g < hra_group_summary_count(s); g++) {
        const hra_group *group = hra_group_summary_at(s, g);
        for (int cell = HRA_SUMMARY_ALL; cell < HRA_SUMMARY_CELLS; cell++) {
            uint32_t people = hra_group_people(group, cell);
            add_number(&state, &people, sizeof people);
            for (int i = 0; i < count; i++) add_cell(&state, s, group, outputs, i, cell);
        }
    }
    crypto_generichash_final(&state, whole, sizeof whole);
    memcpy(hash, whole, HASH);
}

/* ---- one way to run ------------------------------------------------------------------------ */

typedef struct way {
    int threads, block_rows, chunk_rows, slice_rows, shards;
} way;

static hashes run(const hra_plan *plan, const way *w)
{
    int count;
    hra_error error;
    const hra_output *outputs = hra_plan_outputs(plan, &count);
    hra_program *program;
    hra_program_options options = {.block_rows = w->block_rows};
    hra_group_summary *summary = NULL;
    if (hra_program_compile(hra_plan_graph(plan), generator->schema, outputs, count, &options, &program, &error) ||
        hra_group_summary_new(outputs, count, generator->schema, group_label, &summary, &error))
        fail_msg("%s", error.message);
    keeper k = {.base = {.commit = keep},
                .outputs = count,
                .values = calloc((size_t)count * PEOPLE, sizeof(double)),
                .status = calloc((size_t)count * PEOPLE, 1)};
    assert_true(k.values && k.status);
    hra_sink *sinks[] = {&k.base, hra_group_summary_sink(summary)};
    for (int shard = 0; shard < w->shards; shard++) {
        rows_source rows = rows_between(PEOPLE * shard / w->shards, PEOPLE * (shard + 1) / w->shards, w->chunk_rows);
        hra_run_options how = {.threads = w->threads, .slice_rows = w->slice_rows};
        if (hra_run(&rows.base, program, sinks, 2, &how, NULL, &error) != HRA_OK) fail_msg("%s", error.message);
    }
    assert_int_equal(k.rows, PEOPLE);
    hashes h = hashes_new(count);
    for (int i = 0; i < count; i++) {
        hash_of(h.value[i], k.values + (size_t)i * PEOPLE, PEOPLE * sizeof(double));
        hash_of(h.status[i], k.status + (size_t)i * PEOPLE, PEOPLE);
    }
    hash_groups(h.groups, summary, outputs, count);
    free(k.values);
    free(k.status);
    hra_group_summary_free(summary);
    hra_program_free(program);
    return h;
}

static void expect_equal(const char *isa, const way *w, const hra_output *outputs, const hashes *h, const hashes *first)
{
    const char *what = NULL;
    for (int i = 0; i < h->outputs && !what; i++)
        if (memcmp(h->value[i], first->value[i], HASH) != 0 || memcmp(h->status[i], first->status[i], HASH) != 0)
            what = outputs[i].id;
    if (!what && memcmp(h->groups, first->groups, HASH) != 0) what = "the group sums";
    if (what)
        fail_msg("%s, %d threads, blocks of %d, chunks of %d, slices of %d, %d shards: %s differs", isa, w->threads,
                 w->block_rows, w->chunk_rows, w->slice_rows, w->shards, what);
}

/* Every instruction set and way against the first; the hashes of that are returned. */
static hashes run_all_ways(const hra_plan *plan)
{
    static const way ways[] = {{1, 0, PEOPLE, 0, 1},   {2, 0, 700, 0, 1},     {7, 64, 64, 0, 2},
                               {2, 1000, 999, 128, 1}, {7, 512, 300, 256, 3}, {1, 33, PEOPLE, 1024, 2}};
    const char *wish = getenv("HRA_GOLDEN");
    size_t way_count = sizeof ways / sizeof *ways / (wish && strcmp(wish, "short") == 0 ? 2 : 1);
    int count;
    const hra_output *outputs = hra_plan_outputs(plan, &count);
    hashes first = {0};
    for (const hra_isa *const *isa = hra_isa_list(); *isa; isa++) {
        if (!(*isa)->supported()) continue;
        assert_int_equal(hra_isa_force((*isa)->name, NULL), HRA_OK);
        bool judge = !(*isa)->kernels; /* blocks are none of its business, and it takes its time */
        for (size_t k = judge ? 1 : 0; k < (judge ? 2 : way_count); k++) {
            hashes h = run(plan, &ways[k]);
            if (!first.value) {
                first = h;
                continue;
            }
            expect_equal((*isa)->name, &ways[k], outputs, &h, &first);
            hashes_free(&h);
        }
    }
    hra_isa_force(NULL, NULL);
    return first;
}

/* ---- the jobs ---------------------------------------------------------------------------------- */

static hra_plan *plan_of(const hra_plan_request *request)
{
    hra_error error;
    hra_plan *plan;
    hra_plan_request r = *request;
    r.as_of = 20454;
    r.share = true;
    if (hra_plan_new(library, generator->schema, &r, &plan, &error) != HRA_OK) fail_msg("%s", error.message);
    return plan;
}

static const char *hex_of(const unsigned char hash[HASH], char text[2 * HASH + 1])
{
    return sodium_bin2hex(text, 2 * HASH + 1, hash, HASH);
}

/* The lines of one job: its outputs in order, then its groups. */
static void print_lines(FILE *file, const char *job, const hra_output *outputs, const hashes *h)
{
    char value[2 * HASH + 1], status[2 * HASH + 1];
    for (int i = 0; i < h->outputs; i++)
        fprintf(file, "%s %s %s %s\n", job, outputs[i].id, hex_of(h->value[i], value), hex_of(h->status[i], status));
    fprintf(file, "%s groups %s\n", job, hex_of(h->groups, value));
}

/* The kept lines of a job must be these lines. */
static void compare_with_kept(const char *job, const hra_output *outputs, const hashes *h)
{
    const char *path = HRA_SOURCE_DIR "/tests/golden/results.txt";
    char *wanted = NULL, line[512];
    size_t length = 0, at = 0, job_length = strlen(job);
    FILE *memory = open_memstream(&wanted, &length), *kept = fopen(path, "r");
    if (!kept) fail_msg("%s cannot be read", path);
    assert_non_null(memory);
    print_lines(memory, job, outputs, h);
    assert_int_equal(fclose(memory), 0);
    while (fgets(line, sizeof line, kept)) {
        if (strncmp(line, job, job_length) != 0 || line[job_length] != ' ') continue;
        if (strncmp(wanted + at, line, strlen(line)) != 0)
            fail_msg("results differ from tests/golden/results.txt at\n  kept %s  now  %.*s\nIf definitions or the "
                     "generator were meant to change, write the file anew: HRA_GOLDEN=write test_golden",
                     line, (int)strcspn(wanted + at, "\n"), wanted + at);
        at += strlen(line);
    }
    if (at != length) fail_msg("tests/golden/results.txt lacks %.*s", (int)strcspn(wanted + at, "\n"), wanted + at);
    fclose(kept);
    free(wanted);
}

static FILE *written; /* where hashes are written anew; NULL: they are compared */

static void run_job(const char *job, const hra_plan_request *request, bool is_kept)
{
    hra_plan *plan = plan_of(request);
    int count;
    const hra_output *outputs = hra_plan_outputs(plan, &count);
    hashes h = run_all_ways(plan);
    if (is_kept && written)
        print_lines(written, job, outputs, &h);
    else if (is_kept)
        compare_with_kept(job, outputs, &h);
    hashes_free(&h);
    hra_plan_free(plan);
}

static void test_ten_models(void **state)
{
    static const char *const ids[] = {"ten_0", "ten_1", "ten_2", "ten_3", "ten_4",
                                      "ten_5", "ten_6", "ten_7", "ten_8", "ten_9"};
    run_job("ten", &(hra_plan_request){.models = ids, .model_count = 10}, true);
}

static void test_default_panel(void **state)
{
    run_job("panel", &(hra_plan_request){.panel = "china_corporate"}, true);
}

static void test_all_models(void **state)
{
    const char *ids[MODELS_MAX];
    int count = 0;
    for (int i = 0; i < hra_library_declaration_count(library); i++) {
        const hra_declaration *d = hra_library_declaration(library, i);
        if (d->kind != HRA_DECLARATION_MODEL || strncmp(d->id, "ten_", 4) == 0) continue;
        assert_in_range(count, 0, MODELS_MAX - 1);
        ids[count++] = d->id;
    }
    run_job("all", &(hra_plan_request){.models = ids, .model_count = count}, true);
}

static void test_findings(void **state)
{
    run_job("findings",
            &(hra_plan_request){.panel = "china_corporate",
                                .factors = true,
                                .tiers = true,
                                .prescriptions = true,
                                .aggregates = true,
                                .what_if = true},
            false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ten_models),
        cmocka_unit_test(test_default_panel),
        cmocka_unit_test(test_all_models),
        cmocka_unit_test(test_findings),
    };
    const char *wish = getenv("HRA_GOLDEN");
    if (wish && strcmp(wish, "write") == 0) {
        written = fopen(HRA_SOURCE_DIR "/tests/golden/results.txt", "w");
        if (!written) return 1;
    }
    int failed = sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, set_up, tear_down);
    if (written && fclose(written) != 0) failed = 1;
    return failed;
}
