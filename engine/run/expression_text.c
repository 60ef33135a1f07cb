#include "engine/run/expression_text.h"

#include <math.h>
#include <string.h>

/* How tightly a formula binds; an operand that binds less tightly gets parentheses. */
enum { LOOSE, OR, AND, NOT, COMPARISON, SUM, PRODUCT, SIGN, POWER, PRIMARY };

/* Formulas nested deeper than this are cut; sums are written as tables, so only freaks get here. */
enum { DEEPEST = 200 };

typedef struct place {
    const hra_expression_writer *writer;
    hra_buffer *out;
    int depth;
} place;

static void write(const place *p, hra_node node, int tightness);

const hra_variable *hra_expression_variable(const hra_graph *graph, const hra_schema *schema, hra_node node)
{
    const hra_graph_node *n = hra_graph_at(graph, node);
    bool is_input = n->op == HRA_OP_INPUT || n->op == HRA_OP_INPUT_FLAG;
    bool is_absent = (n->op == HRA_OP_UNKNOWN || n->op == HRA_OP_FLAG) && n->index >= 0;
    if (!is_input && !is_absent) return NULL;
    return hra_dictionary_at(schema->dictionary, is_input ? schema->columns[n->index].variable : n->index);
}

static bool is_leaf(const hra_graph *graph, hra_node node)
{
    return hra_graph_operand_count(graph, node) == 0 && hra_graph_at(graph, node)->op != HRA_OP_FOLD_OUT;
}

bool hra_expression_is_short_choice(const hra_graph *graph, hra_node node)
{
    const hra_graph_node *n = hra_graph_at(graph, node);
    return (n->op == HRA_OP_SELECT || n->op == HRA_OP_SELECT_FLAG) && is_leaf(graph, n->b) && is_leaf(graph, n->c);
}

void hra_expression_value(double value, bool is_flag, hra_buffer *out)
{
    if (isnan(value))
        hra_buffer_text(out, "unknown");
    else if (is_flag)
        hra_buffer_text(out, value != 0 ? "true" : "false");
    else
        hra_buffer_printf(out, "%.6g", value);
}

static void write_value(const place *p, hra_node node)
{
    double value = hra_judge_value(p->writer->judge, node);
    hra_expression_value(value, hra_graph_kind(p->writer->graph, node) == HRA_KIND_FLAG, p->out);
}

static void write_constant(const place *p, double number, int tightness)
{
    bool parentheses = number < 0 && tightness > SUM;
    if (parentheses) hra_buffer_char(p->out, '(');
    hra_buffer_double(p->out, number);
    if (parentheses) hra_buffer_char(p->out, ')');
}

static void write_leaf(const place *p, hra_node node, int tightness)
{
    const hra_expression_writer *w = p->writer;
    const hra_graph_node *n = hra_graph_at(w->graph, node);
    const hra_variable *variable = hra_expression_variable(w->graph, w->schema, node);
    if (variable && w->values)
        write_value(p, node);
    else if (variable)
        hra_buffer_text(p->out, variable->name);
    else if (n->op == HRA_OP_NUMBER)
        write_constant(p, n->number, tightness);
    else if (n->op == HRA_OP_FLAG)
        hra_expression_value(n->number, true, p->out);
    else
        hra_buffer_text(p->out, hra_op_text((hra_op)n->op));
}

static void infix(const place *p, const hra_graph_node *n, const char *sign, int own, int left, int right,
                  int tightness)
{
    if (own < tightness) hra_buffer_char(p->out, '(');
    write(p, n->a, left);
    hra_buffer_text(p->out, sign);
    write(p, n->b, right);
    if (own < tightness) hra_buffer_char(p->out, ')');
}

static void prefix(const place *p, const hra_graph_node *n, const char *sign, int own, int tightness)
{
    if (own < tightness) hra_buffer_char(p->out, '(');
    hra_buffer_text(p->out, sign);
    write(p, n->a, own);
    if (own < tightness) hra_buffer_char(p->out, ')');
}

static void call(const place *p, hra_node node, const char *name)
{
    int count = hra_graph_operand_count(p->writer->graph, node);
    hra_buffer_printf(p->out, "%s(", name);
    for (int i = 0; i < count; i++) {
        if (i > 0) hra_buffer_text(p->out, ", ");
        write(p, hra_graph_operand(p->writer->graph, node, i), LOOSE);
    }
    hra_buffer_char(p->out, ')');
}

/* A comparison of a category with a level's ordinal names the level. */
static bool write_level(const place *p, hra_node category, hra_node ordinal, const char *sign)
{
    const hra_expression_writer *w = p->writer;
    for (const hra_graph_node *c = hra_graph_at(w->graph, category);
         c->op == HRA_OP_SUBSTITUTE || c->op == HRA_OP_FIRST_KNOWN; c = hra_graph_at(w->graph, category))
        category = c->a; /* what stands in for a variable has the variable's levels */
    const hra_variable *variable = hra_expression_variable(w->graph, w->schema, category);
    const hra_graph_node *n = hra_graph_at(w->graph, ordinal);
    if (!variable || variable->type != HRA_TYPE_CATEGORY || n->op != HRA_OP_NUMBER || !(n->number >= 0) ||
        !(n->number < variable->level_count))
        return false;
    hra_buffer_printf(p->out, "%s%s%s", variable->name, sign, variable->levels[(int)n->number].name);
    return true;
}

/* A constant stands on the right: 20 < x reads x > 20. */
static void write_comparison(const place *p, const hra_graph_node *n, const char *sign, const char *turned,
                             int tightness)
{
    bool is_equality = n->op == HRA_OP_EQ || n->op == HRA_OP_NE;
    hra_graph_node swapped = *n;
    if (hra_graph_at(p->writer->graph, n->a)->op == HRA_OP_NUMBER) {
        swapped.a = n->b;
        swapped.b = n->a;
        sign = turned;
    }
    if (COMPARISON < tightness) hra_buffer_char(p->out, '(');
    if (!is_equality || !write_level(p, swapped.a, swapped.b, sign))
        infix(p, &swapped, sign, COMPARISON, SUM, SUM, LOOSE);
    if (COMPARISON < tightness) hra_buffer_char(p->out, ')');
}

static void write_choice(const place *p, hra_node node, int tightness)
{
    const hra_expression_writer *w = p->writer;
    const hra_graph_node *n = hra_graph_at(w->graph, node);
    if (n->call) {
        hra_buffer_printf(p->out, "%s(", n->call);
        write(p, n->called, LOOSE);
        hra_buffer_char(p->out, ')');
        return;
    }
    double condition = hra_judge_value(w->judge, n->a);
    if (isnan(condition) || (!w->values && hra_expression_is_short_choice(w->graph, node)))
        call(p, node, "if");
    else
        write(p, condition != 0 ? n->b : n->c, tightness);
}

/* Of several sources the one that was used; -1: the node is no such choice. */
static hra_node used_source(const place *p, hra_node node)
{
    const hra_graph_node *n = hra_graph_at(p->writer->graph, node);
    bool is_choice = n->op == HRA_OP_FIRST_KNOWN || n->op == HRA_OP_FIRST_KNOWN_FLAG || n->op == HRA_OP_SUBSTITUTE ||
                     n->op == HRA_OP_SUBSTITUTE_FLAG;
    if (!is_choice) return -1;
    bool second = isnan(hra_judge_value(p->writer->judge, n->a)) && !isnan(hra_judge_value(p->writer->judge, node));
    return second ? n->b : n->a;
}

enum { KEYS = 16 };

/* What the index of a lookup is made of: the inputs and named values it reads, each once. */
static void write_keys(const place *p, hra_node node, const char *separator, const char **seen, int *count)
{
    const hra_expression_writer *w = p->writer;
    const hra_variable *variable = hra_expression_variable(w->graph, w->schema, node);
    const char *name = w->name_of ? w->name_of(w->context, node) : NULL;
    if (!name && variable) name = variable->name;
    place inner = {w, p->out, p->depth + 1};
    if (!name) {
        hra_node source = used_source(p, node);
        if (source >= 0) write_keys(p, source, separator, seen, count);
        if (source >= 0 || inner.depth > DEEPEST) return;
        for (int i = 0; i < hra_graph_operand_count(w->graph, node); i++)
            write_keys(&inner, hra_graph_operand(w->graph, node, i), separator, seen, count);
        return;
    }
    for (int i = 0; i < *count; i++)
        if (strcmp(seen[i], name) == 0) return;
    if (*count == KEYS) return;
    seen[(*count)++] = name;
    hra_buffer_printf(p->out, "%s%s", separator, name);
}

/* Tables of the language are called TABLE.VALUE; "case" chooses by category, others only rename levels. */
static void write_lookup(const place *p, const hra_graph_node *n)
{
    const char *name = hra_graph_gather_at(p->writer->graph, n->index)->name, *seen[KEYS];
    bool is_table = name && strchr(name, '.');
    int count = 0;
    if (!is_table && (!name || strcmp(name, "case") != 0)) {
        write(p, n->a, PRIMARY);
        return;
    }
    hra_buffer_printf(p->out, "%s(%s", is_table ? "lookup" : "case", is_table ? name : "");
    write_keys(p, n->a, is_table ? ", " : "", seen, &count);
    hra_buffer_char(p->out, ')');
}

/* The table, how many rows count for this emitted value, and what the loop takes from outside. */
static void write_fold(const place *p, hra_node node, const hra_graph_node *n)
{
    const hra_graph *graph = p->writer->graph;
    const hra_fold *fold = hra_graph_fold_at(graph, n->index);
    const char *seen[KEYS], *separator = "; ";
    int count = 0;
    hra_buffer_printf(p->out, "fold(%s, %d rows", fold->name ? fold->name : "loop", fold->emit_row[n->b] + 1);
    for (int i = 0; i < hra_graph_operand_count(graph, node); i++) {
        write_keys(p, hra_graph_operand(graph, node, i), separator, seen, &count);
        if (count > 0) separator = ", ";
    }
    hra_buffer_char(p->out, ')');
}

static void write_table(const place *p, hra_node node)
{
    const hra_expression_writer *w = p->writer;
    const hra_graph_node *n = hra_graph_at(w->graph, node);
    if (w->values) {
        write_value(p, node);
    } else if (n->op == HRA_OP_STEP) {
        call(p, node, w->bands ? "bands" : "points");
    } else if (n->op == HRA_OP_GATHER) {
        write_lookup(p, n);
    } else {
        write_fold(p, node, n);
    }
}

/* x^2^2 would be x^(2^2): the square of a square stands in brackets. */
static void write_square(const place *p, hra_node node, int tightness)
{
    if (tightness > POWER) hra_buffer_char(p->out, '(');
    write(p, node, PRIMARY);
    hra_buffer_text(p->out, tightness > POWER ? "^2)" : "^2");
}

static void write_operation(const place *p, hra_node node, int tightness)
{
    const hra_graph_node *n = hra_graph_at(p->writer->graph, node);
    switch ((hra_op)n->op) {
    case HRA_OP_ADD: infix(p, n, " + ", SUM, SUM, PRODUCT, tightness); break;
    case HRA_OP_SUB: infix(p, n, " - ", SUM, SUM, PRODUCT, tightness); break;
    case HRA_OP_MUL:
        if (n->a == n->b) {
            write_square(p, n->a, tightness);
        } else {
            infix(p, n, "*", PRODUCT, PRODUCT, SIGN, tightness);
        }
        break;
    case HRA_OP_DIV: infix(p, n, "/", PRODUCT, PRODUCT, SIGN, tightness); break;
    case HRA_OP_POW: infix(p, n, "^", POWER, PRIMARY, POWER, tightness); break;
    case HRA_OP_NEG: prefix(p, n, "-", SIGN, tightness); break;
    case HRA_OP_AND: infix(p, n, " and ", AND, AND, NOT, tightness); break;
    case HRA_OP_OR: infix(p, n, " or ", OR, OR, AND, tightness); break;
    case HRA_OP_NOT: prefix(p, n, "not ", NOT, tightness); break;
    case HRA_OP_LT: write_comparison(p, n, " < ", " > ", tightness); break;
    case HRA_OP_LE: write_comparison(p, n, " <= ", " >= ", tightness); break;
    case HRA_OP_EQ: write_comparison(p, n, " == ", " == ", tightness); break;
    case HRA_OP_NE: write_comparison(p, n, " != ", " != ", tightness); break;
    case HRA_OP_FROM_FLAG:
        if (p->writer->values)
            write_value(p, node);
        else
            write(p, n->a, tightness);
        break;
    case HRA_OP_IS_TRUE: write(p, n->a, tightness); break;
    case HRA_OP_ROUND:
        hra_buffer_text(p->out, "round(");
        write(p, n->a, LOOSE);
        hra_buffer_printf(p->out, ", %d)", (int)n->index);
        break;
    case HRA_OP_SELECT:
    case HRA_OP_SELECT_FLAG: write_choice(p, node, tightness); break;
    case HRA_OP_FIRST_KNOWN:
    case HRA_OP_FIRST_KNOWN_FLAG:
    case HRA_OP_SUBSTITUTE:
    case HRA_OP_SUBSTITUTE_FLAG: write(p, used_source(p, node), tightness); break;
    case HRA_OP_STEP:
    case HRA_OP_GATHER:
    case HRA_OP_FOLD_OUT: write_table(p, node); break;
    case HRA_OP_KNOWN:
    case HRA_OP_KNOWN_FLAG: call(p, node, "known"); break;
    default: call(p, node, hra_op_text((hra_op)n->op)); break;
    }
}

static void write(const place *p, hra_node node, int tightness)
{
    const hra_expression_writer *w = p->writer;
    const char *name = w->name_of ? w->name_of(w->context, node) : NULL;
    place inner = {w, p->out, p->depth + 1};
    if (inner.depth > DEEPEST)
        hra_buffer_text(p->out, "...");
    else if (name && w->values)
        write_value(p, node);
    else if (name)
        hra_buffer_text(p->out, name);
    else if (is_leaf(w->graph, node))
        write_leaf(p, node, tightness);
    else
        write_operation(&inner, node, tightness);
}

void hra_expression_write(const hra_expression_writer *writer, hra_node node, hra_buffer *out)
{
    place p = {writer, out, 0};
    write(&p, node, LOOSE);
}
