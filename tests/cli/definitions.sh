#!/usr/bin/env bash
# A user's definition file: its faults are told, and without faults it is scored like a built-in model.
. "$(dirname "$0")/lib.sh" "$1"

expect 0 "$HRA" definitions check
says out '^[0-9]+ declarations, no faults$'

# the worked example of the language's manual page, as a newcomer would copy it
awk '/^## /{inside = $0 == "## A worked example"} inside && /^    /{print substr($0, 5)}' "$SOURCE/docs/language.md" >example.hra
expect 0 "$HRA" definitions check example.hra
says out '^2 declarations, no faults$'
printf 'variable %s { type flag title "x" }\n' x_one x_two >two.hra
expect 0 "$HRA" definitions check example.hra two.hra
says out '^4 declarations, no faults$'
cat >people.csv <<'CSV'
person_id,sex,age,tc,bp_treated,smoking_status,prior_mi,prior_stroke
A1,male,62,5.2,1,current,0,0
A2,male,62,,0,never,0,0
CSV
expect 0 "$HRA" score people.csv -o risks.csv --definitions example.hra --models example_2026 -q
awk -v r="$(cell risks.csv 1 example_2026.risk)" 'BEGIN { exit !(r > 0.13178 && r < 0.13179) }' || fail "wrong risk in $(cat risks.csv)"
is "$(cell risks.csv 1 example_2026.status)" ok
is "$(cell risks.csv 2 example_2026.status)" missing:tc

cat >faulty.hra <<'HRA'
model mine {
  risk = ag/100 + hdl + sbp
  valid age in 80..30
}
HRA
expect 3 "$HRA" definitions check faulty.hra
says err "^faulty.hra:2:10: unknown name 'ag'; did you mean 'age'\?"
says err '^faulty.hra:3:16: this range is empty'
says err '^ +\^~~~~~$'
expect 3 "$HRA" score people.csv -o none.csv --definitions faulty.hra --models mine -q
[ ! -e none.csv ] || fail "a result was written in spite of faulty definitions"

# house rules: replace a shipped declaration
cat >house.hra <<'HRA'
replace factor r_bmi_obese { title "Obesity, house limit" when bmi >= 27.5 }
HRA
expect 0 "$HRA" definitions check house.hra
expect 0 "$HRA" models show r_bmi_obese --definitions house.hra
says out 'house limit'
sed -i 's/^replace //' house.hra
expect 3 "$HRA" definitions check house.hra
says err "already declared in models/factors/weight.hra"

# an alias that is another variable's name would never be met: its column is read as that variable
printf 'variable schooling { type category title "x" alias "school", "education" level a 1 level b 2 }\n' >alias.hra
expect 3 "$HRA" definitions check alias.hra
says err "alias 'education' is the name of another variable"
says err "'education = schooling'"
silent_on err "'school'"
sed -i 's/, "education"//' alias.hra
expect 0 "$HRA" definitions check alias.hra
printf 'model m { title "t" source "s" disease cvd value = number(schooling) }\n' >>alias.hra
printf 'id,education\n1,2\n' >schooling.csv
echo 'education = schooling' >schooling.map
expect 0 "$HRA" score schooling.csv -o schooled.csv -d alias.hra -m m --map schooling.map -q
is "$(cell schooled.csv 1 m.value)" 2 "the map goes before the name"

expect 0 "$HRA" models list
says out '^china_par_2016 +cvd +10 years'
expect 0 "$HRA" models show china_par_2016
says out '^Inputs'
says out '^model china_par_2016 \{'
expect 0 "$HRA" models search stroke japan
says out '^epoch_japan_stroke_2021'
expect 2 "$HRA" models show no_such_model
expect 0 "$HRA" models list --json
if command -v python3 >/dev/null; then
    python3 -c 'import json; m = json.load(open("out")); assert any(x["id"] == "china_par_2016" for x in m)' || fail "models list --json"
fi
finish
