/* The page about an evaluation: what it says, that names are text, that what is not there is said and never drawn. */
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "intake/profiles/intake_words.h"
#include "report/models/evaluation_page.h"
#include "tests/unit/file_fixture.h"

#define ODD "<b>&\"x\""
static const char path[] = "test_evaluation_page.html";
static const char why[] = "nobody has a <known> outcome";

static hra_metrics *metrics;
static hra_error error;

static void about(const char *group, const char *model, const char *other, double horizon, int64_t people)
{
    hra_metric_subject of = {group, model, other, horizon, people, people / 10};
    assert_int_equal(hra_metrics_about(metrics, &of, &error), HRA_OK);
}

static void add(const char *name, double at, double value, double lower, double upper)
{
    assert_int_equal(hra_metrics_add(metrics, name, at, (hra_estimate){value, 0.01, lower, upper}, "", &error), HRA_OK);
}

static void add_none(const char *name, double at, const char *note)
{
    assert_int_equal(hra_metrics_add(metrics, name, at, HRA_NO_ESTIMATE, note, &error), HRA_OK);
}

/* A model whose risks are right but for the highest tenth. */
static void add_model(double c)
{
    add("c_harrell", NAN, c, c - 0.0204, c + 0.0204);
    add("brier", NAN, 0.07654, NAN, NAN);
    add("observed_expected", NAN, 1.25, 0.9, 1.7);
    add_none("calibration_slope", NAN, "all risks are equal");
    for (int i = 1; i <= 10; i++) {
        add("tenth_expected", i, i * 0.01, NAN, NAN);
        add("tenth_observed", i, i < 10 ? i * 0.01 : 0.2222, i * 0.005, i * 0.03);
    }
    for (int i = 1; i <= 3; i++) {
        add("net_benefit", i * 0.05, 0.03 / i, NAN, NAN);
        add("net_benefit_all", i * 0.05, 0.03 - 0.04 * i, NAN, NAN);
        add_none("ppv", i * 0.05, "nobody is positive");
    }
}

static void fill(void)
{
    about("", ODD, "", 3652, 12345);
    add_model(0.71251);
    about("", "second", "", 3652, 12000);
    add_model(0.66);
    about("", "second", ODD, 3652, 12000);
    add("delta_c_harrell", NAN, -0.05251, -0.07, -0.03);
    add("delta_c_harrell_p", NAN, 0.00001, NAN, NAN);
    about("north & south", ODD, "", 3652, 345);
    add("c_harrell", NAN, 0.8, 0.7, 0.9);
    add("observed_expected", NAN, 0.5, 0, 30); /* reaches beyond the scale on both sides */
    about("nobody", ODD, "", 3652, 0);
    add_none("people", NAN, why);
}

static char *page_of(const char *language)
{
    static const hra_evaluation_without without[] = {{"second", 345}};
    hra_evaluation_facts facts = {.language = language,
                                  .table = "a<b.csv",
                                  .engine_version = "9.9",
                                  .command = "hra evaluate 'a<b.csv'",
                                  .event = "died",
                                  .time = "days",
                                  .by = "centre",
                                  .people = 12400,
                                  .without_outcome = 55,
                                  .without_risk = without,
                                  .without_risk_count = 1};
    assert_int_equal(hra_evaluation_page(metrics, &facts, path, &error), HRA_OK);
    char *text = file_text(path);
    unlink(path);
    return text;
}

static int set_up(void **state) { return hra_metrics_new(&metrics, &error); }

static int tear_down(void **state)
{
    hra_metrics_free(metrics);
    return 0;
}

static void says(const char *text, const char *what)
{
    if (!strstr(text, what)) fail_msg("the page does not say '%s'", what);
}

static void silent(const char *text, const char *what)
{
    const char *at = strstr(text, what);
    if (at) fail_msg("the page says '%.40s'", at);
}

static int times(const char *text, const char *what)
{
    int count = 0;
    for (; (text = strstr(text, what)) != NULL; text += strlen(what)) count++;
    return count;
}

static void measures_stand_on_the_page(void **state)
{
    fill();
    char *text = page_of("en");
    says(text, "<html lang=\"en\">");
    says(text, "<h2>Results, horizon 3652</h2>");
    says(text, "0.713<small>0.692 to 0.733</small>");
    says(text, "<td class=n>0.0765");
    says(text, "<td class=n>12,345<td class=n>1,234");
    says(text, "1.250 (0.900 to 1.700)");
    says(text, "0.2222 (0.0500 to 0.3000)");
    says(text, "<tr><th scope=row>0.15<td class=n>0.0100");
    says(text, "-0.0525<small>-0.0700 to -0.0300</small><td class=n>&lt; 0.001");
    says(text, "12,400");
    says(text, "Left out: no risk, second<dd>345");
    says(text, "Left out: no known outcome<dd>55");
    says(text, "a&lt;b.csv");
    assert_int_equal(times(text, "<circle class=spot"), 20);
    free(text);
}

static void names_are_text(void **state)
{
    fill();
    char *text = page_of("zh");
    says(text, "<html lang=\"zh-CN\">");
    says(text, "<h3>&lt;b&gt;&amp;&quot;x&quot;</h3>");
    says(text, "各模型减去 &lt;b&gt;&amp;&quot;x&quot;，");
    says(text, "对所有人干预（&lt;b&gt;&amp;&quot;x&quot; 的人群）");
    says(text, "north &amp; south");
    silent(text, "<b>");
    silent(text, "&amp;lt;");
    free(text);
}

/* Each reason once for a model, with everything it is the reason of. */
static void what_is_not_there_is_said(void **state)
{
    fill();
    char *text = page_of("en");
    says(text, "<td>Calibration slope<td>all risks are equal");
    says(text, "<td>Positive predictive value (0.05, 0.1, 0.15)<td>nobody is positive");
    assert_int_equal(times(text, "nobody is positive"), 2);
    says(text, "<td>nobody<td>&lt;b&gt;&amp;&quot;x&quot;<td class=n>3652<td>everything<td>nobody has a &lt;known&gt;");
    says(text, "<tr><th scope=row>nobody<td class=n>0<td class=n>0<td class=n>–");
    silent(text, "nan");
    silent(text, "NaN");
    silent(text, "inf");
    silent(text, "evaluation.");
    silent(text, "<script");
    silent(text, "http:");
    silent(text, "https:");
    free(text);
}

static void reasons_are_told_in_chinese(void **state)
{
    about("", "m", "", 5, 100);
    add_none("ici", NAN, "nobody has the event; without 12 people with a risk of 0 or 1");
    add_none("auc", NAN, "a reason <of> its own");
    char *text = page_of("zh");
    says(text, "<td>无人发生事件；不含 12 名风险为 0 或 1 的人\n");
    says(text, "<td>a reason &lt;of&gt; its own\n");
    free(text);
}

/* A reason of evaluate/ is a literal that begins with a small letter and has several words. What is refused "is ...":
 * no page is made then. */
static bool is_reason(const char *literal)
{
    return *literal >= 'a' && *literal <= 'z' && strchr(literal, ' ') && strncmp(literal, "is ", 3) != 0;
}

static int check_line(const char *file, char *line, const hra_intake_words *words)
{
    int count = 0;
    if (strstr(line, "hra_fail") || strstr(line, "printf")) return 0;
    for (char *open = line, *close; (open = strchr(open, '"')) && (close = strchr(open + 1, '"')); open = close + 1) {
        *close = '\0';
        if (!is_reason(open + 1)) continue;
        if (strcmp(hra_say(words, open + 1), open + 1) == 0)
            fail_msg("%s: '%s' is not in datasets/evaluation_reasons.csv", file, open + 1);
        count++;
    }
    return count;
}

static void every_reason_has_its_chinese(void **state)
{
    hra_arena *arena = hra_arena_new();
    const hra_intake_words *words;
    glob_t found;
    int count = 0;
    assert_int_equal(hra_intake_words_of("datasets/evaluation_reasons.csv", "zh", arena, &words, &error), HRA_OK);
    assert_int_equal(glob(HRA_SOURCE_DIR "/evaluate/*.c", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        char *text = file_text(found.gl_pathv[i]);
        for (char *rest = text, *line; (line = strsep(&rest, "\n")) != NULL;)
            count += check_line(found.gl_pathv[i], line, words);
        free(text);
    }
    assert_true(count > 20);
    globfree(&found);
    hra_arena_free(arena);
}

static void known_outcomes_have_no_horizon(void **state)
{
    about("", "m", "", NAN, 100);
    add("auc", NAN, 0.75, 0.7, 0.8);
    add("brier_scaled", NAN, -0.00001, NAN, NAN);
    char *text = page_of("en");
    says(text, "<h2>Results</h2>");
    says(text, "<td class=n>0.750<small>0.700 to 0.800</small><td class=n>0.000");
    silent(text, "C (Harrell)");
    silent(text, "<svg class=plot"); /* nothing to draw */
    silent(text, "Measures without a value");
    free(text);
}

/* All risks 0, a single threshold, an infinite interval: there is a drawing, and every place in it is a number. */
static void extremes_are_drawn(void **state)
{
    about("", "zero", "", 5, 100);
    add("tenth_expected", 1, 0, NAN, NAN);
    add("tenth_observed", 1, 0, 0, 0);
    add("net_benefit", 0.1, 0, NAN, NAN);
    add("net_benefit_all", 0.1, -0.1, NAN, NAN);
    add("c_harrell", NAN, 0.5, -INFINITY, INFINITY);
    add("observed_expected", NAN, INFINITY, 0, INFINITY);
    about("part", "zero", "", 5, 10);
    add("c_harrell", NAN, 0.5, 0.4, 0.6);
    add("observed_expected", NAN, 0, 0, 0);
    char *text = page_of("en");
    assert_int_equal(times(text, "<svg class=plot"), 2);
    says(text, "<circle class=spot cx=42 cy=284 r=3.6 />");
    says(text, "∞");
    silent(text, "nan");
    silent(text, "inf");
    silent(text, "cx= ");
    silent(text, "=M ");
    silent(text, "\"M ");
    silent(text, "( ");
    free(text);
}

static void an_empty_list_makes_a_page(void **state)
{
    char *text = page_of("en");
    says(text, "</main></body></html>");
    silent(text, "<table");
    free(text);
}

static void a_page_that_cannot_be_written_is_a_fault(void **state)
{
    hra_evaluation_facts facts = {.language = "en", .table = "t", .engine_version = "1", .event = "e"};
    assert_int_not_equal(hra_evaluation_page(metrics, &facts, "no/such/folder/page.html", &error), HRA_OK);
    assert_non_null(strstr(error.message, "no/such/folder"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(measures_stand_on_the_page, set_up, tear_down),
        cmocka_unit_test_setup_teardown(names_are_text, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_not_there_is_said, set_up, tear_down),
        cmocka_unit_test_setup_teardown(reasons_are_told_in_chinese, set_up, tear_down),
        cmocka_unit_test(every_reason_has_its_chinese),
        cmocka_unit_test_setup_teardown(known_outcomes_have_no_horizon, set_up, tear_down),
        cmocka_unit_test_setup_teardown(extremes_are_drawn, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_empty_list_makes_a_page, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_page_that_cannot_be_written_is_a_fault, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
