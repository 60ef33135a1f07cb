#include "evaluate/binary_calibration.h"

#include <stdlib.h>

#include "evaluate/compensated_sum.h"
#include "evaluate/logistic_fit.h"
#include "evaluate/order.h"
#include "evaluate/row_mean.h"
#include "evaluate/tail_probability.h"

typedef struct totals {
    double weight, squares, events, risk; /* squares: of the weights; events and risk: by weight */
    int64_t event_rows;
} totals;

static totals add_up(const hra_cohort *people, const double *risk)
{
    hra_sum weight = {0, 0}, squares = {0, 0}, events = {0, 0}, risks = {0, 0};
    totals t = {0};
    for (int64_t i = 0; i < people->rows; i++) {
        double w = hra_cohort_weight(people, i);
        bool event = people->event[i] == HRA_EVENT;
        hra_sum_add(&weight, w);
        hra_sum_add(&squares, w * w);
        hra_sum_add(&events, event ? w : 0);
        hra_sum_add(&risks, w * risk[i]);
        t.event_rows += event;
    }
    t.weight = hra_sum_of(&weight);
    t.squares = hra_sum_of(&squares);
    t.events = hra_sum_of(&events);
    t.risk = hra_sum_of(&risks);
    return t;
}

hra_binary_totals hra_compare_totals(const hra_cohort *people, const double *risk)
{
    totals t = add_up(people, risk);
    if (people->rows == 0) {
        hra_finding none = hra_found_none("nobody");
        return (hra_binary_totals){none, none, none};
    }
    hra_binary_totals out = {
        .observed = hra_found_share(t.events / t.weight, t.weight * t.weight / t.squares),
        .expected = hra_found(t.risk / t.weight, NAN, 0, 1),
    };
    double spread =
        people->weight ? out.observed.is.standard_error / out.observed.is.value : 1 / sqrt((double)t.event_rows);
    if (!(t.risk > 0))
        out.ratio = hra_found_none("all risks are 0");
    else if (t.event_rows == 0)
        out.ratio = (hra_finding){{0, NAN, NAN, NAN}, "nobody has the event: no interval"};
    else
        out.ratio = hra_found_ratio(t.events / t.risk, spread);
    return out;
}

hra_code hra_recalibrate(const hra_cohort *people, const double *risk, hra_recalibration *out, hra_error *error)
{
    double *log_odds = malloc((size_t)(people->rows ? people->rows : 1) * sizeof *log_odds);
    if (!log_odds) return hra_evaluate_no_memory(error);
    out->left_out = 0;
    for (int64_t i = 0; i < people->rows; i++) {
        bool extreme = risk[i] <= 0 || risk[i] >= 1;
        log_odds[i] = extreme ? NAN : log(risk[i]) - log1p(-risk[i]);
        out->left_out += extreme;
    }
    out->in_the_large = hra_fit_logistic_intercept(people, log_odds);
    hra_logistic_fit fit = hra_fit_logistic(people, log_odds);
    out->slope = fit.slope;
    out->intercept = fit.intercept;
    free(log_odds);
    return HRA_OK;
}

hra_spiegelhalter hra_test_spiegelhalter(const hra_cohort *people, const double *risk)
{
    hra_sum off = {0, 0}, variance = {0, 0};
    for (int64_t i = 0; i < people->rows; i++) {
        double outcome = people->event[i] == HRA_EVENT, lean = hra_cohort_weight(people, i) * (1 - 2 * risk[i]);
        hra_sum_add(&off, (outcome - risk[i]) * lean);
        hra_sum_add(&variance, lean * lean * risk[i] * (1 - risk[i]));
    }
    if (!(hra_sum_of(&variance) > 0)) {
        hra_finding none = hra_found_none("all risks are 0, 0.5 or 1: the test has no variance");
        return (hra_spiegelhalter){none, none};
    }
    double z = hra_sum_of(&off) / sqrt(hra_sum_of(&variance));
    return (hra_spiegelhalter){.z = hra_found(z, NAN, -INFINITY, INFINITY), .p = hra_found(hra_p_of_z(z), NAN, 0, 1)};
}
