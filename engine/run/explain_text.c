/* An explanation to be read: inputs, then one paragraph per step, sums as
 * tables, and the results with their status. Tables are at most as wide as
 * their longest term. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/run/explain_internal.h"
#include "engine/run/expression_text.h"

enum { NUMBER_WIDTH = 13 };

static void pad(hra_buffer *out, int width)
{
    for (int i = 0; i < width; i++) hra_buffer_char(out, ' ');
}

static void left(hra_buffer *out, const char *text, int width)
{
    hra_buffer_text(out, text);
    pad(out, width - (int)strlen(text));
}

static int widest(int width, const char *text)
{
    int length = text ? (int)strlen(text) : 0;
    return length > width ? length : width;
}

/* ---- head and inputs */

static void print_heading(const hra_explain_heading *h, hra_buffer *out)
{
    hra_buffer_printf(out, "%s\n", h->title ? h->title : h->id);
    if (h->title) hra_buffer_printf(out, "%s\n", h->id);
    for (int i = 0; i < h->source_count; i++) hra_buffer_printf(out, "%s\n", h->sources[i]);
}

static void print_inputs(const hra_explanation *e, hra_buffer *out)
{
    int width = 0;
    for (int i = 0; i < e->input_count; i++) width = widest(width, e->inputs[i].name);
    if (e->input_count > 0) hra_buffer_text(out, "\nInputs\n");
    for (int i = 0; i < e->input_count; i++) {
        const hra_explained_input *input = &e->inputs[i];
        hra_buffer_text(out, "  ");
        left(out, input->name, width + 2);
        if (input->level) {
            hra_buffer_text(out, input->level);
        } else if (isnan(input->value)) {
            hra_buffer_text(out, input->is_absent ? "not in the file" : "unknown");
        } else if (input->is_flag) {
            hra_expression_value(input->value, true, out);
        } else {
            hra_buffer_double(out, input->value);
            if (input->unit && input->unit[0]) hra_buffer_printf(out, " %s", input->unit);
        }
        hra_buffer_char(out, '\n');
    }
}

/* ---- sums */

/* Points are whole; anything else gets six places, and very small or large numbers an exponent. */
static void number_cell(hra_buffer *out, double value, bool whole)
{
    char cell[64];
    double size = fabs(value);
    if (value == 0) value = 0; /* no -0 */
    if (isnan(value))
        snprintf(cell, sizeof cell, "unknown");
    else if (whole)
        snprintf(cell, sizeof cell, "%.0f", value);
    else if (size != 0 && (size < 1e-4 || size >= 1e6))
        snprintf(cell, sizeof cell, "%.5e", value);
    else
        snprintf(cell, sizeof cell, "%.6f", value);
    pad(out, NUMBER_WIDTH - (int)strlen(cell));
    hra_buffer_text(out, cell);
}

static void short_cell(hra_buffer *out, bool there, double value, int width)
{
    hra_buffer cell = {0};
    if (value == 0) value = 0; /* no -0 */
    if (there) {
        if (width == NUMBER_WIDTH)
            hra_expression_value(value, false, &cell);
        else
            hra_buffer_double(&cell, value);
    }
    if (cell.failed) out->failed = true;
    pad(out, width - (int)cell.length);
    if (cell.length > 0) hra_buffer_append(out, cell.bytes, cell.length);
    hra_buffer_destroy(&cell);
}

static bool all_whole(const hra_explained_step *step)
{
    for (int i = 0; i < step->term_count; i++) {
        double x = step->terms[i].contribution;
        if (!isnan(x) && (x != floor(x) || fabs(x) >= 1e9)) return false;
    }
    return true;
}

static void print_terms(const hra_explained_step *step, hra_buffer *out)
{
    enum { COEFFICIENT_WIDTH = 24 };
    bool whole = all_whole(step);
    int width = 4;
    for (int i = 0; i < step->term_count; i++) width = widest(width, step->terms[i].text);
    hra_buffer_text(out, "    ");
    left(out, "term", width);
    hra_buffer_printf(out, "%*s%*s%*s%*s\n", NUMBER_WIDTH, "value", COEFFICIENT_WIDTH, "coefficient", NUMBER_WIDTH + 2,
                      "contribution", NUMBER_WIDTH + 2, "running sum");
    for (int i = 0; i < step->term_count; i++) {
        const hra_term *term = &step->terms[i];
        hra_buffer_text(out, "    ");
        left(out, term->text, width);
        short_cell(out, term->has_value, term->value, NUMBER_WIDTH);
        short_cell(out, term->has_coefficient, term->coefficient, COEFFICIENT_WIDTH);
        hra_buffer_text(out, "  ");
        number_cell(out, term->contribution, whole);
        hra_buffer_text(out, "  ");
        number_cell(out, term->sum, whole);
        hra_buffer_char(out, '\n');
    }
}

/* ---- steps */

static void print_step(const hra_explained_step *step, hra_buffer *out)
{
    hra_buffer_printf(out, "\n  %s", step->name);
    for (int i = 0; i < step->reason_count; i++)
        hra_buffer_printf(out, "%s%s", i == 0 ? "   [" : "; ", step->reasons[i]);
    hra_buffer_text(out, step->reason_count > 0 ? "]\n" : "\n");
    if (step->term_count > 0) {
        print_terms(step, out);
        return;
    }
    if (step->formula) hra_buffer_printf(out, "    = %s\n", step->formula);
    if (step->numbers) hra_buffer_printf(out, "    = %s\n", step->numbers);
    hra_buffer_text(out, "    = ");
    if (step->level)
        hra_buffer_text(out, step->level);
    else
        hra_expression_value(step->value, step->is_flag, out);
    hra_buffer_char(out, '\n');
}

/* ---- results */

static void print_result(const hra_explained_result *r, int width, hra_buffer *out)
{
    hra_buffer_text(out, "  ");
    left(out, r->name, width + 2);
    if (r->level)
        hra_buffer_text(out, r->level);
    else
        hra_expression_value(r->value, r->is_flag, out);
    if (r->unit[0] && !isnan(r->value)) hra_buffer_printf(out, " %s", r->unit);
    if (r->is_fraction && !isnan(r->value)) hra_buffer_printf(out, " (%.2f %%)", 100 * r->value);
    hra_buffer_printf(out, "   %s\n", r->status);
    for (int i = 0; i < r->cause_count; i++) {
        pad(out, width + 4);
        hra_buffer_printf(out, "because %s\n", r->causes[i]);
    }
}

void hra_explain_text(const hra_explain_heading *heading, const hra_explanation *explanation,
                      const hra_explained_result *results, int result_count, hra_buffer *out)
{
    int width = 0;
    print_heading(heading, out);
    print_inputs(explanation, out);
    if (explanation->step_count > 0) hra_buffer_text(out, "\nSteps\n");
    for (int i = 0; i < explanation->step_count; i++) print_step(&explanation->steps[i], out);
    hra_buffer_text(out, "\nResults\n");
    for (int i = 0; i < result_count; i++) width = widest(width, results[i].name);
    for (int i = 0; i < result_count; i++) print_result(&results[i], width, out);
}
