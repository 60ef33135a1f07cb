#include "report/pdf/pdf.h"

#include <string.h>

#include "report/pdf/pdf_parts.h"

/* ---- what the parts share ----------------------------------------------------------------- */

void hra_leaf_goal(hra_leaf *leaf, hra_buffer *to, const hra_view_advice *advice)
{
    if (!*advice->target && !*advice->goal) return;
    hra_buffer_text(to, HRA_PDF_SOFTER);
    if (*advice->target) hra_leaf_fill(to, hra_text(leaf->words, "report.goal"), advice->target, NULL);
    if (*advice->target && *advice->goal) hra_buffer_text(to, " · ");
    if (*advice->goal) hra_buffer_text(to, HRA_PDF_KEPT);
    if (*advice->goal) hra_leaf_fill(to, hra_text(leaf->words, "report.by"), advice->goal, NULL);
    hra_buffer_text(to, HRA_PDF_PLAIN);
}

void hra_leaf_value(hra_leaf *leaf, hra_buffer *to, const char *value_look, const char *value, const char *unit)
{
    hra_leaf_piece(to, value_look, value);
    if (!*unit) return;
    hra_buffer_text(to, " ");
    hra_leaf_piece(to, HRA_PDF_WHOLE, hra_text_of(leaf->words, "unit", unit, unit));
}

void hra_leaf_names(hra_leaf *leaf, hra_buffer *to, const hra_view_name *names, int count)
{
    bool semicolons = hra_view_names_hold_comma(names, count);
    for (int i = 0; i < count; i++) {
        if (i > 0) hra_buffer_text(to, hra_list_separator(leaf->words, semicolons));
        hra_buffer_text(to, names[i].label);
    }
}

int hra_leaf_advice_number(const hra_leaf *leaf, const hra_view_advice *advice)
{
    for (int i = 0; i < leaf->view->advice_count; i++)
        if (&leaf->view->advice[i] == advice) return i + 1;
    return 0;
}

/* ---- the report ----------------------------------------------------------------------------- */

/* Of a masked name only the first character. */
static const char *printed_name(const hra_individual_options *options, const char *name, char masked[16])
{
    if (!name) return "";
    if (!options->mask_names || !*name) return name;
    size_t first = 1;
    while (first < 8 && ((unsigned char)name[first] & 0xC0) == 0x80) first++;
    memcpy(masked, name, first);
    memcpy(masked + first, "**", 3);
    return masked;
}

/* Chapters on pages of their own, closer together, and smaller in the fullest reports. */
enum { WAYS = 5, FEW_SHEETS = 5, MOST_SHEETS = 6 };
static const struct {
    double scale, rest;
} ways[WAYS] = {{1, 0.6}, {1, 0.3}, {1, 0.14}, {0.94, 0.14}, {0.88, 0.14}};

static void lay_out(hra_leaf *l)
{
    hra_leaf_begin(l);
    if (l->view->urgent_count > 0) hra_leaf_urgent(l);
    hra_leaf_summary(l);
    hra_leaf_values(l);
    hra_leaf_topics(l);
    hra_leaf_diseases(l);
    hra_leaf_plan(l);
    hra_leaf_notes(l);
    hra_leaf_end(l);
}

/* Lays the report out in the first way that needs no more than so many sheets, of the ways up to `last`. */
static bool choose_way(hra_leaf *l, int sheets, int last)
{
    for (int way = 0; way <= last; way++) {
        l->scale = ways[way].scale;
        l->rest = ways[way].rest;
        lay_out(l);
        l->pages = l->page;
        if (l->pages <= sheets) return true;
    }
    return false;
}

hra_code hra_pdf_add_person(hra_pdf_press *press, hra_pdf_book *book, const hra_individual_options *options,
                            const hra_person_view *view, const char *name, hra_error *error)
{
    char masked[16];
    hra_individual_options said = *options;
    if (!said.provider) said.provider = "";
    if (!said.contact) said.contact = "";
    hra_pdf_press_refresh(press);
    hra_leaf leaf = {.press = press,
                     .book = book,
                     .options = &said,
                     .words = options->words,
                     .view = view,
                     .name = printed_name(options, name, masked)};
    if (!choose_way(&leaf, FEW_SHEETS, 2)) choose_way(&leaf, MOST_SHEETS, WAYS - 1);
    leaf.cr = hra_pdf_book_page(book);
    leaf.mark = hra_pdf_book_mark(book, 0, *leaf.name ? leaf.name : view->key, 0);
    lay_out(&leaf);
    if (hra_pdf_press_failed(press)) return hra_fail(error, HRA_ENOMEM, "out of memory while printing a report");
    return hra_pdf_book_check(book, error);
}
