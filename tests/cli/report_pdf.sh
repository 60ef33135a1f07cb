#!/usr/bin/env bash
# The printed reports: right text, bookmarks, page numbers, one file per department in the order of the input, the same
# bytes again, nothing cut, and a clear word where no font is installed.
. "$(dirname "$0")/lib.sh" "$1"
command -v pdftotext >/dev/null && command -v pdfinfo >/dev/null || { echo "skipped: poppler-utils is not installed"; exit 77; }
fc-list :lang=zh-cn | grep -q . || { echo "skipped: no font with Chinese characters is installed"; exit 77; }

# three departments in turn; the last person has none; one name has a character that is in no everyday set
awk -F, 'NR == 1 { print $0 ",group_id,department,exam_date,name"; next }
    { print $0 ",一方集团," (NR == 7 ? "" : NR % 2 ? "财务部" : "一车间/北") ",2026-10-0" NR ",张" (NR == 3 ? "䶮" : "") NR }' \
    "$SOURCE/tests/cli/six_people.csv" >six.csv
new_key my.key
expect 0 "$HRA" run six.csv -o night --key my.key --as-of 2026-11-22 -q

# Chinese, by department; without a department beside the folder
expect 0 "$HRA" report pdf night --all -o print
says err '^6 reports, [0-9]+ pages, 3 files in print'
silent_on err 'did not fit'
[ -f print/一方集团.pdf ] || fail "no file for who has no department"
[ "$(ls print/一方集团/*.pdf | wc -l)" = 2 ] || fail "not one file per department"
[ "$(stat -c %a print/一方集团/财务部.pdf)" = 600 ] || fail "others may read it"
pdftotext -layout print/一方集团/财务部.pdf text
says text '个人健康评估报告'
says text '一方集团 · 财务部'
says text '第1页 · 共[4-8]页'
says text '收缩压 +152 mmHg'
says text '本次血压152/96'
says text '体质指数'
silent_on text 'report\.|张[0-9]'
pdfinfo print/一方集团/财务部.pdf >info
says info 'Title: +个人健康评估报告'
says info 'A4'
says info 'CreationDate: +Sun Nov 22 00:00:00 2026'

# in the order of the input
keys=$(zstd -dcq night/persons.jsonl.zst | sed -n 's/^{"person_id":"\([^"]*\)".*/\1/p')
set -- $keys
[ $# = 6 ] || fail "keys of the run: $*"
order=$(grep -oE "^ *($2|$4)" text | tr -d ' ' | uniq | tr '\n' ' ')
is "$order" "$2 $4 " "order of the people of a department"

# bookmarks: each person, then the sections of that person
pdftohtml -xml -i -stdout print/一方集团/财务部.pdf | sed -n '/<outline>/,$p' >marks
says marks "<item page=\"1\">$2</item>"
says marks '健康信息清单'
is "$(grep -c '您的健康管理处方' marks)" 2 "a bookmark of the plan for each person"
is "$(grep -cE '<item page="[0-9]+">[0-9a-f]{32}</item>' marks)" 2 "a bookmark for each person"

# the same bytes again, and English in one file
expect 0 "$HRA" report pdf night --all -o again -q
for file in 一方集团.pdf 一方集团/财务部.pdf; do same "print/$file" "again/$file"; done
expect 0 "$HRA" report pdf night --all --merge group -l en -o english
silent_on err 'did not fit'
says err '^6 reports, [0-9]+ pages, 1 file in'
pdftotext -layout english/一方集团.pdf text
says text 'Your health assessment'
says text 'page 1 of [4-9]'
says text 'Of 100 people like you, about 4 will have it within 10 years'
says text 'Systolic pressure +152 mmHg'
silent_on text 'report\.[a-z]'

# what would come out the same is left alone, file by file; another text in one report makes its file anew
stat -c '%n %Y %i' again/*.pdf again/*/*.pdf >before
expect 0 "$HRA" report pdf night --all -o again
says err '^0 reports, 0 pages, 0 files in again, 3 unchanged'
stat -c '%n %Y %i' again/*.pdf again/*/*.pdf >after
same before after
truncate -s -1 again/一方集团.pdf
expect 0 "$HRA" report pdf night --all -o again
says err '^1 report, [0-9]+ pages, 1 file in again, 2 unchanged'
same print/一方集团.pdf again/一方集团.pdf
expect 0 "$HRA" report pdf night --all -o again --contact '010-1234'
says err '^6 reports, [0-9]+ pages, 3 files in again, 0 unchanged'

# on both sides of the sheet nobody stands on the back of somebody else
expect 0 "$HRA" report pdf night --all --merge group -o sheets --two-sided -q
pdftotext sheets/一方集团.pdf - | awk 'BEGIN { RS = "\f" } /第1页 · 共/ { print NR % 2 }' >fronts
is "$(sort fronts | uniq -c | tr -s ' ')" ' 6 1' "first pages on fronts"

# single files, with names from the key map, masked or not
expect 0 "$HRA" import six.csv -o named.h5 --key my.key --key-map people.map
expect 0 "$HRA" report pdf night --person "$2" -o one --provider '健康中心' --contact '010-1234' --key-map people.map --key my.key
pdftotext "one/$2.pdf" text
says text '健康中心'
says text '010-1234'
says text '张䶮3'
# a single file carries the outlines of its own characters and little more
expect 0 "$HRA" report pdf night --person "$3" -o small
expect 0 "$HRA" report pdf night --person "$3" -o small
says err '^0 reports, 0 pages, 0 files in small, 1 unchanged'
[ "$(stat -c %s "small/$3.pdf")" -lt 300000 ] || fail "a single file is too large: $(stat -c %s "small/$3.pdf") bytes"
expect 0 "$HRA" report pdf night --person "$2" -o masked --mask-names --key-map people.map --key my.key
pdftotext "masked/$2.pdf" text
says text '张\*\*'
silent_on text '䶮'
expect 2 "$HRA" report pdf night --all --merge floor -o bad
says err 'department, group or none'
[ ! -e bad ] || fail "a folder was made for nothing"

# no font at all
printf '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><cachedir>%s</cachedir></fontconfig>' "$PWD/cache" >none.conf
expect 2 env FONTCONFIG_FILE="$PWD/none.conf" "$HRA" report pdf night --all -o nofont
says err 'no font with Chinese characters.*fonts-noto-cjk'
finish
