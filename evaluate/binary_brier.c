#include "evaluate/binary_brier.h"

#include <stdlib.h>

#include "evaluate/order.h"
#include "evaluate/row_mean.h"

static double outcome(const hra_cohort *people, int64_t row) { return people->event[row] == HRA_EVENT; }

/* The person's part of brier(risk), with `other` that of brier(risk) - brier(other): the difference of two squares,
 * without subtracting them. */
static double loss_of(const hra_cohort *people, const double *risk, const double *other, int64_t row)
{
    double off = outcome(people, row) - risk[row];
    return other ? (other[row] - risk[row]) * (off + outcome(people, row) - other[row]) : off * off;
}

static hra_code mean_loss(const hra_cohort *people, const double *risk, const double *other, hra_row_mean *mean,
                          hra_error *error)
{
    double *loss = malloc((size_t)(people->rows ? people->rows : 1) * sizeof *loss);
    if (!loss) return hra_evaluate_no_memory(error);
    for (int64_t i = 0; i < people->rows; i++) loss[i] = loss_of(people, risk, other, i);
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

/* A mean loss divided by that of the null model, m (1 - m). */
typedef struct scaled_loss {
    double value, standard_error;
} scaled_loss;

static hra_code scale_loss(const hra_cohort *people, const double *risk, const double *other, scaled_loss *scaled,
                           hra_error *error)
{
    hra_row_mean loss;
    HRA_TRY(mean_loss(people, risk, other, &loss, error));
    double *part = malloc((size_t)(people->rows ? people->rows : 1) * sizeof *part);
    if (!part) return hra_evaluate_no_memory(error);
    double with = 0, without = 0;
    for (int64_t i = 0; i < people->rows; i++)
        *(people->event[i] == HRA_EVENT ? &with : &without) += hra_cohort_weight(people, i);
    double share = with / (with + without), null = share * (without / (with + without));
    scaled->value = loss.value / null;
    /* what a person's weight moves, up to a constant: the loss, and by 1 - 2 m the loss of the null model */
    for (int64_t i = 0; i < people->rows; i++)
        part[i] = (loss_of(people, risk, other, i) - scaled->value * (1 - 2 * share) * outcome(people, i)) / null;
    scaled->standard_error = sqrt(hra_mean_of_rows(people, part, HRA_ANY_OUTCOME).variance);
    free(part);
    return HRA_OK;
}

static hra_code find_scaled(const hra_cohort *people, const double *risk, const double *other, hra_finding *found,
                            hra_error *error)
{
    scaled_loss scaled = {NAN, NAN};
    const char *fault = hra_one_outcome(people);
    *found = hra_found_none(fault ? fault : "");
    if (fault) return HRA_OK;
    HRA_TRY(scale_loss(people, risk, other, &scaled, error));
    *found = hra_found((other ? 0 : 1) - scaled.value, scaled.standard_error, -INFINITY, other ? INFINITY : 1);
    return HRA_OK;
}

hra_code hra_binary_brier_scaled(const hra_cohort *people, const double *risk, hra_finding *found, hra_error *error)
{
    return find_scaled(people, risk, NULL, found, error);
}

hra_code hra_binary_brier_scaled_difference(const hra_cohort *people, const double *risk, const double *other,
                                            hra_finding *found, hra_error *error)
{
    return find_scaled(people, risk, other, found, error);
}

hra_finding hra_discrimination_slope(const hra_cohort *people, const double *risk)
{
    hra_row_mean with = hra_mean_of_rows(people, risk, HRA_WITH_EVENT);
    hra_row_mean without = hra_mean_of_rows(people, risk, HRA_WITHOUT_EVENT);
    return hra_found_of_both(with.value - without.value, &with, &without, -1, 1);
}
