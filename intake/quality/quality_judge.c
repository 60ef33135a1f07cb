/* What a policy finds in a file and its columns. */
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "base/plain_text.h"
#include "intake/quality/quality_internal.h"

enum { OLD_MONTHS = 24 }; /* before the day of a delivery */

/* ---- findings ------------------------------------------------------------------------------- */

hra_quality_finding *hra_quality_find(hra_quality_findings *findings, const hra_quality_rule *rule, int variable,
                                      double found, int64_t enough)
{
    if (findings->capacity < 0 || enough < rule->least || !(found > rule->limit)) return NULL;
    if (findings->count == findings->capacity) {
        int capacity = findings->capacity ? 2 * findings->capacity : 16;
        hra_quality_finding *grown = realloc(findings->items, (size_t)capacity * sizeof *grown);
        if (!grown) {
            findings->capacity = -1;
            return NULL;
        }
        findings->items = grown;
        findings->capacity = capacity;
    }
    hra_quality_finding *finding = &findings->items[findings->count++];
    *finding = (hra_quality_finding){.indicator = rule->indicator,
                                     .action = rule->action,
                                     .file = -1,
                                     .variable = variable,
                                     .found = found,
                                     .limit = rule->limit};
    return finding;
}

void hra_quality_argue(hra_quality_finding *finding, const char *format, ...)
{
    if (!finding || finding->argument_count == HRA_QUALITY_ARGUMENTS) return;
    char *argument = finding->arguments[finding->argument_count++];
    va_list list;
    va_start(list, format);
    vsnprintf(argument, HRA_QUALITY_ARGUMENT, format, list);
    va_end(list);
    hra_plain_text(argument);
}

static void argue_share(hra_quality_finding *finding, double share)
{
    double percent = 100 * share;
    if (percent > 0 && percent < 1)
        hra_quality_argue(finding, "%.2g %%", percent);
    else
        hra_quality_argue(finding, percent > 99 && percent < 100 ? "%.1f %%" : "%.0f %%", percent);
}

static void argue_count(hra_quality_finding *finding, int64_t count) { hra_quality_argue(finding, "%" PRId64, count); }

static double share(int64_t part, int64_t whole) { return whole > 0 ? (double)part / (double)whole : 0; }

typedef struct question {
    const hra_quality_job *job;
    const hra_quality_column *column;
    int file;
    bool checkup;
    hra_quality_findings *findings;
} question;

/* Of the rules of an indicator that were broken the gravest alone is a finding. */
static hra_quality_finding *find_worst(const hra_quality_job *job, hra_quality_findings *findings,
                                       hra_quality_indicator indicator, int variable, double found, int64_t enough)
{
    const hra_quality_rule *worst = NULL;
    int at = 0;
    for (const hra_quality_rule *rule; (rule = hra_quality_rule_next(&job->policy, indicator, variable, &at)) != NULL;)
        if (enough >= rule->least && found > rule->limit && (!worst || rule->action >= worst->action)) worst = rule;
    return worst ? hra_quality_find(findings, worst, variable, found, enough) : NULL;
}

static hra_quality_finding *ask(const question *q, hra_quality_indicator indicator, double found, int64_t enough)
{
    hra_quality_finding *finding = find_worst(q->job, q->findings, indicator, q->column->variable, found, enough);
    if (!finding) return NULL;
    finding->file = q->file;
    finding->header = q->column->header;
    return finding;
}

/* ---- columns: cells --------------------------------------------------------------------------- */

static void judge_cells(const question *q)
{
    const hra_quality_column *c = q->column;
    int64_t held = c->known + c->rejected;
    double missing = share(c->rows - c->known, c->rows);
    hra_quality_finding *finding = ask(q, HRA_QUALITY_MISSING, missing, c->rows);
    argue_share(finding, missing);
    argue_count(finding, c->rows);
    finding = ask(q, HRA_QUALITY_REJECTED, share(c->rejected, held), held);
    argue_count(finding, c->rejected);
    argue_count(finding, held);
    finding = ask(q, HRA_QUALITY_IMPLAUSIBLE, share(c->implausible, c->known), c->known);
    argue_count(finding, c->implausible);
    argue_count(finding, c->known);
    finding = ask(q, HRA_QUALITY_ZERO, share(c->zeros, c->rows), c->rows);
    argue_count(finding, c->zeros);
}

/* ---- columns: units --------------------------------------------------------------------------- */

static void argue_unit(hra_quality_finding *finding, const char *unit) { hra_quality_argue(finding, "%s", unit); }

static const char *unit_at(const hra_variable *v, int i) { return i == 0 ? v->unit : v->units[i - 1].unit; }

static void judge_mixed(const question *q, const hra_variable *v)
{
    const hra_quality_column *c = q->column;
    int64_t all = hra_tally_total(c->all), most = 0;
    const char *best = "";
    for (int i = 0; i <= v->unit_count; i++) {
        int64_t only = hra_quality_only_other(c->all, v, c->unit, unit_at(v, i));
        if (only <= most) continue;
        most = only;
        best = unit_at(v, i);
    }
    hra_quality_finding *finding = ask(q, HRA_QUALITY_UNIT_MIXED, share(most, all), all);
    argue_count(finding, most);
    argue_count(finding, all);
    argue_unit(finding, best);
    argue_unit(finding, c->unit);
}

/* The values as they stand against the plausible range in every unit of the variable; never applied. */
static void judge_unit(const question *q)
{
    const hra_quality_column *c = q->column;
    const hra_variable *v = hra_dictionary_at(q->job->dictionary, c->variable);
    int64_t all = hra_tally_total(c->all), best_count = -1;
    double low, high, best_low = 0, best_high = 0;
    const char *best = c->unit;
    if (v->unit_count == 0 || all == 0) return;
    int64_t declared = hra_quality_plausible(c->all, v, c->unit, &low, &high);
    for (int i = 0; i <= v->unit_count; i++) {
        double l, h;
        int64_t fitting = hra_quality_plausible(c->all, v, unit_at(v, i), &l, &h);
        if (fitting <= best_count) continue;
        best_count = fitting;
        best = unit_at(v, i);
        best_low = l;
        best_high = h;
    }
    double better = share(best_count, all) - share(declared, all);
    hra_quality_finding *finding = 2 * best_count >= all ? ask(q, HRA_QUALITY_UNIT, better, all) : NULL;
    if (!finding) {
        judge_mixed(q, v);
        return;
    }
    if (all >= q->job->policy.quantiles_from)
        hra_quality_argue(finding, "%.4g", hra_tally_quantile(c->all, 0.5));
    else
        hra_quality_argue(finding, "-");
    argue_share(finding, share(declared, all));
    hra_quality_argue(finding, "%s (%.4g-%.4g)", c->unit, low, high);
    argue_share(finding, share(best_count, all));
    hra_quality_argue(finding, "%s (%.4g-%.4g)", best, best_low, best_high);
}

/* ---- columns: digits, repeated values ------------------------------------------------------------ */

static int64_t digit_total(const int64_t digits[10])
{
    int64_t total = 0;
    for (int d = 0; d < 10; d++) total += digits[d];
    return total;
}

static void judge_digits(const question *q)
{
    const hra_quality_column *c = q->column;
    if (c->digit_decimals < 0) return;
    int64_t total = digit_total(c->digits), odd = 0;
    for (int d = 1; d < 10; d += 2) odd += c->digits[d];
    bool even = total > 0 && 20 * odd <= total;
    double zero = share(c->digits[0], total), round_share = share(c->digits[0] + c->digits[5], total);
    hra_quality_finding *finding = ask(q, HRA_QUALITY_DIGIT_ZERO, zero, total);
    argue_share(finding, zero);
    argue_count(finding, total);
    hra_quality_argue(finding, "%d %%", even ? 20 : 10);
    hra_quality_argue(finding, "%.1f", hra_quality_digit_chi2(c->digits, even));
    hra_quality_argue(finding, "%d", even ? 4 : 9);
    /* on a scale of few steps every value is round */
    bool wide = hra_tally_quantile(c->values, 0.5) * pow(10, c->digit_decimals) >= 10;
    finding = wide ? ask(q, HRA_QUALITY_HEAPING, round_share, total) : NULL;
    argue_share(finding, round_share);
    argue_count(finding, total);
    hra_quality_argue(finding, "%d", c->digit_decimals);
}

static void judge_constant(const question *q, const hra_variable *v)
{
    const hra_quality_column *c = q->column;
    const hra_tally_entry *entries;
    int count;
    if (v->type != HRA_TYPE_MEASURE && v->type != HRA_TYPE_COUNT) return;
    if (c->known == 0 || !hra_tally_finish(c->values, &entries, &count) || count != 1) return;
    argue_count(ask(q, HRA_QUALITY_CONSTANT, 1, c->known), c->known);
}

/* ---- columns: dates ---------------------------------------------------------------------------------- */

/* A risk of today needs values of today; a join leaves old rows out, a run of one file does not. */
static void judge_age_of_dates(const question *q, double as_of)
{
    char day[HRA_DAY_TEXT];
    const hra_quality_column *c = q->column;
    if (!q->checkup) return;
    double oldest = hra_day_add_months(as_of, -OLD_MONTHS);
    int64_t old = c->known - hra_tally_between(c->values, oldest, INFINITY);
    hra_quality_finding *finding = ask(q, HRA_QUALITY_OLD, share(old, c->known), c->known);
    argue_count(finding, old);
    argue_count(finding, c->known);
    hra_quality_argue(finding, "%s", hra_day_text(oldest, day));
}

static void judge_dates(const question *q)
{
    const hra_quality_column *c = q->column;
    double as_of = q->job->request->as_of;
    int months;
    hra_quality_finding *finding;
    if (c->known == 0) return;
    if (!isnan(as_of)) {
        char day[HRA_DAY_TEXT];
        int64_t later = c->known - hra_tally_between(c->values, -INFINITY, as_of);
        finding = ask(q, HRA_QUALITY_FUTURE, share(later, c->known), c->known);
        argue_count(finding, later);
        hra_quality_argue(finding, "%s", hra_day_text(as_of, day));
        judge_age_of_dates(q, as_of);
    }
    double top = hra_quality_top_share(c->values), first = hra_quality_january_first(c->values);
    finding = ask(q, HRA_QUALITY_ONE_DAY, top, c->known);
    argue_share(finding, top);
    argue_count(finding, c->known);
    finding = ask(q, HRA_QUALITY_JANUARY_FIRST, first, c->known);
    argue_share(finding, first);
    double early = hra_quality_early_days(c->values, &months);
    finding = months >= 6 ? ask(q, HRA_QUALITY_DATE_ORDER, early, c->known) : NULL;
    argue_share(finding, early);
    hra_quality_argue(finding, "%d", months);
}

static void judge_column(const hra_quality_job *job, const hra_quality_file *file, const hra_quality_column *column,
                         int index, hra_quality_findings *findings)
{
    question q = {job, column, index, job->request->inputs[file->input].checkup, findings};
    const hra_variable *v = hra_dictionary_at(job->dictionary, column->variable);
    judge_cells(&q);
    if (v->type == HRA_TYPE_MEASURE || v->type == HRA_TYPE_COUNT) judge_unit(&q);
    judge_digits(&q);
    judge_constant(&q, v);
    if (v->type == HRA_TYPE_DATE) judge_dates(&q);
}

/* ---- files --------------------------------------------------------------------------------------------- */

static hra_quality_finding *of_file(hra_quality_finding *finding, int index)
{
    if (finding) finding->file = index;
    return finding;
}

static bool has_column(const hra_dictionary *dictionary, const hra_quality_file *file, int variable)
{
    if (hra_dictionary_at(dictionary, variable)->type == HRA_TYPE_ID) return file->has_identifier;
    for (int i = 0; i < file->column_count; i++)
        if (file->columns[i].variable == variable) return true;
    return false;
}

static void judge_absent(const hra_quality_job *job, const hra_quality_file *file, const hra_quality_rule *rule,
                         int index, hra_quality_findings *findings)
{
    if (!job->request->inputs[file->input].checkup || has_column(job->dictionary, file, rule->variable) ||
        (rule->second >= 0 && has_column(job->dictionary, file, rule->second)))
        return;
    hra_quality_rule there = *rule; /* a column is there or not: no limit */
    there.limit = 0;
    of_file(hra_quality_find(findings, &there, rule->variable, 1, file->rows), index);
}

static void judge_rows(const hra_quality_job *job, const hra_quality_file *file, const hra_quality_rule *rule,
                       int index, hra_quality_findings *findings)
{
    int64_t part = 0, whole = file->rows;
    switch (rule->indicator) {
    case HRA_QUALITY_ABSENT: judge_absent(job, file, rule, index, findings); return;
    case HRA_QUALITY_DUPLICATES: part = file->duplicates; break;
    case HRA_QUALITY_ROWS_REJECTED: part = file->rows_rejected - file->duplicates; break;
    case HRA_QUALITY_SHORT_ROWS: part = file->short_rows; break;
    case HRA_QUALITY_DAMAGED: part = file->damaged; break;
    default: return;
    }
    hra_quality_finding *finding = of_file(hra_quality_find(findings, rule, -1, share(part, whole), whole), index);
    argue_count(finding, part);
    argue_count(finding, whole);
}

static void judge_shifted(const hra_quality_job *job, const hra_quality_file *file, int index,
                          hra_quality_findings *findings)
{
    hra_quality_finding *finding = of_file(
        find_worst(job, findings, HRA_QUALITY_SHIFTED, -1, share(file->shifted, file->rows), file->rows), index);
    argue_count(finding, file->shifted);
    argue_count(finding, file->rows);
}

void hra_quality_judge_file(const hra_quality_job *job, const hra_quality_file *file, int index,
                            hra_quality_findings *findings)
{
    for (int i = 0; i < job->policy.count; i++)
        if (job->policy.rules[i].action != HRA_QUALITY_OFF)
            judge_rows(job, file, &job->policy.rules[i], index, findings);
    judge_shifted(job, file, index, findings);
    for (int i = 0; i < file->pair_count; i++) {
        const hra_quality_pair *pair = &file->pairs[i];
        hra_quality_finding *finding = of_file(
            hra_quality_find(findings, pair->rule, pair->rule->variable, share(pair->wrong, pair->both), pair->both),
            index);
        if (finding) finding->header = file->columns[pair->first].header;
        argue_count(finding, pair->wrong);
        argue_count(finding, pair->both);
        hra_quality_argue(finding, "%s", file->columns[pair->second].header);
    }
    for (int i = 0; i < file->column_count; i++) judge_column(job, file, &file->columns[i], index, findings);
}
