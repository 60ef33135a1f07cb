/* The pages of one person while they are laid out: a place that moves down the page, texts and boxes that turn to a new
 * page where they do not fit. Everything is laid out twice: once to count the pages, once to draw them. */
#ifndef HRA_REPORT_PDF_LEAF_H
#define HRA_REPORT_PDF_LEAF_H

#include "report/pdf/pdf.h"
#include "report/pdf/pdf_draw.h"

#define HRA_LEAF_LEFT 42.0
#define HRA_LEAF_TOP 46.0
/* What a mark takes before its words. */
#define HRA_LEAF_MARK_ROOM 13.0
#define HRA_LEAF_MARK 9.5

typedef struct hra_leaf {
    hra_pdf_press *press;
    hra_pdf_book *book;
    cairo_t *cr; /* NULL: only counted or measured */
    const hra_individual_options *options;
    const hra_words *words;
    const hra_person_view *view;
    const char *name;   /* as it is printed, "" unknown */
    double scale;       /* 1, or less where there is very much to say */
    double rest;        /* of a page that a chapter needs to begin on it, as a share */
    double x, y, width; /* the column and the place in it */
    int page, pages;    /* of this report */
    int measuring;      /* above 0: nothing turns a page */
    int mark;           /* the person's bookmark */
} hra_leaf;

/* Something that is laid out from leaf->y on and leaves it below itself. */
typedef void (*hra_leaf_part)(hra_leaf *leaf, const void *item);

/* Where text ends, to the right and at the bottom of a page. */
double hra_leaf_page_width(const hra_leaf *leaf);
double hra_leaf_bottom(const hra_leaf *leaf);

void hra_leaf_begin(hra_leaf *leaf);
void hra_leaf_turn(hra_leaf *leaf);
/* The last page of the report. */
void hra_leaf_end(hra_leaf *leaf);

/* Turns the page where `height` has no room any more; true: it did. */
bool hra_leaf_keep(hra_leaf *leaf, double height);
double hra_leaf_height(hra_leaf *leaf, hra_leaf_part part, const void *item);
/* A part that is not torn apart. */
void hra_leaf_whole(hra_leaf *leaf, hra_leaf_part part, const void *item);
/* A part in a column of its own; leaf->y stays. Returns where it ends. */
double hra_leaf_column(hra_leaf *leaf, double x, double width, hra_leaf_part part, const void *item);

/* Texts in the column; "" is nothing. */
void hra_leaf_text(hra_leaf *leaf, hra_pdf_style style, const char *text);
/* The place filled {0}, {1} ...; the values end with NULL. */
void hra_leaf_say(hra_leaf *leaf, hra_pdf_style style, const char *text, ...) __attribute__((sentinel));
/* A mark and its words; at a place of the column, leaf->y stays, it returns the height. */
void hra_leaf_level(hra_leaf *leaf, hra_level_mark mark, const char *text);
double hra_leaf_level_at(hra_leaf *leaf, double x, double width, hra_level_mark mark, const char *text);
/* A heading that stays with what follows, and a section with a bookmark. */
void hra_leaf_heading(hra_leaf *leaf, const char *text);
void hra_leaf_section(hra_leaf *leaf, hra_pdf_style style, const char *text);
/* A section that begins a page where little of this one is left. */
void hra_leaf_chapter(hra_leaf *leaf, const char *text);
void hra_leaf_gap(hra_leaf *leaf, double height);
void hra_leaf_rule(hra_leaf *leaf);
/* Lines with a dash. */
void hra_leaf_item(hra_leaf *leaf, hra_pdf_style style, const char *text);
/* A washed box with a bar in a colour on the left. */
void hra_leaf_note(hra_leaf *leaf, hra_pdf_colour bar, hra_leaf_part part, const void *item);

/* Text put together from pieces: `look` or NULL, then the text; both are copied into the press's buffer. */
hra_buffer *hra_leaf_compose(hra_leaf *leaf);
void hra_leaf_piece(hra_buffer *to, const char *look, const char *text);
void hra_leaf_fill(hra_buffer *to, const char *text, ...) __attribute__((sentinel));

/* A text on one line at a place of the column, from its left or up to its right end; leaf->y stays. Returns its height.
 */
double hra_leaf_line(hra_leaf *leaf, hra_pdf_style style, double x, double width, const char *text);
double hra_leaf_line_right(hra_leaf *leaf, hra_pdf_style style, double x, double width, const char *text);
/* The same broken into lines. */
double hra_leaf_cell(hra_leaf *leaf, hra_pdf_style style, double x, double width, const char *text);

/* A row, or several, of boxes side by side, each with a stripe in the colour of its level. */
typedef hra_level_mark (*hra_leaf_mark)(const void *item);
void hra_leaf_boxes(hra_leaf *leaf, const void *items, size_t size, int count, int columns, hra_leaf_part part,
                    hra_leaf_mark mark);
/* Parts in two columns, row by row, not torn apart. */
void hra_leaf_pairs(hra_leaf *leaf, const void *items, size_t size, int count, hra_leaf_part part);

/* Two parts about the same side by side, not torn apart. */
void hra_leaf_two(hra_leaf *leaf, hra_leaf_part left, hra_leaf_part right, const void *item);

#endif
