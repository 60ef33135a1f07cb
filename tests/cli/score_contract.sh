#!/usr/bin/env bash
# What other programs rely on: columns, order, keys, statuses, precision, range policies of `hra score`.
. "$(dirname "$0")/lib.sh" "$1"

cat >people.csv <<'CSV'
person_id,age,sex,sbp,bp_treated,tc,hdl,smoking_status,diabetes,prior_mi,prior_chd,prior_stroke,prior_tia,prior_pad,prior_revasc
P-1,38,female,122,1,6.4,2.26,never,0,0,0,0,0,0,0
P-2,54,male,167,0,5.68,1.28,former,0,0,0,0,0,0,0
P-3,80,male,150,0,5.5,1.2,never,0,0,0,0,0,0,0
P-4,54,male,167,0,,1.28,former,0,0,0,0,0,0,0
P-5,54,male,167,0,5.68,1.28,former,0,1,0,0,0,0,0
P-6,54,male,167,0,5.68,1.28,former,0,,0,0,0,0,0
CSV
M=framingham_cvd_2008_lipid
expect 0 "$HRA" score people.csv -o full.csv --models $M --precision full
says full.csv "^person_id,$M\.risk,$M\.status"
is "$(cut -d, -f1 full.csv | tr '\n' ' ')" "person_id P-1 P-2 P-3 P-4 P-5 P-6 " "input order and keys"
awk -v a="$(cell full.csv 1 $M.risk)" -v b=0.025978168367433163 'BEGIN { d = a - b; exit !(d < 1e-12 && d > -1e-12) }' ||
    fail "person 1: $(cell full.csv 1 $M.risk)"
is "$(cell full.csv 1 $M.status)" ok
is "$(cell full.csv 3 $M.status)" outside_range
[ -n "$(cell full.csv 3 $M.risk)" ] || fail "compute policy must give a value"
is "$(cell full.csv 4 $M.status)" "missing:tc"
is "$(cell full.csv 4 $M.risk)" ""
is "$(cell full.csv 5 $M.status)" not_applicable
is "$(cell full.csv 5 $M.risk)" ""
is "$(cell full.csv 6 $M.status)" exclusion_unverified
[ -f full.csv.run.json ] || fail "no run report"
says full.csv.run.json '"scored": 6'
says full.csv.run.json '"blake3"'

# a store of results holds hashes only: a row without identifier is rejected, whichever it is
new_key gaps.key
printf 'person_id,age,sex,sbp\n,51,female,130\n1,50,male,120\n3,52,male,140\n' >gaps.csv
expect 0 "$HRA" score gaps.csv -o gaps.h5 --key gaps.key
says err "2 people scored"
says gaps.h5.rejects.csv "gaps.csv,2,"
expect 0 "$HRA" info gaps.h5
sed 1d gaps.csv | cut -d, -f2- | sed '1i age,sex,sbp' >nobody.csv
expect 0 "$HRA" score nobody.csv -o nobody.h5 --key gaps.key
says err "3 people scored"

# without the key hashes that stand among other identifiers are told with their line
printf 'person_id,age,sex,sbp\n00112233445566778899aabbccddeeff,51,female,130\nP-2,50,male,120\n' >mixed.csv
expect 2 "$HRA" score mixed.csv -o mixed.h5
says err "line 3: no hashed person key"

# a file without a place is told before the work, not after it
for option in --groups --report; do
    expect 5 "$HRA" score people.csv -o early.csv --models $M $option nowhere/x.csv
    says err "nowhere/x.csv"
    [ ! -e early.csv ] || fail "$option: results before it was told"
done

# nor for a store, whose definitions are read meanwhile: their faults are told first, and nothing is left
expect 0 "$HRA" import people.csv -o people.h5 --key gaps.key -q
echo 'model {' >faulty.hra
for threads in 1 2; do
    expect 5 "$HRA" score people.h5 --groups early.csv --report nowhere/x.json --models $M -t $threads
    says err "nowhere/x.json"
    expect 3 "$HRA" score people.h5 --groups early.csv --report nowhere/x.json --definitions faulty.hra -t $threads
    silent_on err "nowhere"
    is "$(find . -name '*early*')" "" "what is left with $threads threads"
    exec 9>early.csv.lock
    flock 9
    expect 7 "$HRA" score people.h5 --groups early.csv --models $M -t $threads
    says err "another run"
    exec 9>&-
    rm early.csv.lock
done

expect 0 "$HRA" score people.csv -o blank.csv --models $M --outside-range blank
is "$(cell blank.csv 3 $M.risk)" ""
is "$(cell blank.csv 3 $M.status)" outside_range
expect 0 "$HRA" score people.csv -o clamp.csv --models $M --outside-range clamp --precision full
is "$(cell clamp.csv 3 $M.status)" "clamped"
sed 's/^P-3,80/P-3,74/' people.csv >at74.csv
expect 0 "$HRA" score at74.csv -o at74.out.csv --models $M --precision full
is "$(cell clamp.csv 3 $M.risk)" "$(cell at74.out.csv 3 $M.risk)" "clamped to the limit"

# no id column: row numbers
cut -d, -f2- people.csv >noid.csv
expect 0 "$HRA" score noid.csv -o noid.out.csv --models $M
is "$(cut -d, -f1 noid.out.csv | tr '\n' ' ')" "person_id 1 2 3 4 5 6 "

# several models and outputs; a column the file lacks altogether is named
expect 0 "$HRA" score people.csv -o two.csv --models china_par_2016,who_cvd_2019_lab
says two.csv 'china_par_2016\.risk,china_par_2016\.status'
says two.csv 'who_cvd_2019_lab\.chd'
says two.csv 'missing:.*waist'
grep -q '"missing:[a-z_]*,[a-z_,]*' two.csv || fail "two missing names make one quoted cell"

# standard output, same text
expect 0 "$HRA" score people.csv -o - --models $M --precision full -q
same out full.csv

# refusals
expect 2 "$HRA" score people.csv -o result.xyz --models $M
expect 2 "$HRA" score people.csv --models $M
expect 2 "$HRA" score people.csv -o x.csv --models $M --outside-range sometimes
"$HRA" score people.csv -o x.csv --models no_such_model >out 2>err && fail "an unknown model must be refused"
says err no_such_model
[ ! -e x.csv ] || fail "a refused run left an output"
printf 'a,b\n1,2\n' >foreign.csv
expect 4 "$HRA" score foreign.csv -o x.csv --models $M
says err 'none of its 2 columns is known'
HRA_ISA=quantum "$HRA" score people.csv -o x.csv --models $M >out 2>err && fail "an unknown HRA_ISA must be refused"
says err quantum
# of two lists of models the second would be the only one
expect 2 "$HRA" score people.csv -o twice.csv -m china_par_2016 -m score2_2021
says err "given twice: '-m'"
expect 2 "$HRA" score people.csv -o twice.csv --models=china_par_2016 -m score2_2021
expect 2 "$HRA" score people.csv -o twice.csv -t 1 --threads 2
finish
