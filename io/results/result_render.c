/* The rows of a column of results as they stand in the file. */
#include <math.h>
#include <string.h>

#include "base/bit_rows.h"
#include "engine/run/kept.h"
#include "io/files/vector_level.h"
#include "io/people/store_layout.h"
#include "io/results/result_layout.h"

/* Loops compiled twice; the processor decides at run time. */
#define DEFINE_NARROW(name, target)                                                                                    \
    target static void name(const double *restrict values, int rows, float *restrict out)                              \
    {                                                                                                                  \
        for (int i = 0; i < rows; i++) out[i] = (float)values[i];                                                      \
    }
DEFINE_NARROW(narrow_plain, )
DEFINE_NARROW(narrow_avx2, HRA_AVX2)

static void render_real(const hra_result_column *c, const double *values, int rows, void *out)
{
    if (c->item_size == 8) {
        memcpy(out, values, (size_t)rows * sizeof *values);
        return;
    }
    (HRA_HAS_AVX2 ? narrow_avx2 : narrow_plain)(values, rows, out);
}

static uint8_t small_level(uint16_t level) { return (uint8_t)level; } /* unknown stays all ones */

/* A category or, beside the sets, a flag. */
static void render_ordinal(const hra_result_column *c, const hra_results *results, int rows, void *out)
{
    const uint16_t *levels = results->levels[c->output];
    uint8_t *small = out;
    if (!levels)
        for (int i = 0; i < rows; i++) {
            double value = hra_results_value(results, c->output, i);
            small[i] = isnan(value) ? UINT8_MAX : (uint8_t)value;
        }
    else if (c->item_size == 1)
        for (int i = 0; i < rows; i++) small[i] = small_level(levels[i]);
    else
        memcpy(out, levels, (size_t)rows * sizeof *levels);
}

static void render_bits(const hra_result_column *c, const hra_results *results, int rows, uint64_t *out)
{
    uint64_t *const *all = c->content == HRA_RESULT_KNOWN ? results->known : results->truth;
    for (int first = 0; first < c->set->count; first += 64) {
        const uint64_t *planes[64];
        int count = c->set->count - first < 64 ? c->set->count - first : 64;
        for (int f = 0; f < count; f++) planes[f] = all[c->set->outputs[first + f]];
        hra_bit_rows(planes, count, rows, out + first / 64, (size_t)c->items);
    }
}

static void render_key(const hra_chunk *chunk, char *out)
{
    for (int i = 0; i < chunk->rows; i++)
        memcpy(out + (size_t)i * HRA_STORE_KEY_LENGTH, chunk->keys[i], HRA_STORE_KEY_LENGTH);
}

/* Unknown places are -1, all ones. */
static void render_place(const void *places, size_t size, int rows, void *out)
{
    if (places)
        memcpy(out, places, (size_t)rows * size);
    else
        memset(out, 0xFF, (size_t)rows * size);
}

/* The numbers fit: the width was chosen by the count of texts. */
static void render_label(const hra_result_column *c, const hra_label_codes *codes, int rows, void *out)
{
    int8_t *narrow = out;
    int16_t *middle = out;
    if (!codes->index)
        memset(out, 0xFF, (size_t)rows * (size_t)c->item_size);
    else if (c->item_size == 4)
        memcpy(out, codes->index, (size_t)rows * sizeof *codes->index);
    else if (c->item_size == 2)
        for (int i = 0; i < rows; i++) middle[i] = (int16_t)codes->index[i];
    else
        for (int i = 0; i < rows; i++) narrow[i] = (int8_t)codes->index[i];
}

void hra_result_render(const hra_result_layout *l, const hra_result_column *c, const hra_chunk *chunk,
                       const hra_results *results, void *out)
{
    switch (c->content) {
    case HRA_RESULT_REAL: render_real(c, results->numbers[c->output], chunk->rows, out); break;
    case HRA_RESULT_ORDINAL: render_ordinal(c, results, chunk->rows, out); break;
    case HRA_RESULT_STATUS: memcpy(out, results->status[c->output], (size_t)chunk->rows); break;
    case HRA_RESULT_KNOWN:
    case HRA_RESULT_TRUE: render_bits(c, results, chunk->rows, out); break;
    case HRA_RESULT_KEPT: hra_kept_values(l->schema, chunk, c->output, out); break;
    case HRA_RESULT_KEY: render_key(chunk, out); break;
    case HRA_RESULT_LINE: render_place(chunk->source_lines, sizeof *chunk->source_lines, chunk->rows, out); break;
    case HRA_RESULT_FILE: render_place(chunk->source_files, sizeof *chunk->source_files, chunk->rows, out); break;
    case HRA_RESULT_LABEL: render_label(c, &chunk->labels[c->output], chunk->rows, out); break;
    case HRA_RESULT_TEXT: break; /* needs the table of all texts: see result_sink.c */
    }
}
