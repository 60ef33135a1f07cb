/* hra evaluate in its parts: the table that is read, what is written, the lines that are shown. */
#ifndef HRA_CLI_EVALUATION_H
#define HRA_CLI_EVALUATION_H

#include <stdbool.h>

#include "cli/evaluation_partners.h"
#include "cli/options.h"
#include "evaluate/study.h"

typedef struct hra_evaluation_options {
    const char *event, *time, *horizons, *risks, *against, *status, *weight, *by, *only, *rank, *thresholds, *output,
        *page, *language;
    const char *outcomes, *id, *key, *issuer; /* a table of outcomes by itself, and how it is joined */
    hra_texts definitions;                    /* of models that do not come with hra */
    const char *command;                      /* the line as it was typed */
    int bootstrap, threads;
    long long seed;
    bool common, quiet;
} hra_evaluation_options;

hra_code hra_evaluation(const char *path, const hra_evaluation_options *options, hra_error *error);

/* ---- cli/evaluation_input.c ---- */

/* The study that the table and the options describe; its arrays live as long as it does. */
typedef struct hra_evaluation_input hra_evaluation_input;
hra_code hra_evaluation_read(const char *path, const hra_evaluation_options *options, hra_evaluation_input **out,
                             hra_error *error);
void hra_evaluation_free(hra_evaluation_input *input);
hra_study *hra_evaluation_study(hra_evaluation_input *input);
int64_t hra_evaluation_table_rows(const hra_evaluation_input *input);           /* the study has fewer with --only */
const hra_partners *hra_evaluation_partners(const hra_evaluation_input *input); /* NULL: one table */
/* Models of the table that are not in the study, because no column of theirs ends in .risk; NULL: none. */
const char *hra_evaluation_unread(const hra_evaluation_input *input);

/* ---- cli/evaluation_output.c ---- */

/* resampled: with the columns of the bootstrap. */
hra_code hra_evaluation_write(const char *path, const hra_metrics *metrics, bool resampled, hra_error *error);
/* The main measures on standard output, a block for each group (of the column `by`) and horizon. */
hra_code hra_evaluation_show(const hra_metrics *metrics, const char *by, hra_error *error);

#endif
