#!/usr/bin/env bash
# hra evaluate on a result store says what it says on CSV of the same run; and with outcomes in a table of their own.
. "$(dirname "$0")/lib.sh" "$1"

awk 'BEGIN {
    srand(7)
    print "id,age,sex,sbp,tc,hdl,bmi,smoking_status,bp_treated,diabetes,days,died,centre,w,code,=site"
    for (i = 1; i <= 400; i++) {
        age = 40 + int(rand()*340)/10
        t = -log(1 - rand())/exp(-5 + 0.1*age)*9000; c = 400 + rand()*6000
        printf "a%d,%s,%d,%d,%.2f,%s,%.1f,%s,%d,%d,%.17g,%d,%d,%s,0%d,%s\n", i, age, 1 + (i % 2), 100 + rand()*80, 3.5 + rand()*4,
            (i % 9 ? sprintf("%.2f", 0.8 + rand()) : ""), 19 + rand()*14, (i % 3 ? "never" : "current"), (i % 4 == 0), (i % 11 == 0),
            (t < c ? t : c), (t < c ? 1 : 0), 1 + i % 3, (i % 2 ? "0.1" : "1e-7"), 1 + i % 2, (i % 5 ? "\"north, n\"" : "")
    }
}' >cohort.csv
MODELS=framingham_cvd_2008_lipid,framingham_cvd_2008_bmi
KEEP=days,died,centre,w,code,site==site
TIMES="--time days --event died --horizon 3652"
expect 0 "$HRA" score cohort.csv -o risks.csv -m $MODELS --keep $KEEP --precision full -q
expect 0 "$HRA" score cohort.csv -o risks.h5 -m $MODELS --keep $KEEP --result-type f64 -q
new_key house.key
expect 0 "$HRA" import cohort.csv -o people.h5 --key house.key --keep $KEEP -q
expect 0 "$HRA" score people.h5 -o keyed.csv -m $MODELS --precision full -q
expect 0 "$HRA" score people.h5 -o keyed.h5 -m $MODELS --result-type f64 -q

# alike FIRST SECOND OPTION...: the same measures, tables and messages
alike() {
    local first=$1 second=$2
    shift 2
    expect 0 "$HRA" evaluate "$first" "$@" -o first.csv
    cp out first.out
    cp err first.err
    expect 0 "$HRA" evaluate "$second" "$@" -o second.csv
    same first.csv second.csv
    same first.out out
    same first.err err
}
alike risks.csv risks.h5 $TIMES
says first.csv '^,framingham_cvd_2008_lipid.risk,,3652,35[0-9],'
is "$(awk -F, 'NR > 1 && $3 == "" { print $2 }' first.csv | uniq | tr '\n' ' ')" \
    "framingham_cvd_2008_lipid.risk framingham_cvd_2008_bmi.risk " "models in the order of the run"
alike risks.csv risks.h5 $TIMES --by centre -w w
alike risks.csv risks.h5 $TIMES --by site --against framingham_cvd_2008_bmi.risk --common
alike risks.csv risks.h5 $TIMES --by framingham_cvd_2008_bmi.category
alike risks.csv risks.h5 $TIMES --status ok,exclusion_unverified,substituted --by code
alike risks.csv risks.h5 --event died --status ok
alike risks.csv risks.h5 --time days --event code -r framingham_cvd_2008_bmi.risk@2000 # 2: competing
alike keyed.csv keyed.h5 $TIMES --by framingham_cvd_2008_bmi.status
mkdir run
cp keyed.h5 run/results.h5
alike keyed.csv run $TIMES

# numbers of 32 bits are evaluated as they stand in the file
expect 0 "$HRA" score cohort.csv -o small.h5 -m $MODELS --keep $KEEP -q
expect 0 "$HRA" evaluate small.h5 $TIMES -o small.out -q
expect 0 "$HRA" evaluate risks.h5 $TIMES -o exact.out -q
paste -d, small.out exact.out | awk -F, 'NR > 1 && $7 == "expected" { d = $9/$22 - 1; n++; if (d == 0 || d*d > 1e-12) bad = 1 }
    END { exit bad || n != 2 }' || fail "32 bits"

# refused as in a table
expect 2 "$HRA" evaluate risks.h5 --event evnt -q
says err "risks.h5 has no column 'evnt'; it has "
expect 4 "$HRA" evaluate risks.h5 --event site -q
says err "risks.h5: row 1: column 'site' holds a text where a number is needed"
silent_on err north
expect 4 "$HRA" evaluate risks.h5 --event centre -q
says err "risks.h5: row 1: what column 'centre' holds is no outcome"
expect 4 "$HRA" evaluate risks.h5 --event framingham_cvd_2008_bmi.status -q
expect 2 "$HRA" evaluate keyed.h5 --event died -o keyed.h5 -q
says err 'would replace the table'
expect 4 "$HRA" evaluate people.h5 --event died -q

# outcomes from a registry: other order, other people, identifiers as they were imported
awk -F, 'NR == 1 { print "registry_no,days,died,centre2"; next } NR % 7 == 0 { next } { print $1 "," $11 "," $12 "," $13 }' cohort.csv >some.csv
{ head -1 some.csv; tail -n +2 some.csv | sort -t, -k2,2; echo x1,10,1,1; echo x2,20,0,2; } >registry.csv
cut -d, -f1-7 keyed.csv | head -1 | grep -q '^person_id,' || fail "the name of the identifier"
awk -F, 'NR > 1 && NR % 7 == 0 { $12 = "" } 1' OFS=, cohort.csv >blanked.csv
expect 0 "$HRA" score blanked.csv -o want.csv -m $MODELS --keep $KEEP --precision full -q
expect 0 "$HRA" evaluate want.csv $TIMES --by centre -o want_measures.csv -q
cut -d, -f1-10 risks.csv >alone.csv
JOIN="--outcomes registry.csv --id person_id=registry_no"
expect 0 "$HRA" evaluate alone.csv $JOIN $TIMES --by centre2 -o joined.csv
says err '400 people; 57 are not in the table of outcomes; 2 of the table have no risk here; left out: 57 without a known outcome'
same want_measures.csv joined.csv
expect 0 "$HRA" evaluate keyed.h5 $JOIN --key house.key $TIMES --by centre2 -o hashed.csv -q
same want_measures.csv hashed.csv
expect 0 "$HRA" evaluate risks.csv $JOIN $TIMES --by centre -w w -o third.csv -q
expect 0 "$HRA" evaluate want.csv $TIMES --by centre -w w -o fourth.csv -q
same third.csv fourth.csv

refused() { local status=$1 text=$2; shift 2; expect "$status" "$HRA" evaluate "$@" -q -o refused.csv; says err "$text"; [ ! -e refused.csv ] || fail "a file of what was refused"; }
{ cat registry.csv; echo a9,1,1,1; } >twice.csv
refused 4 "twice.csv: rows [0-9]+ and [0-9]+ have the same 'registry_no'" alone.csv --outcomes twice.csv --id person_id=registry_no $TIMES
{ cat registry.csv; echo A9,1,1,1; } >spelled.csv
refused 4 "spelled.csv: rows [0-9]+ and [0-9]+ have the same 'registry_no'" keyed.h5 --outcomes spelled.csv --id person_id=registry_no --key house.key $TIMES
{ cat alone.csv; sed -n 2p alone.csv; } >again.csv
refused 4 "again.csv: rows 1 and 401 have the same 'person_id'" again.csv $JOIN $TIMES
refused 4 "no 'person_id' of keyed.csv is among those of 'registry_no' in registry.csv; .*--key" keyed.csv $JOIN $TIMES
new_key other.key
refused 4 'hashed with this key' keyed.csv $JOIN $TIMES --key other.key
refused 2 "registry.csv has no column 'person_id'" alone.csv --outcomes registry.csv $TIMES
refused 2 'needs the table of --outcomes' alone.csv --event died --id person_id
refused 2 "by: both .* have a column 'centre2'" registry.csv --outcomes registry.csv --id registry_no $TIMES --by centre2
sed '4s/,[01],/,5,/' registry.csv >odd.csv
refused 4 "odd.csv: row 3: what column 'died' holds is no outcome" alone.csv --outcomes odd.csv --id person_id=registry_no $TIMES
expect 2 "$HRA" evaluate alone.csv $JOIN $TIMES -o registry.csv -q
says err 'would replace the table'
finish
