/* The rows of one person become one row (the rules: intake/join/join.h). */
#ifndef HRA_INTAKE_JOIN_PERSON_H
#define HRA_INTAKE_JOIN_PERSON_H

#include "intake/join/join.h"
#include "intake/join/join_list.h"
#include "intake/join/join_row.h"

typedef struct hra_join_person hra_join_person;

/* Counts and lists what it finds. All arguments outlive the person. */
hra_join_person *hra_join_person_new(const hra_join_schema *schema, const hra_join_request *request,
                                     hra_join_report *report, hra_join_list *list); /* NULL: out of memory */
void hra_join_person_free(hra_join_person *person);

/* Where a row came from: the number of its input, and its number there. */
typedef struct hra_join_origin {
    hra_join_kind kind;
    int input;
    int64_t number;
} hra_join_origin;

/* Begins a new person. */
void hra_join_person_start(hra_join_person *person, const uint64_t key[2]);
hra_code hra_join_person_add(hra_join_person *person, const hra_join_origin *origin, const void *packed,
                             hra_error *error);

typedef struct hra_join_merged {
    const hra_join_row *row; /* of the person: valid until the next one; NULL: none goes on */
    hra_join_origin first;   /* where the person appeared first */
} hra_join_merged;

hra_code hra_join_person_merge(hra_join_person *person, hra_join_merged *merged, hra_error *error);

#endif
