/* A table of the test's, as a program outside hra passes it (only include/hra/), and what comes back for it. */
#ifndef HRA_TESTS_ARROW_FIXTURE_H
#define HRA_TESTS_ARROW_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hra/arrow.h"

/* What came in comes out again. */
static const char definitions[] = "model echo {\n"
                                  "  title \"What came in\"\n"
                                  "  age_in = age\n"
                                  "  tc_in = tc\n"
                                  "  steps_in = steps_per_day\n"
                                  "  race_in = number(race)\n"
                                  "  diabetes_in = if(diabetes, 1, 0)\n"
                                  "  years = years_between(birth_date, exam_date)\n"
                                  "  low_level = bands(age: <50 -> young, else -> old)\n"
                                  "}\n"
                                  "factor r_echo { title \"Over 60\" when age > 60 }\n";

static inline int setup(void **state)
{
    char path[] = "/tmp/hra_test_arrow_XXXXXX";
    int file = mkstemp(path);
    if (file < 0 || write(file, definitions, sizeof definitions - 1) != (ssize_t)sizeof definitions - 1) return -1;
    close(file);
    const char *files[] = {path};
    hra_error error = {0};
    hra_engine *engine = NULL;
    hra_code code = hra_engine_new(files, 1, &engine, &error);
    unlink(path);
    if (code != HRA_OK) print_error("%s\n", error.message);
    *state = engine;
    return code == HRA_OK ? 0 : -1;
}

static inline int teardown(void **state)
{
    hra_engine_free(*state);
    return 0;
}

/* ---- a table of the test's ----------------------------------------------------- */

enum { MOST = 40, BUFFERS = 5 };

typedef struct table {
    struct ArrowSchema schema, columns[MOST], dictionaries[MOST];
    struct ArrowSchema *column_list[MOST];
    struct ArrowArray array, values[MOST], words[MOST];
    struct ArrowArray *value_list[MOST];
    const void *buffers[MOST][BUFFERS], *word_buffers[MOST][BUFFERS], *row_buffers[1];
    int releases;
} table;

/* A text of a column of views. */
typedef struct view {
    int32_t length;
    char prefix[4];
    int32_t buffer, offset;
} view;

static inline void release_schema(struct ArrowSchema *schema)
{
    ++*(int *)schema->private_data;
    schema->release = NULL;
}

static inline void release_array(struct ArrowArray *array)
{
    ++*(int *)array->private_data;
    array->release = NULL;
}

static inline void begin(table *t, int64_t rows)
{
    memset(t, 0, sizeof *t);
    t->schema = (struct ArrowSchema){.format = "+s",
                                     .name = "",
                                     .children = t->column_list,
                                     .release = release_schema,
                                     .private_data = &t->releases};
    t->array = (struct ArrowArray){.length = rows,
                                   .n_buffers = 1,
                                   .buffers = t->row_buffers,
                                   .children = t->value_list,
                                   .release = release_array,
                                   .private_data = &t->releases};
}

/* A column with as many buffers as are given after `valid`; the array can be altered afterwards. */
static inline struct ArrowArray *add(table *t, const char *name, const char *format, const void *valid,
                                     const void *first, const void *second)
{
    int c = (int)t->schema.n_children++;
    t->array.n_children++;
    t->columns[c] = (struct ArrowSchema){
        .format = format, .name = name, .flags = 2, .release = release_schema, .private_data = &t->releases};
    t->column_list[c] = &t->columns[c];
    t->buffers[c][0] = valid;
    t->buffers[c][1] = first;
    t->buffers[c][2] = second;
    t->values[c] = (struct ArrowArray){.length = t->array.length + t->array.offset,
                                       .null_count = valid ? -1 : 0,
                                       .n_buffers = strcmp(format, "n") == 0 ? 0
                                                    : second                 ? 3
                                                                             : 2,
                                       .buffers = t->buffers[c],
                                       .release = release_array,
                                       .private_data = &t->releases};
    t->value_list[c] = &t->values[c];
    return &t->values[c];
}

static inline struct ArrowArray *add_dictionary(table *t, const char *format, int64_t count, const void *offsets,
                                                const void *text)
{
    int c = (int)t->schema.n_children - 1;
    t->dictionaries[c] =
        (struct ArrowSchema){.format = format, .name = "", .release = release_schema, .private_data = &t->releases};
    t->columns[c].dictionary = &t->dictionaries[c];
    t->word_buffers[c][1] = offsets;
    t->word_buffers[c][2] = text;
    t->words[c] = (struct ArrowArray){.length = count,
                                      .n_buffers = 3,
                                      .buffers = t->word_buffers[c],
                                      .release = release_array,
                                      .private_data = &t->releases};
    t->values[c].dictionary = &t->words[c];
    return &t->words[c];
}

static inline hra_code score(hra_engine *engine, const char *request, const table *t, struct ArrowArray *out,
                             struct ArrowSchema *schema, hra_error *error)
{
    hra_scorer *scorer = NULL;
    *error = (hra_error){0};
    hra_code code = hra_scorer_open_arrow(engine, request, &t->schema, &scorer, error);
    if (code == HRA_OK && schema) code = hra_scorer_arrow_schema(scorer, schema, error);
    if (code == HRA_OK) code = hra_scorer_run_arrow(scorer, &t->array, out, 2, error);
    if (code != HRA_OK && schema && schema->release) schema->release(schema);
    hra_scorer_free(scorer); /* what came out does not need it */
    assert_int_equal(t->releases, 0);
    return code;
}

static inline bool is_known(const struct ArrowArray *column, int64_t row)
{
    const uint8_t *valid = column->buffers[0];
    return !valid || (valid[row / 8] >> (row % 8) & 1);
}

/* A cell of any result as a number, NaN for null. */
static inline double cell(const struct ArrowSchema *schema, const struct ArrowArray *array, const char *name,
                          int64_t row)
{
    for (int64_t i = 0; i < schema->n_children; i++) {
        const struct ArrowArray *column = array->children[i];
        const char *format = schema->children[i]->format;
        if (strcmp(schema->children[i]->name, name) != 0) continue;
        assert_int_equal(column->length, array->length);
        if (!is_known(column, row)) return NAN;
        if (strcmp(format, "g") == 0) return ((const double *)column->buffers[1])[row];
        if (strcmp(format, "s") == 0) return ((const int16_t *)column->buffers[1])[row];
        if (strcmp(format, "C") == 0) return ((const uint8_t *)column->buffers[1])[row];
        assert_string_equal(format, "b");
        return ((const uint8_t *)column->buffers[1])[row / 8] >> (row % 8) & 1;
    }
    fail_msg("no result '%s'", name);
    return NAN;
}

static inline void is(double value, double wanted)
{
    if (isnan(wanted) ? !isnan(value) : value != wanted) fail_msg("%.17g is not %.17g", value, wanted);
}

/* One column of three rows, read as `result`. */
static inline void column_gives(hra_engine *engine, const table *t, const char *result, const double wanted[3])
{
    struct ArrowSchema schema = {0};
    struct ArrowArray out = {0};
    hra_error error;
    if (score(engine, "--models echo", t, &out, &schema, &error) != HRA_OK) fail_msg("%s", error.message);
    for (int row = 0; row < 3; row++) is(cell(&schema, &out, result, row), wanted[row]);
    schema.release(&schema);
    out.release(&out);
    assert_null(schema.release);
    assert_null(out.release);
}

#endif
