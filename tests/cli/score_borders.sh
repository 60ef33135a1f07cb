#!/usr/bin/env bash
# Who stands exactly on a cut point of a model is on its upper side, also where the value is calculated from others and
# binary fractions would leave it a last digit below.
. "$(dirname "$0")/lib.sh" "$1"

# body-mass index from weight and height: 25, 30 and 40 exactly, and a tenth of a kilogram less
cat >weights.csv <<'CSV'
person_id,age,sex,weight,height,gestational_dm,fh_diabetes_parent_or_sibling,hypertension,physical_activity,diabetes
1,30,male,64,160,0,0,0,1,0
2,30,male,63.9,160,0,0,0,1,0
3,30,male,76.8,160,0,0,0,1,0
4,30,male,76.7,160,0,0,0,1,0
5,30,male,129.6,180,0,0,0,1,0
6,30,male,129.5,180,0,0,0,1,0
7,30,male,72.2,170,0,0,0,1,0
CSV
expect 0 "$HRA" score weights.csv -o weights_out.csv --models ada_risk_test
points=$(cut -d, -f2 weights_out.csv | tr "\n" " ")
is "$points" "ada_risk_test.points 2 1 3 2 4 3 1 " "points, one of them for being a man"
is "$(cell weights_out.csv 1 ada_risk_test.status)" substituted

# non-HDL cholesterol of 5.20 counts among the reasons of a high lifetime risk, 5.19 does not
cat >lipids.csv <<'CSV'
person_id,sex,age,tc,hdl,ldl,sbp,dbp,bmi,hypertension,smoking_status,diabetes,ckd_stage34
1,male,50,6.3,1.1,3.5,165,90,25,1,never,0,0
2,male,50,6.29,1.1,3.5,165,90,25,1,never,0,0
3,male,50,5.72,0.52,3.5,120,80,25,0,never,0,0
4,male,50,5.71,0.52,3.5,120,80,25,0,never,0,0
CSV
expect 0 "$HRA" score lipids.csv -o lipids_out.csv --models cn_lipid_2023_chart
is "$(cell lipids_out.csv 1 cn_lipid_2023_chart.category)" high
is "$(cell lipids_out.csv 2 cn_lipid_2023_chart.category)" moderate
is "$(cell lipids_out.csv 3 cn_lipid_2023_chart.category)" high
is "$(cell lipids_out.csv 4 cn_lipid_2023_chart.category)" moderate

# LDL cholesterol by Friedewald: 3.40 is the third column of the chart, a little less is the second
cat >friedewald.csv <<'CSV'
person_id,sex,age,tc,hdl,tg,sbp,dbp,bmi,hypertension,smoking_status,diabetes,ckd_stage34
1,male,50,5.1,1.1,1.32,120,80,24,0,current,0,0
2,male,50,5.1,1.1,1.33,120,80,24,0,current,0,0
CSV
expect 0 "$HRA" score friedewald.csv -o friedewald_out.csv --models cn_lipid_2023_chart
is "$(cell friedewald_out.csv 1 cn_lipid_2023_chart.category)" moderate
is "$(cell friedewald_out.csv 2 cn_lipid_2023_chart.category)" low

# ages outside those a model was published for are told, at either end
cat >ends.csv <<'CSV'
person_id,sex,age,waist,sbp,dbp,bp_treated,smoking_status,diabetes
1,male,29,90,120,80,0,never,0
2,male,30,90,120,80,0,never,0
3,male,65,90,120,80,0,never,0
4,male,66,90,120,80,0,never,0
CSV
expect 0 "$HRA" score ends.csv -o ends_out.csv --models desir_2008_clinical
is "$(cut -d, -f3 ends_out.csv | tr '\n' ' ')" "desir_2008_clinical.status outside_range ok ok outside_range "
finish
