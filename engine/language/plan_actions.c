/* Group actions: each prevalence() and mean() is an output of every person; the
 * condition is then decided over the group's means, with unknown as NaN. */
#include <math.h>

#include "engine/language/plan_internal.h"

/* ---- per person ------------------------------------------------------------------------- */

static int aggregate_output(hra_plan *plan, const hra_decl *decl, const char *what, hra_node value, bool flag)
{
    int index = plan->output_count;
    const char *id = hra_take_printf(&plan->memory, "%s.%s", decl->word->text, what);
    hra_plan_aggregate_output(plan, id, decl->word->text, flag, value);
    return index;
}

static void add_action(hra_plan *plan, const hra_decl *decl)
{
    hra_planned_action *action = HRA_TAKE(&plan->memory, hra_planned_action);
    hra_lower_frame frame = hra_lower_frame_open(&plan->lowering, decl, true);
    int count = decl->aggregates.count;
    action->decl = decl;
    action->roster = -1;
    action->aggregates = hra_take_array(&plan->memory, (size_t)count, sizeof *action->aggregates);
    for (int i = 0; action->aggregates && i < count; i++) {
        const hra_expr *call = hra_expr_at(&decl->aggregates, i);
        bool flag = call->op == HRA_FUNCTION_PREVALENCE;
        const hra_expr *of = hra_expr_at(&call->args, 0);
        hra_node value = flag ? hra_lower_flag(&frame, of) : hra_lower_number(&frame, of);
        const char *what = hra_take_printf(&plan->memory, "%s%d", flag ? "prevalence" : "mean", i + 1);
        action->aggregates[i] = aggregate_output(plan, decl, what, value, flag);
    }
    if (decl->roster)
        action->roster = aggregate_output(plan, decl, "roster", hra_lower_flag(&frame, decl->roster), true);
    hra_list_add(&plan->memory, &plan->actions, action);
}

void hra_plan_add_actions(hra_plan *plan)
{
    const hra_list *declarations = &plan->lowering.library->declarations;
    for (int i = 0; i < declarations->count; i++) {
        const hra_decl *decl = declarations->items[i];
        if (decl->public.kind == HRA_DECLARATION_GROUP_ACTION && hra_plan_accepts(plan, decl)) add_action(plan, decl);
    }
}

/* ---- per group ---------------------------------------------------------------------------- */

typedef struct group {
    const hra_planned_action *action;
    const double *means; /* by output */
} group;

static double value(const group *g, const hra_expr *e);

static double both(double a, double b)
{
    if (a == 0 || b == 0) return 0;
    return isnan(a) || isnan(b) ? NAN : 1;
}

static double opposite(double a) { return isnan(a) ? NAN : a == 0; }

static double operation(const group *g, const hra_expr *e)
{
    double a = value(g, e->a), b = value(g, e->b);
    if (e->op == HRA_BINARY_AND) return both(a, b);
    if (e->op == HRA_BINARY_OR) return opposite(both(opposite(a), opposite(b)));
    if (isnan(a) || isnan(b)) return NAN;
    switch (e->op) {
    case '+': return a + b;
    case '-': return a - b;
    case '*': return a * b;
    case '/': return b == 0 ? NAN : a / b;
    case '^': return pow(a, b);
    case '<': return a < b;
    case '>': return a > b;
    case TOKEN_LESS_EQUAL: return a <= b;
    case TOKEN_GREATER_EQUAL: return a >= b;
    case TOKEN_EQUAL: return a == b;
    default: return a != b;
    }
}

static double in_range(const hra_range *r, double x)
{
    if (isnan(x)) return NAN;
    if (r->has_low && !(r->low_open ? x > r->low : x >= r->low)) return 0;
    return !r->has_high || (r->high_open ? x < r->high : x <= r->high);
}

static double call(const group *g, const hra_expr *e)
{
    double x, limit;
    switch (e->op) {
    case HRA_FUNCTION_PREVALENCE:
    case HRA_FUNCTION_MEAN: return g->means[g->action->aggregates[e->column]];
    case HRA_FUNCTION_KNOWN:
    case HRA_FUNCTION_PRESENT: return !isnan(value(g, hra_expr_at(&e->args, 0)));
    case HRA_FUNCTION_IF:
        x = value(g, hra_expr_at(&e->args, 0));
        return isnan(x) ? NAN : value(g, hra_expr_at(&e->args, x != 0 ? 1 : 2));
    case HRA_FUNCTION_MIN:
    case HRA_FUNCTION_MAX:
        x = value(g, hra_expr_at(&e->args, 0));
        for (int i = 1; i < e->args.count; i++) {
            limit = value(g, hra_expr_at(&e->args, i));
            if (isnan(x) || isnan(limit)) return NAN;
            if ((e->op == HRA_FUNCTION_MIN) == (limit < x)) x = limit;
        }
        return x;
    default: return NAN; /* the checker lets nothing else through */
    }
}

static double value(const group *g, const hra_expr *e)
{
    switch (e->kind) {
    case HRA_EXPR_NUMBER:
    case HRA_EXPR_TRUTH: return e->number;
    case HRA_EXPR_NAME: return value(g, e->symbol->declaration->value); /* a let of numbers alone */
    case HRA_EXPR_NEGATE: return -value(g, e->a);
    case HRA_EXPR_NOT: return opposite(value(g, e->a));
    case HRA_EXPR_BINARY: return operation(g, e);
    case HRA_EXPR_IN_RANGE: return in_range(&e->range, value(g, e->a));
    case HRA_EXPR_CALL: return call(g, e);
    default: return NAN;
    }
}

static const hra_planned_action *action_at(const hra_plan *plan, int index) { return plan->actions.items[index]; }

int hra_plan_action_count(const hra_plan *plan) { return plan->actions.count; }

const hra_declaration *hra_plan_action(const hra_plan *plan, int index)
{
    return &action_at(plan, index)->decl->public;
}

double hra_plan_action_due(const hra_plan *plan, int index, const double *aggregate_means)
{
    group g = {action_at(plan, index), aggregate_means};
    return value(&g, g.action->decl->condition);
}

int hra_plan_action_roster(const hra_plan *plan, int index) { return action_at(plan, index)->roster; }

/* ---- what a roster asks for ----------------------------------------------------------------- */

typedef struct named_rules {
    const char **ids;
    int count, most;
} named_rules;

static void collect_rules(const hra_expr *e, named_rules *found)
{
    if (!e) return;
    const hra_symbol *symbol = e->kind == HRA_EXPR_NAME ? e->symbol : NULL;
    if (symbol && symbol->kind == HRA_SYMBOL_DECLARATION &&
        symbol->declaration->public.kind == HRA_DECLARATION_FACTOR && found->count < found->most)
        found->ids[found->count++] = symbol->declaration->word->text;
    collect_rules(e->a, found);
    collect_rules(e->b, found);
    for (int i = 0; i < e->args.count; i++) collect_rules(hra_expr_at(&e->args, i), found);
}

int hra_plan_action_roster_rules(const hra_plan *plan, int index, const char **ids, int most)
{
    named_rules found = {ids, 0, most};
    collect_rules(action_at(plan, index)->decl->roster, &found);
    return found.count;
}
