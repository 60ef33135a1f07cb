/* What the client is told of invented groups: the cases of small groups, small cells, sensitive findings, departments,
 * other groups, and an edition a month later. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "service/group/client_book.h"
#include "service/group/standard.h"
#include "tests/unit/group_fixture.h"

static const char *const ids[] = {"r_smoke_current", "r_depress", "r_bmi_over", "r_bmi_obese", "r_ua_high"};
enum { SMOKE, DEPRESS, OVER, OBESE, URATE, IDS };

static hra_group_policy policy;
static double standard[HRA_SUMMARY_CELLS];
static hra_client_book *book;
static const hra_client_figure *figures;
static int figure_count;

static fixture *begin(void)
{
    hra_error error;
    hra_client_book_free(book);
    book = NULL;
    if (!policy.memory && hra_group_policy_load(NULL, &policy, &error) != HRA_OK) fail_msg("%s", error.message);
    fixture *f = fixture_new(ids, IDS);
    hra_client_book_prepare(&policy, f->outputs, f->output_count, f->summary);
    return f;
}

/* Opens the book about everybody who was added. */
static void open_book(fixture *f, const char *earlier, double as_of)
{
    hra_error error;
    fixture_send(f);
    assert_int_equal(hra_standard_load(NULL, f->summary, standard, &error), HRA_OK);
    const hra_client_request request = {.library = f->library,
                                        .summary = f->summary,
                                        .outputs = f->outputs,
                                        .output_count = f->output_count,
                                        .policy = &policy,
                                        .standard = standard,
                                        .earlier = earlier,
                                        .as_of = as_of};
    if (hra_client_book_new(&request, &book, &error) != HRA_OK) fail_msg("%s", error.message);
}

static void read_group(int group)
{
    hra_error error;
    assert_int_equal(hra_client_book_group(book, group, &figures, &figure_count, &error), HRA_OK);
}

static const hra_client_figure *find(const char *kind, const char *indicator, const char *sex, const char *age,
                                     const char *department)
{
    for (int i = 0; i < figure_count; i++) {
        const hra_client_figure *f = &figures[i];
        if (strcmp(f->kind, kind) == 0 && strcmp(f->indicator, indicator) == 0 && strcmp(f->sex, sex) == 0 &&
            strcmp(f->age, age) == 0 && strcmp(f->department, department) == 0)
            return f;
    }
    return NULL;
}

static const hra_client_figure *total(const char *indicator) { return find("finding", indicator, "all", "all", "all"); }

static void small_groups_get_nothing(void **state)
{
    fixture *f = begin();
    fixture_mark(f, SMOKE, fixture_add(f, 29, "small", "male", 40, NULL), 14, 1);
    fixture_mark(f, SMOKE, fixture_add(f, 30, "thirty", "male", 40, NULL), 14, 1);
    open_book(f, NULL, NAN);
    read_group(0);
    assert_int_equal(figure_count, 1);
    assert_int_equal(figures[0].rule, HRA_HIDDEN_SMALL_GROUP);
    read_group(1);
    assert_int_equal(total("r_smoke_current")->rule, HRA_SHOWN);
    assert_int_equal(total("r_smoke_current")->count, 14);
}

static void without_a_group(void **state)
{
    fixture *f = begin();
    fixture_mark(f, SMOKE, fixture_add(f, 300, "", "male", 40, NULL), 140, 1);
    open_book(f, NULL, NAN);
    read_group(0);
    assert_int_equal(figure_count, 1);
    assert_int_equal(figures[0].rule, HRA_HIDDEN_NO_GROUP);
}

static void counts_from_one_to_ten(void **state)
{
    fixture *f = begin();
    static const int counts[] = {0, 1, 10, 11, 189, 190, 199, 200};
    static const hra_suppress_rule rules[] = {HRA_SHOWN, HRA_HIDDEN_SMALL_COUNT, HRA_HIDDEN_SMALL_COUNT, HRA_SHOWN,
                                              HRA_SHOWN, HRA_HIDDEN_SMALL_REST,  HRA_HIDDEN_SMALL_REST,  HRA_SHOWN};
    static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g", "h"};
    for (int i = 0; i < 8; i++) fixture_mark(f, SMOKE, fixture_add(f, 200, names[i], "male", 40, NULL), counts[i], 1);
    open_book(f, NULL, NAN);
    for (int i = 0; i < 8; i++) {
        read_group(i);
        if (total("r_smoke_current")->rule != rules[i])
            fail_msg("%d of 200: %s", counts[i], hra_suppress_reason(total("r_smoke_current")->rule));
    }
}

/* Zero is shown where it says nothing about few; never of a sensitive finding; 49 people are a small set for it. */
static void zeros(void **state)
{
    fixture *f = begin();
    fixture_add(f, 200, "many", "male", 40, NULL);
    fixture_add(f, 49, "some", "male", 40, NULL);
    open_book(f, NULL, NAN);
    read_group(0);
    assert_int_equal(total("r_smoke_current")->rule, HRA_SHOWN);
    assert_int_equal(total("r_depress")->rule, HRA_HIDDEN_SENSITIVE);
    read_group(1);
    assert_int_equal(total("r_smoke_current")->rule, HRA_HIDDEN_HOMOGENEOUS);
}

static void sensitive_findings(void **state)
{
    fixture *f = begin();
    fixture_mark(f, DEPRESS, fixture_add(f, 49, "a", "male", 40, "north"), 20, 1);
    int large = fixture_add(f, 50, "b", "male", 40, "north");
    fixture_add(f, 50, "b", "female", 50, "south");
    fixture_mark(f, DEPRESS, large, 20, 1);
    fixture_mark(f, DEPRESS, large + 50, 25, 1);
    open_book(f, NULL, NAN);
    read_group(0);
    assert_int_equal(total("r_depress")->rule, HRA_HIDDEN_SENSITIVE);
    read_group(1);
    assert_int_equal(total("r_depress")->rule, HRA_SHOWN);
    assert_null(find("finding", "r_depress", "all", "all", "north")); /* of the whole group, and of no part of it */
    assert_null(find("finding", "r_depress", "female", "all", "all"));
    assert_non_null(find("people", "", "all", "all", "north"));
}

/* A department of 11 with one smoker: it is not told apart, and its smoker not by subtraction. */
static void small_department(void **state)
{
    fixture *f = begin();
    fixture_mark(f, SMOKE, fixture_add(f, 80, "a", "male", 40, "north"), 30, 1);
    fixture_mark(f, SMOKE, fixture_add(f, 80, "a", "male", 40, "south"), 30, 1);
    fixture_mark(f, SMOKE, fixture_add(f, 11, "a", "male", 40, "tiny"), 1, 1);
    open_book(f, NULL, NAN);
    read_group(0);
    assert_null(find("people", "", "all", "all", "tiny"));
    const hra_client_figure *others = find("people", "", "all", "all", "(others)");
    assert_non_null(others);
    assert_int_equal(others->people, 91); /* with one of the large ones */
    assert_int_equal(find("finding", "r_smoke_current", "all", "all", "(others)")->count, 31);
}

/* How many were not asked is told in steps of ten. */
static void the_unmeasured(void **state)
{
    fixture *f = begin();
    int first = fixture_add(f, 200, "a", "male", 40, NULL);
    fixture_mark(f, SMOKE, first, 50, 1);
    fixture_mark(f, SMOKE, first + 50, 3, NAN);
    fixture_mark(f, OVER, first, 60, 1);
    open_book(f, NULL, NAN);
    read_group(0);
    const hra_client_figure *smoke = total("r_smoke_current"), *over = total("r_bmi_over");
    assert_int_equal(smoke->known_from, 190);
    assert_int_equal(smoke->known_to, 200);
    assert_true(smoke->share.low < 50.0 / 200 && smoke->share.high > 50.0 / 190);
    assert_int_equal(over->known_from, 200); /* everybody was measured: nothing to hide */
    assert_int_equal(over->known_to, 200);
}

/* Three women without an age: they are in no table, and no total tells of them. */
static void people_without_age(void **state)
{
    fixture *f = begin();
    fixture_mark(f, SMOKE, fixture_add(f, 100, "a", "male", 40, "north"), 30, 1);
    fixture_mark(f, SMOKE, fixture_add(f, 100, "a", "female", 40, "south"), 30, 1);
    fixture_mark(f, SMOKE, fixture_add(f, 3, "a", "female", NAN, "south"), 3, 1);
    open_book(f, NULL, NAN);
    read_group(0);
    assert_int_equal(find("people", "", "all", "all", "all")->people, 200);
    assert_int_equal(total("r_smoke_current")->count, 60);
    assert_null(find("people", "", "all", "all", "south")); /* the department would tell of the three */
}

/* One group hides its smokers: all groups less the shown ones would tell them, so nobody hears of the others. */
static void other_groups(void **state)
{
    static const char *const names[] = {"a", "b", "c", "d", "e"};
    fixture *f = begin();
    for (int i = 0; i < 5; i++) {
        int first = fixture_add(f, 100, names[i], "male", 40, NULL);
        fixture_mark(f, SMOKE, first, i == 0 ? 4 : 30, 1);
        fixture_mark(f, OVER, first, i < 2 ? 4 + i : 30, 1);
        fixture_mark(f, URATE, first, 20, 1);
    }
    open_book(f, NULL, NAN);
    read_group(2);
    assert_int_equal(total("r_smoke_current")->compared, HRA_HIDDEN_OTHERS);
    assert_true(isnan(total("r_smoke_current")->others));
    assert_int_equal(total("r_bmi_over")->compared, HRA_SHOWN); /* two hide theirs: one may hold the other's */
    assert_true(total("r_ua_high")->others == 0.2);
}

/* Of 100 people as many answered as told, the smokers first: who answers is not chance. */
static void smokers(fixture *f, const char *group, int smoking, int answered)
{
    int first = fixture_add(f, 100, group, "male", 40, NULL);
    fixture_mark(f, SMOKE, first, smoking, 1);
    fixture_mark(f, SMOKE, first + answered, 100 - answered, NAN);
}

/* Groups in which too few answered are neither compared nor among the others, nor counted as others. */
static void others_that_speak_for_all(void **state)
{
    static const char *const names[] = {"a", "b", "c", "d"};
    fixture *f = begin();
    for (int i = 0; i < 4; i++) smokers(f, names[i], 20, 100);
    smokers(f, "few", 45, 65);
    smokers(f, "just enough", 47, 67);
    open_book(f, NULL, NAN);
    read_group(0);
    assert_int_equal(total("r_smoke_current")->compared, HRA_SHOWN);
    assert_true(total("r_smoke_current")->others == 0.29); /* (3*20 + 47)/(3*100 + 67), not (45 + 107)/(65 + 367) */
    assert_true(total("r_smoke_current")->others_standardised == 0.29 ||
                isnan(total("r_smoke_current")->others_standardised));
    read_group(4);
    assert_int_equal(total("r_smoke_current")->rule, HRA_SHOWN);
    assert_int_equal(total("r_smoke_current")->compared, HRA_HIDDEN_OTHERS);
    read_group(5);
    assert_true(total("r_smoke_current")->others == 0.2);
    f = begin();
    for (int i = 0; i < 3; i++) smokers(f, names[i], 20, 100);
    smokers(f, "few", 45, 65);
    open_book(f, NULL, NAN);
    read_group(0);
    assert_int_equal(total("r_smoke_current")->compared, HRA_HIDDEN_OTHERS); /* two others are left */
}

/* What subtraction gives to who has every edition: the pooled others, added up over all groups that are compared, less
 * the counts that are shown. The hidden ones among them must be at least two that can swap five people; one that is
 * hidden elsewhere protects nobody. */
static void no_hidden_total_by_subtraction(void **state)
{
    static const char *const names[] = {"a", "b", "c", "d", "e"};
    static const struct {
        int smoking, answered; /* of the second group that is hidden */
        bool told;
    } cases[] = {{4, 100, true}, {4, 60, false}, {4, 66, false}, {4, 67, true}, {4, 0, false}};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        fixture *f = begin();
        for (int i = 0; i < 5; i++) smokers(f, names[i], 30, 100);
        smokers(f, "hidden", 5, 100);
        smokers(f, "hidden too", cases[c].answered ? cases[c].smoking : 0, cases[c].answered);
        open_book(f, NULL, NAN);
        read_group(5);
        assert_int_equal(total("r_smoke_current")->rule, HRA_HIDDEN_SMALL_COUNT);
        for (int i = 0; i < 5; i++) {
            read_group(i);
            if ((total("r_smoke_current")->compared == HRA_SHOWN) != cases[c].told)
                fail_msg("%d of %d answered: %s", cases[c].smoking, cases[c].answered,
                         cases[c].told ? "not compared" : "compared");
            assert_int_equal(isnan(total("r_smoke_current")->others), !cases[c].told);
        }
    }
}

/* Overweight and obese are here all there is of their set: both of them would tell each other. */
static void whole_sets(void **state)
{
    fixture *f = begin();
    fixture_mark(f, OVER, fixture_add(f, 100, "a", "male", 40, NULL), 30, 1);
    open_book(f, NULL, NAN);
    read_group(0);
    assert_non_null(total("r_bmi_over"));
    assert_null(total("r_bmi_obese"));
}

static void too_few_others(void **state)
{
    fixture *f = begin();
    fixture_mark(f, SMOKE, fixture_add(f, 100, "a", "male", 40, NULL), 30, 1);
    fixture_mark(f, SMOKE, fixture_add(f, 100, "b", "male", 40, NULL), 30, 1);
    fixture_mark(f, SMOKE, fixture_add(f, 100, "c", "male", 40, NULL), 30, 1);
    open_book(f, NULL, NAN);
    read_group(0);
    assert_int_equal(total("r_smoke_current")->compared, HRA_HIDDEN_OTHERS);
}

/* ---- a month later ------------------------------------------------------------------- */

static char edition[64];

/* What groups_client.csv of the book would hold, as far as the next edition reads it. */
static void keep_edition(void)
{
    snprintf(edition, sizeof edition, "/tmp/hra-test-edition-%ld.csv", (long)getpid());
    FILE *file = fopen(edition, "w");
    assert_non_null(file);
    fputs("group,as_of,kind,indicator,level,sex,age_band,department,people,numerator,denominator_from,denominator_to,"
          "share,reason\n",
          file);
    for (int i = 0; i < figure_count; i++) {
        const hra_client_figure *f = &figures[i];
        fprintf(file, "a,2026-03-01,%s,%s,%s,%s,%s,%s,", f->kind, f->indicator, f->level, f->sex, f->age,
                f->department);
        if (f->rule == HRA_SHOWN || i > 0)
            fprintf(file, "%u,", f->people);
        else
            fputc(',', file);
        if (f->rule == HRA_SHOWN)
            fprintf(file, "%d,%d,%d,%g,\n", (int)f->count, (int)f->known_from, (int)f->known_to, f->share.value);
        else
            fprintf(file, ",,,,%s\n", f->rule == HRA_HIDDEN_EDITION ? hra_client_reason_edition : "small numbers");
    }
    fclose(file);
}

static void next_edition(int people, int smokers, double as_of)
{
    fixture *f = begin();
    fixture_mark(f, SMOKE, fixture_add(f, people, "a", "male", 40, NULL), smokers, 1);
    open_book(f, edition[0] ? edition : NULL, as_of);
    read_group(0);
}

static void a_month_later(void **state)
{
    const double march = 20513, april = march + 31, next_march = march + 365; /* 2026-03-01 */
    edition[0] = '\0';
    next_edition(400, 100, march);
    assert_true(figure_count > 1);
    keep_edition();
    next_edition(400, 100, april); /* the same once more */
    assert_int_equal(figures[0].rule, HRA_SHOWN);
    assert_int_equal(total("r_smoke_current")->rule, HRA_SHOWN);
    next_edition(398, 99, april); /* two have left: the difference would tell who smoked */
    assert_int_equal(figure_count, 1);
    assert_int_equal(figures[0].rule, HRA_HIDDEN_EDITION);
    next_edition(400, 101, april); /* one joined for one who left */
    assert_int_equal(figures[0].rule, HRA_HIDDEN_EDITION);
    next_edition(440, 104, april); /* forty have joined, four smokers among them */
    assert_int_equal(figures[0].rule, HRA_SHOWN);
    assert_int_equal(total("r_smoke_current")->rule, HRA_HIDDEN_EDITION);
    next_edition(440, 115, april);
    assert_int_equal(total("r_smoke_current")->rule, HRA_SHOWN);
    next_edition(398, 99, next_march); /* another checkup */
    assert_int_equal(total("r_smoke_current")->rule, HRA_SHOWN);
    assert_true(total("r_smoke_current")->earlier == 0.25);
    unlink(edition);
}

/* Only leavers: what is subtracted is a figure about them. */
static void leavers(void **state)
{
    const double march = 20513, april = march + 31;
    static const struct {
        int people, smokers;
        bool told;
    } cases[] = {{388, 100, false}, /* none of the twelve */
                 {388, 88, false},  /* all of them */
                 {375, 80, false},  /* five of 25 not */
                 {375, 95, false},  /* five of them */
                 {375, 88, true},   /* 12 and 13 */
                 {350, 100, true},  /* none of fifty: not about few */
                 {350, 92, false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        edition[0] = '\0';
        next_edition(400, 100, march);
        keep_edition();
        next_edition(cases[i].people, cases[i].smokers, april);
        assert_int_equal(figures[0].rule, HRA_SHOWN);
        assert_int_equal(total("r_smoke_current")->rule, cases[i].told ? HRA_SHOWN : HRA_HIDDEN_EDITION);
        assert_int_equal(isnan(total("r_smoke_current")->share.value), !cases[i].told);
    }
    unlink(edition);
}

/* Where an edition was withheld, the one before it is not at hand: the next may be as near to that one. */
static void after_a_withheld_edition(void **state)
{
    const double march = 20513, april = march + 31;
    edition[0] = '\0';
    next_edition(400, 100, march);
    keep_edition();
    next_edition(398, 99, april);
    assert_int_equal(figures[0].rule, HRA_HIDDEN_EDITION);
    keep_edition();
    next_edition(398, 99, april);
    assert_int_equal(figure_count, 1);
    assert_int_equal(figures[0].rule, HRA_HIDDEN_EDITION);
    next_edition(398, 99, march + 200);
    assert_int_equal(figures[0].rule, HRA_SHOWN);
    next_edition(20, 3, march); /* too small, now large enough: there was nothing to compare with */
    keep_edition();
    next_edition(60, 30, april);
    assert_int_equal(figures[0].rule, HRA_SHOWN);
    unlink(edition);
}

/* ---- the policy ------------------------------------------------------------------------ */

static void refuse(const char *text, const char *message)
{
    char path[64];
    hra_group_policy other;
    hra_error error = {0};
    snprintf(path, sizeof path, "/tmp/hra-test-policy-%ld.csv", (long)getpid());
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    assert_int_equal(hra_group_policy_load(path, &other, &error), HRA_EINPUT);
    if (!strstr(error.message, message)) fail_msg("'%s' does not say '%s'", error.message, message);
    unlink(path);
}

/* What two threads ask at the same time of the same group: each about its own finding. */
typedef struct asking {
    int output, times, allowed;
} asking;

static void *ask(void *data)
{
    asking *a = data;
    for (int i = 0; i < a->times; i++) a->allowed += hra_client_book_allows(book, a->output, false);
    return NULL;
}

static void asked_by_several_threads(void **state)
{
    enum { TIMES = 200000 };
    fixture *f = begin();
    int first = fixture_add(f, 200, "a", "male", 40, NULL);
    fixture_mark(f, SMOKE, first, 100, 1);
    fixture_mark(f, URATE, first, 3, 1);
    open_book(f, NULL, NAN);
    read_group(0);
    asking told = {SMOKE, TIMES, 0}, hidden = {URATE, TIMES, 0};
    pthread_t other;
    assert_int_equal(pthread_create(&other, NULL, ask, &told), 0);
    ask(&hidden);
    assert_int_equal(pthread_join(other, NULL), 0);
    assert_int_equal(told.allowed, TIMES);
    assert_int_equal(hidden.allowed, 0);
}

static void faulty_policies(void **state)
{
    refuse("key,value,note\nminimum_group,-3,\n", "2: minimum_group is a number from 1");
    refuse("key,value,note\nminimum_group,many,\n", "is not a number");
    refuse("key,value,note\nminimum_groups,30,\n", "'minimum_groups' is not a key");
    refuse("key,value,note\nminimum_group,30,\nminimum_group,30,\n", "3: minimum_group: '30' is said twice");
    refuse("key,value,note\nminimum_group,30.5,\n", "not a whole number");
    refuse("key,value,note\nseason_1,rain,\n", "not winter");
    refuse("key,value,note\npublish,a,\npublish,a,\n", "named twice");
    refuse("key,value,note\nminimum_group,30,\n", "is missing");
}

static int free_all(void **state)
{
    hra_client_book_free(book);
    hra_group_policy_free(&policy);
    fixture_free();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(small_groups_get_nothing),
                                       cmocka_unit_test(without_a_group),
                                       cmocka_unit_test(counts_from_one_to_ten),
                                       cmocka_unit_test(zeros),
                                       cmocka_unit_test(sensitive_findings),
                                       cmocka_unit_test(small_department),
                                       cmocka_unit_test(the_unmeasured),
                                       cmocka_unit_test(people_without_age),
                                       cmocka_unit_test(other_groups),
                                       cmocka_unit_test(too_few_others),
                                       cmocka_unit_test(others_that_speak_for_all),
                                       cmocka_unit_test(no_hidden_total_by_subtraction),
                                       cmocka_unit_test(whole_sets),
                                       cmocka_unit_test(a_month_later),
                                       cmocka_unit_test(leavers),
                                       cmocka_unit_test(after_a_withheld_edition),
                                       cmocka_unit_test(asked_by_several_threads),
                                       cmocka_unit_test(faulty_policies)};
    return cmocka_run_group_tests(tests, NULL, free_all);
}
