/* The first sheet: whom it is about, five findings, three steps for the manager. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/group/group_report_parts.h"

enum { NAMED = 3 };

static void put_pair(const hra_group_paper *p, const char *label, const char *value)
{
    if (*value) hra_html(p->out, "<div><dt>%s</dt><dd>%s</dd></div>", label, value);
}

static void put_header(const hra_group_paper *p)
{
    const hra_words *w = p->words;
    const char *day = hra_figure_book_day(p->book);
    hra_html(p->out, "<header><div class=title><h1>%s</h1><p class=who><b>%s</b></p></div><dl>",
             hra_text(w, "group.title"), hra_figure_book_group(p->book));
    put_pair(p, hra_text(w, "report.as_of"), *day ? day : p->options->day);
    put_pair(p, hra_text(w, "group.edition"), hra_text(w, p->client ? "group.edition.client" : "group.edition.house"));
    put_pair(p, hra_text(w, "report.provider"), p->options->provider);
    hra_buffer_text(p->out, "</dl></header>\n");
    hra_html(p->out, "<p class=\"%s\">%s</p>\n", p->client ? "lead edition" : "edition house",
             hra_text(w, p->client ? "group.edition.client.says" : "group.edition.house.says"));
}

/* ---- findings in sentences -------------------------------------------------------------- */

static void sentence_people(const hra_group_paper *p)
{
    char all[HRA_GROUP_TEXT], women[HRA_GROUP_TEXT], men[HRA_GROUP_TEXT];
    double count[2] = {NAN, NAN}; /* not said unless there are such figures */
    const hra_figure *total = hra_figure_total(p->book, "people", "", "");
    bool told = total && !total->hidden, hidden = false;
    for (int sex = 0; sex < 2; sex++)
        for (int i = 0; i < hra_figure_book_count(p->book); i++) {
            const hra_figure *f = hra_figure_book_at(p->book, i);
            bool part = strcmp(f->kind, "people") == 0 && strcmp(f->sex, sex ? "male" : "female") == 0 &&
                        strcmp(f->age, "all") != 0;
            if (part) count[sex] = (isnan(count[sex]) ? 0 : count[sex]) + f->people;
            hidden = hidden || (part && f->hidden);
        }
    /* what is left out is not zero: a table may hold no line for a sex, and of some people the sex is unknown */
    hra_buffer_text(p->out, "<li>");
    if (told && !hidden && count[0] + count[1] == total->people)
        hra_group_say(p, hra_text(p->words, "group.says.people"), hra_group_whole(total->people, all),
                      hra_group_whole(count[0], women), hra_group_whole(count[1], men), NULL);
    else
        hra_group_say(p, hra_text(p->words, "group.says.people.all"),
                      hra_group_whole(total ? total->people : (double)NAN, all), NULL);
    hra_buffer_text(p->out, "</li>\n");
}

/* A list of problems with a share each: "smoking (33%), ..." */
static void put_names(const hra_group_paper *p, const hra_group_topic *const *list, int count, bool shares)
{
    char share[HRA_GROUP_TEXT];
    bool semicolons = false;
    for (int i = 0; i < count; i++) semicolons = semicolons || hra_text_holds_comma(list[i]->title);
    for (int i = 0; i < count; i++) {
        if (i) hra_html_text(p->out, hra_list_separator(p->words, semicolons));
        hra_html(p->out, "<b>%s</b>", list[i]->title);
        if (shares) hra_html(p->out, " %s", hra_group_percent(list[i]->total->share.value, share));
    }
}

/* The sentence's text up to its place, the names, the rest. */
static void put_named_sentence(const hra_group_paper *p, const char *text, const hra_group_topic *const *list,
                               int count, bool shares)
{
    const char *place = strstr(text, "{0}");
    if (!place) return;
    hra_html_text_n(p->out, text, (size_t)(place - text));
    put_names(p, list, count, shares);
    hra_html_text(p->out, place + 3);
}

static void sentence_top(const hra_group_paper *p)
{
    const hra_group_topic *list[NAMED];
    int count = 0;
    for (int i = 0; i < p->told && count < NAMED; i++)
        if (p->topics[i].total->share.value > 0) list[count++] = &p->topics[i];
    hra_buffer_text(p->out, "<li>");
    if (count)
        put_named_sentence(p, hra_text(p->words, "group.says.top"), list, count, true);
    else
        hra_html_text(p->out, hra_text(p->words, p->told ? "group.says.top.nobody" : "group.says.top.none"));
    hra_buffer_text(p->out, "</li>\n");
}

static double difference(const hra_group_topic *t, bool years)
{
    return fabs(years ? t->now - t->before : t->total->standardised.value - t->others);
}

/* The clearest differences in one direction, greatest first. */
static int clearest(const hra_group_paper *p, bool years, int sign, const hra_group_topic **list)
{
    int count = 0;
    for (int i = 0; i < p->told; i++) {
        const hra_group_topic *t = &p->topics[i];
        if ((years ? t->change : t->to_others) != sign) continue;
        int at = count < NAMED ? count++ : NAMED;
        for (; at > 0 && difference(list[at - 1], years) < difference(t, years); at--)
            if (at < NAMED) list[at] = list[at - 1];
        if (at < NAMED) list[at] = t;
    }
    return count;
}

static void sentence_compared(const hra_group_paper *p, bool years)
{
    static const char *const keys[] = {"group.says.others.more",   "group.says.others.less", "group.says.others.none",
                                       "group.says.others.unsaid", "group.says.years.more",  "group.says.years.less",
                                       "group.says.years.none",    "group.says.years.unsaid"};
    const char *const *key = keys + (years ? 4 : 0);
    const hra_group_topic *more[NAMED], *less[NAMED];
    int more_count = clearest(p, years, 1, more), less_count = clearest(p, years, -1, less), known = 0;
    for (int i = 0; i < p->told; i++) known += !isnan(years ? p->topics[i].before : p->topics[i].others);
    hra_buffer_text(p->out, "<li>");
    if (more_count) put_named_sentence(p, hra_text(p->words, key[0]), more, more_count, false);
    if (more_count && less_count) hra_group_put_space(p);
    if (less_count) put_named_sentence(p, hra_text(p->words, key[1]), less, less_count, false);
    if (more_count + less_count == 0) hra_html_text(p->out, hra_text(p->words, key[known ? 2 : 3]));
    hra_buffer_text(p->out, "</li>\n");
}

/* How many events are expected of a disease. */
static double events_of(const hra_group_paper *p, const char *role)
{
    const hra_figure *expected = hra_figure_total(p->book, "events", role, "expected");
    const hra_figure *risk = hra_figure_total(p->book, "risk", role, NULL);
    if (expected) return expected->mean;
    return risk && !risk->hidden ? risk->mean * (risk->from + risk->to) / 2 : (double)NAN;
}

static void sentence_events(const hra_group_paper *p)
{
    const hra_figure *worst = NULL;
    double most = 0;
    char n[HRA_GROUP_TEXT], events[HRA_GROUP_TEXT], number[HRA_GROUP_TEXT], horizon[HRA_GROUP_TEXT];
    for (int i = 0; i < hra_figure_book_count(p->book); i++) {
        const hra_figure *f = hra_figure_book_at(p->book, i);
        if (strcmp(f->kind, "risk") != 0 || strcmp(f->sex, "all") != 0 || strcmp(f->age, "all") != 0) continue;
        double expected = events_of(p, f->indicator);
        if (!(expected > most)) continue;
        worst = f;
        most = expected;
    }
    const hra_figure *gone = worst ? hra_figure_total(p->book, "events", worst->indicator, "prevented") : NULL;
    bool known = gone && gone->mean >= 0, of_all = known && gone->to >= worst->to;
    hra_buffer_text(p->out, "<li>");
    if (worst)
        hra_group_say(p,
                      hra_text(p->words, !known   ? "group.says.events"
                                         : of_all ? "group.says.events.prevent"
                                                  : "group.says.events.prevent.some"),
                      hra_group_known(worst, n), hra_group_disease(p, worst->indicator),
                      hra_group_expected(p, most, events), hra_group_horizon(p, worst->indicator, horizon),
                      known ? hra_group_expected(p, gone->mean, number) : "", NULL);
    else
        hra_html_text(p->out, hra_text(p->words, "group.says.events.none"));
    hra_buffer_text(p->out, "</li>\n");
}

/* ---- for the manager ---------------------------------------------------------------------- */

static int urgency(const hra_group_paper *p, const hra_figure *f)
{
    bool employer = strcmp(hra_group_text(p, f->indicator, "responsible", ""), "employer") == 0;
    return atoi(hra_group_text(p, f->indicator, "priority", "9")) + (employer ? 0 : 10);
}

/* Measures that are due: the employer's own first, then by priority, then in the order of rank. */
static int first_measures(const hra_group_paper *p, const hra_figure **list)
{
    int count = 0;
    for (int i = 0; i < hra_figure_book_count(p->book); i++) {
        const hra_figure *f = hra_figure_book_at(p->book, i);
        if (strcmp(f->kind, "measure") != 0) continue;
        int at = count < NAMED ? count++ : NAMED;
        for (; at > 0 && urgency(p, list[at - 1]) > urgency(p, f); at--)
            if (at < NAMED) list[at] = list[at - 1];
        if (at < NAMED) list[at] = f;
    }
    return count;
}

static void put_steps(const hra_group_paper *p)
{
    const hra_figure *list[NAMED];
    int count = first_measures(p, list);
    hra_html(p->out, "<h2>%s</h2>\n", hra_text(p->words, "group.steps"));
    if (count == 0) hra_html(p->out, "<p>%s</p>\n", hra_text(p->words, "group.steps.none"));
    if (count) hra_buffer_text(p->out, "<ol class=steps>");
    for (int i = 0; i < count; i++) {
        const char *id = list[i]->indicator, *who = hra_group_text(p, id, "responsible", "");
        hra_html(p->out, "<li><span class=no>%d</span><div><h3>%s</h3><p>%s</p><p class=goal>", i + 1,
                 hra_group_text(p, id, "title", id), hra_group_text(p, id, "measure", ""));
        hra_group_say(p, hra_text(p->words, "group.steps.who"), hra_text_of(p->words, "responsible", who, who),
                      hra_text_of(p->words, "effort", hra_group_text(p, id, "effort", ""), "–"), NULL);
        hra_buffer_text(p->out, "</p></div></li>\n");
    }
    if (count) hra_buffer_text(p->out, "</ol>\n");
}

void hra_group_put_summary(hra_group_paper *p)
{
    hra_buffer_text(p->out, "<section class=sheet>");
    put_header(p);
    hra_html(p->out, "<h2>%s</h2>\n<ol class=says>", hra_text(p->words, "group.says"));
    sentence_people(p);
    sentence_top(p);
    sentence_compared(p, false);
    sentence_compared(p, true);
    sentence_events(p);
    hra_buffer_text(p->out, "</ol>\n");
    put_steps(p);
    hra_buffer_text(p->out, "</section>\n");
}
