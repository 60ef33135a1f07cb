#!/usr/bin/env bash
# --keep: a researcher's own columns travel through the store and the join into the results, exactly.
. "$(dirname "$0")/lib.sh" "$1"

cat >cohort.csv <<'DATA'
客户编号,性别,年龄,tc,hdl,sbp,event,time (days),weight,centre,结局 日期,code,empty
a1,男,52,5.20,1.10,140,1,1234.5678901234567,0.1,North,2019-01-02,007,
a2,女,61,5.60,1.40,150,0,3650,1e-7,"South, ""B""",,010,
a3,男,47,4.90,1.00,120,,0.30000000000000004,-2.5,,2020-02-03,100,
a4,女,47,4.90,1.00,120,0,NA,123456789.25,=1+1,2021-12-31,,
DATA
COLS='event,followup=time (days),w=weight,centre,died=结局 日期,code,empty'
expect 0 "$HRA" score cohort.csv -o direct.csv --models who_cvd_2019_lab --keep "$COLS" -q
is "$(head -1 direct.csv | grep -o 'event.*')" "event,followup,w,centre,died,code,empty"
says direct.csv '^a1,.*,1,1234.5678901234567,0.1,North,2019-01-02,007,$'
says direct.csv '^a2,.*,0,3650,1e-07,"South, ""B""",,010,$'
says direct.csv '^a3,.*,,0.30000000000000004,-2.5,,2020-02-03,100,$'
says direct.csv "^a4,.*,0,,123456789.25,'=1\\+1,2021-12-31,,\$"

# through a store: the same columns, without being asked for again
new_key house.key
expect 0 "$HRA" import cohort.csv -o cohort.h5 --key house.key --keep "$COLS" -q
expect 0 "$HRA" score cohort.h5 -o stored.csv --models who_cvd_2019_lab -q
cut -d, -f2- direct.csv >want
cut -d, -f2- stored.csv >got
same want got
# what the store holds names them among its variables
expect 0 "$HRA" info cohort.h5
says out '^  followup +3 +1 '
silent_on out 'not used'
# in results of the other kind too
if /usr/bin/python3 -c 'import h5py' 2>/dev/null; then
    expect 0 "$HRA" score cohort.h5 -o results.h5 --models who_cvd_2019_lab -q
    /usr/bin/python3 - >out <<'PY' || fail "python"
import h5py
f = h5py.File("results.h5")
print([float(x) for x in f["kept/followup"][:]], f["kept/followup"].dtype)
print([f["labels/code_text"][i].decode() if i >= 0 else None for i in f["labels/code"][:]])
PY
    says out '^\[1234.5678901234567, 3650.0, 0.30000000000000004, nan\] float64$'
    says out "^\['007', '010', '100', None\]\$"
fi

# joined with another source of other values, the grid grows to hold both
printf '客户编号,性别,年龄,event,score\na1,男,52,0,99.125\na4,女,47,12345.5,1\n' >more.csv
expect 0 "$HRA" import more.csv -o more.h5 --key house.key --keep event,score -q
expect 0 "$HRA" join cohort.h5 --questionnaire more.h5 -o both.h5 --as-of 2026-01-01 -q
expect 0 "$HRA" score both.h5 -o both.csv --models who_cvd_2019_lab -q
says both.csv '^[0-9a-f]{32},.*,1,1234.5678901234567,0.1,North,2019-01-02,007,,99.125$'
printf '客户编号,性别,年龄,event\na1,男,52,died\n' >text.csv
expect 0 "$HRA" import text.csv -o text.h5 --key house.key --keep event -q
expect 4 "$HRA" join cohort.h5 --questionnaire text.h5 -o no.h5 --as-of 2026-01-01
says err 'event is a text here and a number in another store'

# a name that is taken has a way out; what is not there is said; identities are never kept
expect 2 "$HRA" score cohort.csv -o no.csv --keep weight
says err 'weight is a name hra knows already.*--keep my_weight=weight the column is kept and not read as weight'
expect 2 "$HRA" score cohort.csv -o no.csv --keep 结局
says err 'give one: --keep NAME='
expect 4 "$HRA" score cohort.csv -o no.csv --keep x=nowhere
says err "no column 'nowhere'"
expect 2 "$HRA" score cohort.csv -o no.csv --keep event,event
says err 'asked for twice'
expect 2 "$HRA" score cohort.csv -o no.csv --keep me=客户编号
says err 'identifies people'
printf '姓名,性别,年龄\n张三丰,男,50\n' >names.csv
expect 2 "$HRA" score names.csv -o no.csv --keep n=姓名
says err 'identifies people'
expect 2 "$HRA" score cohort.h5 -o no.csv --keep event
says err '--keep is for text files'

# a column that the map does not read may be kept; one that it reads may not be both
printf 'weight = ignore\ncentre = ignore\n' >some.map
expect 0 "$HRA" score cohort.csv -o mapped.csv --models who_cvd_2019_lab --keep "$COLS" --map some.map -q
same direct.csv mapped.csv
echo 'event = diabetes' >some.map
expect 4 "$HRA" score cohort.csv -o no.csv --keep event --map some.map
says err "column 'event' is kept as event and has a meaning in some.map too; leave out one of them"
# a column that hra knows is read as what it is kept as, and as nothing else: that is said
expect 0 "$HRA" score cohort.csv -o lost.csv --models who_cvd_2019_lab --keep my_weight=weight,my_age=年龄
says err "^hra score: column 'weight' is kept, and not read as weight$"
says err "^hra score: column '年龄' is kept, and not read as age$"
expect 0 "$HRA" score cohort.csv -o lost.csv --models who_cvd_2019_lab --keep my_age=年龄 -q
silent_on err 'not read as'
expect 4 "$HRA" score cohort.csv -o no.csv --keep event,again=event
says err "--keep names column 'event' twice"
echo '性别: 男 = male' >some.map
expect 4 "$HRA" score cohort.csv -o no.csv --keep my_sex=性别 --map some.map
says err "column '性别' is kept as my_sex and has a meaning in some.map too; .*or keep a copy of the column under another"
finish
