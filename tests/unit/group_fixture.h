/* Groups of invented people for tests: given sex, age, department and flags, they pass through the summary's sink as a
 * run would send them. */
#ifndef HRA_TESTS_GROUP_FIXTURE_H
#define HRA_TESTS_GROUP_FIXTURE_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/language/library.h"
#include "engine/summary/group_summary.h"

enum { FIXTURE_PEOPLE = 20000, FIXTURE_FLAGS = 8, FIXTURE_GROUPS = 64 };

typedef struct fixture {
    hra_library *library;
    const hra_dictionary *dictionary;
    hra_schema schema;
    hra_column columns[2];
    int labels[2];
    hra_output outputs[FIXTURE_FLAGS];
    int output_count;
    hra_group_summary *summary;
    /* people so far */
    int people;
    uint32_t sex[FIXTURE_PEOPLE], age[FIXTURE_PEOPLE];
    int32_t group[FIXTURE_PEOPLE], department[FIXTURE_PEOPLE];
    double flags[FIXTURE_FLAGS][FIXTURE_PEOPLE];
    const char *groups[FIXTURE_GROUPS], *departments[FIXTURE_GROUPS];
    int group_count, department_count;
} fixture;

static fixture the_fixture;

static void fixture_library(fixture *f)
{
    hra_error error;
    hra_diagnostics *diagnostics = hra_diagnostics_new();
    f->library = hra_library_new();
    assert_int_equal(hra_library_add_builtin(f->library, diagnostics, &error), HRA_OK);
    assert_int_equal(hra_library_check(f->library, diagnostics, &error), HRA_OK);
    hra_diagnostics_free(diagnostics);
    f->dictionary = hra_library_dictionary(f->library);
    int sex = hra_dictionary_find(f->dictionary, "sex"), age = hra_dictionary_find(f->dictionary, "age");
    assert_int_equal(hra_column_for(f->dictionary, sex, NULL, &f->columns[0], &error), HRA_OK);
    assert_int_equal(hra_column_for(f->dictionary, age, NULL, &f->columns[1], &error), HRA_OK);
    f->labels[0] = hra_dictionary_find(f->dictionary, "group_id");
    f->labels[1] = hra_dictionary_find(f->dictionary, "department");
    f->schema = (hra_schema){f->dictionary, f->columns, 2, f->labels, 2, NULL};
}

/* Nobody yet; `ids` are the findings that are counted. */
static fixture *fixture_new(const char *const *ids, int count)
{
    fixture *f = &the_fixture;
    hra_error error;
    if (!f->library) fixture_library(f);
    hra_group_summary_free(f->summary);
    f->summary = NULL;
    f->people = f->group_count = f->department_count = 0;
    f->output_count = count;
    for (int i = 0; i < count; i++)
        f->outputs[i] =
            (hra_output){.id = ids[i], .owner = ids[i], .name = "", .kind = HRA_OUTPUT_FLAG, .role = HRA_ROLE_FACTOR};
    assert_int_equal(hra_group_summary_new(f->outputs, count, &f->schema, 0, &f->summary, &error), HRA_OK);
    return f;
}

static void fixture_free(void)
{
    hra_group_summary_free(the_fixture.summary);
    hra_library_free(the_fixture.library);
    the_fixture.summary = NULL;
    the_fixture.library = NULL;
}

static int fixture_text(const char **texts, int *count, const char *text)
{
    for (int i = 0; i < *count; i++)
        if (strcmp(texts[i], text) == 0) return i;
    assert_true(*count < FIXTURE_GROUPS);
    texts[*count] = text;
    return (*count)++;
}

/* `number` people alike. sex: female or male, NULL unknown; age NAN: unknown; department NULL: none. All flags absent.
 */
static int fixture_add(fixture *f, int number, const char *group, const char *sex, double age, const char *department)
{
    int first = f->people;
    int sex_level = sex ? hra_variable_level(hra_dictionary_at(f->dictionary, f->columns[0].variable), sex) : -1;
    assert_true(f->people + number <= FIXTURE_PEOPLE);
    for (int i = 0; i < number; i++, f->people++) {
        f->sex[f->people] = sex_level < 0 ? hra_column_missing(&f->columns[0]) : (uint32_t)sex_level;
        f->age[f->people] = isnan(age) ? hra_column_missing(&f->columns[1]) : hra_column_code(&f->columns[1], age);
        f->group[f->people] = fixture_text(f->groups, &f->group_count, group);
        f->department[f->people] = department ? fixture_text(f->departments, &f->department_count, department) : -1;
        for (int k = 0; k < f->output_count; k++) f->flags[k][f->people] = 0;
    }
    return first;
}

/* The first `number` people from `first` on have (1) or were not asked for (NAN) the finding. */
static inline void fixture_mark(fixture *f, int flag, int first, int number, double value)
{
    for (int i = 0; i < number; i++) f->flags[flag][first + i] = value;
}

/* Sends everybody through the sink, in pieces. */
static inline void fixture_send(fixture *f)
{
    hra_sink *sink = hra_group_summary_sink(f->summary);
    for (int first = 0; first < f->people; first += 777) {
        int rows = f->people - first < 777 ? f->people - first : 777;
        hra_results *results = hra_results_new(f->output_count, f->outputs, rows);
        assert_non_null(results);
        for (int k = 0; k < f->output_count; k++)
            for (int r = 0; r < rows; r++) hra_results_put(results, k, r, f->flags[k][first + r]);
        hra_codes codes[2] = {{.u32 = f->sex + first}, {.u32 = f->age + first}};
        hra_label_codes labels[2] = {{f->group + first, f->groups, f->group_count},
                                     {f->department + first, f->departments, f->department_count}};
        hra_chunk chunk = {.first_row = first, .rows = rows, .columns = codes, .labels = labels};
        void *prepared = NULL;
        hra_error error;
        assert_int_equal(sink->prepare(sink, 0, &chunk, results, &prepared, &error), HRA_OK);
        assert_int_equal(sink->commit(sink, &chunk, results, prepared, &error), HRA_OK);
        hra_results_free(results);
    }
}

#endif
