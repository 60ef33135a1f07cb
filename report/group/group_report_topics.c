/* Which problems a group has, ranked, with what they are compared with. */
#include <math.h>
#include <string.h>

#include "report/group/group_report_parts.h"

static double first_known(double a, double b) { return isnan(a) ? b : a; }

bool hra_group_is_thin(const hra_group_topic *t)
{
    const hra_figure *f = t->total;
    return t->undecided || (!f->hidden && f->to > 0 && 3 * (f->from + f->to) < 4 * f->people);
}

/* Below zero: not ranked, those that are thin before those that are not told. */
static double rank_of(const hra_group_topic *t)
{
    if (hra_group_is_thin(t)) return -0.5;
    return t->total->hidden ? -1 : first_known(first_known(t->total->standardised.value, t->total->share.value), -1);
}

/* Intervals decide whether a difference is clear. */
static int sign_of(hra_interval difference) { return difference.low > 0 ? 1 : difference.high < 0 ? -1 : 0; }

static void compare_in_house(const hra_group_paper *p, hra_group_topic *t)
{
    const hra_figure *others = hra_figure_total(p->book, "other_groups", t->id, NULL);
    const hra_figure *less_others = hra_figure_total(p->book, "less_other_groups", t->id, NULL);
    const hra_figure *before = hra_figure_total(p->book, "last_year", t->id, NULL);
    const hra_figure *less_before = hra_figure_total(p->book, "less_last_year", t->id, NULL);
    if (others) t->others = others->standardised.value;
    if (less_others) t->to_others = sign_of(less_others->standardised);
    if (before) t->before = before->standardised.value;
    if (less_before) t->change = sign_of(less_before->standardised);
    t->now = t->total->standardised.value;
}

/* The client's own figures, and nothing else. Of last year only the share is told: its interval is taken to be that of
 * as many people. */
static void compare_for_client(hra_group_topic *t)
{
    const hra_figure *f = t->total;
    hra_interval earlier = hra_proportion_wilson(f->earlier, (f->from + f->to) / 2);
    t->others = f->others;
    if (!isnan(f->others))
        t->to_others = f->standardised.low > f->others ? 1 : f->standardised.high < f->others ? -1 : 0;
    t->before = f->earlier;
    t->now = f->share.value;
    if (!isnan(f->earlier) && !isnan(f->share.value)) t->change = sign_of(hra_proportion_difference(f->share, earlier));
}

static void add_topic(hra_group_paper *p, const hra_figure *f)
{
    if (p->topic_count == HRA_GROUP_TOPICS) return;
    hra_group_topic t = {.id = f->indicator,
                         .title = hra_group_text(p, f->indicator, "title", f->indicator),
                         .total = f,
                         .undecided = hra_figure_total(p->book, "undecided", f->indicator, NULL) != NULL,
                         .others = NAN,
                         .before = NAN,
                         .now = NAN};
    if (p->client)
        compare_for_client(&t);
    else
        compare_in_house(p, &t);
    int at = p->topic_count++;
    for (; at > 0 && rank_of(&p->topics[at - 1]) < rank_of(&t); at--) p->topics[at] = p->topics[at - 1];
    p->topics[at] = t;
    p->told += rank_of(&t) >= 0;
}

void hra_group_paper_topics(hra_group_paper *p)
{
    const char *kind = p->client ? "finding" : "problem";
    for (int i = 0; i < hra_figure_book_count(p->book); i++) {
        const hra_figure *f = hra_figure_book_at(p->book, i);
        if (strcmp(f->kind, kind) == 0 && hra_figure_is_total(f)) add_topic(p, f);
    }
}
