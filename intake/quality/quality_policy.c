#include "intake/quality/quality_policy.h"

#include <math.h>
#include <string.h>

#include "service/tables/rule_table.h"

static const char *const names[HRA_QUALITY_INDICATORS] = {
    [HRA_QUALITY_MISSING] = "missing",
    [HRA_QUALITY_REJECTED] = "rejected",
    [HRA_QUALITY_IMPLAUSIBLE] = "implausible",
    [HRA_QUALITY_ZERO] = "zero",
    [HRA_QUALITY_UNIT] = "unit",
    [HRA_QUALITY_UNIT_MIXED] = "unit_mixed",
    [HRA_QUALITY_DIGIT_ZERO] = "digit_zero",
    [HRA_QUALITY_HEAPING] = "heaping",
    [HRA_QUALITY_CONSTANT] = "constant",
    [HRA_QUALITY_FUTURE] = "future",
    [HRA_QUALITY_OLD] = "old",
    [HRA_QUALITY_ONE_DAY] = "one_day",
    [HRA_QUALITY_JANUARY_FIRST] = "january_first",
    [HRA_QUALITY_DATE_ORDER] = "date_order",
    [HRA_QUALITY_ABSENT] = "absent",
    [HRA_QUALITY_ORDER] = "order",
    [HRA_QUALITY_DUPLICATES] = "duplicates",
    [HRA_QUALITY_ROWS_REJECTED] = "rows_rejected",
    [HRA_QUALITY_SHORT_ROWS] = "short_rows",
    [HRA_QUALITY_SHIFTED] = "shifted",
    [HRA_QUALITY_DAMAGED] = "damaged",
    [HRA_QUALITY_DRIFT_MEDIAN] = "drift_median",
    [HRA_QUALITY_DRIFT_SHAPE] = "drift_shape",
    [HRA_QUALITY_DRIFT_MISSING] = "drift_missing",
    [HRA_QUALITY_DRIFT_GONE] = "drift_gone",
    [HRA_QUALITY_SHOW] = "show",
    [HRA_QUALITY_HIDE_BELOW] = "hide_below",
    [HRA_QUALITY_QUANTILES_FROM] = "quantiles_from",
};

enum { INDICATOR, VARIABLE, LIMIT, LEAST, ACTION, NOTE, COLUMNS };
static const char *const columns[COLUMNS] = {"indicator", "variable", "limit", "least", "action", "note"};

typedef struct policy_reader {
    const hra_rule_table *table;
    const hra_rule_row *row;
    const hra_dictionary *dictionary;
    hra_arena *arena;
    hra_error *error;
} policy_reader;

const char *hra_quality_indicator_name(hra_quality_indicator indicator) { return names[indicator]; }

static hra_code wrong(const policy_reader *r, const char *what, int column)
{
    return hra_fail(r->error, HRA_EINPUT, "%s:%d: %s, not '%s'", r->table->file, r->row->line, what,
                    r->row->cells[column]);
}

static hra_code read_indicator(const policy_reader *r, hra_quality_rule *rule)
{
    for (int i = 0; i < HRA_QUALITY_INDICATORS; i++)
        if (strcmp(names[i], r->row->cells[INDICATOR]) == 0) {
            rule->indicator = (hra_quality_indicator)i;
            return HRA_OK;
        }
    return wrong(r, "expected an indicator (docs/quality.md lists them)", INDICATOR);
}

static hra_code read_action(const policy_reader *r, hra_quality_rule *rule)
{
    static const char *const actions[] = {"off", "warn", "hold"}; /* the order of hra_quality_action */
    if (rule->indicator >= HRA_QUALITY_SHOW) return HRA_OK;
    for (int i = 0; i < 3; i++)
        if (strcmp(actions[i], r->row->cells[ACTION]) == 0) {
            rule->action = (hra_quality_action)i;
            return HRA_OK;
        }
    return wrong(r, "expected warn, hold or off", ACTION);
}

/* One name of the cell. */
static hra_code read_name(const policy_reader *r, const char *name, size_t length, int *variable)
{
    const char *copy = hra_arena_text_n(r->arena, name, length);
    if (!copy) return hra_out_of_memory(r->error);
    *variable = hra_dictionary_find(r->dictionary, copy);
    return *variable >= 0 ? HRA_OK : wrong(r, "expected a variable of the dictionary", VARIABLE);
}

static hra_code read_variables(const policy_reader *r, hra_quality_rule *rule)
{
    const char *text = r->row->cells[VARIABLE];
    char separator = rule->indicator == HRA_QUALITY_ABSENT ? '|' : '<';
    bool two = rule->indicator == HRA_QUALITY_ABSENT || rule->indicator == HRA_QUALITY_ORDER;
    const char *split = two ? strchr(text, separator) : NULL;
    bool named = rule->indicator == HRA_QUALITY_ABSENT || rule->indicator == HRA_QUALITY_SHOW;
    rule->variable = rule->second = -1;
    if (rule->indicator == HRA_QUALITY_ORDER && !split) return wrong(r, "expected two variables a<b", VARIABLE);
    if (named && !*text) return wrong(r, "expected the name of a variable", VARIABLE);
    if (!*text) return HRA_OK;
    if (split) HRA_TRY(read_name(r, split + 1, strlen(split + 1), &rule->second));
    return read_name(r, text, split ? (size_t)(split - text) : strlen(text), &rule->variable);
}

static hra_code read_rule(const policy_reader *r, hra_quality_policy *policy)
{
    hra_quality_rule *rule = &policy->rules[policy->count];
    double least;
    HRA_TRY(read_indicator(r, rule));
    HRA_TRY(read_action(r, rule));
    HRA_TRY(read_variables(r, rule));
    HRA_TRY(hra_rule_number(r->table, r->row, columns, LIMIT, 0, &rule->limit, r->error));
    HRA_TRY(hra_rule_number(r->table, r->row, columns, LEAST, 1, &least, r->error));
    if (!(rule->limit >= 0)) return wrong(r, "expected a limit of 0 or more", LIMIT);
    if (!(least >= 1 && least <= 1e9)) return wrong(r, "expected a number from 1 on", LEAST);
    rule->least = (int64_t)least;
    if (rule->indicator == HRA_QUALITY_HIDE_BELOW && rule->limit <= 1e6)
        policy->hide_below = (int64_t)rule->limit;
    else if (rule->indicator == HRA_QUALITY_QUANTILES_FROM && rule->limit >= 5 && rule->limit <= 1e9)
        policy->quantiles_from = (int64_t)rule->limit;
    else if (rule->indicator == HRA_QUALITY_HIDE_BELOW || rule->indicator == HRA_QUALITY_QUANTILES_FROM)
        return wrong(r, "expected a number of people (quantiles: 5 and more)", LIMIT);
    else
        policy->count++;
    return HRA_OK;
}

hra_code hra_quality_policy_load(const char *path, const hra_dictionary *dictionary, hra_arena *arena,
                                 hra_quality_policy *out, hra_error *error)
{
    hra_rule_table table;
    *out = (hra_quality_policy){.hide_below = 5, .quantiles_from = 30};
    HRA_TRY(hra_rule_table_load(path, "datasets/quality_policy.csv", columns, COLUMNS, arena, &table, error));
    out->file = table.file;
    out->rules = hra_arena_alloc(arena, ((size_t)table.count + 1) * sizeof *out->rules);
    if (!out->rules) return hra_out_of_memory(error);
    for (int i = 0; i < table.count; i++) {
        policy_reader r = {&table, &table.rows[i], dictionary, arena, error};
        HRA_TRY(read_rule(&r, out));
    }
    return HRA_OK;
}

const hra_quality_rule *hra_quality_rule_next(const hra_quality_policy *policy, hra_quality_indicator indicator,
                                              int variable, int *at)
{
    bool named = false;
    for (int i = 0; i < policy->count && variable >= 0; i++)
        named |= policy->rules[i].indicator == indicator && policy->rules[i].variable == variable;
    while (*at < policy->count) {
        const hra_quality_rule *rule = &policy->rules[(*at)++];
        if (rule->indicator != indicator || rule->action == HRA_QUALITY_OFF) continue;
        if (rule->variable == (named ? variable : -1)) return rule;
    }
    return NULL;
}
