#!/usr/bin/env bash
# The same bits: CSV and store, instruction sets, threads; with inputs of 17 digits.
. "$(dirname "$0")/lib.sh" "$1"

awk 'BEGIN {
    srand(7); print "person_id,age,sex,sbp,dbp,bp_treated,tc,hdl,ldl,tg,glucose_fasting,waist,height,bmi,smoking_status,diabetes,cigs_per_day,smoking_years,quit_years"
    split("never former current", s, " ")
    for (i = 1; i <= 3000; i++) {
        digits = i % 3 == 0 ? "%.17g" : "%.2f"
        k = 1 + int(rand() * 3)
        printf "Q%d,%d,%s,%d,%d,%d,", i, 30 + int(rand() * 50), rand() < 0.5 ? "male" : "female", 95 + int(rand() * 90), 60 + int(rand() * 40), rand() < 0.2
        printf digits "," digits "," digits "," digits "," digits ",", 3 + rand() * 4, 0.8 + rand() * 1.5, 1.5 + rand() * 3, 0.5 + rand() * 3, 4 + rand() * 4
        printf "%.1f,%.1f," digits ",%s,%d,%d,%d,%s\n", 60 + rand() * 50, 150 + rand() * 40, 18 + rand() * 15, s[k], rand() < 0.1, k > 1 ? 1 + int(rand() * 40) : 0, k > 1 ? int(rand() * 40) : 0, k == 2 ? int(rand() * 20) : 0
    }
}' >people.csv
expect 0 "$HRA" key new house.key
MODELS=$(ls "$SOURCE"/tests/vectors/*.csv | xargs -n1 basename | sed 's/\.csv$//' | paste -sd, -)
expect 0 "$HRA" score people.csv -o direct.csv --models "$MODELS" --precision full --threads 1 -q --key house.key
expect 0 "$HRA" import people.csv -o people.h5 --key house.key -q
expect 0 "$HRA" score people.h5 -o stored.csv --models "$MODELS" --precision full --threads 2 -q
same direct.csv stored.csv
for isa in avx512 avx2 scalar; do
    if HRA_ISA=$isa "$HRA" score people.csv -o $isa.csv --models "$MODELS" --precision full -q --key house.key 2>err; then
        same direct.csv $isa.csv
    else
        says err "$isa" # not on this processor: said so
    fi
done
[ "$(wc -l <direct.csv)" -eq 3001 ] || fail "rows were lost"
finish
