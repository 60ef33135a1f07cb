#!/usr/bin/env bash
# hra run --resume: a finished import is kept only if importing again would make the same.
. "$(dirname "$0")/lib.sh" "$1"

printf 'person_id,age,sex,sbp\nA1,52,male,140\nA2,44,female,999\nA2,44,female,120\n' >people.csv
printf 'person_id,age,sex,sbp\nB1,33,female,110\n' >others.csv
"$HRA" key new house.key >/dev/null 2>&1 || exit 1
"$HRA" key new second.key >/dev/null 2>&1 || exit 1
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
rm night/import.txt
again 'import.txt' people.csv others.csv --key second.key --map a.map
head -c 2000 night/population.h5 >cut && cp cut night/population.h5
run people.csv --key house.key --resume
is "$(rows)" "$account" "a damaged store is made anew"

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
