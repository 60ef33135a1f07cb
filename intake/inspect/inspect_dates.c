/* Columns of dates: which number is the day, and spreadsheet days. */
#include "intake/inspect/inspect_internal.h"

static void count_shape(hra_inspected *column, hra_date_shape shape, const char *what)
{
    int64_t n = column->scan->dates[shape];
    if (n > 0) hra_buffer_printf(&column->evidence, hra_say(column->words, what), (long long)n);
}

static void rule(hra_inspected *column, const char *text)
{
    hra_buffer_printf(&column->rules, "%s: rules %s\n", column->name, text);
}

/* What other columns of dates prove. */
static hra_date_shape order_of_others(const hra_inspector *in)
{
    int64_t day = 0, month = 0;
    for (int i = 0; i < in->plan.width; i++) {
        const hra_inspected *other = &in->columns[i];
        if (other->variable < 0 || hra_dictionary_at(in->dictionary, other->variable)->type != HRA_TYPE_DATE) continue;
        day += other->scan->dates[HRA_SHAPE_DAY_FIRST];
        month += other->scan->dates[HRA_SHAPE_MONTH_FIRST];
    }
    return (day > 0) == (month > 0) ? HRA_SHAPE_EITHER : day > 0 ? HRA_SHAPE_DAY_FIRST : HRA_SHAPE_MONTH_FIRST;
}

/* A column that proves nothing: the draft follows the others, and asks. */
static void ask_order(const hra_inspector *in, hra_inspected *column)
{
    hra_date_shape others = order_of_others(in);
    const char *question =
        others == HRA_SHAPE_DAY_FIRST ? "%s: day first or month first? no date has a number above 12; other columns "
                                        "have the day first, and so says the line below\n"
        : others == HRA_SHAPE_MONTH_FIRST
            ? "%s: day first or month first? no date has a number above 12; other columns have the month first, and so "
              "says the line below\n"
            : "%s: day first or month first? no date has a number above 12; the line below says day first\n";
    hra_buffer_printf(&column->questions, hra_say(column->words, question), column->shown);
    rule(column, others == HRA_SHAPE_MONTH_FIRST ? "dates = month-first" : "dates = day-first");
}

static void inspect_order(const hra_inspector *in, hra_inspected *column)
{
    const int64_t *n = column->scan->dates;
    int64_t day = n[HRA_SHAPE_DAY_FIRST], month = n[HRA_SHAPE_MONTH_FIRST], either = n[HRA_SHAPE_EITHER];
    if (day + month + either == 0) return;
    if (day > 0 && month > 0) {
        hra_buffer_printf(
            &column->questions,
            hra_say(column->words,
                    "%s: some dates have the day first, some the month: nothing can read both; which are right?\n"),
            column->shown);
    } else if (day + month > 0) {
        hra_buffer_printf(
            &column->evidence,
            hra_say(column->words, day ? "day first is proven: %lld dates have a number above 12 there\n"
                                       : "month first is proven: %lld dates have a number above 12 there\n"),
            (long long)(day + month));
        rule(column, day ? "dates = day-first" : "dates = month-first");
    } else {
        ask_order(in, column);
    }
}

/* A column of dates whose years have three digits proves that the file counts from 1912. */
static bool counts_from_1912(const hra_inspector *in)
{
    for (int i = 0; i < in->plan.width; i++) {
        const hra_scan_column *scan = in->columns[i].scan;
        if (2 * scan->dates[HRA_SHAPE_MINGUO] > hra_scan_filled(scan)) return true;
    }
    return false;
}

/* Years of two and three digits: never both from 1912 and in a century of the common calendar. */
static void ask_short_years(const hra_inspector *in, hra_inspected *column)
{
    const int64_t *n = column->scan->dates;
    int64_t years = n[HRA_SHAPE_TWO_DIGIT_YEAR] + n[HRA_SHAPE_MINGUO];
    if (years == 0) return;
    bool minguo = counts_from_1912(in);
    const char *question =
        minguo ? "%s: %lld dates have a year of two or three digits; do they count from 1912, so that 115 is 2026? the "
                 "line below says so\n"
               : "%s: %lld dates have a year of two digits; below which year is it 20xx? the line below says 30; where "
                 "they count from 1912, write years = minguo instead\n";
    hra_buffer_printf(&column->questions, hra_say(column->words, question), column->shown, (long long)years);
    rule(column, minguo ? "years = minguo" : "two-digit-years = 30");
}

void hra_inspect_dates(hra_inspector *in, hra_inspected *column)
{
    const hra_variable *v = hra_dictionary_at(in->dictionary, column->variable);
    const int64_t *n = column->scan->dates;
    hra_buffer_printf(&column->rules, "%s = %s\n", column->name, v->name);
    count_shape(column, HRA_SHAPE_YEAR_FIRST, "%lld written year, month, day\n");
    count_shape(column, HRA_SHAPE_COMPACT, "%lld written as eight digits\n");
    inspect_order(in, column);
    if (n[HRA_SHAPE_SERIAL] > 0) {
        hra_buffer_printf(
            &column->questions,
            hra_say(column->words,
                    "%s: %lld cells are days of a spreadsheet; counted from 1900, or from 1904 (old Macintosh)? the "
                    "line below says 1900\n"),
            column->shown, (long long)n[HRA_SHAPE_SERIAL]);
        rule(column, "serials = 1900");
    }
    ask_short_years(in, column);
    int64_t shaped = 0;
    for (int i = 0; i < HRA_SHAPE_COUNT; i++) shaped += n[i];
    int64_t others = hra_scan_filled(column->scan) - shaped;
    if (others > 0)
        hra_buffer_printf(&column->evidence, hra_say(column->words, "%lld in no known form of a date\n"),
                          (long long)others);
}
