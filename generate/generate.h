/* A synthetic corporate population as a source of chunks (datasets/population).
 *
 * People depend on the seed, their row number and their group alone: any number
 * of threads and any division into chunks gives the same bits. Memory does not
 * grow with the number of rows.
 */
#ifndef HRA_GENERATE_GENERATE_H
#define HRA_GENERATE_GENERATE_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/data/column.h"
#include "generate/groups.h"
#include "io/identity/identity.h"

typedef struct hra_generate_options {
    uint64_t seed;
    int64_t rows;
    int groups;                   /* 0: one for every 400 people */
    bool chinese;                 /* labels (branch, department, provider ...) in Chinese */
    const hra_identity *identity; /* keys are hashed with it; NULL: ten-digit identifiers as text */
    bool without_keys;            /* no identifiers at all */
} hra_generate_options;

hra_code hra_generate_open(const hra_dictionary *dictionary, const hra_generate_options *options, hra_source **out,
                           hra_error *error);

/* The groups of a source made by hra_generate_open. */
const hra_groups *hra_generate_groups(const hra_source *source);

#endif
