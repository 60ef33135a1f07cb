/* The columns of the generated population, by the names of the dictionary.
 * COLUMN(name, panel, levels): the panel is what a provider leaves out as a
 * whole; levels are the names of a category in the order the generator counts
 * them ("" for numbers, flags and dates). */
#ifndef HRA_GENERATE_COLUMNS_H
#define HRA_GENERATE_COLUMNS_H

enum {
    HRA_PANEL_ALWAYS,
    HRA_PANEL_MEMBER,      /* membership file */
    HRA_PANEL_BODY,        /* pressure, height, waist ... */
    HRA_PANEL_BLOOD,       /* the usual blood tests */
    HRA_PANEL_BLOOD_EXTRA, /* electrolytes, homocysteine, hsCRP */
    HRA_PANEL_HBA1C,
    HRA_PANEL_OGTT,
    HRA_PANEL_URINE,
    HRA_PANEL_UACR,
    HRA_PANEL_ECG,
    HRA_PANEL_IMAGING,
    HRA_PANEL_HISTORY, /* the first page of the questionnaire */
    HRA_PANEL_HABITS,  /* smoking, drinking, activity, sleep */
    HRA_PANEL_DIET,
    HRA_PANEL_MIND, /* stress, depression and anxiety scales */
    HRA_PANEL_COUNT
};

/* clang-format off */
#define HRA_COLUMNS(COLUMN)                                                                                            \
    COLUMN(exam_date, ALWAYS, "")                                                                                      \
    COLUMN(birth_date, MEMBER, "")                                                                                     \
    COLUMN(age, ALWAYS, "")                                                                                            \
    COLUMN(sex, ALWAYS, "male|female")                                                                                 \
    COLUMN(ethnicity, MEMBER, "han|other")                                                                             \
    COLUMN(race, MEMBER, "chinese")                                                                                    \
    COLUMN(who_region, MEMBER, "east_asia")                                                                            \
    COLUMN(region, MEMBER, "north|south")                                                                              \
    COLUMN(north, MEMBER, "")                                                                                          \
    COLUMN(urban, MEMBER, "")                                                                                          \
    COLUMN(education, HISTORY, "primary|junior|senior|college|university")                                             \
    COLUMN(education_level, HISTORY,                                                                                   \
           "less_than_high_school|high_school|post_high_school|some_college|college|postgraduate")                     \
    COLUMN(education_cn, HISTORY, "primary_or_less|middle_or_high|college_plus")                                       \
    COLUMN(occupation, MEMBER, "office|technical|service|worker|driver|medical|other")                                 \
    COLUMN(marital, HISTORY, "single|married|divorced|widowed")                                                        \
    COLUMN(vip, MEMBER, "")                                                                                            \
    COLUMN(consent, MEMBER, "")                                                                                        \
    COLUMN(consent_cdm, MEMBER, "")                                                                                    \
    COLUMN(consent_research, MEMBER, "")                                                                               \
    COLUMN(plan, MEMBER, "group_maintain|whole_course")                                                                \
    COLUMN(package, MEMBER, "economy|standard|comprehensive|deluxe")                                                   \
    COLUMN(years_since_checkup, HISTORY, "")                                                                           \
    COLUMN(sbp, BODY, "")                                                                                              \
    COLUMN(dbp, BODY, "")                                                                                              \
    COLUMN(heart_rate, BODY, "")                                                                                       \
    COLUMN(height, BODY, "")                                                                                           \
    COLUMN(weight, BODY, "")                                                                                           \
    COLUMN(bmi, BODY, "")                                                                                              \
    COLUMN(waist, BODY, "")                                                                                            \
    COLUMN(hip, BODY, "")                                                                                              \
    COLUMN(whr, BODY, "")                                                                                              \
    COLUMN(tc, BLOOD, "")                                                                                              \
    COLUMN(hdl, BLOOD, "")                                                                                             \
    COLUMN(ldl, BLOOD, "")                                                                                             \
    COLUMN(tg, BLOOD, "")                                                                                              \
    COLUMN(glucose_fasting, BLOOD, "")                                                                                 \
    COLUMN(glucose_2h, OGTT, "")                                                                                       \
    COLUMN(hba1c, HBA1C, "")                                                                                           \
    COLUMN(creatinine, BLOOD, "")                                                                                      \
    COLUMN(urea, BLOOD, "")                                                                                            \
    COLUMN(uric_acid, BLOOD, "")                                                                                       \
    COLUMN(alt, BLOOD, "")                                                                                             \
    COLUMN(ast, BLOOD, "")                                                                                             \
    COLUMN(ggt, BLOOD, "")                                                                                             \
    COLUMN(tbil, BLOOD, "")                                                                                            \
    COLUMN(albumin, BLOOD, "")                                                                                         \
    COLUMN(wbc, BLOOD, "")                                                                                             \
    COLUMN(rbc, BLOOD, "")                                                                                             \
    COLUMN(hemoglobin, BLOOD, "")                                                                                      \
    COLUMN(platelets, BLOOD, "")                                                                                       \
    COLUMN(hscrp, BLOOD_EXTRA, "")                                                                                     \
    COLUMN(homocysteine, BLOOD_EXTRA, "")                                                                              \
    COLUMN(potassium, BLOOD_EXTRA, "")                                                                                 \
    COLUMN(sodium, BLOOD_EXTRA, "")                                                                                    \
    COLUMN(uacr, UACR, "")                                                                                             \
    COLUMN(urine_protein, URINE, "neg|trace|p1|p2|p3|p4")                                                              \
    COLUMN(ecg_normal, ECG, "")                                                                                        \
    COLUMN(af, ECG, "")                                                                                                \
    COLUMN(lvh, ECG, "")                                                                                               \
    COLUMN(st_t_change, ECG, "")                                                                                       \
    COLUMN(fatty_liver_any, IMAGING, "")                                                                               \
    COLUMN(fatty_liver, IMAGING, "none|mild|moderate|severe")                                                          \
    COLUMN(carotid_plaque, IMAGING, "")                                                                                \
    COLUMN(thyroid_nodule, IMAGING, "")                                                                                \
    COLUMN(chest_imaging, IMAGING, "none|xray|ct|ldct")                                                                \
    COLUMN(lung_nodule, IMAGING, "")                                                                                   \
    COLUMN(lung_nodule_mm, IMAGING, "")                                                                                \
    COLUMN(copd, HISTORY, "")                                                                                          \
    COLUMN(emphysema, HISTORY, "")                                                                                     \
    COLUMN(hypertension, HISTORY, "")                                                                                  \
    COLUMN(diabetes, HISTORY, "")                                                                                      \
    COLUMN(dyslipidemia, HISTORY, "")                                                                                  \
    COLUMN(high_glucose_history, HISTORY, "")                                                                          \
    COLUMN(dm_onset_age, HISTORY, "")                                                                                  \
    COLUMN(prior_mi, HISTORY, "")                                                                                      \
    COLUMN(prior_chd, HISTORY, "")                                                                                     \
    COLUMN(prior_revasc, HISTORY, "")                                                                                  \
    COLUMN(prior_stroke, HISTORY, "")                                                                                  \
    COLUMN(prior_tia, HISTORY, "")                                                                                     \
    COLUMN(prior_pad, HISTORY, "")                                                                                     \
    COLUMN(prior_cvd, HISTORY, "")                                                                                     \
    COLUMN(heart_failure, HISTORY, "")                                                                                 \
    COLUMN(ckd, HISTORY, "")                                                                                           \
    COLUMN(gout, HISTORY, "")                                                                                          \
    COLUMN(cancer, HISTORY, "")                                                                                        \
    COLUMN(tb, HISTORY, "")                                                                                            \
    COLUMN(frequent_cough, HISTORY, "")                                                                                \
    COLUMN(ra, HISTORY, "")                                                                                            \
    COLUMN(migraine, HISTORY, "")                                                                                      \
    COLUMN(mental_illness, HISTORY, "")                                                                                \
    COLUMN(osteoporosis, HISTORY, "")                                                                                  \
    COLUMN(pregnant, HISTORY, "")                                                                                      \
    COLUMN(menopause, HISTORY, "")                                                                                     \
    COLUMN(pcos, HISTORY, "")                                                                                          \
    COLUMN(gestational_dm, HISTORY, "")                                                                                \
    COLUMN(macrosomia, HISTORY, "")                                                                                    \
    COLUMN(snoring_apnea, HISTORY, "")                                                                                 \
    COLUMN(chest_pain, HISTORY, "")                                                                                    \
    COLUMN(bp_treated, HISTORY, "")                                                                                    \
    COLUMN(lipid_treated, HISTORY, "")                                                                                 \
    COLUMN(glucose_treated, HISTORY, "")                                                                               \
    COLUMN(aspirin, HISTORY, "")                                                                                       \
    COLUMN(anticoagulant, HISTORY, "")                                                                                 \
    COLUMN(fh_hypertension, HISTORY, "")                                                                               \
    COLUMN(fh_diabetes, HISTORY, "")                                                                                   \
    COLUMN(fh_diabetes_first_degree, HISTORY, "")                                                                      \
    COLUMN(fh_diabetes_parent, HISTORY, "")                                                                            \
    COLUMN(fh_diabetes_second_degree, HISTORY, "")                                                                     \
    COLUMN(fh_cvd, HISTORY, "")                                                                                        \
    COLUMN(fh_ascvd, HISTORY, "")                                                                                      \
    COLUMN(fh_premature_cvd, HISTORY, "")                                                                              \
    COLUMN(fh_stroke, HISTORY, "")                                                                                     \
    COLUMN(fh_lung_cancer, HISTORY, "")                                                                                \
    COLUMN(fh_lung_cancer_count, HISTORY, "")                                                                          \
    COLUMN(fh_cancer, HISTORY, "")                                                                                     \
    COLUMN(fh_cancer_count, HISTORY, "")                                                                               \
    COLUMN(fh_kidney, HISTORY, "")                                                                                     \
    COLUMN(smoking_status, HABITS, "never|former|current")                                                             \
    COLUMN(cigs_per_day, HABITS, "")                                                                                   \
    COLUMN(smoking_years, HABITS, "")                                                                                  \
    COLUMN(quit_years, HABITS, "")                                                                                     \
    COLUMN(pack_years, HABITS, "")                                                                                     \
    COLUMN(smoke_inhale_lungs, HABITS, "")                                                                             \
    COLUMN(passive_smoking, HABITS, "")                                                                                \
    COLUMN(passive_years, HABITS, "")                                                                                  \
    COLUMN(occ_carcinogen_years, HABITS, "")                                                                           \
    COLUMN(asbestos, HABITS, "")                                                                                       \
    COLUMN(dust_exposure, HABITS, "")                                                                                  \
    COLUMN(cook_smoke, HABITS, "")                                                                                     \
    COLUMN(alcohol_status, HABITS, "never|former|current")                                                             \
    COLUMN(alcohol_g_day, HABITS, "")                                                                                  \
    COLUMN(alcohol_days_week, HABITS, "")                                                                              \
    COLUMN(alcohol_binge_month, HABITS, "")                                                                            \
    COLUMN(alcohol_type, HABITS, "baijiu_high|baijiu_low|beer|wine|rice|mixed")                                        \
    COLUMN(activity_level, HABITS, "low|moderate|high")                                                                \
    COLUMN(activity_min_week, HABITS, "")                                                                              \
    COLUMN(physical_activity, HABITS, "")                                                                              \
    COLUMN(low_activity, HABITS, "")                                                                                   \
    COLUMN(exercise_days_week, HABITS, "")                                                                             \
    COLUMN(resistance_days_week, HABITS, "")                                                                           \
    COLUMN(steps_per_day, HABITS, "")                                                                                  \
    COLUMN(sitting_hours, HABITS, "")                                                                                  \
    COLUMN(sleep_hours, HABITS, "")                                                                                    \
    COLUMN(sleep_quality, HABITS, "good|fair|poor")                                                                    \
    COLUMN(pss10, MIND, "")                                                                                            \
    COLUMN(phq9, MIND, "")                                                                                             \
    COLUMN(phq9_item9, MIND, "")                                                                                       \
    COLUMN(gad7, MIND, "")                                                                                             \
    COLUMN(grains_g_day, DIET, "")                                                                                     \
    COLUMN(whole_grains_g_day, DIET, "")                                                                               \
    COLUMN(vegetables_g_day, DIET, "")                                                                                 \
    COLUMN(fruit_g_day, DIET, "")                                                                                      \
    COLUMN(fruit_veg_daily, DIET, "")                                                                                  \
    COLUMN(meat_g_day, DIET, "")                                                                                       \
    COLUMN(milk_g_day, DIET, "")                                                                                       \
    COLUMN(soy_nuts_g_day, DIET, "")                                                                                   \
    COLUMN(oil_g_day, DIET, "")                                                                                        \
    COLUMN(salt_g_day, DIET, "")                                                                                       \
    COLUMN(sugar_g_day, DIET, "")                                                                                      \
    COLUMN(water_ml_day, DIET, "")                                                                                     \
    COLUMN(cook_fry_week, DIET, "")                                                                                    \
    COLUMN(pickled_week, DIET, "")                                                                                     \
    COLUMN(eat_out_week, DIET, "")                                                                                     \
    COLUMN(skip_breakfast_week, DIET, "")                                                                              \
    COLUMN(taste, DIET, "light|normal|salty|oily|sweet")                                                               \
    COLUMN(cooking_method, DIET, "steam|stir|fry|grill|mixed")

#define COLUMN(name, panel, levels) HRA_COLUMN_##name,
enum { HRA_COLUMNS(COLUMN) HRA_COLUMN_COUNT };
#undef COLUMN
/* clang-format on */

#endif
