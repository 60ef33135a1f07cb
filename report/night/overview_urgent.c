/* urgent.html: urgent results in the order in which they are to be dealt with. */
#include <stdio.h>
#include <string.h>

#include "report/night/overview_internal.h"
#include "report/tools/html.h"

/* "sbp 196 mmHg; dbp 124 mmHg" with names and units as people write them. */
static void put_values(const hra_overview *o, const char *values, hra_buffer *out)
{
    const hra_words *w = o->request->words;
    const hra_dictionary *dictionary = hra_library_dictionary(o->request->library);
    bool chinese = strcmp(hra_words_language(w), "zh") == 0;
    for (const char *at = values; *at;) {
        char name[HRA_OVERVIEW_TEXT], number[HRA_OVERVIEW_TEXT], unit[HRA_OVERVIEW_TEXT];
        size_t length = strcspn(at, ";");
        char one[4 * HRA_OVERVIEW_TEXT];
        snprintf(one, sizeof one, "%.*s", (int)length, at);
        int parts = sscanf(one, " %63s %63s %63[^;]", name, number, unit), variable = -1;
        if (parts >= 2) variable = hra_dictionary_find(dictionary, name);
        if (at > values) hra_buffer_text(out, "<br>");
        if (variable < 0) {
            hra_html_text(out, one);
        } else {
            const hra_variable *v = hra_dictionary_at(dictionary, variable);
            hra_html(out, chinese ? "%s：%s %s" : "%s: %s %s", chinese ? v->label_zh : v->label_en, number,
                     parts > 2 ? hra_text_of(w, "unit", unit, unit) : "");
        }
        at += length + (at[length] == ';');
        at += strspn(at, " ");
    }
}

static void put_row(const hra_overview *o, const hra_overview_urgent *u, hra_buffer *out)
{
    hra_html(out, "<tr><td class=nb>%s<td>%s<br><small>%s%s%s</small><td class=wide><b>%s</b><br><small>", u->deadline,
             u->group, u->branch, *u->branch && *u->department ? " · " : "", u->department, u->title);
    put_values(o, u->values, out);
    hra_html(out, "</small><td class=wide>%s<td class=hash>%s<br>%s\n", u->action, u->person, u->origin);
}

void hra_overview_put_urgent(const hra_overview *overview, hra_buffer *out)
{
    static const char *const columns[] = {"column.deadline", "overview.column.where", "column.title", "column.action",
                                          "overview.column.person"};
    const hra_words *w = overview->request->words;
    char listed[HRA_OVERVIEW_TEXT], all[HRA_OVERVIEW_TEXT];
    const char *const values[] = {hra_overview_count((double)overview->urgent, all),
                                  hra_overview_count(overview->listed_count, listed)};
    hra_buffer filled = {0};
    if (overview->urgent == 0) {
        hra_html(out, "<p>%s</p></section>\n", hra_text(w, "overview.urgent.none"));
        return;
    }
    bool cut = overview->listed_count < overview->urgent;
    hra_text_fill(hra_text(w, cut ? "overview.urgent.cut" : "overview.urgent.all"), values, 2, &filled);
    hra_html(out, "<p class=lead>%s ", filled.bytes ? filled.bytes : "");
    hra_overview_put_link(overview, "urgent.csv", "", "", "urgent.csv", out);
    hra_buffer_text(out, "</p>\n");
    hra_overview_put_head(overview, columns, 5, out);
    for (int i = 0; i < overview->listed_count; i++) put_row(overview, &overview->listed[i], out);
    hra_buffer_text(out, "</tbody></table></section>\n");
    out->failed |= filled.failed;
    hra_buffer_destroy(&filled);
}
