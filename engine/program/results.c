#include <stdlib.h>

#include "engine/program/program.h"

hra_results *hra_results_new(int output_count, const hra_output *outputs, int rows)
{
    hra_results *r = calloc(1, sizeof *r);
    if (!r) return NULL;
    size_t count = (size_t)output_count, height = (size_t)rows;
    r->rows = r->capacity = rows;
    r->output_count = output_count;
    r->values = calloc(count + 1, sizeof(double *));
    r->status = calloc(count + 1, sizeof(uint8_t *));
    bool ok = r->values && r->status;
    for (size_t i = 0; ok && i < count; i++) {
        r->values[i] = malloc((height + 1) * sizeof(double));
        ok = r->values[i] != NULL;
        if (!ok || outputs[i].status_of != (int)i) continue;
        r->status[i] = malloc(height + 1);
        ok = r->status[i] != NULL;
    }
    if (ok) return r;
    hra_results_free(r);
    return NULL;
}

void hra_results_free(hra_results *results)
{
    if (!results) return;
    for (int i = 0; i < results->output_count; i++) {
        if (results->values) free(results->values[i]);
        if (results->status) free(results->status[i]);
    }
    free(results->values);
    free(results->status);
    free(results);
}
