/* Improvement: every topic with its value, target zone and what to do; those at target are shown as reached. */
#include <math.h>
#include <stdio.h>

#include "report/pdf/pdf_parts.h"
#include "report/person/view_questions.h"

/* Title on the left, mark and answer up to the right end. */
static void put_head(hra_leaf *l, const hra_view_topic *topic)
{
    const double room = HRA_LEAF_MARK_ROOM;
    hra_level_mark mark = hra_page_topic_mark(topic);
    const hra_pdf_text *answer = hra_pdf_shape_line(l->press, HRA_PDF_STRONG, l->width / 2, topic->answer_text);
    double at = l->x + l->width - hra_pdf_text_width(answer);
    if (l->cr) {
        hra_pdf_level(l->cr, mark, at - room, l->y + 2.3, HRA_LEAF_MARK);
        hra_pdf_text_draw_in(answer, l->cr, at, l->y, hra_pdf_level_colour(mark));
    }
    double height = hra_leaf_cell(l, HRA_PDF_NAME, l->x, at - room - 6 - l->x, topic->origin.title);
    l->y += height > hra_pdf_text_height(answer) ? height : hra_pdf_text_height(answer);
}

/* Numbers of the prescription's items. */
static void put_actions(hra_leaf *l, const hra_view_topic *topic)
{
    hra_buffer *t = hra_leaf_compose(l);
    if (topic->action_count == 0) return;
    hra_buffer_text(t, hra_text(l->words, "report.topic.actions"));
    for (int i = 0; i < topic->action_count; i++) {
        int number = hra_leaf_advice_number(l, topic->actions[i]);
        if (number > 0) hra_buffer_printf(t, " %d", number);
    }
    hra_leaf_text(l, HRA_PDF_NOTE, t->bytes);
}

static void put_now(hra_leaf *l, const hra_view_topic *topic)
{
    hra_buffer *t = hra_leaf_compose(l);
    if (*topic->value_text) {
        hra_leaf_value(l, t, HRA_PDF_BOLD, topic->value_text, topic->unit);
        hra_buffer_text(t, topic->delivered);
        hra_buffer_text(t, "   ");
    }
    if (topic->beside) {
        hra_buffer_text(t, topic->beside->label);
        hra_buffer_text(t, " ");
        hra_leaf_value(l, t, HRA_PDF_BOLD, topic->beside->text, topic->beside->unit);
        hra_buffer_text(t, topic->beside->in_brackets);
        hra_buffer_text(t, "   ");
    }
    if (*topic->gap_text && topic->at_target != HRA_VIEW_PRESENT) {
        hra_buffer_text(t, HRA_PDF_SOFTER);
        hra_leaf_fill(t, hra_text(l->words, "report.topic.gap"), topic->gap_text, NULL);
        hra_buffer_text(t, HRA_PDF_PLAIN);
    }
    if (t->length > 0) hra_leaf_text(l, HRA_PDF_TABLE, t->bytes);
}

static void put_topic(hra_leaf *l, const void *item)
{
    const hra_view_topic *topic = item;
    hra_leaf_rule(l);
    l->y += 3;
    put_head(l, topic);
    put_now(l, topic);
    if (topic->at_target != HRA_VIEW_PRESENT) put_actions(l, topic);
    if (!isnan(topic->low) || !isnan(topic->high)) {
        if (l->cr) hra_pdf_target(l->cr, topic->value, topic->low, topic->high, l->x, l->y + 1, l->width);
        l->y += HRA_PDF_TARGET_HEIGHT + 2;
    }
    if (*topic->target) hra_leaf_say(l, HRA_PDF_NOTE, hra_text(l->words, "report.goal"), topic->target, NULL);
    if (topic->missing_count > 0) {
        hra_buffer *t = hra_leaf_compose(l);
        hra_buffer_text(t, hra_text(l->words, "report.missing"));
        hra_buffer_text(t, " ");
        hra_leaf_names(l, t, topic->missing, topic->missing_count);
        hra_leaf_text(l, HRA_PDF_NOTE, t->bytes);
    }
    if (*topic->why) hra_leaf_text(l, HRA_PDF_NOTE, topic->why);
    l->y += 4;
}

void hra_leaf_topics(hra_leaf *leaf)
{
    const hra_person_view *v = leaf->view;
    char all[16], reached[16], missed[16], unknown[16];
    if (v->topic_count == 0) return;
    snprintf(all, sizeof all, "%d", v->topic_count);
    snprintf(reached, sizeof reached, "%d", hra_view_topic_count(v, HRA_VIEW_PRESENT));
    snprintf(missed, sizeof missed, "%d", hra_view_topic_count(v, HRA_VIEW_ABSENT));
    snprintf(unknown, sizeof unknown, "%d",
             hra_view_topic_count(v, HRA_VIEW_UNKNOWN) + hra_view_topic_count(v, HRA_VIEW_NOT_APPLICABLE));
    hra_leaf_chapter(leaf, hra_text(leaf->words, "report.topics.title"));
    hra_buffer *t = hra_leaf_compose(leaf);
    hra_leaf_fill(t, hra_text(leaf->words, "report.topics.lead"), all, reached, missed, unknown, NULL);
    hra_buffer_text(t, " ");
    hra_buffer_text(t, hra_text(leaf->words, "report.topics.key"));
    hra_leaf_text(leaf, HRA_PDF_LEAD, t->bytes);
    hra_leaf_gap(leaf, 4);
    hra_leaf_pairs(leaf, v->topics, sizeof *v->topics, v->topic_count, put_topic);
}
