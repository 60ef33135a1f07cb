/* What the steps of an explanation consist of: formulas, inputs, tables of sums. */
#include <math.h>
#include <stdlib.h>

#include "engine/run/explanation_builder.h"
#include "engine/run/expression_text.h"

/* ---- text */

static const char *name_of(void *context, hra_node node)
{
    const hra_explainer *b = context;
    return node == b->current ? NULL : b->names[node];
}

/* The buffer's text in the arena; the buffer is emptied. */
const char *hra_explainer_keep(hra_explainer *b, hra_buffer *text)
{
    const char *kept = text->failed ? NULL : hra_arena_text(b->arena, text->bytes ? text->bytes : "");
    hra_buffer_destroy(text);
    if (!kept) b->failed = true;
    return kept ? kept : "";
}

const char *hra_explainer_text(hra_explainer *b, hra_node node, bool values)
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
    return hra_explainer_keep(b, &text);
}

/* ---- inputs */

void hra_explainer_add_input(hra_explainer *b, hra_node node)
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
    hra_op op = hra_explainer_op(b, node);
    bool is_absent = op == HRA_OP_UNKNOWN || op == HRA_OP_FLAG;
    double value = hra_explainer_value(b, node);
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

int hra_explainer_count_terms(const hra_explainer *b, hra_node sum)
{
    int terms = 1;
    for (hra_node node = sum; hra_explainer_is_sum(b, node) && (node == sum || !hra_explainer_name(b, node)); terms++)
        node = hra_graph_at(b->graph, node)->a;
    return terms;
}

hra_node *hra_explainer_summands(hra_explainer *b, hra_node sum, int *count)
{
    *count = hra_explainer_count_terms(b, sum);
    hra_node *summands = hra_arena_alloc(b->arena, (size_t)*count * sizeof *summands);
    if (!summands) {
        b->failed = true;
        return NULL;
    }
    hra_node node = sum;
    for (int i = *count - 1; i > 0; i--) {
        summands[i] = hra_graph_at(b->graph, node)->b;
        node = hra_graph_at(b->graph, node)->a;
    }
    summands[0] = node;
    return summands;
}

/* Constant factors make the coefficient, the others the term; `factor` is one of a chain of products. */
static void add_factor(hra_explainer *b, hra_node factor, hra_term *term, hra_buffer *text)
{
    while (hra_explainer_op(b, factor) == HRA_OP_NEG) {
        term->coefficient = -term->coefficient;
        factor = hra_graph_at(b->graph, factor)->a;
    }
    const hra_graph_node *n = hra_graph_at(b->graph, factor);
    if (n->op == HRA_OP_NUMBER) {
        term->coefficient *= n->number;
        term->has_coefficient = true;
        return;
    }
    bool parentheses = hra_explainer_is_sum(b, factor) && !b->names[factor];
    const char *factor_text = hra_explainer_text(b, factor, false);
    hra_buffer_printf(text, parentheses ? "%s(%s)" : "%s%s", term->has_value ? " * " : "", factor_text);
    term->value = (term->has_value ? term->value : 1) * hra_explainer_value(b, factor);
    term->has_value = true;
}

static void add_product(hra_explainer *b, hra_node node, hra_term *term, hra_buffer *text)
{
    bool is_product = hra_explainer_op(b, node) == HRA_OP_MUL && !b->names[node];
    const hra_graph_node *n = hra_graph_at(b->graph, node);
    if (is_product && n->a != n->b && ++b->depth < HRA_EXPLAIN_DEEPEST) {
        add_product(b, n->a, term, text);
        add_factor(b, n->b, term, text);
        b->depth--;
    } else {
        add_factor(b, node, term, text);
    }
}

/* What is left of a term when signs and choices are gone through. */
static hra_node core_of(const hra_explainer *b, hra_node node)
{
    for (;;) {
        const hra_graph_node *n = hra_graph_at(b->graph, node);
        bool is_choice = n->op == HRA_OP_SELECT && !b->names[node];
        double condition = is_choice ? hra_explainer_value(b, n->a) : NAN;
        if (n->op == HRA_OP_NEG)
            node = n->a;
        else if (!isnan(condition))
            node = condition != 0 ? n->b : n->c;
        else
            return node;
    }
}

static hra_term make_term(hra_explainer *b, hra_node node, bool subtracted, hra_node sum)
{
    hra_term term = {.coefficient = subtracted ? -1 : 1, .value = NAN};
    hra_buffer text = {0};
    double value = hra_explainer_value(b, node);
    term.contribution = subtracted ? -value : value;
    term.sum = hra_explainer_value(b, sum);
    hra_node core = core_of(b, node);
    add_product(b, node, &term, &text);
    if (hra_explainer_op(b, core) == HRA_OP_STEP && !b->names[core])
        term.value = hra_explainer_value(b, hra_graph_at(b->graph, core)->a);
    if (!term.has_value) {
        hra_buffer_text(&text, "constant");
        term.has_coefficient = false;
    } else if (term.coefficient == -1) {
        term.has_coefficient = true;
    }
    term.text = hra_explainer_keep(b, &text);
    return term;
}

void hra_explainer_make_terms(hra_explainer *b, hra_node sum, hra_explained_step *step)
{
    int count = 0;
    const hra_node *summands = hra_explainer_summands(b, sum, &count);
    hra_term *terms = hra_arena_alloc(b->arena, (size_t)count * sizeof *terms);
    if (!summands || !terms) {
        b->failed = true;
        return;
    }
    hra_node node = sum;
    for (int i = count - 1; i >= 0; i--) {
        bool subtracted = i > 0 && hra_explainer_op(b, node) == HRA_OP_SUB;
        terms[i] = make_term(b, summands[i], subtracted, node);
        node = hra_graph_at(b->graph, node)->a;
    }
    step->terms = terms;
    step->term_count = count;
}
