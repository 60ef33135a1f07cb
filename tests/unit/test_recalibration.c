/* New calibrations against those of R on the same people, and what makes one impossible. */
#include "evaluate_fixture.h"

#include "evaluate/recalibration.h"

/* ---- R ------------------------------------------------------------------------------------------ */

typedef struct reference {
    const char *file, *risk, *weights; /* karno: a risk made of it; weights "": none */
    double horizon;                    /* NAN: known outcomes */
    bool competing, free_slope;
    double expected[4]; /* intercept, its standard error, slope, its standard error; NAN: not given */
} reference;

/* R 4.2.2, survival 3.5-3: glm(y ~ 1, offset = qlogis(p)), glm(y ~ qlogis(p)) with epsilon = 1e-14, errors from the
 * fitted values, with weights the sandwich estimate; survfit, and the root in u of mean(1 - (1 - p)^exp(u)) = 1 -
 * survival at the horizon; coxph of log(-log1p(-p)) with the follow-up cut at the horizon, eps = 1e-14, timefix =
 * FALSE, with weights robust, and log(basehaz(centered = FALSE)) at the horizon, its error from survfit of the
 * regression at 0. Competing events: survival::pseudo, and geese of geepack 1.3.9 with the link cloglog; with weights
 * resid() of the same survfit, and the same least squares. */
static const reference references[] = {
    {"metrics/pred_framingham_bin.csv.gz",
     "M",
     "",
     NAN,
     false,
     false,
     {0.28503994317569437, 0.059111798969239564, 1, NAN}},
    {"metrics/pred_framingham_bin.csv.gz",
     "M",
     "",
     NAN,
     false,
     true,
     {-0.35714285714279592, 0.12855212305893082, 0.71428571428575161, 0.048719034255900413}},
    {"metrics/pred_framingham_bin.csv.gz",
     "F",
     "",
     NAN,
     false,
     false,
     {-0.41574701704770245, 0.057641032033550164, 1, NAN}},
    {"metrics/pred_framingham_bin.csv.gz",
     "F",
     "",
     NAN,
     false,
     true,
     {-0.6679708333287866, 0.11646028031271372, 0.84627402155084519, 0.060406138961953224}},
    {"metrics/pred_framingham_bin.csv.gz",
     "F",
     "w",
     NAN,
     false,
     false,
     {-0.44006054727205923, 0.064288343292887018, 1, NAN}},
    {"metrics/pred_framingham_bin.csv.gz",
     "F",
     "w",
     NAN,
     false,
     true,
     {-0.72500237909007081, 0.12236896227908931, 0.82575954446343058, 0.060567254702095473}},
    {"metrics/pred_pima.csv.gz", "C", "", NAN, false, false, {-2.8135387050676471e-16, 0.14907119849998582, 1, NAN}},
    {"metrics/pred_pima.csv.gz",
     "C",
     "",
     NAN,
     false,
     true,
     {0.049481415882388857, 0.16657503842193622, 1.1016961417741704, 0.13521885372102138}},
    {"metrics/pred_pima.csv.gz", "B", "w", NAN, false, false, {-0.058443931002231782, 0.14465171710013994, 1, NAN}},
    {"metrics/pred_pima.csv.gz",
     "B",
     "w",
     NAN,
     false,
     true,
     {-0.10508716627443759, 0.18166114997380875, 0.91671820884286992, 0.1490090821010637}},
    {"metrics/pred_framingham_cvd_frs.csv.gz",
     "FRS_3652",
     "",
     3652,
     false,
     false,
     {-0.36205381433360223, 0.055571182493258403, 1, NAN}},
    {"metrics/pred_framingham_cvd_frs.csv.gz",
     "FRS_3652",
     "",
     3652,
     false,
     true,
     {-0.13817308561405056, 0.11505972720479567, 1.1210195094497493, 0.064432914170624064}},
    {"metrics/pred_flchain.csv.gz",
     "B_3652",
     "",
     1826,
     false,
     false,
     {-0.756083487141613, 0.034986411988880931, 1, NAN}},
    {"metrics/pred_flchain.csv.gz",
     "B_3652",
     "",
     1826,
     false,
     true,
     {-0.50843934537321522, 0.070195372006260803, 1.2391147261244082, 0.064386925318713248}},
    {"metrics/pred_nhanes0304_mort.csv.gz", "A_120", "w", 60, false, false, {-0.95411808677904786, NAN, 1, NAN}},
    {"metrics/pred_nhanes0304_mort.csv.gz",
     "A_120",
     "w",
     60,
     false,
     true,
     {-0.98442054135018253, NAN, 0.9674198975676761, 0.061614131083665397}},
    {"metrics/pred_pbc_cr.csv.gz",
     "crB_2922",
     "",
     2922,
     false,
     false,
     {0.05535271847304387, 0.10024175738343884, 1, NAN}},
    {"metrics/pred_pbc_cr.csv.gz",
     "crB_2922",
     "",
     2922,
     false,
     true,
     {-0.013990616347476325, 0.14103655076964239, 0.91402977077101744, 0.19584038809019344}},
    {"metrics/pred_pbc_cr.csv.gz", "crB_2922", "", 2922, true, false, {0.0019059101952222034, NAN, 1, NAN}},
    {"metrics/pred_pbc_cr.csv.gz",
     "crB_2922",
     "",
     2922,
     true,
     true,
     {-0.076916362321586107, 0.14812389162893336, 0.86126658311234428, 0.20605670764672068}},
    {"metrics/pred_nhanes0304_mort.csv.gz",
     "crA_120",
     "w",
     120,
     true,
     true,
     {-0.057890140905278192, 0.24587625768893132, 0.96444687864685208, 0.10595539164484201}},
    {"survival-sets/veteran.csv.gz",
     "karno",
     "",
     100,
     false,
     false,
     {0.47885052640830317, 0.13097263257840072, 1, NAN}},
    {"survival-sets/veteran.csv.gz",
     "karno",
     "",
     100,
     false,
     true,
     {1.0373143631548001, 0.17051610727323996, 1.8592816133685708, 0.25023588120391455}},
};

static bool near_to(double value, double expected) { return fabs(value - expected) <= 1e-9 * fmax(1, fabs(expected)); }

typedef struct cohort_of_file {
    evaluate_table table;
    double *risk;
    uint8_t *event;
    hra_cohort people;
} cohort_of_file;

static bool read_cohort(const reference *r, cohort_of_file *c)
{
    char path[512];
    snprintf(path, sizeof path, "%s/../shared/data/%s", HRA_SOURCE_DIR, r->file);
    if (!evaluate_read_table(path, &c->table)) return false;
    size_t rows = (size_t)c->table.rows;
    c->risk = malloc(rows * sizeof *c->risk);
    c->event = malloc(rows);
    assert_true(c->risk && c->event);
    bool made = strcmp(r->risk, "karno") == 0;
    bool caused = strncmp(r->risk, "cr", 2) == 0;
    const double *given = evaluate_column(&c->table, r->risk);
    const double *event = evaluate_column(&c->table, isnan(r->horizon) ? "y" : caused ? "cstatus" : "status");
    assert_true(given && event);
    for (size_t i = 0; i < rows; i++) {
        c->risk[i] = made ? 0.9 - 0.008 * given[i] : given[i];
        c->event[i] = (uint8_t)event[i];
        if (c->event[i] == HRA_COMPETING && !r->competing) c->event[i] = HRA_CENSORED;
    }
    c->people = (hra_cohort){c->table.rows, isnan(r->horizon) ? NULL : evaluate_column(&c->table, "time"), c->event,
                             *r->weights ? evaluate_column(&c->table, r->weights) : NULL};
    return true;
}

static void drop_cohort(cohort_of_file *c)
{
    evaluate_free_table(&c->table);
    free(c->risk);
    free(c->event);
}

static int compare(const reference *r, const hra_new_calibration *c)
{
    const double found[] = {c->intercept.is.value, c->intercept.is.standard_error, c->slope.is.value,
                            c->slope.is.standard_error};
    int wrong = 0;
    for (int i = 0; i < 4; i++)
        if (!isnan(r->expected[i]) && !near_to(found[i], r->expected[i])) {
            print_message("%s %s %s slope %d: %d is %.17g, not %.17g\n", r->file, r->risk, r->weights, r->free_slope, i,
                          found[i], r->expected[i]);
            wrong++;
        }
    return wrong;
}

/* The new risks agree with the cohort: the mean without a slope, the slope with one. */
static void agrees(const reference *r, cohort_of_file *c, const hra_new_calibration *n)
{
    for (int64_t i = 0; i < c->people.rows; i++) c->risk[i] = hra_newly_calibrated(n, c->risk[i]);
    hra_agreement after;
    assert_int_equal(hra_agreement_of(&c->people, c->risk, r->horizon, &after, NULL), HRA_OK);
    if (r->free_slope) assert_true(near_to(after.slope.is.value, 1));
    if (!n->extreme && !(r->free_slope && n->timed)) assert_true(near_to(after.ratio.is.value, 1));
}

static void test_r(void **state)
{
    (void)state;
    int wrong = 0, compared = 0;
    for (size_t i = 0; i < sizeof references / sizeof *references; i++) {
        const reference *r = &references[i];
        cohort_of_file c;
        if (!read_cohort(r, &c)) continue;
        hra_new_calibration n;
        assert_int_equal(hra_calibrate_anew(&c.people, c.risk, r->horizon, r->free_slope, &n, NULL), HRA_OK);
        assert_string_equal(n.intercept.why, "");
        wrong += compare(r, &n);
        agrees(r, &c, &n);
        drop_cohort(&c);
        compared++;
    }
    if (!compared) print_message("skipped: no cohorts in ../shared/data\n");
    assert_int_equal(wrong, 0);
}

/* ---- by hand ------------------------------------------------------------------------------------ */

static hra_new_calibration calibrate(const hra_cohort *people, const double *risk, double horizon, bool free_slope)
{
    hra_new_calibration n;
    assert_int_equal(hra_calibrate_anew(people, risk, horizon, free_slope, &n, NULL), HRA_OK);
    return n;
}

/* All risks equal: odds of 1 where they were 1/3; hazards of ln 2 where they were ln(4/3). */
static void test_factors(void **state)
{
    (void)state;
    const uint8_t event[] = {1, 0, 1, 0};
    const double risk[] = {0.25, 0.25, 0.25, 0.25}, time[] = {1, 9, 2, 9};
    hra_cohort known = {4, NULL, event, NULL}, timed = {4, time, event, NULL};
    hra_new_calibration n = calibrate(&known, risk, NAN, false);
    assert_true(near_to(n.intercept.is.value, log(3)) && near_to(n.intercept.is.standard_error, 1));
    assert_true(near_to(hra_newly_calibrated(&n, 0.25), 0.5) && near_to(hra_newly_calibrated(&n, 0.5), 0.75));
    n = calibrate(&timed, risk, 5, false);
    assert_true(near_to(n.intercept.is.value, log(log(2) / log(4.0 / 3))));
    assert_true(near_to(hra_newly_calibrated(&n, 0.25), 0.5));
    assert_true(hra_newly_calibrated(&n, 0) == 0 && hra_newly_calibrated(&n, 1) == 1);
    /* as many people again: a weight of 2 */
    const double twice[] = {2, 2, 2, 2};
    hra_cohort heavy = {4, time, event, twice};
    assert_true(near_to(calibrate(&heavy, risk, 5, false).intercept.is.value, n.intercept.is.value));
}

/* Far from the truth, and beside risks that cannot move. */
static void test_far(void **state)
{
    (void)state;
    const uint8_t event[] = {1, 0, 0, 1, 0};
    const double time[] = {1, 9, 9, 3, 9}, tiny[] = {1e-12, 2e-12, 1e-13, 1e-14, 0},
                 high[] = {1, 0.999999, 0.99, 0.9, 0};
    hra_cohort people = {5, time, event, NULL};
    const double *const risks[] = {tiny, high};
    for (int i = 0; i < 2; i++) {
        hra_new_calibration n = calibrate(&people, risks[i], 5, false);
        double sum = 0;
        for (int k = 0; k < 5; k++) sum += hra_newly_calibrated(&n, risks[i][k]);
        assert_true(near_to(sum / 5, 0.4));
        assert_int_equal(n.extreme, i + 1);
    }
}

static void says_why(const uint8_t *event, const double *time, const double *risk, double horizon, bool slope,
                     const char *why)
{
    hra_cohort people = {4, time, event, NULL};
    hra_new_calibration n = calibrate(&people, risk, horizon, slope);
    assert_string_equal(n.intercept.why, why);
    assert_true(isnan(n.intercept.is.value));
}

static void test_impossible(void **state)
{
    (void)state;
    const uint8_t none[] = {0, 0, 0, 0}, all[] = {1, 1, 1, 1}, some[] = {1, 0, 1, 0}, competing[] = {1, 2, 1, 0};
    const double time[] = {1, 9, 2, 9}, risk[] = {0.25, 0.1, 0.2, 0.05}, equal[] = {0.2, 0.2, 0.2, 0.2};
    const double ones[] = {1, 1, 1, 0.5}, zeros[] = {0, 0, 0, 0.5};
    says_why(none, time, risk, 5, false, "nobody has the event");
    says_why(all, time, risk, 9, false, "nobody is free of the event at the horizon");
    says_why(some, time, ones, 5, false, "more people have a risk of 1 than have the event");
    says_why(some, time, zeros, 5, false, "more people have the event than a risk above 0");
    says_why(some, time, risk, 10, false, "the horizon lies after the last follow-up");
    says_why(some, time, risk, 10, true, "the horizon lies after the last follow-up");
    says_why(some, time, equal, 5, true, "all risks are equal");
    says_why(competing, time, risk, 5, true, "the regression of pseudo-values found no minimum");
    says_why(none, NULL, risk, NAN, false, "nobody has the event");
    says_why(some, NULL, equal, NAN, true, "all risks are equal");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_r),
        cmocka_unit_test(test_factors),
        cmocka_unit_test(test_far),
        cmocka_unit_test(test_impossible),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
