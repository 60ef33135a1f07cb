/* Slots: every value lives from its instruction to its last use; a slot is
 * taken again as soon as it is free, the last freed first, so that few stay hot.
 * An instruction may write over an operand that ends with it: kernels read a
 * row before they write it. */
#include <stdlib.h>

#include "engine/program/builder.h"

typedef struct pool {
    int *slot;     /* of every value, -1: not yet */
    int *last_use; /* instruction, -1: never */
    int *free;
    int free_count, slots;
} pool;

static bool pool_begin(pool *p, int values)
{
    size_t n = (size_t)values + 1;
    *p = (pool){.slot = malloc(n * sizeof(int)), .last_use = malloc(n * sizeof(int)), .free = malloc(n * sizeof(int))};
    if (!p->slot || !p->last_use || !p->free) return false;
    for (size_t v = 0; v < n; v++) p->slot[v] = p->last_use[v] = -1;
    return true;
}

static void pool_end(pool *p)
{
    free(p->slot);
    free(p->last_use);
    free(p->free);
}

static void take(pool *p, int value)
{
    if (p->slot[value] < 0) p->slot[value] = p->free_count > 0 ? p->free[--p->free_count] : p->slots++;
}

/* Gives back the slots of operands that end at this instruction. */
static void release(pool *p, const int *operands, int count, int instruction, const bool *pinned)
{
    for (int k = 0; k < count; k++) {
        int value = operands[k];
        if (value < 0 || p->last_use[value] != instruction || (pinned && pinned[value])) continue;
        p->last_use[value] = -1; /* an operand may stand twice */
        p->free[p->free_count++] = p->slot[value];
    }
}

static void find_last_uses(pool *p, const int *operands, int count, int instruction)
{
    for (int k = 0; k < count; k++)
        if (operands[k] >= 0) p->last_use[operands[k]] = instruction;
}

static void allocate(hra_builder *b, pool *numbers, pool *flags)
{
    hra_routine *r = b->routine;
    for (int i = 0; i < r->count; i++) {
        const hra_instruction *in = &r->instructions[i];
        find_last_uses(numbers, r->numbers + in->first_number, in->number_count, i);
        find_last_uses(flags, r->flags + in->first_flag, in->flag_count, i);
    }
    for (int value = 0; value < b->numbers; value++)
        if (b->number_pinned[value]) take(numbers, value);
    for (int value = 0; value < HRA_FLAG_CONSTANTS; value++) {
        take(flags, value);
        flags->last_use[value] = -1;
    }
    for (int i = 0; i < r->count; i++) {
        hra_instruction *in = &r->instructions[i];
        release(numbers, r->numbers + in->first_number, in->number_count, i, b->number_pinned);
        release(flags, r->flags + in->first_flag, in->flag_count, i, NULL);
        if (in->out >= 0) take(numbers, in->out);
        if (in->flag_out >= 0) take(flags, in->flag_out);
    }
}

static void rename_operands(hra_routine *r, const int *number_slot, const int *flag_slot)
{
    for (int i = 0; i < r->count; i++) {
        hra_instruction *in = &r->instructions[i];
        if (in->out >= 0) in->out = number_slot[in->out];
        if (in->flag_out >= 0) in->flag_out = flag_slot[in->flag_out];
    }
    for (int k = 0; k < r->number_count; k++)
        if (r->numbers[k] >= 0) r->numbers[k] = number_slot[r->numbers[k]];
    for (int k = 0; k < r->flag_count; k++) r->flags[k] = flag_slot[r->flags[k]];
    for (int f = 0; f < r->fold_count; f++) r->folds[f]->first_emit = number_slot[r->folds[f]->first_emit];
}

bool hra_allocate_slots(hra_builder *b)
{
    pool numbers = {0}, flags = {0};
    bool ok = pool_begin(&numbers, b->numbers) && pool_begin(&flags, b->flags);
    if (ok) {
        allocate(b, &numbers, &flags);
        rename_operands(b->routine, numbers.slot, flags.slot);
        b->routine->slots = numbers.slots;
        b->routine->flag_slots = flags.slots;
    }
    pool_end(&numbers);
    pool_end(&flags);
    return ok;
}
