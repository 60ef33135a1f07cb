/* The end: what could not be computed and why, where the numbers come from, what the report is not, privacy. */
#include <string.h>

#include "report/pdf/pdf_parts.h"

/* A term and what is said of it. */
typedef struct entry {
    const char *term, *text;
} entry;

static void put_entry(hra_leaf *l, const void *item)
{
    const entry *e = item;
    const double room = l->width * 0.3;
    double term = hra_leaf_cell(l, HRA_PDF_TABLE, l->x, room - 8, e->term);
    double text = hra_leaf_cell(l, HRA_PDF_TABLE, l->x + room, l->width - room, e->text);
    l->y += (term > text ? term : text) + 1;
    hra_leaf_rule(l);
}

/* The values that do not fit together. */
static void put_quality(hra_leaf *l, const void *item)
{
    const hra_view_finding *f = item;
    hra_buffer *t = hra_leaf_compose(l);
    hra_buffer_text(t, f->origin.title);
    for (int i = 0; i < f->value_count; i++) {
        const hra_view_value *x = f->values[i];
        if (!x->known) continue;
        hra_buffer_printf(t, "  %s ", x->label);
        hra_leaf_value(l, t, NULL, x->text, x->unit);
    }
    put_entry(l, &(entry){hra_text(l->words, "report.gaps.quality"), t->bytes});
}

static void put_gaps(hra_leaf *l)
{
    const hra_person_view *v = l->view;
    const hra_words *w = l->words;
    hra_leaf_heading(l, hra_text(w, "report.gaps.title"));
    if (v->gap_count == 0 && v->quality_count == 0) hra_leaf_text(l, HRA_PDF_TABLE, hra_text(w, "report.gaps.none"));
    for (int i = 0; i < v->gap_count; i++) hra_leaf_whole(l, put_entry, &(entry){v->gaps[i].title, v->gaps[i].why});
    for (int i = 0; i < v->quality_count; i++) hra_leaf_whole(l, put_quality, &v->quality[i]);
}

static void put_source(hra_leaf *l, const hra_view_source *s)
{
    hra_buffer *t = hra_leaf_compose(l);
    hra_buffer_text(t, s->title);
    if (*s->doi)
        hra_buffer_printf(t, " · doi:%s", s->doi);
    else if (*s->source)
        hra_buffer_printf(t, " · %s", s->source);
    hra_leaf_item(l, HRA_PDF_NOTE, t->bytes);
}

static void put_sources(hra_leaf *l)
{
    const hra_person_view *v = l->view;
    const hra_words *w = l->words;
    hra_leaf_heading(l, hra_text(w, "report.sources.title"));
    hra_leaf_text(l, HRA_PDF_TABLE, hra_text(w, "report.method"));
    for (int i = 0; i < v->source_count; i++) put_source(l, &v->sources[i]);
    hra_leaf_say(l, HRA_PDF_NOTE, hra_text(w, "report.version"), l->options->engine_version,
                 l->options->definitions_hash, NULL);
}

static void limits_part(hra_leaf *l, const void *item)
{
    const hra_person_view *v = item;
    const hra_words *w = l->words;
    hra_leaf_text(l, HRA_PDF_HEADING, hra_text(w, "report.limits.title"));
    hra_leaf_text(l, HRA_PDF_TABLE, hra_text(w, "report.limits"));
    if (v->unapproved) hra_leaf_text(l, HRA_PDF_TABLE, hra_text(w, "report.unapproved"));
}

static void privacy_part(hra_leaf *l, const void *item)
{
    const hra_words *w = l->words;
    (void)item;
    hra_leaf_text(l, HRA_PDF_HEADING, hra_text(w, "report.privacy.title"));
    hra_leaf_text(l, HRA_PDF_TABLE, hra_text(w, "report.privacy"));
    if (*l->options->contact) hra_leaf_say(l, HRA_PDF_TABLE, hra_text(w, "report.contact"), l->options->contact, NULL);
}

void hra_leaf_notes(hra_leaf *leaf)
{
    hra_leaf_gap(leaf, 8);
    hra_leaf_section(leaf, HRA_PDF_SECTION, hra_text(leaf->words, "report.notes.title"));
    put_gaps(leaf);
    hra_leaf_gap(leaf, 8);
    hra_leaf_two(leaf, limits_part, privacy_part, leaf->view);
    put_sources(leaf);
}
