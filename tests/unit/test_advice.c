/* Advice: what gives way to what, what comes first, what meeting the targets does. */
#include "rules_fixture.h"

static double input(const char *name) { return the_bench.inputs[column_of(name)]; }

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conflicts_are_resolved),
        cmocka_unit_test(results_with_a_deadline_come_first),
        cmocka_unit_test(pregnancy_has_limits_of_its_own),
        cmocka_unit_test(keeping_it_up_is_for_the_well),
        cmocka_unit_test(nobody_was_asked),
        cmocka_unit_test(first_steps_are_due_and_different),
        cmocka_unit_test(targets_do_not_worsen),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
