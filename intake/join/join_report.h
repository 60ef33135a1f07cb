/* What a join found, in numbers: for the whole and by group. No keys and no values. */
#ifndef HRA_INTAKE_JOIN_REPORT_H
#define HRA_INTAKE_JOIN_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/fail.h"

/* In the order in which they decide who a person is. */
typedef enum hra_join_kind {
    HRA_JOIN_CHECKUP,
    HRA_JOIN_QUESTIONNAIRE,
    HRA_JOIN_DIAGNOSIS,
    HRA_JOIN_ROSTER,
    HRA_JOIN_KINDS
} hra_join_kind;

const char *hra_join_kind_name(hra_join_kind kind); /* "" for HRA_JOIN_KINDS */
/* -1: no kind of this name */
int hra_join_kind_of(const char *name, size_t length);

typedef struct hra_join_counts {
    int64_t rows[HRA_JOIN_KINDS];
    int64_t people;                   /* different keys */
    int64_t written;                  /* rows of the output */
    int64_t matched;                  /* examined and answered */
    int64_t not_answered;             /* examined alone, whether or not a roster or diagnosis knows them */
    int64_t not_examined;             /* answered alone, likewise */
    int64_t only[HRA_JOIN_KINDS];     /* people known from one kind alone */
    int64_t not_on_roster;            /* examined or answered, where there is a roster */
    int64_t unexamined;               /* neither examined nor answered within the window */
    int64_t without_consent;          /* examined or answered, but not written for want of consent */
    int64_t flooded;                  /* too many rows for one person: none goes on */
    int64_t conflicts;                /* people whose rows disagree on sex, birth date or age */
    int64_t rows_left_out;            /* by conflicts */
    int64_t several_visits;           /* people with checkups on several days of the window */
    int64_t same_rows;                /* rows that repeat another one */
    int64_t same_day;                 /* people with different rows of one kind on one day */
    int64_t too_old, future, undated; /* rows */
    int64_t outside;                  /* people all of whose checkups and questionnaires lie outside the window */
    int64_t overlapping;              /* people with several rows of the roster for one day */
    int64_t crosswalk_links, crosswalk_used, crosswalk_conflicts, crosswalk_rejected;
} hra_join_counts;

typedef struct hra_join_stages {
    int64_t examined, answered, assessed; /* assessed: becomes a row */
} hra_join_stages;

typedef struct hra_join_group {
    const char *name; /* NULL: of people without a group */
    int64_t invited;  /* on the roster; 0: nobody said who was invited */
    hra_join_stages of_invited, of_others;
} hra_join_group;

typedef struct hra_join_report hra_join_report;

const hra_join_counts *hra_join_report_counts(const hra_join_report *report);
void hra_join_report_print(const hra_join_report *report, hra_buffer *out);
/* One JSON object. */
void hra_join_report_json(const hra_join_report *report, hra_buffer *out);
void hra_join_report_free(hra_join_report *report);

/* ---- for those who count ------------------------------------------------------ */

hra_join_report *hra_join_report_new(void); /* NULL: out of memory */
hra_join_counts *hra_join_report_count(hra_join_report *report);
/* The group of this name, added if it is new; name NULL: no group. NULL: out of memory. */
hra_join_group *hra_join_report_group(hra_join_report *report, const char *name);
/* The rules it was counted by, for the report's own words; as_of NaN: windows end with each person's latest visit. */
void hra_join_report_rules(hra_join_report *report, double as_of, int months, const char *visits);
/* After the last one: sorts the groups. */
void hra_join_report_finish(hra_join_report *report);
/* group,invited,examined,answered,assessed,not_invited: stages of those invited; where nobody says who was, of
 * everybody and not_invited is empty */
hra_code hra_join_report_write_groups(const hra_join_report *report, const char *path, hra_error *error);

#endif
