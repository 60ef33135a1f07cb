/* Columns: how data travels from io/ into the engine.
 *
 * A value is a small whole number, its code:
 *     value = (first + code) / 10^decimals      (one correctly rounded division)
 * Codes 0 .. levels-1 are ordinary; code `levels` means missing; code
 * `levels + 1` means that the value is off the grid or outside the code range
 * and stands, exactly, in the chunk's exceptions. Flags have two codes (0, 1),
 * categories one per dictionary level (the ordinal), dates one per day.
 * In memory codes are uint16_t when levels + 2 <= 65536, else uint32_t.
 */
#ifndef HRA_DATA_COLUMN_H
#define HRA_DATA_COLUMN_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/data/dictionary.h"
#include "base/fail.h"

typedef struct hra_column {
    int variable;     /* index in the dictionary */
    const char *unit; /* unit of these values: canonical, or the one they were delivered in */
    int decimals;
    int64_t first;   /* grid steps of code 0 */
    uint32_t levels; /* number of ordinary codes */
} hra_column;

typedef struct hra_label_texts {
    const char *const *texts;
    int count;
} hra_label_texts;

/* The columns of a source; the order is the index used by graphs and chunks.
 * A variable may have several columns, one per delivered unit. */
typedef struct hra_schema {
    const hra_dictionary *dictionary;
    hra_column *columns;
    int column_count;
    /* label columns (group_id, branch, department ...), by dictionary index */
    int *labels;
    int label_count;
    /* by label, where the texts of all rows are known beforehand and every chunk has just these; else NULL */
    const hra_label_texts *label_texts;
} hra_schema;

static inline uint32_t hra_column_missing(const hra_column *c) { return c->levels; }
static inline uint32_t hra_column_escape(const hra_column *c) { return c->levels + 1; }
static inline bool hra_column_wide(const hra_column *c) { return c->levels + 2u > 65536u; }
static inline double hra_pow10(int decimals)
{
    static const double p[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000};
    return p[decimals];
}
/* NaN for missing and escape. */
static inline double hra_column_value(const hra_column *c, uint32_t code)
{
    return code < c->levels ? (double)(c->first + (int64_t)code) / hra_pow10(c->decimals) : NAN;
}

/* The column a dictionary variable gets by default in the given unit (NULL:
 * canonical): grid and code range from decimals and hard limits. */
hra_code hra_column_for(const hra_dictionary *dictionary, int variable, const char *unit, hra_column *out,
                        hra_error *error);

/* The code of a value: ordinary if it is on the grid and in range, missing for
 * NaN, else the escape code (the caller keeps the value as an exception). */
uint32_t hra_column_code(const hra_column *column, double value);

int hra_schema_find(const hra_schema *schema, int variable, const char *unit); /* -1: absent; unit NULL: any */
int hra_schema_find_label(const hra_schema *schema, const char *name);         /* index into labels, -1: absent */

/* ---- chunks ---------------------------------------------------------------- */

enum { HRA_CHUNK_ROWS = 65536 }; /* default and maximum rows of a chunk */

typedef struct hra_exception {
    int32_t row, column;
    double value;
} hra_exception;

/* What a delivered cell said beyond its value; sparse. A missing value without a mark was blank or not delivered. */
typedef enum hra_mark {
    HRA_MARK_BELOW = 1,    /* "<0.5": the value is the bound (or what the reading rule makes of it) */
    HRA_MARK_ABOVE = 2,    /* ">11": likewise */
    HRA_MARK_RANGE = 3,    /* "20-30": the value is what the reading rule makes of it */
    HRA_MARK_NOT_DONE = 4, /* missing: 未检 */
    HRA_MARK_REFUSED = 5,  /* missing: 拒检, 弃查 */
    HRA_MARK_REJECTED = 6  /* missing: a value stood there and went to the reject file */
} hra_mark;

typedef struct hra_cell_mark {
    int32_t row, column;
    uint8_t mark; /* hra_mark */
} hra_cell_mark;

/* Codes of one column. All three NULL/constant: every row has `constant`. */
typedef struct hra_codes {
    const uint16_t *u16;
    const uint32_t *u32;
    uint32_t constant;
} hra_codes;

static inline uint32_t hra_code_at(const hra_codes *codes, int row)
{
    if (codes->u16) return codes->u16[row];
    return codes->u32 ? codes->u32[row] : codes->constant;
}

/* Labels of one label column: texts[index[row]]; index -1 is missing. */
typedef struct hra_label_codes {
    const int32_t *index;
    const char *const *texts;
    int text_count;
} hra_label_codes;

/* A hashed person key: the 16 bytes of the hash as two little-endian words. Its text is 32 hexadecimal digits. */
typedef struct hra_key_hash {
    uint64_t word[2];
} hra_key_hash;

typedef struct hra_chunk {
    int64_t sequence;  /* 0, 1, 2 ...: the order of chunks in the source */
    int64_t first_row; /* row number (from 0) of the first row among scored rows, or -1 if not known yet */
    int rows;
    hra_codes *columns;        /* schema->column_count; unwanted columns are all-missing constants. NULL: by `piece` */
    hra_exception *exceptions; /* sorted by row: the values of cells whose code is the escape code */
    int exception_count;
    const hra_exception *beyond; /* values read but outside a hard limit, so missing in the columns; sorted by row */
    int beyond_count;
    const hra_cell_mark *marks; /* sorted by row, then column; NULL: none are kept */
    int mark_count;
    hra_label_codes *labels;        /* schema->label_count */
    const char *const *keys;        /* person keys as text, one per row; NULL: use the row number */
    const hra_key_hash *key_hashes; /* instead of `keys`, where want_key_hashes was set and every row has one */
    const int64_t *source_lines;    /* line in the source file, or NULL */
    const int32_t *source_files;    /* index into the source's file list, or NULL */
    int64_t rejected;               /* input rows of this chunk that went to the reject file */
    void *owner;                    /* private to the source (buffers) */
} hra_chunk;

/* ---- sources --------------------------------------------------------------- */

/* Where the codes of a piece of a chunk stand; all zero to begin with, free(bytes) at the end. */
typedef struct hra_piece_memory {
    void *bytes;
    size_t capacity;
} hra_piece_memory;

/* A source hands out chunks. `claim` is called by one thread at a time and is
 * quick (next chunk number, or a batch of raw records); `fill` runs in
 * parallel, one call per claimed chunk, and decodes or parses. Chunk memory
 * belongs to the source; `release` gives it back for reuse. */
typedef struct hra_source hra_source;
struct hra_source {
    const hra_schema *schema;
    int64_t rows;              /* total if known, else -1 */
    int64_t bytes;             /* input bytes if known, else -1 (progress) */
    const bool *wanted;        /* schema->column_count flags set by the runner before the first claim, or NULL: all */
    const bool *wanted_labels; /* the same of schema->labels; those not wanted may come all missing */
    int threads;               /* that fill, set by the runner before the first claim; 0: not known */
    int claims_ahead; /* chunks that are claimed before anybody can begin with them, where threads share the work:
                       * a source whose claims take long says how many pay */
    bool want_keys;
    bool want_key_hashes; /* keys may come as hashes, which saves forming their texts */
    bool want_marks;      /* set before the first claim; a source that has them at hand may give them anyway */
    bool by_piece;        /* set before the first claim, where there is `piece`: codes are asked for by it alone */
    /* *sequence = -1 at the end of the input */
    hra_code (*claim)(hra_source *source, int64_t *sequence, void **ticket, hra_error *error);
    hra_code (*fill)(hra_source *source, int64_t sequence, void *ticket, hra_chunk *chunk, hra_error *error);
    /* How many rows a claimed chunk is going to have, at most; NULL: not known before it is filled */
    int (*claimed_rows)(hra_source *source, const void *ticket);
    /* Codes of `rows` of a filled chunk from `start` on (a multiple of eight), into columns[schema->column_count] and
     * the memory behind them. Several threads may ask for pieces of one chunk. NULL: chunks have all codes at once */
    hra_code (*piece)(hra_source *source, const hra_chunk *chunk, int start, int rows, hra_piece_memory *memory,
                      hra_codes *columns, hra_error *error);
    void (*release)(hra_source *source, hra_chunk *chunk);
    int64_t (*bytes_done)(hra_source *source); /* for progress, may be NULL */
    void (*close)(hra_source *source);
};

#endif
