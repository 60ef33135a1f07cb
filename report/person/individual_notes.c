/* The end: what could not be computed and why, where the numbers come from, what the report is not, privacy. */
#include <string.h>

#include "report/person/individual_parts.h"

static void put_gaps(hra_page *p)
{
    const hra_person_view *v = p->view;
    const hra_words *w = p->words;
    hra_page_heading(p, 3, "gaps", hra_text(w, "report.gaps.title"));
    if (v->gap_count == 0 && v->quality_count == 0) {
        hra_html(p->out, "<p>%s</p>", hra_text(w, "report.gaps.none"));
        return;
    }
    hra_buffer_text(p->out, "<dl class=gaps>");
    for (int i = 0; i < v->gap_count; i++)
        hra_html(p->out, "<div><dt>%s</dt><dd>%s</dd></div>\n", v->gaps[i].title, v->gaps[i].why);
    for (int i = 0; i < v->quality_count; i++) {
        const hra_view_finding *f = &v->quality[i];
        hra_html(p->out, "<div><dt>%s</dt><dd>", hra_text(w, "report.gaps.quality"));
        hra_html_text(p->out, f->origin.title);
        for (int k = 0; k < f->value_count; k++)
            if (f->values[k]->known)
                hra_html(p->out, " %s %s %s", f->values[k]->label, f->values[k]->text,
                         hra_page_unit(p, f->values[k]->unit));
        hra_buffer_text(p->out, "</dd></div>\n");
    }
    hra_buffer_text(p->out, "</dl>\n");
}

static void put_sources(hra_page *p)
{
    const hra_person_view *v = p->view;
    const hra_words *w = p->words;
    hra_page_heading(p, 3, "sources", hra_text(w, "report.sources.title"));
    hra_html(p->out, "<p>%s</p><ul class=sources>", hra_text(w, "report.method"));
    for (int i = 0; i < v->source_count; i++) {
        const hra_view_source *s = &v->sources[i];
        hra_html(p->out, "<li>%s", s->title);
        if (*s->doi)
            hra_html(p->out, " · doi:%s", s->doi);
        else if (*s->source)
            hra_html(p->out, " · %s", s->source);
        hra_buffer_text(p->out, "</li>");
    }
    hra_buffer_text(p->out, "</ul><p class=small>");
    hra_page_say(p, hra_text(w, "report.version"), p->options->engine_version, p->options->definitions_hash, NULL);
    hra_buffer_text(p->out, "</p>\n");
}

static void put_paragraph(hra_page *p, const char *id, const char *title, const char *text)
{
    hra_page_heading(p, 3, id, title);
    hra_html(p->out, "<p>%s</p>\n", text);
}

void hra_page_notes(hra_page *p)
{
    const hra_words *w = p->words;
    hra_buffer_text(p->out, "<section class=\"sheet notes\">");
    hra_page_heading(p, 2, "notes", hra_text(w, "report.notes.title"));
    put_gaps(p);
    put_paragraph(p, "limits", hra_text(w, "report.limits.title"), hra_text(w, "report.limits"));
    if (p->view->unapproved) hra_html(p->out, "<p>%s</p>\n", hra_text(w, "report.unapproved"));
    put_sources(p);
    put_paragraph(p, "privacy", hra_text(w, "report.privacy.title"), hra_text(w, "report.privacy"));
    if (*p->options->contact) {
        hra_buffer_text(p->out, "<p>"); /* whom to ask */
        hra_page_say(p, hra_text(w, "report.contact"), p->options->contact, NULL);
        hra_buffer_text(p->out, "</p>");
    }
    hra_buffer_text(p->out, "</section>\n");
}
