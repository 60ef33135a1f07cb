#!/usr/bin/env bash
# hra run names the groups of the roster of whom nobody has been assessed.
. "$(dirname "$0")/lib.sh" "$1"

new_key house.key
cat >people.csv <<'DATA'
person_id,group_id,age,sex,sbp,dbp,exam_date
A1,North,52,male,140,80,2026-03-01
A2,=South,44,female,130,85,2026-03-02
DATA
cat >roster.csv <<'DATA'
person_id,group_id,name
A1,North,甲
A2,=South,乙
A3,West,丙
A4,West,丁
A5,=East,戊
DATA
absent() { grep -o '"absent_groups": \[[^]]*\]' "$1/run.json"; }

expect 0 "$HRA" run people.csv --roster roster.csv -o night --key house.key --as-of 2026-11-20 -l en
says err "^groups of the roster without anybody assessed: 2, see 'absent_groups' in night/run.json$"
is "$(absent night)" '"absent_groups": ["=East", "West"]'
says night/overview/index.html 'nobody of them is assessed'
says night/overview/index.html '<p>=East · West</p>'

# of many the first are named, the others counted
(cat roster.csv; for i in {1..70}; do echo "B$i,West $i,戊"; done) >many.csv
expect 0 "$HRA" run people.csv --roster many.csv -o many --key house.key --as-of 2026-11-20 -l zh
says many/overview/index.html '<p>=East · West · West 1 · .* · … [(][+]12[)]</p>'

grep -v 'A[345]' roster.csv >all_came.csv
expect 0 "$HRA" run people.csv --roster all_came.csv -o came --key house.key --as-of 2026-11-20 -l zh
silent_on err 'without anybody assessed'
silent_on came/run.json absent_groups
silent_on came/overview/index.html 'participation.csv'
finish
