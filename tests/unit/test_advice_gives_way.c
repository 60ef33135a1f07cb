/* Advice for healthy people gives way to disease: food and drink, exercise, weight. */
#include "rules_fixture.h"

static void a_man_who_eats_little_of_everything(void)
{
    healthy_man();
    set("age", 50);
    set("whole_grains_g_day", 10);
    set("vegetables_g_day", 100);
    set("fruit_g_day", 50);
    set("meat_g_day", 60);
    set("milk_g_day", 0);
    set("soy_nuts_g_day", 0);
    set("water_ml_day", 800);
    set("uric_acid", 450);
}

static const char *const more_food[] = {"D03", "D04", "D08", "D10", "D11", "D12"};
enum { FOODS = sizeof more_food / sizeof more_food[0] };

static void expect_food(bool due)
{
    for (int i = 0; i < FOODS; i++) {
        if (is_due(more_food[i]) != due) fail_msg("%s is%s due", more_food[i], due ? " not" : "");
    }
}

static void food_gives_way_to_the_kidneys(void **state)
{
    (void)state;
    a_man_who_eats_little_of_everything();
    set("egfr", 45);
    present();
    expect_food(true);
    assert_false(is_due("D18"));
    assert_true(is_due("D14") && is_due("D15"));
    set("egfr", 44);
    present();
    expect_food(false);
    assert_true(is_due("D18") && is_due("D21") && !is_due("D15") && is_due("D14"));
    assert_true(status_of("topic_fruit") & HRA_STATUS_NOT_APPLICABLE);
    assert_true(status_of("r_diet_meat_low") & HRA_STATUS_NOT_APPLICABLE);
    set("egfr", 25);
    present();
    assert_true(is_due("D18") && !is_due("D14"));
    set("egfr", 80); /* potassium alone */
    set("potassium", 5.4);
    present();
    expect_food(false);
    set("potassium", 4.4);
    set("egfr", UNKNOWN);
    set("ckd", 1);
    present();
    expect_food(false);
}

static void drinking_much_gives_way_to_the_heart(void **state)
{
    (void)state;
    a_man_who_eats_little_of_everything();
    set("heart_failure", 1);
    present();
    expect_food(true);
    assert_true(is_due("D20") && is_due("D21"));
    assert_false(is_due("D14") || is_due("D15"));
    a_man_who_eats_little_of_everything();
    set("sodium", 124);
    present();
    assert_true(is_due("C21") && !is_due("D14") && !is_due("D20"));
}

static void greens_stay_even_under_anticoagulation(void **state)
{
    (void)state;
    a_man_who_eats_little_of_everything();
    present();
    assert_true(is_due("D03") && is_due("D16") && !is_due("D19"));
    set("anticoagulant", 1);
    present();
    assert_true(is_due("D19") && !is_due("D03") && !is_due("D16"));
}

/* What lowers blood pressure is not advised where it is too low. */
static void potassium_gives_way_to_low_pressure(void **state)
{
    (void)state;
    healthy_man();
    set("age", 45);
    present();
    assert_true(is_due("D16"));
    set("sbp", 86);
    set("dbp", 50);
    present();
    assert_true(is_due("r_htn_susceptible") && is_due("r_bp_low") && !is_due("D16"));
}

static void exercise_gives_way(void **state)
{
    (void)state;
    static const struct {
        const char *variable;
        double value;
        const char *instead;
    } reasons[] = {
        {"prior_mi", 1, "E07"},     {"heart_failure", 1, "E07"},    {"chest_pain", 1, "E07"},  {"af", 1, "E07"},
        {"sbp", 182, "B06"},        {"hemoglobin", 80, "E12"},      {"potassium", 6.7, "E12"}, {"sodium", 124, "E12"},
        {"heart_rate", 140, "E07"}, {"glucose_fasting", 17, "E12"}, {"sbp", 76, "E12"},        {"crp", 150, "E12"}};
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        healthy_man();
        set("activity_min_week", 30);
        set("steps_per_day", 2000);
        set("resistance_days_week", 0);
        present();
        assert_true(is_due("E01") && is_due("E03"));
        assert_false(is_due(reasons[i].instead));
        set(reasons[i].variable, reasons[i].value);
        present();
        if (!is_due(reasons[i].instead)) fail_msg("%s: no %s", reasons[i].variable, reasons[i].instead);
        assert_false(is_due("E01") || is_due("E02") || is_due("E03"));
    }
}

static void exercise_fits_age_and_weight(void **state)
{
    (void)state;
    healthy_man();
    set("activity_min_week", 30);
    set("resistance_days_week", 0);
    set("bmi", 37.4);
    present();
    assert_true(is_due("E01") && is_due("E03") && !is_due("E10"));
    set("bmi", 45);
    present();
    assert_true(is_due("E10") && !is_due("E01") && !is_due("E03"));
    set("bmi", 22);
    set("age", 79);
    present();
    assert_true(is_due("E01") && !is_due("E11"));
    set("age", 80);
    present();
    assert_true(is_due("E11") && !is_due("E01") && !is_due("E03"));
    set("prior_mi", 1);
    present();
    assert_true(is_due("E07") && !is_due("E11"));
}

static void weight_is_not_lost_without_need(void **state)
{
    (void)state;
    healthy_man();
    set("bmi", 29);
    set("weight", 85.8);
    set("waist", 80);
    set("body_fat", 25);
    present();
    assert_true(is_due("W01") && !is_due("W12"));
    set("body_fat", 14);
    present();
    assert_true(is_due("W12") && !is_due("W01"));
    set("waist", 85);
    present();
    assert_true(is_due("W01") && !is_due("W12"));
    healthy_man();
    set("bmi", 27);
    set("weight", 79.9);
    set("waist", 92);
    set("grains_g_day", 400);
    set("glucose_fasting", 6.4);
    set("age", 79);
    present();
    assert_true(is_due("W02") && is_due("W03") && is_due("D07") && is_due("G01") && !is_due("W07"));
    set("age", 80);
    present();
    assert_true(is_due("W07") && is_due("G10"));
    assert_false(is_due("W02") || is_due("W03") || is_due("D07") || is_due("G01") || is_due("W10"));
    healthy_man();
    set("fatty_liver", hra_variable_level(column_variable(column_of("fatty_liver")), "moderate"));
    set("bmi", 19);
    present();
    assert_true(is_due("C36") && !is_due("C05"));
    set("bmi", 26);
    present();
    assert_true(is_due("C05") && !is_due("C36"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(food_gives_way_to_the_kidneys),
        cmocka_unit_test(drinking_much_gives_way_to_the_heart),
        cmocka_unit_test(greens_stay_even_under_anticoagulation),
        cmocka_unit_test(potassium_gives_way_to_low_pressure),
        cmocka_unit_test(exercise_gives_way),
        cmocka_unit_test(exercise_fits_age_and_weight),
        cmocka_unit_test(weight_is_not_lost_without_need),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
