/* Sums as one instruction. A chain of additions and subtractions whose partial
 * sums nobody else uses becomes a list of terms; the kernel adds them in the
 * chain's own order, with separately rounded products, so the bits stay. */
#include <stdlib.h>

#include "engine/program/builder.h"

static const hra_graph_node *at(const hra_builder *b, hra_node node) { return hra_graph_at(b->request.graph, node); }

/* Neither used elsewhere nor read from a table: it can vanish into its user. */
static bool private_to_user(hra_builder *b, hra_node node)
{
    return b->analysis->uses[node] == 1 && b->place[node] == HRA_UNPLACED && !hra_builder_is_table(b, node);
}

static bool partial_sum(hra_builder *b, hra_node node)
{
    int op = at(b, node)->op;
    return (op == HRA_OP_ADD || op == HRA_OP_SUB) && private_to_user(b, node);
}

/* A sign, or a factor that is a constant, moves into the coefficient: neither changes a rounding. */
static hra_dot_term term_of(hra_builder *b, hra_node node, double sign)
{
    hra_dot_term term = {sign, node, -1};
    while (at(b, term.a)->op == HRA_OP_NEG && !hra_builder_is_table(b, term.a)) {
        term.coefficient = -term.coefficient;
        term.a = at(b, term.a)->a;
    }
    const hra_graph_node *n = at(b, term.a);
    if (n->op != HRA_OP_MUL || b->place[term.a] != HRA_UNPLACED || hra_builder_is_table(b, term.a)) return term;
    const hra_graph_node *x = at(b, n->a), *y = at(b, n->b);
    if (x->op == HRA_OP_NUMBER) return (hra_dot_term){term.coefficient * x->number, n->b, -1};
    if (y->op == HRA_OP_NUMBER) return (hra_dot_term){term.coefficient * y->number, n->a, -1};
    if (term.coefficient == 1 && private_to_user(b, term.a)) return (hra_dot_term){1, n->a, n->b};
    return term;
}

typedef struct terms {
    hra_dot_term *items; /* last term first */
    int count, capacity;
} terms;

static bool add(hra_builder *b, terms *t, hra_node node, double sign)
{
    if (!hra_grow((void **)&t->items, &t->capacity, t->count + 1, sizeof *t->items)) {
        b->failed = true;
        return false;
    }
    t->items[t->count++] = term_of(b, node, sign);
    return true;
}

/* From the last addition down to the first; a + b and b + a are the same bits. */
static bool collect(hra_builder *b, terms *t, hra_node sum)
{
    for (;;) {
        const hra_graph_node *n = at(b, sum);
        bool subtract = n->op == HRA_OP_SUB, left = partial_sum(b, n->a);
        if (!left && !subtract && partial_sum(b, n->b)) {
            if (!add(b, t, n->a, 1)) return false;
            sum = n->b;
            continue;
        }
        if (!add(b, t, n->b, subtract ? -1 : 1)) return false;
        if (!left) return add(b, t, n->a, 1);
        sum = n->a;
    }
}

hra_dot_term *hra_dot_terms(hra_builder *b, hra_node node, int *count)
{
    terms t = {0};
    bool products = false;
    if (b->request.fuse && collect(b, &t, node)) {
        for (int k = 0; k < t.count; k++)
            products |= t.items[k].b >= 0 || (t.items[k].coefficient != 1 && t.items[k].coefficient != -1);
    }
    if (b->failed || (t.count < 3 && !products)) {
        free(t.items);
        return NULL;
    }
    for (int k = 0; k < t.count / 2; k++) {
        hra_dot_term swap = t.items[k];
        t.items[k] = t.items[t.count - 1 - k];
        t.items[t.count - 1 - k] = swap;
    }
    *count = t.count;
    return t.items;
}
