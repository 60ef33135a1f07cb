#include "service/enrolment/care_indicators.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/calendar.h"
#include "io/files/spill_sort.h"
#include "service/group/indicators.h"

enum { SORT_BYTES = 32 << 20 };

struct hra_care_indicators {
    const hra_care_request *request;
    const hra_conditions *conditions;
    hra_arena *arena;
    const char *path;
    hra_indicators *set;
    hra_alternatives who[HRA_INDICATOR_MOST], met[HRA_INDICATOR_MOST];
    double found;         /* day of the results */
    hra_spill_sort *days; /* group, days from exam to results; NULL: cannot be told or is not asked for */
};

static const char *no_contacts(const hra_care_indicators *c, const hra_care_account *account)
{
    if (isnan(c->found)) return "the results do not say their day (score with --as-of)";
    if (!c->request->register_path) return "no register with contacts was given";
    return account->contacts == 0 ? "the register has no contacts: none has come back" : NULL;
}

static hra_code begin(hra_care_indicators *c, hra_care *care, const hra_care_account *account, hra_error *error)
{
    const char *no_days = hra_care_no_exam_days(care), *nobody = no_contacts(c, account);
    c->path = hra_arena_printf(c->arena, "%s/indicators.csv", c->request->folder);
    if (!c->path) return hra_out_of_memory(error);
    HRA_TRY(hra_indicators_new(c->request->indicators, hra_library_dictionary(c->request->library),
                               HRA_INDICATOR_REPORT_DAYS, HRA_INDICATOR_REACHED, &c->set, error));
    for (int i = 0; i < hra_indicators_count(c->set); i++) {
        const hra_indicator *indicator = hra_indicators_at(c->set, i);
        bool days = indicator->kind == HRA_INDICATOR_REPORT_DAYS;
        bool tonight = indicator->kind == HRA_INDICATOR_TONIGHT;
        const char *gap = days ? no_days : tonight ? NULL : nobody;
        if (days && !gap && !c->days) c->days = hra_spill_sort_new(c->path, SORT_BYTES);
        if (days && !gap && !c->days) return hra_out_of_memory(error);
        if (gap) HRA_TRY(hra_indicators_gap(c->set, i, gap, error));
        HRA_TRY(hra_alternatives_add(c->set, i, indicator->now, hra_care_conditions(care), &c->who[i], error));
        HRA_TRY(hra_alternatives_add(c->set, i, indicator->met_now, hra_care_conditions(care), &c->met[i], error));
    }
    return HRA_OK;
}

hra_code hra_care_indicators_new(const hra_care_request *request, hra_care *care, const hra_care_account *account,
                                 hra_care_indicators **out, hra_error *error)
{
    hra_care_indicators *c = calloc(1, sizeof *c);
    if (!c) return hra_out_of_memory(error);
    c->request = request;
    c->conditions = hra_care_conditions(care);
    c->found = hra_care_found(care);
    c->arena = hra_arena_new();
    hra_code code = c->arena ? begin(c, care, account, error) : hra_out_of_memory(error);
    if (code)
        hra_care_indicators_free(c);
    else
        *out = c;
    return code;
}

void hra_care_indicators_free(hra_care_indicators *c)
{
    if (!c) return;
    hra_spill_sort_free(c->days);
    hra_indicators_free(c->set);
    hra_arena_free(c->arena);
    free(c);
}

/* 1 reached in time, 0 not, -1 there is still time. Without a limit, at any time. */
static int contacted(const hra_care_indicators *c, const hra_indicator *indicator, const hra_care_person *person)
{
    double last = isnan(indicator->amount) ? INFINITY : c->found + indicator->amount;
    if (person->record.reached != INT32_MIN) return person->record.reached <= last;
    return !isnan(indicator->amount) && c->request->as_of <= last ? -1 : 0;
}

/* 1, 0 or, undecided, -1; of days to the report: whether they are known. */
static int answer(const hra_care_indicators *c, int i, const hra_care_person *person, bool dated)
{
    const hra_indicator *indicator = hra_indicators_at(c->set, i);
    switch (indicator->kind) {
    case HRA_INDICATOR_CONTACTED: return contacted(c, indicator, person);
    case HRA_INDICATOR_REACHED: return person->record.reached != INT32_MIN;
    case HRA_INDICATOR_TONIGHT: return hra_alternatives_decide(&c->met[i], c->conditions, person->index);
    default: return dated ? 1 : -1;
    }
}

/* Once among everybody and once in the group. */
static hra_code keep_days(hra_care_indicators *c, int group, double days, hra_error *error)
{
    const int both[] = {0, group};
    for (int i = 0; i < 2; i++) {
        hra_spill_record record = {{(uint64_t)both[i], (uint64_t)days}};
        HRA_TRY(hra_spill_sort_add(c->days, &record, error));
    }
    return HRA_OK;
}

hra_code hra_care_indicators_add(hra_care_indicators *c, const hra_care_person *person, hra_error *error)
{
    int group;
    bool dated = person->exam != HRA_NO_DAY && person->exam <= c->found;
    HRA_TRY(hra_indicators_group(c->set, person->group, &group, error));
    for (int i = 0; i < hra_indicators_count(c->set); i++) {
        if (hra_indicators_at(c->set, i)->kind == HRA_INDICATOR_REACHED && !person->record.tried) continue;
        if (hra_alternatives_decide(&c->who[i], c->conditions, person->index) != 1) continue;
        hra_indicators_count_person(c->set, group, i, answer(c, i, person, dated));
    }
    return c->days && dated ? keep_days(c, group, c->found - person->exam, error) : HRA_OK;
}

/* The percentile is the nearest rank: the smallest number of days within which so many percent had their report. */
static hra_code rank_days(hra_care_indicators *c, hra_error *error)
{
    uint64_t group = UINT64_MAX;
    int64_t rank = 0;
    if (!c->days) return HRA_OK;
    HRA_TRY(hra_spill_sort_finish(c->days, error));
    for (;;) {
        hra_spill_record record;
        bool any;
        HRA_TRY(hra_spill_sort_next(c->days, &record, &any, error));
        if (!any) return HRA_OK;
        rank = record.word[0] == group ? rank + 1 : 1;
        group = record.word[0];
        hra_indicator_sum *sums = hra_indicators_sums(c->set, (int)group);
        for (int i = 0; i < hra_indicators_count(c->set); i++) {
            const hra_indicator *indicator = hra_indicators_at(c->set, i);
            if (indicator->kind == HRA_INDICATOR_REPORT_DAYS &&
                rank == (int64_t)ceil(indicator->amount * (double)sums[i].known / 100))
                sums[i].days = (double)record.word[1];
        }
    }
}

hra_code hra_care_indicators_finish(hra_care_indicators *c, hra_error *error)
{
    char found[HRA_DAY_TEXT], until[HRA_DAY_TEXT], period[2 * HRA_DAY_TEXT + 2];
    HRA_TRY(rank_days(c, error));
    snprintf(period, sizeof period, "%s/%s", hra_day_text(c->found, found), hra_day_text(c->request->as_of, until));
    return hra_indicators_write(c->set, period, "", c->path, error);
}
