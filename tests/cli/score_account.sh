#!/usr/bin/env bash
# What a reader of a study needs to repeat `hra score`: how each column was read, which definitions, what became of limits.
. "$(dirname "$0")/lib.sh" "$1"

cat >own.hra <<'HRA'
model own_2026 { title "Own" disease cvd source "made for this test" risk = tc[mg/dL = 38.67]/1000 + age/1000 }
HRA
cat >people.csv <<'CSV'
id,age,chol,secret_study_column,days
1,50,200,x,10
2,60,240,y,20
CSV
echo 'chol = tc [mg/dL]' >own.map
expect 0 "$HRA" score people.csv -o risks.csv -d own.hra -m own_2026 --map own.map --keep days
report=risks.csv.run.json
says $report '"header":"chol","variable":"tc","unit":"mg/dL","how":"map"'
says $report '"header":"age","variable":"age","unit":"year","how":"name"'
says $report '"header":"days","variable":"days","how":"kept"'
silent_on $report secret_study_column
says $report '"encoding":"UTF-8","delimiter":","'
says $report '"hard_limits": "used"'
command -v b3sum >/dev/null && says $report "\"file\": \"own.hra\", \"blake3\": \"$(b3sum <own.hra | cut -d' ' -f1)\""
command -v python3 >/dev/null && { python3 -c 'import json; json.load(open("risks.csv.run.json"))' || fail "no JSON"; }

# another unit is another reading, and the account says so
sed -i 's/chol/tc/' people.csv
expect 0 "$HRA" score people.csv -o units.csv -d own.hra -m own_2026 --units tc=mg/dL --reject-hard-limits
says units.csv.run.json '"header":"tc","variable":"tc","unit":"mg/dL"'
says units.csv.run.json '"hard_limits": "rejected"'

# a file without a header gives no cells away
printf 'Li Lei,50,5.1\nage,tc,bmi\n' >headless.csv
"$HRA" score headless.csv -o headless.out.csv -m own_2026 -d own.hra >out 2>err
[ ! -e headless.out.csv.run.json ] || silent_on headless.out.csv.run.json 'Li Lei'

# definitions from a pipe are read once, and have no hash of their own
"$HRA" score people.csv -o piped.csv -d <(cat own.hra) -m own_2026 -q >out 2>err || fail "definitions from a pipe: $(cat err)"
says piped.csv.run.json '^    \{"file": "[^"]*"\}\],$'
# there is nothing to list of the shipped ones
expect 0 "$HRA" score people.csv -o shipped.csv -m china_par_2016 -q
silent_on shipped.csv.run.json '"definitions":'

# a store was read when it was imported
new_key my.key
expect 0 "$HRA" import people.csv --key my.key -o people.h5
expect 0 "$HRA" score people.h5 -o store.csv -m china_par_2016 -q
silent_on store.csv.run.json '"read_as"'
finish
