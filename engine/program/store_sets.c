#include "engine/program/store_sets.h"

#include <stdlib.h>
#include <string.h>

/* The facts of a status and its bits, as literals of a routine. */
typedef struct status_literals {
    int known, outside, excluded, exclusion_unknown, substituted, clamped, missing, provisional;
} status_literals;

static int complement(int literal) { return literal ^ 1; }

static void literals_of(hra_builder *b, const hra_literals operands[HRA_STATUS_OPERANDS], int sets[HRA_STATUS_SETS])
{
    const status_literals facts = {.known = operands[HRA_STATUS_KNOWN].truth,
                                   .outside = operands[HRA_STATUS_OUTSIDE].truth,
                                   .excluded = operands[HRA_STATUS_EXCLUDED].truth,
                                   .exclusion_unknown = complement(operands[HRA_STATUS_EXCLUDED].known),
                                   .substituted = operands[HRA_STATUS_SUBSTITUTE_USED].truth,
                                   .clamped = operands[HRA_STATUS_WAS_CLAMPED].truth,
                                   .missing = operands[HRA_STATUS_INPUT_MISSING].truth,
                                   .provisional = operands[HRA_STATUS_IS_PROVISIONAL].truth};
    int *bits = sets + 1;
#define AND(x, y) hra_logic_and(b, x, y)
    HRA_STATUS_RULE(facts, bits, AND, complement);
#undef AND
    sets[0] = HRA_LITERAL_ZEROS;
    for (int k = 0; k < HRA_STATUS_BITS; k++) sets[0] = hra_logic_or(b, sets[0], bits[k]);
}

/* Room for entry `index` of an array that grows, what is new of it zero. */
static void *room_for(hra_builder *b, void *items, int *capacity, int index, size_t size)
{
    int before = *capacity;
    if (!hra_grow(&items, capacity, index + 1, size)) {
        b->failed = true;
        return items;
    }
    memset((char *)items + (size_t)before * size, 0, (size_t)(*capacity - before) * size);
    return items;
}

static int set_of_literal(hra_set_stores *s, hra_builder *b, int literal)
{
    if (literal == HRA_LITERAL_ZEROS) return -1;
    s->set_of = room_for(b, s->set_of, &s->set_capacity, literal, sizeof *s->set_of);
    if (b->failed) return -1;
    if (s->set_of[literal] == 0) s->set_of[literal] = ++s->sets->count;
    return s->set_of[literal] - 1;
}

void hra_store_sets(hra_set_stores *s, hra_builder *b, hra_node value, const hra_node *flags, int output,
                    int first_target)
{
    hra_literals operands[HRA_STATUS_OPERANDS];
    int literals[HRA_STATUS_SETS], *sets = s->sets->of[output];
    hra_builder_status_operands(b, value, flags, operands);
    if (b->failed) return;
    literals_of(b, operands, literals);
    for (int k = 0; k < HRA_STATUS_SETS && !b->failed; k++) {
        if (s->first) sets[k] = set_of_literal(s, b, literals[k]);
        if (sets[k] < 0) continue;
        s->stored = room_for(b, s->stored, &s->stored_capacity, sets[k], sizeof *s->stored);
        if (b->failed || s->stored[sets[k]]) continue;
        s->stored[sets[k]] = true;
        hra_builder_add(b, HRA_KERNEL_STORE_PLANE)->target = first_target + sets[k];
        hra_builder_literals(b, HRA_LITERAL_ONES, literals[k]);
    }
}

void hra_set_stores_destroy(hra_set_stores *stores)
{
    free(stores->set_of);
    free(stores->stored);
    *stores = (hra_set_stores){0};
}
