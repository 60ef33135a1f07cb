/* Service indicators between two years: control, weight change, stopping to smoke, of the people who are in both. */
#include <math.h>
#include <stdlib.h>

#include "engine/data/column.h"
#include "service/group/indicators.h"
#include "service/years/years_internal.h"

/* What last year's results say of a person; bit i: indicator i. */
typedef struct earlier {
    uint32_t in, met, undecided;
} earlier;

typedef struct work {
    const hra_years *years;
    hra_indicators *set;
    hra_conditions *before, *now;
    hra_alternatives in_before[HRA_INDICATOR_MOST], met_before[HRA_INDICATOR_MOST];
    hra_alternatives in_now[HRA_INDICATOR_MOST], met_now[HRA_INDICATOR_MOST];
    hra_scratch room;
    earlier *earlier; /* by row of last year */
} work;

static hra_code add_conditions(work *w, hra_error *error)
{
    for (int i = 0; i < hra_indicators_count(w->set); i++) {
        const hra_indicator *indicator = hra_indicators_at(w->set, i);
        HRA_TRY(hra_alternatives_add(w->set, i, indicator->before, w->before, &w->in_before[i], error));
        HRA_TRY(hra_alternatives_add(w->set, i, indicator->met_before, w->before, &w->met_before[i], error));
        HRA_TRY(hra_alternatives_add(w->set, i, indicator->now, w->now, &w->in_now[i], error));
        HRA_TRY(hra_alternatives_add(w->set, i, indicator->met_now, w->now, &w->met_now[i], error));
    }
    return HRA_OK;
}

static hra_code begin(work *w, hra_error *error)
{
    const hra_years *y = w->years;
    HRA_TRY(hra_indicators_new(y->request->indicators, y->dictionary, HRA_INDICATOR_SHARE, HRA_INDICATOR_LOST, &w->set,
                               error));
    HRA_TRY(hra_conditions_new(hra_previous_results(y->before), &w->before, error));
    HRA_TRY(hra_conditions_new(hra_previous_results(y->now), &w->now, error));
    HRA_TRY(add_conditions(w, error));
    size_t size = (size_t)hra_previous_rows(y->before) * sizeof *w->earlier;
    HRA_TRY(hra_scratch_open(y->beside, size, &w->room, error));
    w->earlier = w->room.memory;
    return HRA_OK;
}

/* ---- last year */

static void see(work *w, int64_t row, int64_t index)
{
    for (int i = 0; i < hra_indicators_count(w->set); i++) {
        if (hra_alternatives_decide(&w->in_before[i], w->before, index) != 1) continue;
        int met = hra_alternatives_decide(&w->met_before[i], w->before, index);
        w->earlier[row].in |= (uint32_t)1 << i;
        w->earlier[row].met |= (uint32_t)(met > 0) << i;
        w->earlier[row].undecided |= (uint32_t)(met < 0) << i;
    }
}

static hra_code read_before(work *w, hra_error *error)
{
    int64_t rows = hra_previous_rows(w->years->before);
    for (int64_t first = 0; first < rows; first += HRA_CHUNK_ROWS) {
        int64_t count = rows - first < HRA_CHUNK_ROWS ? rows - first : HRA_CHUNK_ROWS;
        HRA_TRY(hra_conditions_load(w->before, first, count, error));
        for (int64_t i = 0; i < count; i++) see(w, first + i, i);
    }
    return HRA_OK;
}

/* ---- this year */

/* Whether both hold: 1, 0, -1 cannot be decided. */
static int both(int one, int other)
{
    if (one == 0 || other == 0) return 0;
    return one < 0 || other < 0 ? -1 : 1;
}

static int met(const work *w, int i, const earlier *was, int64_t index)
{
    uint32_t bit = (uint32_t)1 << i;
    int before = was->undecided & bit ? -1 : (was->met & bit) != 0;
    return both(before, hra_alternatives_decide(&w->met_now[i], w->now, index));
}

static void add_weights(work *w, int i, int group, int64_t before_row, int64_t now_row)
{
    const hra_indicator *indicator = hra_indicators_at(w->set, i);
    int32_t before, now;
    bool known = hra_previous_steps(w->years->before, before_row, indicator->variable, &before) &&
                 hra_previous_steps(w->years->now, now_row, indicator->variable, &now);
    if (!known || indicator->kind == HRA_INDICATOR_LOST) {
        bool lost = known && before > 0 && ((double)before - now) * 100 >= indicator->amount * before;
        hra_indicators_count_person(w->set, group, i, known ? lost : -1);
        return;
    }
    hra_indicators_count_person(w->set, group, i, 0);
    hra_indicators_sums(w->set, 0)[i].met += (int64_t)now - before;
    hra_indicators_sums(w->set, group)[i].met += (int64_t)now - before;
}

static hra_code add_person(work *w, int64_t before_row, int64_t now_row, int64_t index, hra_error *error)
{
    const earlier *was = &w->earlier[before_row];
    int group;
    HRA_TRY(hra_indicators_group(w->set, hra_previous_group(w->years->now, now_row), &group, error));
    for (int i = 0; i < hra_indicators_count(w->set); i++) {
        if (!(was->in >> i & 1)) continue;
        int in = hra_alternatives_decide(&w->in_now[i], w->now, index);
        if (in < 0)
            hra_indicators_count_person(w->set, group, i, -1);
        else if (in > 0 && hra_indicators_at(w->set, i)->kind == HRA_INDICATOR_SHARE)
            hra_indicators_count_person(w->set, group, i, met(w, i, was, index));
        else if (in > 0)
            add_weights(w, i, group, before_row, now_row);
    }
    return HRA_OK;
}

static hra_code read_now(work *w, hra_error *error)
{
    const hra_years *y = w->years;
    int64_t rows = hra_previous_rows(y->now);
    for (int64_t first = 0; first < rows; first += HRA_CHUNK_ROWS) {
        int64_t count = rows - first < HRA_CHUNK_ROWS ? rows - first : HRA_CHUNK_ROWS;
        HRA_TRY(hra_conditions_load(w->now, first, count, error));
        for (int64_t i = 0; i < count; i++) {
            int64_t before = hra_years_partner(y->now, first + i, y->before);
            if (before >= 0) HRA_TRY(add_person(w, before, first + i, i, error));
        }
    }
    return HRA_OK;
}

static hra_code count(work *w, const char *path, hra_error *error)
{
    const hra_years *y = w->years;
    const char *was = y->request->previous_as_of, *is = y->request->as_of;
    HRA_TRY(begin(w, error));
    HRA_TRY(read_before(w, error));
    HRA_TRY(read_now(w, error));
    char *period = hra_arena_printf(y->arena, "%s/%s", was ? was : hra_previous_facts(y->before)->as_of,
                                    is ? is : hra_previous_facts(y->now)->as_of);
    if (!period) return hra_out_of_memory(error);
    return hra_indicators_write(
        w->set, period,
        y->account->same_definitions ? "" : "the definitions of the two years differ: each year's results by its own",
        path, error);
}

hra_code hra_years_indicators(const hra_years *y, const char *path, hra_error *error)
{
    work w = {.years = y};
    hra_code code = count(&w, path, error);
    hra_scratch_close(&w.room);
    hra_conditions_free(w.before);
    hra_conditions_free(w.now);
    hra_indicators_free(w.set);
    return code;
}
