/* Decision curves: net benefit against the threshold, several models in one plot, and the same as a table. */
#include <stdio.h>
#include <string.h>

#include "report/models/evaluation_parts.h"
#include "report/tools/html.h"
#include "report/tools/svg_axes.h"

enum { CURVES = 6, WIDE = 340, HIGH = 250, MARKERS = 12 };

/* So many models fit into one plot; more make another one. */
typedef struct plot {
    const hra_evaluated *e;
    const hra_evaluated_part *parts[CURVES];
    int count;
    const hra_evaluated_part *list; /* whose thresholds, and whose people everybody is */
    hra_svg_axes axes;
} plot;

/* A model of nobody has no thresholds: the list is the first that has most. */
static void choose_list(plot *p)
{
    p->list = p->parts[0];
    for (int c = 1; c < p->count; c++)
        if (p->parts[c]->end - p->parts[c]->first > p->list->end - p->list->first) p->list = p->parts[c];
}

static const hra_metric *next_point(const plot *p, int64_t *at)
{
    while (*at < p->list->end) {
        const hra_metric *m = hra_metrics_at(p->e->metrics, (*at)++);
        if (strcmp(m->name, "net_benefit") == 0) return m;
    }
    return NULL;
}

static const hra_metric *benefit(const plot *p, int curve, double threshold)
{
    return hra_evaluated_find(p->e, p->parts[curve], "net_benefit", threshold);
}

static const hra_metric *benefit_of_all(const plot *p, double threshold)
{
    return hra_evaluated_find(p->e, p->list, "net_benefit_all", threshold);
}

static double value_of(const hra_metric *m) { return m ? m->is.value : (double)NAN; }

/* Acting on everybody soon costs far more than any model gains: of losses only a part is shown. */
static bool make_axes(plot *p)
{
    double left = NAN, right = NAN, most = NAN, least = 0;
    int64_t at = p->list->first;
    for (const hra_metric *m; (m = next_point(p, &at)) != NULL;) {
        left = fmin(left, m->at);
        right = fmax(right, m->at);
        most = fmax(most, value_of(benefit_of_all(p, m->at)));
        least = fmin(least, value_of(benefit_of_all(p, m->at)));
        for (int c = 0; c < p->count; c++) {
            most = fmax(most, value_of(benefit(p, c, m->at)));
            least = fmin(least, value_of(benefit(p, c, m->at)));
        }
    }
    if (isnan(left) || isnan(most)) return false;
    most = fmax(most, 1e-4);
    p->axes = (hra_svg_axes){hra_svg_axis_over(right > left ? left : 0, right),
                             hra_svg_axis_over(fmax(least, -0.3 * most), most), WIDE, HIGH};
    return true;
}

/* ---- drawing ---- */

static const char *const markers[CURVES] = {
    "M-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0z",
    "M-3-3h6v6h-6z",
    "M0-4l3.6 6.5h-7.2z",
    "M0-4l4 4-4 4-4-4z",
    "M0 4l3.6-6.5h-7.2z",
    "M-3.5-1h2.5v-2.5h2v2.5h2.5v2h-2.5v2.5h-2v-2.5h-2.5z",
};

static void put_line(const plot *p, int curve, const char *style, hra_buffer *out)
{
    bool on = false;
    int64_t at = p->list->first;
    hra_html(out, "<path class=\"%s\" d=\"", style);
    for (const hra_metric *m; (m = next_point(p, &at)) != NULL;) {
        double y = value_of(curve < 0 ? benefit_of_all(p, m->at) : benefit(p, curve, m->at));
        if (!isnan(y))
            hra_html(out, on ? "L%f %f" : "M%f %f", hra_svg_x(&p->axes, m->at), hra_svg_y_anywhere(&p->axes, y));
        on = !isnan(y);
    }
    hra_buffer_text(out, "\" />");
}

static void put_markers(const plot *p, int curve, int every, hra_buffer *out)
{
    int64_t at = p->list->first;
    int i = 0;
    for (const hra_metric *m; (m = next_point(p, &at)) != NULL; i++) {
        double y = value_of(benefit(p, curve, m->at));
        if (isnan(y) || y < p->axes.y.low || (i + curve) % every) continue;
        hra_html(out, "<path class=k%d transform=\"translate(%f %f)\" d=\"%s\" />", curve, hra_svg_x(&p->axes, m->at),
                 hra_svg_y(&p->axes, y), markers[curve]);
    }
}

static void put_plot(const plot *p, hra_buffer *out)
{
    const hra_words *w = p->e->words;
    int points = 0;
    int64_t at = p->list->first;
    while (next_point(p, &at)) points++;
    int every = (points + MARKERS - 1) / MARKERS;
    hra_svg_axes_put(out, &p->axes, hra_text(w, "evaluation.decision.plot"), hra_text(w, "evaluation.threshold"),
                     hra_text(w, "evaluation.measure.net_benefit"));
    hra_svg_axes_begin_inside(out, &p->axes);
    put_line(p, -1, "all", out);
    hra_html(out, "<path class=none d=\"M%f %fH%f\" />", hra_svg_x(&p->axes, p->axes.x.low), hra_svg_y(&p->axes, 0),
             hra_svg_x(&p->axes, p->axes.x.high));
    for (int c = 0; c < p->count; c++) {
        char style[24];
        snprintf(style, sizeof style, "curve k%d", c);
        put_line(p, c, style, out);
        put_markers(p, c, every, out);
    }
    hra_svg_axes_end_inside(out);
    hra_buffer_text(out, "</svg>\n");
}

static void put_key(const char *style, const char *marker, const char *name, hra_buffer *out)
{
    hra_html(out, "<li><svg class=key viewBox=\"0 0 40 10\" aria-hidden=true><path class=\"%s\" d=\"M1 5H39\" />",
             style);
    if (marker)
        hra_html(out, "<path class=\"%s\" transform=\"translate(20 5)\" d=\"%s\" />", strrchr(style, ' ') + 1, marker);
    hra_html(out, "</svg>%s", name);
}

/* What the curve of acting on everybody is called: models evaluated on other people have another one. */
static void put_name_of_all(const plot *p, hra_buffer *out)
{
    bool same = true;
    for (int c = 0; c < p->count; c++) same = same && p->parts[c]->of->people == p->list->of->people;
    hra_text_fill(same ? hra_text(p->e->words, "evaluation.all") : hra_text(p->e->words, "evaluation.all.of"),
                  &p->list->of->model, 1, out);
}

static void put_legend(const plot *p, hra_buffer *out)
{
    hra_buffer all = {0};
    hra_buffer_text(out, "<ul class=\"legend small\">");
    for (int c = 0; c < p->count; c++) {
        char style[24];
        snprintf(style, sizeof style, "curve k%d", c);
        put_key(style, markers[c], p->parts[c]->of->model, out);
    }
    put_name_of_all(p, &all);
    put_key("all", NULL, all.bytes ? all.bytes : "", out);
    out->failed |= all.failed;
    hra_buffer_destroy(&all);
    put_key("none", NULL, hra_text(p->e->words, "evaluation.none"), out);
    hra_buffer_text(out, "</ul>\n");
}

static void put_table(const plot *p, hra_buffer *out)
{
    char text[HRA_EVALUATION_TEXT];
    int64_t at = p->list->first;
    hra_html(out, "<table class=gtable><thead><tr><th scope=col>%s", hra_text(p->e->words, "evaluation.threshold"));
    for (int c = 0; c < p->count; c++) hra_html(out, "<th scope=col class=\"n long\">%s", p->parts[c]->of->model);
    hra_html(out, "<th scope=col class=\"n long\">%s</thead><tbody>\n", hra_text(p->e->words, "evaluation.all"));
    for (const hra_metric *m; (m = next_point(p, &at)) != NULL;) {
        hra_html(out, "<tr><th scope=row>%s", hra_evaluation_plain(m->at, text));
        for (int c = 0; c < p->count; c++) hra_evaluation_put_cell(p->e, benefit(p, c, m->at), out);
        hra_evaluation_put_cell(p->e, benefit_of_all(p, m->at), out);
        hra_buffer_char(out, '\n');
    }
    hra_buffer_text(out, "</tbody></table>\n");
}

static bool put_plot_and_table(plot *p, bool first, double horizon, hra_buffer *out)
{
    choose_list(p);
    if (!make_axes(p)) return false;
    if (first) {
        hra_buffer_text(out, "<section class=\"sheet follows\">");
        hra_evaluation_put_heading(p->e, hra_text(p->e->words, "evaluation.decision"), horizon, out);
        hra_html(out, "<p class=lead>%s</p>\n", hra_text(p->e->words, "evaluation.decision.says"));
    }
    hra_buffer_text(out, "<div class=model>");
    put_plot(p, out);
    put_legend(p, out);
    hra_buffer_text(out, "</div>\n");
    put_table(p, out);
    return true;
}

void hra_evaluation_put_decision(const hra_evaluated *e, double horizon, hra_buffer *out)
{
    plot p = {.e = e};
    bool any = false;
    for (int64_t i = 0; i < e->part_count; i++) {
        if (hra_evaluated_whole(&e->parts[i], horizon)) p.parts[p.count++] = &e->parts[i];
        if (p.count < CURVES && (i + 1 < e->part_count || p.count == 0)) continue;
        any |= put_plot_and_table(&p, !any, horizon, out);
        p.count = 0;
    }
    if (any) hra_buffer_text(out, "</section>\n");
}
