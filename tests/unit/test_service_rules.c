/* Plans, packages and topics: what the service content promises, on made-up people. */
#include "rules_fixture.h"

static double input(const char *name) { return the_bench.inputs[column_of(name)]; }

/* ---- plans ------------------------------------------------------------------------------- */

static void the_chronic_plan_takes_who_fits_and_agrees(void **state)
{
    (void)state;
    healthy_man();
    present();
    expect_level("plan_chronic", "not_eligible");
    expect_level("chronic_class", "none");
    set("hypertension", 1);
    present();
    expect_level("plan_chronic", "enrolled");
    expect_level("plan_chronic.reason", "enrolled.2");
    expect_level("chronic_class", "hypertension");
    set("diabetes", 1);
    present();
    expect_level("plan_chronic.reason", "enrolled.1");
    expect_level("chronic_class", "diabetes");
    expect("r_class_hypertension", 1);
    set("consent_cdm", 0);
    present();
    expect_level("plan_chronic.reason", "eligible_without_consent.1");
    set("consent_cdm", UNKNOWN);
    present();
    expect_level("plan_chronic.reason", "eligible_without_consent.2");
    set("vip", 1);
    present();
    expect_level("plan_chronic.reason", "not_eligible.1");
    expect_level("plan_whole_course", "enrolled");
    expect_level("checkup_package", "deluxe");
    expect_level("record_level", "III");
}

/* The short questionnaire decides with a reason, as the finding of the same criteria does. */
static void the_short_questionnaire_selects(void **state)
{
    (void)state;
    healthy_man();
    present();
    expect_level("assessment_selection.reason", "selected.2"); /* 35 years */
    set("age", 30);
    set("prior_mi", 0);
    set("prior_stroke", 0);
    set("fh_premature_cvd", 0);
    set("activity_min_week", 200);
    present();
    expect_level("assessment_selection", "insufficient_data"); /* the last checkup is not known */
    set("years_since_checkup", 1);
    present();
    expect_level("assessment_selection", "not_selected");
    expect("r_prescreen_in", 0);
    set("bmi", 24);
    present();
    expect_level("assessment_selection.reason", "selected.3");
    expect("r_prescreen_in", 1);
    set("consent", 0);
    present();
    expect_level("assessment_selection", "declined");
    set("consent", UNKNOWN);
    present();
    expect_level("assessment_selection", "not_asked");
    for (int round = 0; round < 1000; round++) {
        random_person();
        present();
        double factor = value_of("r_prescreen_in"), level = value_of("assessment_selection");
        bool selected = strcmp(output_of("assessment_selection")->levels[(int)level], "selected") == 0;
        assert_true(selected == (factor == 1));
    }
}

static void the_unknown_are_never_eligible(void **state)
{
    (void)state;
    static const char *const asked[] = {"vip", "age"};
    healthy_man();
    set("hypertension", 1);
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
        double kept = input(asked[i]);
        set(asked[i], UNKNOWN);
        present();
        expect_level("plan_chronic", "insufficient_data");
        set(asked[i], kept);
    }
    healthy_man();
    set("glucose_fasting", UNKNOWN);
    present();
    expect_level("plan_chronic.reason", "insufficient_data.2");
    /* a woman who may be pregnant */
    healthy_man();
    set("hypertension", 1);
    set_level("sex", "female");
    present();
    expect_level("plan_chronic.reason", "insufficient_data.3");
    set("age", 60);
    present();
    expect_level("plan_chronic", "enrolled");
    nobody();
    present();
    expect_level("plan_maintenance", "insufficient_data");
    expect_level("plan_whole_course", "insufficient_data");
    expect_level("plan_chronic", "insufficient_data");
}

/* Whoever is enrolled or eligible stays so whatever the gaps hide: only who is known to qualify qualifies. */
static void gaps_make_nobody_eligible(void **state)
{
    (void)state;
    static const char *const gates[] = {"vip", "age", "pregnant", "sex"};
    for (int round = 0; round < 1500; round++) {
        random_person();
        const char *gap = gates[round % 4];
        set(gap, UNKNOWN);
        if (strcmp(gap, "sex") == 0) set("pregnant", UNKNOWN);
        if (strcmp(gap, "age") == 0) set("birth_date", UNKNOWN);
        if (strcmp(gap, "pregnant") == 0) {
            set_level("sex", "female");
            set("menopause", UNKNOWN);
            set("age", 40);
        }
        present();
        double plan = value_of("plan_chronic");
        const char *level = output_of("plan_chronic")->levels[(int)plan];
        if (strcmp(level, "not_eligible") != 0 && strcmp(level, "insufficient_data") != 0)
            fail_msg("%s is unknown and the plan says %s", gap, level);
    }
}

static void the_short_way_of_the_diabetes_score_agrees_with_it(void **state)
{
    (void)state;
    int decided = 0;
    for (int round = 0; round < 3000; round++) {
        random_person();
        set("diabetes", 0);
        set("glucose_treated", 0);
        set("glucose_fasting", 5.0);
        set("glucose_2h", UNKNOWN);
        set("hba1c", UNKNOWN);
        set("hba1c_mmolmol", UNKNOWN);
        present();
        double full = value_of("r_class_diabetes");
        static const char *const family[] = {
            "fh_diabetes",     "fh_diabetes_first_degree",      "fh_diabetes_parent",       "fh_diabetes_sibling",
            "fh_diabetes_any", "fh_diabetes_parent_or_sibling", "fh_diabetes_parents_count"};
        for (size_t i = 0; i < sizeof family / sizeof family[0]; i++) set(family[i], UNKNOWN);
        present();
        double short_way = value_of("r_class_diabetes");
        if (!isnan(short_way) && short_way != full) fail_msg("%g without the family, %g with it", short_way, full);
        decided += !isnan(short_way);
    }
    assert_true(decided > 1000);
}

/* ---- packages -------------------------------------------------------------------------------- */

static void the_client_may_choose_the_package(void **state)
{
    (void)state;
    healthy_man();
    present();
    expect_level("health_level", "economy");
    expect_level("checkup_package", "economy");
    expect_level("checkup_package.reason", "economy.2");
    expect("item_hba1c", 0);
    set_level("package_override", "standard");
    present();
    expect_level("checkup_package.reason", "standard.1");
    expect("item_hba1c", 1);
    set_level("package_override", "deluxe");
    present();
    expect_level("checkup_package.reason", "comprehensive.2");
    expect("item_further_imaging", 0);
    set("vip", 1);
    present();
    expect_level("checkup_package", "deluxe");
    expect("item_further_imaging", 1);
}

static void no_x_rays_in_pregnancy(void **state)
{
    (void)state;
    for (int round = 0; round < 1000; round++) {
        random_person();
        set_level("sex", "female");
        set("age", fmin(input("age"), 59)); /* below 60: the answer of an older woman is taken as wrong */
        set("pregnant", 1);
        present();
        static const char *const rays[] = {"item_chest_film", "item_ldct", "add_ldct", "add_nodule_ct", "C01"};
        for (size_t i = 0; i < sizeof rays / sizeof rays[0]; i++)
            if (is_due(rays[i])) fail_msg("%s in pregnancy", rays[i]);
    }
}

/* ---- topics ------------------------------------------------------------------------------------------ */

static void there_are_sixteen_topics(void **state)
{
    (void)state;
    int topics = 0;
    healthy_man();
    set("activity_min_week", 200);
    present();
    for (int i = 0; i < the_bench.output_count; i++)
        topics += the_bench.outputs[i].role == HRA_ROLE_TOPIC && *the_bench.outputs[i].name == '\0';
    assert_int_equal(topics, 16);
    expect("topic_weight", 1);
    expect("topic_activity", 1);
    expect("topic_blood_pressure", 1);
    expect("topic_lipids", 1);
    expect("topic_salt", UNKNOWN);
    set("sbp", 135);
    present();
    expect("topic_blood_pressure", 0);
    set("hypertension", 1);
    set("sbp", 128);
    present();
    expect("topic_blood_pressure", 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_chronic_plan_takes_who_fits_and_agrees),
        cmocka_unit_test(the_short_questionnaire_selects),
        cmocka_unit_test(the_unknown_are_never_eligible),
        cmocka_unit_test(gaps_make_nobody_eligible),
        cmocka_unit_test(the_short_way_of_the_diabetes_score_agrees_with_it),
        cmocka_unit_test(the_client_may_choose_the_package),
        cmocka_unit_test(no_x_rays_in_pregnancy),
        cmocka_unit_test(there_are_sixteen_topics),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
