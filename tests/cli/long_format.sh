#!/usr/bin/env bash
# Long files: one row per person and test item becomes one row per person and day; the same results as the wide file.
. "$(dirname "$0")/lib.sh" "$1"

cat >lab.map <<'DATA'
long: id = vid, date = exam date, item = table_id, value = field_results, unit = unit
item 0101 = sex
item 0102 = tc [mmol/L]
item 0103 = sbp / dbp, repeats = first
item 0104 = heart_rate, repeats = mean
item 0105 = diabetes
item 0106 = smoking_status
item 0107 = ignore
item 0108 = tg [mmol/L], repeats = last
item 0109 = department, repeats = join
0105: 阴性 = no, 阳性 = yes
exam date = exam_date
DATA
cat >lab.csv <<'DATA'
report of a laboratory,,,,,
vid,age,exam date,table_id,field_results,unit
a1,52,2026-01-05,0101,男,
a1,52,2026-01-05,102,5.20,mmol/L
a2,61,2026-01-06,0101,女,
a1,52,2026-01-05,0103,130/85,mmHg
a1,52,2026-01-05,0103,120/80,mmHg
A1 ,,2026-01-05,0104,70,
a1,52,2026-01-05,0104,73,
a1,52,2026-01-05,0105,阴性,
a2,61,2026-01-06,0102,201,mg/dL
a2,61,2026-01-06,0105,阳性,
a2,61,2026-01-06,0105,unclear,
a2,61,2026-01-06,0106,"从不吸烟",
a1,52,2026-01-05,0107,whatever,
a1,52,2026-01-05,0108,0.28,
a1,52,2026-01-05,0108,0.31,
a1,52,2026-01-05,0108,,
a1,52,2026-01-05,9999,1.0,
a3,47,2026-01-06,0102,5.01,furlong
a3,47,2026-01-06,9999,1.0,
a3,47,2026-01-06,0109,"Sales, ""North""",
a3,47,2026-01-06,0109,night,
,47,2026-01-06,0102,5.5,mmol/L
a1,52,2026-06-07,0102,4.44,mmol/L
vid,age,exam date,table_id,field_results,unit
a3,47,2026-01-06,0102,5.5,mmol/L,more
a2,61,2026-01-06,0103,"1
DATA
new_key house.key
expect 0 "$HRA" import lab.csv -o lab.h5 --map lab.map --key house.key --duplicates all --report report.json
says err '9 rows, 5 rejected, put together from 26 rows of a long file \(2 of items without a meaning, 4 repeated\)'
says report.json '"long_rows":26,"unknown_items":2,"repeats":4'

# what cannot be read is told with the line of the long file it stands on
says lab.h5.rejects.csv 'lab.csv,13,0105,diabetes,unclear'
says lab.h5.rejects.csv 'lab.csv,20,0102,tc,5.01 furlong'
says lab.h5.rejects.csv 'lab.csv,19,,,.*9999.*no item line'
says lab.h5.rejects.csv 'lab.csv,24,,,.*no identifier'
says lab.h5.rejects.csv 'lab.csv,26,,,.*repeats the header'
says lab.h5.rejects.csv 'lab.csv,27,,,.*more cells'
says lab.h5.rejects.csv 'lab.csv,28,,,.*not closed'
is "$(grep -c 9999 lab.h5.rejects.csv)" 1 "an unknown item is told once"

# the same people in a wide file give the same results, the values bit by bit
cat >wide.csv <<'DATA'
vid,age,exam_date,sex,TC(mmol/L),TC2,sbp,dbp,heart_rate,diabetes,smoking_status,tg,department
a1,52,2026-01-05,男,5.20,,130,85,71.5,否,,0.31,
a2,61,2026-01-06,女,,201 mg/dL,,,,,从不吸烟,,
a3,47,2026-01-06,,,,,,,,,,"Sales, ""North"";night"
a1,52,2026-06-07,,4.44,,,,,,,,
DATA
cat >wide.map <<'DATA'
first_known("TC(mmol/L)", TC2) = tc [mmol/L]
DATA
cat >show.hra <<'DATA'
model shown { title "Shown" disease cvd outcome "shown" horizon 10 years source "test"
  a = age  b = sbp  c = dbp  d = tc  e = heart_rate  f = if(diabetes, 1, 0)  g = number(smoking_status)  h = tg
  i = number(sex)  j = years_between(exam_date, as_of)  risk = 0.5 }
DATA
expect 0 "$HRA" import wide.csv -o wide.h5 --map wide.map --key house.key --duplicates all -q
for f in lab wide; do
    expect 0 "$HRA" score $f.h5 -o $f.csv.out.csv --models shown --definitions show.hra --precision full --as-of 2036-01-01 -q
done
same lab.csv.out.csv wide.csv.out.csv
is "$(wc -l <lab.csv.out.csv)" 5

# scored directly the same values
expect 0 "$HRA" score lab.csv -o direct.csv --map lab.map --models shown --definitions show.hra --precision full \
    --as-of 2036-01-01 -q
grep -E '^(a1|a2|a3)' direct.csv | cut -d, -f2- >got
tail -n +2 lab.csv.out.csv | cut -d, -f2- >want
same want got

# mistakes in the map
bad() { # bad MESSAGE LINE...: these lines as the map
    local message=$1
    shift
    printf '%s\n' "$@" >bad.map
    expect 4 "$HRA" import lab.csv -o no.h5 --map bad.map --key house.key -q
    says err "$message"
}
bad "bad.map:1: a long file needs id, item and value" 'long: id = vid, item = table_id'
bad "bad.map:1: .*found 'ident'" 'long: ident = vid, item = table_id, value = field_results'
bad "bad.map:1: there is no column 'items'" 'long: id = vid, item = items, value = field_results' 'item 0102 = tc'
bad "bad.map:3: a second line for item '0102'" 'long: id = vid, item = table_id, value = field_results' 'item 0102 = tc' 'item 0102 = hdl'
bad "repeats are last, first, mean or join, not 'some'" 'long: id = vid, item = table_id, value = field_results' 'item 0102 = tc, repeats = some'
bad "no line 'item CODE" 'long: id = vid, item = table_id, value = field_results'
bad "there is no variable 'tcc'" 'long: id = vid, item = table_id, value = field_results' 'item 0102 = tcc'
bad "only single values can be averaged" 'long: id = vid, item = table_id, value = field_results' 'item 0103 = sbp / dbp, repeats = mean'

# more readings than are averaged are told
{
    echo "vid,table_id,field_results"
    for i in 1 2 3 4 5 6 7 8 9; do echo "b1,0104,7$i"; done
} >many.csv
sed 's/, date = exam date//; s/, unit = unit//; /^exam date/d' lab.map >many.map
expect 0 "$HRA" import many.csv -o many.h5 --map many.map --key house.key -q
says many.h5.rejects.csv 'many.csv,10,,,79,a reading beyond the eighth'
expect 0 "$HRA" score many.h5 -o many.out.csv --models shown --definitions show.hra -q
is "$(cell many.out.csv 1 shown.e)" 74.5

finish
