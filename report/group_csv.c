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

/* What is counted in one cell, or in the whole group. */
typedef struct figures {
    long long known, count;
    double mean;
} figures;

typedef struct subject {
    const char *kind, *indicator;
    int output, level;
    figures (*read)(const hra_group_report *r, const hra_group *g, int output, int level, int cell);
    bool by_cell;
} subject;

static void write_line(const hra_group *group, const line *l, hra_buffer *out)
{
    hra_buffer_csv_foreign(out, hra_group_name(group), strlen(hra_group_name(group)));
    hra_buffer_printf(out, ",%s,%s,%s,%s,%s,%lld,%lld,", l->kind, l->indicator, l->level, l->sex, l->age, l->people,
                      l->known);
    if (l->count >= 0) hra_buffer_printf(out, "%lld", l->count);
    hra_buffer_char(out, ',');
    if (l->count >= 0 && l->known > 0) hra_buffer_printf(out, "%.6g", (double)l->count / (double)l->known);
    hra_buffer_char(out, ',');
    if (!isnan(l->mean)) hra_buffer_printf(out, "%.6g", l->mean);
    hra_buffer_char(out, '\n');
}

static figures read_people(const hra_group_report *r, const hra_group *g, int output, int level, int cell)
{
    long long people = hra_group_people(g, cell);
    return (figures){people, people, NAN};
}

static figures read_flag(const hra_group_report *r, const hra_group *g, int output, int level, int cell)
{
    hra_summary_flag f = hra_group_flag(r->summary, g, output, cell);
    return (figures){(long long)f.yes + f.no, f.yes, NAN};
}

static figures read_number(const hra_group_report *r, const hra_group *g, int output, int level, int cell)
{
    hra_summary_number n = hra_group_number(r->summary, g, output, cell);
    return (figures){n.known, -1, hra_summary_mean(n)};
}

static figures read_level(const hra_group_report *r, const hra_group *g, int output, int level, int cell)
{
    figures f = {0, hra_group_level(r->summary, g, output, level, cell), NAN};
    for (int l = 0; l < r->catalogue->outputs[output].level_count; l++)
        f.known += hra_group_level(r->summary, g, output, l, cell);
    return f;
}

/* The cells (unless only the total is wanted), then the total. Empty cells are left out. */
static void write_subject(const hra_group_report *r, const hra_group *group, const subject *s, hra_buffer *out)
{
    const hra_output *o = s->level < 0 ? NULL : &r->catalogue->outputs[s->output];
    line l = {.kind = s->kind, .indicator = s->indicator, .level = o ? o->levels[s->level] : ""};
    for (int cell = s->by_cell ? 0 : HRA_SUMMARY_CELLS; cell <= HRA_SUMMARY_CELLS; cell++) {
        bool all = cell == HRA_SUMMARY_CELLS;
        l.people = hra_group_people(group, all ? HRA_SUMMARY_ALL : cell);
        if (!all && l.people == 0) continue;
        l.sex = all ? "all" : hra_summary_sex_names[cell / HRA_SUMMARY_AGES];
        l.age = all ? "all" : hra_summary_age_names[cell % HRA_SUMMARY_AGES];
        figures f = s->read(r, group, s->output, s->level, all ? HRA_SUMMARY_ALL : cell);
        l.known = f.known;
        l.count = f.count;
        l.mean = f.mean;
        write_line(group, &l, out);
    }
}

static void write_levels(const hra_group_report *r, const hra_group *group, int output, const char *kind,
                         const char *indicator, bool by_cell, hra_buffer *out)
{
    int levels = output < 0 ? 0 : r->catalogue->outputs[output].level_count;
    for (int level = 0; level < levels; level++)
        write_subject(r, group, &(subject){kind, indicator, output, level, read_level, by_cell}, out);
}

/* Histogram of a risk over the whole group: level is the lower limit of the bin. */
static void write_bins(const hra_group_report *r, const hra_group *group, int output, const char *role, hra_buffer *out)
{
    const uint32_t *bins = hra_group_bins(r->summary, group, output);
    long long known = 0, people = hra_group_people(group, HRA_SUMMARY_ALL);
    for (int b = 0; bins && b < HRA_SUMMARY_BINS; b++) known += bins[b];
    for (int b = 0; bins && b < HRA_SUMMARY_BINS; b++) {
        char limit[32];
        snprintf(limit, sizeof limit, ">=%g", hra_summary_bin_limit(b));
        write_line(group, &(line){"risk_bin", role, limit, "all", "all", people, known, bins[b], NAN}, out);
    }
}

static void write_rules(const hra_group_report *r, const hra_group *group, const char *kind,
                        const hra_rule_output *rules, int count, bool by_cell, hra_buffer *out)
{
    for (int i = 0; i < count; i++) {
        const char *id = r->catalogue->outputs[rules[i].output].id;
        write_subject(r, group, &(subject){kind, id, rules[i].output, -1, read_flag, by_cell}, out);
    }
}

static void write_group(const hra_group_report *r, const hra_group *group, hra_buffer *out)
{
    const hra_catalogue *c = r->catalogue;
    write_subject(r, group, &(subject){"people", "", -1, -1, read_people, true}, out);
    for (int i = 0; i < c->role_count; i++) {
        const hra_role_outputs *role = &c->roles[i];
        if (role->risk >= 0) {
            write_subject(r, group, &(subject){"risk", role->name, role->risk, -1, read_number, true}, out);
            write_bins(r, group, role->risk, role->name, out);
        }
        write_levels(r, group, role->category, "category", role->name, true, out);
        write_levels(r, group, role->model, "model", role->name, false, out);
    }
    for (int i = 0; i < c->tier_count; i++)
        write_levels(r, group, c->tiers[i].output, "tier", c->outputs[c->tiers[i].output].id, true, out);
    write_rules(r, group, "factor", c->factors, c->factor_count, true, out);
    write_rules(r, group, "prescription", c->prescriptions, c->prescription_count, false, out);
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
