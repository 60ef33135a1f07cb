/* Findings of the checkup, histories, family, and what is left out. */
#include "generate/people.h"

#define V(name) p->value[HRA_COLUMN_##name]
#define Z(name) p->normal[HRA_SCORE_##name]
#define N(name) p->normal[HRA_NOISE_##name]
#define U(name) hra_drawn(p, HRA_DRAW_##name, i)
#define SHARE(name) hra_share(p, HRA_SHARE_##name, i)

static void set_ecg(hra_people *p, int i)
{
    bool af = U(af) < SHARE(af) * (V(prior_chd)[i] > 0 ? 3 : 1);
    bool lvh = U(lvh) < SHARE(lvh_ecg) * (p->hypertensive[i] ? 2.2 : 0.7);
    bool st_t = U(st_t) < SHARE(st_t_change) * (V(prior_chd)[i] > 0 ? 4 : 1);
    V(af)[i] = af;
    V(lvh)[i] = lvh;
    V(st_t_change)[i] = st_t;
    V(ecg_normal)[i] = !af && !lvh && !st_t;
    V(anticoagulant)[i] = af && U(af) < 0.35 * SHARE(af);
}

static void set_imaging(hra_people *p, int i)
{
    double fat = 0.6 * Z(bmi)[i] + 0.3 * Z(tg)[i] + 0.25 * Z(alt)[i] + 0.6 * N(fatty_liver)[i];
    double above = fat - hra_share_score(p, HRA_SHARE_fatty_liver, i);
    V(fatty_liver)[i] = above < 0 ? 0 : above < 0.9 ? 1 : above < 1.8 ? 2 : 3;
    V(fatty_liver_any)[i] = above >= 0;
    V(carotid_plaque)[i] = U(plaque) < SHARE(carotid_plaque) * (p->hypertensive[i] ? 1.3 : 0.9);
    V(thyroid_nodule)[i] = U(thyroid) < SHARE(thyroid_nodule);
    double film = U(chest_imaging);
    int kind = film < 0.12 ? 0 : film < 0.62 ? 1 : film < 0.78 ? 2 : 3;
    V(chest_imaging)[i] = kind;
    /* a film shows few nodules, a CT many */
    bool nodule = kind > 0 && U(nodule) < SHARE(lung_nodule) * (kind == 1 ? 0.15 : 1);
    V(lung_nodule)[i] = nodule;
    V(lung_nodule_mm)[i] = nodule ? hra_to_tenths(hra_between(2 + 2 / (1.03 - U(nodule_size)) - 1.9, 2, 29)) : NAN;
}

void hra_people_findings(hra_people *p)
{
    for (int i = 0; i < p->count; i++) {
        set_ecg(p, i);
        set_imaging(p, i);
        double protein = U(urine) / (SHARE(urine_protein) * (p->diabetic[i] || p->hypertensive[i] ? 2 : 1));
        V(urine_protein)[i] = protein > 2.5 ? 0 : protein > 1 ? 1 : protein > 0.3 ? 2 : protein > 0.08 ? 3 : 4;
    }
}

static void set_illnesses(hra_people *p, int i)
{
    bool smoked = V(smoking_status)[i] > 0;
    bool copd = U(copd) < SHARE(copd) * (smoked ? 1.5 : 0.6);
    V(copd)[i] = copd;
    V(emphysema)[i] = copd && U(copd) < 0.3 * SHARE(copd);
    V(frequent_cough)[i] = U(cough) < (copd ? 0.45 : smoked ? 0.10 : 0.03);
    V(ckd)[i] = U(ckd) < SHARE(ckd) || V(creatinine)[i] > (p->sex[i] == HRA_MALE ? 150 : 125);
    V(gout)[i] = U(gout) < SHARE(gout) * (V(uric_acid)[i] > 420 ? 3 : 0.4);
    V(cancer)[i] = U(cancer) < SHARE(cancer);
    V(tb)[i] = U(tb) < SHARE(tb);
    V(ra)[i] = U(ra) < SHARE(ra);
    V(migraine)[i] = U(migraine) < SHARE(migraine);
    V(mental_illness)[i] = U(mental) < SHARE(mental_illness);
    V(osteoporosis)[i] = U(bone) < SHARE(osteoporosis);
    V(snoring_apnea)[i] = U(apnea) < SHARE(snoring_apnea) * (V(bmi)[i] >= 28 ? 2.5 : V(bmi)[i] >= 24 ? 1.1 : 0.5);
    V(chest_pain)[i] = U(chest_pain) < SHARE(chest_pain) * (V(prior_chd)[i] > 0 ? 5 : 1);
}

/* The shares are zero for men: nobody asks them, and the answer is no. */
static void set_women(hra_people *p, int i)
{
    bool menopause = U(menopause) < SHARE(menopause);
    V(menopause)[i] = menopause;
    V(pregnant)[i] = !menopause && U(pregnant) < SHARE(pregnant);
    V(pcos)[i] = U(pcos) < SHARE(pcos) * (V(bmi)[i] >= 25 ? 2 : 0.8);
    V(gestational_dm)[i] = U(gdm) < SHARE(gestational_dm) * (p->diabetic[i] ? 3 : 0.9);
    V(macrosomia)[i] = U(macrosomia) < SHARE(macrosomia) * (V(gestational_dm)[i] > 0 ? 3 : 0.95);
}

void hra_people_history(hra_people *p)
{
    for (int i = 0; i < p->count; i++) {
        set_illnesses(p, i);
        set_women(p, i);
    }
}

void hra_people_family(hra_people *p)
{
    for (int i = 0; i < p->count; i++) {
        V(fh_hypertension)[i] = U(fh_hypertension) < SHARE(fh_hypertension) * (p->hypertensive[i] ? 1.6 : 0.88);
        bool diabetes = U(fh_diabetes) < SHARE(fh_diabetes) * (p->diabetic[i] ? 2.1 : 0.9);
        V(fh_diabetes)[i] = V(fh_diabetes_first_degree)[i] = diabetes;
        V(fh_diabetes_parent)[i] = diabetes && U(fh_diabetes_who) < 0.8;
        V(fh_diabetes_second_degree)[i] = U(fh_diabetes_who) > (diabetes ? 0.75 : 0.9);
        /* premature disease, any disease and disease that counts as atherosclerotic lie inside each other */
        double cvd = U(fh_cvd) / (p->hypertensive[i] ? 1.25 : 0.95);
        V(fh_cvd)[i] = cvd < SHARE(fh_cvd);
        V(fh_premature_cvd)[i] = cvd < SHARE(fh_premature_cvd);
        bool stroke = U(fh_stroke) < SHARE(fh_stroke) * (p->hypertensive[i] ? 1.25 : 0.95);
        V(fh_stroke)[i] = stroke;
        V(fh_ascvd)[i] = stroke || cvd < 0.7 * SHARE(fh_cvd);
        bool lung = U(fh_lung) < SHARE(fh_lung_cancer), other = U(fh_cancer) < SHARE(fh_cancer) - SHARE(fh_lung_cancer);
        double lungs = lung ? (U(fh_lung) < 0.08 * SHARE(fh_lung_cancer) ? 2 : 1) : 0;
        V(fh_lung_cancer)[i] = lung;
        V(fh_lung_cancer_count)[i] = lungs;
        V(fh_cancer)[i] = lung || other;
        V(fh_cancer_count)[i] = lungs + (other ? (U(fh_cancer) < 0.012 ? 2 : 1) : 0);
        V(fh_kidney)[i] = U(fh_kidney) < SHARE(fh_kidney);
    }
}

/* Panels a provider did not do or a person did not fill in, and how many single results are wanting besides. */
void hra_people_absences(hra_people *p)
{
    static const int draws[HRA_PANEL_COUNT] = {
        [HRA_PANEL_MEMBER] = HRA_DRAW_panel_member,   [HRA_PANEL_BODY] = HRA_DRAW_panel_body,
        [HRA_PANEL_BLOOD] = HRA_DRAW_panel_blood,     [HRA_PANEL_BLOOD_EXTRA] = HRA_DRAW_panel_extra,
        [HRA_PANEL_HBA1C] = HRA_DRAW_panel_hba1c,     [HRA_PANEL_OGTT] = HRA_DRAW_panel_ogtt,
        [HRA_PANEL_URINE] = HRA_DRAW_panel_urine,     [HRA_PANEL_UACR] = HRA_DRAW_panel_uacr,
        [HRA_PANEL_ECG] = HRA_DRAW_panel_ecg,         [HRA_PANEL_IMAGING] = HRA_DRAW_panel_imaging,
        [HRA_PANEL_HISTORY] = HRA_DRAW_panel_history, [HRA_PANEL_HABITS] = HRA_DRAW_panel_habits,
        [HRA_PANEL_DIET] = HRA_DRAW_panel_diet,       [HRA_PANEL_MIND] = HRA_DRAW_panel_mind,
    };
    for (int i = 0; i < p->count; i++) {
        const hra_provider *provider = &hra_providers[p->groups->items[p->group[i]].provider];
        uint32_t absent = 0;
        for (int panel = HRA_PANEL_ALWAYS + 1; panel < HRA_PANEL_COUNT; panel++)
            absent |= (uint32_t)(hra_drawn(p, draws[panel], i) < provider->without[panel]) << panel;
        p->absent[i] = absent;
        /* geometric with the provider's mean */
        double share = provider->gaps / (1 + provider->gaps), rest = U(gaps);
        int gaps = 0;
        for (double tail = share; rest < tail && gaps < 24; tail *= share) gaps++;
        p->gaps[i] = gaps;
    }
}
