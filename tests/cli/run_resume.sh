#!/usr/bin/env bash
# hra run --resume: a finished import is kept only if importing again would make the same.
. "$(dirname "$0")/lib.sh" "$1"

printf 'person_id,age,sex,sbp\nA1,52,male,140\nA2,44,female,999\n无,44,female,120\n' >people.csv
printf 'person_id,age,sex,sbp\nB1,33,female,110\n' >others.csv
new_key house.key
new_key second.key
run() { expect 0 "$HRA" run "$@" -o night -q; }
stamp() { stat -c %i night/population.h5; }
rows() { grep -oE '"rows": ?\{[^}]*\}' night/run.json | tr -d ' '; }

run people.csv --key house.key
first=$(stamp)
account=$(rows)
says night/run.json 'rejects.csv'
cp night/rejects.csv before.csv

run people.csv --key house.key --resume
is "$(stamp)" "$first" "the same files: the store is kept"
is "$(rows)" "$account" "rejected rows are still counted"
says night/run.json 'rejects.csv'
same night/rejects.csv before.csv

# everything that would change the store makes it anew
again() { # again WHAT ARGUMENTS...
    local old what=$1
    shift
    old=$(stamp)
    run "$@" --resume
    [ "$(stamp)" != "$old" ] || fail "the old store was kept although $what differs"
}
again 'the input' others.csv --key house.key
is "$(wc -l <night/persons.csv)" 2 "one person of others.csv"
again 'the input' people.csv others.csv --key house.key
is "$(wc -l <night/persons.csv)" 4
again 'the key' people.csv others.csv --key second.key
again 'the duplicate rule' people.csv others.csv --key second.key --duplicates last
again 'the issuer' people.csv others.csv --key second.key --duplicates last --issuer clinic
echo 'sbp = dbp' >a.map
again 'the map' people.csv others.csv --key second.key --map a.map
echo 'sbp = ignore' >a.map
again 'what stands in the map' people.csv others.csv --key second.key --map a.map
printf 'person_id,age,sex,sbp\nB1,34,female,110\n' >others.csv
again 'the content' people.csv others.csv --key second.key --map a.map
printf 'id = person_id\nage = age\nsex = sex\nsbp = sbp\n' >body
mkdir profiles
profile() { # profile LINE...: as confirmed
    { printf 'profile: a\nconfirmed: Li Wei 2026-11-22\nkind: checkup\nheader: person_id, age, sex, sbp\n%s\n---\n' "$1"
      cat body; } >profiles/a.profile
}
profile 'issuer: one'
again 'the profile' people.csv --key house.key --profiles profiles # it was a map before
profile 'issuer: two'
again 'what the profile says' people.csv --key house.key --profiles profiles
first=$(stamp)
run people.csv --key house.key --profiles profiles --resume
is "$(stamp)" "$first" "the same profile: the store is kept"
again 'a key map, which is made by reading' people.csv --key house.key --profiles profiles --key-map names.hkm
[ -s names.hkm ] || fail "no key map"
run people.csv others.csv --key second.key --map a.map
rm night/import.txt
again 'import.txt' people.csv others.csv --key second.key --map a.map
head -c 2000 night/population.h5 >cut && cp cut night/population.h5
run people.csv --key house.key --resume
is "$(rows)" "$account" "a damaged store is made anew"

# several sources: the urgent list tells of all of them once, and of nothing that is no longer there
printf 'person_id,age,sex,sbp\nA1,52,male,190\n' >people.csv
printf 'person_id,sbp\nA1,195\nA5,196\n' >answers.csv
joined() { run people.csv --questionnaire answers.csv --key house.key --as-of 2026-11-22 "$@"; }
listed() { cut -d, -f5,6,9 night/urgent.csv | sed 1d | sort | tr '\n' ' '; }
joined
is "$(listed)" "answers.csv,2,sbp 195 mmHg answers.csv,3,sbp 196 mmHg people.csv,2,sbp 190 mmHg "
first=$(stat -c %i night/intake/checkup.h5)
joined --resume
is "$(stat -c %i night/intake/checkup.h5)" "$first" "the same sources: the stores are kept"
printf 'person_id,sbp\nA1,120\nA5,196\n' >answers.csv
joined --resume
is "$(listed)" "answers.csv,3,sbp 196 mmHg people.csv,2,sbp 190 mmHg " "a source that was corrected"
rm night/urgent.csv
joined --resume
is "$(listed)" "answers.csv,3,sbp 196 mmHg people.csv,2,sbp 190 mmHg " "a list that was lost"
# nor does one of another day or in another language stay
joined --resume -l en
says night/urgent.csv ',Critical blood pressure .*,0,2026-11-22,new$'
joined --resume -l en
expect 0 "$HRA" run people.csv --questionnaire answers.csv --key house.key --as-of 2026-11-23 -o night -q -l en --resume
says night/urgent.csv ',0,2026-11-23,new$'
silent_on night/urgent.csv ',2026-11-22,'
# a run that was stopped between two sources: that of the second is as it was, but the list does not tell of it yet
printf 'person_id,age,sex,sbp\nA1,52,male,191\n' >people.csv
mv night/rejects_questionnaire.csv kept.csv && mkdir night/rejects_questionnaire.csv
expect 2 "$HRA" run people.csv --questionnaire answers.csv --key house.key --as-of 2026-11-22 -o night -q --resume
rmdir night/rejects_questionnaire.csv && mv kept.csv night/rejects_questionnaire.csv
joined --resume
is "$(listed)" "answers.csv,3,sbp 196 mmHg people.csv,2,sbp 191 mmHg " "a run stopped between two sources"
# nor is the list of other people taken for theirs, who were assessed into the same folder meanwhile
printf 'person_id,age,sex,sbp\nZ1,52,male,199\n' >third.csv
expect 0 "$HRA" run third.csv --key house.key --as-of 2026-11-22 -o night -q
joined --resume
is "$(listed)" "answers.csv,3,sbp 196 mmHg people.csv,2,sbp 191 mmHg " "another run in the folder"
expect 0 "$HRA" import third.csv --key house.key -o third.h5
expect 0 "$HRA" run third.h5 --as-of 2026-11-22 -o night -q
joined --resume
is "$(listed)" "answers.csv,3,sbp 196 mmHg people.csv,2,sbp 191 mmHg " "a run from a store in the folder"
# nor is a person without a roster's line in a group of the file's name, because there was no roster before
printf 'person_id,group_id\nA5,G5\n' >roster.csv
joined --roster roster.csv --resume
is "$(sed 1d night/persons.csv | cut -d, -f2 | sort | tr '\n' ' ')" " G5 " "groups are the roster's"

# a run that is stopped leaves no account or overview of the one before
expect 0 "$HRA" run people.csv -o night --key house.key
[ -e night/run.json ] && [ -e night/overview/urgent.html ] || fail "no account"
(ulimit -f 20 && exec "$HRA" run people.csv -o night --key house.key -q) >out 2>err && fail "no disk, and no failure"
[ ! -e night/run.json ] && [ ! -e night/overview/urgent.html ] || fail "the account of the run before stands"

# what a killed run left beside its output goes with the next run; files of a living one and of others stay
sleep 0 &
gone=$!
wait $gone
touch ".x.csv.$gone-abcdef" ".x.csv.$$-abcdef" ".xx.csv.$gone-abcdef" ".x.csv.$gone-abc" ".x.csv.old-abcdef"
expect 0 "$HRA" score people.csv -o x.csv -q
[ ! -e ".x.csv.$gone-abcdef" ] || fail "an abandoned temporary file stays"
for f in ".x.csv.$$-abcdef" ".xx.csv.$gone-abcdef" ".x.csv.$gone-abc" .x.csv.old-abcdef; do
    [ -e "$f" ] || fail "$f was removed"
done
finish
