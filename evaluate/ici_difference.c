#include "evaluate/ici_difference.h"

#include <stdlib.h>

#include "evaluate/calibration_curve.h"
#include "evaluate/order.h"
#include "evaluate/pseudo_values.h"
#include "evaluate/smooth_calibration.h"

typedef struct ici {
    double value;
    const char *why; /* there is none, or how it was got */
} ici;

static hra_code of_outcomes(const hra_cohort *people, const double *risk, const double *pseudo, ici *out,
                            hra_error *error)
{
    hra_curve_distance distance = {NAN, NAN, NAN, NAN};
    *out = (ici){NAN, "nobody"};
    if (people->rows == 0) return HRA_OK;
    HRA_TRY(hra_measure_curve(people, risk, pseudo, &distance, error));
    *out = (ici){distance.ici, pseudo ? "from a lowess curve of two thirds of the people, through pseudo-values"
                                      : "from a lowess curve of two thirds of the people"};
    return HRA_OK;
}

static hra_code of_pseudo_values(const hra_followed *f, const double *risk, double horizon, ici *out, hra_error *error)
{
    const hra_observed observed = hra_observe(f->people, f->order, f->people->rows, horizon);
    *out = (ici){NAN, observed.why};
    if (isnan(observed.risk)) return HRA_OK;
    double *pseudo = malloc((size_t)f->people->rows * sizeof *pseudo);
    if (!pseudo) return hra_evaluate_no_memory(error);
    hra_pseudo_values(f, horizon, pseudo);
    hra_code code = of_outcomes(f->people, risk, pseudo, out, error);
    free(pseudo);
    return code;
}

static hra_code of_regression(const hra_followed *f, const double *risk, double horizon, ici *out, hra_error *error)
{
    hra_log_log log_log;
    hra_curve_distance distance;
    const char *why;
    HRA_TRY(hra_log_log_new(&log_log, f, risk, error));
    hra_code code = hra_calibrate_smoothly(f, risk, &log_log, horizon, &distance, &why, error);
    if (!code) *out = (ici){distance.ici, log_log.left_out && !*why ? "without people with a risk of 0 or 1" : why};
    hra_log_log_destroy(&log_log);
    return code;
}

hra_code hra_ici_difference(hra_metrics *metrics, const hra_cohort *people, const double *risk, const double *reference,
                            double horizon, hra_error *error)
{
    const double *of[] = {risk, reference};
    ici found[2] = {{NAN, ""}, {NAN, ""}};
    hra_followed *f = NULL;
    hra_code code = people->time ? hra_followed_new(&f, people, error) : HRA_OK;
    for (int i = 0; i < 2 && !code; i++)
        code = !f             ? of_outcomes(people, of[i], NULL, &found[i], error)
               : f->competing ? of_pseudo_values(f, of[i], horizon, &found[i], error)
                              : of_regression(f, of[i], horizon, &found[i], error);
    hra_followed_free(f);
    HRA_TRY(code);
    const char *why = *found[0].why && (isnan(found[0].value) || !*found[1].why) ? found[0].why : found[1].why;
    return hra_metrics_add(metrics, "delta_ici", NAN, (hra_estimate){found[0].value - found[1].value, NAN, NAN, NAN},
                           why, error);
}
