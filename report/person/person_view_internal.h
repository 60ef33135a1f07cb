/* Shared by the parts that make the view of a person: what is the same for all
 * people (prepared once), and the building of one. */
#ifndef HRA_REPORT_PERSON_VIEW_INTERNAL_H
#define HRA_REPORT_PERSON_VIEW_INTERNAL_H

#include "base/arena.h"
#include "report/person/person_text.h"
#include "report/person/person_view.h"
#include "report/tools/status_writer.h"

/* ---- prepared ------------------------------------------------------------------------- */

typedef struct hra_view_column {
    int column;  /* of the schema; -1: derived from others, in the canonical unit */
    int derived; /* its output, -1: none */
    int index;   /* dictionary variable */
    int decimals;
    const char *unit;
    bool other_unit; /* than the dictionary's */
    const hra_variable *variable;
    const char *label;
    const char *const *level_labels;
    const hra_declaration *reference;
    int reference_output; /* -1: none */
    struct hra_view_band {
        double low, high; /* in the column's unit */
        const char *text, *json;
    } * bands;
    int band_count;
    double factor, offset; /* canonical = value * factor + offset */
    const hra_change_rule *change;
    int course; /* its rule among those of the runs, -1: none */
    const char *json_head, *json_unit;
    hra_view_value start;              /* of everybody, before anything is known of them */
    const hra_view_json *json_answers; /* of a flag or category, by level: the whole value */
    int only_for;                      /* the variable that says of whom it is asked; -1: of everybody */
    double only_for_answer;            /* and what they answer there */
} hra_view_column;

/* Why a finding or topic does not apply: one reason, and one for whom a finding is present that tells of it. */
typedef struct hra_prepared_why {
    const hra_template *usual, *told; /* NULL: there is none */
    int told_by;                      /* index of a finding, -1 */
} hra_prepared_why;

typedef struct hra_prepared_finding {
    hra_view_finding fixed; /* what is the same for all */
    int output;
    const hra_template *cut, *action;
    hra_prepared_why why;
    const int *variables; /* of the dictionary: what it was made from */
    int variable_count;
    const int *reasons; /* indexes of findings it names */
    int reason_count;
    int known_finding, known_flag; /* index of a finding, variable: who has what the alert warns of; -1 */
    int severity, order;
    enum { HRA_VIEW_PLAIN, HRA_VIEW_FIRST, HRA_VIEW_SECOND, HRA_VIEW_CHRONIC } alert;
    bool is_quality;
} hra_prepared_finding;

/* The lists of findings: each has its candidates, in its order. */
enum hra_finding_list {
    HRA_LIST_URGENT,
    HRA_LIST_IMPORTANT,
    HRA_LIST_FIRST,
    HRA_LIST_SECOND,
    HRA_LIST_CHRONIC,
    HRA_LIST_PRESENT,
    HRA_LIST_UNDECIDED,
    HRA_LIST_NOT_APPLICABLE,
    HRA_LIST_QUALITY,
    HRA_FINDING_LISTS
};

typedef struct hra_prepared_list {
    const int *findings;
    int count;
} hra_prepared_list;

typedef struct hra_prepared_advice {
    hra_view_advice fixed;
    int output, removable;
    int domain_order;
    double order;
    const hra_template *text, *target, *recheck, *doctor;
} hra_prepared_advice;

/* An end of a target zone: a number, or a text that becomes one for each person. */
typedef struct hra_prepared_bound {
    const hra_template *text; /* NULL: there is none */
    double number;            /* of a text without places */
} hra_prepared_bound;

typedef struct hra_prepared_topic {
    hra_view_topic fixed;
    const hra_topic_output *outputs;
    const char *const *level_labels;     /* of a value that is a category */
    const hra_template *target, *doctor; /* doctor: the target where an end of the zone is unknown */
    hra_prepared_why why;
    int beside; /* variable; -1: none */
    hra_prepared_bound low, high;
    const int *advice; /* what may serve it, by priority */
    int advice_count;
} hra_prepared_topic;

typedef struct hra_prepared_reason {
    const hra_template *text;
    const char *key;
} hra_prepared_reason;

typedef struct hra_prepared_tier {
    hra_view_tier fixed;
    const hra_tier_output *outputs;
    const char *const *level_texts;
    const hra_prepared_reason *reasons; /* by level of the reason's output */
} hra_prepared_tier;

typedef struct hra_prepared_model {
    hra_view_source source;
    const char *outcome, *because, *horizon;
    double years;
} hra_prepared_model;

typedef struct hra_prepared_what_if {
    hra_view_origin origin;
    const hra_template *target;
} hra_prepared_what_if;

typedef struct hra_prepared_disease {
    hra_view_disease fixed;
    const hra_role_outputs *outputs;
    const char *const *category_texts;
    const hra_prepared_model *models; /* by level of the model's output */
    int previous;                     /* role of the earlier year, -1 */
} hra_prepared_disease;

typedef struct hra_prepared_item {
    hra_view_item fixed;
    int output;
    const hra_template *because;
} hra_prepared_item;

typedef struct hra_prepared_monitor {
    hra_view_monitor fixed;
    int output;
    const hra_template *indicator, *method, *frequency, *target, *alarm;
} hra_prepared_monitor;

/* Memory of one thread. */
typedef struct hra_view_worker {
    hra_arena *arena;
    hra_buffer text;
    double *inputs;
    hra_person_view view;
} hra_view_worker;

struct hra_person_views {
    hra_person_views_request request;
    const hra_library *library;
    hra_arena *arena;
    hra_words *words;
    hra_change_rules changes;
    hra_status_writer *status;
    hra_view_worker *workers;
    bool same_definitions; /* as the earlier year */
    const char *as_of;
    const char *answers[HRA_VIEW_ANSWERS];
    const char *targets[HRA_VIEW_ANSWERS]; /* of a topic */
    const char *flags[2];                  /* no, yes */
    const char *places[3];                 /* below, within, above its band */
    hra_view_name *names;                  /* by dictionary variable */
    hra_view_column *columns;
    int column_count;
    int sex, age, exam_date; /* dictionary variables, -1 */
    hra_prepared_finding *findings;
    int finding_count;
    hra_prepared_list finding_lists[HRA_FINDING_LISTS];
    hra_prepared_advice *advice; /* by domain, then priority, order and id */
    int advice_count;
    int *advice_of_step; /* by level of a first step's output: index of advice, -1 */
    hra_prepared_topic *topics;
    hra_prepared_tier *tiers;
    hra_prepared_disease *diseases;
    hra_prepared_what_if *what_ifs; /* by the catalogue's */
    hra_prepared_item *items;
    hra_prepared_monitor *monitors;
};

/* Fill `views`; false: out of memory. */
bool hra_view_prepare_values(hra_person_views *views);
bool hra_view_prepare_findings(hra_person_views *views);
bool hra_view_prepare_advice(hra_person_views *views);
bool hra_view_prepare_topics(hra_person_views *views);
hra_prepared_why hra_view_prepare_why(hra_person_views *views, const hra_declaration *declaration, bool *ok);
bool hra_view_prepare_diseases(hra_person_views *views);
bool hra_view_prepare_service(hra_person_views *views);

/* A declaration's text in the language, "" if it has none, and the same as a template. */
const char *hra_view_text(const hra_person_views *views, const hra_declaration *declaration, const char *key);
/* NULL where there is no such text; *ok turns false when out of memory. */
const hra_template *hra_view_template(hra_person_views *views, const hra_declaration *declaration, const char *key,
                                      bool *ok);
hra_view_origin hra_view_origin_of(hra_person_views *views, const hra_declaration *declaration, const char *id,
                                   bool *ok);
double hra_view_property_number(const hra_declaration *declaration, const char *key, double otherwise);
/* The text for the life of the views; NULL: out of memory. */
const char *hra_view_take_text(hra_person_views *views, hra_buffer *text);
/* Zeroed memory for the life of the views. */
void *hra_view_take(hra_person_views *views, int count, size_t size);

/* ---- one person -------------------------------------------------------------------------- */

typedef struct hra_view_build {
    hra_person_views *views;
    hra_view_worker *worker;
    int thread;
    const hra_chunk *chunk;
    hra_person person;
    hra_person_view *out;
    int64_t previous_row;               /* -1: not found */
    int64_t run_rows[HRA_COURSE_RUNS];  /* of the runs requested: -1 not found */
    const hra_view_value **of_variable; /* of the information list, by dictionary variable; NULL: not there */
    hra_view_answer *answers;           /* by prepared finding */
    const hra_view_finding **findings;  /* the same: what was said of it in the first list it stands in, or NULL */
    hra_view_advice **of_advice;        /* by prepared advice, NULL: not due */
    bool failed;                        /* out of memory */
} hra_view_build;

void hra_view_build_values(hra_view_build *build);
/* The course of a number over the runs. */
void hra_view_add_course(hra_view_build *build, const hra_view_column *column, hra_view_value *value);
void hra_view_build_findings(hra_view_build *build);
void hra_view_build_advice(hra_view_build *build);
void hra_view_build_topics(hra_view_build *build);
void hra_view_build_diseases(hra_view_build *build);
void hra_view_build_service(hra_view_build *build);

/* Memory of the view, to be filled at once; the second is all zero. */
void *hra_view_new(hra_view_build *build, int count, size_t size);
void *hra_view_zeroed(hra_view_build *build, int count, size_t size);
/* What stands in the worker's buffer becomes a text of the view; the buffer is empty then. */
const char *hra_view_keep(hra_view_build *build);
const char *hra_view_say(hra_view_build *build, const hra_template *template);
/* Once the findings are answered. */
const char *hra_view_say_why(hra_view_build *build, const hra_prepared_why *why);
/* A catalogue text with its places filled. */
const char *hra_view_fill(hra_view_build *build, const char *key, const char *value);
const char *hra_view_day(hra_view_build *build, double day);
void hra_view_put_number(hra_view_build *build, double value, int decimals); /* to the worker's buffer */
const char *hra_view_number(hra_view_build *build, double value, int decimals);
/* "12 %", "below 1 %"; "" for unknown. */
const char *hra_view_percent(hra_view_build *build, double share);
double hra_view_value_of(const hra_view_build *build, int output);
/* Of a flag: present where it is true. */
hra_view_answer hra_view_answer_of(const hra_view_build *build, int output);
/* Names of what an unknown output lacks. */
const hra_view_name *hra_view_missing(hra_view_build *build, int output, int *count);
hra_view_status hra_view_status_of(hra_view_build *build, int output);
/* With sentences only if it is missing or provisional, and so told among what could not be computed. */
hra_view_status hra_view_tier_status(hra_view_build *build, int output);
/* "a, b and c" by the language's separator. */
const char *hra_view_list(hra_view_build *build, const hra_view_name *names, int count);

#endif
