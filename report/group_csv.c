#include <math.h>
#include <stdio.h>
#include <string.h>

#include "io/atomic_file.h"
#include "report/group_files.h"

/* One line of the table; a negative count or an unknown mean leaves its cell empty. */
typedef struct line {
    const char *kind, *indicator, *level, *sex, *age;
    long long people, known, count;
    double mean;
} line;

static void write_line(const hra_group *group, const line *l, hra_buffer *out)
{
    hra_buffer_csv_foreign(out, group->name, strlen(group->name));
    hra_buffer_printf(out, ",%s,%s,%s,%s,%s,%lld,%lld,", l->kind, l->indicator, l->level, l->sex, l->age, l->people,
                      l->known);
    if (l->count >= 0) hra_buffer_printf(out, "%lld", l->count);
    hra_buffer_char(out, ',');
    if (l->count >= 0 && l->known > 0) hra_buffer_printf(out, "%.6g", (double)l->count / (double)l->known);
    hra_buffer_char(out, ',');
    if (!isnan(l->mean)) hra_buffer_printf(out, "%.6g", l->mean);
    hra_buffer_char(out, '\n');
}

/* What one output counts in one cell. */
typedef struct cell_counts {
    long long known, count;
    __int128 sum;
} cell_counts;

typedef cell_counts (*cell_reader)(const hra_group_summary *s, const hra_group *g, const hra_output *o, int index,
                                   int level, int cell);

static cell_counts read_flag(const hra_group_summary *s, const hra_group *g, const hra_output *o, int index, int level,
                             int cell)
{
    hra_summary_flag f = g->flags[index * HRA_SUMMARY_CELLS + cell];
    return (cell_counts){.known = (long long)f.yes + f.no, .count = f.yes};
}

static cell_counts read_number(const hra_group_summary *s, const hra_group *g, const hra_output *o, int index,
                               int level, int cell)
{
    hra_summary_number n = g->numbers[index * HRA_SUMMARY_CELLS + cell];
    return (cell_counts){.known = n.known, .sum = n.sum};
}

static cell_counts read_level(const hra_group_summary *s, const hra_group *g, const hra_output *o, int index, int level,
                              int cell)
{
    const uint32_t *counts =
        g->levels + (size_t)index * HRA_SUMMARY_CELLS + (size_t)cell * (size_t)(o->level_count + 1);
    cell_counts c = {.count = counts[level]};
    for (int l = 0; l < o->level_count; l++) c.known += counts[l];
    return c;
}

/* The cells of one indicator (unless only the total is wanted), then the total. Empty cells are left out. */
static void write_indicator(const hra_group_report *r, const hra_group *group, int output, int level, line l,
                            cell_reader read, bool by_cell, hra_buffer *out)
{
    const hra_output *o = &r->catalogue->outputs[output];
    int index = hra_summary_index(r->summary, output);
    bool numbers = o->kind == HRA_OUTPUT_NUMBER;
    cell_counts total = {0};
    for (int cell = 0; cell < HRA_SUMMARY_CELLS; cell++) {
        cell_counts c = read(r->summary, group, o, index, level, cell);
        total.known += c.known;
        total.count += c.count;
        total.sum += c.sum;
        if (!by_cell || group->people[cell] == 0) continue;
        l.sex = hra_summary_sex_names[cell / HRA_SUMMARY_AGES];
        l.age = hra_summary_age_names[cell % HRA_SUMMARY_AGES];
        l.people = group->people[cell];
        l.known = c.known;
        l.count = numbers ? -1 : c.count;
        l.mean = numbers && c.known ? (double)c.sum / 4294967296.0 / (double)c.known : NAN;
        write_line(group, &l, out);
    }
    l.sex = l.age = "all";
    l.people = hra_group_people(group);
    l.known = total.known;
    l.count = numbers ? -1 : total.count;
    l.mean = numbers && total.known ? (double)total.sum / 4294967296.0 / (double)total.known : NAN;
    write_line(group, &l, out);
}

static void write_levels(const hra_group_report *r, const hra_group *group, int output, const char *kind,
                         const char *indicator, bool by_cell, hra_buffer *out)
{
    const hra_output *o = output < 0 ? NULL : &r->catalogue->outputs[output];
    for (int level = 0; o && level < o->level_count; level++)
        write_indicator(r, group, output, level,
                        (line){.kind = kind, .indicator = indicator, .level = o->levels[level]}, read_level, by_cell,
                        out);
}

static void write_people(const hra_group *group, hra_buffer *out)
{
    line l = {.kind = "people", .indicator = "", .level = "", .mean = NAN};
    for (int cell = 0; cell < HRA_SUMMARY_CELLS; cell++) {
        if (group->people[cell] == 0) continue;
        l.sex = hra_summary_sex_names[cell / HRA_SUMMARY_AGES];
        l.age = hra_summary_age_names[cell % HRA_SUMMARY_AGES];
        l.people = l.known = l.count = group->people[cell];
        write_line(group, &l, out);
    }
    l.sex = l.age = "all";
    l.people = l.known = l.count = hra_group_people(group);
    write_line(group, &l, out);
}

/* Histogram of a risk over the whole group: level is the lower limit of the bin. */
static void write_bins(const hra_group_report *r, const hra_group *group, int output, const char *role, hra_buffer *out)
{
    const uint32_t *bins = group->bins + (size_t)hra_summary_index(r->summary, output) * HRA_SUMMARY_BINS;
    long long known = 0;
    for (int b = 0; b < HRA_SUMMARY_BINS; b++) known += bins[b];
    for (int b = 0; b < HRA_SUMMARY_BINS; b++) {
        char limit[32];
        snprintf(limit, sizeof limit, ">=%g", hra_summary_bin_limit(b));
        write_line(group, &(line){"risk_bin", role, limit, "all", "all", hra_group_people(group), known, bins[b], NAN},
                   out);
    }
}

static void write_group(const hra_group_report *r, const hra_group *group, hra_buffer *out)
{
    const hra_catalogue *c = r->catalogue;
    write_people(group, out);
    for (int i = 0; i < c->role_count; i++) {
        const hra_role_outputs *role = &c->roles[i];
        if (role->risk >= 0) {
            write_indicator(r, group, role->risk, 0, (line){.kind = "risk", .indicator = role->name, .level = ""},
                            read_number, true, out);
            write_bins(r, group, role->risk, role->name, out);
        }
        write_levels(r, group, role->category, "category", role->name, true, out);
        write_levels(r, group, role->model, "model", role->name, false, out);
    }
    for (int i = 0; i < c->tier_count; i++)
        write_levels(r, group, c->tiers[i].output, "tier", c->outputs[c->tiers[i].output].id, true, out);
    for (int i = 0; i < c->factor_count; i++)
        write_indicator(r, group, c->factors[i].output, 0,
                        (line){.kind = "factor", .indicator = c->outputs[c->factors[i].output].id, .level = ""},
                        read_flag, true, out);
    for (int i = 0; i < c->prescription_count; i++)
        write_indicator(
            r, group, c->prescriptions[i].output, 0,
            (line){.kind = "prescription", .indicator = c->outputs[c->prescriptions[i].output].id, .level = ""},
            read_flag, false, out);
}

hra_code hra_group_csv_write(const hra_group_report *report, const char *path, hra_error *error)
{
    hra_atomic_file *file = NULL;
    HRA_TRY(hra_atomic_open(path, &file, error));
    hra_buffer text = {0};
    hra_buffer_text(&text, "group,kind,indicator,level,sex,age_band,people,known,count,share,mean\n");
    bool ok = true;
    for (int g = 0; g < hra_group_summary_count(report->summary) && ok; g++) {
        write_group(report, hra_group_summary_at(report->summary, g), &text);
        ok = !text.failed && fwrite(text.bytes, 1, text.length, hra_atomic_stream(file)) == text.length;
        hra_buffer_clear(&text);
    }
    if (ok && hra_group_summary_count(report->summary) == 0)
        ok = !text.failed && fwrite(text.bytes, 1, text.length, hra_atomic_stream(file)) == text.length;
    bool failed = text.failed;
    hra_buffer_destroy(&text);
    if (ok) return hra_atomic_commit(file, error);
    hra_atomic_abandon(file);
    return failed ? hra_fail(error, HRA_ENOMEM, "out of memory while writing %s", path)
                  : hra_fail(error, HRA_EIO, "writing %s failed: %m", path);
}
