#!/usr/bin/env bash
# Urgent results: the first file a run writes, there even if the rest of the run fails; a value beyond a hard limit is
# listed to be verified.
. "$(dirname "$0")/lib.sh" "$1"

new_key house.key
cat >people.csv <<'END'
客户编号,单位,性别,年龄,收缩压,舒张压,空腹血糖
p1,甲公司,男,50,190,120,5.5
p2,甲公司,女,40,120,80,17.5
p3,=cmd(),女,40,120,80,333
p4,乙公司,女,40,120,80,5.0
p5,乙公司,女,40,999,80,-4
p6,乙公司,女,40,120,80,0
END

"$HRA" run people.csv -o night --key house.key --as-of 2026-11-22 --language en -q || fail "the run failed"
[ "$(sed 1d night/urgent.csv | wc -l)" -eq 3 ] || fail "three urgent lines expected: $(cat night/urgent.csv)"
grep -q ',甲公司,.*,2,r_crit_bp,.*sbp 190 mmHg; dbp 120 mmHg,.*,0,2026-11-22,new$' night/urgent.csv || fail "blood pressure"
grep -q ',sbp 190 mmHg; dbp 120 mmHg,Systolic pressure: 190 mmHg; Diastolic pressure: 120 mmHg,' night/urgent.csv || fail "in words"
grep -q ',3,r_crit_glu_hi,.*glucose_fasting 17.50 mmol/L.*,new$' night/urgent.csv || fail "glucose"
grep -q ",'=cmd(),.*,4,r_crit_glu_hi,.*333.*,verify now$" night/urgent.csv || fail "a value beyond the limits"
grep -q '^people.csv,4,.*333' night/rejects.csv || fail "and it is rejected as data"
[ "$(stat -c %a night/urgent.csv)" = 600 ] || fail "the list is its owner's only"
grep -q 'p[1-5]' night/urgent.csv && fail "an identifier stands in the list"

# pressures the wrong way round are values to check, whichever rule they meet; the right way round they are a finding
cat >swapped.csv <<'END'
客户编号,单位,性别,年龄,妊娠,收缩压,舒张压,空腹血糖
p1,甲公司,男,50,否,88,154,17.5
p2,甲公司,女,30,是,88,154,5.0
p3,甲公司,男,50,否,154,112,5.0
p4,甲公司,男,50,否,,154,5.0
p5,甲公司,男,50,否,70,80,5.0
END
"$HRA" run swapped.csv -o swapped --key house.key --as-of 2026-11-22 --language en -q || fail "the run of pressures"
[ "$(sed 1d swapped/urgent.csv | sed 's/.*,\([2-6]\),\(r_[a-z_]*\),.*,\(.*\)/\1 \2 \3/' | sort | tr '\n' ';')" = \
    '2 r_crit_bp_verify verify now;2 r_crit_glu_hi new;3 r_crit_bp_verify verify now;4 r_crit_bp new;5 r_crit_bp new;' ] ||
    fail "swapped pressures: $(cat swapped/urgent.csv)"

# and no other output calls them critical, nor forgets that somebody must look
zstdcat swapped/persons.jsonl.zst >swapped.jsonl
for line in 1 2; do
    sed -n ${line}p swapped.jsonl >one.jsonl
    says one.jsonl '"urgent":\[\{"id":"r_crit_bp_verify"'
    silent_on one.jsonl '"urgent":\[[^]]*"r_crit_bp(_pregnancy)?"|"B06"|"B13"|"id":"r_bp_g3"[^}]*"severity":"urgent","answer"'
    says one.jsonl '"B15"'
done
is "$(grep ',factor,r_crit_bp,,all,all,' swapped/groups.csv | cut -d, -f7-9)" '5,2,2' "of whom it can be told"
is "$(grep ',factor,r_crit_bp_verify,,all,all,' swapped/groups.csv | cut -d, -f9)" 2 "to be verified in the group"
is "$(grep ',factor,r_bp_g3,,all,all,' swapped/groups.csv | cut -d, -f7-9)" '5,2,2' "nor have they a class"
"$HRA" report individual swapped --person "$(sed -n 2p swapped/urgent.csv | cut -d, -f1)" -o page --language en -q ||
    fail "a page"
cat page/* >page.html
says page.html 'Blood pressure to be verified today'
silent_on page.html 'Critical blood pressure|Grade 3 blood pressure'
"$HRA" register plan --results swapped --as-of 2026-11-22 -o care -q || fail "a plan of care"
is "$(cut -d, -f1 swapped/urgent.csv | sed 1d | sort -u | wc -l)" "$(grep -c ',1,' care/follow_up.csv)" "all are called the next day"

"$HRA" run people.csv -o chinese --key house.key --language zh -q || fail "the run in Chinese"
grep -q ',sbp 190 mmHg; dbp 120 mmHg,收缩压：190 mmHg；舒张压：120 mmHg,' chinese/urgent.csv || fail "in Chinese words"

# what comes later fails; the list is there
mkdir -p broken/results.h5
"$HRA" run people.csv -o broken --key house.key -q 2>/dev/null && fail "a folder in the place of the results went unnoticed"
cmp -s <(cut -d, -f1-11 night/urgent.csv | cut -d, -f1,6,7) <(cut -d, -f1-11 broken/urgent.csv | cut -d, -f1,6,7) ||
    fail "the urgent list of a run that failed later"

# the same people from a store: the list is made there too
"$HRA" import people.csv -o people.h5 --key house.key -q 2>/dev/null
"$HRA" run people.h5 -o again --as-of 2026-11-22 --language en -q || fail "the run from a store failed"
[ "$(grep -c ',new$' again/urgent.csv)" -eq 2 ] || fail "urgent results of a store: $(cat again/urgent.csv)"

# glucose counts two hours after the load as well, and blood pressure in pregnancy from 160/110 on
cat >more.csv <<'END'
客户编号,单位,性别,年龄,妊娠,收缩压,舒张压,空腹血糖,餐后2小时血糖
p1,甲公司,女,30,是,162,98,5.0,
p2,甲公司,女,30,否,162,98,5.0,
p3,甲公司,女,40,否,110,70,6.6,16.7
p4,甲公司,女,40,否,110,70,6.6,16.6
p5,甲公司,女,40,否,110,70,4.6,2.8
END
"$HRA" run more.csv -o more --key house.key --as-of 2026-11-22 --language en -q || fail "the run of more people failed"
[ "$(sed 1d more/urgent.csv | wc -l)" -eq 3 ] || fail "three urgent lines expected: $(cat more/urgent.csv)"
grep -q ',2,r_crit_bp_pregnancy,.*sbp 162 mmHg.*,0,2026-11-22,new$' more/urgent.csv || fail "blood pressure in pregnancy"
grep -q ',4,r_crit_glu_hi,.*glucose_2h 16.70 mmol/L' more/urgent.csv || fail "high glucose two hours after the load"
grep -q ',6,r_crit_glu_lo,.*glucose_2h 2.80 mmol/L' more/urgent.csv || fail "low glucose two hours after the load"

# a store is one of several sources: of checkups and a roster, or of nothing but stores
cat >roster.csv <<'END'
客户编号,单位,部门
p1,甲公司,一部
p4,乙公司,二部
END
"$HRA" run people.h5 --roster roster.csv --key house.key -o joined --as-of 2026-11-22 --language en -q || fail "store and roster"
is "$(sed 1d joined/urgent.csv | cut -d, -f5-7 | sort)" "$(sed 1d again/urgent.csv | cut -d, -f5-7 | sort)" "a store and a roster"
cat >answers.csv <<'END'
客户编号,单位,吸烟
p1,甲公司,是
END
"$HRA" import answers.csv -o answers.h5 --key house.key -q || fail "a store of answers"
"$HRA" run people.h5 --questionnaire answers.h5 --key house.key -o stores --as-of 2026-11-22 --language en -q || fail "only stores"
is "$(sed 1d stores/urgent.csv | cut -d, -f5-7 | sort)" "$(sed 1d again/urgent.csv | cut -d, -f5-7 | sort)" "nothing but stores"
# a store beside a table: both are listed, each once
"$HRA" run people.h5 more.csv --key house.key -o both --as-of 2026-11-22 --language en -q || fail "a store beside a table"
is "$(sed 1d both/urgent.csv | cut -d, -f5-7 | sort)" \
    "$( (sed 1d again/urgent.csv; sed 1d more/urgent.csv) | cut -d, -f5-7 | sort)" "a store beside a table"

# deliveries of a folder are listed once, however often their population is run again
mkdir z && cp people.csv z/
"$HRA" run z -o folder --key house.key --as-of 2026-11-22 --language en -q || fail "the run of a folder"
cp folder/urgent.csv first.csv
"$HRA" run folder/population.h5 -o folder --as-of 2026-11-22 --language en -q || fail "its population again"
is "$(wc -l <folder/urgent.csv)" "$(wc -l <first.csv)" "each urgent result once: $(cat folder/urgent.csv)"
finish
