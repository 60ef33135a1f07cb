/* One person's evaluation of some outputs, as data: what hra_explain prints. */
#ifndef HRA_RUN_EXPLANATION_H
#define HRA_RUN_EXPLANATION_H

#include "base/arena.h"
#include "engine/graph/judge.h"

/* One summand. Unused numbers are NaN. */
typedef struct hra_term {
    const char *text; /* "ln(age)" */
    double value;     /* of the text */
    bool has_value, has_coefficient;
    double coefficient;  /* the constant factors, the sign of a subtraction included */
    double contribution; /* the summand as it entered the sum */
    double sum;          /* the running sum, as the engine computed it */
} hra_term;

/* One named value, or a sum without a name. */
typedef struct hra_explained_step {
    hra_node node;
    const char *name;
    const char *formula;        /* with names; NULL where terms tell it */
    const char *numbers;        /* with values; NULL where it would repeat the formula or the result */
    const char *const *reasons; /* conditions that chose the path: "sex == male", "bmi unknown" */
    int reason_count;
    const hra_term *terms;
    int term_count;
    double value;
    const char *level; /* of an output that is a category, or NULL */
    bool is_flag;
} hra_explained_step;

typedef struct hra_explained_input {
    const char *name, *unit, *level; /* level: of a category, or NULL */
    double value;
    bool is_flag, is_absent; /* absent: no column holds it */
} hra_explained_input;

typedef struct hra_explanation {
    hra_explained_input *inputs;
    int input_count, input_capacity;
    hra_explained_step *steps; /* each after those it uses */
    int step_count, step_capacity;
} hra_explanation;

/* The explanation lives in the arena, its two arrays until hra_explanation_destroy. */
hra_code hra_explanation_make(const hra_graph *graph, hra_judge *judge, const hra_schema *schema,
                              const hra_output *outputs, int output_count, hra_arena *arena,
                              hra_explanation *explanation, hra_error *error);
void hra_explanation_destroy(hra_explanation *explanation);

#endif
