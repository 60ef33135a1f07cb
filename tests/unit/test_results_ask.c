/* Every result far out of range asks for a next step with a date, and nobody is told to keep a level up beside it. */
#include "rules_fixture.h"

typedef struct result {
    const char *variable;
    double value;
    const char *finding, *advice, *contact; /* contact: which call the register makes; NULL none */
} result;

static void expect_step(const result *r)
{
    healthy_man();
    set(r->variable, r->value);
    present();
    if (r->finding) expect(r->finding, 1);
    if (!is_due(r->advice)) fail_msg("%s of %g: no %s", r->variable, r->value, r->advice);
    if (r->contact && !is_due(r->contact)) fail_msg("%s of %g: no %s", r->variable, r->value, r->contact);
    assert_false(is_due("F06"));
}

static void clearly_abnormal_results_have_a_deadline(void **state)
{
    (void)state;
    static const result results[] = {
        {"sodium", 121, "r_b_sodium", "C21", "follow_up_important_days"},
        {"sodium", 129, "r_b_sodium", "C21", "follow_up_important_days"},
        {"sodium", 150, "r_b_sodium", "C21", "follow_up_important_days"},
        {"sodium", 120, "r_crit_na", "R01", NULL},
        {"tsh", 60, "r_b_thyroid", "C23", "follow_up_important_month"},
        {"tsh", 0.05, "r_b_thyroid", "C23", "follow_up_important_month"},
        {"albumin", 22, "r_b_albumin", "C22", "follow_up_important_week"},
        {"hemoglobin", 205, "r_b_hemoglobin_high", "C24", "follow_up_important_week"},
        {"hemoglobin", 65, "r_b_hemoglobin", "C14", NULL},
        {"platelets", 60, "r_b_platelets", "C15", NULL},
        {"platelets", 1100, "r_b_platelets", "C15", NULL},
        {"wbc", 1.5, "r_b_white_cells", "C15", NULL},
        {"potassium", 6.2, "r_b_potassium", "C17", "follow_up_important_days"},
        {"alt", 400, "r_b_liver", "C16", NULL},
        {"glucose_fasting", 2.6, "r_crit_glu_lo", "G07", NULL},
        {"crp", 130, "r_b_inflammation", "C25", "follow_up_important_days"},
        {"hscrp", 130, "r_b_inflammation", "C25", "follow_up_important_days"},
        {"heart_rate", 145, "r_b_heart_rate", "B21", "follow_up_important_days"},
        {"heart_rate", 39, "r_b_heart_rate", "B21", "follow_up_important_days"},
        {"sbp", 79, "r_b_pressure_low", "B20", "follow_up_important_days"},
    };
    for (size_t i = 0; i < sizeof results / sizeof results[0]; i++) {
        expect_step(&results[i]);
        expect_level("first_step.1", strcmp(results[i].advice, "G07") == 0 ? "R01" : results[i].advice);
    }
    healthy_man();
    int level = hra_variable_level(column_variable(column_of("urine_protein")), "p3");
    set("urine_protein", level);
    present();
    assert_true(is_due("r_b_albuminuria") && is_due("C13"));
    set("urine_protein", level - 1);
    present();
    assert_false(is_due("r_b_albuminuria") || is_due("C13"));
}

static void other_abnormal_results_are_repeated(void **state)
{
    (void)state;
    static const result results[] = {
        {"sodium", 136, "r_electrolyte_abn", "C27", NULL},
        {"sodium", 148, "r_electrolyte_abn", "C27", NULL},
        {"potassium", 3.4, "r_electrolyte_abn", "C27", NULL},
        {"potassium", 5.5, "r_electrolyte_abn", "C27", NULL},
        {"tsh", 6, "r_tsh_abn", "C28", NULL},
        {"albumin", 34, "r_albumin_low", "C31", NULL},
        {"hemoglobin", 180, "r_hb_high", "C32", NULL},
        {"wbc", 11, "r_wbc_abn", "C26", NULL},
        {"platelets", 110, "r_plt_abn", "C26", NULL},
        {"tbil", 30, "r_tbil_high", "C30", NULL},
        {"alp", 150, "r_alp_high", "C30", NULL},
        {"crp", 20, NULL, "C33", NULL},
        {"hscrp", 12, "r_hscrp_acute", "C33", NULL},
        {"hbsag", 1, NULL, "C34", NULL},
        {"uric_acid", 600, "r_ua_very_high", "D17", NULL},
    };
    for (size_t i = 0; i < sizeof results / sizeof results[0]; i++) {
        if (strcmp(results[i].variable, "uric_acid") != 0) expect_step(&results[i]);
        healthy_man();
        set(results[i].variable, results[i].value);
        present();
        assert_true(is_due(results[i].advice));
    }
}

/* Beside a result with a deadline no routine date on the same subject. */
static void the_deadline_stands_alone(void **state)
{
    (void)state;
    static const struct {
        const char *variable;
        double value;
        const char *routine;
    } pairs[] = {{"sodium", 125, "C27"}, {"tsh", 30, "C28"},         {"albumin", 25, "C31"}, {"hemoglobin", 210, "C32"},
                 {"wbc", 1.5, "C26"},    {"potassium", 6.2, "C27"},  {"tbil", 60, "C30"},    {"crp", 130, "C33"},
                 {"sbp", 75, "B18"},     {"heart_rate", 150, "B19"}, {"wbc", 40, "C26"},     {"sodium", 119, "C27"}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        healthy_man();
        set(pairs[i].variable, pairs[i].value);
        present();
        if (is_due(pairs[i].routine)) fail_msg("%s beside %s", pairs[i].routine, pairs[i].variable);
    }
}

static void pregnancy_changes_the_limits(void **state)
{
    (void)state;
    healthy_man();
    set_level("sex", "female");
    set("pregnant", 1);
    set("albumin", 28);
    set("tsh", 0.05);
    set("sodium", 134);
    set("alp", 180);
    present();
    assert_false(is_due("r_b_albumin") || is_due("r_b_thyroid") || is_due("C28") || is_due("C29"));
    assert_false(is_due("C27") || is_due("C30") || is_due("C31"));
    set("albumin", 24);
    set("tsh", 4.1);
    present();
    assert_true(is_due("C22") && is_due("C29") && !is_due("C28"));
    healthy_man();
    set_level("sex", "female");
    set("pregnant", 1);
    present();
    assert_true(is_due("F06"));
    set("sbp", 132);
    present();
    assert_true(is_due("B10") && !is_due("F06"));
}

static void children_have_a_lower_limit_of_glucose(void **state)
{
    (void)state;
    healthy_man();
    set("glucose_fasting", 3.6);
    present();
    assert_true(is_due("r_glu_low") && is_due("G14"));
    set("age", 16);
    present();
    assert_false(is_due("r_glu_low") || is_due("G14"));
    set("glucose_fasting", 3.2);
    present();
    assert_true(is_due("r_glu_low"));
}

static void impossible_answers_are_told(void **state)
{
    (void)state;
    healthy_man();
    set("gestational_dm", 1);
    set("pcos", 1);
    present();
    assert_true(is_due("r_dq_women_only"));
    assert_false(is_due("r_dm_highrisk"));
    set_level("sex", "female");
    present();
    expect("r_dm_highrisk", 1);
    healthy_man();
    set("diabetes", 1);
    set("dm_onset_age", 36);
    present();
    expect("r_dq_diabetes_age", 1);
    set("dm_onset_age", 35);
    present();
    expect("r_dq_diabetes_age", 0);
    set("diabetes_duration", 36);
    present();
    expect("r_dq_diabetes_age", 1);
    healthy_man();
    set_level("alcohol_status", "never");
    set("alcohol_g_day", 20);
    present();
    expect("r_dq_alcohol", 1);
    set("alcohol_g_day", UNKNOWN);
    present();
    expect("r_dq_alcohol", 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clearly_abnormal_results_have_a_deadline),
        cmocka_unit_test(other_abnormal_results_are_repeated),
        cmocka_unit_test(the_deadline_stands_alone),
        cmocka_unit_test(pregnancy_changes_the_limits),
        cmocka_unit_test(children_have_a_lower_limit_of_glucose),
        cmocka_unit_test(impossible_answers_are_told),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
