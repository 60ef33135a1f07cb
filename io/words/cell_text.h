/* Parts that the cell readers share: cleaning, Chinese numerals, words around numbers. */
#ifndef HRA_IO_CELL_TEXT_H
#define HRA_IO_CELL_TEXT_H

#include "io/words/cell_value.h"

/* The text of a cell without what only transport put there, folded: HTML entities and tags, _x000D_, ="..." and a
 * leading apostrophe. Returns the length, -1 if it does not fit. `altered` gets HRA_ALTERED_FORM where that changed
 * the text (spaces at the ends do not count). */
int hra_cell_clean(const char *text, size_t length, int flags, char *out, size_t capacity, uint8_t *altered);

/* Chinese numerals at `text`: 四十五, 二〇二四. Returns the bytes read (0: none) and how many numerals. */
size_t hra_read_numeral(const char *text, int *number, int *numerals);

/* A text that only repeats itself, 阴性阴性, becomes one of them; true if it did. */
bool hra_collapse_repeats(char *text);

/* What may stand behind a number. */
typedef enum hra_bounder { HRA_BOUNDER_NONE, HRA_BOUNDER_ABOVE, HRA_BOUNDER_BELOW, HRA_BOUNDER_ABOUT } hra_bounder;

typedef struct hra_suffix {
    const char *unit; /* in the variable's spelling; NULL: none stands there */
    bool months;      /* the number counts months of a variable in years */
    bool remark;
    hra_bounder bounder; /* 以上, 以下, 左右 */
} hra_suffix;

/* `text` without spaces: unit, remarks and bounders in any order. False: something else stands there. */
bool hra_read_suffix(const hra_number_reader *reader, const char *text, hra_suffix *suffix);

/* Takes remarks, "每天" and comparators in front of a number off; what they say is added to `suffix`. */
const char *hra_skip_prefix(const hra_variable *variable, const char *text, hra_suffix *suffix);

/* Behind a reference range at `text`, without spaces: 3.9-6.1, 参考值:<6.1. NULL: there is none. */
const char *hra_skip_reference(const char *text);

#endif
