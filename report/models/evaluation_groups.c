/* A model in the groups of the cohort: discrimination and calibration in the large, as forest plots beside numbers. */
#include <string.h>

#include "report/models/evaluation_parts.h"
#include "report/tools/html.h"
#include "report/tools/svg_forest.h"

enum { MEASURES = 2 };

/* A model's measures in one group, or on the whole cohort. */
static bool is_of_model(const hra_evaluated_part *part, const char *model, double horizon)
{
    return !*part->of->other && strcmp(part->of->model, model) == 0 && hra_evaluated_at_horizon(part, horizon);
}

static void put_row(const hra_evaluated *e, const hra_evaluated_part *part, const char *const *measures,
                    const hra_forest *forests, hra_buffer *out)
{
    char people[HRA_EVALUATION_TEXT], events[HRA_EVALUATION_TEXT];
    bool whole = !*part->of->group;
    hra_html(out, whole ? "<tr class=whole><th scope=row>%s" : "<tr><th scope=row>%s",
             whole ? hra_text(e->words, "evaluation.everybody") : part->of->group);
    hra_html(out, "<td class=n>%s<td class=n>%s", hra_evaluation_count(part->of->people, people),
             hra_evaluation_count(part->of->events, events));
    for (int i = 0; i < MEASURES; i++) {
        const hra_metric *m = hra_evaluated_find(e, part, measures[i], NAN);
        hra_evaluation_put_cell(e, m, out);
        hra_forest_put_cell(&forests[i], m, out);
    }
    hra_buffer_char(out, '\n');
}

static void put_model(const hra_evaluated *e, const hra_evaluated_part *whole, double horizon, hra_buffer *out)
{
    const char *const measures[MEASURES] = {isnan(horizon) ? "auc" : "c_harrell", "observed_expected"};
    const char *model = whole->of->model;
    const hra_metric *of_all = hra_evaluated_find(e, whole, measures[0], NAN);
    hra_forest forests[MEASURES] = {hra_forest_new(false, of_all ? of_all->is.value : (double)NAN),
                                    hra_forest_new(true, 1)};
    for (int64_t p = 0; p < e->part_count; p++)
        for (int i = 0; i < MEASURES && is_of_model(&e->parts[p], model, horizon); i++)
            hra_forest_include(&forests[i], hra_evaluated_find(e, &e->parts[p], measures[i], NAN));
    hra_html(out, "<table class=gtable><caption>%s</caption><thead><tr><th scope=col>%s", model,
             hra_text(e->words, "evaluation.group"));
    hra_evaluation_put_column(hra_text(e->words, "evaluation.people"), out);
    hra_evaluation_put_column(hra_text(e->words, "evaluation.events"), out);
    for (int i = 0; i < MEASURES; i++) {
        hra_forest_close(&forests[i]);
        hra_evaluation_put_column(hra_evaluation_title(e, measures[i]), out);
        hra_forest_put_head(&forests[i], out);
    }
    hra_buffer_text(out, "</thead><tbody>\n");
    for (int64_t p = 0; p < e->part_count; p++)
        if (is_of_model(&e->parts[p], model, horizon)) put_row(e, &e->parts[p], measures, forests, out);
    hra_buffer_text(out, "</tbody></table>\n");
}

void hra_evaluation_put_groups(const hra_evaluated *e, double horizon, hra_buffer *out)
{
    bool any = false;
    for (int64_t p = 0; p < e->part_count && !any; p++)
        any = *e->parts[p].of->group && hra_evaluated_at_horizon(&e->parts[p], horizon);
    if (!any) return;
    hra_buffer_text(out, "<section class=\"sheet follows\">");
    hra_evaluation_put_heading(e, hra_text(e->words, "evaluation.groups"), horizon, out);
    hra_html(out, "<p class=lead>%s</p>\n", hra_text(e->words, "evaluation.groups.says"));
    for (int64_t p = 0; p < e->part_count; p++)
        if (hra_evaluated_whole(&e->parts[p], horizon)) put_model(e, &e->parts[p], horizon, out);
    hra_buffer_text(out, "</section>\n");
}
