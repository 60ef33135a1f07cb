#!/usr/bin/env bash
# hra explain tells what hra score computes: the same numbers, the path taken, the causes in words.
. "$(dirname "$0")/lib.sh" "$1"

cat >people.csv <<'CSV'
person_id,sex,age,sbp,tc,hdl,waist,bp_treated,smoking_status,diabetes,north,urban,fh_ascvd,prior_mi
A1,male,60,145,5.2,1.1,92,1,current,0,1,1,0,0
A2,female,50,122,4.6,1.4,78,0,never,0,0,1,0,0
A3,male,30,130,5.0,1.0,90,0,never,0,1,0,0,0
A4,male,55,130,,1.0,90,0,never,0,1,0,0,0
A5,male,55,130,5.0,1.0,90,0,never,0,1,0,0,1
CSV

expect 0 "$HRA" score people.csv -o risks.csv --models china_par_2016 --precision full -q
for row in 1 2 3; do
    risk=$(cell risks.csv $row china_par_2016.risk)
    expect 0 "$HRA" explain people.csv --row $row --models china_par_2016 --json
    json=$(grep -oE '"results":\[\{"name":"risk","value":[^,]*' out | sed 's/.*value"://')
    awk -v a="$risk" -v b="$json" 'BEGIN { exit !(a != "" && a + 0 == b + 0) }' || fail "row $row: '$json' is not '$risk'"
done

expect 0 "$HRA" explain people.csv --person A1 --models china_par_2016
says out '^Person A1 \(row 1\)$'
says out 'China-PAR'
says out 'sex == male'
says out 'ln\(age\) +4.09434 +31.97 +130.89'
silent_on out 'sex == female.*\]$'
says out '0\.9707\^exp\(lp - 140\.68\)'
says out '^  risk .*%\)   exclusion_unverified$'

expect 0 "$HRA" explain people.csv --person A3 --models china_par_2016
says out 'outside_range'
says out 'because .*age'
expect 0 "$HRA" explain people.csv --person A4 --models china_par_2016
says out 'missing:tc'
expect 0 "$HRA" explain people.csv --person A5 --models china_par_2016
says out 'not_applicable'

# a formula means what it says: x^2^2^2 would be x^16
echo 'model powers { title "Powers" source "made for this test" value = age^8 + (sbp^2)^0.3 }' >powers.hra
expect 0 "$HRA" explain people.csv --row 1 -d powers.hra --models powers
says out '= [(][(]age\^2[)]\^2[)]\^2 [+] [(]sbp\^2[)]\^0[.]3$'

# a gap of a table is named once, and not by the condition that finds it
cat >gap.hra <<'DATA'
table heights { title "Heights" source "made for this test" key sex of sex key age bands value cm rows { male, 0..<2, 80; female, 50..90, 160; } }
model gap { title "Gap" source "made for this test"
  value = lookup(heights.cm, sex, age) + lookup(heights.cm, sex, age)/2 + points(age: <2 -> 1) }
DATA
expect 0 "$HRA" explain people.csv --person A1 -d gap.hra --models gap
is "$(grep because out | sed "s/^ *//")" "because lookup(heights.cm, sex, age) has no value
because points(age) has no value" "why there is no value"

# the same person of a store, where identifiers are hashed
new_key hra.key
expect 0 "$HRA" import people.csv -o people.h5 --key hra.key
expect 0 "$HRA" explain people.csv --person A2 --models china_par_2016
sed 1d out >from_csv
expect 0 "$HRA" explain people.h5 --person A2 --key hra.key --models china_par_2016
says out '\(row 2\)'
silent_on out 'A2'
sed 1d out >from_store
same from_csv from_store
expect 4 "$HRA" explain people.h5 --person A2 --models china_par_2016
says err '--key'

# a panel with everything
expect 0 "$HRA" explain people.csv --row 1 --factors --tiers --prescriptions
says out 'china_corporate'

expect 2 "$HRA" explain people.csv --models china_par_2016
says err 'row'
expect 2 "$HRA" explain people.csv --person A1 --row 1
expect 4 "$HRA" explain people.csv --person nobody
says err 'nobody'
expect 4 "$HRA" explain people.csv --row 6
says err '5 people'
# a function that is made of many operations is told by its name
cat >probit.hra <<'HRA'
model probit_2026 { title "Probit" source "made for this test" disease cvd let lp = -1 - 0.02*age risk = normal_cdf(lp) }
HRA
printf 'id,age\n1,50\n' >probit.csv
expect 0 "$HRA" explain probit.csv --person 1 -d probit.hra -m probit_2026
says out '^    = normal_cdf[(]lp[)]$'
says out '^    = normal_cdf[(]-2[)]$'
says out '^    = 0.0227501$'
says out '^    = -1 - 0.02[*]age$'
silent_on out 'trunc'
finish
