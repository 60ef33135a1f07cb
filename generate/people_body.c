/* Membership, body measures. */
#include "generate/people.h"

#define V(name) p->value[HRA_COLUMN_##name]
#define Z(name) p->normal[HRA_SCORE_##name]
#define U(name) hra_drawn(p, HRA_DRAW_##name, i)

enum { EXAM_YEAR_FIRST_DAY = 20148 /* 2025-03-01 */, EXAM_DAYS = 230 };

/* Days since 1970-01-01 of a date of the Gregorian calendar. */
static int64_t day_number(int year, int month, int day)
{
    int64_t y = month > 2 ? year : year - 1, m = month > 2 ? month - 3 : month + 9;
    return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 719469;
}

/* Checkups run from March to October; the birthday is so that the age is whole years on that day. */
static void set_dates(hra_people *p)
{
    for (int i = 0; i < p->count; i++) {
        int64_t exam = EXAM_YEAR_FIRST_DAY + (int64_t)(U(exam_day) * EXAM_DAYS);
        /* 1970-01-01 was a Thursday: Saturdays and Sundays move to the Friday before. */
        int weekday = (int)((exam + 3) % 7);
        if (weekday > 4) exam -= weekday - 4;
        int64_t latest = exam - day_number(2025, 1, 1) + day_number(2025 - p->age[i], 1, 1);
        /* Leap years shift by at most a day: staying two days inside both ends keeps the age. */
        V(exam_date)[i] = (double)exam;
        V(birth_date)[i] = (double)(latest - 2 - (int64_t)(U(birthday) * 361));
    }
}

static void set_place(hra_people *p)
{
    for (int i = 0; i < p->count; i++) {
        const hra_branch *branch = &hra_branches[p->groups->items[p->group[i]].branch];
        V(region)[i] = branch->north_of_qinling ? 0 : 1;
        V(north)[i] = branch->north_of_yangtze;
        V(urban)[i] = U(urban) < branch->urban;
        V(ethnicity)[i] = U(ethnicity) < 0.95 ? 0 : 1;
        V(race)[i] = 0;
        V(who_region)[i] = 0;
    }
}

static void set_work(hra_people *p)
{
    static const unsigned char usual[HRA_DEPARTMENT_COUNT] = {0, 0, 0, 0, 3, 1, 4, 2, 1, 3};
    for (int i = 0; i < p->count; i++) {
        int department = (int)(U(department) * U(department) * HRA_DEPARTMENT_COUNT);
        /* small staff departments, large production */
        p->department[i] = HRA_DEPARTMENT_COUNT - 1 - department;
        V(occupation)[i] = U(occupation) < 0.85 ? usual[p->department[i]] : U(occupation) < 0.925 ? 6 : 2;
        bool vip = U(vip) < (p->department[i] == 0 ? 0.12 : 0.006);
        V(vip)[i] = vip;
        V(plan)[i] = vip ? 1 : 0;
        V(consent)[i] = U(consent) < 0.96;
        V(consent_cdm)[i] = U(consent) < 0.72;
        V(consent_research)[i] = U(consent) < 0.61;
        V(package)[i] = vip ? 3 : U(package) < 0.35 ? 0 : U(package) < 0.80 ? 1 : 2;
        V(years_since_checkup)[i] = U(last_checkup) < 0.72 ? 1 : hra_to_whole(1 + 5 * (U(last_checkup) - 0.72) / 0.28);
    }
}

static void set_education(hra_people *p)
{
    static const unsigned char american[5] = {0, 0, 1, 3, 4}, in_three[5] = {0, 1, 1, 2, 2};
    for (int i = 0; i < p->count; i++) {
        /* younger cohorts stayed longer at school */
        double score = Z(education)[i] + 0.035 * (40 - p->age[i]);
        int level = score < -1.6 ? 0 : score < -0.6 ? 1 : score < 0.05 ? 2 : score < 0.65 ? 3 : 4;
        V(education)[i] = level;
        V(education_level)[i] = level == 4 && score > 1.7 ? 5 : american[level];
        V(education_cn)[i] = in_three[level];
        double married = hra_between((p->age[i] - 21) * 0.09, 0.01, 0.93);
        V(marital)
        [i] = U(marital) < married ? 1 : p->age[i] < 34 ? 0 : U(marital) > 0.992 ? 3 : U(marital) > 0.955 ? 2 : 0;
        if (U(marital) < married && U(marital) > married - 0.03 && p->age[i] > 30) V(marital)[i] = 2;
    }
}

void hra_people_membership(hra_people *p)
{
    for (int i = 0; i < p->count; i++) {
        V(age)[i] = p->age[i];
        V(sex)[i] = p->sex[i];
    }
    set_dates(p);
    set_place(p);
    set_work(p);
    set_education(p);
}

void hra_people_body(hra_people *p)
{
    hra_measure_people(p, HRA_MEASURE_height, Z(height), V(height));
    hra_measure_people(p, HRA_MEASURE_bmi, Z(bmi), V(bmi));
    hra_measure_people(p, HRA_MEASURE_waist, Z(waist), V(waist));
    hra_measure_people(p, HRA_MEASURE_heart_rate, Z(heart_rate), V(heart_rate));
    const double *hip_noise = p->normal[HRA_NOISE_hip];
    for (int i = 0; i < p->count; i++) {
        double height = hra_to_tenths(hra_between(V(height)[i], 140.5, 194));
        double square = height * height / 10000;
        double weight = hra_to_tenths(hra_between(hra_between(V(bmi)[i], 15.6, 43) * square, 38.5, 139));
        double waist = hra_to_tenths(hra_between(V(waist)[i], 56, 129));
        double hip = (p->sex[i] == HRA_MALE ? 56 : 58) + 0.46 * waist + 3 * hip_noise[i];
        V(height)[i] = height;
        V(weight)[i] = weight;
        V(bmi)[i] = hra_to_tenths(weight / square);
        V(waist)[i] = waist;
        V(hip)[i] = hra_to_tenths(hra_between(hip, 71, 139));
        V(whr)[i] = hra_to_hundredths(hra_between(waist / V(hip)[i], 0.66, 1.14));
        V(heart_rate)[i] = hra_to_whole(hra_between(V(heart_rate)[i], 46, 118));
    }
}
