/* Lowering: from the checked tree to the expression graph.
 *
 * A frame is the surroundings in which expressions of one declaration are
 * lowered: how variables are read (raw, as reported, clamped), and what its
 * local names are worth so far. Inside a fold or a sum a frame of its own looks
 * outwards for everything that does not depend on the loop.
 *
 * Nothing here fails but for memory: the checker has seen the tree. */
#ifndef HRA_LANGUAGE_LOWER_H
#define HRA_LANGUAGE_LOWER_H

#include "engine/language/check.h"
#include "engine/language/library_internal.h"
#include "engine/language/plan.h"

/* The value of a model's output, a factor, a tier or a role, and its status. */
typedef struct hra_result {
    bool done;
    hra_node value, outside, excluded, substituted, clamped, missing, provisional; /* -1: never */
    hra_node reason; /* of a tier that gives reasons: which; else -1 */
} hra_result;
extern const hra_result hra_result_nothing; /* done, and never anything */

/* A range `valid NAME in a..b` under the clamp policy. */
typedef struct hra_clamp {
    const hra_symbol *symbol; /* a variable, a let or a name of the model */
    const char *unit;         /* of the limits; NULL: canonical */
    const hra_expr *paper;    /* factor of the paper, or NULL */
    hra_range range;
} hra_clamp;

/* The columns of a variable lie from the first to the last; there may be others between them. */
typedef struct hra_column_span {
    bool known; /* looked for */
    int first, last;
} hra_column_span;

typedef struct hra_lowering {
    const hra_library *library;
    const hra_schema *schema;
    hra_graph *graph;
    hra_memory *memory;
    hra_range_policy range;
    double as_of;
    bool share;
    const hra_decl *panel; /* of the run, or NULL */
    bool *expanding;       /* by variable: its substitutes are being lowered */
    int expanding_count;
    hra_column_span *spans; /* by variable */
    hra_node *variables;    /* by variable: 1 + node of the raw canonical value; 0: not yet */
    hra_node *lets;         /* by declaration: the same */
    hra_result *rules;      /* by declaration: all rules */
    hra_node *standing;     /* by declaration: prescriptions, 1 + node of being due before one of several is chosen */
    hra_result **outputs;   /* by declaration: models, one per output */
    hra_result **roles;     /* by declaration: panels, risk of each role */
    hra_list *frames;       /* by declaration: models, hra_lower_frame for each set of clamps */
    /* of a person with other inputs; see lower_changed.h */
    struct hra_lowering *before;   /* the same person without them; NULL: this is the person */
    const hra_node *replaced;      /* by variable: 1 + node read in its place; 0: not replaced itself */
    const uint64_t *touched;       /* a bit for each variable: replaced, or follows from what is */
    hra_node applies;              /* to whom the change applies; -1: to everybody */
    struct hra_lowering *as_he_is; /* where exclusions are asked; NULL: here */
} hra_lowering;

/* Takes the arrays from the memory; false without. */
bool hra_lowering_open(hra_lowering *l);

typedef struct hra_loop_builder hra_loop_builder;

typedef struct hra_lower_frame {
    hra_lowering *l;
    const hra_decl *decl;
    hra_graph *graph;
    hra_node *values; /* by slot: 1 + node; 0: not yet */
    bool reported;
    const hra_clamp *clamps;
    int clamp_count;
    /* within loops */
    struct hra_lower_frame *outer;
    int depth;
    hra_loop_builder *loop; /* NULL where the loop is written out */
} hra_lower_frame;

/* A frame for a declaration; `values` is taken from the lowering's memory. */
hra_lower_frame hra_lower_frame_open(hra_lowering *l, const hra_decl *decl, bool reported);

hra_node hra_lower_number(hra_lower_frame *f, const hra_expr *e); /* number, ordinal or day */
hra_node hra_lower_flag(hra_lower_frame *f, const hra_expr *e);
/* By the type of the expression. */
hra_node hra_lower_value(hra_lower_frame *f, const hra_expr *e);

hra_node hra_lower_name(hra_lower_frame *f, const hra_expr *e);
hra_node hra_lower_symbol(hra_lower_frame *f, const hra_symbol *symbol);
hra_node hra_lower_variable(hra_lower_frame *f, int variable, const char *unit, const hra_expr *paper);
hra_node hra_lower_clamped(hra_lower_frame *f, const hra_symbol *symbol, hra_node value);
hra_node hra_lower_let(hra_lower_frame *f, const hra_decl *decl);

hra_node hra_lower_normal_cdf(hra_graph *graph, hra_node x);
hra_node hra_lower_choice(hra_lower_frame *f, const hra_expr *e); /* case, points, bands */
hra_node hra_lower_lookup(hra_lower_frame *f, const hra_expr *e);
hra_node hra_lower_sum(hra_lower_frame *f, const hra_expr *e);
hra_node hra_lower_emit(hra_lower_frame *f, const hra_symbol *emit);
/* In a loop: a value from outside, or one of the row alone; false: neither. */
bool hra_lower_from_outside(hra_lower_frame *f, const hra_expr *e, hra_node *node);
hra_node hra_lower_row(hra_lower_frame *f, const hra_symbol *symbol);
/* Ordinals of one set of levels to those of another, by name or by a table. */
hra_node hra_lower_recast(hra_graph *graph, hra_node ordinal, const double *ordinals, int count, const char *name);
hra_node hra_lower_levels(hra_lower_frame *f, hra_node ordinal, const hra_levels *from, const hra_levels *to);

/* An unknown flag that says why: outside the range. */
hra_node hra_lower_outside(hra_graph *graph, bool flag);
hra_node hra_lower_or(hra_graph *graph, hra_node a, hra_node b); /* -1: never */
hra_node hra_lower_is_true(hra_graph *graph, hra_node flag);

const hra_result *hra_lower_output(hra_lowering *l, const hra_decl *model, const hra_symbol *output,
                                   hra_result *scratch);
/* The value alone, whatever the range and exclusions of the model. */
hra_node hra_lower_output_value(hra_lowering *l, const hra_decl *model, const hra_symbol *output);
/* Whom the model or rule is not for; -1: it is for everybody. */
hra_node hra_lower_excluded(hra_lower_frame *frame, const hra_decl *decl);
/* Unknown where `flag` is true; `outside`: for that reason. */
hra_node hra_lower_blank(hra_lowering *l, hra_node value, hra_node flag, bool outside);
/* A flag of a result, which may be -1 (never), as a node. */
hra_node hra_lower_or_no(hra_lowering *l, hra_node flag);
/* The limits that `valid NAME in a..b` sets to a variable for this output. */
void hra_lower_limits(const hra_decl *model, const hra_symbol *output, int variable, double *low, double *high);
/* Factor, tier, prescription (is it due?), item, monitor, topic (at target?), intervention (is it for this person?). */
const hra_result *hra_lower_rule(hra_lowering *l, const hra_decl *decl);
void hra_lower_tier(hra_lower_frame *f, const hra_decl *decl, hra_result *result);
hra_node hra_lower_prescription(hra_lowering *l, const hra_decl *decl);
/* By priority, order and id. */
int hra_prescription_order(const hra_decl *a, const hra_decl *b);
const hra_result *hra_lower_role(hra_lowering *l, const hra_decl *panel, int role, hra_node *model);
/* Known, applicable and inside the published range: a role may choose it. */
hra_node hra_lower_usable(hra_lowering *l, const hra_result *r);
/* Where a flag is true this status flag, elsewhere another one; -1: never. */
hra_node hra_lower_choose(hra_lowering *l, hra_node chosen, hra_node mine, hra_node rest);
hra_node hra_lower_role_named(hra_lowering *l, const hra_word *role);
void hra_lower_why(hra_lowering *l, hra_node value, hra_result *result);

/* Whether two outputs of a model read the same inputs under the same ranges. */
bool hra_same_status(const hra_library *library, hra_memory *memory, const hra_decl *model, const hra_symbol *a,
                     const hra_symbol *b);

#endif
