#!/usr/bin/env bash
# Whoever reads "not at target" also reads what to do; where the advice is withheld for a reason, the topic gives the reason.
. "$(dirname "$0")/lib.sh" "$1"
new_key house.key
cat >people.csv <<'END'
person_id,sex,age,sbp,dbp,bmi,waist,body_fat,tc,hdl,ldl,tg,glucose_fasting,hba1c,diabetes,hypertension,prior_mi,prior_chd,prior_stroke,smoking_status,cigs_per_day,activity_min_week,exercise_days_week,fruit_g_day,grains_g_day,salt_g_day,alcohol_g_day,alcohol_binge_month
triglycerides,male,45,118,76,22,80,,4.9,1.3,2.5,1.9,5.0,5.2,0,0,0,0,0,never,0,200,5,250,250,4,0,0
cholesterol,male,45,118,76,22,80,,5.7,1.9,2.5,1.2,5.0,5.2,0,0,0,0,0,never,0,200,5,250,250,4,0,0
waist,male,45,118,76,22,85,,4.9,1.3,2.5,1.2,5.0,5.2,0,0,0,0,0,never,0,200,5,250,250,4,0,0
days,male,45,118,76,22,80,,4.9,1.3,2.5,1.2,5.0,5.2,0,0,0,0,0,never,0,200,4,250,250,4,0,0
fruit,male,45,118,76,22,80,,4.9,1.3,2.5,1.2,5.0,5.2,0,0,0,0,0,never,0,200,5,351,250,4,0,0
diabetic_smoker,male,45,118,76,22,80,,4.9,1.3,1.5,1.2,6.5,6.2,1,0,0,0,0,current,10,200,5,250,250,4,0,0
heart_attack,male,45,118,76,22,80,,4.0,1.3,1.8,1.2,5.0,5.2,0,0,1,1,0,never,0,200,5,250,250,4,0,0
pancreas,male,45,118,76,22,80,,4.9,1.3,2.5,5.6,5.0,5.2,0,0,0,0,0,never,0,200,5,250,250,4,10,0
low_pressure,male,45,88,56,22,80,,4.9,1.3,2.5,1.2,5.0,5.2,0,0,0,0,0,never,0,200,5,250,250,8,0,0
slim,male,45,118,76,18,70,,4.9,1.3,2.5,1.2,5.0,5.2,0,0,0,0,0,never,0,200,5,250,400,4,0,0
at_target,male,45,118,76,22,84.9,,5.19,1.3,2.5,1.69,5.0,5.2,0,0,0,0,0,never,0,200,5,350,300,4.9,0,0
END
expect 0 "$HRA" run people.csv -l en -o night --key house.key --as-of 2026-11-21 -q --no-pages
zstdcat night/persons.jsonl.zst >people.jsonl
topic() { sed -n "$1p" people.jsonl | jq -r --arg id "topic_$2" '.topics[] | select(.id == $id) | .state + " " + ((.actions // []) | join(" "))'; }
is "$(topic 1 lipids)" "not_at_target T14"
is "$(topic 2 lipids)" "not_at_target T15"
is "$(topic 3 weight)" "not_at_target W13"
is "$(topic 4 exercise_days)" "not_at_target E13"
is "$(topic 5 fruit)" "not_at_target D22"
is "$(topic 6 smoking)" "not_at_target G08"
is "$(topic 7 lipids)" "not_at_target R02"
is "$(topic 8 alcohol)" "not_at_target T04"
is "$(topic 9 salt)" "not_applicable "
is "$(topic 10 grains)" "not_applicable "
for t in weight exercise_days lipids fruit salt grains; do is "$(topic 11 $t)" "at_target " "$t at the end of its zone"; done
sed -n 10p people.jsonl | jq -r '.topics[] | select(.id == "topic_grains") | .why' >why
says why 'a doctor or dietitian sets what suits your weight'
# advice that only fills a topic stays behind the advice that was there
sed -n 11p people.jsonl | jq -r '.prescriptions[].code' >codes
silent_on codes '^(T14|T15|W13|E13|D22)$'
# a topic names only advice that there is
cat >house.hra <<'END'
replace topic topic_smoking {
  title "Smoking" title.zh "吸烟"  order 4
  value smoking_status  at_target not r_smoke_current
  target "none" target.zh "无"  direction lower  domains smoking  also G99
  source "s"  review product
}
END
expect 3 "$HRA" definitions check house.hra
cat out err >said
says said 'house.hra:4:.*G99'
finish
