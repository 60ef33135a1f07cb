/* Delimited text cut into records (RFC 4180): a record is a line, or several
 * lines held together by a quoted cell. Line feeds, CR LF and lone CR all end
 * lines. Cutting finds the ends only; cells are read by io/csv/csv_cells.h. */
#ifndef HRA_IO_CSV_RECORDS_H
#define HRA_IO_CSV_RECORDS_H

#include "io/tables/text_stream.h"

typedef enum hra_record_fault {
    HRA_RECORD_GOOD,
    HRA_RECORD_UNCLOSED, /* a quote opened on this line is not closed; the record is this line alone */
    HRA_RECORD_NUL,      /* holds NUL bytes: damaged */
    HRA_RECORD_NO_ITEM,  /* a row of a long file whose item has no meaning */
    HRA_RECORD_TOO_MANY  /* a reading of a long file beyond those that are averaged */
} hra_record_fault;

typedef struct hra_record {
    int64_t line;    /* of its start, from 1 */
    uint32_t start;  /* in the batch's text */
    uint32_t length; /* without the line end */
    uint32_t cells;
    bool quoted; /* holds quote characters */
    uint8_t fault;
} hra_record;

enum {
    HRA_RECORD_LIMIT = 1 << 20, /* bytes of a record held together by quotes; beyond: not closed */
    HRA_LINE_LIMIT = 64 << 20   /* bytes of a line; beyond: not a text table */
};

/* Cutting one record at `at`. */
typedef struct hra_cutter {
    char delimiter;
    uint32_t width;  /* cells of the header: a record over several lines must have as many; 0: not known yet */
    size_t feedless; /* text before this offset, from where cutting stands, holds no line feed */
} hra_cutter;

/* True if a record was cut: `next` is where the following one starts, `lines`
 * how many line ends it holds. False: more text is needed (never when `end`). */
bool hra_cut_record(hra_cutter *cutter, const char *text, size_t length, size_t at, bool end, hra_record *record,
                    size_t *next, int64_t *lines);

/* The separator of a text's first records: the candidate that cuts most of
 * them to the same number of cells, and to more cells among equals. */
char hra_sniff_delimiter(const char *text, size_t length, bool end);

/* ---- batches ------------------------------------------------------------------ */

/* Where a cell of a record that was put together stands in its file (long files). */
typedef struct hra_cell_line {
    int32_t record, column;
    int64_t line;
} hra_cell_line;

typedef struct hra_batch {
    hra_buffer text;
    hra_record *records;
    int count, capacity;
    hra_cell_line *cell_lines; /* by record, then column; none: cells stand on their record's line */
    size_t cell_line_count, cell_line_capacity;
} hra_batch;
void hra_batch_destroy(hra_batch *batch);

typedef struct hra_record_reader hra_record_reader;

/* delimiter 0: sniffed from the first block. */
hra_code hra_record_reader_open(const char *path, const hra_text_facts *facts, char delimiter, hra_record_reader **out,
                                hra_error *error);
void hra_record_reader_close(hra_record_reader *reader);
char hra_record_reader_delimiter(const hra_record_reader *reader);
void hra_record_reader_set_width(hra_record_reader *reader, uint32_t width);
int64_t hra_record_reader_bytes_done(const hra_record_reader *reader);
/* Bytes of text that were read and stand in no batch yet. */
size_t hra_record_reader_rest(const hra_record_reader *reader);

/* All is read by the calling thread, which its user has for that. */
void hra_record_reader_stay(hra_record_reader *reader);

/* Up to `most` records, or fewer once the text exceeds about `bytes`; blank
 * lines are left out. An empty batch is the end. */
hra_code hra_record_reader_next(hra_record_reader *reader, int most, size_t bytes, hra_batch *batch, hra_error *error);

#endif
