/* What a cell says: its text as a value, missing, or not readable with the
 * reason. Nothing is guessed: what could mean two things is rejected. */
#ifndef HRA_IO_CELL_VALUE_H
#define HRA_IO_CELL_VALUE_H

#include "base/map.h"
#include "engine/data/dictionary.h"
#include "engine/data/column.h"

typedef enum hra_cell_kind { HRA_CELL_KNOWN, HRA_CELL_MISSING, HRA_CELL_REJECTED } hra_cell_kind;

/* Why a 0 is missing where nobody can have 0. */
#define HRA_REASON_ZERO "zero: not measured"

/* In what way a text was altered to be read; bits. */
typedef enum hra_alteration {
    HRA_ALTERED_FORM = 1,     /* full-width characters, HTML entities, spreadsheet wrappers */
    HRA_ALTERED_REMARK = 2,   /* a mark or remark beside the number */
    HRA_ALTERED_UNIT = 4,     /* a unit in the cell */
    HRA_ALTERED_POINT = 8,    /* another decimal point, thousands separators, a fraction as percent */
    HRA_ALTERED_NUMERAL = 16, /* Chinese numerals */
    HRA_ALTERED_REPEAT = 32,  /* a text or reading that stands there several times */
    HRA_ALTERED_DATE = 64,    /* a date in a form that a reading rule explains */
    HRA_ALTERED_WORDS = 128   /* free text */
} hra_alteration;

typedef struct hra_cell_value {
    hra_cell_kind kind;
    uint8_t mark;       /* hra_mark, 0: none */
    uint8_t altered;    /* hra_alteration bits, 0: read as it stands */
    double value;       /* number, 0/1, ordinal of a level, or days since 1970-01-01 */
    const char *reason; /* of a rejection; of a missing value that is not blank: what stood there */
} hra_cell_value;

/* What a profile or map file says about the manner of a file (or of one column) where cells could mean two things.
 * All zero is the default: nothing is guessed. */
typedef enum hra_date_order { HRA_DATE_YEAR_FIRST, HRA_DATE_DAY_FIRST, HRA_DATE_MONTH_FIRST } hra_date_order;
typedef enum hra_bound_rule { HRA_BOUND_ITSELF, HRA_BOUND_HALF, HRA_BOUND_ROOT2 } hra_bound_rule;    /* "<0.5" */
typedef enum hra_span_rule { HRA_SPAN_LOWER, HRA_SPAN_MIDPOINT } hra_span_rule;                      /* "20-30" */
typedef enum hra_repeat_rule { HRA_REPEAT_FIRST, HRA_REPEAT_LAST, HRA_REPEAT_MEAN } hra_repeat_rule; /* two readings */

typedef struct hra_reading_rules {
    hra_date_order date_order; /* 05/03/2024 */
    int two_digit_pivot;       /* years below it are 20xx, else 19xx; 0: two-digit years are refused */
    bool minguo;               /* years of two and three digits count from 1912, as in Taiwan: 115 is 2026 */
    int serial_epoch;          /* 1900 or 1904: bare day numbers in date columns are spreadsheet days; 0: refused */
    hra_bound_rule bound;
    hra_span_rule span;
    bool decimal_comma;     /* 5,6 is 5.6 */
    bool percent_fractions; /* 0.058 in a % column is 5.8 */
    bool months;            /* 2024-03 is the first of that month (or the 15th: span) */
    hra_repeat_rule repeats;
} hra_reading_rules;

/* How the numbers of one column are read. */
typedef struct hra_number_reader {
    const hra_variable *variable;
    const char *unit;               /* unit of the column */
    const char *header;             /* its name; NULL: not known */
    const hra_reading_rules *rules; /* NULL: the defaults */
} hra_number_reader;

/* Exactly rounded, in every locale, like strtod: sign, digits, point, exponent.
 * Returns where reading stopped (== text: no number). `end` bounds the text. */
const char *hra_read_decimal(const char *text, const char *end, double *value);

/* `grouped`: "1,203" may be one thousand two hundred and three (a quoted cell between commas). */
hra_cell_value hra_cell_number(const hra_number_reader *reader, const char *text, size_t length, bool grouped);
hra_cell_value hra_cell_flag(const char *text, size_t length);
/* `rules` NULL: the defaults. */
hra_cell_value hra_cell_date(const hra_reading_rules *rules, const char *text, size_t length);
/* "2024-01-31", as most dates are: the same value, without rules. False: ask hra_cell_date. */
bool hra_cell_plain_date(const char *text, size_t length, double *days);
/* `levels` from hra_cell_level_map. */
hra_cell_value hra_cell_category(const hra_map *levels, const char *text, size_t length);
/* Two numbers in one cell, "120/80": the first must be the larger. Several readings go by rules->repeats. */
hra_cell_value hra_cell_pair(const hra_reading_rules *rules, const char *text, size_t length, double *first,
                             double *second);

/* Folded labels of a category to their ordinals; NULL when out of memory. */
hra_map *hra_cell_level_map(const hra_variable *variable);

/* Days since 1970-01-01, or false if there is no such day. */
bool hra_day_number(int year, int month, int day, double *days);

/* ---- shared by the readers -------------------------------------------------- */

enum { HRA_CELL_TEXT = 160 }; /* longer texts are no values */

/* "NA", "未检", "-" ...; folded text. `none` counts 无 and "none" as well. */
bool hra_is_missing_word(const char *folded, bool none);
/* The same, saying what it is: mark and reason. */
bool hra_missing_word(const char *folded, bool none, hra_cell_value *value);

static inline hra_cell_value hra_cell_known(double value, uint8_t altered)
{
    return (hra_cell_value){.kind = HRA_CELL_KNOWN, .altered = altered, .value = value + 0.0};
}
static inline hra_cell_value hra_cell_missing(void) { return (hra_cell_value){.kind = HRA_CELL_MISSING}; }
static inline hra_cell_value hra_cell_rejected(const char *reason)
{
    return (hra_cell_value){.kind = HRA_CELL_REJECTED, .mark = HRA_MARK_REJECTED, .reason = reason};
}

#endif
