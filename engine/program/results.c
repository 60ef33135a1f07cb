#include "engine/program/results.h"

#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 64, WORD_ROWS = 64 };

/* Whole cache lines: kernels write whole vectors. */
static void *column_of(size_t rows, size_t size)
{
    size_t bytes = (rows * size + ALIGNMENT) / ALIGNMENT * ALIGNMENT;
    return aligned_alloc(ALIGNMENT, bytes);
}

static uint64_t *plane_of(size_t rows)
{
    uint64_t *plane = column_of(rows / WORD_ROWS + 1, sizeof *plane);
    if (plane) memset(plane, 0, (rows / WORD_ROWS + 1) * sizeof *plane);
    return plane;
}

static bool add_column(hra_results *r, int output, hra_output_kind kind)
{
    size_t rows = (size_t)r->capacity;
    if (kind == HRA_OUTPUT_FLAG) {
        r->known[output] = plane_of(rows);
        r->truth[output] = plane_of(rows);
        return r->known[output] && r->truth[output];
    }
    if (kind == HRA_OUTPUT_CATEGORY) {
        uint16_t *levels = r->levels[output] = column_of(rows, sizeof *levels);
        for (size_t i = 0; levels && i < rows; i++) levels[i] = HRA_ORDINAL_UNKNOWN;
        return levels != NULL;
    }
    double *numbers = r->numbers[output] = column_of(rows, sizeof *numbers);
    for (size_t i = 0; numbers && i < rows; i++) numbers[i] = (double)NAN;
    return numbers != NULL;
}

hra_results *hra_results_new(int output_count, const hra_output *outputs, int rows)
{
    hra_results *r = calloc(1, sizeof *r);
    if (!r) return NULL;
    size_t count = (size_t)output_count + 1;
    r->rows = r->capacity = rows;
    r->output_count = output_count;
    r->numbers = calloc(count, sizeof(double *));
    r->known = calloc(count, sizeof(uint64_t *));
    r->truth = calloc(count, sizeof(uint64_t *));
    r->levels = calloc(count, sizeof(uint16_t *));
    r->status = calloc(count, sizeof(uint8_t *));
    bool ok = r->numbers && r->known && r->truth && r->levels && r->status;
    for (int i = 0; ok && i < output_count; i++) {
        ok = add_column(r, i, outputs[i].kind);
        if (!ok || outputs[i].status_of != i) continue;
        r->status[i] = column_of((size_t)rows, sizeof(uint8_t));
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
        if (results->numbers) free(results->numbers[i]);
        if (results->known) free(results->known[i]);
        if (results->truth) free(results->truth[i]);
        if (results->levels) free(results->levels[i]);
        if (results->status) free(results->status[i]);
    }
    free(results->numbers);
    free(results->known);
    free(results->truth);
    free(results->levels);
    free(results->status);
    free(results);
}

double hra_results_width(const hra_output *output)
{
    switch (output->kind) {
    case HRA_OUTPUT_FLAG: return 0.25;
    case HRA_OUTPUT_CATEGORY: return sizeof(uint16_t);
    case HRA_OUTPUT_NUMBER: break;
    }
    return sizeof(double);
}

void hra_results_put(hra_results *results, int output, int row, double value)
{
    bool known = !isnan(value);
    if (results->numbers[output]) {
        results->numbers[output][row] = known ? value : (double)NAN;
    } else if (results->levels[output]) {
        results->levels[output][row] = known ? (uint16_t)value : HRA_ORDINAL_UNKNOWN;
    } else {
        uint64_t bit = UINT64_C(1) << (row % WORD_ROWS);
        uint64_t *k = &results->known[output][row / WORD_ROWS], *t = &results->truth[output][row / WORD_ROWS];
        *k = known ? *k | bit : *k & ~bit;
        *t = known && value != 0 ? *t | bit : *t & ~bit;
    }
}

void hra_results_column(const hra_results *results, int output, double *out)
{
    if (results->numbers[output])
        memcpy(out, results->numbers[output], (size_t)results->rows * sizeof *out);
    else
        for (int row = 0; row < results->rows; row++) out[row] = hra_results_value(results, output, row);
}
