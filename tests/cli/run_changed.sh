#!/usr/bin/env bash
# hra run: a delivery that becomes another file between the first look at it and the end of the import stops the run.
# A link leads to a file that the run itself replaces in that time: the text about the join, a table at first.
. "$(dirname "$0")/lib.sh" "$1"

new_key house.key
mkdir in night
people='person_id,group_id,age,sex,sbp,dbp,exam_date\nA1,G,52,male,140,80,2026-03-01\nA1,G,52,male,141,80,2026-03-02\n'
printf "$people" >night/join.txt
ln -s ../night/join.txt in/people.csv
run() { expect "$1" "$HRA" run in -o night --key house.key --as-of 2026-06-01 -q; }

run 5
is "$(cat err)" 'hra run: in/people.csv: the file changed while the run was reading; start again'
[ ! -e night/run.json ] || fail "an account of files that nobody read"

# once it stays what it is, the same command goes through
rm in/people.csv
printf "$people" >in/people.csv
run 0
says night/run.json "\"bytes\": $(stat -c %s in/people.csv), \"blake3\": \"[0-9a-f]{64}\""
finish
