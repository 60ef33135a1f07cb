#!/usr/bin/env bash
# hra run leaves pages: the same as 'hra report' makes, with links that work from where they are, none of an earlier run.
. "$(dirname "$0")/lib.sh" "$1"

new_key house.key
expect 0 "$HRA" generate --rows 300 --seed 4 --groups 3 -o people.csv -q
awk -F, 'NR == 1 || /,G0001,/' people.csv | head -11 >few.csv
# a pressure that cannot wait, a value that cannot be, a group that a spreadsheet would compute
awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i } NR == 2 { $at["sbp"] = 196; $at["dbp"] = 124 }
    NR == 3 { $at["height"] = "tall" } $at["group_id"] == "G0003" { $at["group_id"] = "=1+2"; if (!other++) $at["sbp"] = 201 } 1' people.csv >night.csv
expect 0 "$HRA" run night.csv -o night --key house.key --as-of 2026-11-21 --no-details -q
is "$(ls night/overview | tr '\n' ' ')" "index.html run.html urgent.html "
is "$(ls night/groups | wc -l)" 3
for edition in internal client; do
    expect 0 "$HRA" report group night --all --edition $edition -o $edition -q
done
diff -r internal night/groups >out || fail "hra report makes other pages: $(cat out)"
for page in client/*/report.html; do same $page night/$page; done
is "$(ls -d client/*/ | wc -l)" "$(ls night/client/*/report.html | wc -l)"

for page in night/overview/*.html; do
    grep -oE 'href="[^"]*"' $page | sed 's/href="//; s/"$//' >links
    while read -r link; do
        [ -e "night/overview/$(printf %b "${link//%/\\x}")" ] || fail "$page: $link leads nowhere"
    done <links
    is "$(stat -c %a $page)" 600
    silent_on $page 'https?://|src=|\{[0-9]\}|(overview|stage|file|column)\.[a-z_]*[^.a-z]|[^a-z](nan|inf)[^a-z]'
done
says night/overview/index.html '<a href="../groups/'
says night/overview/index.html '>=1\+2</a>'
says night/overview/index.html 'report.html">报告'
says night/overview/run.html '<h3>拒收行</h3><p class=big>'
says night/overview/run.html '<a href="../rejects.csv">'
says night/overview/urgent.html '收缩压：196 mmHg'
says night/overview/urgent.html 'night.csv:2'
says night/overview/urgent.html '<td>=1\+2<br>' # without the apostrophe that the table has before it
says night/run.json '"pages": '
says night/groups/G0001.html '[0-9]年内预计(约[0-9]+|不到1|0)人会患病'

# what a killed run left in a folder that goes to an employer does not stay there
client=$(ls -d night/client/*/ | head -1)
true & gone=$!
wait $gone
echo half >"$client.group.csv.$gone-abcdef"
expect 0 "$HRA" run night.csv -o night --key house.key --as-of 2026-11-21 --no-details -q
is "$(ls -A $client | tr '\n' ' ')" "group.csv group.json report.html "

# another night into the same folder: pages of groups that are gone, or of employers who get no edition now, are gone
expect 0 "$HRA" run few.csv -o night --key house.key --as-of 2026-11-21 --no-details -q -l en
is "$(ls night/groups)" G0001.html
is "$(find night/client -name report.html -path '*G0001*')" ""
says night/overview/urgent.html 'There are no urgent results'
expect 0 "$HRA" run few.csv -o night --key house.key --as-of 2026-11-21 --no-details -q --no-pages
is "$(find night -name '*.html' -not -path '*/quality/*' -path '*G0001*')" ""
is "$(ls night/overview night/groups | grep -c html)" 0
silent_on night/run.json '"pages"|overview'
finish
