/* The diseases' risks, the tiers and packages. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/group/group_report_parts.h"

enum { TEXT = 200 };

static void put_bar_row(const hra_group_paper *p, const char *label, double count, hra_interval share,
                        const char *style)
{
    char number[HRA_GROUP_TEXT], percent[HRA_GROUP_TEXT], title[TEXT + HRA_GROUP_TEXT];
    hra_group_percent(share.value, percent);
    snprintf(title, sizeof title, "%.*s %s", TEXT - 2, label, percent);
    hra_html(p->out, "<tr><th scope=row>%s</th><td class=bar>", label);
    if (!isnan(share.value)) hra_svg_group_bar(p->out, share, NAN, 1, style, title);
    hra_html(p->out, "</td><td class=n>%s</td><td class=n>%s</td></tr>\n", percent, hra_group_whole(count, number));
}

static void put_hidden_row(const hra_group_paper *p, const char *label)
{
    hra_html(p->out, "<tr><th scope=row>%s</th><td class=hid colspan=3>* %s</td></tr>\n", label,
             hra_text(p->words, "group.hidden"));
}

/* Of all people, those of whom it is not known among them: in the house's file shares are over the known. */
static hra_interval share_of_all(const hra_group_paper *p, const hra_figure *f)
{
    return p->client ? f->share : hra_proportion((uint64_t)f->count, (uint64_t)f->people);
}

static void put_unknown_row(const hra_group_paper *p, const hra_figure *level)
{
    double unknown = level->people - level->from;
    if (unknown > 0)
        put_bar_row(p, hra_text(p->words, "group.level.unknown"), unknown,
                    (hra_interval){unknown / level->people, NAN, NAN}, "gu");
}

static const char *category_title(const hra_group_paper *p, const char *role, const char *level)
{
    char key[TEXT];
    if (strcmp(level, "unknown") == 0) return hra_text(p->words, "group.level.unknown");
    snprintf(key, sizeof key, "%s.%s.title", role, level);
    return hra_group_text(p, p->options->panel, key, hra_text_of(p->words, "category", level, level));
}

static void put_categories(const hra_group_paper *p, const char *role)
{
    const hra_figure *last = NULL;
    hra_html(p->out, "<table class=\"gtable levels\"><caption>%s</caption><tbody>\n",
             hra_text(p->words, "group.risks.categories"));
    for (int i = 0; i < hra_figure_book_count(p->book); i++) {
        const hra_figure *f = hra_figure_book_at(p->book, i);
        if (strcmp(f->kind, "category") != 0 || strcmp(f->indicator, role) != 0 || !hra_figure_is_total(f)) continue;
        const char *label = category_title(p, role, f->level);
        bool high = strcmp(f->level, "high") == 0, unknown = strcmp(f->level, "unknown") == 0;
        if (f->hidden)
            put_hidden_row(p, label);
        else
            put_bar_row(p, label, f->count, share_of_all(p, f), high ? "gh" : unknown ? "gu" : "gs");
        last = f;
    }
    if (last && !p->client) put_unknown_row(p, last);
    hra_buffer_text(p->out, "</tbody></table>\n");
}

/* The house's histogram in classes a reader can name. */
static void put_distribution(const hra_group_paper *p, const char *role)
{
    static const double limits[] = {0, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 2};
    enum { CLASSES = sizeof limits / sizeof *limits - 1 };
    double counts[CLASSES] = {0}, known = 0;
    char label[TEXT];
    for (int i = 0; i < hra_figure_book_count(p->book); i++) {
        const hra_figure *f = hra_figure_book_at(p->book, i);
        if (strcmp(f->kind, "risk_bin") != 0 || strcmp(f->indicator, role) != 0 || strncmp(f->level, ">=", 2) != 0)
            continue;
        double from = strtod(f->level + 2, NULL);
        for (int c = 0; c < CLASSES; c++)
            if (from >= limits[c] - 1e-9 && from < limits[c + 1] - 1e-9) counts[c] += f->count;
        known += f->count;
    }
    if (known <= 0) return;
    hra_html(p->out, "<table class=\"gtable levels\"><caption>%s</caption><tbody>\n",
             hra_text(p->words, "group.risks.distribution"));
    for (int c = 0; c < CLASSES; c++) {
        if (c == 0)
            snprintf(label, sizeof label, "<%g%%", 100 * limits[1]);
        else if (c == CLASSES - 1)
            snprintf(label, sizeof label, "≥%g%%", 100 * limits[c]);
        else
            snprintf(label, sizeof label, "%g–%g%%", 100 * limits[c], 100 * limits[c + 1]);
        put_bar_row(p, label, counts[c], (hra_interval){counts[c] / known, NAN, NAN}, "gs");
    }
    hra_buffer_text(p->out, "</tbody></table>\n");
}

/* What the sum over a group is made of, where the models of a disease count different things. */
static void put_outcome(const hra_group_paper *p, const char *role)
{
    char key[TEXT];
    snprintf(key, sizeof key, "%s.outcome", role);
    const char *text = hra_group_text(p, p->options->panel, key, "");
    if (*text) hra_html(p->out, "<p class=small>%s</p>\n", text);
}

/* Of fewer people than the risk itself, it is said of how many. */
static void put_prevented(const hra_group_paper *p, const hra_figure *risk)
{
    const hra_figure *left = hra_figure_total(p->book, "events", risk->indicator, "targets_met");
    const hra_figure *gone = hra_figure_total(p->book, "events", risk->indicator, "prevented");
    char number[HRA_GROUP_TEXT], share[HRA_GROUP_TEXT], people[HRA_GROUP_TEXT];
    if (!gone || !left || !(gone->mean + left->mean > 0)) return;
    bool of_all = gone->to >= risk->to;
    hra_group_put_space(p);
    hra_group_say(p, hra_text(p->words, of_all ? "group.risks.prevent" : "group.risks.prevent.some"),
                  hra_group_expected(p, gone->mean, number),
                  hra_group_percent(gone->mean / (gone->mean + left->mean), share), hra_group_known(gone, people),
                  NULL);
}

static void put_events(const hra_group_paper *p, const hra_figure *risk)
{
    const hra_figure *expected = hra_figure_total(p->book, "events", risk->indicator, "expected");
    double known = (risk->from + risk->to) / 2, events = expected ? expected->mean : risk->mean * known;
    char mean[HRA_GROUP_TEXT], number[HRA_GROUP_TEXT], people[HRA_GROUP_TEXT], horizon[HRA_GROUP_TEXT];
    hra_buffer_text(p->out, "<p>");
    hra_group_say(p, hra_text(p->words, "group.risks.mean"), hra_group_known(risk, people),
                  hra_group_percent(risk->mean, mean), hra_group_expected(p, events, number),
                  hra_group_horizon(p, risk->indicator, horizon), NULL);
    put_prevented(p, risk);
    hra_buffer_text(p->out, "</p>\n");
    put_outcome(p, risk->indicator);
}

/* Whether the risk is known of nobody: then there is nothing to divide into categories either. */
static bool is_unknown(const hra_group_paper *p, const hra_figure *risk)
{
    const hra_figure *unknown = hra_figure_total(p->book, "category", risk->indicator, "unknown");
    if (p->client) return unknown && !unknown->hidden && unknown->count >= unknown->people;
    return risk->from == 0;
}

static void put_disease(const hra_group_paper *p, const hra_figure *risk)
{
    hra_html(p->out, "<article class=risk><h3>%s</h3>\n", hra_group_disease(p, risk->indicator));
    if (is_unknown(p, risk)) {
        hra_html(p->out, "<p>%s</p></article>\n", hra_text(p->words, "group.risks.none"));
        return;
    }
    if (risk->hidden || isnan(risk->mean))
        hra_html(p->out, "<p>%s</p>\n", hra_text(p->words, risk->hidden ? "group.hidden" : "group.risks.none"));
    else
        put_events(p, risk);
    hra_html(p->out, "<div class=%s>", p->client ? "wide" : "gtwo");
    put_categories(p, risk->indicator);
    if (!p->client) put_distribution(p, risk->indicator);
    hra_buffer_text(p->out, "</div></article>\n");
}

/* ---- tiers ------------------------------------------------------------------------------ */

static void put_tier_row(const hra_group_paper *p, const hra_figure *f)
{
    char key[TEXT];
    snprintf(key, sizeof key, "%s.title", f->level);
    const char *label = strcmp(f->level, "unknown") == 0 ? hra_text(p->words, "group.level.unknown")
                                                         : hra_group_text(p, f->indicator, key, f->level);
    if (f->hidden)
        put_hidden_row(p, label);
    else if (strcmp(f->level, "unknown") != 0 || f->count > 0)
        put_bar_row(p, label, f->count, share_of_all(p, f), "gs");
}

static void put_tiers(const hra_group_paper *p)
{
    const char *open = NULL;
    const hra_figure *last = NULL;
    hra_html(p->out, "<h2>%s</h2>\n<div class=\"gtwo tiers\">", hra_text(p->words, "group.tiers"));
    for (int i = 0; i < hra_figure_book_count(p->book); i++) {
        const hra_figure *f = hra_figure_book_at(p->book, i);
        if (strcmp(f->kind, "tier") != 0 || !hra_figure_is_total(f)) continue;
        if (!open || strcmp(open, f->indicator) != 0) {
            if (last && !p->client) put_unknown_row(p, last);
            if (open) hra_buffer_text(p->out, "</tbody></table>\n");
            hra_html(p->out, "<table class=\"gtable levels\"><caption>%s</caption><tbody>\n",
                     hra_group_text(p, f->indicator, "title", f->indicator));
            open = f->indicator;
        }
        put_tier_row(p, f);
        last = f;
    }
    if (last && !p->client) put_unknown_row(p, last);
    if (open) hra_buffer_text(p->out, "</tbody></table>\n");
    hra_buffer_text(p->out, "</div>\n");
}

void hra_group_put_risks(hra_group_paper *p)
{
    hra_html(p->out, "<section class=\"sheet follows\"><h2>%s</h2>\n<p class=lead>%s</p>\n",
             hra_text(p->words, "group.risks"), hra_text(p->words, "group.risks.lead"));
    hra_html(p->out, "<div class=%s>", p->client ? "gtwo" : "wide");
    for (int i = 0; i < hra_figure_book_count(p->book); i++) {
        const hra_figure *f = hra_figure_book_at(p->book, i);
        if (strcmp(f->kind, "risk") == 0 && hra_figure_is_total(f)) put_disease(p, f);
    }
    hra_buffer_text(p->out, "</div>\n");
    put_tiers(p);
    hra_buffer_text(p->out, "</section>\n");
}
