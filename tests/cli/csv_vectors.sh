#!/usr/bin/env bash
# Text is read many rows and bytes at a time where it is plain. HRA_ISA=scalar reads cell by cell: both must leave the
# same store, the same rejects and the same report, byte for byte.
. "$(dirname "$0")/lib.sh" "$1"

new_key house.key
"$HRA" generate --rows 3000 --groups 3 --messy --split -o messy -q || exit 1
"$HRA" generate --rows 2000 --messy -o messy.csv -q || exit 1
"$HRA" generate --rows 1500 -o clean.csv -q || exit 1
sed 's/$/\r/' clean.csv >returns.csv

# cells that look plain and are not, in rows of every kind, among plain ones
awk 'BEGIN {
    n = split("5.60|5.6|5.|.5|5..6|5.6.|05.60|000000005.6|5.6000000|5.60000000|1e1|+5|-5|<5|5,6|\"5.6\"|\"5\"\"6\"|99999999|\
123456789|1234567890| 5.6|5.6 |５.６|5。6|0|00|0.0|.|..|-|x|未检|5.6/|5:6|5;6|5.6\t|/5.6|9.99|100.00|5.61|5.615", cell, "|")
    m = split("2024-02-29|2023-02-29|2024-13-01|2024-00-10|2024-04-31|1900-01-01|1899-12-31|9999-12-31|0000-01-01|1849-12-31|\
1850-01-01|2200-12-31|2201-01-01|2024/03/05|20240305|2024-3-5|2024-03-05 |2024-03-05T10:00|5-Mar-24|2024年3月5日|-024-03-05|\
2024-03-0a|2024-03:05|1000-01-01|1969-12-31|45000|2024-03|未检", date, "|")
    print "person_id,group_id,sex,age,sbp,tc,hdl,smoking_status,diabetes,birth_date,exam_date,education"
    srand(7)
    split("female|male|F|男|Female|x||femalefemalefemale", sex, "|")
    split("current|former|never|Never||1|currently-smoking-a-lot", smoking, "|")
    words = split("0|1|yes|2||阳性| 1|是|否|是是|Yes|未检|拒检|±|否 |无|不是|是否", flag, "|")
    for (i = 1; i <= 4000; i++) {
        plain = rand() < 0.8
        c = plain ? "5.62" : cell[int(n * rand()) + 1]
        row = sprintf("%s%07d,G%d,%s,%d,%s,%s,%s,%s,%s,%s,%s,%s", rand() < 0.02 ? "p" : "", rand() < 0.01 ? i - 1 : i, i / 50,
                      plain ? "male" : sex[int(8 * rand()) + 1], 30 + i % 50, rand() < 0.01 ? c : 110 + i % 40, c,
                      rand() < 0.3 ? "" : "1.2", plain ? "never" : smoking[int(7 * rand()) + 1],
                      plain ? (i % 3 ? "1" : "是") : flag[int(words * rand()) + 1],
                      plain ? sprintf("%d-%02d-%02d", 1940 + i % 60, i % 12 + 1, i % 31 + 1) : date[int(m * rand()) + 1],
                      rand() < 0.9 ? "2025-03-10" : date[int(m * rand()) + 1], rand() < 0.1 ? "" : "university")
        kind = rand()
        if (kind < 0.02) row = row ",7"
        else if (kind < 0.04) sub(/,[^,]*,[^,]*$/, "", row)
        else if (kind < 0.05) row = ""
        else if (kind < 0.06) row = ",,,"
        else if (kind < 0.07) row = "\"" row
        else if (kind < 0.08) sub(/G/, "\"G,\"", row)
        else if (kind < 0.09) row = row "\r"
        else if (kind < 0.10) sub(/G/, "G\r", row)
        else if (kind < 0.11) { long = row; for (k = 0; k < 5; k++) long = long long; sub(/G[0-9]*/, long, row); gsub(/,/, ".", long) }
        printf "%s\n", row
    }
    printf "9999999,G1,male,50,120,5.6,1.2,never,0,1975-01-02,2025-03-10,university" # no line end
}' >odd.csv

# NUL bytes at every place of a line, and a line of nothing else
awk 'BEGIN {
    print "person_id,group_id,sex,age,sbp,tc,hdl,smoking_status,diabetes"
    for (i = 1; i <= 600; i++) {
        row = sprintf("%07d,G1,female,%d,120,5.6,1.2,never,0", i, 30 + i % 50)
        if (i % 3 == 0) { at = i % (length(row) + 1); row = substr(row, 1, at) "@" substr(row, at + 1) }
        if (i % 100 == 50) row = "\"" substr(row, 1, 7) "\"" substr(row, 8)
        print row
        if (i == 300) print "@"
    }
}' | tr @ '\0' >nul.csv

# the same with all cells in quotes, and with some
sed 's/[^,]*/"&"/g' clean.csv >quoted.csv
sed 's/[^,"]*/"&"/g' odd.csv >odd_quoted.csv
awk -F, -v OFS=, '{ for (i = 1; i <= NF; i++) if ((NR + i) % 7 == 0) $i = "\"" $i "\""; print }' odd.csv >half_quoted.csv

# read NAME FILES...: stores of each instruction set
read_all() {
    local name=$1 isa
    shift
    for isa in scalar avx2 avx512; do
        mkdir -p $isa
        if ! HRA_ISA=$isa "$HRA" import "$@" -o $isa/$name.h5 --key house.key --report $isa/$name.json -q 2>err; then
            grep -q 'not an instruction set' err && continue
            head -3 err >&2
            fail "$name with $isa"
            continue
        fi
        sed -E 's/"seconds":[0-9.]*//; s/"peak_kib":[0-9]*//; s/"output":"[a-z0-9]*//' $isa/$name.json >$isa/$name.report
        [ $isa = scalar ] && continue
        same scalar/$name.h5 $isa/$name.h5
        same scalar/$name.h5.rejects.csv $isa/$name.h5.rejects.csv
        same scalar/$name.report $isa/$name.report
    done
}
read_all messy_zh messy/*.csv
read_all messy messy.csv
read_all clean clean.csv
read_all returns returns.csv
read_all odd odd.csv
read_all quoted quoted.csv
read_all odd_quoted odd_quoted.csv
read_all half_quoted half_quoted.csv
read_all nul nul.csv
is "$(tail -n +2 scalar/nul.h5.rejects.csv | grep -c 'NUL')" 201
[ "$(wc -l <scalar/odd.h5.rejects.csv)" -gt 300 ] || fail "odd rows were not odd enough"

# scoring the text at once takes the same path; here identifiers may be missing
for isa in scalar avx2; do
    HRA_ISA=$isa "$HRA" score odd.csv -o $isa/odd.csv --models framingham_chd_1998_ldl -q --rejects $isa/odd.rejects 2>err || {
        grep -q 'not an instruction set' err || fail "score with $isa"
        continue
    }
    same scalar/odd.csv $isa/odd.csv
    same scalar/odd.rejects $isa/odd.rejects
done
finish
