#include "service/years/plan_effect.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/calendar.h"
#include "base/map.h"
#include "engine/data/column.h"
#include "io/files/atomic_file.h"
#include "service/enrolment/register_file.h"
#include "service/tables/scratch.h"
#include "service/years/plan_effect_sums.h"

enum { MOST_PLANS = 64 };
enum { NOT_REGISTERED = 0, OTHER_STATE = -1 }; /* beside days since 1970, which are above 0 */

typedef struct work {
    const hra_runs *runs;
    const char *registered;
    hra_arena *arena;
    const char *plans[MOST_PLANS];
    int plan_count;
    hra_scratch room;
    int32_t *since; /* by row of this run: the day somebody entered the plan */
    hra_map *places;
    hra_effect_stratum *strata;
    int count, capacity;
    bool used[HRA_COURSE_RUNS][HRA_COURSE_RUNS]; /* between these two runs somebody entered */
} work;

/* ---- the register ---- */

typedef hra_code (*line_reader)(work *w, const hra_register_line *line, const char *plan, hra_error *error);

static hra_code read_register(work *w, line_reader read, const char *plan, hra_error *error)
{
    hra_register_file *file = NULL;
    hra_register_line line;
    bool any = true;
    HRA_TRY(hra_register_open(w->registered, &file, error));
    hra_code code = HRA_OK;
    while (!code && any) {
        code = hra_register_read(file, &line, &any, error);
        if (!code && any) code = read(w, &line, plan, error);
    }
    hra_register_close(file);
    return code;
}

static hra_code note_plan(work *w, const hra_register_line *line, const char *plan, hra_error *error)
{
    (void)plan;
    for (int i = 0; i < w->plan_count; i++)
        if (strcmp(w->plans[i], line->cells[HRA_REGISTER_PLAN]) == 0) return HRA_OK;
    if (w->plan_count == MOST_PLANS)
        return hra_fail(error, HRA_EINPUT, "%s has more than %d plans", w->registered, MOST_PLANS);
    w->plans[w->plan_count] = hra_arena_text(w->arena, line->cells[HRA_REGISTER_PLAN]);
    return w->plans[w->plan_count++] ? HRA_OK : hra_out_of_memory(error);
}

static hra_code note_person(work *w, const hra_register_line *line, const char *plan, hra_error *error)
{
    const hra_previous *now = hra_runs_at(w->runs, hra_runs_count(w->runs) - 1);
    int64_t row;
    double day;
    if (strcmp(line->cells[HRA_REGISTER_PLAN], plan) != 0) return HRA_OK;
    if (!hra_previous_find(now, line->cells[HRA_REGISTER_PERSON], &row)) return HRA_OK;
    w->since[row] = OTHER_STATE;
    if (strcmp(line->cells[HRA_REGISTER_STATE], "enrolled") != 0) return HRA_OK;
    if (!hra_day_read(line->cells[HRA_REGISTER_SINCE], &day) || day < 1)
        return hra_fail(error, HRA_EINPUT, "%s:%lld: the column '%s' does not have a day like 2026-01-31",
                        w->registered, (long long)line->line, hra_register_columns[HRA_REGISTER_SINCE]);
    w->since[row] = (int32_t)day;
    return HRA_OK;
}

/* ---- strata ---- */

/* Bands of the value that people begin with, as wide as the rule's minimum, a step at least. */
static int64_t band(const hra_change_rule *rule, int decimals, int64_t steps)
{
    if (rule->percent) return steps > 0 ? llround(floor(log((double)steps) / log1p(rule->minimum / 100))) : -1;
    return llround(floor((double)steps / fmax(round(rule->minimum * hra_pow10(decimals)), 1)));
}

/* NULL: there is none and `make` does not want one; or no memory, then *failed. */
static hra_effect_stratum *stratum(work *w, int rule, int from, int to, int64_t before, bool make, bool *failed)
{
    const hra_change_rule *own = &hra_runs_rules(w->runs)->rules[rule];
    int decimals = hra_dictionary_at(hra_runs_dictionary(w->runs), own->variable)->decimals;
    char key[96];
    snprintf(key, sizeof key, "%d,%d,%d,%lld", rule, from, to, (long long)band(own, decimals, before));
    int64_t place = hra_map_get(w->places, key);
    if (place >= 0) return &w->strata[place];
    if (!make) return NULL;
    if (w->count == w->capacity) {
        int capacity = w->capacity ? 2 * w->capacity : 256;
        hra_effect_stratum *strata = realloc(w->strata, (size_t)capacity * sizeof *strata);
        *failed = !strata;
        if (*failed) return NULL;
        w->strata = strata;
        w->capacity = capacity;
    }
    *failed = hra_map_set(w->places, key, w->count) != 0;
    if (*failed) return NULL;
    w->strata[w->count] = (hra_effect_stratum){.rule = rule};
    return &w->strata[w->count++];
}

/* The last checkup before somebody entered, and the last one that is half a year and more after. */
static bool add_inside(work *w, const int64_t rows[HRA_COURSE_RUNS], int rule, int32_t since)
{
    hra_course_point before = {0}, after = {0}, point;
    int from = -1, to = -1;
    bool failed = false;
    for (int i = hra_runs_since_shift(w->runs, rule); i < hra_runs_count(w->runs); i++) {
        if (!hra_runs_point(w->runs, i, rows[i], rule, &point)) continue;
        if (point.day <= since && (from < 0 || point.day >= before.day)) {
            from = i;
            before = point;
        } else if (point.day >= since + HRA_COURSE_APART && (to < 0 || point.day >= after.day)) {
            to = i;
            after = point;
        }
    }
    if (from < 0 || to < 0) return true;
    hra_effect_stratum *s = stratum(w, rule, from, to, before.steps, true, &failed);
    if (s) hra_effect_add(&s->inside, before.steps, after.steps);
    w->used[from][to] = true;
    return !failed;
}

static void add_beside(work *w, const int64_t rows[HRA_COURSE_RUNS], int rule)
{
    hra_course_point before, after;
    bool failed = false;
    for (int from = 0; from < hra_runs_count(w->runs); from++)
        for (int to = 0; to < hra_runs_count(w->runs); to++) {
            if (!w->used[from][to] || !hra_runs_point(w->runs, from, rows[from], rule, &before) ||
                !hra_runs_point(w->runs, to, rows[to], rule, &after) || after.day <= before.day)
                continue;
            hra_effect_stratum *s = stratum(w, rule, from, to, before.steps, false, &failed);
            if (s) hra_effect_add(&s->beside, before.steps, after.steps);
        }
}

/* First those in the plan, whose strata are then filled with those who are not. */
static hra_code add_people(work *w, bool inside, hra_error *error)
{
    const hra_previous *now = hra_runs_at(w->runs, hra_runs_count(w->runs) - 1);
    int64_t rows[HRA_COURSE_RUNS];
    char key[HRA_RESULT_KEY_SIZE];
    for (int64_t row = 0; row < hra_previous_rows(now); row++) {
        if (inside ? w->since[row] <= 0 : w->since[row] != NOT_REGISTERED) continue;
        hra_previous_key(now, row, key);
        hra_runs_find(w->runs, key, rows);
        if (rows[hra_runs_count(w->runs) - 1] < 0) continue; /* stands twice: who is meant cannot be told */
        for (int rule = 0; rule < hra_runs_rules(w->runs)->count; rule++) {
            if (inside && !add_inside(w, rows, rule, w->since[row])) return hra_out_of_memory(error);
            if (!inside) add_beside(w, rows, rule);
        }
    }
    return HRA_OK;
}

/* ---- course_plans.csv ---- */

static void put(hra_buffer *out, double steps, double scale)
{
    hra_buffer_char(out, ',');
    if (!isnan(steps)) hra_buffer_printf(out, "%.7g", steps / scale);
}

static void put_plan(const work *w, const char *plan, hra_buffer *out)
{
    const hra_change_rules *rules = hra_runs_rules(w->runs);
    for (int r = 0; r < rules->count; r++) {
        const hra_effect e = hra_effect_of(w->strata, w->count, r);
        const hra_variable *v = hra_dictionary_at(hra_runs_dictionary(w->runs), rules->rules[r].variable);
        double scale = hra_pow10(v->decimals);
        if (e.people == 0) continue;
        hra_buffer_csv_foreign(out, plan, strlen(plan));
        hra_buffer_printf(out, ",%s,%lld", v->name, (long long)e.people);
        put(out, e.before, scale);
        put(out, e.change.value, scale);
        put(out, e.change.low, scale);
        put(out, e.change.high, scale);
        hra_buffer_printf(out, ",%lld,%lld", (long long)e.compared, (long long)e.beside);
        put(out, e.beside_change, scale);
        put(out, e.difference.value, scale);
        put(out, e.difference.low, scale);
        put(out, e.difference.high, scale);
        hra_buffer_char(out, '\n');
    }
}

static hra_code add_plan(work *w, const char *plan, hra_buffer *out, hra_error *error)
{
    memset(w->room.memory, 0, w->room.size);
    memset(w->used, 0, sizeof w->used);
    w->count = 0;
    hra_map_free(w->places);
    w->places = hra_map_new();
    if (!w->places) return hra_out_of_memory(error);
    HRA_TRY(read_register(w, note_person, plan, error));
    HRA_TRY(add_people(w, true, error));
    HRA_TRY(add_people(w, false, error));
    put_plan(w, plan, out);
    return HRA_OK;
}

static hra_code write_plans(work *w, const char *beside, const char *path, hra_buffer *out, hra_error *error)
{
    const hra_previous *now = hra_runs_at(w->runs, hra_runs_count(w->runs) - 1);
    if (!w->arena) return hra_out_of_memory(error);
    HRA_TRY(read_register(w, note_plan, NULL, error));
    HRA_TRY(hra_scratch_open(beside, (size_t)hra_previous_rows(now) * sizeof *w->since + 1, &w->room, error));
    w->since = w->room.memory;
    hra_buffer_text(out, "plan,indicator,people,mean_before,change,ci_low,ci_high,compared,beside,beside_change,"
                         "difference,difference_low,difference_high\n");
    for (int i = 0; i < w->plan_count; i++) HRA_TRY(add_plan(w, w->plans[i], out, error));
    return out->failed ? hra_out_of_memory(error) : hra_atomic_write(path, out->bytes, out->length, error);
}

hra_code hra_plan_effect_write(const hra_runs *runs, const char *registered, const char *beside, const char *path,
                               hra_error *error)
{
    work w = {.runs = runs, .registered = registered, .arena = hra_arena_new()};
    hra_buffer out = {0};
    hra_code code = write_plans(&w, beside, path, &out, error);
    hra_buffer_destroy(&out);
    hra_scratch_close(&w.room);
    hra_map_free(w.places);
    hra_arena_free(w.arena);
    free(w.strata);
    return code;
}
