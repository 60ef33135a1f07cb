#include "intake/quality/quality_drift.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/calendar.h"
#include "intake/profiles/history.h"

static bool is_number(const hra_variable *v) { return v->type == HRA_TYPE_MEASURE || v->type == HRA_TYPE_COUNT; }
static bool has_levels(const hra_variable *v) { return v->type == HRA_TYPE_FLAG || v->type == HRA_TYPE_CATEGORY; }

typedef struct comparison {
    const hra_quality_job *job;
    const hra_history_column *then;
    const hra_quality_column *now; /* NULL: there is no such column */
    int variable;
    hra_quality_findings *findings;
} comparison;

static hra_quality_finding *compare(const comparison *c, hra_quality_indicator indicator, double found, int64_t enough)
{
    const hra_quality_rule *worst = NULL;
    int at = 0;
    for (const hra_quality_rule *rule;
         (rule = hra_quality_rule_next(&c->job->policy, indicator, c->variable, &at)) != NULL;)
        if (enough >= rule->least && found > rule->limit && (!worst || rule->action >= worst->action)) worst = rule;
    hra_quality_finding *finding = worst ? hra_quality_find(c->findings, worst, c->variable, found, enough) : NULL;
    if (finding && c->now) finding->header = c->now->header;
    return finding;
}

static int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

static void compare_medians(const comparison *c, const hra_variable *v)
{
    const hra_history_column *then = c->then;
    if (!is_number(v) || isnan(then->median) || strcmp(then->unit, v->unit) != 0) return;
    double q25 = hra_tally_quantile(c->now->values, 0.25), q75 = hra_tally_quantile(c->now->values, 0.75);
    double median = hra_tally_quantile(c->now->values, 0.5);
    double spread = fmax((q75 - q25 + then->q75 - then->q25) / 2, pow(10, -v->decimals));
    double shift = fabs(median - then->median) / spread;
    hra_quality_finding *finding = compare(c, HRA_QUALITY_DRIFT_MEDIAN, shift, smaller(c->now->known, then->known));
    hra_quality_argue(finding, "%.4g", then->median);
    hra_quality_argue(finding, "%.4g", median);
    hra_quality_argue(finding, "%s", v->unit);
    hra_quality_argue(finding, "%.2f", shift);
}

static void compare_column(const comparison *c)
{
    const hra_variable *v = hra_dictionary_at(c->job->dictionary, c->variable);
    const hra_history_column *then = c->then;
    double filled = then->rows ? (double)then->known / (double)then->rows : 0;
    hra_quality_finding *finding;
    if (!c->now) {
        finding = compare(c, HRA_QUALITY_DRIFT_GONE, filled, then->rows);
        hra_quality_argue(finding, "%.0f %%", 100 * filled);
        return;
    }
    double share = c->now->rows ? (double)c->now->known / (double)c->now->rows : 0;
    finding = compare(c, HRA_QUALITY_DRIFT_MISSING, fabs(share - filled), smaller(c->now->rows, then->rows));
    hra_quality_argue(finding, "%.0f %%", 100 * (1 - filled));
    hra_quality_argue(finding, "%.0f %%", 100 * (1 - share));
    compare_medians(c, v);
    double index = is_number(v) || has_levels(v) ? hra_history_stability(then, c->now->values) : NAN;
    if (isnan(index) || strcmp(then->unit, v->unit) != 0) return;
    finding = compare(c, HRA_QUALITY_DRIFT_SHAPE, index, smaller(c->now->known, then->known));
    hra_quality_argue(finding, "%.2f", index);
}

hra_code hra_quality_drift(hra_quality_job *job, hra_quality_delivery *delivery)
{
    char day[HRA_DAY_TEXT];
    hra_history_day *last;
    hra_day_text(job->request->as_of, day);
    delivery->has_history = true;
    HRA_TRY(hra_history_last(job->request->history, delivery->provider, day, job->arena, &last, job->error));
    if (!last) return HRA_OK;
    delivery->earlier = last->day;
    for (int i = 0; i < last->count; i++) {
        comparison c = {.job = job,
                        .then = &last->columns[i],
                        .variable = hra_dictionary_find(job->dictionary, last->columns[i].variable),
                        .findings = &delivery->findings};
        if (c.variable < 0) continue; /* of another edition of the dictionary */
        for (int k = 0; k < delivery->column_count; k++)
            if (delivery->columns[k].variable == c.variable) c.now = &delivery->columns[k];
        compare_column(&c);
    }
    return delivery->findings.capacity < 0 ? hra_out_of_memory(job->error) : HRA_OK;
}

hra_code hra_quality_remember(hra_quality_job *job, const hra_quality_delivery *delivery)
{
    char day[HRA_DAY_TEXT];
    hra_history_day today = {.day = hra_day_text(job->request->as_of, day)};
    today.columns = hra_arena_alloc(job->arena, ((size_t)delivery->column_count + 1) * sizeof *today.columns);
    if (!today.columns) return hra_out_of_memory(job->error);
    for (int i = 0; i < delivery->file_count; i++)
        if (!delivery->files[i].not_read && !delivery->files[i].held) today.rows += delivery->files[i].kept;
    for (int i = 0; i < delivery->column_count; i++) {
        const hra_quality_column *from = &delivery->columns[i];
        const hra_variable *v = hra_dictionary_at(job->dictionary, from->variable);
        hra_history_column *to = &today.columns[today.count++];
        *to = (hra_history_column){.variable = v->name, .unit = v->unit, .rows = from->rows, .known = from->known};
        int64_t least = v->type == HRA_TYPE_DATE ? INT64_MAX : job->policy.quantiles_from; /* days stay here */
        if (!hra_history_summarise(from->values, has_levels(v), least, job->policy.hide_below, job->arena, to))
            return hra_out_of_memory(job->error);
    }
    hra_buffer text = {0};
    const char *folder = hra_history_folder(job->request->history, delivery->provider, job->arena);
    const char *path = folder ? hra_arena_printf(job->arena, "%s/%s.csv", folder, day) : NULL;
    hra_history_text(delivery->provider, &today, &text);
    return hra_quality_add_page(job, folder, path, &text);
}
