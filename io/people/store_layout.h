/* What stands where in a population store (docs/formats.md): shared by its
 * writer and its reader. */
#ifndef HRA_IO_STORE_LAYOUT_H
#define HRA_IO_STORE_LAYOUT_H

#include "base/arena.h"
#include "engine/data/column.h"

#define HRA_STORE_FORMAT "hra-population"
enum { HRA_STORE_VERSION = 1, HRA_STORE_KEY_LENGTH = 32 };

#define HRA_STORE_DATE_UNITS "days since 1970-01-01"

/* Bytes of the integers that hold a column: every code, the escape value and the fill value fit. */
int hra_store_width(const hra_column *column);
/* The fill value (missing): the smallest integer of the width. */
int64_t hra_store_fill(int width);
/* The integer that means "the exact value stands in the exceptions": first + escape code. */
int64_t hra_store_escape(const hra_column *column);

bool hra_column_unit_is_canonical(const hra_column *column, const hra_variable *variable);

/* "tc", or "tc@mg_per_dL" for a column in another than the canonical unit; NULL when out of memory. */
const char *hra_store_dataset_name(hra_arena *arena, const hra_column *column, const hra_variable *variable);

/* Whether a text is a hashed person key: 32 hexadecimal digits. */
bool hra_is_hashed_key(const char *text);

#endif
