#include "evaluate/survival_measures.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "evaluate/calibration_curve.h"
#include "evaluate/concordance.h"
#include "evaluate/order.h"
#include "evaluate/pseudo_calibration.h"
#include "evaluate/pseudo_values.h"
#include "evaluate/smooth_calibration.h"
#include "evaluate/survival_brier.h"
#include "evaluate/survival_calibration.h"
#include "evaluate/time_auc.h"

enum { LONG_NOTE = 256 };

typedef struct one_model {
    hra_metrics *metrics;
    const hra_followed *people;
    const double *risk;
    double horizon;
    double *influence; /* room for a number for each person */
} one_model;

static hra_code add_measure(const one_model *m, const char *name, hra_survival_measure *measure, double horizon,
                            hra_finding *found, hra_error *error)
{
    HRA_TRY(measure(m->people, m->risk, horizon, m->influence, found, error));
    return hra_add_finding(m->metrics, name, NAN, found, error);
}

/* Of pairs up to the horizon there are fewer where nobody is followed so far. */
static hra_code add_concordance_to_horizon(const one_model *m, const char *name, hra_survival_measure *measure,
                                           hra_error *error)
{
    const hra_cohort *c = m->people->people;
    hra_finding found;
    HRA_TRY(measure(m->people, m->risk, m->horizon, m->influence, &found, error));
    if (!*found.why && c->time[m->people->order[c->rows - 1]] < m->horizon)
        found.why = "the follow-up ends before the horizon";
    return hra_add_finding(m->metrics, name, NAN, &found, error);
}

static hra_code add_discrimination(const one_model *m, hra_error *error)
{
    hra_finding found;
    HRA_TRY(add_measure(m, "c_harrell", hra_harrell_concordance, INFINITY, &found, error));
    HRA_TRY(add_concordance_to_horizon(m, "c_harrell_horizon", hra_harrell_concordance, error));
    HRA_TRY(add_concordance_to_horizon(m, "c_uno", hra_uno_concordance, error));
    if (m->people->competing) HRA_TRY(add_measure(m, "c_wolbers", hra_wolbers_concordance, INFINITY, &found, error));
    HRA_TRY(add_measure(m, "auc", hra_time_auc, m->horizon, &found, error));
    if (!m->people->competing) return HRA_OK;
    return add_measure(m, "auc_event_free", hra_time_auc_event_free, m->horizon, &found, error);
}

static hra_code add_accuracy(const one_model *m, hra_error *error)
{
    hra_finding found;
    HRA_TRY(add_measure(m, "brier", hra_survival_brier, m->horizon, &found, error));
    HRA_TRY(add_measure(m, "brier_null", hra_survival_brier_null, m->horizon, &found, error));
    return add_measure(m, "ipa", hra_survival_ipa, m->horizon, &found, error);
}

static hra_code add_in_the_large(const one_model *m, hra_error *error)
{
    hra_in_the_large all;
    hra_calibrate_in_the_large(m->people, m->risk, m->horizon, &all);
    HRA_TRY(hra_add_finding(m->metrics, "observed", NAN, &all.observed, error));
    HRA_TRY(hra_add_finding(m->metrics, "expected", NAN, &all.expected, error));
    return hra_add_finding(m->metrics, "observed_expected", NAN, &all.ratio, error);
}

/* Of measures on a scale where risks of 0 and 1 have no place: what is to say, then how many people are left out. */
static const char *note_left_out(const char *note, const hra_log_log *log_log, char text[LONG_NOTE])
{
    if (!log_log->left_out) return note;
    snprintf(text, LONG_NOTE, "%s%swithout %" PRId64 " people with a risk of 0 or 1", note, *note ? "; " : "",
             log_log->left_out);
    return text;
}

/* Of the regression of pseudo-values there is something to say even where it has a value. */
static hra_code add_pseudo(const one_model *m, const char *name, const hra_finding *found, const hra_log_log *log_log,
                           hra_error *error)
{
    char text[LONG_NOTE];
    const char *note = *found->why ? found->why : "from pseudo-values at the horizon";
    return hra_metrics_add(m->metrics, name, NAN, found->is, note_left_out(note, log_log, text), error);
}

static hra_code add_slope(const one_model *m, const char *name, const hra_log_log *log_log, double until,
                          hra_error *error)
{
    char text[LONG_NOTE];
    hra_finding found;
    hra_calibration_slope(m->people, log_log, until, &found);
    found.why = note_left_out(found.why, log_log, text);
    return hra_add_finding(m->metrics, name, NAN, &found, error);
}

static hra_code add_slopes(const one_model *m, const hra_log_log *log_log, const hra_pseudo_calibration *pseudo,
                           hra_error *error)
{
    HRA_TRY(add_pseudo(m, "calibration_intercept", &pseudo->in_the_large, log_log, error));
    if (m->people->competing) {
        HRA_TRY(add_pseudo(m, "calibration_slope", &pseudo->slope, log_log, error));
        return add_pseudo(m, "calibration_slope_horizon", &pseudo->slope, log_log, error);
    }
    HRA_TRY(add_slope(m, "calibration_slope", log_log, INFINITY, error));
    return add_slope(m, "calibration_slope_horizon", log_log, m->horizon, error);
}

static hra_code add_distance(const one_model *m, const hra_curve_distance *s, const char *note, hra_error *error)
{
    const struct {
        const char *name;
        double value;
    } each[] = {{"ici", s->ici}, {"e50", s->e50}, {"e90", s->e90}, {"emax", s->emax}};
    for (size_t i = 0; i < sizeof each / sizeof *each; i++)
        HRA_TRY(
            hra_metrics_add(m->metrics, each[i].name, NAN, (hra_estimate){each[i].value, NAN, NAN, NAN}, note, error));
    return HRA_OK;
}

static hra_code add_smooth(const one_model *m, const hra_log_log *log_log, hra_error *error)
{
    char text[LONG_NOTE];
    hra_curve_distance s;
    const char *why;
    HRA_TRY(hra_calibrate_smoothly(m->people, m->risk, log_log, m->horizon, &s, &why, error));
    return add_distance(m, &s, note_left_out(why, log_log, text), error);
}

/* With competing events: the curve of known outcomes, through pseudo-values. */
static hra_code add_curve(const one_model *m, const hra_observed *observed, const double *pseudo, hra_error *error)
{
    hra_curve_distance s = {NAN, NAN, NAN, NAN};
    if (isnan(observed->risk)) return add_distance(m, &s, observed->why, error);
    HRA_TRY(hra_measure_curve(m->people->people, m->risk, pseudo, &s, error));
    return add_distance(m, &s, "from a lowess curve of two thirds of the people, through pseudo-values", error);
}

static hra_code add_regressions(const one_model *m, const hra_log_log *log_log, hra_error *error)
{
    const hra_cohort *c = m->people->people;
    hra_observed observed = hra_observe(c, m->people->order, c->rows, m->horizon);
    double *pseudo = m->influence; /* done with */
    if (!isnan(observed.risk)) hra_pseudo_values(m->people, m->horizon, pseudo);
    hra_pseudo_calibration calibration;
    hra_calibrate_pseudo_values(m->people, log_log, &observed, pseudo, m->people->competing, &calibration);
    HRA_TRY(add_slopes(m, log_log, &calibration, error));
    return m->people->competing ? add_curve(m, &observed, pseudo, error) : add_smooth(m, log_log, error);
}

static hra_code add_tenths(const one_model *m, hra_error *error)
{
    hra_tenths tenths;
    HRA_TRY(hra_cut_into_tenths(m->people, m->risk, m->horizon, &tenths, error));
    hra_gnd gnd = hra_test_tenths(&tenths);
    HRA_TRY(
        hra_metrics_add(m->metrics, "gnd_chi2", NAN, (hra_estimate){gnd.chi_square, NAN, NAN, NAN}, gnd.why, error));
    HRA_TRY(hra_metrics_add(m->metrics, "gnd_p", NAN, (hra_estimate){gnd.p, NAN, NAN, NAN}, gnd.why, error));
    for (int g = 0; g < tenths.groups; g++) {
        hra_finding observed = hra_found_observed(&tenths.group[g].observed);
        hra_finding expected = {{tenths.group[g].expected, NAN, NAN, NAN}, ""};
        HRA_TRY(hra_add_finding(m->metrics, "tenth_observed", g + 1, &observed, error));
        HRA_TRY(hra_add_finding(m->metrics, "tenth_expected", g + 1, &expected, error));
    }
    return HRA_OK;
}

static hra_code add_all(const one_model *m, hra_error *error)
{
    HRA_TRY(add_discrimination(m, error));
    HRA_TRY(add_accuracy(m, error));
    HRA_TRY(add_in_the_large(m, error));
    hra_log_log log_log;
    HRA_TRY(hra_log_log_new(&log_log, m->people, m->risk, error));
    hra_code code = add_regressions(m, &log_log, error);
    hra_log_log_destroy(&log_log);
    HRA_TRY(code);
    return add_tenths(m, error);
}

hra_code hra_followed_measures(hra_metrics *metrics, const hra_followed *people, const double *risk, double horizon,
                               hra_error *error)
{
    size_t rows = (size_t)(people->people->rows ? people->people->rows : 1);
    one_model m = {metrics, people, risk, horizon, malloc(rows * sizeof *m.influence)};
    hra_code code = m.influence ? add_all(&m, error) : hra_evaluate_no_memory(error);
    free(m.influence);
    return code;
}

hra_code hra_survival_measures(hra_metrics *metrics, const hra_cohort *people, const double *risk, double horizon,
                               hra_error *error)
{
    hra_followed *f = NULL;
    HRA_TRY(hra_followed_new(&f, people, error));
    hra_code code = hra_followed_measures(metrics, f, risk, horizon, error);
    hra_followed_free(f);
    return code;
}
