/* Data that nodes refer to by index: steps, lookup tables, folds. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "engine/graph/graph_internal.h"

/* A copy in the graph's arena; NULL (and failed) without memory. */
static void *copy_of(hra_graph *graph, const void *items, size_t count, size_t item_size)
{
    void *copy = item_size && count > SIZE_MAX / item_size ? NULL : hra_arena_alloc(graph->arena, count * item_size);
    if (!copy)
        hra_graph_fail(graph);
    else if (count > 0)
        memcpy(copy, items, count * item_size);
    return copy;
}

/* As copy_of, with every NaN the same, so that equal tables have equal bytes. */
static double *numbers_of(hra_graph *graph, const double *numbers, size_t count)
{
    double *copy = copy_of(graph, numbers, count, sizeof *copy);
    for (size_t i = 0; copy && i < count; i++)
        if (isnan(copy[i])) copy[i] = NAN;
    return copy;
}

static bool same_bytes(const void *a, const void *b, size_t count, size_t item_size)
{
    return count == 0 || memcmp(a, b, count * item_size) == 0;
}

/* ---- steps */

static int find_step(const hra_graph *graph, const hra_step *step)
{
    size_t cuts = (size_t)step->cut_count;
    for (int i = 0; i < graph->step_count; i++) {
        const hra_step *other = &graph->steps[i];
        if (other->cut_count == step->cut_count && same_bytes(other->cuts, step->cuts, cuts, sizeof(double)) &&
            same_bytes(other->after, step->after, cuts, sizeof(bool)) &&
            same_bytes(other->values, step->values, cuts + 1, sizeof(double)))
            return i;
    }
    return -1;
}

static int add_step(hra_graph *graph, const hra_step *step)
{
    size_t cuts = (size_t)step->cut_count;
    hra_step copy = {.cut_count = step->cut_count,
                     .cuts = numbers_of(graph, step->cuts, cuts),
                     .after = copy_of(graph, step->after, cuts, sizeof *step->after),
                     .values = numbers_of(graph, step->values, cuts + 1)};
    if (graph->failed) return -1;
    int known = graph->share ? find_step(graph, &copy) : -1;
    if (known >= 0) return known;
    if (!hra_graph_reserve(graph, (void **)&graph->steps, &graph->step_capacity, graph->step_count + 1, sizeof copy))
        return -1;
    graph->steps[graph->step_count] = copy;
    return graph->step_count++;
}

hra_node hra_graph_step(hra_graph *graph, hra_node x, const hra_step *step)
{
    if (x < 0 || step->cut_count < 0) return hra_graph_fail(graph);
    assert(hra_graph_kind(graph, x) == HRA_KIND_NUM);
    int index = add_step(graph, step);
    if (index < 0) return -1;
    hra_graph_node n = {.op = HRA_OP_STEP, .a = x, .b = -1, .c = -1, .index = index};
    return hra_graph_add(graph, &n);
}

const hra_step *hra_graph_step_at(const hra_graph *graph, int index) { return &graph->steps[index]; }

/* ---- lookup tables */

static int find_gather(const hra_graph *graph, const hra_gather *table)
{
    for (int i = 0; i < graph->gather_count; i++) {
        const hra_gather *other = &graph->gathers[i];
        if (other->count == table->count &&
            same_bytes(other->values, table->values, (size_t)table->count, sizeof(double)))
            return i;
    }
    return -1;
}

int hra_graph_add_gather(hra_graph *graph, const hra_gather *table)
{
    if (graph->failed || table->count < 0) return hra_graph_fail(graph);
    hra_gather copy = {.count = table->count,
                       .values = numbers_of(graph, table->values, (size_t)table->count),
                       .name = table->name ? hra_arena_text(graph->arena, table->name) : NULL};
    if (graph->failed || (table->name && !copy.name)) return hra_graph_fail(graph);
    int known = graph->share ? find_gather(graph, &copy) : -1;
    if (known >= 0) return known;
    if (!hra_graph_reserve(graph, (void **)&graph->gathers, &graph->gather_capacity, graph->gather_count + 1,
                           sizeof copy))
        return -1;
    graph->gathers[graph->gather_count] = copy;
    return graph->gather_count++;
}

hra_node hra_graph_gather(hra_graph *graph, hra_node index, int table)
{
    if (index < 0 || table < 0 || table >= graph->gather_count) return hra_graph_fail(graph);
    assert(hra_graph_kind(graph, index) == HRA_KIND_NUM);
    hra_graph_node n = {.op = HRA_OP_GATHER, .a = index, .b = -1, .c = -1, .index = table};
    return hra_graph_add(graph, &n);
}

const hra_gather *hra_graph_gather_at(const hra_graph *graph, int index) { return &graph->gathers[index]; }

/* ---- folds */

static void copy_fold(hra_graph *graph, const hra_fold *fold, hra_fold *copy)
{
    size_t states = (size_t)fold->state_count, emits = (size_t)fold->emit_count;
    *copy = *fold;
    copy->rows = numbers_of(graph, fold->rows, (size_t)fold->row_count * (size_t)fold->value_count);
    copy->initial = copy_of(graph, fold->initial, states, sizeof *fold->initial);
    copy->next = copy_of(graph, fold->next, states, sizeof *fold->next);
    copy->captures = copy_of(graph, fold->captures, (size_t)fold->capture_count, sizeof *fold->captures);
    copy->emit_state = copy_of(graph, fold->emit_state, emits, sizeof *fold->emit_state);
    copy->emit_row = copy_of(graph, fold->emit_row, emits, sizeof *fold->emit_row);
    copy->name = fold->name ? hra_arena_text(graph->arena, fold->name) : NULL;
    if (fold->name && !copy->name) hra_graph_fail(graph);
}

static bool are_numbers(const hra_graph *graph, const hra_node *nodes, int count)
{
    for (int i = 0; i < count; i++)
        if (nodes[i] < 0 || nodes[i] >= graph->count || hra_graph_kind(graph, nodes[i]) != HRA_KIND_NUM) return false;
    return true;
}

static bool is_sound(const hra_graph *graph, const hra_fold *fold)
{
    if (graph->failed || fold->body->failed) return false;
    for (int i = 0; i < fold->emit_count; i++)
        if (fold->emit_state[i] < 0 || fold->emit_state[i] >= fold->state_count || fold->emit_row[i] < -1 ||
            fold->emit_row[i] >= fold->row_count)
            return false;
    return are_numbers(graph, fold->initial, fold->state_count) &&
           are_numbers(graph, fold->captures, fold->capture_count) &&
           are_numbers(fold->body, fold->next, fold->state_count);
}

int hra_graph_add_fold(hra_graph *graph, const hra_fold *fold)
{
    hra_fold copy = {0};
    if (is_sound(graph, fold) &&
        hra_graph_reserve(graph, (void **)&graph->folds, &graph->fold_capacity, graph->fold_count + 1, sizeof copy)) {
        copy_fold(graph, fold, &copy);
        if (!graph->failed) {
            graph->folds[graph->fold_count] = copy;
            return graph->fold_count++;
        }
    }
    hra_graph_free(fold->body);
    return hra_graph_fail(graph);
}

hra_node hra_graph_fold_out(hra_graph *graph, int fold, int emit)
{
    if (fold < 0 || fold >= graph->fold_count || emit < 0 || emit >= graph->folds[fold].emit_count)
        return hra_graph_fail(graph);
    hra_graph_node n = {.op = HRA_OP_FOLD_OUT, .a = -1, .b = emit, .c = -1, .index = fold};
    return hra_graph_add(graph, &n);
}

const hra_fold *hra_graph_fold_at(const hra_graph *graph, int index) { return &graph->folds[index]; }

int hra_graph_fold_count(const hra_graph *graph) { return graph->fold_count; }
