#include "io/words/reading_rules.h"

#include <stdlib.h>
#include <string.h>

typedef enum rule_name {
    DATES,
    SERIALS,
    TWO_DIGIT_YEARS,
    YEARS,
    MONTHS,
    BOUND,
    RANGES,
    REPEATS,
    DECIMAL,
    PERCENT,
    RULE_COUNT
} rule_name;

static const char *const names[RULE_COUNT] = {"dates", "serials", "two-digit-years", "years",   "months",
                                              "bound", "ranges",  "repeats",         "decimal", "percent"};

/* The words of a rule and the number each stands for. */
typedef struct choice {
    rule_name rule;
    const char *word;
    int number;
} choice;

static const choice choices[] = {{DATES, "year-first", HRA_DATE_YEAR_FIRST},
                                 {DATES, "day-first", HRA_DATE_DAY_FIRST},
                                 {DATES, "month-first", HRA_DATE_MONTH_FIRST},
                                 {SERIALS, "refused", 0},
                                 {SERIALS, "1900", 1900},
                                 {SERIALS, "1904", 1904},
                                 {TWO_DIGIT_YEARS, "refused", 0},
                                 {YEARS, "common", false},
                                 {YEARS, "minguo", true},
                                 {MONTHS, "refused", false},
                                 {MONTHS, "accepted", true},
                                 {BOUND, "itself", HRA_BOUND_ITSELF},
                                 {BOUND, "half", HRA_BOUND_HALF},
                                 {BOUND, "root2", HRA_BOUND_ROOT2},
                                 {RANGES, "lower", HRA_SPAN_LOWER},
                                 {RANGES, "midpoint", HRA_SPAN_MIDPOINT},
                                 {REPEATS, "first", HRA_REPEAT_FIRST},
                                 {REPEATS, "last", HRA_REPEAT_LAST},
                                 {REPEATS, "mean", HRA_REPEAT_MEAN},
                                 {DECIMAL, "point", false},
                                 {DECIMAL, "comma", true},
                                 {PERCENT, "plain", false},
                                 {PERCENT, "fraction", true}};
enum { CHOICE_COUNT = sizeof choices / sizeof choices[0] };

static const char *const accepted[RULE_COUNT] = {"year-first, day-first or month-first",
                                                 "1900, 1904 or refused",
                                                 "refused, or 1 to 99: years below it are 20xx, the others 19xx",
                                                 "common or minguo (115 is 2026)",
                                                 "refused or accepted",
                                                 "itself, half or root2",
                                                 "lower or midpoint",
                                                 "first, last or mean",
                                                 "point or comma",
                                                 "plain or fraction"};

static void set_number(hra_reading_rules *rules, rule_name rule, int number)
{
    switch (rule) {
    case DATES: rules->date_order = (hra_date_order)number; break;
    case SERIALS: rules->serial_epoch = number; break;
    case TWO_DIGIT_YEARS: rules->two_digit_pivot = number; break;
    case YEARS: rules->minguo = number != 0; break;
    case MONTHS: rules->months = number != 0; break;
    case BOUND: rules->bound = (hra_bound_rule)number; break;
    case RANGES: rules->span = (hra_span_rule)number; break;
    case REPEATS: rules->repeats = (hra_repeat_rule)number; break;
    case DECIMAL: rules->decimal_comma = number != 0; break;
    case PERCENT: rules->percent_fractions = number != 0; break;
    case RULE_COUNT: break;
    }
}

static bool find_number(rule_name rule, const char *value, int *number)
{
    for (int i = 0; i < CHOICE_COUNT; i++) {
        if (choices[i].rule != rule || strcmp(choices[i].word, value) != 0) continue;
        *number = choices[i].number;
        return true;
    }
    char *end;
    long pivot = strtol(value, &end, 10);
    if (rule != TWO_DIGIT_YEARS || *end || pivot < 1 || pivot > 99) return false;
    *number = (int)pivot;
    return true;
}

hra_code hra_reading_rule_set(hra_reading_rules *rules, const char *name, const char *value, hra_error *error)
{
    int rule = 0, number;
    while (rule < RULE_COUNT && strcmp(names[rule], name) != 0) rule++;
    if (rule == RULE_COUNT)
        return hra_fail(error, HRA_EINPUT,
                        "there is no reading rule '%s'; there are dates, serials, two-digit-years, years, months, "
                        "bound, ranges, repeats, decimal and percent",
                        name);
    if (!find_number((rule_name)rule, value, &number))
        return hra_fail(error, HRA_EINPUT, "%s is %s, not '%s'", name, accepted[rule], value);
    set_number(rules, (rule_name)rule, number);
    return HRA_OK;
}
