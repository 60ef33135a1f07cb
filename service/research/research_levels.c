#include "service/research/research_levels.h"

#include <stdlib.h>

bool hra_research_levels_new(int count, hra_research_levels *out)
{
    *out = (hra_research_levels){.count = count};
    out->people = calloc((size_t)count + 1, sizeof *out->people);
    out->hidden = calloc((size_t)count + 1, sizeof *out->hidden);
    if (out->people && out->hidden) return true;
    hra_research_levels_destroy(out);
    return false;
}

void hra_research_levels_destroy(hra_research_levels *levels)
{
    free(levels->people);
    free(levels->hidden);
    *levels = (hra_research_levels){0};
}

/* The rarest that is told; -1: none is. */
static int rarest(const hra_research_levels *levels)
{
    int found = -1;
    for (int i = 0; i < levels->count; i++)
        if (!levels->hidden[i] && levels->people[i] > 0 && (found < 0 || levels->people[i] < levels->people[found]))
            found = i;
    return found;
}

void hra_research_levels_settle(hra_research_levels *levels, uint32_t smallest)
{
    uint64_t blanks = levels->people[levels->count];
    bool any = false;
    for (int next; (next = rarest(levels)) >= 0;) {
        if (levels->people[next] >= smallest && (!any || blanks >= smallest)) return;
        levels->hidden[next] = any = true;
        blanks += levels->people[next];
    }
}
