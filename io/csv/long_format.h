/* Long files: one row per person and test item, as laboratory systems export. The map says so:
 *
 *     long: id = vid, date = exam_date, item = table_id, value = field_results, unit = unit
 *     item 0102 = tc [mmol/L]
 *     item 0105 = sbp / dbp, repeats = first
 *
 * A file is then read as if it had one row per person and day: the columns that repeat in every row (id, date, sex ...)
 * and one column per item, named by its code. Everything behind that is the same as for wide files. */
#ifndef HRA_IO_LONG_FORMAT_H
#define HRA_IO_LONG_FORMAT_H

#include "base/map.h"
#include "io/csv/map_file.h"

struct hra_file_plan;

/* An item that comes again for the same person and day. */
typedef enum hra_long_repeats {
    HRA_LONG_LAST,  /* the last that is not empty (default) */
    HRA_LONG_FIRST, /* the first */
    HRA_LONG_MEAN,  /* the mean of the readings, at most HRA_LONG_MOST_READINGS */
    HRA_LONG_JOIN   /* the texts, one after the other, with ; between them */
} hra_long_repeats;

enum { HRA_LONG_MOST_READINGS = 8 };

typedef struct hra_long_item {
    const char *code;
    hra_long_repeats repeats;
    bool wanted; /* not `= ignore` */
} hra_long_item;

/* The lines of one map. */
typedef struct hra_long_spec {
    const char *id, *date, *item, *value, *unit; /* header names; date and unit NULL: none */
    int line;                                    /* of long: */
    int digits; /* codes of digits are as long as this, zeros before them; 0: as they are */
    hra_long_item *items;
    int item_count;
    hra_map *codes; /* folded code -> item */
} hra_long_spec;

/* NULL in *out where the map has no such lines. Rules of items that are averaged become rules of several columns. */
hra_code hra_long_spec_read(hra_map_file *map, hra_arena *arena, hra_long_spec **out, hra_error *error);
void hra_long_spec_free(hra_long_spec *spec); /* NULL allowed; the arena keeps the rest */

/* The item of a code as it stands in a cell, -1: the map has none. */
int hra_long_item_of(const hra_long_spec *spec, const char *text, size_t length);

/* How one file's columns become those of the wide form. */
typedef struct hra_long_plan {
    const hra_long_spec *spec;
    int file_width;                  /* columns of the file */
    int id, date, item, value, unit; /* columns of the file; date and unit -1: none */
    int *carried;                    /* column of the file, for the first carried_count columns of the wide form */
    int carried_count;
    int *first_column; /* per item: of the wide form; -1: ignored */
} hra_long_plan;

/* Gives the plan of a file (its header has been cut into names) the columns of the wide form. */
hra_code hra_long_plan_make(const hra_long_spec *spec, const hra_map_file *map, hra_arena *arena,
                            struct hra_file_plan *plan, hra_error *error);

#endif
