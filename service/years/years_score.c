/* The risks of two years under one set of definitions. */
#include <math.h>
#include <string.h>

#include "base/calendar.h"
#include "engine/language/plan.h"
#include "engine/program/program.h"
#include "io/people/population_store.h"
#include "service/years/years_internal.h"
#include "service/years/years_mask.h"

/* ---- the split ---- */

int64_t hra_risk_steps(double risk)
{
    return isnan(risk) ? HRA_RISK_UNKNOWN : llround((double)(float)risk * hra_pow10(HRA_RISK_DECIMALS));
}

static int64_t difference(int64_t a, int64_t b)
{
    return a == HRA_RISK_UNKNOWN || b == HRA_RISK_UNKNOWN ? HRA_RISK_UNKNOWN : a - b;
}

hra_risk_parts hra_risk_split(double before, double rescored, double now, double rescored_common, double now_common)
{
    hra_risk_parts p = {
        .before = hra_risk_steps(before), .rescored = hra_risk_steps(rescored), .now = hra_risk_steps(now)};
    p.change = difference(p.now, p.before);
    p.model = difference(p.rescored, p.before);
    p.rest = difference(p.now, p.rescored);
    p.person = p.rest == HRA_RISK_UNKNOWN ? HRA_RISK_UNKNOWN
                                          : difference(hra_risk_steps(now_common), hra_risk_steps(rescored_common));
    p.data = difference(p.rest, p.person);
    return p;
}

static double at(const hra_scratch *risks, const hra_years *y, int64_t row, int role)
{
    return ((const double *)risks->memory)[row * y->role_count + role];
}

static double stored(const hra_previous *year, const char *role, int64_t row)
{
    int index = hra_previous_role(year, role);
    return index < 0 ? (double)NAN : hra_previous_risk(year, row, index);
}

hra_risk_parts hra_years_parts(const hra_years *y, int64_t before_row, int64_t now_row, int role)
{
    bool both = before_row >= 0 && now_row >= 0;
    return hra_risk_split(before_row < 0 ? (double)NAN : stored(y->before, y->roles[role], before_row),
                          before_row < 0 ? (double)NAN : at(&y->rescored, y, before_row, role),
                          now_row < 0 ? (double)NAN : stored(y->now, y->roles[role], now_row),
                          both ? at(&y->rescored_common, y, before_row, role) : (double)NAN,
                          both ? at(&y->now_common, y, now_row, role) : (double)NAN);
}

/* ---- a pass over one year ---- */

typedef struct risk_sink {
    hra_sink sink;
    double *out;
    int outputs[64], count;
} risk_sink;

static hra_code put_risks(hra_sink *base, int thread, const hra_chunk *chunk, const hra_results *results,
                          void **prepared, hra_error *error)
{
    const risk_sink *s = (const risk_sink *)base;
    for (int r = 0; r < s->count; r++)
        for (int i = 0; i < chunk->rows; i++)
            s->out[(chunk->first_row + i) * s->count + r] = hra_results_value(results, s->outputs[r], i);
    return HRA_OK;
}

/* "chd" of "china_corporate.chd.risk". */
static hra_code find_roles(hra_years *y, const hra_output *outputs, int count, risk_sink *sink, hra_error *error)
{
    enum { MOST = sizeof sink->outputs / sizeof *sink->outputs };
    y->roles = hra_arena_alloc(y->arena, MOST * sizeof *y->roles);
    if (!y->roles) return hra_out_of_memory(error);
    for (int i = 0; i < count && sink->count < MOST; i++) {
        const char *id = outputs[i].id, *name = strchr(id, '.'), *end = name ? strchr(name + 1, '.') : NULL;
        if (outputs[i].role != HRA_ROLE_PANEL || outputs[i].kind != HRA_OUTPUT_NUMBER) continue;
        if (!end || strcmp(end, ".risk") != 0) continue;
        sink->outputs[sink->count] = i;
        y->roles[sink->count] = hra_arena_text_n(y->arena, name + 1, (size_t)(end - name - 1));
        if (!y->roles[sink->count++]) return hra_out_of_memory(error);
    }
    y->role_count = sink->count;
    if (sink->count > 0) return HRA_OK;
    return hra_fail(error, HRA_EUSAGE, "%s: no panel, so no disease risks to compare; score both years with a panel",
                    hra_previous_facts(y->now)->path);
}

static hra_code note_read(hra_years *y, const hra_program *program, const hra_schema *schema, hra_error *error)
{
    if (!y->read) y->read = hra_arena_alloc(y->arena, (size_t)hra_dictionary_count(y->dictionary) + 1);
    bool *wanted = hra_arena_alloc(y->arena, (size_t)schema->column_count + 1);
    if (!y->read || !wanted) return hra_out_of_memory(error);
    hra_program_columns(program, wanted);
    for (int c = 0; c < schema->column_count; c++)
        if (wanted[c]) y->read[schema->columns[c].variable] = true;
    return HRA_OK;
}

static hra_code run_plan(hra_years *y, const hra_plan *plan, hra_source *source, hra_scratch *room, hra_error *error)
{
    int count;
    const hra_output *outputs = hra_plan_outputs(plan, &count);
    risk_sink sink = {.sink = {.prepare = put_risks}};
    hra_sink *sinks = &sink.sink;
    hra_program *program = NULL;
    hra_run_options options = {.threads = y->request->threads, .stop = y->request->stop};
    hra_run_facts facts = {0};
    hra_code code = find_roles(y, outputs, count, &sink, error);
    size_t size = (size_t)source->rows * (size_t)sink.count * sizeof(double);
    if (!code) code = hra_scratch_open(y->beside, size, room, error);
    sink.out = room->memory;
    if (!code) code = hra_program_compile(hra_plan_graph(plan), source->schema, outputs, count, NULL, &program, error);
    if (!code) code = note_read(y, program, source->schema, error);
    if (!code) code = hra_run(source, program, &sinks, 1, &options, &facts, error);
    hra_program_free(program);
    return code;
}

static hra_code score(hra_years *y, const hra_previous *year, hra_source *source, const char *as_of, hra_scratch *room,
                      hra_error *error)
{
    const hra_result_facts *now = hra_previous_facts(y->now);
    hra_plan_request request = {.panel = now->panel, .share = true, .as_of = NAN};
    hra_plan *plan = NULL;
    if (strcmp(now->outside_range, "blank") == 0) request.range = HRA_RANGE_BLANK;
    if (strcmp(now->outside_range, "clamp") == 0) request.range = HRA_RANGE_CLAMP;
    if (!as_of) as_of = hra_previous_facts(year)->as_of;
    if (*as_of && !hra_day_read(as_of, &request.as_of))
        return hra_fail(error, HRA_EUSAGE, "'%s' is not a day like 2026-01-31", as_of);
    if (!*now->panel) request.panel = NULL;
    hra_code code = hra_plan_new(y->request->library, source->schema, &request, &plan, error);
    if (!code) code = run_plan(y, plan, source, room, error);
    hra_plan_free(plan);
    return code;
}

/* `other` NULL: all inputs; else only what the same person's other year knows too. */
static hra_code score_year(hra_years *y, const hra_previous *year, const hra_previous *other, const char *as_of,
                           hra_scratch *room, hra_error *error)
{
    hra_source *store = NULL, *masked = NULL;
    HRA_TRY(hra_store_open(hra_previous_population(year), y->dictionary, &store, error));
    hra_code code = other ? hra_years_mask_new(store, year, other, &masked, error) : HRA_OK;
    if (!code) code = score(y, year, masked ? masked : store, as_of, room, error);
    if (masked) masked->close(masked);
    store->close(store);
    return code;
}

/* ---- what must come out again ---- */

static bool knows_the_same(const hra_years *y, int64_t before_row, int64_t now_row)
{
    for (int v = 0; v < hra_dictionary_count(y->dictionary); v++)
        if (y->read[v] && hra_previous_known(y->before, before_row, v) != hra_previous_known(y->now, now_row, v))
            return false;
    return true;
}

static hra_code refuse(const hra_previous *year, int64_t wrong, const char *option, hra_error *error)
{
    return hra_fail(error, HRA_ECONFLICT,
                    "%s: scored again, %lld of its risks come out otherwise, so changes would not be the people's: was "
                    "it made with another --as-of (give it with %s) or are these not its population and definitions?",
                    hra_previous_facts(year)->path, (long long)wrong, option);
}

/* Under equal definitions last year's risks, and this year's wherever nothing was left out, must be those stored. */
static hra_code check_reproduced(const hra_years *y, hra_error *error)
{
    int64_t wrong = 0;
    for (int64_t row = 0; row < hra_previous_rows(y->before) && y->account->same_definitions; row++)
        for (int r = 0; r < y->role_count; r++)
            wrong += hra_risk_steps(at(&y->rescored, y, row, r)) != hra_risk_steps(stored(y->before, y->roles[r], row));
    if (wrong) return refuse(y->before, wrong, "--previous-as-of", error);
    for (int64_t row = 0; row < hra_previous_rows(y->now); row++) {
        int64_t own, before;
        char key[HRA_RESULT_KEY_SIZE];
        hra_previous_key(y->now, row, key);
        bool linked = hra_previous_find(y->now, key, &own) && hra_previous_find(y->before, key, &before);
        if (linked && !knows_the_same(y, before, row)) continue;
        for (int r = 0; r < y->role_count; r++)
            wrong += hra_risk_steps(at(&y->now_common, y, row, r)) != hra_risk_steps(stored(y->now, y->roles[r], row));
    }
    return wrong ? refuse(y->now, wrong, "--as-of", error) : HRA_OK;
}

hra_code hra_years_score(hra_years *y, hra_error *error)
{
    const hra_years_request *q = y->request;
    HRA_TRY(score_year(y, y->before, NULL, q->previous_as_of, &y->rescored, error));
    HRA_TRY(score_year(y, y->before, y->now, q->previous_as_of, &y->rescored_common, error));
    HRA_TRY(score_year(y, y->now, y->before, q->as_of, &y->now_common, error));
    return check_reproduced(y, error);
}
