#!/usr/bin/env bash
# hra import: from files to a store, with a key, a reject file and a report; nothing private leaks.
. "$(dirname "$0")/lib.sh" "$1"

cat >people.csv <<'DATA'
客户编号,姓名,手机号,性别,年龄,血压,TC(mg/dL),甘油三酯（mmol/L）,单位,备注
SECRET01,张三丰,13800000001,男,52,120/80,201,1.20,甲公司,x
SECRET02,李四光,13800000002,女,43,１３８／８８,199.5,＜0.5,甲公司,
SECRET01,张三丰,13800000001,男,52,121/81,202,1.30,甲公司,x
SECRET03,王五,13800000003,??,61,80/120,x,2.2.8,乙公司,
,无名,,男,40,120/80,190,1.0,乙公司,
SECRET04,赵六,13800000004,女,50,118/76,180,1.1,乙公司,x,y
合计,4人,,,,,,,,
DATA

# a key is needed, and the message says how to make one
expect 2 "$HRA" import people.csv -o people.h5
says err 'hra key new'
[ ! -e people.h5 ] || fail "a refused import left a store"
expect 0 "$HRA" key new house.key
is "$(stat -c %a house.key)" 600
expect 7 "$HRA" key new house.key
expect 0 "$HRA" key show house.key
says out '^[0-9a-f]{16}$'

expect 0 "$HRA" import people.csv -o people.h5 --key house.key --report report.json
says err '3 people stored in people.h5, 4 rows rejected'
says err '手机号: text never enters hra'
says err '备注: no such variable'
says err 'TC\(mg/dL\) -> tc \[mg/dL\]'
is "$(stat -c %a people.h5)" 600
is "$(stat -c %a people.h5.rejects.csv)" 600
says people.h5.rejects.csv '^file,line,column,variable,value,reason$'
says people.h5.rejects.csv 'people.csv,4,,,.*identifier occurs more than once; line 2 stands'
says people.h5.rejects.csv 'people.csv,5,性别,sex,\?\?,no level'
says people.h5.rejects.csv 'people.csv,6,,,.*no identifier'
says people.h5.rejects.csv 'people.csv,7,,,.*more cells'
says people.h5.rejects.csv 'people.csv,8,,,.*totals'
grep -q '"rows_in":7,"rows_stored":3,"rows_rejected":4' report.json || fail "counts in report.json"
# how many they are, in words of any kind, is nobody
printf '体检号,性别,年龄\nA1,男,52\n合计60人,,\n合计人数,,60\n总人数60,,\n实检58人,,\nTotal7,女,43\n' >sums.csv
expect 0 "$HRA" import sums.csv -o sums.h5 --key house.key
says err '2 people stored in sums.h5, 4 rows rejected'
rm sums.*

# names, phones, identifiers and values are neither in the store nor in any message
for secret in SECRET0 张三丰 13800000 138/88; do
    ! grep -aq "$secret" people.h5 err out report.json || fail "'$secret' leaked"
done
ls -A | grep -vxE 'people\.csv|people\.h5|people\.h5\.rejects\.csv|house\.key|report\.json|out|err' && fail "files are left over"

# the same text in other dress gives the same rejects and the same counts
iconv -f UTF-8 -t GB18030 people.csv >gb.csv || exit 77
gzip -c people.csv >packed.csv
{ printf '\xef\xbb\xbf'; sed 's/$/\r/' people.csv; } >bom.csv
{ printf '\xff\xfe'; iconv -f UTF-8 -t UTF-16LE people.csv; } >wide.csv
cut -d, -f2- people.h5.rejects.csv | tr -d '\r' >want
for f in gb packed bom wide; do
    expect 0 "$HRA" import $f.csv -o $f.h5 --key house.key -q --threads 1
    cut -d, -f2- $f.h5.rejects.csv | tr -d '\r' >got
    same want got
    [ ! -s err ] || fail "-q is not quiet"
done

# duplicates: the other rules
expect 0 "$HRA" import people.csv -o last.h5 --key house.key --duplicates last
says last.h5.rejects.csv 'people.csv,2,,,.*more than once'
expect 0 "$HRA" import people.csv -o none.h5 --key house.key --duplicates reject
says err '2 people stored'
expect 0 "$HRA" import people.csv -o all.h5 --key house.key --duplicates all
says err '4 people stored'

# without an identifier column no key is needed
printf 'age,sex\n50,1\n' >anonymous.csv
expect 0 "$HRA" import anonymous.csv -o anonymous.h5

# refusals leave no store
printf 'age,年龄\n50,51\n' >twice.csv
expect 4 "$HRA" import twice.csv -o bad.h5
says err "'age' and '年龄' are both age"
printf 'PK\003\004' >book.csv
expect 4 "$HRA" import book.csv -o bad.h5
says err 'zip archive or workbook is damaged'
head -c 60 packed.csv >cut.csv
expect 4 "$HRA" import cut.csv -o bad.h5 --key house.key
says err 'cut off'
expect 5 "$HRA" import absent.csv -o bad.h5
mkfifo pipe.csv # nobody writes to it
for read in "import pipe.csv -o bad.h5 --key house.key" "score pipe.csv -o bad.csv" "inspect pipe.csv"; do
    # shellcheck disable=SC2086
    expect 4 timeout -s KILL 20 "$HRA" $read
    says err "pipe.csv: not a regular file"
done
expect 2 "$HRA" import people.csv
expect 2 "$HRA" import people.csv -o bad.h5 --encoding klingon
expect 2 "$HRA" import people.h5 -o bad.h5
cp people.csv before.csv
expect 2 "$HRA" import people.csv -o people.csv --key house.key
expect 2 "$HRA" import people.csv -o bad.h5 --key house.key --rejects people.csv
same people.csv before.csv
chmod 644 house.key
expect 4 "$HRA" import people.csv -o bad.h5 --key house.key
says err 'chmod 600'
# the store is made beside the look at the input: a fault of the input is told first, and nothing is left of the store
chmod 600 house.key
mkdir bad.folder
expect 4 "$HRA" import book.csv -o bad.folder --key house.key --rejects rejects.csv
says err 'zip archive or workbook is damaged'
expect 4 "$HRA" import book.csv -o bad.h5 --key house.key
[ -z "$(find . -name '.*-??????')" ] || fail "a refused import left a temporary file"
[ ! -e bad.h5 ] || fail "a refused import left a store"
finish
