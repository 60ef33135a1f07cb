/* Printed individual reports: the same content in the same order as the page for the screen (individual_page.h), drawn
 * on A4. One file holds one person or many; every person and every section has a bookmark, pages are counted for each
 * person. */
#ifndef HRA_REPORT_PDF_H
#define HRA_REPORT_PDF_H

#include "report/pdf/pdf_book.h"
#include "report/pdf/pdf_press.h"
#include "report/person/individual_page.h"

/* Appends the pages of one person. `name`: NULL or "" where it is not known. */
hra_code hra_pdf_add_person(hra_pdf_press *press, hra_pdf_book *book, const hra_individual_options *options,
                            const hra_person_view *view, const char *name, hra_error *error);

#endif
