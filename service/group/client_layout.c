#include "service/group/client_layout.h"

#include <stdio.h>
#include <stdlib.h>

enum { KNOWN_SEXES = 2, KNOWN_AGES = HRA_SUMMARY_AGES - 1 };

static uint32_t people_at(const hra_group *group, int sex, int first, int end)
{
    uint32_t people = 0;
    for (int a = first; a < end; a++) people += hra_group_people(group, sex * HRA_SUMMARY_AGES + a);
    return people;
}

/* ---- sexes and age bands ----------------------------------------------------- */

/* The least people of any sex in the band: what decides whether it stands. */
static uint32_t least_of_band(const hra_client_layout *l, const hra_group *group, int band)
{
    uint32_t female = people_at(group, 0, l->first[band], l->end[band]);
    uint32_t male = people_at(group, 1, l->first[band], l->end[band]);
    return l->sexes == 1 ? female + male : female < male ? female : male;
}

static void join_with_next(hra_client_layout *l, int band)
{
    l->end[band] = l->end[band + 1];
    l->bands--;
    for (int b = band + 1; b < l->bands; b++) {
        l->first[b] = l->first[b + 1];
        l->end[b] = l->end[b + 1];
    }
}

/* The band with the fewest people goes together with its smaller neighbour, until all have enough or one is left. */
static void join_bands(hra_client_layout *l, const hra_group *group, uint32_t minimum)
{
    while (l->bands > 1) {
        int poorest = 0;
        for (int b = 1; b < l->bands; b++)
            if (least_of_band(l, group, b) < least_of_band(l, group, poorest)) poorest = b;
        if (least_of_band(l, group, poorest) >= minimum) return;
        bool next = poorest == 0 || (poorest + 1 < l->bands &&
                                     least_of_band(l, group, poorest + 1) < least_of_band(l, group, poorest - 1));
        join_with_next(l, next ? poorest : poorest - 1);
    }
}

static void start_bands(hra_client_layout *l, uint32_t top_age)
{
    int top = (int)top_age / 10 - 2; /* band 1 begins at 30 */
    if (top > KNOWN_AGES - 1) top = KNOWN_AGES - 1;
    l->bands = top + 1;
    for (int b = 0; b < l->bands; b++) {
        l->first[b] = b;
        l->end[b] = b == top ? KNOWN_AGES : b + 1;
    }
}

static void name_bands(hra_client_layout *l)
{
    for (int b = 0; b < l->bands; b++) {
        int from = (l->first[b] + 2) * 10, below = (l->end[b] + 2) * 10;
        char *name = l->band_names[b];
        size_t size = sizeof l->band_names[b];
        if (l->first[b] == 0 && l->end[b] == KNOWN_AGES)
            snprintf(name, size, "all");
        else if (l->first[b] == 0)
            snprintf(name, size, "under %d", below);
        else if (l->end[b] == KNOWN_AGES)
            snprintf(name, size, "%d and over", from);
        else
            snprintf(name, size, "%d-%d", from, below - 1);
    }
}

static void choose_strata(hra_client_layout *l, const hra_group *group, const hra_group_policy *policy)
{
    l->sexes = KNOWN_SEXES;
    start_bands(l, policy->top_age);
    join_bands(l, group, policy->minimum_stratum);
    if (l->bands == 1 && least_of_band(l, group, 0) < policy->minimum_stratum) {
        l->sexes = 1;
        start_bands(l, policy->top_age);
        join_bands(l, group, policy->minimum_stratum);
    }
    name_bands(l);
}

/* ---- departments --------------------------------------------------------------- */

/* Departments that are large enough stand by themselves, the others together; if those are too few the smallest
 * department joins them. */
static hra_code choose_departments(hra_client_layout *l, const hra_group *group, const hra_group_policy *policy,
                                   hra_error *error)
{
    int count = hra_group_department_count(group);
    l->department_of = calloc((size_t)count + 1, sizeof *l->department_of);
    l->department_names = calloc((size_t)count + 1, sizeof *l->department_names);
    if (!l->department_of || !l->department_names) return hra_out_of_memory(error);
    uint32_t others = 0, least = policy->minimum_department;
    int shown = 0;
    for (int d = 0; d < count; d++) {
        uint32_t people = hra_group_department_people(group, d);
        bool stands = people >= least && hra_group_department_name(group, d)[0];
        l->department_of[d] = stands ? shown++ : -1;
        if (!stands) others += people;
    }
    while (others > 0 && others < least && shown > 0) {
        int smallest = -1;
        for (int d = 0; d < count; d++)
            if (l->department_of[d] >= 0 &&
                (smallest < 0 || hra_group_department_people(group, d) < hra_group_department_people(group, smallest)))
                smallest = d;
        others += hra_group_department_people(group, smallest);
        for (int d = 0; d < count; d++) l->department_of[d] -= l->department_of[d] > l->department_of[smallest];
        l->department_of[smallest] = -1;
        shown--;
    }
    for (int d = 0; d < count; d++) {
        if (l->department_of[d] < 0) l->department_of[d] = shown;
        l->department_names[l->department_of[d]] =
            l->department_of[d] < shown ? hra_group_department_name(group, d) : hra_summary_other_departments;
    }
    l->departments = shown + (others > 0);
    if (l->departments < 2) l->departments = 0; /* one department is the group */
    return HRA_OK;
}

hra_code hra_client_layout_make(const hra_group *group, const hra_group_policy *policy, hra_client_layout *layout,
                                hra_error *error)
{
    uint32_t all = hra_group_people(group, HRA_SUMMARY_ALL);
    uint32_t placed = people_at(group, 0, 0, KNOWN_AGES) + people_at(group, 1, 0, KNOWN_AGES);
    *layout = (hra_client_layout){.people = placed, .sexes = 1, .bands = 1, .complete = placed == all};
    /* people without a sex or age would be told by every difference, so the edition is over the others; where these
     * are too few it is over everybody, and without strata */
    layout->everybody = placed == all || placed < policy->minimum_group;
    if (layout->everybody) layout->people = all;
    layout->published = layout->people >= policy->minimum_group && *hra_group_name(group);
    start_bands(layout, policy->top_age);
    while (layout->bands > 1) join_with_next(layout, 0);
    name_bands(layout);
    if (!layout->published) return HRA_OK;
    if (placed == layout->people) choose_strata(layout, group, policy);
    return layout->everybody ? choose_departments(layout, group, policy, error) : HRA_OK;
}

void hra_client_layout_free(hra_client_layout *layout)
{
    free(layout->department_of);
    free(layout->department_names);
    layout->department_of = NULL;
    layout->department_names = NULL;
}

/* ---- reading ------------------------------------------------------------------- */

bool hra_client_layout_holds(const hra_client_layout *layout, int sex, int band, int cell)
{
    int cell_sex = cell / HRA_SUMMARY_AGES, age = cell % HRA_SUMMARY_AGES;
    bool placed = cell_sex < KNOWN_SEXES && age < KNOWN_AGES;
    if (!placed) return layout->everybody && sex < 0 && band < 0;
    if (sex >= 0 && layout->sexes > 1 && sex != cell_sex) return false;
    return band < 0 || (age >= layout->first[band] && age < layout->end[band]);
}

uint32_t hra_client_layout_people(const hra_client_layout *layout, const hra_group *group, int sex, int band)
{
    uint32_t people = 0;
    for (int c = 0; c < HRA_SUMMARY_CELLS; c++)
        if (hra_client_layout_holds(layout, sex, band, c)) people += hra_group_people(group, c);
    return people;
}

hra_summary_flag hra_client_layout_flag(const hra_client_layout *layout, const hra_group_summary *summary,
                                        const hra_group *group, int output, int sex, int band)
{
    hra_summary_flag total = {0, 0};
    for (int c = 0; c < HRA_SUMMARY_CELLS; c++) {
        if (!hra_client_layout_holds(layout, sex, band, c)) continue;
        hra_summary_flag f = hra_group_flag(summary, group, output, c);
        total.yes += f.yes;
        total.no += f.no;
    }
    return total;
}

uint32_t hra_client_layout_department(const hra_client_layout *layout, const hra_group_summary *summary,
                                      const hra_group *group, int output, int department, hra_summary_flag *flag)
{
    uint32_t people = 0;
    *flag = (hra_summary_flag){0, 0};
    for (int d = 0; d < hra_group_department_count(group); d++) {
        if (layout->department_of[d] != department) continue;
        people += hra_group_department_people(group, d);
        if (output < 0) continue;
        hra_summary_flag f = hra_group_department_flag(summary, group, d, output);
        flag->yes += f.yes;
        flag->no += f.no;
    }
    return people;
}
