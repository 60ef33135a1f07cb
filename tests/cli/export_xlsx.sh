#!/usr/bin/env bash
# hra export xlsx: lists as workbooks that hold no formula, and a register that survives the way through an office.
. "$(dirname "$0")/lib.sh" "$1"
command -v unzip >/dev/null || { echo "no unzip: skipped"; exit 77; }

part() { unzip -p "$1" "$2"; }
# what a workbook says, read by the workbook reader of hra itself
new_key house.key

# ---- texts stay texts -----------------------------------------------------------------------------------
cat >urgent.csv <<'END'
person_id,group_id,branch,department,file,line,finding,title,values,action,deadline_days,deadline,status
00000000000000000000000000000e10,=cmd(),+1,@x,a.csv,7,-2+3,<b>&,"=HYPERLINK(""http://x"")","two
lines",0,2026-11-21,new
12345678901234567890123456789012,1e5,007,2026-01-05,0x1F,=1,1/2,,,,soon,2026-02-30,new
END
expect 0 "$HRA" export xlsx urgent.csv -o urgent.xlsx
says err 'urgent.xlsx: 2 rows'
is "$(stat -c %a urgent.xlsx)" 600
part urgent.xlsx xl/worksheets/sheet1.xml >sheet.xml
silent_on sheet.xml '<f>|<f |<hyperlink|t="str"'
for text in '=cmd\(\)' '\+1' '@x' '-2\+3' '&lt;b&gt;&amp;' '=HYPERLINK' 'soon' '2026-02-30' '007' '1e5' '0x1F' '=1' '2026-01-05' \
    12345678901234567890123456789012 00000000000000000000000000000e10; do
    says sheet.xml "t=\"inlineStr\"><is><t[^>]*>$text"
done
says sheet.xml '<c r="L2" s="[0-9]+"><v>46347</v>' # 2026-11-21
says sheet.xml '<c r="F2" s="[0-9]+"><v>7</v>'
says sheet.xml '<autoFilter ref="A1:M3"/>'
says sheet.xml '<pane xSplit="1" ySplit="1"'
says sheet.xml '<t>人员编号</t>'
part urgent.xlsx xl/workbook.xml >book.xml
says book.xml 'name="紧急结果"'
# the same list is the same bytes at any hour
part urgent.xlsx docProps/core.xml >core.xml
says core.xml 'created [^>]*>1980-01-01T00:00:00Z<'
expect 0 "$HRA" export xlsx urgent.csv -o english.xlsx --language en -q
part english.xlsx xl/worksheets/sheet1.xml >sheet.xml
says sheet.xml '<t>Person key</t>'
says sheet.xml '<t>new</t>'

# ---- texts that XML cannot hold, or that a workbook would read as an escape --------------------------------
printf 'person_id,group_id,title\np1,_x0041_B,a\357\277\276b\n' >odd.csv
expect 0 "$HRA" export xlsx odd.csv -o odd.xlsx -q
part odd.xlsx xl/worksheets/sheet1.xml >sheet.xml
says sheet.xml '<t>_x005F_x0041_B</t>'
silent_on sheet.xml "$(printf '\357\277\276')"
if command -v python3 >/dev/null; then
    expect 0 python3 -c 'import sys, xml.etree.ElementTree as x; x.parse("sheet.xml")'
fi

# ---- longer than a sheet: nothing is lost ------------------------------------------------------------------
{ echo person; seq 1 25; } >satisfaction.csv
expect 0 "$HRA" export xlsx satisfaction.csv -o many.xlsx --sheet-rows 10 -q
is "$(unzip -l many.xlsx | grep -c worksheets/sheet)" 3
is "$(for i in 1 2 3; do part many.xlsx xl/worksheets/sheet$i.xml; done | grep -o '<t>[0-9]*</t>' | sort -u | wc -l)" 25

# ---- a run, its lists and its register -------------------------------------------------------------------------
expect 0 "$HRA" generate --rows 200 --seed 6 --groups 2 -o people.csv -q
awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "person_id") c = i; print $0 ",name,phone"; next }
    { print $0 ",NAME" $c ",1380000" NR }' people.csv >named.csv
expect 0 "$HRA" import named.csv -o named.h5 --key house.key --key-map people.names -q
expect 0 "$HRA" run named.csv -o night --key house.key --as-of 2026-11-21 --register none.csv --no-details -q
expect 0 "$HRA" export xlsx night -o lists --key-map people.names --key house.key
for list in urgent rosters register register_changes follow_up monitoring log_template; do
    [ -s "lists/$list.xlsx" ] || fail "no $list.xlsx"
done
part lists/rosters.xlsx xl/worksheets/sheet1.xml >sheet.xml
says sheet.xml '<t>措施编号</t>' # GA01 is no sentence
silent_on sheet.xml '<t>处理要求</t>'
grep -q ',[01]$' night/rosters.csv || fail "rosters.csv is for programs"
says sheet.xml '<t>否</t>' # who agreed is told in words
silent_on sheet.xml '<v>[01]</v>'
part lists/monitoring.xlsx xl/worksheets/sheet1.xml >sheet.xml
says sheet.xml '<t>(高血压|糖尿病|体重)</t>'
silent_on sheet.xml '<t>(hypertension|diabetes|weight)</t>'
part lists/urgent.xlsx xl/worksheets/sheet1.xml >sheet.xml
says sheet.xml '<t>处理要求</t>'
part lists/register.xlsx xl/worksheets/sheet1.xml >sheet.xml
says sheet.xml '<t>NAME[0-9]+</t>'
says sheet.xml '<t>电话</t>'
says sheet.xml '<formula1>"enrolled,'
says sheet.xml '<formula1>"yes,no"'
says sheet.xml '<formula1>"confirm,refuse"'
expect 2 "$HRA" export xlsx night -o lists2 --people people.names
says err 'give the key with --key'
expect 2 "$HRA" export xlsx night -o lists2 --people people.names --key-map people.names --key house.key
says err 'given twice'
"$HRA" export xlsx --help >help
says help '^ +--key-map FILE '
silent_on help '--people'

# back through the workbook reader: the same register, names left behind, the same night changes nothing
for language in zh en; do
    expect 0 "$HRA" export xlsx night/register.csv -o office.xlsx --people people.names --key house.key -l $language -q
    expect 0 "$HRA" register update office.xlsx --results night --as-of 2026-11-21 -o back.csv --changes changes.csv
    same night/register.csv back.csv
    is "$(wc -l <changes.csv)" 1
    silent_on back.csv 'NAME|1380000'
done

# a column and an answer of the staff's own, next night
awk -F, 'BEGIN { OFS = "," } NR == 1 { print $0, "nurse"; next } NR == 2 { $7 = "no"; $10 = "=too busy" } { print $0, "+Li" }' \
    night/register.csv >edited.csv
expect 0 "$HRA" export xlsx edited.csv -o edited.xlsx -q
expect 0 "$HRA" register update edited.xlsx --results night --as-of 2026-11-22 -o one.csv --changes one-changes.csv -q
expect 0 "$HRA" register update edited.csv --results night --as-of 2026-11-22 -o two.csv --changes two-changes.csv -q
same one.csv two.csv
same one-changes.csv two-changes.csv
says one.csv '=too busy.*,\+Li$'

# lines on a second sheet are not lost in silence
expect 0 "$HRA" export xlsx night/register.csv -o split.xlsx --sheet-rows 10 -q
expect 4 "$HRA" register update split.xlsx --results night --as-of 2026-11-22 -o back.csv --changes changes.csv
says err 'split.xlsx has [0-9]+ sheets that are not empty'

# ---- refused ------------------------------------------------------------------------------------------------
expect 4 "$HRA" export xlsx lists -o made
says err 'is it a folder of'
expect 2 "$HRA" export xlsx night -o lists --language fr
expect 2 "$HRA" export
{ echo text; head -c 40000 /dev/zero | tr '\0' x; echo; } >long.csv
expect 4 "$HRA" export xlsx long.csv -o long.xlsx
says err "'text' has more than the 32767 characters"
[ ! -e long.xlsx ] || fail "half a workbook is left"
is "$(ls -A | grep -c '^\.')" 0 "temporary files are left"
finish
