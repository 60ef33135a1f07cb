#include "service/years/runs.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/calendar.h"
#include "engine/data/column.h"

/* In so many people a mean change of more than measurement is not theirs. */
enum { SHIFT_PEOPLE = 100 };

typedef struct run {
    hra_previous *people;
    const char *path, *definitions;
    double day;
} run;

struct hra_runs {
    hra_arena *arena;
    const hra_dictionary *dictionary;
    hra_change_rules rules;
    bool *wanted;
    int exam_date; /* dictionary variable, -1 */
    run runs[HRA_COURSE_RUNS];
    int count;
    bool *shifted; /* runs x rules */
};

/* ---- opening ---- */

static hra_code prepare(hra_runs *r, const hra_runs_request *q, hra_error *error)
{
    if (q->earlier_count + 1 > HRA_COURSE_RUNS)
        return hra_fail(error, HRA_EUSAGE, "%d earlier runs are given; at most %d can be looked at together",
                        q->earlier_count, HRA_COURSE_RUNS - 1);
    r->dictionary = q->dictionary;
    r->exam_date = hra_dictionary_find(q->dictionary, "exam_date");
    HRA_TRY(hra_change_rules_load(q->rules, q->dictionary, r->arena, &r->rules, error));
    r->wanted = hra_arena_alloc(r->arena, (size_t)hra_dictionary_count(q->dictionary) + 1);
    r->shifted = hra_arena_alloc(r->arena, (size_t)HRA_COURSE_RUNS * ((size_t)r->rules.count + 1));
    if (!r->wanted || !r->shifted) return hra_out_of_memory(error);
    for (int i = 0; i < r->rules.count; i++) r->wanted[r->rules.rules[i].variable] = true;
    if (r->exam_date >= 0) r->wanted[r->exam_date] = true;
    return HRA_OK;
}

static hra_code read_day(const hra_previous *people, const char *path, const char *given, double *day, hra_error *error)
{
    const char *text = given ? given : hra_previous_facts(people)->as_of;
    if (!*text)
        return hra_fail(error, HRA_EUSAGE, "%s does not say its day, which a course needs: make that run with --as-of",
                        path);
    if (hra_day_read(text, day)) return HRA_OK;
    return hra_fail(error, HRA_EUSAGE, "'%s' is not a day like 2026-01-31", text);
}

/* This run comes first: its key and day decide about the others. */
static hra_code open_now(hra_runs *r, const hra_runs_request *q, hra_error *error)
{
    run *now = &r->runs[r->count++];
    const hra_previous_request request = {.results = q->results,
                                          .population = q->population,
                                          .beside = q->beside,
                                          .dictionary = q->dictionary,
                                          .providers = true,
                                          .wanted = r->wanted,
                                          .threads = q->threads,
                                          .stop = q->stop};
    now->path = q->results ? q->results : q->population;
    HRA_TRY(hra_previous_open(&request, &now->people, error));
    now->definitions = q->results ? hra_previous_facts(now->people)->definitions_hash : q->definitions_hash;
    return read_day(now->people, now->path, q->as_of || q->results ? q->as_of : "", &now->day, error);
}

static hra_code check_day(const hra_runs *r, const run *one, hra_error *error)
{
    char day[HRA_DAY_TEXT], now[HRA_DAY_TEXT];
    hra_day_text(one->day, day);
    if (one->day > r->runs[0].day)
        return hra_fail(error, HRA_ECONFLICT, "%s is of %s, after this run's day %s: it is not an earlier run",
                        one->path, day, hra_day_text(r->runs[0].day, now));
    for (const run *other = r->runs; other < one; other++)
        if (other->day == one->day)
            return hra_fail(error, HRA_ECONFLICT, "%s and %s are both of %s: give every run once", other->path,
                            one->path, day);
    return HRA_OK;
}

static hra_code open_earlier(hra_runs *r, const hra_runs_request *q, const char *path, hra_error *error)
{
    run *one = &r->runs[r->count++];
    bool previous = q->previous && strcmp(path, q->previous) == 0;
    const hra_previous_request request = {.results = path,
                                          .population = previous ? q->previous_population : NULL,
                                          .beside = q->beside,
                                          .dictionary = q->dictionary,
                                          .key_fingerprint = hra_previous_key_fingerprint(r->runs[0].people),
                                          .providers = true,
                                          .wanted = r->wanted,
                                          .threads = q->threads,
                                          .stop = q->stop};
    one->path = path;
    HRA_TRY(hra_previous_open(&request, &one->people, error));
    one->definitions = hra_previous_facts(one->people)->definitions_hash;
    HRA_TRY(read_day(one->people, path, previous ? q->previous_as_of : NULL, &one->day, error));
    return check_day(r, one, error);
}

static int by_day(const void *a, const void *b)
{
    double x = ((const run *)a)->day, y = ((const run *)b)->day;
    return (x > y) - (x < y);
}

/* ---- shifts ---- */

typedef struct shift_sum {
    int64_t people, before, change;
} shift_sum;

static void add_person(const hra_runs *r, const int64_t rows[HRA_COURSE_RUNS], shift_sum *sums)
{
    for (int rule = 0; rule < r->rules.count; rule++) {
        int32_t before = 0, now;
        bool had = false;
        for (int i = 0; i < r->count; i++) {
            if (rows[i] < 0 || !hra_previous_steps(r->runs[i].people, rows[i], r->rules.rules[rule].variable, &now))
                continue;
            shift_sum *sum = &sums[i * r->rules.count + rule];
            sum->people += had;
            sum->before += had ? before : 0;
            sum->change += had ? (int64_t)now - before : 0;
            before = now;
            had = true;
        }
    }
}

/* Over the people of this run, each from the value before to the next. */
static hra_code find_shifts(hra_runs *r, hra_error *error)
{
    shift_sum *sums = calloc((size_t)r->count * (size_t)r->rules.count + 1, sizeof *sums);
    if (!sums) return hra_out_of_memory(error);
    const hra_previous *now = r->runs[r->count - 1].people;
    int64_t rows[HRA_COURSE_RUNS];
    char key[HRA_RESULT_KEY_SIZE];
    for (int64_t row = 0; row < hra_previous_rows(now); row++) {
        hra_previous_key(now, row, key);
        hra_runs_find(r, key, rows);
        add_person(r, rows, sums);
    }
    for (int i = 0; i < r->count * r->rules.count; i++) {
        const hra_change_rule *rule = &r->rules.rules[i % r->rules.count];
        const shift_sum *sum = &sums[i];
        int decimals = hra_dictionary_at(r->dictionary, rule->variable)->decimals;
        r->shifted[i] = sum->people >= SHIFT_PEOPLE &&
                        hra_change_is_enough(rule, decimals, sum->before / sum->people, sum->change, sum->people);
    }
    free(sums);
    return HRA_OK;
}

static hra_code open_all(hra_runs *r, const hra_runs_request *q, hra_error *error)
{
    HRA_TRY(prepare(r, q, error));
    HRA_TRY(open_now(r, q, error));
    for (int i = 0; i < q->earlier_count; i++) HRA_TRY(open_earlier(r, q, q->earlier[i], error));
    qsort(r->runs, (size_t)r->count, sizeof *r->runs, by_day);
    return find_shifts(r, error);
}

hra_code hra_runs_open(const hra_runs_request *request, hra_runs **out, hra_error *error)
{
    hra_runs *r = calloc(1, sizeof *r);
    if (!r) return hra_out_of_memory(error);
    r->arena = hra_arena_new();
    hra_code code = r->arena ? open_all(r, request, error) : hra_out_of_memory(error);
    if (code)
        hra_runs_close(r);
    else
        *out = r;
    return code;
}

void hra_runs_close(hra_runs *r)
{
    if (!r) return;
    for (int i = 0; i < r->count; i++) hra_previous_close(r->runs[i].people);
    hra_arena_free(r->arena);
    free(r);
}

/* ---- questions ---- */

int hra_runs_count(const hra_runs *r) { return r->count; }
const hra_previous *hra_runs_at(const hra_runs *r, int i) { return r->runs[i].people; }
const char *hra_runs_definitions(const hra_runs *r, int i) { return r->runs[i].definitions; }
double hra_runs_day(const hra_runs *r, int i) { return r->runs[i].day; }
const hra_change_rules *hra_runs_rules(const hra_runs *r) { return &r->rules; }
const hra_dictionary *hra_runs_dictionary(const hra_runs *r) { return r->dictionary; }
bool hra_runs_shifted(const hra_runs *r, int i, int rule) { return r->shifted[i * r->rules.count + rule]; }

int hra_runs_since_shift(const hra_runs *r, int rule)
{
    int first = r->count - 1;
    while (first > 0 && !hra_runs_shifted(r, first, rule)) first--;
    return first;
}

void hra_runs_find(const hra_runs *r, const char *key, int64_t rows[HRA_COURSE_RUNS])
{
    for (int i = 0; i < r->count; i++)
        if (!hra_previous_find(r->runs[i].people, key, &rows[i])) rows[i] = -1;
}

/* The day of the checkup; the run's where it is unknown, or later than the run, which cannot be. */
static int32_t day_of(const hra_runs *r, int i, int64_t row)
{
    int32_t day;
    bool known = r->exam_date >= 0 && hra_previous_steps(r->runs[i].people, row, r->exam_date, &day);
    return known && day <= r->runs[i].day ? day : (int32_t)r->runs[i].day;
}

int hra_runs_providers(const hra_runs *r, const int64_t rows[HRA_COURSE_RUNS])
{
    const char *known[HRA_COURSE_RUNS];
    int count = 0;
    for (int i = 0; i < r->count; i++) {
        const char *provider = rows[i] < 0 ? "" : hra_previous_provider(r->runs[i].people, rows[i]);
        int k = 0;
        while (k < count && strcmp(known[k], provider) != 0) k++;
        if (*provider && k == count) known[count++] = provider;
    }
    return count;
}

bool hra_runs_point(const hra_runs *r, int i, int64_t row, int rule, hra_course_point *point)
{
    if (row < 0 || !hra_previous_steps(r->runs[i].people, row, r->rules.rules[rule].variable, &point->steps))
        return false;
    point->day = day_of(r, i, row);
    return true;
}

int hra_runs_points(const hra_runs *r, const int64_t rows[HRA_COURSE_RUNS], int rule,
                    hra_course_point points[HRA_COURSE_RUNS])
{
    int count = 0;
    hra_course_point point;
    for (int i = hra_runs_since_shift(r, rule); i < r->count; i++)
        if (hra_runs_point(r, i, rows[i], rule, &point)) hra_course_add(points, &count, point);
    return count;
}

hra_course hra_runs_course(const hra_runs *r, int rule, const hra_course_point *points, int count)
{
    const hra_change_rule *own = &r->rules.rules[rule];
    return hra_course_judge(own, hra_dictionary_at(r->dictionary, own->variable)->decimals, points, count);
}
