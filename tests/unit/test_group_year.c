/* The year of a group: problems ranked and compared with last year and other groups; lectures; newsletters that rest.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "service/group/group_programme.h"
#include "service/group/standard.h"
#include "tests/unit/group_fixture.h"

static char scratch[64];

static const char *write_file(const char *text)
{
    snprintf(scratch, sizeof scratch, "/tmp/hra-test-year-%ld.csv", (long)getpid());
    FILE *file = fopen(scratch, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    return scratch;
}

/* ---- invented problems ------------------------------------------------------------ */

enum { PROBLEMS = 6 };
static hra_property properties[PROBLEMS][4];
static hra_declaration actions[PROBLEMS];
static hra_problem problems[PROBLEMS];

/* Six problems in the order of rank: shares 0.60, 0.58, 0.50, 0.49, 0.40, 0.10; the second is of winter, the fourth of
 * summer; the last two are not due. */
static void invent(void)
{
    static const char *const ids[] = {"A", "B", "C", "D", "E", "F"};
    static const char *const seasons[] = {NULL, "winter", NULL, "summer", NULL, NULL};
    static const char *const priorities[] = {"2", "1", "2", "1", "3", "3"};
    static const double shares[] = {0.60, 0.58, 0.50, 0.49, 0.40, 0.10};
    for (int i = 0; i < PROBLEMS; i++) {
        int count = 3;
        properties[i][0] = (hra_property){"lecture", "en", ids[i]};
        properties[i][1] = (hra_property){"newsletter", "en", ids[i]};
        properties[i][2] = (hra_property){"priority", "en", priorities[i]};
        if (seasons[i]) properties[i][count++] = (hra_property){"season", "en", seasons[i]};
        actions[i] = (hra_declaration){
            .kind = HRA_DECLARATION_GROUP_ACTION, .id = ids[i], .properties = properties[i], .property_count = count};
        problems[i] = (hra_problem){.action = &actions[i],
                                    .index = i,
                                    .output = i,
                                    .due = i < 4,
                                    .total = {50, 50},
                                    .rank = i + 1,
                                    .standardised = {{shares[i], 0, 1}, 1}};
    }
}

static const char *topics(const hra_programme *p)
{
    static char text[64];
    text[0] = '\0';
    for (int i = 0; i < p->newsletter_count; i++) strcat(text, p->newsletters[i].problem->action->id);
    return text;
}

static const char *lectures(const hra_programme *p)
{
    static char text[64];
    text[0] = '\0';
    for (int i = 0; i < p->lecture_count; i++) strcat(text, p->lectures[i].problem->action->id);
    return text;
}

static hra_group_policy policy;

static void newsletters(void **state)
{
    hra_programme p;
    hra_error error;
    invent();
    assert_int_equal(hra_group_policy_load(NULL, &policy, &error), HRA_OK);
    hra_programme_request request = {.policy = &policy, .as_of = 20513}; /* 2026-03-01: from the second quarter on */
    hra_programme_make(&request, problems, PROBLEMS, &p);
    /* spring: A. Summer: B leads, D is not within 0.05 of it. Autumn: C. Winter: D */
    assert_string_equal(topics(&p), "ABCD");
    assert_string_equal(p.newsletters[0].quarter, "2026Q2");
    assert_string_equal(p.newsletters[3].quarter, "2027Q1");
    problems[1].standardised.share.value = 0.52; /* now D is near enough to B, and it is summer */
    hra_programme_make(&request, problems, PROBLEMS, &p);
    assert_string_equal(topics(&p), "ADBC");
    /* last year ended with C, A, B: they rest for three issues each */
    static const char *const issues[] = {"E", "C", "A", "B"};
    request.issues = issues;
    request.issue_count = 4;
    invent();
    hra_programme_make(&request, problems, PROBLEMS, &p);
    assert_string_equal(topics(&p), "DCAB");
    hra_programme_make(&request, problems, 2, &p); /* more issues than topics: the one that rested longest */
    assert_string_equal(topics(&p), "ABAB");
    problems[0].total = problems[1].total = (hra_summary_flag){0, 100};
    hra_programme_make(&request, problems, 2, &p); /* nobody has a problem */
    assert_int_equal(p.newsletter_count, 0);
    hra_group_policy_free(&policy);
}

static void lecture_choice(void **state)
{
    hra_programme p;
    hra_error error;
    hra_lecture_list *list;
    invent();
    assert_int_equal(hra_group_policy_load(NULL, &policy, &error), HRA_OK);
    hra_programme_request request = {.policy = &policy, .lectures = 3, .as_of = NAN};
    hra_programme_make(&request, problems, PROBLEMS, &p);
    assert_string_equal(lectures(&p), "BDA"); /* priority, then rank */
    assert_string_equal(p.newsletters[0].quarter, "Q1");
    request.lectures = 5;
    hra_programme_make(&request, problems, PROBLEMS, &p);
    assert_string_equal(lectures(&p), "BDACE"); /* four are due; the fifth is the next by rank */
    const char *path = write_file("lecture,specialty\nD,heart\nF,lungs\nA,diet\n");
    assert_int_equal(hra_lecture_list_load(path, &list, &error), HRA_OK);
    request.list = list;
    hra_programme_make(&request, problems, PROBLEMS, &p);
    assert_string_equal(lectures(&p), "DAF"); /* what the provider can give */
    assert_string_equal(p.lectures[0].specialty, "heart");
    hra_lecture_list_free(list);
    unlink(path);
    hra_group_policy_free(&policy);
}

/* ---- problems of invented groups ------------------------------------------------------ */

static const hra_problem *find(const hra_problem *list, int count, const char *id)
{
    for (int i = 0; i < count; i++)
        if (strcmp(list[i].action->id, id) == 0) return &list[i];
    fail_msg("no problem %s", id);
    return NULL;
}

static hra_plan *plan_of(fixture *f)
{
    hra_error error;
    hra_plan *plan;
    const hra_plan_request request = {.aggregates = true, .share = true, .as_of = NAN};
    if (hra_plan_new(f->library, &f->schema, &request, &plan, &error) != HRA_OK) fail_msg("%s", error.message);
    return plan;
}

/* A summary over the plan's own outputs in which the first prevalence of GA07 is what the fixture's flag 0 says. */
static void send_as_smoking(fixture *f, const hra_plan *plan, hra_group_summary **summary)
{
    int count, smoking = -1;
    hra_error error;
    const hra_output *outputs = hra_plan_outputs(plan, &count);
    for (int i = 0; i < count; i++)
        if (strcmp(outputs[i].id, "GA07.prevalence1") == 0) smoking = i;
    assert_true(smoking >= 0);
    hra_results *results = hra_results_new(count, outputs, f->people);
    assert_non_null(results);
    for (int r = 0; r < f->people; r++) hra_results_put(results, smoking, r, f->flags[0][r]);
    assert_int_equal(hra_group_summary_new(outputs, count, &f->schema, 0, summary, &error), HRA_OK);
    hra_codes codes[2] = {{.u32 = f->sex}, {.u32 = f->age}};
    hra_label_codes labels[2] = {{f->group, f->groups, f->group_count},
                                 {f->department, f->departments, f->department_count}};
    hra_chunk chunk = {.rows = f->people, .columns = codes, .labels = labels};
    hra_sink *sink = hra_group_summary_sink(*summary);
    void *prepared = NULL;
    assert_int_equal(sink->prepare(sink, 0, &chunk, results, &prepared, &error), HRA_OK);
    assert_int_equal(sink->commit(sink, &chunk, results, prepared, &error), HRA_OK);
    hra_results_free(results);
}

static void near(double value, double expected)
{
    if (!(fabs(value - expected) < 1e-9)) fail_msg("%.12g, expected %.12g", value, expected);
}

/* Two groups of different mix: a has 100 men (40 smoke) and 300 women (30), b 300 men (90) and 100 women (20). */
static void comparisons(void **state)
{
    static const char *const ids[] = {"r_smoke_current"};
    fixture *f = fixture_new(ids, 1);
    double standard[HRA_SUMMARY_CELLS];
    hra_error error;
    hra_group_summary *summary;
    hra_group_problems *all;
    const hra_problem *list;
    int count;
    fixture_mark(f, 0, fixture_add(f, 100, "a", "male", 40, NULL), 40, 1);
    fixture_mark(f, 0, fixture_add(f, 300, "a", "female", 40, NULL), 30, 1);
    fixture_mark(f, 0, fixture_add(f, 300, "b", "male", 40, NULL), 90, 1);
    fixture_mark(f, 0, fixture_add(f, 100, "b", "female", 40, NULL), 20, 1);
    hra_plan *plan = plan_of(f);
    send_as_smoking(f, plan, &summary);
    assert_int_equal(hra_standard_load(NULL, summary, standard, &error), HRA_OK);
    const char *last_year =
        write_file("group,kind,indicator,level,sex,age_band,people,known,count\n"
                   "a,problem,GA07,,female,40-49,300,300,60\na,problem,GA07,,male,40-49,100,100,50\n"
                   "a,newsletter,GA05,2026Q1,all,all,,,\na,newsletter,GA07,2026Q2,all,all,,,\n"
                   "b,problem,GA07,,female,40-49,500,300,60\n");
    const hra_problems_request request = {plan, summary, standard, last_year};
    assert_int_equal(hra_group_problems_new(&request, &all, &error), HRA_OK);
    assert_int_equal(hra_group_problems_of(all, hra_group_summary_at(summary, 0), &list, &count, &error), HRA_OK);
    const hra_problem *smoking = find(list, count, "GA07");
    assert_int_equal(smoking->total.yes, 70);
    near(smoking->share.value, 70.0 / 400);
    near(smoking->standardised.share.value, (0.4 + 0.1) / 2); /* half men, half women in both groups together */
    near(smoking->others.value, (0.3 + 0.2) / 2);
    near(smoking->to_others.value, 0);
    near(smoking->last_year.value, (0.5 + 0.2) / 2);
    near(smoking->to_last_year.value, -0.1);
    assert_true(smoking->to_last_year.high < 0);
    assert_false(smoking->due); /* 17.5 % of all, the rule says 20 */
    assert_int_equal(smoking->rank, 1);
    assert_int_equal(find(list, count, "GA01")->rank, 0); /* nobody is known */
    const char *const *issues;
    assert_int_equal(hra_group_problems_newsletters(all, &issues), 2);
    assert_string_equal(issues[1], "GA07");
    assert_int_equal(hra_group_problems_of(all, hra_group_summary_at(summary, 1), &list, &count, &error), HRA_OK);
    assert_true(find(list, count, "GA07")->due);
    assert_true(isnan(find(list, count, "GA07")->last_year.value)); /* last year too few were decided */
    hra_group_problems_free(all);
    hra_group_summary_free(summary);
    hra_plan_free(plan);
    unlink(last_year);
}

/* a has men of 40 only. b has women and older men as well, and so had a last year: neither counts beside the men of a.
 */
static void same_sexes_and_ages(void **state)
{
    static const char *const ids[] = {"r_smoke_current"};
    fixture *f = fixture_new(ids, 1);
    double standard[HRA_SUMMARY_CELLS];
    hra_error error;
    hra_group_summary *summary;
    hra_group_problems *all;
    const hra_problem *list;
    int count;
    fixture_mark(f, 0, fixture_add(f, 200, "a", "male", 40, NULL), 20, 1);
    fixture_mark(f, 0, fixture_add(f, 200, "b", "male", 40, NULL), 20, 1);
    fixture_mark(f, 0, fixture_add(f, 100, "b", "male", 65, NULL), 90, 1);
    fixture_mark(f, 0, fixture_add(f, 100, "b", "female", 40, NULL), 80, 1);
    hra_plan *plan = plan_of(f);
    send_as_smoking(f, plan, &summary);
    assert_int_equal(hra_standard_load(NULL, summary, standard, &error), HRA_OK);
    const char *last_year = write_file("group,kind,indicator,level,sex,age_band,people,known,count\n"
                                       "a,problem,GA07,,male,40-49,200,200,40\na,problem,GA07,,male,60-69,50,50,50\n");
    const hra_problems_request request = {plan, summary, standard, last_year};
    assert_int_equal(hra_group_problems_new(&request, &all, &error), HRA_OK);
    assert_int_equal(hra_group_problems_of(all, hra_group_summary_at(summary, 0), &list, &count, &error), HRA_OK);
    const hra_problem *smoking = find(list, count, "GA07");
    near(smoking->others.value, 0.1);
    near(smoking->to_others.value, 0);
    near(smoking->last_year.value, 0.2);
    near(smoking->to_last_year.value, -0.1);
    assert_int_equal(hra_group_problems_of(all, hra_group_summary_at(summary, 1), &list, &count, &error), HRA_OK);
    smoking = find(list, count, "GA07");
    near(smoking->standardised.share.value, (400 * 0.1 + 100 * 0.9 + 100 * 0.8) / 600);
    near(smoking->others.value, 0.1);
    near(smoking->to_others.value, 0); /* of its men of 40 */
    hra_group_problems_free(all);
    hra_group_summary_free(summary);
    hra_plan_free(plan);
    unlink(last_year);
}

/* a: 60 of 100 could be decided. b: most, but of those from 50 on only who has it. c: everybody; b is not among the
 * others of c, nor is a. */
static void too_few_decided(void **state)
{
    static const char *const ids[] = {"r_smoke_current"};
    fixture *f = fixture_new(ids, 1);
    double standard[HRA_SUMMARY_CELLS];
    hra_error error;
    hra_group_summary *summary;
    hra_group_problems *all;
    const hra_problem *list;
    int count, row = fixture_add(f, 100, "a", "male", 40, NULL);
    fixture_mark(f, 0, row, 30, 1);
    fixture_mark(f, 0, row + 60, 40, NAN);
    fixture_mark(f, 0, fixture_add(f, 80, "b", "male", 40, NULL), 25, 1);
    row = fixture_add(f, 20, "b", "male", 55, NULL);
    fixture_mark(f, 0, row, 9, 1);
    fixture_mark(f, 0, row + 9, 11, NAN);
    fixture_mark(f, 0, fixture_add(f, 100, "c", "male", 40, NULL), 25, 1);
    fixture_mark(f, 0, fixture_add(f, 100, "d", "male", 40, NULL), 20, 1);
    hra_plan *plan = plan_of(f);
    send_as_smoking(f, plan, &summary);
    assert_int_equal(hra_standard_load(NULL, summary, standard, &error), HRA_OK);
    const hra_problems_request request = {plan, summary, standard, NULL};
    assert_int_equal(hra_group_problems_new(&request, &all, &error), HRA_OK);
    static const bool due[] = {true, false, true, true};
    for (int g = 0; g < 4; g++) {
        assert_int_equal(hra_group_problems_of(all, hra_group_summary_at(summary, g), &list, &count, &error), HRA_OK);
        const hra_problem *smoking = find(list, count, "GA07");
        assert_int_equal(smoking->decided, g >= 2);
        assert_int_equal(smoking->rank, g >= 2);
        assert_int_equal(isnan(smoking->standardised.share.value), g < 2);
        assert_int_equal(isnan(smoking->others.value), g < 2);
        assert_int_equal(smoking->due, due[g]);
        if (g == 2) near(smoking->others.value, 0.20);
    }
    hra_group_problems_free(all);
    hra_group_summary_free(summary);
    hra_plan_free(plan);
}

static void foreign_tables(void **state)
{
    static const char *const ids[] = {"r_smoke_current"};
    fixture *f = fixture_new(ids, 1);
    double standard[HRA_SUMMARY_CELLS] = {0};
    hra_error error = {0};
    hra_group_problems *all;
    hra_plan *plan = plan_of(f);
    hra_problems_request request = {plan, f->summary, standard, write_file("person_id,age\n1,2\n")};
    assert_int_equal(hra_group_problems_new(&request, &all, &error), HRA_EINPUT);
    assert_non_null(strstr(error.message, "not a group table"));
    request.last_year = write_file("group,kind\na,people\n");
    assert_int_equal(hra_group_problems_new(&request, &all, &error), HRA_EINPUT);
    assert_non_null(strstr(error.message, "'indicator' is missing"));
    request.last_year =
        write_file("group,kind,indicator,level,sex,age_band,people,known,count\na,,,,,,,,\nb,,,,,,,,\na,,,,,,,,\n");
    assert_int_equal(hra_group_problems_new(&request, &all, &error), HRA_EINPUT);
    assert_non_null(strstr(error.message, "do not stand together"));
    unlink(scratch);
    assert_int_equal(hra_standard_load(write_file("sex,age_band,weight\nfemale,30-39,3\nmale,20-29,2\n"), f->summary,
                                       standard, &error),
                     HRA_EINPUT);
    assert_non_null(strstr(error.message, ":3: 'male', '20-29'"));
    assert_int_equal(hra_standard_load(write_file("sex,age_band,weight\nfemale,30-39,3\nmale,30-39,1\n"), f->summary,
                                       standard, &error),
                     HRA_OK);
    near(standard[1], 3);
    unlink(scratch);
    hra_plan_free(plan);
}

static int free_all(void **state)
{
    fixture_free();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(newsletters),     cmocka_unit_test(lecture_choice),
                                       cmocka_unit_test(comparisons),     cmocka_unit_test(same_sexes_and_ages),
                                       cmocka_unit_test(too_few_decided), cmocka_unit_test(foreign_tables)};
    return cmocka_run_group_tests(tests, NULL, free_all);
}
