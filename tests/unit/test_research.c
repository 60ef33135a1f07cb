/* The rules of tables for research: cells, rare answers, bands, the policy. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/language/library.h"
#include "service/research/research_cells.h"
#include "service/research/research_levels.h"
#include "service/research/research_policy.h"

enum { SMALLEST = 11, BANDS = 18, PROVINCES = 34, REGIONS = 2 };

static hra_research_cells *new_cells(void)
{
    hra_research_cells *cells = NULL;
    assert_int_equal(hra_research_cells_new(2, BANDS, PROVINCES, REGIONS, &cells, NULL), HRA_OK);
    return cells;
}

static void count(hra_research_cells *cells, hra_research_cell cell, int people)
{
    for (int i = 0; i < people; i++) hra_research_cells_count(cells, &cell);
}

static void settle(hra_research_cells *cells) { assert_int_equal(hra_research_cells_settle(cells, SMALLEST, NULL), 0); }

static void each_step_gives_up_one_thing(void **state)
{
    const hra_research_cell full = {0, 8, 3, 1, 35}, province = {1, 8, 3, 1, 35}, province2 = {1, 8, 4, 1, 35};
    const hra_research_cell place = {0, 9, 5, 0, 36}, place2 = {0, 9, 5, 1, 36};
    const hra_research_cell wide = {1, 10, 2, 0, 36}, wide2 = {1, 11, 2, 0, 36};
    const hra_research_cell old = {0, 2, 2, 0, 34}, young = {0, 5, 2, 0, 34}, alone = {1, -1, -1, -1, -1};
    hra_research_cells *c = new_cells();
    (void)state;
    count(c, full, 11);
    count(c, province, 10);
    count(c, province2, 1);
    count(c, place, 6);
    count(c, place2, 5);
    count(c, wide, 10);
    count(c, wide2, 10);
    count(c, old, 10);
    count(c, young, 1);
    count(c, alone, 10);
    settle(c);
    assert_int_equal(hra_research_cells_detail(c, &full), HRA_RESEARCH_FULL);
    assert_int_equal(hra_research_cells_detail(c, &province), HRA_RESEARCH_NO_PROVINCE);
    assert_int_equal(hra_research_cells_detail(c, &province2), HRA_RESEARCH_NO_PROVINCE);
    assert_int_equal(hra_research_cells_detail(c, &place), HRA_RESEARCH_NO_PLACE);
    assert_int_equal(hra_research_cells_detail(c, &place2), HRA_RESEARCH_NO_PLACE);
    assert_int_equal(hra_research_cells_detail(c, &wide), HRA_RESEARCH_WIDE_AGE);
    assert_int_equal(hra_research_cells_detail(c, &wide2), HRA_RESEARCH_WIDE_AGE);
    assert_int_equal(hra_research_cells_detail(c, &old), HRA_RESEARCH_NO_AGE);
    assert_int_equal(hra_research_cells_detail(c, &young), HRA_RESEARCH_NO_AGE);
    assert_int_equal(hra_research_cells_detail(c, &alone), HRA_RESEARCH_NOBODY);
    assert_int_equal(hra_research_cells_people(c, HRA_RESEARCH_WIDE_AGE), 20);
    assert_int_equal(hra_research_cells_people(c, HRA_RESEARCH_NOBODY), 10);
    hra_research_cells_free(c);
}

/* Whatever the people: nothing that is told is shared by fewer, and nobody is lost. */
static void no_told_cell_is_small(void **state)
{
    enum { KINDS = 600 };
    hra_research_cell kinds[KINDS];
    int people[KINDS];
    (void)state;
    srand(5);
    for (int round = 0; round < 20; round++) {
        hra_research_cells *c = new_cells();
        int64_t all = 0, told = 0;
        for (int i = 0; i < KINDS; i++) {
            kinds[i] = (hra_research_cell){rand() % 3 - 1, rand() % (BANDS + 1) - 1, rand() % 4 - 1, rand() % 3 - 1,
                                           rand() % 3 - 1};
            people[i] = rand() % 14;
            all += people[i];
            count(c, kinds[i], people[i]);
        }
        settle(c);
        for (int i = 0; i < KINDS; i++) {
            hra_research_detail d = hra_research_cells_detail(c, &kinds[i]);
            if (people[i] == 0 || d == HRA_RESEARCH_NOBODY) continue;
            hra_research_cell mine = hra_research_cell_told(kinds[i], d);
            int same = 0;
            told += people[i];
            for (int k = 0; k < KINDS; k++) {
                hra_research_detail other = hra_research_cells_detail(c, &kinds[k]);
                hra_research_cell theirs = hra_research_cell_told(kinds[k], other);
                bool shown = other != HRA_RESEARCH_NOBODY;
                bool band = (other == HRA_RESEARCH_WIDE_AGE) == (d == HRA_RESEARCH_WIDE_AGE);
                if (shown && band && memcmp(&mine, &theirs, sizeof mine) == 0) same += people[k];
            }
            assert_true(same >= SMALLEST);
        }
        for (int d = 0; d < HRA_RESEARCH_DETAILS; d++) all -= hra_research_cells_people(c, (hra_research_detail)d);
        assert_int_equal(all, 0);
        assert_true(told > 0);
        hra_research_cells_free(c);
    }
}

static const char *band_of(double age, hra_research_detail detail)
{
    static char text[HRA_RESEARCH_BAND_TEXT];
    hra_research_cell cell = {-1, hra_research_band(age, 5, 85), -1, -1, -1};
    hra_research_band_text(hra_research_cell_told(cell, detail).age, detail, 5, 85, text);
    return text;
}

static void bands_have_names(void **state)
{
    (void)state;
    assert_string_equal(band_of(40, HRA_RESEARCH_FULL), "40-44");
    assert_string_equal(band_of(44.9, HRA_RESEARCH_FULL), "40-44");
    assert_string_equal(band_of(45, HRA_RESEARCH_FULL), "45-49");
    assert_string_equal(band_of(0, HRA_RESEARCH_FULL), "0-4");
    assert_string_equal(band_of(84, HRA_RESEARCH_FULL), "80-84");
    assert_string_equal(band_of(85, HRA_RESEARCH_FULL), "85+");
    assert_string_equal(band_of(109, HRA_RESEARCH_FULL), "85+");
    assert_string_equal(band_of(45, HRA_RESEARCH_WIDE_AGE), "40-49");
    assert_string_equal(band_of(79, HRA_RESEARCH_WIDE_AGE), "70-79");
    assert_string_equal(band_of(80, HRA_RESEARCH_WIDE_AGE), "80+");
    assert_string_equal(band_of(99, HRA_RESEARCH_WIDE_AGE), "80+");
    assert_string_equal(band_of(NAN, HRA_RESEARCH_FULL), "");
    assert_string_equal(band_of(-1, HRA_RESEARCH_FULL), "");
    assert_string_equal(band_of(50, HRA_RESEARCH_NO_AGE), "");
}

/* Which of three answers with so many people each, and so many blanks, are hidden: "..x". */
static const char *hidden_of(const int people[3], int blanks)
{
    static char text[4];
    hra_research_levels levels;
    assert_true(hra_research_levels_new(3, &levels));
    for (int i = 0; i < 3; i++) levels.people[i] = (uint64_t)people[i];
    levels.people[3] = (uint64_t)blanks;
    hra_research_levels_settle(&levels, SMALLEST);
    for (int i = 0; i < 3; i++) text[i] = levels.hidden[i] ? 'x' : '.';
    hra_research_levels_destroy(&levels);
    return text;
}

static void rare_answers_are_hidden(void **state)
{
    (void)state;
    assert_string_equal(hidden_of((int[]){50, 11, 0}, 3), "...");   /* nothing rare; few blanks alone say nothing */
    assert_string_equal(hidden_of((int[]){50, 20, 10}, 90), "..x"); /* lost among the blanks */
    assert_string_equal(hidden_of((int[]){50, 20, 10}, 0), ".xx");  /* or the blanks would be they */
    assert_string_equal(hidden_of((int[]){50, 20, 10}, 1), "..x");
    assert_string_equal(hidden_of((int[]){50, 6, 5}, 0), ".xx"); /* two rare ones hide each other */
    assert_string_equal(hidden_of((int[]){50, 3, 0}, 0), "xx."); /* a flag: nothing is left of it */
    assert_string_equal(hidden_of((int[]){0, 0, 0}, 0), "...");
}

/* ---- the policy ---- */

static hra_library *library;
static const char *const whole =
    "key,value,names,note\nsmallest_cell,11,,\nage_band,5,,\ntop_age,85,,\nrisk_decimals,2,,\n";

static hra_code load(const char *text, hra_research_policy *policy, hra_error *error)
{
    char path[] = "/tmp/hra-research-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text));
    close(file);
    hra_code code = hra_research_policy_load(path, hra_library_dictionary(library), policy, error);
    unlink(path);
    return code;
}

static void refused(const char *more, const char *says)
{
    char text[512];
    hra_research_policy policy;
    hra_error error = {0};
    snprintf(text, sizeof text, "%s%s", whole, more);
    assert_int_equal(load(text, &policy, &error), HRA_EINPUT);
    if (!strstr(error.message, says)) fail_msg("%s", error.message);
}

static void the_policy_is_read(void **state)
{
    hra_research_policy p;
    hra_error error = {0};
    (void)state;
    const hra_dictionary *d = hra_library_dictionary(library);
    if (hra_research_policy_load(NULL, d, &p, &error)) fail_msg("%s", error.message);
    assert_int_equal(p.smallest_cell, 11);
    assert_int_equal(p.province_count, 34);
    assert_int_equal(p.treatments[hra_dictionary_find(d, "smoking_start_age")], HRA_RESEARCH_BAND);
    assert_int_equal(p.treatments[hra_dictionary_find(d, "consent_research")], HRA_RESEARCH_LEAVE_OUT);
    assert_int_equal(p.treatments[hra_dictionary_find(d, "sbp")], HRA_RESEARCH_TELL);
    assert_string_equal(p.provinces[hra_research_policy_province(&p, "四川省")].code, "51");
    assert_string_equal(p.provinces[hra_research_policy_province(&p, "Sichuan")].code, "51");
    assert_string_equal(p.provinces[hra_research_policy_province(&p, "51")].code, "51");
    assert_int_equal(hra_research_policy_province(&p, "四"), -1);
    assert_int_equal(hra_research_policy_province(&p, "四川省|Sichuan"), -1);
    assert_int_equal(hra_research_policy_province(&p, ""), -1);
    hra_research_policy_free(&p);
}

static void faults_of_the_policy_are_named(void **state)
{
    hra_research_policy p;
    hra_error error = {0};
    (void)state;
    assert_int_equal(load(whole, &p, &error), HRA_OK);
    hra_research_policy_free(&p);
    refused("smallest_cell,12,,\n", "said twice");
    refused("smallest,12,,\n", "not a key");
    refused("leave_out,colour,,\n", "not a variable");
    refused("leave_out,,,\n", "not a variable");
    refused("band,sex,,\n", "not a number");
    refused("band,pack_years,,\nleave_out,pack_years,,\n", "named twice");
    refused("province,11,北京,\nprovince,11,天津,\n", "named twice");
    refused("province,,北京,\n", "is empty");
    assert_int_equal(load("key,value,names,note\nsmallest_cell,1,,\n", &p, &error), HRA_EINPUT);
    assert_non_null(strstr(error.message, "from 2 to"));
    assert_int_equal(load("key,value,names,note\nsmallest_cell,11,,\n", &p, &error), HRA_EINPUT);
    assert_non_null(strstr(error.message, "is missing"));
    assert_int_equal(
        load("key,value,names,note\nsmallest_cell,11,,\nage_band,4,,\ntop_age,85,,\nrisk_decimals,2,,\n", &p, &error),
        HRA_EINPUT);
    assert_non_null(strstr(error.message, "not a multiple"));
}

static int setup(void **state)
{
    hra_error error = {0};
    hra_diagnostics *diagnostics = hra_diagnostics_new();
    (void)state;
    library = hra_library_new();
    hra_code code = library && diagnostics ? hra_library_add_builtin(library, diagnostics, &error) : HRA_ENOMEM;
    if (!code) code = hra_library_check(library, diagnostics, &error);
    hra_diagnostics_free(diagnostics);
    return code;
}

static int teardown(void **state)
{
    (void)state;
    hra_library_free(library);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_step_gives_up_one_thing),
        cmocka_unit_test(no_told_cell_is_small),
        cmocka_unit_test(bands_have_names),
        cmocka_unit_test(rare_answers_are_hidden),
        cmocka_unit_test(the_policy_is_read),
        cmocka_unit_test(faults_of_the_policy_are_named),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
