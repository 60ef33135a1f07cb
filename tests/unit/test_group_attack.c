/* The attack on the client edition: a program that knows nothing of how figures are hidden reads what clients get,
 * all of them together, writes it down as equations over whole numbers, and narrows the hidden counts: by subtraction
 * and bounds, and by trying each end of an interval against everything else. No hidden count may come out, nor an
 * interval within 1 to 10 of fewer than two steps. It is told the standard population and the sum of the hidden totals
 * of all groups, which is more than any client has. */
#include <ctype.h>
#include <dirent.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/program/program.h"
#include "generate/generate.h"
#include "report/group/group_files.h"

static char folder[64];

static const char *file_in(const char *name)
{
    static char paths[8][128];
    static int next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

/* ---- a night of generated groups --------------------------------------------------- */

static void must(hra_code code, const hra_error *error)
{
    if (code != HRA_OK) fail_msg("%s", error->message);
}

static hra_library *library;

static int open_library(void **state)
{
    hra_error error;
    hra_diagnostics *diagnostics = hra_diagnostics_new();
    library = hra_library_new();
    hra_code code = hra_library_add_builtin(library, diagnostics, &error);
    if (code == HRA_OK) code = hra_library_check(library, diagnostics, &error);
    hra_diagnostics_free(diagnostics);
    snprintf(folder, sizeof folder, "/tmp/hra-attack-%ld", (long)getpid());
    return code == HRA_OK && mkdir(folder, 0700) == 0 ? 0 : -1;
}

static int close_library(void **state)
{
    static const char *const names[] = {"client.csv", "groups.csv", "withheld.csv", "policy.csv"};
    for (int i = 0; i < 4; i++) unlink(file_in(names[i]));
    hra_library_free(library);
    return rmdir(folder);
}

static void write_edition(int64_t people, int groups, int64_t seed, const char *policy)
{
    hra_error error;
    hra_source *source;
    hra_plan *plan;
    hra_program *program;
    hra_catalogue *catalogue;
    hra_group_summary *summary;
    hra_group_files *files;
    hra_group_facts facts;
    int count;
    const hra_generate_options generate = {.seed = (uint64_t)seed, .rows = people, .groups = groups};
    const hra_plan_request request = {
        .panel = "china_corporate", .factors = true, .tiers = true, .aggregates = true, .share = true, .as_of = 20513};
    must(hra_generate_open(hra_library_dictionary(library), &generate, &source, &error), &error);
    must(hra_plan_new(library, source->schema, &request, &plan, &error), &error);
    const hra_output *outputs = hra_plan_outputs(plan, &count);
    must(hra_program_compile(hra_plan_graph(plan), source->schema, outputs, count, NULL, &program, &error), &error);
    must(hra_catalogue_new(library, outputs, count, &catalogue, &error), &error);
    int label = 0;
    while (strcmp(hra_dictionary_at(source->schema->dictionary, source->schema->labels[label])->name, "group_id") != 0)
        label++;
    must(hra_group_summary_new(outputs, count, source->schema, label, &summary, &error), &error);
    const hra_group_request about = {.catalogue = catalogue,
                                     .summary = summary,
                                     .plan = plan,
                                     .schema = source->schema,
                                     .language = "en",
                                     .as_of = 20513,
                                     .folder = file_in("x"),
                                     .policy = policy};
    must(hra_group_files_new(&about, &files, &error), &error);
    hra_sink *sinks[] = {hra_group_summary_sink(summary), hra_group_files_sink(files)};
    const hra_run_options options = {.threads = 2};
    hra_run_facts run;
    must(hra_run(source, program, sinks, 2, &options, &run, &error), &error);
    const hra_group_paths paths = {
        .csv = file_in("groups.csv"), .withheld = file_in("withheld.csv"), .client_csv = file_in("client.csv")};
    must(hra_group_files_write(files, &paths, &facts, &error), &error);
    hra_group_files_free(files);
    hra_group_summary_free(summary);
    hra_catalogue_free(catalogue);
    hra_program_free(program);
    hra_plan_free(plan);
    source->close(source);
}

/* ---- tables as text ------------------------------------------------------------------ */

enum { CELLS = 32, TEXT = 400 };

typedef struct record {
    char text[TEXT];
    const char *cell[CELLS];
} record;

typedef struct table {
    char *header;
    const char *names[CELLS];
    int width;
    record *rows;
    int count;
} table;

static int split(char *text, const char **cells)
{
    int count = 0;
    text[strcspn(text, "\r\n")] = '\0';
    for (char *at = text; at && count < CELLS;) {
        char *comma = strchr(at, ',');
        if (comma) *comma++ = '\0';
        cells[count++] = at;
        at = comma;
    }
    return count;
}

static table read_table(const char *path)
{
    table t = {.count = 0};
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    t.header = malloc(TEXT); /* the names point into it, wherever the table is */
    assert_non_null(t.header);
    assert_non_null(fgets(t.header, TEXT, file));
    t.width = split(t.header, t.names);
    int capacity = 0;
    for (char line[TEXT]; fgets(line, sizeof line, file); t.count++) {
        if (t.count == capacity) {
            capacity = capacity ? 2 * capacity : 1024;
            t.rows = realloc(t.rows, (size_t)capacity * sizeof *t.rows);
            assert_non_null(t.rows);
        }
        memcpy(t.rows[t.count].text, line, sizeof line);
    }
    for (int i = 0; i < t.count; i++) split(t.rows[i].text, t.rows[i].cell);
    fclose(file);
    return t;
}

static void free_table(table *t)
{
    free(t->rows);
    free(t->header);
}

static const char *cell(const table *t, int row, const char *name)
{
    for (int c = 0; c < t->width; c++)
        if (strcmp(t->names[c], name) == 0) return t->rows[row].cell[c];
    fail_msg("no column %s", name);
    return "";
}

static double number(const table *t, int row, const char *name)
{
    const char *text = cell(t, row, name);
    return *text ? strtod(text, NULL) : NAN;
}

static bool is(const table *t, int row, const char *name, const char *value)
{
    return strcmp(cell(t, row, name), value) == 0;
}

/* ---- equations over whole numbers ------------------------------------------------------ */

enum { UNKNOWNS = 900, EQUATIONS = 900, TERMS = 300 };

typedef struct equation {
    int count;
    int unknown[TERMS];
    double factor[TERMS];
    double low, high; /* of the sum */
} equation;

typedef struct bounds {
    double low[UNKNOWNS], high[UNKNOWNS];
} bounds;

typedef struct attack {
    int unknowns, equations;
    bounds known;
    bool hidden[UNKNOWNS];
    double truth[UNKNOWNS]; /* of hidden counts, to check the attack; NaN: it is not on record */
    char what[UNKNOWNS][160];
    equation equation[EQUATIONS];
} attack;

static attack the_attack;
static int64_t counts_attacked, counts_hidden;

static int new_unknown(attack *a, double low, double high, bool hidden, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
static int new_unknown(attack *a, double low, double high, bool hidden, const char *format, ...)
{
    va_list arguments;
    assert_true(a->unknowns < UNKNOWNS);
    va_start(arguments, format);
    vsnprintf(a->what[a->unknowns], sizeof a->what[0], format, arguments);
    va_end(arguments);
    a->known.low[a->unknowns] = low;
    a->known.high[a->unknowns] = high;
    a->hidden[a->unknowns] = hidden;
    a->truth[a->unknowns] = NAN;
    return a->unknowns++;
}

static equation *new_equation(attack *a, double low, double high)
{
    assert_true(a->equations < EQUATIONS);
    equation *e = &a->equation[a->equations++];
    e->count = 0;
    e->low = low;
    e->high = high;
    return e;
}

static void add_term(equation *e, int unknown, double factor)
{
    assert_true(e->count < TERMS);
    e->unknown[e->count] = unknown;
    e->factor[e->count++] = factor;
}

/* One equation: what the other terms leave to each. */
static bool narrow_one(const equation *e, bounds *b, bool *changed)
{
    double low = 0, high = 0;
    for (int i = 0; i < e->count; i++) {
        double f = e->factor[i], l = b->low[e->unknown[i]], h = b->high[e->unknown[i]];
        low += f > 0 ? f * l : f * h;
        high += f > 0 ? f * h : f * l;
    }
    for (int i = 0; i < e->count; i++) {
        int u = e->unknown[i];
        double f = e->factor[i], own_low = f > 0 ? f * b->low[u] : f * b->high[u];
        double own_high = f > 0 ? f * b->high[u] : f * b->low[u];
        double least = e->low - (high - own_high), most = e->high - (low - own_low);
        double from = ceil((f > 0 ? least : most) / f - 1e-7), to = floor((f > 0 ? most : least) / f + 1e-7);
        if (from > b->low[u]) {
            b->low[u] = from;
            *changed = true;
        }
        if (to < b->high[u]) {
            b->high[u] = to;
            *changed = true;
        }
        if (b->low[u] > b->high[u]) return false;
        if (*changed) { /* the sums have moved */
            low += (f > 0 ? f * b->low[u] : f * b->high[u]) - own_low;
            high += (f > 0 ? f * b->high[u] : f * b->low[u]) - own_high;
        }
    }
    return true;
}

static bool narrow(const attack *a, bounds *b)
{
    for (bool changed = true; changed;) {
        changed = false;
        for (int i = 0; i < a->equations; i++)
            if (!narrow_one(&a->equation[i], b, &changed)) return false;
    }
    return true;
}

/* Whether the unknown can be this number, as far as all equations together can tell. */
static bool can_be(const attack *a, int unknown, double value)
{
    static bounds b;
    memcpy(b.low, a->known.low, (size_t)a->unknowns * sizeof *b.low);
    memcpy(b.high, a->known.high, (size_t)a->unknowns * sizeof *b.high);
    b.low[unknown] = b.high[unknown] = value;
    return narrow(a, &b);
}

static void shave(attack *a, int unknown)
{
    bounds *known = &a->known;
    for (int i = 0; i < 12; i++) {
        if (known->low[unknown] >= known->high[unknown] || can_be(a, unknown, known->low[unknown])) break;
        known->low[unknown] += 1;
    }
    for (int i = 0; i < 12; i++) {
        if (known->low[unknown] >= known->high[unknown] || can_be(a, unknown, known->high[unknown])) break;
        known->high[unknown] -= 1;
    }
}

static int broken;

/* A hidden count may not come out at all; of those not measured or without the finding a small number may not. */
static void solve(attack *a)
{
    if (!narrow(a, &a->known)) fail_msg("the published figures contradict each other: %s", a->what[0]);
    for (int u = 0; u < a->unknowns; u++)
        if (a->hidden[u]) shave(a, u);
    for (int u = 0; u < a->unknowns; u++) {
        double low = a->known.low[u], high = a->known.high[u];
        counts_attacked++;
        if (!a->hidden[u]) continue;
        counts_hidden++;
        if (!isnan(a->truth[u]) && (a->truth[u] < low || a->truth[u] > high))
            fail_msg("the attack is wrong: %s is %g, not %g to %g", a->what[u], a->truth[u], low, high);
        bool told = low >= 1 && high <= 10 && high - low < 2;
        if (!isnan(a->truth[u]) && low == high) told = true;
        if (told && broken++ < 10) fprintf(stderr, "%s lies from %g to %g\n", a->what[u], low, high);
    }
}

/* ---- what is written down -------------------------------------------------------------- */

typedef struct place {
    const char *sex, *age, *department;
    double people;
    int yes, unmeasured;
} place;

enum { PLACES = 300 };
static place places[PLACES];
static int place_count;

static void find_places(const table *t, int first, int end)
{
    place_count = 0;
    for (int r = first; r < end; r++) {
        if (!is(t, r, "kind", "people")) continue;
        assert_true(place_count < PLACES);
        places[place_count++] = (place){.sex = cell(t, r, "sex"),
                                        .age = cell(t, r, "age_band"),
                                        .department = cell(t, r, "department"),
                                        .people = number(t, r, "people")};
    }
}

static bool all(const char *text) { return strcmp(text, "all") == 0; }

/* Places that add up to `sum`, along one of the three ways people are divided. */
static void add_sum(attack *a, const place *sum, int way)
{
    equation *yes = new_equation(a, 0, 0), *unmeasured = new_equation(a, 0, 0);
    for (int i = 0; i < place_count; i++) {
        const place *p = &places[i];
        bool part = way == 0   ? strcmp(p->sex, sum->sex) == 0 && !all(p->age) && all(p->department)
                    : way == 1 ? !all(p->sex) && strcmp(p->age, sum->age) == 0 && all(p->department)
                               : !all(p->department);
        if (!part) continue;
        add_term(yes, p->yes, 1);
        add_term(unmeasured, p->unmeasured, 1);
    }
    if (yes->count == 0) {
        a->equations -= 2;
        return;
    }
    add_term(yes, sum->yes, -1);
    add_term(unmeasured, sum->unmeasured, -1);
}

static int row_of(const table *t, int first, int end, const char *finding, const place *p)
{
    for (int r = first; r < end; r++)
        if (is(t, r, "kind", "finding") && is(t, r, "indicator", finding) && is(t, r, "sex", p->sex) &&
            is(t, r, "age_band", p->age) && is(t, r, "department", p->department))
            return r;
    return -1;
}

/* What the house has on record of a hidden row of the client's table, which stands there in the same order. */
static double truth_of(const table *t, int r, const table *withheld)
{
    static const char *const key[] = {"group", "kind", "indicator", "level", "sex", "age_band", "department"};
    static int next;
    for (int i = 0; i < withheld->count; i++) {
        int w = (next + i) % withheld->count, same = 0;
        while (same < 7 && strcmp(cell(t, r, key[same]), cell(withheld, w, key[same])) == 0) same++;
        if (same < 7) continue;
        next = w + 1;
        return number(withheld, w, "count");
    }
    fail_msg("a hidden figure is not on record: %s %s", cell(t, r, "group"), cell(t, r, "indicator"));
    return NAN;
}

/* The summary's age bands within a client's band, by their first years: 20 (under 30), 30 ... 70. */
static bool band_holds(const char *band, int from)
{
    int a, b;
    if (all(band)) return true;
    if (sscanf(band, "under %d", &a) == 1) return from < a;
    if (sscanf(band, "%d-%d", &a, &b) == 2) return from >= a && from < b;
    return sscanf(band, "%d and over", &a) == 1 && from >= a;
}

static double weight_of(const table *house, const place *p)
{
    double weight = 0;
    for (int r = 0; r < house->count; r++) {
        if (!is(house, r, "kind", "people") || is(house, r, "sex", "all") || is(house, r, "sex", "unknown") ||
            is(house, r, "age_band", "unknown"))
            continue;
        if (!all(p->sex) && !is(house, r, "sex", p->sex)) continue;
        int from = is(house, r, "age_band", "under 30") ? 20 : atoi(cell(house, r, "age_band"));
        if (band_holds(p->age, from)) weight += number(house, r, "people");
    }
    return weight;
}

/* Strata: the finest places by sex and age. */
static bool is_stratum(const place *p)
{
    bool by_sex = false, by_age = false;
    for (int i = 0; i < place_count; i++) {
        by_sex = by_sex || !all(places[i].sex);
        by_age = by_age || !all(places[i].age);
    }
    return all(p->department) && (by_sex || by_age) && all(p->sex) == !by_sex && all(p->age) == !by_age;
}

/* The standardised share in whole per cent, where everybody was measured: one more equation. */
static void add_share(attack *a, const table *house, double share)
{
    double weights = 0;
    equation *e = new_equation(a, share - 0.005, share + 0.005);
    for (int i = 0; i < place_count; i++)
        if (is_stratum(&places[i])) weights += weight_of(house, &places[i]);
    for (int i = 0; i < place_count; i++)
        if (is_stratum(&places[i]))
            add_term(e, places[i].yes, weight_of(house, &places[i]) / weights / places[i].people);
}

/* One finding of one group: its total, its table, its departments. False: nothing is said of it. */
static bool write_finding(const table *t, const table *house, const table *withheld, int first, int end,
                          const char *finding)
{
    attack *a = &the_attack;
    a->unknowns = a->equations = 0;
    double share = NAN;
    bool exact = false, any = false;
    for (int i = 0; i < place_count; i++) {
        place *p = &places[i];
        int r = row_of(t, first, end, finding, p);
        bool shown = r >= 0 && is(t, r, "suppressed", "0");
        double from = shown ? number(t, r, "denominator_from") : 0,
               to = shown ? number(t, r, "denominator_to") : p->people;
        double count = shown ? number(t, r, "numerator") : NAN;
        any = any || r >= 0;
        p->yes = new_unknown(a, shown ? count : 0, shown ? count : to, r >= 0 && !shown, "%s: %s of %s %s %s",
                             cell(t, first, "group"), finding, p->sex, p->age, p->department);
        if (r >= 0 && !shown) a->truth[p->yes] = truth_of(t, r, withheld);
        p->unmeasured =
            new_unknown(a, p->people - to, p->people - from, r >= 0 && from < to, "%s: not measured for %s of %s %s %s",
                        cell(t, first, "group"), finding, p->sex, p->age, p->department);
        int no = new_unknown(a, 0, p->people, r >= 0 && !shown, "%s: without %s of %s %s %s", cell(t, first, "group"),
                             finding, p->sex, p->age, p->department);
        equation *e = new_equation(a, p->people, p->people);
        add_term(e, p->yes, 1);
        add_term(e, p->unmeasured, 1);
        add_term(e, no, 1);
        if (all(p->sex) && all(p->age) && all(p->department) && shown) {
            share = number(t, r, "standardised");
            exact = from == p->people;
        }
    }
    for (int i = 0; i < place_count; i++) {
        const place *p = &places[i];
        if (!all(p->department)) continue;
        if (all(p->age)) add_sum(a, p, 0);
        if (all(p->sex)) add_sum(a, p, 1);
        if (all(p->sex) && all(p->age)) add_sum(a, p, 2);
    }
    if (exact && !isnan(share)) add_share(a, house, share);
    return any;
}

/* The levels of a tier or a category add up to the people. */
static void attack_levels(const table *t, int first, int end, const char *kind)
{
    attack *a = &the_attack;
    for (int r = first; r < end; r++) {
        if (!is(t, r, "kind", kind) ||
            (r > first && is(t, r - 1, "kind", kind) && is(t, r - 1, "indicator", cell(t, r, "indicator"))))
            continue;
        a->unknowns = a->equations = 0;
        double people = number(t, r, "people");
        equation *e = new_equation(a, people, people);
        for (int i = r; i < end && is(t, i, "kind", kind) && is(t, i, "indicator", cell(t, r, "indicator")); i++) {
            bool shown = is(t, i, "suppressed", "0");
            double count = number(t, i, "numerator");
            add_term(e,
                     new_unknown(a, shown ? count : 0, shown ? count : people, !shown, "%s: %s %s", cell(t, i, "group"),
                                 cell(t, i, "indicator"), cell(t, i, "level")),
                     1);
        }
        solve(a);
    }
}

/* Whether the finding was decided for two thirds of the group, and for half of nearly every sex and age: only such
 * groups are compared. The attacker knows which they are. */
static bool is_compared(const table *house, const char *group, const char *finding)
{
    double people = 0, known = 0, undecided = 0;
    for (int r = 0; r < house->count; r++) {
        if (!is(house, r, "kind", "factor") || !is(house, r, "indicator", finding) || !is(house, r, "group", group))
            continue;
        bool whole = is(house, r, "sex", "all") && is(house, r, "age_band", "all");
        double all_here = number(house, r, "people"), known_here = number(house, r, "known");
        if (whole) {
            people = all_here;
            known = known_here;
        } else if (!is(house, r, "sex", "all") && !is(house, r, "age_band", "all") && 2 * known_here < all_here) {
            undecided += all_here;
        }
    }
    return 3 * known >= 2 * people && (undecided < 5 || 20 * undecided < people);
}

/* Totals of all groups: told is the sum of the hidden ones, where any client hears of the others. */
static void attack_totals(const table *t, const table *house, const table *withheld, const char *finding)
{
    attack *a = &the_attack;
    a->unknowns = a->equations = 0;
    bool told = false;
    double sum = 0;
    for (int r = 0; r < t->count; r++)
        if (is(t, r, "kind", "finding") && is(t, r, "indicator", finding)) told = told || *cell(t, r, "others");
    if (!told) return;
    equation *e = new_equation(a, 0, 0);
    for (int r = 0; r < withheld->count; r++) {
        if (!is(withheld, r, "kind", "finding") || !is(withheld, r, "indicator", finding) ||
            !is(withheld, r, "sex", "all") || !is(withheld, r, "age_band", "all") ||
            !is(withheld, r, "department", "all") || strncmp(cell(withheld, r, "rule"), "comparison", 10) == 0 ||
            !is_compared(house, cell(withheld, r, "group"), finding))
            continue;
        sum += number(withheld, r, "count");
        add_term(e,
                 new_unknown(a, 0, number(withheld, r, "people"), true, "%s: %s in all", cell(withheld, r, "group"),
                             finding),
                 1);
    }
    e->low = e->high = sum;
    if (e->count > 0) solve(a);
}

static void attack_edition(void)
{
    table t = read_table(file_in("client.csv")), house = read_table(file_in("groups.csv"));
    table withheld = read_table(file_in("withheld.csv"));
    const char *findings[64];
    int finding_count = 0;
    for (int r = 0; r < t.count; r++) {
        bool seen = !is(&t, r, "kind", "finding");
        for (int i = 0; i < finding_count && !seen; i++) seen = is(&t, r, "indicator", findings[i]);
        if (!seen) findings[finding_count++] = cell(&t, r, "indicator");
    }
    assert_true(finding_count > 15);
    for (int first = 0, end; first < t.count; first = end) {
        for (end = first; end < t.count && is(&t, end, "group", cell(&t, first, "group"));) end++;
        find_places(&t, first, end);
        for (int i = 0; i < finding_count; i++)
            if (write_finding(&t, &house, &withheld, first, end, findings[i])) solve(&the_attack);
        attack_levels(&t, first, end, "tier");
        attack_levels(&t, first, end, "category");
    }
    for (int i = 0; i < finding_count; i++) attack_totals(&t, &house, &withheld, findings[i]);
    free_table(&t);
    free_table(&house);
    free_table(&withheld);
}

static void nothing_comes_out(void **state)
{
    static const struct {
        int64_t people;
        int groups, seed;
    } nights[] = {{3000, 24, 1}, {6000, 10, 2}, {12000, 3, 3}, {2500, 40, 4}, {720, 12, 5}, {420, 12, 6}};
    counts_attacked = counts_hidden = 0;
    broken = 0;
    for (size_t i = 0; i < sizeof nights / sizeof nights[0]; i++) {
        write_edition(nights[i].people, nights[i].groups, nights[i].seed, NULL);
        attack_edition();
    }
    print_message("%lld counts in equations, %lld of them hidden\n", (long long)counts_attacked,
                  (long long)counts_hidden);
    assert_int_equal(broken, 0);
    assert_true(counts_hidden > 1000); /* there was something to find */
}

/* The same attack finds counts in tables that hide small cells and nothing else. */
static void the_attack_bites(void **state)
{
    write_edition(6000, 10, 2, NULL);
    table t = read_table(file_in("client.csv")), house = read_table(file_in("groups.csv"));
    FILE *file = fopen(file_in("client.csv"), "w");
    assert_non_null(file);
    int64_t before = broken;
    for (int c = 0; c < t.width; c++) fprintf(file, "%s%s", c ? "," : "", t.names[c]);
    table withheld = read_table(file_in("withheld.csv"));
    for (int r = 0; r < t.count; r++) {
        int shown = -1;
        for (int w = 0; w < withheld.count && shown < 0; w++) {
            bool same = is(&withheld, w, "rule", "protects another hidden count");
            static const char *const key[] = {"group", "kind", "indicator", "level", "sex", "age_band", "department"};
            for (int k = 0; k < 7 && same; k++) same = strcmp(cell(&t, r, key[k]), cell(&withheld, w, key[k])) == 0;
            if (same) shown = w;
        }
        fputc('\n', file);
        for (int c = 0; c < t.width; c++) {
            const char *name = t.names[c], *text = t.rows[r].cell[c];
            if (shown >= 0 && strcmp(name, "numerator") == 0) text = cell(&withheld, shown, "count");
            if (shown >= 0 && strncmp(name, "denominator", 11) == 0) text = cell(&withheld, shown, "known");
            if (shown >= 0 && strcmp(name, "suppressed") == 0) text = "0";
            fprintf(file, "%s%s", c ? "," : "", text);
        }
    }
    fputc('\n', file);
    fclose(file);
    free_table(&t);
    free_table(&house);
    free_table(&withheld);
    attack_edition();
    assert_true(broken > before + 20);
    broken = 0;
}

/* For publication counts are rounded: nothing else is told, and shares come from what is. */
static void rounded_to_five(void **state)
{
    const hra_embedded *built_in = hra_embedded_file("datasets/group_policy.csv");
    FILE *file = fopen(file_in("policy.csv"), "w");
    assert_non_null(file);
    const char *text = (const char *)built_in->bytes, *line = strstr(text, "round_to,1,");
    assert_non_null(line);
    fprintf(file, "%.*sround_to,5,%.*s", (int)(line - text), text, (int)(text + built_in->length - line - 11),
            line + 11);
    fclose(file);
    write_edition(3000, 6, 8, file_in("policy.csv"));
    table t = read_table(file_in("client.csv"));
    static const char *const counts[] = {"people", "numerator", "denominator_from", "denominator_to"};
    int checked = 0;
    for (int r = 0; r < t.count; r++) {
        for (int c = 0; c < 4; c++)
            if (*cell(&t, r, counts[c])) assert_int_equal((int)number(&t, r, counts[c]) % 5, 0);
        double from = number(&t, r, "denominator_from"), to = number(&t, r, "denominator_to");
        double share = number(&t, r, "share"), count = number(&t, r, "numerator");
        if (isnan(share) || is(&t, r, "kind", "participation")) continue;
        assert_true(fabs(share - count / ((fmax(from, count) + fmax(to, count)) / 2)) < 1e-3);
        checked++;
    }
    assert_true(checked > 100);
    free_table(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_comes_out), cmocka_unit_test(the_attack_bites),
                                       cmocka_unit_test(rounded_to_five)};
    return cmocka_run_group_tests(tests, open_library, close_library);
}
