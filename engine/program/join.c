/* Instructions joined: a row of choices each of which is the else of the next becomes one (CHOOSE), and so do the four
 * of max(x - y, z)^3 (EXCESS_CUBED), of which cubic splines are full. What was between them stays in registers. Values
 * have one place until slots are given, so an instruction can be done where its result is read. */
#include <stdlib.h>

#include "engine/program/builder.h"

typedef struct joiner {
    hra_builder *b;
    hra_routine *r;
    int *uses;     /* of each number */
    int *producer; /* the instruction that writes it; -1: none, or it stays where it is */
    int *chain;    /* room for a row of choices */
    bool *gone;    /* instructions that have become part of another */
} joiner;

static int operand(const joiner *j, const hra_instruction *in, int k) { return j->r->numbers[in->first_number + k]; }

static void look(joiner *j)
{
    for (int i = 0; i < j->r->count; i++) {
        const hra_instruction *in = &j->r->instructions[i];
        for (int k = 0; k < in->number_count; k++)
            if (operand(j, in, k) >= 0) j->uses[operand(j, in, k)]++;
        if (in->out >= 0 && !j->b->number_pinned[in->out]) j->producer[in->out] = i;
    }
}

/* What writes a number by this kernel, where it has so many uses; NULL: something else does. */
static hra_instruction *written_by(const joiner *j, int number, int kernel, int uses)
{
    if (number < 0 || j->uses[number] != uses || j->producer[number] < 0) return NULL;
    hra_instruction *in = &j->r->instructions[j->producer[number]];
    return in->kernel == kernel ? in : NULL;
}

static void remove_instruction(joiner *j, const hra_instruction *in) { j->gone[in - j->r->instructions] = true; }

/* ---- operands behind all others ---- */

static bool add_number(joiner *j, hra_instruction *in, int number)
{
    hra_routine *r = j->r;
    if (!hra_grow((void **)&r->numbers, &j->b->number_capacity, r->number_count + 1, sizeof *r->numbers)) return false;
    if (in->number_count++ == 0) in->first_number = r->number_count;
    r->numbers[r->number_count++] = number;
    return true;
}

static bool add_flag(joiner *j, hra_instruction *in, hra_literals flag)
{
    hra_routine *r = j->r;
    if (!hra_grow((void **)&r->flags, &j->b->flag_capacity, r->flag_count + 1, sizeof *r->flags)) return false;
    if (in->flag_count++ == 0) in->first_flag = r->flag_count;
    r->flags[r->flag_count++] = flag;
    return true;
}

/* ---- choices ---- */

/* Numbers: the innermost else, then what each choice takes from there on; flags: their conditions. */
static bool join_choices(joiner *j, int last)
{
    hra_instruction *all = j->r->instructions, joined = all[last], *in;
    int links = 0;
    for (in = &all[last]; in; in = written_by(j, operand(j, in, 1), HRA_KERNEL_SELECT, 1))
        j->chain[links++] = (int)(in - all);
    if (links == 1) return true;
    joined.kernel = HRA_KERNEL_CHOOSE;
    joined.number_count = joined.flag_count = 0;
    bool ok = add_number(j, &joined, operand(j, &all[j->chain[links - 1]], 1));
    for (int k = links - 1; ok && k >= 0; k--) {
        in = &all[j->chain[k]];
        ok = add_number(j, &joined, operand(j, in, 0)) && add_flag(j, &joined, j->r->flags[in->first_flag]);
        j->gone[j->chain[k]] = k > 0;
    }
    all[last] = joined;
    return ok;
}

/* ---- cubes ---- */

/* m * m * m of m = max(x - y, z), where nobody else reads any of it. */
static bool join_cube(joiner *j, int last)
{
    hra_instruction *in = &j->r->instructions[last], cube = *in;
    for (int k = 0; k < 2; k++) {
        int base = operand(j, in, 1 - k);
        hra_instruction *square = written_by(j, operand(j, in, k), HRA_KERNEL_MUL, 1);
        hra_instruction *larger = written_by(j, base, HRA_KERNEL_MAX, 3);
        if (!square || !larger || operand(j, square, 0) != base || operand(j, square, 1) != base) continue;
        hra_instruction *difference = written_by(j, operand(j, larger, 0), HRA_KERNEL_SUB, 1);
        if (!difference) continue;
        cube.kernel = HRA_KERNEL_EXCESS_CUBED;
        cube.number_count = 0;
        const int operands[3] = {operand(j, difference, 0), operand(j, difference, 1), operand(j, larger, 1)};
        bool ok = true;
        for (int n = 0; ok && n < 3; n++) ok = add_number(j, &cube, operands[n]);
        remove_instruction(j, square);
        remove_instruction(j, larger);
        remove_instruction(j, difference);
        *in = cube;
        return ok;
    }
    return true;
}

/* ---- all of them ---- */

static void close_up(joiner *j)
{
    int kept = 0;
    for (int i = 0; i < j->r->count; i++)
        if (!j->gone[i]) j->r->instructions[kept++] = j->r->instructions[i];
    j->r->count = kept;
}

bool hra_join_instructions(hra_builder *b)
{
    size_t count = (size_t)b->routine->count + 1, numbers = (size_t)b->numbers + 1;
    joiner j = {.b = b,
                .r = b->routine,
                .uses = calloc(numbers, sizeof *j.uses),
                .producer = malloc(numbers * sizeof *j.producer),
                .chain = malloc(count * sizeof *j.chain),
                .gone = calloc(count, sizeof *j.gone)};
    bool ok = j.uses && j.producer && j.chain && j.gone;
    for (size_t n = 0; ok && n < numbers; n++) j.producer[n] = -1;
    if (ok) look(&j);
    for (int i = j.r->count - 1; ok && i >= 0; i--) {
        if (j.gone[i]) continue;
        int kernel = j.r->instructions[i].kernel;
        if (kernel == HRA_KERNEL_SELECT) ok = join_choices(&j, i);
        if (kernel == HRA_KERNEL_MUL) ok = join_cube(&j, i);
    }
    if (ok) close_up(&j);
    free(j.uses);
    free(j.producer);
    free(j.chain);
    free(j.gone);
    return ok;
}
