#!/usr/bin/env bash
# hra run into the folder of an earlier run with other options: what that one left is named and shown nowhere as new.
. "$(dirname "$0")/lib.sh" "$1"

mkdir in
printf 'person_id,age,sex,sbp,dbp,exam_date\nA1,52,male,140,80,2026-03-01\nA2,44,female,130,85,2026-03-02\n' >in/a.csv
printf 'person_id,age,sex,sbp,dbp,exam_date\nB1,33,female,110,70,2026-03-03\n' >in/b.csv
new_key house.key
leftovers() { grep -o '"leftovers": \[[^]]*\]' "$1/run.json"; }

expect 0 "$HRA" run in -o night --key house.key --as-of 2026-11-20 --register register.csv --branches
silent_on err '以前的运行留下的文件'
is "$(leftovers night)" '"leftovers": []'
says night/overview/index.html 'b.csv'

expect 0 "$HRA" run in/a.csv -o night --key house.key --as-of 2026-11-21 --no-quality -l en
is "$(leftovers night)" '"leftovers": ["night/quality", "night/register.csv", "night/register_changes.csv", "night/care", "night/branches"]'
says err 'left by an earlier run, not made by this one:'
says err '  night/care'
says night/overview/run.html 'An earlier run into this folder left these'
says night/overview/run.html 'branches: packages for the branches'
silent_on night/overview/index.html 'b.csv'

# the population scored again: what its intake made belongs to it
expect 0 "$HRA" run in -o again --key house.key --as-of 2026-11-20 -q
expect 0 "$HRA" run again/population.h5 -o again --as-of 2026-11-21 -q
is "$(leftovers again)" '"leftovers": []'
says again/overview/index.html 'b.csv'
# another one: it does not
expect 0 "$HRA" run night/population.h5 -o again --as-of 2026-11-21 -q
says again/run.json 'again/population.h5", "again/rejects.csv'
finish
