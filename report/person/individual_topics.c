/* Improvement: every topic with its value, target zone and what to do; those at target are shown as reached. */
#include <math.h>

#include "report/person/individual_parts.h"
#include "report/person/view_questions.h"

/* Numbers of the prescription's items, as links. */
static void put_actions(hra_page *p, const hra_view_topic *t)
{
    if (t->action_count == 0) return;
    hra_html(p->out, "<p class=act>%s ", hra_text(p->words, "report.topic.actions"));
    for (int i = 0; i < t->action_count; i++) {
        int number = hra_page_advice_number(p, t->actions[i]);
        if (i > 0) hra_page_separator(p, false);
        hra_html(p->out, "<a href=#a%d>%d</a>", number, number);
    }
    hra_buffer_text(p->out, "</p>");
}

static void put_topic(hra_page *p, const hra_view_topic *t)
{
    const hra_words *w = p->words;
    bool reached = t->at_target == HRA_VIEW_PRESENT;
    hra_level_mark mark = hra_page_topic_mark(t);
    hra_html(p->out, "<li class=\"topic b%d\"><h3>%s</h3>", (int)mark, t->origin.title);
    hra_page_level(p, mark, t->answer_text);
    hra_buffer_text(p->out, "<p class=now>");
    if (*t->value_text) hra_html(p->out, "<b>%s</b> %s%s ", t->value_text, hra_page_unit(p, t->unit), t->delivered);
    if (t->beside)
        hra_html(p->out, "<span class=nv>%s <b>%s</b> %s%s</span> ", t->beside->label, t->beside->text,
                 hra_page_unit(p, t->beside->unit), t->beside->in_brackets);
    if (*t->gap_text && !reached) {
        hra_buffer_text(p->out, "<span class=gap>");
        hra_page_say(p, hra_text(w, "report.topic.gap"), t->gap_text, NULL);
        hra_buffer_text(p->out, "</span>");
    }
    hra_buffer_text(p->out, "</p>");
    if (!reached) put_actions(p, t);
    if (!isnan(t->low) || !isnan(t->high)) hra_svg_target(p->out, t->value, t->low, t->high, t->target);
    hra_buffer_text(p->out, "<p class=cut>");
    hra_page_say(p, hra_text(w, "report.goal"), t->target, NULL);
    hra_buffer_text(p->out, "</p>");
    if (t->missing_count > 0) {
        hra_html(p->out, "<p class=cut>%s ", hra_text(w, "report.missing"));
        hra_page_names(p, t->missing, t->missing_count);
        hra_buffer_text(p->out, "</p>");
    }
    if (*t->why) hra_html(p->out, "<p class=cut>%s</p>", t->why);
    hra_buffer_text(p->out, "</li>\n");
}

/* The number as text, for a sentence. */
static const char *digits(int number, char text[4])
{
    int n = number > 99 ? 99 : number, at = 0;
    if (n > 9) text[at++] = (char)('0' + n / 10);
    text[at++] = (char)('0' + n % 10);
    text[at] = 0;
    return text;
}

void hra_page_topics(hra_page *p)
{
    const hra_person_view *v = p->view;
    char reached[4], missed[4], unknown[4], all[4];
    if (v->topic_count == 0) return;
    hra_buffer_text(p->out, "<section class=sheet>");
    hra_page_heading(p, 2, "topics", hra_text(p->words, "report.topics.title"));
    hra_buffer_text(p->out, "<p class=lead>");
    hra_page_say(
        p, hra_text(p->words, "report.topics.lead"), digits(v->topic_count, all),
        digits(hra_view_topic_count(v, HRA_VIEW_PRESENT), reached),
        digits(hra_view_topic_count(v, HRA_VIEW_ABSENT), missed),
        digits(hra_view_topic_count(v, HRA_VIEW_UNKNOWN) + hra_view_topic_count(v, HRA_VIEW_NOT_APPLICABLE), unknown),
        NULL);
    hra_html(p->out, " %s</p>\n<ul class=topics>", hra_text(p->words, "report.topics.key"));
    for (int i = 0; i < v->topic_count; i++) put_topic(p, &v->topics[i]);
    hra_buffer_text(p->out, "</ul></section>\n");
}
