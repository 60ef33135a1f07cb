/* A part of a graph as a graph of its own: who compiles a few nodes of a large graph need not go through all of it. */
#include <stdlib.h>

#include "engine/graph/graph_internal.h"

typedef struct part {
    const hra_graph *base;
    hra_graph *graph;
    hra_node *now; /* by node of the base, up to the last root: its number in the part, -1: not needed */
    int count, list_count;
} part;

static hra_node last_of(const hra_node *roots, int root_count)
{
    hra_node last = -1;
    for (int i = 0; i < root_count; i++)
        if (roots[i] > last) last = roots[i];
    return last;
}

static void find_needed(part *p, const hra_node *roots, int root_count, hra_node last)
{
    for (hra_node node = 0; node <= last; node++) p->now[node] = -1;
    for (int i = 0; i < root_count; i++) p->now[roots[i]] = 0;
    for (hra_node node = last; node >= 0; node--) {
        if (p->now[node] < 0) continue;
        p->count++;
        p->list_count += p->base->nodes[node].many;
        for (int k = 0, count = hra_graph_operand_count(p->base, node); k < count; k++)
            p->now[hra_graph_operand(p->base, node, k)] = 0;
    }
}

static bool make_room(const part *p)
{
    hra_graph *graph = p->graph;
    return hra_graph_borrow(graph, p->base) &&
           hra_graph_reserve(graph, (void **)&graph->nodes, &graph->node_capacity, p->count, sizeof *graph->nodes) &&
           hra_graph_reserve(graph, (void **)&graph->cells, &graph->cell_capacity, p->count, sizeof *graph->cells) &&
           hra_graph_reserve(graph, (void **)&graph->list, &graph->list_capacity, p->list_count, sizeof *graph->list);
}

static hra_node now_of(const part *p, hra_node node) { return node < 0 ? -1 : p->now[node]; }

/* Outer nodes of a fold. */
static const hra_node *nodes_now(const part *p, const hra_node *nodes, int count)
{
    hra_node *now = hra_arena_take(p->graph->arena, ((size_t)count + 1) * sizeof *now);
    if (!now) hra_graph_fail(p->graph);
    for (int k = 0; now && k < count; k++) now[k] = p->now[nodes[k]];
    return now;
}

static void renumber_fold(const part *p, int index)
{
    const hra_fold *fold = &p->base->folds[index];
    p->graph->folds[index].captures = nodes_now(p, fold->captures, fold->capture_count);
    p->graph->folds[index].initial = nodes_now(p, fold->initial, fold->state_count);
}

/* Its operands are there already. */
static void take(part *p, hra_node node)
{
    hra_graph *graph = p->graph;
    hra_graph_node *n = &graph->nodes[graph->count];
    *n = p->base->nodes[node];
    n->a = now_of(p, n->a);
    n->c = now_of(p, n->c);
    if (n->op == HRA_OP_FOLD_OUT)
        renumber_fold(p, n->index); /* its b is an emit */
    else
        n->b = now_of(p, n->b);
    for (int k = 0; k < n->many; k++) graph->list[graph->list_count + k] = p->now[p->base->list[n->first + k]];
    n->first = graph->list_count;
    graph->list_count += n->many;
    graph->cells[graph->count] = (hra_graph_cell){.why = {HRA_WHY_NOT_ASKED, HRA_WHY_NOT_ASKED, HRA_WHY_NOT_ASKED},
                                                  .facts = hra_graph_facts_of(p->base, node)};
    p->now[node] = graph->count++;
}

hra_graph *hra_graph_part(const hra_graph *base, hra_node *roots, int root_count)
{
    hra_node last = last_of(roots, root_count);
    part p = {.base = base, .graph = hra_graph_new(true), .now = malloc(((size_t)last + 2) * sizeof *p.now)};
    bool ok = p.graph && p.now;
    if (ok) {
        find_needed(&p, roots, root_count, last);
        ok = make_room(&p);
    }
    for (hra_node node = 0; ok && node <= last; node++)
        if (p.now[node] >= 0) take(&p, node);
    for (int i = 0; ok && i < root_count; i++) roots[i] = p.now[roots[i]];
    free(p.now);
    if (ok && !p.graph->failed) return p.graph;
    hra_graph_free(p.graph);
    return NULL;
}
