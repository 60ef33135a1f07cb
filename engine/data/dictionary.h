/* The data dictionary: every variable hra knows, with type, canonical unit,
 * plausible and hard range, levels, labels and aliases.
 *
 * Read from datasets/dictionary.csv (embedded in the binary) and extended by
 * `variable` declarations of definition files. Immutable once loaded; all text
 * belongs to the dictionary. Safe to share between threads.
 */
#ifndef HRA_DATA_DICTIONARY_H
#define HRA_DATA_DICTIONARY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fail.h"

typedef enum hra_type {
    HRA_TYPE_MEASURE,  /* number with a unit */
    HRA_TYPE_COUNT,    /* whole number with a unit */
    HRA_TYPE_FLAG,     /* true, false or unknown */
    HRA_TYPE_CATEGORY, /* one of the listed levels */
    HRA_TYPE_DATE,     /* day; a number of days since 1970-01-01 */
    HRA_TYPE_LABEL,    /* free text kept as a label: group, branch, department */
    HRA_TYPE_TEXT,     /* never enters the engine or a store: name, phone */
    HRA_TYPE_ID        /* identifies a person; hashed before it is stored */
} hra_type;

typedef struct hra_level {
    const char *name;          /* "current" */
    double number;             /* the dictionary's code, `number(x)` in definitions */
    const char *const *labels; /* what files call it: "2", "吸烟", ... (name and code included) */
    int label_count;
} hra_level;

/* canonical value = value * factor + offset */
typedef struct hra_unit_conversion {
    const char *unit;
    double factor, offset;
    const char
        *names; /* not NULL: what stands before its hyphen may mean it, and does in columns of these names, A|B */
} hra_unit_conversion;

typedef struct hra_variable {
    const char *name;
    hra_type type;
    const char *unit;                    /* canonical; "" where there is none */
    int decimals;                        /* of the value as a laboratory prints it; also the packing grid */
    double plausible_min, plausible_max; /* NaN: no limit; outside: kept and flagged */
    double hard_min, hard_max;           /* NaN: no limit; outside: rejected on intake */
    const hra_level *levels;             /* categories only */
    int level_count;
    const hra_unit_conversion *units; /* other accepted units, canonical not included */
    int unit_count;
    const char *const *aliases; /* header names, the labels included */
    int alias_count;
    int common_alias_count; /* the first of them: what hra generate chooses from */
    const char *label_en, *label_zh;
    const char *loinc, *domain, *note;
    bool loinc_confirmed;                  /* against the table of LOINC */
    const char *only_for, *only_for_level; /* category and level, or flag and yes or no, of those asked; NULL: all */
    bool only_for_others;                  /* of those of all other levels */
    bool only_for_models;                  /* an input of published models that means nothing to the person */
} hra_variable;

typedef struct hra_dictionary hra_dictionary;

int hra_dictionary_count(const hra_dictionary *dictionary);
const hra_variable *hra_dictionary_at(const hra_dictionary *dictionary, int index);

/* Index of the variable with this name (or alternative name of a definition),
 * or -1. Header matching with aliases is the business of io/. */
int hra_dictionary_find(const hra_dictionary *dictionary, const char *name);

/* The conversion from `unit` to the canonical unit; false if the unit does not
 * fit. Unit texts compare after folding case of nothing but spaces, µ/u and
 * full-width forms. The canonical unit itself gives factor 1, offset 0. */
bool hra_variable_unit(const hra_variable *variable, const char *unit, double *factor, double *offset);

/* The variable that says of whom this one is asked, and its value for them; -1: it is asked of everybody. */
int hra_variable_asked_by(const hra_dictionary *dictionary, const hra_variable *variable, double *answer);
/* Is it asked of somebody who gives this answer there? Of whom it is not known, yes. */
static inline bool hra_variable_asks(const hra_variable *variable, double wanted, double answer)
{
    return answer != answer || (answer == wanted) != variable->only_for_others;
}

/* Ordinal of the level with this name, or -1. */
int hra_variable_level(const hra_variable *variable, const char *name);

/* A level of a category, or yes or no of a flag, as its value; -1: there is none. */
int hra_variable_answer(const hra_variable *variable, const char *answer);

#endif
