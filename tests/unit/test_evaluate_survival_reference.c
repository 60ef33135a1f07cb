/* Measures on people with times against those of established packages on the same predictions. */
#include "evaluate_fixture.h"

#include "evaluate/concordance.h"
#include "evaluate/survival_brier.h"
#include "evaluate/survival_measures.h"
#include "evaluate/time_auc.h"

enum { MOST_LISTS = 32 };

/* A data set, and the lists of measures made of it so far. */
typedef struct set {
    const char *name;
    evaluate_table table;
    struct {
        char key[64];
        hra_metrics *metrics;
    } list[MOST_LISTS];
    int lists, compared, failed;
} set;

/* The people of a set, with or without competing events, case weights. */
static hra_cohort people_of(const set *s, bool competing, bool weighted, uint8_t *event)
{
    const double *status = evaluate_column(&s->table, competing ? "cstatus" : "status");
    assert_non_null(status);
    for (int64_t i = 0; i < s->table.rows; i++) event[i] = (uint8_t)status[i];
    return (hra_cohort){s->table.rows, evaluate_column(&s->table, "time"), event,
                        weighted ? evaluate_column(&s->table, "w") : NULL};
}

static const double *risks_of(const set *s, const char *model, const char *horizon)
{
    char name[64];
    snprintf(name, sizeof name, "%s_%s", model, horizon);
    return evaluate_column(&s->table, name);
}

static const hra_metrics *list_of(set *s, const char *model, const char *horizon, bool competing, bool weighted)
{
    char key[64];
    snprintf(key, sizeof key, "%s %s %d %d", model, horizon, competing, weighted);
    for (int i = 0; i < s->lists; i++)
        if (strcmp(s->list[i].key, key) == 0) return s->list[i].metrics;
    assert_true(s->lists < MOST_LISTS);
    uint8_t *event = malloc((size_t)s->table.rows);
    assert_non_null(event);
    hra_cohort people = people_of(s, competing, weighted, event);
    hra_metrics *metrics = evaluate_list();
    const double *risk = risks_of(s, model, horizon);
    assert_non_null(risk);
    assert_int_equal(hra_survival_measures(metrics, &people, risk, strtod(horizon, NULL), NULL), HRA_OK);
    free(event);
    memcpy(s->list[s->lists].key, key, sizeof key);
    return s->list[s->lists++].metrics = metrics;
}

static void compare(set *s, const evaluate_reference *r, const char *what, double value, double expected,
                    double tolerance)
{
    if (isnan(expected)) return;
    s->compared++;
    if (evaluate_close(value, expected, tolerance)) return;
    s->failed++;
    print_error("%s %s %s %s (%s, %s): %s %.15g, expected %.15g\n", s->name, r->model, r->horizon, r->metric, r->source,
                r->options, what, value, expected);
}

/* How a reference names what we name `name`; `options` and `source` hold these words. The tolerances are those of the
 * references. Score() handles the ties of events and censorings another way in the part of its standard errors that
 * comes from G, which shows where nearly all of the error comes from there. The regressions of coxph() end at ten
 * digits, those of cph() at two to three (smooth_curves() has those of coxph()). */
typedef struct same {
    const char *metric, *source, *options, *name;
    double tolerance, error_tolerance;
} same;

static const same of_one[] = {
    {"concordance[n]", "survival", "no ymax", "c_harrell", 1e-12, 1e-12},
    {"concordance[n]", "survival", "; ymax", "c_harrell_horizon", 1e-12, 1e-12},
    {"concordance[n/G2]", "survival", "; ymax", "c_uno", 1e-12, 1e-12},
    {"concordance_wolbers", "", "", "c_wolbers", 1e-12, 1e-12},
    {"concordance_causespecific", "", "", "c_harrell", 1e-12, 1e-12},
    {"auc_t", "riskRegression", "", "auc", 1e-12, 1e-5},
    {"brier_t", "riskRegression", "", "brier", 1e-12, 3e-4},
    {"ipa_t", "riskRegression", "", "ipa", 1e-12, 0},
    {"km_risk", "", "", "observed", 1e-12, 1e-12},
    {"aj_risk", "", "", "observed", 1e-12, 1e-12},
    {"mean_risk", "", "", "expected", 1e-12, 0},
    {"oe_ratio", "", "", "observed_expected", 1e-12, 0},
    {"cal_slope_cox", "", "", "calibration_slope", 1e-8, 1e-8},
    {"cal_slope_cox_trunc", "", "", "calibration_slope_horizon", 1e-8, 1e-8},
    {"surv_ICI", "", "", "ici", 0.02, 0},
    {"surv_E50", "", "", "e50", 0.02, 0},
    {"surv_E90", "", "", "e90", 0.02, 0},
    {"surv_Emax", "", "", "emax", 0.02, 0},
    {"gnd_chi2", "", "", "gnd_chi2", 1e-11, 0},
    {"gnd_p", "", "", "gnd_p", 1e-10, 0},
};

static void compare_interval(set *s, const evaluate_reference *r, const hra_estimate *is, double tolerance)
{
    if (!strcmp(r->metric, "km_risk") || !strcmp(r->metric, "aj_risk")) return; /* of another scale */
    compare(s, r, "lower", is->lower, r->lower < 0 ? 0 : r->lower, tolerance);
    compare(s, r, "upper", is->upper, r->upper, tolerance);
}

static void check_tenth(set *s, const evaluate_reference *r, const hra_metrics *list)
{
    int tenth;
    char side[8];
    if (sscanf(r->metric, "decile_%d_%7s", &tenth, side) != 2) return;
    bool observed = strcmp(side, "obs") == 0;
    hra_estimate is = evaluate_find(list, observed ? "tenth_observed" : "tenth_expected", tenth)->is;
    compare(s, r, "value", is.value, r->value, 1e-12);
    if (is.value > 0 && is.value < 1) compare(s, r, "error", is.standard_error, r->standard_error, 1e-12);
}

static void check_one(set *s, const evaluate_reference *r)
{
    bool competing = strncmp(r->model, "cr", 2) == 0;
    const hra_metrics *list = list_of(s, r->model, r->horizon, competing, strcmp(r->weights, "case") == 0);
    check_tenth(s, r, list);
    for (size_t i = 0; i < sizeof of_one / sizeof *of_one; i++) {
        const same *one = &of_one[i];
        if (strcmp(r->metric, one->metric) || !strstr(r->source, one->source) || !strstr(r->options, one->options))
            continue;
        hra_estimate is = evaluate_find(list, one->name, NAN)->is;
        compare(s, r, "value", is.value, r->value, one->tolerance);
        compare(s, r, "error", is.standard_error, r->standard_error, one->error_tolerance);
        compare_interval(s, r, &is, fmax(one->error_tolerance / 10, 1e-12));
    }
}

/* The null model is in the lists of every model at its horizon. */
static void check_null(set *s, const evaluate_reference *r)
{
    bool competing = strstr(r->options, "cause=1") != NULL;
    const char *model = competing ? "crA" : risks_of(s, "A", r->horizon) ? "A" : "FRS";
    if (strcmp(r->metric, "brier_t") || !strstr(r->source, "riskRegression")) return;
    hra_estimate is = evaluate_find(list_of(s, model, r->horizon, competing, false), "brier_null", NAN)->is;
    compare(s, r, "value", is.value, r->value, 1e-12);
    compare(s, r, "error", is.standard_error, r->standard_error, 1e-3);
}

static void check_two(set *s, const evaluate_reference *r, const char *model, const char *other)
{
    hra_survival_measure *measure = strcmp(r->metric, "delta_auc_t") == 0     ? hra_time_auc
                                    : strcmp(r->metric, "delta_brier_t") == 0 ? hra_survival_brier
                                                                              : NULL;
    const double *risk = risks_of(s, model, r->horizon), *second = risks_of(s, other, r->horizon);
    if (!measure || !risk || !second) return;
    uint8_t *event = malloc((size_t)s->table.rows);
    assert_non_null(event);
    hra_cohort people = people_of(s, strncmp(model, "cr", 2) == 0, false, event);
    hra_followed *f;
    hra_finding found;
    assert_int_equal(hra_followed_new(&f, &people, NULL), HRA_OK);
    assert_int_equal(hra_measure_difference(measure, f, risk, second, strtod(r->horizon, NULL), &found, NULL), HRA_OK);
    hra_followed_free(f);
    free(event);
    compare(s, r, "value", found.is.value, r->value, 1e-9);
    compare(s, r, "error", found.is.standard_error, r->standard_error, 3e-4);
}

static void check(const evaluate_reference *r, void *context)
{
    set *s = context;
    char model[16], other[16];
    if (strcmp(r->model, "Null model") == 0)
        check_null(s, r);
    else if (sscanf(r->model, "%15s vs %15s", model, other) == 2)
        check_two(s, r, model, other);
    else if (risks_of(s, r->model, r->horizon))
        check_one(s, r);
}

static void open_set(set *s, const char *name)
{
    char path[512];
    *s = (set){.name = name};
    snprintf(path, sizeof path, "%spred_%s.csv.gz", EVALUATE_DATA, name);
    if (evaluate_read_table(path, &s->table)) return;
    print_message("skipped: %s is not there\n", path);
    skip();
}

static void close_set(set *s)
{
    for (int i = 0; i < s->lists; i++) hra_metrics_free(s->list[i].metrics);
    evaluate_free_table(&s->table);
}

static void check_set(const char *name, int least)
{
    char path[512];
    set s;
    open_set(&s, name);
    snprintf(path, sizeof path, "%sref_%s.csv", EVALUATE_DATA, name);
    evaluate_each_reference(path, check, &s);
    close_set(&s);
    print_message("%s: %d numbers compared\n", name, s.compared);
    assert_int_equal(s.failed, 0);
    assert_true(s.compared >= least);
}

static void framingham_chd(void **state) { (void)state, check_set("framingham_chd", 900); }
static void framingham_frs(void **state) { (void)state, check_set("framingham_cvd_frs", 60); }
static void nhanes(void **state) { (void)state, check_set("nhanes0304_mort", 300); }
static void flchain(void **state) { (void)state, check_set("flchain", 200); }
static void rotterdam(void **state) { (void)state, check_set("rotterdam", 150); }
static void pbc(void **state) { (void)state, check_set("pbc_cr", 80); }
static void melanoma(void **state) { (void)state, check_set("melanoma_cr", 80); }

/* ICI, E50, E90, Emax with the regression of coxph() taken to the last digit. */
static const struct smooth {
    const char *set, *model, *horizon;
    double value[4];
} smooth[] = {
    {"framingham_chd", "A", "1826", {0.003117958106558, 0.002604840332248, 0.003902736993079, 0.1289011318822}},
    {"framingham_chd", "B", "7305", {0.01639498327035, 0.01656556671109, 0.02220311415984, 0.08800715432022}},
    {"framingham_chd", "C", "3652", {0.006342763154639, 0.005659372952685, 0.008131417078376, 0.1347973321286}},
    {"framingham_cvd_frs", "FRS", "3652", {0.03186853006655, 0.02071936077628, 0.06699645743086, 0.1971892646968}},
    {"nhanes0304_mort", "A", "60", {0.003153402010114, 0.002920803460166, 0.003871476809715, 0.02882372626545}},
    {"flchain", "A", "3652", {0.001861606938582, 0.001883464581551, 0.003393495736603, 0.003623128113782}},
    {"flchain", "B", "1826", {0.02020232438684, 0.01822944666294, 0.05318087294103, 0.05318087294103}},
    {"rotterdam", "A", "3652", {0.02465726967252, 0.02510864971386, 0.0423227269994, 0.05799719439428}},
};

static void smooth_curves(void **state)
{
    (void)state;
    static const char *const name[4] = {"ici", "e50", "e90", "emax"};
    for (size_t i = 0; i < sizeof smooth / sizeof *smooth; i++) {
        set s;
        open_set(&s, smooth[i].set);
        const hra_metrics *list = list_of(&s, smooth[i].model, smooth[i].horizon, false, false);
        for (int k = 0; k < 4; k++) {
            double value = evaluate_find(list, name[k], NAN)->is.value;
            if (!evaluate_close(value, smooth[i].value[k], 1e-9))
                fail_msg("%s %s %s: %s %.15g, expected %.15g", smooth[i].set, smooth[i].model, smooth[i].horizon,
                         name[k], value, smooth[i].value[k]);
        }
        close_set(&s);
    }
}

/* R 4.2.2: pseudo() of survival 3.5-3, geese() of geepack 1.3.9 (Gaussian, link cloglog, independence) with the risk's
 * cloglog as offset and as covariate, standard errors san.se, by Gauss and Newton to the last digit; with competing
 * events lowess(f = 2/3, iter = 0, delta = 1 % of the range) of the pseudo-values. */
static const struct {
    const char *set, *model, *horizon;
    bool competing;
    double intercept[2], slope[2], distance[4]; /* value and standard error; ici, e50, e90, emax */
} by_pseudo_values[] = {
    {"pbc_cr",
     "crB",
     "2922",
     true,
     {-0.0041455638951893884, 0.096300668545747578},
     {0.86126658311234428, 0.20605670764672068},
     {0.021967988190440088, 0.022615636733089584, 0.040901823121725633, 0.058465276329378923}},
    {"pbc_cr",
     "crA",
     "1461",
     true,
     {0.15095632119543917, 0.11855194366361986},
     {1.2014548511566385, 0.14359095618515552},
     {0.038133351000808557, 0.033691443832029197, 0.079852246172080726, 0.08861451746603749}},
    {"melanoma_cr",
     "crB",
     "1461",
     true,
     {0.010978794376717983, 0.16956875646279371},
     {1.2192943042127979, 0.52634637081117897},
     {0.011018970879829717, 0.0097530429536773489, 0.013038045800022102, 0.013038045800022102}},
    {"framingham_chd",
     "crB",
     "3652",
     true,
     {0.039374463131105271, 0.055731259877449292},
     {1.0433590719285399, 0.10349534207567872},
     {0.016035704679329615, 0.017335521045646438, 0.027058628937872184, 0.053073054132588421}},
    {"nhanes0304_mort",
     "crA",
     "120",
     true,
     {-0.051264269694845994, 0.089992304293899747},
     {0.82743320367295969, 0.097705725934486093},
     {0.0048889777775857693, 0.00070375803766591777, 0.014746867385249787, 0.11906644616209155}},
    {"framingham_chd", "A", "7305", false, {-0.042134465094983441, 0.037162907248975925}, {NAN, NAN}, {NAN}},
    {"flchain", "B", "3652", false, {-0.012110032313673429, 0.025581316668906076}, {NAN, NAN}, {NAN}},
};

static void expect_near(const char *what, double value, double expected)
{
    if (!isnan(expected) && !evaluate_close(value, expected, 1e-9))
        fail_msg("%s: %.17g, expected %.17g", what, value, expected);
}

static void pseudo_values(void **state)
{
    (void)state;
    static const char *const distances[4] = {"ici", "e50", "e90", "emax"};
    for (size_t i = 0; i < sizeof by_pseudo_values / sizeof *by_pseudo_values; i++) {
        set s;
        open_set(&s, by_pseudo_values[i].set);
        const hra_metrics *list =
            list_of(&s, by_pseudo_values[i].model, by_pseudo_values[i].horizon, by_pseudo_values[i].competing, false);
        hra_estimate intercept = evaluate_find(list, "calibration_intercept", NAN)->is;
        hra_estimate slope = evaluate_find(list, "calibration_slope", NAN)->is;
        expect_near("intercept", intercept.value, by_pseudo_values[i].intercept[0]);
        expect_near("error of the intercept", intercept.standard_error, by_pseudo_values[i].intercept[1]);
        expect_near("slope", slope.value, by_pseudo_values[i].slope[0]);
        expect_near("error of the slope", slope.standard_error, by_pseudo_values[i].slope[1]);
        for (int k = 0; k < 4 && by_pseudo_values[i].competing; k++)
            expect_near(distances[k], evaluate_find(list, distances[k], NAN)->is.value,
                        by_pseudo_values[i].distance[k]);
        close_set(&s);
    }
}

static void assert_met(double value, double expected)
{
    if (!evaluate_close(value, expected, 1e-9)) fail_msg("%.15g, expected %.15g", value, expected);
}

/* coxph(weights = w, robust = TRUE), and of two calls of concordance(influence = 1) the difference. */
static void survey_weights(void **state)
{
    (void)state;
    set s;
    open_set(&s, "nhanes0304_mort");
    const hra_metrics *list = list_of(&s, "A", "60", false, true);
    hra_estimate slope = evaluate_find(list, "calibration_slope_horizon", NAN)->is;
    assert_met(slope.value, 0.96741989756767666);
    assert_met(slope.standard_error, 0.06161413108366542);
    assert_met(evaluate_find(list, "calibration_slope", NAN)->is.standard_error, 0.04002001409635161);
    assert_met(evaluate_find(list_of(&s, "B", "120", false, true), "ici", NAN)->is.value, 0.008455408757735);
    hra_estimate intercept = evaluate_find(list_of(&s, "B", "120", false, true), "calibration_intercept", NAN)->is;
    assert_met(intercept.value, -0.015102963469403865);
    assert_met(intercept.standard_error, 0.049157050812861959);
    slope = evaluate_find(list_of(&s, "crA", "120", true, true), "calibration_slope", NAN)->is;
    assert_met(slope.value, 0.96444687864685208);
    assert_met(slope.standard_error, 0.10595539164484201);
    uint8_t *event = malloc((size_t)s.table.rows);
    assert_non_null(event);
    for (int weighted = 0; weighted < 2; weighted++) {
        static const double expected[2][2] = {{0.0137131933129808, 0.0023649049823776},
                                              {0.0158386061770314, 0.0057639072723868}};
        hra_cohort people = people_of(&s, false, weighted, event);
        hra_followed *f;
        hra_finding found;
        assert_int_equal(hra_followed_new(&f, &people, NULL), HRA_OK);
        assert_int_equal(hra_measure_difference(weighted ? hra_uno_concordance : hra_harrell_concordance, f,
                                                risks_of(&s, "A", "60"), risks_of(&s, "B", "60"),
                                                weighted ? 60 : INFINITY, &found, NULL),
                         HRA_OK);
        assert_met(found.is.value, expected[weighted][0]);
        assert_met(found.is.standard_error, expected[weighted][1]);
        hra_followed_free(f);
    }
    free(event);
    close_set(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(framingham_chd), cmocka_unit_test(framingham_frs), cmocka_unit_test(nhanes),
        cmocka_unit_test(flchain),        cmocka_unit_test(rotterdam),      cmocka_unit_test(pbc),
        cmocka_unit_test(melanoma),       cmocka_unit_test(smooth_curves),  cmocka_unit_test(pseudo_values),
        cmocka_unit_test(survey_weights),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
