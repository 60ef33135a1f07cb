/* The work on one chunk: its records, the memory its columns are written to,
 * and what was counted. Kept for reuse when the chunk is released. */
#ifndef HRA_IO_CSV_WORK_H
#define HRA_IO_CSV_WORK_H

#include "io/csv/csv_binding.h"
#include "io/csv/csv_words.h"
#include "io/csv/reject_file.h"
#include "io/identity/id_run.h"
#include "io/words/cell_tally.h"

typedef enum hra_row_verdict {
    HRA_ROW_KEPT,
    HRA_ROW_UNCLOSED,
    HRA_ROW_NUL,
    HRA_ROW_TOO_WIDE,
    HRA_ROW_EMPTY,
    HRA_ROW_HEADER,
    HRA_ROW_TOTAL,
    HRA_ROW_NO_ID,
    HRA_ROW_DAMAGED_ID,
    HRA_ROW_DUPLICATE,
    HRA_ROW_NO_ITEM,
    HRA_ROW_TOO_MANY
} hra_row_verdict;

/* One label column of a chunk. */
typedef struct hra_label_memory {
    int32_t *index;
    hra_map *map; /* text -> number in this chunk */
    const char **texts;
    int count, capacity;
} hra_label_memory;

/* Words of flags and categories that were met lately, of all columns. */
enum { HRA_WORD_BITS = 9, HRA_WORD_PLACES = 1 << HRA_WORD_BITS };
typedef struct hra_word_memory {
    uint64_t text[2]; /* zeros behind the word */
    int32_t column;
    uint32_t length; /* 0: free */
    int32_t code;    /* -1: single cells must be read */
} hra_word_memory;

/* What reading rows column by column needs: for each source column the places of its cells, and the rows that are left
 * to the reading of single cells. */
typedef struct hra_block_memory {
    hra_cell_ends *ends;
    uint16_t *scratch; /* of hra_find_cells */
    int *left_columns;
    uint64_t *left_rows;
    hra_word_memory words[HRA_WORD_PLACES];
    hra_known_words *known; /* per schema column */
} hra_block_memory;

/* Where a row begins; line 0: not known. */
typedef struct hra_row_place {
    int64_t line;
    int file;
    bool earlier; /* its visit is before that of the row that is left out for it */
} hra_row_place;

typedef struct hra_work {
    struct hra_work *next_free, *next_all;

    /* set by claim */
    int file;
    int64_t turn; /* number of the batch */
    hra_batch batch;

    /* set by judging */
    bool judged_alone;     /* all but what depends on other rows is known */
    uint8_t *verdicts;     /* per record */
    hra_row_place *others; /* of duplicates: the row that was kept */
    bool *named;           /* has an identifier, looked for where somebody needs it */
    hra_id_hash *hashes;   /* of the identifiers: with a key the person keys */
    hra_id_span span;      /* the order they are in */
    int64_t last_line;     /* the highest of the records' lines */
    int judged_capacity;
    int kept;                /* records with verdict HRA_ROW_KEPT */
    int64_t first_row;       /* kept rows before these */
    int64_t first_input_row; /* all rows before these */

    /* written by fill */
    void *code_memory; /* what those point to, with room for so many rows; NULL until needed */
    int code_rows;
    void **codes; /* per schema column; NULL: not wanted */
    hra_codes *views;
    hra_exception *exceptions;
    int exception_count, exception_capacity;
    hra_exception *beyond; /* outside a hard limit */
    int beyond_count, beyond_capacity;
    hra_cell_mark *marks;
    int mark_count, mark_capacity;
    hra_label_memory *labels;
    hra_label_codes *label_views;
    hra_arena *texts; /* labels and keys of this chunk */
    const char **keys;
    hra_id_hash *key_hashes; /* instead of keys, where hashes are wanted */
    int64_t *lines;
    int32_t *files;
    hra_value_counts *counts; /* per schema column */
    hra_tallies tallies;
    int64_t short_rows;
    hra_buffer rejects, scratch;
    hra_buffer people;       /* for the key map */
    hra_block_memory *block; /* NULL until needed */
} hra_work;

/* What filling needs to know about the source; fixed while chunks are filled. */
typedef struct hra_fill_context {
    const hra_binding *binding;
    const hra_csv_options *options;
    const bool *wanted; /* NULL: all columns */
    bool want_keys, want_key_hashes, write_rejects, write_people;
    hra_vector_level level;
} hra_fill_context;

/* Identifiers as they are compared and hashed: without outer spaces and without the wrappers that protect digits from
 * a spreadsheet (="0012", '0012). */
void hra_clean_identifier(const char **text, size_t *length);
/* A number that a spreadsheet made of a long identifier: "1.10101E+17". */
bool hra_identifier_is_damaged(const char *text, size_t length);

hra_work *hra_work_new(const hra_binding *binding); /* NULL: out of memory */
void hra_work_free(hra_work *work, const hra_binding *binding);
/* The records, and what judging has found of them, change places. */
void hra_work_swap_records(hra_work *a, hra_work *b);

/* Parses the records of `work` into `chunk`. */
hra_code hra_work_fill(hra_work *work, const hra_fill_context *context, hra_chunk *chunk, hra_error *error);

#endif
