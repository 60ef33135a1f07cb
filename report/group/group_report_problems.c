/* The problems ranked, compared with the other groups and with last year. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/group/group_report_parts.h"

enum { TEXT = 200 };

/* Groups are compared by the standardised share; where there is none the bar is paler and shows the plain one. */
static bool is_standardised(const hra_group_topic *t) { return !isnan(t->total->standardised.value); }

static hra_interval drawn_share(const hra_group_topic *t)
{
    return is_standardised(t) ? t->total->standardised : t->total->share;
}

static double highest_share(const hra_group_paper *p)
{
    double most = 0;
    for (int i = 0; i < p->told; i++) {
        hra_interval share = drawn_share(&p->topics[i]);
        most = fmax(most, isnan(share.high) ? share.value : share.high);
        if (!isnan(p->topics[i].others)) most = fmax(most, p->topics[i].others);
    }
    return hra_group_scale(most);
}

/* An arrow and a word: colour never stands alone. */
static void put_change(const hra_group_paper *p, double before, int sign)
{
    static const char *const keys[] = {"group.less", "", "group.more"};
    static const char *const arrows[] = {"▼", "＝", "▲"};
    static const char *const styles[] = {"v0", "v4", "v2"};
    char text[HRA_GROUP_TEXT];
    if (isnan(before)) {
        hra_buffer_text(p->out, "<td>–</td>");
        return;
    }
    hra_html(p->out, "<td class=cmp>%s <span class=%s>%s%s</span></td>", hra_group_percent(before, text),
             styles[sign + 1], arrows[sign + 1], *keys[sign + 1] ? hra_text(p->words, keys[sign + 1]) : "");
}

static void put_row(const hra_group_paper *p, const hra_group_topic *t, int rank, double full, bool others, bool years)
{
    const hra_figure *f = t->total;
    hra_interval drawn = drawn_share(t);
    char share[HRA_GROUP_TEXT], range[HRA_GROUP_TEXT], plain[HRA_GROUP_TEXT], title[TEXT];
    hra_html(p->out, "<tr><td class=n>%d</td><th scope=row>%s</th><td class=bar>", rank, t->title);
    snprintf(title, sizeof title, "%s %s (%s)", t->title, hra_group_percent(drawn.value, share),
             hra_group_range(drawn.low, drawn.high, range));
    hra_svg_group_bar(p->out, drawn, t->others, full, is_standardised(t) ? "gs" : "gu", title);
    if (is_standardised(t))
        hra_html(p->out, "</td><td><b>%s</b> <small>%s</small></td>", share, range);
    else
        hra_buffer_text(p->out, "</td><td>–</td>");
    hra_html(p->out, "<td class=n>%s ", hra_group_percent(f->share.value, plain));
    hra_group_put_count(p, f);
    hra_buffer_text(p->out, "</td>");
    if (others) put_change(p, t->others, t->to_others);
    if (years) put_change(p, t->before, t->change);
    hra_buffer_text(p->out, "</tr>\n");
}

static void put_ranked(const hra_group_paper *p)
{
    const hra_words *w = p->words;
    bool others = false, years = false;
    for (int i = 0; i < p->told; i++) {
        others = others || !isnan(p->topics[i].others);
        years = years || !isnan(p->topics[i].before);
    }
    double full = highest_share(p);
    hra_html(p->out,
             "<table class=gtable><thead><tr><td></td><th scope=col>%s</th><th scope=col class=scale>0 <span>%d%%"
             "</span></th><th scope=col>%s</th><th scope=col class=n>%s</th>",
             hra_text(w, "group.column.problem"), (int)(100 * full + 0.5), hra_text(w, "group.column.standardised"),
             hra_text(w, "group.column.count"));
    if (others) hra_html(p->out, "<th scope=col>%s</th>", hra_text(w, "group.column.others"));
    if (years)
        hra_html(p->out, "<th scope=col>%s</th>",
                 hra_text(w, p->client ? "group.column.before.client" : "group.column.before"));
    hra_buffer_text(p->out, "</tr></thead><tbody>\n");
    for (int i = 0; i < p->told; i++) put_row(p, &p->topics[i], i + 1, full, others, years);
    hra_html(p->out, "</tbody></table>\n<p class=small>%s</p>\n", hra_text(w, "group.problems.key"));
}

static bool unranked_hold_comma(const hra_group_paper *p, bool thin)
{
    bool holds = false;
    for (int i = p->told; i < p->topic_count; i++)
        holds = holds || (hra_group_is_thin(&p->topics[i]) == thin && hra_text_holds_comma(p->topics[i].title));
    return holds;
}

/* Problems without a rank, by name. */
static void put_unranked(const hra_group_paper *p, const char *text, bool thin)
{
    const char *separator = hra_list_separator(p->words, unranked_hold_comma(p, thin));
    int count = 0;
    for (int i = p->told; i < p->topic_count; i++) {
        const hra_group_topic *t = &p->topics[i];
        if (hra_group_is_thin(t) != thin) continue;
        if (!count++) {
            hra_html(p->out, "<p class=small>%s", text);
            hra_group_put_space(p);
        } else {
            hra_html_text(p->out, separator);
        }
        hra_html_text(p->out, t->title);
        if (!thin) continue;
        hra_buffer_char(p->out, ' ');
        hra_group_put_count(p, t->total);
    }
    if (count) hra_buffer_text(p->out, "</p>\n");
}

/* Two years of the problems that changed clearly, and then of the first ones. */
static void put_slopes(const hra_group_paper *p)
{
    hra_slope slopes[HRA_SLOPES];
    int count = 0;
    for (int clear = 1; clear >= 0; clear--)
        for (int i = 0; i < p->told && count < HRA_SLOPES; i++) {
            const hra_group_topic *t = &p->topics[i];
            if (!isnan(t->before) && !isnan(t->now) && (t->change != 0) == clear)
                slopes[count++] = (hra_slope){t->title, t->before, t->now, t->change};
        }
    if (count == 0) return;
    hra_html(p->out, "<h3 id=years>%s</h3>", hra_text(p->words, "group.years"));
    hra_svg_group_slopes(p->out, slopes, count, hra_text(p->words, "group.years.before"),
                         hra_text(p->words, "group.years.now"), hra_text(p->words, "group.years"));
    hra_html(p->out, "<p class=small>%s</p>\n",
             hra_text(p->words, p->client ? "group.years.key.client" : "group.years.key"));
}

void hra_group_put_problems(hra_group_paper *p)
{
    hra_html(p->out, "<section class=sheet><h2>%s</h2>\n<p class=lead>%s</p>\n", hra_text(p->words, "group.problems"),
             hra_text(p->words, "group.problems.lead"));
    if (p->told)
        put_ranked(p);
    else
        hra_html(p->out, "<p>%s</p>\n", hra_text(p->words, "group.says.top.none"));
    put_unranked(p, hra_text(p->words, "group.problems.thin"), true);
    put_unranked(p, hra_text(p->words, p->client ? "group.problems.hidden" : "group.problems.unknown"), false);
    put_slopes(p);
    hra_buffer_text(p->out, "</section>\n");
}
