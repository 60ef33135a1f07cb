/* A label column of a population store, written: numbers of texts. With the lock held. */
#ifndef HRA_IO_STORE_LABELS_H
#define HRA_IO_STORE_LABELS_H

#include "base/map.h"
#include "engine/data/column.h"
#include "io/people/series.h"

typedef struct hra_store_label {
    hra_series series;
    uint32_t *index; /* memory for a chunk; the store writer makes it with that of the columns */
    hra_map *map;    /* text -> index */
    const char **texts;
    int text_count, text_capacity;
    int32_t *known; /* index of each text of the source's present table, -1: not looked up yet */
    int known_capacity;
} hra_store_label;

/* Of a label that is all zero; false without memory. */
bool hra_store_label_begin(hra_store_label *label);
/* `count` rows of a source's column, from its row `from`, into the memory, where they begin at `at`. */
hra_code hra_store_label_copy(hra_store_label *label, hra_arena *arena, int at, const hra_label_codes *codes, int from,
                              int count, hra_error *error);
/* Writes the memory as chunk `index`; `rows`: of the store with it. */
hra_code hra_store_label_put(hra_store_label *label, hra_series_buffers *buffers, int64_t index, int64_t rows,
                             hra_error *error);
/* Writes the texts that the numbers stand for. */
hra_code hra_store_label_finish(const hra_store_label *label, hid_t group, hra_arena *arena, hra_error *error);
void hra_store_label_destroy(hra_store_label *label);

#endif
