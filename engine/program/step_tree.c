#include "engine/program/step_tree.h"

#include <math.h>
#include <stdlib.h>

/* What x must reach to lie right of the cut; NaN: it never does. */
static double reached_at(const hra_step *step, int cut)
{
    if (cut >= step->cut_count) return (double)NAN;
    if (!step->after[cut]) return step->cuts[cut];
    return isinf(step->cuts[cut]) && step->cuts[cut] > 0 ? (double)NAN : nextafter(step->cuts[cut], HUGE_VAL);
}

/* How many cuts a way leads past: its first turn counts for half of all, the next for half of that. */
static int cuts_passed(int way, int turns, int levels)
{
    int passed = 0;
    for (int turn = 0; turn < turns; turn++)
        if (way >> turn & 1) passed += 1 << (levels - 1 - turn);
    return passed;
}

hra_step_tree *hra_step_tree_new(const hra_step *step)
{
    int levels = 0;
    while (step->cut_count >= 1 << levels) levels++;
    size_t leaves = (size_t)1 << levels;
    hra_step_tree *tree = malloc(sizeof *tree + 2 * leaves * sizeof(double));
    if (!tree) return NULL;
    double *cuts = (double *)(tree + 1), *values = cuts + leaves;
    *tree = (hra_step_tree){.levels = levels, .cuts = cuts, .values = values};
    cuts[0] = (double)NAN; /* no cut has this number */
    for (int level = 0; level < levels; level++)
        for (int way = 0; way < 1 << level; way++)
            cuts[(1 << level) + way] =
                reached_at(step, cuts_passed(way, level, levels) + (1 << (levels - 1 - level)) - 1);
    for (int way = 0; way < 1 << levels; way++) {
        int passed = cuts_passed(way, levels, levels);
        values[way] = passed <= step->cut_count ? step->values[passed] : (double)NAN;
    }
    return tree;
}
