#include "engine/run/column.h"

#include <string.h>

/* Days of dates that fit a 16-bit code: 1920-01-01 to 2099-06-05. Others are kept exactly, as exceptions. */
enum { FIRST_DAY = -18263, DAY_COUNT = 65534 };

/* Most codes a number may take; beyond it the grid is made coarser or, at whole numbers, the range is cut. */
static const double most_codes = 16777216;

/* Decimals that keep, in another unit, the resolution of the dictionary's decimals. */
static int unit_decimals(const hra_variable *variable, double factor)
{
    int decimals = (int)ceil(variable->decimals + log10(fabs(factor)) - 1e-9);
    return decimals < 0 ? 0 : decimals > 6 ? 6 : decimals;
}

static hra_code number_column(const hra_variable *v, const char *unit, hra_column *out, hra_error *error)
{
    double factor = 1, offset = 0;
    if (unit && !hra_variable_unit(v, unit, &factor, &offset))
        return hra_fail(error, HRA_EUSAGE, "%s cannot be given in '%s'; its unit is '%s'", v->name, unit, v->unit);
    bool canonical = factor == 1 && offset == 0;
    double low = isnan(v->hard_min) ? (isnan(v->plausible_min) ? 0 : v->plausible_min) : v->hard_min;
    double high = isnan(v->hard_max) ? (isnan(v->plausible_max) ? low + 10000 : v->plausible_max) : v->hard_max;
    double a = (low - offset) / factor, b = (high - offset) / factor;
    if (a > b) {
        double swap = a;
        a = b;
        b = swap;
    }
    out->decimals = canonical ? v->decimals : unit_decimals(v, factor);
    while (out->decimals > 0 && (b - a) * hra_pow10(out->decimals) >= most_codes) out->decimals--;
    double first = floor(a * hra_pow10(out->decimals) + 1e-6), last = ceil(b * hra_pow10(out->decimals) - 1e-6);
    if (last - first >= most_codes) last = first + most_codes;
    out->first = (int64_t)first;
    out->levels = (uint32_t)(last - first) + 1;
    return HRA_OK;
}

hra_code hra_column_for(const hra_dictionary *dictionary, int variable, const char *unit, hra_column *out,
                        hra_error *error)
{
    const hra_variable *v = hra_dictionary_at(dictionary, variable);
    *out = (hra_column){.variable = variable, .unit = unit ? unit : v->unit};
    switch (v->type) {
    case HRA_TYPE_FLAG: out->levels = 2; break;
    case HRA_TYPE_CATEGORY: out->levels = (uint32_t)v->level_count; break;
    case HRA_TYPE_DATE:
        out->first = FIRST_DAY;
        out->levels = DAY_COUNT;
        break;
    case HRA_TYPE_MEASURE:
    case HRA_TYPE_COUNT: return number_column(v, unit, out, error);
    default: return hra_fail(error, HRA_EUSAGE, "%s is text and has no values to compute with", v->name);
    }
    if (unit && unit[0] && strcmp(unit, v->unit) != 0)
        return hra_fail(error, HRA_EUSAGE, "%s has no unit '%s'", v->name, unit);
    return HRA_OK;
}

uint32_t hra_column_code(const hra_column *column, double value)
{
    if (isnan(value)) return hra_column_missing(column);
    double step = rint(value * hra_pow10(column->decimals));
    double code = step - (double)column->first;
    if (!(code >= 0 && code < (double)column->levels)) return hra_column_escape(column);
    uint32_t candidate = (uint32_t)code;
    /* on the grid only if the code gives back the very same double */
    return hra_column_value(column, candidate) == value ? candidate : hra_column_escape(column);
}

int hra_schema_find(const hra_schema *schema, int variable, const char *unit)
{
    for (int c = 0; c < schema->column_count; c++)
        if (schema->columns[c].variable == variable && (!unit || strcmp(schema->columns[c].unit, unit) == 0)) return c;
    return -1;
}
