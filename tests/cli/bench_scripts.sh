#!/usr/bin/env bash
# The scripts of bench/ that say whether peers computed the same, and that make the page: without any measuring.
. "$(dirname "$0")/lib.sh" "$1"
bench=$SOURCE/bench

# the peers' coefficients are those of the definitions: one person computed from them is what hra says
awk -f "$bench/peers/coefficients.awk" "$bench/ten_models.hra" >coefficients.csv || fail "coefficients.awk"
is "$(wc -l <coefficients.csv)" 21 "ten models of two sexes"
printf 'age,sex,sbp,tc,hdl,diabetes,bp_treated,smoking_status\n52,female,138,5.61,1.42,1,1,current\n61,male,121,4.9,1.1,0,0,never\n' >people.csv
expect 0 "$HRA" score people.csv -d "$bench/ten_models.hra" -m "$(seq -s, -f 'ten_%g' 0 9)" -o ours.csv --precision full -q
awk -F, 'function risk(age, sbp, tc, hdl, treated, smoker, diabetes) {
             lipids = $4 * log(tc / 0.02586) + $5 * log(hdl / 0.02586)
             rest = (treated ? $7 : $6) * log(sbp) + $8 * smoker + $9 * diabetes - $11
             return 1 - exp(log($10) * exp($3 * log(age) + lipids + rest)) }
         NR > 1 { value[$2, $1] = $2 ? risk(61, 121, 4.9, 1.1, 0, 0, 0) : risk(52, 138, 5.61, 1.42, 1, 1, 1) }
         END { for (male = -1; male < 2; male++) for (m = 0; m < 10; m++)
                   printf "%s%s", male < 0 ? "risk_" m : sprintf("%.17g", value[male, m]), m < 9 ? "," : "\n" }' \
    coefficients.csv >theirs.csv
compare() { awk -f "$bench/compare.awk" "$@"; }
set -- $(compare ours.csv theirs.csv) || fail "nothing compared"
is "$2 $3" "20 0" "compared, unlike"
awk -v d="$1" 'BEGIN { exit !(d < 1e-13) }' || fail "the coefficients give another risk: difference $1"

# a difference and a missing value are seen
printf 'risk_0,risk_1\n0.5,0.25\n' >a.csv
printf 'risk_0,risk_1\n0.5,0.26\n' >b.csv
printf 'risk_0,risk_1\n0.5,\n' >c.csv
printf 'id\n1\n' >d.csv
is "$(compare a.csv b.csv)" "0.01 2 0" "difference"
compare a.csv c.csv >seen && fail "a missing risk was not noticed"
is "$(cat seen)" "0 1 1" "unlike"
compare a.csv d.csv >seen && fail "nothing compared, and not noticed"

# sums by group become the table that the peers write, in the order of the groups
printf 'group,output,level,people,known,mean\nG0012,ten_0.risk,,9,7,0.25\nG0012,ten_1.risk,,9,7,0.5\nG0003,ten_0.risk,,4,4,0.125\n' >sums.csv
printf 'group,output,level,people,known,mean\nG0003,ten_0.category,low,4,1,\n' | tail -1 >>sums.csv
awk -f "$bench/groups.awk" sums.csv >groups.csv
is "$(sed -n 2p groups.csv)" "3,4,0.125,,,,,,,,,"
is "$(sed -n 3p groups.csv)" "12,7,0.25,0.5,,,,,,,,"
printf 'group_id,people,valued,risk_0,risk_1\n3,4,4,0.125,\n12,9,6,0.25,0.5\n' >peer.csv
is "$(compare groups.csv peer.csv)" "1 5 0" "another number of people with a risk is a difference"

# the page: parts that were measured are replaced, others stay
cat >bench.json <<'J'
{"date":"2026-11-22",
"version":"hra 9.9",
"rows":5000,
"measures":[
{"section":"limits","what":"file in the page cache, read","threads":1,"value":12000,"unit":"MB/s"},
{"section":"micro","what":"limit of ten models, 20 exp + 4 ln + 8 ns, avx512","threads":1,"value":20.00,"unit":"ns"},
{"section":"peers","what":"ten models, [all], groups","engine":"hra","threads":2,"rows":5000,"value":12345678,"unit":"rows/s","peak_mib":29.4,"bytes_per_row":50},
{"section":"peers","what":"ten models, [all], groups","engine":"Other","threads":2,"value":1000000,"unit":"rows/s","ratio":12.3456},
{"section":"peers","what":"ten models, [all], groups","engine":"hra","threads":1,"value":6000000,"unit":"rows/s","bytes_per_row":50}
]}
J
printf '# P\n<!-- measured: peers -->\nold peers\n<!-- end of peers -->\nkept\n<!-- measured: night -->\nold night\n<!-- end of night -->\n' >page.md
expect 0 "$bench/document" "$PWD/bench.json" "$PWD/page.md" "$PWD/picture.svg"
says page.md '^\| ten models, \[all\], groups \| hra \| 2 \| 12\.3 M \|  \|  \| 29 \|'
says page.md '^\| ten models, \[all\], groups \| Other \| 2 \| 1 M \|.*12\.3 x'
says page.md '^old night$'
says page.md '^kept$'
grep -q 'old peers' page.md && fail "the old table is still there"
says picture.svg 'page cache, read: 12.0 GB/s'
says picture.svg 'ten models, \[all\], groups: 6 million a second'
says picture.svg ': 50 million a second'
printf '<!-- measured: peers -->\nno end\n' >page.md
expect 2 "$bench/document" "$PWD/bench.json" "$PWD/page.md" "$PWD/picture.svg"
says err 'has no end'
is "$(cat page.md)" "$(printf '<!-- measured: peers -->\nno end')" "a page that cannot be written stays"

# arguments that make no sense are told before anything is built
expect 2 "$bench/run" --only peers,nonsense
says err "no section 'nonsense'"
expect 2 "$bench/run" --rows many
expect 2 "$bench/run" --rows
finish
