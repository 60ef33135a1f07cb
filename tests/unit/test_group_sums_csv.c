/* The table of sums by group says what the sums say, in the same bytes for any number of threads. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "report/group/group_sums_csv.h"

enum { GROUPS = 900, EACH = 7, OUT_RISK = 0, OUT_FLAG, OUT_LEVEL, OUT_COUNT };

static const char *const level_names[] = {"low", "to 5, below 6", "high"};
static const hra_output outputs[OUT_COUNT] = {
    {.id = "a.risk", .kind = HRA_OUTPUT_NUMBER, .status_of = OUT_RISK},
    {.id = "b.met", .kind = HRA_OUTPUT_FLAG, .status_of = OUT_RISK},
    {.id = "c.category", .kind = HRA_OUTPUT_CATEGORY, .levels = level_names, .level_count = 3, .status_of = OUT_LEVEL}};

static const char *name_of(int group)
{
    static char text[32];
    static const char *const odd[] = {"", "=1+1", "Smith, \"Sons\"", "华能"};
    if (group < 4) return odd[group];
    snprintf(text, sizeof text, "group %d", group);
    return text;
}

static double value_of(int group, int person, int output)
{
    unsigned r = (unsigned)(group * 2654435761u + (unsigned)person * 40503u + (unsigned)output * 97u) >> 7;
    if (group == 10 || r % 6 == 0) return NAN; /* of one group nothing is known */
    if (output == OUT_RISK) return (double)(r % 100000) / 70000 - (r % 3 == 0);
    return output == OUT_FLAG ? r / 6 % 2 : r / 6 % 3;
}

static uint8_t status_of(int group, int person, int output) { return (uint8_t)((group * person + output) % 5 * 9); }

static const hra_status_sets *status_sets(void)
{
    static int of[OUT_COUNT][HRA_STATUS_SETS];
    static hra_status_sets sets;
    sets = (hra_status_sets){.of = of};
    hra_status_sets_all(&sets, outputs, OUT_COUNT);
    return &sets;
}

static hra_group_sums *sum_up(int threads, const hra_schema *schema)
{
    static char names[GROUPS][32];
    static const char *texts[GROUPS];
    static int32_t index[GROUPS * EACH];
    hra_group_sums *sums = NULL;
    hra_error error;
    hra_results *results = hra_results_with(OUT_COUNT, outputs, NULL, status_sets(), GROUPS * EACH);
    for (int i = 0; i < GROUPS * EACH; i++) {
        int group = i / EACH;
        snprintf(names[group], sizeof names[group], "%s", name_of(group));
        texts[group] = names[group];
        index[i] = group;
        for (int o = 0; o < OUT_COUNT; o++) {
            hra_results_put(results, o, i, value_of(group, i % EACH, o));
            if (results->status[o]) hra_results_put_status(results, o, i, status_of(group, i % EACH, o));
        }
    }
    hra_label_codes labels = {index, texts, GROUPS};
    hra_chunk chunk = {.rows = GROUPS * EACH, .labels = &labels};
    void *prepared = NULL;
    assert_int_equal(hra_group_sums_new(outputs, OUT_COUNT, status_sets(), schema, 0, threads, &sums, &error), HRA_OK);
    hra_sink *sink = hra_group_sums_sink(sums);
    assert_int_equal(sink->prepare(sink, threads - 1, &chunk, results, &prepared, &error), HRA_OK);
    assert_int_equal(hra_group_sums_finish(sums, &error), HRA_OK);
    hra_results_free(results);
    return sums;
}

/* Line by line, with printf. */
static void expect(const hra_group_sums *sums, hra_buffer *out)
{
    hra_buffer_text(out, "group,output,level,people,known,count,mean,ok,substituted,outside_range,clamped,missing,"
                         "not_applicable,exclusion_unverified,numeric_error,provisional\n");
    for (int g = 0; g < hra_group_sums_count(sums); g++)
        for (int c = 0; c < hra_group_sums_columns(sums); c++) {
            hra_group_sum sum = hra_group_sums_read(sums, g, c);
            hra_group_statuses said = hra_group_sums_statuses(sums, g, c);
            const char *name = hra_group_sums_name(sums, g);
            hra_buffer_csv_foreign(out, name, strlen(name));
            hra_buffer_printf(out, ",%s,", outputs[sum.output].id);
            if (sum.level >= 0) hra_buffer_csv(out, level_names[sum.level]);
            hra_buffer_printf(out, ",%d,%lld,", EACH, (long long)sum.known);
            if (sum.level >= 0 || sum.output == OUT_FLAG) hra_buffer_printf(out, "%lld", (long long)sum.count);
            hra_buffer_char(out, ',');
            hra_buffer_double(out, sum.mean);
            hra_buffer_printf(out, ",%lld", (long long)said.ok);
            for (int b = 0; b < HRA_STATUS_BITS; b++) hra_buffer_printf(out, ",%lld", (long long)said.status[b]);
            hra_buffer_char(out, '\n');
        }
}

static void check_file(const char *path, const hra_buffer *wanted)
{
    FILE *file = fopen(path, "rb");
    char *found = malloc(wanted->length + 2);
    assert_non_null(file);
    assert_non_null(found);
    size_t length = fread(found, 1, wanted->length + 1, file);
    found[length] = '\0';
    fclose(file);
    assert_string_equal(found, wanted->bytes);
    assert_int_equal(length, wanted->length);
    free(found);
}

static void table(void **state)
{
    (void)state;
    static const int threads[] = {1, 2, 7};
    char path[] = "/tmp/group_sums_XXXXXX";
    close(mkstemp(path));
    for (size_t k = 0; k < sizeof threads / sizeof *threads; k++) {
        hra_schema schema = {.label_count = 1};
        hra_group_sums *sums = sum_up(threads[k], &schema);
        hra_buffer wanted = {0};
        hra_atomic_file *file;
        hra_error error;
        expect(sums, &wanted);
        assert_int_equal(hra_group_sums_csv_write(path, sums, outputs, &file, &error), HRA_OK);
        assert_int_equal(hra_atomic_commit(file, &error), HRA_OK);
        check_file(path, &wanted);
        assert_int_equal(hra_group_sums_count(sums), GROUPS);
        hra_buffer_destroy(&wanted);
        hra_group_sums_free(sums);
    }
    remove(path);
}

static void nobody(void **state)
{
    (void)state;
    char path[] = "/tmp/group_sums_XXXXXX";
    close(mkstemp(path));
    hra_schema schema = {.label_count = 0};
    hra_group_sums *sums = NULL;
    hra_buffer wanted = {0};
    hra_atomic_file *file;
    hra_error error;
    assert_int_equal(hra_group_sums_new(outputs, OUT_COUNT, status_sets(), &schema, -1, 2, &sums, &error), HRA_OK);
    assert_int_equal(hra_group_sums_finish(sums, &error), HRA_OK);
    expect(sums, &wanted); /* the header alone */
    assert_int_equal(hra_group_sums_csv_write(path, sums, outputs, &file, &error), HRA_OK);
    assert_int_equal(hra_atomic_commit(file, &error), HRA_OK);
    check_file(path, &wanted);
    hra_buffer_destroy(&wanted);
    hra_group_sums_free(sums);
    remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(table), cmocka_unit_test(nobody)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
