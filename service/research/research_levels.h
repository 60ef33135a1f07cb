/* Rare answers of a table for research: a level of a category, or a yes or no, that fewer people have than the policy
 * wants is not told. Where the blanks that come of it would be few, too, the next rarest goes with it. */
#ifndef HRA_SERVICE_RESEARCH_LEVELS_H
#define HRA_SERVICE_RESEARCH_LEVELS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct hra_research_levels {
    uint64_t *people; /* by level; the last one: unknown */
    bool *hidden;
    int count; /* levels */
} hra_research_levels;

bool hra_research_levels_new(int count, hra_research_levels *out); /* false: out of memory */
void hra_research_levels_destroy(hra_research_levels *levels);
void hra_research_levels_settle(hra_research_levels *levels, uint32_t smallest);

#endif
