/* The readings of returned diaries: read, checked, sorted by person and day. */
#ifndef HRA_SERVICE_LOG_READINGS_H
#define HRA_SERVICE_LOG_READINGS_H

#include "base/arena.h"
#include "io/files/spill_sort.h"
#include "service/enrolment/returned_log.h"

enum { HRA_LOG_VARIABLES = 32 };

typedef struct hra_log_variables {
    int variables[HRA_LOG_VARIABLES]; /* of the dictionary, in the order of datasets/log_indicators.csv */
    int count;
} hra_log_variables;

hra_code hra_log_variables_load(const hra_dictionary *dictionary, hra_arena *arena, hra_log_variables *out,
                                hra_error *error);

/* A record of the sort: person key, then day << 16 | place of the variable, then the bits of the value in its canonical
 * unit. Day 0xffffffff: the person is expected to return a diary. */
enum { HRA_LOG_EXPECTED = -1 };
static inline uint64_t hra_log_word(int64_t day, int variable)
{
    return (uint64_t)(uint32_t)day << 16 | (uint64_t)variable;
}

/* Reads all files; what cannot be taken over goes to log_rejects.csv with file, line and reason. */
hra_code hra_log_readings(const hra_log_request *request, const hra_log_variables *variables, hra_spill_sort *sort,
                          hra_log_account *account, hra_error *error);

#endif
