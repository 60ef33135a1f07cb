/* A summary counts what a plain loop over the people counts: by group, cell and department, whatever the pieces. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/group_fixture.h"

static const char *const ids[] = {"r_smoke_current", "r_bmi_obese"};

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

static void fill(fixture *f)
{
    static const char *const groups[] = {"alpha", "beta", "gamma"}, *const departments[] = {"north", "south", NULL};
    static const char *const sexes[] = {"female", "male", NULL};
    uint32_t random = 3;
    for (int i = 0; i < 5000; i++) {
        double age = next_random(&random) % 20 == 0 ? NAN : 18 + next_random(&random) % 70;
        int at = fixture_add(f, 1, groups[next_random(&random) % 3], sexes[next_random(&random) % 3], age,
                             departments[next_random(&random) % 3]);
        for (int k = 0; k < 2; k++)
            f->flags[k][at] = next_random(&random) % 5 == 0 ? NAN : next_random(&random) % 3 == 0;
    }
}

static int cell_of(const fixture *f, int i)
{
    static const double from[] = {30, 40, 50, 60, 70};
    double age = hra_column_value(&f->columns[1], f->age[i]), sex = hra_column_value(&f->columns[0], f->sex[i]);
    int band = 0, male = hra_variable_level(hra_dictionary_at(f->dictionary, f->columns[0].variable), "male");
    while (band < 5 && age >= from[band]) band++;
    if (isnan(age)) band = HRA_SUMMARY_AGES - 1;
    return (isnan(sex) ? 2 : (int)sex == male) * HRA_SUMMARY_AGES + band;
}

static void counts_agree(void **state)
{
    fixture *f = fixture_new(ids, 2);
    hra_group_summary_by_department(f->summary, 0);
    fill(f);
    fixture_send(f);
    assert_int_equal(hra_group_summary_count(f->summary), 3);
    for (int g = 0; g < 3; g++) {
        const hra_group *group = hra_group_summary_at(f->summary, g);
        for (int cell = HRA_SUMMARY_ALL; cell < HRA_SUMMARY_CELLS; cell++) {
            uint32_t people = 0, yes[2] = {0}, no[2] = {0};
            for (int i = 0; i < f->people; i++) {
                if (strcmp(f->groups[f->group[i]], hra_group_name(group)) != 0) continue;
                if (cell != HRA_SUMMARY_ALL && cell_of(f, i) != cell) continue;
                people++;
                for (int k = 0; k < 2; k++) {
                    yes[k] += f->flags[k][i] == 1;
                    no[k] += f->flags[k][i] == 0;
                }
            }
            assert_int_equal(hra_group_people(group, cell), people);
            for (int k = 0; k < 2; k++) {
                assert_int_equal(hra_group_flag(f->summary, group, k, cell).yes, yes[k]);
                assert_int_equal(hra_group_flag(f->summary, group, k, cell).no, no[k]);
            }
        }
    }
}

static void departments_agree(void **state)
{
    fixture *f = fixture_new(ids, 2);
    hra_group_summary_by_department(f->summary, 0);
    fill(f);
    fixture_send(f);
    const hra_group *group = hra_group_summary_at(f->summary, 1);
    assert_int_equal(hra_group_department_count(group), 3);
    for (int d = 0; d < 3; d++) {
        const char *name = hra_group_department_name(group, d);
        uint32_t people = 0, yes = 0, no = 0;
        for (int i = 0; i < f->people; i++) {
            const char *own = f->department[i] < 0 ? "" : f->departments[f->department[i]];
            if (strcmp(f->groups[f->group[i]], "beta") != 0 || strcmp(own, name) != 0) continue;
            people++;
            yes += f->flags[0][i] == 1;
            no += f->flags[0][i] == 0;
        }
        assert_int_equal(hra_group_department_people(group, d), people);
        assert_int_equal(hra_group_department_flag(f->summary, group, d, 0).yes, yes);
        assert_int_equal(hra_group_department_flag(f->summary, group, d, 0).no, no);
        assert_int_equal(hra_group_department_flag(f->summary, group, d, 1).yes, 0); /* not asked for by department */
    }
}

/* Departments in the thousands (a free text) do not grow the state without end. */
static void many_departments(void **state)
{
    fixture *f = fixture_new(ids, 1);
    static char names[60][8];
    for (int round = 0; round < 20; round++) {
        f->people = f->department_count = 0;
        for (int i = 0; i < 60; i++) {
            snprintf(names[i], sizeof names[i], "d%d", round * 60 + i);
            fixture_add(f, 1, "alpha", "male", 40, names[i]);
        }
        fixture_send(f);
    }
    const hra_group *group = hra_group_summary_at(f->summary, 0);
    uint32_t people = 0;
    assert_int_equal(hra_group_department_count(group), HRA_SUMMARY_DEPARTMENTS);
    for (int d = 0; d < hra_group_department_count(group); d++) people += hra_group_department_people(group, d);
    assert_int_equal(people, 1200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(counts_agree), cmocka_unit_test(departments_agree),
                                       cmocka_unit_test(many_departments)};
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    fixture_free();
    return failed;
}
