/* Scan: one pass over a file that counts what its cells look like, column by column, without deciding what they mean.
 * It is the ground of inspection (intake/inspect/inspect.h), of the check before import (intake/profiles/hold.h) and of
 * reports on the quality of a source. Memory is bounded whatever the file holds: counters, a tally of numbers and a
 * list of the first different texts per column. */
#ifndef HRA_INTAKE_SCAN_H
#define HRA_INTAKE_SCAN_H

#include "intake/profiles/tally.h"
#include "io/csv/csv_binding.h"

/* What dates look like; a day above 12 proves which number is the day. */
typedef enum hra_date_shape {
    HRA_SHAPE_YEAR_FIRST,     /* 2024-03-05, 2024/3/5, 2024年3月5日 */
    HRA_SHAPE_COMPACT,        /* 20240305 */
    HRA_SHAPE_DAY_FIRST,      /* 25/03/2024: proven */
    HRA_SHAPE_MONTH_FIRST,    /* 03/25/2024: proven */
    HRA_SHAPE_EITHER,         /* 05/03/2024: day or month first */
    HRA_SHAPE_MINGUO,         /* 115/03/01, 1150301, 民國115年3月1日: years from 1912 */
    HRA_SHAPE_TWO_DIGIT_YEAR, /* 75.10.02, 5/3/24 */
    HRA_SHAPE_SERIAL,         /* 45356: days of a spreadsheet */
    HRA_SHAPE_COUNT
} hra_date_shape;

typedef struct hra_scan_text {
    const char *text; /* as it stands in the file, trimmed */
    int64_t count, first_line;
} hra_scan_text;

typedef struct hra_scan_column {
    const char *header; /* made safe to print */

    /* every cell is one of these */
    int64_t blank;         /* empty, or spaces alone */
    int64_t not_done;      /* missing words: 未检 */
    int64_t refused;       /* 拒检 */
    int64_t other_missing; /* -, NA, #N/A ... */
    int64_t numbers;       /* one number, whatever stands around it */
    int64_t pairs;         /* 120/80 */
    int64_t texts;         /* anything else */

    /* among the numbers */
    int64_t commas;          /* 5,6: no number unless the file's rules say so; among the texts */
    int64_t bounds;          /* <0.5, ≥20 */
    int64_t marked;          /* 5.6↑, 4.15+, *6.1 */
    int64_t with_unit;       /* 5.6mmol/L, 45岁 */
    int64_t full_width;      /* １２０ */
    int64_t exponents;       /* 1.10101E+17: identifiers that a spreadsheet damaged */
    int64_t long_whole;      /* six digits and more without a point: numbers of persons and telephones */
    int64_t zero_tails;      /* 16 digits and more that end in 000: a spreadsheet keeps only 15 */
    double minimum, maximum; /* NaN: no numbers */
    hra_tally *values;       /* the numbers as they stand, bounds included */
    int64_t last_digits[10]; /* the last digit written, of numbers other than 0: digit preference */
    int64_t decimals[5];     /* digits behind the point: 0, 1, 2, 3, 4 and more */

    int64_t dates[HRA_SHAPE_COUNT]; /* cells that may be dates; compact ones and serials are among the numbers too */

    int64_t shortest, longest; /* characters of cells that are not blank */
    hra_scan_text *list;       /* the first different texts, in the order of their first row; numbers are texts too */
    int list_count;
    int64_t beyond_list; /* cells whose text is not in the list */
    int64_t different;   /* different texts: exact while beyond_list is 0, else an estimate */
    uint64_t digest;     /* equal digests: all cells are equal row by row */
} hra_scan_column;

typedef struct hra_scan {
    int64_t rows;                /* records behind the header, damaged and too wide ones included */
    int64_t damaged, wide, lean; /* unclosed quotes or NUL bytes; more cells; fewer cells than the header */
    int64_t header_again;        /* rows that repeat the header */
    int width;
    hra_scan_column *columns;
    hra_arena *arena; /* private */
} hra_scan;

typedef struct hra_scan_options {
    const bool *wanted; /* per column; NULL: all */
    int most_texts;     /* kept per column; 0: 64 */
    bool texts_only;    /* count different texts and nothing else: quicker */
    int64_t most_rows;  /* 0: all */
} hra_scan_options;

/* The plan needs path, text facts, delimiter, header and columns (hra_header_read, hra_header_names). */
hra_code hra_scan_file(const hra_file_plan *plan, const hra_scan_options *options, hra_scan **out, hra_error *error);
void hra_scan_free(hra_scan *scan);

/* Cells that hold something: all but the missing ones. */
int64_t hra_scan_filled(const hra_scan_column *column);

#endif
