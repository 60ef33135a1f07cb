/* Net benefit, reclassification and differences of two models on people with times, against established packages. */
#include "evaluate_fixture.h"

#include "evaluate/comparison.h"
#include "evaluate/thresholds.h"

static const double thresholds[] = {0.01, 0.02, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5};
static const double cuts[] = {0.05, 0.1, 0.2};
enum { THRESHOLDS = sizeof thresholds / sizeof *thresholds };

/* A data set with the list of measures that the last reference was about. */
typedef struct set {
    const char *name;
    evaluate_table table;
    uint8_t *status, *cstatus; /* NULL: none */
    char key[64];
    hra_metrics *metrics;
    int compared, failed;
} set;

static const double *risk_of(const set *s, const char *model, const char *horizon)
{
    char name[64];
    snprintf(name, sizeof name, "%s_%s", model, horizon);
    return evaluate_column(&s->table, name);
}

static const hra_metrics *list_of(set *s, const char *model, const char *other, const char *horizon)
{
    char key[64];
    const double *risk = risk_of(s, model, horizon), *reference = risk_of(s, other, horizon);
    if (!risk || (*other && !reference)) return NULL; /* a model without predictions, such as the null model */
    snprintf(key, sizeof key, "%s|%s|%s", model, other, horizon);
    if (s->metrics && strcmp(key, s->key) == 0) return s->metrics;
    hra_metrics_free(s->metrics);
    s->metrics = evaluate_list();
    memcpy(s->key, key, sizeof key);
    hra_cohort people = {.rows = s->table.rows,
                         .time = evaluate_column(&s->table, "time"),
                         .event = strncmp(model, "cr", 2) == 0 ? s->cstatus : s->status};
    assert_non_null(people.event);
    double t = strtod(horizon, NULL);
    if (*other)
        assert_int_equal(hra_compare_measures(s->metrics, &people, risk, reference, t, cuts, 3, NULL), HRA_OK);
    else
        assert_int_equal(hra_threshold_measures(s->metrics, &people, risk, t, thresholds, THRESHOLDS, NULL), HRA_OK);
    return s->metrics;
}

static void compare(set *s, const evaluate_reference *r, double value, double expected, double tolerance)
{
    if (isnan(expected)) return;
    s->compared++;
    if (evaluate_close(value, expected, tolerance)) return;
    s->failed++;
    print_error("%s %s at %s, %s (%s, %s): %.15g, expected %.15g\n", s->name, r->model, r->horizon, r->metric,
                r->source, r->options, value, expected);
}

static void check_net_benefit(set *s, const evaluate_reference *r)
{
    char model[16] = "", policy[16] = "";
    sscanf(r->model, "%15[^:]:%15s", model, policy);
    if (strcmp(policy, "none") == 0) return;
    const hra_metrics *list = list_of(s, model, "", r->horizon);
    double threshold = strtod(strstr(r->options, "threshold=") + strlen("threshold="), NULL);
    assert_non_null(list);
    compare(s, r, evaluate_find(list, *policy ? "net_benefit_all" : "net_benefit", threshold)->is.value, r->value,
            1e-10);
}

static void check_two(set *s, const evaluate_reference *r, const char *model, const char *other)
{
    static const char *const names[][2] = {
        {"nri_category_km:NRI", "nri"},
        {"nri_category_km:NRI+", "nri_event"},
        {"nri_category_km:NRI-", "nri_nonevent"},
        {"nri_category_km:Pr(Up|Case)", "up_event"},
        {"nri_category_km:Pr(Down|Case)", "down_event"},
        {"nri_category_km:Pr(Up|Ctrl)", "up_nonevent"},
        {"nri_category_km:Pr(Down|Ctrl)", "down_nonevent"},
        {"nri_diff_km:NRI", "nri_continuous"},
        {"nri_diff_km:NRI+", "nri_continuous_event"},
        {"nri_diff_km:NRI-", "nri_continuous_nonevent"},
        {"nri_diff_km:Pr(Up|Case)", "higher_event"},
        {"nri_diff_km:Pr(Down|Case)", "lower_event"},
        {"nri_diff_km:Pr(Up|Ctrl)", "higher_nonevent"},
        {"nri_diff_km:Pr(Down|Ctrl)", "lower_nonevent"},
        {"delta_auc_t", "delta_auc"},
        {"delta_brier_t", "delta_brier"},
    };
    const hra_metrics *list = NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(r->metric, names[i][0]) != 0 || !(list = list_of(s, model, other, r->horizon))) continue;
        hra_estimate is = evaluate_find(list, names[i][1], NAN)->is;
        compare(s, r, is.value, r->value, 1e-9);
        /* the influence on G is not the same to the last digit where people are few: 1e-6 of 416 */
        compare(s, r, is.standard_error, r->standard_error, 3e-6);
        compare(s, r, is.lower, r->lower, 3e-6);
        compare(s, r, is.upper, r->upper, 3e-6);
    }
}

static void check(const evaluate_reference *r, void *context)
{
    set *s = context;
    char model[16], other[16];
    if (strcmp(r->weights, "none") != 0) return;
    if (strcmp(r->metric, "net_benefit") == 0) check_net_benefit(s, r);
    if (sscanf(r->model, "%15s over %15s", model, other) == 2 || sscanf(r->model, "%15s vs %15s", model, other) == 2)
        check_two(s, r, model, other);
}

static uint8_t *outcomes(const evaluate_table *t, const char *name)
{
    const double *column = evaluate_column(t, name);
    if (!column) return NULL;
    uint8_t *event = malloc((size_t)t->rows);
    assert_non_null(event);
    for (int64_t i = 0; i < t->rows; i++) event[i] = (uint8_t)column[i];
    return event;
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
    s.status = outcomes(&s.table, "status");
    s.cstatus = outcomes(&s.table, "cstatus");
    snprintf(path, sizeof path, "%sref_%s.csv", EVALUATE_DATA, name);
    evaluate_each_reference(path, check, &s);
    hra_metrics_free(s.metrics);
    evaluate_free_table(&s.table);
    free(s.status);
    free(s.cstatus);
    print_message("%s: %d numbers compared\n", name, s.compared);
    assert_int_equal(s.failed, 0);
    assert_true(s.compared >= least);
}

static void framingham(void **state) { check_set("framingham_chd", 300); }
static void published_model(void **state) { check_set("framingham_cvd_frs", 18); }
static void months(void **state) { check_set("nhanes0304_mort", 100); }
static void ten_values(void **state) { check_set("flchain", 100); }
static void two_values(void **state) { check_set("rotterdam", 100); }
static void cirrhosis(void **state) { check_set("pbc_cr", 70); }
static void melanoma(void **state) { check_set("melanoma_cr", 70); }

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(framingham), cmocka_unit_test(published_model),
                                       cmocka_unit_test(months),     cmocka_unit_test(ten_values),
                                       cmocka_unit_test(two_values), cmocka_unit_test(cirrhosis),
                                       cmocka_unit_test(melanoma)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
