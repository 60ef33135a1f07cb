#!/usr/bin/env bash
# Answers that cannot be true of a person: diabetes in pregnancy of a man counts for nothing, a diagnosis later than today is marked.
. "$(dirname "$0")/lib.sh" "$1"
cat >pregnancy.csv <<'END'
person_id,sex,age,bmi,waist,activity_min_week,fruit_veg_daily,bp_treated,glucose_fasting,gestational_dm,high_glucose_history,fh_diabetes,diabetes
man,male,50,26,95,200,1,0,5.0,1,,0,0
man_without,male,50,26,95,200,1,0,5.0,0,,0,0
man_glucose,male,50,26,95,200,1,0,6.3,1,,0,0
woman,female,50,26,95,200,1,0,5.0,1,,0,0
woman_glucose,female,50,26,95,200,1,0,6.3,0,,0,0
END
expect 0 "$HRA" score pregnancy.csv -o points.csv --models findrisc_2003_original -q
points() { cell points.csv "$1" findrisc_2003_original.points; }
is "$(points 1)" "$(points 2)" "a man's diabetes in pregnancy says nothing"
is "$(points 3)" 13 "his raised glucose does"
is "$(points 4)" "$(points 5)" "a woman's diabetes in pregnancy counts as raised glucose"

cat >onset.csv <<'END'
person_id,sex,age,diabetes,hba1c,sbp,tc,hdl,egfr,smoking_status,dm_onset_age,region_esc,prior_mi,prior_stroke
later,male,50,1,7,140,5.5,1.2,90,never,60,moderate,0,0
today,male,50,1,7,140,5.5,1.2,90,never,50,moderate,0,0
END
expect 0 "$HRA" score onset.csv -o risks.csv --models score2_diabetes_2023 -q
says risks.csv '^later,[^,]*,[^,]*outside_range'
silent_on risks.csv '^today,[^,]*,[^,]*outside_range'
finish
