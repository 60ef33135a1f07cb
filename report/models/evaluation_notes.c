/* Measures without a value and why, and remarks on values: each reason once for everything it is the reason of. */
#include <string.h>

#include "report/models/evaluation_parts.h"
#include "report/tools/html.h"

/* Whether a measure belongs into the table: of those without a value, or of the remarks on values. */
static bool belongs(const hra_metric *m, bool without)
{
    return without ? isnan(m->is.value) : *m->note && !isnan(m->is.value);
}

static bool is_told(const hra_evaluated *e, int64_t from, int64_t at, bool without)
{
    const hra_metric *m = hra_metrics_at(e->metrics, at);
    for (int64_t i = from; i < at; i++) {
        const hra_metric *earlier = hra_metrics_at(e->metrics, i);
        if (belongs(earlier, without) && strcmp(earlier->note, m->note) == 0) return true;
    }
    return false;
}

/* The measures of a part that have this reason: each name once, with the places where it has it. */
static void put_measures(const hra_evaluated *e, const hra_evaluated_part *part, int64_t first, bool without,
                         hra_buffer *out)
{
    const char *note = hra_metrics_at(e->metrics, first)->note;
    char text[HRA_EVALUATION_TEXT];
    for (int64_t i = first; i < part->end; i++) {
        const hra_metric *m = hra_metrics_at(e->metrics, i);
        bool told = !belongs(m, without) || strcmp(m->note, note) != 0;
        for (int64_t k = first; k < i && !told; k++) {
            const hra_metric *earlier = hra_metrics_at(e->metrics, k);
            told = belongs(earlier, without) && strcmp(earlier->note, note) == 0 && strcmp(earlier->name, m->name) == 0;
        }
        if (told) continue;
        hra_html(out, i > first ? ", %s" : "%s", hra_evaluation_title(e, m->name));
        const char *before = " (";
        for (int64_t k = i; k < part->end && !isnan(m->at); k++) {
            const hra_metric *same = hra_metrics_at(e->metrics, k);
            if (strcmp(same->name, m->name) != 0 || !belongs(same, without) || strcmp(same->note, note) != 0) continue;
            hra_html(out, "%s%s", before, hra_evaluation_plain(same->at, text));
            before = ", ";
        }
        if (!isnan(m->at)) hra_buffer_char(out, ')');
    }
}

/* A note in the reader's language: several remarks are parted by "; ". */
static void put_note(const hra_evaluated *e, const char *note, hra_buffer *out)
{
    const char *between = hra_text(e->words, "evaluation.reason.and");
    if (!*note) hra_buffer_text(out, "–");
    for (const char *rest = note; *rest;) {
        const char *end = strstr(rest, "; ");
        size_t length = end ? (size_t)(end - rest) : strlen(rest);
        const char *english = hra_arena_text_n(e->arena, rest, length);
        const char *said = english ? hra_say_again(e->reasons, english, e->arena) : NULL;
        out->failed |= !said;
        hra_html(out, "%s%s", rest > note ? between : "", said ? said : "");
        rest += end ? length + 2 : length;
    }
}

static void put_row(const hra_evaluated *e, const hra_evaluated_part *part, int64_t at, bool without, hra_buffer *out)
{
    char text[HRA_EVALUATION_TEXT];
    const hra_metric_subject *of = part->of;
    hra_html(out, "<tr><td>%s<td>%s", *of->group ? of->group : hra_text(e->words, "evaluation.everybody"), of->model);
    if (*of->other) {
        hra_buffer against = {0};
        hra_text_fill(hra_text(e->words, "evaluation.against"), &of->other, 1, &against);
        hra_html(out, " %s", against.bytes ? against.bytes : "");
        out->failed |= against.failed;
        hra_buffer_destroy(&against);
    }
    hra_html(out, "<td class=n>%s<td>", isnan(of->horizon) ? "–" : hra_evaluation_plain(of->horizon, text));
    put_measures(e, part, at, without, out);
    hra_buffer_text(out, "<td>");
    put_note(e, hra_metrics_at(e->metrics, at)->note, out);
    hra_buffer_char(out, '\n');
}

static void put_table(const hra_evaluated *e, bool without, hra_buffer *out)
{
    static const char *const keys[] = {"evaluation.group", "evaluation.model", "evaluation.horizon.column",
                                       "evaluation.measures", "evaluation.reason"};
    bool any = false;
    for (int64_t p = 0; p < e->part_count; p++) {
        const hra_evaluated_part *part = &e->parts[p];
        for (int64_t i = part->first; i < part->end; i++) {
            if (!belongs(hra_metrics_at(e->metrics, i), without) || is_told(e, part->first, i, without)) continue;
            if (!any) {
                hra_html(out, "<section class=\"sheet follows\"><h2>%s</h2>\n<table class=\"gtable wordy\"><thead><tr>",
                         without ? hra_text(e->words, "evaluation.without") : hra_text(e->words, "evaluation.remarks"));
                for (int k = 0; k < 5; k++)
                    hra_html(out, k == 2 ? "<th scope=col class=n>%s" : "<th scope=col>%s",
                             hra_text(e->words, keys[k]));
                hra_buffer_text(out, "</thead><tbody>\n");
            }
            any = true;
            put_row(e, part, i, without, out);
        }
    }
    if (any) hra_buffer_text(out, "</tbody></table></section>\n");
}

void hra_evaluation_put_notes(const hra_evaluated *e, hra_buffer *out)
{
    put_table(e, true, out);
    put_table(e, false, out);
}
