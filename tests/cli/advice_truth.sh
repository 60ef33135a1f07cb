#!/usr/bin/env bash
# What advice says is true of the person: goals in kilograms, "raised", "out of range", and cut points in the unit of the delivery.
. "$(dirname "$0")/lib.sh" "$1"
new_key house.key
run() { expect 0 "$HRA" run "$1" -l "$2" -o "night_$2" --key house.key --as-of 2026-11-21 -q --no-pages; }
# people LANGUAGE: the people in order of input, one object a line
people() { zstdcat "night_$1/persons.jsonl.zst"; }
advice() { people "$1" | sed -n "$2p" | jq -r '.prescriptions[] | .code + " " + .text + " | " + .target'; }

# ---- goals in kilograms follow from height and weight; a body-mass index of another day has none
cat >weights.csv <<'END'
person_id,sex,age,height,weight,bmi,waist,exam_date
agree,male,45,168.0,84.7,30.0,98,2026-11-01
obese_by_bmi_alone,male,45,168.0,60.0,30.0,98,2026-11-01
heavier_than_bmi,male,45,168.0,90.0,25.0,98,2026-11-01
no_height,male,45,,84.7,30.0,98,2026-11-01
END
run weights.csv en
advice en 1 >one; says one '^W01 Your weight is 84.7 kg.* about 80.5 kg'
advice en 2 >two; says two '^W10 '; silent_on two '^W0[12]|67\.7'
advice en 3 >three; says three '^W10 Your BMI of 25.0'; silent_on three '^W0[12]|22\.3'
advice en 4 >four; says four '^W01 Your weight is 84.7 kg.* about 80.5 kg'

# ---- nobody reads that glucose is raised beside "controlled", that lipids within limits are out of range, or that
# ---- severe obesity needs a clinic and no weight loss; grains are not for slim people alone
cat >words.csv <<'END'
person_id,sex,age,diabetes,glucose_treated,glucose_fasting,hba1c,fruit_g_day,cancer,dyslipidemia,tc,hdl,ldl,tg,pregnant,bmi,waist,body_fat,grains_g_day
controlled,male,50,1,1,5.6,6.2,400,0,0,4.5,1.3,2.2,1.0,,22,78,18,350
lipids_known,female,50,0,0,5.0,5.2,250,1,1,4.5,1.5,2.2,1.0,0,22,75,25,250
pregnant,female,30,0,0,4.5,5.0,250,0,1,4.5,1.5,2.2,1.0,1,22,75,25,250
severe,male,40,0,0,5.0,5.2,250,0,0,4.5,1.3,2.2,1.0,,38,84,20,250
athlete,male,40,0,0,5.0,5.2,250,0,0,4.5,1.3,2.2,1.0,,29,84,12,350
END
run words.csv en; run words.csv zh
advice en 1 >one; says one '^G04 Your glucose is controlled'; says one '^D05 '; silent_on one 'is raised'
advice zh 1 >one; says one '^G04 '; says one '^D05 '; silent_on one '您的血糖偏高'
for i in 2 3; do
    advice en $i >both; says both '^T(08|13) '; silent_on both 'out of range|above the limits'
    advice zh $i >both; says both '^T(08|13) '; silent_on both '超出参考范围|高于非孕'
done
advice en 4 >four; says four '^W05 '; silent_on four '^W12'
advice en 5 >five; says five '^W12 '; silent_on five '^(W05|D07)'
advice en 1 >one; says one '^D07 You eat about 350 g'

# ---- nobody reads "absent" beside a value within the cut point, that a stroke is known after a stent, or that a doctor sets
# ---- the goal of a normal weight
cat >boxes.csv <<'END'
person_id,sex,age,pregnant,glucose_fasting,diabetes,glucose_treated,prior_revasc,prior_mi,prior_chd,prior_stroke,prior_tia,bmi,waist,body_fat
pregnant,female,30,1,6.5,0,0,0,0,0,0,0,,,
stent,male,55,,5.0,0,0,1,0,0,0,0,22,80,18
END
run boxes.csv en; run boxes.csv zh
people en | sed -n 1p | jq -r '.alerts.second[] | select(.id == "r_prediabetes") | .answer' >box
is "$(cat box)" not_applicable "prediabetes in pregnancy"
people en | sed -n 1p | jq -r '.alerts.chronic[] | select(.id == "r_dm_alert") | .answer' >box
is "$(cat box)" present "the diabetes alert in pregnancy"
advice en 1 >one; says one '^G10 '; silent_on one '^G01 '
people en | sed -n 2p | jq -r '.risks.stroke.reliability' >stroke; says stroke 'this disease or a related one is known'
people zh | sed -n 2p | jq -r '.risks.stroke.reliability' >stroke; says stroke '已患该病或相关疾病'
people en | sed -n 2p | jq -r '.topics[] | select(.id == "topic_weight") | .state + ": " + .target' >weight
says weight '^at_target: BMI 18.5–23.9; waist below 85 cm'

# ---- a cut point in another unit is the first value that counts: 131 mg/dL of LDL cholesterol are 3.39 mmol/L
columns='person_id,sex,age,hypertension,ldl(mg/dL),glucose_fasting(mg/dL),glucose_2h(mg/dL),hba1c(mmol/mol),uric_acid(mg/dL),waist(inch),diabetes'
{
    echo "$columns"
    echo 'below,male,44,0,131,109,140,46,7.0,35.4,0'
    echo 'at,male,44,0,132,110,141,47,7.1,35.5,0'
    echo 'treated,male,44,0,90,126,140,52,6.0,30,1'
    echo 'treated_above,male,44,0,90,127,140,52,6.0,30,1'
} >units.csv
run units.csv en; run units.csv zh
answers() { people en | sed -n "$1p" | jq -r '(.alerts.first + .alerts.second)[] | .title + ": " + .answer + ": " + .cut'; }
answers 1 >below
answers 2 >at
for pattern in 'Abnormal glucose: ANSWER: .*\(110 mg/dL\) or more.*\(141 mg/dL\) or more, HbA1c 6.5% \(47 mmol/mol\) or more' \
    'Hyperuricaemia: ANSWER: uric acid above 420 μmol/L \(7.0 mg/dL\)' \
    'Large waist .*: ANSWER: waist 90 cm \(35.5 in\) or more'; do
    says below "${pattern/ANSWER/absent}"
    says at "${pattern/ANSWER/present}"
done
advice en 1 >one; silent_on one '^T02'
advice en 2 >two
says two '^T02 .* 3.41 mmol/L \(132 mg/dL\) misses the goal of below 3.4 mmol/L \(132 mg/dL\)'
says two '^D15 .*\(7.1 mg/dL\) is high.* ≤ 420 μmol/L \(7.0 mg/dL\)'
# fasting 7.0 at most with diabetes: 126 is within, 127 is not
goal='fasting 3.9 to below 6.1 mmol/L \(71 to below 110 mg/dL\); with diabetes 7.0 mmol/L \(126 mg/dL\) at most'
topic() { people en | sed -n "$1p" | jq -r '.topics[] | select(.id == "topic_glucose") | .state + ": " + .target'; }
topic 3 >three; says three "^at_target: $goal"
topic 4 >four; says four "^not_at_target: $goal"
people zh | sed -n 2p | jq -r '.prescriptions[] | .text + .target' >two
says two '未达到低于3.4 mmol/L \(132 mg/dL\)'
says two '尿酸≤420 μmol/L \(7.0 mg/dL\)'
finish
