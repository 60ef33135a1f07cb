#!/usr/bin/env bash
# hra run with a signed sheet: --approved-only leaves out what nobody has approved, urgent results stay.
. "$(dirname "$0")/lib.sh" "$1"

new_key house.key
printf '客户编号,性别,年龄,收缩压,舒张压,吸烟情况\np1,男,50,190,120,吸烟\n' >people.csv
expect 0 "$HRA" definitions review -o sheet.csv -q
# the physician approves advice S01 and what it rests on, nothing else
awk -F, -v OFS=, '{ gsub(/\r/, "") } $1 ~ /^(S01|r_smoke_current)$/ { sub(/,,,,,$/, ",approved,Dr Li,2026-01-05,2027-01-05,") } { print }' \
    sheet.csv >signed.csv
grep -q ',approved,Dr Li,' signed.csv || fail "the sheet could not be signed"

expect 0 "$HRA" run people.csv -o night --key house.key --as-of 2026-11-22 -q --signoffs signed.csv --approved-only
says night/urgent.csv r_crit_bp
silent_on night/persons.csv r_hypertension
says night/persons.csv r_smoke_current

# nor does the person's own report wait: the page for today, and no word of keeping anything up
expect 0 "$HRA" report individual night --all --pages -o pages -q -l en --signoffs signed.csv --approved-only
says "$(ls pages/*.html)" 'Critical blood pressure'
silent_on "$(ls pages/*.html)" 'good habits'
zstdcat night/persons.jsonl.zst 2>/dev/null | grep -q '"urgent":\[{"id":"r_crit_bp"' || fail "no urgent result in persons.jsonl"

expect 2 "$HRA" run people.csv -o none --key house.key --as-of 2026-11-22 -q --approved-only
says err 'signoffs'
finish
