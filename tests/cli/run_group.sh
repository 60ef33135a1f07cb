#!/usr/bin/env bash
# The nightly run: a folder of files, one group each; everything comes out, nothing twice.
. "$(dirname "$0")/lib.sh" "$1"

mkdir incoming
head='person_id,age,sex,height,weight,waist,sbp,dbp,tc,hdl,ldl,tg,glucose_fasting,smoking_status,diabetes,hypertension,bp_treated'
{ echo "$head"
  echo 'A1,52,male,172,88,96,152,94,6.3,1.0,4.2,2.5,6.4,current,0,0,0'
  echo 'A2,34,female,160,52,68,112,70,4.6,1.6,2.5,0.9,4.9,never,0,0,0'
  echo 'A2,34,female,160,52,68,112,70,4.6,1.6,2.5,0.9,4.9,never,0,0,0'
  echo 'A3,61,male,168,70,86,999,80,5.0,1.2,3.0,1.4,5.5,former,0,1,1'; } >incoming/alpha.csv
{ echo "$head"; echo 'B1,47,female,158,60,80,128,82,5.4,1.4,3.3,1.2,5.6,never,0,0,0'; } >incoming/beta.csv
new_key house.key
expect 0 "$HRA" run incoming -o night --key house.key --language en --as-of 2026-11-21
says err '^people assessed: [0-9]+, groups: [0-9]+, rows rejected: [0-9]+; [0-9.]+ s for scoring'
says err '^by stage: quality of the data [0-9.]+ s, import of checkups [0-9.]+ s, .*assessment [0-9.]+ s, figures of the groups [0-9.]+ s, pages about the groups [0-9.]+ s$'
for f in population.h5 results.h5 persons.csv persons.jsonl.zst groups.csv groups.json rejects.csv import.txt run.json; do
    [ -s night/$f ] || fail "night/$f is missing"
done
is "$(($(wc -l <night/persons.csv) - 1))" 4 "three people of alpha, one of beta"
says night/persons.csv 'alpha'
says night/persons.csv 'r_bmi_obese'
says night/rejects.csv 'sbp'
says night/join.txt '1  rows that repeat another$'
silent_on night/persons.csv '^(A|B)[0-9]'
silent_on night/run.json 'A1|alpha.*sbp'
zstd -dcq night/persons.jsonl.zst >details.jsonl || fail "the packed file is damaged"
is "$(wc -l <details.jsonl)" 4
says details.jsonl '"information":\['
says details.jsonl '"prescriptions":\['
expect 0 "$HRA" run incoming -o gzipped --key house.key --language en --as-of 2026-11-21 --gzip-details -q
gzip -dc gzipped/persons.jsonl.gz | cmp - details.jsonl || fail "packed as gzip another text"
[ ! -e gzipped/persons.jsonl.zst ] || fail "packed twice"
expect 0 "$HRA" run incoming -o gzipped --key house.key --language en --as-of 2026-11-21 -q
[ ! -e gzipped/persons.jsonl.gz ] || fail "an earlier run's file stands beside the new one"
expect 0 "$HRA" run incoming -o gzipped --key house.key --language en --as-of 2026-11-21 -q --no-details
[ ! -e gzipped/persons.jsonl.zst ] || fail "an earlier run's file is still there"
says night/groups.csv '^alpha,people,,,all,all,3,3,3'
says night/groups.csv '^beta,people,,,all,all,1,1,1'
says night/groups.json '"group":"alpha"'
expect 0 "$HRA" info night
says out 'china_corporate.chd.risk'
expect 0 "$HRA" info night/results.h5
says out 'china_corporate.chd.risk'
is "$(stat -c %a night/population.h5)" 600
is "$(stat -c %a night/persons.csv)" 600

# the same input gives the same people and groups, also where its folder is written with a slash behind it
expect 0 "$HRA" run incoming/ -o night2 --key house.key --language en --as-of 2026-11-21 --threads 1 -q
same night/rejects.csv night2/rejects.csv
same night/persons.csv night2/persons.csv
same night/groups.csv night2/groups.csv
same night/groups.json night2/groups.json

# refusals
expect 2 "$HRA" run incoming --key house.key
"$HRA" run --help >help
for f in night/*; do
    name=${f##*/}
    [ -d "$f" ] && name=$name/
    grep -qE "[ ,;]$name([ ,;]|[A-Z]|\$)" help || fail "'hra run --help' does not name $name"
done
echo "$head" >headeronly.csv
expect 4 "$HRA" run headeronly.csv -o night5 --key house.key -q
says err 'no person was scored'
mkdir empty
"$HRA" run empty -o night3 --key house.key >out 2>err && fail "an empty folder must be refused"
says err 'no tables'
"$HRA" run incoming -o night4 >out 2>err && fail "identifiers without a key must be refused"
says err 'hra key new'
[ -e night4/quality ] && fail "a missing key must be told before everything is read"

# what a later stage would lack is said before the first one begins
for lacking in previous standard lecture-list participation previous-groups; do
    expect 4 "$HRA" run incoming -o night6 --key house.key --as-of 2026-11-21 --$lacking absent.csv -q
    says err "absent.csv"
done
expect 4 "$HRA" run incoming -o night6 --key absent.key --as-of 2026-11-21 -q
says err "absent.key"
expect 2 "$HRA" run incoming -o night6 --key house.key --register new.csv -q
says err 'give --as-of'
expect 2 "$HRA" run incoming --questionnaire incoming -o night6 --key house.key -q
says err 'give --as-of'
[ ! -e night6 ] || fail "work began though it could not end"
finish
