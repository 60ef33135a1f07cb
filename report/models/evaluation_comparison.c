/* Each model against the reference: a table for each measure, its differences as a forest plot. */
#include <stdio.h>
#include <string.h>

#include "report/models/evaluation_parts.h"
#include "report/tools/html.h"
#include "report/tools/svg_forest.h"

static bool is_comparison(const hra_evaluated_part *part, double horizon)
{
    return !*part->of->group && *part->of->other && hra_evaluated_at_horizon(part, horizon);
}

/* The p of a difference. */
static const hra_metric *find_p(const hra_evaluated *e, const hra_evaluated_part *part, const hra_metric *m)
{
    char name[HRA_EVALUATION_TEXT];
    snprintf(name, sizeof name, "%s_p", m->name);
    return hra_evaluated_find(e, part, name, NAN);
}

/* What a table is of; at: the threshold, NAN for none. */
typedef struct compared {
    const char *name;
    double at, horizon;
} compared;

static const hra_metric *find_compared(const hra_evaluated *e, const hra_evaluated_part *part, const compared *c)
{
    return hra_evaluated_find(e, part, c->name, c->at);
}

static void put_p(const hra_metric *p, hra_buffer *out)
{
    char text[HRA_EVALUATION_TEXT] = "–";
    if (p && p->is.value < 0.001)
        snprintf(text, sizeof text, "< 0.001");
    else if (p && !isnan(p->is.value))
        snprintf(text, sizeof text, "%.3f", p->is.value);
    hra_html(out, "<td class=n>%s", text);
}

static void put_head(const hra_evaluated *e, const compared *c, const hra_forest *forest, hra_buffer *out)
{
    char at[HRA_EVALUATION_TEXT];
    hra_html(out, "<table class=gtable><caption>%s", hra_evaluation_title(e, c->name));
    if (!isnan(c->at))
        hra_html(out, ", %s %s", hra_text(e->words, "evaluation.threshold"), hra_evaluation_plain(c->at, at));
    hra_html(out, "</caption><thead><tr><th scope=col>%s", hra_text(e->words, "evaluation.model"));
    hra_evaluation_put_column(hra_text(e->words, "evaluation.people"), out);
    hra_evaluation_put_column(hra_text(e->words, "evaluation.events"), out);
    hra_evaluation_put_column(hra_text(e->words, "evaluation.difference"), out);
    hra_evaluation_put_column("p", out);
    hra_forest_put_head(forest, out);
    hra_buffer_text(out, "</thead><tbody>\n");
}

/* One measure of all comparisons. */
static void put_measure(const hra_evaluated *e, const compared *c, hra_buffer *out)
{
    char people[HRA_EVALUATION_TEXT], events[HRA_EVALUATION_TEXT];
    hra_forest forest = hra_forest_new(false, 0);
    for (int64_t i = 0; i < e->part_count; i++)
        if (is_comparison(&e->parts[i], c->horizon)) hra_forest_include(&forest, find_compared(e, &e->parts[i], c));
    hra_forest_close(&forest);
    put_head(e, c, &forest, out);
    for (int64_t i = 0; i < e->part_count; i++) {
        const hra_evaluated_part *part = &e->parts[i];
        if (!is_comparison(part, c->horizon)) continue;
        const hra_metric *m = find_compared(e, part, c);
        hra_html(out, "<tr><th scope=row>%s<td class=n>%s<td class=n>%s", part->of->model,
                 hra_evaluation_count(part->of->people, people), hra_evaluation_count(part->of->events, events));
        hra_evaluation_put_cell(e, m, out);
        put_p(m ? find_p(e, part, m) : NULL, out);
        hra_forest_put_cell(&forest, m, out);
        hra_buffer_char(out, '\n');
    }
    hra_buffer_text(out, "</tbody></table>\n");
}

/* Of the first comparison that has the measure, its places (thresholds, or none at all). */
static void put_places(const hra_evaluated *e, const char *name, double horizon, hra_buffer *out)
{
    for (int64_t i = 0; i < e->part_count; i++) {
        bool any = false;
        for (int64_t k = e->parts[i].first; k < e->parts[i].end && is_comparison(&e->parts[i], horizon); k++) {
            const hra_metric *m = hra_metrics_at(e->metrics, k);
            if (strcmp(m->name, name) != 0) continue;
            put_measure(e, &(compared){name, m->at, horizon}, out);
            any = true;
        }
        if (any) return;
    }
}

static void put_lead(const hra_evaluated *e, const char *reference, hra_buffer *out)
{
    hra_buffer model = {0};
    hra_html_text(&model, reference);
    const char *other = model.bytes ? model.bytes : "";
    hra_buffer_text(out, "<p class=lead>");
    hra_text_fill(hra_text(e->words, "evaluation.comparison.says"), &other, 1, out);
    hra_buffer_text(out, "</p>\n");
    out->failed |= model.failed;
    hra_buffer_destroy(&model);
}

void hra_evaluation_put_comparison(const hra_evaluated *e, double horizon, hra_buffer *out)
{
    /* of reclassification the parts: their sum alone misleads */
    static const char *const measures[] = {"delta_c_harrell",
                                           "delta_c_uno",
                                           "delta_auc",
                                           "delta_brier",
                                           "delta_ipa",
                                           "delta_brier_scaled",
                                           "delta_ici",
                                           "delta_net_benefit",
                                           "idi",
                                           "nri_event",
                                           "nri_nonevent",
                                           "nri_continuous_event",
                                           "nri_continuous_nonevent"};
    const hra_metric_subject *first = NULL;
    for (int64_t i = 0; i < e->part_count && !first; i++)
        if (is_comparison(&e->parts[i], horizon)) first = e->parts[i].of;
    if (!first) return;
    hra_buffer_text(out, "<section class=\"sheet follows\">");
    hra_evaluation_put_heading(e, hra_text(e->words, "evaluation.comparison"), horizon, out);
    put_lead(e, first->other, out);
    for (size_t i = 0; i < sizeof measures / sizeof *measures; i++) put_places(e, measures[i], horizon, out);
    hra_buffer_text(out, "</section>\n");
}
