#include "evaluate/row_mean.h"

#include <stddef.h>

#include "evaluate/compensated_sum.h"

static const char nobody_has_it[] = "nobody has the event", everybody_has_it[] = "everybody has the event";

hra_row_mean hra_mean_of_rows(const hra_cohort *people, const double *x, hra_outcome outcome)
{
    hra_sum weight = {0, 0}, weighted = {0, 0}, squares = {0, 0};
    hra_row_mean mean = {NAN, NAN, 0, 0};
    for (int64_t i = 0; i < people->rows; i++) {
        if (!hra_has_outcome(people, i, outcome)) continue;
        mean.rows++;
        hra_sum_add(&weight, hra_cohort_weight(people, i));
        hra_sum_add(&weighted, hra_cohort_weight(people, i) * x[i]);
    }
    mean.weight = hra_sum_of(&weight);
    if (mean.rows == 0) return mean;
    mean.value = hra_sum_of(&weighted) / mean.weight;
    if (mean.rows == 1) return mean;
    for (int64_t i = 0; i < people->rows; i++) {
        if (!hra_has_outcome(people, i, outcome)) continue;
        double part = hra_cohort_weight(people, i) * (x[i] - mean.value) / mean.weight;
        hra_sum_add(&squares, part * part);
    }
    mean.variance = hra_sum_of(&squares) * (double)mean.rows / (double)(mean.rows - 1);
    return mean;
}

hra_finding hra_found_mean(const hra_row_mean *mean, double least, double most)
{
    if (mean->rows == 0) return hra_found_none("nobody");
    hra_finding found = hra_found(mean->value, sqrt(mean->variance), least, most);
    if (mean->rows == 1) found.why = "one person: no standard error";
    return found;
}

hra_finding hra_found_of_both(double value, const hra_row_mean *with, const hra_row_mean *without, double least,
                              double most)
{
    if (with->rows == 0) return hra_found_none(nobody_has_it);
    if (without->rows == 0) return hra_found_none(everybody_has_it);
    hra_finding found = hra_found(value, sqrt(with->variance + without->variance), least, most);
    if (with->rows == 1) found.why = "one person with the event: no standard error";
    if (without->rows == 1) found.why = "one person without the event: no standard error";
    return found;
}

hra_finding hra_found_share(double share, double people)
{
    if (!(people > 0)) return (hra_finding){{share, NAN, NAN, NAN}, ""}; /* weights beyond what numbers hold */
    const double z2 = HRA_NORMAL_975 * HRA_NORMAL_975, variance = share * (1 - share) / people;
    double shrink = 1 + z2 / people, centre = (share + z2 / (2 * people)) / shrink;
    double reach = HRA_NORMAL_975 * sqrt(variance + z2 / (4 * people * people)) / shrink;
    return (hra_finding){
        {share, sqrt(variance), share > 0 ? fmax(0, centre - reach) : 0, share < 1 ? fmin(1, centre + reach) : 1}, ""};
}

const char *hra_one_outcome(const hra_cohort *people)
{
    int64_t events = 0;
    for (int64_t i = 0; i < people->rows; i++) events += people->event[i] == HRA_EVENT;
    if (events == 0) return nobody_has_it;
    return events == people->rows ? everybody_has_it : NULL;
}
