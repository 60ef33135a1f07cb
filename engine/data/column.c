/* Columns: the grid a variable is packed on, and the code of a value. */
#include "engine/data/column.h"

#include <string.h>

enum { NARROW = 65534, MOST_DECIMALS = 6 }; /* ordinary codes that fit 16 bits beside missing and escape */

static const double WIDEST = 2e9; /* grid steps; beyond that values are exceptions */

static bool same_unit(const char *a, const char *b)
{
    hra_variable unit = {.unit = a};
    double factor, offset;
    return hra_variable_unit(&unit, b, &factor, &offset);
}

/* In another unit the grid is as fine as the canonical one, and one decimal
 * finer while that stays narrow: files print more digits than needed. */
static int decimals_in(const hra_variable *v, double factor, double low, double high)
{
    int decimals = v->decimals + (int)ceil(log10(factor) - 1e-9);
    if (decimals < 0) decimals = 0;
    if (decimals > MOST_DECIMALS) decimals = MOST_DECIMALS;
    if (decimals < MOST_DECIMALS && (high - low) * hra_pow10(decimals + 1) < NARROW) decimals++;
    return decimals;
}

static void range_of(const hra_variable *v, double *low, double *high)
{
    *low = !isnan(v->hard_min) ? v->hard_min : !isnan(v->plausible_min) ? v->plausible_min : 0;
    *high = !isnan(v->hard_max) ? v->hard_max : !isnan(v->plausible_max) ? v->plausible_max : NAN;
    if (isnan(*high)) *high = *low + (NARROW - 1) / hra_pow10(v->decimals);
}

static hra_code number_column(const hra_variable *v, const char *unit, hra_column *out, hra_error *error)
{
    double factor = 1, offset = 0, low, high;
    if (unit && !hra_variable_unit(v, unit, &factor, &offset))
        return hra_fail(error, HRA_EINPUT, "unit '%s' does not fit %s (%s)", unit, v->name, v->unit);
    range_of(v, &low, &high);
    out->decimals = v->decimals;
    if (factor != 1 || offset != 0) {
        low = (low - offset) / factor;
        high = (high - offset) / factor;
        out->decimals = decimals_in(v, factor, low, high);
    }
    double scale = hra_pow10(out->decimals);
    double first = ceil(low * scale - 1e-6), last = floor(high * scale + 1e-6);
    if (!(fabs(first) < 1e15)) first = 0;
    if (!(last >= first)) last = first;
    if (last - first > WIDEST) last = first + WIDEST;
    out->first = (int64_t)first;
    out->levels = (uint32_t)(last - first) + 1;
    return HRA_OK;
}

/* Days from the hard limit on, or from 1900, as many as stay narrow (179 years). */
static void day_column(const hra_variable *v, hra_column *out)
{
    const double day_1900 = -25567;
    out->first = (int64_t)(isnan(v->hard_min) ? day_1900 : v->hard_min);
    out->levels = NARROW;
}

/* The dictionary's own text of a unit, which lives as long as the dictionary. */
static const char *dictionary_text(const hra_variable *v, const char *unit)
{
    for (int i = 0; unit && !same_unit(v->unit, unit) && i < v->unit_count; i++)
        if (same_unit(v->units[i].unit, unit)) return v->units[i].unit;
    return v->unit;
}

hra_code hra_column_for(const hra_dictionary *dictionary, int variable, const char *unit, hra_column *out,
                        hra_error *error)
{
    const hra_variable *v = hra_dictionary_at(dictionary, variable);
    if (!v) return hra_fail(error, HRA_EINTERNAL, "no variable %d in the dictionary", variable);
    *out = (hra_column){.variable = variable, .unit = dictionary_text(v, unit)};
    switch (v->type) {
    case HRA_TYPE_MEASURE:
    case HRA_TYPE_COUNT: return number_column(v, unit, out, error);
    case HRA_TYPE_FLAG: out->levels = 2; return HRA_OK;
    case HRA_TYPE_CATEGORY: out->levels = (uint32_t)v->level_count; return HRA_OK;
    case HRA_TYPE_DATE: day_column(v, out); return HRA_OK;
    default: return hra_fail(error, HRA_EINPUT, "'%s' is text and has no column of numbers", v->name);
    }
}

uint32_t hra_column_code(const hra_column *column, double value)
{
    if (isnan(value)) return hra_column_missing(column);
    double step = nearbyint(value * hra_pow10(column->decimals));
    double code = step - (double)column->first;
    if (!(code >= 0 && code < (double)column->levels)) return hra_column_escape(column);
    if (step / hra_pow10(column->decimals) != value || (value == 0 && signbit(value))) return hra_column_escape(column);
    return (uint32_t)code;
}

int hra_schema_find(const hra_schema *schema, int variable, const char *unit)
{
    for (int i = 0; i < schema->column_count; i++) {
        const hra_column *c = &schema->columns[i];
        if (c->variable == variable && (!unit || same_unit(c->unit, unit))) return i;
    }
    return -1;
}

int hra_schema_find_label(const hra_schema *schema, const char *name)
{
    for (int l = 0; l < schema->label_count; l++)
        if (strcmp(hra_dictionary_at(schema->dictionary, schema->labels[l])->name, name) == 0) return l;
    return -1;
}
