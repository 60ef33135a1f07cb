#!/usr/bin/env bash
# Sign-off and the trial of a change: the sheet, what counts when it comes back, who would change category.
. "$(dirname "$0")/lib.sh" "$1"

# ---- the sheet
cat >house.hra <<'HRA'
replace let threshold_chd = 0.075 {
  title "Alert threshold for coronary heart disease"  title.zh "冠心病提示阈值"
  source "decision of the medical board"  review product
}
HRA
expect 0 "$HRA" definitions review -o sheet.csv
says err '^0 of [0-9]+ declarations approved, [0-9]+ open$'
head -c 3 sheet.csv | od -An -tx1 | grep -q 'ef bb bf' || fail "no byte-order mark: spreadsheets would not read the Chinese"
says sheet.csv '^threshold_chd,let,'
says sheet.csv '^S01,prescription,'
says sheet.csv '^add_ldct,item,'

# a physician approves the threshold, the alert and all it names: here by hand, everything
awk -v OFS= '{ sub("\r$", "") } NR == 1 { print; next } { sub(",open,(b2-[0-9a-f]+),,,,,$", "&"); n = length($0)
    if (match($0, /,open,b2-[0-9a-f]+,,,,,$/)) print substr($0, 1, n - 5), ",approved,Dr Li,2026-01-05,2026-12-31,"; else print }' \
    sheet.csv >signed.csv
expect 2 "$HRA" definitions review --signoffs signed.csv -o again.csv
says err 'say with --as-of what day it is'
cp signed.csv signed.before
expect 2 "$HRA" definitions review --signoffs signed.csv --as-of 2026-06-01 -o signed.csv
says err 'signed.csv is an input: --output needs another name'
same signed.csv signed.before
expect 0 "$HRA" definitions review --signoffs signed.csv --as-of 2026-06-01 -o again.csv
says err '^([0-9]+) of \1 declarations approved$'
says again.csv ',approved,b2-[0-9a-f]+,approved,Dr Li,2026-01-05,2026-12-31,'

# the house rule changes a threshold: its sign-off ends, what names it waits, the rest stands
expect 0 "$HRA" definitions review -d house.hra --signoffs signed.csv --as-of 2026-06-01 -o again.csv
says err '^threshold_chd: changed since it was signed'
says err '^r_chd_alert: approved, but it names content that is not'
says err '1 changed'
says again.csv '^threshold_chd,.*,changed,b2-[0-9a-f]+,,,,,$'
# and time ends them all
expect 0 "$HRA" definitions review --signoffs signed.csv --as-of 2027-01-01 -o again.csv -q
expect 0 "$HRA" definitions review --signoffs signed.csv --as-of 2027-01-01 -o again.csv
says err '^0 of '
sed '2s/approved,Dr Li/maybe,Dr Li/' signed.csv >doubtful.csv
expect 4 "$HRA" definitions review --signoffs doubtful.csv --as-of 2026-06-01
says err "doubtful.csv:2: column 'decision'"

# ---- who would change category
expect 0 "$HRA" generate -n 3000 -s 7 -o people.h5 -q
cat >urate.hra <<'HRA'
replace factor r_ua_high {
  title "Hyperuricaemia"  title.zh "高尿酸血症"  group metabolic  severity mild
  when (sex == male and uric_acid > 420) or (sex == female and uric_acid > 360)
  source "decision of the medical board"  review product
}
factor house_rule { title "House rule"  title.zh "自定" group metabolic severity mild when uric_acid > 500 source "us" review product }
HRA
expect 0 "$HRA" definitions diff shipped shipped --on people.h5 -q
is "$(cat out)" "0 of 3000 people change: 0 in risk categories, 0 in findings, 0 in levels, 0 in advice and services"
expect 0 "$HRA" definitions diff shipped urate.hra --on people.h5 --as-of 2026-11-22 -o diff.csv
says out '^factor r_ua_high: [0-9]+ absent -> present$'
says out '^factor house_rule: [0-9]+ not computed -> absent; [0-9]+ not computed -> present'
says diff.csv '^tier,health_level,Health level,健康水平,standard,standard,[0-9]+$'
silent_on diff.csv '[0-9]{9}'
# counted by hand: score the same people twice
"$HRA" score people.h5 -o before.csv --factors -q && "$HRA" score people.h5 -o after.csv --factors -d urate.hra -q
column() { awk -F, -v name=r_ua_high 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) c = i } NR > 1 { print $c }' \
    <(awk -F'"' -v OFS= '{ for (i = 2; i <= NF; i += 2) gsub(",", ";", $i); print }' "$1"); }
moved=$(paste -d' ' <(column before.csv) <(column after.csv) | grep -c '^0 1$')
says out "^factor r_ua_high: $moved absent -> present$"
is "$(awk -F, '$2 == "health_level" { n += $7 } END { print n }' diff.csv)" 3000
# threads do not change the counts
expect 0 "$HRA" definitions diff shipped urate.hra --on people.h5 --as-of 2026-11-22 -o one.csv --threads 1 -q
same one.csv diff.csv
expect 2 "$HRA" definitions diff shipped urate.hra
expect 4 "$HRA" definitions diff shipped urate.hra --on sheet.csv

# ---- an urgent threshold that no value can reach
cat >unreachable.hra <<'HRA'
replace factor r_crit_k { title "Critical potassium" severity urgent when potassium >= 15 }
HRA
expect 3 "$HRA" definitions check unreachable.hra
says err "unreachable.hra:1:[0-9]+: urgent factor 'r_crit_k' can never be true"
finish
