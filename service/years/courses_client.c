/* What an employer may be told about the course of its group. Two editions whose matched people differ by one person
 * must not tell that person's values: means are given so coarsely that what they differ by says nothing. */
#include <math.h>
#include <string.h>

#include "base/calendar.h"
#include "engine/data/column.h"
#include "service/tables/mean_interval.h"
#include "service/tables/table_file.h"
#include "service/years/courses_internal.h"

typedef struct table {
    const hra_course_groups *groups;
    const hra_group_policy *policy;
} table;

static void put_row(hra_buffer *out, const char *group, const char *kind, const char *indicator, double day)
{
    char text[HRA_DAY_TEXT];
    hra_buffer_csv_foreign(out, group, strlen(group));
    hra_buffer_printf(out, ",%s,%s,%s", kind, indicator, hra_day_text(day, text));
}

static bool few(const hra_group_policy *policy, int64_t people)
{
    return people > 0 && people <= (int64_t)policy->hide_up_to;
}

/* Kept, joined and left follow from one another and from how many there were: hidden together. */
static void put_members(const table *t, const char *name, const hra_course_group *g, int run, hra_buffer *out)
{
    const int64_t *now = g->members[run], *before = g->members[run - 1];
    int64_t least = t->policy->minimum_group;
    bool hidden = now[HRA_COURSE_PEOPLE] < least || before[HRA_COURSE_PEOPLE] < least ||
                  few(t->policy, now[HRA_COURSE_JOINED]) || few(t->policy, now[HRA_COURSE_LEFT]) ||
                  few(t->policy, now[HRA_COURSE_KEPT]);
    for (int m = HRA_COURSE_KEPT; m < HRA_COURSE_MEMBERS; m++) {
        put_row(out, name, "people", hra_course_member_names[m], hra_runs_day(t->groups->runs, run));
        if (hidden)
            hra_buffer_text(out, ",,,,1\n");
        else
            hra_buffer_printf(out, ",%lld,,,0\n", (long long)now[m]);
    }
}

/* The smallest power of ten that is at least a tenth of the rule's minimum. */
static double coarse(const hra_change_rule *rule, double mean)
{
    double tenth = rule->percent ? fabs(mean) * rule->minimum / 1000 : rule->minimum / 10;
    return pow(10, ceil(log10(tenth) - 1e-9));
}

static void put_mean(hra_buffer *out, double mean, double unit)
{
    int decimals = unit < 1 ? (int)lround(-log10(unit)) : 0;
    double rounded = round(mean / unit) * unit;
    hra_buffer_printf(out, ",%.*f", decimals, rounded == 0 ? 0.0 : rounded);
}

static void put_value(const table *t, const char *name, const hra_course_group *g, int rule, hra_buffer *out)
{
    const hra_runs *runs = t->groups->runs;
    const hra_change_rule *own = &hra_runs_rules(runs)->rules[rule];
    const hra_variable *v = hra_dictionary_at(hra_runs_dictionary(runs), own->variable);
    const hra_course_sum *sum = &g->values[rule];
    int first = hra_runs_since_shift(runs, rule), last = hra_runs_count(runs) - 1;
    double whole = (double)sum->people * hra_pow10(v->decimals);
    if (first == last || sum->people == 0) return;
    bool hidden = sum->people < t->policy->minimum_group || sum->people < t->policy->minimum_denominator;
    double unit = hidden || sum->sums[first] == 0 ? NAN : coarse(own, (double)sum->sums[first] / whole);
    hidden = hidden || isnan(unit);
    long long tens = (long long)(sum->people / 10 * 10);
    for (int i = first; i <= last; i++) {
        put_row(out, name, "value", v->name, hra_runs_day(runs, i));
        if (!hidden) hra_buffer_printf(out, ",%lld", tens);
        if (!hidden) put_mean(out, (double)sum->sums[i] / whole, unit);
        hra_buffer_text(out, hidden ? ",,,,1\n" : ",,0\n");
    }
    put_row(out, name, "change", v->name, NAN);
    if (!hidden) {
        hra_interval mean = hra_mean_interval(sum->people, sum->change, sum->squares);
        hra_buffer_printf(out, ",%lld", tens);
        put_mean(out, mean.value / hra_pow10(v->decimals), unit);
        hra_buffer_printf(out, ",%d,0\n", mean.low > 0 || mean.high < 0);
    } else {
        hra_buffer_text(out, ",,,,1\n");
    }
}

/* Neither everybody nor people without a group have an employer. */
static void put_group(const void *context, int part, hra_buffer *out)
{
    const table *t = context;
    const hra_course_group *g = hra_named_groups_numbers(t->groups->groups, part);
    const char *name = hra_named_groups_name(t->groups->groups, part);
    if (part == 0 || !*name) return;
    for (int run = 1; run < hra_runs_count(t->groups->runs); run++) put_members(t, name, g, run, out);
    for (int r = 0; r < hra_runs_rules(t->groups->runs)->count; r++) put_value(t, name, g, r, out);
}

hra_code hra_course_client_write(const hra_course_groups *groups, const hra_group_policy *policy, const char *path,
                                 hra_error *error)
{
    static const char header[] = "group,kind,indicator,day,people,mean,clear,suppressed\n";
    const table t = {groups, policy};
    return hra_table_file_write(path, &(hra_table_parts){header, hra_named_groups_count(groups->groups), put_group, &t},
                                error);
}
