/* The records of an old workbook (.xls), one after the other: a type, a length, and bytes. What is too long for one
 * goes on in records of their own, which a cursor passes into. */
#ifndef HRA_IO_XLS_RECORDS_H
#define HRA_IO_XLS_RECORDS_H

#include "io/tables/compound_file.h"

typedef enum hra_xls_type {
    HRA_XLS_FORMULA = 0x0006,
    HRA_XLS_END = 0x000A,
    HRA_XLS_1904 = 0x0022,
    HRA_XLS_LOCKED = 0x002F,
    HRA_XLS_CONTINUE = 0x003C,
    HRA_XLS_CODE_PAGE = 0x0042,
    HRA_XLS_SHEET = 0x0085,
    HRA_XLS_RK_ROW = 0x00BD,
    HRA_XLS_RICH_TEXT = 0x00D6,
    HRA_XLS_STYLE = 0x00E0,
    HRA_XLS_MERGED = 0x00E5,
    HRA_XLS_SHARED_TEXTS = 0x00FC,
    HRA_XLS_SHARED_TEXT = 0x00FD,
    HRA_XLS_NUMBER = 0x0203,
    HRA_XLS_TEXT = 0x0204,
    HRA_XLS_BOOLEAN = 0x0205,
    HRA_XLS_FORMULA_TEXT = 0x0207,
    HRA_XLS_ARRAY = 0x0221,
    HRA_XLS_WHAT_IF = 0x0236,
    HRA_XLS_RK = 0x027E,
    HRA_XLS_FORMAT = 0x041E,
    HRA_XLS_SHARED_FORMULA = 0x04BC,
    HRA_XLS_START = 0x0809
} hra_xls_type;

typedef struct hra_xls_records hra_xls_records;

/* The one at which the records stand; `bytes` are valid until the next one is read. */
typedef struct hra_xls_record {
    int type;
    uint16_t length;
    const unsigned char *bytes;
    int64_t offset;
} hra_xls_record;

/* `stream` is borrowed. NULL: out of memory. */
hra_xls_records *hra_xls_records_new(const hra_compound_stream *stream);
void hra_xls_records_free(hra_xls_records *records);
/* The next record read is the one at this offset. */
void hra_xls_records_seek(hra_xls_records *records, int64_t offset);
/* From now on all bytes from `from` up to `to` stay in memory, for reading there in any order. */
hra_code hra_xls_records_hold(hra_xls_records *records, int64_t from, int64_t to, hra_error *error);
/* A file that ends before its last record does is an error; *found false: it ends behind one. */
hra_code hra_xls_records_next(hra_xls_records *records, hra_xls_record *record, bool *found, hra_error *error);

/* A place in a record and in those that continue it. */
typedef struct hra_xls_cursor {
    hra_xls_records *records;
    const unsigned char *at, *end;
    bool over; /* something was wanted behind the last of them */
} hra_xls_cursor;

/* Behind the first `skip` bytes of the record read last. */
hra_xls_cursor hra_xls_cursor_in(hra_xls_records *records, const hra_xls_record *record, size_t skip);
/* Into the record that continues this one, if there is one; else `over` is set. */
hra_code hra_xls_cursor_continue(hra_xls_cursor *cursor, hra_error *error);
/* The next few bytes, which stand in one record: 1, 2 or 4; 0 if they are not there, with `over` set. */
hra_code hra_xls_cursor_number(hra_xls_cursor *cursor, size_t bytes, uint32_t *number, hra_error *error);
hra_code hra_xls_cursor_skip(hra_xls_cursor *cursor, uint64_t bytes, hra_error *error);

#endif
