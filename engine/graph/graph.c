#include "engine/graph/graph_internal.h"

#include <assert.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *text;
    hra_kind kind;
    const char *operands;
    int count; /* of them; "*": each node has its own number */
} operations[] = {
#define OP(name, text, kind, operands, what) {text, HRA_KIND_##kind, operands, (int)sizeof operands - 1},
    HRA_OPERATIONS(OP)
#undef OP
};

const char *hra_op_text(hra_op op) { return operations[op].text; }

hra_kind hra_op_kind(hra_op op) { return operations[op].kind; }

const char *hra_op_operands(hra_op op) { return operations[op].operands; }

/* ---- life of a graph */

hra_graph *hra_graph_new(bool share)
{
    hra_graph *graph = calloc(1, sizeof *graph);
    if (!graph) return NULL;
    graph->share = share;
    graph->arena = hra_arena_new();
    if (!graph->arena) {
        free(graph);
        return NULL;
    }
    return graph;
}

/* The items of an array, copied; NULL without memory. */
static void *copied(const void *items, int count, size_t item_size)
{
    void *copy = malloc((size_t)count * item_size + 1);
    if (copy && count > 0) memcpy(copy, items, (size_t)count * item_size);
    return copy;
}

bool hra_graph_borrow(hra_graph *graph, const hra_graph *base)
{
    graph->steps = copied(base->steps, base->step_count, sizeof *base->steps);
    graph->gathers = copied(base->gathers, base->gather_count, sizeof *base->gathers);
    graph->folds = copied(base->folds, base->fold_count, sizeof *base->folds);
    if (!graph->steps || !graph->gathers || !graph->folds) return false;
    graph->step_count = graph->step_capacity = base->step_count;
    graph->gather_count = graph->gather_capacity = base->gather_count;
    graph->fold_count = graph->fold_capacity = graph->borrowed_folds = base->fold_count;
    return true;
}

hra_graph *hra_graph_extend(const hra_graph *base)
{
    hra_graph *graph = hra_graph_new(true);
    if (!graph) return NULL;
    graph->nodes = copied(base->nodes, base->count, sizeof *base->nodes);
    graph->cells = copied(base->cells, base->count, sizeof *base->cells);
    graph->list = copied(base->list, base->list_count, sizeof *base->list);
    if (!graph->nodes || !graph->cells || !graph->list || !hra_graph_borrow(graph, base)) {
        hra_graph_free(graph);
        return NULL;
    }
    graph->count = graph->node_capacity = graph->cell_capacity = base->count;
    graph->list_count = graph->list_capacity = base->list_count;
    return graph;
}

void hra_graph_free(hra_graph *graph)
{
    if (!graph) return;
    for (int i = graph->borrowed_folds; i < graph->fold_count; i++) hra_graph_free(graph->folds[i].body);
    hra_arena_free(graph->arena);
    free(graph->nodes);
    free(graph->cells);
    free(graph->list);
    free(graph->steps);
    free(graph->gathers);
    free(graph->folds);
    free(graph->buckets);
    free(graph);
}

hra_node hra_graph_fail(hra_graph *graph)
{
    graph->failed = true;
    return -1;
}

bool hra_graph_failed(const hra_graph *graph) { return graph->failed; }

int hra_graph_count(const hra_graph *graph) { return graph->count; }

const hra_graph_node *hra_graph_at(const hra_graph *graph, hra_node node) { return &graph->nodes[node]; }

hra_kind hra_graph_kind(const hra_graph *graph, hra_node node) { return hra_op_kind((hra_op)graph->nodes[node].op); }

int hra_graph_operand_count(const hra_graph *graph, hra_node node)
{
    const hra_graph_node *n = &graph->nodes[node];
    if (n->op == HRA_OP_FOLD_OUT) return graph->folds[n->index].capture_count + graph->folds[n->index].state_count;
    return operations[n->op].operands[0] == '*' ? n->many : operations[n->op].count; /* asked for often */
}

hra_node hra_graph_operand(const hra_graph *graph, hra_node node, int index)
{
    const hra_graph_node *n = &graph->nodes[node];
    if (n->op == HRA_OP_FOLD_OUT) {
        const hra_fold *fold = &graph->folds[n->index];
        return index < fold->capture_count ? fold->captures[index] : fold->initial[index - fold->capture_count];
    }
    if (hra_op_operands((hra_op)n->op)[0] == '*') return graph->list[n->first + index];
    return index == 0 ? n->a : index == 1 ? n->b : n->c;
}

bool hra_graph_always_unknown(const hra_graph *graph, hra_node node)
{
    return (hra_graph_facts_of(graph, node) & HRA_FACT_ALWAYS_UNKNOWN) != 0;
}

bool hra_graph_never_unknown(const hra_graph *graph, hra_node node)
{
    return (hra_graph_facts_of(graph, node) & HRA_FACT_NEVER_UNKNOWN) != 0;
}

void hra_graph_name(hra_graph *graph, hra_node node, const char *name)
{
    if (node < 0 || graph->nodes[node].name) return;
    graph->nodes[node].name = hra_arena_text(graph->arena, name);
    if (!graph->nodes[node].name) hra_graph_fail(graph);
}

void hra_graph_call(hra_graph *graph, hra_node choice, const char *function, hra_node argument)
{
    if (choice < 0 || argument < 0 || graph->nodes[choice].op != HRA_OP_SELECT) return; /* a constant is a constant */
    graph->nodes[choice].call = function;
    graph->nodes[choice].called = argument;
}

bool hra_graph_reserve(hra_graph *graph, void **array, int *capacity, int needed, size_t item_size)
{
    if (needed <= *capacity) return true;
    int bigger = *capacity < 64 ? 64 : *capacity;
    while (bigger < needed && bigger <= INT_MAX / 2) bigger *= 2;
    void *memory = bigger < needed ? NULL : realloc(*array, (size_t)bigger * item_size);
    if (!memory) {
        hra_graph_fail(graph);
        return false;
    }
    *array = memory;
    *capacity = bigger;
    return true;
}

/* ---- hash-consing */

static uint64_t mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * 0x9E3779B97F4A7C15u;
    return hash ^ hash >> 29;
}

static uint64_t bits_of(double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    return bits;
}

static uint64_t node_hash(const hra_graph *graph, const hra_graph_node *n)
{
    uint64_t hash = mix(n->op, (uint32_t)n->a);
    hash = mix(hash, (uint32_t)n->b);
    hash = mix(hash, (uint32_t)n->c);
    hash = mix(hash, (uint32_t)n->index);
    hash = mix(hash, bits_of(n->number));
    for (int i = 0; i < n->many; i++) hash = mix(hash, (uint32_t)graph->list[n->first + i]);
    return hash;
}

static bool node_equal(const hra_graph *graph, const hra_graph_node *n, const hra_graph_node *m)
{
    return n->op == m->op && n->a == m->a && n->b == m->b && n->c == m->c && n->index == m->index &&
           n->many == m->many && bits_of(n->number) == bits_of(m->number) &&
           (n->many == 0 ||
            memcmp(graph->list + n->first, graph->list + m->first, (size_t)n->many * sizeof(hra_node)) == 0);
}

/* The bucket of an equal node, or the empty one where it belongs. */
static hra_node *bucket_of(const hra_graph *graph, const hra_graph_node *node)
{
    uint64_t mask = (uint64_t)graph->bucket_count - 1;
    for (uint64_t i = node_hash(graph, node) & mask;; i = (i + 1) & mask) {
        hra_node *bucket = &graph->buckets[i];
        if (*bucket < 0 || node_equal(graph, &graph->nodes[*bucket], node)) return bucket;
    }
}

static bool grow_buckets(hra_graph *graph)
{
    if (graph->count < graph->bucket_count / 2) return true;
    int bucket_count = graph->bucket_count ? graph->bucket_count : 128;
    do {
        if (bucket_count > INT_MAX / 2) return false;
        bucket_count *= 2;
    } while (graph->count >= bucket_count / 2);
    hra_node *buckets = malloc((size_t)bucket_count * sizeof *buckets);
    if (!buckets) return false;
    memset(buckets, 0xff, (size_t)bucket_count * sizeof *buckets);
    free(graph->buckets);
    graph->buckets = buckets;
    graph->bucket_count = bucket_count;
    for (hra_node i = 0; i < graph->count; i++) *bucket_of(graph, &graph->nodes[i]) = i;
    return true;
}

static hra_node append(hra_graph *graph, const hra_graph_node *node)
{
    if (!hra_graph_reserve(graph, (void **)&graph->nodes, &graph->node_capacity, graph->count + 1,
                           sizeof *graph->nodes) ||
        !hra_graph_reserve(graph, (void **)&graph->cells, &graph->cell_capacity, graph->count + 1,
                           sizeof *graph->cells))
        return -1;
    graph->nodes[graph->count] = *node;
    graph->cells[graph->count] = (hra_graph_cell){.why = {HRA_WHY_NOT_ASKED, HRA_WHY_NOT_ASKED, HRA_WHY_NOT_ASKED},
                                                  .facts = hra_graph_facts(graph, node)};
    return graph->count++;
}

/* Only operations that give the same bits in both orders: of two zeros min and max give the second. */
static bool is_commutative(hra_op op)
{
    return op == HRA_OP_ADD || op == HRA_OP_MUL || op == HRA_OP_EQ || op == HRA_OP_NE || op == HRA_OP_AND ||
           op == HRA_OP_OR;
}

hra_node hra_graph_add(hra_graph *graph, const hra_graph_node *node)
{
    if (graph->failed) return -1;
    if (!graph->share) return append(graph, node);
    hra_graph_node wanted = *node;
    if (is_commutative((hra_op)wanted.op) && wanted.a > wanted.b) {
        wanted.a = node->b;
        wanted.b = node->a;
    }
    hra_node simpler = hra_graph_simplify(graph, &wanted);
    if (simpler >= 0 || graph->failed) return simpler;
    if (!grow_buckets(graph)) return hra_graph_fail(graph);
    hra_node *bucket = bucket_of(graph, &wanted);
    if (*bucket < 0) *bucket = append(graph, &wanted);
    return *bucket;
}

/* ---- leaves */

static hra_graph_node blank(hra_op op)
{
    return (hra_graph_node){.op = (uint8_t)op, .a = -1, .b = -1, .c = -1, .index = -1};
}

static hra_node leaf(hra_graph *graph, hra_op op, int index, double number)
{
    hra_graph_node n = blank(op);
    n.index = index;
    n.number = number;
    return hra_graph_add(graph, &n);
}

hra_node hra_graph_number(hra_graph *graph, double value)
{
    return isnan(value) ? hra_graph_unknown(graph) : leaf(graph, HRA_OP_NUMBER, -1, value);
}

hra_node hra_graph_unknown(hra_graph *graph) { return leaf(graph, HRA_OP_UNKNOWN, -1, 0); }

hra_node hra_graph_outside(hra_graph *graph) { return leaf(graph, HRA_OP_OUTSIDE, -1, 0); }

hra_node hra_graph_flag(hra_graph *graph, double value)
{
    return leaf(graph, HRA_OP_FLAG, -1, isnan(value) ? (double)NAN : value != 0);
}

hra_node hra_graph_absent(hra_graph *graph, int variable, hra_kind kind)
{
    return kind == HRA_KIND_FLAG ? leaf(graph, HRA_OP_FLAG, variable, NAN) : leaf(graph, HRA_OP_UNKNOWN, variable, 0);
}

hra_node hra_graph_input(hra_graph *graph, int column) { return leaf(graph, HRA_OP_INPUT, column, 0); }

hra_node hra_graph_input_flag(hra_graph *graph, int column) { return leaf(graph, HRA_OP_INPUT_FLAG, column, 0); }

hra_node hra_graph_leaf(hra_graph *graph, hra_op op, int index)
{
    assert(op == HRA_OP_STATE || op == HRA_OP_ROW_VALUE || op == HRA_OP_CAPTURE);
    return leaf(graph, op, index, 0);
}

/* ---- operations */

static bool is_of_kind(const hra_graph *graph, hra_node node, char kind)
{
    return node >= 0 && node < graph->count &&
           hra_graph_kind(graph, node) == (kind == 'F' ? HRA_KIND_FLAG : HRA_KIND_NUM);
}

/* A node whose operands are those given; checks that they fit the operation. */
static hra_node operation(hra_graph *graph, hra_graph_node n)
{
    const hra_node operand[] = {n.a, n.b, n.c};
    const char *kinds = hra_op_operands((hra_op)n.op);
    for (int i = 0; kinds[i]; i++) {
        if (graph->failed || operand[i] < 0) return hra_graph_fail(graph);
        assert(is_of_kind(graph, operand[i], kinds[i]));
        if (!is_of_kind(graph, operand[i], kinds[i])) return hra_graph_fail(graph);
    }
    return hra_graph_add(graph, &n);
}

hra_node hra_graph_unary(hra_graph *graph, hra_op op, hra_node a)
{
    hra_graph_node n = blank(op);
    n.a = a;
    return operation(graph, n);
}

hra_node hra_graph_binary(hra_graph *graph, hra_op op, hra_node a, hra_node b)
{
    hra_graph_node n = blank(op);
    n.a = a;
    n.b = b;
    return operation(graph, n);
}

hra_node hra_graph_select(hra_graph *graph, hra_node condition, hra_node yes, hra_node no)
{
    bool flags = is_of_kind(graph, yes, 'F');
    hra_graph_node n = blank(flags ? HRA_OP_SELECT_FLAG : HRA_OP_SELECT);
    n.a = condition;
    n.b = yes;
    n.c = no;
    return operation(graph, n);
}

/* x^n = x^(n/2) * x^(n/2), times x when n is odd; a step without cuts is 1 for every known x. */
static hra_node whole_power(hra_graph *graph, hra_node x, int n)
{
    static const double one = 1;
    if (n == 0) return hra_graph_step(graph, x, &(hra_step){.values = &one});
    if (n == 1) return x;
    hra_node half = whole_power(graph, x, n / 2);
    hra_node even = hra_graph_binary(graph, HRA_OP_MUL, half, half);
    return n % 2 ? hra_graph_binary(graph, HRA_OP_MUL, even, x) : even;
}

hra_node hra_graph_power(hra_graph *graph, hra_node a, int exponent)
{
    assert(abs(exponent) <= 16);
    if (a < 0) return hra_graph_fail(graph);
    hra_node power = whole_power(graph, a, abs(exponent));
    if (exponent >= 0) return power;
    return hra_graph_binary(graph, HRA_OP_DIV, hra_graph_number(graph, 1), power);
}

hra_node hra_graph_round(hra_graph *graph, hra_node a, int decimals)
{
    assert(decimals >= 0 && decimals <= 9);
    if (decimals < 0 || decimals > 9) return hra_graph_fail(graph);
    hra_graph_node n = blank(HRA_OP_ROUND);
    n.a = a;
    n.index = decimals;
    return operation(graph, n);
}

static int compare_nodes(const void *a, const void *b)
{
    hra_node x = *(const hra_node *)a, y = *(const hra_node *)b;
    return (x > y) - (x < y);
}

/* The operands go to the end of the list, and off it again when an equal node exists. */
static hra_node count_node(hra_graph *graph, hra_op op, const hra_node *flags, int count, double threshold)
{
    for (int i = 0; i < count; i++)
        if (!is_of_kind(graph, flags[i], 'F')) return hra_graph_fail(graph);
    if (graph->failed || count < 0 || count > INT_MAX - graph->list_count ||
        !hra_graph_reserve(graph, (void **)&graph->list, &graph->list_capacity, graph->list_count + count,
                           sizeof *graph->list))
        return hra_graph_fail(graph);
    hra_graph_node n = blank(op);
    n.first = graph->list_count;
    n.many = count;
    n.number = threshold;
    hra_node *operands = graph->list + n.first;
    if (count > 0) memcpy(operands, flags, (size_t)count * sizeof *flags);
    if (count > 0 && graph->share) qsort(operands, (size_t)count, sizeof *operands, compare_nodes);
    int before = graph->count;
    graph->list_count += count;
    hra_node result = hra_graph_add(graph, &n);
    if (result < before) graph->list_count = n.first;
    return result;
}

hra_node hra_graph_count_of(hra_graph *graph, const hra_node *flags, int count)
{
    return count_node(graph, HRA_OP_COUNT, flags, count, 0);
}

hra_node hra_graph_count_at_least(hra_graph *graph, const hra_node *flags, int count, double threshold)
{
    return count_node(graph, HRA_OP_COUNT_AT_LEAST, flags, count, threshold);
}
