/* The information list: measured values with their reference bands, then what was answered. */
#include <math.h>
#include <string.h>

#include "report/person/individual_parts.h"
#include "report/person/svg_course.h"

static void put_flag(hra_page *p, const hra_view_value *x)
{
    if (x->flag == HRA_VIEW_HIGH || x->flag == HRA_VIEW_LOW)
        hra_html(p->out, " <span class=fl>%s%s</span>", x->flag == HRA_VIEW_HIGH ? "▲" : "▼", x->flag_text);
    if (x->beyond_plausible > 0)
        hra_html(p->out, "<br><small>%s</small>", hra_text(p->words, "plausible.above"));
    else if (x->beyond_plausible < 0)
        hra_html(p->out, "<br><small>%s</small>", hra_text(p->words, "plausible.below"));
}

static void put_previous(hra_page *p, const hra_view_value *x)
{
    if (!*x->previous_text) return;
    hra_html_text(p->out, x->previous_text);
    if (!x->known || !*x->trend) return;
    hra_html(p->out, " <i>%s%s</i>", hra_page_trend_arrow(x->trend, x->change),
             strcmp(x->trend, "same") == 0 ? "" : x->trend_text);
}

static void put_course(hra_page *p, const hra_view_value *x)
{
    if (x->point_count == 0) return;
    if (*x->previous_text) hra_buffer_text(p->out, "<br>");
    hra_svg_course(p->out, x, hra_page_value_unit(p->words, x));
    hra_html(p->out, " <small>%s</small>", x->course_text);
}

static void put_measured(hra_page *p, const hra_view_value *x)
{
    bool off = x->flag == HRA_VIEW_HIGH || x->flag == HRA_VIEW_LOW;
    hra_html(p->out, off ? "<tr class=off><th scope=row>%s</th><td>" : "<tr><th scope=row>%s</th><td>", x->label);
    if (x->known) {
        hra_html(p->out, "<b>%s</b> %s", x->text, hra_page_value_unit(p->words, x));
        put_flag(p, x);
    } else {
        hra_html(p->out, "<i>%s</i>", *x->missing_text ? x->missing_text : hra_text(p->words, "report.no_value"));
    }
    hra_html(p->out, "</td><td>%s</td>", x->band);
    if (hra_view_looks_back(p->view)) {
        hra_buffer_text(p->out, "<td>");
        put_previous(p, x);
        put_course(p, x);
        hra_buffer_text(p->out, "</td>");
    }
    hra_buffer_text(p->out, "</tr>\n");
}

static void put_table(hra_page *p)
{
    const hra_words *w = p->words;
    hra_html(p->out,
             "<div class=measured><table class=values><thead><tr><th scope=col>%s</th><th scope=col>%s</th><th "
             "scope=col>%s</th>",
             hra_text(w, "report.values.item"), hra_text(w, "report.values.result"),
             hra_text(w, "report.values.reference"));
    if (hra_view_looks_back(p->view))
        hra_html(p->out, "<th scope=col>%s</th>",
                 hra_text(w, p->view->has_courses ? "report.values.earlier" : "report.values.previous"));
    hra_buffer_text(p->out, "</tr></thead><tbody>\n");
    for (int i = 0; i < p->view->value_count; i++)
        if (hra_page_value_place(&p->view->values[i]) == HRA_VALUE_MEASURED) put_measured(p, &p->view->values[i]);
    hra_buffer_text(p->out, "</tbody></table></div>\n");
}

static void put_known(hra_page *p, const hra_view_value *x)
{
    if (x->known)
        hra_html(p->out, "%s%s%s", x->text, *x->unit ? " " : "", hra_page_value_unit(p->words, x));
    else
        hra_html(p->out, "<i>%s</i>", *x->missing_text ? x->missing_text : hra_text(p->words, "report.no_value"));
}

static void put_answer(hra_page *p, const hra_view_value *x)
{
    hra_html(p->out, "<div><dt>%s</dt><dd>", x->label);
    put_known(p, x);
    if (*x->trend && strcmp(x->trend, "same") != 0)
        hra_html(p->out, " <i>%s%s</i>", hra_page_trend_arrow(x->trend, x->change), x->trend_text);
    hra_buffer_text(p->out, "</dd></div>");
}

static void put_answers(hra_page *p)
{
    hra_buffer_text(p->out, "<dl class=answers>");
    for (int i = 0; i < p->view->value_count; i++)
        if (hra_page_value_place(&p->view->values[i]) == HRA_VALUE_ANSWER) put_answer(p, &p->view->values[i]);
    hra_buffer_text(p->out, "</dl>\n");
}

/* All items of a place in one sentence; those answered with no by their names alone. */
static void put_sentence(hra_page *p, const char *key, hra_value_place place)
{
    bool any = false;
    for (int i = 0; i < p->view->value_count; i++) {
        const hra_view_value *x = &p->view->values[i];
        if (hra_page_value_place(x) != place) continue;
        if (!any) hra_html(p->out, "<p class=small><b>%s</b> ", hra_text(p->words, key));
        if (any) hra_buffer_text(p->out, " · ");
        any = true;
        hra_html_text(p->out, x->label);
        if (place == HRA_VALUE_NO) continue;
        hra_buffer_char(p->out, ' ');
        put_known(p, x);
    }
    if (any) hra_buffer_text(p->out, "</p>\n");
}

/* What was delivered empty is told in one sentence: missing, never normal. */
static void put_lacking(hra_page *p)
{
    const hra_person_view *v = p->view;
    if (v->lacking_count == 0) return;
    hra_html(p->out, "<p class=small><b>%s</b> ", hra_text(p->words, "report.values.blank"));
    hra_page_names(p, v->lacking, v->lacking_count);
    hra_buffer_text(p->out, "</p>\n");
}

void hra_page_values(hra_page *p)
{
    const hra_person_view *v = p->view;
    int answers = 0, measured = 0;
    for (int i = 0; i < v->value_count; i++)
        *(hra_page_value_place(&v->values[i]) == HRA_VALUE_MEASURED ? &measured : &answers) += 1;
    hra_buffer_text(p->out, "<section class=sheet>");
    hra_page_heading(p, 2, "values", hra_text(p->words, "report.values.title"));
    hra_html(p->out, "<p class=lead>%s</p>", hra_text(p->words, "report.values.lead"));
    if (v->has_courses)
        hra_html(p->out, "<p class=small>%s %s</p>", hra_text(p->words, "report.values.course"),
                 v->providers > 1 ? hra_text(p->words, "report.values.providers") : "");
    if (measured > 0) put_table(p);
    if (answers > 0) {
        hra_page_heading(p, 3, "answers", hra_text(p->words, "report.values.answers"));
        put_answers(p);
        put_sentence(p, "report.values.no", HRA_VALUE_NO);
        put_sentence(p, "report.values.registered", HRA_VALUE_REGISTERED);
    }
    put_lacking(p);
    hra_buffer_text(p->out, "</section>\n");
}
