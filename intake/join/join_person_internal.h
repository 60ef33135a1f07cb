/* A person while the rows come together; shared by the parts of merging. */
#ifndef HRA_INTAKE_JOIN_PERSON_INTERNAL_H
#define HRA_INTAKE_JOIN_PERSON_INTERNAL_H

#include "intake/join/join_person.h"

typedef enum hra_join_place { HRA_JOIN_USABLE, HRA_JOIN_TOO_OLD, HRA_JOIN_FUTURE } hra_join_place;

typedef struct hra_join_member {
    hra_join_row row;
    hra_join_origin origin;
    double date, birth, age, sex; /* NaN: not known */
    hra_join_place place;
    bool repeats, left_out; /* the same as another row; not of this person */
} hra_join_member;

struct hra_join_person {
    const hra_join_schema *schema;
    const hra_join_request *request;
    hra_join_report *report;
    hra_join_counts *counts;
    hra_join_list *list;
    double window_start;
    uint64_t key[2];
    hra_join_member *members;
    int count, capacity;
    int64_t beyond; /* rows that were too many */
    int *order;     /* members, the one that decides first */
    /* by kind: members whose values count, the first one first */
    int *used[HRA_JOIN_KINDS];
    int used_count[HRA_JOIN_KINDS];
    int *set_rows; /* of sets taken together: the member, -1: none knows any of it, -2: not looked for yet */
    hra_join_row merged;
};

/* The value of an item, NaN if no column of it is known. */
double hra_join_item_value(const hra_join_person *person, const hra_join_row *row, int item);
/* Rows that are not of the first row's person are left out, counted and listed. */
void hra_join_find_conflict(hra_join_person *person);
/* Values and labels of the rows that are used, into person->merged. */
void hra_join_merge_rows(hra_join_person *person);

#endif
