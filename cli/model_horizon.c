#include "cli/model_horizon.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/setup.h"

/* Of a property such as "10 years". */
static double years_of_property(const char *property)
{
    char *unit;
    double number = strtod(property, &unit);
    return strstr(unit, "month") ? number / 12 : number;
}

/* Of an output such as `30y` or `stroke_10y`; NAN: its name says nothing. */
static double years_in_name(const char *output)
{
    size_t length = strlen(output), digits = 0;
    if (length < 2 || output[length - 1] != 'y') return NAN;
    while (digits + 1 < length && isdigit((unsigned char)output[length - 2 - digits])) digits++;
    const char *number = output + length - 1 - digits;
    return digits > 0 && (number == output || number[-1] == '_') ? strtod(number, NULL) : NAN;
}

double hra_horizon_years(const hra_declaration *model, const char *output)
{
    const char *property = strcmp(output, "risk") == 0 ? hra_declaration_text(model, "horizon", "en") : NULL;
    return property ? years_of_property(property) : years_in_name(output);
}

bool hra_fits_horizon(double years, double horizon)
{
    static const double of_year[] = {1, 12, 52.1775, 365.25};
    for (size_t i = 0; i < sizeof of_year / sizeof *of_year; i++)
        if (fabs(horizon / (years * of_year[i]) - 1) < 0.01) return true;
    return false;
}

/* Of "MODEL.OUTPUT"; NAN: no such model, or none that says its time. */
static double years_of(const hra_library *library, const char *column)
{
    char id[256];
    const char *point = strrchr(column, '.');
    if (!point || (size_t)(point - column) >= sizeof id) return NAN;
    snprintf(id, sizeof id, "%.*s", (int)(point - column), column);
    const hra_declaration *model = hra_library_find(library, id);
    return model && model->kind == HRA_DECLARATION_MODEL ? hra_horizon_years(model, point + 1) : NAN;
}

static void find(const hra_study *s, const hra_library *library, hra_evaluation_other_time *found, int *count)
{
    for (int h = 0; h < s->horizon_count; h++)
        for (int m = 0; m < s->model_count; m++) {
            const hra_study_model *model = &s->models[m];
            double years = years_of(library, model->name);
            bool here = isnan(model->horizon) || model->horizon == s->horizons[h];
            if (here && !isnan(years) && !hra_fits_horizon(years, s->horizons[h]))
                found[(*count)++] = (hra_evaluation_other_time){model->name, years, s->horizons[h]};
        }
}

hra_code hra_find_other_times(const hra_study *s, const hra_texts *definitions, hra_evaluation_other_time **out,
                              int *count, hra_error *error)
{
    hra_library *library;
    *out = NULL;
    *count = 0;
    if (!s->time && definitions->count == 0) return HRA_OK;
    *out = calloc((size_t)s->horizon_count * (size_t)s->model_count + 1, sizeof **out);
    if (!*out) return hra_fail(error, HRA_ENOMEM, "not enough memory");
    HRA_TRY(hra_setup_library(definitions, &library, error));
    find(s, library, *out, count);
    hra_library_free(library);
    return HRA_OK;
}
