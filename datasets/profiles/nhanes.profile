profile: nhanes
# Survey cycles of the US National Health and Nutrition Examination Survey, one CSV per cycle: drafted by hra inspect, its
# questions answered from the survey's documentation (they are kept here as comments). datasets/maps/nhanes.map holds the
# same rules as a plain map.
kind: checkup
provider: NHANES
issuer: nhanes
encoding: utf-8
delimiter: comma
path: "nhanes_*.csv", "nhanes_*.csv.gz"
header: seqn, cycle, psu, stratum, sex, age, race_eth, educ, pregnant, height_cm, weight_kg, waist_cm, bmi, sbp1, sbp2, sbp3, sbp4, dbp1, dbp2, dbp3, dbp4, tc_mmol, hdl_mmol, ldl_mmol, tg_mmol, serum_glucose_mmol, hba1c_pct, fasting_hr, creat_mgdl, uric_mgdl, albumin_gdl, alp_ul, ggt_ul, bun_mgdl, wbc, crp_mgdl, told_htn, told_bpmed, now_bpmed, told_lipidmed, told_diab, now_insulin, now_oral_diab, fam_diab, told_hf, told_chd, told_angina, told_mi, told_stroke, smoke_now, active, wt_fasting, eligstat, mortstat, ucod_leading, permth_int, permth_exm
# the cycle 2003-2004 has the interview and examination weights too
header: seqn, cycle, psu, stratum, sex, age, race_eth, educ, pregnant, height_cm, weight_kg, waist_cm, bmi, sbp1, sbp2, sbp3, sbp4, dbp1, dbp2, dbp3, dbp4, tc_mmol, hdl_mmol, ldl_mmol, tg_mmol, serum_glucose_mmol, hba1c_pct, fasting_hr, creat_mgdl, uric_mgdl, albumin_gdl, alp_ul, ggt_ul, bun_mgdl, wbc, crp_mgdl, told_htn, told_bpmed, now_bpmed, told_lipidmed, told_diab, now_insulin, now_oral_diab, fam_diab, told_hf, told_chd, told_angina, told_mi, told_stroke, smoke_now, active, wt_fasting, eligstat, mortstat, ucod_leading, permth_int, permth_exm, wt_interview, wt_exam
confirmed: maintainers 2026-11-22
---
id = seqn
sex: 1 = male, 2 = female
race_eth = race
race_eth: 1 = hispanic, 2 = hispanic, 3 = white, 4 = black, 5 = other
educ = ignore            # five grades of the survey do not map one to one onto the dictionary's six
pregnant: 1 = yes, 2 = no, 3 = missing
height_cm = height
weight_kg = weight
waist_cm = waist
mean(sbp1, sbp2, sbp3, sbp4) = sbp
mean(dbp1, dbp2, dbp3, dbp4) = dbp
tc_mmol = tc
hdl_mmol = hdl
ldl_mmol = ldl
tg_mmol = tg
serum_glucose_mmol = ignore   # any fasting state: not a fasting glucose
hba1c_pct = hba1c
creat_mgdl = creatinine [mg/dL]
uric_mgdl = uric_acid [mg/dL]
albumin_gdl = albumin [g/dL]
alp_ul = alp
ggt_ul = ggt
bun_mgdl = ignore
crp_mgdl = crp [mg/dL]
told_htn = hypertension
told_htn: 1 = yes, 2 = no, 7 = missing, 9 = missing
told_diab = diabetes
told_diab: 1 = yes, 2 = no, 3 = no, 7 = missing, 9 = missing
now_bpmed = bp_treated
now_bpmed: 1 = yes, 2 = no, 7 = missing, 9 = missing, "" = no   # asked only after a yes further up: not asked is read as no
told_bpmed = ignore
told_lipidmed = lipid_treated
told_lipidmed: 1 = yes, 2 = no, 7 = missing, 9 = missing, "" = no
now_insulin = ignore
now_oral_diab = glucose_treated
now_oral_diab: 1 = yes, 2 = no, 7 = missing, 9 = missing, "" = no
fam_diab = fh_diabetes
fam_diab: 1 = yes, 2 = no, 7 = missing, 9 = missing
told_hf = heart_failure
told_hf: 1 = yes, 2 = no, 7 = missing, 9 = missing
told_chd = prior_chd
told_chd: 1 = yes, 2 = no, 7 = missing, 9 = missing
told_mi = prior_mi
told_mi: 1 = yes, 2 = no, 7 = missing, 9 = missing
told_stroke = prior_stroke
told_stroke: 1 = yes, 2 = no, 7 = missing, 9 = missing
smoke_now = smoking_status    # empty for those who never smoked 100 cigarettes, and for everybody under 20
smoke_now: 1 = current, 2 = current, 3 = former, 7 = missing, 9 = missing, "" = never
active = ignore               # the question changed between cycles
= who_region = high_income_north_america

# design, follow-up and weights: for the analyst, not for an assessment
cycle = ignore
psu = ignore
stratum = ignore
fasting_hr = ignore
told_angina = ignore
wt_fasting = ignore
eligstat = ignore
mortstat = ignore
ucod_leading = ignore
permth_int = ignore
permth_exm = ignore
wt_interview = ignore
wt_exam = ignore
