/* Where the rows of a finished result and their checksums stand in its file. */
#ifndef HRA_IO_RESULT_PLACES_H
#define HRA_IO_RESULT_PLACES_H

#include "io/hdf5/store_summary.h"
#include "io/results/result_writer.h"

typedef struct hra_places {
    hra_summary_range *ranges; /* of rows and checksums, none twice */
    int64_t count, capacity;
} hra_places;

/* Before the file is closed, with the lock held. Then hra_places_free, after a failure too. */
hra_code hra_result_places(const hra_result_writer *w, hra_places *out, hra_error *error);
void hra_places_free(hra_places *places);

#endif
