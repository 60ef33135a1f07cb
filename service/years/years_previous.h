/* One year's people, to be asked for by person: who is there, what every value
 * was, what the risks were. Built in two passes over the stores into unlinked
 * temporary files; memory does not grow with the number of people, disk by
 * 24 bytes and 4 bytes a variable and 8 bytes a risk for each. */
#ifndef HRA_SERVICE_YEARS_PREVIOUS_H
#define HRA_SERVICE_YEARS_PREVIOUS_H

#include "engine/data/dictionary.h"
#include "engine/run/runner.h"
#include "io/results/result_reader.h"

typedef struct hra_previous_request {
    const char *results;    /* result store, or folder of `hra run`; NULL: values alone, of `population` */
    const char *population; /* NULL: population.h5 in the folder of the results */
    const char *beside;     /* temporary files stand in the folder of this path */
    const hra_dictionary *dictionary;
    const char *key_fingerprint; /* must be that of the file's keys; NULL: any */
    bool providers;              /* also who examined (label exam_provider) */
    const bool *wanted;          /* by dictionary variable: the values that are kept, without risks; NULL: everything */
    int threads;
    const volatile int *stop;
} hra_previous_request;

typedef struct hra_previous hra_previous;

hra_code hra_previous_open(const hra_previous_request *request, hra_previous **out, hra_error *error);
void hra_previous_close(hra_previous *previous);

int64_t hra_previous_rows(const hra_previous *previous);
const hra_result_facts *hra_previous_facts(const hra_previous *previous); /* of the result store, where there is one */
const hra_result_reader *hra_previous_results(const hra_previous *previous);
const char *hra_previous_key_fingerprint(const hra_previous *previous);
const char *hra_previous_population(const hra_previous *previous); /* path of the store */
int64_t hra_previous_repeated(const hra_previous *previous);       /* people who stand there more than once */

/* The row of a person. False: not there, or there more than once. Any thread. */
bool hra_previous_find(const hra_previous *previous, const char *key, int64_t *row);
void hra_previous_key(const hra_previous *previous, int64_t row, char out[HRA_RESULT_KEY_SIZE]);

/* A dictionary variable as reported, in its canonical unit: number, 0 or 1, ordinal of a level, day; NaN unknown. */
double hra_previous_value(const hra_previous *previous, int64_t row, int variable);
/* The same in steps of the dictionary's last decimal; false: unknown. */
bool hra_previous_steps(const hra_previous *previous, int64_t row, int variable, int32_t *steps);
bool hra_previous_known(const hra_previous *previous, int64_t row, int variable);
/* The unit that a variable was delivered in; "" if it has none or was not delivered. */
const char *hra_previous_unit(const hra_previous *previous, int variable);

/* Risk of a panel's role ("chd"): -1 if the results have none. */
int hra_previous_role(const hra_previous *previous, const char *role);
int hra_previous_role_count(const hra_previous *previous);
double hra_previous_risk(const hra_previous *previous, int64_t row, int role);

/* Text of the group, "" if there is none. */
const char *hra_previous_group(const hra_previous *previous, int64_t row);
/* Who examined, "" if it is not known or was not asked for. */
const char *hra_previous_provider(const hra_previous *previous, int64_t row);

#endif
