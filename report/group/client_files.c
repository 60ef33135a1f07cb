/* The client edition of a group, and what the house notes about what is not in it. */
#include <math.h>
#include <string.h>

#include "base/calendar.h"
#include "report/group/group_page.h"

const char *const hra_client_csv_header =
    "group,as_of,kind,indicator,level,sex,age_band,department,people,numerator,denominator_from,denominator_to,share,"
    "low,high,mean,standardised,standardised_low,standardised_high,others,others_standardised,earlier_share,"
    "suppressed,reason\n";
const char *const hra_withheld_csv_header =
    "group,kind,indicator,level,sex,age_band,department,people,known,count,rule\n";

static void put_number(hra_buffer *out, double value, int digits)
{
    hra_buffer_char(out, ',');
    if (!isnan(value)) hra_buffer_printf(out, "%.*g", digits, value);
}

static void put_foreign(hra_buffer *out, const char *text) { hra_buffer_csv_foreign(out, text, strlen(text)); }

/* The client is told that a figure is not shown, never by which rule: that would say whether it is a small one. */
static const char *told_reason(hra_suppress_rule rule)
{
    switch (rule) {
    case HRA_SHOWN: return "";
    case HRA_HIDDEN_SMALL_GROUP: return "group too small";
    case HRA_HIDDEN_NO_GROUP: return "no group";
    case HRA_HIDDEN_EDITION: return hra_client_reason_edition;
    default: return "small numbers";
    }
}

static bool has_count(const hra_client_figure *f) { return strcmp(f->kind, "risk") != 0; }

static void put_what(const hra_client_figure *f, hra_buffer *out)
{
    hra_buffer_printf(out, ",%s,%s,%s,%s,%s,", f->kind, f->indicator, f->level, f->sex, f->age);
    put_foreign(out, f->department);
}

/* A group that gets no edition is not even told how many it is. */
static bool tells_people(const hra_client_figure *f) { return f->rule == HRA_SHOWN || strcmp(f->kind, "edition") != 0; }

static unsigned long long rounded(const hra_group_page *page, uint64_t count)
{
    return hra_client_rounded(page->book, count);
}

static void put_figure(const hra_group_page *page, const hra_client_figure *f, const char *as_of, hra_buffer *out)
{
    put_foreign(out, hra_group_name(page->group));
    hra_buffer_printf(out, ",%s", as_of);
    put_what(f, out);
    hra_buffer_char(out, ',');
    if (tells_people(f)) hra_buffer_printf(out, "%llu", rounded(page, f->people));
    if (f->rule == HRA_SHOWN && has_count(f))
        hra_buffer_printf(out, ",%llu", rounded(page, f->count));
    else
        hra_buffer_char(out, ',');
    if (f->rule == HRA_SHOWN)
        hra_buffer_printf(out, ",%llu,%llu", rounded(page, f->known_from), rounded(page, f->known_to));
    else
        hra_buffer_text(out, ",,");
    put_number(out, f->share.value, 4);
    put_number(out, f->share.low, 4);
    put_number(out, f->share.high, 4);
    put_number(out, f->mean, 3);
    put_number(out, f->standardised.value, 4);
    put_number(out, f->standardised.low, 4);
    put_number(out, f->standardised.high, 4);
    put_number(out, f->others, 4);
    put_number(out, f->others_standardised, 4);
    put_number(out, f->earlier, 4);
    hra_buffer_printf(out, ",%d,%s\n", f->rule != HRA_SHOWN, told_reason(f->rule));
}

/* A measure, a lecture or a topic: its name and nothing that is counted. */
static void put_named(const hra_group_page *page, const char *kind, const hra_problem *problem, const char *level,
                      const char *as_of, hra_buffer *out)
{
    if (!hra_group_page_tells(page, problem)) return;
    put_foreign(out, hra_group_name(page->group));
    hra_buffer_printf(out, ",%s,%s,%s,%s,all,all,all,,,,,,,,,,,,,,,0,\n", as_of, kind, problem->action->id, level);
}

static void put_programme(const hra_group_page *page, const char *as_of, hra_buffer *out)
{
    const hra_programme *p = page->programme;
    for (int i = 0; i < page->problem_count; i++)
        if (page->problems[i].due) put_named(page, "measure", &page->problems[i], "", as_of, out);
    for (int i = 0; i < p->lecture_count; i++) put_named(page, "lecture", p->lectures[i].problem, "", as_of, out);
    for (int i = 0; i < p->newsletter_count; i++)
        put_named(page, "newsletter", p->newsletters[i].problem, p->newsletters[i].quarter, as_of, out);
}

void hra_client_page_csv(const hra_group_page *page, hra_buffer *out)
{
    char day[HRA_DAY_TEXT];
    const char *as_of = hra_day_text(page->request->as_of, day);
    for (int i = 0; i < page->figure_count; i++) put_figure(page, &page->figures[i], as_of, out);
    if (page->figures[0].rule == HRA_SHOWN) put_programme(page, as_of, out);
}

/* For the house: the truth and the rule. */
void hra_withheld_page_csv(const hra_group_page *page, hra_buffer *out)
{
    for (int i = 0; i < page->figure_count; i++) {
        const hra_client_figure *f = &page->figures[i];
        hra_suppress_rule rule = f->rule != HRA_SHOWN ? f->rule : f->compared;
        if (rule == HRA_SHOWN) continue;
        put_foreign(out, hra_group_name(page->group));
        put_what(f, out);
        hra_buffer_printf(out, ",%u,%llu,%llu,", f->people, (unsigned long long)f->known, (unsigned long long)f->count);
        size_t start = out->length;
        hra_buffer_printf(out, "%s%s", f->rule == HRA_SHOWN ? "comparison: " : "", hra_suppress_reason(rule));
        hra_buffer_csv_since(out, start);
        hra_buffer_char(out, '\n');
    }
}

/* ---- JSON -------------------------------------------------------------------------------- */

static void put_json_figure(const hra_group_page *page, const hra_client_figure *f, hra_buffer *out)
{
    hra_buffer_printf(out, "\n{\"kind\":\"%s\",\"indicator\":\"%s\"", f->kind, f->indicator);
    const hra_declaration *d = *f->indicator ? hra_library_find(page->request->catalogue->library, f->indicator) : NULL;
    hra_json_text_of(out, page, d, "title");
    hra_buffer_printf(out, ",\"level\":\"%s\",\"sex\":\"%s\",\"age\":\"%s\",\"department\":", f->level, f->sex, f->age);
    hra_buffer_json(out, f->department);
    hra_buffer_printf(out, ",\"people\":%llu", rounded(page, f->people));
    if (f->rule != HRA_SHOWN) {
        hra_buffer_printf(out, ",\"suppressed\":true,\"reason\":\"%s\"}", told_reason(f->rule));
        return;
    }
    if (has_count(f)) hra_buffer_printf(out, ",\"count\":%llu", rounded(page, f->count));
    hra_buffer_printf(out, ",\"known_from\":%llu,\"known_to\":%llu", rounded(page, f->known_from),
                      rounded(page, f->known_to));
    if (!isnan(f->share.value)) hra_json_interval(out, "share", f->share);
    if (!isnan(f->mean)) hra_buffer_printf(out, ",\"mean\":%.3g", f->mean);
    if (!isnan(f->standardised.value)) hra_json_interval(out, "standardised", f->standardised);
    if (!isnan(f->others)) hra_buffer_printf(out, ",\"others\":%.4g", f->others);
    if (!isnan(f->others_standardised)) hra_buffer_printf(out, ",\"others_standardised\":%.4g", f->others_standardised);
    if (!isnan(f->earlier)) hra_buffer_printf(out, ",\"earlier_share\":%.4g", f->earlier);
    hra_buffer_char(out, '}');
}

/* One entry of a list of measures, lectures or topics. */
static void put_offer(const hra_group_page *page, const hra_problem *problem, const char *const *keys, int count,
                      bool *first, hra_buffer *out)
{
    hra_buffer_printf(out, "%s{\"id\":\"%s\"", *first ? "" : ",", problem->action->id);
    for (int k = 0; k < count; k++) hra_json_text_of(out, page, problem->action, keys[k]);
    hra_buffer_char(out, '}');
    *first = false;
}

static void put_offers(const hra_group_page *page, hra_buffer *out)
{
    static const char *const measure[] = {"title", "measure", "responsible", "effort"};
    static const char *const lecture[] = {"lecture"}, *const newsletter[] = {"newsletter"};
    const hra_programme *p = page->programme;
    bool first = true;
    hra_buffer_text(out, ",\"measures\":[");
    for (int i = 0; i < page->problem_count; i++)
        if (page->problems[i].due && hra_group_page_tells(page, &page->problems[i]))
            put_offer(page, &page->problems[i], measure, 4, &first, out);
    hra_buffer_text(out, "],\"lectures\":[");
    first = true;
    for (int i = 0; i < p->lecture_count; i++)
        if (hra_group_page_tells(page, p->lectures[i].problem))
            put_offer(page, p->lectures[i].problem, lecture, 1, &first, out);
    hra_buffer_text(out, "],\"newsletters\":[");
    first = true;
    for (int i = 0; i < p->newsletter_count; i++)
        if (hra_group_page_tells(page, p->newsletters[i].problem))
            put_offer(page, p->newsletters[i].problem, newsletter, 1, &first, out);
    hra_buffer_char(out, ']');
}

void hra_client_page_json(const hra_group_page *page, hra_buffer *out)
{
    const hra_client_figure *edition = &page->figures[0];
    hra_buffer_text(out, "\n{\"group\":");
    hra_buffer_json(out, hra_group_name(page->group));
    if (edition->rule != HRA_SHOWN) {
        hra_buffer_printf(out, ",\"suppressed\":true,\"reason\":\"%s\"}", told_reason(edition->rule));
        return;
    }
    hra_buffer_printf(out, ",\"people\":%llu,\"figures\":[", rounded(page, edition->people));
    for (int i = 1; i < page->figure_count; i++) {
        if (i > 1) hra_buffer_char(out, ',');
        put_json_figure(page, &page->figures[i], out);
    }
    hra_buffer_char(out, ']');
    put_offers(page, out);
    hra_buffer_char(out, '}');
}
