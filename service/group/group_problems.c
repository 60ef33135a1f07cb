#include "service/group/group_problems.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "service/group/coverage.h"
#include "service/group/group_rows.h"

enum { KIND, INDICATOR, LEVEL, SEX, AGE, PEOPLE, KNOWN, COUNT, COLUMNS, MOST_ISSUES = 16 };

typedef struct pool {
    uint64_t yes, known;
} pool;

struct hra_group_problems {
    hra_problems_request request;
    int count;
    hra_problem *problems;
    double *means; /* of the group, by output */
    pool *pools;   /* [action][cell]: all groups */
    hra_group_rows *last_year;
    const char *issues[MOST_ISSUES];
    int issue_count;
};

/* ---- what is counted ------------------------------------------------------------- */

/* The first prevalence() of an action is its own output "ID.prevalence1" (or 2, where a mean stands before it). */
static int first_prevalence(const hra_output *outputs, int count, const char *id, int roster)
{
    for (int i = 0; i < count; i++)
        if (outputs[i].role == HRA_ROLE_AGGREGATE && outputs[i].kind == HRA_OUTPUT_FLAG && i != roster &&
            strcmp(outputs[i].owner, id) == 0)
            return i;
    return -1;
}

static void open_problem(hra_group_problems *p, int index)
{
    int outputs;
    const hra_output *all = hra_plan_outputs(p->request.plan, &outputs);
    hra_problem *one = &p->problems[index];
    const hra_declaration *d = hra_plan_action(p->request.plan, index);
    const char *sensitive = hra_declaration_text(d, "sensitive", "en");
    *one = (hra_problem){.action = d,
                         .index = index,
                         .roster = hra_plan_action_roster(p->request.plan, index),
                         .sensitive = sensitive && strcmp(sensitive, "true") == 0};
    one->output = first_prevalence(all, outputs, d->id, one->roster);
}

static bool speaks_for_all(const hra_group_problems *p, const hra_group *group, int output)
{
    const hra_coverage c = hra_coverage_of(p->request.summary, group, output);
    return hra_coverage_speaks_for_all(&c);
}

static bool is_half_decided(const hra_group_problems *p, const hra_group *group, int output)
{
    const hra_coverage c = hra_coverage_of(p->request.summary, group, output);
    return hra_coverage_is_half(&c);
}

static void pool_groups(hra_group_problems *p)
{
    for (int g = 0; g < hra_group_summary_count(p->request.summary); g++) {
        const hra_group *group = hra_group_summary_at(p->request.summary, g);
        for (int a = 0; a < p->count; a++) {
            if (p->problems[a].output < 0 || !speaks_for_all(p, group, p->problems[a].output)) continue;
            for (int c = 0; c < HRA_SUMMARY_CELLS; c++) {
                hra_summary_flag f = hra_group_flag(p->request.summary, group, p->problems[a].output, c);
                p->pools[a * HRA_SUMMARY_CELLS + c].yes += f.yes;
                p->pools[a * HRA_SUMMARY_CELLS + c].known += (uint64_t)f.yes + f.no;
            }
        }
    }
}

static const char *const last_year_columns[COLUMNS] = {"kind",     "indicator", "level", "sex",
                                                       "age_band", "people",    "known", "count"};

hra_code hra_group_problems_try(const char *last_year, hra_error *error)
{
    return hra_group_rows_try(last_year, last_year_columns, COLUMNS, error);
}

hra_code hra_group_problems_new(const hra_problems_request *request, hra_group_problems **out, hra_error *error)
{
    int outputs, count = hra_plan_action_count(request->plan);
    hra_plan_outputs(request->plan, &outputs);
    hra_group_problems *p = calloc(1, sizeof *p);
    if (!p) return hra_out_of_memory(error);
    p->request = *request;
    p->count = count;
    p->problems = calloc((size_t)count + 1, sizeof *p->problems);
    p->means = calloc((size_t)outputs + 1, sizeof *p->means);
    p->pools = calloc((size_t)count * HRA_SUMMARY_CELLS + 1, sizeof *p->pools);
    hra_code code = p->problems && p->means && p->pools ? HRA_OK : hra_out_of_memory(error);
    if (code == HRA_OK && request->last_year)
        code = hra_group_rows_open(request->last_year, last_year_columns, COLUMNS, &p->last_year, error);
    if (code != HRA_OK) {
        hra_group_problems_free(p);
        return code;
    }
    for (int a = 0; a < count; a++) open_problem(p, a);
    pool_groups(p);
    *out = p;
    return HRA_OK;
}

void hra_group_problems_free(hra_group_problems *problems)
{
    if (!problems) return;
    hra_group_rows_close(problems->last_year);
    free(problems->problems);
    free(problems->means);
    free(problems->pools);
    free(problems);
}

/* ---- standardised ---------------------------------------------------------------- */

static void strata_of(const hra_group_summary *summary, const hra_group *group, int output, const double *standard,
                      hra_stratum_count *strata)
{
    for (int c = 0; c < HRA_SUMMARY_CELLS; c++) {
        hra_summary_flag f = hra_group_flag(summary, group, output, c);
        strata[c] = (hra_stratum_count){f.yes, (uint64_t)f.yes + f.no, standard[c]};
    }
}

hra_standardised hra_group_standardise(const hra_group_summary *summary, const hra_group *group, int output,
                                       const double *standard)
{
    hra_stratum_count strata[HRA_SUMMARY_CELLS];
    strata_of(summary, group, output, standard, strata);
    return hra_standardise(strata, HRA_SUMMARY_CELLS);
}

/* Over the sexes and ages that both know. On the whole standard a group of young people would differ from the others by
 * its age, and one of men by its sex. */
static void compare(const hra_group_problems *p, const hra_group *group, const hra_problem *one,
                    const hra_stratum_count *with, hra_interval *share, hra_interval *less)
{
    hra_stratum_count own[HRA_SUMMARY_CELLS], other[HRA_SUMMARY_CELLS];
    strata_of(p->request.summary, group, one->output, p->request.standard, own);
    memcpy(other, with, sizeof other);
    for (int c = 0; c < HRA_SUMMARY_CELLS; c++)
        if (own[c].known == 0 || other[c].known == 0) own[c].weight = other[c].weight = 0;
    *share = hra_standardise(other, HRA_SUMMARY_CELLS).share;
    *less = hra_proportion_difference(hra_standardise(own, HRA_SUMMARY_CELLS).share, *share);
}

static void compare_others(const hra_group_problems *p, const hra_group *group, hra_problem *one)
{
    hra_stratum_count strata[HRA_SUMMARY_CELLS];
    for (int c = 0; c < HRA_SUMMARY_CELLS; c++) {
        const pool *all = &p->pools[one->index * HRA_SUMMARY_CELLS + c];
        hra_summary_flag own = hra_group_flag(p->request.summary, group, one->output, c);
        strata[c] = (hra_stratum_count){all->yes - own.yes, all->known - own.yes - own.no, p->request.standard[c]};
    }
    compare(p, group, one, strata, &one->others, &one->to_others);
}

static int cell_of(const char *sex, const char *age)
{
    for (int c = 0; c < HRA_SUMMARY_CELLS; c++)
        if (strcmp(sex, hra_summary_sex_names[c / HRA_SUMMARY_AGES]) == 0 &&
            strcmp(age, hra_summary_age_names[c % HRA_SUMMARY_AGES]) == 0)
            return c;
    return -1;
}

/* Last year's counts of the problem, on this year's standard; none if it was not decided for enough. That is computed
 * again: files of earlier builds do not say it. */
static void compare_last_year(const hra_group_problems *p, const hra_group *group, int rows, hra_problem *one)
{
    hra_stratum_count strata[HRA_SUMMARY_CELLS];
    for (int c = 0; c < HRA_SUMMARY_CELLS; c++) strata[c] = (hra_stratum_count){0, 0, p->request.standard[c]};
    hra_coverage all = {0, 0, 0};
    for (int r = 0; r < rows; r++) {
        const char *kind = hra_group_rows_cell(p->last_year, r, KIND);
        if (strcmp(hra_group_rows_cell(p->last_year, r, INDICATOR), one->action->id) != 0) continue;
        if (strcmp(kind, "undecided") == 0) return;
        if (strcmp(kind, "problem") != 0) continue;
        int cell = cell_of(hra_group_rows_cell(p->last_year, r, SEX), hra_group_rows_cell(p->last_year, r, AGE));
        double people = hra_group_rows_number(p->last_year, r, PEOPLE),
               known = hra_group_rows_number(p->last_year, r, KNOWN),
               yes = hra_group_rows_number(p->last_year, r, COUNT);
        if (cell < 0 || !(yes >= 0 && known >= yes && people >= known && people < 4e9)) continue;
        hra_coverage_add(&all, (uint64_t)people, (uint64_t)known);
        strata[cell].yes = (uint64_t)yes;
        strata[cell].known = (uint64_t)known;
    }
    if (!hra_coverage_speaks_for_all(&all)) return;
    compare(p, group, one, strata, &one->last_year, &one->to_last_year);
}

/* ---- one group ---------------------------------------------------------------------- */

static int by_share(const void *a, const void *b)
{
    const hra_problem *x = a, *y = b;
    double s = x->standardised.share.value, t = y->standardised.share.value;
    if (isnan(s) != isnan(t)) return isnan(s) - isnan(t);
    if (!isnan(s) && s != t) return s > t ? -1 : 1;
    if (x->total.yes != y->total.yes) return x->total.yes > y->total.yes ? -1 : 1;
    return x->index - y->index;
}

static int by_people(const void *a, const void *b)
{
    const hra_problem *x = a, *y = b;
    if (x->total.yes != y->total.yes) return x->total.yes > y->total.yes ? -1 : 1;
    return x->index - y->index;
}

static void rank(hra_group_problems *p)
{
    qsort(p->problems, (size_t)p->count, sizeof *p->problems, by_people);
    for (int a = 0; a < p->count; a++)
        p->problems[a].rank_people = p->problems[a].total.yes + p->problems[a].total.no > 0 ? a + 1 : 0;
    qsort(p->problems, (size_t)p->count, sizeof *p->problems, by_share);
    for (int a = 0; a < p->count; a++) p->problems[a].rank = isnan(p->problems[a].standardised.share.value) ? 0 : a + 1;
}

static void read_newsletters(hra_group_problems *p, int rows)
{
    p->issue_count = 0;
    for (int r = 0; r < rows && p->issue_count < MOST_ISSUES; r++)
        if (strcmp(hra_group_rows_cell(p->last_year, r, KIND), "newsletter") == 0)
            p->issues[p->issue_count++] = hra_group_rows_cell(p->last_year, r, INDICATOR);
}

hra_code hra_group_problems_of(hra_group_problems *problems, const hra_group *group, const hra_problem **list,
                               int *count, hra_error *error)
{
    hra_group_problems *p = problems;
    int outputs, rows = 0;
    const hra_interval unsaid = {NAN, NAN, NAN};
    hra_plan_outputs(p->request.plan, &outputs);
    for (int i = 0; i < outputs; i++) p->means[i] = hra_group_mean(p->request.summary, group, i);
    if (p->last_year) HRA_TRY(hra_group_rows_read(p->last_year, hra_group_name(group), &rows, error));
    for (int a = 0; a < p->count; a++) {
        hra_problem *one = &p->problems[a];
        one->due = hra_plan_action_due(p->request.plan, one->index, p->means) == 1 &&
                   (one->output < 0 || is_half_decided(p, group, one->output));
        one->decided = one->output >= 0 && speaks_for_all(p, group, one->output);
        one->total = one->output < 0 ? (hra_summary_flag){0, 0}
                                     : hra_group_flag(p->request.summary, group, one->output, HRA_SUMMARY_ALL);
        one->share = hra_proportion(one->total.yes, (uint64_t)one->total.yes + one->total.no);
        one->standardised = (hra_standardised){unsaid, 0};
        one->others = one->to_others = one->last_year = one->to_last_year = unsaid;
        if (!one->decided) continue;
        one->standardised = hra_group_standardise(p->request.summary, group, one->output, p->request.standard);
        compare_others(p, group, one);
        if (rows > 0) compare_last_year(p, group, rows, one);
    }
    rank(p);
    read_newsletters(p, rows);
    *list = p->problems;
    *count = p->count;
    return HRA_OK;
}

int hra_group_problems_newsletters(const hra_group_problems *problems, const char *const **ids)
{
    *ids = problems->issues;
    return problems->issue_count;
}
