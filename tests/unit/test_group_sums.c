/* Sums by group are what a plain loop over the people finds, whatever the slices and threads. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/summary/group_state.h"
#include "engine/summary/group_sums.h"

enum { PEOPLE = 20000, GROUPS = 40, THREADS = 3 };
enum { NEVER = 3 }; /* the bit that no status of points has */
enum { OUT_RISK, OUT_POINTS, OUT_FLAG, OUT_LEVEL, OUT_COUNT };

static const char *const level_names[] = {"low", "middle", "high"};
static const hra_output outputs[OUT_COUNT] = {
    {.id = "a.risk", .kind = HRA_OUTPUT_NUMBER, .status_of = OUT_RISK},
    {.id = "b.points", .kind = HRA_OUTPUT_NUMBER, .status_of = OUT_POINTS},
    {.id = "c.met", .kind = HRA_OUTPUT_FLAG, .status_of = OUT_RISK},
    {.id = "d.category", .kind = HRA_OUTPUT_CATEGORY, .levels = level_names, .level_count = 3, .status_of = OUT_LEVEL}};

static uint64_t random_of(int64_t row, int what)
{
    uint64_t x = (uint64_t)row * 0x9E3779B97F4A7C15u + (uint64_t)what * 0xBF58476D1CE4E5B9u;
    x ^= x >> 31;
    x *= 0x94D049BB133111EBu;
    return x ^ x >> 29;
}

/* The first quarter comes group by group, the rest mixed; some have no group. */
static int group_of(int row)
{
    if (row < PEOPLE / 4) return row / 500 % 40;
    uint64_t r = random_of(row, 1);
    return r % 50 == 0 ? -1 : (int)(r / 50 % 40);
}

static double value_of(int row, int output)
{
    uint64_t r = random_of(row, 10 + output);
    double share = (double)(r >> 11) / 9007199254740992.0;
    if (r % 7 == 0) return NAN;
    switch (output) {
    case OUT_RISK: return share;
    case OUT_POINTS: return r % 11 == 0 ? 3e10 * share : r % 13 == 0 ? INFINITY : (share - 0.5) * 30000;
    case OUT_FLAG: return (double)(r / 7 % 2);
    default: return (double)(r / 7 % 3);
    }
}

static uint8_t status_of(int row, int output)
{
    uint64_t r = random_of(row, 20 + output);
    return r % 5 < 3 ? 0 : (uint8_t)(r >> 8 & ~(output == OUT_POINTS ? 1u << NEVER : 0));
}

/* All sets, but one that nobody is in. */
static const hra_status_sets *status_sets(void)
{
    static int of[OUT_COUNT][HRA_STATUS_SETS];
    static hra_status_sets sets;
    sets = (hra_status_sets){.of = of};
    hra_status_sets_all(&sets, outputs, OUT_COUNT);
    of[OUT_POINTS][1 + NEVER] = -1;
    return &sets;
}

/* ---- through the sink ---- */

static void send(hra_group_sums *sums, int thread, int first, int rows, bool own_texts)
{
    static char texts[GROUPS][16];
    const char *names[GROUPS];
    int32_t *index = malloc((size_t)rows * sizeof *index);
    hra_results *results = /* longer than the chunk, as in a run */
        hra_results_with(OUT_COUNT, outputs, NULL, status_sets(), rows + 100);
    results->rows = rows;
    for (int g = 0; g < 40; g++) {
        int number = own_texts ? (g + first) % 40 : g; /* another order in every chunk */
        snprintf(texts[number], sizeof texts[number], "group %02d", number);
        names[g] = texts[number];
    }
    for (int i = 0; i < rows; i++) {
        int group = group_of(first + i);
        index[i] = group < 0 ? -1 : own_texts ? (group + 40 - first % 40) % 40 : group;
        for (int o = 0; o < OUT_COUNT; o++) {
            hra_results_put(results, o, i, value_of(first + i, o));
            if (results->status[o]) hra_results_put_status(results, o, i, status_of(first + i, o));
        }
    }
    hra_label_codes labels = {index, names, 40};
    hra_chunk chunk = {.first_row = first, .rows = rows, .labels = &labels};
    hra_sink *sink = hra_group_sums_sink(sums);
    void *prepared = NULL;
    hra_error error;
    assert_int_equal(sink->prepare(sink, thread, &chunk, results, &prepared, &error), HRA_OK);
    hra_results_free(results);
    free(index);
}

static hra_group_sums *sum_up(int slice, bool own_texts)
{
    static const char *names[GROUPS];
    static const hra_label_texts known = {names, 40};
    static hra_schema schema;
    hra_group_sums *sums = NULL;
    hra_error error;
    schema = (hra_schema){.label_count = 1, .label_texts = own_texts ? NULL : &known};
    assert_int_equal(hra_group_sums_new(outputs, OUT_COUNT, status_sets(), &schema, 0, THREADS, &sums, &error), HRA_OK);
    for (int first = 0, k = 0; first < PEOPLE; first += slice, k++)
        send(sums, k % THREADS, first, PEOPLE - first < slice ? PEOPLE - first : slice, own_texts);
    assert_int_equal(hra_group_sums_finish(sums, &error), HRA_OK);
    return sums;
}

/* ---- the plain loop ---- */

static void check(const hra_group_sums *sums, int at, int group)
{
    for (int c = 0; c < hra_group_sums_columns(sums); c++) {
        hra_group_sum sum = hra_group_sums_read(sums, at, c);
        hra_group_statuses statuses = hra_group_sums_statuses(sums, at, c);
        int64_t people = 0, known = 0, count = 0, ok = 0, status[HRA_STATUS_BITS] = {0};
        __int128 total = 0;
        bool number = outputs[sum.output].kind == HRA_OUTPUT_NUMBER;
        for (int row = 0; row < PEOPLE; row++) {
            if (group_of(row) != group) continue;
            double value = value_of(row, sum.output);
            uint8_t bits = status_of(row, outputs[sum.output].status_of);
            people++;
            ok += bits == 0;
            for (int b = 0; b < HRA_STATUS_BITS; b++) status[b] += bits >> b & 1;
            if (!(fabs(value) <= 1e9)) continue;
            known++;
            count += sum.level < 0 ? value == 1 : value == sum.level;
            total += number ? llrint(value * 4294967296.0) : 0;
        }
        double mean = number ? (double)total / 4294967296.0 / (double)known : (double)count / (double)known;
        assert_int_equal(hra_group_sums_people(sums, at), people);
        assert_int_equal(sum.known, known);
        assert_int_equal(sum.count, number ? -1 : count);
        assert_int_equal(statuses.ok, ok);
        assert_memory_equal(statuses.status, status, sizeof status);
        assert_memory_equal(&sum.mean, &mean, sizeof mean);
    }
}

static void test_sums(void **state)
{
    (void)state;
    static const int slices[] = {PEOPLE, 1000, 64, 77};
    for (int k = 0; k < 8; k++) {
        hra_group_sums *sums = sum_up(slices[k % 4], k >= 4);
        assert_int_equal(hra_group_sums_count(sums), 41);
        assert_int_equal(hra_group_sums_columns(sums), 6);
        assert_string_equal(hra_group_sums_name(sums, 0), "");
        assert_string_equal(hra_group_sums_name(sums, 40), "group 39");
        for (int g = 0; g < 41; g++) check(sums, g, g - 1);
        hra_group_sums_free(sums);
    }
}

static void test_nobody(void **state)
{
    (void)state;
    hra_schema schema = {.label_count = 0};
    hra_group_sums *sums = NULL;
    hra_error error;
    assert_int_equal(hra_group_sums_new(outputs, OUT_COUNT, status_sets(), &schema, -1, 1, &sums, &error), HRA_OK);
    assert_int_equal(hra_group_sums_finish(sums, &error), HRA_OK);
    assert_int_equal(hra_group_sums_count(sums), 0);
    hra_group_sums_free(sums);
}

/* A counter holds as many as a group may have: beyond that nothing is counted wrong, it is refused. */
static void test_too_many(void **state)
{
    (void)state;
    hra_state_layout layout;
    assert_true(hra_state_layout_make(outputs, OUT_COUNT, status_sets(), &layout));
    hra_state_store states = {0};
    hra_group_state *one = hra_group_state_new(&states, &layout), *other = hra_group_state_new(&states, &layout);
    assert_non_null(one);
    assert_non_null(other);
    assert_true(hra_group_state_people(one, UINT32_MAX - 1));
    assert_true(hra_group_state_people(other, 2));
    assert_false(hra_group_state_people(one, 2));
    assert_false(hra_group_state_merge(&layout, one, other));
    assert_int_equal(one->people, UINT32_MAX - 1);
    assert_true(hra_group_state_people(one, 1));
    hra_state_store_destroy(&states);
    hra_state_layout_destroy(&layout);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_sums), cmocka_unit_test(test_nobody),
                                       cmocka_unit_test(test_too_many)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
