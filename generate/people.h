/* A block of people in the making. Men come first, then women, so that each
 * sex's scores are one matrix product; `row` says who is who. The stages fill
 * `value` column by column; they are called in the order listed here. */
#ifndef HRA_GENERATE_PEOPLE_H
#define HRA_GENERATE_PEOPLE_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#include "generate/columns.h"
#include "generate/groups.h"
#include "generate/random.h"
#include "generate/recipe.h"

enum { HRA_PEOPLE = 128 };

/* clang-format off */
/* Scores of their own, correlated with nothing. */
#define HRA_NOISES(NOISE)                                                                                              \
    NOISE(hypertension) NOISE(diabetes) NOISE(lipid) NOISE(chd) NOISE(stroke) NOISE(hip) NOISE(homocysteine)           \
    NOISE(tbil) NOISE(potassium) NOISE(sodium) NOISE(albumin) NOISE(glucose_2h) NOISE(cigs) NOISE(alcohol)             \
    NOISE(sitting) NOISE(steps) NOISE(phq9) NOISE(gad7) NOISE(fruit) NOISE(oil) NOISE(meat) NOISE(grains)              \
    NOISE(whole_grains) NOISE(milk) NOISE(soy) NOISE(sugar) NOISE(water) NOISE(fatty_liver)
#define NOISE(name) HRA_NOISE_##name,
enum { HRA_NOISE_FIRST = HRA_SCORE_COUNT - 1, HRA_NOISES(NOISE) HRA_NORMAL_COUNT };
#undef NOISE

/* One random word for each decision. */
#define HRA_DRAWS(DRAW)                                                                                                \
    DRAW(age) DRAW(sex) DRAW(urban) DRAW(ethnicity) DRAW(department) DRAW(occupation) DRAW(marital) DRAW(consent)      \
    DRAW(vip) DRAW(package) DRAW(last_checkup) DRAW(exam_day) DRAW(birthday) DRAW(bp_treated) DRAW(bp_aware)           \
    DRAW(bp_round) DRAW(bp_effect) DRAW(dm_aware) DRAW(dm_treated) DRAW(dm_years) DRAW(lipid_aware)                    \
    DRAW(lipid_effect) DRAW(chd_kind) DRAW(stroke_kind) DRAW(pad) DRAW(heart_failure) DRAW(af) DRAW(lvh) DRAW(st_t)    \
    DRAW(aspirin) DRAW(plaque) DRAW(thyroid) DRAW(chest_imaging) DRAW(nodule) DRAW(nodule_size) DRAW(copd) DRAW(ckd)   \
    DRAW(gout) DRAW(cancer) DRAW(tb) DRAW(cough) DRAW(ra) DRAW(migraine) DRAW(mental) DRAW(bone) DRAW(pregnant)        \
    DRAW(menopause) DRAW(pcos) DRAW(gdm) DRAW(macrosomia) DRAW(apnea) DRAW(chest_pain) DRAW(fh_hypertension)           \
    DRAW(fh_diabetes) DRAW(fh_diabetes_who) DRAW(fh_cvd) DRAW(fh_stroke) DRAW(fh_lung) DRAW(fh_cancer)                 \
    DRAW(fh_kidney) DRAW(smoking_start) DRAW(quit) DRAW(inhale) DRAW(passive) DRAW(passive_years) DRAW(dust)           \
    DRAW(dust_years) DRAW(cook_smoke) DRAW(drinking_days) DRAW(binge) DRAW(alcohol_type) DRAW(resistance) DRAW(fry)    \
    DRAW(pickled) DRAW(eat_out) DRAW(breakfast) DRAW(taste) DRAW(cooking) DRAW(urine) DRAW(panel_body)                 \
    DRAW(panel_blood) DRAW(panel_extra) DRAW(panel_hba1c) DRAW(panel_ogtt) DRAW(panel_urine) DRAW(panel_uacr)          \
    DRAW(panel_ecg) DRAW(panel_imaging) DRAW(panel_history) DRAW(panel_habits) DRAW(panel_diet) DRAW(panel_mind)       \
    DRAW(panel_member) DRAW(gaps)
#define DRAW(name) HRA_DRAW_##name,
enum { HRA_DRAWS(DRAW) HRA_DRAW_COUNT };
#undef DRAW
/* clang-format on */
enum { HRA_DRAW_ROWS = (HRA_DRAW_COUNT + 3) / 4 * 4, HRA_NORMAL_ROWS = (HRA_NORMAL_COUNT + 3) / 4 * 4 };

typedef struct hra_people {
    const hra_recipe *recipe;
    const hra_groups *groups;
    uint64_t seed;
    int count, men;
    int64_t row[HRA_PEOPLE];
    int sex[HRA_PEOPLE], age[HRA_PEOPLE], group[HRA_PEOPLE], department[HRA_PEOPLE];
    uint32_t absent[HRA_PEOPLE];                         /* bit per panel: left out as a whole */
    int gaps[HRA_PEOPLE];                                /* how many single results are left out */
    bool hypertensive[HRA_PEOPLE], diabetic[HRA_PEOPLE]; /* the truth, known to the person or not */
    uint32_t draw[HRA_DRAW_ROWS][HRA_PEOPLE];
    double normal[HRA_NORMAL_ROWS][HRA_PEOPLE]; /* correlated scores, then the noises */
    double value[HRA_COLUMN_COUNT][HRA_PEOPLE]; /* number, 0/1, index of the level, day; NaN: does not apply */
} hra_people;

/* Rows first .. first + count - 1 (at most HRA_PEOPLE): all of them, and stage by stage. `recipe`, `groups` and `seed`
 * are set before. */
void hra_people_make(hra_people *people, int64_t first, int count);
void hra_people_draw(hra_people *people, int64_t first, int count);
void hra_people_membership(hra_people *people);
void hra_people_body(hra_people *people);
void hra_people_smoking(hra_people *people);
void hra_people_habits(hra_people *people);
void hra_people_mind(hra_people *people);
void hra_people_diet(hra_people *people);
void hra_people_disease(hra_people *people); /* prior disease, pressure, glucose, lipids, their treatment */
void hra_people_blood(hra_people *people);
void hra_people_findings(hra_people *people);
void hra_people_history(hra_people *people);
void hra_people_family(hra_people *people);
void hra_people_absences(hra_people *people);

/* ---- shorthands of the stages ----------------------------------------------- */

/* A draw as a number between 0 and 1. */
static inline double hra_drawn(const hra_people *p, int draw, int i) { return hra_random_unit(p->draw[draw][i]); }

static inline double hra_share(const hra_people *p, int share, int i)
{
    return p->recipe->shares[share].share[p->sex[i]][p->age[i] - HRA_AGE_LOW];
}

static inline double hra_share_score(const hra_people *p, int share, int i)
{
    return p->recipe->shares[share].score[p->sex[i]][p->age[i] - HRA_AGE_LOW];
}

static inline double hra_between(double x, double low, double high) { return x < low ? low : x > high ? high : x; }

/* Half up, for numbers that are not negative: what a laboratory prints. */
static inline double hra_to_tenths(double x) { return (double)(int64_t)(x * 10 + 0.5) / 10; }
static inline double hra_to_hundredths(double x) { return (double)(int64_t)(x * 100 + 0.5) / 100; }
static inline double hra_to_whole(double x) { return (double)(int64_t)(x + 0.5); }

/* The values of a measure at given scores (men, then women). */
static inline void hra_measure_people(const hra_people *p, int measure, const double *scores, double *values)
{
    const hra_measure_table *table = &p->recipe->measures[measure];
    hra_measure_values(table, HRA_MALE, p->age, scores, p->men, values);
    hra_measure_values(table, HRA_FEMALE, p->age + p->men, scores + p->men, p->count - p->men, values + p->men);
}

#endif
