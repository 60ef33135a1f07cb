/* What a result store holds, counted: for `hra info` and for checks. */
#ifndef HRA_IO_RESULT_INFO_H
#define HRA_IO_RESULT_INFO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fail.h"

typedef struct hra_result_output {
    const char *name, *role, *unit; /* "china_par_2016.risk", "model", "1" */
    int64_t known;
    double minimum, mean, maximum; /* numbers; NaN if none is known */
    const char *const *levels;     /* categories and flags: names and how many have each */
    int64_t *level_counts;
    int level_count;
} hra_result_output;

typedef struct hra_result_flag {
    const char *id;
    int64_t known, present;
} hra_result_flag;

typedef struct hra_result_flags {
    const char *name; /* "factors" */
    hra_result_flag *flags;
    int count;
} hra_result_flags;

enum { HRA_RESULT_INFO_SETS = 5 };

typedef struct hra_result_info {
    int64_t rows;
    bool has_keys;
    const char *engine_version, *definitions_hash, *input_hash, *panel, *command;
    hra_result_output *outputs;
    int output_count;
    hra_result_flags sets[HRA_RESULT_INFO_SETS]; /* factors, prescriptions, items, monitors, topics */
} hra_result_info;

bool hra_is_result_store(const char *path);

/* Everything in `info` belongs to the arena. */
hra_code hra_result_info_read(const char *path, hra_arena *arena, hra_result_info *info, hra_error *error);

#endif
