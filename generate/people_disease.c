/* Prior disease, pressure, glucose, lipids and their treatment. Whoever is treated has been diagnosed; treatment
 * moves the measured value toward its target. */
#include "generate/people.h"

#define V(name) p->value[HRA_COLUMN_##name]
#define Z(name) p->normal[HRA_SCORE_##name]
#define N(name) p->normal[HRA_NOISE_##name]
#define U(name) hra_drawn(p, HRA_DRAW_##name, i)

static void set_prior_disease(hra_people *p, int i)
{
    double smokes = V(smoking_status)[i] == 2 ? 0.25 : 0;
    double heart = 0.35 * Z(sbp)[i] + 0.25 * Z(ldl)[i] + 0.2 * Z(glucose_fasting)[i] + 0.85 * N(chd)[i] + smokes - 0.08;
    double brain = 0.45 * Z(sbp)[i] + 0.2 * Z(glucose_fasting)[i] + 0.86 * N(stroke)[i] + smokes - 0.08;
    bool chd = heart > hra_share_score(p, HRA_SHARE_prior_chd, i);
    bool stroke = brain > hra_share_score(p, HRA_SHARE_prior_stroke, i);
    bool pad = U(pad) < hra_share(p, HRA_SHARE_prior_pad, i);
    bool failure = U(heart_failure) < (chd ? 0.08 : 0.0006);
    V(prior_chd)[i] = chd;
    V(prior_mi)[i] = chd && U(chd_kind) < 0.38;
    V(prior_revasc)[i] = chd && (U(chd_kind) < 0.25 || U(chd_kind) > 0.75);
    V(prior_stroke)[i] = stroke;
    V(prior_tia)[i] = U(stroke_kind) < (stroke ? 0.2 : 0.25 * hra_share(p, HRA_SHARE_prior_stroke, i));
    V(prior_pad)[i] = pad;
    V(heart_failure)[i] = failure;
    V(prior_cvd)[i] = chd || pad || failure;
}

static void set_pressure(hra_people *p, int i)
{
    bool prior = V(prior_chd)[i] > 0 || V(prior_stroke)[i] > 0;
    double score = 0.85 * Z(sbp)[i] + 0.527 * N(hypertension)[i] + (prior ? 1.1 : 0);
    bool truly = score > hra_share_score(p, HRA_SHARE_hypertension, i);
    double treated_share = hra_share(p, HRA_SHARE_hypertension_treated_of_hyp, i);
    bool treated = truly && U(bp_treated) < (prior ? 0.5 + 0.5 * treated_share : treated_share);
    bool aware = treated || (truly && U(bp_aware) < 0.11);
    double sbp = V(sbp)[i], dbp = V(dbp)[i];
    if (treated) {
        sbp -= 10 + 5 * U(bp_effect);
        dbp -= 6 + 2 * U(bp_effect);
    }
    sbp = hra_to_whole(hra_between(sbp, 86, 198));
    dbp = hra_to_whole(hra_between(dbp, 51, sbp - 18 < 119 ? sbp - 18 : 119));
    if (U(bp_round) < hra_providers[p->groups->items[p->group[i]].provider].round_pressure) {
        sbp = hra_between(hra_to_whole(sbp / 10) * 10, 90, 190);
        dbp = hra_between(hra_to_whole(dbp / 10) * 10, 60, sbp - 20 < 110 ? sbp - 20 : 110);
    }
    p->hypertensive[i] = truly;
    V(sbp)[i] = sbp;
    V(dbp)[i] = dbp;
    V(hypertension)[i] = aware;
    V(bp_treated)[i] = treated;
}

static void set_glucose(hra_people *p, int i)
{
    double score = 0.8 * Z(glucose_fasting)[i] + 0.6 * N(diabetes)[i];
    bool truly = score > hra_share_score(p, HRA_SHARE_diabetes, i);
    bool aware = truly && U(dm_aware) < hra_share(p, HRA_SHARE_diabetes_aware, i);
    bool treated = aware && U(dm_treated) < 0.9;
    double glucose = V(glucose_fasting)[i], hba1c = V(hba1c)[i];
    if (aware && glucose < 5.6) glucose = 5.6 + 0.3 * (glucose - 3);
    if (aware && hba1c < 6) hba1c += 0.7;
    if (treated && glucose > 6.5) glucose = 6.5 + 0.6 * (glucose - 6.5);
    if (treated && hba1c > 6.5) hba1c = 6.5 + 0.65 * (hba1c - 6.5);
    glucose = hra_to_hundredths(hra_between(glucose, 3.05, 19.9));
    p->diabetic[i] = truly;
    V(glucose_fasting)[i] = glucose;
    V(hba1c)[i] = hra_to_tenths(hra_between(hba1c, 4.0, 13.9));
    double after = glucose * (truly ? 1.62 : 1.18) * hra_exp_plain(0.16 * N(glucose_2h)[i]);
    V(glucose_2h)[i] = hra_to_hundredths(hra_between(after, 3.05, 24.9));
    V(diabetes)[i] = aware;
    V(glucose_treated)[i] = treated;
    V(high_glucose_history)[i] = aware || (glucose >= 6.1 && U(dm_aware) > 0.6);
    double since = hra_to_whole(1 + 0.35 * (p->age[i] - 22) * U(dm_years));
    V(dm_onset_age)[i] = aware ? hra_between(p->age[i] - since, 20, p->age[i]) : NAN;
}

static void set_lipids(hra_people *p, int i)
{
    double tg = hra_to_hundredths(hra_between(V(tg)[i], 0.31, 11.9));
    double hdl = hra_to_hundredths(hra_between(V(hdl)[i], 0.61, 2.99));
    double ldl = hra_between(V(ldl)[i], 0.9, 6.9), tc = hra_between(V(tc)[i], 2.3, 9.9);
    double score = 0.6 * Z(ldl)[i] + 0.8 * N(lipid)[i] + (V(prior_chd)[i] > 0 ? 2.2 : 0);
    bool treated = score > hra_share_score(p, HRA_SHARE_lipid_treated, i);
    if (treated) {
        double removed = ldl * (0.30 + 0.10 * U(lipid_effect));
        ldl = hra_between(ldl - removed, 0.9, 6.9);
        tc -= removed;
    }
    /* What is neither HDL nor LDL is at least 0.1 mmol/L: cholesterol carried with the triglycerides. */
    ldl = hra_to_hundredths(ldl);
    tc = hra_to_hundredths(tc);
    double room = tc - hdl - 0.1;
    if (ldl > room) ldl = room > 0.9 ? hra_to_hundredths(room - 0.005) : 0.9;
    if (tc < hdl + ldl + 0.1) tc = hra_to_hundredths(hdl + ldl + 0.1);
    bool abnormal = tc >= 6.2 || ldl >= 4.1 || tg >= 2.3 || hdl < 1.0;
    V(tg)[i] = tg;
    V(hdl)[i] = hdl;
    V(ldl)[i] = ldl;
    V(tc)[i] = tc;
    V(lipid_treated)[i] = treated;
    V(dyslipidemia)[i] = treated || (abnormal && U(lipid_aware) < 0.3);
}

void hra_people_disease(hra_people *p)
{
    hra_measure_people(p, HRA_MEASURE_sbp, Z(sbp), V(sbp));
    hra_measure_people(p, HRA_MEASURE_dbp, Z(dbp), V(dbp));
    hra_measure_people(p, HRA_MEASURE_glucose_fasting, Z(glucose_fasting), V(glucose_fasting));
    hra_measure_people(p, HRA_MEASURE_hba1c, Z(hba1c), V(hba1c));
    hra_measure_people(p, HRA_MEASURE_tg, Z(tg), V(tg));
    hra_measure_people(p, HRA_MEASURE_hdl, Z(hdl), V(hdl));
    hra_measure_people(p, HRA_MEASURE_ldl, Z(ldl), V(ldl));
    hra_measure_people(p, HRA_MEASURE_tc, Z(tc), V(tc));
    for (int i = 0; i < p->count; i++) {
        set_prior_disease(p, i);
        set_pressure(p, i);
        set_glucose(p, i);
        set_lipids(p, i);
        V(aspirin)
        [i] = U(aspirin) < (V(prior_chd)[i] > 0 || V(prior_stroke)[i] > 0 ? 0.62 : p->hypertensive[i] ? 0.03 : 0.004);
    }
}

void hra_people_blood(hra_people *p)
{
    static const struct {
        int measure, normal, column, decimals;
        double least, most;
    } tests[] = {
#define TEST(name, normal, decimals, least, most) {HRA_MEASURE_##name, normal, HRA_COLUMN_##name, decimals, least, most}
        TEST(creatinine, HRA_SCORE_creatinine, 1, 31, 299),
        TEST(urea, HRA_SCORE_urea, 2, 1.6, 19.5),
        TEST(uric_acid, HRA_SCORE_uric_acid, 0, 105, 690),
        TEST(alt, HRA_SCORE_alt, 0, 6, 295),
        TEST(ast, HRA_SCORE_ast, 0, 6, 295),
        TEST(ggt, HRA_SCORE_ggt, 0, 4, 490),
        TEST(tbil, HRA_NOISE_tbil, 1, 3.1, 59),
        TEST(albumin, HRA_NOISE_albumin, 1, 31, 59),
        TEST(wbc, HRA_SCORE_wbc, 2, 2.1, 19.5),
        TEST(rbc, HRA_SCORE_rbc, 2, 2.6, 6.9),
        TEST(hemoglobin, HRA_SCORE_hemoglobin, 0, 71, 199),
        TEST(platelets, HRA_SCORE_platelets, 0, 62, 590),
        TEST(hscrp, HRA_SCORE_hscrp, 2, 0.02, 19.9),
        TEST(homocysteine, HRA_NOISE_homocysteine, 1, 4.1, 59),
        TEST(potassium, HRA_NOISE_potassium, 2, 3.01, 5.99),
        TEST(sodium, HRA_NOISE_sodium, 0, 126, 154),
        TEST(uacr, HRA_SCORE_uacr, 1, 0.2, 990),
#undef TEST
    };
    for (size_t k = 0; k < sizeof tests / sizeof tests[0]; k++) {
        double *x = p->value[tests[k].column], least = tests[k].least, most = tests[k].most;
        hra_measure_people(p, tests[k].measure, p->normal[tests[k].normal], x);
        for (int i = 0; i < p->count; i++) x[i] = hra_between(x[i], least, most);
        if (tests[k].decimals == 0)
            for (int i = 0; i < p->count; i++) x[i] = hra_to_whole(x[i]);
        else if (tests[k].decimals == 1)
            for (int i = 0; i < p->count; i++) x[i] = hra_to_tenths(x[i]);
        else
            for (int i = 0; i < p->count; i++) x[i] = hra_to_hundredths(x[i]);
    }
}
