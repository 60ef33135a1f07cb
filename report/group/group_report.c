#include "report/group/group_report.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/group/group_report_parts.h"

struct hra_group_report {
    hra_group_report_options options;
    hra_buffer head;
};

/* ---- what the parts share ------------------------------------------------------------- */

void hra_group_say(const hra_group_paper *p, const char *text, ...)
{
    enum { MOST = 6 };
    const char *values[MOST];
    hra_buffer filled = {0};
    int count = 0;
    va_list list;
    va_start(list, text);
    for (const char *value; count < MOST && (value = va_arg(list, const char *)) != NULL;) values[count++] = value;
    va_end(list);
    hra_text_fill(text, values, count, &filled);
    if (filled.failed) p->out->failed = true;
    if (filled.bytes) hra_html_text_n(p->out, filled.bytes, filled.length);
    hra_buffer_destroy(&filled);
}

void hra_group_put_space(const hra_group_paper *p)
{
    if (strcmp(hra_words_language(p->words), "zh") != 0) hra_buffer_char(p->out, ' ');
}

const char *hra_group_text(const hra_group_paper *p, const char *id, const char *key, const char *otherwise)
{
    const hra_declaration *d = hra_library_find(p->library, id);
    const char *text = d ? hra_declaration_text(d, key, hra_words_language(p->words)) : NULL;
    return text ? text : otherwise;
}

const char *hra_group_disease(const hra_group_paper *p, const char *role)
{
    char key[HRA_GROUP_TEXT];
    snprintf(key, sizeof key, "%s.title", role);
    return hra_group_text(p, p->options->panel, key, role);
}

/* A catalogue text with one place filled. */
static const char *fill_one(const hra_group_paper *p, const char *key, const char *value, char out[HRA_GROUP_TEXT])
{
    const char *values[] = {value};
    hra_buffer filled = {0};
    hra_text_fill(hra_text(p->words, key), values, 1, &filled);
    snprintf(out, HRA_GROUP_TEXT, "%s", filled.bytes ? filled.bytes : "");
    if (filled.failed) p->out->failed = true;
    hra_buffer_destroy(&filled);
    return out;
}

const char *hra_group_age(const hra_group_paper *p, const char *band, char out[HRA_GROUP_TEXT])
{
    bool below = strncmp(band, "under ", 6) == 0, above = strstr(band, " and over") != NULL;
    if (!below && !above && strcmp(band, "unknown") == 0) return hra_text(p->words, "group.age.unknown");
    const char *key = below ? "group.age.under" : above ? "group.age.over" : "group.age.band";
    char limit[HRA_GROUP_TEXT];
    snprintf(limit, sizeof limit, "%.*s", (int)strcspn(below ? band + 6 : band, " "), below ? band + 6 : band);
    return fill_one(p, key, limit, out);
}

const char *hra_group_department(const hra_group_paper *p, const char *name)
{
    if (!*name) return hra_text(p->words, "group.department.none");
    return strcmp(name, "(others)") == 0 ? hra_text(p->words, "group.department.others") : name;
}

const char *hra_group_percent(double share, char out[HRA_GROUP_TEXT])
{
    double percent = 100 * share;
    bool whole = percent >= 9.95 || percent == 0;
    snprintf(out, HRA_GROUP_TEXT, percent > 0 && percent < 0.05 ? "<0.1%%" : "%.*f%%", whole ? 0 : 1, percent);
    return isnan(share) ? "–" : out;
}

const char *hra_group_range(double low, double high, char out[HRA_GROUP_TEXT])
{
    int digits = 100 * high < 9.95 ? 1 : 0;
    snprintf(out, HRA_GROUP_TEXT, "%.*f–%.*f%%", digits, 100 * low, digits, 100 * high);
    return isnan(low) ? "" : out;
}

const char *hra_group_whole(double value, char out[HRA_GROUP_TEXT])
{
    snprintf(out, HRA_GROUP_TEXT, "%.0f", value);
    return isnan(value) ? "–" : out;
}

const char *hra_group_expected(const hra_group_paper *p, double value, char out[HRA_GROUP_TEXT])
{
    char number[HRA_GROUP_TEXT];
    if (value > 0 && value < 0.5) return hra_text(p->words, "group.below_one");
    hra_group_whole(value, number);
    return value > 0 ? fill_one(p, "group.about", number, out) : strcpy(out, number);
}

const char *hra_group_horizon(const hra_group_paper *p, const char *role, char out[HRA_GROUP_TEXT])
{
    const hra_declaration *panel = hra_library_find(p->library, p->options->panel);
    double least = INFINITY, most = 0;
    char key[HRA_GROUP_TEXT], years[HRA_GROUP_TEXT];
    const char *model;
    for (int use = 1; panel; use++) {
        snprintf(key, sizeof key, "%s.use%d", role, use);
        if (!(model = hra_declaration_text(panel, key, "en"))) break;
        const hra_declaration *d = hra_library_find(p->library, model);
        const char *horizon = d ? hra_declaration_text(d, "horizon", "en") : NULL;
        double value = horizon ? strtod(horizon, NULL) : 0;
        if (!(value > 0)) return hra_text(p->words, "group.horizon.unknown");
        least = fmin(least, value);
        most = fmax(most, value);
    }
    if (most == 0) return hra_text(p->words, "group.horizon.unknown");
    snprintf(years, sizeof years, least < most ? "%g–%g" : "%g", least, most);
    return fill_one(p, "horizon.years", years, out);
}

const char *hra_group_known(const hra_figure *f, char out[HRA_GROUP_TEXT])
{
    if (isnan(f->from)) return "–";
    snprintf(out, HRA_GROUP_TEXT, f->to != f->from ? "%.0f–%.0f" : "%.0f", f->from, f->to);
    return out;
}

void hra_group_put_count(const hra_group_paper *p, const hra_figure *f)
{
    char count[HRA_GROUP_TEXT], known[HRA_GROUP_TEXT];
    hra_html(p->out, "<small>%s/%s</small>", hra_group_whole(f->count, count), hra_group_known(f, known));
}

void hra_group_put_share_cell(const hra_group_paper *p, const hra_figure *f)
{
    char share[HRA_GROUP_TEXT];
    if (f && f->hidden) {
        hra_html(p->out, "<td class=hid title=\"%s\">*</td>", hra_text(p->words, "group.hidden"));
        return;
    }
    if (!f || isnan(f->share.value)) {
        hra_buffer_text(p->out, "<td>–</td>");
        return;
    }
    hra_html(p->out, "<td>%s ", hra_group_percent(f->share.value, share));
    hra_group_put_count(p, f);
    hra_buffer_text(p->out, "</td>");
}

double hra_group_scale(double highest)
{
    double full = ceil(highest * 10 - 1e-9) / 10;
    return full < 0.1 ? 0.1 : full > 1 ? 1 : full;
}

/* ---- the document ------------------------------------------------------------------------ */

static bool make_head(hra_group_report *r)
{
    const char *language = hra_words_language(r->options.words);
    hra_html(&r->head,
             "<!doctype html>\n<html lang=\"%s\"><head><meta charset=utf-8><meta name=viewport "
             "content=\"width=device-width,initial-scale=1\"><meta name=robots content=noindex><meta "
             "name=referrer content=no-referrer><meta http-equiv=Content-Security-Policy content=\"default-src "
             "'none';style-src 'unsafe-inline'\"><style>",
             strcmp(language, "zh") == 0 ? "zh-CN" : language);
    bool ok =
        hra_html_style("datasets/report/style.css", &r->head) && hra_html_style("datasets/report/group.css", &r->head);
    hra_buffer_text(&r->head, "</style><title>");
    return ok && !r->head.failed;
}

static const char *or_empty(const char *text) { return text ? text : ""; }

hra_code hra_group_report_new(const hra_group_report_options *options, hra_group_report **out, hra_error *error)
{
    hra_group_report *r = calloc(1, sizeof *r);
    if (!r) return hra_out_of_memory(error);
    r->options = *options;
    r->options.provider = or_empty(options->provider);
    r->options.contact = or_empty(options->contact);
    r->options.day = or_empty(options->day);
    r->options.definitions_hash = or_empty(options->definitions_hash);
    if (make_head(r)) {
        *out = r;
        return HRA_OK;
    }
    hra_group_report_free(r);
    return hra_fail(error, HRA_ENOMEM, "out of memory for the report's head");
}

void hra_group_report_free(hra_group_report *report)
{
    if (!report) return;
    hra_buffer_destroy(&report->head);
    free(report);
}

bool hra_group_report_possible(const hra_group_report *report, const hra_figure_book *book)
{
    if (hra_figure_book_count(book) == 0) return false;
    const hra_figure *edition = hra_figure_total(book, "edition", NULL, NULL);
    return !report->options.client || (edition && !edition->hidden);
}

void hra_group_report_write(const hra_group_report *report, const hra_figure_book *book, hra_buffer *out)
{
    static void (*const sheets[])(hra_group_paper *) = {
        hra_group_put_summary, hra_group_put_people,  hra_group_put_problems, hra_group_put_findings,
        hra_group_put_risks,   hra_group_put_courses, hra_group_put_year,     hra_group_put_notes};
    hra_group_paper p = {.options = &report->options,
                         .library = report->options.library,
                         .words = report->options.words,
                         .book = book,
                         .client = report->options.client,
                         .out = out};
    hra_group_paper_topics(&p);
    hra_buffer_append(out, report->head.bytes, report->head.length);
    hra_html(out, "%s · %s</title></head><body><main>\n", hra_figure_book_group(book),
             hra_text(p.words, "group.title"));
    for (size_t i = 0; i < sizeof sheets / sizeof *sheets; i++) sheets[i](&p);
    hra_buffer_text(out, "</main></body></html>\n");
}
