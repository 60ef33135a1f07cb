#include "engine/summary/group_state.h"

#include <stdlib.h>
#include <string.h>

#include "base/large_memory.h"

enum { BLOCK = HRA_SUM_BLOCK, SIDE = 4, FEW_LEVELS = 12, STATE_ALIGNMENT = 64, MEMORY_LEAST = 64 << 10, DOUBLINGS = 6 };

/* ---- what is kept ------------------------------------------------------------------------ */

static int counters_of(const hra_output *output)
{
    switch (output->kind) {
    case HRA_OUTPUT_FLAG: return 2;
    case HRA_OUTPUT_CATEGORY: return 1 + output->level_count;
    case HRA_OUTPUT_NUMBER: break;
    }
    return 1;
}

static void place(hra_state_layout *layout, int i)
{
    const hra_output *output = &layout->outputs[i];
    bool kept = output->role != HRA_ROLE_AGGREGATE;
    layout->counts[i] = kept ? layout->count_count : -1;
    if (kept) layout->count_count += counters_of(output);
    layout->sums[i] = kept && output->kind == HRA_OUTPUT_NUMBER ? layout->sum_count++ : -1;
    if (kept && output->kind == HRA_OUTPUT_FLAG) layout->flags[layout->flag_count++] = i;
    if (output->level_count > layout->most_levels) layout->most_levels = output->level_count;
}

bool hra_state_layout_make(const hra_output *outputs, int output_count, const hra_status_sets *sets,
                           hra_state_layout *out)
{
    size_t count = (size_t)output_count + 1;
    *out = (hra_state_layout){.outputs = outputs, .output_count = output_count, .sets = sets};
    out->counts = calloc(count, sizeof *out->counts);
    out->sums = calloc(count, sizeof *out->sums);
    out->flags = calloc(count, sizeof *out->flags);
    if (!out->counts || !out->sums || !out->flags) return false;
    for (int i = 0; i < output_count; i++) place(out, i);
    out->first_set = out->count_count;
    out->count_count += sets->count;
    return true;
}

void hra_state_layout_destroy(hra_state_layout *layout)
{
    free(layout->counts);
    free(layout->sums);
    free(layout->flags);
    *layout = (hra_state_layout){0};
}

static size_t state_bytes(const hra_state_layout *layout)
{
    size_t bytes = sizeof(hra_group_state) + (size_t)layout->sum_count * sizeof(__int128) +
                   (size_t)layout->count_count * sizeof(uint32_t);
    return (bytes + STATE_ALIGNMENT - 1) / STATE_ALIGNMENT * STATE_ALIGNMENT;
}

/* A further memory, as large as all before it. */
static bool more_memory(hra_state_store *store, size_t least)
{
    size_t bytes = (size_t)MEMORY_LEAST << (store->memory_count < DOUBLINGS ? store->memory_count : DOUBLINGS);
    if (bytes < least) bytes = least;
    void **memories = realloc((void *)store->memories, ((size_t)store->memory_count + 1) * sizeof *memories);
    if (!memories) return false;
    store->memories = memories;
    char *memory = hra_large_memory(bytes);
    if (!memory) return false;
    memories[store->memory_count++] = memory;
    store->next = memory;
    store->left = bytes;
    return true;
}

hra_group_state *hra_group_state_new(hra_state_store *store, const hra_state_layout *layout)
{
    size_t bytes = state_bytes(layout);
    if (bytes > store->left && !more_memory(store, bytes)) return NULL;
    hra_group_state *state = memset(store->next, 0, bytes);
    store->next += bytes;
    store->left -= bytes;
    state->counts = (uint32_t *)(void *)&state->sums[layout->sum_count];
    return state;
}

void hra_state_store_destroy(hra_state_store *store)
{
    for (int i = 0; i < store->memory_count; i++) free(store->memories[i]);
    free((void *)store->memories);
    *store = (hra_state_store){0};
}

bool hra_group_state_people(hra_group_state *state, int64_t people)
{
    if (state->people > (int64_t)UINT32_MAX - people) return false;
    state->people += people;
    return true;
}

/* ---- rows of one group ------------------------------------------------------------------- */

bool hra_state_scratch_make(const hra_state_layout *layout, hra_state_scratch *out)
{
    size_t planes = 2 * (size_t)layout->flag_count + 1;
    *out = (hra_state_scratch){.levels = calloc(SIDE * ((size_t)layout->most_levels + 1), sizeof *out->levels),
                               .bits = calloc(planes, sizeof *out->bits),
                               .planes = calloc(planes, sizeof *out->planes)};
    return out->levels && out->bits && out->planes;
}

void hra_state_scratch_destroy(hra_state_scratch *scratch)
{
    free(scratch->levels);
    free(scratch->bits);
    free(scratch->planes);
}

/* The counter of a level, and the first of those without one. */
static inline uint16_t counter_of(uint16_t level) { return (uint16_t)(level + 1); }
_Static_assert(HRA_ORDINAL_UNKNOWN == UINT16_MAX, "the unknown ordinal comes to counter 0");

/* Neighbours often have the same level: SIDE counters of each let them be counted side by side. */
static void count_levels(const uint16_t *levels, int rows, int level_count, uint32_t *scratch, uint32_t *counts)
{
    size_t counters = (size_t)level_count + 1;
    int r = 0;
    if (level_count <= FEW_LEVELS) {
        hra_rows_levels(levels, rows, level_count, counts);
        return;
    }
    if (rows >= level_count) {
        memset(scratch, 0, SIDE * counters * sizeof *scratch);
        for (; r + SIDE <= rows; r += SIDE)
            for (size_t k = 0; k < SIDE; k++) scratch[SIDE * counter_of(levels[r + (int)k]) + k]++;
        for (size_t c = 0; c < counters; c++)
            for (size_t k = 0; k < SIDE; k++) counts[c] += scratch[SIDE * c + k];
    }
    for (; r < rows; r++) counts[counter_of(levels[r])]++;
}

static void count_flags(const hra_state_layout *layout, hra_group_state *state, const hra_results *results, int start,
                        int end, const hra_state_scratch *scratch)
{
    uint64_t **planes = scratch->planes;
    for (int f = 0; f < layout->flag_count; f++) {
        planes[2 * f] = results->known[layout->flags[f]];
        planes[2 * f + 1] = results->truth[layout->flags[f]];
    }
    memset(scratch->bits, 0, 2 * (size_t)layout->flag_count * sizeof *scratch->bits);
    hra_rows_bits(planes, 2 * layout->flag_count, start, end, scratch->bits);
    for (int f = 0; f < layout->flag_count; f++) {
        uint32_t *counts = state->counts + layout->counts[layout->flags[f]];
        counts[0] += (uint32_t)(end - start) - scratch->bits[2 * f];
        counts[1] += scratch->bits[2 * f + 1];
    }
}

void hra_group_state_run(const hra_state_layout *layout, hra_group_state *state, const hra_results *results, int start,
                         int end, const hra_state_scratch *scratch)
{
    for (int i = 0; i < layout->output_count; i++) {
        uint32_t *counts = state->counts + layout->counts[i];
        if (layout->counts[i] < 0) continue;
        if (results->numbers[i]) {
            hra_rows_sum(results->numbers[i] + start, end - start, &state->sums[layout->sums[i]], counts);
        } else if (results->levels[i]) {
            count_levels(results->levels[i] + start, end - start, layout->outputs[i].level_count, scratch->levels,
                         counts);
        }
    }
    count_flags(layout, state, results, start, end, scratch);
    hra_rows_bits(results->sets, layout->sets->count, start, end, state->counts + layout->first_set);
}

/* ---- a block of rows of several groups ----------------------------------------------------- */

static void add_numbers(const hra_state_layout *layout, int output, hra_group_state *const *states,
                        const double *values, int rows, uint64_t wanted)
{
    int64_t units[BLOCK];
    hra_block_odd odd = hra_block_units(values, rows, units);
    int sum = layout->sums[output], unknown = layout->counts[output];
    for (uint64_t rest = wanted; rest; rest &= rest - 1) {
        int row = __builtin_ctzll(rest);
        states[row]->sums[sum] += units[row];
    }
    for (uint64_t rest = wanted & odd.large; rest; rest &= rest - 1) {
        int row = __builtin_ctzll(rest);
        states[row]->sums[sum] += hra_fixed_point(values[row]);
    }
    for (uint64_t rest = wanted & odd.unknown; rest; rest &= rest - 1) states[__builtin_ctzll(rest)]->counts[unknown]++;
}

static void add_ones(hra_group_state *const *states, uint64_t rows, int counter)
{
    for (; rows; rows &= rows - 1) states[__builtin_ctzll(rows)]->counts[counter]++;
}

static void add_levels(hra_group_state *const *states, const uint16_t *levels, uint64_t rows, int counter)
{
    for (; rows; rows &= rows - 1) {
        int row = __builtin_ctzll(rows);
        states[row]->counts[counter + counter_of(levels[row])]++;
    }
}

void hra_group_state_block(const hra_state_layout *layout, hra_group_state *const *states, const hra_results *results,
                           int start, uint64_t wanted)
{
    int rows = results->rows - start < BLOCK ? results->rows - start : BLOCK;
    for (int i = 0; i < layout->output_count; i++) {
        int counter = layout->counts[i];
        if (counter < 0) continue;
        if (results->numbers[i]) {
            add_numbers(layout, i, states, results->numbers[i] + start, rows, wanted);
        } else if (results->levels[i]) {
            add_levels(states, results->levels[i] + start, wanted, counter);
        } else {
            add_ones(states, wanted & ~results->known[i][start / BLOCK], counter);
            add_ones(states, wanted & results->truth[i][start / BLOCK], counter + 1);
        }
    }
    for (int k = 0; k < layout->sets->count; k++)
        add_ones(states, wanted & results->sets[k][start / BLOCK], layout->first_set + k);
}

/* ---- together -------------------------------------------------------------------------------- */

bool hra_group_state_merge(const hra_state_layout *layout, hra_group_state *to, const hra_group_state *from)
{
    if (!hra_group_state_people(to, from->people)) return false;
    for (int c = 0; c < layout->count_count; c++) to->counts[c] += from->counts[c];
    for (int k = 0; k < layout->sum_count; k++) to->sums[k] += from->sums[k];
    return true;
}
