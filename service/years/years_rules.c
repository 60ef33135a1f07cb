#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/data/column.h"
#include "service/tables/rule_table.h"
#include "service/years/years_internal.h"

enum { VARIABLE, KIND, MINIMUM, GOOD_LOW, GOOD_HIGH, JUDGED_BY, SOURCE, REVIEW, COLUMNS };
static const char *const columns[COLUMNS] = {"variable",  "kind",      "minimum", "good_low",
                                             "good_high", "judged_by", "source",  "review"};

/* ---- reading ---- */

static hra_code find_variable(const hra_rule_table *table, const hra_rule_row *row, int column,
                              const hra_dictionary *dictionary, int *variable, hra_error *error)
{
    *variable = hra_dictionary_find(dictionary, row->cells[column]);
    hra_type type = *variable < 0 ? HRA_TYPE_TEXT : hra_dictionary_at(dictionary, *variable)->type;
    if (type == HRA_TYPE_MEASURE || type == HRA_TYPE_COUNT) return HRA_OK;
    return hra_fail(error, HRA_EINPUT, "%s:%d: '%s' in the column '%s' is not a number of the data dictionary",
                    table->file, row->line, row->cells[column], columns[column]);
}

static hra_code read_rule(const hra_rule_table *table, const hra_rule_row *row, const hra_dictionary *dictionary,
                          hra_change_rule *rule, hra_error *error)
{
    *rule = (hra_change_rule){.variable = -1, .judged_by = -1};
    if (strcmp(row->cells[VARIABLE], "risk") != 0)
        HRA_TRY(find_variable(table, row, VARIABLE, dictionary, &rule->variable, error));
    rule->judged_by = rule->variable;
    if (*row->cells[JUDGED_BY]) HRA_TRY(find_variable(table, row, JUDGED_BY, dictionary, &rule->judged_by, error));
    rule->percent = strcmp(row->cells[KIND], "percent") == 0;
    if (!rule->percent && strcmp(row->cells[KIND], "absolute") != 0)
        return hra_fail(error, HRA_EINPUT, "%s:%d: the kind is absolute or percent, not '%s'", table->file, row->line,
                        row->cells[KIND]);
    HRA_TRY(hra_rule_number(table, row, columns, MINIMUM, NAN, &rule->minimum, error));
    HRA_TRY(hra_rule_number(table, row, columns, GOOD_LOW, NAN, &rule->good_low, error));
    HRA_TRY(hra_rule_number(table, row, columns, GOOD_HIGH, NAN, &rule->good_high, error));
    if (rule->minimum > 0) return HRA_OK;
    return hra_fail(error, HRA_EINPUT, "%s:%d: the minimum must be a number above zero", table->file, row->line);
}

hra_code hra_change_rules_load(const char *path, const hra_dictionary *dictionary, hra_arena *arena,
                               hra_change_rules *out, hra_error *error)
{
    hra_rule_table table;
    *out = (hra_change_rules){.risk = {.variable = -1, .minimum = INFINITY, .good_low = NAN, .good_high = NAN}};
    HRA_TRY(hra_rule_table_load(path, "datasets/changes.csv", columns, COLUMNS, arena, &table, error));
    out->rules = hra_arena_alloc(arena, (size_t)(table.count + 1) * sizeof *out->rules);
    if (!out->rules) return hra_out_of_memory(error);
    for (int i = 0; i < table.count; i++) {
        hra_change_rule rule;
        HRA_TRY(read_rule(&table, &table.rows[i], dictionary, &rule, error));
        for (int j = 0; j < out->count; j++)
            if (out->rules[j].variable == rule.variable)
                return hra_fail(error, HRA_EINPUT, "%s:%d: '%s' stands there twice", table.file, table.rows[i].line,
                                table.rows[i].cells[VARIABLE]);
        if (rule.variable < 0)
            out->risk = rule;
        else
            out->rules[out->count++] = rule;
    }
    return HRA_OK;
}

/* ---- judging ---- */

/* How far a value lies outside the good range. */
static double distance(const hra_change_rule *rule, double value)
{
    if (value < rule->good_low) return rule->good_low - value;
    if (value > rule->good_high) return value - rule->good_high;
    return 0;
}

static hra_trend direction(const hra_change_rule *rule, double before, double now)
{
    double d0 = distance(rule, before), d1 = distance(rule, now);
    return d1 < d0 ? HRA_TREND_BETTER : d1 > d0 ? HRA_TREND_WORSE : HRA_TREND_CHANGED;
}

const hra_change_rule *hra_change_rule_of(const hra_change_rules *rules, int variable)
{
    for (int i = 0; i < rules->count; i++)
        if (rules->rules[i].variable == variable) return &rules->rules[i];
    return NULL;
}

/* Compared in whole steps of the printed decimals: 5.3 to 5.6 is a change of 0.3, not of 0.2999. */
bool hra_change_is_enough(const hra_change_rule *rule, int decimals, int64_t before, __int128 change, int64_t divisor)
{
    if (change < 0) change = -change;
    if (rule->percent) return 100.0 * (double)change >= rule->minimum * (double)llabs(before) * (double)divisor;
    return change >= (__int128)llround(rule->minimum * hra_pow10(decimals)) * divisor;
}

hra_trend hra_change_judge(const hra_change_rules *rules, const hra_change_rule *rule, int decimals, int64_t before,
                           int64_t now, double was, double is)
{
    if (!hra_change_is_enough(rule, decimals, before, now - before, 1)) return HRA_TREND_SAME;
    const hra_change_rule *judge = hra_change_rule_of(rules, rule->judged_by);
    if (!judge || isnan(was) || isnan(is)) return HRA_TREND_CHANGED;
    return direction(judge, was, is);
}

hra_trend hra_change_trend(const hra_change_rules *rules, int index, const hra_dictionary *dictionary,
                           const hra_previous *before, int64_t before_row, const hra_previous *now, int64_t now_row)
{
    const hra_change_rule *rule = &rules->rules[index];
    int32_t a, b;
    if (before_row < 0 || now_row < 0 || !hra_previous_steps(before, before_row, rule->variable, &a) ||
        !hra_previous_steps(now, now_row, rule->variable, &b))
        return HRA_TREND_UNKNOWN;
    return hra_change_judge(rules, rule, hra_dictionary_at(dictionary, rule->variable)->decimals, a, b,
                            hra_previous_value(before, before_row, rule->judged_by),
                            hra_previous_value(now, now_row, rule->judged_by));
}

hra_trend hra_change_risk_trend(const hra_change_rules *rules, double part)
{
    if (fabs(part) < rules->risk.minimum) return HRA_TREND_SAME;
    return part < 0 ? HRA_TREND_BETTER : HRA_TREND_WORSE;
}

const char *hra_trend_word(hra_trend trend)
{
    static const char *const words[] = {"", "same", "better", "worse", "changed"};
    return words[trend];
}
