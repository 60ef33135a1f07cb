/* Who the rows of a population store are: the datasets of its group person, written. With the lock held. */
#ifndef HRA_IO_STORE_PEOPLE_H
#define HRA_IO_STORE_PEOPLE_H

#include "engine/data/column.h"
#include "io/people/series.h"

/* The pointers are to memory for a chunk; the store writer makes it with that of the columns. */
typedef struct hra_store_people {
    bool has_keys, has_lines, has_files;
    hra_series keys, lines, files;
    char *key_texts;
    int64_t *line_numbers;
    uint32_t *line_codes;
    uint32_t *file_numbers;
} hra_store_people;

/* What names a person is known when the first rows come; all rows of a store have the same. */
void hra_store_people_begin(hra_store_people *people, const hra_chunk *chunk);
bool hra_store_people_fit(const hra_store_people *people, const hra_chunk *chunk);
hra_code hra_store_people_create(hra_store_people *people, hid_t group, int chunk_rows, hra_store_encoding encoding,
                                 hra_error *error);
/* `count` rows, from row `from` of a chunk, into the memory, where they begin at `at`. */
hra_code hra_store_people_copy(hra_store_people *people, int at, const hra_chunk *chunk, int from, int count,
                               hra_error *error);
/* Writes the `filled` rows of the memory as chunk `index`; `rows`: of the store with them. */
hra_code hra_store_people_put(hra_store_people *people, hra_series_buffers *buffers, int64_t index, int64_t rows,
                              int filled, hra_error *error);
hra_code hra_store_people_finish(const hra_store_people *people, hra_error *error);
void hra_store_people_close(hra_store_people *people);

#endif
