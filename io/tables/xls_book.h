/* An old Excel workbook (.xls, Excel 5 to 2003): its sheets, its epoch, the number formats of its cells, the texts that
 * they share. Its records stand in a compound file; many programs write them without one. */
#ifndef HRA_IO_XLS_BOOK_H
#define HRA_IO_XLS_BOOK_H

#include "base/arena.h"
#include "io/tables/compound_file.h"
#include "io/tables/shared_texts.h"
#include "io/tables/sheet_choice.h"
#include "io/tables/xls_records.h"
#include "io/tables/xlsx_number.h"
#include "io/words/encoding.h"

typedef struct hra_xls_sheet_entry {
    hra_sheet_entry entry;
    int64_t offset; /* of its first record */
} hra_xls_sheet_entry;

typedef struct hra_xls_book {
    hra_compound *file;
    hra_compound_stream *stream;
    hra_arena *arena;
    hra_encoding encoding; /* of the texts before Excel 97 */
    hra_decoder *decoder;  /* for them; NULL: a workbook since Excel 97 */
    bool from_1904;
    hra_shared_texts *texts;
    const hra_xls_sheet_entry *sheets;
    int sheet_count;
    const hra_xlsx_form *forms; /* by the style number of a cell */
    int form_count;
} hra_xls_book;

/* The names under which a compound file holds such a workbook; the last one is NULL. */
extern const char *const hra_xls_stream_names[];
/* Whether a file begins with the records themselves, without a compound file around them. */
bool hra_xls_is_bare(const unsigned char *start, size_t length);

/* `given`: the encoding of texts before Excel 97; NULL: the workbook's own code page, or what its bytes show. */
hra_code hra_xls_book_open(const char *path, const hra_encoding *given, hra_xls_book **out, hra_error *error);
void hra_xls_book_close(hra_xls_book *book);
hra_code hra_xls_damaged(const hra_xls_book *book, const char *what, hra_error *error);

#endif
