#!/usr/bin/env bash
# Risks at ideal values and risk ages, of models and of the panel; alike from CSV and store, on every instruction set.
. "$(dirname "$0")/lib.sh" "$1"

# A is the example of the Chinese guideline (4.7 %, 1.1 % in the ideal state); B is ideal; C misses hdl; D had an infarction
cat >people.csv <<'EOF'
person_id,age,sex,north,urban,sbp,waist,tc,hdl,diabetes,bp_treated,fh_ascvd,smoking_status,prior_mi
A,40,male,1,1,145,80,5.2,1.3,0,0,1,never,0
B,50,female,1,1,120,85,5.18,1.036,0,0,0,never,0
C,50,male,1,1,150,85,5.9,,0,0,0,current,0
D,50,male,1,1,150,85,5.9,1.1,0,0,0,current,1
E,80,male,1,1,150,85,5.9,1.1,0,0,0,current,0
F,60,male,1,1,170,95,6.9,0.8,1,1,1,current,0
EOF
model=china_par_2016_calc
expect 0 "$HRA" score people.csv -o ages.csv --models $model --ideal --risk-age -q
is "$(cell ages.csv 1 $model.risk | cut -c1-5)" 0.047
is "$(cell ages.csv 1 $model.risk.ideal | cut -c1-5)" 0.011
is "$(cell ages.csv 1 $model.risk.risk_age)" 55
is "$(cell ages.csv 1 $model.risk.risk_age.status)" 'exclusion_unverified'
is "$(cell ages.csv 2 $model.risk.risk_age)" 50
is "$(cell ages.csv 2 $model.risk.ideal)" "$(cell ages.csv 2 $model.risk)"
is "$(cell ages.csv 3 $model.risk.risk_age)" ''
is "$(cell ages.csv 3 $model.risk.risk_age.status)" 'missing:hdl;exclusion_unverified'
[ -n "$(cell ages.csv 3 $model.risk.ideal)" ] || fail "hdl is replaced, the ideal risk is known"
is "$(cell ages.csv 4 $model.risk.risk_age.status)" not_applicable
is "$(cell ages.csv 5 $model.risk.risk_age)" ''
says ages.csv '^E.*outside_range;exclusion_unverified$'
is "$(cell ages.csv 6 $model.risk.risk_age)" 74
is "$(cell ages.csv 6 $model.risk.risk_age.status)" 'clamped;exclusion_unverified'

# nothing is added unasked
expect 0 "$HRA" score people.csv -o plain.csv --models $model -q
silent_on plain.csv 'ideal|risk_age'
is "$(cell plain.csv 1 $model.risk)" "$(cell ages.csv 1 $model.risk)"

# the panel: the model that was chosen gives the age too
expect 0 "$HRA" score people.csv -o panel.csv --ideal --risk-age --precision full -q
for column in chd.ideal chd.risk_age chd.risk_age.status stroke.risk_age; do
    says panel.csv "china_corporate.$column(,|$)"
done
new_key house.key
expect 0 "$HRA" import people.csv -o people.h5 --key house.key -q
expect 0 "$HRA" score people.h5 -o store.csv --ideal --risk-age --precision full -q
cut -d, -f2- panel.csv >a
cut -d, -f2- store.csv >b
same a b
expect 0 env HRA_ISA=scalar "$HRA" score people.csv -o scalar.csv --ideal --risk-age --precision full -q
same panel.csv scalar.csv

# in the nightly run
expect 0 "$HRA" run people.csv -o night --key house.key --language en --risk-age -q
says night/persons.csv 'chd\.status,chd\.risk_age,chd\.risk_age\.status'
silent_on night/persons.csv 'ideal'

# house rules replace the ideal state
cat >house.hra <<'EOF'
replace ideal ideal_state { title "Only without tobacco" over age smoking_status = never cigs_per_day = 0 }
EOF
expect 0 "$HRA" score people.csv -o house.csv --definitions house.hra --models $model --ideal -q
is "$(cell house.csv 1 $model.risk.ideal)" "$(cell house.csv 1 $model.risk)" "a never-smoker is ideal now"
expect 3 "$HRA" definitions check <(echo 'ideal another { over age }')
finish
