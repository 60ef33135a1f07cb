/* What became of each group: members kept, come, gone; the matched changes. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/data/column.h"
#include "service/tables/mean_interval.h"
#include "service/tables/named_groups.h"
#include "service/tables/table_file.h"
#include "service/years/years_internal.h"

/* Sums in whole steps, so that they do not depend on the order of people. */
typedef struct change_sum {
    int64_t people, before, now, change;
    unsigned __int128 squares;
    int64_t trends[HRA_TREND_COUNT];
} change_sum;

enum { PART_CHANGE, PART_MODEL, PART_DATA, PART_PERSON, PARTS };
enum { LAST_YEAR, THIS_YEAR, KEPT, JOINED, LEFT, MOVED_IN, MOVED_OUT, MEMBERS };

typedef struct group {
    int64_t members[MEMBERS];
    change_sum sums[]; /* of the values, one for each rule; then of the risks, roles x parts */
} group;

struct hra_year_groups {
    const hra_years *years;
    hra_named_groups *groups; /* each a group */
};

hra_year_groups *hra_year_groups_new(const hra_years *years)
{
    hra_year_groups *s = calloc(1, sizeof *s);
    if (!s) return NULL;
    size_t sums = (size_t)years->rules.count + (size_t)years->role_count * PARTS;
    s->years = years;
    s->groups = hra_named_groups_new(sizeof(group) + sums * sizeof(change_sum));
    if (s->groups) return s;
    free(s);
    return NULL;
}

void hra_year_groups_free(hra_year_groups *s)
{
    if (!s) return;
    hra_named_groups_free(s->groups);
    free(s);
}

static int risk_sum(const hra_years *y, int role, int part) { return y->rules.count + role * PARTS + part; }

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
        add_change(&g->sums[r], before, now, (int64_t)now - before,
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
            add_change(&g->sums[risk_sum(y, r, part)], p->before, p->now, changes[part],
                       part == PART_PERSON ? trend : HRA_TREND_UNKNOWN);
        }
    }
}

/* NULL without memory. */
static group *find_group(hra_year_groups *s, const char *name)
{
    int index = hra_named_groups_of(s->groups, name);
    return index < 0 ? NULL : hra_named_groups_numbers(s->groups, index);
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
    group *everybody = hra_named_groups_numbers(s->groups, 0), *now = NULL, *before = NULL;
    if (now_row >= 0 && !(now = find_group(s, hra_previous_group(y->now, now_row)))) return hra_out_of_memory(error);
    if (before_row >= 0 && !(before = find_group(s, hra_previous_group(y->before, before_row))))
        return hra_out_of_memory(error);
    count_members(everybody, now, before);
    if (!now || !before) return HRA_OK;
    for (int r = 0; r < y->role_count; r++) parts[r] = hra_years_parts(y, before_row, now_row, r);
    group *const both[] = {everybody, now};
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
    const group *g = hra_named_groups_numbers(s->groups, index);
    const char *name = hra_named_groups_name(s->groups, index);
    static const char *const members[] = {"last_year", "this_year", "kept", "joined", "left", "moved_in", "moved_out"};
    static const char *const kinds[] = {"risk", "risk_model", "risk_data", "risk_person"};
    for (int m = 0; m < MEMBERS; m++) {
        hra_buffer_csv_foreign(out, name, strlen(name));
        hra_buffer_printf(out, ",people,%s,%lld,,,,,,,,,\n", members[m], (long long)g->members[m]);
    }
    for (int r = 0; r < y->role_count; r++)
        for (int part = 0; part < PARTS; part++)
            put_sum(out, name, kinds[part], y->roles[r], &g->sums[risk_sum(y, r, part)], HRA_RISK_DECIMALS,
                    part == PART_PERSON);
    for (int r = 0; r < y->rules.count; r++) {
        const hra_variable *v = hra_dictionary_at(y->dictionary, y->rules.rules[r].variable);
        put_sum(out, name, "value", v->name, &g->sums[r], v->decimals, true);
    }
}

hra_code hra_year_groups_write(const hra_year_groups *s, const char *path, hra_error *error)
{
    static const char header[] = "group,kind,indicator,people,mean_previous,mean_now,mean_change,ci_low,ci_high,better,"
                                 "worse,same,changed\n";
    return hra_table_file_write(path, &(hra_table_parts){header, hra_named_groups_count(s->groups), put_group, s},
                                error);
}
