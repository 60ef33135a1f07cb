#include "evaluate/survival_measures.h"

#include <math.h>
#include <stdlib.h>

#include "evaluate/concordance.h"
#include "evaluate/order.h"
#include "evaluate/survival_brier.h"
#include "evaluate/time_auc.h"

typedef struct one_model {
    hra_metrics *metrics;
    const hra_follow_up *people;
    const double *risk;
    double horizon;
    double *influence; /* room for one measure's */
} one_model;

static hra_code add_measure(const one_model *m, const char *name, hra_survival_measure *measure, double horizon,
                            hra_finding *found, hra_error *error)
{
    HRA_TRY(measure(m->people, m->risk, horizon, m->influence, found, error));
    return hra_add_finding(m->metrics, name, NAN, found, error);
}

static hra_code add_discrimination(const one_model *m, hra_error *error)
{
    hra_finding found;
    HRA_TRY(add_measure(m, "c_harrell", hra_harrell_concordance, INFINITY, &found, error));
    HRA_TRY(add_measure(m, "c_harrell_horizon", hra_harrell_concordance, m->horizon, &found, error));
    HRA_TRY(add_measure(m, "c_uno", hra_uno_concordance, m->horizon, &found, error));
    if (m->people->competing) HRA_TRY(add_measure(m, "c_wolbers", hra_wolbers_concordance, INFINITY, &found, error));
    HRA_TRY(add_measure(m, "auc", hra_time_auc, m->horizon, &found, error));
    if (!m->people->competing) return HRA_OK;
    return add_measure(m, "auc_event_free", hra_time_auc_event_free, m->horizon, &found, error);
}

static hra_code add_accuracy(const one_model *m, hra_error *error)
{
    hra_finding model, null;
    HRA_TRY(add_measure(m, "brier", hra_survival_brier, m->horizon, &model, error));
    HRA_TRY(add_measure(m, "brier_null", hra_survival_brier_null, m->horizon, &null, error));
    if (isnan(model.is.value)) return hra_metrics_add_none(m->metrics, "ipa", model.why, error);
    if (!(null.is.value > 0)) return hra_metrics_add_none(m->metrics, "ipa", "the null model has no error", error);
    return hra_metrics_add_value(m->metrics, "ipa", 1 - model.is.value / null.is.value, error);
}

static hra_code add_all(const one_model *m, hra_error *error)
{
    HRA_TRY(add_discrimination(m, error));
    return add_accuracy(m, error);
}

hra_code hra_survival_measures_of(hra_metrics *metrics, const hra_follow_up *people, const double *risk, double horizon,
                                  hra_error *error)
{
    size_t rows = (size_t)people->people->rows;
    one_model m = {metrics, people, risk, horizon, malloc((rows ? rows : 1) * sizeof(double))};
    hra_code code = m.influence ? add_all(&m, error) : hra_evaluate_no_memory(error);
    free(m.influence);
    return code;
}

hra_code hra_survival_measures(hra_metrics *metrics, const hra_cohort *people, const double *risk, double horizon,
                               hra_error *error)
{
    hra_follow_up *f = NULL;
    HRA_TRY(hra_follow_up_new(&f, people, error));
    hra_code code = hra_survival_measures_of(metrics, f, risk, horizon, error);
    hra_follow_up_free(f);
    return code;
}
