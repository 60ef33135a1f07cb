/* Profiles: their lines, signatures and differences of headers, finding the profile of a file; reading rules. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/language/library.h"
#include "intake/profiles/hold.h"
#include "intake/profiles/profile_set.h"
#include "io/words/reading_rules.h"

static hra_library *library;
static hra_name_index *names;
static char folder[] = "/tmp/hra-profile-XXXXXX";

/* ---- helpers --------------------------------------------------------------------------------- */

static const char *write_file(const char *name, const char *text)
{
    static char paths[8][96];
    static int next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    return path;
}

static void remove_profiles(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -f %s/*", folder);
    assert_int_equal(system(command), 0);
}

static hra_profiles *load(void)
{
    hra_profiles *profiles;
    hra_error error = {0};
    if (hra_profiles_load(folder, &profiles, &error) != HRA_OK) fail_msg("%s", error.message);
    return profiles;
}

static void refuse(const char *text, const char *says)
{
    hra_profiles *profiles;
    hra_error error = {0};
    write_file("bad.profile", text);
    assert_int_equal(hra_profiles_load(folder, &profiles, &error), HRA_EINPUT);
    assert_null(profiles);
    if (!strstr(error.message, says)) fail_msg("'%s' does not say '%s'", error.message, says);
    remove_profiles();
}

/* ---- lines ------------------------------------------------------------------------------------- */

static void a_profile_is_read(void **state)
{
    hra_profiles *profiles;
    hra_error error = {0};
    hra_buffer open = {0};
    write_file("east.profile", "# a comment\n"
                               "profile: east\r\n"
                               "kind: questionnaire\n"
                               "provider: East # Hospital\n"
                               "issuer:\n"
                               "delimiter: tab\n"
                               "encoding: GBK\n"
                               "header-row: 3\n"
                               "sheet: Data 1\n"
                               "path: \"a*.csv\", b?\n"
                               "header: A, \"B, or b\", C(mg/dL)\n"
                               "header: A\n"
                               "rules: dates = day-first, two-digit-years = 30\n"
                               "quality: anything\n"
                               "? one?\n"
                               "confirmed: Li Wei 2026-11-22\n"
                               "---\n"
                               "A = age\n"
                               "A: rules bound = half, decimal = comma\n"
                               "A: 999 = missing\n"
                               "? two?\n"
                               "\"rules\" = ignore\n");
    if (hra_profiles_load(folder, &profiles, &error) != HRA_OK) fail_msg("%s", error.message);
    const hra_profile *p = &profiles->items[0];
    assert_string_equal(p->name, "east");
    assert_int_equal(p->kind, HRA_PROFILE_QUESTIONNAIRE);
    assert_string_equal(p->provider, "East");
    assert_null(p->issuer);
    assert_int_equal(p->delimiter, '\t');
    assert_string_equal(p->encoding, "GB18030");
    assert_int_equal(p->header_row, 3);
    assert_string_equal(p->sheet, "Data 1");
    assert_int_equal(p->pattern_count, 2);
    assert_string_equal(p->patterns[0], "a*.csv");
    assert_int_equal(p->form_count, 2);
    assert_int_equal(p->forms[0].count, 3);
    assert_string_equal(p->forms[0].names[1], "B, or b");
    assert_string_equal(p->forms[0].keys[2], "c(mg/dl)");
    assert_string_equal(p->confirmed_by, "Li Wei");
    assert_string_equal(p->confirmed_on, "2026-11-22");
    assert_int_equal(p->map->manner_count, 4);
    assert_null(p->map->manners[1].column);
    assert_string_equal(p->map->manners[2].column, "A");
    assert_int_equal(p->map->rule_count, 2);
    assert_int_equal(p->map->word_count, 1);
    assert_string_equal(hra_map_head_find(p->map, "quality", NULL)->text, "anything");
    hra_profile_open_points(p, &open);
    assert_string_equal(open.bytes, "line 15: one?\nline 21: two?\n");
    hra_buffer_destroy(&open);
    hra_profiles_free(profiles);
    remove_profiles();
}

static void wrong_lines_are_named(void **state)
{
    refuse("A = age\n", "a profile begins with a line 'profile: NAME'");
    refuse("profile: x\nheader: a\n", "the head of the profile is not closed");
    refuse("profile: x\n---\n", "neither 'header:' nor 'path:'");
    refuse("profile:\nheader: a\n---\n", ":1: profile: a name is missing");
    refuse("profile: x\nkind: zoo\nheader: a\n---\n", ":2: kind: checkup, questionnaire");
    refuse("profile: x\ncolour: red\nheader: a\n---\n", ":2: colour: no such line in a profile");
    refuse("profile: x\nheader: a\nconfirmed: Li\n---\n", ":3: confirmed: 'no', or who");
    refuse("profile: x\nheader: a\nconfirmed: 2026-11-22\n---\n", ":3: confirmed:");
    refuse("profile: x\nheader-row: 0\nheader: a\n---\n", ":2: header-row:");
    refuse("profile: x\nencoding: klingon\nheader: a\n---\n", ":2: encoding:");
    refuse("profile: x\ndelimiter: ab\nheader: a\n---\n", ":2: delimiter:");
    refuse("profile: x\nheader: a, \"b\n---\n", "a quote is not closed");
    refuse("profile: x\nheader: a\nrules: dates = sideways\n---\n",
           ":3: dates is year-first, day-first or month-first");
    refuse("profile: x\nprofile: y\nheader: a\n---\n", ":2: profile: given twice");
    refuse("profile: x\nsomething\n---\n", ":2: expected 'key: text'");
}

/* Which files are meant, and of what kind, is known all the same: they are held, and no others. */
static void other_wrong_lines_are_of_their_profile_alone(void **state)
{
    write_file("a.profile", "profile: x\nkind: checkup\nheader: a\ncolour: red\nconfirmed: Li\n---\n");
    hra_profiles *profiles = load();
    assert_non_null(strstr(profiles->items[0].fault, "a.profile:4: colour: no such line in a profile"));
    hra_profiles_free(profiles);
    remove_profiles();
}

/* Whoever reads a file by such a rule is told of it; the questions below it still make a draft. */
static void faulty_rules_leave_the_head(void **state)
{
    write_file("a.profile",
               "profile: x\nheader: a\nconfirmed: Li 2026-11-22\n---\na: rules mood = good\n? who is it\n");
    hra_profiles *profiles = load();
    hra_map_file *map;
    hra_error error = {0};
    char path[96];
    snprintf(path, sizeof path, "%s/a.profile", folder);
    assert_int_equal(hra_map_file_read_head(path, &map, &error), HRA_OK);
    assert_non_null(hra_map_head_find(map, "?", NULL));
    hra_map_file_free(map);
    assert_int_equal(hra_map_file_read(path, &map, &error), HRA_EINPUT);
    assert_non_null(strstr(error.message, ":5: there is no reading rule 'mood'"));
    hra_profiles_free(profiles);
    remove_profiles();
}

static void two_of_one_name_are_refused(void **state)
{
    hra_profiles *profiles;
    hra_error error = {0};
    write_file("a.profile", "profile: x\nheader: a\n---\n");
    write_file("b.profile", "profile: x\nheader: b\n---\n");
    assert_int_equal(hra_profiles_load(folder, &profiles, &error), HRA_EINPUT);
    assert_non_null(strstr(error.message, "both named 'x'"));
    remove_profiles();
    assert_int_equal(hra_profiles_load(folder, &profiles, &error), HRA_EINPUT);
    assert_non_null(strstr(error.message, "there is no *.profile"));
}

static void reading_rules_by_name(void **state)
{
    hra_reading_rules rules = {0};
    static const char *const lines[][2] = {{"dates", "month-first"}, {"serials", "1904"},  {"two-digit-years", "30"},
                                           {"months", "accepted"},   {"bound", "root2"},   {"ranges", "midpoint"},
                                           {"repeats", "mean"},      {"decimal", "comma"}, {"percent", "fraction"}};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        assert_int_equal(hra_reading_rule_set(&rules, lines[i][0], lines[i][1], NULL), HRA_OK);
    assert_true(rules.date_order == HRA_DATE_MONTH_FIRST && rules.serial_epoch == 1904 && rules.two_digit_pivot == 30);
    assert_true(rules.months && rules.bound == HRA_BOUND_ROOT2 && rules.span == HRA_SPAN_MIDPOINT);
    assert_true(rules.repeats == HRA_REPEAT_MEAN && rules.decimal_comma && rules.percent_fractions);
    assert_int_equal(hra_reading_rule_set(&rules, "two-digit-years", "refused", NULL), HRA_OK);
    assert_int_equal(rules.two_digit_pivot, 0);
    assert_int_equal(hra_reading_rule_set(&rules, "two-digit-years", "100", NULL), HRA_EINPUT);
    assert_int_equal(hra_reading_rule_set(&rules, "serials", "30", NULL), HRA_EINPUT);
}

/* ---- headers -------------------------------------------------------------------------------------- */

static void differs(const char *header, const char *found, const char *difference)
{
    char text[512], copy[256];
    hra_profiles *profiles;
    hra_buffer out = {0};
    const char *columns[32];
    int count = 0;
    snprintf(text, sizeof text, "profile: x\n%s---\n", header);
    write_file("x.profile", text);
    assert_int_equal(hra_profiles_load(folder, &profiles, NULL), HRA_OK);
    snprintf(copy, sizeof copy, "%s", found);
    for (char *rest = NULL, *name = strtok_r(copy, ",", &rest); name; name = strtok_r(NULL, ",", &rest))
        columns[count++] = name;
    assert_true(hra_profile_compare(&profiles->items[0], columns, count, &out));
    assert_string_equal(out.bytes ? out.bytes : "", difference);
    hra_buffer_destroy(&out);
    hra_profiles_free(profiles);
    remove_profiles();
}

static void differences_of_headers(void **state)
{
    differs("header: a, b, c\n", "a,b,c", "");
    differs("header: a, b, c\n", "Ａ, b ,*C", ""); /* folded */
    differs("header: a, b, c\n", "a,x,c", "column 2 'b' is now 'x'\n");
    differs("header: a, b, c\n", "a,b,c,d", "new: 'd'\n");
    differs("header: a, b, c, d\n", "a,b,c", "gone: 'd'\n");
    differs("header: a, b, c, d\n", "b,c,d", "gone: 'a'\n");
    differs("header: a, b, c\n", "b,a,c", "moved: 'a' from column 1 to 2\n");
    differs("column-order: any\nheader: a, b, c\n", "b,a,c", "");
    differs("header: a, b, c, d\n", "x,a,b,c", "new: 'x'\ngone: 'd'\n");
    differs("header: p, p, q\n", "p,q", "gone: 'p'\n"); /* the second of two */
    differs("header: p, q\n", "p,p,q", "new: 'p'\n");
    differs("header: a, b\nheader: a, b, c\n", "a,b,c,d", "new: 'd'\n"); /* the nearest form */
    differs("header: a, b, c, d\n", "13800990001,x,y,z",
            "hardly one of its 4 columns is among the 4 of the profile: is there a header?\n");
    differs("header: a, b, c\n", "a,b,13800990001", "column 3 'c' is now '***********'\n");
}

/* ---- finding ------------------------------------------------------------------------------------------ */

static void finds(const hra_profiles *profiles, const char *path, hra_profile_fit fit, const char *name, int line)
{
    hra_arena *arena = hra_arena_new();
    hra_profile_match match;
    hra_error error = {0};
    if (hra_profiles_match(profiles, names, path, arena, &match, &error) != HRA_OK) fail_msg("%s", error.message);
    if (match.fit != fit) fail_msg("%s fits as %d: %s", path, match.fit, match.why ? match.why : "");
    if (name) assert_string_equal(match.profile->name, name);
    if (!name) assert_non_null(strstr(match.why, fit == HRA_FIT_SEVERAL ? "fit equally: " : "no profile"));
    if (line) assert_int_equal(match.header_line, line);
    hra_arena_free(arena);
}

static void files_find_their_profile(void **state)
{
    write_file("1.profile", "profile: comma\nheader: age, sex\npath: \"*/one*\"\n---\n");
    write_file("2.profile", "profile: dollar\ndelimiter: $\nheader: age$sex, sex\n---\n");
    write_file("3.profile", "profile: third\nheader-row: 3\nheader: age, tc\n---\n");
    write_file("4.profile", "profile: mixed\ncolumn-order: any\nheader: tc, hdl, ldl\n---\n");
    write_file("5.profile", "profile: twin\nheader: age, sex\npath: two*\n---\n");
    hra_profiles *profiles = load();
    finds(profiles, write_file("one.csv", "age,sex\n1,2\n"), HRA_FIT_HEADER, "comma", 1);
    finds(profiles, write_file("two.csv", "\n AGE , Sex\n1,2\n"), HRA_FIT_HEADER, "twin", 2);
    finds(profiles, write_file("six.csv", "age,sex\n1,2\n"), HRA_FIT_SEVERAL, NULL, 0);
    finds(profiles, write_file("six.csv", "x\ny\nage,tc\n1,2\n"), HRA_FIT_HEADER, "third", 3);
    finds(profiles, write_file("six.csv", "x\nage,tc\n1,2\n"), HRA_FIT_NONE, NULL, 0);
    finds(profiles, write_file("six.csv", "ldl,tc,hdl\n1,2,3\n"), HRA_FIT_HEADER, "mixed", 1);
    finds(profiles, write_file("onesix.csv", "age,gender,x\n1,2,3\n"), HRA_FIT_PATH, "comma", 1);
    finds(profiles, write_file("six.csv", "age;sex;tc\n1;2;3\n"), HRA_FIT_NONE, NULL, 0);
    hra_profiles_free(profiles);
    remove_profiles();
}

static int start(void **state)
{
    hra_error error = {0};
    hra_diagnostics *faults = hra_diagnostics_new();
    library = hra_library_new();
    hra_code code = hra_library_add_builtin(library, faults, &error);
    hra_diagnostics_free(faults);
    names = hra_name_index_new(hra_library_dictionary(library));
    return code == HRA_OK && names && mkdtemp(folder) ? 0 : -1;
}

static int stop(void **state)
{
    remove_profiles();
    hra_name_index_free(names);
    hra_library_free(library);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_profile_is_read),
        cmocka_unit_test(wrong_lines_are_named),
        cmocka_unit_test(other_wrong_lines_are_of_their_profile_alone),
        cmocka_unit_test(faulty_rules_leave_the_head),
        cmocka_unit_test(two_of_one_name_are_refused),
        cmocka_unit_test(reading_rules_by_name),
        cmocka_unit_test(differences_of_headers),
        cmocka_unit_test(files_find_their_profile),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
