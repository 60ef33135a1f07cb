/* Flags as an and-inverter graph over bit planes. A flag is two planes, where
 * it is true and where it is false; `not` exchanges them, everything else is
 * made of one gate, `and`, whose inputs may be complements. Equal gates are one
 * gate, and what is never unknown needs one plane, because where it is not true
 * it is false. */
#include <stdlib.h>

#include "engine/program/builder.h"

enum { ZEROS = HRA_LITERAL_ZEROS, ONES = HRA_LITERAL_ONES, NONE = -1 };

static int complement(int literal) { return literal ^ 1; }

/* ---- gates -------------------------------------------------------------------------- */

static uint64_t hash_of(int x, int y)
{
    uint64_t hash = ((uint64_t)(uint32_t)x << 32 | (uint32_t)y) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ hash >> 32;
}

/* The entry of a gate over x and y, or the empty one where it belongs. */
static hra_builder_gate *find_gate(hra_builder *b, int x, int y)
{
    size_t mask = (size_t)b->gate_capacity - 1;
    for (size_t i = hash_of(x, y) & mask;; i = (i + 1) & mask) {
        hra_builder_gate *gate = &b->gates[i];
        if (gate->plane == 0 || (gate->x == x && gate->y == y)) return gate;
    }
}

static bool reserve_gate(hra_builder *b)
{
    if (b->gates && b->gate_count < b->gate_capacity / 2) return true;
    hra_builder_gate *old = b->gates;
    int old_capacity = b->gate_capacity;
    if (old_capacity > INT32_MAX / 4) return false;
    int capacity = old ? 2 * old_capacity : 1024;
    hra_builder_gate *larger = calloc((size_t)capacity, sizeof *larger);
    if (!larger) return false;
    b->gates = larger;
    b->gate_capacity = capacity;
    for (int i = 0; old && i < old_capacity; i++)
        if (old[i].plane != 0) *find_gate(b, old[i].x, old[i].y) = old[i];
    free(old);
    return true;
}

int hra_builder_new_plane(hra_builder *b)
{
    if (!hra_grow((void **)&b->inputs, &b->input_capacity, b->planes + 1, sizeof *b->inputs)) {
        b->failed = true;
        return 0;
    }
    b->inputs[b->planes] = (hra_plane_inputs){NONE, NONE};
    return b->planes++;
}

/* x and y, where y is a gate or its complement that says the rest: a literal, or NONE. */
static int absorbed(const hra_builder *b, int x, int y)
{
    hra_plane_inputs in = b->inputs[y >> 1];
    if (in.x == NONE) return NONE;
    bool inverted = y & 1;
    if (x == in.x || x == in.y) return inverted ? NONE : y;
    if (x == complement(in.x) || x == complement(in.y)) return inverted ? x : ZEROS;
    return NONE;
}

/* x and not (x and z) is x and not z: the z, or NONE. */
static int remainder_of(const hra_builder *b, int x, int y)
{
    hra_plane_inputs in = b->inputs[y >> 1];
    if (in.x == NONE || !(y & 1)) return NONE;
    return x == in.x ? in.y : x == in.y ? in.x : NONE;
}

int hra_logic_and(hra_builder *b, int x, int y)
{
    if (x == ZEROS || y == ZEROS || x == complement(y)) return ZEROS;
    if (x == ONES || x == y) return y;
    if (y == ONES) return x;
    int same = absorbed(b, x, y);
    if (same == NONE) same = absorbed(b, y, x);
    if (same != NONE) return same;
    int rest = remainder_of(b, x, y);
    if (rest != NONE) return hra_logic_and(b, x, complement(rest));
    rest = remainder_of(b, y, x);
    if (rest != NONE) return hra_logic_and(b, y, complement(rest));
    if (x > y) {
        int swap = x;
        x = y;
        y = swap;
    }
    if (!reserve_gate(b)) {
        b->failed = true;
        return ZEROS;
    }
    hra_builder_gate *gate = find_gate(b, x, y);
    if (gate->plane == 0) {
        *gate = (hra_builder_gate){x, y, hra_builder_new_plane(b)};
        b->gate_count++;
        if (b->failed) return ZEROS;
        b->inputs[gate->plane] = (hra_plane_inputs){x, y};
        hra_builder_add(b, HRA_KERNEL_GATES)->truth_out = gate->plane;
        hra_builder_literals(b, x, y);
    }
    return 2 * gate->plane;
}

int hra_logic_or(hra_builder *b, int x, int y) { return complement(hra_logic_and(b, complement(x), complement(y))); }

/* ---- flags ----------------------------------------------------------------------------- */

int hra_builder_flag(hra_builder *b, int truth, int falsity, int known)
{
    if (!hra_grow((void **)&b->flag_values, &b->flag_value_capacity, b->flags + 1, sizeof *b->flag_values)) {
        b->failed = true;
        return HRA_FLAG_FALSE;
    }
    b->flag_values[b->flags] = (hra_flag_value){truth, falsity, known};
    return b->flags++;
}

int hra_flag_truth_of(const hra_builder *b, int flag) { return b->flag_values[flag].truth; }

int hra_flag_known_of(hra_builder *b, int flag)
{
    hra_flag_value v = b->flag_values[flag];
    if (v.known == NONE) v.known = hra_logic_or(b, v.truth, v.falsity);
    return b->flag_values[flag].known = v.known;
}

int hra_flag_falsity_of(hra_builder *b, int flag)
{
    hra_flag_value v = b->flag_values[flag];
    if (v.falsity == NONE) v.falsity = hra_logic_and(b, v.known, complement(v.truth));
    return b->flag_values[flag].falsity = v.falsity;
}

int hra_flag_sure(hra_builder *b, int truth) { return hra_builder_flag(b, truth, complement(truth), ONES); }

static int never_unknown(const hra_builder *b, int flag) { return b->flag_values[flag].known == ONES; }

/* ---- operations on flags ------------------------------------------------------------------ */

static int select_literal(hra_builder *b, int if_true, int yes, int if_false, int no)
{
    return hra_logic_or(b, hra_logic_and(b, if_true, yes), hra_logic_and(b, if_false, no));
}

static int select_flag(hra_builder *b, int c, int yes, int no)
{
    int is_true = hra_flag_truth_of(b, c), is_false = hra_flag_falsity_of(b, c);
    int truth = select_literal(b, is_true, hra_flag_truth_of(b, yes), is_false, hra_flag_truth_of(b, no));
    if (never_unknown(b, c) && never_unknown(b, yes) && never_unknown(b, no)) return hra_flag_sure(b, truth);
    int falsity = select_literal(b, is_true, hra_flag_falsity_of(b, yes), is_false, hra_flag_falsity_of(b, no));
    return hra_builder_flag(b, truth, falsity, NONE);
}

static int first_known_flag(hra_builder *b, int x, int y)
{
    int unknown = complement(hra_flag_known_of(b, x));
    int truth = hra_logic_or(b, hra_flag_truth_of(b, x), hra_logic_and(b, unknown, hra_flag_truth_of(b, y)));
    int known = hra_logic_or(b, complement(unknown), hra_flag_known_of(b, y));
    if (known == ONES) return hra_flag_sure(b, truth);
    return hra_builder_flag(b, truth, NONE, known);
}

int hra_lower_logic(hra_builder *b, hra_op op, const int flags[3])
{
    int x = flags[0], y = flags[1];
    switch (op) {
    case HRA_OP_NOT: {
        hra_flag_value v = b->flag_values[x];
        return hra_builder_flag(b, hra_flag_falsity_of(b, x), v.truth, v.known);
    }
    case HRA_OP_IS_TRUE: return hra_flag_sure(b, hra_flag_truth_of(b, x));
    case HRA_OP_KNOWN_FLAG: return hra_flag_sure(b, hra_flag_known_of(b, x));
    case HRA_OP_AND: {
        int truth = hra_logic_and(b, hra_flag_truth_of(b, x), hra_flag_truth_of(b, y));
        int falsity = hra_logic_or(b, hra_flag_falsity_of(b, x), hra_flag_falsity_of(b, y));
        return hra_builder_flag(b, truth, falsity, falsity == complement(truth) ? ONES : NONE);
    }
    case HRA_OP_OR: {
        int truth = hra_logic_or(b, hra_flag_truth_of(b, x), hra_flag_truth_of(b, y));
        int falsity = hra_logic_and(b, hra_flag_falsity_of(b, x), hra_flag_falsity_of(b, y));
        return hra_builder_flag(b, truth, falsity, falsity == complement(truth) ? ONES : NONE);
    }
    case HRA_OP_SELECT_FLAG: return select_flag(b, x, y, flags[2]);
    default: return first_known_flag(b, x, y); /* FIRST_KNOWN_FLAG, SUBSTITUTE_FLAG */
    }
}

bool hra_is_logic(hra_op op)
{
    switch (op) {
    case HRA_OP_NOT:
    case HRA_OP_IS_TRUE:
    case HRA_OP_KNOWN_FLAG:
    case HRA_OP_AND:
    case HRA_OP_OR:
    case HRA_OP_SELECT_FLAG:
    case HRA_OP_FIRST_KNOWN_FLAG:
    case HRA_OP_SUBSTITUTE_FLAG: return true;
    default: return false;
    }
}
