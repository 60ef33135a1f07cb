/* Quality of deliveries: every figure against one computed by hand (or by R, where it says so). */
#include <math.h>
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

#include "base/safe_name.h"
#include "engine/language/library.h"
#include "intake/profiles/history.h"
#include "intake/quality/quality_internal.h"

typedef struct world {
    hra_library *library;
    const hra_dictionary *dictionary;
    hra_arena *arena;
    char folder[64];
} world;

static int open_world(void **state)
{
    static world w;
    strcpy(w.folder, "/tmp/hra-quality-XXXXXX");
    w.arena = hra_arena_new();
    hra_diagnostics *faults = hra_diagnostics_new();
    w.library = hra_library_new();
    if (!w.arena || !mkdtemp(w.folder) || !w.library || !faults) return -1;
    hra_error error;
    if (hra_library_add_builtin(w.library, faults, &error) != HRA_OK) return -1;
    hra_diagnostics_free(faults);
    w.dictionary = hra_library_dictionary(w.library);
    *state = &w;
    return 0;
}

static int close_world(void **state)
{
    world *w = *state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", w->folder);
    hra_library_free(w->library);
    hra_arena_free(w->arena);
    return system(command);
}

static hra_tally *tally_of(const double *values, const int64_t *times, int count)
{
    const hra_tally_entry *entries;
    int n;
    hra_tally *tally = hra_tally_new(1000);
    for (int i = 0; i < count; i++) assert_true(hra_tally_add_times(tally, values[i], times ? times[i] : 1));
    assert_true(hra_tally_finish(tally, &entries, &n));
    return tally;
}

static const hra_variable *variable(const world *w, const char *name)
{
    return hra_dictionary_at(w->dictionary, hra_dictionary_find(w->dictionary, name));
}

static void near(double found, double wanted)
{
    if (!(fabs(found - wanted) <= 1e-9 * fmax(1, fabs(wanted)))) fail_msg("%.15g instead of %.15g", found, wanted);
}

/* ---- measures ------------------------------------------------------------------------------ */

static void last_digits(void **state)
{
    int64_t digits[10];
    /* R: chisq.test(c(60,2,8,1,9,5,6,2,5,2))$statistic = 284.4 */
    const double readings[] = {120, 121, 122, 123, 124, 125, 126, 127, 128, 129};
    const int64_t times[] = {60, 2, 8, 1, 9, 5, 6, 2, 5, 2};
    hra_tally *tally = tally_of(readings, times, 10);
    assert_int_equal(hra_quality_digits(tally, digits), 0);
    assert_int_equal(digits[0], 60);
    assert_int_equal(digits[9], 2);
    near(hra_quality_digit_chi2(digits, false), 284.4);
    /* of the even ones: R: chisq.test(c(60,8,9,6,5))$statistic = 128.25 */
    near(hra_quality_digit_chi2(digits, true), 128.25);
    hra_tally_free(tally);
    /* 5.05, 5.10, 5.25: two decimals; zeros do not count */
    const double fine[] = {0, 5.05, 5.1, 5.25};
    tally = tally_of(fine, NULL, 4);
    assert_int_equal(hra_quality_digits(tally, digits), 2);
    assert_int_equal(digits[5], 2);
    assert_int_equal(digits[0], 1);
    hra_tally_free(tally);
    /* thirds are calculated, not read */
    const double thirds[] = {100.0 / 3, 200.0 / 3, 400.0 / 3};
    tally = tally_of(thirds, NULL, 3);
    assert_int_equal(hra_quality_digits(tally, digits), -1);
    hra_tally_free(tally);
}

static void units_by_their_ranges(void **state)
{
    const world *w = *state;
    const hra_variable *tc = variable(w, "tc"); /* plausible 2 to 10 mmol/L; 77.34 to 386.7 mg/dL */
    const double values[] = {1.9, 2, 5.1, 10, 10.1, 77.3, 77.4, 201, 386, 387};
    double low, high;
    hra_tally *tally = tally_of(values, NULL, 10);
    assert_int_equal(hra_quality_plausible(tally, tc, "mmol/L", &low, &high), 3);
    assert_int_equal(hra_quality_plausible(tally, tc, "mg/dL", &low, &high), 3);
    assert_true(fabs(low - 2 / 0.02586) < 1e-6 && fabs(high - 10 / 0.02586) < 1e-6);
    assert_int_equal(hra_quality_only_other(tally, tc, "mmol/L", "mg/dL"), 3);
    assert_int_equal(hra_quality_only_other(tally, tc, "mg/dL", "mmol/L"), 3);
    assert_int_equal(hra_quality_only_other(tally, tc, "mmol/L", "mmol/L"), 0);
    hra_tally_free(tally);
}

static void days(void **state)
{
    int months;
    /* 1980-01-01 (3652), 1980-02-12 (3694), 1980-02-13 (3695), 1981-01-01 (4018) twice */
    const double some[] = {3652, 3694, 3695, 4018};
    const int64_t times[] = {1, 1, 1, 2};
    hra_tally *tally = tally_of(some, times, 4);
    near(hra_quality_early_days(tally, &months), 4.0 / 5);
    assert_int_equal(months, 2);
    near(hra_quality_january_first(tally), 3.0 / 5);
    near(hra_quality_top_share(tally), 2.0 / 5);
    hra_tally_free(tally);
}

/* ---- history --------------------------------------------------------------------------------- */

static void stability_of_shares(void **state)
{
    const world *w = *state;
    hra_history_column then = {0};
    const double levels[] = {0, 1};
    const int64_t first[] = {60, 40}, second[] = {30, 70};
    hra_tally *a = tally_of(levels, first, 2), *b = tally_of(levels, second, 2);
    assert_true(hra_history_summarise(a, true, 30, 5, w->arena, &then));
    assert_int_equal(then.cut_count, 2);
    near(hra_history_stability(&then, a), 0);
    /* R: sum((c(.3,.7)-c(.6,.4))*log(c(.3,.7)/c(.6,.4))) = 0.3758289 */
    assert_true(fabs(hra_history_stability(&then, b) - 0.3758289) < 1e-7);
    near(hra_history_stability(&then, b), -0.3 * log(0.3 / 0.6) + 0.3 * log(0.7 / 0.4));
    hra_tally_free(a);
    hra_tally_free(b);
}

static void deciles_and_ties(void **state)
{
    const world *w = *state;
    hra_history_column then = {0};
    double values[100];
    for (int i = 0; i < 100; i++) values[i] = i + 1;
    hra_tally *a = tally_of(values, NULL, 100);
    assert_true(hra_history_summarise(a, false, 30, 5, w->arena, &then));
    assert_int_equal(then.cut_count, 10);
    assert_true(then.median == 50 && then.q25 == 25 && then.q75 == 75 && then.cuts[0] == 10 && isinf(then.cuts[9]));
    near(hra_history_stability(&then, a), 0);
    for (int i = 0; i < 100; i++) values[i] = i + 51; /* half of the bins stand empty, the last one holds 60 */
    hra_tally *b = tally_of(values, NULL, 100);
    near(hra_history_stability(&then, b),
         5 * (0.0005 - 0.1) * log(0.0005 / 0.1) + (0.6 - 0.1) * log(0.6 / 0.1)); /* four bins hold 0.1 as before */
    hra_tally_free(b);
    hra_tally_free(a);
    /* half of all are one value: equal deciles are one bin */
    const double tied[] = {1, 2, 3, 4, 5, 6};
    const int64_t times[] = {50, 10, 10, 10, 10, 10};
    a = tally_of(tied, times, 6);
    assert_true(hra_history_summarise(a, false, 30, 5, w->arena, &then));
    assert_int_equal(then.cut_count, 6);
    near(then.shares[0], 0.5);
    near(hra_history_stability(&then, a), 0);
    /* few values leave no figures */
    assert_true(hra_history_summarise(a, false, 101, 5, w->arena, &then));
    assert_true(then.cut_count == 0 && isnan(then.median) && isnan(hra_history_stability(&then, a)));
    hra_tally_free(a);
}

static void rare_levels_stay_here(void **state)
{
    const world *w = *state;
    hra_history_column then = {.variable = "sex", .unit = ""};
    const double levels[] = {0, 1, 2};
    const int64_t times[] = {60, 36, 4};
    hra_tally *a = tally_of(levels, times, 3);
    assert_true(hra_history_summarise(a, true, 30, 5, w->arena, &then));
    assert_int_equal(then.cut_count, 2); /* four people are not written down */
    near(hra_history_stability(&then, a), 0);
    hra_tally_free(a);
}

static void write_day(const world *w, const char *provider, const char *day, const char *text)
{
    const char *folder = hra_history_folder(w->folder, provider, w->arena);
    const char *path = hra_arena_printf(w->arena, "%s/%s.csv", folder, day);
    mkdir(folder, 0700);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void history_comes_back(void **state)
{
    const world *w = *state;
    double values[100];
    hra_error error;
    for (int i = 0; i < 100; i++) values[i] = 1 + i / 10.0;
    hra_tally *a = tally_of(values, NULL, 100);
    hra_history_column columns[2] = {{.variable = "tc", .unit = "mmol/L", .rows = 120, .known = 100},
                                     {.variable = "exam_date", .unit = "", .rows = 120, .known = 120}};
    assert_true(hra_history_summarise(a, false, 30, 5, w->arena, &columns[0]));
    columns[1].q25 = columns[1].median = columns[1].q75 = NAN;
    hra_history_day day = {.day = "2026-03-01", .rows = 120, .columns = columns, .count = 2}, *back;
    hra_buffer text = {0};
    hra_history_text("../East", &day, &text);
    write_day(w, "../East", "2026-03-01", text.bytes);
    write_day(w, "../East", "2026-01-31", "hra delivery history,1\nrows,7\n");
    write_day(w, "../East", "2026-02-31", "no such day");
    assert_int_equal(hra_history_last(w->folder, "../East", "2026-03-02", w->arena, &back, &error), HRA_OK);
    assert_string_equal(back->day, "2026-03-01");
    assert_int_equal(back->count, 2);
    assert_true(back->columns[0].rows == 120 && back->columns[0].known == 100);
    assert_true(back->columns[0].median == columns[0].median && back->columns[0].cut_count == 10);
    near(hra_history_stability(&back->columns[0], a), 0);
    assert_true(isnan(back->columns[1].median) && back->columns[1].cut_count == 0);
    /* the day itself is not its own past */
    assert_int_equal(hra_history_last(w->folder, "../East", "2026-03-01", w->arena, &back, &error), HRA_OK);
    assert_int_equal(back->rows, 7);
    assert_int_equal(hra_history_last(w->folder, "West", "2026-03-01", w->arena, &back, &error), HRA_OK);
    assert_null(back);
    /* damaged lines are named */
    static const char *const damaged[] = {"",
                                          "something else\n",
                                          "hra delivery history,1\nrows,-1\n",
                                          "hra delivery history,1\ncolumn,tc\n",
                                          "hra delivery history,1\ncolumn,tc,u,1,1,,,,5=0.5 4=0.5 inf=0\n",
                                          "hra delivery history,1\ncolumn,tc,u,1,1,,,,5=2\n",
                                          "hra delivery history,1\ncolumn,tc,u,1,1,x,,,\n"};
    for (size_t i = 0; i < sizeof damaged / sizeof damaged[0]; i++) {
        write_day(w, "bad", "2026-01-01", damaged[i]);
        if (hra_history_last(w->folder, "bad", "2026-03-01", w->arena, &back, &error) != HRA_EINPUT)
            fail_msg("damaged history %zu was read", i);
    }
    hra_buffer_destroy(&text);
    hra_tally_free(a);
}

/* ---- policy ----------------------------------------------------------------------------------------- */

static hra_code load(const world *w, const char *text, hra_quality_policy *policy, hra_error *error)
{
    const char *path = hra_arena_printf(w->arena, "%s/policy.csv", w->folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "indicator,variable,limit,least,action,note\n%s", text);
    fclose(file);
    return hra_quality_policy_load(path, w->dictionary, w->arena, policy, error);
}

static void named_rules_replace(void **state)
{
    const world *w = *state;
    hra_quality_policy policy;
    hra_error error;
    int sbp = hra_dictionary_find(w->dictionary, "sbp"), tc = hra_dictionary_find(w->dictionary, "tc"), at = 0;
    int dbp = hra_dictionary_find(w->dictionary, "dbp");
    const char *text = "missing,,0.5,1,warn,\nmissing,sbp,0.2,1,warn,\nmissing,sbp,0.6,1,hold,\nmissing,dbp,,,off,\n"
                       "hide_below,,7,,,\norder,dbp<sbp,0,1,warn,\nabsent,age|birth_date,,1,warn,\n";
    assert_int_equal(load(w, text, &policy, &error), HRA_OK);
    assert_int_equal(policy.hide_below, 7);
    assert_int_equal(policy.quantiles_from, 30);
    near(hra_quality_rule_next(&policy, HRA_QUALITY_MISSING, tc, &at)->limit, 0.5);
    assert_null(hra_quality_rule_next(&policy, HRA_QUALITY_MISSING, tc, &at));
    at = 0;
    near(hra_quality_rule_next(&policy, HRA_QUALITY_MISSING, sbp, &at)->limit, 0.2);
    assert_int_equal(hra_quality_rule_next(&policy, HRA_QUALITY_MISSING, sbp, &at)->action, HRA_QUALITY_HOLD);
    assert_null(hra_quality_rule_next(&policy, HRA_QUALITY_MISSING, sbp, &at));
    at = 0;
    assert_null(hra_quality_rule_next(&policy, HRA_QUALITY_MISSING, dbp, &at));
    assert_int_equal(hra_quality_policy_load(NULL, w->dictionary, w->arena, &policy, &error), HRA_OK);
    static const char *const wrong[] = {
        "weather,,1,1,warn,\n",    "missing,nobody,1,1,warn,\n",  "missing,,x,1,warn,\n", "missing,,-1,1,warn,\n",
        "missing,,1,1,perhaps,\n", "order,sbp,0,1,warn,\n",       "absent,,,1,warn,\n",   "missing,,1,0.5,warn,\n",
        "quantiles_from,,1,,,\n",  "order,dbp<nobody,0,1,warn,\n"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        if (load(w, wrong[i], &policy, &error) != HRA_EINPUT) fail_msg("taken: %s", wrong[i]);
        assert_non_null(strstr(error.message, "policy.csv:2"));
    }
}

/* ---- people ------------------------------------------------------------------------------------------- */

static void few_people_are_hidden(void **state)
{
    const world *w = *state;
    hra_quality_job job = {.dictionary = w->dictionary, .policy = {.hide_below = 5}, .arena = w->arena};
    hra_quality_band bands[3] = {{"a", 4}, {"b", 123}, {"c", 0}};
    hra_buffer text = {0};
    for (int i = 0; i < 3; i++) {
        hra_quality_band_text(&job, bands, 3, i, &text);
        hra_buffer_char(&text, ' ');
    }
    assert_string_equal(text.bytes, "<5 ~120 ~0 ");
    hra_buffer_clear(&text);
    bands[0].count = 5;
    for (int i = 0; i < 2; i++) {
        hra_quality_band_text(&job, bands, 3, i, &text);
        hra_buffer_char(&text, ' ');
    }
    assert_string_equal(text.bytes, "5 123 ");
    hra_buffer_destroy(&text);
    const double ages[] = {19, 20, 29, 30, 67};
    hra_quality_column column = {.variable = hra_dictionary_find(w->dictionary, "age")};
    hra_quality_band decades[HRA_QUALITY_BANDS];
    column.values = tally_of(ages, NULL, 5);
    assert_int_equal(hra_quality_bands(&job, &column, 10, decades), 4);
    assert_string_equal(decades[1].label, "20-29");
    assert_int_equal(decades[1].count, 2);
    hra_tally_free(column.values);
}

static void names_of_files(void **state)
{
    char out[HRA_SAFE_NAME], other[HRA_SAFE_NAME], longest[2000];
    assert_string_equal(hra_safe_name("East Hospital", out), "East Hospital");
    assert_string_equal(hra_safe_name("人民医院", out), "人民医院");
    static const char *const bad[] = {"../../x",
                                      "..",
                                      ".",
                                      "",
                                      "/etc/passwd",
                                      "a/b",
                                      "a\\b",
                                      "\x1b[31mred",
                                      "a\nb",
                                      " .x. ",
                                      "\xff\xfe",
                                      "con",
                                      "COM1.txt",
                                      "a:b",
                                      ("\xe2\x80\xae"
                                       "txt")};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        hra_safe_name(bad[i], out);
        if (strcmp(out, bad[i]) == 0 || strpbrk(out, "/\\:\n\x1b") || *out == '.' || *out == ' ' || !*out)
            fail_msg("'%s' became '%s'", bad[i], out);
    }
    assert_string_not_equal(hra_safe_name("a/b", out), hra_safe_name("a:b", other));
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    assert_in_range(strlen(hra_safe_name(longest, out)), 90, HRA_SAFE_NAME - 1);
    for (size_t i = 0; i + 3 < sizeof longest; i += 3) memcpy(longest + i, "医", 3);
    longest[999] = '\0';
    hra_safe_name(longest, out);
    assert_true(strncmp(out + 96, "医-", 4) == 0); /* cut between characters */
}

/* ---- files ------------------------------------------------------------------------------------------------ */

typedef struct shown {
    int times;
    hra_progress last;
} shown;

static void note_progress(void *context, const hra_progress *progress)
{
    shown *s = context;
    assert_true(progress->bytes_done >= s->last.bytes_done && progress->bytes_done <= progress->bytes_total);
    s->times++;
    s->last = *progress;
}

static shown progress_of_report;

static hra_quality *report(const world *w, const char *text, const char *policy, double as_of)
{
    const char *path = hra_arena_printf(w->arena, "%s/file.csv", w->folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    hra_quality_policy unused;
    hra_error error;
    hra_csv_options csv = {0};
    hra_quality_input input = {.path = path, .provider = "Hospital", .checkup = true};
    assert_int_equal(load(w, policy, &unused, &error), HRA_OK);
    hra_quality_request request = {.inputs = &input,
                                   .input_count = 1,
                                   .dictionary = w->dictionary,
                                   .csv = &csv,
                                   .policy = hra_arena_printf(w->arena, "%s/policy.csv", w->folder),
                                   .folder = hra_arena_printf(w->arena, "%s/out", w->folder),
                                   .language = "en",
                                   .as_of = as_of,
                                   .threads = 2,
                                   .progress = note_progress,
                                   .progress_context = &progress_of_report};
    hra_quality *quality;
    progress_of_report = (shown){0};
    hra_code code = hra_quality_report(&request, &quality, &error);
    if (code != HRA_OK) fail_msg("%s", error.message);
    return quality;
}

static void tells(const hra_quality *quality, const char *text)
{
    if (!strstr(quality->summary.bytes, text)) fail_msg("no '%s' in:\n%s", text, quality->summary.bytes);
}

static void every_indicator_of_a_file(void **state)
{
    const world *w = *state;
    const char *file = "person_id,birth_date,exam_date,sbp,dbp,tc,height,weight\n"
                       "p1,1980-01-01,2026-03-04,120,80,5.1,170,0\n"
                       "p2,1981-01-01,2026-03-05,90,95,5.2,170,70.5\n"
                       "p3,1990-05-06,2026-03-06,130,,201,170,300.5\n"
                       "p4,2026-04-01,2026-03-07,140,70,x,170,\n"
                       "p4,1970-05-06,2026-03-08,141,70,5,170,60\n"
                       "p5,1970-05-07,2027-01-01,85,50,5.0,170,61\n";
    const char *policy =
        "missing,dbp,0.1,1,warn,\nrejected,,0.1,1,warn,\nzero,,0,1,warn,\nunit_mixed,,0.1,1,hold,\n"
        "constant,,0,1,warn,\nfuture,exam_date,0,1,warn,\norder,birth_date<exam_date,0,1,warn,\n"
        "order,dbp<sbp,0,1,warn,\nduplicates,,0.1,1,warn,\nabsent,sex,,1,warn,\nabsent,age|birth_date,,1,"
        "warn,\njanuary_first,birth_date,0.1,1,warn,\ndigit_zero,sbp,0.1,1,warn,\n";
    hra_quality *quality = report(w, file, policy, 20514 + 365); /* 2027-03-02: nothing is later */
    if (strstr(quality->summary.bytes, "are after")) fail_msg("%s", quality->summary.bytes);
    hra_quality_free(quality);
    quality = report(w, file, policy, 20514); /* 2026-03-02 */
    tells(quality, "Hospital: 1 file, 6 rows");
    assert_true(progress_of_report.times > 0 && progress_of_report.last.bytes_total == (int64_t)strlen(file));
    assert_int_equal(progress_of_report.last.bytes_done, progress_of_report.last.bytes_total);
    assert_int_equal(progress_of_report.last.rows_done, 6);
    tells(quality, "'dbp': 20 % of 5 rows have no value");
    tells(quality, "'tc': 2 of 5 filled cells could not be read"); /* x, and 201 beyond the limit */
    tells(quality, "'weight': 1 values are 0");
    tells(quality, "'weight': 1 of 3 filled cells");
    tells(quality, "held: 'tc': 1 of 4 values are plausible only in mg/dL, while the column is read in mmol/L");
    tells(quality, "'height': all 5 values are the same");
    tells(quality, "'exam_date': 5 dates are after 2026-03-02");
    tells(quality, "'birth_date': in 1 of 5 rows the value is not below that of 'exam_date'");
    tells(quality, "'dbp': in 1 of 4 rows the value is not below that of 'sbp'");
    tells(quality, "1 of 6 rows have an identifier that stands in a row before");
    tells(quality, "sex: there is no such column");
    tells(quality, "'birth_date': 40 % of the dates are a first of January");
    tells(quality, "'sbp': 80 % of 5 readings end in 0; about 10 % are expected (chi-square 29.0, 9");
    assert_null(strstr(quality->summary.bytes, "age: there is no"));
    assert_int_equal(quality->held, 1);
    assert_non_null(strstr(quality->reasons[0], "quality of 'tc'"));
    hra_quality_free(quality);
}

/* Three women, one of whom did not answer; four people without diabetes and one of whom nobody knows. A man's answer
 * and a man's refusal count: something stands there. */
static void missing_among_those_asked(void **state)
{
    const world *w = *state;
    const char *file = "person_id,sex,age,pregnant,diabetes,dm_onset_age\n"
                       "p1,male,40,,0,\n"
                       "p2,male,41,,0,\n"
                       "p3,female,42,0,1,39\n"
                       "p4,female,43,,0,\n"
                       "p5,female,44,1,1,x\n"
                       "p6,male,45,0,0,\n"
                       "p7,male,46,拒答,,\n";
    hra_quality *quality = report(w, file, "missing,,0.01,1,warn,\n", NAN);
    tells(quality, "'pregnant': 40 % of 5 rows have no value");     /* p4 and p7 of the women and who answered */
    tells(quality, "'dm_onset_age': 67 % of 3 rows have no value"); /* p5, p7; p3 answered */
    tells(quality, "'diabetes': 14 % of 7 rows have no value");
    hra_quality_free(quality);
    quality = report(w, "person_id,age,pregnant\np1,40,\np2,41,1\n", "missing,,0.01,1,warn,\n", NAN);
    tells(quality, "'pregnant': 50 % of 2 rows have no value"); /* nobody knows who is a woman */
    hra_quality_free(quality);
}

static void units_are_doubted(void **state)
{
    const world *w = *state;
    hra_buffer file = {0};
    hra_buffer_text(&file, "person_id,tc\n");
    for (int i = 0; i < 40; i++) hra_buffer_printf(&file, "p%d,%d\n", i, 160 + 2 * i); /* median 198 (the 20th) */
    hra_quality *quality = report(w, file.bytes, "unit,,0.3,20,hold,\n", NAN);
    tells(quality, "The median is 198; 0 % of the values are plausible in mmol/L (2-10), 100 % in mg/dL (77.34-386.7)");
    assert_int_equal(quality->held, 1);
    hra_quality_free(quality);
    quality = report(w, file.bytes, "unit,,0.3,41,hold,\n", NAN); /* too few to judge */
    assert_int_equal(quality->held, 0);
    hra_quality_free(quality);
    hra_buffer_destroy(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(last_digits),
        cmocka_unit_test(units_by_their_ranges),
        cmocka_unit_test(days),
        cmocka_unit_test(stability_of_shares),
        cmocka_unit_test(deciles_and_ties),
        cmocka_unit_test(rare_levels_stay_here),
        cmocka_unit_test(history_comes_back),
        cmocka_unit_test(named_rules_replace),
        cmocka_unit_test(few_people_are_hidden),
        cmocka_unit_test(names_of_files),
        cmocka_unit_test(every_indicator_of_a_file),
        cmocka_unit_test(missing_among_those_asked),
        cmocka_unit_test(units_are_doubted),
    };
    return cmocka_run_group_tests(tests, open_world, close_world);
}
