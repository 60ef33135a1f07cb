#include "engine/language/lower_ideal.h"

#include <math.h>
#include <stdlib.h>

#include "engine/language/lower_changed.h"

/* What is searched is found to 1/32 of its unit and rounded to a tenth: together less than a tenth off. */
static const double STEPS_PER_UNIT = 16;
enum { DECIMALS = 1 };

bool hra_ideal_open(hra_ideal *ideal, hra_lowering *person)
{
    const hra_decl *decl = person->library->ideal;
    *ideal = (hra_ideal){.decl = decl, .variable = decl->over->symbol->variable, .person = person};
    ideal->leaf = hra_graph_leaf(person->graph, HRA_OP_STATE, 0);
    return hra_lower_change(&ideal->same, person, decl, -1) &&
           hra_lower_change_also(&ideal->searched, person, decl, ideal->variable, ideal->leaf);
}

const hra_result *hra_lower_ideal(hra_ideal *ideal, const hra_decl *model, const hra_symbol *output,
                                  hra_result *scratch)
{
    return hra_lower_output(&ideal->same, model, output, scratch);
}

/* ---- bisection ----------------------------------------------------------------------- */

/* States of the search. The first trial is the person's own age, so that who has ideal values gets it back exactly; a
 * model that moves in steps gives the age nearest to it. */
enum { TRIAL, LOW, HIGH, BELOW, ABOVE, STATES }; /* BELOW, ABOVE: has a risk not above, not below this one been met? */

typedef struct search {
    double low, high;
    hra_node own;    /* where the search begins */
    hra_node inside; /* is the own age within the limits, or may it be moved there? */
    hra_node risk;   /* that must be met */
    hra_node trial, below, above;
} search;

static search search_of(const hra_ideal *ideal, const hra_decl *model, const hra_symbol *output)
{
    hra_lowering *l = ideal->person;
    const hra_variable *v = hra_dictionary_at(l->library->dictionary, ideal->variable);
    search s = {.low = -INFINITY, .high = INFINITY};
    hra_lower_limits(model, output, ideal->variable, &s.low, &s.high);
    if (isinf(s.low)) s.low = v->plausible_min;
    if (isinf(s.high)) s.high = v->plausible_max;
    hra_lower_frame frame = hra_lower_frame_open(l, ideal->decl, false);
    hra_node measured = hra_lower_variable(&frame, ideal->variable, NULL, NULL);
    hra_node raised = hra_graph_binary(l->graph, HRA_OP_MAX, measured, hra_graph_number(l->graph, s.low));
    s.own = hra_graph_binary(l->graph, HRA_OP_MIN, raised, hra_graph_number(l->graph, s.high));
    s.inside = l->range == HRA_RANGE_CLAMP ? hra_graph_unary(l->graph, HRA_OP_KNOWN, measured)
                                           : hra_graph_binary(l->graph, HRA_OP_EQ, s.own, measured);
    return s;
}

/* One trial at the first age, then as many as halve the range to two thirty-seconds. */
static int trials(const search *s)
{
    double parts = (s->high - s->low) * STEPS_PER_UNIT;
    return 1 + (parts > 1 ? (int)ceil(log2(parts)) : 0);
}

/* The next states, from the risk at the trial. An equal risk ends the search on the side away from the own age. */
static void next_states(hra_graph *b, hra_node at_trial, hra_node risk, hra_node own, hra_node *next)
{
    hra_node state[STATES];
    for (int i = 0; i < STATES; i++) state[i] = hra_graph_leaf(b, HRA_OP_STATE, i);
    hra_node not_above = hra_graph_binary(b, HRA_OP_LE, at_trial, risk);
    hra_node not_below = hra_graph_binary(b, HRA_OP_LE, risk, at_trial);
    hra_node less = hra_graph_unary(b, HRA_OP_NOT, not_below), more = hra_graph_unary(b, HRA_OP_NOT, not_above);
    hra_node younger = hra_graph_binary(b, HRA_OP_LE, state[TRIAL], own);
    hra_node older = hra_graph_binary(b, HRA_OP_LE, own, state[TRIAL]);
    hra_node raise = hra_graph_binary(b, HRA_OP_AND, not_above, hra_graph_binary(b, HRA_OP_OR, less, younger));
    hra_node lower = hra_graph_binary(b, HRA_OP_AND, not_below, hra_graph_binary(b, HRA_OP_OR, more, older));
    next[LOW] = hra_graph_select(b, raise, state[TRIAL], state[LOW]);
    next[HIGH] = hra_graph_select(b, lower, state[TRIAL], state[HIGH]);
    next[TRIAL] = hra_graph_binary(b, HRA_OP_MUL, hra_graph_binary(b, HRA_OP_ADD, next[LOW], next[HIGH]),
                                   hra_graph_number(b, 0.5));
    next[BELOW] = hra_graph_binary(b, HRA_OP_MAX, state[BELOW], hra_graph_unary(b, HRA_OP_FROM_FLAG, not_above));
    next[ABOVE] = hra_graph_binary(b, HRA_OP_MAX, state[ABOVE], hra_graph_unary(b, HRA_OP_FROM_FLAG, not_below));
}

/* The fold; -1 without memory. */
static int add_search(hra_ideal *ideal, const search *s, hra_node risk_at_leaf, const char *name)
{
    hra_graph *g = ideal->person->graph, *body = hra_graph_new(ideal->person->share);
    if (!body) return -1;
    hra_captures captures = {0};
    hra_node next[STATES];
    hra_node at_trial = hra_graph_lift(g, risk_at_leaf, ideal->leaf, body, &captures);
    hra_node risk = hra_graph_capture(body, s->risk, &captures), own = hra_graph_capture(body, s->own, &captures);
    next_states(body, at_trial, risk, own, next);
    const int last = trials(s) - 1;
    const hra_node zero = hra_graph_number(g, 0);
    const hra_node initial[STATES] = {[TRIAL] = s->own,
                                      [LOW] = hra_graph_number(g, s->low),
                                      [HIGH] = hra_graph_number(g, s->high),
                                      [BELOW] = zero,
                                      [ABOVE] = zero};
    const int states[] = {TRIAL, BELOW, ABOVE}, rows[] = {last, last, last};
    hra_fold fold = {.body = body,
                     .row_count = last + 1,
                     .state_count = STATES,
                     .initial = initial,
                     .next = next,
                     .captures = captures.nodes,
                     .capture_count = captures.count,
                     .emit_count = 3,
                     .emit_state = states,
                     .emit_row = rows,
                     .name = name,
                     .open = true};
    int index = hra_graph_add_fold(g, &fold);
    free(captures.nodes);
    return index;
}

/* ---- the age at an equal risk ------------------------------------------------------------ */

/* Found between a lower and a higher risk; else the limit that was not enough. An age outside the limits has none. */
static hra_node found(hra_graph *g, const search *s)
{
    hra_node one = hra_graph_number(g, 1);
    hra_node up = hra_graph_binary(g, HRA_OP_EQ, s->below, one), down = hra_graph_binary(g, HRA_OP_EQ, s->above, one);
    hra_node or_low = hra_graph_select(g, up, s->trial, hra_graph_number(g, s->low));
    hra_node age = hra_graph_select(g, down, or_low, hra_graph_number(g, s->high));
    return hra_graph_select(g, s->inside, hra_graph_round(g, age, DECIMALS), hra_graph_outside(g));
}

static hra_node at_limit(hra_graph *g, const search *s)
{
    hra_node both = hra_graph_binary(g, HRA_OP_ADD, s->below, s->above);
    hra_node missed = hra_graph_binary(g, HRA_OP_LT, both, hra_graph_number(g, 2));
    return hra_lower_is_true(g, hra_graph_select(g, s->inside, missed, hra_graph_flag(g, 0)));
}

static hra_result risk_age(hra_ideal *ideal, const hra_decl *model, const hra_symbol *output)
{
    hra_lowering *l = ideal->person;
    hra_graph *g = l->graph;
    hra_result scratch[2];
    const hra_result risk = *hra_lower_output(l, model, output, &scratch[0]);
    const hra_result same = *hra_lower_ideal(ideal, model, output, &scratch[1]);
    search s = search_of(ideal, model, output);
    s.risk = risk.value;
    int fold = add_search(ideal, &s, hra_lower_output_value(&ideal->searched, model, output), "risk_age");
    if (fold < 0) return hra_result_nothing;
    s.trial = hra_graph_fold_out(g, fold, 0);
    s.below = hra_graph_fold_out(g, fold, 1);
    s.above = hra_graph_fold_out(g, fold, 2);
    hra_result result = {.done = true, .excluded = risk.excluded, .provisional = -1};
    /* unknown where either risk is, by the path that leads to what is missing there */
    hra_node known_same = hra_graph_unary(g, HRA_OP_KNOWN, same.value);
    hra_node known_risk = hra_graph_unary(g, HRA_OP_KNOWN, risk.value);
    result.value = hra_graph_select(g, known_same, found(g, &s), same.value);
    result.value = hra_graph_select(g, known_risk, result.value, risk.value);
    result.outside = hra_lower_or(g, risk.outside, same.outside);
    hra_node limited = hra_graph_select(g, known_same, at_limit(g, &s), hra_graph_flag(g, 0));
    limited = hra_graph_select(g, known_risk, limited, hra_graph_flag(g, 0));
    result.clamped = hra_lower_or(g, risk.clamped, limited);
    hra_lower_why(l, result.value, &result);
    result.substituted = hra_lower_or(g, risk.substituted, same.substituted);
    return result;
}

typedef struct known_age {
    const hra_symbol *output;
    hra_result result;
} known_age;

bool hra_ideal_searchable(const hra_ideal *ideal, const hra_decl *model)
{
    return model->reads[ideal->variable / 64] >> (ideal->variable % 64) & 1;
}

const hra_result *hra_lower_risk_age(hra_ideal *ideal, const hra_decl *model, const hra_symbol *output)
{
    for (int i = 0; i < ideal->risk_ages.count; i++) {
        const known_age *known = ideal->risk_ages.items[i];
        if (known->output == output) return &known->result;
    }
    known_age *known = HRA_TAKE(ideal->person->memory, known_age);
    known->output = output;
    known->result = risk_age(ideal, model, output);
    hra_list_add(ideal->person->memory, &ideal->risk_ages, known);
    return &known->result;
}

/* ---- roles --------------------------------------------------------------------------------- */

typedef const hra_result *of_model(hra_ideal *ideal, const hra_decl *model, const hra_symbol *output,
                                   hra_result *scratch);

static const hra_result *age_of_model(hra_ideal *ideal, const hra_decl *model, const hra_symbol *output,
                                      hra_result *scratch)
{
    if (hra_ideal_searchable(ideal, model)) return hra_lower_risk_age(ideal, model, output);
    *scratch = hra_result_nothing;
    scratch->value = hra_graph_outside(ideal->person->graph);
    scratch->outside = hra_graph_flag(ideal->person->graph, 1);
    return scratch;
}

/* What belongs to the model chosen; where none is, all is as with the risk. */
static hra_result of_role(hra_ideal *ideal, const hra_decl *panel, int index, of_model *derived)
{
    hra_lowering *l = ideal->person;
    const hra_named_block *role = panel->blocks.items[index];
    hra_result result = *hra_lower_role(l, panel, index, NULL);
    for (int i = role->uses.count - 1; i >= 0; i--) {
        const hra_expr *use = hra_expr_at(&role->uses, i);
        hra_result scratch[2];
        const hra_result *risk = hra_lower_output(l, use->declaration, use->symbol, &scratch[0]);
        const hra_result *mine = derived(ideal, use->declaration, use->symbol, &scratch[1]);
        hra_node chosen = hra_lower_usable(l, risk);
        result.value = hra_graph_select(l->graph, chosen, mine->value, result.value);
        result.outside = hra_lower_choose(l, chosen, mine->outside, result.outside);
        result.excluded = hra_lower_choose(l, chosen, mine->excluded, result.excluded);
        result.missing = hra_lower_choose(l, chosen, mine->missing, result.missing);
        result.substituted = hra_lower_choose(l, chosen, mine->substituted, result.substituted);
        result.clamped = hra_lower_choose(l, chosen, mine->clamped, result.clamped);
    }
    return result;
}

hra_result hra_lower_role_ideal(hra_ideal *ideal, const hra_decl *panel, int role)
{
    return of_role(ideal, panel, role, hra_lower_ideal);
}

hra_result hra_lower_role_risk_age(hra_ideal *ideal, const hra_decl *panel, int role)
{
    return of_role(ideal, panel, role, age_of_model);
}
