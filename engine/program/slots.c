/* Instructions whose results nobody reads go; then slots: every value lives from its instruction to its last use; a
 * slot is taken again as soon as it is free, the last freed first, so that few stay hot. An instruction may write over
 * an operand that ends with it: kernels read a row before they write it. */
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

/* Gives back the slot of an operand that ends at this instruction. */
static void release(pool *p, int value, int instruction, const bool *pinned)
{
    if (value < 0 || p->last_use[value] != instruction || (pinned && pinned[value])) return;
    p->last_use[value] = -1; /* an operand may stand twice */
    p->free[p->free_count++] = p->slot[value];
}

static void use(pool *p, int value, int instruction)
{
    if (value >= 0) p->last_use[value] = instruction;
}

/* ---- what nobody reads ----------------------------------------------------------- */

typedef struct live {
    bool *numbers, *planes;
} live;

static bool is_live(const hra_builder *b, const hra_instruction *in, const live *l)
{
    if (in->target >= 0 || in->kernel == HRA_KERNEL_FOLD) return true;
    return (in->out >= 0 && (l->numbers[in->out] || b->number_pinned[in->out])) ||
           (in->known_out >= 0 && l->planes[in->known_out]) || (in->truth_out >= 0 && l->planes[in->truth_out]);
}

static void mark_operands(const hra_routine *r, const hra_instruction *in, live *l)
{
    for (int k = 0; k < in->number_count; k++) {
        int value = r->numbers[in->first_number + k];
        if (value >= 0) l->numbers[value] = true;
    }
    for (int k = 0; k < in->flag_count; k++) {
        hra_literals flag = r->flags[in->first_flag + k];
        l->planes[flag.known >> 1] = l->planes[flag.truth >> 1] = true;
    }
}

static bool drop_dead(hra_builder *b)
{
    hra_routine *r = b->routine;
    live l = {calloc((size_t)b->numbers + 1, sizeof(bool)), calloc((size_t)b->planes + 1, sizeof(bool))};
    bool *keep = calloc((size_t)r->count + 1, sizeof *keep), ok = l.numbers && l.planes && keep;
    for (int i = r->count - 1; ok && i >= 0; i--) {
        keep[i] = is_live(b, &r->instructions[i], &l);
        if (keep[i]) mark_operands(r, &r->instructions[i], &l);
    }
    int kept = 0;
    for (int i = 0; ok && i < r->count; i++)
        if (keep[i]) r->instructions[kept++] = r->instructions[i];
    if (ok) r->count = kept;
    free(l.numbers);
    free(l.planes);
    free(keep);
    return ok;
}

/* ---- stores of planes ------------------------------------------------------------- */

/* They come last, in a row: that is one call, and so are the gates that they stood between. */
static bool store_planes_last(hra_routine *r)
{
    hra_instruction *stores = malloc(((size_t)r->count + 1) * sizeof *stores);
    if (!stores) return false;
    int stored = 0, others = 0;
    for (int i = 0; i < r->count; i++) {
        hra_instruction in = r->instructions[i];
        if (in.kernel == HRA_KERNEL_STORE_FLAG || in.kernel == HRA_KERNEL_STORE_PLANE)
            stores[stored++] = in;
        else
            r->instructions[others++] = in;
    }
    for (int k = 0; k < stored; k++) r->instructions[others + k] = stores[k];
    free(stores);
    return true;
}

/* ---- slots ------------------------------------------------------------------------ */

static void find_last_uses(const hra_routine *r, pool *numbers, pool *planes)
{
    for (int i = 0; i < r->count; i++) {
        const hra_instruction *in = &r->instructions[i];
        for (int k = 0; k < in->number_count; k++) use(numbers, r->numbers[in->first_number + k], i);
        for (int k = 0; k < in->flag_count; k++) {
            use(planes, r->flags[in->first_flag + k].known >> 1, i);
            use(planes, r->flags[in->first_flag + k].truth >> 1, i);
        }
    }
    planes->last_use[0] = -1; /* the zeros stay */
}

/* A plane that nobody reads gets a slot, too, and gives it back at once. */
static void take_plane(pool *planes, int plane, int instruction)
{
    if (plane < 0) return;
    if (planes->last_use[plane] < 0) planes->last_use[plane] = instruction;
    take(planes, plane);
}

static void allocate(hra_builder *b, pool *numbers, pool *planes)
{
    hra_routine *r = b->routine;
    find_last_uses(r, numbers, planes);
    for (int value = 0; value < b->numbers; value++)
        if (b->number_pinned[value]) take(numbers, value);
    take(planes, 0);
    for (int i = 0; i < r->count; i++) {
        hra_instruction *in = &r->instructions[i];
        for (int k = 0; k < in->number_count; k++)
            release(numbers, r->numbers[in->first_number + k], i, b->number_pinned);
        for (int k = 0; k < in->flag_count; k++) {
            release(planes, r->flags[in->first_flag + k].known >> 1, i, NULL);
            release(planes, r->flags[in->first_flag + k].truth >> 1, i, NULL);
        }
        if (in->out >= 0) take(numbers, in->out);
        take_plane(planes, in->known_out, i);
        take_plane(planes, in->truth_out, i);
        release(planes, in->known_out, i, NULL);
        release(planes, in->truth_out, i, NULL);
    }
}

static int renamed(const pool *planes, int literal) { return 2 * planes->slot[literal >> 1] + (literal & 1); }

static void rename_operands(hra_routine *r, const pool *numbers, const pool *planes)
{
    for (int i = 0; i < r->count; i++) {
        hra_instruction *in = &r->instructions[i];
        if (in->out >= 0) in->out = numbers->slot[in->out];
        if (in->known_out >= 0) in->known_out = planes->slot[in->known_out];
        if (in->truth_out >= 0) in->truth_out = planes->slot[in->truth_out];
        for (int k = 0; k < in->number_count; k++) {
            int *value = &r->numbers[in->first_number + k];
            if (*value >= 0) *value = numbers->slot[*value];
        }
        for (int k = 0; k < in->flag_count; k++) {
            hra_literals *flag = &r->flags[in->first_flag + k];
            *flag = (hra_literals){renamed(planes, flag->known), renamed(planes, flag->truth)};
        }
    }
    for (int f = 0; f < r->fold_count; f++) r->folds[f]->first_emit = numbers->slot[r->folds[f]->first_emit];
}

bool hra_allocate_slots(hra_builder *b)
{
    pool numbers = {0}, planes = {0};
    bool ok = drop_dead(b) && store_planes_last(b->routine) && (!b->request.fuse || hra_join_instructions(b)) &&
              pool_begin(&numbers, b->numbers) && pool_begin(&planes, b->planes);
    if (ok) {
        allocate(b, &numbers, &planes);
        rename_operands(b->routine, &numbers, &planes);
        b->routine->slots = numbers.slots;
        b->routine->planes = planes.slots;
    }
    pool_end(&numbers);
    pool_end(&planes);
    return ok;
}
