/* The enrolment register: who is in which plan, in which state, since when, and
 * why. A CSV file that staff edit between nights (consent, decision, decider,
 * reason, contact); each night it is held against the results and the table of
 * transitions (datasets/register_transitions.csv). docs/enrolment.md.
 */
#ifndef HRA_SERVICE_REGISTER_H
#define HRA_SERVICE_REGISTER_H

#include "base/buffer.h"
#include "io/results/result_reader.h"

typedef struct hra_register_request {
    const char *path;    /* NULL: a new register */
    const char *results; /* result store, or folder of `hra run` */
    const char *rules;   /* NULL: the table built in */
    const char *output, *changes;
    double as_of;
    bool renews; /* the output may be newer than `path`: it is replaced */
} hra_register_request;

typedef struct hra_register_account {
    int64_t lines, people; /* of the register as read; of the results */
    int64_t added, changed, absent;
    int64_t other_plans; /* lines of plans that the table of transitions does not have; they stay as they are */
} hra_register_account;

/* Refuses to write over a register that is newer than the one to be updated, by the days in them or else by the time of
 * their last change: what was done there would be lost. */
hra_code hra_register_spare_newer(const char *path, const char *output, hra_error *error);
/* It was written on this day, together with the list of its changes, and nobody worked on it since. */
bool hra_register_is_untouched(const char *path, const char *changes, double as_of);

/* One transition a line and night at most, and none for a line whose state began this very day: the same night twice
 * changes nothing more. Everything is written whole or not at all. */
hra_code hra_register_update(const hra_register_request *request, hra_register_account *account, hra_error *error);
/* What somebody should look at, a line each; nothing where all is well. */
void hra_register_remarks(const hra_register_account *account, hra_buffer *out);

#endif
