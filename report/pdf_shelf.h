/* Merged files while they are printed: a book for each path, not more open at a time than the system bears. */
#ifndef HRA_REPORT_PDF_SHELF_H
#define HRA_REPORT_PDF_SHELF_H

#include <stdint.h>

#include "report/pdf_book.h"

typedef struct hra_pdf_shelf hra_pdf_shelf;

/* Options must outlive the shelf. */
hra_code hra_pdf_shelf_new(const hra_pdf_book_options *options, int most_open, hra_pdf_shelf **out, hra_error *error);
/* The book of PATH.pdf. If it had to be closed meanwhile, what follows goes to "PATH part 2.pdf" and so on. */
hra_code hra_pdf_shelf_book(hra_pdf_shelf *shelf, const char *path, hra_pdf_book **out, hra_error *error);
hra_code hra_pdf_shelf_finish(hra_pdf_shelf *shelf, hra_error *error);
int64_t hra_pdf_shelf_files(const hra_pdf_shelf *shelf);
int64_t hra_pdf_shelf_pages(const hra_pdf_shelf *shelf); /* of closed books */
void hra_pdf_shelf_free(hra_pdf_shelf *shelf);

#endif
