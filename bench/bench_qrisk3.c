/* QRISK3 by hra beside a scalar C program for this one model (qrisk3.awk writes
 * it from the definition), for the same people in memory, one thread.
 *
 *     bench_qrisk3 [ROUNDS]
 *
 * Prints lines of JSON: people a second of both, the ratio, and the largest
 * difference of their risks. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/stopwatch.h"
#include "engine/language/plan.h"
#include "engine/program/program.h"
#include "engine/run/slices.h"
#include "report/models/sample.h"

#include "qrisk3_formula.h"

enum { PEOPLE = 16384, ROUNDS_MAX = 1001, MALE = 0 };

/* ---- people -------------------------------------------------------------------------- */

static const char *const names[] = {
#define NAME(name) #name,
    QRISK3_NUMBERS(NAME)
#undef NAME
        "sex",
    "ethnicity_qr",
    "diabetes_type",
    "smoking_status",
    "cigs_per_day",
};
enum { NAMES = sizeof names / sizeof *names };

static double value_of(const hra_sample *s, const char *name, int row)
{
    int c = hra_schema_find(&s->schema, hra_dictionary_find(s->schema.dictionary, name), NULL);
    const hra_codes *codes = &s->chunk.columns[c];
    return hra_column_value(&s->schema.columns[c], codes->u32 ? codes->u32[row] : codes->u16[row]);
}

/* Where the level of a category stands in the formula's own list. */
static int level_of(const hra_sample *s, const char *name, int row, const char *const *levels, int count)
{
    const hra_variable *v = hra_dictionary_at(s->schema.dictionary, hra_dictionary_find(s->schema.dictionary, name));
    const char *level = v->levels[(int)value_of(s, name, row)].name;
    for (int i = 0; i < count; i++)
        if (strcmp(level, levels[i]) == 0) return i;
    return 0;
}

static int smoke_category(const hra_sample *s, int row)
{
    static const char *const levels[] = {"never", "former", "current"};
    int status = level_of(s, "smoking_status", row, levels, 3);
    double cigarettes = value_of(s, "cigs_per_day", row);
    return status < 2 ? status : cigarettes < 10 ? 2 : cigarettes < 20 ? 3 : 4;
}

static void read_person(const hra_sample *s, int row, struct person *p)
{
    static const char *const sexes[] = {"male", "female"};
    p->sex = level_of(s, "sex", row, sexes, 2);
    p->smoke_cat = smoke_category(s, row);
    p->ethnicity_qr =
        level_of(s, "ethnicity_qr", row, ethnicity_levels, (int)(sizeof ethnicity_levels / sizeof *ethnicity_levels));
    p->diabetes_type =
        level_of(s, "diabetes_type", row, diabetes_levels, (int)(sizeof diabetes_levels / sizeof *diabetes_levels));
#define READ(name) p->name = value_of(s, #name, row);
    QRISK3_NUMBERS(READ)
#undef READ
}

/* ---- both programs --------------------------------------------------------------------- */

static void score_plainly(const struct person *people, int count, double *risks)
{
    for (int i = 0; i < count; i++)
        risks[i] = people[i].sex == MALE ? qrisk3_male(&people[i]) : qrisk3_female(&people[i]);
}

typedef struct engine {
    hra_plan *plan;
    hra_program *program;
    hra_workspace *workspace;
    hra_results *results;
    int output, slice; /* which output is the risk; rows scored at a time, as in a run */
} engine;

static hra_code prepare(engine *e, const hra_library *library, const hra_sample *s, hra_error *error)
{
    static const char *const model[] = {"qrisk3_2017"};
    hra_plan_request request = {.models = model, .model_count = 1, .as_of = (double)NAN, .share = true};
    int outputs;
    HRA_TRY(hra_plan_new(library, &s->schema, &request, &e->plan, error));
    const hra_output *list = hra_plan_outputs(e->plan, &outputs);
    e->output = -1;
    for (int i = 0; i < outputs; i++)
        if (strstr(list[i].id, ".risk")) e->output = i;
    HRA_TRY(hra_program_compile(hra_plan_graph(e->plan), &s->schema, list, outputs, NULL, &e->program, error));
    e->slice = hra_slice_rows(outputs);
    e->workspace = hra_workspace_new(e->program);
    e->results = hra_program_results(e->program, e->slice);
    return e->workspace && e->results && e->output >= 0 ? HRA_OK : hra_out_of_memory(error);
}

static void dismiss(engine *e)
{
    hra_results_free(e->results);
    hra_workspace_free(e->workspace);
    hra_program_free(e->program);
    hra_plan_free(e->plan);
}

/* All people, a slice at a time; risks may be NULL. */
static hra_code score(engine *e, const hra_sample *s, hra_codes *columns, double *risks, hra_error *error)
{
    for (int start = 0; start < s->chunk.rows; start += e->slice) {
        hra_chunk chunk = s->chunk;
        chunk.columns = columns;
        chunk.rows = s->chunk.rows - start < e->slice ? s->chunk.rows - start : e->slice;
        for (int c = 0; c < s->schema.column_count; c++) {
            const hra_codes *all = &s->chunk.columns[c];
            columns[c] =
                (hra_codes){.u16 = all->u16 ? all->u16 + start : NULL, .u32 = all->u32 ? all->u32 + start : NULL};
        }
        HRA_TRY(hra_program_score(e->program, e->workspace, &chunk, e->results, error));
        for (int i = 0; risks && i < chunk.rows; i++) risks[start + i] = hra_results_value(e->results, e->output, i);
    }
    return HRA_OK;
}

/* ---- measuring --------------------------------------------------------------------------- */

static double median_rate(double *seconds, int rounds)
{
    qsort(seconds, (size_t)rounds, sizeof *seconds, hra_ascending);
    return PEOPLE / seconds[rounds / 2];
}

static hra_code measure(engine *e, const hra_sample *s, const struct person *people, int rounds, hra_error *error)
{
    static double ours[PEOPLE], plain[PEOPLE], our_times[ROUNDS_MAX], plain_times[ROUNDS_MAX];
    hra_codes columns[NAMES];
    double most = 0;
    HRA_TRY(score(e, s, columns, ours, error));
    score_plainly(people, PEOPLE, plain);
    int compared = 0;
    for (int i = 0; i < PEOPLE; i++) {
        compared += !isnan(ours[i]);
        most = fmax(most, fabs(ours[i] - plain[i])); /* of an unknown: nothing */
    }
    for (int k = 0; k < rounds; k++) { /* in turn */
        double start = hra_seconds();
        HRA_TRY(score(e, s, columns, NULL, error));
        our_times[k] = hra_seconds() - start;
        start = hra_seconds();
        score_plainly(people, PEOPLE, plain);
        plain_times[k] = hra_seconds() - start;
    }
    double ours_rate = median_rate(our_times, rounds), plain_rate = median_rate(plain_times, rounds);
    printf(
        "{\"bench\":\"qrisk3\",\"what\":\"QRISK3, people in memory\",\"engine\":\"hra\",\"threads\":1,\"value\":%.0f,"
        "\"best\":%.0f,\"unit\":\"rows/s\"}\n",
        ours_rate, PEOPLE / our_times[0]);
    printf("{\"bench\":\"qrisk3\",\"what\":\"QRISK3, people in memory\",\"engine\":\"scalar "
           "C\",\"threads\":1,\"value\":%.0f,"
           "\"best\":%.0f,\"unit\":\"rows/s\",\"ratio\":%.4g}\n",
           plain_rate, PEOPLE / plain_times[0], ours_rate / plain_rate);
    printf("{\"bench\":\"qrisk3\",\"what\":\"largest difference of QRISK3\",\"engine\":\"scalar C\",\"value\":%.3g,"
           "\"unit\":\"risk\",\"compared\":%d,\"unlike\":%d}\n",
           most, compared, PEOPLE - compared);
    return HRA_OK;
}

static hra_code run(hra_library *library, hra_diagnostics *faults, int rounds, hra_error *error)
{
    static struct person people[PEOPLE];
    hra_sample *sample = NULL;
    engine e = {0};
    HRA_TRY(hra_library_add_builtin(library, faults, error));
    HRA_TRY(hra_library_check(library, faults, error));
    HRA_TRY(hra_sample_new(hra_library_dictionary(library), names, NAMES, PEOPLE, &sample, error));
    hra_code code = sample->schema.column_count == NAMES ? prepare(&e, library, sample, error)
                                                         : hra_fail(error, HRA_EUSAGE, "the dictionary lacks an input");
    for (int i = 0; i < PEOPLE && code == HRA_OK; i++) read_person(sample, i, &people[i]);
    if (code == HRA_OK) code = measure(&e, sample, people, rounds, error);
    dismiss(&e);
    hra_sample_free(sample);
    return code;
}

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? atoi(argv[1]) : 101;
    if (rounds < 1 || rounds > ROUNDS_MAX) {
        fprintf(stderr, "usage: bench_qrisk3 [ROUNDS]\n");
        return HRA_EUSAGE;
    }
    hra_error error = {0};
    hra_diagnostics *faults = hra_diagnostics_new();
    hra_library *library = hra_library_new();
    hra_code code = faults && library ? run(library, faults, rounds, &error) : HRA_ENOMEM;
    if (code != HRA_OK) fprintf(stderr, "bench_qrisk3: %s\n", error.message);
    hra_library_free(library);
    hra_diagnostics_free(faults);
    return code;
}
