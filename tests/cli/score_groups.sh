#!/usr/bin/env bash
# hra score --groups: sums by group, from a store and from CSV, the same for any number of threads; alone, nothing about people.
. "$(dirname "$0")/lib.sh" "$1"

expect 0 "$HRA" generate --rows 30000 --groups 12 --seed 8 -o p.h5 -q
M=china_par_2016,rule_china_2021
expect 0 "$HRA" score p.h5 --groups alone.csv --models $M --threads 1 -q
[ -s alone.csv.run.json ] || fail "no run report"
is "$(stat -c %a alone.csv)" 600
is "$(ls | grep -c 'h5$')" 1 "no results by person"
says alone.csv "^group,output,level,people,known,count,mean,ok,substituted,outside_range,clamped,missing,"
expect 0 "$HRA" score p.h5 --groups both.csv -o all.csv --models $M --threads 3 -q
same alone.csv both.csv
# a result store does not keep the statuses of flags, the sums count them
expect 0 "$HRA" score p.h5 --groups flags.csv --factors -q
expect 0 "$HRA" score p.h5 --groups flags_stored.csv -o flags.h5 --factors -q
same flags.csv flags_stored.csv
rm flags*

# the people of the CSV, added up (the columns before a status, which may hold commas)
awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    $at["china_par_2016.risk"] != "" { n++; sum += $at["china_par_2016.risk"] }
    $at["china_par_2016.status"] == "ok" { ok++ }
    END { printf "%d %d %.4f %d\n", NR - 1, n, sum / n, ok }' all.csv >people
expect 0 "$HRA" score p.h5 -o met.csv --models rule_china_2021 -q
awk -F, '$2 == 1 { n++ } END { print n }' met.csv >>people
awk -F, '$2 == "china_par_2016.risk" { p += $4; n += $5; sum += $5 * $7; ok += $8 }
    $2 == "rule_china_2021.met" { met += $6 }
    END { printf "%d %d %.4f %d\n%d\n", p, n, sum / n, ok, met }' alone.csv >groups
same people groups

# a category has a line for each level, and the levels are all that is known
awk -F, '$2 == "china_par_2016.category" { known[$1] = $5; levels[$1] += $6 }
    END { for (g in known) { n++; if (known[g] != levels[g]) bad = 1 } print n, bad + 0 }' alone.csv >levels
is "$(cat levels)" "12 0"

# CSV input, names of groups that a spreadsheet would compute, nobody's group
cat >few.csv <<'END'
person_id,group_id,age,sex,sbp,tc,hdl,waist,smoking_status,diabetes,bp_treated,region,urban,family_history_ascvd
a,=1+1,50,male,130,5,1.2,90,never,0,0,north,1,0
b,=1+1,60,female,130,5,1.2,90,never,0,0,north,1,0
c,,60,female,130,5,1.2,90,never,0,0,north,1,0
END
expect 0 "$HRA" score few.csv --groups few_groups.csv --models china_par_2016 -q
says few_groups.csv "^'=1\+1,china_par_2016.risk,,2,"
says few_groups.csv "^,china_par_2016.risk,,1,"

# of the store only what is needed is read
echo 'model echo { title "Age" old = if(age > 60, 1, 0) }' >echo.hra
expect 0 "$HRA" score p.h5 --groups g.csv -d echo.hra -m echo -q
bytes=$(sed -n 's/.*"bytes_read": \([0-9]*\).*/\1/p' g.csv.run.json)
[ "${bytes:-0}" -gt 30000 ] && [ "$bytes" -lt $(($(stat -c %s p.h5) / 10)) ] || fail "bytes_read is ${bytes:-none}"

expect 2 "$HRA" score p.h5 --models $M -q
says err "or --groups FILE.csv"
expect 2 "$HRA" score p.h5 --groups g.h5 --models $M -q
expect 2 "$HRA" score p.h5 --groups g.csv -o r.h5 --resume --models $M -q
says err "cannot be combined with --resume"
finish
