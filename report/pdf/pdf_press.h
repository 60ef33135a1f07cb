/* Type for printed reports: fonts, styles and shaped texts. Most texts of a night are the same for many people, so a
 * text that was shaped once is kept for the next one. A press belongs to one thread. */
#ifndef HRA_REPORT_PDF_PRESS_H
#define HRA_REPORT_PDF_PRESS_H

#include <cairo.h>
#include <stdbool.h>

#include "base/buffer.h"
#include "base/fail.h"

typedef enum hra_pdf_colour {
    HRA_PDF_INK,
    HRA_PDF_SOFT,
    HRA_PDF_LINE,
    HRA_PDF_WASH,
    HRA_PDF_ACCENT,
    HRA_PDF_PALE,
    HRA_PDF_GOOD,
    HRA_PDF_WATCH,
    HRA_PDF_ACT,
    HRA_PDF_URGENT,
    HRA_PDF_FAINT, /* people who stay well */
    HRA_PDF_WHITE
} hra_pdf_colour;

typedef enum hra_pdf_style {
    HRA_PDF_TITLE,
    HRA_PDF_ALARM,   /* heading of the urgent page */
    HRA_PDF_SECTION, /* heading of a sheet */
    HRA_PDF_HEADING,
    HRA_PDF_NAME, /* heading of a box */
    HRA_PDF_NAME_ACCENT,
    HRA_PDF_BIG, /* a risk */
    HRA_PDF_STRONG,
    HRA_PDF_LARGE,
    HRA_PDF_BODY,
    HRA_PDF_LEAD,
    HRA_PDF_TABLE,
    HRA_PDF_NOTE, /* small and soft */
    HRA_PDF_RUNNING,
    HRA_PDF_NUMBER, /* white, in a disc */
    HRA_PDF_STYLES
} hra_pdf_style;

/* Inside a text: from here on so, until HRA_PDF_PLAIN. */
#define HRA_PDF_BOLD "\001"
#define HRA_PDF_QUIET "\002" /* soft and smaller */
#define HRA_PDF_DUE "\003"   /* bold, in the colour of what must be acted on */
#define HRA_PDF_SOFTER "\004"
#define HRA_PDF_WHOLE "\005" /* never broken */
#define HRA_PDF_KEPT "\006"  /* soft, never broken */
#define HRA_PDF_PLAIN "\007"

typedef struct hra_pdf_press hra_pdf_press;
typedef struct hra_pdf_text hra_pdf_text;

/* `language` "zh" or "en". Without a font that has Chinese characters: HRA_EUSAGE with what to install. */
hra_code hra_pdf_press_new(const char *language, hra_pdf_press **out, hra_error *error);
void hra_pdf_press_free(hra_pdf_press *press);

/* Before each report: forgets shaped texts when there are many. */
void hra_pdf_press_refresh(hra_pdf_press *press);
/* A buffer for putting a text together; the next call empties it. */
hra_buffer *hra_pdf_press_compose(hra_pdf_press *press);

/* The text broken into lines of `width` points; valid until the next refresh. NULL: out of memory. */
const hra_pdf_text *hra_pdf_shape(hra_pdf_press *press, hra_pdf_style style, double width, const char *text);
/* On one line, cut with an ellipsis where it is wider than `width`; 0: as wide as it is. */
const hra_pdf_text *hra_pdf_shape_line(hra_pdf_press *press, hra_pdf_style style, double width, const char *text);
double hra_pdf_text_width(const hra_pdf_text *text);
double hra_pdf_text_height(const hra_pdf_text *text);
void hra_pdf_text_draw(const hra_pdf_text *text, cairo_t *cr, double x, double y);
/* Another colour than the style's. */
void hra_pdf_text_draw_in(const hra_pdf_text *text, cairo_t *cr, double x, double y, hra_pdf_colour colour);

void hra_pdf_ink(cairo_t *cr, hra_pdf_colour colour);

/* Texts so far that did not fit the room they had, or have characters in no font. */
long hra_pdf_press_misfits(const hra_pdf_press *press);
/* The first of them, for tests: it may be a name, which no message shows. */
const char *hra_pdf_press_first_misfit(const hra_pdf_press *press);
/* Something did not fit. */
void hra_pdf_press_misfit(hra_pdf_press *press, const char *text);
/* Out of memory at any time before. */
bool hra_pdf_press_failed(const hra_pdf_press *press);

#endif
