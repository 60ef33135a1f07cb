/* Calibration plots: the observed risk of each tenth against the expected one, and the same as a table. */
#include <stdio.h>

#include "report/models/evaluation_parts.h"
#include "report/tools/html.h"
#include "report/tools/svg_axes.h"

enum { TENTHS = 10, WIDE = 340, HIGH = 320 };

typedef struct tenth {
    const hra_metric *observed, *expected;
} tenth;

/* The tenths that have both risks; with equal risks there are fewer than ten. */
static int find_tenths(const hra_evaluated *e, const hra_evaluated_part *part, tenth out[TENTHS])
{
    int count = 0;
    for (int i = 0; i < TENTHS; i++) {
        const hra_metric *observed = hra_evaluated_find(e, part, "tenth_observed", i + 1);
        const hra_metric *expected = hra_evaluated_find(e, part, "tenth_expected", i + 1);
        if (observed && expected && !isnan(expected->is.value)) out[count++] = (tenth){observed, expected};
    }
    return count;
}

static void put_points(const hra_svg_axes *axes, const tenth *tenths, int count, hra_buffer *out)
{
    for (int i = 0; i < count; i++) {
        const hra_estimate *is = &tenths[i].observed->is;
        double x = hra_svg_x(axes, tenths[i].expected->is.value);
        if (isnan(is->value)) continue;
        if (!isnan(is->lower) && !isnan(is->upper)) {
            double low = hra_svg_y(axes, is->lower), high = hra_svg_y(axes, is->upper);
            hra_html(out, "<path class=gw d=\"M%f %fV%fM%f %fh6M%f %fh6\" />", x, low, high, x - 3, low, x - 3, high);
        }
        hra_html(out, "<circle class=spot cx=%f cy=%f r=3.6 />", x, hra_svg_y(axes, is->value));
    }
}

static void put_plot(const hra_evaluated *e, const char *model, const tenth *tenths, int count, hra_buffer *out)
{
    double most = 0;
    for (int i = 0; i < count; i++) {
        const hra_estimate *observed = &tenths[i].observed->is;
        most = fmax(most, fmax(tenths[i].expected->is.value, fmax(observed->value, fmin(observed->upper, 1))));
    }
    hra_svg_axis axis = hra_svg_axis_over(0, most);
    hra_svg_axes axes = {axis, axis, WIDE, HIGH};
    hra_buffer name = {0};
    hra_text_fill(hra_text(e->words, "evaluation.calibration.plot"), &model, 1, &name);
    hra_svg_axes_put(out, &axes, name.bytes ? name.bytes : "", hra_text(e->words, "evaluation.expected"),
                     hra_text(e->words, "evaluation.observed"));
    out->failed |= name.failed;
    hra_buffer_destroy(&name);
    hra_html(out, "<path class=even d=\"M%f %fL%f %f\" />", hra_svg_x(&axes, 0), hra_svg_y(&axes, 0),
             hra_svg_x(&axes, axis.high), hra_svg_y(&axes, axis.high));
    put_points(&axes, tenths, count, out);
    hra_buffer_text(out, "</svg>\n");
}

static void put_table(const hra_evaluated *e, const tenth *tenths, int count, hra_buffer *out)
{
    char text[HRA_EVALUATION_TEXT];
    hra_html(out, "<table class=gtable><thead><tr><th scope=col>%s", hra_text(e->words, "evaluation.tenth"));
    hra_evaluation_put_column(hra_text(e->words, "evaluation.expected"), out);
    hra_evaluation_put_column(hra_text(e->words, "evaluation.observed"), out);
    hra_buffer_text(out, "</thead><tbody>\n");
    for (int i = 0; i < count; i++) {
        const hra_metric *expected = tenths[i].expected;
        hra_html(out, "<tr><th scope=row>%d<td class=n>%s<td class=n>", (int)expected->at,
                 hra_evaluation_number(expected->name, expected->is.value, text));
        hra_evaluation_put_estimate(e, tenths[i].observed, out);
        hra_buffer_char(out, '\n');
    }
    hra_buffer_text(out, "</tbody></table>");
}

/* The measures of calibration that belong beside the plot. */
static void put_measures(const hra_evaluated *e, const hra_evaluated_part *part, hra_buffer *out)
{
    static const char *const names[] = {"observed_expected", "calibration_intercept", "calibration_slope", "ici"};
    hra_buffer_text(out, "<dl class=beside>");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const hra_metric *m = hra_evaluated_find(e, part, names[i], NAN);
        if (!m) continue;
        hra_html(out, "<div><dt>%s<dd>", hra_evaluation_title(e, names[i]));
        hra_evaluation_put_estimate(e, m, out);
        hra_buffer_text(out, "</div>");
    }
    hra_buffer_text(out, "</dl>\n");
}

static bool put_model(const hra_evaluated *e, const hra_evaluated_part *part, bool first, double horizon,
                      hra_buffer *out)
{
    tenth tenths[TENTHS];
    int count = find_tenths(e, part, tenths);
    if (count == 0) return false;
    if (first) {
        hra_buffer_text(out, "<section class=\"sheet follows\">");
        hra_evaluation_put_heading(e, hra_text(e->words, "evaluation.calibration"), horizon, out);
        hra_html(out, "<p class=lead>%s</p>\n", hra_text(e->words, "evaluation.calibration.says"));
    }
    hra_html(out, "<div class=model><h3>%s</h3>\n<div class=gtwo><div>", part->of->model);
    put_plot(e, part->of->model, tenths, count, out);
    hra_buffer_text(out, "</div><div>");
    put_measures(e, part, out);
    put_table(e, tenths, count, out);
    hra_buffer_text(out, "</div></div></div>\n");
    return true;
}

void hra_evaluation_put_calibration(const hra_evaluated *e, double horizon, hra_buffer *out)
{
    bool any = false;
    for (int64_t i = 0; i < e->part_count; i++)
        if (hra_evaluated_whole(&e->parts[i], horizon)) any |= put_model(e, &e->parts[i], !any, horizon, out);
    if (any) hra_buffer_text(out, "</section>\n");
}
