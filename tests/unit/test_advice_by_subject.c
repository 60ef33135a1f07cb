/* Advice and alerts of one subject: who is scored, raised pressure, cholesterol, smoking. */
#include "rules_fixture.h"

static void the_diabetes_score_is_for_20_to_74_years(void **state)
{
    (void)state;
    healthy_man();
    set("waist", 96);
    set("bmi", 27);
    set("sbp", 145);
    set("age", 74);
    present();
    expect("r_cdrs_high", 1);
    expect("G06", 1);
    set("age", 75);
    present();
    expect("r_cdrs_high", UNKNOWN);
    assert_int_equal(status_of("r_cdrs_high"), HRA_STATUS_NOT_APPLICABLE);
    assert_false(is_due("G06"));
    expect("r_cdm_dm", 0); /* the other reasons decide there */
    expect("r_dm_highrisk", 1);
    expect("r_dm_alert", 0);
    set("waist", 80);
    set("bmi", 22.5);
    set("sbp", 118);
    present();
    expect_level("plan_chronic", "not_eligible");
    set("glucose_fasting", 7.4);
    present();
    expect("r_cdm_dm", 1);
    expect_level("plan_chronic.reason", "enrolled.1");
    set("age", 19);
    set("glucose_fasting", 5.0);
    present();
    assert_int_equal(status_of("r_cdrs_high"), HRA_STATUS_NOT_APPLICABLE);
    expect("r_cdm_dm", 0);
    set("age", UNKNOWN);
    present();
    expect("r_cdm_dm", UNKNOWN);
}

/* 88/154: what the pressure is nobody knows, and somebody must look today. What stands without it stands. */
static void pressures_that_contradict_each_other(void **state)
{
    static const char *const findings[] = {"r_crit_bp", "r_bp_g3",      "r_bp_raised_once",    "r_htn_new",
                                           "r_bp_idh",  "r_b_pressure", "topic_blood_pressure"};
    (void)state;
    healthy_man();
    set("sbp", 88);
    set("dbp", 154);
    present();
    for (size_t i = 0; i < sizeof findings / sizeof *findings; i++) {
        expect(findings[i], UNKNOWN);
        assert_int_equal(status_of(findings[i]), HRA_STATUS_NOT_APPLICABLE);
    }
    expect("r_hypertension", UNKNOWN);
    expect("r_crit_bp_verify", 1);
    expect("r_b_pressure_verify", 0);
    expect("follow_up_urgent", 1);
    expect("r_dq_bp_order", 1);
    expect("R01", 1);
    expect("B15", 1);
    assert_false(is_due("B02") || is_due("B06") || is_due("B11") || is_due("B14") || is_due("E01") || is_due("E05"));
    set("hypertension", 1); /* known, whatever the day's values are */
    present();
    expect("r_hypertension", 1);
    expect("r_mets_bp", 1);
    expect("r_bp_not_at_goal", UNKNOWN);
    expect("B15", 1);
    expect("B05", 0);
    set("hypertension", 0);
    set("dbp", 104); /* not of today, but soon */
    present();
    expect("r_crit_bp_verify", 0);
    expect("r_b_pressure_verify", 1);
    assert_false(is_due("follow_up_urgent"));
    expect("follow_up_important_days", 1);
    expect("B16", 1);
    set("dbp", 92);
    present();
    expect("r_b_pressure_verify", 0);
    set_level("sex", "female");
    set("pregnant", 1);
    present();
    expect("r_b_pressure_verify", 1);
    expect("r_b_pressure_pregnancy", UNKNOWN);
    set("dbp", 112);
    present();
    expect("r_crit_bp_verify", 1);
    expect("r_crit_bp_pregnancy", UNKNOWN);
    set("age", 16);
    present();
    expect("r_crit_bp_verify", 1);
    set("sbp", 160); /* the right way round again */
    present();
    expect("r_crit_bp_verify", 0);
    expect("r_crit_bp_pregnancy", 1);
    set("sbp", UNKNOWN);
    present();
    expect("r_crit_bp", 1);
    expect("r_crit_bp_pregnancy", 1);
}

/* Waiting for diet and exercise alone is for low and moderate risk, and the goal is that of the class. */
static void cholesterol_goals_follow_the_risk_class(void **state)
{
    (void)state;
    healthy_man();
    set("prior_mi", 0);
    set("prior_stroke", 0);
    set("egfr", 95);
    set("lipid_treated", 0);
    set("ldl", 3.5);
    set("tc", 5.1);
    present();
    expect("ascvd_stratum", 1);
    expect("T02", 1);
    set("diabetes", 1);
    set("age", 50);
    set("ldl", 2.8);
    present();
    expect("ascvd_stratum", 3);
    expect("T02", 0);
    expect("T06", 0);
    expect("T10", 1);
    set("ldl", 2.2);
    present();
    expect("T06", 1);
    expect("T10", 0);
    /* without a history the class is not known, but diabetes makes it high at least */
    set("prior_mi", UNKNOWN);
    set("prior_stroke", UNKNOWN);
    set("ldl", 3.5);
    present();
    expect("T02", 0);
    expect("T10", 1);
    set("diabetes", 0);
    present();
    expect("T02", 1);
    assert_false(is_due("T10"));
}

/* High LDL cholesterol in high risk is one piece of advice, with the goal where the class is known. */
static void high_cholesterol_is_told_once(void **state)
{
    (void)state;
    healthy_man();
    set("prior_mi", 0);
    set("prior_stroke", 0);
    set("egfr", 95);
    set("lipid_treated", 0);
    set("age", 50);
    set("tc", 6.4);
    set("ldl", 4.3);
    present(); /* no high risk */
    assert_true(is_due("T01") && !is_due("T06") && !is_due("T10"));
    set("diabetes", 1);
    present();
    assert_true(is_due("T10") && !is_due("T01") && !is_due("T06"));
    set("prior_mi", 1); /* the class is very high: no sentence that calls it high */
    present();
    assert_true(is_due("T01") && !is_due("T10") && !is_due("T06"));
    set("prior_mi", 0);
    set("ldl", UNKNOWN);
    set("hdl", UNKNOWN); /* from which LDL cholesterol would be computed */
    set("tc", 7.3);
    present();
    assert_true(is_due("T07") && !is_due("T06") && !is_due("T10"));
}

/* The yearly CT is for those whom the criteria name; other former smokers are to ask the doctor. */
static void former_smokers_and_the_ct(void **state)
{
    (void)state;
    healthy_man();
    set("age", 60);
    set_level("smoking_status", "former");
    set("pack_years", 30);
    set("quit_years", 5);
    present();
    assert_true(is_due("r_lung_high") && is_due("C01") && !is_due("S05"));
    set("quit_years", 20);
    set("passive_years", 0);
    set("copd", 0);
    set("occ_carcinogen_years", 0);
    set("fh_lung_cancer", 0);
    present();
    assert_true(!is_due("C01") && is_due("S05"));
    set("pack_years", 10);
    present();
    assert_false(is_due("S05"));
}

/* An age the criteria are not for is no answer about somebody who was not asked about smoking. */
static void no_lung_alert_needs_smoking(void **state)
{
    (void)state;
    healthy_man();
    set("age", 44);
    set_level("smoking_status", "never");
    present();
    expect("r_lung_high", 0);
    expect("r_lung_alert", 0);
    set("smoking_status", UNKNOWN);
    present();
    expect("r_lung_high", 0);
    expect("r_lung_alert", UNKNOWN);
    set("age", 29); /* neither criteria nor models are for that age */
    present();
    expect("r_lung_alert", 0);
    set("age", 60);
    set("copd", 1); /* a criterion that needs no smoking */
    present();
    expect("r_lung_alert", 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_diabetes_score_is_for_20_to_74_years),
        cmocka_unit_test(pressures_that_contradict_each_other),
        cmocka_unit_test(cholesterol_goals_follow_the_risk_class),
        cmocka_unit_test(high_cholesterol_is_told_once),
        cmocka_unit_test(former_smokers_and_the_ct),
        cmocka_unit_test(no_lung_alert_needs_smoking),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
