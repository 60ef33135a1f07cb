/* Sums as one instruction. A chain of additions and subtractions whose partial
 * sums nobody else uses becomes a list of terms; the kernel adds them in the
 * chain's own order, with separately rounded products, so the bits stay. */
#include <stdlib.h>
#include <string.h>

#include "engine/program/builder.h"

static const hra_dot no_terms = {.condition = {-1, -1}};

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

/* A number that a condition chooses from two constants. */
static bool constant_choice(hra_builder *b, hra_node node)
{
    const hra_graph_node *n = at(b, node);
    return n->op == HRA_OP_SELECT && at(b, n->b)->op == HRA_OP_NUMBER && at(b, n->c)->op == HRA_OP_NUMBER &&
           !hra_builder_is_table(b, node);
}

/* One that two conditions choose from four: the outer first. */
static bool choice_of_choices(hra_builder *b, hra_node node)
{
    const hra_graph_node *n = at(b, node);
    return n->op == HRA_OP_SELECT && !hra_builder_is_table(b, node) && constant_choice(b, n->b) &&
           constant_choice(b, n->c) && at(b, n->b)->a == at(b, n->c)->a && at(b, n->b)->a != n->a;
}

/* The condition's place among the sum's, -1: there is none left. */
static int place_of(hra_node condition[HRA_DOT_CONDITIONS], hra_node wanted)
{
    for (int k = 0; k < HRA_DOT_CONDITIONS; k++) {
        if (condition[k] < 0) condition[k] = wanted;
        if (condition[k] == wanted) return k;
    }
    return -1;
}

/* Makes it the term's coefficient, if it is the sum's conditions that choose. */
static bool take_choice(hra_builder *b, hra_dot *dot, hra_node node, hra_dot_term *term)
{
    bool twice = choice_of_choices(b, node);
    if (!twice && !constant_choice(b, node)) return false;
    const hra_graph_node *n = at(b, node);
    hra_node condition[HRA_DOT_CONDITIONS];
    memcpy(condition, dot->condition, sizeof condition);
    int outer = place_of(condition, n->a), inner = twice ? place_of(condition, at(b, n->b)->a) : outer;
    if (outer < 0 || inner < 0) return false;
    memcpy(dot->condition, condition, sizeof condition);
    double sign = term->coefficient[0];
    for (int k = 0; k < HRA_CHOICES; k++) {
        bool is_false[HRA_DOT_CONDITIONS] = {k >> 1, k & 1};
        const hra_graph_node *chosen = at(b, is_false[outer] ? n->c : n->b);
        if (twice) chosen = at(b, is_false[inner] ? chosen->c : chosen->b);
        term->coefficient[k] = sign * chosen->number;
    }
    term->chosen = true;
    return true;
}

/* A sign, or a factor that is a constant or chosen from two, moves into the coefficient: neither changes a rounding. */
static hra_dot_term term_of(hra_builder *b, hra_dot *dot, hra_node node, double sign)
{
    hra_dot_term term = {.coefficient = {sign}, .a = node, .b = -1};
    while (at(b, term.a)->op == HRA_OP_NEG && !hra_builder_is_table(b, term.a)) {
        term.coefficient[0] = -term.coefficient[0];
        term.a = at(b, term.a)->a;
    }
    const hra_graph_node *n = at(b, term.a);
    if (take_choice(b, dot, term.a, &term)) {
        term.a = -1;
        return term;
    }
    if (n->op != HRA_OP_MUL || b->place[term.a] != HRA_UNPLACED || hra_builder_is_table(b, term.a)) return term;
    hra_node factors[2] = {n->a, n->b};
    for (int k = 0; k < 2; k++) {
        if (at(b, factors[k])->op != HRA_OP_NUMBER && !take_choice(b, dot, factors[k], &term)) continue;
        if (!term.chosen) term.coefficient[0] *= at(b, factors[k])->number;
        term.a = factors[1 - k];
        return term;
    }
    if (term.coefficient[0] == 1 && private_to_user(b, term.a)) return (hra_dot_term){{1}, n->a, n->b, false};
    return term;
}

static bool add(hra_builder *b, hra_dot *dot, hra_node node, double sign)
{
    if (!hra_grow((void **)&dot->terms, &dot->capacity, dot->count + 1, sizeof *dot->terms)) {
        b->failed = true;
        return false;
    }
    dot->terms[dot->count] = term_of(b, dot, node, sign);
    dot->count++;
    return true;
}

/* From the last addition down to the first; a + b and b + a are the same bits. */
static bool collect(hra_builder *b, hra_dot *dot, hra_node sum)
{
    for (;;) {
        const hra_graph_node *n = at(b, sum);
        bool subtract = n->op == HRA_OP_SUB, left = partial_sum(b, n->a);
        if (!left && !subtract && partial_sum(b, n->b)) {
            if (!add(b, dot, n->a, 1)) return false;
            sum = n->b;
            continue;
        }
        if (!add(b, dot, n->b, subtract ? -1 : 1)) return false;
        if (!left) return add(b, dot, n->a, 1);
        sum = n->a;
    }
}

hra_dot hra_dot_of(hra_builder *b, hra_node node)
{
    hra_dot dot = no_terms;
    bool products = false;
    if (b->request.fuse && collect(b, &dot, node)) {
        for (int k = 0; k < dot.count; k++) {
            const hra_dot_term *t = &dot.terms[k];
            products |= t->chosen || t->b >= 0 || (t->coefficient[0] != 1 && t->coefficient[0] != -1);
        }
    }
    if (b->failed || (dot.count < 3 && !products)) {
        free(dot.terms);
        return no_terms;
    }
    for (int k = 0; k < dot.count / 2; k++) {
        hra_dot_term swap = dot.terms[k];
        dot.terms[k] = dot.terms[dot.count - 1 - k];
        dot.terms[dot.count - 1 - k] = swap;
    }
    return dot;
}
