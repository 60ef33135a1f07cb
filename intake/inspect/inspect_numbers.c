/* Columns of numbers: what unit they fit, which of them stand for "missing". */
#include <math.h>
#include <string.h>

#include "intake/inspect/inspect_internal.h"

/* ---- units ----------------------------------------------------------------------------- */

static const char *unit_at(const hra_variable *v, int i) { return i == 0 ? v->unit : v->units[i - 1].unit; }

static void plausible_range(const hra_variable *v, const char *unit, double *low, double *high)
{
    double factor = 1, offset = 0;
    hra_variable_unit(v, unit, &factor, &offset);
    double from = isnan(v->plausible_min) ? v->hard_min : v->plausible_min;
    double to = isnan(v->plausible_max) ? v->hard_max : v->plausible_max;
    *low = isnan(from) ? -INFINITY : (from - offset) / factor;
    *high = isnan(to) ? INFINITY : (to - offset) / factor;
    if (*low > *high) {
        double swap = *low;
        *low = *high;
        *high = swap;
    }
}

int64_t hra_inspect_plausible(const hra_scan_column *scan, const hra_variable *variable, const char *unit)
{
    double low, high;
    plausible_range(variable, unit, &low, &high);
    double slack = 1e-9 * fmax(fabs(low), fabs(high)); /* the limits went through a division */
    return hra_tally_between(scan->values, low - slack, high + slack);
}

static void print_fit(const hra_inspected *column, const hra_variable *v, const char *unit, hra_buffer *out)
{
    double low, high;
    plausible_range(v, unit, &low, &high);
    hra_inspect_share(hra_inspect_plausible(column->scan, v, unit), column->scan->numbers, out);
    hra_buffer_printf(out, hra_say(column->words, " of the numbers are plausible in %s (%.4g to %.4g)"),
                      *unit ? unit : hra_say(column->words, "its unit"), low, high);
}

static int place_of(const hra_variable *v, const char *unit)
{
    int i = 0;
    while (i < v->unit_count && strcmp(unit_at(v, i), unit) != 0) i++;
    return i;
}

typedef struct fit {
    int best;               /* place in the list of units */
    double share, expected; /* of the best one, of the one it would be read in */
    int fitting;            /* units that at least half of the numbers fit */
    int second;             /* the unit that makes most of the other numbers plausible; -1: none does */
    double second_share;    /* of them */
} fit;

/* Numbers that are plausible in `unit` and not in the expected one. */
static int64_t plausible_only_in(const hra_scan_column *scan, const hra_variable *v, const char *unit,
                                 const char *expected)
{
    double low, high, from, to;
    plausible_range(v, unit, &low, &high);
    plausible_range(v, expected, &from, &to);
    int64_t both =
        fmax(low, from) <= fmin(high, to) ? hra_tally_between(scan->values, fmax(low, from), fmin(high, to)) : 0;
    return hra_inspect_plausible(scan, v, unit) - both;
}

static fit find_fit(const hra_inspected *column, const hra_variable *v, const char *expected)
{
    fit f = {.share = -1, .second = -1};
    for (int i = 0; i <= v->unit_count; i++) {
        double share = (double)hra_inspect_plausible(column->scan, v, unit_at(v, i)) / (double)column->scan->numbers;
        if (share > f.share) {
            f.share = share;
            f.best = i;
        }
        f.fitting += share >= 0.5;
        if (strcmp(unit_at(v, i), expected) == 0) {
            f.expected = share;
            continue;
        }
        double only =
            (double)plausible_only_in(column->scan, v, unit_at(v, i), expected) / (double)column->scan->numbers;
        if (only <= f.second_share) continue;
        f.second_share = only;
        f.second = i;
    }
    return f;
}

/* One of the units that a short form may mean, as mg/dL of urea: all of them are shown together. */
static bool is_choice(const hra_variable *v, const char *unit)
{
    const char *choice;
    for (int i = 0; (choice = hra_unit_choice(v, NULL, i)); i++)
        if (strcmp(choice, unit) == 0) return true;
    return false;
}

/* The one that most numbers are plausible in. */
static const char *best_choice(const hra_inspected *column, const hra_variable *v)
{
    const char *best = hra_unit_choice(v, NULL, 0), *choice;
    for (int i = 1; (choice = hra_unit_choice(v, NULL, i)); i++)
        if (hra_inspect_plausible(column->scan, v, choice) > hra_inspect_plausible(column->scan, v, best))
            best = choice;
    return best;
}

static void ask_unit(hra_inspected *column, const hra_variable *v, const char *expected, const fit *f)
{
    hra_buffer *q = &column->questions;
    bool fits = strcmp(unit_at(v, f->best), expected) == 0;
    const char *best = unit_at(v, fits && f->second >= 0 ? f->second : f->best);
    double median = hra_tally_quantile(column->scan->values, 0.5);
    hra_buffer_printf(q, hra_say(column->words, "%s: which unit? median "), column->shown);
    hra_inspect_number(column->words, median, q);
    hra_buffer_text(q, hra_say(column->words, "; "));
    print_fit(column, v, best, q);
    for (int i = 0; i <= v->unit_count; i++) {
        const char *unit = unit_at(v, i);
        if (strcmp(unit, best) == 0 || (strcmp(unit, expected) != 0 && !(is_choice(v, best) && is_choice(v, unit))))
            continue;
        hra_buffer_text(q, hra_say(column->words, ", "));
        print_fit(column, v, unit, q);
    }
    hra_buffer_printf(q, hra_say(column->words, "; the line below says %s\n"), expected);
}

static void inspect_unit(hra_inspected *column, const hra_variable *v)
{
    const char *expected = column->unit ? column->unit : v->unit;
    fit f = find_fit(column, v, expected);
    hra_buffer_printf(&column->rules, "%s = %s", column->name, v->name);
    if (*expected) hra_buffer_printf(&column->rules, " [%s]", expected);
    hra_buffer_char(&column->rules, '\n');
    print_fit(column, v, expected, &column->evidence);
    hra_buffer_text(&column->evidence, column->unit && !column->open_unit
                                           ? hra_say(column->words, "; the header names the unit\n")
                                           : "\n");
    bool mixed = f.expected < 0.95 && f.expected > 0.05 && f.second_share > 0.05 && f.expected + f.second_share > 0.9;
    if (column->open_unit) {
        ask_unit(column, v, expected, &(fit){.best = place_of(v, expected), .second = -1});
    } else if (f.share < 0.5 && !mixed) {
        hra_buffer_printf(&column->questions, hra_say(column->words, "%s: is this %s? only "), column->shown,
                          column->title);
        print_fit(column, v, expected, &column->questions);
        hra_buffer_char(&column->questions, '\n');
    } else if (mixed || f.share > f.expected + 0.3 || (!column->unit && f.fitting > 1 && f.expected < 0.999)) {
        ask_unit(column, v, expected, &f);
    }
}

/* ---- numbers that stand for something else ------------------------------------------------- */

static bool is_sentinel_text(double value)
{
    static const double known[] = {-1,  -9,   -99,  -999, 7,     9,     77,    88,    99,   777,  888,
                                   999, 7777, 8888, 9999, 66666, 77777, 88888, 99999, 99.9, 999.9};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (value == known[i]) return true;
    return false;
}

/* How far the nearest number is that may not itself stand for something else. */
static double distance(const hra_tally_entry *entries, int count, int i)
{
    int below = i - 1, above = i + 1;
    while (below >= 0 && is_sentinel_text(entries[below].value)) below--;
    while (above < count && is_sentinel_text(entries[above].value)) above++;
    return fmin(below >= 0 ? entries[i].value - entries[below].value : INFINITY,
                above < count ? entries[above].value - entries[i].value : INFINITY);
}

static void inspect_sentinels(hra_inspected *column, const hra_variable *v)
{
    const hra_scan_column *scan = column->scan;
    const hra_tally_entry *entries;
    int count;
    double low, high;
    if (!hra_tally_finish(scan->values, &entries, &count)) return;
    plausible_range(v, column->unit ? column->unit : v->unit, &low, &high);
    double spread = hra_tally_quantile(scan->values, 0.75) - hra_tally_quantile(scan->values, 0.25);
    for (int i = 0; i < count; i++) {
        double value = entries[i].value;
        bool outside = value < low || value > high;
        bool zero = value == 0 && v->hard_min > 0;
        double alone = distance(entries, count, i); /* measured by the middle half of the numbers */
        bool odd = is_sentinel_text(value) && (outside || spread > 0) && alone > (outside ? 0.5 : 2) * spread;
        if (entries[i].count < 3 || !(zero || odd)) continue;
        hra_buffer_printf(&column->questions,
                          hra_say(column->words, "%s: does %g stand for missing? it occurs %lld times"), column->shown,
                          value, (long long)entries[i].count);
        hra_buffer_printf(&column->questions, "%s",
                          hra_say(column->words, outside
                                                     ? " and lies outside the plausible range; the line below says so\n"
                                                     : ", far from all others; the line below says so\n"));
        hra_buffer_printf(&column->rules, "%s: %g = missing\n", column->name, value);
    }
}

/* ---- what stands around the numbers ---------------------------------------------------------- */

static void note(hra_inspected *column, int64_t count, const char *what)
{
    if (count > 0) hra_buffer_printf(&column->evidence, hra_say(column->words, what), (long long)count);
}

static void inspect_manners(hra_inspected *column)
{
    const hra_scan_column *scan = column->scan;
    note(column, scan->bounds,
         "%lld with < or >: the bound is the value, marked as censored (rules bound = half would halve it)\n");
    note(column, scan->marked, "%lld with a mark such as an arrow, H or +\n");
    note(column, scan->with_unit, "%lld with a unit or remark behind the number\n");
    note(column, scan->full_width, "%lld in full-width characters\n");
    note(column, scan->texts, "%lld that are not numbers: they go to the reject file\n");
    int64_t best = 0, total = 0;
    int digit = 0;
    for (int d = 0; d < 10; d++) {
        total += scan->last_digits[d];
        if (scan->last_digits[d] <= best) continue;
        best = scan->last_digits[d];
        digit = d;
    }
    if (total >= 50 && scan->different > 20 && best * 10 > total * 4) {
        hra_inspect_share(best, total, &column->evidence);
        hra_buffer_printf(&column->evidence,
                          hra_say(column->words, " end in %d: digit preference, or rounded values\n"), digit);
    }
}

/* Cells such as 5,6 are rejected unless a rule says what the comma is. */
static bool ask_comma(hra_inspected *column)
{
    int64_t commas = column->scan->commas;
    if (commas == 0) return false;
    hra_buffer_printf(&column->questions,
                      hra_say(column->words,
                              "%s: %lld cells are numbers with a comma, as 5,6; is that 5.6? the line below says so\n"),
                      column->shown, (long long)commas);
    hra_buffer_printf(&column->rules, "%s: rules decimal = comma\n", column->name);
    return true;
}

void hra_inspect_numbers(hra_inspector *in, hra_inspected *column)
{
    const hra_variable *v = hra_dictionary_at(in->dictionary, column->variable);
    if (column->open_unit) column->unit = best_choice(column, v);
    if (column->scan->numbers == 0) {
        hra_buffer_printf(&column->rules, "%s = %s", column->name, v->name);
        hra_buffer_printf(&column->rules, column->open_unit ? " [%s]\n" : "\n", column->unit);
        if (column->open_unit) hra_buffer_printf(&column->questions, "%s: %s\n", column->shown, column->how);
        if (!ask_comma(column) && column->scan->texts + column->scan->pairs > 0)
            hra_buffer_printf(&column->questions,
                              hra_say(column->words, "%s: is this %s? none of its cells is a number\n"), column->shown,
                              column->title);
        return;
    }
    inspect_unit(column, v);
    ask_comma(column);
    inspect_sentinels(column, v);
    inspect_manners(column);
}
