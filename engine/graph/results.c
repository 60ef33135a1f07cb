#include "engine/graph/results.h"

#include <stdlib.h>
#include <string.h>

#include "base/large_memory.h"

enum { LINE = 64, WORD_ROWS = 64 };

/* ---- one memory for all columns: first its size is found, then it is given out ------- */

typedef struct room {
    char *memory; /* NULL: only counted */
    size_t used;
} room;

static size_t words_of(size_t rows) { return (rows + WORD_ROWS - 1) / WORD_ROWS; }

/* Whole cache lines, because kernels write whole vectors; one more, so that the same rows of columns of a power of two
 * do not fall on each other in the caches. */
static void *column_of(room *r, size_t rows, size_t size)
{
    size_t start = r->used;
    r->used += (rows * size + LINE) / LINE * LINE + LINE;
    return r->memory ? r->memory + start : NULL;
}

/* Planes of a line each, as those of a small piece, stand side by side, as they are written and read. */
static uint64_t *plane_of(room *r, size_t words)
{
    size_t start = r->used, bytes = (words * sizeof(uint64_t) + LINE - 1) / LINE * LINE;
    r->used += bytes > LINE ? bytes + LINE : bytes;
    return r->memory ? (uint64_t *)(void *)(r->memory + start) : NULL;
}

static void place_columns(hra_results *results, room *left, const hra_output *outputs, const bool *status_wanted)
{
    size_t rows = (size_t)results->capacity, words = words_of(rows);
    for (int i = 0; i < results->output_count; i++) {
        switch (outputs[i].kind) {
        case HRA_OUTPUT_FLAG:
            results->known[i] = plane_of(left, words);
            results->truth[i] = plane_of(left, words);
            break;
        case HRA_OUTPUT_CATEGORY: results->levels[i] = column_of(left, rows, sizeof(uint16_t)); break;
        case HRA_OUTPUT_NUMBER: results->numbers[i] = column_of(left, rows, sizeof(double)); break;
        }
        if (outputs[i].status_of == i && (!status_wanted || status_wanted[i]))
            results->status[i] = column_of(left, rows, sizeof(uint8_t));
    }
    for (int k = 0; results->status_sets && k < results->status_sets->count; k++)
        results->sets[k] = plane_of(left, words);
}

static void set_unknown(hra_results *r, int output)
{
    size_t rows = (size_t)r->capacity, words = words_of(rows);
    for (size_t i = 0; r->numbers[output] && i < rows; i++) r->numbers[output][i] = (double)NAN;
    for (size_t i = 0; r->levels[output] && i < rows; i++) r->levels[output][i] = HRA_ORDINAL_UNKNOWN;
    if (r->known[output]) memset(r->known[output], 0, words * sizeof(uint64_t));
    if (r->truth[output]) memset(r->truth[output], 0, words * sizeof(uint64_t));
}

hra_results *hra_results_new(int output_count, const hra_output *outputs, int rows)
{
    return hra_results_with(output_count, outputs, NULL, NULL, rows);
}

hra_results *hra_results_with(int output_count, const hra_output *outputs, const bool *status_wanted,
                              const hra_status_sets *sets, int rows)
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
    r->status_sets = sets;
    r->sets = calloc((size_t)(sets ? sets->count : 0) + 1, sizeof(uint64_t *));
    bool ok = r->numbers && r->known && r->truth && r->levels && r->status && r->sets;
    room all = {0};
    if (ok) {
        place_columns(r, &all, outputs, status_wanted);
        r->memory = all.memory = hra_large_memory(all.used + LINE);
        ok = r->memory;
    }
    if (!ok) {
        hra_results_free(r);
        return NULL;
    }
    all.used = 0;
    place_columns(r, &all, outputs, status_wanted);
    for (int i = 0; i < output_count; i++) set_unknown(r, i);
    for (int k = 0; sets && k < sets->count; k++) memset(r->sets[k], 0, words_of((size_t)rows) * sizeof(uint64_t));
    return r;
}

void hra_results_free(hra_results *results)
{
    if (!results) return;
    free(results->numbers);
    free(results->known);
    free(results->truth);
    free(results->levels);
    free(results->status);
    free(results->sets);
    free(results->memory);
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

static void put_bit(uint64_t *plane, int row, bool set)
{
    uint64_t bit = UINT64_C(1) << (row % WORD_ROWS), *word = &plane[row / WORD_ROWS];
    *word = set ? *word | bit : *word & ~bit;
}

void hra_results_put(hra_results *results, int output, int row, double value)
{
    bool known = !isnan(value);
    if (results->numbers[output]) {
        results->numbers[output][row] = known ? value : (double)NAN;
    } else if (results->levels[output]) {
        results->levels[output][row] = known ? (uint16_t)value : HRA_ORDINAL_UNKNOWN;
    } else {
        put_bit(results->known[output], row, known);
        put_bit(results->truth[output], row, known && value != 0);
    }
}

void hra_results_put_status(hra_results *results, int output, int row, unsigned status)
{
    if (results->status[output]) results->status[output][row] = (uint8_t)status;
    if (!results->status_sets) return;
    const int *sets = results->status_sets->of[output];
    for (int k = 0; k < HRA_STATUS_SETS; k++)
        if (sets[k] >= 0) put_bit(results->sets[sets[k]], row, k == 0 ? status != 0 : status >> (k - 1) & 1);
}

void hra_results_column(const hra_results *results, int output, double *out)
{
    if (results->numbers[output])
        memcpy(out, results->numbers[output], (size_t)results->rows * sizeof *out);
    else
        for (int row = 0; row < results->rows; row++) out[row] = hra_results_value(results, output, row);
}
