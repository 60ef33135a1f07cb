/* Several years: who stayed, joined and left, and what became of those who were measured every time. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/group/group_report_parts.h"

enum { DAYS = 16, SHOWN = 5 }; /* of more runs: the first and the last ones */

typedef struct years {
    const char *days[DAYS];
    int count;
} years;

static int by_text(const void *a, const void *b) { return strcmp(*(const char *const *)a, *(const char *const *)b); }

/* The days that the table knows, those shown. */
static years days_of(const hra_group_courses *c)
{
    years y = {.count = 0};
    for (int i = 0; i < hra_group_courses_count(c); i++) {
        const char *day = hra_group_courses_at(c, i).day;
        int known = 0;
        while (known < y.count && strcmp(y.days[known], day) != 0) known++;
        if (*day && known == y.count && y.count < DAYS) y.days[y.count++] = day;
    }
    qsort(y.days, (size_t)y.count, sizeof *y.days, by_text);
    if (y.count <= SHOWN) return y;
    memmove(y.days + 1, y.days + y.count - SHOWN + 1, (SHOWN - 1) * sizeof *y.days);
    y.count = SHOWN;
    return y;
}

static void put_hidden(const hra_group_paper *p)
{
    hra_html(p->out, "<td class=\"n hid\" title=\"%s\">*</td>", hra_text(p->words, "group.hidden"));
}

static void put_head(const hra_group_paper *p, const char *first, const years *y)
{
    hra_html(p->out, "<table class=gtable><thead><tr><th scope=col>%s</th>", first);
    for (int i = 0; i < y->count; i++) hra_html(p->out, "<th scope=col class=n>%s</th>", y->days[i]);
}

/* ---- who was there ---- */

static void put_members(const hra_group_paper *p, const years *y)
{
    static const char *const names[] = {"people", "kept", "joined", "left"};
    const hra_group_courses *c = p->options->courses;
    char text[HRA_GROUP_TEXT], key[HRA_GROUP_TEXT];
    put_head(p, hra_text(p->words, "group.courses.members"), y);
    hra_buffer_text(p->out, "</tr></thead><tbody>\n");
    for (int m = p->client; m < 4; m++) {
        snprintf(key, sizeof key, "group.courses.%s", names[m]);
        hra_html(p->out, "<tr><th scope=row>%s</th>", hra_text(p->words, key));
        for (int i = 0; i < y->count; i++) {
            int at = hra_group_courses_find(c, "people", names[m], y->days[i]);
            if (at >= 0 && hra_group_courses_at(c, at).hidden)
                put_hidden(p);
            else
                hra_html(p->out, "<td class=n>%s</td>",
                         at < 0 ? "" : hra_group_whole(hra_group_courses_at(c, at).people, text));
        }
        hra_buffer_text(p->out, "</tr>\n");
    }
    hra_buffer_text(p->out, "</tbody></table>\n");
}

/* ---- what became of the same people ---- */

/* As the client's table prints it: already coarse. Of the house's one decimal more than the value. */
static const char *mean_text(const hra_group_paper *p, const hra_variable *v, double mean, bool sign,
                             char out[HRA_GROUP_TEXT])
{
    int decimals = v->decimals + 1;
    if (p->client) snprintf(out, HRA_GROUP_TEXT, "%g", fabs(mean));
    if (!p->client) snprintf(out, HRA_GROUP_TEXT, "%.*f", decimals, fabs(mean));
    if (!sign && mean >= 0) return out;
    bool zero = strspn(out, "0.") == strlen(out);
    char digits[HRA_GROUP_TEXT];
    strcpy(digits, out);
    snprintf(out, HRA_GROUP_TEXT, "%s%.50s", zero ? "±" : mean < 0 ? "−" : "+", digits);
    return out;
}

static void put_change(const hra_group_paper *p, const hra_variable *v, const hra_group_course_row *change)
{
    char text[HRA_GROUP_TEXT], low[HRA_GROUP_TEXT], high[HRA_GROUP_TEXT];
    if (change->hidden) {
        put_hidden(p);
        return;
    }
    hra_html(p->out, "<td class=n>%s", mean_text(p, v, change->mean, true, text));
    if (p->client)
        hra_html(p->out, " <small>%s</small>",
                 hra_text(p->words, change->clear ? "group.courses.clear" : "group.courses.unclear"));
    else if (!isnan(change->low))
        hra_html(p->out, " <small>(%s … %s)</small>", mean_text(p, v, change->low, true, low),
                 mean_text(p, v, change->high, true, high));
    hra_buffer_text(p->out, "</td>");
}

/* "12 / 4 / 60 / 9": rising, falling, steady, varying. */
static void put_courses(const hra_group_paper *p, const char *indicator)
{
    const hra_group_courses *c = p->options->courses;
    int at = hra_group_courses_find(c, "course", indicator, NULL);
    if (at < 0) {
        hra_buffer_text(p->out, "<td class=n></td>");
        return;
    }
    hra_group_course_row row = hra_group_courses_at(c, at);
    hra_html(p->out, "<td class=n>%f / %f / %f / %f</td>", row.rising, row.falling, row.steady, row.varying);
}

static void put_value(const hra_group_paper *p, const years *y, const hra_group_course_row *change)
{
    const hra_group_courses *c = p->options->courses;
    const hra_dictionary *dictionary = hra_library_dictionary(p->library);
    int variable = hra_dictionary_find(dictionary, change->indicator);
    if (variable < 0) return; /* a table of other definitions */
    const hra_variable *v = hra_dictionary_at(dictionary, variable);
    const char *label = strcmp(hra_words_language(p->words), "zh") == 0 ? v->label_zh : v->label_en;
    char text[HRA_GROUP_TEXT];
    hra_html(p->out, "<tr><th scope=row>%s <small>%s</small></th>", label && *label ? label : v->name,
             hra_text_of(p->words, "unit", v->unit, v->unit));
    for (int i = 0; i < y->count; i++) {
        int at = hra_group_courses_find(c, "value", change->indicator, y->days[i]);
        if (at >= 0 && hra_group_courses_at(c, at).hidden)
            put_hidden(p);
        else
            hra_html(p->out, "<td class=n>%s</td>",
                     at < 0 ? "" : mean_text(p, v, hra_group_courses_at(c, at).mean, false, text));
    }
    put_change(p, v, change);
    if (change->hidden)
        put_hidden(p);
    else
        hra_html(p->out, p->client ? "<td class=n>≥%s</td>" : "<td class=n>%s</td>",
                 hra_group_whole(change->people, text));
    if (!p->client) put_courses(p, change->indicator);
    hra_buffer_text(p->out, "</tr>\n");
}

static void put_values(const hra_group_paper *p, const years *y)
{
    const hra_group_courses *c = p->options->courses;
    int count = 0;
    for (int i = 0; i < hra_group_courses_count(c); i++) {
        hra_group_course_row row = hra_group_courses_at(c, i);
        if (strcmp(row.kind, "change") != 0) continue;
        if (!count++) {
            put_head(p, hra_text(p->words, "group.courses.mean"), y);
            hra_html(p->out, "<th scope=col class=n>%s</th><th scope=col class=n>%s</th>",
                     hra_text(p->words, "group.courses.change"), hra_text(p->words, "group.courses.same"));
            if (!p->client)
                hra_html(p->out, "<th scope=col class=n>%s</th>", hra_text(p->words, "group.courses.words"));
            hra_buffer_text(p->out, "</tr></thead><tbody>\n");
        }
        put_value(p, y, &row);
    }
    if (count)
        hra_html(p->out, "</tbody></table>\n<p class=small>%s</p>\n",
                 hra_text(p->words, p->client ? "group.courses.key.client" : "group.courses.key"));
}

void hra_group_put_courses(hra_group_paper *p)
{
    if (!p->options->courses || hra_group_courses_count(p->options->courses) == 0) return;
    const years y = days_of(p->options->courses);
    hra_html(p->out, "<section class=\"sheet follows\"><h2 id=courses>%s</h2><p class=lead>%s</p>\n",
             hra_text(p->words, "group.courses"), hra_text(p->words, "group.courses.lead"));
    put_members(p, &y);
    put_values(p, &y);
    hra_buffer_text(p->out, "</section>\n");
}
