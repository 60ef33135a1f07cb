/* Measures of known outcomes against those of established packages on the same predictions. */
#include "evaluate_fixture.h"

#include "evaluate/binary_measures.h"
#include "evaluate/comparison.h"
#include "evaluate/thresholds.h"

static const double thresholds[] = {0.01, 0.02, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5};
static const double cuts[] = {0.05, 0.1, 0.2};
enum { THRESHOLDS = sizeof thresholds / sizeof *thresholds, MOST_LISTS = 64 };

/* A data set, and the lists of measures made of it so far: "A" of a model, "A|B" of a comparison, with " w" behind for
 * case weights. */
typedef struct set {
    const char *name;
    evaluate_table table;
    hra_cohort people, weighted;
    uint8_t *event;
    struct {
        char key[32];
        hra_metrics *metrics;
    } list[MOST_LISTS];
    int lists, compared, failed;
} set;

static hra_metrics *measure(const set *s, const char *model, const char *other, int weighted)
{
    const hra_cohort *people = weighted ? &s->weighted : &s->people;
    const double *risk = evaluate_column(&s->table, model);
    const double *reference = *other ? evaluate_column(&s->table, other) : NULL;
    hra_metrics *metrics = evaluate_list();
    assert_non_null(risk);
    if (*other) {
        assert_non_null(reference);
        assert_int_equal(hra_compare_measures(metrics, people, risk, reference, NAN, cuts, 3, NULL), HRA_OK);
        return metrics;
    }
    assert_int_equal(hra_binary_measures(metrics, people, risk, NULL), HRA_OK);
    assert_int_equal(hra_threshold_measures(metrics, people, risk, NAN, thresholds, THRESHOLDS, NULL), HRA_OK);
    return metrics;
}

static hra_metrics *list_of(set *s, const char *model, const char *other, int weighted)
{
    char key[32];
    snprintf(key, sizeof key, "%s|%s%s", model, other, weighted ? " w" : "");
    for (int i = 0; i < s->lists; i++)
        if (strcmp(s->list[i].key, key) == 0) return s->list[i].metrics;
    assert_true(s->lists < MOST_LISTS);
    memcpy(s->list[s->lists].key, key, sizeof key);
    return s->list[s->lists++].metrics = measure(s, model, other, weighted);
}

/* How a reference names what we name `name`. The tolerance is that of the reference: its regressions end
 * with fewer digits, those of standard errors a step before (test_evaluate_binary.c has them in full). */
typedef struct same {
    const char *metric, *name;
    double tolerance;
} same;

static const same of_one[] = {
    {"auc", "auc", 1e-12},
    {"brier", "brier", 1e-12},
    {"brier_scaled", "brier_scaled", 1e-11},
    {"ipa", "brier_scaled", 1e-11},
    {"discrimination_slope", "discrimination_slope", 1e-12},
    {"oe_ratio", "observed_expected", 1e-12},
    {"cal_intercept", "calibration_intercept", 2e-4},
    {"cal_slope", "calibration_slope", 1e-4},
    {"cal_intercept_free", "calibration_slope_intercept", 1e-4},
    {"lowess_Eavg", "ici", 1e-10},
    {"lowess_E90", "e90", 1e-10},
    {"lowess_Emax", "emax", 1e-10},
    {"hl_chi2", "hl_chi2", 1e-10},
    {"hl_p_df_g", "hl_p", 1e-10},
    {"val.prob:S:z", "spiegelhalter_z", 1e-9},
    {"val.prob:S:p", "spiegelhalter_p", 1e-9},
};

static const same of_two[] = {
    {"delta_auc", "delta_auc", 1e-10},
    {"improveProb:nri", "nri_continuous", 1e-12},
    {"improveProb:nri.ev", "nri_continuous_event", 1e-12},
    {"improveProb:nri.ne", "nri_continuous_nonevent", 1e-12},
    {"improveProb:idi", "idi", 1e-10},
    {"improveProb:improveSens", "idi_event", 1e-10},
    {"improveProb:improveSpec", "idi_nonevent", 1e-10},
    {"nri_category:NRI", "nri", 1e-12},
    {"nri_category:NRI+", "nri_event", 1e-12},
    {"nri_category:NRI-", "nri_nonevent", 1e-12},
    {"nri_category:Pr(Up|Case)", "up_event", 1e-12},
    {"nri_category:Pr(Down|Case)", "down_event", 1e-12},
    {"nri_category:Pr(Up|Ctrl)", "up_nonevent", 1e-12},
    {"nri_category:Pr(Down|Ctrl)", "down_nonevent", 1e-12},
};

static void compare(set *s, const evaluate_reference *r, double value, double expected, double tolerance)
{
    s->compared++;
    if (evaluate_close(value, expected, tolerance)) return;
    s->failed++;
    print_error("%s %s %s %s (%s): %.15g, expected %.15g\n", s->name, r->model, r->weights, r->metric, r->source, value,
                expected);
}

static void compare_estimate(set *s, const evaluate_reference *r, const hra_metric *m, double tolerance)
{
    compare(s, r, m->is.value, r->value, tolerance);
    if (!isnan(r->standard_error)) compare(s, r, m->is.standard_error, r->standard_error, fmax(tolerance, 1e-10));
    if (!isnan(r->lower)) compare(s, r, m->is.lower, fmax(r->lower, strcmp(r->metric, "auc") ? -1 : 0), 1e-9);
    if (!isnan(r->upper)) compare(s, r, m->is.upper, fmin(r->upper, 1), 1e-9);
}

static void check_at_threshold(set *s, const evaluate_reference *r, const hra_metrics *list)
{
    static const char *const at[][2] = {
        {"sens@", "sensitivity"}, {"spec@", "specificity"}, {"ppv@", "ppv"}, {"npv@", "npv"}};
    for (int i = 0; i < 4; i++) {
        size_t length = strlen(at[i][0]);
        if (strncmp(r->metric, at[i][0], length) != 0) continue;
        compare(s, r, evaluate_find(list, at[i][1], strtod(r->metric + length, NULL))->is.value, r->value, 1e-12);
    }
    int tenth;
    char side[8];
    if (sscanf(r->metric, "decile_%d_%7s", &tenth, side) == 2) {
        const char *name = strcmp(side, "obs") == 0 ? "tenth_observed" : "tenth_expected";
        compare(s, r, evaluate_find(list, name, tenth)->is.value, r->value, 1e-12);
    }
    if (strcmp(r->metric, "net_benefit") != 0) return;
    double threshold = strtod(strstr(r->options, "threshold=") + strlen("threshold="), NULL);
    if (strstr(r->options, "variable=p"))
        compare(s, r, evaluate_find(list, "net_benefit", threshold)->is.value, r->value, 1e-11);
    if (strstr(r->options, "variable=all"))
        compare(s, r, evaluate_find(list, "net_benefit_all", threshold)->is.value, r->value, 1e-11);
}

/* The packages leave people with risks of 0 or 1 out where we need not; and R's regression runs away where weights are
 * thousands each. */
static int has_other_people(const set *s, const evaluate_reference *r)
{
    const double *risk = evaluate_column(&s->table, r->model);
    if (strncmp(r->metric, "cal_", 4) == 0 && fabs(r->value) > 1e6) return 1;
    if (strncmp(r->metric, "val.prob", 8) != 0) return 0;
    if (strcmp(r->weights, "case") == 0) return 1; /* the same test, without the weights */
    for (int64_t i = 0; i < s->table.rows; i++)
        if (risk[i] <= 0 || risk[i] >= 1) return 1;
    return 0;
}

static int count_tenths(const hra_metrics *list)
{
    int count = 0;
    for (int64_t i = 0; i < hra_metrics_count(list); i++)
        count += strcmp(hra_metrics_at(list, i)->name, "tenth_observed") == 0;
    return count;
}

static void check_one(set *s, const evaluate_reference *r)
{
    const hra_metrics *list = list_of(s, r->model, "", strcmp(r->weights, "case") == 0);
    check_at_threshold(s, r, list);
    if (strcmp(r->metric, "hl_p_df_gminus2") == 0 && count_tenths(list) == 10) /* theirs is of ten groups always */
        compare(s, r, evaluate_find(list, "hl_p_fitted", NAN)->is.value, r->value, 1e-10);
    for (size_t i = 0; i < sizeof of_one / sizeof *of_one; i++)
        if (strcmp(r->metric, of_one[i].metric) == 0 && !has_other_people(s, r))
            compare_estimate(s, r, evaluate_find(list, of_one[i].name, NAN), of_one[i].tolerance);
}

static void check_two(set *s, const evaluate_reference *r, const char *model, const char *other)
{
    const hra_metrics *list = list_of(s, model, other, 0);
    for (size_t i = 0; i < sizeof of_two / sizeof *of_two; i++)
        if (strcmp(r->metric, of_two[i].metric) == 0)
            compare_estimate(s, r, evaluate_find(list, of_two[i].name, NAN), of_two[i].tolerance);
    static const char *const by_z[][2] = {
        {"delong_z", "delta_auc"}, {"improveProb:z.nri", "nri_continuous"}, {"improveProb:z.idi", "idi"}};
    for (int i = 0; i < 3; i++) {
        if (strcmp(r->metric, by_z[i][0]) != 0) continue;
        hra_estimate is = evaluate_find(list, by_z[i][1], NAN)->is;
        double z = is.value == 0 && !isnan(r->value) ? 0 : is.value / is.standard_error; /* 0 / 0 is 0 to some */
        compare(s, r, z, r->value, 1e-9);
    }
}

static void check(const evaluate_reference *r, void *context)
{
    set *s = context;
    char model[16], other[16];
    if (sscanf(r->model, "%15s over %15s", model, other) == 2 || sscanf(r->model, "%15s vs %15s", model, other) == 2)
        check_two(s, r, model, other);
    else if (evaluate_column(&s->table, r->model))
        check_one(s, r);
}

static void check_set(const char *name, int least)
{
    char path[512];
    set s = {.name = name};
    snprintf(path, sizeof path, "%spred_%s.csv.gz", EVALUATE_DATA, name);
    if (!evaluate_read_table(path, &s.table)) {
        print_message("skipped: %s is not there\n", path);
        skip();
    }
    const double *y = evaluate_column(&s.table, "y");
    s.event = malloc((size_t)s.table.rows);
    assert_non_null(y);
    assert_non_null(s.event);
    for (int64_t i = 0; i < s.table.rows; i++) s.event[i] = y[i] == 1;
    s.people = s.weighted = (hra_cohort){.rows = s.table.rows, .event = s.event};
    s.weighted.weight = evaluate_column(&s.table, "w");
    snprintf(path, sizeof path, "%sref_%s.csv", EVALUATE_DATA, name);
    evaluate_each_reference(path, check, &s);
    for (int i = 0; i < s.lists; i++) hra_metrics_free(s.list[i].metrics);
    evaluate_free_table(&s.table);
    free(s.event);
    print_message("%s: %d numbers compared\n", name, s.compared);
    assert_int_equal(s.failed, 0);
    assert_true(s.compared >= least);
}

static void framingham(void **state) { check_set("framingham_bin", 300); }
static void nhanes(void **state) { check_set("nhanes0304_diab", 100); }
static void pima(void **state) { check_set("pima", 100); }
static void virginia(void **state) { check_set("virginia_diabetes", 100); }

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(framingham), cmocka_unit_test(nhanes), cmocka_unit_test(pima),
                                       cmocka_unit_test(virginia)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
