/* What a line of the register says: whose it is, the days in it and the answers of staff. */
#ifndef HRA_SERVICE_REGISTER_FACTS_H
#define HRA_SERVICE_REGISTER_FACTS_H

#include "service/enrolment/register_file.h"
#include "service/enrolment/register_rules.h"

typedef struct hra_register_facts {
    uint64_t key[2];
    double since, last_seen; /* days; last_seen NaN: not told */
    hra_answer consent, decision;
} hra_register_facts;

/* Refuses what is no person key, day or answer, and a line that was changed after `as_of`. */
hra_code hra_register_facts_read(const char *path, const hra_register_line *line, double as_of,
                                 hra_register_facts *facts, hra_error *error);
hra_code hra_register_line_fault(const char *path, const hra_register_line *line, hra_register_column column,
                                 const char *what, hra_error *error);
/* Can every line of the file be used? `tell` (NULL: the first fault is the error) gets the message about each that
 * cannot. *lines, *faults: how many there are; either may be NULL. */
hra_code hra_register_try(const char *path, double as_of, void (*tell)(const char *fault), int64_t *lines,
                          int64_t *faults, hra_error *error);

#endif
