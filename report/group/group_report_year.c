/* The year: measures, lectures, newsletters, checkup items, and by what next year will be judged. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/group/group_report_parts.h"

static void put_head(const hra_group_paper *p, const char *const *columns, int count, int first_number)
{
    hra_buffer_text(p->out, "<table class=gtable><thead><tr>");
    for (int i = 0; i < count; i++)
        hra_html(p->out, i >= first_number ? "<th scope=col class=n>%s</th>" : "<th scope=col>%s</th>", columns[i]);
    hra_buffer_text(p->out, "</tr></thead><tbody>\n");
}

static const hra_figure *of_kind(const hra_group_paper *p, const char *kind, int *next)
{
    while (*next < hra_figure_book_count(p->book)) {
        const hra_figure *f = hra_figure_book_at(p->book, (*next)++);
        if (strcmp(f->kind, kind) == 0) return f;
    }
    return NULL;
}

/* How many are on the list; nothing in the client's edition. */
static void put_roster(const hra_group_paper *p, const char *id)
{
    char text[HRA_GROUP_TEXT];
    if (p->client) return;
    const hra_figure *f = hra_figure_total(p->book, "roster", id, NULL);
    hra_html(p->out, "<td class=n>%s</td>", f ? hra_group_whole(f->count, text) : "–");
}

static void put_measures(const hra_group_paper *p)
{
    const hra_words *w = p->words;
    const char *const columns[] = {hra_text(w, "group.column.problem"), hra_text(w, "group.column.measure"),
                                   hra_text(w, "group.column.responsible"), hra_text(w, "group.column.effort"),
                                   hra_text(w, "group.column.roster")};
    int next = 0, count = 0;
    hra_html(p->out, "<h3 id=measures>%s</h3>", hra_text(w, "group.measures"));
    for (const hra_figure *f; (f = of_kind(p, "measure", &next)) != NULL;) {
        const char *id = f->indicator, *who = hra_group_text(p, id, "responsible", "");
        if (!count++) put_head(p, columns, p->client ? 4 : 5, 4);
        hra_html(p->out, "<tr><th scope=row>%s</th><td>%s</td><td>%s</td><td>%s</td>",
                 hra_group_text(p, id, "title", id), hra_group_text(p, id, "measure", "–"),
                 hra_text_of(w, "responsible", who, who),
                 hra_text_of(w, "effort", hra_group_text(p, id, "effort", ""), "–"));
        put_roster(p, id);
        hra_buffer_text(p->out, "</tr>\n");
    }
    if (count)
        hra_buffer_text(p->out, "</tbody></table>\n");
    else
        hra_html(p->out, "<p>%s</p>\n", hra_text(w, "group.steps.none"));
}

/* Who gives a lecture stands in the house's table, if the provider's list of lectures was given. */
static bool knows_lecturers(const hra_group_paper *p)
{
    int next = 0;
    for (const hra_figure *f; (f = of_kind(p, "lecture", &next)) != NULL;)
        if (*f->level) return true;
    return false;
}

static void put_lectures(const hra_group_paper *p)
{
    const hra_words *w = p->words;
    bool lecturers = knows_lecturers(p);
    const char *const columns[] = {hra_text(w, "column.lecture"), hra_text(w, "group.column.problem"),
                                   hra_text(w, lecturers ? "group.column.specialty" : "group.column.audience"),
                                   hra_text(w, "group.column.audience")};
    int next = 0, count = 0;
    hra_html(p->out, "<h3 id=lectures>%s</h3>", hra_text(w, "group.lectures"));
    for (const hra_figure *f; (f = of_kind(p, "lecture", &next)) != NULL;) {
        if (!count++) put_head(p, columns, p->client ? 2 : 3 + lecturers, 2 + lecturers);
        hra_html(p->out, "<tr><th scope=row>%s</th><td>%s</td>",
                 hra_group_text(p, f->indicator, "lecture", f->indicator),
                 hra_group_text(p, f->indicator, "title", f->indicator));
        if (lecturers) hra_html(p->out, "<td>%s</td>", *f->level ? f->level : "–");
        put_roster(p, f->indicator);
        hra_buffer_text(p->out, "</tr>\n");
    }
    if (count)
        hra_html(p->out, "</tbody></table>\n<p class=small>%s</p>\n",
                 hra_text(w, p->client ? "group.lectures.key.client" : "group.lectures.key"));
    else
        hra_html(p->out, "<p>%s</p>\n", hra_text(w, "group.lectures.none"));
}

static void put_newsletters(const hra_group_paper *p)
{
    int next = 0, count = 0;
    for (const hra_figure *f; (f = of_kind(p, "newsletter", &next)) != NULL;) {
        if (!count++)
            hra_html(p->out, "<h3 id=newsletters>%s</h3><div class=quarters>", hra_text(p->words, "group.newsletters"));
        const char *quarter = strchr(f->level, 'Q');
        char year[HRA_GROUP_TEXT];
        snprintf(year, sizeof year, "%.*s", quarter ? (int)(quarter - f->level) : 0, f->level);
        hra_buffer_text(p->out, "<div class=tile><h3>");
        if (*year)
            hra_group_say(p, hra_text(p->words, "group.quarter"), year, quarter + 1, NULL);
        else
            hra_html_text(p->out, f->level);
        hra_html(p->out, "</h3><p>%s</p></div>", hra_group_text(p, f->indicator, "newsletter", f->indicator));
    }
    if (count) hra_buffer_text(p->out, "</div>\n");
    if (count && p->client) hra_html(p->out, "<p class=small>%s</p>\n", hra_text(p->words, "group.newsletters.key"));
}

/* Items of the next checkup, with how many people: what findings add to the packages, or what the packages hold. */
static void put_items(const hra_group_paper *p, bool additions)
{
    int next = 0, count = 0;
    char text[HRA_GROUP_TEXT];
    for (const hra_figure *f; (f = of_kind(p, "item", &next)) != NULL;) {
        if (!(f->count > 0) || !*hra_group_text(p, f->indicator, "package", "") != additions) continue;
        if (!count++)
            hra_html(p->out, "<h3 id=%s>%s</h3><dl class=items>", additions ? "additions" : "items",
                     hra_text(p->words, additions ? "group.items.additions" : "group.items.package"));
        hra_html(p->out, "<div><dt>%s</dt><dd>%s</dd></div>", hra_group_text(p, f->indicator, "title", f->indicator),
                 hra_group_whole(f->count, text));
    }
    if (count) hra_buffer_text(p->out, "</dl>\n");
}

enum { INDICATORS = 5 };

/* A share is clearly lower next year, of as many people, from here on. */
static double clearly_lower(const hra_figure *f)
{
    double n = (f->from + f->to) / 2, share = f->share.value;
    for (double lower = share; lower > 0; lower -= 0.001) {
        hra_interval difference = hra_proportion_difference(hra_proportion_wilson(lower, n), f->share);
        if (difference.high < 0) return lower;
    }
    return NAN;
}

static void put_indicators(const hra_group_paper *p)
{
    const hra_words *w = p->words;
    const char *const columns[] = {hra_text(w, "group.column.problem"), hra_text(w, "group.column.now"),
                                   hra_text(w, "group.column.target")};
    char share[HRA_GROUP_TEXT], range[HRA_GROUP_TEXT], target[HRA_GROUP_TEXT];
    if (p->told == 0) return;
    hra_html(p->out, "<h3 id=indicators>%s</h3>", hra_text(w, "group.indicators"));
    put_head(p, columns, 3, 1);
    for (int i = 0; i < p->told && i < INDICATORS; i++) {
        const hra_figure *f = p->topics[i].total;
        hra_html(p->out, "<tr><th scope=row>%s</th><td class=n>%s <small>%s</small></td><td class=n>",
                 p->topics[i].title, hra_group_percent(f->share.value, share),
                 hra_group_range(f->share.low, f->share.high, range));
        hra_group_say(p, hra_text(w, "group.indicators.below"), hra_group_percent(clearly_lower(f), target), NULL);
        hra_buffer_text(p->out, "</td></tr>\n");
    }
    hra_html(p->out, "</tbody></table>\n<p class=small>%s</p>\n", hra_text(w, "group.indicators.key"));
}

void hra_group_put_year(hra_group_paper *p)
{
    hra_html(p->out, "<section class=\"sheet follows\"><h2>%s</h2>\n", hra_text(p->words, "group.year"));
    put_measures(p);
    put_lectures(p);
    put_newsletters(p);
    if (!p->client) put_items(p, true);
    if (!p->client) put_items(p, false);
    put_indicators(p);
    hra_buffer_text(p->out, "</section>\n");
}
