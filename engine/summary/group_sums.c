/* What a slice adds to a group is summed up in 64-bit integers, one column after the other, and then goes to the
 * group's 128-bit sums. */
#include "engine/summary/group_sums.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "engine/summary/block_sums.h"

enum { BLOCK = HRA_SUM_BLOCK };

typedef struct sum_column {
    int output, level;
} sum_column;

typedef struct total {
    __int128 sum; /* in fixed point; of flags and levels how many are true */
    int64_t known;
} total;

/* Sums of one thread, by group number, and room for the slice it works on. */
typedef struct tally {
    int32_t *numbers; /* of the groups that a chunk's texts name */
    int64_t *people;
    total **totals;    /* of each column, by group */
    hra_marks **marks; /* of each output with a status of its own, by group */
    int group_capacity;
    int row_capacity;
    int32_t *group_of;          /* by row */
    bool *of_one_group;         /* by block */
    int64_t *sums;              /* two for each group, zero between columns */
    int32_t *present, *unknown; /* rows of the slice by group, and those of a column without a value; zero between */
    int32_t *groups;            /* that are in the slice */
    int group_count;
} tally;

struct hra_group_sums {
    hra_sink sink;
    const hra_output *outputs;
    int output_count;
    const hra_schema *schema;
    int group_label;
    sum_column *columns;
    int column_count;
    tally *tallies;
    int thread_count;
    pthread_mutex_t lock; /* of the names */
    hra_arena *arena;
    hra_map *by_name;
    const char **names;
    int name_count, name_capacity;
    int *sorted; /* group numbers in the order of their names */
    int sorted_count;
};

static hra_code out_of_memory(hra_error *error)
{
    return hra_fail(error, HRA_ENOMEM, "out of memory while summing up groups");
}

/* ---- names ------------------------------------------------------------------------ */

static int add_name(hra_group_sums *s, const char *name)
{
    int64_t at = hra_map_get(s->by_name, name);
    if (at >= 0) return (int)at;
    if (s->name_count == s->name_capacity) {
        int capacity = s->name_capacity ? 2 * s->name_capacity : 64;
        const char **names = realloc((void *)s->names, (size_t)capacity * sizeof *names);
        if (!names) return -1;
        s->names = names;
        s->name_capacity = capacity;
    }
    const char *copy = hra_arena_text(s->arena, name);
    if (!copy || hra_map_set(s->by_name, name, s->name_count) != 0) return -1;
    s->names[s->name_count] = copy;
    return s->name_count++;
}

/* The number of a group; -1 without memory. */
static int number_of(hra_group_sums *s, const char *name)
{
    pthread_mutex_lock(&s->lock);
    int number = add_name(s, name);
    pthread_mutex_unlock(&s->lock);
    return number;
}

/* ---- room ---------------------------------------------------------------------------- */

static void *grow(void *old, size_t before, size_t after, size_t size)
{
    char *memory = realloc(old, after * size + 1);
    if (memory) memset(memory + before * size, 0, (after - before) * size);
    return memory;
}

#define GROW(array, before, after)                                                                                     \
    do {                                                                                                               \
        void *grown = grow(array, before, after, sizeof *(array));                                                     \
        if (!grown) return false;                                                                                      \
        (array) = grown;                                                                                               \
    } while (0)

static bool room_for_rows(tally *t, int rows)
{
    size_t before = (size_t)t->row_capacity, after = ((size_t)rows + BLOCK - 1) / BLOCK * BLOCK;
    if (rows <= t->row_capacity) return true;
    GROW(t->group_of, before, after);
    GROW(t->groups, before, after);
    GROW(t->of_one_group, before / BLOCK, after / BLOCK);
    t->row_capacity = (int)after;
    return true;
}

static bool room_for_groups(const hra_group_sums *s, tally *t, int groups)
{
    if (groups <= t->group_capacity) return true;
    size_t before = (size_t)t->group_capacity, after = (size_t)groups + (size_t)groups / 2;
    GROW(t->people, before, after);
    for (int c = 0; c < s->column_count; c++) GROW(t->totals[c], before, after);
    for (int i = 0; i < s->output_count; i++)
        if (s->outputs[i].status_of == i) GROW(t->marks[i], before, after);
    GROW(t->sums, 2 * before, 2 * after);
    GROW(t->present, before, after);
    GROW(t->unknown, before, after);
    t->group_capacity = (int)after;
    return true;
}

/* ---- the groups of a slice ---------------------------------------------------------- */

static int rows_from(int start, int rows) { return rows - start < BLOCK ? rows - start : BLOCK; }

/* Group numbers of a chunk's texts, and of no text at the end; -1: not asked for yet. They are kept where all chunks
 * have the same texts. */
static bool start_numbers(const hra_group_sums *s, tally *t, int text_count)
{
    if (t->numbers && s->schema->label_texts) return true;
    free(t->numbers);
    t->numbers = malloc((size_t)(text_count + 1) * sizeof *t->numbers);
    if (t->numbers) memset(t->numbers, 0xFF, (size_t)(text_count + 1) * sizeof *t->numbers);
    return t->numbers != NULL;
}

/* The number of the group that text `text` of a chunk names (text_count: nobody's group); -1 without memory. */
static int32_t number_of_text(hra_group_sums *s, tally *t, const hra_label_codes *labels, int32_t text)
{
    if (text < 0) text = labels->text_count;
    if (t->numbers[text] < 0) t->numbers[text] = number_of(s, text < labels->text_count ? labels->texts[text] : "");
    return t->numbers[text];
}

static bool all_equal(const int32_t *items, int count)
{
    int32_t different = 0;
    for (int i = 0; i < count; i++) different |= items[i] ^ items[0];
    return different == 0;
}

/* People of one group often stand together: then one look serves a whole block. */
static bool number_rows(hra_group_sums *s, tally *t, const hra_chunk *chunk)
{
    const hra_label_codes none = {0}, *labels = s->group_label < 0 ? &none : &chunk->labels[s->group_label];
    int32_t highest = 0;
    if (!start_numbers(s, t, labels->text_count)) return false;
    for (int start = 0; start < chunk->rows; start += BLOCK) {
        int count = rows_from(start, chunk->rows);
        const int32_t *index = labels->index ? labels->index + start : NULL;
        bool one_group = !index || all_equal(index, count);
        int32_t number = 0;
        for (int i = 0; i < count; i++) {
            if (i == 0 || !one_group) number = number_of_text(s, t, labels, index ? index[i] : -1);
            if (number < 0) return false;
            if (number > highest) highest = number;
            t->group_of[start + i] = number;
        }
        t->of_one_group[start / BLOCK] = one_group;
    }
    return room_for_groups(s, t, highest + 1);
}

static void count_into(tally *t, int32_t group, int people)
{
    if (t->present[group] == 0) t->groups[t->group_count++] = group;
    t->present[group] += people;
}

static void count_people(tally *t, int rows)
{
    t->group_count = 0;
    for (int start = 0; start < rows; start += BLOCK) {
        int count = rows_from(start, rows);
        if (t->of_one_group[start / BLOCK])
            count_into(t, t->group_of[start], count);
        else
            for (int i = 0; i < count; i++) count_into(t, t->group_of[start + i], 1);
    }
    for (int i = 0; i < t->group_count; i++) t->people[t->groups[i]] += t->present[t->groups[i]];
}

/* ---- a block of mixed groups ------------------------------------------------------------ */

static void add_unknown(tally *t, uint64_t rows, int start)
{
    for (; rows; rows &= rows - 1) t->unknown[t->group_of[start + __builtin_ctzll(rows)]]++;
}

/* Large values go to their group at once. */
static void add_large(tally *t, int column, const double *values, uint64_t rows, int start)
{
    for (; rows; rows &= rows - 1) {
        int row = start + __builtin_ctzll(rows);
        t->totals[column][t->group_of[row]].sum += hra_fixed_point(values[row]);
    }
}

static void add_units(tally *t, const int64_t *units, int start, int rows)
{
    const int32_t *group_of = t->group_of + start; /* two sums a group let neighbours be added side by side */
    for (int i = 0; i < rows; i++) t->sums[2 * group_of[i] + (i & 1)] += units[i];
}

static void add_mixed(const hra_group_sums *s, tally *t, int column, const hra_results *results, int start, int rows)
{
    int output = s->columns[column].output, level = s->columns[column].level;
    int64_t units[BLOCK];
    uint64_t unknown = 0;
    if (results->numbers[output]) {
        hra_block_odd odd = hra_block_units(results->numbers[output] + start, rows, units);
        add_large(t, column, results->numbers[output], odd.large, start);
        unknown = odd.unknown;
    } else if (results->levels[output]) {
        const uint16_t *levels = results->levels[output] + start;
        for (int i = 0; i < rows; i++) units[i] = levels[i] == level;
        for (int i = 0; i < rows; i++) unknown |= (uint64_t)(levels[i] == HRA_ORDINAL_UNKNOWN) << i;
    } else {
        uint64_t truth = results->truth[output][start / BLOCK], all = ~UINT64_C(0) >> (BLOCK - rows);
        for (int i = 0; i < rows; i++) units[i] = (int64_t)(truth >> i & 1);
        unknown = ~results->known[output][start / BLOCK] & all;
    }
    add_unknown(t, unknown, start);
    add_units(t, units, start, rows);
}

/* ---- a block of one group --------------------------------------------------------------- */

static int count_of_level(const uint16_t *levels, int rows, uint16_t level)
{
    int count = 0;
    for (int i = 0; i < rows; i++) count += levels[i] == level;
    return count;
}

static void add_alike(const hra_group_sums *s, tally *t, int column, const hra_results *results, int start, int rows)
{
    int output = s->columns[column].output, unknown;
    int32_t group = t->group_of[start];
    int64_t sum;
    if (results->numbers[output]) {
        hra_block_odd odd = hra_block_sum(results->numbers[output] + start, rows, &sum);
        add_large(t, column, results->numbers[output], odd.large, start);
        unknown = __builtin_popcountll(odd.unknown);
    } else if (results->levels[output]) {
        const uint16_t *levels = results->levels[output] + start;
        sum = count_of_level(levels, rows, (uint16_t)s->columns[column].level);
        unknown = count_of_level(levels, rows, HRA_ORDINAL_UNKNOWN);
    } else {
        sum = __builtin_popcountll(results->truth[output][start / BLOCK]);
        unknown = rows - __builtin_popcountll(results->known[output][start / BLOCK]);
    }
    t->sums[2 * group] += sum;
    t->unknown[group] += unknown;
}

/* ---- adding up --------------------------------------------------------------------------- */

static void add_column(const hra_group_sums *s, tally *t, int column, const hra_results *results, int rows)
{
    for (int start = 0; start < rows; start += BLOCK) {
        int count = rows_from(start, rows);
        if (t->of_one_group[start / BLOCK])
            add_alike(s, t, column, results, start, count);
        else
            add_mixed(s, t, column, results, start, count);
    }
    for (int i = 0; i < t->group_count; i++) {
        int32_t group = t->groups[i];
        total *to = &t->totals[column][group];
        to->sum += t->sums[2 * group] + t->sums[2 * group + 1];
        to->known += t->present[group] - t->unknown[group];
        t->sums[2 * group] = t->sums[2 * group + 1] = 0;
        t->unknown[group] = 0;
    }
}

static void add_status(tally *t, hra_marks *of_group, const uint8_t *status, int rows)
{
    for (int start = 0; start < rows; start += BLOCK) {
        int count = rows_from(start, rows);
        if (t->of_one_group[start / BLOCK]) {
            hra_block_statuses(status + start, count, &of_group[t->group_of[start]]);
            continue;
        }
        for (int r = start; r < start + count; r++)
            if (status[r]) hra_marks_add(&of_group[t->group_of[r]], status[r]);
    }
}

static hra_code prepare(hra_sink *sink, int thread, const hra_chunk *chunk, const hra_results *results, void **prepared,
                        hra_error *error)
{
    hra_group_sums *s = (hra_group_sums *)sink;
    tally *t = &s->tallies[thread];
    *prepared = NULL;
    if (chunk->rows == 0) return HRA_OK;
    if (!room_for_rows(t, chunk->rows) || !number_rows(s, t, chunk)) return out_of_memory(error);
    count_people(t, chunk->rows);
    for (int c = 0; c < s->column_count; c++) add_column(s, t, c, results, chunk->rows);
    for (int i = 0; i < s->output_count; i++)
        if (results->status[i]) add_status(t, t->marks[i], results->status[i], chunk->rows);
    for (int i = 0; i < t->group_count; i++) t->present[t->groups[i]] = 0;
    return HRA_OK;
}

/* ---- opening ----------------------------------------------------------------------------------- */

static bool add_column_list(hra_group_sums *s)
{
    size_t most = 0;
    for (int i = 0; i < s->output_count; i++)
        most += s->outputs[i].kind == HRA_OUTPUT_CATEGORY ? (size_t)s->outputs[i].level_count : 1;
    s->columns = hra_arena_alloc(s->arena, most * sizeof *s->columns + 1);
    if (!s->columns) return false;
    for (int i = 0; i < s->output_count; i++) {
        const hra_output *o = &s->outputs[i];
        bool category = o->kind == HRA_OUTPUT_CATEGORY;
        if (o->role == HRA_ROLE_AGGREGATE) continue; /* not printed */
        if (!category) s->columns[s->column_count++] = (sum_column){i, -1};
        for (int level = 0; category && level < o->level_count; level++)
            s->columns[s->column_count++] = (sum_column){i, level};
    }
    return true;
}

static bool add_tallies(hra_group_sums *s)
{
    for (int i = 0; i < s->thread_count; i++) {
        tally *t = &s->tallies[i];
        t->totals = calloc((size_t)s->column_count + 1, sizeof *t->totals);
        t->marks = calloc((size_t)s->output_count + 1, sizeof *t->marks);
        if (!t->totals || !t->marks) return false;
    }
    return true;
}

hra_code hra_group_sums_new(const hra_output *outputs, int output_count, const hra_schema *schema, int group_label,
                            int threads, hra_group_sums **out, hra_error *error)
{
    hra_group_sums *s = calloc(1, sizeof *s);
    if (!s) return out_of_memory(error);
    *s = (hra_group_sums){.sink = {.prepare = prepare},
                          .outputs = outputs,
                          .output_count = output_count,
                          .schema = schema,
                          .group_label = group_label,
                          .thread_count = threads};
    pthread_mutex_init(&s->lock, NULL);
    s->arena = hra_arena_new();
    s->by_name = hra_map_new();
    s->tallies = calloc((size_t)threads, sizeof *s->tallies);
    if (s->arena && s->by_name && s->tallies && add_column_list(s) && add_tallies(s)) {
        *out = s;
        return HRA_OK;
    }
    hra_group_sums_free(s);
    return out_of_memory(error);
}

static void free_tally(const hra_group_sums *s, tally *t)
{
    void *const memory[] = {t->numbers, t->people,  t->group_of, t->of_one_group, t->sums,
                            t->present, t->unknown, t->groups,   t->totals,       t->marks};
    for (int c = 0; c < s->column_count && t->totals; c++) free(t->totals[c]);
    for (int i = 0; i < s->output_count && t->marks; i++) free(t->marks[i]);
    for (size_t i = 0; i < sizeof memory / sizeof *memory; i++) free(memory[i]);
}

void hra_group_sums_free(hra_group_sums *sums)
{
    if (!sums) return;
    for (int t = 0; t < sums->thread_count && sums->tallies; t++) free_tally(sums, &sums->tallies[t]);
    free(sums->tallies);
    free((void *)sums->names);
    free(sums->sorted);
    hra_map_free(sums->by_name);
    hra_arena_free(sums->arena);
    pthread_mutex_destroy(&sums->lock);
    free(sums);
}

hra_sink *hra_group_sums_sink(hra_group_sums *sums) { return &sums->sink; }

/* ---- the end -------------------------------------------------------------------------------------- */

static bool merge(const hra_group_sums *s, tally *to, const tally *from)
{
    int groups = from->group_capacity;
    if (!room_for_groups(s, to, groups)) return false;
    for (int g = 0; g < groups; g++) to->people[g] += from->people[g];
    for (int c = 0; c < s->column_count; c++)
        for (int g = 0; g < groups; g++) {
            to->totals[c][g].sum += from->totals[c][g].sum;
            to->totals[c][g].known += from->totals[c][g].known;
        }
    for (int i = 0; i < s->output_count; i++)
        for (int g = 0; g < groups && from->marks[i]; g++) {
            to->marks[i][g].marked += from->marks[i][g].marked;
            for (int b = 0; b < HRA_STATUS_BITS; b++) to->marks[i][g].bits[b] += from->marks[i][g].bits[b];
        }
    return true;
}

static int by_name(const void *a, const void *b, void *context)
{
    const char *const *names = context;
    return strcmp(names[*(const int *)a], names[*(const int *)b]);
}

hra_code hra_group_sums_finish(hra_group_sums *s, hra_error *error)
{
    for (int t = 1; t < s->thread_count; t++)
        if (!merge(s, &s->tallies[0], &s->tallies[t])) return out_of_memory(error);
    s->sorted = malloc((size_t)s->name_count * sizeof *s->sorted + 1);
    if (!s->sorted) return out_of_memory(error);
    for (int g = 0; g < s->name_count; g++) s->sorted[g] = g;
    s->sorted_count = s->name_count;
    if (s->sorted_count > 1) qsort_r(s->sorted, (size_t)s->sorted_count, sizeof *s->sorted, by_name, (void *)s->names);
    return HRA_OK;
}

int hra_group_sums_count(const hra_group_sums *sums) { return sums->sorted_count; }

const char *hra_group_sums_name(const hra_group_sums *sums, int group) { return sums->names[sums->sorted[group]]; }

int64_t hra_group_sums_people(const hra_group_sums *sums, int group)
{
    return sums->tallies[0].people[sums->sorted[group]];
}

int hra_group_sums_columns(const hra_group_sums *sums) { return sums->column_count; }

hra_group_sum hra_group_sums_read(const hra_group_sums *s, int group, int column)
{
    size_t at = (size_t)s->sorted[group];
    const sum_column *c = &s->columns[column];
    const tally *t = &s->tallies[0];
    const total *sum = &t->totals[column][at];
    const hra_marks *m = &t->marks[s->outputs[c->output].status_of][at];
    bool number = s->outputs[c->output].kind == HRA_OUTPUT_NUMBER;
    hra_group_sum result = {.output = c->output, .level = c->level, .known = sum->known, .mean = (double)NAN};
    result.count = number ? -1 : (int64_t)sum->sum;
    result.ok = t->people[at] - m->marked;
    memcpy(result.status, m->bits, sizeof m->bits);
    if (sum->known > 0)
        result.mean = number ? hra_fixed_point_mean(sum->sum, sum->known) : (double)sum->sum / (double)sum->known;
    return result;
}
