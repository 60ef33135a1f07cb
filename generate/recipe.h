/* The recipe of the synthetic population: correlations and marginal
 * distributions read from datasets/population, made ready for use.
 *
 * A person starts as correlated standard normal scores z = L x. To have the
 * same bits whatever routine multiplies, L and x are multiples of 2^-20 and
 * small: every product and every partial sum is exact in a double, so neither
 * the order of summation nor fused operations can change a bit.
 */
#ifndef HRA_GENERATE_RECIPE_H
#define HRA_GENERATE_RECIPE_H

#include <stddef.h>
#include <stdint.h>

#include "base/fail.h"

enum { HRA_AGE_LOW = 18, HRA_AGE_HIGH = 69, HRA_AGE_COUNT = HRA_AGE_HIGH - HRA_AGE_LOW + 1 };
enum { HRA_MALE, HRA_FEMALE, HRA_SEX_COUNT };

/* clang-format off */
/* Scores of datasets/population/correlations.csv. */
#define HRA_SCORES(SCORE)                                                                                              \
    SCORE(bmi) SCORE(waist) SCORE(sbp) SCORE(dbp) SCORE(tc) SCORE(hdl) SCORE(ldl) SCORE(tg) SCORE(glucose_fasting)     \
    SCORE(hba1c) SCORE(creatinine) SCORE(uric_acid) SCORE(alt) SCORE(ggt) SCORE(height) SCORE(heart_rate) SCORE(ast)   \
    SCORE(hemoglobin) SCORE(rbc) SCORE(wbc) SCORE(platelets) SCORE(urea) SCORE(smoking) SCORE(drinking)                \
    SCORE(activity) SCORE(stress) SCORE(sleep) SCORE(salt) SCORE(vegetables) SCORE(education) SCORE(hscrp)             \
    SCORE(uacr)
#define SCORE(name) HRA_SCORE_##name,
enum { HRA_SCORES(SCORE) HRA_SCORE_COUNT };
#undef SCORE

/* Distributions of datasets/population/marginals.csv: values ... */
#define HRA_MEASURES(MEASURE)                                                                                          \
    MEASURE(tg) MEASURE(glucose_fasting) MEASURE(alt) MEASURE(ast) MEASURE(ggt) MEASURE(tc) MEASURE(hdl)               \
    MEASURE(ldl) MEASURE(creatinine) MEASURE(uric_acid) MEASURE(hemoglobin) MEASURE(rbc) MEASURE(wbc)                  \
    MEASURE(platelets) MEASURE(urea) MEASURE(height) MEASURE(bmi) MEASURE(waist) MEASURE(sbp) MEASURE(dbp)             \
    MEASURE(heart_rate) MEASURE(hba1c) MEASURE(salt_g_day) MEASURE(oil_g_day) MEASURE(vegetables_g_day)                \
    MEASURE(fruit_g_day) MEASURE(meat_g_day) MEASURE(grains_g_day) MEASURE(sleep_hours) MEASURE(whole_grains_g_day)    \
    MEASURE(milk_g_day) MEASURE(soy_nuts_g_day) MEASURE(sugar_g_day) MEASURE(water_ml_day) MEASURE(hscrp)              \
    MEASURE(uacr) MEASURE(homocysteine) MEASURE(tbil) MEASURE(potassium) MEASURE(sodium) MEASURE(albumin)              \
    MEASURE(pss10) MEASURE(steps_per_day) MEASURE(sitting_hours) MEASURE(cigs_per_day) MEASURE(alcohol_g_day)
/* ... and shares of people. */
#define HRA_SHARES(SHARE)                                                                                              \
    SHARE(hypertension) SHARE(hypertension_treated_of_hyp) SHARE(diabetes) SHARE(smoking_current)                      \
    SHARE(smoking_ever) SHARE(activity_low) SHARE(af) SHARE(lvh_ecg) SHARE(prior_chd) SHARE(prior_stroke)              \
    SHARE(lipid_treated) SHARE(passive_smoking) SHARE(fh_hypertension) SHARE(fh_diabetes) SHARE(fh_lung_cancer)        \
    SHARE(fh_premature_cvd) SHARE(drinking) SHARE(drinking_former) SHARE(diabetes_aware) SHARE(fh_cvd)                 \
    SHARE(fh_stroke) SHARE(fh_cancer) SHARE(fh_kidney) SHARE(copd) SHARE(tb) SHARE(cancer) SHARE(gout) SHARE(ckd)      \
    SHARE(prior_pad) SHARE(carotid_plaque) SHARE(lung_nodule) SHARE(st_t_change) SHARE(fatty_liver)                    \
    SHARE(thyroid_nodule) SHARE(snoring_apnea) SHARE(chest_pain) SHARE(migraine) SHARE(ra) SHARE(mental_illness)       \
    SHARE(osteoporosis) SHARE(pregnant) SHARE(menopause) SHARE(pcos) SHARE(gestational_dm) SHARE(macrosomia)           \
    SHARE(occupational_dust) SHARE(cook_smoke) SHARE(urine_protein)
#define MEASURE(name) HRA_MEASURE_##name,
enum { HRA_MEASURES(MEASURE) HRA_MEASURE_COUNT };
#undef MEASURE
#define SHARE(name) HRA_SHARE_##name,
enum { HRA_SHARES(SHARE) HRA_SHARE_COUNT };
#undef SHARE
/* clang-format on */

typedef enum hra_shape { HRA_SHAPE_NORMAL, HRA_SHAPE_LOGNORMAL, HRA_SHAPE_QUANTILES } hra_shape;

enum { HRA_KNOTS = 5 }; /* quantiles at 5, 25, 50, 75 and 95 % */
extern const double hra_knot_scores[HRA_KNOTS];

/* Per sex and age. Normal: mean, sd. Lognormal: mean, sd of the logarithm. Quantiles: their logarithms. */
typedef struct hra_measure_table {
    hra_shape shape;
    float at[HRA_SEX_COUNT][HRA_AGE_COUNT][HRA_KNOTS];
} hra_measure_table;

typedef struct hra_share_table {
    double share[HRA_SEX_COUNT][HRA_AGE_COUNT];
    double score[HRA_SEX_COUNT][HRA_AGE_COUNT]; /* a normal score above this has the property */
} hra_share_table;

typedef struct hra_recipe {
    double factor[HRA_SEX_COUNT][HRA_SCORE_COUNT * HRA_SCORE_COUNT]; /* L, lower triangular, by rows */
    hra_measure_table measures[HRA_MEASURE_COUNT];
    hra_share_table shares[HRA_SHARE_COUNT];
} hra_recipe;

/* Reads the tables embedded in the binary. */
hra_code hra_recipe_load(hra_recipe **out, hra_error *error);
/* The same from texts, for tests. */
hra_code hra_recipe_parse(const char *correlations, size_t correlations_length, const char *marginals,
                          size_t marginals_length, hra_recipe **out, hra_error *error);
void hra_recipe_free(hra_recipe *recipe);

/* The value at score z for a person of this sex and age. */
double hra_measure_at(const hra_measure_table *table, int sex, int age, double z);
/* The same for a run of people of one sex. */
void hra_measure_values(const hra_measure_table *table, int sex, const int *ages, const double *z, int count,
                        double *values);

#endif
