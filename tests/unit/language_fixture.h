/* What the language tests share: a library from one text, its faults as text,
 * and values of outputs for one person, by the judge. */
#ifndef HRA_TESTS_LANGUAGE_FIXTURE_H
#define HRA_TESTS_LANGUAGE_FIXTURE_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "engine/language/library.h"
#include "engine/language/plan.h"
#include "engine/graph/judge.h"

/* Faults of a text as printed; "" if there are none. The caller destroys the buffer. */
static inline hra_buffer faults_of(const char *text)
{
    hra_library *library = hra_library_new();
    hra_diagnostics *faults = hra_diagnostics_new();
    hra_error error;
    assert_non_null(library);
    assert_non_null(faults);
    hra_code added = hra_library_add_text(library, "test.hra", text, strlen(text), faults, &error);
    hra_code checked = hra_library_check(library, faults, &error);
    int count = hra_diagnostics_count(faults);
    assert_int_equal(added == HRA_EDEFINITION || checked == HRA_EDEFINITION, count > 0);
    hra_buffer out = {0};
    hra_buffer_text(&out, "");
    hra_diagnostics_print(faults, &out);
    hra_diagnostics_free(faults);
    hra_library_free(library);
    return out;
}

static inline hra_library *library_of(const char *text)
{
    hra_library *library = hra_library_new();
    hra_diagnostics *faults = hra_diagnostics_new();
    hra_error error;
    assert_non_null(library);
    assert_non_null(faults);
    hra_code code = hra_library_add_text(library, "test.hra", text, strlen(text), faults, &error);
    if (code == HRA_OK) code = hra_library_check(library, faults, &error);
    if (code != HRA_OK) {
        hra_buffer out = {0};
        hra_diagnostics_print(faults, &out);
        fail_msg("%s\n%s", error.message, out.bytes ? out.bytes : "");
    }
    hra_diagnostics_free(faults);
    return library;
}

/* ---- one person ---------------------------------------------------------------- */

enum { MOST_COLUMNS = 24 };

/* A source with the named columns ("sbp", "tc[mg/dL]") and a plan over it. */
typedef struct bench {
    hra_library *library;
    hra_column columns[MOST_COLUMNS];
    hra_schema schema;
    hra_plan *plan;
    hra_judge *judge;
    double inputs[MOST_COLUMNS];
    char names[MOST_COLUMNS][64];
} bench;

static inline void add_column(bench *b, const char *name)
{
    char variable[64], *unit = NULL;
    strcpy(b->names[b->schema.column_count], name);
    strcpy(variable, name);
    char *bracket = strchr(variable, '[');
    if (bracket) {
        *bracket = '\0';
        unit = bracket + 1;
        unit[strlen(unit) - 1] = '\0';
    }
    int index = hra_dictionary_find(b->schema.dictionary, variable);
    hra_error error;
    if (index < 0) fail_msg("no variable %s", variable);
    if (hra_column_for(b->schema.dictionary, index, unit, &b->columns[b->schema.column_count], &error) != HRA_OK)
        fail_msg("%s", error.message);
    b->inputs[b->schema.column_count++] = NAN;
}

/* `columns` is a list between blanks. Every person starts with everything unknown. */
static inline bench *open_bench(const char *text, const char *columns, hra_plan_request request)
{
    bench *b = calloc(1, sizeof *b);
    assert_non_null(b);
    b->library = library_of(text);
    b->schema.dictionary = hra_library_dictionary(b->library);
    b->schema.columns = b->columns;
    char *list = strdup(columns), *rest = NULL;
    for (char *name = strtok_r(list, " ", &rest); name; name = strtok_r(NULL, " ", &rest)) add_column(b, name);
    free(list);
    hra_error error;
    if (hra_plan_new(b->library, &b->schema, &request, &b->plan, &error) != HRA_OK) fail_msg("%s", error.message);
    b->judge = hra_judge_new(hra_plan_graph(b->plan));
    assert_non_null(b->judge);
    hra_judge_person(b->judge, b->inputs);
    return b;
}

static inline bench *open_model(const char *text, const char *columns, const char *model, hra_range_policy range,
                                bool share)
{
    hra_plan_request request = {.models = &model, .model_count = 1, .range = range, .as_of = NAN, .share = share};
    return open_bench(text, columns, request);
}

static inline void close_bench(bench *b)
{
    hra_judge_free(b->judge);
    hra_plan_free(b->plan);
    hra_library_free(b->library);
    free(b);
}

static inline void put(bench *b, const char *column, double value)
{
    for (int i = 0; i < b->schema.column_count; i++)
        if (strcmp(b->names[i], column) == 0) {
            b->inputs[i] = value;
            hra_judge_person(b->judge, b->inputs);
            return;
        }
    fail_msg("no column %s", column);
}

static inline void put_level(bench *b, const char *column, const char *level)
{
    int variable = hra_dictionary_find(b->schema.dictionary, column);
    int ordinal = hra_variable_level(hra_dictionary_at(b->schema.dictionary, variable), level);
    if (ordinal < 0) fail_msg("no level %s of %s", level, column);
    put(b, column, ordinal);
}

static inline const hra_output *output_of(const bench *b, const char *id)
{
    int count;
    const hra_output *outputs = hra_plan_outputs(b->plan, &count);
    for (int i = 0; i < count; i++)
        if (strcmp(outputs[i].id, id) == 0) return &outputs[i];
    fail_msg("no output %s", id);
    return NULL;
}

static inline double value(bench *b, const char *id) { return hra_judge_value(b->judge, output_of(b, id)->value); }

static inline unsigned status(bench *b, const char *id) { return hra_judge_status(b->judge, output_of(b, id)); }

/* The level's name of a category output; "" for unknown. */
static inline const char *level(bench *b, const char *id)
{
    const hra_output *o = output_of(b, id);
    double v = hra_judge_value(b->judge, o->value);
    return isnan(v) ? "" : o->levels[(int)v];
}

#define assert_value(b, id, expected)                                                                                  \
    do {                                                                                                               \
        double is_ = value(b, id), should_ = (expected);                                                               \
        if (!(is_ == should_ || (isnan(is_) && isnan(should_))))                                                       \
            fail_msg("%s is %.17g, should be %.17g", id, is_, should_);                                                \
    } while (0)

#endif
