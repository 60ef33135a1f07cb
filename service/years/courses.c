#include "service/years/courses.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/calendar.h"
#include "engine/data/column.h"
#include "io/files/atomic_file.h"
#include "service/years/courses_internal.h"
#include "service/years/years_internal.h"

typedef struct work {
    const hra_runs *runs;
    hra_course_groups *groups;
    hra_courses_account *account;
    hra_course_word *words; /* of one person, by rule */
    hra_buffer out;
} work;

/* ---- course.csv ---- */

static void put_header(const hra_runs *runs, hra_buffer *out)
{
    static const char *const parts[] = {"points", "first_day", "first",    "last_day",
                                        "last",   "change",    "per_year", "course"};
    const hra_change_rules *rules = hra_runs_rules(runs);
    hra_buffer_text(out, "person,group,runs,providers");
    for (int r = 0; r < rules->count; r++)
        for (size_t p = 0; p < sizeof parts / sizeof *parts; p++)
            hra_buffer_printf(out, ",%s.%s",
                              hra_dictionary_at(hra_runs_dictionary(runs), rules->rules[r].variable)->name, parts[p]);
    hra_buffer_char(out, '\n');
}

static void put_point(hra_buffer *out, const hra_course_point *point, int decimals)
{
    char day[HRA_DAY_TEXT];
    hra_buffer_printf(out, ",%s", hra_day_text(point->day, day));
    hra_years_put_steps(out, point->steps, decimals);
}

/* One decimal more than the value: a slope is a mean. */
static void put_slope(hra_buffer *out, double per_year, int decimals)
{
    double slope = per_year / hra_pow10(decimals);
    hra_buffer_char(out, ',');
    if (!isnan(slope)) hra_buffer_printf(out, "%.*f", decimals + 1, slope == 0 ? 0.0 : slope);
}

static void put_value(work *w, const int64_t rows[HRA_COURSE_RUNS], int rule)
{
    hra_course_point points[HRA_COURSE_RUNS];
    int variable = hra_runs_rules(w->runs)->rules[rule].variable;
    int decimals = hra_dictionary_at(hra_runs_dictionary(w->runs), variable)->decimals;
    int count = hra_runs_points(w->runs, rows, rule, points);
    hra_course course = hra_runs_course(w->runs, rule, points, count);
    w->words[rule] = course.word;
    hra_buffer_printf(&w->out, ",%d", count);
    if (count == 0) {
        hra_buffer_text(&w->out, ",,,,,,,");
        return;
    }
    const hra_course_point *first = &points[0], *last = &points[count - 1];
    put_point(&w->out, first, decimals);
    put_point(&w->out, last, decimals);
    hra_years_put_steps(&w->out, count > 1 ? (int64_t)last->steps - first->steps : HRA_RISK_UNKNOWN, decimals);
    put_slope(&w->out, course.per_year, decimals);
    hra_buffer_printf(&w->out, ",%s", hra_course_name(course.word));
}

static hra_code put_person(work *w, int64_t row, hra_error *error)
{
    int runs = hra_runs_count(w->runs), found = 0;
    const hra_previous *now = hra_runs_at(w->runs, runs - 1);
    const char *group = hra_previous_group(now, row);
    char key[HRA_RESULT_KEY_SIZE];
    int64_t rows[HRA_COURSE_RUNS];
    bool stated = false;
    hra_previous_key(now, row, key);
    hra_runs_find(w->runs, key, rows);
    for (int i = 0; i < runs; i++) found += rows[i] >= 0;
    hra_buffer_printf(&w->out, "%s,", key);
    hra_buffer_csv_foreign(&w->out, group, strlen(group));
    hra_buffer_printf(&w->out, ",%d,%d", found, hra_runs_providers(w->runs, rows));
    for (int r = 0; r < hra_runs_rules(w->runs)->count; r++) {
        put_value(w, rows, r);
        stated = stated || w->words[r] != HRA_COURSE_NONE;
    }
    hra_buffer_char(&w->out, '\n');
    w->account->stated += stated;
    if (rows[runs - 1] < 0) return HRA_OK; /* stands twice: in no sum about the matched */
    return hra_course_groups_add(w->groups, rows, w->words, error);
}

static hra_code put_people(work *w, FILE *file, const char *path, hra_error *error)
{
    put_header(w->runs, &w->out);
    w->account->people = hra_previous_rows(hra_runs_at(w->runs, hra_runs_count(w->runs) - 1));
    for (int64_t row = 0; row <= w->account->people; row++) {
        bool end = row == w->account->people;
        if (!end) HRA_TRY(put_person(w, row, error));
        if (w->out.failed) return hra_out_of_memory(error);
        if (w->out.length < 1 << 18 && !end) continue;
        if (fwrite(w->out.bytes, 1, w->out.length, file) != w->out.length)
            return hra_fail(error, HRA_EIO, "%s: writing failed: %m", path);
        hra_buffer_clear(&w->out);
    }
    return HRA_OK;
}

static hra_code write_people(work *w, const char *path, hra_error *error)
{
    hra_atomic_file *file = NULL;
    HRA_TRY(hra_atomic_open(path, &file, error));
    hra_code code = put_people(w, hra_atomic_stream(file), path, error);
    if (!code) return hra_atomic_commit(file, error);
    hra_atomic_abandon(file);
    return code;
}

/* ---- course.json ---- */

/* Values that were delivered in another unit than the run before; they were converted. */
static void put_units(const hra_runs *runs, int run, hra_buffer *out)
{
    const hra_change_rules *rules = hra_runs_rules(runs);
    bool first = true;
    hra_buffer_text(out, ", \"other_units\": {");
    for (int r = 0; r < rules->count && run > 0; r++) {
        int variable = rules->rules[r].variable;
        const char *was = hra_previous_unit(hra_runs_at(runs, run - 1), variable);
        const char *is = hra_previous_unit(hra_runs_at(runs, run), variable);
        if (!*was || !*is || strcmp(was, is) == 0) continue;
        hra_buffer_printf(out, "%s\"%s\": [", first ? "" : ", ",
                          hra_dictionary_at(hra_runs_dictionary(runs), variable)->name);
        hra_buffer_json(out, was);
        hra_buffer_text(out, ", ");
        hra_buffer_json(out, is);
        hra_buffer_char(out, ']');
        first = false;
    }
    hra_buffer_char(out, '}');
}

static void put_shifts(const hra_runs *runs, int run, hra_buffer *out)
{
    const hra_change_rules *rules = hra_runs_rules(runs);
    bool first = true;
    hra_buffer_text(out, ", \"shifted\": [");
    for (int r = 0; r < rules->count; r++) {
        if (!hra_runs_shifted(runs, run, r)) continue;
        const char *name = hra_dictionary_at(hra_runs_dictionary(runs), rules->rules[r].variable)->name;
        hra_buffer_printf(out, "%s\"%s\"", first ? "" : ", ", name);
        first = false;
    }
    hra_buffer_char(out, ']');
}

static void put_run(const hra_runs *runs, int run, hra_buffer *out)
{
    const hra_previous *people = hra_runs_at(runs, run);
    char day[HRA_DAY_TEXT];
    hra_buffer_printf(out, "%s\n {\"as_of\": \"%s\", \"people\": %lld, \"standing_twice\": %lld", run ? "," : "",
                      hra_day_text(hra_runs_day(runs, run), day), (long long)hra_previous_rows(people),
                      (long long)hra_previous_repeated(people));
    hra_buffer_text(out, ", \"definitions_hash\": ");
    hra_buffer_json(out, hra_runs_definitions(runs, run));
    put_units(runs, run, out);
    put_shifts(runs, run, out);
    hra_buffer_char(out, '}');
}

static hra_code write_account(const work *w, const char *path, hra_error *error)
{
    hra_buffer out = {0};
    hra_buffer_printf(&out, "{\"people\": %lld, \"stated\": %lld, \"runs\": [", (long long)w->account->people,
                      (long long)w->account->stated);
    for (int i = 0; i < hra_runs_count(w->runs); i++) put_run(w->runs, i, &out);
    hra_buffer_text(&out, "]}\n");
    hra_code code = out.failed ? hra_out_of_memory(error) : hra_atomic_write(path, out.bytes, out.length, error);
    hra_buffer_destroy(&out);
    return code;
}

/* ---- all ---- */

static hra_code write_all(work *w, const char *folder, const hra_group_policy *policy, hra_arena *arena,
                          hra_error *error)
{
    const char *people = hra_arena_printf(arena, "%s/course.csv", folder);
    const char *groups = hra_arena_printf(arena, "%s/course_groups.csv", folder);
    const char *client = hra_arena_printf(arena, "%s/course_client.csv", folder);
    const char *account = hra_arena_printf(arena, "%s/course.json", folder);
    w->groups = hra_course_groups_new(w->runs);
    w->words = calloc((size_t)hra_runs_rules(w->runs)->count + 1, sizeof *w->words);
    if (!people || !groups || !client || !account || !w->groups || !w->words) return hra_out_of_memory(error);
    HRA_TRY(write_people(w, people, error));
    HRA_TRY(hra_course_groups_members(w->groups, error));
    HRA_TRY(hra_course_groups_write(w->groups, groups, error));
    HRA_TRY(hra_course_client_write(w->groups, policy, client, error));
    return write_account(w, account, error);
}

hra_code hra_courses_write(const hra_runs *runs, const char *folder, const char *policy, hra_courses_account *account,
                           hra_error *error)
{
    work w = {.runs = runs, .account = account};
    hra_group_policy rules;
    *account = (hra_courses_account){.runs = hra_runs_count(runs)};
    HRA_TRY(hra_group_policy_load(policy, &rules, error));
    hra_arena *arena = hra_arena_new();
    hra_code code = arena ? write_all(&w, folder, &rules, arena, error) : hra_out_of_memory(error);
    hra_course_groups_free(w.groups);
    free(w.words);
    hra_buffer_destroy(&w.out);
    hra_arena_free(arena);
    hra_group_policy_free(&rules);
    return code;
}

hra_code hra_courses_remove(const char *folder, hra_error *error)
{
    static const char *const names[] = {"course.csv", "course_groups.csv", "course_client.csv", "course.json",
                                        "course_plans.csv"};
    char path[4096 + 32];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        if (unlink(path) != 0 && errno != ENOENT)
            return hra_fail(error, HRA_EIO, "cannot remove %s of an earlier run: %m", path);
    }
    return HRA_OK;
}
