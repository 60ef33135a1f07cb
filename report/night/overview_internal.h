/* Between the reader of a run and its pages for the head office. */
#ifndef HRA_REPORT_OVERVIEW_INTERNAL_H
#define HRA_REPORT_OVERVIEW_INTERNAL_H

#include <stdint.h>

#include "base/arena.h"
#include "base/map.h"
#include "report/night/overview.h"

enum { HRA_OVERVIEW_ROLES = 8 };

typedef struct hra_overview_group {
    const char *name;
    double people, taking_part; /* NaN: not said; taking part: the share assessed of those invited */
    int64_t urgent;
    bool small; /* too small for an employer's edition: nothing is said of shares */
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

/* A line of urgent.csv. */
typedef struct hra_overview_urgent {
    char *person, *group, *branch, *department, *title, *values, *action, *deadline, *origin; /* one piece of memory */
} hra_overview_urgent;

/* A plain value of run.json. */
typedef struct hra_overview_fact {
    const char *path, *text;
} hra_overview_fact;

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
    hra_overview_urgent *listed; /* the first of them to be dealt with, by their last day */
    int listed_count;
    hra_overview_fact *account; /* run.json, in its order; none if it is not there */
    int account_count, account_capacity;
    hra_map *facts; /* path -> place in the account */
} hra_overview;

/* So many urgent results are listed on the page; all stand in urgent.csv. */
enum { HRA_OVERVIEW_URGENT = 2000 };

hra_code hra_overview_read(hra_overview *overview, hra_error *error);
void hra_overview_forget(hra_overview *overview);
/* A value of run.json, or NULL. */
const char *hra_overview_fact_of(const hra_overview *overview, const char *path);
/* Whether the run has such a file. */
bool hra_overview_has(const hra_overview *overview, const char *name);

/* ---- the pages ---- */

void hra_overview_put_groups(hra_overview *overview, hra_buffer *out);
void hra_overview_put_run(const hra_overview *overview, hra_buffer *out);
void hra_overview_put_urgent(const hra_overview *overview, hra_buffer *out);

/* ---- what they share ---- */

enum { HRA_OVERVIEW_TEXT = 64 };

/* A link into the run's folder; the name's parts follow each other. */
void hra_overview_put_link(const hra_overview *overview, const char *folder, const char *name, const char *rest,
                           const char *text, hra_buffer *out);
/* 1,234,567; "–" for NaN. */
const char *hra_overview_count(double value, char out[HRA_OVERVIEW_TEXT]);
/* A heading, and the head of a table: columns that begin with '#' hold numbers. */
void hra_overview_put_section(const char *title, hra_buffer *out);
void hra_overview_put_head(const hra_overview *overview, const char *const *columns, int count, hra_buffer *out);

#endif
