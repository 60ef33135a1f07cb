/* What became of each group: members kept, come, gone; the matched changes. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "engine/data/column.h"
#include "service/table_file.h"
#include "service/mean_interval.h"
#include "service/years_internal.h"

/* Sums in whole steps, so that they do not depend on the order of people. */
typedef struct change_sum {
    int64_t people, before, now, change;
    unsigned __int128 squares;
    int64_t trends[HRA_TREND_COUNT];
} change_sum;

enum { PART_CHANGE, PART_MODEL, PART_DATA, PART_PERSON, PARTS };
enum { LAST_YEAR, THIS_YEAR, KEPT, JOINED, LEFT, MOVED_IN, MOVED_OUT, MEMBERS };

typedef struct group {
    char *name;
    int64_t members[MEMBERS];
    change_sum *values; /* one for each rule */
    change_sum *risks;  /* roles x parts */
} group;

struct hra_year_groups {
    const hra_years *years;
    hra_map *names;
    group **groups; /* the first is everybody */
    int count, capacity;
};

static hra_code out_of_memory(hra_error *error) { return hra_fail(error, HRA_ENOMEM, "out of memory"); }

static void group_free(group *g)
{
    if (!g) return;
    free(g->name);
    free(g->values);
    free(g->risks);
    free(g);
}

static group *group_new(const hra_years *y, const char *name)
{
    group *g = calloc(1, sizeof *g);
    if (!g) return NULL;
    g->name = strdup(name);
    g->values = calloc((size_t)y->rules.count + 1, sizeof *g->values);
    g->risks = calloc((size_t)y->role_count * PARTS + 1, sizeof *g->risks);
    if (g->name && g->values && g->risks) return g;
    group_free(g);
    return NULL;
}

static group *add_group(hra_year_groups *s, const char *name, bool everybody)
{
    if (s->count == s->capacity) {
        int capacity = s->capacity ? 2 * s->capacity : 64;
        group **groups = realloc(s->groups, (size_t)capacity * sizeof(group *));
        if (!groups) return NULL;
        s->groups = groups;
        s->capacity = capacity;
    }
    group *g = group_new(s->years, name);
    if (!g || (!everybody && hra_map_set(s->names, name, s->count) != 0)) {
        group_free(g);
        return NULL;
    }
    return s->groups[s->count++] = g;
}

hra_year_groups *hra_year_groups_new(const hra_years *years)
{
    hra_year_groups *s = calloc(1, sizeof *s);
    if (!s) return NULL;
    s->years = years;
    s->names = hra_map_new();
    if (s->names && add_group(s, "*", true)) return s;
    hra_year_groups_free(s);
    return NULL;
}

void hra_year_groups_free(hra_year_groups *s)
{
    if (!s) return;
    for (int i = 0; i < s->count; i++) group_free(s->groups[i]);
    free(s->groups);
    hra_map_free(s->names);
    free(s);
}

/* ---- adding ---- */

static void add_change(change_sum *sum, int64_t before, int64_t now, int64_t change, hra_trend trend)
{
    if (change == HRA_RISK_UNKNOWN) return;
    sum->people++;
    sum->before += before;
    sum->now += now;
    sum->change += change;
    sum->squares += (unsigned __int128)((__int128)change * change);
    sum->trends[trend]++;
}

static void add_values(const hra_years *y, group *g, int64_t before_row, int64_t now_row)
{
    for (int r = 0; r < y->rules.count; r++) {
        int32_t before, now;
        if (!hra_previous_steps(y->before, before_row, y->rules.rules[r].variable, &before) ||
            !hra_previous_steps(y->now, now_row, y->rules.rules[r].variable, &now))
            continue;
        add_change(&g->values[r], before, now, (int64_t)now - before,
                   hra_change_trend(&y->rules, r, y->dictionary, y->before, before_row, y->now, now_row));
    }
}

static void add_risks(const hra_years *y, group *g, const hra_risk_parts *parts)
{
    for (int r = 0; r < y->role_count; r++) {
        const hra_risk_parts *p = &parts[r];
        int64_t changes[PARTS] = {p->change, p->model, p->data, p->person};
        hra_trend trend = p->person == HRA_RISK_UNKNOWN
                              ? HRA_TREND_UNKNOWN
                              : hra_change_risk_trend(&y->rules, (double)p->person / hra_pow10(HRA_RISK_DECIMALS));
        for (int part = 0; part < PARTS; part++) {
            if (p->change == HRA_RISK_UNKNOWN || p->person == HRA_RISK_UNKNOWN)
                continue; /* all four of the same people */
            add_change(&g->risks[r * PARTS + part], p->before, p->now, changes[part],
                       part == PART_PERSON ? trend : HRA_TREND_UNKNOWN);
        }
    }
}

static group *find_group(hra_year_groups *s, const char *name)
{
    int64_t index = hra_map_get(s->names, name);
    return index >= 0 ? s->groups[index] : add_group(s, name, false);
}

static void count_members(group *all, group *now, group *before)
{
    all->members[LAST_YEAR] += before != NULL;
    all->members[THIS_YEAR] += now != NULL;
    all->members[before && now ? KEPT : now ? JOINED : LEFT]++;
    if (before) before->members[LAST_YEAR]++;
    if (now) now->members[THIS_YEAR]++;
    if (before && now && before == now) {
        now->members[KEPT]++;
    } else if (before && now) {
        now->members[MOVED_IN]++;
        before->members[MOVED_OUT]++;
    } else if (now) {
        now->members[JOINED]++;
    } else if (before) {
        before->members[LEFT]++;
    }
}

hra_code hra_year_groups_add(hra_year_groups *s, int64_t before_row, int64_t now_row, hra_error *error)
{
    const hra_years *y = s->years;
    hra_risk_parts parts[64];
    group *now = NULL, *before = NULL;
    if (now_row >= 0 && !(now = find_group(s, hra_previous_group(y->now, now_row)))) return out_of_memory(error);
    if (before_row >= 0 && !(before = find_group(s, hra_previous_group(y->before, before_row))))
        return out_of_memory(error);
    count_members(s->groups[0], now, before);
    if (!now || !before) return HRA_OK;
    for (int r = 0; r < y->role_count; r++) parts[r] = hra_years_parts(y, before_row, now_row, r);
    group *const both[] = {s->groups[0], now};
    for (int i = 0; i < 2; i++) {
        add_values(y, both[i], before_row, now_row);
        add_risks(y, both[i], parts);
    }
    return HRA_OK;
}

/* ---- writing ---- */

static void put_number(hra_buffer *out, double value)
{
    hra_buffer_char(out, ',');
    if (!isnan(value)) hra_buffer_printf(out, "%.7g", value);
}

static void put_sum(hra_buffer *out, const char *group_name, const char *kind, const char *indicator,
                    const change_sum *sum, int decimals, bool trends)
{
    double scale = hra_pow10(decimals), n = (double)sum->people;
    if (sum->people == 0) return;
    hra_interval mean = hra_mean_interval(sum->people, sum->change, sum->squares);
    hra_buffer_csv_foreign(out, group_name, strlen(group_name));
    hra_buffer_printf(out, ",%s,%s,%lld", kind, indicator, (long long)sum->people);
    put_number(out, (double)sum->before / n / scale);
    put_number(out, (double)sum->now / n / scale);
    put_number(out, mean.value / scale);
    put_number(out, mean.low / scale);
    put_number(out, mean.high / scale);
    static const hra_trend order[] = {HRA_TREND_BETTER, HRA_TREND_WORSE, HRA_TREND_SAME, HRA_TREND_CHANGED};
    for (int i = 0; i < 4; i++) {
        hra_buffer_char(out, ',');
        if (trends) hra_buffer_printf(out, "%lld", (long long)sum->trends[order[i]]);
    }
    hra_buffer_char(out, '\n');
}

static void put_group(const void *context, int index, hra_buffer *out)
{
    const hra_year_groups *s = context;
    const hra_years *y = s->years;
    const group *g = s->groups[index];
    static const char *const members[] = {"last_year", "this_year", "kept", "joined", "left", "moved_in", "moved_out"};
    static const char *const kinds[] = {"risk", "risk_model", "risk_data", "risk_person"};
    for (int m = 0; m < MEMBERS; m++) {
        hra_buffer_csv_foreign(out, g->name, strlen(g->name));
        hra_buffer_printf(out, ",people,%s,%lld,,,,,,,,,\n", members[m], (long long)g->members[m]);
    }
    for (int r = 0; r < y->role_count; r++)
        for (int part = 0; part < PARTS; part++)
            put_sum(out, g->name, kinds[part], y->roles[r], &g->risks[r * PARTS + part], HRA_RISK_DECIMALS,
                    part == PART_PERSON);
    for (int r = 0; r < y->rules.count; r++) {
        const hra_variable *v = hra_dictionary_at(y->dictionary, y->rules.rules[r].variable);
        put_sum(out, g->name, "value", v->name, &g->values[r], v->decimals, true);
    }
}

hra_code hra_year_groups_write(const hra_year_groups *s, const char *path, hra_error *error)
{
    static const char header[] = "group,kind,indicator,people,mean_previous,mean_now,mean_change,ci_low,ci_high,better,"
                                 "worse,same,changed\n";
    return hra_table_file_write(path, &(hra_table_parts){header, s->count, put_group, s}, error);
}
