/* One goal for one person, and no topic at target beside a finding that says otherwise. */
#include "rules_fixture.h"

static void treated(double age, double sbp, double dbp)
{
    healthy_man();
    set("age", age);
    set("hypertension", 1);
    set("bp_treated", 1);
    set("sbp", sbp);
    set("dbp", dbp);
    present();
}

static void one_goal_of_pressure_for_one_person(void **state)
{
    (void)state;
    for (double age = 60; age < 90; age++) {
        treated(age, 146, 78);
        bool reached = age >= 80;
        expect("topic_blood_pressure", reached);
        expect("r_bp_not_at_goal", !reached);
        expect("B04", reached);
        expect("B03", !reached);
        expect("mon_pressure_at_target", reached);
        expect("mon_pressure_above", !reached);
        expect("follow_up_not_at_goal", !reached);
        expect_number("bp_goal_below_systolic", reached ? 150 : 130);
        expect_number("bp_goal_below_diastolic", reached ? 90 : 80);
        expect_number("bp_home_below_systolic", reached ? 145 : 135);
        expect_number("topic_pressure_below_systolic", reached ? 150 : 130);
        expect("r_bp_uncontrolled_140", age < 65); /* nobody at the goal is told that the pressure is not controlled */
        treated(age, 152, 78);
        expect("r_bp_uncontrolled_140", 1);
    }
}

static void pressure_too_low_is_not_at_target(void **state)
{
    (void)state;
    treated(82, 90, 50);
    expect("topic_blood_pressure", 1);
    treated(82, 89, 50);
    expect("topic_blood_pressure", 0);
    assert_true(is_due("B17") && is_due("mon_pressure_low"));
    assert_false(is_due("B05") || is_due("mon_pressure_at_target"));
    healthy_man();
    set("sbp", 78);
    set("dbp", 45);
    present();
    expect("topic_blood_pressure", 0);
}

static void low_glucose_is_not_at_target(void **state)
{
    (void)state;
    healthy_man();
    set("glucose_fasting", 3.9);
    present();
    expect("topic_glucose", 1);
    assert_false(is_due("r_glu_low") || is_due("G14"));
    set("glucose_fasting", 3.89);
    present();
    expect("topic_glucose", 0);
    expect("r_glu_low", 1);
    expect("G14", 1);
    assert_int_equal(status_of("r_glucose_abnormal") & HRA_STATUS_NOT_APPLICABLE, HRA_STATUS_NOT_APPLICABLE);
    set("glucose_fasting", 2.6); /* for the same day */
    present();
    assert_true(is_due("r_crit_glu_lo") && is_due("G07") && is_due("R01") && !is_due("G14"));
    set_level("sex", "female"); /* in pregnancy fasting glucose is lower */
    set("pregnant", 1);
    set("glucose_fasting", 3.4);
    present();
    expect("r_glu_low", 0);
    set("glucose_fasting", 3.2);
    present();
    expect("r_glu_low", 1);
}

static void other_topics_agree_with_the_findings(void **state)
{
    (void)state;
    static const struct {
        const char *variable;
        double within, beyond;
        const char *topic;
    } values[] = {{"ldl", 3.39, 3.4, "topic_lipids"},       {"tg", 1.69, 1.7, "topic_lipids"},
                  {"phq9", 9, 10, "topic_stress"},          {"gad7", 9, 10, "topic_stress"},
                  {"phq9_item9", 0, 1, "topic_stress"},     {"alt", 50, 51, "topic_alcohol"},
                  {"tg", 1.2, 5.6, "topic_alcohol"},        {"gout", 0, 1, "topic_alcohol"},
                  {"heart_failure", 0, 1, "topic_alcohol"}, {"egfr", 60, 59, "topic_alcohol"}};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        healthy_man();
        set("pss10", 8);
        set("alcohol_g_day", 10);
        set("alcohol_binge_month", 0);
        set(values[i].variable, values[i].within);
        present();
        expect(values[i].topic, 1);
        set(values[i].variable, values[i].beyond);
        present();
        expect(values[i].topic, 0);
    }
    healthy_man();
    set("prior_mi", 1); /* the goal of very high risk */
    set("ldl", 1.8);
    present();
    expect("topic_lipids", 0);
}

static void drinking_gives_way_to_disease(void **state)
{
    (void)state;
    healthy_man();
    set("alcohol_g_day", 30);
    present();
    assert_true(is_due("L01") && !is_due("L08"));
    set("gout", 1);
    set("alcohol_binge_month", 2);
    present();
    assert_true(is_due("L08") && !is_due("L01") && !is_due("L03"));
    set("hypertension", 1);
    present(); /* said once */
    assert_true(is_due("L02") && !is_due("L08"));
    set("alcohol_g_day", 0);
    present();
    assert_false(is_due("L02") || is_due("L08"));
}

/* Classes of other adults are not named in pregnancy, and what the obstetrician should see is told. */
static void pregnancy_has_no_classes_of_other_adults(void **state)
{
    (void)state;
    static const char *const of_others[] = {
        "r_bp_normal",      "r_bp_high_normal", "r_bp_g1",     "r_bp_ish",
        "r_bp_130_85",      "r_htn_new",        "r_tc_border", "r_tc_high",
        "r_ldl_border",     "r_ldl_high",       "r_tg_high",   "r_dyslipid",
        "topic_lipids",     "r_nonhdl_high",    "r_hr_fast",   "r_bp_uncontrolled_140",
        "r_dyslipid_border"};
    healthy_man();
    set_level("sex", "female");
    set("age", 30);
    set("pregnant", 1);
    set("sbp", 126);
    set("tc", 6.6);
    set("ldl", 4.2);
    set("tg", 2.6);
    set("heart_rate", 88);
    present();
    for (size_t i = 0; i < sizeof of_others / sizeof of_others[0]; i++) {
        expect(of_others[i], UNKNOWN);
        assert_true(status_of(of_others[i]) & HRA_STATUS_NOT_APPLICABLE);
    }
    expect("topic_blood_pressure", 1);
    expect("T13", 1);
    expect_level("health_level", "economy");
    assert_false(is_due("B10") || is_due("B01"));
    set("sbp", 130);
    present();
    expect("topic_blood_pressure", 0);
    expect("B10", 1);
    set("sbp", 142);
    present();
    assert_true(is_due("B12") && !is_due("B10") && is_due("r_hypertension"));
    expect_level("health_level", "standard");
    set("sbp", 162);
    present();
    assert_true(is_due("r_crit_bp_pregnancy") && is_due("E05"));
    expect_level("health_level", "comprehensive");
    set("hypertension", 1); /* known: shown at any value, and no goal of others */
    set("sbp", 118);
    set("vip", 1);
    present();
    assert_true(is_due("B09") && is_due("mon_pressure_pregnancy"));
    assert_false(is_due("B04") || is_due("B05") || is_due("mon_pressure_at_target"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_goal_of_pressure_for_one_person),
        cmocka_unit_test(pressure_too_low_is_not_at_target),
        cmocka_unit_test(low_glucose_is_not_at_target),
        cmocka_unit_test(other_topics_agree_with_the_findings),
        cmocka_unit_test(drinking_gives_way_to_disease),
        cmocka_unit_test(pregnancy_has_no_classes_of_other_adults),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
