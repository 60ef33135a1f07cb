/* Counting one chunk: its rows are put in the order of group and cell once, then
 * every output is summed run by run, with the sums of a run in registers. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/graph/scalar.h"
#include "engine/summary/flag_count.h"
#include "engine/summary/summary_internal.h"

/* All are multiples of a 400th. */
static const double bin_limits[HRA_SUMMARY_BINS + 1] = {0,    0.0025, 0.005, 0.0075, 0.01,  0.015, 0.02,    0.03, 0.04,
                                                        0.05, 0.06,   0.08,  0.10,   0.125, 0.15,  0.175,   0.20, 0.25,
                                                        0.30, 0.40,   0.50,  0.65,   0.80,  0.95,  INFINITY};

/* Rows of one group and cell; they are order[start] .. order[end - 1]. */
typedef struct run {
    int group, cell, start, end;
} run;

typedef struct work {
    const hra_group_summary *s;
    hra_summary_partial *partial;
    const hra_chunk *chunk;
    const hra_results *results;
    int32_t *group_of, *cell_of, *order; /* by row */
    int32_t *department_of;              /* by row: its place in `departments` */
    uint32_t **departments;              /* their counters */
    run *runs;
    int run_count;
} work;

double hra_summary_bin_limit(int bin) { return bin_limits[bin]; }

/* Of every 400th from 0 to 1 the bin that it begins in. */
void hra_summary_find_bins(uint8_t bins[HRA_SUMMARY_STEPS + 1])
{
    for (int step = 0, bin = 0; step <= HRA_SUMMARY_STEPS; step++) {
        while (step >= rint(bin_limits[bin + 1] * HRA_SUMMARY_STEPS)) bin++;
        bins[step] = (uint8_t)bin;
    }
}

/* The last bin that begins at or below the risk: that of its 400th, or a neighbour where that was rounded. */
static int bin_of(const uint8_t *bins, double risk)
{
    double step = risk * HRA_SUMMARY_STEPS;
    int bin = bins[step >= HRA_SUMMARY_STEPS ? HRA_SUMMARY_STEPS : step > 0 ? (int)step : 0];
    bin += risk >= bin_limits[bin + 1];
    return bin - (bin > 0 && risk < bin_limits[bin]);
}

/* ---- where a row belongs ----------------------------------------------------- */

int hra_summary_age_cell(double age)
{
    if (isnan(age)) return HRA_SUMMARY_AGES - 1;
    if (age < 30) return 0;
    return age >= 70 ? 5 : (int)(age / 10) - 2;
}

/* Of every code of a column its share of the cell's number; of no column that of an unknown value. */
static void add_cells(const work *w, int column, const int32_t *cell_of_code, int unknown)
{
    for (int r = 0; r < w->chunk->rows; r++)
        w->cell_of[r] += column < 0 ? unknown : cell_of_code[hra_code_at(&w->chunk->columns[column], r)];
}

static double value_at(const work *w, int column, int row)
{
    const hra_column *of = &w->s->schema->columns[column];
    uint32_t code = hra_code_at(&w->chunk->columns[column], row);
    for (int e = 0; code == hra_column_escape(of) && e < w->chunk->exception_count; e++)
        if (w->chunk->exceptions[e].column == column && w->chunk->exceptions[e].row == row)
            return w->chunk->exceptions[e].value;
    return hra_column_value(of, code);
}

/* Who did not tell an age is as old as birth and exam say: so the substitute of the service rules has it, too. */
static void find_ages_by_dates(work *w)
{
    const hra_group_summary *s = w->s;
    if (s->birth_column < 0 || s->exam_column < 0) return;
    for (int r = 0; r < w->chunk->rows; r++) {
        int32_t *cell = &w->cell_of[r];
        if (*cell % HRA_SUMMARY_AGES != HRA_SUMMARY_AGES - 1) continue;
        double years = hra_scalar_years_between(value_at(w, s->birth_column, r), value_at(w, s->exam_column, r));
        *cell = *cell - *cell % HRA_SUMMARY_AGES + hra_summary_age_cell(floor(years));
    }
}

/* Off-grid ages stand in the exceptions. */
static void find_cells(work *w)
{
    const hra_group_summary *s = w->s;
    memset(w->cell_of, 0, (size_t)w->chunk->rows * sizeof *w->cell_of);
    add_cells(w, s->sex_column, s->cell_of_sex, (HRA_SUMMARY_SEXES - 1) * HRA_SUMMARY_AGES);
    add_cells(w, s->age_column, s->cell_of_age, HRA_SUMMARY_AGES - 1);
    for (int e = 0; e < w->chunk->exception_count; e++) {
        const hra_exception *x = &w->chunk->exceptions[e];
        if (x->column != s->age_column) continue;
        int32_t *cell = &w->cell_of[x->row];
        *cell = *cell - *cell % HRA_SUMMARY_AGES + hra_summary_age_cell(x->value);
    }
    find_ages_by_dates(w);
}

static const hra_label_codes *labels_of(const hra_chunk *chunk, int label)
{
    return label < 0 || !chunk->labels[label].index ? NULL : &chunk->labels[label];
}

/* Text of a row as a number; the count of texts stands for none. */
static int label_of(const hra_label_codes *labels, int row)
{
    if (!labels) return 0;
    return labels->index[row] >= 0 ? labels->index[row] : labels->text_count;
}

static const char *label_text(const hra_label_codes *labels, int label)
{
    return labels && label < labels->text_count ? labels->texts[label] : "";
}

/* Numbers the groups that occur in the chunk. */
static bool find_groups(work *w)
{
    const hra_label_codes *labels = labels_of(w->chunk, w->s->group_label);
    size_t texts = labels ? (size_t)labels->text_count : 0;
    hra_summary_partial *p = w->partial;
    int32_t *local = malloc((texts + 1) * sizeof *local);
    if (!local) return false;
    for (size_t t = 0; t <= texts; t++) local[t] = -1;
    for (int r = 0; r < w->chunk->rows; r++) {
        int label = label_of(labels, r);
        if (local[label] < 0) local[label] = p->count++;
        w->group_of[r] = local[label];
    }
    p->groups = hra_arena_alloc(p->arena, (size_t)p->count * sizeof *p->groups + 1);
    bool ok = p->groups != NULL;
    for (size_t t = 0; t <= texts && ok; t++) {
        if (local[t] < 0) continue;
        hra_group *group = &p->groups[local[t]];
        group->name = label_text(labels, (int)t);
        ok = hra_summary_block_new(p->arena, &w->s->total, &group->total);
    }
    free(local);
    return ok;
}

/* Rows in the order of group and cell (a counting sort), and the runs that makes. */
static bool find_runs(work *w)
{
    size_t slots = (size_t)w->partial->count * HRA_SUMMARY_CELLS;
    int32_t *next = calloc(slots + 1, sizeof *next);
    if (!next) return false;
    int rows = w->chunk->rows;
    for (int r = 0; r < rows; r++) next[w->group_of[r] * HRA_SUMMARY_CELLS + w->cell_of[r] + 1]++;
    for (size_t i = 0; i < slots; i++) next[i + 1] += next[i];
    for (int r = 0; r < rows; r++) w->order[next[w->group_of[r] * HRA_SUMMARY_CELLS + w->cell_of[r]]++] = r;
    /* next[i] is now where slot i ends */
    bool ok = true;
    for (size_t i = 0; i < slots && ok; i++) {
        int start = i ? next[i - 1] : 0;
        if (next[i] == start) continue;
        run *one = &w->runs[w->run_count++];
        *one = (run){(int)(i / HRA_SUMMARY_CELLS), (int)(i % HRA_SUMMARY_CELLS), start, next[i]};
        hra_group *group = &w->partial->groups[one->group];
        group->people[one->cell] = (uint32_t)(next[i] - start);
        ok = hra_summary_cell_new(w->s, w->partial->arena, group, one->cell);
    }
    free(next);
    return ok;
}

/* ---- departments --------------------------------------------------------------- */

/* A department is looked up once for each group in which it occurs. */
static bool find_departments(work *w)
{
    const hra_label_codes *labels = labels_of(w->chunk, w->s->department_label);
    size_t texts = labels ? (size_t)labels->text_count + 1 : 1;
    typedef struct seen {
        int32_t group, place; /* where it was met last */
    } seen;
    seen *last = malloc(texts * sizeof *last);
    if (!last) return false;
    for (size_t t = 0; t < texts; t++) last[t].group = -1;
    bool ok = true;
    for (int i = 0, count = 0; ok && i < w->chunk->rows; i++) {
        int row = w->order[i], label = label_of(labels, row), group = w->group_of[row];
        if (last[label].group != group) {
            hra_department *d =
                hra_summary_department(w->s, w->partial->arena, &w->partial->groups[group], label_text(labels, label));
            ok = d != NULL;
            if (!ok) break;
            last[label] = (seen){group, count};
            w->departments[count++] = d->counts;
        }
        w->department_of[row] = last[label].place;
        w->departments[last[label].place][0]++;
    }
    free(last);
    return ok;
}

/* ---- counting -------------------------------------------------------------------- */

static hra_summary_block *block_of(const work *w, const hra_summary_place *p, const run *one)
{
    hra_group *group = &w->partial->groups[one->group];
    return p->by_cell ? group->cells[one->cell] : &group->total;
}

/* Those of cells run by run, those of whole groups over all their runs. */
static bool count_flags(const work *w)
{
    const hra_group_summary *s = w->s;
    hra_flag_rows cell, total = {0};
    bool ok = hra_flag_rows_make(w->results, s->cell_flags.outputs, s->cell_flags.count, &cell);
    ok = ok && hra_flag_rows_make(w->results, s->total_flags.outputs, s->total_flags.count, &total);
    for (int i = 0, end; ok && i < w->run_count; i = end) {
        hra_group *group = &w->partial->groups[w->runs[i].group];
        for (end = i; end < w->run_count && w->runs[end].group == w->runs[i].group; end++) {
            const run *one = &w->runs[end];
            hra_flag_rows_count(&cell, w->order + one->start, one->end - one->start, group->cells[one->cell]->counts);
        }
        int start = w->runs[i].start, people = w->runs[end - 1].end - start;
        hra_flag_rows_count(&total, w->order + start, people, group->total.counts);
    }
    hra_flag_rows_destroy(&cell);
    hra_flag_rows_destroy(&total);
    return ok;
}

static void count_departments(const work *w, const hra_summary_place *p, int output)
{
    for (int r = 0; r < w->chunk->rows; r++) {
        uint32_t *counts = w->departments[w->department_of[r]] + p->department;
        double value = hra_results_value(w->results, output, r);
        counts[0] += value == 1;
        counts[1] += value == 0;
    }
}

/* Unknown, or beyond the fixed point (not a health figure), counts as nothing. Without branches: any row may be. */
static hra_summary_number sum_of(const double *values, const int32_t *rows, int count)
{
    int64_t low = 0, high = 0;
    uint32_t known = 0;
    for (int k = 0; k < count; k++) {
        double value = values[rows[k]];
        bool counts = fabs(value) <= 1e9;
        int64_t fixed = llrint((counts ? value : 0) * 4294967296.0);
        known += counts;
        low += (uint32_t)fixed;
        high += fixed >> 32;
    }
    return (hra_summary_number){known, (__int128)high * (INT64_C(1) << 32) + low};
}

static void count_number(const work *w, const hra_summary_place *p, const double *values)
{
    for (int i = 0; i < w->run_count; i++) {
        const run *one = &w->runs[i];
        const int32_t *rows = w->order + one->start;
        int count = one->end - one->start;
        if (p->at >= 0) {
            hra_summary_number sum = sum_of(values, rows, count), *total = block_of(w, p, one)->numbers + p->at;
            total->known += sum.known;
            total->sum += sum.sum;
        }
        uint32_t *bins = p->bins < 0 ? NULL : w->partial->groups[one->group].total.counts + p->bins;
        for (int k = 0; bins && k < count; k++)
            if (fabs(values[rows[k]]) <= 1e9) bins[bin_of(w->s->bins, values[rows[k]])]++;
    }
}

/* Up to so many levels, unknown being one, have counters side by side in one word, until one could be full. */
enum { LEVELS_IN_WORD = 8, ROWS_IN_WORD = 255 };

static void count_few_levels(const uint16_t *values, const int32_t *rows, int count, int levels, uint32_t *counts)
{
    for (int start = 0; start < count; start += ROWS_IN_WORD) {
        int end = count - start > ROWS_IN_WORD ? start + ROWS_IN_WORD : count;
        uint64_t counters = 0;
        for (int k = start; k < end; k++) {
            int level = values[rows[k]];
            counters += UINT64_C(1) << (8 * (level < levels ? level : levels));
        }
        for (int level = 0; level <= levels; level++) counts[level] += counters >> (8 * level) & 0xff;
    }
}

static void count_level(const work *w, const hra_summary_place *p, const uint16_t *values, int levels)
{
    for (int i = 0; i < w->run_count; i++) {
        const run *one = &w->runs[i];
        uint32_t *counts = block_of(w, p, one)->counts + p->at;
        if (levels < LEVELS_IN_WORD) {
            count_few_levels(values, w->order + one->start, one->end - one->start, levels, counts);
            continue;
        }
        for (int k = one->start; k < one->end; k++) {
            int level = values[w->order[k]];
            counts[level < levels ? level : levels]++;
        }
    }
}

static void count_outputs(const work *w)
{
    const hra_group_summary *s = w->s;
    for (int i = 0; i < s->output_count; i++) {
        const hra_summary_place *p = &s->places[i];
        hra_output_kind kind = s->outputs[i].kind;
        if (kind == HRA_OUTPUT_NUMBER && (p->at >= 0 || p->bins >= 0)) count_number(w, p, w->results->numbers[i]);
        if (kind == HRA_OUTPUT_CATEGORY && p->at >= 0)
            count_level(w, p, w->results->levels[i], s->outputs[i].level_count);
        if (p->department >= 0) count_departments(w, p, i);
    }
}

hra_code hra_summary_count_chunk(const hra_group_summary *s, const hra_chunk *chunk, const hra_results *results,
                                 hra_summary_partial *partial, hra_error *error)
{
    size_t rows = (size_t)chunk->rows + 1;
    work w = {.s = s, .partial = partial, .chunk = chunk, .results = results};
    int32_t *numbers = malloc(rows * 4 * sizeof *numbers);
    w.departments = malloc(rows * sizeof *w.departments);
    w.runs = malloc(rows * sizeof *w.runs);
    bool ok = numbers && w.departments && w.runs;
    if (ok) {
        w.group_of = numbers;
        w.cell_of = numbers + rows;
        w.order = numbers + 2 * rows;
        w.department_of = numbers + 3 * rows;
        find_cells(&w);
        ok = find_groups(&w) && find_runs(&w) && (s->department_label < 0 || find_departments(&w));
    }
    ok = ok && count_flags(&w);
    if (ok) count_outputs(&w);
    free(numbers);
    free(w.departments);
    free(w.runs);
    return ok ? HRA_OK : hra_fail(error, HRA_ENOMEM, "out of memory while summarising groups");
}
