#!/usr/bin/env bash
# hra join: several sources of a person become one row; every rule has a person that shows it.
. "$(dirname "$0")/lib.sh" "$1"

new_key house.key
new_key other.key

# p01 all four sources      p02 several visits        p03 sex disagrees     p04 only checkup    p05 only questionnaire
# p06 only roster           p07 too old               p08 in the future     p09 the same row twice
# p10 changed company       p11 age disagrees         p12 diagnosis yes     p13 two rows of one day  p14 no day
# p15 changes company after the visit            p16 two years apart    p17 one year apart
cat >checkup.csv <<'DATA'
客户编号,性别,年龄,体检日期,收缩压,舒张压,总胆固醇,体重,bmi,diabetes,吸烟状况
p04,男,44,2026-03-01,121,81,5.04,70,24.0,,
p01,男,51,2026-03-05,130,85,5.01,80,26.1,否,从不吸烟
p02,女,40,2025-12-10,141,91,5.55,60,23.4,,
p02,女,41,2026-06-10,,,5.25,64,,,
p02,女,40,2026-01-15,122,,4.95,61,23.8,,
p03,男,33,2026-02-02,118,76,4.80,,,,
p07,男,60,2024-05-01,150,95,6.60,,,,
p08,女,35,2027-01-01,110,70,4.10,,,,
p09,女,36,2026-05-05,111,71,4.20,,,,
p09,女,36,2026-05-05,111,71,4.20,,,,
p10,男,50,2026-05-06,112,72,4.30,,,,
p11,女,30,2026-05-07,113,73,4.40,,,,
p12,女,31,2026-05-08,114,74,4.50,,,否,
p13,男,32,2026-05-09,115,75,4.60,,,,
p13,男,32,2026-05-09,116,,4.70,,,,
p14,男,34,,117,77,4.90,,,,
p15,女,35,2026-02-10,118,78,4.91,,,,
p16,女,40,2026-05-01,119,79,4.92,,,,
p17,女,40,2026-05-01,120,80,4.93,,,,
DATA
cat >questions.csv <<'DATA'
客户编号,性别,年龄,体检日期,diabetes,吸烟状况,总胆固醇
p01,男,51,2026-03-01,是,现在吸烟,7.77
p03,女,33,2026-02-01,,现在吸烟,
p05,女,29,2026-04-04,,从不吸烟,
p11,女,37,2026-05-01,,现在吸烟,
p07,男,61,2026-01-01,,现在吸烟,
p16,女,38,2026-05-01,,现在吸烟,
p17,女,39,2026-05-01,,现在吸烟,
DATA
cat >roster.csv <<'DATA'
客户编号,性别,group_id,plan_start,plan_end,vip
p06,,甲公司,,,
p01,男,甲公司,,,是
p03,,甲公司,,,
p10,男,乙公司,2024-01-01,2026-03-31,
p10,男,丙公司,2026-04-01,2027-03-31,
p15,女,乙公司,2024-01-01,2026-03-31,
p15,女,丙公司,2026-04-01,2027-03-31,
p07,男,乙公司,,,
DATA
cat >diagnosis.csv <<'DATA'
客户编号,体检日期,diabetes
p12,2015-01-01,是
p01,2014-01-01,否
DATA
import() { # import FILE KEY
    expect 0 "$HRA" import "$1.csv" -o "$1.h5" --key "${2:-house.key}" --duplicates all -q
}
for f in checkup questions roster diagnosis; do import $f; done

# the arguments may stand in any order: the same bytes
expect 0 "$HRA" join checkup.h5 --questionnaire questions.h5 --roster roster.h5 --diagnosis diagnosis.h5 -o all.h5 \
    --as-of 2026-11-22 --report report.json
cp err summary
expect 0 "$HRA" join --diagnosis diagnosis.h5 --roster roster.h5 --questionnaire questions.h5 --checkup checkup.h5 \
    -o all2.h5 --as-of 2026-11-22 -q --threads 1
expect 0 "$HRA" join --roster roster.h5 checkup.h5 --diagnosis diagnosis.h5 --questionnaire questions.h5 \
    -o all3.h5 --as-of 2026-11-22 -q --threads 3 --memory 16
same all.h5 all2.h5
same all.h5 all3.h5
same all.h5.unmatched.csv all2.h5.unmatched.csv
same all.h5.participation.csv all3.h5.participation.csv
is "$(stat -c %a all.h5)" 600
is "$(stat -c %a all.h5.unmatched.csv)" 600

# the report
count() { grep -o "\"$1\":[0-9-]*" report.json | head -1 | cut -d: -f2; }
is "$(count people)" 17 people
is "$(count written)" 15 written
is "$(count matched)" 2 matched
is "$(count not_answered)" 11 "examined, not answered"
is "$(count not_examined)" 2 "answered, not examined"
is "$(count only_checkup)" 6 "only checkup"
is "$(count only_questionnaire)" 1 "only questionnaire"
is "$(count only_roster)" 1 "only roster"
is "$(count conflicts)" 3 conflicts
is "$(count rows_left_out)" 4 "left out"
is "$(count several_visits)" 1 "several visits"
is "$(count same_rows)" 1 "same rows"
is "$(count same_day)" 1 "same day"
is "$(count rows_too_old)" 1 "too old"
is "$(count rows_future)" 1 future
is "$(count rows_undated)" 1 undated
is "$(count outside_window)" 1 outside
is "$(count unexamined)" 2 unexamined
says summary 'people whose rows disagree'

# a roster that says only who belongs where
printf '客户编号,group_id\np01,甲公司\np06,甲公司\n' >members.csv
import members
expect 0 "$HRA" join checkup.h5 --roster members.h5 -o belong.h5 --as-of 2026-11-22 -q
says belong.h5.participation.csv '^甲公司,2,1,0,1,0$'

# participation: who is on the roster, who was examined, who answered
says all.h5.participation.csv '^甲公司,3,1,1,1,0$'
says all.h5.participation.csv '^丙公司,1,1,0,1,0$'
says all.h5.participation.csv '^乙公司,2,1,1,2,0$'

# the list names keys and reasons, no identifiers
says all.h5.unmatched.csv '^[0-9a-f]{32},conflict: sex,questionnaire,questions.csv,3$'
says all.h5.unmatched.csv 'conflict: does not say which of two people it means,roster,roster.csv,4$'
says all.h5.unmatched.csv 'conflict: birth date or age,questionnaire,questions.csv,5$'
says all.h5.unmatched.csv 'conflict: birth date or age,questionnaire,questions.csv,7$'
says all.h5.unmatched.csv 'before the window,checkup,checkup.csv,8$'
says all.h5.unmatched.csv 'after the as-of day,checkup,checkup.csv,9$'
says all.h5.unmatched.csv 'only on the roster,roster,,$'
! grep -qE 'p0[0-9]|p1[0-9]' all.h5.unmatched.csv all.h5.participation.csv report.json summary || fail "an identifier leaked"

# what became of the values: read through --keep, which prints columns of the store as they are
cat >show.hra <<'DATA'
model shown { title "Shown" disease cvd outcome "shown" horizon 10 years source "test"
  sbp_shown = sbp  dbp_shown = dbp  tc_shown = tc  weight_shown = weight  bmi_shown = bmi
  diabetes_shown = if(diabetes, 1, 0)  smoking = number(smoking_status)  vip_shown = if(vip, 1, 0)  age_shown = age
  risk = 0.5 }
DATA
expect 0 "$HRA" score all.h5 -o all.csv --models shown --definitions show.hra -q
rows() { awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) n[$i] = i } NR > 1 { print $n["shown.sbp_shown"] "/" $n["shown.dbp_shown"] " " $n["shown.tc_shown"] " " $n["shown.weight_shown"] " " $n["shown.bmi_shown"] " " $n["shown.diabetes_shown"] " " $n["shown.smoking"] " " $n["shown.vip_shown"] " " $n["shown.age_shown"] }' "$1"; }
rows all.csv >got
# the order: as the roster has it (p01, p03, p10, p15, p07), then the checkups', then the questionnaires'; p06 and p08 are not rows
cat >want <<'DATA'
130/85 5.01 80 26.1 1 2 1 51
118/76 4.8     33
112/72 4.3     50
118/78 4.91     35
/ 2 61
121/81 5.04 70 24    44
122/ 5.25 64     41
111/71 4.2     36
113/73 4.4     30
114/74 4.5   1   31
116/ 4.7     32
117/77 4.9     34
119/79 4.92     40
120/80 4.93   2  40
/ 0 29
DATA
sed -E 's/ +$//; s/ +/ /g' got >got.short
sed -E 's/ +$//; s/ +/ /g' want >want.short
same want.short got.short || diff want.short got.short >&2

# the other rules about visits
tc_of() { # tc_of ROW OPTION...: shown values of the person in this row of the output
    local row=$1
    shift
    expect 0 "$HRA" join checkup.h5 --questionnaire questions.h5 --roster roster.h5 -o rule.h5 --as-of 2026-11-22 -q "$@"
    expect 0 "$HRA" score rule.h5 -o rule.csv --models shown --definitions show.hra -q
    rows rule.csv | sed -n "${row}p" | sed -E 's/ +$//; s/ +/ /g'
}
is "$(tc_of 7 --visits latest-visit)" "/ 5.25 64 41" "latest visit"
is "$(tc_of 7 --visits first-visit)" "141/91 5.55 60 23.4 40" "first visit"
is "$(tc_of 1 --window 6)" "/ 5.25 64 41" "a shorter window"
tc_of 2 --keep-unexamined >out
is "$(wc -l <rule.csv)" 18 "with people who were not examined"

# another precedence is a file
sed 's/^domain,checkup,checkup questionnaire/domain,checkup,questionnaire checkup/' "$HRA_SOURCE_DIR/datasets/join.csv" >mine.csv
is "$(tc_of 1 --rules mine.csv | cut -d' ' -f2)" 7.77 "questionnaire first"
echo "what,name,order,rule,note
domain,checkup,checkup,," >mine.csv
expect 4 "$HRA" join checkup.h5 -o no.h5 --as-of 2026-11-22 --rules mine.csv
says err 'mine.csv:2: expected every kind of source once'

# refusals say what to do
import roster other.key
expect 7 "$HRA" join checkup.h5 --roster roster.h5 -o no.h5 --as-of 2026-11-22
says err 'another key .*import one of them again'
printf '性别,总胆固醇\n男,5.1\n' >nobody.csv
expect 0 "$HRA" import nobody.csv -o nobody.h5 -q
expect 4 "$HRA" join checkup.h5 --questionnaire nobody.h5 -o no.h5 --as-of 2026-11-22
says err 'no hashed identifiers'
# of overlapping rows group, branch and department are of one: 一部 is a department of 东风, not of 西风
cat >overlapping.csv <<'DATA'
客户编号,group_id,分公司,部门,plan_start,plan_end,vip
p01,东风,北,一部,2026-01-01,2026-12-31,是
p01,西风,南,,2026-02-01,2026-12-31,
p02,东风,北,一部,2026-01-01,2026-12-31,
p02,东风,南,,2026-02-01,2026-12-31,
p04,东风,,,2026-01-01,2026-12-31,
p04,东风,北,二部,2025-01-01,2026-12-31,
p10,,,三部,2026-01-01,2026-12-31,
p10,西风,,,2026-02-01,2026-12-31,
DATA
import overlapping
expect 0 "$HRA" join checkup.h5 --roster overlapping.h5 -o parts.h5 --as-of 2026-11-22 -q
expect 0 "$HRA" run parts.h5 -o parts --as-of 2026-11-22 -q
places() { awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) n[$i] = i } NR > 1 && $n["group_id"] != "" { print $n["group_id"] "/" $n["branch"] "/" $n["department"] }' "$1"; }
is "$(places parts/persons.csv | tr '\n' ' ')" "西风/南/ 东风/南/ 东风/北/二部 西风//三部 " "parts of one group"
# both ends of the window belong to it
printf '客户编号,体检日期,性别,年龄,收缩压\nw1,2025-11-21,男,50,121\nw2,2025-11-22,男,50,122\nw3,2026-11-22,男,50,123\nw4,2026-11-23,男,50,124\n' >ends.csv
expect 0 "$HRA" import ends.csv -o ends.h5 --key house.key -q
expect 0 "$HRA" join ends.h5 -o ends_joined.h5 --as-of 2026-11-22 -q
says ends_joined.h5.unmatched.csv ',before the window,checkup,ends.csv,2$'
says ends_joined.h5.unmatched.csv ',after the as-of day,checkup,ends.csv,5$'
is "$(grep -c 'window\|as-of' ends_joined.h5.unmatched.csv)" 2 "rows outside the window"

expect 2 "$HRA" join checkup.csv -o no.h5 --as-of 2026-11-22
says err 'hra import'
expect 2 "$HRA" join checkup.h5 -o no.h5
says err 'as-of'
expect 2 "$HRA" join checkup.h5 --questionnaire checkup.h5 -o no.h5 --as-of 2026-11-22
says err 'the same store'
expect 2 "$HRA" join checkup.h5 -o checkup.h5 --as-of 2026-11-22
says err 'is an input'
expect 4 "$HRA" join missing.h5 -o no.h5 --as-of 2026-11-22
[ ! -e no.h5 ] || fail "a refused join left a store"

# identifiers of two issuers, linked; chains; and a link to two national numbers is no link
cat >hospital.csv <<'DATA'
客户编号,性别,年龄,体检日期,总胆固醇
h1,男,50,2026-01-01,5.01
h2,女,51,2026-01-02,5.02
h3,男,52,2026-01-03,5.03
DATA
cat >national.csv <<'DATA'
客户编号,性别,年龄,体检日期,吸烟状况
n1,男,50,2026-01-01,现在吸烟
n2,女,51,2026-01-02,现在吸烟
n3,男,52,2026-01-03,现在吸烟
n4,男,52,2026-01-03,从不吸烟
DATA
cat >links.csv <<'DATA'
issuer,identifier,issuer,identifier
hospital,h1,nation,n1
hospital,H2 ,card,c2
card,c2,nation,n2
hospital,h3,nation,n3
hospital,h3,nation,n4
hospital,,nation,n4
DATA
expect 0 "$HRA" import hospital.csv -o hospital.h5 --key house.key --issuer hospital -q
expect 0 "$HRA" import national.csv -o national.h5 --key house.key --issuer nation -q
expect 0 "$HRA" join hospital.h5 --questionnaire national.h5 -o linked.h5 --as-of 2026-11-22 --report report.json -q
is "$(count matched)" 0 "without the crosswalk"
expect 2 "$HRA" join hospital.h5 --questionnaire national.h5 -o linked.h5 --as-of 2026-11-22 --crosswalk links.csv
says err 'give --key'
expect 0 "$HRA" join hospital.h5 --questionnaire national.h5 -o linked.h5 --as-of 2026-11-22 --crosswalk links.csv \
    --key house.key --report report.json -q
is "$(count matched)" 2 "with the crosswalk"
is "$(count people)" 5
is "$(count crosswalk_links)" 5
is "$(count crosswalk_rejected)" 1
is "$(count crosswalk_conflicts)" 1
is "$(grep -c 'two identifiers of one issuer' linked.h5.unmatched.csv)" 3
echo "a,b" >links.csv
expect 4 "$HRA" join hospital.h5 -o linked.h5 --as-of 2026-11-22 --crosswalk links.csv --key house.key
says err 'first line must be issuer'

# a join that is killed leaves the old output or none, and nothing beside it that the next one does not clear away
expect 0 "$HRA" generate --rows 20000 --seed 5 -o many.csv -q
expect 0 "$HRA" import many.csv -o many.h5 --key house.key -q
expect 0 "$HRA" join many.h5 -o good.h5 --as-of 2026-03-01 --window 60 -q
mkdir killed
for wait in 0.03 0.1 0.2 0.3; do
    "$HRA" join many.h5 -o killed/good.h5 --as-of 2026-03-01 --window 60 -q 2>/dev/null &
    sleep "$wait"
    kill -9 $! 2>/dev/null
    wait $! 2>/dev/null
    [ ! -e killed/good.h5 ] || same good.h5 killed/good.h5
done
expect 0 "$HRA" join many.h5 -o killed/good.h5 --as-of 2026-03-01 --window 60 -q
same good.h5 killed/good.h5
is "$(ls -A killed | wc -l)" 3 "files after the last join"

finish
