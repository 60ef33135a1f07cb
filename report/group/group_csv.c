/* groups.csv: everything the house counts of a group, one long table. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number_text.h"
#include "report/group/group_page.h"
#include "report/results/result_rows.h"

const char *const hra_group_csv_header = "group,kind,indicator,level,sex,age_band,people,known,count,share,mean,low,"
                                         "high,standardised,standardised_low,standardised_high,suppressed,reason\n";

/* One line of the table; a negative count or an unknown mean leaves its cell empty. */
typedef struct line {
    const char *kind, *indicator, *level, *sex, *age;
    long long people, known, count;
    double mean;
    hra_interval standardised;
    bool foreign;                  /* the level is somebody else's text */
    const hra_client_figure *told; /* the same figure in the client edition; NULL: it is not part of it */
} line;

/* What is counted in one cell, or in the whole group. */
typedef struct figures {
    long long known, count;
    double mean;
} figures;

typedef struct subject {
    const char *kind, *indicator;
    int output, level;
    figures (*read)(const hra_group_page *page, int output, int level, int cell);
    bool by_cell;
    const char *client; /* its kind in the client edition, or NULL */
} subject;

static void put_number(hra_buffer *out, double value)
{
    hra_buffer_char(out, ',');
    hra_write_number(out, value, false);
}

/* Nothing for a negative one. These lines are many: printf would take most of the time. */
static void put_whole(hra_buffer *out, long long value)
{
    char text[HRA_NUMBER_TEXT];
    hra_buffer_char(out, ',');
    if (value >= 0) hra_buffer_append(out, text, (size_t)hra_format_whole((double)value, text));
}

static void write_line(const hra_group_page *page, const line *l, hra_buffer *out)
{
    const char *name = hra_group_name(page->group);
    bool counted = l->count >= 0 && l->known > 0;
    hra_interval share =
        counted ? hra_proportion((uint64_t)l->count, (uint64_t)l->known) : (hra_interval){NAN, NAN, NAN};
    const char *const words[] = {l->kind, l->indicator, l->level, l->sex, l->age};
    hra_buffer_csv_foreign(out, name, strlen(name));
    for (int i = 0; i < 5; i++) {
        hra_buffer_char(out, ',');
        if (l->foreign && words[i] == l->level)
            hra_buffer_csv_foreign(out, words[i], strlen(words[i]));
        else
            hra_buffer_text(out, words[i]);
    }
    put_whole(out, l->people);
    put_whole(out, l->known);
    put_whole(out, l->count);
    put_number(out, share.value);
    put_number(out, l->mean);
    put_number(out, share.low);
    put_number(out, share.high);
    put_number(out, l->standardised.value);
    put_number(out, l->standardised.low);
    put_number(out, l->standardised.high);
    if (l->told)
        hra_buffer_printf(out, ",%d,%s\n", l->told->rule != HRA_SHOWN, hra_suppress_reason(l->told->rule));
    else
        hra_buffer_text(out, ",,\n");
}

static figures read_people(const hra_group_page *page, int output, int level, int cell)
{
    long long people = hra_group_people(page->group, cell);
    return (figures){people, people, NAN};
}

static figures read_flag(const hra_group_page *page, int output, int level, int cell)
{
    hra_summary_flag f = hra_group_flag(page->request->summary, page->group, output, cell);
    return (figures){(long long)f.yes + f.no, f.yes, NAN};
}

static figures read_number(const hra_group_page *page, int output, int level, int cell)
{
    hra_summary_number n = hra_group_number(page->request->summary, page->group, output, cell);
    return (figures){n.known, -1, hra_summary_mean(n)};
}

static figures read_level(const hra_group_page *page, int output, int level, int cell)
{
    const hra_group_summary *s = page->request->summary;
    figures f = {0, hra_group_level(s, page->group, output, level, cell), NAN};
    for (int l = 0; l < page->request->catalogue->outputs[output].level_count; l++)
        f.known += hra_group_level(s, page->group, output, l, cell);
    return f;
}

static const hra_client_figure *figure_of(const hra_group_page *page, const subject *s, const char *level)
{
    if (page->figures[0].rule != HRA_SHOWN) return s->client ? &page->figures[0] : NULL;
    for (int i = 0; s->client && i < page->figure_count; i++) {
        const hra_client_figure *f = &page->figures[i];
        if (strcmp(f->kind, s->client) == 0 && strcmp(f->indicator, s->indicator) == 0 &&
            strcmp(f->level, level) == 0 && strcmp(f->sex, "all") == 0 && strcmp(f->age, "all") == 0 &&
            strcmp(f->department, "all") == 0)
            return f;
    }
    return NULL;
}

static hra_interval standardised_of(const hra_group_page *page, const subject *s)
{
    if (s->read != read_flag || !s->by_cell) return (hra_interval){NAN, NAN, NAN};
    return hra_group_standardise(page->request->summary, page->group, s->output, page->standard).share;
}

/* The cells (unless only the total is wanted), then the total. Empty cells are left out. */
static void write_subject(const hra_group_page *page, const subject *s, hra_buffer *out)
{
    const hra_output *o = s->level < 0 ? NULL : &page->request->catalogue->outputs[s->output];
    line l = {.kind = s->kind,
              .indicator = s->indicator,
              .level = o ? o->levels[s->level] : "",
              .standardised = {NAN, NAN, NAN}};
    for (int cell = s->by_cell ? 0 : HRA_SUMMARY_CELLS; cell <= HRA_SUMMARY_CELLS; cell++) {
        bool all = cell == HRA_SUMMARY_CELLS;
        l.people = hra_group_people(page->group, all ? HRA_SUMMARY_ALL : cell);
        if (!all && l.people == 0) continue;
        l.sex = all ? "all" : hra_summary_sex_names[cell / HRA_SUMMARY_AGES];
        l.age = all ? "all" : hra_summary_age_names[cell % HRA_SUMMARY_AGES];
        figures f = s->read(page, s->output, s->level, all ? HRA_SUMMARY_ALL : cell);
        l.known = f.known;
        l.count = f.count;
        l.mean = f.mean;
        if (all) l.standardised = standardised_of(page, s);
        if (all) l.told = figure_of(page, s, l.level);
        write_line(page, &l, out);
    }
}

static void write_levels(const hra_group_page *page, int output, const char *kind, const char *indicator, bool by_cell,
                         hra_buffer *out)
{
    int levels = output < 0 ? 0 : page->request->catalogue->outputs[output].level_count;
    const char *client = by_cell ? kind : NULL;
    for (int level = 0; level < levels; level++)
        write_subject(page, &(subject){kind, indicator, output, level, read_level, by_cell, client}, out);
}

/* Histogram of a risk over the whole group: level is the lower limit of the bin. */
static void write_bins(const hra_group_page *page, int output, const char *role, hra_buffer *out)
{
    const uint32_t *bins = hra_group_bins(page->request->summary, page->group, output);
    line l = {.kind = "risk_bin",
              .indicator = role,
              .sex = "all",
              .age = "all",
              .people = hra_group_people(page->group, HRA_SUMMARY_ALL),
              .mean = NAN,
              .standardised = {NAN, NAN, NAN}};
    for (int b = 0; bins && b < HRA_SUMMARY_BINS; b++) l.known += bins[b];
    for (int b = 0; bins && b < HRA_SUMMARY_BINS; b++) {
        char limit[32];
        snprintf(limit, sizeof limit, ">=%g", hra_summary_bin_limit(b));
        l.level = limit;
        l.count = bins[b];
        write_line(page, &l, out);
    }
}

static void write_rules(const hra_group_page *page, const char *kind, const hra_rule_output *rules, int count,
                        const char *client, hra_buffer *out)
{
    for (int i = 0; i < count; i++) {
        const char *id = page->request->catalogue->outputs[rules[i].output].id;
        write_subject(page, &(subject){kind, id, rules[i].output, -1, read_flag, client != NULL, client}, out);
    }
}

static void write_departments(const hra_group_page *page, hra_buffer *out)
{
    for (int d = 0; d < hra_group_department_count(page->group); d++) {
        const char *name = hra_group_name(page->group), *department = hra_group_department_name(page->group, d);
        hra_buffer_csv_foreign(out, name, strlen(name));
        hra_buffer_text(out, ",department,,");
        hra_buffer_csv_foreign(out, department, strlen(department));
        uint32_t people = hra_group_department_people(page->group, d);
        hra_buffer_printf(out, ",all,all,%u,%u,%u,,,,,,,,,\n", people, people, people);
    }
}

/* A line about the whole group whose cells are filled by the caller. */
static line whole_group(const hra_group_page *page, const char *kind, const char *indicator, const char *level)
{
    return (line){.kind = kind,
                  .indicator = indicator,
                  .level = level,
                  .sex = "all",
                  .age = "all",
                  .people = hra_group_people(page->group, HRA_SUMMARY_ALL),
                  .known = -1,
                  .count = -1,
                  .mean = NAN,
                  .standardised = {NAN, NAN, NAN}};
}

static void write_participation(const hra_group_page *page, hra_buffer *out)
{
    static const char *const names[] = {"invited", "examined", "answered", "assessed"};
    for (int i = 0; i < 4 && page->has_participation; i++) {
        line l = whole_group(page, "participation", names[i], "");
        if (isnan(page->participation[i])) continue;
        l.count = (long long)page->participation[i];
        /* more than were invited: no part of them */
        if (page->participation[i] <= page->participation[0]) l.known = (long long)page->participation[0];
        write_line(page, &l, out);
    }
}

static void write_event_line(const hra_group_page *page, const hra_role_outputs *role, const char *level, int output,
                             hra_buffer *out)
{
    hra_summary_number number = hra_group_number(page->request->summary, page->group, output, HRA_SUMMARY_ALL);
    line l = whole_group(page, "events", role->name, level);
    l.known = number.known;
    l.mean = number.known ? hra_summary_total(number) : NAN;
    write_line(page, &l, out);
}

/* Expected events: the sum of the risks; what is left and what is gone of them when all targets are met, of those
 * people of whom this is known. */
static void write_events(const hra_group_page *page, const hra_role_outputs *role, hra_buffer *out)
{
    write_event_line(page, role, "expected", role->risk, out);
    if (role->if_all < 0 || role->prevented < 0) return;
    write_event_line(page, role, "targets_met", role->if_all, out);
    write_event_line(page, role, "prevented", role->prevented, out);
}

/* What a problem is compared with, whether a measure is due, how many are on its list. */
static void write_comparisons(const hra_group_page *page, const hra_problem *one, hra_buffer *out)
{
    const hra_interval intervals[] = {one->others, one->to_others, one->last_year, one->to_last_year};
    static const char *const kinds[] = {"other_groups", "less_other_groups", "last_year", "less_last_year"};
    for (int i = 0; i < 4; i++) {
        line l = whole_group(page, kinds[i], one->action->id, "");
        l.standardised = intervals[i];
        if (!isnan(intervals[i].value)) write_line(page, &l, out);
    }
    line l = whole_group(page, "undecided", one->action->id, "");
    if (one->output >= 0 && !one->decided && one->total.yes + one->total.no > 0) write_line(page, &l, out);
    l.kind = "measure";
    if (one->due) write_line(page, &l, out);
    if (one->roster < 0) return;
    hra_summary_flag roster = hra_group_flag(page->request->summary, page->group, one->roster, HRA_SUMMARY_ALL);
    l.kind = "roster";
    l.known = (long long)roster.yes + roster.no;
    l.count = roster.yes;
    write_line(page, &l, out);
}

/* The year's programme, which next year's reads so that topics rest. */
static void write_programme(const hra_group_page *page, hra_buffer *out)
{
    const hra_programme *p = page->programme;
    long long people = hra_group_people(page->group, HRA_SUMMARY_ALL);
    line l = {.level = "", .sex = "all", .age = "all", .people = people, .mean = NAN, .standardised = {NAN, NAN, NAN}};
    for (int i = 0; i < p->lecture_count + p->newsletter_count; i++) {
        bool lecture = i < p->lecture_count;
        const hra_problem *one = lecture ? p->lectures[i].problem : p->newsletters[i - p->lecture_count].problem;
        l.kind = lecture ? "lecture" : "newsletter";
        l.indicator = one->action->id;
        l.level = lecture ? p->lectures[i].specialty : p->newsletters[i - p->lecture_count].quarter;
        l.foreign = lecture;
        l.known = (long long)one->total.yes + one->total.no;
        l.count = one->total.yes;
        write_line(page, &l, out);
    }
}

void hra_group_page_csv(const hra_group_page *page, hra_buffer *out)
{
    const hra_catalogue *c = page->request->catalogue;
    write_subject(page, &(subject){"people", "", -1, -1, read_people, true, "people"}, out);
    write_departments(page, out);
    write_participation(page, out);
    for (int i = 0; i < c->role_count; i++) {
        const hra_role_outputs *role = &c->roles[i];
        if (role->risk >= 0) {
            write_subject(page, &(subject){"risk", role->name, role->risk, -1, read_number, true, "risk"}, out);
            write_bins(page, role->risk, role->name, out);
            write_events(page, role, out);
        }
        write_levels(page, role->category, "category", role->name, true, out);
        write_levels(page, role->model, "model", role->name, false, out);
    }
    for (int i = 0; i < c->tier_count; i++)
        write_levels(page, c->tiers[i].output, "tier", c->outputs[c->tiers[i].output].id, true, out);
    for (int i = 0; i < page->problem_count; i++) {
        const hra_problem *one = &page->problems[i];
        if (one->output >= 0)
            write_subject(page, &(subject){"problem", one->action->id, one->output, -1, read_flag, true, NULL}, out);
        write_comparisons(page, one, out);
    }
    write_rules(page, "factor", c->factors, c->factor_count, "finding", out);
    write_rules(page, "prescription", c->prescriptions, c->prescription_count, NULL, out);
    write_rules(page, "item", c->items, c->item_count, NULL, out);
    write_programme(page, out);
}
