#include "engine/graph/status_sets.h"

#include <stdlib.h>
#include <string.h>

bool hra_status_sets_make(int output_count, hra_status_sets *out)
{
    size_t bytes = ((size_t)output_count + 1) * sizeof *out->of;
    *out = (hra_status_sets){.of = malloc(bytes)};
    if (out->of) memset(out->of, 0xFF, bytes); /* -1 */
    return out->of != NULL;
}

void hra_status_sets_all(hra_status_sets *sets, const hra_output *outputs, int output_count)
{
    for (int i = 0; i < output_count; i++)
        for (int k = 0; k < HRA_STATUS_SETS && outputs[i].status_of == i; k++) sets->of[i][k] = sets->count++;
}

void hra_status_sets_destroy(hra_status_sets *sets)
{
    free(sets->of);
    *sets = (hra_status_sets){0};
}
