/* Each thread keeps the groups that it meets, so nobody waits; in a store of whole groups that is hardly one group
 * twice. People of one group mostly stand together, and such a run is added up a column at a time. */
#include "engine/summary/group_sums.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "engine/summary/group_state.h"

enum {
    BLOCK = HRA_SUM_BLOCK,
    LONG_RUN = 24 /* people of one group in a row for whom passing over the columns pays */
};

typedef struct sum_column {
    int output, level;
} sum_column;

/* What one thread has counted, and room for the slice it works on. */
typedef struct tally {
    int32_t *numbers;         /* of the groups that a chunk's texts name */
    hra_group_state **groups; /* by number; NULL: not met */
    int group_capacity;
    hra_state_store states;
    hra_group_state **group_of; /* by row, of those that stand in short runs */
    uint64_t *short_runs;       /* a bit for each of them */
    int row_capacity;
    hra_state_scratch scratch;
} tally;

struct hra_group_sums {
    hra_sink sink;
    hra_state_layout layout;
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

static hra_code too_many_people(hra_error *error)
{
    return hra_fail(error, HRA_EINPUT,
                    "a group has more than %u people, as many as sums by group can count; "
                    "divide it into groups of its own",
                    UINT32_MAX);
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

/* ---- the groups of a slice ---------------------------------------------------------- */

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

static bool room_for_group(tally *t, int32_t number)
{
    if (number < t->group_capacity) return true;
    size_t before = (size_t)t->group_capacity, after = ((size_t)number + 1) * 3 / 2;
    hra_group_state **groups = realloc((void *)t->groups, after * sizeof *groups);
    if (!groups) return false;
    memset((void *)(groups + before), 0, (after - before) * sizeof *groups);
    t->groups = groups;
    t->group_capacity = (int)after;
    return true;
}

/* The group of a row; NULL without memory. */
static hra_group_state *group_at(hra_group_sums *s, tally *t, const hra_label_codes *labels, int row)
{
    int32_t number = number_of_text(s, t, labels, labels->index ? labels->index[row] : -1);
    if (number < 0 || !room_for_group(t, number)) return NULL;
    if (!t->groups[number]) t->groups[number] = hra_group_state_new(&t->states, &s->layout);
    return t->groups[number];
}

static bool room_for_rows(tally *t, int rows)
{
    if (rows <= t->row_capacity) return true;
    size_t words = ((size_t)rows + BLOCK - 1) / BLOCK;
    free((void *)t->group_of);
    free(t->short_runs);
    t->group_of = malloc(words * BLOCK * sizeof *t->group_of);
    t->short_runs = calloc(words, sizeof *t->short_runs);
    t->row_capacity = t->group_of && t->short_runs ? (int)(words * BLOCK) : 0;
    return t->row_capacity > 0;
}

/* ---- adding up --------------------------------------------------------------------------- */

static int end_of_run(const hra_label_codes *labels, int start, int rows)
{
    int end = start + 1;
    if (!labels->index) return rows;
    while (end < rows && labels->index[end] == labels->index[start]) end++;
    return end;
}

/* Long runs are added up; rows of short ones are put down. */
static hra_code add_runs(hra_group_sums *s, tally *t, const hra_chunk *chunk, const hra_results *results,
                         hra_error *error)
{
    const hra_label_codes none = {0}, *labels = s->group_label < 0 ? &none : &chunk->labels[s->group_label];
    if (!start_numbers(s, t, labels->text_count)) return out_of_memory(error);
    for (int start = 0, end; start < chunk->rows; start = end) {
        end = end_of_run(labels, start, chunk->rows);
        hra_group_state *group = group_at(s, t, labels, start);
        if (!group) return out_of_memory(error);
        if (!hra_group_state_people(group, end - start)) return too_many_people(error);
        if (end - start >= LONG_RUN) {
            hra_group_state_run(&s->layout, group, results, start, end, &t->scratch);
            continue;
        }
        for (int row = start; row < end; row++) {
            t->group_of[row] = group;
            t->short_runs[row / BLOCK] |= UINT64_C(1) << (row % BLOCK);
        }
    }
    return HRA_OK;
}

static hra_code prepare(hra_sink *sink, int thread, const hra_chunk *chunk, const hra_results *results, void **prepared,
                        hra_error *error)
{
    hra_group_sums *s = (hra_group_sums *)sink;
    tally *t = &s->tallies[thread];
    *prepared = NULL;
    if (chunk->rows == 0) return HRA_OK;
    if (!room_for_rows(t, chunk->rows)) return out_of_memory(error);
    HRA_TRY(add_runs(s, t, chunk, results, error));
    for (int start = 0; start < chunk->rows; start += BLOCK) {
        uint64_t rows = t->short_runs[start / BLOCK];
        if (rows) hra_group_state_block(&s->layout, t->group_of + start, results, start, rows);
        t->short_runs[start / BLOCK] = 0;
    }
    return HRA_OK;
}

/* ---- opening ----------------------------------------------------------------------------------- */

static bool add_column_list(hra_group_sums *s)
{
    const hra_output *outputs = s->layout.outputs;
    size_t most = 0;
    for (int i = 0; i < s->layout.output_count; i++)
        most += outputs[i].kind == HRA_OUTPUT_CATEGORY ? (size_t)outputs[i].level_count : 1;
    s->columns = hra_arena_alloc(s->arena, most * sizeof *s->columns + 1);
    if (!s->columns) return false;
    for (int i = 0; i < s->layout.output_count; i++) {
        bool category = outputs[i].kind == HRA_OUTPUT_CATEGORY;
        if (s->layout.counts[i] < 0) continue; /* not printed */
        if (!category) s->columns[s->column_count++] = (sum_column){i, -1};
        for (int level = 0; category && level < outputs[i].level_count; level++)
            s->columns[s->column_count++] = (sum_column){i, level};
    }
    return true;
}

static bool add_tallies(hra_group_sums *s)
{
    s->tallies = calloc((size_t)s->thread_count, sizeof *s->tallies);
    for (int i = 0; s->tallies && i < s->thread_count; i++) {
        if (!hra_state_scratch_make(&s->layout, &s->tallies[i].scratch)) return false;
    }
    return s->tallies != NULL;
}

hra_code hra_group_sums_new(const hra_output *outputs, int output_count, const hra_status_sets *sets,
                            const hra_schema *schema, int group_label, int threads, hra_group_sums **out,
                            hra_error *error)
{
    hra_group_sums *s = calloc(1, sizeof *s);
    if (!s) return out_of_memory(error);
    *s = (hra_group_sums){
        .sink = {.prepare = prepare}, .schema = schema, .group_label = group_label, .thread_count = threads};
    pthread_mutex_init(&s->lock, NULL);
    s->arena = hra_arena_new();
    s->by_name = hra_map_new();
    bool placed = hra_state_layout_make(outputs, output_count, sets, &s->layout);
    if (placed && s->arena && s->by_name && add_column_list(s) && add_tallies(s)) {
        *out = s;
        return HRA_OK;
    }
    hra_group_sums_free(s);
    return out_of_memory(error);
}

static void free_tally(tally *t)
{
    hra_state_store_destroy(&t->states);
    free((void *)t->groups);
    free((void *)t->group_of);
    free(t->numbers);
    free(t->short_runs);
    hra_state_scratch_destroy(&t->scratch);
}

void hra_group_sums_free(hra_group_sums *sums)
{
    if (!sums) return;
    for (int t = 0; t < sums->thread_count && sums->tallies; t++) free_tally(&sums->tallies[t]);
    free(sums->tallies);
    free((void *)sums->names);
    free(sums->sorted);
    hra_state_layout_destroy(&sums->layout);
    hra_map_free(sums->by_name);
    hra_arena_free(sums->arena);
    pthread_mutex_destroy(&sums->lock);
    free(sums);
}

hra_sink *hra_group_sums_sink(hra_group_sums *sums) { return &sums->sink; }

/* ---- the end -------------------------------------------------------------------------------------- */

/* The first thread takes what another has counted. */
static hra_code merge(const hra_group_sums *s, tally *to, tally *from, hra_error *error)
{
    if (s->name_count > 0 && !room_for_group(to, s->name_count - 1)) return out_of_memory(error);
    for (int g = 0; g < from->group_capacity; g++) {
        if (!from->groups[g]) continue;
        if (!to->groups[g])
            to->groups[g] = from->groups[g];
        else if (!hra_group_state_merge(&s->layout, to->groups[g], from->groups[g]))
            return too_many_people(error);
    }
    return HRA_OK;
}

static int by_name(const void *a, const void *b, void *context)
{
    const char *const *names = context;
    return strcmp(names[*(const int *)a], names[*(const int *)b]);
}

hra_code hra_group_sums_finish(hra_group_sums *s, hra_error *error)
{
    for (int t = 1; t < s->thread_count; t++) HRA_TRY(merge(s, &s->tallies[0], &s->tallies[t], error));
    s->sorted = malloc((size_t)s->name_count * sizeof *s->sorted + 1);
    if (!s->sorted) return out_of_memory(error);
    for (int g = 0; g < s->name_count; g++) s->sorted[g] = g;
    s->sorted_count = s->name_count;
    if (s->sorted_count > 1) qsort_r(s->sorted, (size_t)s->sorted_count, sizeof *s->sorted, by_name, (void *)s->names);
    return HRA_OK;
}

int hra_group_sums_count(const hra_group_sums *sums) { return sums->sorted_count; }

const char *hra_group_sums_name(const hra_group_sums *sums, int group) { return sums->names[sums->sorted[group]]; }

static const hra_group_state *sorted_group(const hra_group_sums *sums, int group)
{
    return sums->tallies[0].groups[sums->sorted[group]];
}

int64_t hra_group_sums_people(const hra_group_sums *sums, int group) { return sorted_group(sums, group)->people; }

int hra_group_sums_columns(const hra_group_sums *sums) { return sums->column_count; }

int hra_group_sums_threads(const hra_group_sums *sums) { return sums->thread_count; }

static inline void read_sum(const hra_group_sums *s, const hra_group_state *state, int column, hra_group_sum *sum)
{
    const sum_column *c = &s->columns[column];
    const uint32_t *counts = state->counts + s->layout.counts[c->output];
    bool number = s->layout.outputs[c->output].kind == HRA_OUTPUT_NUMBER;
    sum->output = c->output;
    sum->level = c->level;
    sum->known = state->people - counts[0];
    sum->count = number ? -1 : (int64_t)counts[c->level < 0 ? 1 : 1 + c->level];
    if (sum->known == 0)
        sum->mean = (double)NAN;
    else
        sum->mean = number ? hra_fixed_point_mean(state->sums[s->layout.sums[c->output]], sum->known)
                           : (double)sum->count / (double)sum->known;
}

hra_group_sum hra_group_sums_read(const hra_group_sums *s, int group, int column)
{
    hra_group_sum result;
    read_sum(s, sorted_group(s, group), column, &result);
    return result;
}

void hra_group_sums_read_some(const hra_group_sums *s, int group, int first, int count, hra_group_sum *sums)
{
    const hra_group_state *state = sorted_group(s, group);
    for (int i = 0; i < count; i++) read_sum(s, state, first + i, &sums[i]);
}

hra_group_statuses hra_group_sums_statuses(const hra_group_sums *s, int group, int column)
{
    const hra_group_state *state = sorted_group(s, group);
    int output = s->columns[column].output;
    const uint32_t *counts = state->counts + s->layout.first_set;
    const int *sets = s->layout.sets->of[s->layout.outputs[output].status_of];
    hra_group_statuses result = {.ok = state->people - (sets[0] < 0 ? 0 : counts[sets[0]])};
    for (int b = 0; b < HRA_STATUS_BITS; b++) result.status[b] = sets[1 + b] < 0 ? 0 : counts[sets[1 + b]];
    return result;
}
