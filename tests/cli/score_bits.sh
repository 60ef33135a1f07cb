#!/usr/bin/env bash
# The same bits: CSV and store, instruction sets, threads; with inputs of 17 digits.
. "$(dirname "$0")/lib.sh" "$1"

awk 'function number(low, width, digits) { return sprintf(digits, low + rand() * width) }
BEGIN {
    srand(7); split("never former current", status, " ")
    print "person_id,age,sex,sbp,dbp,bp_treated,diabetes,tc,hdl,ldl,tg,glucose_fasting,bmi,waist,height,smoking_status,cigs_per_day,smoking_years,quit_years"
    for (i = 1; i <= 3000; i++) {
        digits = i % 3 == 0 ? "%.17g" : "%.2f"
        k = 1 + int(rand() * 3)
        row = "Q" i "," int(30 + rand() * 50) "," (rand() > 0.5 ? "male" : "female") "," int(95 + rand() * 90) "," int(60 + rand() * 40)
        row = row "," (rand() > 0.8 ? 1 : 0) "," (rand() > 0.9 ? 1 : 0)
        row = row "," number(3, 4, digits) "," number(0.8, 1.5, digits) "," number(1.5, 3, digits) "," number(0.5, 3, digits)
        row = row "," number(4, 4, digits) "," number(18, 15, digits) "," number(60, 50, "%.1f") "," number(150, 40, "%.1f")
        row = row "," status[k] "," (k > 1 ? int(1 + rand() * 40) : 0) "," (k > 1 ? int(rand() * 40) : 0) "," (k == 2 ? int(rand() * 20) : 0)
        print row
    }
}' >people.csv
new_key house.key
MODELS=$("$HRA" models list --json | sed -n 's/^{"id":"\([^"]*\)".*/\1/p' | paste -sd, -)
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
