#!/usr/bin/env bash
# A table in English: names with blanks, hyphens, points or underscores between their words, American units, words for smoking.
. "$(dirname "$0")/lib.sh" "$1"
new_key house.key
cat >us.csv <<'END'
Member ID,Company,Sex,Date of Birth,Exam Date,Height (in),Weight (lbs),Waist circumference (inches),Systolic BP,Diastolic_BP,Serum.Cholesterol (mg/dL),HDL-Cholesterol (mg/dL),Fasting.Blood.Glucose (mg/dL),Hemoglobin A1c (%),WBC count (10^3/uL),Platelet count (K/uL),RBC (x10^6/uL),Heart rate (beats/min),Smoking Status,Cigarettes per day,BP medication,Family history of diabetes
A1,Acme,M,03/15/1968,10/02/2026,70,198,40,142,88,232,41,101,5.8,6.1,250,4.7,72,Current smoker,20,Yes,No
A2,Acme,F,11/30/1959,10/05/2026,64,150,33,118,76,198,62,88,5.3,5.0,210,4.2,64,Never smoked,,No,Yes
A3,Beta,Male,07/04/1975,10/05/2026,72,170,34,120,80,180,55,90,5.1,5.5,220,5.0,66,Ex-smoker,,N,N
END
cat >echo.hra <<'END'
model echo { title "What came in" tall = height  mass = weight  round = waist  high = sbp  low = dbp  total = tc  good = hdl
    sugar = glucose_fasting  glycated = hba1c  white = wbc  plates = platelets  red = rbc  beats = heart_rate
    smoking = number(smoking_status)  cigarettes = cigs_per_day  treated = if(bp_treated, 1, 0)  family = if(fh_diabetes, 1, 0)
    years = age }
END
# the draft follows the column that proves its order, and asks
expect 0 "$HRA" inspect us.csv -o us.profile -l en
says out 'columns: 22 known, 0 not known'
says out '^ *"Exam Date": day first or month first\?.*other columns have the month first'
says us.profile '^"Date of Birth": rules dates = month-first$'
says us.profile '^"Exam Date": rules dates = month-first$'
expect 0 "$HRA" inspect us.csv -l zh
says out '其他列是月在前'
printf 'rules: dates = month-first\n' >us.map
expect 0 "$HRA" import us.csv --map us.map -o us.h5 --key house.key --rejects rejects.csv
says err 'Diastolic_BP -> dbp'
is "$(wc -l <rejects.csv)" 1 "nothing is rejected: $(cat rejects.csv)"
expect 0 "$HRA" score us.h5 -o out.csv -d echo.hra -m echo -q
row() { for name in "${@:2}"; do printf '%s ' "$(cell out.csv "$1" "echo.$name")"; done; }
is "$(row 1 tall mass round high low total good sugar glycated)" "177.8 89.8113 101.6 142 88 5.99952 1.06026 5.60651 5.8 "
is "$(row 1 white plates red beats smoking cigarettes treated family years)" "6.1 250 4.7 72 2 20 1 0 58 "
is "$(row 2 smoking treated family years)" "0 0 1 66 "
is "$(row 3 smoking treated family years)" "1 0 0 51 "

# texts name the dictionary's unit, and their numbers are in it
sed -i '1s/HDL-Chol[^,]*/LDL (mg\/dL)/; 2s/,41,/,166,/' us.csv
cat >texts.hra <<'END'
prescription t_places { domain lipids  priority 2  order 5  when age >= 0
  text "{ldl} mmol/L, {weight} kg, {waist} cm, {height} cm, {hba1c} %, {sbp} mmHg"
  text.zh "{ldl} mmol/L，{weight} 公斤"  target "-"  source "test"  review product }
END
expect 0 "$HRA" run us.csv --map us.map --key house.key -o night --as-of 2026-11-22 -l en -d texts.hra -q
zstdcat night/persons.jsonl.zst | head -1 >one.jsonl
says one.jsonl '"text":"4\.29 mmol/L, 89\.8 kg, 101\.6 cm, 177\.8 cm, 5\.8 %, 142 mmHg"'
says one.jsonl 'LDL cholesterol of 4\.29 mmol/L'
silent_on one.jsonl 'of 166[0-9.]* mmol/L|waist of 40[0-9.]* cm'
says one.jsonl '"beside":"waist","beside_value":"101\.6","beside_unit":"cm"'
# a page prints what was delivered, without zeros that nobody wrote, and beside it what the cut points are in
key=$(grep -o "\"person_id\":\"[0-9a-f]*\"" one.jsonl | cut -d"\"" -f4)
expect 0 "$HRA" report individual night --person "$key" -d texts.hra -o pages -l en -q
is "$(cat pages/*.html | grep -c 'Waist <b>40</b> in (101\.6 cm)')" 1 "the waist among the findings"
is "$(cat pages/*.html | grep -c '<b>166</b> mg/dL (4\.29 mmol/L)')" 1 "LDL cholesterol among the findings"
silent_on <(cat pages/*.html) '[0-9]\.0+</b> (in|lb|mg/dL)'

# a name that is not complete, or joined otherwise, is not read
printf 'Member ID,Sex,TC/HDL,Non-HDL cholesterol,Cholesterol-HDL ratio,n-a,Smoker\nA1,F,4.2,5.1,4.2,140,Y\n' >not.csv
expect 0 "$HRA" import not.csv -o not.h5 --key house.key
says err 'not matched: 5 columns'
finish
