#include "engine/summary/group_summary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"

const char *const hra_summary_sex_names[HRA_SUMMARY_SEXES] = {"female", "male", "unknown"};
const char *const hra_summary_age_names[HRA_SUMMARY_AGES] = {"under 30", "30-39",       "40-49",  "50-59",
                                                             "60-69",    "70 and over", "unknown"};

static const double bin_limits[HRA_SUMMARY_BINS] = {0,    0.0025, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03,
                                                    0.04, 0.05,   0.06,  0.08,   0.10, 0.125, 0.15, 0.175,
                                                    0.20, 0.25,   0.30,  0.40,   0.50, 0.65,  0.80, 0.95};

struct hra_group_summary {
    hra_sink sink;
    const hra_output *outputs;
    int output_count;
    const hra_schema *schema;
    int group_label, sex_column, age_column;
    int *sex_cell; /* dictionary ordinal of sex -> 0 female, 1 male, 2 unknown */
    int *index;
    int flag_count, number_count, level_count; /* level_count: entries of one cell over all category outputs */
    hra_arena *arena;
    hra_map *by_name;
    hra_group **groups;
    int group_count, group_capacity;
    bool sorted;
};

/* The groups of one chunk, counted by one thread. */
typedef struct partial {
    hra_group *groups;
    int count;
    hra_arena *arena;
} partial;

double hra_summary_bin_limit(int bin) { return bin_limits[bin]; }

static int bin_of(double risk)
{
    int low = 0, high = HRA_SUMMARY_BINS;
    while (high - low > 1) {
        int middle = (low + high) / 2;
        if (risk >= bin_limits[middle])
            low = middle;
        else
            high = middle;
    }
    return low;
}

static bool group_allocate(const hra_group_summary *s, hra_arena *arena, hra_group *group)
{
    group->flags = hra_arena_alloc(arena, (size_t)s->flag_count * HRA_SUMMARY_CELLS * sizeof *group->flags + 1);
    group->numbers = hra_arena_alloc(arena, (size_t)s->number_count * HRA_SUMMARY_CELLS * sizeof *group->numbers + 1);
    group->bins = hra_arena_alloc(arena, (size_t)s->number_count * HRA_SUMMARY_BINS * sizeof *group->bins + 1);
    group->levels = hra_arena_alloc(arena, (size_t)s->level_count * HRA_SUMMARY_CELLS * sizeof *group->levels + 1);
    return group->flags && group->numbers && group->bins && group->levels;
}

static int age_cell(double age)
{
    if (isnan(age)) return HRA_SUMMARY_AGES - 1;
    if (age < 30) return 0;
    return age >= 70 ? 5 : (int)(age / 10) - 2;
}

static double chunk_value(const hra_schema *schema, const hra_chunk *chunk, int column, int row)
{
    const hra_codes *codes = &chunk->columns[column];
    uint32_t code = codes->u16 ? codes->u16[row] : codes->u32 ? codes->u32[row] : codes->constant;
    return hra_column_value(&schema->columns[column], code);
}

/* Cell of every row: group of the chunk x sex x age band. Off-grid ages stand in the exceptions. */
static void row_cells(const hra_group_summary *s, const hra_chunk *chunk, const int32_t *group_of, int32_t *cells)
{
    for (int r = 0; r < chunk->rows; r++) {
        double sex = s->sex_column < 0 ? NAN : chunk_value(s->schema, chunk, s->sex_column, r);
        double age = s->age_column < 0 ? NAN : chunk_value(s->schema, chunk, s->age_column, r);
        int sex_cell = isnan(sex) ? HRA_SUMMARY_SEXES - 1 : s->sex_cell[(int)sex];
        cells[r] = group_of[r] * HRA_SUMMARY_CELLS + sex_cell * HRA_SUMMARY_AGES + age_cell(age);
    }
    for (int e = 0; e < chunk->exception_count; e++) {
        const hra_exception *x = &chunk->exceptions[e];
        if (x->column != s->age_column) continue;
        int32_t *cell = &cells[x->row];
        *cell = *cell - *cell % HRA_SUMMARY_AGES + age_cell(x->value);
    }
}

static void count_flag(partial *p, const double *values, const int32_t *cells, int rows, int index)
{
    for (int r = 0; r < rows; r++) {
        hra_summary_flag *f =
            &p->groups[cells[r] / HRA_SUMMARY_CELLS].flags[index * HRA_SUMMARY_CELLS + cells[r] % HRA_SUMMARY_CELLS];
        f->yes += values[r] == 1;
        f->no += values[r] == 0;
    }
}

static void count_number(partial *p, const double *values, const int32_t *cells, int rows, int index)
{
    for (int r = 0; r < rows; r++) {
        if (isnan(values[r]) || fabs(values[r]) > 1e9) continue; /* beyond the fixed-point range: not a health figure */
        hra_group *g = &p->groups[cells[r] / HRA_SUMMARY_CELLS];
        hra_summary_number *n = &g->numbers[index * HRA_SUMMARY_CELLS + cells[r] % HRA_SUMMARY_CELLS];
        n->known++;
        n->sum += llrint(values[r] * 4294967296.0);
        g->bins[index * HRA_SUMMARY_BINS + bin_of(values[r])]++;
    }
}

static void count_level(partial *p, const double *values, const int32_t *cells, int rows, int offset, int levels)
{
    for (int r = 0; r < rows; r++) {
        int level = isnan(values[r]) ? levels : (int)values[r];
        uint32_t *counts = p->groups[cells[r] / HRA_SUMMARY_CELLS].levels + (size_t)offset * HRA_SUMMARY_CELLS;
        counts[(cells[r] % HRA_SUMMARY_CELLS) * (levels + 1) + level]++;
    }
}

static void count_outputs(const hra_group_summary *s, partial *p, const hra_results *results, const int32_t *cells)
{
    for (int r = 0; r < results->rows; r++)
        p->groups[cells[r] / HRA_SUMMARY_CELLS].people[cells[r] % HRA_SUMMARY_CELLS]++;
    for (int i = 0; i < s->output_count; i++) {
        const hra_output *o = &s->outputs[i];
        const double *values = results->values[i];
        if (o->kind == HRA_OUTPUT_FLAG)
            count_flag(p, values, cells, results->rows, s->index[i]);
        else if (o->kind == HRA_OUTPUT_NUMBER)
            count_number(p, values, cells, results->rows, s->index[i]);
        else
            count_level(p, values, cells, results->rows, s->index[i], o->level_count);
    }
}

/* Numbers the groups that occur in the chunk: group_of[row], names in p->groups. */
static hra_code number_groups(const hra_group_summary *s, partial *p, const hra_chunk *chunk, int32_t *group_of,
                              hra_error *error)
{
    const hra_label_codes *labels = s->group_label < 0 ? NULL : &chunk->labels[s->group_label];
    int texts = labels ? labels->text_count : 0;
    int32_t *local = malloc(((size_t)texts + 1) * sizeof *local); /* entry `texts`: people without a group */
    p->groups = local ? hra_arena_alloc(p->arena, ((size_t)texts + 1) * sizeof *p->groups) : NULL;
    if (!p->groups) {
        free(local);
        return hra_fail(error, HRA_ENOMEM, "out of memory while summarising groups");
    }
    for (int t = 0; t <= texts; t++) local[t] = -1;
    hra_code code = HRA_OK;
    for (int r = 0; r < chunk->rows && code == HRA_OK; r++) {
        int text = labels && labels->index[r] >= 0 ? labels->index[r] : texts;
        if (local[text] < 0) {
            hra_group *group = &p->groups[p->count];
            group->name = text == texts ? "" : labels->texts[text];
            if (!group_allocate(s, p->arena, group))
                code = hra_fail(error, HRA_ENOMEM, "out of memory while summarising groups");
            local[text] = p->count++;
        }
        group_of[r] = local[text];
    }
    free(local);
    return code;
}

static void partial_free(partial *p)
{
    if (p) hra_arena_free(p->arena);
    free(p);
}

static hra_code prepare(hra_sink *sink, int thread, const hra_chunk *chunk, const hra_results *results, void **prepared,
                        hra_error *error)
{
    const hra_group_summary *s = (const hra_group_summary *)sink;
    partial *p = calloc(1, sizeof *p);
    int32_t *rows = malloc((size_t)chunk->rows * 2 * sizeof *rows + 1);
    if (p) p->arena = hra_arena_new();
    hra_code code = p && rows && p->arena ? number_groups(s, p, chunk, rows, error)
                                          : hra_fail(error, HRA_ENOMEM, "out of memory while summarising groups");
    if (code == HRA_OK) {
        row_cells(s, chunk, rows, rows + chunk->rows);
        count_outputs(s, p, results, rows + chunk->rows);
        *prepared = p;
    } else {
        partial_free(p);
    }
    free(rows);
    return code;
}

static void discard(hra_sink *sink, void *prepared) { partial_free(prepared); }

static hra_group *find_group(hra_group_summary *s, const char *name)
{
    int64_t at = hra_map_get(s->by_name, name);
    if (at >= 0) return s->groups[at];
    if (s->group_count == s->group_capacity) {
        int capacity = s->group_capacity ? s->group_capacity * 2 : 64;
        hra_group **groups = realloc(s->groups, (size_t)capacity * sizeof *groups);
        if (!groups) return NULL;
        s->groups = groups;
        s->group_capacity = capacity;
    }
    hra_group *group = hra_arena_alloc(s->arena, sizeof *group);
    char *copy = hra_arena_text(s->arena, name);
    if (!group || !copy || !group_allocate(s, s->arena, group) || hra_map_set(s->by_name, name, s->group_count) != 0)
        return NULL;
    group->name = copy;
    s->groups[s->group_count++] = group;
    return group;
}

static void add_counts(uint32_t *to, const uint32_t *from, size_t count)
{
    for (size_t i = 0; i < count; i++) to[i] += from[i];
}

static void merge(const hra_group_summary *s, hra_group *to, const hra_group *from)
{
    add_counts(to->people, from->people, HRA_SUMMARY_CELLS);
    add_counts((uint32_t *)to->flags, (const uint32_t *)from->flags, (size_t)s->flag_count * HRA_SUMMARY_CELLS * 2);
    for (int i = 0; i < s->number_count * HRA_SUMMARY_CELLS; i++) {
        to->numbers[i].known += from->numbers[i].known;
        to->numbers[i].sum += from->numbers[i].sum;
    }
    add_counts(to->bins, from->bins, (size_t)s->number_count * HRA_SUMMARY_BINS);
    add_counts(to->levels, from->levels, (size_t)s->level_count * HRA_SUMMARY_CELLS);
}

static hra_code commit(hra_sink *sink, const hra_chunk *chunk, const hra_results *results, void *prepared,
                       hra_error *error)
{
    hra_group_summary *s = (hra_group_summary *)sink;
    partial *p = prepared;
    if (!p) return HRA_OK;
    hra_code code = HRA_OK;
    for (int g = 0; g < p->count && code == HRA_OK; g++) {
        hra_group *group = find_group(s, p->groups[g].name);
        if (group)
            merge(s, group, &p->groups[g]);
        else
            code = hra_fail(error, HRA_ENOMEM, "out of memory while summarising %d groups", s->group_count);
    }
    partial_free(p);
    s->sorted = false;
    return code;
}

static void find_columns(hra_group_summary *s)
{
    const hra_dictionary *d = s->schema->dictionary;
    int age = hra_dictionary_find(d, "age"), sex = hra_dictionary_find(d, "sex");
    s->age_column = age < 0 ? -1 : hra_schema_find(s->schema, age, NULL);
    s->sex_column = sex < 0 ? -1 : hra_schema_find(s->schema, sex, NULL);
    if (s->sex_column < 0) return;
    const hra_variable *variable = hra_dictionary_at(d, sex);
    s->sex_cell = hra_arena_alloc(s->arena, (size_t)variable->level_count * sizeof(int) + 1);
    for (int l = 0; s->sex_cell && l < variable->level_count; l++) {
        s->sex_cell[l] = HRA_SUMMARY_SEXES - 1;
        for (int n = 0; n < HRA_SUMMARY_SEXES - 1; n++)
            if (strcmp(variable->levels[l].name, hra_summary_sex_names[n]) == 0) s->sex_cell[l] = n;
    }
}

hra_code hra_group_summary_new(const hra_output *outputs, int output_count, const hra_schema *schema, int group_label,
                               hra_group_summary **out, hra_error *error)
{
    hra_group_summary *s = calloc(1, sizeof *s);
    if (!s) return hra_fail(error, HRA_ENOMEM, "out of memory");
    *s = (hra_group_summary){.sink = {prepare, commit, discard},
                             .outputs = outputs,
                             .output_count = output_count,
                             .schema = schema,
                             .group_label = group_label};
    s->arena = hra_arena_new();
    s->by_name = hra_map_new();
    s->index = s->arena ? hra_arena_alloc(s->arena, (size_t)output_count * sizeof(int) + 1) : NULL;
    if (!s->by_name || !s->index) {
        hra_group_summary_free(s);
        return hra_fail(error, HRA_ENOMEM, "out of memory");
    }
    find_columns(s);
    for (int i = 0; i < output_count; i++) {
        const hra_output *o = &outputs[i];
        s->index[i] = o->kind == HRA_OUTPUT_FLAG     ? s->flag_count++
                      : o->kind == HRA_OUTPUT_NUMBER ? s->number_count++
                                                     : s->level_count;
        if (o->kind == HRA_OUTPUT_CATEGORY) s->level_count += o->level_count + 1;
    }
    *out = s;
    return HRA_OK;
}

void hra_group_summary_free(hra_group_summary *summary)
{
    if (!summary) return;
    hra_arena_free(summary->arena);
    hra_map_free(summary->by_name);
    free(summary->groups);
    free(summary);
}

hra_sink *hra_group_summary_sink(hra_group_summary *summary) { return &summary->sink; }

int hra_group_summary_count(const hra_group_summary *summary) { return summary->group_count; }

static int by_group_name(const void *a, const void *b)
{
    return strcmp((*(hra_group *const *)a)->name, (*(hra_group *const *)b)->name);
}

const hra_group *hra_group_summary_at(const hra_group_summary *summary, int index)
{
    hra_group_summary *s = (hra_group_summary *)summary; /* the order is a cache, not content */
    if (!s->sorted) {
        qsort(s->groups, (size_t)s->group_count, sizeof *s->groups, by_group_name);
        for (int g = 0; g < s->group_count; g++) hra_map_set(s->by_name, s->groups[g]->name, g);
        s->sorted = true;
    }
    return s->groups[index];
}

int hra_summary_index(const hra_group_summary *summary, int output) { return summary->index[output]; }

uint32_t hra_group_people(const hra_group *group)
{
    uint32_t people = 0;
    for (int c = 0; c < HRA_SUMMARY_CELLS; c++) people += group->people[c];
    return people;
}

hra_summary_flag hra_group_flag(const hra_group_summary *summary, const hra_group *group, int output)
{
    hra_summary_flag total = {0, 0};
    const hra_summary_flag *cells = group->flags + (size_t)summary->index[output] * HRA_SUMMARY_CELLS;
    for (int c = 0; c < HRA_SUMMARY_CELLS; c++) {
        total.yes += cells[c].yes;
        total.no += cells[c].no;
    }
    return total;
}

double hra_group_mean(const hra_group_summary *summary, const hra_group *group, int output)
{
    if (summary->outputs[output].kind == HRA_OUTPUT_FLAG) {
        hra_summary_flag f = hra_group_flag(summary, group, output);
        return f.yes + f.no ? (double)f.yes / (double)(f.yes + f.no) : NAN;
    }
    if (summary->outputs[output].kind == HRA_OUTPUT_CATEGORY) return NAN;
    const hra_summary_number *cells = group->numbers + (size_t)summary->index[output] * HRA_SUMMARY_CELLS;
    uint64_t known = 0;
    __int128 sum = 0;
    for (int c = 0; c < HRA_SUMMARY_CELLS; c++) {
        known += cells[c].known;
        sum += cells[c].sum;
    }
    return known ? (double)sum / 4294967296.0 / (double)known : NAN;
}
