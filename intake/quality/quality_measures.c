/* Figures about the values of one column. Tallies are finished. */
#include <math.h>

#include "base/calendar.h"
#include "intake/quality/quality_internal.h"

/* ---- units ----------------------------------------------------------------------------- */

static void plausible_range(const hra_variable *v, const char *unit, double *low, double *high)
{
    double factor = 1, offset = 0;
    hra_variable_unit(v, unit, &factor, &offset);
    double from = isnan(v->plausible_min) ? v->hard_min : v->plausible_min;
    double to = isnan(v->plausible_max) ? v->hard_max : v->plausible_max;
    double one = isnan(from) ? -INFINITY : (from - offset) / factor;
    double other = isnan(to) ? INFINITY : (to - offset) / factor;
    *low = fmin(one, other);
    *high = fmax(one, other);
    double slack = 1e-9 * fmax(isfinite(*low) ? fabs(*low) : 0, isfinite(*high) ? fabs(*high) : 0);
    *low -= slack; /* the limits went through a division */
    *high += slack;
}

int64_t hra_quality_plausible(const hra_tally *values, const hra_variable *variable, const char *unit, double *low,
                              double *high)
{
    plausible_range(variable, unit, low, high);
    return hra_tally_between(values, *low, *high);
}

int64_t hra_quality_only_other(const hra_tally *values, const hra_variable *variable, const char *unit,
                               const char *other)
{
    double low, high, other_low, other_high;
    const hra_tally_entry *entries;
    int64_t only = 0;
    plausible_range(variable, unit, &low, &high);
    plausible_range(variable, other, &other_low, &other_high);
    int count = hra_tally_entries(values, &entries);
    for (int i = 0; i < count; i++) {
        double x = entries[i].value;
        if ((x < low || x > high) && x >= other_low && x <= other_high) only += entries[i].count;
    }
    return only;
}

/* ---- digits ------------------------------------------------------------------------------ */

static bool fits(double value, int decimals)
{
    double steps = fabs(value) * pow(10, decimals);
    return fabs(steps - round(steps)) <= 1e-7 * fmax(1, steps);
}

/* Whether 95 % of the numbers need no more decimals. */
static bool most_fit(const hra_tally_entry *entries, int count, int decimals)
{
    int64_t fitting = 0, all = 0;
    for (int i = 0; i < count; i++) {
        if (entries[i].value == 0) continue;
        all += entries[i].count;
        if (fits(entries[i].value, decimals)) fitting += entries[i].count;
    }
    return (double)fitting >= 0.95 * (double)all;
}

int hra_quality_digits(const hra_tally *values, int64_t digits[10])
{
    const hra_tally_entry *entries;
    int count = hra_tally_entries(values, &entries), decimals = 0;
    for (int d = 0; d < 10; d++) digits[d] = 0;
    while (decimals < 4 && !most_fit(entries, count, decimals)) decimals++;
    if (decimals == 4) return -1;
    for (int i = 0; i < count; i++) {
        if (entries[i].value == 0 || !fits(entries[i].value, decimals)) continue;
        digits[(int)fmod(round(fabs(entries[i].value) * pow(10, decimals)), 10)] += entries[i].count;
    }
    return decimals;
}

double hra_quality_digit_chi2(const int64_t digits[10], bool even_alone)
{
    int step = even_alone ? 2 : 1;
    double total = 0, chi2 = 0;
    for (int d = 0; d < 10; d += step) total += (double)digits[d];
    double expected = total * step / 10;
    for (int d = 0; d < 10 && total > 0; d += step) chi2 += pow((double)digits[d] - expected, 2) / expected;
    return chi2;
}

/* ---- days and repeated values ----------------------------------------------------------------- */

double hra_quality_early_days(const hra_tally *days, int *months)
{
    const hra_tally_entry *entries;
    int count = hra_tally_entries(days, &entries);
    int64_t early = 0;
    bool seen[13] = {false};
    for (int i = 0; i < count; i++) {
        hra_date date = hra_date_of_day(entries[i].value);
        seen[date.month] = true;
        if (date.day <= 12) early += entries[i].count;
    }
    *months = 0;
    for (int m = 1; m <= 12; m++) *months += seen[m];
    return count ? (double)early / (double)hra_tally_total(days) : 0;
}

double hra_quality_january_first(const hra_tally *days)
{
    const hra_tally_entry *entries;
    int count = hra_tally_entries(days, &entries);
    int64_t first = 0;
    for (int i = 0; i < count; i++) {
        hra_date date = hra_date_of_day(entries[i].value);
        if (date.month == 1 && date.day == 1) first += entries[i].count;
    }
    return count ? (double)first / (double)hra_tally_total(days) : 0;
}

double hra_quality_top_share(const hra_tally *values)
{
    const hra_tally_entry *entries;
    int count = hra_tally_entries(values, &entries);
    int64_t top = 0;
    for (int i = 0; i < count; i++)
        if (entries[i].count > top) top = entries[i].count;
    return count ? (double)top / (double)hra_tally_total(values) : 0;
}
