/* What a result reader is made of: for io/results/result_reader.c and io/results/result_entries.c only. */
#ifndef HRA_IO_RESULT_READER_PARTS_H
#define HRA_IO_RESULT_READER_PARTS_H

#include "base/map.h"
#include "io/hdf5/packed_dataset.h"
#include "io/results/result_reader.h"
#include "io/results/result_sums.h"

typedef struct hra_result_data {
    hra_result_field base;
    hra_packed *data;   /* of an output */
    hid_t known, truth; /* of a bit: the words of its set */
    int bit, words;     /* which, of rows of so many words */
} hra_result_data;

typedef struct hra_result_label {
    const char *name;
    hra_packed *data;
    const char *const *texts;
    int text_count;
} hra_result_label;

struct hra_result_reader {
    hra_arena *arena;
    hra_result_facts facts;
    hid_t file;
    hra_result_data *fields;
    int count, capacity;
    hra_map *names;
    hra_result_label *labels;
    int label_count;
    hra_packed *keys;
    hra_packed **beside; /* statuses and kept numbers, once they are asked for */
    int beside_count;
    hra_result_sums sums;
    hid_t sets[32]; /* the open words of all sets, for closing */
    int set_count;
};

/* Rows are read some thousand at a time, so that no piece of checksums is read twice. */
enum { HRA_RESULT_ROWS_AT_ONCE = 16 * HRA_SUM_ROWS };

/* A dataset with a row for each of the file's; takes over `dataset`. With the lock held. */
hra_code hra_result_open_rows(hra_result_reader *reader, hid_t dataset, const char *folder, const char *name,
                              hra_packed **out, hra_error *error);

/* Native elements, compared with their checksums. */
hra_code hra_result_read_rows(const hra_result_reader *reader, const hra_packed *data, int64_t first, int64_t count,
                              void *out, hra_error *error);

/* Whole numbers of a dataset; those outside 0 .. limit - 1 are `other`. */
hra_code hra_result_read_whole(const hra_result_reader *reader, const hra_packed *data, int64_t first, int64_t count,
                               int64_t limit, int64_t other, int64_t *out, hra_error *error);

#endif
