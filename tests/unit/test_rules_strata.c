/* The classes of risk that many rules make together: the tables of hypertension and ASCVD, screening, health levels. */
#include "rules_fixture.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hypertension_table),
        cmocka_unit_test(three_factors_or_diabetes_are_high),
        cmocka_unit_test(an_unmeasured_organ_leaves_the_stratum_open),
        cmocka_unit_test(ascvd_table),
        cmocka_unit_test(ascvd_beyond_the_table),
        cmocka_unit_test(stroke_screening),
        cmocka_unit_test(health_levels),
        cmocka_unit_test(weight_goals),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
