/* What became of each group over the runs: who stayed, came, went; first and last of the matched people. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "engine/data/column.h"
#include "service/tables/mean_interval.h"
#include "service/tables/table_file.h"
#include "service/years/courses_internal.h"
#include "service/years/years_internal.h"

const char *const hra_course_member_names[HRA_COURSE_MEMBERS] = {"people", "kept", "joined", "left"};

hra_course_groups *hra_course_groups_new(const hra_runs *runs)
{
    hra_course_groups *s = calloc(1, sizeof *s);
    if (!s) return NULL;
    s->runs = runs;
    s->groups =
        hra_named_groups_new(sizeof(hra_course_group) + (size_t)hra_runs_rules(runs)->count * sizeof(hra_course_sum));
    if (s->groups) return s;
    free(s);
    return NULL;
}

void hra_course_groups_free(hra_course_groups *s)
{
    if (!s) return;
    hra_named_groups_free(s->groups);
    free(s);
}

/* NULL without memory. */
static hra_course_group *group_of(hra_course_groups *s, int run, int64_t row)
{
    int index = hra_named_groups_of(s->groups, hra_previous_group(hra_runs_at(s->runs, run), row));
    return index < 0 ? NULL : hra_named_groups_numbers(s->groups, index);
}

/* ---- adding ---- */

/* Nothing unless the value is known in every run since the last shift. */
static void add_value(const hra_runs *runs, const int64_t rows[HRA_COURSE_RUNS], int rule, hra_course_sum *sum)
{
    int32_t steps[HRA_COURSE_RUNS];
    int first = hra_runs_since_shift(runs, rule), last = hra_runs_count(runs) - 1;
    for (int i = first; i <= last; i++)
        if (rows[i] < 0 ||
            !hra_previous_steps(hra_runs_at(runs, i), rows[i], hra_runs_rules(runs)->rules[rule].variable, &steps[i]))
            return;
    int64_t change = (int64_t)steps[last] - steps[first];
    for (int i = first; i <= last; i++) sum->sums[i] += steps[i];
    sum->people++;
    sum->change += change;
    sum->squares += (unsigned __int128)((__int128)change * change);
}

hra_code hra_course_groups_add(hra_course_groups *s, const int64_t rows[HRA_COURSE_RUNS],
                               const hra_course_word *courses, hra_error *error)
{
    int last = hra_runs_count(s->runs) - 1;
    hra_course_group *own = group_of(s, last, rows[last]);
    if (!own) return hra_out_of_memory(error);
    hra_course_group *const both[] = {hra_named_groups_numbers(s->groups, 0), own};
    for (int g = 0; g < 2; g++)
        for (int r = 0; r < hra_runs_rules(s->runs)->count; r++) {
            add_value(s->runs, rows, r, &both[g]->values[r]);
            both[g]->values[r].words[courses[r]]++;
        }
    return HRA_OK;
}

static hra_code add_members(hra_course_groups *s, int run, hra_error *error)
{
    const hra_previous *now = hra_runs_at(s->runs, run), *before = run ? hra_runs_at(s->runs, run - 1) : NULL;
    hra_course_group *everybody = hra_named_groups_numbers(s->groups, 0);
    for (int64_t row = 0; row < hra_previous_rows(now); row++) {
        int64_t was = before ? hra_years_partner(now, row, before) : -1;
        hra_course_group *own = group_of(s, run, row), *old = was < 0 ? NULL : group_of(s, run - 1, was);
        if (!own || (was >= 0 && !old)) return hra_out_of_memory(error);
        own->members[run][HRA_COURSE_PEOPLE]++;
        everybody->members[run][HRA_COURSE_PEOPLE]++;
        if (!before) continue;
        own->members[run][own == old ? HRA_COURSE_KEPT : HRA_COURSE_JOINED]++;
        everybody->members[run][old ? HRA_COURSE_KEPT : HRA_COURSE_JOINED]++;
    }
    return HRA_OK;
}

/* Who is not kept has left: the group of the run before, or all. */
hra_code hra_course_groups_members(hra_course_groups *s, hra_error *error)
{
    for (int run = 0; run < hra_runs_count(s->runs); run++) HRA_TRY(add_members(s, run, error));
    for (int g = 0; g < hra_named_groups_count(s->groups); g++) {
        hra_course_group *group = hra_named_groups_numbers(s->groups, g);
        for (int run = 1; run < hra_runs_count(s->runs); run++)
            group->members[run][HRA_COURSE_LEFT] =
                group->members[run - 1][HRA_COURSE_PEOPLE] - group->members[run][HRA_COURSE_KEPT];
    }
    return HRA_OK;
}

/* ---- writing ---- */

static void put_row(hra_buffer *out, const char *group, const char *kind, const char *indicator, double day,
                    int64_t people)
{
    char text[HRA_DAY_TEXT];
    hra_buffer_csv_foreign(out, group, strlen(group));
    hra_buffer_printf(out, ",%s,%s,%s,%lld", kind, indicator, hra_day_text(day, text), (long long)people);
}

static void put_value(const hra_course_groups *s, const char *name, const hra_course_group *g, int rule,
                      hra_buffer *out)
{
    const hra_course_sum *sum = &g->values[rule];
    const hra_variable *v =
        hra_dictionary_at(hra_runs_dictionary(s->runs), hra_runs_rules(s->runs)->rules[rule].variable);
    double scale = hra_pow10(v->decimals);
    int last = hra_runs_count(s->runs) - 1;
    int64_t stated = 0;
    for (int i = hra_runs_since_shift(s->runs, rule); i <= last && sum->people > 0; i++) {
        put_row(out, name, "value", v->name, hra_runs_day(s->runs, i), sum->people);
        hra_buffer_printf(out, ",%.7g,,,,,,\n", (double)sum->sums[i] / (double)sum->people / scale);
    }
    hra_interval mean = hra_mean_interval(sum->people, sum->change, sum->squares);
    if (sum->people > 0 && hra_runs_since_shift(s->runs, rule) < last) {
        put_row(out, name, "change", v->name, NAN, sum->people);
        hra_buffer_printf(out, ",%.7g", mean.value / scale);
        if (sum->people > 1)
            hra_buffer_printf(out, ",%.7g,%.7g,,,,\n", mean.low / scale, mean.high / scale);
        else
            hra_buffer_text(out, ",,,,,,\n");
    }
    for (int w = HRA_COURSE_RISING; w < HRA_COURSE_WORDS; w++) stated += sum->words[w];
    if (stated == 0) return;
    put_row(out, name, "course", v->name, NAN, stated);
    hra_buffer_text(out, ",,,");
    for (int w = HRA_COURSE_RISING; w < HRA_COURSE_WORDS; w++)
        hra_buffer_printf(out, ",%lld", (long long)sum->words[w]);
    hra_buffer_char(out, '\n');
}

static void put_group(const void *context, int part, hra_buffer *out)
{
    const hra_course_groups *s = context;
    const hra_course_group *g = hra_named_groups_numbers(s->groups, part);
    const char *name = hra_named_groups_name(s->groups, part);
    for (int run = 0; run < hra_runs_count(s->runs); run++)
        for (int m = 0; m < (run ? HRA_COURSE_MEMBERS : 1); m++) {
            put_row(out, name, "people", hra_course_member_names[m], hra_runs_day(s->runs, run), g->members[run][m]);
            hra_buffer_text(out, ",,,,,,,\n");
        }
    for (int r = 0; r < hra_runs_rules(s->runs)->count; r++) put_value(s, name, g, r, out);
}

hra_code hra_course_groups_write(const hra_course_groups *s, const char *path, hra_error *error)
{
    static const char header[] = "group,kind,indicator,day,people,mean,ci_low,ci_high,rising,falling,steady,varying\n";
    return hra_table_file_write(path, &(hra_table_parts){header, hra_named_groups_count(s->groups), put_group, s},
                                error);
}
