/* What the parts of io/csv/long_reader.h share: its life and what it hands out (long_reader.c), the rows of the file
 * (long_rows.c), the records made of them (long_records.c). */
#ifndef HRA_IO_LONG_READER_INTERNAL_H
#define HRA_IO_LONG_READER_INTERNAL_H

#include "io/csv/csv_work.h"
#include "io/csv/long_format.h"
#include "io/csv/long_reader.h"
#include "io/files/row_sort.h"
#include "io/identity/id_set.h"

enum { HRA_LONG_UNIT_TEXT = 48 };

/* A cell of the record that is being put together. */
typedef struct hra_wide_cell {
    hra_buffer text;
    int64_t line; /* 0: empty so far */
} hra_wide_cell;

/* Whether a unit in the file is the column's own; the last one is remembered. */
typedef struct hra_seen_unit {
    char text[HRA_LONG_UNIT_TEXT];
    bool known, own;
} hra_seen_unit;

struct hra_long_reader {
    const hra_binding *binding;
    const hra_file_plan *plan;
    const hra_long_plan *form;
    hra_id_hasher hasher;
    hra_row_sort *rows;    /* by person and day: item, cells */
    hra_row_sort *records; /* by line: what is handed out */
    hra_map *unknown;      /* items told already */
    int unknown_count;
    hra_long_counts counts;
    hra_seen_unit *units; /* per item */
    hra_wide_cell *cells; /* per column of the wide form */
    int *used;            /* readings of an item that is averaged, per item */
    hra_buffer scratch, packed, identifier;
    hra_cell_text *file_cells;
    hra_buffer cell_texts; /* behind file_cells */
};

/* What stands before a packed record. */
typedef struct hra_long_head {
    int64_t line;
    uint32_t length, cells, lines; /* of the text; lines: how many cells say where they stand */
    uint8_t fault, quoted;
} hra_long_head;

/* ---- long_reader.c ---- */

/* A record that is ready goes into `records`. */
hra_code hra_long_put_record(hra_long_reader *r, const hra_long_head *head, const char *text,
                             const hra_cell_line *lines, hra_error *error);

/* ---- long_rows.c ---- */

/* The rows of the file into `rows`, sorted by person and day. */
hra_code hra_long_read_file(hra_long_reader *r, hra_error *error);

/* ---- long_records.c ---- */

/* Out of `rows` into `records`: all rows of a person and day as one record of the wide form. */
hra_code hra_long_put_together(hra_long_reader *r, hra_error *error);

#endif
