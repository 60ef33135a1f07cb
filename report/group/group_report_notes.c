/* Data quality, limits, privacy, method. */
#include <math.h>
#include <string.h>

#include "report/group/group_report_parts.h"

enum { GAPS = 8 };

static double known_share(const hra_figure *f) { return (f->from + f->to) / 2 / f->people; }

/* The problems that could be decided for the smallest part of the people, also those without a rank because of that. */
static int find_gaps(const hra_group_paper *p, const hra_group_topic **list)
{
    int count = 0;
    for (int i = 0; i < p->topic_count; i++) {
        const hra_group_topic *t = &p->topics[i];
        if (i >= p->told && !hra_group_is_thin(t)) continue;
        if (isnan(known_share(t->total)) || t->total->from >= t->total->people) continue;
        int at = count < GAPS ? count++ : GAPS;
        for (; at > 0 && known_share(list[at - 1]->total) > known_share(t->total); at--)
            if (at < GAPS) list[at] = list[at - 1];
        if (at < GAPS) list[at] = t;
    }
    return count;
}

static void put_quality(const hra_group_paper *p)
{
    const hra_group_topic *list[GAPS];
    int count = find_gaps(p, list);
    const char *none = p->told == p->topic_count ? "group.quality.none" : "group.quality.ranked";
    char known[HRA_GROUP_TEXT], people[HRA_GROUP_TEXT], share[HRA_GROUP_TEXT];
    hra_html(p->out, "<h3 id=quality>%s</h3><p>%s</p>\n", hra_text(p->words, "group.quality"),
             hra_text(p->words, count ? "group.quality.says" : none));
    if (count) hra_buffer_text(p->out, "<dl class=items>");
    for (int i = 0; i < count; i++) {
        const hra_figure *f = list[i]->total;
        hra_html(p->out, "<div><dt>%s</dt><dd>%s", list[i]->title, hra_group_percent(known_share(f), share));
        hra_html(p->out, " <small>%s/%s</small></dd></div>", hra_group_known(f, known),
                 hra_group_whole(f->people, people));
    }
    if (count) hra_buffer_text(p->out, "</dl>\n");
}

static void put_list(const hra_group_paper *p, const char *id, const char *title, const char *const *texts, int count)
{
    hra_html(p->out, "<h3 id=%s>%s</h3><ul class=plain>", id, title);
    for (int i = 0; i < count; i++) hra_html(p->out, "<li>%s</li>", texts[i]);
    hra_buffer_text(p->out, "</ul>\n");
}

void hra_group_put_notes(hra_group_paper *p)
{
    const hra_words *w = p->words;
    const char *const limits[] = {hra_text(w, "group.limits.people"), hra_text(w, "group.limits.unmatched"),
                                  hra_text(w, "group.limits.chance"), hra_text(w, "group.limits.cause")};
    const char *const privacy[] = {hra_text(w, p->client ? "group.privacy.client" : "group.privacy.house"),
                                   hra_text(w, p->client ? "group.privacy.hidden" : "group.privacy.edition"),
                                   hra_text(w, "group.privacy.nobody")};
    const char *const method[] = {hra_text(w, "group.method.share"), hra_text(w, "group.method.standard"),
                                  hra_text(w, "group.method.risk"), hra_text(w, "group.method.target")};
    hra_html(p->out, "<section class=\"sheet notes\"><h2>%s</h2>\n", hra_text(w, "report.notes.title"));
    put_quality(p);
    put_list(p, "limits", hra_text(w, "report.limits.title"), limits, 4);
    put_list(p, "privacy", hra_text(w, "group.privacy"), privacy, 3);
    put_list(p, "method", hra_text(w, "group.method"), method, 4);
    hra_buffer_text(p->out, "<p class=small>");
    hra_group_say(p, hra_text(w, "report.version"), p->options->engine_version,
                  *p->options->definitions_hash ? p->options->definitions_hash : "–", NULL);
    if (*p->options->contact) {
        hra_buffer_char(p->out, ' ');
        hra_group_say(p, hra_text(w, "report.contact"), p->options->contact, NULL);
    }
    hra_buffer_text(p->out, "</p></section>\n");
}
