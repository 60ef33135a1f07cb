/* Plans, packages, advice that gives way, targets: what the service content
 * promises, on made-up people. */
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
        set("pregnant", 1);
        present();
        static const char *const rays[] = {"item_chest_film", "item_ldct", "add_ldct", "add_nodule_ct", "C01"};
        for (size_t i = 0; i < sizeof rays / sizeof rays[0]; i++)
            if (is_due(rays[i])) fail_msg("%s in pregnancy", rays[i]);
    }
}

/* ---- advice that gives way --------------------------------------------------------------------- */

static void none_due(const char *why, const char *const *ids)
{
    for (; *ids; ids++)
        if (is_due(*ids)) fail_msg("%s is due though %s", *ids, why);
}

static void check_conflicts(void)
{
    static const char *const exercise[] = {"E01", "E02", "E03", "E09", NULL};
    static const char *const potassium[] = {"D16", "K03", NULL};
    static const char *const slimming[] = {"W01", "W02", "W03", "W06", "W10", "C05", "D07", NULL};
    static const char *const goals[] = {"W01", "W02", "W03", "W05", "W06", "W10", "C05", "D07", "T01", "T02", "T03",
                                        "T11", "T06", "T07", "B01", "B02", "B03", "G01", "G03", "G06", NULL};
    static const char *const confirmed[] = {"G02", "G09", "E01", "E02", "E03", "E09", "L01", "L03", NULL};
    if (is_due("E05") || is_due("E07") || is_due("B06")) none_due("safety comes first", exercise);
    if (input("egfr") < 60 || input("ckd") == 1) none_due("kidney function is reduced", potassium);
    if (input("potassium") > 5.35) none_due("potassium is high", potassium);
    if (input("bmi") < 18.45) none_due("underweight", slimming);
    if (input("pregnant") == 1 || input("age") < 18 || input("cancer") == 1) none_due("goals need a doctor", goals);
    if (input("pregnant") == 1) none_due("pregnant", confirmed);
    assert_false(is_due("D06") && is_due("D07"));
    assert_false(is_due("D01") && is_due("K03"));
    assert_false(is_due("S01") && (is_due("S02") || is_due("G08")));
    assert_false(is_due("L01") && (is_due("L02") || is_due("L05")));
    assert_false(is_due("W01") && is_due("W02"));
    assert_false(is_due("L01") && (is_due("C04") || is_due("C05")));
    assert_false(is_due("T02") && (is_due("T06") || is_due("T10")));
    assert_false(is_due("T06") && (is_due("T01") || is_due("T07") || is_due("T10")));
    assert_false(is_due("T01") && is_due("T10"));
    assert_false(is_due("T11") && (is_due("T01") || is_due("T02") || is_due("T06") || is_due("T10") || is_due("T12")));
    assert_false(is_due("T12") && (is_due("T01") || is_due("T02") || is_due("T06") || is_due("T10") || is_due("R02")));
    assert_false(is_due("S06") && (is_due("S01") || is_due("S02") || is_due("G08")));
    assert_false(is_due("W10") && (is_due("W01") || is_due("W02")));
    assert_false(is_due("W11") && is_due("W04"));
    assert_false(is_due("G04") && is_due("G07"));
    assert_false(is_due("S05") && (is_due("C01") || is_due("C10")));
    assert_false(is_due("M04") && is_due("M08"));
    assert_false(is_due("F06") && is_due("F12"));
}

/* A result of today or with a deadline of days is not told beside a routine date on the same subject. */
static void check_deadlines(void)
{
    static const char *const pairs[][2] = {{"r_crit_bp", "B02"},
                                           {"r_crit_bp", "B05"},
                                           {"r_crit_glu_hi", "G02"},
                                           {"r_crit_glu_hi", "G03"},
                                           {"r_crit_glu_hi", "G06"},
                                           {"r_crit_glu_hi", "G09"},
                                           {"r_crit_crea", "C03"},
                                           {"r_crit_alt", "C04"},
                                           {"r_crit_tbil", "C04"},
                                           {"r_crit_hb", "C06"},
                                           {"r_b_pressure", "B02"},
                                           {"r_b_pressure", "B03"},
                                           {"r_b_glucose", "G02"},
                                           {"r_b_glucose", "G03"},
                                           {"r_b_kidney", "C03"},
                                           {"r_b_albuminuria", "C03"},
                                           {"r_b_liver", "C04"},
                                           {"r_b_bilirubin", "C04"},
                                           {"r_b_hemoglobin", "C06"},
                                           {"r_b_af", "C09"},
                                           {"r_b_nodule", "C02"},
                                           {"r_b_mood", "M02"},
                                           {"r_b_mood", "R03"},
                                           {"r_diabetes_new", "G06"},
                                           {"r_b_pressure_pregnancy", "B09"}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        if (is_due(pairs[i][0]) && is_due(pairs[i][1])) fail_msg("%s is due beside %s", pairs[i][1], pairs[i][0]);
}

static void conflicts_are_resolved(void **state)
{
    (void)state;
    for (int round = 0; round < 2000; round++) {
        random_person();
        if (round % 2) set("pregnant", 0);
        if (round % 3) set("cancer", 0);
        if (round % 4 == 0) set("bmi", 17);
        present();
        check_conflicts();
        check_deadlines();
    }
}

static void expect_first(const char *id)
{
    expect(id, 1);
    expect_level("first_step.1", id);
}

static void results_with_a_deadline_come_first(void **state)
{
    (void)state;
    static const struct {
        const char *variable;
        double value;
        const char *item;
    } results[] = {{"sbp", 165, "B11"},       {"glucose_fasting", 12, "G11"},
                   {"egfr", 25, "C12"},       {"uacr", 320, "C13"},
                   {"hemoglobin", 85, "C14"}, {"platelets", 60, "C15"},
                   {"wbc", 1.5, "C15"},       {"alt", 250, "C16"},
                   {"tbil", 60, "C16"},       {"potassium", 6.1, "C17"},
                   {"af", 1, "C18"},          {"lung_nodule_mm", 9, "C19"},
                   {"phq9", 16, "M07"},       {"glucose_2h", 16.7, "R01"},
                   {"glucose_2h", 2.8, "R01"}};
    for (size_t i = 0; i < sizeof results / sizeof results[0]; i++) {
        healthy_man();
        set("egfr", 95);
        set("creatinine", 70);
        set("ast", 20);
        set("potassium", 4.2);
        set("sodium", 140);
        set(results[i].variable, results[i].value);
        present();
        expect_first(results[i].item);
    }
}

static void pregnancy_has_limits_of_its_own(void **state)
{
    (void)state;
    healthy_man();
    set_level("sex", "female");
    set("hemoglobin", 112);
    set("pregnant", 0);
    present();
    expect("r_anemia", 1);
    set("pregnant", 1);
    set("sbp", 124);
    present();
    expect("r_anemia", 0);
    expect("B09", 0);
    expect("B10", 0);
    set("hemoglobin", 109);
    set("sbp", 132);
    present();
    expect("r_anemia", 1);
    expect("B10", 1);
    set("sbp", 140);
    present();
    expect("r_b_pressure_pregnancy", 1);
    expect("r_crit_bp_pregnancy", 0);
    expect_first("B12");
    set("sbp", 160);
    present();
    expect("r_crit_bp_pregnancy", 1);
    expect("r_b_pressure", 0);
    expect("R01", 1);
    expect("B13", 1);
    set("pregnant", UNKNOWN);
    present();
    expect("r_crit_bp_pregnancy", 0);
    expect("r_b_pressure", 1);
}

/* Nobody is told to keep up what was not measured, or beside a result that waits. */
static void keeping_it_up_is_for_the_well(void **state)
{
    (void)state;
    healthy_man();
    present();
    expect("F06", 1);
    set("hemoglobin", 120);
    present();
    expect("F06", 0);
    expect("F12", 1);
    static const char *const measured[] = {"sbp", "dbp", "bmi", "height", "weight",          "waist",
                                           "tc",  "ldl", "hdl", "tg",     "glucose_fasting", "hemoglobin"};
    for (size_t i = 0; i < sizeof measured / sizeof measured[0]; i++) set(measured[i], UNKNOWN);
    set("activity_min_week", 200);
    set("alcohol_g_day", 0);
    present();
    expect("F06", 0);
    expect("F08", 0);
    expect("F09", 1);
    set("vip", 1);
    present();
    expect("F11", 0);
    healthy_man();
    set("vip", 1);
    present();
    expect("F06", 0);
    expect("F11", 1);
}

/* A checkup without a questionnaire: what the measurements show is told and raises the level, whoever knew it before.
 */
static void nobody_was_asked(void **state)
{
    (void)state;
    static const char *const history[] = {"hypertension", "bp_treated", "diabetes", "glucose_treated"};
    healthy_man();
    for (size_t i = 0; i < sizeof history / sizeof history[0]; i++) set(history[i], UNKNOWN);
    set("sbp", 152);
    set("glucose_fasting", 9.8);
    present();
    assert_false(is_due("B02") || is_due("G02") || is_due("F06"));
    expect("B14", 1);
    expect("G13", 1);
    expect("add_glucose_confirmation", 1);
    expect_level("health_level", "comprehensive");
    set("glucose_fasting", 6.4);
    set("sbp", 112);
    present();
    expect("G01", 1);
    expect("G13", 0);
    expect("B14", 0);
    expect_level("health_level", "standard");
    set("glucose_fasting", 12.0);
    set("sbp", 165);
    present();
    expect("G13", 0);
    expect("B14", 0);
    expect("G11", 1);
    expect("B11", 1);
    for (size_t i = 0; i < sizeof history / sizeof history[0]; i++) set(history[i], 0);
    set("sbp", 152);
    set("glucose_fasting", 9.8);
    present();
    expect("B14", 0);
    expect("G13", 0);
    expect("B02", 1);
    expect("G02", 1);
}

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

/* First steps: due, different, of different interventions; what is always first stands first. */
static void first_steps_are_due_and_different(void **state)
{
    (void)state;
    int some = 0;
    for (int round = 0; round < 500; round++) {
        random_person();
        present();
        const char *steps[3];
        for (int k = 0; k < 3; k++) {
            char id[32];
            snprintf(id, sizeof id, "first_step.%d", k + 1);
            const hra_output *o = output_of(id);
            double v = value_of(id);
            steps[k] = isnan(v) ? "" : o->levels[(int)v];
            if (*steps[k] && !is_due(steps[k])) fail_msg("step %s is not due", steps[k]);
            some += *steps[k] != '\0';
        }
        assert_false(*steps[1] && strcmp(steps[0], steps[1]) == 0);
        assert_false(*steps[2] && (strcmp(steps[0], steps[2]) == 0 || strcmp(steps[1], steps[2]) == 0));
        if (is_due("B06") && strcmp(steps[0], "B06") != 0 && strcmp(steps[1], "B06") != 0 &&
            strcmp(steps[2], "B06") != 0)
            fail_msg("critical pressure is not among the first steps");
    }
    assert_true(some > 1000);
}

/* ---- what if --------------------------------------------------------------------------------------- */

/* Of people whom no model mistakes: these risks never rise when the target is met. */
static void targets_do_not_worsen(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"china_corporate.stroke.risk", "china_corporate.stroke.if.stop_smoking"},
        {"china_corporate.stroke.risk", "china_corporate.stroke.if.control_blood_pressure"},
        {"china_corporate.chd.risk", "china_corporate.chd.if.stop_smoking"},
        {"china_corporate.diabetes.risk", "china_corporate.diabetes.if.lose_weight"},
        {"china_corporate.diabetes.risk", "china_corporate.diabetes.if.control_glucose"},
        {"china_corporate.lung.risk", "china_corporate.lung.if.stop_smoking"}};
    int fell[sizeof pairs / sizeof pairs[0]] = {0};
    for (int round = 0; round < 2000; round++) {
        random_person();
        set("age", 40 + round % 40);
        set("diabetes", round % 3 == 0);
        set("glucose_fasting", 5.0 + (round % 20) / 10.0);
        set("glucose_2h", UNKNOWN);
        set("hba1c", UNKNOWN);
        set("hba1c_mmolmol", UNKNOWN);
        if (input("smoking_status") == 2) set("quit_years", 0);
        present();
        for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
            double base = value_of(pairs[i][0]), then = value_of(pairs[i][1]);
            if (then > base) fail_msg("%s is %g, the risk %g", pairs[i][1], then, base);
            fell[i] += then < base;
        }
    }
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        if (!fell[i]) fail_msg("%s never falls", pairs[i][1]);
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
        cmocka_unit_test(conflicts_are_resolved),
        cmocka_unit_test(results_with_a_deadline_come_first),
        cmocka_unit_test(pregnancy_has_limits_of_its_own),
        cmocka_unit_test(keeping_it_up_is_for_the_well),
        cmocka_unit_test(nobody_was_asked),
        cmocka_unit_test(the_diabetes_score_is_for_20_to_74_years),
        cmocka_unit_test(pressures_that_contradict_each_other),
        cmocka_unit_test(cholesterol_goals_follow_the_risk_class),
        cmocka_unit_test(high_cholesterol_is_told_once),
        cmocka_unit_test(former_smokers_and_the_ct),
        cmocka_unit_test(no_lung_alert_needs_smoking),
        cmocka_unit_test(first_steps_are_due_and_different),
        cmocka_unit_test(targets_do_not_worsen),
        cmocka_unit_test(there_are_sixteen_topics),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
