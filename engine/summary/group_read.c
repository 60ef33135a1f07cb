/* Reading a summary. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/summary/summary_internal.h"

const char *const hra_summary_sex_names[HRA_SUMMARY_SEXES] = {"female", "male", "unknown"};
const char *const hra_summary_age_names[HRA_SUMMARY_AGES] = {"under 30", "30-39",       "40-49",  "50-59",
                                                             "60-69",    "70 and over", "unknown"};

int hra_group_summary_count(const hra_group_summary *summary) { return summary->group_count; }

static int by_group_name(const void *a, const void *b)
{
    return strcmp((*(hra_group *const *)a)->name, (*(hra_group *const *)b)->name);
}

static int by_department_name(const void *a, const void *b)
{
    return strcmp(((const hra_department *)a)->name, ((const hra_department *)b)->name);
}

static void sort_groups(hra_group_summary *s)
{
    if (s->group_count) qsort(s->groups, (size_t)s->group_count, sizeof *s->groups, by_group_name);
    for (int g = 0; g < s->group_count; g++) {
        hra_group *group = s->groups[g];
        hra_map_set(s->by_name, group->name, g); /* a name that is there: needs no memory */
        if (group->department_count)
            qsort(group->departments, (size_t)group->department_count, sizeof *group->departments, by_department_name);
    }
    s->sorted = true;
}

const hra_group *hra_group_summary_at(const hra_group_summary *summary, int index)
{
    if (!summary->sorted) sort_groups((hra_group_summary *)summary); /* the order is a cache, not content */
    return summary->groups[index];
}

const char *hra_group_name(const hra_group *group) { return group->name; }

uint32_t hra_group_people(const hra_group *group, int cell)
{
    if (cell >= 0) return group->people[cell];
    uint32_t people = 0;
    for (int c = 0; c < HRA_SUMMARY_CELLS; c++) people += group->people[c];
    return people;
}

/* The blocks that make up one cell, or the whole group: from *first on, *end excluded. */
static void cells_of(const hra_summary_place *p, int cell, int *first, int *end)
{
    *first = cell >= 0 ? cell : 0;
    *end = p->at < 0 ? *first : cell >= 0 ? cell + 1 : p->by_cell ? HRA_SUMMARY_CELLS : 1;
    if (cell >= 0 && !p->by_cell) *end = *first; /* not kept by cell */
}

static const hra_summary_block *block_at(const hra_group *group, const hra_summary_place *p, int cell)
{
    return p->by_cell ? group->cells[cell] : &group->total;
}

static uint32_t count_of(const hra_group_summary *s, const hra_group *group, int output, int offset, int cell)
{
    const hra_summary_place *p = &s->places[output];
    uint32_t count = 0;
    int first, end;
    cells_of(p, cell, &first, &end);
    for (int c = first; c < end; c++) {
        const hra_summary_block *block = block_at(group, p, c);
        if (block) count += block->counts[p->at + offset];
    }
    return count;
}

hra_summary_flag hra_group_flag(const hra_group_summary *summary, const hra_group *group, int output, int cell)
{
    if (summary->outputs[output].kind != HRA_OUTPUT_FLAG) return (hra_summary_flag){0, 0};
    return (hra_summary_flag){count_of(summary, group, output, 0, cell), count_of(summary, group, output, 1, cell)};
}

uint32_t hra_group_level(const hra_group_summary *summary, const hra_group *group, int output, int level, int cell)
{
    if (summary->outputs[output].kind != HRA_OUTPUT_CATEGORY) return 0;
    return count_of(summary, group, output, level, cell);
}

hra_summary_number hra_group_number(const hra_group_summary *summary, const hra_group *group, int output, int cell)
{
    const hra_summary_place *p = &summary->places[output];
    hra_summary_number total = {0, 0};
    int first, end;
    cells_of(p, cell, &first, &end);
    if (summary->outputs[output].kind != HRA_OUTPUT_NUMBER) return total;
    for (int c = first; c < end; c++) {
        const hra_summary_block *block = block_at(group, p, c);
        if (!block) continue;
        total.known += block->numbers[p->at].known;
        total.sum += block->numbers[p->at].sum;
    }
    return total;
}

const uint32_t *hra_group_bins(const hra_group_summary *summary, const hra_group *group, int output)
{
    int at = summary->places[output].bins;
    return at < 0 ? NULL : group->total.counts + at;
}

double hra_summary_total(hra_summary_number number) { return (double)number.sum / 4294967296.0; }

double hra_summary_mean(hra_summary_number number)
{
    return number.known ? hra_summary_total(number) / (double)number.known : NAN;
}

double hra_group_mean(const hra_group_summary *summary, const hra_group *group, int output)
{
    if (summary->outputs[output].kind == HRA_OUTPUT_FLAG) {
        hra_summary_flag f = hra_group_flag(summary, group, output, HRA_SUMMARY_ALL);
        return f.yes + f.no ? (double)f.yes / (double)(f.yes + f.no) : NAN;
    }
    return hra_summary_mean(hra_group_number(summary, group, output, HRA_SUMMARY_ALL));
}

int hra_group_department_count(const hra_group *group) { return group->department_count; }

const char *hra_group_department_name(const hra_group *group, int department)
{
    return group->departments[department].name;
}

uint32_t hra_group_department_people(const hra_group *group, int department)
{
    return group->departments[department].counts[0];
}

hra_summary_flag hra_group_department_flag(const hra_group_summary *summary, const hra_group *group, int department,
                                           int output)
{
    int at = summary->places[output].department;
    const uint32_t *counts = group->departments[department].counts;
    return at < 0 ? (hra_summary_flag){0, 0} : (hra_summary_flag){counts[at], counts[at + 1]};
}
