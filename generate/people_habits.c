/* Smoking, drinking, activity, sleep, stress, diet. */
#include "generate/people.h"

#define V(name) p->value[HRA_COLUMN_##name]
#define Z(name) p->normal[HRA_SCORE_##name]
#define N(name) p->normal[HRA_NOISE_##name]
#define U(name) hra_drawn(p, HRA_DRAW_##name, i)

/* Heapers say 10, 20, 30: above five a day most answers are multiples of five. */
static double told_cigarettes(double smoked, bool heaps)
{
    double whole = hra_to_whole(hra_between(smoked, 1, 60));
    return heaps && whole > 4 ? hra_to_whole(whole / 5) * 5 : whole;
}

static void set_smoker(hra_people *p, int i, bool former)
{
    double start = hra_to_whole(15 + 7 * U(smoking_start) + 6 * U(smoking_start) * U(smoking_start));
    if (start > p->age[i] - 1) start = p->age[i] - 1;
    double years = p->age[i] - start;
    if (former) {
        double quit = hra_to_tenths(hra_between(0.3 + (years - 1) * U(quit) * U(quit), 0.1, years - 0.5));
        V(quit_years)[i] = quit;
        years = hra_to_whole(hra_between(years - quit, 1, 60));
    }
    double cigarettes = told_cigarettes(hra_measure_at(&p->recipe->measures[HRA_MEASURE_cigs_per_day], p->sex[i],
                                                       p->age[i], 0.8 * N(cigs)[i] + 0.6 * Z(smoking)[i] - 0.3),
                                        U(inhale) < 0.8);
    V(cigs_per_day)[i] = cigarettes;
    V(smoking_years)[i] = years;
    V(pack_years)[i] = hra_to_tenths(cigarettes / 20 * years);
    V(smoke_inhale_lungs)[i] = U(inhale) < 0.66;
}

static void set_exposure(hra_people *p, int i)
{
    bool passive = U(passive) < hra_share(p, HRA_SHARE_passive_smoking, i);
    V(passive_smoking)[i] = passive;
    V(passive_years)[i] = passive ? hra_to_whole(1 + (p->age[i] - 16) * 0.8 * U(passive_years)) : 0;
    bool dust = U(dust) < hra_share(p, HRA_SHARE_occupational_dust, i) * (p->department[i] >= 4 ? 1.5 : 0.3);
    V(dust_exposure)[i] = dust;
    V(asbestos)[i] = dust && U(dust_years) < 0.05 && p->age[i] > 40;
    V(occ_carcinogen_years)[i] = dust ? hra_to_whole(hra_between((p->age[i] - 20) * 0.7 * U(dust_years), 1, 40)) : 0;
    V(cook_smoke)[i] = U(cook_smoke) < hra_share(p, HRA_SHARE_cook_smoke, i);
}

void hra_people_smoking(hra_people *p)
{
    for (int i = 0; i < p->count; i++) {
        double score = Z(smoking)[i] + p->groups->items[p->group[i]].smoking_shift;
        double current = hra_share_score(p, HRA_SHARE_smoking_current, i);
        V(quit_years)[i] = NAN;
        V(cigs_per_day)[i] = V(smoking_years)[i] = V(pack_years)[i] = 0;
        V(smoke_inhale_lungs)[i] = 0;
        V(smoking_status)[i] = score > current ? 2 : score > hra_share_score(p, HRA_SHARE_smoking_ever, i) ? 1 : 0;
        if (V(smoking_status)[i] > 0) set_smoker(p, i, V(smoking_status)[i] < 2);
        set_exposure(p, i);
    }
}

static void set_drinking(hra_people *p, int i)
{
    bool current = Z(drinking)[i] > hra_share_score(p, HRA_SHARE_drinking, i);
    bool former = !current && U(binge) < hra_share(p, HRA_SHARE_drinking_former, i) * 2;
    V(alcohol_status)[i] = current ? 2 : former ? 1 : 0;
    V(alcohol_g_day)[i] = V(alcohol_days_week)[i] = V(alcohol_binge_month)[i] = 0;
    V(alcohol_type)[i] = NAN;
    if (!current) return;
    double grams = hra_measure_at(&p->recipe->measures[HRA_MEASURE_alcohol_g_day], p->sex[i], p->age[i],
                                  0.7 * N(alcohol)[i] + 0.7 * Z(drinking)[i] - 0.4);
    V(alcohol_g_day)[i] = hra_to_tenths(hra_between(grams, 0.3, 119));
    V(alcohol_days_week)[i] = hra_to_whole(hra_between(grams / 9 + 2 * U(drinking_days), 0, 7));
    V(alcohol_binge_month)[i] = hra_to_whole(hra_between((grams - 15) / 12 * 2 * U(binge), 0, 15));
    double type = U(alcohol_type);
    V(alcohol_type)[i] = type < 0.30 ? 0 : type < 0.42 ? 1 : type < 0.78 ? 2 : type < 0.86 ? 3 : type < 0.92 ? 4 : 5;
}

static void set_activity(hra_people *p, int i)
{
    /* 150 minutes a week is where "low" ends, so the minutes and the level tell the same story. */
    double above = Z(activity)[i] + hra_share_score(p, HRA_SHARE_activity_low, i);
    double minutes = hra_to_whole(hra_between(150 * hra_exp_plain(0.8 * above), 0, 890));
    V(activity_min_week)[i] = minutes;
    V(activity_level)[i] = minutes < 150 ? 0 : minutes < 420 ? 1 : 2;
    V(physical_activity)[i] = minutes >= 210;
    V(exercise_days_week)[i] = hra_to_whole(hra_between(minutes / 70, 0, 7));
    V(low_activity)[i] = minutes < 90;
    V(resistance_days_week)
    [i] = hra_to_whole(hra_between(3.2 * U(resistance) * U(resistance) * (above > 0 ? 1.4 : 0.5), 0, 7));
    double sitting = V(sitting_hours)[i] - 0.5 * Z(activity)[i] + p->groups->items[p->group[i]].sitting_shift +
                     (p->department[i] < 4    ? 1.2
                      : p->department[i] == 4 ? -1.4
                                              : 0);
    V(sitting_hours)[i] = hra_to_tenths(hra_between(sitting, 0.5, 15.5));
    V(steps_per_day)[i] = hra_to_whole(hra_between(V(steps_per_day)[i], 500, 29000));
}

static void set_sleep(hra_people *p, int i)
{
    /* answers come in half hours */
    V(sleep_hours)[i] = hra_to_whole(hra_between(V(sleep_hours)[i], 3.5, 11.5) * 2) / 2;
    double score = 0.7 * Z(sleep)[i] - 0.5 * Z(stress)[i];
    V(sleep_quality)[i] = score < -1.15 ? 2 : score < 0.1 ? 1 : 0;
}

void hra_people_habits(hra_people *p)
{
    double steps[HRA_PEOPLE];
    for (int i = 0; i < p->count; i++) steps[i] = 0.6 * Z(activity)[i] + 0.8 * N(steps)[i];
    hra_measure_people(p, HRA_MEASURE_steps_per_day, steps, V(steps_per_day));
    hra_measure_people(p, HRA_MEASURE_sitting_hours, N(sitting), V(sitting_hours));
    hra_measure_people(p, HRA_MEASURE_sleep_hours, Z(sleep), V(sleep_hours));
    for (int i = 0; i < p->count; i++) {
        set_drinking(p, i);
        set_activity(p, i);
        set_sleep(p, i);
    }
}

void hra_people_mind(hra_people *p)
{
    hra_measure_people(p, HRA_MEASURE_pss10, Z(stress), V(pss10));
    for (int i = 0; i < p->count; i++) {
        V(pss10)[i] = hra_to_whole(hra_between(V(pss10)[i], 0, 40));
        double low = 0.65 * Z(stress)[i] - 0.2 * Z(sleep)[i];
        double phq9 = hra_to_whole(hra_between(2.2 * hra_exp_plain(low + 0.6 * N(phq9)[i]) - 0.4, 0, 27));
        V(phq9)[i] = phq9;
        V(phq9_item9)[i] = phq9 < 6 ? 0 : hra_to_whole(hra_between((phq9 - 8) / 8 * (N(phq9)[i] > 1.4), 0, 3));
        V(gad7)[i] = hra_to_whole(hra_between(1.9 * hra_exp_plain(low + 0.6 * N(gad7)[i]) - 0.4, 0, 21));
    }
}

static void set_kitchen(hra_people *p, int i)
{
    double salt = Z(salt)[i];
    V(cook_fry_week)[i] = hra_to_whole(6 * U(fry) * U(fry));
    V(pickled_week)[i] = hra_to_whole(hra_between(5 * U(pickled) * U(pickled) + salt, 0, 21));
    V(eat_out_week)[i] = hra_to_whole((V(urban)[i] > 0 ? 9 : 5) * U(eat_out));
    V(skip_breakfast_week)[i] = U(breakfast) < 0.62 ? 0 : hra_to_whole(7 * (U(breakfast) - 0.62) / 0.38);
    V(taste)[i] = salt > 0.8 ? 2 : U(taste) < 0.30 ? 0 : U(taste) < 0.78 ? 1 : U(taste) < 0.90 ? 3 : 4;
    V(cooking_method)
    [i] = U(cooking) < 0.2 ? 0 : U(cooking) < 0.7 ? 1 : U(cooking) < 0.78 ? 2 : U(cooking) < 0.8 ? 3 : 4;
    V(fruit_veg_daily)[i] = V(vegetables_g_day)[i] >= 200 || V(fruit_g_day)[i] >= 100;
}

void hra_people_diet(hra_people *p)
{
    static const struct {
        int measure, normal, column;
        double most;
    } foods[] = {
#define FOOD(name, normal, most) {HRA_MEASURE_##name, normal, HRA_COLUMN_##name, most}
        FOOD(salt_g_day, HRA_SCORE_salt, 19),      FOOD(vegetables_g_day, HRA_SCORE_vegetables, 795),
        FOOD(fruit_g_day, HRA_NOISE_fruit, 595),   FOOD(oil_g_day, HRA_NOISE_oil, 88),
        FOOD(meat_g_day, HRA_NOISE_meat, 490),     FOOD(grains_g_day, HRA_NOISE_grains, 595),
        FOOD(milk_g_day, HRA_NOISE_milk, 590),     FOOD(whole_grains_g_day, HRA_NOISE_whole_grains, 245),
        FOOD(soy_nuts_g_day, HRA_NOISE_soy, 145),  FOOD(sugar_g_day, HRA_NOISE_sugar, 145),
        FOOD(water_ml_day, HRA_NOISE_water, 2950),
#undef FOOD
    };
    for (size_t k = 0; k < sizeof foods / sizeof foods[0]; k++) {
        double *grams = p->value[foods[k].column];
        hra_measure_people(p, foods[k].measure, p->normal[foods[k].normal], grams);
        for (int i = 0; i < p->count; i++) grams[i] = hra_to_whole(hra_between(grams[i], 0, foods[k].most));
    }
    for (int i = 0; i < p->count; i++) set_kitchen(p, i);
}
