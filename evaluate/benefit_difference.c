#include "evaluate/benefit_difference.h"

#include <stdlib.h>

#include "evaluate/observed_part.h"
#include "evaluate/order.h"
#include "evaluate/row_mean.h"

static const char measure[] = "delta_net_benefit";

/* ---- known outcomes ---- */

static hra_finding difference_of_outcomes(const hra_cohort *people, const double *risk, const double *reference,
                                          double threshold, double *gain)
{
    double odds = threshold / (1 - threshold);
    for (int64_t i = 0; i < people->rows; i++) {
        int more = (risk[i] >= threshold) - (reference[i] >= threshold);
        gain[i] = more * (people->event[i] == HRA_EVENT ? 1 : -odds);
    }
    hra_row_mean mean = hra_mean_of_rows(people, gain, HRA_ANY_OUTCOME);
    return hra_found_mean(&mean, -INFINITY, INFINITY);
}

hra_code hra_benefit_differences(hra_metrics *metrics, const hra_cohort *people, const double *risk,
                                 const double *reference, const double *thresholds, int threshold_count,
                                 hra_error *error)
{
    hra_code code = HRA_OK;
    double *gain = malloc((size_t)(people->rows ? people->rows : 1) * sizeof *gain);
    if (!gain) return hra_evaluate_no_memory(error);
    for (int k = 0; k < threshold_count && !code; k++) {
        hra_finding found = difference_of_outcomes(people, risk, reference, thresholds[k], gain);
        code = hra_add_finding(metrics, measure, thresholds[k], &found, error);
    }
    free(gain);
    return code;
}

/* ---- outcomes after a time ---- */

typedef struct benefit_room {
    int8_t *positive; /* by row */
    int64_t *rows;
} benefit_room;

/* Of acting on people with at least the threshold. */
static hra_finding benefit_of(const hra_followed *f, const double *risk, double horizon, double threshold,
                              const benefit_room *room)
{
    double odds = threshold / (1 - threshold);
    for (int64_t i = 0; i < f->people->rows; i++) room->positive[i] = risk[i] >= threshold;
    hra_part p = hra_observe_part(f, room->positive, 1, horizon, room->rows);
    double value = p.event - odds * p.no_event;
    return isnan(value) ? hra_found_none(p.observed.why) : hra_found(value, NAN, -INFINITY, 1);
}

static hra_code compare_benefits(hra_metrics *metrics, const hra_followed *f, const double *risk,
                                 const double *reference, double horizon, const double *thresholds, int threshold_count,
                                 const benefit_room *room, hra_error *error)
{
    for (int k = 0; k < threshold_count; k++) {
        hra_finding one = benefit_of(f, risk, horizon, thresholds[k], room);
        hra_finding other = benefit_of(f, reference, horizon, thresholds[k], room);
        hra_finding found = hra_found(one.is.value - other.is.value, NAN, -INFINITY, INFINITY);
        if (isnan(found.is.value)) found = hra_found_none(*one.why ? one.why : other.why);
        HRA_TRY(hra_add_finding(metrics, measure, thresholds[k], &found, error));
    }
    return HRA_OK;
}

hra_code hra_followed_benefit_differences(hra_metrics *metrics, const hra_followed *people, const double *risk,
                                          const double *reference, double horizon, const double *thresholds,
                                          int threshold_count, hra_error *error)
{
    size_t rows = (size_t)(people->people->rows ? people->people->rows : 1);
    benefit_room room = {malloc(rows), malloc(rows * sizeof *room.rows)};
    hra_code code = room.positive && room.rows ? compare_benefits(metrics, people, risk, reference, horizon, thresholds,
                                                                  threshold_count, &room, error)
                                               : hra_evaluate_no_memory(error);
    free(room.positive);
    free(room.rows);
    return code;
}
