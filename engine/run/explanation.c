/* Walks the path taken from an output down to the inputs and turns every named
 * value, every long sum and every substitution on it into a step. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/run/explanation_builder.h"
#include "engine/run/expression_text.h"

/* Sums of at least so many terms become tables; without a name only longer ones. */
enum { TABLE_TERMS = 3, UNNAMED_TABLE_TERMS = 4 };
enum { MOST_REASONS = 64 };

static void visit(hra_explainer *b, hra_node node);

static const char *join(hra_explainer *b, const char *a, const char *c)
{
    const char *text = hra_arena_printf(b->arena, "%s%s", a, c);
    if (!text) b->failed = true;
    return text ? text : "";
}

/* ---- shapes of nodes */

static bool is_choice(const hra_explainer *b, hra_node node)
{
    return hra_explainer_op(b, node) == HRA_OP_SELECT || hra_explainer_op(b, node) == HRA_OP_SELECT_FLAG;
}

static bool is_substitute(const hra_explainer *b, hra_node node)
{
    return hra_explainer_op(b, node) == HRA_OP_SUBSTITUTE || hra_explainer_op(b, node) == HRA_OP_SUBSTITUTE_FLAG;
}

static bool is_first_known(const hra_explainer *b, hra_node node)
{
    return is_substitute(b, node) || hra_explainer_op(b, node) == HRA_OP_FIRST_KNOWN ||
           hra_explainer_op(b, node) == HRA_OP_FIRST_KNOWN_FLAG;
}

static bool is_table(const hra_explainer *b, hra_node node, int least)
{
    return hra_explainer_is_sum(b, node) && hra_explainer_count_terms(b, node) >= least;
}

/* What a substituted input is called: the first operand, down to the variable. */
static const char *substituted_name(const hra_explainer *b, hra_node node)
{
    while (is_substitute(b, node)) node = hra_graph_at(b->graph, node)->a;
    const hra_variable *variable = hra_expression_variable(b->graph, b->schema, node);
    return variable ? variable->name : hra_explainer_name(b, node);
}

static bool took_substitute(const hra_explainer *b, hra_node node)
{
    return is_substitute(b, node) && isnan(hra_explainer_value(b, hra_graph_at(b->graph, node)->a)) &&
           !isnan(hra_explainer_value(b, node));
}

/* The name under which a node becomes a step; NULL: it is part of a formula. */
static const char *step_name(hra_explainer *b, hra_node node)
{
    if (hra_graph_operand_count(b->graph, node) == 0 && hra_explainer_op(b, node) != HRA_OP_FOLD_OUT) return NULL;
    if (took_substitute(b, node)) return substituted_name(b, node);
    if (is_substitute(b, node)) return NULL;
    if (hra_explainer_name(b, node)) return hra_explainer_name(b, node);
    if (b->in_index > 0 || !is_table(b, node, UNNAMED_TABLE_TERMS)) return NULL;
    const char *name = hra_arena_printf(b->arena, "sum_%d", ++b->sums);
    if (!name) b->failed = true;
    return name;
}

/* ---- the path */

typedef struct reasons {
    const char *texts[MOST_REASONS];
    int count, negative; /* the last `negative` ones say what does not hold */
} reasons;

/* A condition as a reason: where it is very long, its beginning. */
static const char *reason_text(hra_explainer *b, hra_node condition)
{
    enum { LONGEST = 90 };
    const char *text = hra_explainer_text(b, condition, false);
    size_t end = LONGEST;
    if (strlen(text) <= LONGEST) return text;
    while (end > 0 && text[end] != ' ') end--;
    if (end == 0) return text;
    char *cut = hra_arena_printf(b->arena, "%.*s ...", (int)end, text);
    if (!cut) b->failed = true;
    return cut ? cut : "";
}

static void add_reason(reasons *r, const char *text)
{
    for (int i = 0; i < r->count; i++)
        if (strcmp(r->texts[i], text) == 0) return;
    if (r->count < MOST_REASONS) r->texts[r->count++] = text;
}

/* "sex == male" of someone for whom "sex == female" was asked and is false; NULL if it is no such question. */
static const char *actual_level(hra_explainer *b, hra_node condition)
{
    const hra_graph_node *n = hra_graph_at(b->graph, condition);
    if (n->op != HRA_OP_EQ) return NULL;
    const hra_variable *variable = hra_expression_variable(b->graph, b->schema, n->a);
    double level = hra_explainer_value(b, n->a);
    bool is_level = variable && variable->type == HRA_TYPE_CATEGORY && level >= 0 && level < variable->level_count;
    return is_level ? join(b, join(b, variable->name, " == "), variable->levels[(int)level].name) : NULL;
}

/* What holds makes superfluous what was asked before and does not hold. */
static void add_positive_reason(reasons *r, const char *text)
{
    r->count -= r->negative;
    r->negative = 0;
    add_reason(r, text);
}

static void add_negative_reason(hra_explainer *b, reasons *r, hra_node condition)
{
    const char *level = actual_level(b, condition);
    if (level) {
        add_positive_reason(r, level);
        return;
    }
    const char *text = reason_text(b, condition);
    bool is_formula = hra_graph_operand_count(b->graph, condition) > 1 && !b->names[condition];
    int before = r->count;
    add_reason(r, is_formula ? join(b, join(b, "not (", text), ")") : join(b, "not ", text));
    r->negative += r->count - before;
}

static hra_node follow_choice(hra_explainer *b, hra_node node, reasons *r)
{
    const hra_graph_node *n = hra_graph_at(b->graph, node);
    double condition = hra_explainer_value(b, n->a);
    visit(b, n->a);
    if (isnan(condition)) {
        add_reason(r, join(b, "unknown: ", reason_text(b, n->a)));
        return -1;
    }
    if (condition == 0)
        add_negative_reason(b, r, n->a);
    else
        add_positive_reason(r, reason_text(b, n->a));
    return condition == 0 ? n->c : n->b;
}

static bool same_text(const char *a, const char *b) { return a == b || (a && b && strcmp(a, b) == 0); }

/* A value with a name of its own is explained by itself. */
static bool is_another_step(const hra_explainer *b, hra_node node, hra_node root, const char *name)
{
    return node != root && hra_explainer_name(b, node) && !same_text(hra_explainer_name(b, node), name);
}

/* Of several sources: the one used, or -1 to stay. Where none is known the first is as good as any. */
static hra_node follow_sources(hra_explainer *b, hra_node node, hra_node root, reasons *r)
{
    const hra_graph_node *n = hra_graph_at(b->graph, node);
    visit(b, n->a);
    if (!isnan(hra_explainer_value(b, n->a)) || isnan(hra_explainer_value(b, n->b))) return node == root ? n->a : -1;
    const char *how = is_substitute(b, node) ? " unknown, substituted" : " unknown";
    add_reason(r, join(b, reason_text(b, n->a), how));
    r->negative = 0;
    return n->b;
}

/* From a step down the choices to what was computed; -1 when a condition is unknown. */
static hra_node follow_path(hra_explainer *b, hra_node root, const char *name, reasons *r)
{
    hra_node node = root;
    while (node >= 0 && !is_another_step(b, node, root, name) && !hra_graph_at(b->graph, node)->call) {
        hra_node next = -1;
        if (is_choice(b, node) && !hra_expression_is_short_choice(b->graph, node)) {
            node = follow_choice(b, node, r);
            continue;
        }
        if (is_first_known(b, node)) next = follow_sources(b, node, root, r);
        if (next < 0) return node;
        node = next;
    }
    return node;
}

/* Operands that were needed, each on its own path. */
static void visit_operands(hra_explainer *b, hra_node node)
{
    const hra_graph_node *n = hra_graph_at(b->graph, node);
    bool is_lookup = n->op == HRA_OP_GATHER;
    b->in_index += is_lookup;
    if (n->call) {
        visit(b, n->called);
    } else if (is_choice(b, node)) {
        double condition = hra_explainer_value(b, n->a);
        visit(b, n->a);
        if (!isnan(condition)) visit(b, condition != 0 ? n->b : n->c);
    } else if (is_first_known(b, node)) {
        visit(b, n->a);
        if (isnan(hra_explainer_value(b, n->a)) && !isnan(hra_explainer_value(b, n->b))) visit(b, n->b);
    } else {
        for (int i = 0; i < hra_graph_operand_count(b->graph, node); i++)
            visit(b, hra_graph_operand(b->graph, node, i));
    }
    b->in_index -= is_lookup;
}

/* The summands of a table, without descending along the sum itself. */
static void visit_terms(hra_explainer *b, hra_node sum)
{
    int count = 0;
    const hra_node *summands = hra_explainer_summands(b, sum, &count);
    for (int i = 0; summands && i < count; i++) visit(b, summands[i]);
}

/* ---- steps */

/* A plain tree computes the same named value in several places: it is told once. */
static bool is_told(const hra_explainer *b, const hra_explained_step *step)
{
    for (int i = 0; i < b->made->step_count; i++) {
        const hra_explained_step *other = &b->made->steps[i];
        if (same_text(other->name, step->name) && same_text(other->formula, step->formula) &&
            other->term_count == step->term_count && memcmp(&other->value, &step->value, sizeof step->value) == 0)
            return true;
    }
    return false;
}

static void add_step(hra_explainer *b, const hra_explained_step *step)
{
    hra_explanation *made = b->made;
    if (is_told(b, step)) return;
    if (made->step_count == made->step_capacity) {
        int capacity = made->step_capacity ? 2 * made->step_capacity : 32;
        hra_explained_step *bigger = realloc(made->steps, (size_t)capacity * sizeof *bigger);
        if (!bigger) {
            b->failed = true;
            return;
        }
        made->steps = bigger;
        made->step_capacity = capacity;
    }
    made->steps[made->step_count++] = *step;
}

static void keep_reasons(hra_explainer *b, const reasons *r, hra_explained_step *step)
{
    const char **kept = hra_arena_alloc(b->arena, (size_t)r->count * sizeof *kept);
    if (!kept) {
        b->failed = true;
        return;
    }
    for (int i = 0; i < r->count; i++) kept[i] = r->texts[i];
    step->reasons = kept;
    step->reason_count = r->count;
}

/* Formula and numbers, each only where it says more than the value. */
static void write_formula(hra_explainer *b, hra_node node, hra_explained_step *step)
{
    hra_buffer result = {0};
    hra_expression_value(step->value, step->is_flag, &result);
    const char *value = hra_explainer_keep(b, &result);
    step->formula = hra_explainer_text(b, node, false);
    step->numbers = step->is_flag ? NULL : hra_explainer_text(b, node, true);
    if (step->numbers && (strcmp(step->numbers, value) == 0 || strcmp(step->numbers, step->formula) == 0))
        step->numbers = NULL;
    if (strcmp(step->formula, value) == 0) step->formula = NULL;
}

/* What the path led to, explained before the step that reads it: true if it is a sum to be shown as a table. */
static bool visit_target(hra_explainer *b, hra_node target, hra_node root, const char *name)
{
    if (is_another_step(b, target, root, name)) {
        visit(b, target);
        return false;
    }
    b->visited[target] = true;
    if (is_table(b, target, TABLE_TERMS) && !b->names[target]) {
        visit_terms(b, target);
        return true;
    }
    visit_operands(b, target);
    hra_explainer_add_input(b, target);
    return false;
}

static void write_step(hra_explainer *b, hra_node target, bool table, const hra_output *output,
                       hra_explained_step *step)
{
    hra_node outer = b->current;
    bool is_category = output && output->kind == HRA_OUTPUT_CATEGORY;
    b->current = step->node;
    b->output = is_category ? output : NULL;
    if (table)
        hra_explainer_make_terms(b, target, step);
    else if (target >= 0)
        write_formula(b, target, step);
    if (is_category && step->value >= 0 && step->value < output->level_count)
        step->level = output->levels[(int)step->value];
    b->output = NULL;
    b->current = outer;
}

static void make_step(hra_explainer *b, hra_node root, const char *name, const hra_output *output)
{
    hra_explained_step step = {.node = root, .name = name, .value = hra_explainer_value(b, root)};
    reasons r = {.count = 0};
    step.is_flag = hra_graph_kind(b->graph, root) == HRA_KIND_FLAG;
    hra_node target = follow_path(b, root, name, &r);
    bool is_told_already = target >= 0 && same_text(b->names[target], name);
    if (is_told_already) {
        b->names[root] = name;
        return;
    }
    bool table = target >= 0 && visit_target(b, target, root, name);
    write_step(b, target, table, output, &step);
    keep_reasons(b, &r, &step);
    b->names[root] = name;
    if (target >= 0 && !is_another_step(b, target, root, name)) b->names[target] = name;
    if (!b->failed) add_step(b, &step);
}

static void visit(hra_explainer *b, hra_node node)
{
    if (b->visited[node] || b->failed || b->depth >= HRA_EXPLAIN_DEEPEST) return;
    b->visited[node] = true;
    b->depth++;
    const char *name = step_name(b, node);
    if (name)
        make_step(b, node, name, NULL);
    else
        visit_operands(b, node);
    hra_explainer_add_input(b, node);
    b->depth--;
}

/* That somebody is not excluded goes without saying: the value inside, once the exclusion was looked at. */
static hra_node inside_exclusion(hra_explainer *b, const hra_output *output)
{
    const hra_graph_node *n = hra_graph_at(b->graph, output->value);
    if (output->excluded < 0 || !is_choice(b, output->value)) return output->value;
    const hra_graph_node *condition = hra_graph_at(b->graph, n->a);
    bool is_exclusion =
        n->a == output->excluded || (condition->op == HRA_OP_IS_TRUE && condition->a == output->excluded);
    if (!is_exclusion || hra_explainer_value(b, n->a) != 0) return output->value;
    visit(b, n->a);
    return n->c;
}

/* An output is a step under its own name, whatever its node is called. */
static void explain_output(hra_explainer *b, const hra_output *output)
{
    const char *name = output->name && output->name[0] ? output->name : output->id;
    hra_node node = inside_exclusion(b, output);
    if (same_text(b->names[node], name)) return;
    b->visited[node] = true;
    make_step(b, node, name, output);
}

hra_code hra_explanation_make(const hra_graph *graph, hra_judge *judge, const hra_schema *schema,
                              const hra_output *outputs, int output_count, hra_arena *arena,
                              hra_explanation *explanation, hra_error *error)
{
    size_t nodes = (size_t)hra_graph_count(graph) + 1;
    *explanation = (hra_explanation){0};
    hra_explainer b = {
        .graph = graph, .judge = judge, .schema = schema, .arena = arena, .made = explanation, .current = -1};
    b.visited = calloc(nodes, sizeof *b.visited);
    b.names = calloc(nodes, sizeof *b.names);
    b.failed = !b.visited || !b.names;
    for (int i = 0; i < output_count && !b.failed; i++) explain_output(&b, &outputs[i]);
    free(b.visited);
    free(b.names);
    if (!b.failed) return HRA_OK;
    hra_explanation_destroy(explanation);
    return hra_fail(error, HRA_ENOMEM, "out of memory while explaining");
}

void hra_explanation_destroy(hra_explanation *explanation)
{
    free(explanation->inputs);
    free(explanation->steps);
    *explanation = (hra_explanation){0};
}
