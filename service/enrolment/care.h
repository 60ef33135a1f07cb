/* The people of a night with what the register says of them, one after the
 * other: shared by monitoring plans and the follow-up list. */
#ifndef HRA_SERVICE_CARE_H
#define HRA_SERVICE_CARE_H

#include "engine/language/library.h"
#include "service/group/conditions.h"
#include "service/tables/exam_days.h"

typedef struct hra_care_request {
    const char *results;    /* result store, or folder of `hra run` */
    const char *population; /* its population store, for the agreement to reminders and the exam dates; NULL: beside the
                             * results */
    const char *register_path; /* NULL: nobody is in a plan */
    const char *follow_up;     /* table of contacts; NULL: built in */
    const char *indicators;    /* table of service indicators; NULL: built in */
    const char *folder;        /* gets monitoring.csv, reminders.csv, follow_up.csv, log_template.csv, indicators.csv */
    const char *language;      /* of texts: zh, en */
    const hra_library *library;
    double as_of;
    int reminders_a_month; /* most for each person and text; 0: as often as something is due */
    uint64_t seed;         /* of the satisfaction sample */
} hra_care_request;

typedef struct hra_care_account {
    int64_t people, in_plan, not_seen; /* not_seen: in a plan, but not among tonight's people */
    int64_t monitored, reminders, opted_in;
    bool knows_opt_in; /* the population store tells who ordered reminders */
    int64_t follow_up, overdue, sampled;
    int64_t contacts, reached; /* of the register's contacts */
} hra_care_account;

/* All files. */
hra_code hra_care_plan(const hra_care_request *request, hra_care_account *account, hra_error *error);

/* ---- for the parts ---- */

enum { HRA_CARE_STATES = 16 };

/* What the register says of a person, all plans together. */
typedef struct hra_care_record {
    uint32_t states;        /* bit i: in state i of the names */
    int32_t since, contact; /* days; the earliest of the plans' states, the latest contact; INT32_MIN: none */
    int32_t reached;        /* first contact that reached the person since the exam; INT32_MIN: none */
    bool tried;             /* there was a contact since the exam, whether or not it reached anybody */
} hra_care_record;

typedef struct hra_care_person {
    int64_t row, index; /* index: among the loaded block */
    const char *key, *group, *branch;
    int32_t group_index;
    hra_care_record record;
    int32_t exam; /* day of the exam; HRA_NO_DAY: unknown */
    bool opted_in;
} hra_care_person;

typedef struct hra_care hra_care;

/* Reads the register; `states` are the names whose bits count. */
hra_code hra_care_open(const hra_care_request *request, const char *const *states, int state_count,
                       hra_care_account *account, hra_care **out, hra_error *error);
void hra_care_close(hra_care *care);
hra_result_reader *hra_care_results(hra_care *care);
double hra_care_found(const hra_care *care); /* the day of the results; NaN if they do not say it */
/* Why days from the exam cannot be told; NULL: they can. */
const char *hra_care_no_exam_days(const hra_care *care);
hra_conditions *hra_care_conditions(hra_care *care); /* to which conditions may be added before the first person */

/* The next person; *any false at the end. */
hra_code hra_care_next(hra_care *care, hra_care_person *person, bool *any, hra_error *error);

#endif
