#!/usr/bin/env bash
# Who declined the assessment is not assessed, but is counted, listed, and told of what is urgent.
. "$(dirname "$0")/lib.sh" "$1"

new_key house.key
cat >people.csv <<'DATA'
person_id,group_id,branch,age,sex,sbp,dbp,exam_date,consent
A1,North,Wuhan,52,male,140,80,2026-03-01,1
A2,North,Wuhan,44,female,195,125,2026-03-02,0
A3,North,Wuhan,61,male,150,85,2026-03-02,
A4,South,Xian,47,female,120,75,2026-03-02,0
A5,South,Xian,33,male,118,75,2026-03-02,1
DATA
run() { "$HRA" run "$@" --key house.key --as-of 2026-11-20 -l en; }
assessed() { sed 1d "$1/persons.csv" | wc -l; }

expect 0 run people.csv -o night --branches
says err '^declined the assessment and not assessed: 2, listed in night/declined.csv$'
is "$(assessed night)" 3 "neither yes nor no is asked later"
is "$(sed 1d night/declined.csv | cut -d, -f2- | paste -sd' ')" 'no,North no,South'
is "$(stat -c %a night/declined.csv)" 600
says night/run.json '"rows": \{"in": 5, "scored": 3, "rejected": 0\}'
says night/run.json '"without_consent": \{"declined": 2, "not_asked": 0\}'
says night/run.json 'declined.csv'
says night/overview/run.html 'declined the assessment.*<dd>2'
declined=$(cell night/declined.csv 1 key)
says night/urgent.csv "^$declined,North,Wuhan,.*r_crit_bp"
for file in persons.csv rosters.csv; do silent_on "night/$file" "$declined"; done
"$HRA" info night/results.h5 >info && says info 'results, 3 rows'
says night/branches/Wuhan/index.html 'lists/urgent.xlsx'
says night/overview/urgent.html "$declined"

# what a stopped run has left out is not lost when it goes on, and not counted twice
expect 0 run people.csv -o night --resume -q
is "$(assessed night)" 3 resumed
says night/run.json '"rows": \{"in": 5, "scored": 3, "rejected": 0\}'
says night/run.json '"rows": 5, "rejected": 0, "imported": 5'
is "$(wc -l <night/declined.csv)" 3 "the list stays"
# nor is it when the run is made from its own store; with another rule what it holds is judged anew
expect 0 run night/population.h5 -o night -q
says night/run.json '"without_consent": \{"declined": 2, "not_asked": 0\}'
says night/urgent.csv "^$declined,"
expect 0 run night/population.h5 -o night --consent given -q
is "$(assessed night)" 2 "only who said yes"
says night/run.json '"without_consent": \{"declined": 0, "not_asked": 1\}'

# other rules
expect 0 run people.csv -o given --consent given
says err '^declined the assessment and not assessed: 2,'
says err '^not asked for consent and not assessed: 1, listed in given/declined.csv$'
is "$(assessed given)" 2 given
is "$(cut -d, -f2- given/declined.csv | paste -sd' ')" 'consent,group no,North ,North no,South'
expect 0 run people.csv -o night --consent all --resume -q
is "$(assessed night)" 5 "all, imported anew although asked to resume"
[ ! -e night/declined.csv ] || fail "the list of the earlier run stays"
silent_on night/run.json 'without_consent|declined.csv'
expect 2 run people.csv -o wrong --consent maybe
says err "--consent is not-declined, given or all, not 'maybe'"
cut -d, -f1-8 people.csv >unasked.csv
expect 0 run unasked.csv -o unasked -q
is "$(assessed unasked)" 5 "a file without the column"
expect 4 run unasked.csv -o nobody --consent given -q
says err 'no person was scored: 5 people have not consented to be assessed, see nobody/declined.csv'

# of several sources the roster's word counts, and who declined is examined but not assessed
cat >roster.csv <<'DATA'
person_id,group_id,branch,consent
A1,North,Wuhan,0
A2,North,Wuhan,1
A3,North,Wuhan,1
A6,North,Wuhan,0
DATA
expect 0 run people.csv --roster roster.csv -o joined
says err '^declined the assessment and not assessed: 2,'
is "$(assessed joined)" 3 joined
is "$(sed 1d joined/declined.csv | cut -d, -f2- | sort | paste -sd' ')" 'no,North no,South'
says joined/participation.csv '^North,4,3,0,2,0$'
says joined/join.txt '2  without consent to the assessment, so not written'
says joined/run.json '"people": \{"known": 6, "assessed": 3, "without_visit": 1, "left_out": 0\}'

# a store is not touched; the run has what remains of it beside its results
expect 0 "$HRA" import people.csv -o all.h5 --key house.key -q
cp all.h5 before.h5
expect 0 run all.h5 -o stored -q
same all.h5 before.h5
is "$(assessed stored)" 3 "from a store"
"$HRA" info stored/population.h5 >info && says info 'population store, 3 rows'
expect 0 "$HRA" report individual stored -o pages --all -q -l en
is "$(for archive in pages/*.zip; do unzip -l "$archive"; done | grep -c '[0-9a-f]\.html$')" 3 pages

# consent to the chronic-disease plan is another: who is not asked yet is invited, who declined is not
cat >plan.csv <<'DATA'
person_id,group_id,age,sex,sbp,dbp,hypertension,vip,pregnant,exam_date,consent_cdm
B1,North,52,male,160,100,1,0,0,2026-03-01,1
B2,North,52,male,160,100,1,0,0,2026-03-01,0
B3,North,52,male,160,100,1,0,0,2026-03-01,
DATA
expect 0 run plan.csv -o plan --register register.csv -q
is "$(cut -d, -f5-6,8 plan/register_changes.csv | sort | paste -sd' ')" \
    'from,to,rule none,enrolled,chronic_entry none,invited,chronic_invite none,refused,chronic_declined'
# the answer may come later
sed -i 's/^\(B3.*\),$/\1,0/' plan.csv
expect 0 "$HRA" run plan.csv -o later --register plan/register.csv --key house.key --as-of 2026-11-25 -q
is "$(cut -d, -f5-6,8 later/register_changes.csv | paste -sd' ')" 'from,to,rule invited,refused,chronic_declined'
finish
