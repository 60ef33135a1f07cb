#!/usr/bin/env bash
# hra export research: only who agreed, nothing that names anybody, no combination that few share, the same ids each time.
. "$(dirname "$0")/lib.sh" "$1"

new_key house.key
new_key research.key
expect 0 "$HRA" generate --rows 3000 --seed 4 --groups 3 -o people.csv -q
agree people.csv
expect 0 "$HRA" run people.csv -o night --key house.key --as-of 2026-11-21 --no-details -q
store=night/population.h5
export_to() { # FILE ARGUMENTS...: with the research key
    local file=$1
    shift
    expect 0 "$HRA" export research "$@" -o "$file" --key-file research.key
}

# who agreed and nobody else; the facts beside the table
export_to cohort.csv $store night
agreed=$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "consent_research") c = i } NR > 1 && $c == 1' people.csv | wc -l)
says err "people in cohort.csv; of 3000, $((3000 - agreed)) did not agree"
says cohort.csv.json "\"agreed\": $agreed,"
written=$(($(wc -l <cohort.csv) - 1))
left_out=$(sed -n 's/.*"in_small_cells": \([0-9]*\).*/\1/p' cohort.csv.json)
is $((written + left_out)) "$agreed" "nobody is lost"
[ "$written" -gt 1000 ] || fail "only $written people"
for file in cohort.csv cohort.csv.columns.csv cohort.csv.json; do is "$(stat -c %a $file)" 600 "mode of $file"; done
is "$(sed 1d cohort.csv.columns.csv | cut -d, -f1 | paste -sd,)" "$(head -1 cohort.csv)" "the dictionary's columns"
says cohort.csv.columns.csv '^sbp,收缩压,Systolic pressure,mmHg'
says cohort.csv.json '"input_hash": "[0-9a-f]{64}"'
says cohort.csv.json '"results_as_of": "2026-11-21"'

# small: combinations of who and where that fewer than the given number share, and the exact form of these cells
small() {
    awk -F, -v least="$2" 'NR > 1 { n[$2 "," $3 "," $4 "," $5 "," $6]++ } END { for (c in n) if (n[c] < least) print c, n[c] }' "$1"
}
is "$(small cohort.csv 11)" "" "small cells"
is "$(sed 1d cohort.csv | cut -d, -f2-6 | grep -vcE '^(female|male)?,([0-9]+-[0-9]+|[0-9]+\+)?,([0-9]{2})?,(north|south)?,(20[0-9]{2})?$')" 0
says cohort.csv '^[0-9a-f]{32},female,[0-9]+-[0-9]+,[0-9]+,(north|south),2025,'
says cohort.csv.json '"without_place": [1-9]'

# rare answers: no level of a category or flag that fewer than eleven have
rare=$(awk -F, 'NR == FNR { if ($0 ~ /rare answers/) told[$1] = 1; next }
    FNR == 1 { for (i = 1; i <= NF; i++) if (told[$i]) name[i] = $i; next }
    { for (i in name) if ($i != "") n[name[i] "=" $i]++ } END { for (a in n) if (n[a] < 11) print a }' cohort.csv.columns.csv cohort.csv)
is "$rare" "" "rare answers"
says cohort.csv.json '"rare_answers_left_blank": \[\{"column"'

# nothing that names anybody, no day, no exact age, no order of the store
header=$(head -1 cohort.csv)
for column in person_id name id_card group_id branch department exam_date birth_date age consent vip north; do
    case ",$header," in *",$column,"*) fail "$column is told" ;; esac
done
silent_on cohort.csv '[0-9]{4}-[0-9]{2}-[0-9]{2}'
expect 0 "$HRA" score $store -o scored.csv -m framingham_cvd_2008_bmi -q
cut -d, -f1 scored.csv | grep -E '^[0-9a-f]{32}$' >keys
is "$(wc -l <keys)" 3000 "person keys of the store"
is "$(grep -cFf keys cohort.csv)" 0 "person keys"
sed 1d people.csv | cut -d, -f2 | sort -u >groups
is "$(cat cohort.csv cohort.csv.json cohort.csv.columns.csv | grep -cwFf groups)" 0 "group names"
sed 1d cohort.csv | LC_ALL=C sort -c || fail "the order is not that of the ids"

# values and risks are the person's own: joined by what the test alone knows, the whole row of measurements
expect 0 "$HRA" score people.csv -o scores.csv -p china_corporate --as-of 2026-11-21 -q
sed 's/"[^"]*"/quoted/g' scores.csv >exact.csv
awk -F, 'FNR == 1 { for (i = 1; i <= NF; i++) col[FILENAME, $i] = i; next }
    function of(name) { return $col[FILENAME, name] }
    function key() { return of("sex") " " (of("sbp") + 0) " " (of("tc") + 0) " " (of("weight") + 0) " " (of("alt") + 0) " " (of("uric_acid") + 0) }
    FILENAME == "exact.csv" { risk[$1] = of("china_corporate.chd.risk"); next }
    FILENAME == "people.csv" { twice[key()]++; person[key()] = $1; age[key()] = of("age"); next }
    twice[key()] == 1 {
        known++
        want = risk[person[key()]]; got = of("china_corporate.chd.risk")
        if ((want == "") != (got == "") || (want - got) ^ 2 > 0.0050001 ^ 2) print "risk", want, got
        split(of("age_band"), band, "-")
        if (of("age_band") ~ /-/ && (age[key()] < band[1] || age[key()] > band[2])) print "age", age[key()], of("age_band")
    }
    END { if (known < 500) print "only", known }' exact.csv people.csv cohort.csv >wrong
is "$(head -3 wrong)" "" "values of the wrong person"

# the same bytes each time; another year of the same people keeps its ids; another key gives others
export_to again.csv $store night -q
same cohort.csv again.csv
same cohort.csv.json again.csv.json
sed 's/2025-/2024-/' people.csv | tac | awk 'NR == 1 { last = $0 } { line[NR] = $0 } END { print line[NR]; for (i = 1; i < NR; i++) print line[i] }' >earlier.csv
expect 0 "$HRA" import earlier.csv -o earlier.h5 --key house.key -q
export_to earlier.out.csv earlier.h5 night -q # the results of the other file, in the other order: found by key
cut -d, -f1 cohort.csv | sort >ids
cut -d, -f1 earlier.out.csv | sort | comm -12 ids - >both
[ "$(wc -l <both)" -gt $((written * 9 / 10)) ] || fail "ids of two years: $(wc -l <both) of $written"
join -t, <(cut -d, -f1 both) <(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "china_corporate.chd.risk") c = i } { print $1 "," $c }' cohort.csv | sort) >risks
join -t, <(cut -d, -f1 both) <(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "china_corporate.chd.risk") c = i } { print $1 "," $c }' earlier.out.csv | sort) >risks.earlier
same risks risks.earlier
new_key other.key
expect 0 "$HRA" export research $store -o other.csv --key-file other.key -q
cut -d, -f1 other.csv | sed 1d | sort | comm -12 ids - >both
is "$(wc -l <both)" 0 "ids under another key"
case ",$(head -1 other.csv)," in *risk*) fail "risks without results" ;; esac

# a policy of the house: another number, other columns; faults of it
sed 's/^smallest_cell,11/smallest_cell,40/; /^leave_out,vip/d; s/^band,pack_years.*/leave_out,pack_years,,/' "$SOURCE/datasets/research_policy.csv" >house.csv
export_to forty.csv $store --policy house.csv -q
is "$(small forty.csv 40)" "" "cells of fewer than 40"
[ -n "$(small cohort.csv 40)" ] || fail "the number of the policy changes nothing"
case ",$(head -1 forty.csv)," in *,pack_years,*) fail "pack_years is told" ;; *,vip,*) ;; *) fail "vip is not told" ;; esac
sed 's/^smallest_cell,40/smallest_cell,5000/' house.csv >nobody.csv
expect 4 "$HRA" export research $store -o none.csv --key-file research.key --policy nobody.csv
says err "nobody can be told: of 3000 people $agreed agreed"
echo 'band,colour,,' >>house.csv
expect 4 "$HRA" export research $store -o none.csv --key-file research.key --policy house.csv
says err "house.csv:[0-9]+: band: 'colour' is not a variable"

# refused, and nothing is left behind
expect 2 "$HRA" export research $store -o none.csv
says err 'hra key new research.key'
expect 2 "$HRA" export research $store --key-file research.key
expect 2 "$HRA" export research -o none.csv --key-file research.key
expect 7 "$HRA" export research $store -o none.csv --key-file house.key
says err 'is the key the store was made with'
expect 4 "$HRA" export research people.csv -o none.csv --key-file research.key
expect 5 "$HRA" export research $store -o none.csv --key-file absent.key
expect 5 "$HRA" export research $store -o absent/none.csv --key-file research.key
cp $store copy.h5
expect 2 "$HRA" export research copy.h5 -o copy.h5 --key-file research.key
cp research.key table.json
expect 2 "$HRA" export research copy.h5 -o table --key-file table.json
same copy.h5 $store
same research.key table.json
expect 0 "$HRA" run people.csv -o elsewhere --key other.key --as-of 2026-11-21 --no-details -q
expect 7 "$HRA" export research $store elsewhere -o none.csv --key-file research.key
says err 'different keys'
awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "consent_research") c = i } { $c = NR == 1 ? "unused" : ""; print }' people.csv >unasked.csv
expect 0 "$HRA" import unasked.csv -o unasked.h5 --key house.key -q
expect 4 "$HRA" export research unasked.h5 -o none.csv --key-file research.key
says err 'has no consent_research'
expect 0 "$HRA" generate --rows 3000 --seed 4 --groups 3 -o nameless.h5 -q
expect 4 "$HRA" export research nameless.h5 -o none.csv --key-file research.key
says err 'no hashed person key'

# somebody who stands in a store twice, as no import leaves it
if /usr/bin/python3 -c 'import h5py' 2>/dev/null; then
    /usr/bin/python3 - "$store" <<'END'
import h5py, shutil, sys
shutil.copy(sys.argv[1], 'twice.h5')
with h5py.File('twice.h5', 'r+') as f:
    f['person/key'][7] = f['person/key'][2000]
    del f.attrs['content_hash'], f['person/key'].attrs['chunk_crc32']
END
    expect 4 "$HRA" export research twice.h5 -o none.csv --key-file research.key
    says err 'holds 1 people more than once'
fi
is "$(ls -A | grep -cE '^none|^\.hra|absent')" 0 "what refused exports left"
# what the store has and the table cannot have is told: a kept column, and a variable whose definition is not given
echo 'variable chain { type measure unit "mg/dL" decimals 2 plausible 0.2..10 hard 0.01..99 title "Light chain" }' >own.hra
awk -F, 'BEGIN { print "person_id,age,sex,consent_research,chain,died" } { printf "k%d,60,%d,1,1.%02d,0\n", NR, 1 + NR % 2, NR % 90 }' <people.csv |
    head -60 >chains.csv
expect 0 "$HRA" import chains.csv -o chains.h5 --key house.key --keep died -d own.hra -q
export_to chains_out.csv chains.h5
says err 'not in the table, because it was kept .* \(-d FILE\): chain, died$'
export_to chains_out.csv chains.h5 -d own.hra
says err 'not in the table.*: died$'
says chains_out.csv '^research_id,.*,chain$'
finish
