/* Walks the path taken from an output down to the inputs and turns every named
 * value, every long sum and every substitution on it into a step. */
#include "engine/run/explanation.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/run/expression_text.h"

/* Sums of at least so many terms become tables; without a name only longer ones. */
enum { TABLE_TERMS = 3, UNNAMED_TABLE_TERMS = 4 };
enum { DEEPEST = 2000, MOST_REASONS = 64 };

typedef struct builder {
    const hra_graph *graph;
    hra_judge *judge;
    const hra_schema *schema;
    hra_arena *arena;
    hra_explanation *made;
    bool *visited;            /* per node */
    const char **names;       /* per node: of the step it became */
    hra_node current;         /* the step being written: written out, not named */
    const hra_output *output; /* while a category output itself is written, or NULL */
    int depth, sums;
    int in_index; /* inside the index of a lookup, where sums are bookkeeping */
    bool failed;
} builder;

static void visit(builder *b, hra_node node);

static hra_op op_of(const builder *b, hra_node node) { return (hra_op)hra_graph_at(b->graph, node)->op; }

static double value_of(const builder *b, hra_node node) { return hra_judge_value(b->judge, node); }

/* ---- text */

static const char *name_of(void *context, hra_node node)
{
    const builder *b = context;
    return node == b->current ? NULL : b->names[node];
}

/* The buffer's text in the arena; the buffer is emptied. */
static const char *keep(builder *b, hra_buffer *text)
{
    const char *kept = text->failed ? NULL : hra_arena_text(b->arena, text->bytes ? text->bytes : "");
    hra_buffer_destroy(text);
    if (!kept) b->failed = true;
    return kept ? kept : "";
}

static const char *text_of(builder *b, hra_node node, bool values)
{
    hra_expression_writer writer = {.graph = b->graph,
                                    .judge = b->judge,
                                    .schema = b->schema,
                                    .values = values,
                                    .bands = b->output != NULL,
                                    .name_of = name_of,
                                    .context = b};
    hra_buffer text = {0};
    hra_expression_write(&writer, node, &text);
    return keep(b, &text);
}

static const char *join(builder *b, const char *a, const char *c)
{
    const char *text = hra_arena_printf(b->arena, "%s%s", a, c);
    if (!text) b->failed = true;
    return text ? text : "";
}

/* ---- shapes of nodes */

static bool is_sum(const builder *b, hra_node node)
{
    return op_of(b, node) == HRA_OP_ADD || op_of(b, node) == HRA_OP_SUB;
}

static bool is_choice(const builder *b, hra_node node)
{
    return op_of(b, node) == HRA_OP_SELECT || op_of(b, node) == HRA_OP_SELECT_FLAG;
}

static bool is_substitute(const builder *b, hra_node node)
{
    return op_of(b, node) == HRA_OP_SUBSTITUTE || op_of(b, node) == HRA_OP_SUBSTITUTE_FLAG;
}

static bool is_first_known(const builder *b, hra_node node)
{
    return is_substitute(b, node) || op_of(b, node) == HRA_OP_FIRST_KNOWN || op_of(b, node) == HRA_OP_FIRST_KNOWN_FLAG;
}

static const char *given_name(const builder *b, hra_node node) { return hra_graph_at(b->graph, node)->name; }

/* The left operand continues the sum unless it is a value of its own. */
static int count_terms(const builder *b, hra_node sum)
{
    int terms = 1;
    for (hra_node node = sum; is_sum(b, node) && (node == sum || !given_name(b, node)); terms++)
        node = hra_graph_at(b->graph, node)->a;
    return terms;
}

static bool is_table(const builder *b, hra_node node, int least)
{
    return is_sum(b, node) && count_terms(b, node) >= least;
}

/* What a substituted input is called: the first operand, down to the variable. */
static const char *substituted_name(const builder *b, hra_node node)
{
    while (is_substitute(b, node)) node = hra_graph_at(b->graph, node)->a;
    const hra_variable *variable = hra_expression_variable(b->graph, b->schema, node);
    return variable ? variable->name : given_name(b, node);
}

static bool took_substitute(const builder *b, hra_node node)
{
    return is_substitute(b, node) && isnan(value_of(b, hra_graph_at(b->graph, node)->a)) && !isnan(value_of(b, node));
}

/* The name under which a node becomes a step; NULL: it is part of a formula. */
static const char *step_name(builder *b, hra_node node)
{
    if (hra_graph_operand_count(b->graph, node) == 0 && op_of(b, node) != HRA_OP_FOLD_OUT) return NULL;
    if (took_substitute(b, node)) return substituted_name(b, node);
    if (is_substitute(b, node)) return NULL;
    if (given_name(b, node)) return given_name(b, node);
    if (b->in_index > 0 || !is_table(b, node, UNNAMED_TABLE_TERMS)) return NULL;
    const char *name = hra_arena_printf(b->arena, "sum_%d", ++b->sums);
    if (!name) b->failed = true;
    return name;
}

/* ---- inputs */

static void add_input(builder *b, hra_node node)
{
    const hra_variable *variable = hra_expression_variable(b->graph, b->schema, node);
    hra_explanation *made = b->made;
    if (!variable) return;
    for (int i = 0; i < made->input_count; i++)
        if (made->inputs[i].name == variable->name) return;
    if (made->input_count == made->input_capacity) {
        int capacity = made->input_capacity ? 2 * made->input_capacity : 32;
        hra_explained_input *bigger = realloc(made->inputs, (size_t)capacity * sizeof *bigger);
        if (!bigger) {
            b->failed = true;
            return;
        }
        made->inputs = bigger;
        made->input_capacity = capacity;
    }
    hra_op op = op_of(b, node);
    bool is_absent = op == HRA_OP_UNKNOWN || op == HRA_OP_FLAG;
    double value = value_of(b, node);
    bool is_level = variable->type == HRA_TYPE_CATEGORY && value >= 0 && value < variable->level_count;
    made->inputs[made->input_count++] = (hra_explained_input){
        .name = variable->name,
        .unit = is_absent ? variable->unit : b->schema->columns[hra_graph_at(b->graph, node)->index].unit,
        .level = is_level ? variable->levels[(int)value].name : NULL,
        .value = value,
        .is_flag = variable->type == HRA_TYPE_FLAG,
        .is_absent = is_absent};
}

/* ---- terms of a sum */

/* Constant factors make the coefficient, the others the term; `factor` is one of a chain of products. */
static void add_factor(builder *b, hra_node factor, hra_term *term, hra_buffer *text)
{
    while (op_of(b, factor) == HRA_OP_NEG) {
        term->coefficient = -term->coefficient;
        factor = hra_graph_at(b->graph, factor)->a;
    }
    const hra_graph_node *n = hra_graph_at(b->graph, factor);
    if (n->op == HRA_OP_NUMBER) {
        term->coefficient *= n->number;
        term->has_coefficient = true;
        return;
    }
    bool parentheses = is_sum(b, factor) && !b->names[factor];
    const char *factor_text = text_of(b, factor, false);
    hra_buffer_printf(text, parentheses ? "%s(%s)" : "%s%s", term->has_value ? " * " : "", factor_text);
    term->value = (term->has_value ? term->value : 1) * value_of(b, factor);
    term->has_value = true;
}

static void add_product(builder *b, hra_node node, hra_term *term, hra_buffer *text)
{
    bool is_product = op_of(b, node) == HRA_OP_MUL && !b->names[node];
    const hra_graph_node *n = hra_graph_at(b->graph, node);
    if (is_product && n->a != n->b && ++b->depth < DEEPEST) {
        add_product(b, n->a, term, text);
        add_factor(b, n->b, term, text);
        b->depth--;
    } else {
        add_factor(b, node, term, text);
    }
}

static hra_term make_term(builder *b, hra_node node, bool subtracted, hra_node sum)
{
    hra_term term = {.coefficient = subtracted ? -1 : 1, .value = NAN};
    hra_buffer text = {0};
    double value = value_of(b, node);
    term.contribution = subtracted ? -value : value;
    term.sum = value_of(b, sum);
    hra_node inner = node;
    while (op_of(b, inner) == HRA_OP_NEG) inner = hra_graph_at(b->graph, inner)->a;
    add_product(b, node, &term, &text);
    if (op_of(b, inner) == HRA_OP_STEP && !b->names[inner]) term.value = value_of(b, hra_graph_at(b->graph, inner)->a);
    if (!term.has_value) {
        hra_buffer_text(&text, "constant");
        term.has_coefficient = false;
    } else if (term.coefficient == -1) {
        term.has_coefficient = true;
    }
    term.text = keep(b, &text);
    return term;
}

static void make_terms(builder *b, hra_node sum, hra_explained_step *step)
{
    int count = count_terms(b, sum);
    hra_term *terms = hra_arena_alloc(b->arena, (size_t)count * sizeof *terms);
    if (!terms) {
        b->failed = true;
        return;
    }
    hra_node node = sum;
    for (int i = count - 1; i > 0; i--) {
        const hra_graph_node *n = hra_graph_at(b->graph, node);
        terms[i] = make_term(b, n->b, n->op == HRA_OP_SUB, node);
        node = n->a;
    }
    terms[0] = make_term(b, node, false, node);
    step->terms = terms;
    step->term_count = count;
}

/* ---- the path */

typedef struct reasons {
    const char *texts[MOST_REASONS];
    int count, negative; /* the last `negative` ones say what does not hold */
} reasons;

static void add_reason(builder *b, reasons *r, const char *text)
{
    if (r->count < MOST_REASONS) r->texts[r->count++] = text;
}

/* "sex == male" makes "not sex == female" before it superfluous. */
static hra_node follow_choice(builder *b, hra_node node, reasons *r)
{
    const hra_graph_node *n = hra_graph_at(b->graph, node);
    double condition = value_of(b, n->a);
    visit(b, n->a);
    const char *text = text_of(b, n->a, false);
    if (isnan(condition)) {
        add_reason(b, r, join(b, "unknown: ", text));
        return -1;
    }
    if (condition == 0) {
        add_reason(b, r,
                   hra_graph_operand_count(b->graph, n->a) > 1 && !b->names[n->a] ? join(b, join(b, "not (", text), ")")
                                                                                  : join(b, "not ", text));
        r->negative++;
        return n->c;
    }
    r->count -= r->negative < r->count ? r->negative : r->count;
    r->negative = 0;
    add_reason(b, r, text);
    return n->b;
}

/* From a step down the choices to what was computed; -1 when a condition is unknown. */
static hra_node follow_path(builder *b, hra_node root, reasons *r)
{
    hra_node node = root;
    while (node >= 0) {
        bool is_named = node != root && given_name(b, node) && given_name(b, root) &&
                        strcmp(given_name(b, node), given_name(b, root)) != 0;
        if (is_named) return node;
        if (is_choice(b, node) && !hra_expression_is_short_choice(b->graph, node)) {
            node = follow_choice(b, node, r);
        } else if (is_first_known(b, node)) {
            const hra_graph_node *n = hra_graph_at(b->graph, node);
            visit(b, n->a);
            if (!isnan(value_of(b, n->a)) || isnan(value_of(b, n->b))) return node == root ? n->a : node;
            add_reason(b, r,
                       join(b, text_of(b, n->a, false), is_substitute(b, node) ? " unknown, substituted" : " unknown"));
            r->negative = 0;
            node = n->b;
        } else {
            return node;
        }
    }
    return node;
}

/* Operands that were needed, each on its own path. */
static void visit_operands(builder *b, hra_node node)
{
    const hra_graph_node *n = hra_graph_at(b->graph, node);
    bool is_lookup = n->op == HRA_OP_GATHER;
    b->in_index += is_lookup;
    if (is_choice(b, node)) {
        double condition = value_of(b, n->a);
        visit(b, n->a);
        if (!isnan(condition)) visit(b, condition != 0 ? n->b : n->c);
    } else if (is_first_known(b, node)) {
        visit(b, n->a);
        if (isnan(value_of(b, n->a)) && !isnan(value_of(b, n->b))) visit(b, n->b);
    } else {
        for (int i = 0; i < hra_graph_operand_count(b->graph, node); i++)
            visit(b, hra_graph_operand(b->graph, node, i));
    }
    b->in_index -= is_lookup;
}

/* The terms of a table, first to last, without descending along the sum itself. */
static void visit_terms(builder *b, hra_node sum)
{
    int count = count_terms(b, sum);
    hra_node *terms = hra_arena_alloc(b->arena, (size_t)count * sizeof *terms);
    if (!terms) {
        b->failed = true;
        return;
    }
    hra_node node = sum;
    for (int i = count - 1; i > 0; i--) {
        terms[i] = hra_graph_at(b->graph, node)->b;
        node = hra_graph_at(b->graph, node)->a;
    }
    terms[0] = node;
    for (int i = 0; i < count; i++) visit(b, terms[i]);
}

/* ---- steps */

static bool same_text(const char *a, const char *b) { return a == b || (a && b && strcmp(a, b) == 0); }

/* A plain tree computes the same named value in several places: it is told once. */
static bool is_told(const builder *b, const hra_explained_step *step)
{
    for (int i = 0; i < b->made->step_count; i++) {
        const hra_explained_step *other = &b->made->steps[i];
        if (same_text(other->name, step->name) && same_text(other->formula, step->formula) &&
            other->term_count == step->term_count && memcmp(&other->value, &step->value, sizeof step->value) == 0)
            return true;
    }
    return false;
}

static void add_step(builder *b, const hra_explained_step *step)
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

static void keep_reasons(builder *b, const reasons *r, hra_explained_step *step)
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

static void write_formula(builder *b, hra_node node, hra_explained_step *step)
{
    hra_buffer result = {0};
    step->formula = text_of(b, node, false);
    if (step->is_flag) return;
    step->numbers = text_of(b, node, true);
    hra_expression_value(step->value, false, &result);
    const char *value = keep(b, &result);
    if (strcmp(step->numbers, value) == 0 || strcmp(step->numbers, step->formula) == 0) step->numbers = NULL;
}

/* What the path led to, explained before the step that reads it: true if it is a sum to be shown as a table. */
static bool visit_target(builder *b, hra_node target, hra_node root)
{
    bool is_told_apart =
        target != root && given_name(b, target) && !same_text(given_name(b, target), given_name(b, root));
    if (is_told_apart) {
        visit(b, target);
        return false;
    }
    b->visited[target] = true;
    if (is_table(b, target, TABLE_TERMS) && !b->names[target]) {
        visit_terms(b, target);
        return true;
    }
    visit_operands(b, target);
    add_input(b, target);
    return false;
}

static void make_step(builder *b, hra_node root, const char *name, const hra_output *output)
{
    hra_explained_step step = {.node = root, .name = name, .value = value_of(b, root)};
    reasons r = {.count = 0};
    step.is_flag = hra_graph_kind(b->graph, root) == HRA_KIND_FLAG;
    hra_node target = follow_path(b, root, &r), outer = b->current;
    bool table = target >= 0 && visit_target(b, target, root);
    b->current = root;
    b->output = output && output->kind == HRA_OUTPUT_CATEGORY ? output : NULL;
    if (table)
        make_terms(b, target, &step);
    else if (target >= 0)
        write_formula(b, target, &step);
    if (b->output && step.value >= 0 && step.value < output->level_count) step.level = output->levels[(int)step.value];
    b->output = NULL;
    b->current = outer;
    keep_reasons(b, &r, &step);
    b->names[root] = name;
    if (!b->failed) add_step(b, &step);
}

static void visit(builder *b, hra_node node)
{
    if (b->visited[node] || b->failed || b->depth >= DEEPEST) return;
    b->visited[node] = true;
    b->depth++;
    const char *name = step_name(b, node);
    if (name)
        make_step(b, node, name, NULL);
    else
        visit_operands(b, node);
    add_input(b, node);
    b->depth--;
}

/* An output is a step under its own name, whatever its node is called. */
static void explain_output(builder *b, const hra_output *output)
{
    hra_node node = output->value;
    const char *name = output->name && output->name[0] ? output->name : output->id;
    if (b->names[node] && strcmp(b->names[node], name) == 0) return;
    b->visited[node] = true;
    make_step(b, node, name, output);
}

hra_code hra_explanation_make(const hra_graph *graph, hra_judge *judge, const hra_schema *schema,
                              const hra_output *outputs, int output_count, hra_arena *arena,
                              hra_explanation *explanation, hra_error *error)
{
    size_t nodes = (size_t)hra_graph_count(graph) + 1;
    *explanation = (hra_explanation){0};
    builder b = {.graph = graph, .judge = judge, .schema = schema, .arena = arena, .made = explanation, .current = -1};
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
