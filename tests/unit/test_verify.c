/* Verification finds what is wrong: numbers, points, levels, files that cannot
 * be used. (That all models are right is tests/vectors/test_vectors.c.) */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "report/models/verify.h"

static const char definition[] =
    "model trial {\n"
    "  title \"Trial\"  disease cvd\n"
    "  valid age in 30 .. 74 # years\n"
    "    for risk\n"
    "  exclude prior_mi or\n"
    "    prior_stroke\n"
    "  risk = age/100 + hdl[mg/dL = 38.67]/1000\n"
    "  points = points(age: <50 -> 1, >=50 -> 2)\n"
    "  category = bands(risk: <0.6 -> low,\n"
    "                         >=0.6 -> high)\n"
    "}\n"
    "model rounded {\n"
    "  title \"Rounded\"  disease cvd  reference_error 1e-3 \"printed with three digits\"\n"
    "  risk = age/300\n"
    "}\n";

static hra_library *library;
static char folder[] = "/tmp/hra_verify_XXXXXX";
static char path[4096];

static int set_up(void **state)
{
    hra_error error = {0};
    hra_diagnostics *faults = hra_diagnostics_new();
    library = hra_library_new();
    hra_code code = hra_library_add_builtin(library, faults, &error);
    if (code == HRA_OK)
        code = hra_library_add_text(library, "trial.hra", definition, sizeof definition - 1, faults, &error);
    if (code == HRA_OK) code = hra_library_check(library, faults, &error);
    hra_diagnostics_free(faults);
    return code == HRA_OK && mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    hra_library_free(library);
    unlink(path);
    return rmdir(folder);
}

static hra_code open_rows(const char *id, const char *text, hra_reference **reference, hra_error *error)
{
    unlink(path);
    snprintf(path, sizeof path, "%s/%s.csv", folder, id);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    fclose(file);
    const hra_declaration *model = hra_library_find(library, id);
    assert_non_null(model);
    return hra_reference_open(library, model, folder, reference, error);
}

static hra_verification verify(const char *id, const char *text)
{
    enum { SETS_MAX = 8 };
    hra_error error = {0};
    hra_reference *reference;
    hra_verification v;
    const hra_isa *sets[SETS_MAX];
    int count = 0;
    if (open_rows(id, text, &reference, &error) != HRA_OK ||
        hra_verify_sets(sets, SETS_MAX, &count, &error) != HRA_OK ||
        hra_verify(library, reference, sets, count, &v, &error) != HRA_OK)
        fail_msg("%s", error.message);
    assert_int_equal(v.compared, (count + 1) * v.rows * v.outputs);
    hra_reference_free(reference);
    return v;
}

static const char right[] = "# trial, 2 rows\r\n"
                            "age,hdl(mg/dL),risk,points,category\r\n"
                            "40,50,0.45,1,low\r\n"
                            "60,40,0.64,2,high\r\n";

static void test_right_rows(void **state)
{
    hra_verification v = verify("trial", right);
    assert_int_equal(v.rows, 2);
    assert_int_equal(v.outputs, 3);
    assert_int_equal(v.wrong, 0);
    assert_true(v.largest < 1e-15);
}

static void finds(const char *row, const char *first)
{
    char text[256];
    snprintf(text, sizeof text, "age,hdl(mg/dL),risk,points,category\n%s\n", row);
    hra_verification v = verify("trial", text);
    assert_true(v.wrong > 0);
    if (strncmp(v.first, first, strlen(first)) != 0) fail_msg("%s instead of %s", v.first, first);
}

static void test_wrong_rows(void **state)
{
    finds("40,50,0.450000002,1,low", "trial.risk, the judge, row 1: ");
    finds("40,50,0.45,2,low", "trial.points, the judge, row 1: 1 instead of 2");
    finds("40,50,0.45,1.0000000001,low", "trial.points, the judge, row 1: ");
    finds("40,50,0.45,1,high", "trial.category, the judge, row 1: low instead of high");
    finds(",50,0.45,1,low", "trial.risk, the judge, row 1: nan");
}

static void test_every_set_is_asked(void **state)
{
    int sets = 0;
    for (const hra_isa *const *isa = hra_isa_list(); *isa; isa++) sets += (*isa)->supported() != 0;
    if (getenv("HRA_ISA")) sets = 1;
    hra_verification v = verify("trial", "age,hdl(mg/dL),risk\n40,50,0.46\n");
    assert_int_equal(v.wrong, sets + 1);
    assert_true(fabs(v.largest - 0.01) < 1e-12);
}

static void test_flags(void **state)
{
    assert_int_equal(verify("trial", "age,hdl(mg/dL),prior_mi,prior_stroke,risk\n40,50,no,0,0.45\n").wrong, 0);
    assert_true(verify("trial", "age,hdl(mg/dL),prior_mi,risk\n40,50,yes,0.45\n").wrong > 0);
}

static void test_stated_reference_error(void **state)
{
    assert_int_equal(verify("rounded", "age,risk\n50,0.1670\n").wrong, 0);
    assert_true(verify("rounded", "age,risk\n50,0.1680\n").wrong > 0);
}

static void refuses(const char *text, const char *message)
{
    hra_error error = {0};
    hra_reference *reference = NULL;
    assert_int_equal(open_rows("trial", text, &reference, &error), HRA_EINPUT);
    assert_null(reference);
    if (!strstr(error.message, message)) fail_msg("%s instead of %s", error.message, message);
}

static void test_unusable_files(void **state)
{
    refuses("", "no reference rows");
    refuses("# only a comment\n", "no reference rows");
    refuses("age,risk\n", "no reference rows");
    refuses("age,hdl\n40,50\n", "no column is an output");
    refuses("age,shoe_size,risk\n40,42,0.5\n",
            "line 1, column 2: neither an input nor an output of the model: 'shoe_size'");
    refuses("age,risk\n40,0.45,7\n", "line 2: 3 cells instead of 2");
    refuses("age,risk\nforty,0.45\n", "line 2, column 1: not a number: 'forty'");
    refuses("sex,risk\nman,0.45\n", "line 2, column 1: no such level: 'man'");
    refuses("prior_mi,risk\nperhaps,0.45\n", "line 2, column 1: neither yes nor no, 1 nor 0: 'perhaps'");
    refuses("hdl(furlong),risk\n1,0.45\n", "furlong");
}

static void test_an_answer_that_is_no_number(void **state)
{
    hra_error error = {0};
    hra_reference *reference = NULL;
    hra_verification v;
    assert_int_equal(open_rows("trial", "age,risk\n40,\n", &reference, &error), HRA_OK);
    assert_int_equal(hra_verify(library, reference, NULL, 0, &v, &error), HRA_EINPUT);
    assert_non_null(strstr(error.message, "reference row 1: risk is not a number: ''"));
    hra_reference_free(reference);
}

/* What the cards and pages print. */
static void test_clauses(void **state)
{
    const hra_declaration *d = hra_library_find(library, "trial");
    assert_int_equal(d->valid_count, 1);
    assert_string_equal(d->valids[0], "age in 30 .. 74 for risk");
    assert_int_equal(d->exclude_count, 1);
    assert_string_equal(d->excludes[0], "prior_mi or prior_stroke");
    assert_int_equal(d->category_count, 1);
    assert_string_equal(d->categories[0], "category = bands(risk: <0.6 -> low, >=0.6 -> high)");
    assert_string_equal(hra_library_suggest(library, "trail"), "trial");
    assert_null(hra_library_suggest(library, "nothing_like_it_anywhere"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_right_rows),
        cmocka_unit_test(test_wrong_rows),
        cmocka_unit_test(test_every_set_is_asked),
        cmocka_unit_test(test_flags),
        cmocka_unit_test(test_stated_reference_error),
        cmocka_unit_test(test_unusable_files),
        cmocka_unit_test(test_an_answer_that_is_no_number),
        cmocka_unit_test(test_clauses),
    };
    return cmocka_run_group_tests_name("verify", tests, set_up, tear_down);
}
