/* What the files that build a graph share. Outside this folder only engine/program/push_choice.c includes it, which
 * extends a graph. */
#ifndef HRA_GRAPH_GRAPH_INTERNAL_H
#define HRA_GRAPH_GRAPH_INTERNAL_H

#include <stddef.h>

#include "base/arena.h"
#include "engine/graph/graph.h"

enum { HRA_WHY_COUNT = 3 };

/* What holds of a node for every person. */
enum hra_fact { HRA_FACT_ALWAYS_UNKNOWN = 1, HRA_FACT_NEVER_UNKNOWN = 2 };

/* Memory of hra_graph_why beside a node number. */
enum { HRA_WHY_NOT_ASKED = -2, HRA_WHY_NEVER = -3 };

typedef struct hra_graph_cell {
    hra_node why[HRA_WHY_COUNT];
    uint8_t facts;
} hra_graph_cell;

struct hra_graph {
    bool share, failed;
    hra_arena *arena; /* names, steps, tables, folds */
    hra_graph_node *nodes;
    hra_graph_cell *cells; /* beside each node */
    int count, node_capacity, cell_capacity;
    hra_node *list;
    int list_count, list_capacity;
    hra_step *steps;
    int step_count, step_capacity;
    hra_gather *gathers;
    int gather_count, gather_capacity;
    hra_fold *folds;
    int fold_count, fold_capacity;
    int borrowed_folds; /* the first so many bodies belong to the graph this one extends */
    hra_node *buckets;  /* open addressing; -1: empty */
    int bucket_count;   /* a power of two */
};

/* Marks the graph as failed and returns -1. */
hra_node hra_graph_fail(hra_graph *graph);

/* Room for `needed` items in a growing array; false (and failed) without memory. */
bool hra_graph_reserve(hra_graph *graph, void **array, int *capacity, int needed, size_t item_size);

/* The node, an equal one, or a simpler one of the same meaning. */
hra_node hra_graph_add(hra_graph *graph, const hra_graph_node *node);

/* An existing or constant node that means the same as `node`, or -1. */
hra_node hra_graph_simplify(hra_graph *graph, const hra_graph_node *node);

/* hra_fact bits of a node whose operands are in the graph. */
uint8_t hra_graph_facts(const hra_graph *graph, const hra_graph_node *node);

/* Steps, tables and folds of the base, which must outlive the graph; false without memory. */
bool hra_graph_borrow(hra_graph *graph, const hra_graph *base);

/* A sharing graph that begins as a copy: same nodes under the same numbers. The base must outlive it. NULL without
 * memory. */
hra_graph *hra_graph_extend(const hra_graph *base);

static inline uint8_t hra_graph_facts_of(const hra_graph *graph, hra_node node) { return graph->cells[node].facts; }

#endif
