#include "report/models/sample.h"

#include <math.h>

#include "base/arena.h"

/* splitmix64 */
static uint64_t random_bits(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

/* The codes that plausible values have: first and how many. */
static void plausible_codes(const hra_column *column, const hra_variable *v, uint32_t *first, uint32_t *many)
{
    *first = 0;
    *many = column->levels;
    bool limited = v->type == HRA_TYPE_MEASURE || v->type == HRA_TYPE_COUNT;
    if (!limited || isnan(v->plausible_min) || isnan(v->plausible_max)) return;
    double scale = hra_pow10(column->decimals);
    double low = ceil(v->plausible_min * scale) - (double)column->first;
    double high = floor(v->plausible_max * scale) - (double)column->first;
    if (low < 0) low = 0;
    if (high > column->levels - 1.0) high = column->levels - 1.0;
    if (low > high) return;
    *first = (uint32_t)low;
    *many = (uint32_t)(high - low) + 1;
}

static bool fill(hra_sample *s, int c, const hra_variable *v)
{
    const hra_column *column = &s->schema.columns[c];
    bool wide = hra_column_wide(column);
    uint32_t first, many;
    plausible_codes(column, v, &first, &many);
    void *memory = hra_arena_alloc(s->arena, (size_t)s->chunk.rows * (wide ? sizeof(uint32_t) : sizeof(uint16_t)));
    if (!memory) return false;
    uint64_t state = (uint64_t)column->variable + 1;
    for (int row = 0; row < s->chunk.rows; row++) {
        uint32_t code = first + (uint32_t)(random_bits(&state) % many);
        if (wide)
            ((uint32_t *)memory)[row] = code;
        else
            ((uint16_t *)memory)[row] = (uint16_t)code;
    }
    s->chunk.columns[c] = wide ? (hra_codes){.u32 = memory} : (hra_codes){.u16 = memory};
    return true;
}

static hra_code add_columns(hra_sample *s, const char *const *names, int count, hra_error *error)
{
    for (int i = 0; i < count; i++) {
        int variable = hra_dictionary_find(s->schema.dictionary, names[i]);
        const hra_variable *v = variable < 0 ? NULL : hra_dictionary_at(s->schema.dictionary, variable);
        if (!v || v->type > HRA_TYPE_DATE) continue;
        int c = s->schema.column_count;
        HRA_TRY(hra_column_for(s->schema.dictionary, variable, NULL, &s->schema.columns[c], error));
        if (s->schema.columns[c].levels == 0) continue;
        if (!fill(s, c, v)) return hra_fail(error, HRA_ENOMEM, "out of memory making people");
        s->schema.column_count++;
    }
    return HRA_OK;
}

hra_code hra_sample_new(const hra_dictionary *dictionary, const char *const *names, int count, int rows,
                        hra_sample **out, hra_error *error)
{
    *out = NULL;
    hra_arena *arena = hra_arena_new();
    hra_sample *s = arena ? hra_arena_alloc(arena, sizeof *s) : NULL;
    if (!s) {
        hra_arena_free(arena);
        return hra_fail(error, HRA_ENOMEM, "out of memory making people");
    }
    s->arena = arena;
    s->schema.dictionary = dictionary;
    s->schema.columns = hra_arena_alloc(arena, ((size_t)count + 1) * sizeof(hra_column));
    s->chunk.columns = hra_arena_alloc(arena, ((size_t)count + 1) * sizeof(hra_codes));
    s->chunk.rows = rows;
    bool ok = s->schema.columns && s->chunk.columns;
    hra_code code =
        ok ? add_columns(s, names, count, error) : hra_fail(error, HRA_ENOMEM, "out of memory making people");
    if (code == HRA_OK)
        *out = s;
    else
        hra_sample_free(s);
    return code;
}

void hra_sample_free(hra_sample *sample)
{
    if (sample) hra_arena_free(sample->arena);
}
