/* The unit that a column's name gives: 总胆固醇(mg/dL), 身高/cm, 收缩压 mmHg. */
#ifndef HRA_IO_HEADER_UNIT_H
#define HRA_IO_HEADER_UNIT_H

#include <stddef.h>

#include "engine/data/dictionary.h"

typedef enum hra_header_units {
    HRA_HEADER_NO_UNIT,
    HRA_HEADER_UNIT,
    HRA_HEADER_TWO_UNITS, /* 腰围(cm)(米): they contradict each other */
    HRA_HEADER_TWOFOLD    /* one that is written for two quantities; the name does not say which */
} hra_header_units;

/* What the name says, in the dictionary's spelling; `*unit` is NULL where there is none, or two. */
hra_header_units hra_header_unit(const hra_variable *variable, const char *header, const char **unit);

/* A unit as it stands in a header, also with marks beside it: "mmol/L↑". NULL: it does not fit. */
const char *hra_unit_in_header(const hra_variable *variable, const char *text);

/* Where a unit without brackets may begin behind a name, `length` bytes long without what separates them: the first
 * such place at or behind `from`; 0: there is none. `text` is folded, with its spaces. */
size_t hra_header_tail(const char *text, size_t from, size_t *length);
/* Whether what stands there is a unit of the variable, in the dictionary's spelling; NULL: it is none. */
const char *hra_header_tail_unit(const hra_variable *variable, const char *tail);

#endif
