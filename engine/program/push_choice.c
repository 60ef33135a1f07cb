#include "engine/program/push_choice.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/graph/graph_internal.h"
#include "engine/program/routine.h"
#include "engine/graph/scalar.h"

enum { DEPTH_MAX = 150 };

/* In the unit of analysis.h: what one more choice costs; it is half as much between two constants, which a sum takes
 * along. */
static const double NOT_PUSHED = -1, CONSTANTS = -0.5;

typedef struct pusher {
    hra_graph *graph;
    int *uses; /* of every node of the graph, new ones too */
    int uses_capacity;
    hra_node *now; /* what has taken the place of each base node */
    bool *frozen;  /* read by a fold, whose operands stay as they are */
} pusher;

/* ---- how often nodes are used ------------------------------------------------------ */

static int *uses_of(pusher *p, hra_node node)
{
    static int none;
    int before = p->uses_capacity;
    if (node < 0 || !hra_grow((void **)&p->uses, &p->uses_capacity, node + 1, sizeof *p->uses)) {
        hra_graph_fail(p->graph);
        return &none;
    }
    for (int i = before; i < p->uses_capacity; i++) p->uses[i] = 0;
    return &p->uses[node];
}

static void outputs_of(const hra_output *o, hra_node nodes[7])
{
    const hra_node all[7] = {o->value, o->outside, o->excluded, o->substituted, o->clamped, o->missing, o->provisional};
    memcpy(nodes, all, sizeof all);
}

static void count_uses(pusher *p, const hra_output *outputs, int count)
{
    hra_graph *g = p->graph;
    for (int i = 0; i < count; i++) {
        hra_node nodes[7];
        outputs_of(&outputs[i], nodes);
        for (int k = 0; k < 7; k++)
            if (nodes[k] >= 0) ++*uses_of(p, nodes[k]);
    }
    for (hra_node node = g->count - 1; node >= 0; node--) {
        if (*uses_of(p, node) == 0) continue;
        bool freezes = p->frozen[node] || g->nodes[node].op == HRA_OP_FOLD_OUT;
        for (int k = 0, n = hra_graph_operand_count(g, node); k < n; k++) {
            hra_node operand = hra_graph_operand(g, node, k);
            ++*uses_of(p, operand);
            if (freezes) p->frozen[operand] = true;
        }
    }
}

/* ---- pairs of equal operations ------------------------------------------------------- */

/* Unknown as soon as one operand is, so that an unknown condition, too, passes through. */
static bool is_strict(hra_op op)
{
    switch (op) {
    case HRA_OP_ADD:
    case HRA_OP_SUB:
    case HRA_OP_MUL:
    case HRA_OP_DIV:
    case HRA_OP_NEG:
    case HRA_OP_POW:
    case HRA_OP_EXP:
    case HRA_OP_LN:
    case HRA_OP_SQRT:
    case HRA_OP_ABS:
    case HRA_OP_FLOOR:
    case HRA_OP_CEIL:
    case HRA_OP_TRUNC:
    case HRA_OP_ROUND:
    case HRA_OP_MIN:
    case HRA_OP_MAX:
    case HRA_OP_YEARS_BETWEEN:
    case HRA_OP_STEP:
    case HRA_OP_GATHER: return true;
    default: return false;
    }
}

static double saved_by(hra_op op)
{
    switch (op) {
    case HRA_OP_EXP: return 16;
    case HRA_OP_LN: return 24;
    case HRA_OP_POW: return 40;
    case HRA_OP_DIV: return 8;
    case HRA_OP_SQRT: return 10;
    case HRA_OP_ROUND: return 12;
    case HRA_OP_YEARS_BETWEEN: return 40;
    default: return 1;
    }
}

/* The operands of x beside those of y, where both are the same operation, and their number, or 0. Both should be used
 * by choices between them alone; equally many uses are taken for that (a linear predictor that is an output, too). */
static int pair_up(pusher *p, hra_node x, hra_node y, hra_node of_x[2], hra_node of_y[2])
{
    if (*uses_of(p, x) != *uses_of(p, y)) return 0;
    const hra_graph_node *a = &p->graph->nodes[x], *b = &p->graph->nodes[y];
    hra_op op = (hra_op)a->op;
    if (a->op != b->op || a->index != b->index || !is_strict(op)) return 0;
    of_x[0] = a->a;
    of_x[1] = a->b;
    of_y[0] = b->a;
    of_y[1] = b->b;
    if (a->b < 0) return 1;
    if (op != HRA_OP_ADD && op != HRA_OP_MUL) return 2;
    const hra_graph_node *nodes = p->graph->nodes;
    bool straight = a->a == b->a || a->b == b->b || nodes[a->a].op == nodes[b->a].op;
    bool crossed = a->a == b->b || a->b == b->a || nodes[a->a].op == nodes[b->b].op;
    if (crossed && !straight) { /* x + y and y + x are the same bits */
        of_y[0] = b->b;
        of_y[1] = b->a;
    }
    return 2;
}

/* What one operation instead of two saves, down to the choices that remain. */
static double gain(pusher *p, hra_node x, hra_node y, int depth)
{
    hra_node of_x[2], of_y[2];
    if (x == y) return 0;
    if (p->graph->nodes[x].op == HRA_OP_NUMBER && p->graph->nodes[y].op == HRA_OP_NUMBER) return CONSTANTS;
    int operands = depth < DEPTH_MAX ? pair_up(p, x, y, of_x, of_y) : 0;
    if (operands == 0) return NOT_PUSHED;
    double sum = saved_by((hra_op)p->graph->nodes[x].op);
    for (int k = 0; k < operands; k++) sum += gain(p, of_x[k], of_y[k], depth + 1);
    return sum > NOT_PUSHED ? sum : NOT_PUSHED;
}

/* ---- rebuilding ------------------------------------------------------------------------ */

/* A node like `like` over other operands. */
static hra_node made(pusher *p, const hra_graph_node *like, hra_node a, hra_node b, hra_node c)
{
    hra_graph_node n = *like;
    n.a = a;
    n.b = b;
    n.c = c;
    n.name = NULL;
    return hra_graph_add(p->graph, &n);
}

static hra_node merged(pusher *p, hra_node condition, hra_node x, hra_node y, int depth)
{
    hra_node of_x[2], of_y[2], operand[2] = {-1, -1};
    int operands = x != y && gain(p, x, y, depth) > NOT_PUSHED ? pair_up(p, x, y, of_x, of_y) : 0;
    hra_node result;
    if (operands == 0) {
        result = hra_graph_select(p->graph, condition, x, y);
    } else {
        for (int k = 0; k < operands; k++)
            operand[k] = of_x[k] == of_y[k] ? of_x[k] : merged(p, condition, of_x[k], of_y[k], depth + 1);
        hra_graph_node like = p->graph->nodes[x];
        result = made(p, &like, operand[0], operand[1], -1);
    }
    ++*uses_of(p, result);
    return result;
}

/* Of if(c, x, if(d, y, unknown)) the condition that chooses between x and y alone. */
static hra_node joint_condition(hra_graph *g, hra_node c, hra_node d)
{
    hra_node second = hra_graph_select(g, d, hra_graph_flag(g, 0), hra_graph_flag(g, NAN));
    return hra_graph_select(g, c, hra_graph_flag(g, 1), second);
}

static hra_node choice(pusher *p, hra_node c, hra_node x, hra_node y)
{
    hra_graph *g = p->graph;
    if (c < 0 || x < 0 || y < 0) return hra_graph_fail(g);
    hra_graph_node n = g->nodes[y];
    bool nested = n.op == HRA_OP_SELECT && *uses_of(p, y) <= 1 && hra_graph_always_unknown(g, n.c);
    if (nested && gain(p, x, n.b, 0) > NOT_PUSHED) {
        c = joint_condition(g, c, n.a);
        y = n.b;
    }
    if (c < 0 || gain(p, x, y, 0) <= NOT_PUSHED) return hra_graph_select(g, c, x, y);
    return merged(p, c, x, y, 0);
}

/* k ^ y is exp(y * ln(k)) by definition, in two operations that choices pass. */
static hra_node power_of_constant(pusher *p, double base, hra_node y)
{
    hra_node product = hra_graph_binary(p->graph, HRA_OP_MUL, y, hra_graph_number(p->graph, hra_scalar_ln(base)));
    ++*uses_of(p, product);
    return hra_graph_unary(p->graph, HRA_OP_EXP, product);
}

static hra_node recount(pusher *p, const hra_graph_node *n)
{
    hra_graph *g = p->graph;
    hra_node *flags = malloc(((size_t)n->many + 1) * sizeof *flags), result = -1;
    for (int i = 0; flags && i < n->many; i++) flags[i] = p->now[g->list[n->first + i]];
    if (!flags)
        hra_graph_fail(g);
    else if (n->op == HRA_OP_COUNT)
        result = hra_graph_count_of(g, flags, n->many);
    else
        result = hra_graph_count_at_least(g, flags, n->many, n->number);
    free(flags);
    return result;
}

static hra_node renewed(pusher *p, hra_node node)
{
    hra_graph_node n = p->graph->nodes[node];
    bool changed = false;
    for (int k = 0, count = hra_graph_operand_count(p->graph, node); k < count; k++) {
        hra_node operand = hra_graph_operand(p->graph, node, k);
        changed |= p->now[operand] != operand;
    }
    if (n.op == HRA_OP_FOLD_OUT) return node;
    if (n.op == HRA_OP_SELECT) return choice(p, p->now[n.a], p->now[n.b], p->now[n.c]);
    if (n.op == HRA_OP_POW && p->graph->nodes[n.a].op == HRA_OP_NUMBER && p->graph->nodes[n.a].number > 0)
        return power_of_constant(p, p->graph->nodes[n.a].number, p->now[n.b]);
    if (!changed) return node;
    if (n.op == HRA_OP_COUNT || n.op == HRA_OP_COUNT_AT_LEAST) return recount(p, &n);
    return made(p, &n, n.a < 0 ? -1 : p->now[n.a], n.b < 0 ? -1 : p->now[n.b], n.c < 0 ? -1 : p->now[n.c]);
}

static void renew_all(pusher *p, int base_count)
{
    for (hra_node node = 0; node < base_count && !p->graph->failed; node++) {
        p->now[node] = node;
        if (*uses_of(p, node) == 0 || p->frozen[node]) continue;
        hra_node now = renewed(p, node);
        int uses = *uses_of(p, node);
        if (now != node && *uses_of(p, now) < uses) *uses_of(p, now) = uses;
        p->now[node] = now;
    }
}

static hra_node now_of(const pusher *p, hra_node node) { return node < 0 ? node : p->now[node]; }

hra_graph *hra_push_choices(const hra_graph *base, const hra_output *outputs, int count, hra_output *pushed)
{
    size_t nodes = (size_t)base->count + 1;
    pusher p = {.graph = hra_graph_extend(base),
                .now = malloc(nodes * sizeof *p.now),
                .frozen = calloc(nodes, sizeof *p.frozen)};
    bool ok = p.graph && p.now && p.frozen;
    if (ok) {
        count_uses(&p, outputs, count);
        renew_all(&p, base->count);
        ok = !p.graph->failed;
    }
    for (int i = 0; ok && i < count; i++) {
        pushed[i] = outputs[i];
        pushed[i].value = now_of(&p, outputs[i].value);
        pushed[i].outside = now_of(&p, outputs[i].outside);
        pushed[i].excluded = now_of(&p, outputs[i].excluded);
        pushed[i].substituted = now_of(&p, outputs[i].substituted);
        pushed[i].clamped = now_of(&p, outputs[i].clamped);
        pushed[i].missing = now_of(&p, outputs[i].missing);
        pushed[i].provisional = now_of(&p, outputs[i].provisional);
    }
    free(p.uses);
    free(p.now);
    free(p.frozen);
    if (ok) return p.graph;
    hra_graph_free(p.graph);
    return NULL;
}
