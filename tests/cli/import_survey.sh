#!/usr/bin/env bash
# Real survey and cohort files through map files, where their data folder stands beside the source tree.
. "$(dirname "$0")/lib.sh" "$1"

DATA=$SOURCE/../shared/data
[ -r "$DATA/nhanes/nhanes_2017-2018.csv.gz" ] || { echo "skipped: no survey data beside the source tree"; exit 77; }

cat >nhanes.map <<'MAP'
id = seqn
height_cm = height
weight_kg = weight
waist_cm = waist
mean(sbp1, sbp2, sbp3, sbp4) = sbp
mean(dbp1, dbp2, dbp3, dbp4) = dbp
dbp1: 0 = missing
dbp2: 0 = missing
dbp3: 0 = missing
dbp4: 0 = missing
tc_mmol = tc
hdl_mmol = hdl
ldl_mmol = ldl
tg_mmol = tg
hba1c_pct = hba1c
creat_mgdl = creatinine [mg/dL]
told_htn = hypertension
told_htn: 1 = yes, 2 = no, 7 = missing, 9 = missing
told_diab = diabetes
told_diab: 1 = yes, 2 = no, 3 = no, 7 = missing, 9 = missing
now_bpmed = bp_treated
now_bpmed: 1 = yes, 2 = no, 7 = missing, 9 = missing
MAP
new_key k
expect 0 "$HRA" import "$DATA/nhanes/nhanes_2017-2018.csv.gz" -o n.h5 --map nhanes.map --key k --report n.json
says err '9254 people stored in n.h5, 0 rows rejected'
says err 'creat_mgdl -> creatinine \[mg/dL\]'
says err 'sbp1 -> sbp \[mmHg\]  \(map: mean\)'
says err 'psu: no such variable'

cat >framingham.map <<'MAP'
id = RANDID
TOTCHOL = tc [mg/dL]
HDLC = hdl [mg/dL]
LDLC = ldl [mg/dL]
SYSBP = sbp
DIABP = dbp
GLUCOSE = glucose_fasting [mg/dL]
CIGPDAY = cigs_per_day
BPMEDS = bp_treated
HEARTRTE = heart_rate
MAP
expect 0 "$HRA" import "$DATA/framingham/framingham.csv.gz" -o f.h5 --map framingham.map --key k
says err '4434 people stored in f.h5, 7193 rows rejected'
says err '7193 with a repeated identifier'
expect 0 "$HRA" import "$DATA/framingham/framingham.csv.gz" -o f3.h5 --map framingham.map --key k --duplicates all
says err '11627 people stored in f3.h5, 0 rows rejected'
finish
