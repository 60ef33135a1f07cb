#!/usr/bin/env bash
# Names and texts of a delivery cannot steer the terminal, a spreadsheet or a path.
. "$(dirname "$0")/lib.sh" "$1"

escape=$(printf '\033')
cat >people.csv <<DATA
person_id,group_id,sex,age,sbp,tc,${escape}[31mEVIL,"two
lines",$(printf '\302\233')31m
P1,../../outside,male,50,130,5.1,x,y,z
P2,=cmd()|x,male,51,131,5.2,x,y,z
P3,/abs,male,52,132,5.3,x,y,z
${escape}[31mP4,"new
line",=cmd(),53,133,5.4,x,y,z
P5,-2,male,-5,134,5.5,x,y,z
DATA
printf 'sex,age\n1,50\n' >"${escape}[2Jname.csv"

new_key house.key
expect 0 "$HRA" run people.csv -o night --key house.key
silent_on err "$escape"
silent_on night/import.txt "$escape"
silent_on night/import.txt "$(printf '\302\233')"
says night/import.txt '\?\[31mEVIL: no such variable'
says night/import.txt 'two lines: no such variable'
says night/persons.csv ",'=cmd\(\)\|x,"
says night/groups.csv "^'=cmd\(\)\|x,people,,,all,all,1,1,1"
says night/groups.csv '^-2,people'
says night/rejects.csv ",sex,sex,'=cmd\(\),"
says night/rejects.csv ',age,age,-5,'
find night -path night/groups -prune -o -printf '%f\n' | grep -vE '^[a-z_]+(\.[a-z0-9]+)*$' >strange
is "$(wc -l <strange)" 0 "group names make no files but their pages"
find night/groups -mindepth 1 -printf '%f\0' | tr '\0\n' '\n\0' | grep -avE '^[a-z0-9_=().]+-[0-9a-f]{8}\.html$' >strange
is "$(find night/groups -name '*.html' | wc -l)" 5 "a page for each group, also of the name with a line break"
is "$(wc -l <strange)" 0 "names of group pages are tame"
[ ! -e ../outside ] && [ ! -e outside ] || fail "a group name left the folder"

expect 0 "$HRA" import people.csv -o people.h5 --key house.key
silent_on err "$escape"
expect 0 "$HRA" explain people.csv --row 4
silent_on out "$escape"
expect 0 "$HRA" import "${escape}[2Jname.csv" -o name.h5
silent_on err "$escape\\[2Jname"
expect 0 "$HRA" info name.h5
silent_on out "$escape"
expect 5 "$HRA" score "${escape}[31mabsent.csv" -o x.csv
silent_on err "$escape"
printf 'model %s[31mx {\n' "$escape" >evil.hra
expect 3 "$HRA" score people.csv -o x.csv --definitions evil.hra
silent_on err "$escape"
finish
