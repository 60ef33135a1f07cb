/* What would comfort or misdirect somebody wrongly: treated people, low glucose, the young, pregnancy. */
#include "rules_fixture.h"

static void man_without_known_disease(int age)
{
    healthy_man();
    set("age", age);
    set("prior_mi", 0);
    set("prior_stroke", 0);
    set("prior_chd", 0);
    set("egfr", 95);
    set("lipid_treated", 0);
}

/* Whoever takes medicine is not told to try diet first, or to ask whether treatment is needed. */
static void advice_on_lipids_knows_of_the_treatment(void **state)
{
    (void)state;
    static const char *const untreated[] = {"T01", "T02", "T06", "T10"};
    static const double ldl[] = {3.5, 4.3, 5.2};
    for (size_t i = 0; i < sizeof ldl / sizeof ldl[0]; i++) {
        man_without_known_disease(50);
        set("tc", 6.0);
        set("ldl", ldl[i]);
        present();
        assert_false(is_due("T11") || is_due("T12"));
        set("lipid_treated", 1);
        present();
        expect("T11", 1);
        assert_false(is_due("T12"));
        for (size_t k = 0; k < sizeof untreated / sizeof untreated[0]; k++) assert_false(is_due(untreated[k]));
        set("lipid_treated", UNKNOWN); /* not asked is not treated */
        present();
        assert_false(is_due("T11") || is_due("T12"));
    }
    man_without_known_disease(50);
    set("lipid_treated", 1);
    present(); /* at goal */
    assert_true(is_due("T12") && !is_due("T11") && !is_due("T06"));
    set("diabetes", 1); /* high risk: below 2.6 */
    present();
    assert_true(is_due("T12") && !is_due("T06"));
    set("ldl", 2.6);
    present();
    assert_true(is_due("T11") && !is_due("T12") && !is_due("T10"));
    set("prior_mi", 1); /* the cardiologist reviews the treatment */
    set("ldl", 4.3);
    present();
    assert_true(is_due("R02") && !is_due("T11") && !is_due("T01"));
    set("ldl", 1.7);
    present();
    assert_true(is_due("T12") && !is_due("R02"));
    man_without_known_disease(50); /* the class is not known: nobody says that the goal is met */
    set("lipid_treated", 1);
    set("ldl", 3.0);
    set("prior_mi", UNKNOWN);
    set("prior_stroke", UNKNOWN);
    set("prior_chd", UNKNOWN);
    present();
    assert_false(is_due("T11") || is_due("T12"));
}

static void low_glucose_is_not_called_controlled(void **state)
{
    (void)state;
    man_without_known_disease(60);
    set("diabetes", 1);
    set("glucose_treated", 1);
    set("hba1c", 6.4);
    set("glucose_fasting", 5.6);
    present();
    assert_true(is_due("G04") && is_due("mon_glucose_at_target") && !is_due("mon_glucose_above"));
    expect("r_glucose_abnormal", 1);
    expect("topic_glucose", 1);
    set("glucose_fasting", 3.6);
    present();
    expect("topic_glucose", 0);
    assert_true(is_due("G07") && !is_due("G04") && !is_due("mon_glucose_at_target") && is_due("mon_glucose_above"));
    expect("r_glucose_abnormal", 1); /* the diabetes is known */
    man_without_known_disease(28);
    set("glucose_fasting", 2.7);
    present();
    expect("r_crit_glu_lo", 1);
    expect("r_glucose_abnormal", UNKNOWN); /* not applicable rather than absent */
    expect("topic_glucose", 0);
    expect_level("health_level", "economy");
}

/* Below the age of screening, and without a model, three factors are no reason to say that there is no alert. */
static void young_people_with_many_factors_have_no_stroke_all_clear(void **state)
{
    (void)state;
    man_without_known_disease(33);
    set("af", 0);
    set("fh_stroke", 0);
    set("activity_min_week", 200);
    present();
    expect("stroke8_count", 0);
    expect("r_stroke_alert", 0);
    set_level("smoking_status", "current");
    set("hypertension", 1);
    present();
    expect("r_stroke_alert", 0);
    set("diabetes", 1);
    present();
    expect("stroke8_count", 3);
    expect("r_stroke_8", 0);
    expect("r_stroke_alert", UNKNOWN);
    set("age", 28);
    present();
    expect("r_stroke_alert", UNKNOWN);
    set("age", 40);
    present();
    expect("r_stroke_alert", 1);
    set("age", 33); /* who was not asked may have them */
    set("diabetes", UNKNOWN);
    set("glucose_treated", UNKNOWN);
    present();
    expect("r_stroke_alert", UNKNOWN);
    set("age", 28);
    present();
    expect("r_stroke_alert", 0);
}

/* The criteria of lung screening are for 50 to 74 years: outside them 20 pack-years are no all-clear. */
static void heavy_smokers_have_no_lung_all_clear(void **state)
{
    (void)state;
    man_without_known_disease(44);
    set_level("smoking_status", "current");
    set("pack_years", 19);
    present();
    expect("r_lung_alert", 0);
    set("pack_years", 20);
    present();
    expect("r_lung_high", 0);
    expect("r_lung_alert", UNKNOWN);
    set("age", 55);
    present();
    expect("r_lung_alert", 1);
}

static void glucose_in_pregnancy_has_limits_of_its_own(void **state)
{
    (void)state;
    healthy_man();
    set_level("sex", "female");
    set("pregnant", 0);
    set("glucose_fasting", 5.4);
    present();
    expect("r_glu_pregnancy", 0);
    expect("r_glucose_abnormal", 0);
    set("pregnant", 1);
    present();
    expect("r_glu_pregnancy", 1);
    expect("r_glucose_abnormal", 1);
    expect("topic_glucose", 0);
    expect("r_dm_alert", 1);
    expect("r_fpg_normal", UNKNOWN); /* that would say the opposite */
    assert_true(is_due("G10") && !is_due("F06"));
    expect_level("health_level", "standard");
    set("glucose_fasting", 5.0);
    present();
    expect("r_glu_pregnancy", 0);
    assert_false(is_due("G10"));
    set("glucose_2h", 8.5);
    present();
    expect("r_glu_pregnancy", 1);
    expect("r_prediabetes", UNKNOWN); /* a word for people who are not pregnant */
    assert_true(is_due("G10") && !is_due("G01"));
    set("glucose_2h", 8.0); /* raised for others: told, so somebody looks at it */
    present();
    expect("r_glu_pregnancy", 0);
    expect("r_glucose_abnormal", 1);
    expect("r_ogtt_igt", UNKNOWN);
    expect_level("health_level.reason", "standard.13"); /* the last: reasons that were there keep their numbers */
    assert_true(is_due("G10"));
    set("glucose_fasting", 6.5); /* good for other people with diabetes */
    set("diabetes", 1);
    set("glucose_treated", 1);
    set("hba1c", 6.2);
    present();
    expect("topic_glucose", 0);
    assert_true(is_due("G10") && !is_due("G04"));
    set("diabetes", 0);
    set("glucose_treated", 0);
    set("pregnant", 0);
    present();
    expect("r_prediabetes", 1);
}

/* Cholesterol rises in pregnancy: no stratum and no health level follow from it. Nor from a score that counts her
 * waist. */
static void strata_and_scores_are_not_for_pregnancy(void **state)
{
    static const char *const strata[] = {"r_ascvd_low", "r_ascvd_high",  "r_ldl_above_goal", "r_chd_alert",
                                         "r_cdrs_high", "r_htnrisk_mid", "r_htnrisk_high"};
    (void)state;
    man_without_known_disease(44);
    set_level("sex", "female");
    set("pregnant", 0);
    set("tc", 7.4);
    set("ldl", 4.5);
    set("waist", 100);
    set("bmi", 29);
    set("fh_diabetes", 1);
    present();
    expect("r_ascvd_high", 1);
    expect("r_cdrs_high", 1);
    expect_level("health_level", "comprehensive");
    expect_level("chronic_class", "diabetes");
    set("pregnant", 1);
    present();
    for (size_t i = 0; i < sizeof strata / sizeof strata[0]; i++) expect(strata[i], UNKNOWN);
    expect("r_ldl_severe", 1);
    expect("r_dm_alert", 0);
    expect_level("health_level", "standard");
    expect_level("chronic_class", "none");
    assert_true(is_due("T13") && !is_due("T08") && !is_due("G12"));
    set("sbp", 150);
    set("urine_protein", 2);
    present();
    assert_true(is_due("B12") && !is_due("B07") && !is_due("C03") && !is_due("C20"));
    set("sbp", 112);
    present();
    assert_true(is_due("C20") && !is_due("C03"));
    set("pregnant", 0);
    present();
    assert_true(is_due("C03") && !is_due("C20"));
}

/* A pressure too low is not called controlled, and nobody with it, or with a heart that races, is told to keep it up.
 */
static void low_pressure_and_heart_rate_ask_for_a_step(void **state)
{
    (void)state;
    man_without_known_disease(35);
    set("heart_rate", 70);
    set("sbp", 90);
    set("dbp", 55);
    present();
    assert_true(is_due("F06") && !is_due("B18") && !is_due("B19"));
    set("sbp", 89);
    present();
    expect("r_bp_low", 1);
    assert_true(is_due("B18") && is_due("F12") && !is_due("F06") && !is_due("B17"));
    set("bp_treated", 1);
    present();
    expect_level("first_step.1", "B17");
    assert_true(!is_due("B04") && !is_due("B18"));
    set("bp_treated", 0);
    set("dbp", 95); /* contradictory: nothing is said of the level */
    present();
    expect("r_bp_low", UNKNOWN);
    assert_true(!is_due("B18"));
    set("sbp", 112);
    set("dbp", 72);
    static const double rates[] = {49, 101};
    for (int i = 0; i < 2; i++) {
        set("heart_rate", rates[i]);
        set("age", 35);
        present();
        assert_true(is_due("B19") && is_due("F12") && !is_due("F06"));
        set("age", 9); /* the limits are those of adults */
        present();
        assert_false(is_due("B19"));
        expect(i ? "r_hr_tachy" : "r_hr_brady", UNKNOWN);
    }
}

/* What is to be done today is not put off for a week, and no drink is allowed beside "none". */
static void advice_does_not_contradict_itself(void **state)
{
    (void)state;
    man_without_known_disease(48);
    set("diabetes", 1);
    set("glucose_fasting", 16.6);
    set("hba1c", 14);
    present();
    assert_true(is_due("G11") && !is_due("R01"));
    set("glucose_fasting", 16.7);
    present();
    expect("r_b_glucose", UNKNOWN);
    assert_true(is_due("R01") && !is_due("G11") && !is_due("follow_up_important_week"));
    man_without_known_disease(44);
    set("tg", 5.5);
    set("alcohol_g_day", 50);
    present();
    expect("L01", 1);
    set("tg", 5.6);
    present();
    assert_true(is_due("T04") && !is_due("L01"));
    set("ldl", 5.1);
    set("tc", 7.4);
    set("lipid_treated", 1);
    set("prior_mi", 1); /* very high is not called high */
    present();
    assert_true(is_due("R02") && !is_due("T06"));
}

static void blood_of_children_has_limits_of_its_own(void **state)
{
    (void)state;
    healthy_man();
    set("age", 18);
    present();
    expect("r_dq_minor", 0);
    set("age", 17);
    present();
    expect("r_dq_minor", 1);
    static const struct {
        double age, below, from;
    } limits[] = {{4, 109, 110}, {8, 114, 115}, {13, 119, 120}, {15, 129, 130}, {35, 129, 130}};
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        healthy_man();
        set("age", limits[i].age);
        set("hemoglobin", limits[i].below);
        present();
        expect("r_anemia", 1);
        set("hemoglobin", limits[i].from);
        present();
        expect("r_anemia", 0);
    }
}

/* The equation of adults says nothing of the kidneys of a boy; a value that a laboratory gave does. */
static void no_kidney_function_is_computed_under_18(void **state)
{
    (void)state;
    healthy_man();
    set("creatinine", 150);
    set("age", 18);
    present();
    expect("r_egfr_low", 1);
    set("age", 17);
    present();
    expect("r_egfr_low", UNKNOWN);
    expect_level("health_level", "economy");
    set("egfr", 50);
    present();
    expect("r_egfr_low", 1);
    expect_level("health_level", "comprehensive");
}

/* An important result is told although the test beside it was not made: the small packages have ALT alone. */
static void one_test_is_enough_for_an_important_result(void **state)
{
    (void)state;
    static const struct {
        const char *variable;
        double value;
        const char *finding, *item;
    } results[] = {{"alt", 250, "r_b_liver", "C16"},    {"ast", 250, "r_b_liver", "C16"},
                   {"egfr", 25, "r_b_kidney", "C12"},   {"creatinine", 500, "r_b_kidney", "C12"},
                   {"sbp", 165, "r_b_pressure", "B11"}, {"dbp", 104, "r_b_pressure", "B11"}};
    for (size_t i = 0; i < sizeof results / sizeof results[0]; i++) {
        nobody();
        set("age", 40);
        set_level("sex", "male");
        set(results[i].variable, results[i].value);
        present();
        expect(results[i].finding, 1);
        assert_true(is_due(results[i].item));
    }
}

/* Advice names no number that is not known: other words stand in. */
static void advice_does_without_unknown_numbers(void **state)
{
    (void)state;
    man_without_known_disease(40);
    set("bmi", 29);
    set("weight", 84);
    set("height", UNKNOWN);
    present(); /* the height follows from weight and BMI */
    assert_true(is_due("W01") && !is_due("W10"));
    set("weight", UNKNOWN);
    present();
    assert_true(is_due("W10") && !is_due("W01"));
    set("bmi", 26);
    present();
    assert_true(is_due("W10") && !is_due("W02"));
    set("bmi", 23.95); /* printed as 24.0; no weight that would round to nothing is named */
    set("weight", 69.2);
    set("height", 170);
    present();
    expect("r_bmi_over", 1);
    assert_true(is_due("W10") && !is_due("W02"));
    set("bmi", 22);
    present();
    assert_false(is_due("W10"));
    set_level("smoking_status", "current");
    set("cigs_per_day", 10);
    present();
    assert_true(is_due("S01") && !is_due("S06"));
    set("cigs_per_day", 0);
    present();
    assert_true(is_due("S06") && !is_due("S01"));
    set("cigs_per_day", UNKNOWN);
    present();
    assert_true(is_due("S06") && !is_due("S01"));
}

static void very_low_weight_has_a_deadline(void **state)
{
    (void)state;
    man_without_known_disease(22);
    set("height", UNKNOWN);
    set("bmi", 16.0);
    present();
    assert_true(is_due("W04") && !is_due("W11"));
    set("bmi", 15.9);
    present();
    expect("r_b_weight", 1);
    expect("follow_up_important_week", 1);
    expect_level("first_step.1", "W11");
    assert_false(is_due("W04"));
    set("activity_min_week", 60); /* nor is she told to move more, or given a goal by a cut point */
    set("sbp", 124);
    set("tg", 2.5);
    set("hdl", 1.2);
    present();
    assert_true(is_due("B10") && is_due("T08"));
    assert_true(!is_due("E01") && !is_due("B01") && !is_due("T03"));
    set("age", 12); /* as most are at that age */
    present();
    assert_false(is_due("r_b_weight") || is_due("W11"));
}

/* Among the results with a deadline the nearer day comes first. */
static void the_nearer_deadline_comes_first(void **state)
{
    (void)state;
    man_without_known_disease(60);
    set("diabetes", 1);
    set("glucose_treated", 1);
    set("glucose_fasting", 12);
    set("uacr", 350);
    set("egfr", 70);
    set("potassium", 6.2);
    present(); /* 3, 7 and 30 days */
    expect_level("first_step.1", "C17");
    expect_level("first_step.2", "G11");
    expect_level("first_step.3", "C13");
    set("egfr", 25); /* 14 days: the visit to the nephrologist stands for the albumin as well */
    present();
    expect_level("first_step.2", "G11");
    expect_level("first_step.3", "C12");
    set("potassium", 4.2);
    set("sbp", 165);
    set("dbp", 80);
    present();
    assert_true(is_due("B11"));
    expect_level("first_step.3", "C12");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(advice_on_lipids_knows_of_the_treatment),
        cmocka_unit_test(low_glucose_is_not_called_controlled),
        cmocka_unit_test(young_people_with_many_factors_have_no_stroke_all_clear),
        cmocka_unit_test(heavy_smokers_have_no_lung_all_clear),
        cmocka_unit_test(glucose_in_pregnancy_has_limits_of_its_own),
        cmocka_unit_test(strata_and_scores_are_not_for_pregnancy),
        cmocka_unit_test(low_pressure_and_heart_rate_ask_for_a_step),
        cmocka_unit_test(advice_does_not_contradict_itself),
        cmocka_unit_test(blood_of_children_has_limits_of_its_own),
        cmocka_unit_test(no_kidney_function_is_computed_under_18),
        cmocka_unit_test(advice_does_without_unknown_numbers),
        cmocka_unit_test(very_low_weight_has_a_deadline),
        cmocka_unit_test(one_test_is_enough_for_an_important_result),
        cmocka_unit_test(the_nearer_deadline_comes_first),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
