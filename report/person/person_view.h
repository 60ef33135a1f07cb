/* Everything that is to be said about one person, made once from a scored row:
 * values for machines beside texts in the language asked for. All writers (JSON,
 * CSV, HTML, PDF) render from it and compute nothing.
 *
 * Texts are never NULL: "" where there is nothing to say. Numbers are NaN where
 * unknown. A view and all it points to stay valid until the same thread builds
 * the next one. */
#ifndef HRA_REPORT_PERSON_VIEW_H
#define HRA_REPORT_PERSON_VIEW_H

#include "engine/run/runner.h"
#include "report/models/catalogue.h"
#include "report/tools/texts.h"
#include "service/signoff/signoff.h"
#include "service/years/change_rules.h"
#include "service/years/runs.h"
#include "service/years/years_previous.h"

/* ---- pieces ------------------------------------------------------------------------- */

/* What somebody declared: its name, what it is called, and whether a physician has approved it. */
typedef struct hra_view_origin {
    const char *id, *title;
    const char *review;  /* of the declaration: "confirmed", "unconfirmed", "product" */
    const char *signoff; /* "approved" or why not ("open", "changed" ...); "" where no sheet was given */
    bool approved;
    const char *json; /* id, title and signoff as a member of JSON, but for the name that the id has there; made once */
} hra_view_origin;

/* A variable of the dictionary. */
typedef struct hra_view_name {
    const char *name, *label;
} hra_view_name;

/* Why an output is unknown or to be read with care. */
typedef struct hra_view_status {
    unsigned bits;                              /* enum hra_status */
    const char *words;                          /* as in the tables: "missing:tc,hdl"; "ok" */
    const char *text;                           /* in the reader's words */
    const hra_view_name *missing, *substituted; /* inputs by name */
    int missing_count, substituted_count;
} hra_view_status;

typedef enum hra_view_answer {
    HRA_VIEW_ABSENT,
    HRA_VIEW_PRESENT,
    HRA_VIEW_UNKNOWN,
    HRA_VIEW_HAS_IT,
    HRA_VIEW_NOT_APPLICABLE, /* not meant for such people */
    HRA_VIEW_ANSWERS
} hra_view_answer;
typedef enum hra_view_flag { HRA_VIEW_NO_BAND, HRA_VIEW_LOW, HRA_VIEW_WITHIN, HRA_VIEW_HIGH } hra_view_flag;

/* A piece of JSON that was made before. */
typedef struct hra_view_json {
    const char *text;
    size_t length;
} hra_view_json;

/* A value of one checkup. */
typedef struct hra_view_point {
    double day, value;
} hra_view_point;

/* A1: one item of the information list: a value, or the stated reason why there is none. */
typedef struct hra_view_value {
    int column, variable; /* of the schema, -1: derived from others; of the dictionary */
    const char *name, *label, *domain, *unit;
    hra_type type;
    bool known, derived;
    bool hidden;      /* delivered, but nothing for the person's page: not asked of such people, or for models only */
    double value;     /* in `unit`; flags 0 or 1, ordinal of a level, day */
    int decimals;     /* as it is printed */
    bool other_unit;  /* than the dictionary's: printed with as few of them as it needs */
    const char *text; /* as printed: "<0.5", "吸烟", "2026-01-31"; "" unknown */
    const char *own_text; /* the same in the dictionary's unit, which texts and cut points name: "109.2"; "" without */
    const char *own_unit;
    const char *in_brackets; /* both: " (109.2 cm)" */
    const char *comparator;  /* "<", ">", "range" or "" */
    const char *missing;     /* "not_done", "refused", "rejected"; "" for a value */
    const char *missing_text;
    int beyond_plausible; /* -1 below, 1 above the plausible range, 0 within */
    double low, high;     /* reference band in `unit`; NaN: open */
    const char *band;     /* "90–139", "≥1.0"; "" without one */
    hra_view_flag flag;
    const char *flag_text;
    /* last year, in `unit`; "" and NaN where there is none */
    double previous, change;
    const char *previous_text, *change_text; /* change with its sign */
    const char *trend;                       /* "same", "better", "worse", "changed" or "" */
    const char *trend_text;
    /* with earlier runs, where there are three checkups or more: their values in `unit`, by day */
    const hra_view_point *points;
    int point_count;
    double noise;            /* from which change on they differ by more than measurement */
    const char *course;      /* "rising", "falling", "steady", "varying" or "" */
    const char *course_text; /* "rising (4)" */
    double per_year;         /* its slope */
    /* what is the same for everybody as members of JSON, made once: name and label; unit and derived; low and high */
    const char *json_head, *json_unit, *json_band;
    const hra_view_json *json; /* all of it, where it is the same for everybody with this answer; NULL: it is not */
} hra_view_value;

/* A2, A3: a finding. */
typedef struct hra_view_finding {
    hra_view_origin origin;
    hra_view_answer answer;
    const char *answer_text;
    const char *severity, *severity_text; /* "normal" ... "urgent" */
    const char *cut;                      /* the cut point in words */
    const hra_view_value *const *values;  /* of the information list, what it was made from */
    int value_count;
    const char *const *reasons; /* titles of the findings it rests on that are present */
    int reason_count;
    const hra_view_name *missing; /* why it is not measurable */
    int missing_count;
    const char *why; /* it does not apply; "" where it does */
    /* urgent and important results */
    int deadline_days;    /* -1: none */
    const char *deadline; /* day; "" without a day of reference */
    const char *action;
} hra_view_finding;

/* A6: an item of the prescription. */
typedef struct hra_view_advice {
    hra_view_origin origin;
    const char *domain, *domain_text;
    double priority;
    int step; /* 1 to 3: a first step; 0: not */
    const char *text, *target, *recheck, *doctor;
    int within_days;  /* -1: none */
    double goal_day;  /* NaN: none, or no day of reference */
    const char *goal; /* the day as text */
    const char *intervention, *intervention_title;
    double removable; /* what its intervention removes from the ranked risks; NaN unknown or none */
} hra_view_advice;

/* A4: a topic of improvement. */
typedef struct hra_view_topic {
    hra_view_origin origin;
    hra_view_answer at_target;
    const char *answer_text;
    double value;
    const char *value_text, *unit, *target;
    const char *delivered;        /* the value in the unit it was delivered in, another one: " (263 mg/dL)"; "" */
    const hra_view_value *beside; /* a second value that counts, as the diastolic pressure; NULL: none, or unknown */
    double low, high;             /* the target zone in `unit`; NaN: open */
    double gap;                   /* to the zone: above 0 too high, below 0 too low, 0 within; NaN unknown or no zone */
    const char *gap_text;         /* "−12 mmHg": what is to change; "" within */
    const char *direction, *direction_text; /* "lower", "raise", "keep" */
    double removable;                       /* the most that one of its actions' interventions removes */
    int rank; /* among those not at target, by what can be removed, then order; 0: nothing to do */
    const hra_view_advice *const *actions; /* one to three; none at target */
    int action_count;
    const hra_view_name *missing;
    int missing_count;
    const char *why; /* it does not apply; "" where it does */
} hra_view_topic;

/* One intervention for one disease: what would change. */
typedef struct hra_view_what_if {
    hra_view_origin origin;
    const char *target;
    double risk, removed, share; /* after it; risk now less that (negative: the model counts against it); of the risk */
    const char *risk_text, *removed_text;
} hra_view_what_if;

/* A5: a disease of the panel. */
typedef struct hra_view_disease {
    const char *role, *title, *note; /* "chd" */
    double risk;                     /* 0 to 1 */
    const char *risk_text;           /* "12 %", "below 1 %"; "" unknown */
    double horizon_years;
    const char *horizon; /* "10 years" */
    const char *category, *category_text;
    int category_index, category_count; /* place from the lowest; -1 unknown */
    hra_view_status status;
    bool not_applicable;                                       /* has the disease already */
    const char *model, *model_title, *outcome, *doi, *because; /* the model used and why it was chosen */
    double ideal, risk_age;                                    /* same age and sex at ideal values */
    const char *ideal_text, *risk_age_text;
    bool risk_age_limit;       /* the end of the model's range: "at least" */
    double if_all, changeable; /* after all interventions; share that goes */
    const char *if_all_text, *changeable_text;
    const hra_view_what_if *what_ifs; /* the greatest first: also the main contributors, since each is the risk less
                                         the risk with that factor at target */
    int what_if_count;
    double previous; /* last year's risk as it was stored */
    const char *previous_text, *trend, *trend_text;
} hra_view_disease;

typedef struct hra_view_tier {
    hra_view_origin origin;
    const char *level, *level_text; /* "" unknown */
    const char *reason_key, *reason;
    hra_view_status status; /* with a text only if it is missing or provisional */
} hra_view_tier;

typedef struct hra_view_item {
    hra_view_origin origin;
    const char *package, *because; /* package: "" for a personal addition */
    bool doctor_decides;
} hra_view_item;

typedef struct hra_view_monitor {
    hra_view_origin origin;
    const char *kind; /* its class */
    const char *indicator, *method, *frequency, *target, *alarm;
    int every_days, contact_days;        /* -1: none */
    const char *first_day, *contact_day; /* "" without a day of reference */
} hra_view_monitor;

/* What could not be computed. */
typedef struct hra_view_gap {
    const char *part; /* "disease", "topic", "finding", "tier" */
    const char *id, *title;
    const char *why; /* in words */
} hra_view_gap;

/* A model whose result is shown. */
typedef struct hra_view_source {
    const char *id, *title, *source, *doi;
} hra_view_source;

/* ---- the whole ---------------------------------------------------------------------- */

typedef struct hra_person_view {
    const char *language;
    /* who */
    const char *key, *group, *branch, *department;
    const char *sex, *sex_text, *age_text, *exam_day, *as_of; /* as_of: the day the report refers to, "" unknown */
    double age;
    bool has_previous; /* the person was found in last year's results */
    bool has_courses;  /* some value has three checkups or more */
    int providers;     /* with earlier runs: how many different ones examined */
    /* how much is known: of the columns delivered that concern such a person, by domain of the dictionary in order */
    int known_count, asked_count, blank_count;
    const hra_view_name *blank;   /* columns delivered without a value or reason */
    const hra_view_name *lacking; /* variables asked of such people of which `values` says nothing: what pages list */
    int lacking_count;
    bool unapproved; /* something shown has not been approved by a physician */

    const hra_view_finding *urgent; /* class A: the same day */
    int urgent_count;
    const hra_view_finding *important; /* class B: with a deadline */
    int important_count;
    const hra_view_advice *const *steps; /* at most three */
    int step_count;
    const hra_view_value *values; /* A1, by domain, in the order of the dictionary */
    int value_count;
    const hra_view_finding *first_alerts, *second_alerts; /* A2 */
    int first_alert_count, second_alert_count;
    const hra_view_finding *chronic_alerts; /* A3 */
    int chronic_alert_count;
    const hra_view_finding *present; /* all findings present, severest first */
    int present_count;
    const hra_view_finding *undecided; /* not measurable */
    int undecided_count;
    const hra_view_finding *not_applicable; /* not meant for such people */
    int not_applicable_count;
    const hra_view_topic *topics; /* A4, in their order */
    int topic_count;
    const hra_view_disease *diseases; /* A5 */
    int disease_count;
    const hra_view_advice *advice; /* A6: by domain, within it by priority */
    int advice_count;
    const hra_view_advice *const *calendar; /* those with a day or interval, the nearest first */
    int calendar_count;
    const char *const *doctor; /* when to see a doctor, each text once */
    int doctor_count;
    const hra_view_tier *tiers;
    int tier_count;
    const hra_view_item *items; /* of the package, then additions */
    int item_count;
    const hra_view_monitor *monitors;
    int monitor_count;
    const hra_view_finding *quality; /* values that do not fit together */
    int quality_count;
    const hra_view_gap *gaps;
    int gap_count;
    const hra_view_source *sources;
    int source_count;
} hra_person_view;

/* Whether an item of such a list holds a comma itself (hra_list_separator). */
bool hra_view_names_hold_comma(const hra_view_name *names, int count);
bool hra_view_reasons_hold_comma(const hra_view_finding *finding);

/* Whether the values of earlier checkups have a column. */
static inline bool hra_view_looks_back(const hra_person_view *view) { return view->has_previous || view->has_courses; }

/* ---- making it ---------------------------------------------------------------------- */

typedef struct hra_person_views hra_person_views;

/* All but the two NULLs must outlive the views. */
typedef struct hra_person_views_request {
    const hra_catalogue *catalogue;
    const hra_schema *schema;
    const hra_graph *graph; /* of the plan: names of missing inputs */
    const char *language;   /* "zh" or "en" */
    double as_of;           /* NaN: goals are given as intervals alone */
    int threads;
    const hra_previous *previous; /* NULL: no earlier year */
    const hra_runs *runs;         /* this run with several earlier ones; NULL: none */
    const hra_signoffs *signoffs; /* NULL: nothing counts as approved */
} hra_person_views_request;

hra_code hra_person_views_new(const hra_person_views_request *request, hra_person_views **out, hra_error *error);
void hra_person_views_free(hra_person_views *views);
const hra_words *hra_person_views_words(const hra_person_views *views);
const hra_runs *hra_person_views_runs(const hra_person_views *views); /* as requested */

/* The view of one row of a scored chunk; `key` finds the person in the earlier year. NULL: out of memory. */
const hra_person_view *hra_person_views_build(hra_person_views *views, int thread, const hra_chunk *chunk,
                                              const hra_results *results, int row, const char *key);

/* Names of lets and variables that the plan has to compute for a view, handed one by one: what texts print, and what
 * the information list may derive from others (age, and what has a reference). */
void hra_person_texts_lets(const hra_library *library, void (*found)(void *context, const char *name), void *context);

#endif
