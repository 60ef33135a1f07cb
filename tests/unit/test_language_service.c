/* Reasons of tiers, due prescriptions, items, monitors, topics, references and interventions, by the judge. */
#include "language_fixture.h"

static bench *open_all(const char *text, const char *columns, const char *panel)
{
    hra_plan_request request = {.panel = panel,
                                .tiers = true,
                                .prescriptions = true,
                                .items = true,
                                .monitors = true,
                                .topics = true,
                                .references = true,
                                .as_of = NAN,
                                .what_if = panel != NULL,
                                .share = true};
    return open_bench(text, columns, request);
}

#define assert_level(b, id, expected) assert_string_equal(level(b, id), expected)

/* ---- whom a finding is not for --------------------------------------------------- */

static void test_findings_not_for_everybody(void **state)
{
    (void)state;
    bench *b = open_bench("factor high { when sbp > 140 exclude af because \"not with {age}\" }\n"
                          "factor named { when high or diabetes }\n"
                          "topic pressure { value sbp at_target sbp < 140 exclude af }",
                          "sbp af diabetes age", (hra_plan_request){.factors = true, .topics = true, .as_of = NAN});
    put(b, "sbp", 150);
    put(b, "diabetes", 0);
    assert_true(value(b, "high") == 1 && value(b, "pressure") == 0 && value(b, "pressure.value") == 150);
    assert_int_equal(status(b, "high"), HRA_STATUS_EXCLUSION_UNVERIFIED);
    put(b, "af", 0);
    assert_true(value(b, "high") == 1 && status(b, "high") == 0);
    put(b, "af", 1);
    assert_true(isnan(value(b, "high")) && isnan(value(b, "pressure")));
    assert_int_equal(status(b, "high"), HRA_STATUS_NOT_APPLICABLE);
    assert_int_equal(status(b, "pressure"), HRA_STATUS_NOT_APPLICABLE);
    assert_true(value(b, "pressure.value") == 150);
    assert_true(isnan(value(b, "named"))); /* who names it finds it unknown */
    put(b, "diabetes", 1);
    assert_true(value(b, "named") == 1);
    put(b, "sbp", NAN); /* nothing was asked, so nothing is missing */
    assert_int_equal(status(b, "high"), HRA_STATUS_NOT_APPLICABLE);
    const hra_declaration *high = hra_library_find(b->library, "high");
    assert_int_equal(high->exclude_count, 1);
    assert_string_equal(high->excludes[0], "af");
    assert_string_equal(hra_declaration_text(high, "exclude.because", "zh"), "not with {age}");
    close_bench(b);
}

/* Said once for many: the same as if each said it. */
static void test_an_exclusion_of_many(void **state)
{
    (void)state;
    const char *text = "factor high { when sbp > 140 }\n"
                       "topic pressure { value sbp at_target sbp < 140 }\n"
                       "factor low { when sbp < 90 exclude diabetes }\n"
                       "factor other { when sbp > 120 }\n"
                       "factor kept { when no_pressure }\n"
                       "exclusion no_pressure { when first_known(af, false) or sum(i in 1..3: age*i) > 600\n"
                       "  because \"not with {age}\" from high, pressure, low }";
    bench *b =
        open_bench(text, "sbp af diabetes age", (hra_plan_request){.factors = true, .topics = true, .as_of = NAN});
    const char *const excluded[] = {"high", "pressure", "low"};
    put(b, "sbp", 150);
    put(b, "diabetes", 0);
    put(b, "age", 50);
    put(b, "af", 0);
    for (int i = 0; i < 3; i++) assert_int_equal(status(b, excluded[i]), 0);
    assert_true(value(b, "high") == 1 && value(b, "kept") == 0);
    put(b, "af", 1);
    for (int i = 0; i < 3; i++) assert_int_equal(status(b, excluded[i]), HRA_STATUS_NOT_APPLICABLE);
    assert_true(isnan(value(b, "high")) && value(b, "other") == 1 && value(b, "kept") == 1);
    put(b, "af", 0);
    put(b, "age", 101);
    assert_int_equal(status(b, "low"), HRA_STATUS_NOT_APPLICABLE);
    put(b, "age", 50);
    put(b, "diabetes", 1); /* its own still holds */
    assert_int_equal(status(b, "low"), HRA_STATUS_NOT_APPLICABLE);
    assert_int_equal(status(b, "high"), 0);
    const hra_declaration *high = hra_library_find(b->library, "high"), *low = hra_library_find(b->library, "low");
    assert_int_equal(high->exclude_count, 1);
    assert_string_equal(high->excludes[0],
                        "first_known(af, false) or sum(i in 1..3: age*i) > 600 (exclusion no_pressure)");
    assert_string_equal(hra_declaration_text(high, "exclude.because", "zh"), "not with {age}");
    assert_true(high->input_count == 3 && low->exclude_count == 2);
    close_bench(b);
}

/* A second reason needs a factor that tells whose it is. */
static void test_two_reasons(void **state)
{
    (void)state;
    const char *text = "factor high { when sbp > 140 }\nfactor irregular { when af }\n"
                       "exclusion young { when age < 18 because \"young\" from high }\n"
                       "exclusion doubted { when af because \"doubted\" told_by irregular from high }";
    bench *b = open_bench(text, "sbp af age", (hra_plan_request){.factors = true, .as_of = NAN});
    put(b, "sbp", 150);
    put(b, "age", 50);
    put(b, "af", 0);
    assert_int_equal(status(b, "high"), 0);
    put(b, "af", 1);
    assert_int_equal(status(b, "high"), HRA_STATUS_NOT_APPLICABLE);
    const hra_declaration *high = hra_library_find(b->library, "high");
    assert_string_equal(hra_declaration_text(high, "exclude.because", "en"), "young");
    assert_string_equal(hra_declaration_text(high, "exclude.told.because", "en"), "doubted");
    assert_string_equal(hra_declaration_text(high, "exclude.told_by", "en"), "irregular");
    close_bench(b);
}

/* House rules: another list, and a finding that takes the place of one on it. */
static void test_an_exclusion_is_replaced(void **state)
{
    (void)state;
    const char *text = "factor high { when sbp > 140 }\nfactor low { when sbp < 90 }\n"
                       "exclusion e { when af from high }\n"
                       "replace factor low { when sbp < 100 }\n"
                       "replace exclusion e { when diabetes because.zh \"孕\" from low }";
    bench *b = open_bench(text, "sbp af diabetes", (hra_plan_request){.factors = true, .as_of = NAN});
    put(b, "sbp", 150);
    put(b, "af", 1);
    put(b, "diabetes", 1);
    assert_int_equal(status(b, "high"), 0);
    assert_int_equal(status(b, "low"), HRA_STATUS_NOT_APPLICABLE);
    const hra_declaration *low = hra_library_find(b->library, "low");
    assert_string_equal(hra_declaration_text(low, "exclude.because", "zh"), "孕");
    assert_null(hra_declaration_text(low, "exclude.because", "en"));
    close_bench(b);
}

/* ---- tiers --------------------------------------------------------------------- */

static const char *const PLAN =
    "tier entry {\n"
    "  level enrolled { title \"E\" when diabetes and age >= 18 because \"diabetes\" because.zh \"糖\"\n"
    "    when sbp >= 160 because \"pressure\" }\n"
    "  level maybe { when sbp >= 150 }\n"
    "  level insufficient { when unknown because \"unknown\" }\n"
    "  level refused { otherwise because \"no reason\" because.zh \"无\" }\n"
    "}\n"
    "tier old { level high { when sbp >= 140 } level low { otherwise } }\n";

static void test_reasons(void **state)
{
    (void)state;
    bench *b = open_all(PLAN, "diabetes age sbp", NULL);
    assert_level(b, "entry", "insufficient");
    assert_level(b, "entry.reason", "insufficient.1");
    assert_int_equal(status(b, "entry"), HRA_STATUS_PROVISIONAL);
    put(b, "sbp", 170); /* the first reason is unknown, the second true: it decides */
    assert_level(b, "entry", "enrolled");
    assert_level(b, "entry.reason", "enrolled.2");
    assert_int_equal(status(b, "entry"), 0);
    put(b, "diabetes", 1);
    assert_level(b, "entry.reason", "enrolled.2"); /* age is unknown */
    put(b, "age", 40);
    assert_level(b, "entry.reason", "enrolled.1");
    put(b, "diabetes", 0);
    put(b, "sbp", 150);
    assert_level(b, "entry", "maybe");
    assert_level(b, "entry.reason", "maybe.1");
    put(b, "sbp", 120);
    assert_level(b, "entry", "refused");
    assert_level(b, "entry.reason", "refused.otherwise");
    put(b, "sbp", NAN);
    assert_level(b, "entry", "insufficient");
    int count;
    const hra_output *outputs = hra_plan_outputs(b->plan, &count);
    for (int i = 0; i < count; i++) assert_string_not_equal(outputs[i].id, "old.reason");
    assert_int_equal(outputs[output_of(b, "entry.reason")->status_of].value, output_of(b, "entry")->value);
    const hra_declaration *plan = hra_library_find(b->library, "entry");
    assert_string_equal(hra_declaration_text(plan, "enrolled.1.because", "zh"), "糖");
    assert_string_equal(hra_declaration_text(plan, "enrolled.2.because", "zh"), "pressure");
    assert_string_equal(hra_declaration_text(plan, "refused.otherwise.because", "zh"), "无");
    close_bench(b);
}

static void test_nobody_in_a_tier(void **state)
{
    (void)state;
    bench *b = open_all("tier t { level a { when sbp > 140 because \"x\" } level b { when sbp > 120 because \"y\" } }",
                        "sbp", NULL);
    assert_level(b, "t", "");
    assert_level(b, "t.reason", "");
    assert_int_equal(status(b, "t") & HRA_STATUS_MISSING, HRA_STATUS_MISSING);
    put(b, "sbp", 130);
    assert_level(b, "t.reason", "b.1");
    close_bench(b);
}

/* ---- prescriptions ------------------------------------------------------------------ */

static void test_what_is_due(void **state)
{
    (void)state;
    const char *text =
        "prescription walk { domain exercise when age > 18 unless pregnant unless sbp >= 180 text \"x\" }\n"
        "prescription rest { domain referral when sbp >= 160 instead_of walk, run text \"x\" }\n"
        "prescription run { domain exercise when age > 18 text \"x\" }\n"
        "prescription urgent { domain referral when sbp >= 200 instead_of rest text \"x\" }\n";
    bench *b = open_all(text, "age sbp pregnant", NULL);
    assert_value(b, "walk", NAN);
    put(b, "age", 40);
    assert_value(b, "walk", 1); /* whether pregnant is unknown: nothing is held back */
    assert_value(b, "run", 1);
    put(b, "pregnant", 1);
    assert_value(b, "walk", 0);
    put(b, "pregnant", 0);
    put(b, "sbp", 165);
    assert_value(b, "rest", 1);
    assert_value(b, "walk", 0);
    assert_value(b, "run", 0);
    put(b, "sbp", 185);
    assert_value(b, "walk", 0);
    put(b, "sbp", 210); /* rest itself gives way: it stands in for nothing */
    assert_value(b, "rest", 0);
    assert_value(b, "run", 1);
    assert_value(b, "walk", 0);
    put(b, "age", NAN);
    assert_value(b, "walk", 0); /* held back, whatever the age */
    assert_value(b, "run", NAN);
    close_bench(b);
}

static void test_one_of(void **state)
{
    (void)state;
    const char *text =
        "prescription c { domain diet priority 1 order 2 one_of salt when sbp > 100 unless age > 80 text \"x\" }\n"
        "prescription d { domain diet priority 2 order 1 one_of salt when sbp > 100 text \"x\" }\n"
        "prescription b { domain diet priority 2 order 1 one_of salt when age > 30 text \"x\" }\n"
        "prescription a { domain diet priority 2 one_of oil when sbp > 100 text \"x\" }\n";
    bench *b = open_all(text, "age sbp", NULL);
    put(b, "age", 40);
    put(b, "sbp", 120);
    assert_value(b, "c", 1);
    assert_value(b, "b", 0);
    assert_value(b, "d", 0);
    assert_value(b, "a", 1); /* another word */
    put(b, "age", 90);       /* c is held back: of the rest the id decides */
    assert_value(b, "c", 0);
    assert_value(b, "b", 1);
    assert_value(b, "d", 0);
    put(b, "age", NAN); /* what is not known to be due leaves the place to others */
    put(b, "sbp", 90);
    assert_value(b, "b", NAN);
    assert_value(b, "d", 0);
    close_bench(b);
}

/* ---- items, monitors, topics ---------------------------------------------------------- */

static void test_items_monitors_topics(void **state)
{
    (void)state;
    const char *text =
        "item i { title \"i\" when age >= 50 package standard doctor_decides true because \"{age} years\" }\n"
        "monitor m { title \"m\" class hypertension when sbp >= 140 every 2 weeks next_contact 1 month alarm \"{sbp}\" "
        "}\n"
        "topic t { title \"t\" value sbp at_target sbp < 130 and dbp < 80 direction lower domains diet, exercise }\n"
        "let ratio = tc/hdl { unit \"1\" decimals 1 }\n"
        "topic u { title \"u\" value ratio at_target ratio <= 4.0 direction lower }\n"
        "topic v { title \"v\" value smoking_status at_target smoking_status != current direction keep }\n";
    bench *b = open_all(text, "age sbp dbp smoking_status tc hdl", NULL);
    assert_value(b, "i", NAN);
    put(b, "age", 50);
    assert_value(b, "i", 1);
    put(b, "sbp", 139.96); /* printed 140 */
    assert_value(b, "m", 1);
    assert_value(b, "t", 0);
    assert_value(b, "t.value", 140);
    put(b, "sbp", 120);
    assert_value(b, "t", NAN); /* not measurable */
    put(b, "dbp", 70);
    assert_value(b, "t", 1);
    assert_int_equal(output_of(b, "t.value")->decimals, 0);
    assert_string_equal(output_of(b, "t.value")->unit, "mmHg");
    put(b, "tc", 5);
    put(b, "hdl", 1.23);
    assert_value(b, "u.value", 4.1);
    assert_value(b, "u", 0);
    put_level(b, "smoking_status", "former");
    assert_level(b, "v.value", "former");
    assert_value(b, "v", 1);
    const hra_declaration *m = hra_library_find(b->library, "m"), *t = hra_library_find(b->library, "t");
    assert_int_equal(hra_declaration_days(m, "every"), 14);
    assert_int_equal(hra_declaration_days(m, "next_contact"), 30);
    assert_int_equal(hra_declaration_days(m, "within"), -1);
    assert_string_equal(hra_declaration_text(t, "domains", "en"), "diet exercise");
    close_bench(b);
}

/* ---- references ------------------------------------------------------------------------- */

static void test_references(void **state)
{
    (void)state;
    const char *text =
        "reference alt { unit \"U/L\" low 9 high 50 when sex == male low 7 high 40 when sex == female }\n"
        "reference tc { unit mg/dL high 200 }\nreference hdl { low 1.0 }\n"
        "reference egfr { low 90 when age < 60 }\n";
    bench *b = open_all(text, "alt sex tc hdl egfr age", NULL);
    put(b, "alt", 45);
    assert_level(b, "reference.alt", "");
    assert_int_equal(status(b, "reference.alt"), HRA_STATUS_MISSING);
    put_level(b, "sex", "male");
    assert_level(b, "reference.alt", "within.1");
    put_level(b, "sex", "female");
    assert_level(b, "reference.alt", "high.2");
    put(b, "alt", 40.4); /* printed 40: on the bound */
    assert_level(b, "reference.alt", "within.2");
    put(b, "alt", 6);
    assert_level(b, "reference.alt", "low.2");
    put(b, "tc", 5.5);
    assert_level(b, "reference.tc", "high.1");
    put(b, "tc", 5.0);
    assert_level(b, "reference.tc", "within.1");
    put(b, "hdl", 0.9);
    assert_level(b, "reference.hdl", "low.1");
    put(b, "egfr", 80);
    put(b, "age", 70); /* no band is for this person */
    assert_level(b, "reference.egfr", "");
    assert_int_equal(status(b, "reference.egfr"), HRA_STATUS_OUTSIDE_RANGE);
    assert_string_equal(hra_declaration_text(hra_library_reference(b->library, "alt"), "band2.high", "en"), "40");
    assert_null(hra_library_reference(b->library, "sbp"));
    close_bench(b);
}

/* ---- what if ------------------------------------------------------------------------------ */

static const char *const WHAT_IF =
    "substitute bmi with weight / height[m]^2\n"
    "model m { exclude prior_mi\n risk = 0.001*sbp + 0.002*bmi + 0.1*diabetes }\n"
    "model other { valid age >= 60\n risk = 0.0005*sbp }\n"
    "model deaf { risk = 0.01*age }\n"
    "panel p { role a { use other.risk use m.risk } role b { use deaf.risk } ranks a, b }\n"
    "intervention bp { title \"t\" order 1 when sbp > 130 sbp = min(sbp, 130) }\n"
    "intervention lighter { title \"t\" order 2 when weight > 70 weight = 70 }\n"
    "intervention more { title \"t\" order 3 when sbp > 120 sbp = sbp - 10 }\n"
    "prescription x { domain d priority 3 when sbp > 100 intervention bp text \"x\" }\n"
    "prescription y { domain d priority 2 when sbp > 100 intervention lighter text \"x\" }\n"
    "prescription z { domain d priority 1 when sbp > 100 text \"x\" }\n";

static bench *person(void)
{
    bench *b = open_all(WHAT_IF, "age sbp bmi weight height diabetes prior_mi tc[mg/dL]", "p");
    put(b, "age", 50);
    put(b, "sbp", 140);
    put(b, "bmi", 30); /* measured otherwise than weight and height say: 80/1.6^2 = 31.25 */
    put(b, "weight", 80);
    put(b, "height", 160);
    put(b, "diabetes", 0);
    put(b, "prior_mi", 0);
    return b;
}

static double risk_of(double sbp, double bmi) { return 0.001 * sbp + 0.002 * bmi + 0.1 * 0; }

static void test_after_interventions(void **state)
{
    (void)state;
    bench *b = person();
    double light = 70 / (1.6 * 1.6), risk = risk_of(140, 30);
    assert_value(b, "p.a.risk", risk);
    assert_value(b, "p.a.if.bp", risk_of(130, 30));
    assert_value(b, "p.a.if.lighter", risk_of(140, light)); /* recomputed although measured */
    assert_value(b, "p.a.if.more", risk_of(130, 30));
    assert_value(b, "p.a.if_all", risk_of(120, light)); /* one after the other */
    assert_value(b, "p.a.changeable", (risk - risk_of(120, light)) / risk);
    assert_value(b, "removable.bp", risk - risk_of(130, 30));
    assert_level(b, "first_step.1", "x");
    assert_level(b, "first_step.2", "y");
    assert_level(b, "first_step.3", "z"); /* of the best priority, but it removes nothing */
    put(b, "weight", 60);                 /* not for this person: the measured index stays */
    assert_value(b, "p.a.if.lighter", risk);
    assert_value(b, "p.a.if_all", risk_of(120, 30));
    assert_level(b, "first_step.1", "x");
    assert_level(b, "first_step.2", "z");
    assert_level(b, "first_step.3", "y");
    put(b, "sbp", 90);
    assert_value(b, "p.a.if_all", risk_of(90, 30));
    assert_level(b, "first_step.1", "none");
    assert_int_equal(status(b, "first_step.1"), 0);
    close_bench(b);
}

static void test_the_chosen_model_stays(void **state)
{
    (void)state;
    bench *b = person();
    put(b, "age", 65);
    assert_value(b, "p.a.risk", 0.0005 * 140);
    assert_value(b, "p.a.if.bp", 0.0005 * 130);
    assert_value(b, "p.a.if.lighter", 0.0005 * 140); /* this one does not read it */
    put(b, "sbp", NAN);
    assert_value(b, "p.a.if.bp", NAN);
    assert_value(b, "removable.bp", NAN);
    assert_int_equal(status(b, "removable.bp"), status(b, "p.a.risk"));
    int count;
    const hra_output *outputs = hra_plan_outputs(b->plan, &count);
    assert_string_equal(outputs[output_of(b, "p.a.if.bp")->status_of].id, "p.a.risk");
    for (int i = 0; i < count; i++) assert_null(strstr(outputs[i].id, "p.b.if")); /* deaf to all of them */
    close_bench(b);
}

static void test_excluded_as_he_is(void **state)
{
    (void)state;
    bench *b = person();
    put(b, "prior_mi", 1);
    assert_value(b, "p.a.if.bp", NAN);
    assert_value(b, "removable.bp", NAN);
    assert_int_equal(status(b, "removable.bp"), status(b, "p.a.risk"));
    close_bench(b);
}

static void test_other_units_stay(void **state)
{
    (void)state;
    const char *text = "model m { risk = tc[mg/dL = 38.67] }\n"
                       "panel p { role a { use m.risk } ranks a }\n"
                       "intervention i { title \"t\" when tc > 5.2 tc = min(tc, 5.2) }\n";
    bench *b = open_all(text, "tc[mg/dL]", "p");
    put(b, "tc[mg/dL]", 191);
    assert_value(b, "p.a.if.i", 191); /* as it was delivered */
    put(b, "tc[mg/dL]", 250);
    assert_value(b, "p.a.if.i", 5.2 * 38.67);
    close_bench(b);
}

static void test_no_intervention(void **state)
{
    (void)state;
    hra_library *library = library_of("model m { risk = age }");
    hra_schema schema = {.dictionary = hra_library_dictionary(library)};
    const char *model = "m";
    hra_plan_request request = {.models = &model, .model_count = 1, .what_if = true, .as_of = NAN};
    hra_plan *plan;
    hra_error error;
    assert_int_equal(hra_plan_new(library, &schema, &request, &plan, &error), HRA_EUSAGE);
    assert_non_null(strstr(error.message, "no intervention"));
    hra_library_free(library);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_findings_not_for_everybody),
        cmocka_unit_test(test_an_exclusion_of_many),
        cmocka_unit_test(test_two_reasons),
        cmocka_unit_test(test_an_exclusion_is_replaced),
        cmocka_unit_test(test_reasons),
        cmocka_unit_test(test_nobody_in_a_tier),
        cmocka_unit_test(test_what_is_due),
        cmocka_unit_test(test_one_of),
        cmocka_unit_test(test_items_monitors_topics),
        cmocka_unit_test(test_references),
        cmocka_unit_test(test_after_interventions),
        cmocka_unit_test(test_the_chosen_model_stays),
        cmocka_unit_test(test_excluded_as_he_is),
        cmocka_unit_test(test_other_units_stay),
        cmocka_unit_test(test_no_intervention),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
