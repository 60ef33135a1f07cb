#include "report/person/individual_page.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "engine/graph/scalar.h"
#include "report/person/individual_parts.h"

struct hra_individual {
    hra_individual_options options;
    hra_buffer head, drawings; /* before the title, and after it */
};

/* ---- what the parts share -------------------------------------------------------------- */

void hra_page_say(hra_page *page, const char *text, ...)
{
    enum { MOST = 4 };
    const char *values[MOST];
    int count = 0;
    va_list list;
    va_start(list, text);
    for (const char *value; count < MOST && (value = va_arg(list, const char *)) != NULL;) values[count++] = value;
    va_end(list);
    for (const char *open; (open = strchr(text, '{')) != NULL;) {
        int which = open[1] - '0';
        bool is_place = which >= 0 && which < count && open[2] == '}';
        hra_html_text_n(page->out, text, (size_t)(open - text));
        if (is_place)
            hra_html_text(page->out, values[which]);
        else
            hra_buffer_char(page->out, '{');
        text = open + (is_place ? 3 : 1);
    }
    hra_html_text(page->out, text);
}

void hra_page_heading(hra_page *page, int level, const char *id, const char *text)
{
    hra_html(page->out, "<h%d id=\"%s\">%s</h%d>\n", level, id, text, level);
}

void hra_page_day(hra_page *page, const char *day)
{
    if (!*day) return;
    hra_buffer_text(page->out, "<span class=nb>");
    hra_page_say(page, hra_text(page->words, "report.by"), day, NULL);
    hra_buffer_text(page->out, "</span>");
}

void hra_page_level(hra_page *page, hra_level_mark mark, const char *text)
{
    hra_html(page->out, "<span class=\"lv v%d\">", (int)mark);
    hra_svg_level(page->out, mark);
    hra_html(page->out, "%s</span>", text);
}

hra_level_mark hra_page_finding_mark(const hra_view_finding *finding)
{
    if (finding->answer == HRA_VIEW_UNKNOWN || finding->answer == HRA_VIEW_NOT_APPLICABLE) return HRA_LEVEL_UNKNOWN;
    if (finding->answer == HRA_VIEW_HAS_IT) return HRA_LEVEL_WATCH; /* as its disease is marked */
    if (finding->answer == HRA_VIEW_ABSENT) return HRA_LEVEL_GOOD;
    if (strcmp(finding->severity, "urgent") == 0) return HRA_LEVEL_URGENT;
    bool act = strcmp(finding->severity, "severe") == 0 || strcmp(finding->severity, "moderate") == 0;
    return act ? HRA_LEVEL_ACT : HRA_LEVEL_WATCH;
}

hra_level_mark hra_page_topic_mark(const hra_view_topic *topic)
{
    if (topic->at_target == HRA_VIEW_PRESENT) return HRA_LEVEL_GOOD;
    return topic->at_target == HRA_VIEW_ABSENT ? HRA_LEVEL_WATCH : HRA_LEVEL_UNKNOWN;
}

hra_level_mark hra_page_disease_mark(const hra_view_disease *disease)
{
    if (disease->not_applicable) return HRA_LEVEL_WATCH;
    if (disease->category_index < 0) return HRA_LEVEL_UNKNOWN;
    if (disease->category_index == 0) return HRA_LEVEL_GOOD;
    return disease->category_index == disease->category_count - 1 ? HRA_LEVEL_ACT : HRA_LEVEL_WATCH;
}

const char *hra_page_arrow(double change) { return change > 0 ? "↑" : change < 0 ? "↓" : "→"; }

const char *hra_page_trend_arrow(const char *trend, double change)
{
    return strcmp(trend, "same") == 0 ? "→" : hra_page_arrow(change);
}

hra_value_place hra_page_value_place(const hra_view_value *x)
{
    if (x->hidden) return HRA_VALUE_HIDDEN;
    if (strcmp(x->domain, "checkup") == 0) return HRA_VALUE_MEASURED;
    if (strcmp(x->domain, "membership") == 0) return HRA_VALUE_REGISTERED;
    bool changed = *x->trend && strcmp(x->trend, "same") != 0;
    return x->type == HRA_TYPE_FLAG && x->known && x->value == 0 && !changed ? HRA_VALUE_NO : HRA_VALUE_ANSWER;
}

bool hra_page_little_known(const hra_person_view *v) { return 2 * v->known_count < v->asked_count; }

bool hra_page_any_category(const hra_person_view *v)
{
    for (int i = 0; i < v->disease_count; i++)
        if (*v->diseases[i].category_text) return true;
    return false;
}

bool hra_page_helps(const hra_view_disease *d, const hra_view_what_if *step) { return step->risk < d->risk; }

bool hra_page_any_helps(const hra_view_disease *d)
{
    for (int i = 0; i < d->what_if_count; i++)
        if (hra_page_helps(d, &d->what_ifs[i])) return true;
    return false;
}

int hra_page_people(double share) { return share < 0.01 ? -1 : (int)fmin(hra_scalar_round(100 * share, 0), 100); }

const char *hra_page_value_unit(const hra_words *words, const hra_view_value *x)
{
    return hra_text_of(words, "unit_of", x->name, hra_text_of(words, "unit", x->unit, x->unit));
}

const char *hra_page_unit(const hra_page *page, const char *unit)
{
    return *unit ? hra_text_of(page->words, "unit", unit, unit) : "";
}

void hra_page_separator(hra_page *page, bool semicolons)
{
    hra_html_text(page->out, hra_list_separator(page->words, semicolons));
}

void hra_page_names(hra_page *page, const hra_view_name *names, int count)
{
    bool semicolons = hra_view_names_hold_comma(names, count);
    for (int i = 0; i < count; i++) {
        if (i > 0) hra_page_separator(page, semicolons);
        hra_html_text(page->out, names[i].label);
    }
}

int hra_page_advice_number(const hra_page *page, const hra_view_advice *advice)
{
    for (int i = 0; i < page->view->advice_count; i++)
        if (&page->view->advice[i] == advice) return i + 1;
    return 0;
}

/* ---- the document ------------------------------------------------------------------------ */

static bool make_head(hra_individual *f)
{
    const char *language = hra_words_language(f->options.words);
    hra_html(&f->head,
             "<!doctype html>\n<html lang=\"%s\"><head><meta charset=utf-8><meta name=viewport "
             "content=\"width=device-width,initial-scale=1\"><meta name=robots content=noindex><meta "
             "name=referrer content=no-referrer><meta http-equiv=Content-Security-Policy content=\"default-src "
             "'none';style-src 'unsafe-inline'\"><style>",
             strcmp(language, "zh") == 0 ? "zh-CN" : language);
    if (!hra_html_style("datasets/report/style.css", &f->head)) return false;
    hra_buffer_text(&f->head, "</style><title>");
    hra_buffer_text(&f->drawings, "</title></head><body>\n");
    hra_svg_definitions(&f->drawings);
    return !f->head.failed && !f->drawings.failed;
}

/* Whether there is so much to say that it is printed smaller, to stay within six sheets. */
static bool is_full(const hra_person_view *v)
{
    enum { MUCH = 28 };
    return v->advice_count + v->monitor_count + v->item_count / 2 > MUCH;
}

hra_code hra_individual_new(const hra_individual_options *options, hra_individual **out, hra_error *error)
{
    hra_individual *f = calloc(1, sizeof *f);
    if (!f) return hra_out_of_memory(error);
    f->options = *options;
    if (!f->options.provider) f->options.provider = "";
    if (!f->options.contact) f->options.contact = "";
    if (make_head(f)) {
        *out = f;
        return HRA_OK;
    }
    hra_individual_free(f);
    return hra_fail(error, HRA_ENOMEM, "out of memory for the report's head");
}

void hra_individual_free(hra_individual *individual)
{
    if (!individual) return;
    hra_buffer_destroy(&individual->head);
    hra_buffer_destroy(&individual->drawings);
    free(individual);
}

void hra_individual_write(const hra_individual *individual, const hra_person_view *view, const char *name,
                          hra_buffer *out)
{
    hra_page page = {.options = &individual->options,
                     .words = individual->options.words,
                     .view = view,
                     .name = name ? name : "",
                     .out = out};
    hra_buffer_append(out, individual->head.bytes, individual->head.length);
    hra_html_text(out, hra_text(page.words, "report.title"));
    hra_html(out, " · %s", view->key);
    hra_buffer_append(out, individual->drawings.bytes, individual->drawings.length);
    hra_buffer_text(out, is_full(view) ? "<main class=full>\n" : "<main>\n");
    if (view->urgent_count > 0) hra_page_urgent(&page);
    hra_page_summary(&page);
    hra_page_values(&page);
    hra_page_topics(&page);
    hra_page_diseases(&page);
    hra_page_plan(&page);
    hra_page_notes(&page);
    hra_buffer_text(out, "</main></body></html>\n");
}
