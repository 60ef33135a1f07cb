/* The service rules at their cut points: sets, strata, levels, advice. */
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

static bool contradictory_pressures(void)
{
    return the_bench.inputs[column_of("sbp")] <= the_bench.inputs[column_of("dbp")];
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
    static const char *const names[] = {
        "hypertension", "bp_treated", "diabetes",     "glucose_treated", "lipid_treated",  "dyslipidemia",  "prior_mi",
        "prior_chd",    "prior_tia",  "prior_pad",    "prior_revasc",    "heart_failure",  "ckd",           "uacr",
        "hba1c",        "glucose_2h", "homocysteine", "glucose_fasting", "carotid_plaque", "anticoagulant", "potassium",
        "sodium",       "menopause",  "pregnant"};
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

/* ---- strata ------------------------------------------------------------------- */

/* Everything the hypertension table looks at, without a finding. */
static void person_without_findings(void)
{
    static const char *const no[] = {"hypertension",
                                     "bp_treated",
                                     "passive_smoking",
                                     "fh_premature_cvd",
                                     "lvh",
                                     "carotid_plaque",
                                     "prior_mi",
                                     "prior_chd",
                                     "prior_stroke",
                                     "prior_tia",
                                     "prior_pad",
                                     "prior_revasc",
                                     "heart_failure",
                                     "ckd",
                                     "diabetes",
                                     "glucose_treated",
                                     "lipid_treated",
                                     "dyslipidemia",
                                     "af",
                                     "fh_stroke"};
    nobody();
    for (size_t i = 0; i < sizeof no / sizeof *no; i++) set(no[i], 0);
    set_level("sex", "male");
    set_level("smoking_status", "never");
    set("age", 40);
    set("sbp", 115);
    set("dbp", 75);
    set("bmi", 22);
    set("waist", 78);
    set("tc", 4.0);
    set("ldl", 2.0);
    set("hdl", 1.4);
    set("tg", 1.0);
    set("glucose_fasting", 5.0);
    set("glucose_2h", 6.0);
    set("hba1c", 5.2);
    set("homocysteine", 9);
    set("uacr", 5);
    set("egfr", 100);
    set("activity_min_week", 200);
}

static void hypertension_table(void **state)
{
    (void)state;
    static const double columns[4] = {132, 145, 165, 185};
    static const int strata[4][4] = {{0, 1, 2, 3}, {1, 2, 3, 4}, {3, 3, 3, 4}, {4, 4, 4, 4}};
    for (int row = 0; row < 4; row++) {
        for (int column = 0; column < 4; column++) {
            person_without_findings();
            set("sbp", columns[column]);
            if (row == 1) set("homocysteine", 15);
            if (row == 2) set("lvh", 1);
            if (row == 3) set("prior_mi", 1);
            present();
            if (value_of("htn_stratum") != strata[row][column])
                fail_msg("row %d column %d: stratum %g", row, column, value_of("htn_stratum"));
            expect("r_htnrisk_vhigh", strata[row][column] == 4);
        }
    }
    person_without_findings();
    present();
    expect("htn_stratum", 0);
    expect("r_htnrisk_low", 0);
    set("hypertension", 1); /* known, controlled: as grade 1 */
    present();
    expect("htn_stratum", 1);
}

static void three_factors_or_diabetes_are_high(void **state)
{
    (void)state;
    person_without_findings();
    set("sbp", 145);
    set("homocysteine", 15);
    set("tc", 5.2);
    present();
    expect("htn_rf_count", 2);
    expect("htn_stratum", 2);
    set_level("smoking_status", "current");
    present();
    expect("htn_rf_count", 3);
    expect("htn_stratum", 3);
    person_without_findings();
    set("sbp", 145);
    set("diabetes", 1);
    present();
    expect("htn_stratum", 3);
    set("uacr", 40); /* with a complication */
    present();
    expect("htn_stratum", 4);
}

static void an_unmeasured_organ_leaves_the_stratum_open(void **state)
{
    (void)state;
    person_without_findings();
    set("sbp", 145);
    set("egfr", UNKNOWN);
    present();
    expect("htn_stratum", UNKNOWN);
    set("sbp", 185);
    set("homocysteine", 15); /* very high whatever the kidney says */
    present();
    expect("htn_stratum", 4);
}

static void set_ascvd_factors(int factors)
{
    if (factors >= 1) set("age", 60); /* beyond the rule for lifetime risk */
    if (factors >= 2) set_level("smoking_status", "current");
    if (factors >= 3) set("hdl", 0.9);
}

static void ascvd_table(void **state)
{
    (void)state;
    static const int strata[2][4][3] = {{{1, 1, 1}, {1, 1, 1}, {1, 1, 2}, {1, 2, 2}},
                                        {{1, 1, 1}, {1, 2, 2}, {2, 3, 3}, {3, 3, 3}}};
    static const double ldl[3] = {2.0, 2.6, 3.4};
    for (int hypertension = 0; hypertension < 2; hypertension++) {
        for (int factors = 0; factors < 4; factors++) {
            for (int band = 0; band < 3; band++) {
                person_without_findings();
                set("hypertension", hypertension);
                set("ldl", ldl[band]);
                set_ascvd_factors(factors);
                present();
                if (value_of("ascvd_stratum") != strata[hypertension][factors][band])
                    fail_msg("hypertension %d, factors %d, band %d: stratum %g", hypertension, factors, band + 1,
                             value_of("ascvd_stratum"));
            }
        }
    }
}

static void ascvd_beyond_the_table(void **state)
{
    (void)state;
    person_without_findings();
    set("ldl", 2.0);
    set("tc", 5.2); /* the higher band counts: two factors, band 3 */
    set_level("smoking_status", "current");
    set("hdl", 0.9);
    present();
    expect("ascvd_stratum", 3); /* moderate by the table, high by lifetime risk at 40 */
    set("age", 56);
    set("hdl", 1.4);
    present();
    expect("ascvd_stratum", 2);
    expect_number("ldl_target", 2.6);
    set("ldl", 4.9);
    present();
    expect("ascvd_stratum", 3);
    set("prior_mi", 1);
    present();
    expect("ascvd_stratum", 4);
    expect_number("ldl_target", 1.8);
    expect("r_ldl_above_goal", 1);
    person_without_findings();
    set("tc", UNKNOWN); /* the known lipid decides */
    set("ldl", 3.3);
    present();
    expect("ascvd_stratum", UNKNOWN); /* total cholesterol of 7.2 would be high at once */
    set("tc", 4.0);
    present();
    expect("ascvd_stratum", 1);
    expect("r_ldl_above_goal", 0);
}

/* ---- screening, levels, advice ---------------------------------------------------- */

static void stroke_screening(void **state)
{
    (void)state;
    person_without_findings();
    set("bmi", 26);
    set("af", 1);
    present();
    expect("stroke8_count", 2);
    expect("r_stroke_8", 0);
    expect("r_stroke_mid", 1);
    set("fh_stroke", 1);
    present();
    expect("r_stroke_8", 1);
    set("age", 39);
    present();
    expect("r_stroke_8", 0);
}

static void health_levels(void **state)
{
    (void)state;
    static const char *const no[] = {"lung_nodule", "copd", "fh_lung_cancer"};
    person_without_findings();
    for (size_t i = 0; i < sizeof no / sizeof *no; i++) set(no[i], 0);
    set("age", 30);
    set("uric_acid", 300);
    set("alcohol_g_day", 0);
    set("sleep_hours", 8);
    set("pss10", 5);
    set("salt_g_day", 4);
    set("vegetables_g_day", 400);
    present();
    expect_level("health_level", "economy");
    assert_false(status_of("health_level") & HRA_STATUS_PROVISIONAL);
    expect("F06", 1);
    set("bmi", 24);
    present();
    expect_level("health_level", "standard");
    expect("F05", 1);
    expect("F06", 0);
    set("prior_stroke", UNKNOWN); /* might be the highest level */
    present();
    expect_level("health_level", "standard");
    assert_true(status_of("health_level") & HRA_STATUS_PROVISIONAL);
    set("diabetes", 1);
    present();
    expect_level("health_level", "comprehensive");
    assert_false(status_of("health_level") & HRA_STATUS_PROVISIONAL);
}

static void weight_goals(void **state)
{
    (void)state;
    nobody();
    set_level("sex", "female");
    set("age", 35);
    set("height", 160);
    set("weight", 80);
    present();
    expect("r_bmi_obese", 1); /* from weight and height */
    assert_true(status_of("r_bmi_obese") & HRA_STATUS_SUBSTITUTED);
    expect_number("target_weight", 76);
    expect_number("weight_loss_kg", 80 - 24 * (1.6 * 1.6));
    expect("W01", 1);
    expect("W07", 0);
    expect("W08", 0);
    set("pregnant", 1);
    present();
    expect("W01", 0);
    expect("W07", 0);
    expect("W08", 1);
    set("pregnant", 0);
    set("cancer", 1);
    present();
    expect("W07", 1);
    expect("W08", 0);
}

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

/* ---- panels ------------------------------------------------------------------------ */

static void the_first_model_that_fits_is_used(void **state)
{
    (void)state;
    person_without_findings();
    set("age", 50);
    present();
    expect_level("china_corporate.chd.model", "who_cvd_2019_lab");
    expect_level("china_corporate.stroke.model", "who_cvd_2019_lab");
    double chd_at_50 = value_of("china_corporate.chd.risk");
    expect_number("who_cvd_2019_lab.chd", chd_at_50);
    set("age", 35); /* below the WHO charts */
    present();
    expect_level("china_corporate.chd.model", "framingham_chd_1998_tc");
    expect("china_corporate.stroke.risk", UNKNOWN);
    set("age", 60);
    set("tc", UNKNOWN); /* a stroke profile without cholesterol */
    present();
    expect_level("china_corporate.stroke.model", "fsrp_2017");
    set("prior_stroke", 1);
    present();
    expect("china_corporate.stroke.risk", UNKNOWN);
    assert_true(status_of("china_corporate.stroke.risk") & HRA_STATUS_NOT_APPLICABLE);
}

static void east_asia_is_assumed_only_where_no_country_is_told(void **state)
{
    (void)state;
    person_without_findings();
    set("age", 50);
    present();
    double assumed = value_of("china_corporate.chd.risk");
    assert_true(status_of("china_corporate.chd.risk") & HRA_STATUS_SUBSTITUTED);
    set_level("who_region", "east_asia");
    present();
    expect_number("china_corporate.chd.risk", assumed);
    assert_false(status_of("china_corporate.chd.risk") & HRA_STATUS_SUBSTITUTED);
    set("who_region", UNKNOWN);
    set_level("country", "HKG");
    present();
    expect_number("china_corporate.chd.risk", assumed);
    set_level("country", "USA");
    present();
    assert_true(value_of("china_corporate.chd.risk") != assumed);
    expect_level("china_corporate.chd.model", "who_cvd_2019_lab");
    set_level("country", "MCO"); /* the charts name no region for Monaco */
    present();
    expect("who_cvd_2019_lab.chd", UNKNOWN);
    expect_level("china_corporate.chd.model", "framingham_chd_1998_tc");
}

static void every_panel_can_be_run(void **state)
{
    (void)state;
    int panels = 0;
    for (int i = 0; i < hra_library_declaration_count(the_bench.library); i++) {
        const hra_declaration *declaration = hra_library_declaration(the_bench.library, i);
        if (declaration->kind != HRA_DECLARATION_PANEL) continue;
        panels++;
        hra_plan_request request = {.panel = declaration->id,
                                    .factors = true,
                                    .tiers = true,
                                    .prescriptions = true,
                                    .aggregates = true,
                                    .as_of = NAN,
                                    .share = true};
        hra_plan *plan = NULL;
        hra_error error;
        if (hra_plan_new(the_bench.library, &the_bench.schema, &request, &plan, &error) != HRA_OK)
            fail_msg("panel %s: %s", declaration->id, error.message);
        hra_plan_free(plan);
    }
    assert_true(panels >= 6);
}

/* ---- group measures ----------------------------------------------------------------- */

static double action_due(const char *id, double share)
{
    double *means = malloc((size_t)the_bench.output_count * sizeof *means);
    assert_non_null(means);
    for (int i = 0; i < the_bench.output_count; i++) means[i] = share;
    double due = -1;
    for (int i = 0; i < hra_plan_action_count(the_bench.plan); i++) {
        if (strcmp(hra_plan_action(the_bench.plan, i)->id, id) == 0)
            due = hra_plan_action_due(the_bench.plan, i, means);
    }
    free(means);
    return due;
}

static void group_measures(void **state)
{
    (void)state;
    assert_int_equal(hra_plan_action_count(the_bench.plan), 25);
    assert_true(action_due("GA01", 0.40) == 1);
    assert_true(action_due("GA01", 0.39) == 0);
    assert_true(action_due("GA19", 0.05) == 1);
    assert_true(action_due("GA24", 0.30) == 1); /* three of ten without a checkup */
    assert_true(action_due("GA24", 0.29) == 0);
    assert_true(isnan(action_due("GA01", NAN)));
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
        cmocka_unit_test(hypertension_table),
        cmocka_unit_test(three_factors_or_diabetes_are_high),
        cmocka_unit_test(an_unmeasured_organ_leaves_the_stratum_open),
        cmocka_unit_test(ascvd_table),
        cmocka_unit_test(ascvd_beyond_the_table),
        cmocka_unit_test(stroke_screening),
        cmocka_unit_test(health_levels),
        cmocka_unit_test(weight_goals),
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
        cmocka_unit_test(alerts_follow_thresholds_and_strata),
        cmocka_unit_test(the_first_model_that_fits_is_used),
        cmocka_unit_test(east_asia_is_assumed_only_where_no_country_is_told),
        cmocka_unit_test(every_panel_can_be_run),
        cmocka_unit_test(dates_and_quality),
        cmocka_unit_test(group_measures),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
