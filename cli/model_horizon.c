#include "cli/model_horizon.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/setup.h"

double hra_horizon_years(const char *property)
{
    char *unit;
    double number = strtod(property, &unit);
    return strstr(unit, "month") ? number / 12 : number;
}

bool hra_fits_horizon(double years, double horizon)
{
    static const double of_year[] = {1, 12, 52.1775, 365.25};
    for (size_t i = 0; i < sizeof of_year / sizeof *of_year; i++)
        if (fabs(horizon / (years * of_year[i]) - 1) < 0.01) return true;
    return false;
}

/* Of "MODEL.risk"; NAN: no such model, or none that says its time. */
static double years_of(const hra_library *library, const char *column)
{
    static const char tail[] = ".risk";
    char id[256];
    size_t length = strlen(column);
    if (length < sizeof tail || strcmp(column + length - (sizeof tail - 1), tail) != 0) return NAN;
    snprintf(id, sizeof id, "%.*s", (int)(length - (sizeof tail - 1)), column);
    const hra_declaration *model = hra_library_find(library, id);
    if (!model || model->kind != HRA_DECLARATION_MODEL) return NAN;
    const char *property = hra_declaration_text(model, "horizon", "en");
    return property ? hra_horizon_years(property) : NAN;
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
