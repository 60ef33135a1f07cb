/* Loops: sums and folds become a body graph over rows. What does not depend on
 * the loop is lowered outside and captured; what depends on the row alone is
 * computed here, once per row, and becomes a column. */
#include <math.h>
#include <string.h>

#include "engine/language/lower.h"

enum { WRITTEN_OUT = 4 }; /* sums of up to so many terms need no loop */

struct hra_loop_builder {
    const hra_loop *loop;
    int rows;
    hra_list columns;       /* double *, one number per row */
    hra_list column_owners; /* what the column is: a symbol or an expression */
    hra_list captures;      /* hra_node * of the outer graph */
};

/* ---- from outside ------------------------------------------------------------------- */

static hra_node capture(hra_lower_frame *f, hra_node outer)
{
    hra_loop_builder *b = f->loop;
    for (int i = 0; i < b->captures.count; i++)
        if (*(hra_node *)b->captures.items[i] == outer) return hra_graph_leaf(f->graph, HRA_OP_CAPTURE, i);
    hra_node *kept = HRA_TAKE(f->l->memory, hra_node);
    *kept = outer;
    hra_list_add(f->l->memory, &b->captures, kept);
    return hra_graph_leaf(f->graph, HRA_OP_CAPTURE, b->captures.count - 1);
}

/* A node of the surrounding graph, seen from the body. */
static hra_node bring_in(hra_lower_frame *f, hra_node outer)
{
    if (f->graph == f->outer->graph || outer < 0) return outer;
    const hra_graph_node *n = hra_graph_at(f->outer->graph, outer);
    if (n->op == HRA_OP_NUMBER) return hra_graph_number(f->graph, n->number);
    if (hra_graph_kind(f->outer->graph, outer) == HRA_KIND_NUM) return capture(f, outer);
    hra_node number = capture(f, hra_graph_unary(f->outer->graph, HRA_OP_FROM_FLAG, outer));
    return hra_graph_binary(f->graph, HRA_OP_EQ, number, hra_graph_number(f->graph, 1));
}

/* ---- from the row ---------------------------------------------------------------------- */

static int add_column(hra_lower_frame *f, const void *owner, double *numbers)
{
    hra_list_add(f->l->memory, &f->loop->columns, numbers);
    hra_list_add(f->l->memory, &f->loop->column_owners, (void *)owner);
    return f->loop->columns.count - 1;
}

static int find_column(const hra_lower_frame *f, const void *owner)
{
    for (int i = 0; i < f->loop->column_owners.count; i++)
        if (f->loop->column_owners.items[i] == owner) return i;
    return -1;
}

hra_node hra_lower_row(hra_lower_frame *f, const hra_symbol *symbol)
{
    if (symbol->kind == HRA_SYMBOL_STATE) return hra_graph_leaf(f->graph, HRA_OP_STATE, symbol->index);
    int column = find_column(f, symbol);
    if (column >= 0) return hra_graph_leaf(f->graph, HRA_OP_ROW_VALUE, column);
    double *numbers = hra_take_array(f->l->memory, (size_t)f->loop->rows, sizeof *numbers);
    if (!numbers) return -1;
    for (int row = 0; row < f->loop->rows; row++) numbers[row] = hra_row_cell(f->loop->loop, row, symbol->index);
    return hra_graph_leaf(f->graph, HRA_OP_ROW_VALUE, add_column(f, symbol, numbers));
}

/* Does it read nothing but the row of the innermost loop? */
static bool row_alone(const hra_expr *e, int depth)
{
    if (!e) return true;
    switch (e->kind) {
    case HRA_EXPR_NUMBER:
    case HRA_EXPR_TRUTH: return true;
    case HRA_EXPR_NAME:
        return e->is_level || (e->symbol && e->symbol->kind == HRA_SYMBOL_ROW && e->symbol->depth == depth);
    case HRA_EXPR_NEGATE:
    case HRA_EXPR_NOT:
    case HRA_EXPR_BINARY:
    case HRA_EXPR_IN_RANGE: return row_alone(e->a, depth) && row_alone(e->b, depth);
    case HRA_EXPR_CALL:
        for (int i = e->op == HRA_FUNCTION_LOOKUP ? 1 : 0; i < e->args.count; i++)
            if (!row_alone(hra_expr_at(&e->args, i), depth)) return false;
        return true;
    default: return false;
    }
}

/* The same expression with the row's numbers in it folds to one number: the
 * graph's own arithmetic, so the same bits as in the loop. */
static bool row_number(hra_lower_frame *f, const hra_expr *e, int row, double *value)
{
    hra_graph *scratch = hra_graph_new(true);
    if (!scratch) {
        f->l->memory->failed = true;
        return false;
    }
    hra_lower_frame inner = {.l = f->l, .decl = f->decl, .graph = scratch};
    inner.values = hra_take_array(f->l->memory, (size_t)f->decl->slot_count, sizeof *inner.values);
    for (int i = 0; inner.values && i < f->loop->loop->symbols.count; i++) {
        const hra_symbol *symbol = f->loop->loop->symbols.items[i];
        inner.values[symbol->slot] = 1 + hra_graph_number(scratch, hra_row_cell(f->loop->loop, row, symbol->index));
    }
    hra_node node = inner.values ? hra_lower_number(&inner, e) : -1;
    bool folded = node >= 0 && hra_graph_at(scratch, node)->op == HRA_OP_NUMBER;
    if (folded) *value = hra_graph_at(scratch, node)->number;
    hra_graph_free(scratch);
    return folded && !isnan(*value);
}

static bool from_row(hra_lower_frame *f, const hra_expr *e, hra_node *node)
{
    bool worth = e->type.sort == HRA_SORT_NUMBER && (e->kind == HRA_EXPR_BINARY || e->kind == HRA_EXPR_CALL);
    if (!f->l->share || !f->loop || !worth || !row_alone(e, f->depth)) return false;
    int column = find_column(f, e);
    if (column < 0) {
        double *numbers = hra_take_array(f->l->memory, (size_t)f->loop->rows, sizeof *numbers);
        for (int row = 0; row < f->loop->rows; row++)
            if (!numbers || !row_number(f, e, row, &numbers[row])) return false;
        column = add_column(f, e, numbers);
    }
    *node = hra_graph_leaf(f->graph, HRA_OP_ROW_VALUE, column);
    return true;
}

bool hra_lower_from_outside(hra_lower_frame *f, const hra_expr *e, hra_node *node)
{
    bool constant =
        e->kind == HRA_EXPR_NUMBER || e->kind == HRA_EXPR_UNKNOWN || e->kind == HRA_EXPR_OUTSIDE || e->is_level;
    if (constant) return false;
    if (e->depth >= f->depth) return from_row(f, e, node);
    *node = bring_in(f, hra_lower_value(f->outer, e));
    return true;
}

/* ---- building --------------------------------------------------------------------------------- */

static hra_lower_frame loop_frame(hra_lower_frame *f, const hra_loop *loop, hra_loop_builder *builder)
{
    hra_lower_frame inner = *f;
    inner.outer = f;
    inner.depth = loop->depth;
    inner.loop = builder;
    if (builder) inner.graph = hra_graph_new(f->l->share);
    if (builder && !inner.graph) f->l->memory->failed = true;
    return inner;
}

/* Hands rows, captures and the body over to the graph. */
static int add_fold(hra_lower_frame *inner, hra_fold *fold)
{
    hra_loop_builder *b = inner->loop;
    int width = b->columns.count;
    double *rows = hra_take_array(inner->l->memory, (size_t)b->rows * (size_t)width, sizeof *rows);
    hra_node *captures = hra_take_array(inner->l->memory, (size_t)b->captures.count, sizeof *captures);
    if (!rows || !captures) {
        hra_graph_free(inner->graph);
        return -1;
    }
    for (int row = 0; row < b->rows; row++)
        for (int i = 0; i < width; i++) rows[row * width + i] = ((double *)b->columns.items[i])[row];
    for (int i = 0; i < b->captures.count; i++) captures[i] = *(hra_node *)b->captures.items[i];
    fold->body = inner->graph;
    fold->row_count = b->rows;
    fold->value_count = width;
    fold->rows = rows;
    fold->captures = captures;
    fold->capture_count = b->captures.count;
    return hra_graph_add_fold(inner->outer->graph, fold);
}

/* ---- sums -------------------------------------------------------------------------------------- */

/* 0 + e(first) + ... + e(last), written out: the row's names are numbers. */
static hra_node written_out(hra_lower_frame *f, const hra_expr *e, const hra_loop *loop, int rows)
{
    hra_node total = hra_graph_number(f->graph, 0);
    hra_lower_frame inner = loop_frame(f, loop, NULL);
    inner.values = hra_take_array(f->l->memory, (size_t)f->decl->slot_count, sizeof *inner.values);
    for (int row = 0; inner.values && row < rows; row++) {
        memset(inner.values, 0, (size_t)f->decl->slot_count * sizeof *inner.values);
        for (int i = 0; i < loop->symbols.count; i++) {
            const hra_symbol *symbol = loop->symbols.items[i];
            inner.values[symbol->slot] = 1 + hra_graph_number(f->graph, hra_row_cell(loop, row, symbol->index));
        }
        total = hra_graph_binary(f->graph, HRA_OP_ADD, total, hra_lower_number(&inner, e->a));
    }
    return total;
}

hra_node hra_lower_sum(hra_lower_frame *f, const hra_expr *e)
{
    const hra_loop *loop = e->args.items[0];
    int rows = hra_loop_rows(loop);
    if (rows <= WRITTEN_OUT || f->graph != f->l->graph) return written_out(f, e, loop, rows);
    hra_loop_builder builder = {.loop = loop, .rows = rows};
    hra_lower_frame inner = loop_frame(f, loop, &builder);
    if (!inner.graph) return -1;
    inner.values = hra_take_array(f->l->memory, (size_t)f->decl->slot_count, sizeof *inner.values);
    hra_node total = hra_graph_leaf(inner.graph, HRA_OP_STATE, 0);
    hra_node initial = hra_graph_number(f->graph, 0);
    hra_node next =
        inner.values ? hra_graph_binary(inner.graph, HRA_OP_ADD, total, hra_lower_number(&inner, e->a)) : -1;
    int state = 0, last = rows - 1;
    hra_fold fold = {.state_count = 1,
                     .initial = &initial,
                     .next = &next,
                     .emit_count = 1,
                     .emit_state = &state,
                     .emit_row = &last,
                     .name = "sum"};
    int index = add_fold(&inner, &fold);
    return index < 0 ? -1 : hra_graph_fold_out(f->graph, index, 0);
}

/* ---- folds --------------------------------------------------------------------------------------- */

static void lower_states(hra_lower_frame *f, hra_lower_frame *inner, const hra_fold_body *body, hra_node *initial,
                         hra_node *next)
{
    for (int i = 0; i < body->items.count; i++) {
        const hra_fold_item *item = body->items.items[i];
        if (item->kind != HRA_FOLD_STATE) continue;
        initial[item->symbol->index] = hra_lower_number(f, item->value);
        next[item->symbol->index] = hra_lower_symbol(inner, item->symbol); /* stays, unless said otherwise */
    }
    for (int i = 0; i < body->items.count; i++) {
        const hra_fold_item *item = body->items.items[i];
        if (item->kind == HRA_FOLD_NEXT) next[item->symbol->index] = hra_lower_number(inner, item->value);
    }
}

static int build_fold(hra_lower_frame *f, const hra_statement *s)
{
    const hra_fold_body *body = s->fold;
    hra_memory *memory = f->l->memory;
    hra_loop_builder builder = {.loop = &body->loop, .rows = hra_loop_rows(&body->loop)};
    hra_node *initial = hra_take_array(memory, (size_t)body->state_count, sizeof *initial);
    hra_node *next = hra_take_array(memory, (size_t)body->state_count, sizeof *next);
    int *states = hra_take_array(memory, (size_t)body->emits.count, sizeof *states);
    int *rows = hra_take_array(memory, (size_t)body->emits.count, sizeof *rows);
    if (!initial || !next || !states || !rows) return -1;
    hra_lower_frame inner = loop_frame(f, &body->loop, &builder);
    if (!inner.graph) return -1;
    lower_states(f, &inner, body, initial, next);
    for (int i = 0; i < body->emits.count; i++) {
        const hra_emit *emit = body->emits.items[i];
        states[i] = emit->state;
        rows[i] = emit->row;
    }
    const char *name = body->loop.table ? body->loop.table->text : body->loop.variable->text;
    hra_fold fold = {.state_count = body->state_count,
                     .initial = initial,
                     .next = next,
                     .emit_count = body->emits.count,
                     .emit_state = states,
                     .emit_row = rows,
                     .name = name};
    return add_fold(&inner, &fold);
}

hra_node hra_lower_emit(hra_lower_frame *f, const hra_symbol *emit)
{
    hra_node *slot = &f->values[emit->statement->fold->slot];
    if (*slot == 0) *slot = 1 + build_fold(f, emit->statement);
    return *slot > 0 ? hra_graph_fold_out(f->graph, *slot - 1, emit->index) : -1;
}
