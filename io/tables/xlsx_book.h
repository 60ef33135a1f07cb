/* A workbook: its sheets, its epoch, the number formats of its cells, and where its shared texts stand. */
#ifndef HRA_IO_XLSX_BOOK_H
#define HRA_IO_XLSX_BOOK_H

#include "base/arena.h"
#include "io/files/zip_archive.h"
#include "io/tables/sheet_choice.h"
#include "io/tables/xlsx_number.h"

typedef struct hra_xlsx_sheet_entry {
    hra_sheet_entry entry;
    int part; /* in the archive; -1: missing */
} hra_xlsx_sheet_entry;

typedef struct hra_xlsx_book {
    hra_zip *zip;
    hra_arena *arena;
    bool from_1904;
    int strings_part; /* -1: none */
    const hra_xlsx_sheet_entry *sheets;
    int sheet_count;
    const hra_xlsx_form *forms; /* by the style number of a cell */
    int form_count;
} hra_xlsx_book;

/* Whether an archive is a workbook that can be read; what it is otherwise is the caller's question. */
bool hra_xlsx_is_book(const hra_zip *zip);

/* `zip` stays the caller's and must stay open. */
hra_code hra_xlsx_book_open(hra_zip *zip, hra_xlsx_book **out, hra_error *error);
void hra_xlsx_book_close(hra_xlsx_book *book);

#endif
