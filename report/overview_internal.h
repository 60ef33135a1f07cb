/* What is gathered for the overview, between its reader and its page. */
#ifndef HRA_REPORT_OVERVIEW_INTERNAL_H
#define HRA_REPORT_OVERVIEW_INTERNAL_H

#include <stdint.h>

#include "base/arena.h"
#include "base/map.h"
#include "report/overview.h"

enum { HRA_OVERVIEW_ROLES = 8 };

typedef struct hra_overview_group {
    const char *name;
    double people, invited; /* NaN: not said */
    int64_t urgent;
    int measures;
    const char *problem; /* what is most and clearly more frequent than in the other groups; NULL: nothing */
    double excess;       /* by how much, of the standardised shares */
    double high[HRA_OVERVIEW_ROLES]; /* share at high risk of those whose risk is known; NaN: nobody */
    bool edition, page, client_page; /* the employer gets one; the pages have been made */
} hra_overview_group;

typedef struct hra_overview_source {
    const char *name; /* of the quality report, without ".csv" */
    double rows, rejected, duplicates;
    int warnings, holds;
} hra_overview_source;

typedef struct hra_overview_held {
    const char *file, *reason;
} hra_overview_held;

typedef struct hra_overview {
    const hra_overview_request *request;
    hra_arena *arena;
    hra_map *places; /* group -> index */
    hra_overview_group *groups;
    int group_count, group_capacity;
    hra_overview_source *sources;
    int source_count, source_capacity;
    hra_overview_held *held;
    int held_count, held_capacity;
    const char *const *roles;
    int role_count;
    int64_t urgent, urgent_people;
    double rejected; /* rows; NaN: not said */
} hra_overview;

hra_code hra_overview_read(hra_overview *overview, hra_error *error);

#endif
