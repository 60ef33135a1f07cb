/* The rules for one value or a few: sets, cut points, and what is unknown. */
#include "rules_fixture.h"

/* ---- sets: exactly one finding --------------------------------------------- */

typedef struct finding_set {
    const char *name;
    bool at_most_one; /* none is an ordinary answer */
} finding_set;

static const finding_set sets[] = {{"bmi_class", false}, {"obesity_grade", true}, {"waist_class", false},
                                   {"bp_class", false},  {"htn_risk", true},      {"tc_class", false},
                                   {"ldl_class", false}, {"tg_class", false},     {"ascvd_class", false},
                                   {"fpg_class", false}, {"stress_class", true}};

enum { SET_COUNT = sizeof sets / sizeof *sets };

static int set_of(const hra_output *output)
{
    const hra_declaration *declaration = hra_library_find(the_bench.library, output->owner);
    const char *name = declaration ? hra_declaration_text(declaration, "set", "en") : NULL;
    for (int s = 0; name && s < SET_COUNT; s++) {
        if (strcmp(sets[s].name, name) == 0) return s;
    }
    if (name) fail_msg("set %s of %s is not tested", name, output->id);
    return -1;
}

static void one_finding_of_each_set(void **state)
{
    (void)state;
    int *member = malloc((size_t)the_bench.output_count * sizeof *member);
    assert_non_null(member);
    int members[SET_COUNT] = {0};
    for (int i = 0; i < the_bench.output_count; i++) {
        member[i] = the_bench.outputs[i].role == HRA_ROLE_FACTOR ? set_of(&the_bench.outputs[i]) : -1;
        if (member[i] >= 0) members[member[i]]++;
    }
    for (int s = 0; s < SET_COUNT; s++) assert_true(members[s] >= 2);

    int seen[SET_COUNT] = {0};
    for (int round = 0; round < 3000; round++) {
        random_person();
        present();
        int found[SET_COUNT] = {0};
        bool not_for[SET_COUNT] = {false};
        for (int i = 0; i < the_bench.output_count; i++) {
            if (member[i] < 0) continue;
            double value = hra_judge_value(the_bench.judge, the_bench.outputs[i].value);
            if (hra_judge_status(the_bench.judge, &the_bench.outputs[i]) & HRA_STATUS_NOT_APPLICABLE) {
                not_for[member[i]] = true;
                continue;
            }
            if (isnan(value) && contradictory_pressures()) { /* strata made of them cannot be told */
                not_for[member[i]] = true;
                continue;
            }
            if (isnan(value)) fail_msg("%s is unknown although everything is known", the_bench.outputs[i].id);
            found[member[i]] += value == 1;
        }
        for (int s = 0; s < SET_COUNT; s++) {
            if (not_for[s] ? found[s] > 0 : found[s] > 1 || (found[s] == 0 && !sets[s].at_most_one))
                fail_msg("%d findings of set %s", found[s], sets[s].name);
            seen[s] += found[s];
        }
    }
    for (int s = 0; s < SET_COUNT; s++) assert_true(seen[s] > 0);
    free(member);
}

/* ---- what is known with gaps stays true when the gaps are filled ------------ */

/* One of several questions or tests is enough for some findings, and the others may overrule it once they are known;
 * these inputs are left in. */
static bool is_alternative(const char *name)
{
    static const char *const names[] = {"hypertension",
                                        "bp_treated",
                                        "diabetes",
                                        "glucose_treated",
                                        "lipid_treated",
                                        "dyslipidemia",
                                        "prior_mi",
                                        "prior_chd",
                                        "prior_tia",
                                        "prior_pad",
                                        "prior_revasc",
                                        "heart_failure",
                                        "ckd",
                                        "uacr",
                                        "urine_protein",
                                        "hba1c",
                                        "glucose_2h",
                                        "homocysteine",
                                        "glucose_fasting",
                                        "carotid_plaque",
                                        "anticoagulant",
                                        "potassium",
                                        "sodium",
                                        "menopause",
                                        "pregnant",
                                        "alt",
                                        "ast"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i], name) == 0) return true;
    }
    return false;
}

/* Who tells no age is taken as an adult. */
static bool is_left_in(const char *name)
{
    return is_alternative(name) || (strcmp(name, "age") == 0 && the_bench.inputs[column_of("age")] < 18);
}

/* Alerts look at panel risks and the ASCVD table at the known one of two lipids: these may change their source. Parts
 * of the health record are missing where there are gaps. */
static bool may_change(const char *id)
{
    return strstr(id, "_alert") || strstr(id, "_risk") || strstr(id, "ascvd") || strncmp(id, "rec_i", 5) == 0 ||
           strcmp(id, "r_ldl_above_goal") == 0;
}

static void gaps_only_hide(void **state)
{
    (void)state;
    double *full = malloc((size_t)the_bench.output_count * sizeof *full);
    assert_non_null(full);
    int known = 0, unknown = 0;
    for (int round = 0; round < 500; round++) {
        random_person();
        present();
        for (int i = 0; i < the_bench.output_count; i++)
            full[i] = hra_judge_value(the_bench.judge, the_bench.outputs[i].value);
        for (int c = 0; c < the_bench.schema.column_count; c++) {
            if (uniform() < 0.3 && !is_left_in(column_variable(c)->name)) the_bench.inputs[c] = NAN;
        }
        present();
        for (int i = 0; i < the_bench.output_count; i++) {
            const hra_output *output = &the_bench.outputs[i];
            if (output->role != HRA_ROLE_FACTOR || may_change(output->id) ||
                (hra_judge_status(the_bench.judge, output) & HRA_STATUS_SUBSTITUTED))
                continue;
            double value = hra_judge_value(the_bench.judge, output->value);
            if (!isnan(value) && !isnan(full[i]) && value != full[i])
                fail_msg("%s is %g with gaps and %g without", output->id, value, full[i]);
            known += !isnan(value);
            unknown += isnan(value);
        }
    }
    assert_true(known > 1000 && unknown > 1000);
    free(full);
}

/* ---- cut points ------------------------------------------------------------- */

typedef struct cut {
    const char *sex, *variable;
    double value;
    const char *rule;
    double expected;
} cut;

static const cut cuts[] = {
    {"", "bmi", 18.4, "r_bmi_under", 1},
    {"", "bmi", 18.5, "r_bmi_under", 0},
    {"", "bmi", 23.9, "r_bmi_normal", 1},
    {"", "bmi", 23.94, "r_bmi_normal", 1}, /* printed as 23.9 */
    {"", "bmi", 23.95, "r_bmi_over", 1},   /* printed as 24.0 */
    {"", "bmi", 24.0, "r_bmi_over", 1},
    {"", "bmi", 27.9, "r_bmi_over", 1},
    {"", "bmi", 28.0, "r_bmi_over", 0},
    {"", "bmi", 28.0, "r_bmi_obese", 1},
    {"", "bmi", 32.4, "r_obese_g1", 1},
    {"", "bmi", 32.5, "r_obese_g2", 1},
    {"", "bmi", 50.0, "r_obese_g4", 1},
    {"male", "waist", 84.9, "r_waist_normal", 1},
    {"male", "waist", 85.0, "r_waist_pre", 1},
    {"male", "waist", 90.0, "r_waist_central", 1},
    {"female", "waist", 84.9, "r_waist_pre", 1},
    {"female", "waist", 85.0, "r_waist_central", 1},
    {"", "waist", 95.0, "r_waist_central", UNKNOWN}, /* whose sex is unknown */
    {"", "tc", 5.19, "r_tc_ok", 1},
    {"", "tc", 5.2, "r_tc_border", 1},
    {"", "tc", 6.2, "r_tc_high", 1},
    {"", "ldl", 3.39, "r_ldl_ok", 1},
    {"", "ldl", 3.4, "r_ldl_border", 1},
    {"", "ldl", 4.1, "r_ldl_high", 1},
    {"", "tg", 1.7, "r_tg_border", 1},
    {"", "tg", 2.3, "r_tg_high", 1},
    {"", "tg", 5.6, "r_tg_severe", 1},
    {"", "hdl", 0.99, "r_hdl_low", 1},
    {"", "hdl", 1.0, "r_hdl_low", 0},
    {"", "hdl", 1.03, "r_mets_hdl", 1},
    {"", "hdl", 1.04, "r_mets_hdl", 0},
    {"", "glucose_fasting", 6.09, "r_fpg_normal", 1},
    {"", "glucose_fasting", 6.1, "r_fpg_ifg", 1},
    {"", "glucose_fasting", 6.9, "r_fpg_ifg", 1},
    {"", "glucose_fasting", 6.994, "r_fpg_ifg", 1},
    {"", "glucose_fasting", 7.0, "r_fpg_dm", 1},
    {"", "glucose_fasting", 16.7, "r_crit_glu_hi", 1},
    {"", "glucose_fasting", 2.8, "r_crit_glu_lo", 1},
    {"", "glucose_fasting", 2.81, "r_crit_glu_lo", 0},
    {"", "hba1c", 6.4, "r_a1c_dm", 0},
    {"", "hba1c", 6.45, "r_a1c_dm", 1}, /* printed as 6.5 */
    {"", "uric_acid", 420, "r_ua_high", 0},
    {"", "uric_acid", 421, "r_ua_high", 1},
    {"", "egfr", 59, "r_egfr_low", 1},
    {"", "egfr", 60, "r_egfr_low", 0},
    {"male", "hemoglobin", 129, "r_anemia", 1},
    {"female", "hemoglobin", 129, "r_anemia", 0},
    {"female", "hemoglobin", 114, "r_anemia", 1},
    {"", "potassium", 6.5, "r_crit_k", 1},
    {"", "potassium", 2.51, "r_crit_k", 0},
    {"", "activity_min_week", 149, "r_pa_low", 1},
    {"", "activity_min_week", 150, "r_pa_low", 0},
    {"", "alcohol_g_day", 15, "r_alc_over", 0},
    {"", "alcohol_g_day", 15.1, "r_alc_over", 1},
    {"", "salt_g_day", 5, "r_diet_salt_high", 1},
    {"", "sleep_hours", 6.9, "r_sleep_short", 1},
    {"", "sleep_hours", 7.0, "r_sleep_short", 0},
    {"", "pss10", 13, "r_stress_mod", 0},
    {"", "pss10", 26, "r_stress_mod", 1},
    {"", "pss10", 27, "r_stress_high", 1},
    {"", "lung_nodule_mm", 8, "r_nodule_large", 1},
    {"", "phq9_item9", 1, "r_phq9_item9", 1},
};

static void cut_points(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        nobody();
        if (*cuts[i].sex) set_level("sex", cuts[i].sex);
        set(cuts[i].variable, cuts[i].value);
        present();
        double value = value_of(cuts[i].rule);
        bool right = isnan(cuts[i].expected) ? isnan(value) : value == cuts[i].expected;
        if (!right) fail_msg("%s %s %g: %s is %g", cuts[i].sex, cuts[i].variable, cuts[i].value, cuts[i].rule, value);
    }
}

static void pressure(double sbp, double dbp)
{
    nobody();
    set("sbp", sbp);
    set("dbp", dbp);
    present();
}

static void the_higher_pressure_decides(void **state)
{
    (void)state;
    pressure(119, 79);
    expect("r_bp_normal", 1);
    pressure(139, 89);
    expect("r_bp_high_normal", 1);
    expect("r_bp_130_85", 1);
    pressure(140, 80);
    expect("r_bp_g1", 1);
    expect("r_bp_ish", 1);
    pressure(139, 90);
    expect("r_bp_g1", 1);
    expect("r_bp_idh", 1);
    pressure(145, 100);
    expect("r_bp_g1", 0);
    expect("r_bp_g2", 1);
    pressure(179, 110);
    expect("r_bp_g3", 1);
    expect("r_crit_bp", 1);
    pressure(139.5, 70); /* printed as 140 */
    expect("r_bp_g1", 1);
}

static void non_hdl_is_compared_as_printed(void **state)
{
    (void)state;
    for (int hundredths = 40; hundredths <= 300; hundredths++) {
        nobody();
        set("hdl", hundredths / 100.0);
        set("tc", (hundredths + 490) / 100.0);
        present();
        expect("r_nonhdl_high", 1);
        set("tc", (hundredths + 489) / 100.0);
        present();
        expect("r_nonhdl_high", 0);
    }
}

/* ---- unknown ------------------------------------------------------------------ */

static void unknown_is_not_normal(void **state)
{
    (void)state;
    pressure(150, UNKNOWN);
    expect("r_bp_raised_once", 1);
    expect("r_hypertension", 1);
    expect("r_bp_normal", 0);
    expect("r_bp_g1", UNKNOWN); /* the other pressure may be grade 3 */
    expect("r_htn_new", UNKNOWN);
    pressure(120, 70);
    expect("r_hypertension", UNKNOWN); /* never asked */
    set("hypertension", 0);
    set("bp_treated", 0);
    present();
    expect("r_hypertension", 0);
    nobody();
    set_level("urine_protein", "trace");
    present();
    expect("r_uprot_pos", 0);
    set_level("urine_protein", "p1");
    present();
    expect("r_uprot_pos", 1);
}

static void a_test_not_ordered_hides_nothing(void **state)
{
    (void)state;
    nobody();
    set("diabetes", 0);
    present();
    expect("r_glucose_abnormal", UNKNOWN); /* nothing was measured */
    set("glucose_fasting", 5.0);
    present();
    expect("r_glucose_abnormal", 0); /* neither tolerance test nor HbA1c was ordered */
    expect("r_diabetes_new", 0);
    expect("r_prediabetes", 0);
    expect("r_mets_glucose", 0);
    set("glucose_2h", 8.0);
    present();
    expect("r_glucose_abnormal", 1);
    expect("r_prediabetes", 1);
    set("hba1c", 6.5);
    present();
    expect("r_prediabetes", 0);
    expect("r_diabetes_new", 1);
    nobody();
    set("hba1c", 6.6);
    present();
    expect("r_diabetes_new", UNKNOWN); /* the history was not asked */
    set("glucose_treated", 0);
    present();
    expect("r_diabetes_new", 1);
}

static void history_needs_the_main_questions(void **state)
{
    (void)state;
    nobody();
    set("prior_chd", 0);
    present();
    expect("r_cvd_known", UNKNOWN);
    set("prior_stroke", 0);
    present();
    expect("r_cvd_known", 0);
    set("prior_pad", 1);
    present();
    expect("r_cvd_known", 1);
    pressure(150, 95);
    set("bp_treated", 0);
    present();
    expect("r_htn_known", 0);
    expect("r_htn_new", 1);
    set("hypertension", 1);
    present();
    expect("r_htn_known", 1);
    expect("r_htn_new", 0);
}

static void count_decides_early(void **state)
{
    (void)state;
    nobody();
    set("sbp", 135);
    set("tg", 2.0);
    present();
    expect("r_mets", UNKNOWN); /* two of five, three unknown */
    set("hdl", 0.9);
    present();
    expect("r_mets", 1);
    nobody();
    set("sbp", 110);
    set("dbp", 70);
    set("bp_treated", 0);
    set("hypertension", 0);
    set("tg", 1.0);
    set("hdl", 1.5);
    present();
    expect("r_mets", 0); /* two unknown are not enough */
}

static void a_grade_of_fatty_liver_or_a_plain_answer(void **state)
{
    (void)state;
    nobody();
    present();
    expect("r_fatty_liver", UNKNOWN);
    set("fatty_liver_any", 1);
    present();
    expect("r_fatty_liver", 1);
    nobody();
    set_level("fatty_liver", "mild");
    present();
    expect("r_fatty_liver", 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_finding_of_each_set),
        cmocka_unit_test(gaps_only_hide),
        cmocka_unit_test(cut_points),
        cmocka_unit_test(the_higher_pressure_decides),
        cmocka_unit_test(non_hdl_is_compared_as_printed),
        cmocka_unit_test(unknown_is_not_normal),
        cmocka_unit_test(a_test_not_ordered_hides_nothing),
        cmocka_unit_test(history_needs_the_main_questions),
        cmocka_unit_test(count_decides_early),
        cmocka_unit_test(a_grade_of_fatty_liver_or_a_plain_answer),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
