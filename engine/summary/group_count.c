/* Counting one chunk: its rows are put in the order of group and cell once, then
 * every output is summed run by run, with the sums of a run in registers. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/summary/summary_internal.h"

static const double bin_limits[HRA_SUMMARY_BINS] = {0,    0.0025, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03,
                                                    0.04, 0.05,   0.06,  0.08,   0.10, 0.125, 0.15, 0.175,
                                                    0.20, 0.25,   0.30,  0.40,   0.50, 0.65,  0.80, 0.95};

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
    uint8_t *shifts;                     /* of the flag that is being counted */
    run *runs;
    int run_count;
} work;

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

/* ---- where a row belongs ----------------------------------------------------- */

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

/* Off-grid ages stand in the exceptions. */
static void find_cells(work *w)
{
    const hra_group_summary *s = w->s;
    for (int r = 0; r < w->chunk->rows; r++) {
        double sex = s->sex_column < 0 ? NAN : chunk_value(s->schema, w->chunk, s->sex_column, r);
        double age = s->age_column < 0 ? NAN : chunk_value(s->schema, w->chunk, s->age_column, r);
        int sex_cell = isnan(sex) ? HRA_SUMMARY_SEXES - 1 : s->sex_cell[(int)sex];
        w->cell_of[r] = sex_cell * HRA_SUMMARY_AGES + age_cell(age);
    }
    for (int e = 0; e < w->chunk->exception_count; e++) {
        const hra_exception *x = &w->chunk->exceptions[e];
        if (x->column != s->age_column) continue;
        int32_t *cell = &w->cell_of[x->row];
        *cell = *cell - *cell % HRA_SUMMARY_AGES + age_cell(x->value);
    }
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

/* Department texts of a chunk are few, those of a group fewer: a list per group, and the last one first. */
static bool find_departments(work *w)
{
    const hra_label_codes *labels = labels_of(w->chunk, w->s->department_label);
    int count = 0, last_label = -1;
    for (int i = 0; i < w->chunk->rows; i++) {
        int row = w->order[i], label = label_of(labels, row);
        bool same_group = i && w->group_of[row] == w->group_of[w->order[i - 1]];
        if (!same_group || label != last_label) {
            hra_group *group = &w->partial->groups[w->group_of[row]];
            hra_department *d = hra_summary_department(w->s, w->partial->arena, group, label_text(labels, label));
            if (!d) return false;
            w->departments[count++] = d->counts;
        }
        last_label = label;
        w->department_of[row] = count - 1;
        w->departments[count - 1][0]++;
    }
    return true;
}

/* ---- counting -------------------------------------------------------------------- */

/* A flag is false, true or unknown: each is the place of a counter in a word of four. */
static void narrow_flags(const uint64_t *known, const uint64_t *truth, int rows, uint8_t *shifts)
{
    for (int r = 0; r < rows; r++) {
        uint64_t k = known[r / 64] >> (r % 64) & 1, t = truth[r / 64] >> (r % 64) & 1;
        shifts[r] = (uint8_t)(k ? t << 4 : 32);
    }
}

static hra_summary_flag flag_of_rows(const uint8_t *shifts, const int32_t *order, int count)
{
    hra_summary_flag total = {0, 0};
    for (int start = 0; start < count;) {
        int end = count - start > 60000 ? start + 60000 : count; /* below the 2^16 of one counter */
        uint64_t counters = 0;
        for (int i = start; i < end; i++) counters += (uint64_t)1 << shifts[order[i]];
        total.no += (uint32_t)(counters & 0xffff);
        total.yes += (uint32_t)(counters >> 16 & 0xffff);
        start = end;
    }
    return total;
}

static hra_summary_block *block_of(const work *w, const hra_summary_place *p, const run *one)
{
    hra_group *group = &w->partial->groups[one->group];
    return p->by_cell ? group->cells[one->cell] : &group->total;
}

static void count_flag(const work *w, const hra_summary_place *p, int output)
{
    narrow_flags(w->results->known[output], w->results->truth[output], w->chunk->rows, w->shifts);
    for (int i = 0; i < w->run_count; i++) {
        const run *one = &w->runs[i];
        uint32_t *counts = block_of(w, p, one)->counts + p->at;
        hra_summary_flag f = flag_of_rows(w->shifts, w->order + one->start, one->end - one->start);
        counts[0] += f.yes;
        counts[1] += f.no;
    }
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

static void count_number(const work *w, const hra_summary_place *p, const double *values)
{
    for (int i = 0; i < w->run_count; i++) {
        const run *one = &w->runs[i];
        uint32_t *bins = p->bins < 0 ? NULL : w->partial->groups[one->group].total.counts + p->bins;
        hra_summary_number sum = {0, 0};
        for (int k = one->start; k < one->end; k++) {
            double value = values[w->order[k]];
            if (!(fabs(value) <= 1e9)) continue; /* unknown, or beyond the fixed point: not a health figure */
            sum.known++;
            sum.sum += llrint(value * 4294967296.0);
            if (bins) bins[bin_of(value)]++;
        }
        if (p->at < 0) continue;
        hra_summary_number *total = block_of(w, p, one)->numbers + p->at;
        total->known += sum.known;
        total->sum += sum.sum;
    }
}

static void count_level(const work *w, const hra_summary_place *p, const uint16_t *values, int levels)
{
    for (int i = 0; i < w->run_count; i++) {
        const run *one = &w->runs[i];
        uint32_t *counts = block_of(w, p, one)->counts + p->at;
        for (int k = one->start; k < one->end; k++) {
            uint16_t level = values[w->order[k]];
            counts[level == HRA_ORDINAL_UNKNOWN ? levels : level]++;
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
        if (kind == HRA_OUTPUT_FLAG && p->at >= 0) count_flag(w, p, i);
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
    w.shifts = malloc(rows);
    bool ok = numbers && w.departments && w.runs && w.shifts;
    if (ok) {
        w.group_of = numbers;
        w.cell_of = numbers + rows;
        w.order = numbers + 2 * rows;
        w.department_of = numbers + 3 * rows;
        find_cells(&w);
        ok = find_groups(&w) && find_runs(&w) && (s->department_label < 0 || find_departments(&w));
    }
    if (ok) count_outputs(&w);
    free(numbers);
    free(w.departments);
    free(w.runs);
    free(w.shifts);
    return ok ? HRA_OK : hra_fail(error, HRA_ENOMEM, "out of memory while summarising groups");
}
