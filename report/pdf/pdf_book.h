/* A PDF file of reports: pages one after the other, bookmarks, metadata. It appears whole or not at all, and the same
 * reports give the same bytes. */
#ifndef HRA_REPORT_PDF_BOOK_H
#define HRA_REPORT_PDF_BOOK_H

#include <cairo.h>

#include "report/person/individual_archive.h"

/* A4 in points. */
#define HRA_PDF_PAGE_WIDTH 595.276
#define HRA_PDF_PAGE_HEIGHT 841.89

typedef struct hra_pdf_book hra_pdf_book;

typedef struct hra_pdf_book_options {
    const char *title, *author; /* "" not said */
    const char *day;            /* the day the file says it was made: "2026-01-31", "" not said */
} hra_pdf_book_options;

hra_code hra_pdf_book_open(const char *path, const hra_pdf_book_options *options, hra_pdf_book **out, hra_error *error);
/* Drawing of the current page. */
cairo_t *hra_pdf_book_page(hra_pdf_book *book);
/* The page is finished; what is drawn next stands on a new one. */
void hra_pdf_book_turn(hra_pdf_book *book);
/* A bookmark to a height of the current page; `parent` 0: at the top. Returns its number for those below it. */
int hra_pdf_book_mark(hra_pdf_book *book, int parent, const char *text, double y);
/* Whether everything so far could be drawn and written. */
hra_code hra_pdf_book_check(const hra_pdf_book *book, hra_error *error);
int hra_pdf_book_pages(const hra_pdf_book *book);
/* Puts the file in its place; frees the book. A line near its end says what it was made from. */
hra_code hra_pdf_book_close(hra_pdf_book *book, const hra_fingerprint_bytes *content, hra_error *error);
/* Whether a file is there, whole as it was written, that was made from the same. */
bool hra_pdf_book_is(const char *path, const hra_fingerprint_bytes *content);
void hra_pdf_book_abandon(hra_pdf_book *book); /* NULL allowed */

#endif
