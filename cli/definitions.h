/* What stands behind `hra definitions`: one function for each of its verbs. Each
 * returns the exit status and prints its own errors. */
#ifndef HRA_CLI_DEFINITIONS_H
#define HRA_CLI_DEFINITIONS_H

#include "cli/options.h"

typedef struct hra_definitions_options {
    const char *output, *as_of, *store, *panel;
    hra_texts definitions, signoffs;
    int threads;
    bool quiet;
} hra_definitions_options;

/* All faults of the files together with the built-in definitions. */
int hra_definitions_check(char **files, int count);
/* The sheet to sign. */
int hra_definitions_review(const hra_definitions_options *options);
/* Who would change category: `before` and `after` are definition files or "shipped". */
int hra_definitions_diff(const char *before, const char *after, const hra_definitions_options *options);

#endif
