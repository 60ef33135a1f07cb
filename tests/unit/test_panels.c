/* Panels choose models that fit; measures of groups follow from the shares of their findings. */
#include "rules_fixture.h"

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
        cmocka_unit_test(the_first_model_that_fits_is_used),
        cmocka_unit_test(east_asia_is_assumed_only_where_no_country_is_told),
        cmocka_unit_test(every_panel_can_be_run),
        cmocka_unit_test(group_measures),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
