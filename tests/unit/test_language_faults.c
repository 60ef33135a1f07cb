/* Every fault is told, where it stands, with what was expected. */
#include <stdio.h>

#include "engine/language/lexer.h"
#include "language_fixture.h"

static const char *const MODEL = "model m {\n%s\n}\n";

static void expect(const char *text, const char *part)
{
    hra_buffer out = faults_of(text);
    if (!strstr(out.bytes, part)) fail_msg("expected \"%s\" from:\n%s\ngot:\n%s", part, text, out.bytes);
    hra_buffer_destroy(&out);
}

static void expect_in_model(const char *body, const char *part)
{
    char text[1024];
    snprintf(text, sizeof text, MODEL, body);
    expect(text, part);
}

static void expect_fine(const char *text)
{
    hra_buffer out = faults_of(text);
    if (out.length) fail_msg("no fault expected in:\n%s\ngot:\n%s", text, out.bytes);
    hra_buffer_destroy(&out);
}

static void test_place_and_caret(void **state)
{
    (void)state;
    hra_buffer out = faults_of("let a = 1\nlet b = ag + 2\n");
    assert_string_equal(out.bytes, "test.hra:2:9: unknown name 'ag'; did you mean 'age'?\n"
                                   "    let b = ag + 2\n"
                                   "            ^~\n");
    hra_buffer_destroy(&out);
    /* columns count characters; the caret stands below also after Chinese text and tabs */
    out = faults_of("let a = 1 { title.zh \"中文\" titel \"x\" }");
    assert_non_null(strstr(out.bytes, "test.hra:1:27: unknown property or statement 'titel'; did you mean 'title'?"));
    assert_non_null(strstr(out.bytes, "\n                                ^~~~~"));
    hra_buffer_destroy(&out);
    out = faults_of("let a =\n\tag\n");
    assert_non_null(strstr(out.bytes, "test.hra:2:2: "));
    assert_non_null(strstr(out.bytes, "    \tag\n    \t^~\n"));
    hra_buffer_destroy(&out);
}

static void test_all_faults_of_a_file(void **state)
{
    (void)state;
    hra_buffer out = faults_of("model a {\n  let x = 3 *\n  let y = 4\n  valid age in 80..30\n  risk = y + zzz\n}\n"
                               "factor f { when sbp > }\n"
                               "tier t { level low { } }\n"
                               "model b { risk = hdl + sbp }\n");
    const char *const wanted[] = {"test.hra:3:3: expected a value",         "test.hra:4:16: this range is empty",
                                  "test.hra:5:14: unknown name 'zzz'",      "test.hra:7:23: expected a value",
                                  "test.hra:8:16: level 'low' has neither", "test.hra:9:18: values in"};
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        if (!strstr(out.bytes, wanted[i])) fail_msg("%s is not among\n%s", wanted[i], out.bytes);
    hra_buffer_destroy(&out);
}

static void test_syntax(void **state)
{
    (void)state;
    expect("model m { risk = 1", "is not closed");
    expect("model m {\n risk = 1\nmodel n { risk = 1 }", "test.hra:1:9: this '{' is not closed");
    expect("let a = \"open", "text without a closing quote");
    expect("let a = age ＞ 3", "write '>'");
    expect("let a = 1 < 2 < 3", "comparisons do not chain");
    expect("let a = age = 3", "compare with '=='");
    expect("let a = SBP", "did you mean 'sbp'?");
    expect_in_model("valid age in 40-79\nrisk = 1", "expected '..': a range is written 40..79, found '-'");
    expect("let a = log(age)", "did you mean 'ln'?");
    expect("let a = ln(age, 2)", "ln() takes 1 argument, here are 2");
    expect("let a = 1.5x", "neither a number nor a name");
    expect("modle m { }", "expected a declaration");
    expect("let a = age\xFF", "not UTF-8");
    expect_in_model("fold over t in 1..3 { state s = 0 next s = s + t }", "this fold emits nothing");
    expect_in_model("severity mild\nrisk = 1", "property 'severity' does not belong here");
    expect("factor f { when sbp > 1 severity bad }", "known are: normal info mild moderate severe urgent");
    expect("factor f { title \"a\" title \"b\" when sbp > 1 }", "'title' is already given above");
    char deep[2000] = "let a = ";
    for (int i = 0; i < 300; i++) strcat(deep, "(");
    expect(deep, "nested deeper than");
}

static void test_names(void **state)
{
    (void)state;
    expect("let a = b\nlet b = c\nlet c = a", "cycle: a -> b -> c -> a");
    expect("let age = 3", "'age' is already the name of a variable");
    expect("let a = 1\nlet a = 2", "already declared in test.hra, line 1");
    expect("replace let a = 2", "nothing of this kind and name to replace");
    expect_fine("let a = 1\nreplace let a = 2");
    expect_in_model("risk = later\nlet later = 1", "unknown name 'later'");
    expect_in_model("let x = 1\nlet x = 2\nrisk = x", "'x' is already given on line 2");
    expect("let a = name", "is text and cannot be computed with");
    expect("model m { risk = 1 }\nlet a = m.rsk", "model 'm' has no output 'rsk'; did you mean 'risk'?");
    expect("model m { value = 1 grade = 2 }\nlet a = m.egfr",
           "model 'm' has no output 'egfr'; it has 'value', 'grade'");
    expect("let a = diabetes == yes", "unknown name 'yes'; did you mean 'true'?");
    expect("let a = 1 - diabetes == no", "unknown name 'no'; did you mean 'false'?");
    expect("let a = plogis(age)", "no function 'plogis'; write 1/(1 + exp(-x))");
    expect("let a = pow(age, 2)", "no function 'pow'; write x^y");
    expect("let a = pmin(age, 2)", "no function 'pmin'; did you mean 'min'?");
    expect("let a = diabetes && af", "'&&' is not a sign of the language; write 'and'");
    expect("let a = panel.chd", "no panel has a role 'chd'");
    expect("prescription D { domain diet when sbp > 3 text \"{sbpp} high\" }", "unknown name 'sbpp'");
    expect("panel p { role chd { use nobody.risk } }", "no model 'nobody'");
    expect("group_action g { when age > 3 }", "of one person");
    expect("let a = prevalence(diabetes)", "belongs into the 'when' of a group action");
}

static void test_types_and_units(void **state)
{
    (void)state;
    expect("let a = hdl + sbp", "values in 'mmol/L' and 'mmHg' do not go together");
    expect("let a = if(diabetes, hdl, sbp)", "do not go together");
    expect("let a = sbp > hdl", "do not go together");
    expect_fine("let a = hdl * sbp + 3\nlet b = min(sbp, 200) - dbp");
    expect("let a = tc[mg/L]", "unit 'mg/L' does not fit tc; known are mmol/L, mg/dL");
    expect("let a = tc[mg/dL = 88.57]", "is not within 1 % of the dictionary's");
    expect("let a = hba1c[mmol/mol = 10.9]", "has an offset in the dictionary");
    expect_fine("let a = tc[mg/dL = 38.67] + hdl[mg/dL = 1/0.0259]");
    expect("let a = (tc + 1)[mg/dL]", "only variables of the dictionary");
    expect("factor f { when sbp }", "a condition is needed here, this is a number");
    expect("let a = smoking_status + 1", "write number(...)");
    expect("let a = birth_date + age > 3", "day");
    expect("let a = years_between(age, age)", "takes two days");
    expect("let a = round(age, 12)", "decimals are 0 to 9");
    expect("let a = rcs(age, 3, 1, 2, 3)", "the non-linear terms are 1 to 1");
    expect("let a = rcs(age, 1, 1, 3, 2)", "must ascend");
}

static void test_categories(void **state)
{
    (void)state;
    expect("let a = sex == woman", "'woman' is not a level of sex");
    expect("let a = smoking_status == curent", "did you mean 'current'?");
    expect("let a = sex in {male, femal}", "did you mean 'female'?");
    expect("let a = case(sex: male -> 1)", "missing: female");
    expect("let a = case(sex: male -> 1, male -> 2, female -> 3)", "has an arm already");
    expect_in_model("risk = if(race == white, 1, 2)", "say what each means here");
    expect_in_model("valid race in {white, black}\nrisk = if(race == white, 1, 2)", "");
    expect_in_model("map sex { male -> m }\nrisk = 1", "leaves out levels of sex: female");
    expect("let a = points(age: <40 -> 1, 30..50 -> 2)", "overlaps another");
    expect("let a = if(diabetes, low, 3)", "unknown name 'low'");
    expect_in_model("stratum sex == male { risk = 1 }\nstratum sex == female { let x = 1 }",
                    "output 'risk' is given in another stratum");
}

static void test_tables(void **state)
{
    (void)state;
    expect("table t { key s of sex value v rows { male, 1; male, 2; } }",
           "this combination of keys stands in an earlier row");
    expect("table t { key s of sex value v rows { male; } }", "fewer cells");
    expect("table t { key s of sex value v rows { male, 1, 2; } }", "more cells");
    expect("table t { key s of sex value v rows { man, 1; } }", "'man' is not a level of s");
    expect("table t { value v }", "neither 'rows' nor 'csv'");
    expect("table t { value v csv \"none.csv\" }", "none.csv");
    expect("table t { value v rows { 1; } key k bands }", "must stand before the rows");
    expect("table t { key s of sex value v rows { male, 1; } }\nlet a = lookup(t.w, sex)", "has no value 'w'");
    expect("table t { key s of sex value v rows { male, 1; } }\nlet a = lookup(t.v)", "has 1 key, here are 0");
    expect("table t { key s of sex value v rows { male, 1; } }\nlet a = lookup(t.v, taste)",
           "no level of this category");
    expect("table t { key s of sex value v rows { male, 1; } }\nlet a = sum(r in t: v)",
           "a loop runs over a table without keys");
}

static void test_service(void **state)
{
    (void)state;
    expect("intervention i { title \"t\" sbp = 120 }", "intervention 'i' has no 'when': whom it is for");
    expect("intervention i { when sbp > 130 }", "has no value that it changes");
    expect("intervention i { when sbp > 130 spb = 120 }", "test.hra:1:33: unknown name 'spb'; did you mean 'sbp'?");
    expect("intervention i { when sbp > 130 sbp = 120 sbp = 110 }", "'sbp' is already given above");
    expect("intervention i { when sbp > 130 sbp = diabetes and af smoking_status = curent }",
           "did you mean 'current'?");
    expect("intervention i { when sbp > 130 diabetes = 3 }", "'diabetes' is a condition, this is a number");
    expect("intervenion i { }", "did you mean 'intervention'?");
    expect("tier t { level a { otherwise when sbp > 3 } }", "a 'when' after 'otherwise' is never reached");
    expect("tier t { level a { when sbp > 3 otherwise } }", "conditions or is for all others, not both");
    expect("tier t { level a { when unknown } }", "no level before this one could be unknown");
    expect("tier t { level a { when sbp > 3 because \"{spb}\" } }", "unknown name 'spb'");
    expect("prescription p { when sbp > 3 instead_of q }", "no prescription 'q'");
    expect("prescription p { when sbp > 3 intervention stop }\nintervention stopp { when af sbp = 3 }",
           "no intervention 'stop'; did you mean 'stopp'?");
    expect("prescription p { when sbp > 3 instead_of q }\nprescription q { when sbp > 3 instead_of p }",
           "cycle: p -> q -> p");
    expect("prescription p { when sbp > 3 instead_of p }", "cycle: p -> p");
    expect("prescription p { when sbp > 3 within 4 }", "expected 'days', 'weeks', 'months' or 'years'");
    expect("prescription p { when sbp > 3 within 1.5 weeks }", "a length of time is a whole number");
    expect("prescription p { when sbp > 3 within 0 weeks }", "a length of time is a whole number");
    expect("prescription p { when sbp > 3 first now }", "expected 'always'");
    expect("prescription p { when sbp > 3 unles af }", "did you mean 'unless'?");
    expect("item i { when sbp > 3 package gold }", "known are: economy standard comprehensive deluxe");
    expect("item i { title \"x\" }", "item 'i' has no 'when'");
    expect("monitor m { when sbp > 3 alarm \"{nobody}\" }", "unknown name 'nobody'");
    expect("topic t { value sbp }", "topic 't' has no 'at_target'");
    expect("topic t { at_target sbp < 3 }", "topic 't' has no 'value'");
    expect("topic t { value sbp at_target sbp < 3 at_target sbp < 4 }", "a second 'at_target'");
    expect("topic t { value sbp at_target sbp < 3 direction down }", "known are: lower raise keep");
    expect("reference alt { }", "reference 'alt' has no band");
    expect("reference altt { low 3 }", "unknown name 'altt'; did you mean 'alt'?");
    expect("reference sex { low 3 }", "'sex' is not a variable with numbers");
    expect("reference tc { unit mg/L low 3 }", "unit 'mg/L' does not fit tc");
    expect("factor f { when age > 1 alert chronic known_as r_nothing }", "neither another factor nor a flag");
    expect("factor f { when age > 1 alert chronic known_as f }", "neither another factor nor a flag");
    expect("factor f { when age > 1 alert chronic known_as age }", "neither another factor nor a flag");
    expect("topic t { value age at_target age > 1 beside sex }", "is no number of the dictionary");
    expect("factor f { when age > 1 exclude sbp }", "a condition is needed here");
    expect("factor f { when age > 1 exclude nobody }", "unknown name 'nobody'");
    expect("factor f { when age > 1 exclude af because \"a\" because \"b\" }", "already given above");
    expect("topic t { value sbp at_target sbp < 3 exclude age }", "a condition is needed here");
    expect("item i { when sbp > 3 exclude af }", ": 'exclude' does not belong here");
    expect("exclusion e { from f }\nfactor f { when age > 1 }", "exclusion 'e' has no 'when'");
    expect("exclusion e { when af }", "exclusion 'e' has no 'from'");
    expect("exclusion e { when sbp from f }\nfactor f { when age > 1 }", "a condition is needed here");
    expect("factor fine { when age > 1 }\nexclusion e { when af\n  from fine, fime }",
           "3:14: unknown name 'fime'; did you mean 'fine'?");
    expect("exclusion e { when af from age }", "'age' is neither a factor nor a topic");
    expect("model m { risk = age }\nexclusion e { when af from m }", "'m' is neither a factor nor a topic");
    expect("factor f { when age > 1 }\nexclusion e { when af from f, f }", "'f' is already given");
    expect("factor f { when age > 1 }\nexclusion e { when f from f }", "2:20: cycle: f -> e -> f");
    expect("factor f { when age > 1 }\nexclusion e { when af from f because \"{nobody}\" }", "unknown name 'nobody'");
    expect("factor f { when age > 1 exclude diabetes because \"a\" }\nexclusion e { when af because \"b\" from f }",
           "'f' says why some people are excluded, and so does the exclusion 'e'");
    expect("factor f { when age > 1 }\nexclusion e { when af because \"a\" from f }\n"
           "exclusion g { when af because \"b\" from f }",
           "and so does the exclusion 'g'");
    expect("factor f { when age > 1 }\nexclusion e { when af because \"a\" told_by f_known from f }",
           "told_by 'f_known' is not a factor");
    expect("factor f { when age > 1 }\nfactor g { when af }\nexclusion e { when af because \"a\" told_by g from f }\n"
           "exclusion h { when af because \"b\" told_by g from f }",
           "and so does the exclusion 'h'");
    expect("variable x { type flag only_for sex == femal }", "'sex' has no level 'femal'");
    expect("variable x { type flag only_for sex != mal }", "'sex' has no level 'mal'");
    expect("variable x { type flag only_for sex }", "'sex' has no level ''");
    expect("variable x { type count only_for diabetes == male }",
           "'diabetes' has no level 'male'; the answers are yes");
    expect_fine("variable x { type count only_for diabetes == yes }");
    expect("variable x { type flag only_for age == female }", "'x' is only for 'models', or for a level of a category");
    expect("reference alt { low 9 high 5 }", "the low bound is above the high one");
    expect("reference alt { low 5 high 9 low 6 }", "a band after one without 'when' is never reached");
    expect("reference alt { low 5 }\nreference alt { low 6 }", "alt has its reference in test.hra, line 1");
    expect_fine("reference alt { low 5 }\nreplace reference alt { low 6 }");
    expect("model m { risk = age }\npanel p { role chd { use m.risk } ranks chd, strok }",
           "no role 'strok' in this panel");
    expect("model m { risk = age }\npanel p { role chd { use m.risk } ranks chd, chd }", "'chd' is already given");
}

/* What a user's file is told when it is read, is made sure of here for those of the build. */
static void test_embedded_texts_are_utf8(void **state)
{
    for (int i = 0; i < hra_embedded_count; i++) {
        const hra_embedded *file = &hra_embedded_files[i];
        int at = hra_utf8_fault((const char *)file->bytes, file->length);
        if (at >= 0) fail_msg("%s: not UTF-8 at byte %d", file->name, at);
    }
}

static void hash_with(const char *text, char out[65])
{
    hra_library *library = hra_library_new();
    hra_diagnostics *faults = hra_diagnostics_new();
    hra_error error = {HRA_OK, ""};
    assert_int_equal(hra_library_add_builtin(library, faults, &error), HRA_OK);
    if (*text) assert_int_equal(hra_library_add_text(library, "own", text, strlen(text), faults, &error), HRA_OK);
    assert_int_equal(hra_library_check(library, faults, &error), HRA_OK);
    memcpy(out, hra_library_hash(library), 65);
    hra_diagnostics_free(faults);
    hra_library_free(library);
}

static void test_hash_names_every_text(void **state)
{
    char none[65], one[65], other[65], again[65];
    hash_with("", none);
    hash_with("let own_thing = age", one);
    hash_with("let own_thing = sbp", other);
    hash_with("let own_thing = age", again);
    assert_string_equal(one, again);
    assert_string_not_equal(none, one);
    assert_string_not_equal(one, other);
}

static void test_built_in_definitions_have_no_faults(void **state)
{
    (void)state;
    hra_library *library = hra_library_new();
    hra_diagnostics *faults = hra_diagnostics_new();
    hra_error error;
    hra_library_add_builtin(library, faults, &error);
    hra_library_check(library, faults, &error);
    hra_buffer out = {0};
    hra_diagnostics_print(faults, &out);
    if (hra_diagnostics_count(faults)) fail_msg("%s", out.bytes);
    assert_true(hra_library_declaration_count(library) > 0);
    assert_int_equal(strlen(hra_library_hash(library)), 64);
    hra_buffer_destroy(&out);
    hra_diagnostics_free(faults);
    hra_library_free(library);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_place_and_caret),
        cmocka_unit_test(test_all_faults_of_a_file),
        cmocka_unit_test(test_syntax),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_types_and_units),
        cmocka_unit_test(test_categories),
        cmocka_unit_test(test_tables),
        cmocka_unit_test(test_service),
        cmocka_unit_test(test_embedded_texts_are_utf8),
        cmocka_unit_test(test_hash_names_every_text),
        cmocka_unit_test(test_built_in_definitions_have_no_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
