#include "evaluate/binary_brier.h"

#include <stdlib.h>

#include "evaluate/order.h"
#include "evaluate/row_mean.h"

static double outcome(const hra_cohort *people, int64_t row) { return people->event[row] == HRA_EVENT; }

/* `other` may be NULL. */
static hra_code mean_loss(const hra_cohort *people, const double *risk, const double *other, hra_row_mean *mean,
                          hra_error *error)
{
    double *loss = malloc((size_t)(people->rows ? people->rows : 1) * sizeof *loss);
    if (!loss) return hra_evaluate_no_memory(error);
    for (int64_t i = 0; i < people->rows; i++) {
        double off = outcome(people, i) - risk[i];
        loss[i] = off * off;
        /* the difference of two squares, without subtracting them */
        if (other) loss[i] = (other[i] - risk[i]) * (off + outcome(people, i) - other[i]);
    }
    *mean = hra_mean_of_rows(people, loss, HRA_ANY_OUTCOME);
    free(loss);
    return HRA_OK;
}

hra_code hra_binary_brier(const hra_cohort *people, const double *risk, hra_finding *found, hra_error *error)
{
    hra_row_mean mean;
    HRA_TRY(mean_loss(people, risk, NULL, &mean, error));
    *found = hra_found_mean(&mean, 0, 1);
    return HRA_OK;
}

hra_code hra_binary_brier_difference(const hra_cohort *people, const double *risk, const double *other,
                                     hra_finding *found, hra_error *error)
{
    hra_row_mean mean;
    HRA_TRY(mean_loss(people, risk, other, &mean, error));
    *found = hra_found_mean(&mean, -1, 1);
    return HRA_OK;
}

hra_code hra_binary_brier_scaled(const hra_cohort *people, const double *risk, hra_finding *found, hra_error *error)
{
    hra_row_mean loss;
    const char *fault = hra_one_outcome(people);
    if (fault) {
        *found = hra_found_none(fault);
        return HRA_OK;
    }
    HRA_TRY(mean_loss(people, risk, NULL, &loss, error));
    double with = 0, without = 0;
    for (int64_t i = 0; i < people->rows; i++)
        *(people->event[i] == HRA_EVENT ? &with : &without) += hra_cohort_weight(people, i);
    double share = with / (with + without);
    *found = hra_found(1 - loss.value / (share * (without / (with + without))), NAN, -INFINITY, 1);
    return HRA_OK;
}

hra_finding hra_discrimination_slope(const hra_cohort *people, const double *risk)
{
    hra_row_mean with = hra_mean_of_rows(people, risk, HRA_WITH_EVENT);
    hra_row_mean without = hra_mean_of_rows(people, risk, HRA_WITHOUT_EVENT);
    return hra_found_of_both(with.value - without.value, &with, &without, -1, 1);
}
