/* Rules for people of whom something special is known, or nothing: pregnancy, the young, known diseases; advice,
 * alerts and the quality of their data. */
#include "rules_fixture.h"

static void nothing_known(void **state)
{
    (void)state;
    nobody();
    set_level("sex", "male");
    set("age", 50);
    present();
    expect("F08", 1);
    expect("F05", 0);
    expect("F06", 0);
    expect_level("first_step.1", "F08");
    set("sbp", 192); /* safety comes first */
    set("dbp", 100);
    present();
    expect("F08", 1);
    expect_level("first_step.1", "R01");
    set("sbp", 118);
    set("dbp", 70);
    set("bmi", 22);
    set("tc", 4.4);
    present();
    expect("F08", 0);
    nobody(); /* a checkup without the usual items is one, too */
    set_level("sex", "male");
    set("age", 70);
    set("sbp", 158);
    set("hba1c", 5.6);
    present();
    expect("F08", 1);
    set("ldl", 1.8);
    present();
    expect("F08", 0);
}

/* The limits of BMI and waist are those of adults: in pregnancy nothing is said by them, and nothing follows. */
static void weight_in_pregnancy(void **state)
{
    static const char *const findings[] = {
        "r_bmi_under", "r_bmi_normal", "r_bmi_over",    "r_bmi_obese",  "r_obese_g1",     "r_obese_g2",
        "r_obese_g3",  "r_obese_g4",   "r_waist_pre",   "r_mets_waist", "r_waist_normal", "r_waist_central",
        "r_whtr_high", "r_whr_high",   "r_hrf_obesity", "r_mets",       "topic_weight"};
    (void)state;
    nobody();
    for (int c = 0; c < the_bench.schema.column_count; c++)
        if (column_variable(c)->type == HRA_TYPE_FLAG) the_bench.inputs[c] = 0;
    set_level("sex", "female");
    set_level("activity_level", "moderate");
    set("age", 29);
    set("height", 160);
    set("weight", 80);
    set("waist", 96);
    set("sbp", 118);
    set("dbp", 74);
    set("glucose_fasting", 4.9);
    set("tc", 4.4);
    set("ldl", 2.4);
    set("hdl", 1.4);
    set("tg", 1.2);
    present();
    expect("r_bmi_obese", 1);
    expect("r_waist_central", 1);
    expect("r_dm_highrisk", 1);
    expect("r_class_weight", 1);
    expect_level("health_level", "standard");
    set("pregnant", 1);
    present();
    for (size_t i = 0; i < sizeof findings / sizeof *findings; i++) {
        expect(findings[i], UNKNOWN);
        assert_int_equal(status_of(findings[i]), HRA_STATUS_NOT_APPLICABLE);
    }
    expect("r_dm_highrisk", 0); /* what names them is decided by the rest */
    expect("r_class_weight", 0);
    expect_level("health_level", "economy");
}

/* Nor do the limits of adults hold under 18. What a doctor must see is told all the same, by the values themselves. */
static void under_eighteen(void **state)
{
    static const char *const findings[] = {
        "r_bmi_over",   "r_waist_normal",   "r_mets",          "r_hrf_obesity",
        "topic_weight", "r_bp_normal",      "r_bp_g1",         "r_bp_g2",
        "r_bp_g3",      "r_hypertension",   "r_htn_new",       "r_bp_raised_once",
        "r_bp_130_85",  "r_mets_bp",        "r_htnrisk_mid",   "topic_blood_pressure",
        "r_ascvd_low",  "r_ldl_above_goal", "r_bp_high_normal"};
    (void)state;
    person_without_findings();
    set("age", 16);
    set("sbp", 164);
    set("dbp", 92);
    present();
    for (size_t i = 0; i < sizeof findings / sizeof *findings; i++) {
        expect(findings[i], UNKNOWN);
        assert_int_equal(status_of(findings[i]), HRA_STATUS_NOT_APPLICABLE);
    }
    expect("r_b_pressure", 1); /* within a week */
    expect("B11", 1);
    expect("E05", 1);
    expect_level("health_level", "comprehensive");
    set("sbp", 184);
    present();
    expect("r_crit_bp", 1);
    expect("r_b_pressure", UNKNOWN); /* it is of today */
    expect("B06", 1);
    set("sbp", 146);
    set("dbp", 84);
    present();
    expect("r_b_pressure", 0);
    expect("B09", 1); /* to be shown to the doctor */
    expect("E05", 0);
    expect_level("health_level", "standard");
    set("sbp", 126); /* of an adult, high-normal */
    present();
    expect("B09", 0);
    expect("B10", 0);
    expect("B01", 0);
    expect_level("health_level", "economy");
    expect("F06", 0); /* "keep it up" */
    expect("W09", 1);
    set("alcohol_binge_month", 0);
    set("alcohol_g_day", 12); /* of an adult, within the limit */
    present();
    expect("topic_alcohol", 0);
    expect("L07", 1);
    set("alcohol_g_day", 0);
    present();
    expect("topic_alcohol", 1);
    expect("L07", 0);
    set("hypertension", 1);
    set("sbp", 132);
    present();
    expect("B04", 0);
    expect("B09", 1);
    set("hypertension", 0);
    set("sbp", 126);
    set("age", 18);
    present();
    expect("W09", 0);
    expect("r_bp_high_normal", 1);
    expect("topic_blood_pressure", 0);
}

/* With all values known nothing waits under 18 for a finding that does not apply. */
static void nothing_undecided_under_eighteen(void **state)
{
    (void)state;
    for (int round = 0; round < 300; round++) {
        random_person();
        set("age", 11 + round % 7);
        present();
        if (contradictory_pressures()) continue; /* by which nothing is decided at any age */
        for (int i = 0; i < the_bench.output_count; i++) {
            const hra_output *output = &the_bench.outputs[i];
            bool rule = output->role == HRA_ROLE_FACTOR || output->role == HRA_ROLE_PRESCRIPTION ||
                        output->role == HRA_ROLE_ITEM || output->role == HRA_ROLE_MONITOR;
            bool computed = strncmp(output->id, "r_", 2) == 0 && strstr(output->id, "_risk"); /* no panel here */
            int status = hra_judge_status(the_bench.judge, output);
            if (rule && !computed && !(status & HRA_STATUS_NOT_APPLICABLE) &&
                isnan(hra_judge_value(the_bench.judge, output->value)))
                fail_msg("%s is undecided at %d", output->id, 11 + round % 7);
        }
    }
}

/* Models take a weight of pregnancy as it is; the report says so. */
static void risks_in_pregnancy(void **state)
{
    (void)state;
    person_without_findings();
    set_level("sex", "female");
    set("pregnant", 1);
    present();
    expect("r_dq_pregnancy", 1);
    set("bmi", NAN);
    set("waist", NAN);
    set("height", NAN);
    present();
    expect("r_dq_pregnancy", UNKNOWN);
    set("bmi", 22);
    set_level("sex", "male");
    present();
    expect("r_dq_pregnancy", 0);
}

/* Activity, sleep and food have goals of their own under 18, or none. */
static void goals_of_the_young(void **state)
{
    static const char *const adult[] = {"r_pa_low",        "r_pa_steps",   "r_pa_days",          "r_pa_resist",
                                        "r_sleep_short",   "r_sleep_long", "r_diet_grain_high",  "r_diet_fruit_low",
                                        "r_diet_oil_high", "topic_oil",    "topic_exercise_days"};
    static const char *const advice[] = {"E01", "E02", "E03", "M04", "D02", "D04", "D07"};
    (void)state;
    person_without_findings();
    set("age", 17);
    set("activity_min_week", 149);
    set("steps_per_day", 3000);
    set("resistance_days_week", 0);
    set("sleep_hours", 6.9);
    set("grains_g_day", 400);
    set("fruit_g_day", 50);
    set("oil_g_day", 50);
    set("salt_g_day", 9);
    present();
    for (size_t i = 0; i < sizeof adult / sizeof *adult; i++) {
        expect(adult[i], UNKNOWN);
        assert_int_equal(status_of(adult[i]), HRA_STATUS_NOT_APPLICABLE);
    }
    for (size_t i = 0; i < sizeof advice / sizeof *advice; i++) expect(advice[i], 0);
    assert_true(value_of("r_pa_low_young") == 1 && value_of("E09") == 1 && value_of("topic_activity") == 0);
    assert_true(value_of("r_sleep_short_young") == 1 && value_of("M08") == 1);
    assert_true(value_of("r_diet_salt_high") == 1 && value_of("D01") == 1); /* less salt is right at any age */
    set("activity_min_week", 419);
    set("sleep_hours", 7.9);
    present();
    assert_true(value_of("E09") == 1 && value_of("M08") == 1 && value_of("topic_activity") == 0);
    set("activity_min_week", 420);
    set("sleep_hours", 8);
    present();
    assert_true(value_of("E09") == 0 && value_of("M08") == 0 && value_of("topic_activity") == 1);
    set("age", 12); /* nine hours */
    present();
    expect("M08", 1);
    set("sleep_hours", 9);
    present();
    expect("M08", 0);
    set("activity_min_week", UNKNOWN);
    present();
    expect("E09", UNKNOWN);
    set("activity_min_week", 100);
    set("chest_pain", 1); /* a doctor is asked first */
    present();
    expect("E09", 0);
    expect("E07", 1);
    set("chest_pain", 0);
    set("age", 18);
    present();
    assert_true(value_of("r_pa_low_young") == 0 && value_of("E09") == 0 && value_of("E01") == 1);
    assert_true(value_of("topic_activity") == 0 && value_of("D02") == 1 && value_of("topic_oil") == 0);
}

/* A class of a value stays the class of it; what speaks of the disease to come does not. */
static void mild_findings_and_the_known_disease(void **state)
{
    static const struct {
        const char *known, *input, *finding;
        double value;
        int beside; /* the answer of whoever has the disease */
    } pairs[] = {
        {"hypertension", "sbp", "r_bp_high_normal", 130, 1},
        {"bp_treated", "sbp", "r_bp_high_normal", 130, 1},
        {"diabetes", "glucose_fasting", "r_fpg_ifg", 6.5, 1},
        {"glucose_treated", "glucose_2h", "r_ogtt_igt", 9, 1},
        {"diabetes", "hba1c", "r_a1c_pre", 6, 1},
        {"diabetes", "glucose_fasting", "r_fpg_ada", 5.8, 1},
        {"diabetes", "glucose_fasting", "r_prediabetes", 6.5, 0},
        {"glucose_treated", "bmi", "r_dm_highrisk", 27, 0},
        {"dyslipidemia", "tc", "r_dyslipid_border", 5.5, 1},
        {"lipid_treated", "tc", "r_dyslipid_border", 5.5, 1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        for (int known = 0; known < 3; known++) { /* no, not asked, yes */
            person_without_findings();
            set(pairs[i].input, pairs[i].value);
            set(pairs[i].known, known == 1 ? UNKNOWN : known / 2);
            present();
            expect(pairs[i].finding, known < 2 ? 1 : pairs[i].beside);
        }
    }
}

static void safety_before_exercise(void **state)
{
    (void)state;
    nobody();
    set("activity_min_week", 30);
    present();
    expect("E01", 1);
    set("sbp", 165);
    set("dbp", 95);
    present();
    expect("E01", 0);
    expect("E05", 1);
}

static void advice_names_the_value_that_is_the_reason(void **state)
{
    (void)state;
    nobody();
    set("diabetes", 0);
    set("glucose_treated", 0);
    set("glucose_fasting", 5.5);
    set("hba1c", 6.6);
    present();
    expect("r_diabetes_new", 1);
    expect("G02", 0);
    expect("G09", 1);
    set("glucose_fasting", 7.1);
    present();
    expect("G02", 1);
    expect("G09", 0);
}

static void men_are_not_asked_about_pregnancy(void **state)
{
    (void)state;
    nobody();
    set("vip", 0);
    set("consent_cdm", 1);
    set("age", 50);
    present();
    expect("r_cdm_gate", UNKNOWN);
    set_level("sex", "male");
    present();
    expect("r_cdm_gate", 1);
    set("age", 17);
    present();
    expect("r_cdm_gate", 0);
}

/* A pregnancy that cannot be is told as a wrong answer, and nothing follows from it. */
static void impossible_pregnancies_are_told_and_not_advised(void **state)
{
    (void)state;
    static const char *const of_pregnancy[] = {
        "W07", "W08", "B12", "G10", "E08", "r_glu_pregnancy", "r_b_pressure_pregnancy"};
    static const struct {
        const char *sex;
        double age;
    } people[] = {{"male", 40}, {"female", 62}};
    for (size_t i = 0; i < sizeof people / sizeof people[0]; i++) {
        healthy_man();
        set_level("sex", people[i].sex);
        set("age", people[i].age);
        set("pregnant", 1);
        set("sbp", 142);
        set("glucose_fasting", 5.4);
        set("waist", 96);
        present();
        expect("r_dq_women_only", 1);
        for (size_t k = 0; k < sizeof of_pregnancy / sizeof of_pregnancy[0]; k++) expect(of_pregnancy[k], 0);
        expect("r_waist_central", 1);
        expect("B02", 1);
        expect_level("plan_chronic", "enrolled");
    }
    set("age", 59);
    present();
    expect("r_dq_women_only", 0);
    expect("W08", 1);
    set("menopause", 1); /* one of the two is wrong: told, and the careful advice stays */
    present();
    expect("r_dq_women_only", 1);
    expect("W08", 1);
    healthy_man();
    present();
    expect("r_dq_women_only", 0);
    set("gestational_dm", 1);
    present();
    expect("r_dq_women_only", 1);
}

static void alerts_follow_thresholds_and_strata(void **state)
{
    (void)state;
    person_without_findings();
    set("age", 45);
    set("fh_diabetes", 0);
    present();
    expect_level("china_corporate.chd.category", "low");
    expect("r_chd_alert", 0);
    set("ldl", 5.0);
    present();
    expect("r_chd_alert", 1);
    person_without_findings();
    set("age", 74);
    set("sbp", 178);
    set("tc", 7.0);
    set_level("smoking_status", "current");
    set("diabetes", 1);
    present();
    expect_level("china_corporate.chd.category", "high");
    expect_level("china_corporate.stroke.category", "high");
    assert_true(status_of("china_corporate.chd.risk") & HRA_STATUS_SUBSTITUTED); /* East Asia, by the panel */
    expect("r_dm_alert", 0);                                                     /* has it already */
}

static void dates_and_quality(void **state)
{
    (void)state;
    nobody();
    set("exam_date", 20001); /* the run is for day 20000 */
    present();
    expect("r_dq_dates", 1);
    nobody();
    set("exam_date", 19000);
    set("birth_date", 0);
    present();
    expect("r_dq_dates", 0);
    nobody();
    set("bmi", 30);
    set("weight", 70);
    set("height", 175);
    present();
    expect("r_dq_bmi", 1);
    set("bmi", 22.9);
    present();
    expect("r_dq_bmi", 0);
    nobody();
    set("sbp", 80);
    set("dbp", 120);
    present();
    expect("r_dq_bp_order", 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_known),
        cmocka_unit_test(weight_in_pregnancy),
        cmocka_unit_test(under_eighteen),
        cmocka_unit_test(nothing_undecided_under_eighteen),
        cmocka_unit_test(risks_in_pregnancy),
        cmocka_unit_test(goals_of_the_young),
        cmocka_unit_test(mild_findings_and_the_known_disease),
        cmocka_unit_test(safety_before_exercise),
        cmocka_unit_test(advice_names_the_value_that_is_the_reason),
        cmocka_unit_test(men_are_not_asked_about_pregnancy),
        cmocka_unit_test(impossible_pregnancies_are_told_and_not_advised),
        cmocka_unit_test(alerts_follow_thresholds_and_strata),
        cmocka_unit_test(dates_and_quality),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
