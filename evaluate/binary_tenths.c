#include "evaluate/binary_tenths.h"

#include <stdlib.h>

#include "evaluate/compensated_sum.h"
#include "evaluate/order.h"
#include "evaluate/row_mean.h"
#include "evaluate/tail_probability.h"

/* Sums of one group, by weight. */
typedef struct group_sums {
    double weight, squares, events, risk;
} group_sums;

static group_sums add_up(const hra_cohort *people, const double *risk, const int64_t *order, int64_t begin, int64_t end)
{
    hra_sum weight = {0, 0}, squares = {0, 0}, events = {0, 0}, risks = {0, 0};
    for (int64_t i = begin; i < end; i++) {
        double w = hra_cohort_weight(people, order[i]);
        hra_sum_add(&weight, w);
        hra_sum_add(&squares, w * w);
        hra_sum_add(&events, people->event[order[i]] == HRA_EVENT ? w : 0);
        hra_sum_add(&risks, w * risk[order[i]]);
    }
    return (group_sums){hra_sum_of(&weight), hra_sum_of(&squares), hra_sum_of(&events), hra_sum_of(&risks)};
}

/* Infinite if something happened that was impossible. */
static double deviation(double observed, double expected)
{
    double off = observed - expected;
    return off == 0 ? 0 : off * off / expected;
}

static void test(const hra_cohort *people, double chi_square, hra_binary_tenths *out)
{
    const char *why = NULL;
    if (people->weight)
        why = "the test is not defined with case weights";
    else if (isinf(chi_square))
        why = "an outcome happened in a group where its risk was 0";
    if (why) {
        out->chi_square = out->p = out->p_if_fitted = hra_found_none(why);
        return;
    }
    out->chi_square = hra_found(chi_square, NAN, 0, INFINITY);
    out->p = hra_found(hra_p_of_chi_square(chi_square, out->groups), NAN, 0, 1);
    out->p_if_fitted = out->groups > 2 ? hra_found(hra_p_of_chi_square(chi_square, out->groups - 2), NAN, 0, 1)
                                       : hra_found_none("fewer than three groups of risks");
}

static void summarize(const hra_cohort *people, const double *risk, const int64_t *order, const double *ascending,
                      hra_binary_tenths *out)
{
    hra_risk_tenths cut = hra_cut_risks(ascending, people->rows);
    double chi_square = 0;
    out->groups = cut.groups;
    for (int g = 0; g < cut.groups; g++) {
        group_sums s = add_up(people, risk, order, g > 0 ? cut.end[g - 1] : 0, cut.end[g]);
        out->group[g].observed = hra_found_share(s.events / s.weight, s.weight * s.weight / s.squares);
        out->group[g].expected = s.risk / s.weight;
        chi_square += deviation(s.events, s.risk) + deviation(s.weight - s.events, s.weight - s.risk);
    }
    test(people, chi_square, out);
}

hra_code hra_calibrate_tenths(const hra_cohort *people, const double *risk, hra_binary_tenths *out, hra_error *error)
{
    size_t rows = (size_t)(people->rows ? people->rows : 1);
    int64_t *order = malloc(rows * sizeof *order);
    double *ascending = malloc(rows * sizeof *ascending);
    hra_code code =
        order && ascending ? hra_order_rows(risk, people->rows, order, error) : hra_evaluate_no_memory(error);
    if (!code) {
        for (int64_t i = 0; i < people->rows; i++) ascending[i] = risk[order[i]];
        summarize(people, risk, order, ascending, out);
    }
    free(order);
    free(ascending);
    return code;
}
