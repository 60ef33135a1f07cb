#!/usr/bin/env bash
# hra run names groups whose names differ only in capitals, width or blanks; they stay groups of their own.
. "$(dirname "$0")/lib.sh" "$1"

new_key house.key
cat >people.csv <<'DATA'
person_id,group_id,age,sex,sbp,dbp,exam_date
A1,Same,52,male,140,80,2026-03-01
A2,SAME,44,female,130,85,2026-03-02
A3,Other,33,female,110,70,2026-03-03
A4,甲 公司,33,female,110,70,2026-03-03
A5,甲公司,35,male,112,71,2026-03-03
DATA
alike() { grep -o '"alike_groups": \[[^]]*\]' "$1/run.json"; }

expect 0 "$HRA" run people.csv -o night --key house.key --as-of 2026-11-20 -l en
says err '^people assessed: 5, groups: 5,'
says err "^groups whose names differ only in capitals, width or blanks: 4, see 'alike_groups' in night/run.json$"
is "$(alike night)" '"alike_groups": ["SAME", "Same", "甲 公司", "甲公司"]'
says night/overview/run.html 'names of these groups differ only in capitals'
says night/overview/run.html '<li>SAME'
silent_on night/overview/run.html '<li>Other'

grep -v 'A2\|A5' people.csv >apart.csv
expect 0 "$HRA" run apart.csv -o apart --key house.key --as-of 2026-11-20 -l zh
is "$(alike apart)" '"alike_groups": []'
silent_on err 'differ only'
silent_on apart/overview/run.html '大小写'
finish
