/* Who the people of a block are, and their random numbers. */
#include "generate/people.h"

enum { STREAM_DRAWS = 0, STREAM_NORMALS = 0x1000 };

static int group_after(const hra_groups *groups, int group, int64_t row)
{
    while (group + 1 < groups->count && groups->items[group + 1].first <= row) group++;
    return group;
}

/* Men to the front, women to the back, both in row order. */
static void divide_by_sex(hra_people *p, int64_t first, int count)
{
    int64_t rows[HRA_PEOPLE] = {0};
    int groups[HRA_PEOPLE];
    bool man[HRA_PEOPLE];
    uint32_t words[4][HRA_PEOPLE];
    for (int i = 0; i < count; i++) rows[i] = first + i;
    hra_random_words(p->seed, STREAM_DRAWS + HRA_DRAW_sex / 4, rows, count, words[0], HRA_PEOPLE);
    int group = hra_groups_of(p->groups, first);
    p->count = count;
    p->men = 0;
    for (int i = 0; i < count; i++) {
        group = groups[i] = group_after(p->groups, group, rows[i]);
        man[i] = hra_random_unit(words[HRA_DRAW_sex % 4][i]) < p->groups->items[group].men;
        p->men += man[i];
    }
    int at[HRA_SEX_COUNT] = {0, p->men};
    for (int i = 0; i < count; i++) {
        int sex = man[i] ? HRA_MALE : HRA_FEMALE, to = at[sex]++;
        p->row[to] = rows[i];
        p->group[to] = groups[i];
        p->sex[to] = sex;
    }
}

/* Ages of working people: normal around the group's mean, folded back at 20 and 65. */
static void draw_ages(hra_people *p)
{
    for (int i = 0; i < p->count; i++) {
        double age = p->groups->items[p->group[i]].mean_age + 10 * hra_normal_quantile(hra_drawn(p, HRA_DRAW_age, i));
        if (age < 20) age = 40 - age;
        if (age >= 65) age = 130 - age;
        p->age[i] = (int)hra_between(age, 20, 64);
    }
}

/* z = L x in place, from the last score up, as a score needs those before it; exact, see recipe.h. */
static void correlate_sex(const double *factor, double (*scores)[HRA_PEOPLE], int first, int end)
{
    for (int row = HRA_SCORE_COUNT - 1; row >= 0; row--) {
        double own = factor[row * HRA_SCORE_COUNT + row];
        for (int i = first; i < end; i++) scores[row][i] *= own;
        for (int k = 0; k < row; k++) {
            double other = factor[row * HRA_SCORE_COUNT + k];
            for (int i = first; i < end; i++) scores[row][i] += other * scores[k][i];
        }
    }
}

static void correlate(hra_people *p)
{
    correlate_sex(p->recipe->factor[HRA_MALE], p->normal, 0, p->men);
    correlate_sex(p->recipe->factor[HRA_FEMALE], p->normal, p->men, p->count);
}

void hra_people_draw(hra_people *p, int64_t first, int count)
{
    divide_by_sex(p, first, count);
    for (int k = 0; k < HRA_DRAW_ROWS; k += 4)
        hra_random_words(p->seed, STREAM_DRAWS + (uint32_t)k / 4, p->row, count, p->draw[k], HRA_PEOPLE);
    for (int k = 0; k < HRA_NORMAL_ROWS; k += 4) {
        uint32_t words[4][HRA_PEOPLE];
        hra_random_words(p->seed, STREAM_NORMALS + (uint32_t)k / 4, p->row, count, words[0], HRA_PEOPLE);
        for (int j = 0; j < 4; j++) hra_normals(words[j], count, p->normal[k + j]);
    }
    correlate(p);
    draw_ages(p);
}

void hra_people_make(hra_people *p, int64_t first, int count)
{
    hra_people_draw(p, first, count);
    hra_people_membership(p);
    hra_people_body(p);
    hra_people_smoking(p);
    hra_people_habits(p);
    hra_people_mind(p);
    hra_people_diet(p);
    hra_people_disease(p);
    hra_people_blood(p);
    hra_people_findings(p);
    hra_people_history(p);
    hra_people_family(p);
    hra_people_absences(p);
}
