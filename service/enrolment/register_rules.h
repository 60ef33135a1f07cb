/* The table of transitions of the enrolment register. */
#ifndef HRA_SERVICE_REGISTER_RULES_H
#define HRA_SERVICE_REGISTER_RULES_H

#include "service/group/conditions.h"

enum { HRA_REGISTER_MOST_RULES = 64 }; /* one bit each in a word per person */

typedef enum hra_answer {
    HRA_ANSWER_ANY, /* of a transition */
    HRA_ANSWER_YES,
    HRA_ANSWER_NO,
    HRA_ANSWER_NONE /* the line says nothing */
} hra_answer;

typedef struct hra_transition {
    const char *plan, *from, *to; /* from "none": not in the register */
    const char *id, *title_en, *title_zh;
    int condition;       /* in the conditions given */
    bool when_absent;    /* days count from when the person was last seen, else from when the state began */
    hra_answer consent;  /* as the register says: yes, no, none */
    hra_answer decision; /* confirm, refuse, none */
    double days;         /* at least so many */
} hra_transition;

typedef struct hra_register_rules {
    const char *file;
    hra_transition *transitions;
    int count;
} hra_register_rules;

hra_code hra_register_rules_load(const char *path, hra_conditions *conditions, hra_arena *arena,
                                 hra_register_rules *out, hra_error *error);

bool hra_register_has_plan(const hra_register_rules *rules, const char *plan);
bool hra_register_has_state(const hra_register_rules *rules, const char *plan, const char *state);

/* What a line of the register says, and what tonight's results do. */
typedef struct hra_register_case {
    const char *plan, *state;
    hra_answer consent, decision;
    double days_in_state, days_unseen; /* until tonight */
    uint64_t holds;                    /* bit i: the condition of transition i holds */
} hra_register_case;

/* The first transition that applies, or NULL. */
const hra_transition *hra_register_next(const hra_register_rules *rules, const hra_register_case *c);

#endif
