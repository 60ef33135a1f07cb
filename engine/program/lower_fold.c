/* A fold becomes one instruction with a routine of its own for the body. Only
 * the states that the wanted emits need are carried, and only as many rows of
 * the table are run as the last of them asks for. */
#include <stdlib.h>

#include "engine/program/builder.h"
#include "engine/graph/scalar.h"

static bool wanted(const hra_builder *b, hra_node node, int fold)
{
    const hra_graph_node *n = hra_graph_at(b->request.graph, node);
    return n->op == HRA_OP_FOLD_OUT && n->index == fold && b->analysis->uses[node] > 0;
}

hra_guards hra_fold_guards(const hra_builder *b, int fold)
{
    hra_guards guards = {.count = -1};
    for (hra_node node = 0; node < b->node_count; node++) {
        if (!wanted(b, node, fold)) continue;
        if (guards.count < 0)
            guards = b->analysis->guards[node];
        else
            hra_guards_keep_common(&guards, &b->analysis->guards[node]);
    }
    if (guards.count < 0) guards.count = 0;
    return guards;
}

/* Marks the states that `node` of the body reads. */
static bool mark_states(const hra_graph *body, hra_node node, bool *states)
{
    bool *reached = calloc((size_t)node + 1, sizeof *reached);
    if (!reached) return false;
    reached[node] = true;
    for (; node >= 0; node--) {
        if (!reached[node]) continue;
        const hra_graph_node *n = hra_graph_at(body, node);
        if (n->op == HRA_OP_STATE) states[n->index] = true;
        for (int k = 0, count = hra_graph_operand_count(body, node); k < count; k++)
            reached[hra_graph_operand(body, node, k)] = true;
    }
    free(reached);
    return true;
}

/* The states that wanted emits need, directly or through others' next values. */
static bool find_states(hra_fold_routine *f)
{
    const hra_fold *fold = f->fold;
    bool ok = true, more = true;
    bool *done = calloc((size_t)fold->state_count + 1, sizeof *done);
    for (int e = 0; e < fold->emit_count; e++)
        if (f->emit_wanted[e]) f->state_wanted[fold->emit_state[e]] = true;
    while (done && ok && more) {
        more = false;
        for (int s = 0; s < fold->state_count; s++) {
            if (!f->state_wanted[s] || done[s]) continue;
            done[s] = more = true;
            ok = ok && mark_states(fold->body, fold->next[s], f->state_wanted);
        }
    }
    ok = ok && done;
    free(done);
    return ok;
}

static void add_copy(hra_builder *b, int to, int from)
{
    hra_builder_add(b, HRA_KERNEL_COPY)->out = to;
    hra_builder_number_operand(b, from);
}

/* When all next values are there they become the states; one that is another state's present value is put aside first.
 */
static void add_next_values(hra_builder *b, const hra_fold *fold, const hra_node *roots)
{
    int states = fold->state_count;
    for (int s = 0; s < states; s++)
        if (roots[s] >= 0) hra_builder_place(b, roots[s]);
    for (int s = 0; s < states; s++)
        if (roots[s] >= 0 && b->place[roots[s]] >= 0 && b->place[roots[s]] < states)
            add_copy(b, states + s, b->place[roots[s]]);
    for (int s = 0; s < states; s++) {
        if (roots[s] < 0) continue;
        int value = b->place[roots[s]];
        add_copy(b, s, value >= 0 && value < states ? states + s : value);
    }
}

static bool build_body(hra_fold_routine *f, const hra_graph *outer, bool fuse)
{
    const hra_fold *fold = f->fold;
    hra_node *roots = calloc((size_t)fold->state_count + 1, sizeof *roots);
    if (!roots) return false;
    for (int s = 0; s < fold->state_count; s++) roots[s] = f->state_wanted[s] ? fold->next[s] : -1;
    hra_builder b;
    bool ok = hra_builder_begin(
        &b, &(hra_analysis_request){.graph = fold->body, .roots = roots, .root_count = fold->state_count, .fuse = fuse},
        fold, NULL);
    b.outer = outer;
    if (ok) add_next_values(&b, fold, roots);
    if (ok) f->body = hra_builder_end(&b);
    free(roots);
    return f->body != NULL;
}

static bool find_logarithms(hra_fold_routine *f)
{
    size_t count = (size_t)f->fold->row_count * (size_t)f->fold->value_count;
    f->logarithms = calloc(count + 1, sizeof *f->logarithms);
    for (size_t k = 0; f->logarithms && k < count; k++) f->logarithms[k] = hra_scalar_ln(f->fold->rows[k]);
    return f->logarithms != NULL;
}

static hra_fold_routine *fold_routine(hra_builder *b, int index)
{
    const hra_fold *fold = hra_graph_fold_at(b->request.graph, index);
    hra_routine *r = b->routine;
    if (!hra_grow((void **)&r->folds, &b->fold_capacity, r->fold_count + 1, sizeof *r->folds)) return NULL;
    hra_fold_routine *f = calloc(1, sizeof *f);
    if (!f) return NULL;
    r->folds[r->fold_count++] = f;
    f->fold = fold;
    f->emit_wanted = calloc((size_t)fold->emit_count + 1, sizeof *f->emit_wanted);
    f->state_wanted = calloc((size_t)fold->state_count + 1, sizeof *f->state_wanted);
    if (!f->emit_wanted || !f->state_wanted) return NULL;
    for (hra_node node = 0; node < b->node_count; node++)
        if (wanted(b, node, index)) f->emit_wanted[hra_graph_at(b->request.graph, node)->b] = true;
    for (int e = 0; e < fold->emit_count; e++)
        if (f->emit_wanted[e] && fold->emit_row[e] >= f->rows) f->rows = fold->emit_row[e] + 1;
    return find_states(f) && find_logarithms(f) && build_body(f, b->request.graph, b->request.fuse) ? f : NULL;
}

/* The fold's instruction; its emits become values of their own, one after the other. */
static bool add_fold(hra_builder *b, int index)
{
    hra_fold_routine *f = fold_routine(b, index);
    if (!f) return false;
    const hra_fold *fold = f->fold;
    f->first_emit = b->first_emit[index] = b->numbers;
    for (int e = 0; e < fold->emit_count; e++) hra_builder_new_number(b, true);
    hra_guards guards = hra_fold_guards(b, index);
    for (int g = 0; g < guards.count; g++) hra_flag_known_of(b, b->place[guards.item[g].condition]);
    hra_builder_add(b, HRA_KERNEL_FOLD)->data = f;
    for (int k = 0; k < fold->capture_count; k++) hra_builder_number_operand(b, b->place[fold->captures[k]]);
    for (int s = 0; s < fold->state_count; s++) hra_builder_number_operand(b, b->place[fold->initial[s]]);
    for (int g = 0; g < guards.count; g++) {
        hra_builder_flag_operand(b, b->place[guards.item[g].condition]);
        if (guards.item[g].truth) f->guard_truth |= 1u << g;
    }
    return true;
}

void hra_lower_fold(hra_builder *b, hra_node node)
{
    const hra_graph_node *n = hra_graph_at(b->request.graph, node);
    if (b->first_emit[n->index] == HRA_UNPLACED && !add_fold(b, n->index)) b->failed = true;
    b->place[node] = b->first_emit[n->index] + n->b;
}
