/* All columns of a result store in the order of the file, which is that of a CSV file of the same run: results with
 * their statuses, labels, person keys, and the numbers of --keep. Flags of sets are not among them. */
#ifndef HRA_IO_RESULT_ENTRIES_H
#define HRA_IO_RESULT_ENTRIES_H

#include "io/results/result_reader.h"

typedef enum hra_result_entry_kind {
    HRA_ENTRY_FIELD,  /* index: the field of the reader */
    HRA_ENTRY_LABEL,  /* index: the label */
    HRA_ENTRY_KEY,    /* named "person_id" */
    HRA_ENTRY_STATUS, /* these two: index for hra_result_entry_values */
    HRA_ENTRY_KEPT
} hra_result_entry_kind;

typedef struct hra_result_entry {
    const char *name; /* "china_par_2016.status" */
    hra_result_entry_kind kind;
    int index;
    int64_t place; /* in the file */
} hra_result_entry;

/* Once for a reader; the list lives as long as it does. */
hra_code hra_result_entries(hra_result_reader *reader, const hra_result_entry **list, int *count, hra_error *error);

/* Of a kept number the value, NaN missing; of a status its bits as a number. */
hra_code hra_result_entry_values(const hra_result_reader *reader, int index, int64_t first, int64_t count, double *out,
                                 hra_error *error);

#endif
