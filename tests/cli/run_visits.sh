#!/usr/bin/env bash
# One source in which people come again: the latest visit counts, urgent results of every visit are listed, nobody is lost.
. "$(dirname "$0")/lib.sh" "$1"
new_key house.key
night() { folder=$1; shift; expect 0 "$HRA" run "$@" --key house.key -o "$folder" -q; }
head_line=客户编号,单位,性别,年龄,体检日期,收缩压,舒张压,空腹血糖,总胆固醇,身高,体重
{
    echo "$head_line"
    echo A1,甲,男,50,2026-03-01,120,80,5.1,4.8,170,70
    echo A2,甲,男,51,2026-03-01,122,80,5.1,4.8,171,70
    echo A1,甲,男,50,2026-11-01,215,125,22.5,,170,71
    echo A2,甲,男,50,2025-12-01,210,120,5.1,4.8,171,70
    echo A3,甲,女,40,2019-05-01,118,76,5.0,4.4,160,55
    echo A4,甲,女,43,2026-10-01,119,76,5.0,,161,55
    echo A4,甲,女,36,2019-05-01,117,76,5.0,6.6,161,55
    echo A5,甲,女,43,2027-10-01,116,76,5.0,4.1,162,55
} >visits.csv
night one visits.csv --as-of 2026-11-22
is "$(grep -c r_crit_bp, one/urgent.csv)" 2 "urgent pressures of the latest and of an earlier visit"
is "$(grep -c r_crit_glu_hi one/urgent.csv)" 1 "an urgent glucose in the second row of a person"
says one/join.txt "window of 12 months before each person's latest visit"
is "$(wc -l <one/persons.csv)" 6 "everybody is there: also old checkups, and a day to come where there is no other"
is "$(wc -l <one/rejects.csv)" 1 "no row is rejected"
silent_on one/import.txt 'with a repeated identifier'
silent_on one/join.json 甲
[ ! -e one/participation.csv ] || fail "nobody said who was invited"
is "$(sed -n 's/^  "seconds"://p' one/run.json | grep -o '"import checkup"' | wc -l)" 1 "read twice, told as one stage"
zstdcat one/persons.jsonl.zst >one.jsonl
says one.jsonl '"exam_date":"2026-11-01".*"name":"sbp","label":"[^"]*","value":215.*"name":"tc","label":"[^"]*","value":4.8'
says one.jsonl '"exam_date":"2026-03-01".*"name":"sbp","label":"[^"]*","value":122'
says one.jsonl '"exam_date":"2019-05-01".*"name":"sbp","label":"[^"]*","value":118'
says one.jsonl '"exam_date":"2027-10-01".*"name":"sbp","label":"[^"]*","value":116'
silent_on one.jsonl '"value":6.6'
is "$(grep -c 'before the window' one/unmatched.csv)" 1 "the row that is too old is listed"
is "$(wc -l <one/unmatched.csv)" 2 "and nothing else"

# two deliveries say the same as one, whatever their names; without --as-of too
{ echo "$head_line"; sed -n 4p visits.csv; } >a_new.csv
{ echo "$head_line"; sed -n 2p visits.csv; } >b_old.csv
mkdir in profiles && mv a_new.csv b_old.csv in
printf 'profile: x\nkind: checkup\nprovider: X\nheader: %s\nconfirmed: Li Wei 2026-11-22\n---\nid = 客户编号\n' "$head_line" >profiles/x.profile
night two in --profiles profiles
is "$(grep -c r_crit two/urgent.csv)" 2
zstdcat two/persons.jsonl.zst >two.jsonl
says two.jsonl '"exam_date":"2026-11-01"'
mv in/a_new.csv in/c_new.csv
night three in --profiles profiles --rejects rejects.csv
cut -d, -f1,5- two/persons.csv >two.people
cut -d, -f1,5- three/persons.csv >three.people
same two.people three.people
is "$(wc -l <rejects.csv)" 1
[ ! -e three/rejects.csv ] || fail "rejects have the name that was given"

# where people come once, or a rule is given, one row stands as ever
sed -n '1p; 2p; 3p' visits.csv >once.csv
night once once.csv --as-of 2026-11-22
[ -e once/import.txt ] && [ ! -e once/join.txt ] || fail "nobody comes again, and visits are joined"
night first visits.csv --as-of 2026-11-22 --duplicates first
is "$(grep -c '编号重复出现' first/rejects.csv)" 3
[ ! -e first/join.txt ] || fail "--duplicates first was asked for"

says first/import.txt '1 of them of a later visit than the row that stands'
says err '^舍去的行中有 1 行的体检日期晚于同一人保留下来的那一行'
night latest visits.csv --as-of 2026-11-22 --duplicates latest
is "$(cut -d, -f2 latest/rejects.csv | tail -n +2 | tr '\n' ' ')" "2 5 8 "
silent_on err 体检日期晚于

# whichever row stands: what is urgent in the others is listed once, behind it, from any number of files
sort one/urgent.csv >urgent.all
for rule in first last latest reject; do
    for threads in 1 2; do
        night "$rule" visits.csv --as-of 2026-11-22 --duplicates $rule -t $threads
        sort "$rule/urgent.csv" >urgent.got
        same urgent.all urgent.got
        [ ! -e "$rule/intake" ] || fail "a store of the rows that were left out"
    done
done
night kept visits.csv --as-of 2026-11-22 --keep centre=单位
sort kept/urgent.csv | cut -d, -f1,3- >urgent.got
is "$(grep -c r_crit urgent.got)" 3 "with a column that is kept"
night split in --as-of 2026-11-22 --duplicates first
is "$(grep -c r_crit split/urgent.csv)" 2 "of two files"
cp split/urgent.csv urgent.before
rm split/run.json split/results.h5
night split in --as-of 2026-11-22 --duplicates first --resume
same urgent.before split/urgent.csv

# resuming gives the same, and imports nothing again
cp -r one again
rm again/run.json again/results.h5
store=$(stat -c %i again/intake/checkup.h5)
night again visits.csv --as-of 2026-11-22 --resume
is "$(stat -c %i again/intake/checkup.h5)" "$store" "the store of the visits is kept"
for name in persons.csv urgent.csv rejects.csv join.txt groups.csv; do same "one/$name" "again/$name"; done
says again/run.json 'rejects.csv'
cp once.csv visits.csv
night again visits.csv --as-of 2026-11-22 --resume
is "$(wc -l <again/persons.csv)" 3 "another content is imported"
finish
