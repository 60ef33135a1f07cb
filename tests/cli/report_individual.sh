#!/usr/bin/env bash
# Individual reports: what they say, that they need nothing from outside, archives that keep what did not change.
. "$(dirname "$0")/lib.sh" "$1"

people="$SOURCE/tests/cli/six_people.csv"
new_key k
expect 0 "$HRA" run "$people" -o night --as-of 2026-11-22 --ideal --risk-age --key k -q
key_of() { awk -F, -v n="$1" 'NR == n + 1 { print $1 }' night/persons.csv; }
diabetic=$(key_of 3)
report() { expect 0 "$HRA" report individual night --as-of 2026-11-22 "$@"; }

# one person, two languages
report --person "$diabetic" -o one --provider "A & B <clinic>" -q
report --person "$diabetic" -o one_en -l en -q
page="one/$diabetic.html"
[ -f "$page" ] || fail "no page of one person"
is "$(ls one)" "$diabetic.html" "one person, one page"
is "$(stat -c %a "$page")" 600 "readable by its owner alone"
says "$page" '^<!doctype html>'
says "$page" '<html lang="zh-CN">'
says "$page" 'A &amp; B &lt;clinic&gt;'
says "one_en/$diabetic.html" '<html lang="en">'
says "one_en/$diabetic.html" 'It is not a diagnosis'
[ "$(wc -c <"$page")" -lt 60000 ] || fail "a page of $(wc -c <"$page") bytes"

# nothing from outside, nothing that runs, no key without its text, no number that is none
for file in "$page" "one_en/$diabetic.html"; do
    silent_on "$file" '<script|https?://|<link|<img|@import|javascript:|[^a-z]nan[^a-z]|\{[0-9]\}'
    silent_on "$file" '(report|unit|answer|status|flag|trend)\.[a-z_]+[. <]'
done

# the same numbers as in persons.jsonl.zst, and the order of the sections
stroke=$(zstd -dcq night/persons.jsonl.zst | sed -n 3p | grep -o '"role":"stroke".*' | grep -o '"text":"[0-9]*%' | head -1 | grep -o '[0-9]*')
[ -n "$stroke" ] && says "$page" "约${stroke}人患病"
is "$(grep -o '<h2 id="[a-z]*"' "$page" | tr -d '\n')" \
    '<h2 id="steps"<h2 id="factors"<h2 id="chronic"<h2 id="risks"<h2 id="values"<h2 id="topics"<h2 id="diseases"<h2 id="plan"<h2 id="notes"' \
    "order of the sections"
is "$(grep -c '<li class="topic ' "$page")" 16 "topics"
says "$page" '血糖未达标'
# people of the icon array: one reference each, or ten at once
says "$page" '<svg class="?people'
# every link to an item of the plan leads somewhere
for a in $(grep -o 'href=#a[0-9]*' "$page" | sort -u | cut -d'#' -f2); do says "$page" "<li id=$a "; done

# everybody: one archive per group, the same bytes twice, nothing made again
report --all -o all -q
is "$(ls all)" six_people.zip "one archive per group, nothing else"
cp all/six_people.zip first.zip
report --all -o all
says err '0 made, 6 unchanged'
same all/six_people.zip first.zip
if command -v python3 >/dev/null; then
    cat >look.py <<'PY'
import sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
page = z.read(sys.argv[2] + ".html")
assert page == open(sys.argv[3], "rb").read(), "another page in the archive"
print(len(z.namelist()))
PY
    report --person "$diabetic" -o again -q
    is "$(python3 look.py all/six_people.zip "$diabetic" "again/$diabetic.html")" 6 "the archive as others read it"
fi
# another language, a value or a name of the provider: made again
report --all -o all --provider X
says err '6 made .*, 0 unchanged'
report --all -o all -l en
says err '6 made .*, 0 unchanged'
mkdir older
sed '2s/female,31/female,32/' "$people" >older/six_people.csv
expect 0 "$HRA" run older/six_people.csv -o night2 --as-of 2026-11-22 --ideal --risk-age --key k -q
report --all -o all -q
expect 0 "$HRA" report individual night2 --as-of 2026-11-22 --all -o all
says err '1 made .*, 5 unchanged'
expect 0 "$HRA" report individual night2 --as-of 2026-11-22 --all -o all
says err '0 made, 6 unchanged'
# damaged archives are made anew
report --all -o all3 -q
head -c 20000 all3/six_people.zip >cut && mv cut all3/six_people.zip
report --all -o all3
says err '6 made .*, 0 unchanged'

# last year's results: arrows and values
sed 's/,152,96,/,171,104,/' "$people" >before.csv
expect 0 "$HRA" run before.csv -o last --as-of 2025-11-20 --ideal --risk-age --key k -q
report --person "$(key_of 2)" --previous last -o compared -q
says "compared/$(key_of 2).html" '171 <i>↓好转'
report --person "$(key_of 2)" -o alone -q
silent_on "alone/$(key_of 2).html" '171 <i>'

# of four lipids the last alone decides: it stands beside the finding that it made
sed '2s/,1.6,0.8,/,1.6,2.89,/' "$people" >lipids.csv
expect 0 "$HRA" run lipids.csv -o lipids --as-of 2026-11-22 --key k -q
expect 0 "$HRA" report individual lipids --as-of 2026-11-22 --person "$(awk -F, 'NR == 2 { print $1 }' lipids/persons.csv)" \
    -o fat -q
says fat/*.html '<p class=bv>.*>甘油三酯 <b>2.89</b>'

# a class A result comes before everything
sed '3s/,152,96,/,196,124,/' "$people" >urgent.csv
expect 0 "$HRA" run urgent.csv -o night3 --as-of 2026-11-22 --ideal --risk-age --key k -q
expect 0 "$HRA" report individual night3 --as-of 2026-11-22 --all --pages -o urgent -q
first=$(grep -o '<h2 id="[a-z]*"' "urgent/$(awk -F, 'NR == 3 { print $1 }' night3/persons.csv).html" | head -1)
is "$first" '<h2 id="urgent"' "the urgent page is first"

# names only from the key map, masked if wanted, and never in the names of files
cat >named.csv <<'DATA'
姓名,客户编号,性别,年龄,收缩压,舒张压
欧阳<b>静,N1,女,52,120,80
DATA
expect 0 "$HRA" run named.csv -o named --as-of 2026-11-22 --key k --key-map names -q
named() { expect 0 "$HRA" report individual named --as-of 2026-11-22 --all --pages -q "$@"; }
named -o plain
named -o shown --key-map names --key k
named -o masked --people names --key k --mask-names
silent_on plain/*.html '欧'
says shown/*.html '<b>欧阳&lt;b&gt;静</b>'
says masked/*.html '<b>欧\*\*</b>'
expect 2 "$HRA" report individual named --as-of 2026-11-22 --all -o shown --key-map names

# groups, and who is not there
report --group six_people -o group -q
is "$(ls group)" six_people.zip
expect 4 "$HRA" report individual night --as-of 2026-11-22 --group nobody -o none
expect 4 "$HRA" report individual night --as-of 2026-11-22 --person 0123456789abcdef0123456789abcdef -o none
expect 2 "$HRA" report individual night -o none
expect 2 "$HRA" report individual night --all --person "$diabetic" -o none
is "$(find none -name '*.zip*' | wc -l)" 0 "nothing is left of what failed"

# results that are not of these definitions, not of this population, not of this day
printf 'let one_more = age + 1 { title "t" }\n' >more.hra
expect 7 "$HRA" report individual night --as-of 2026-11-22 --all -d more.hra -o none
says err 'other definitions'
head -4 "$people" >three.csv
expect 0 "$HRA" run three.csv -o few --as-of 2026-11-22 --key k -q
expect 7 "$HRA" report individual night --as-of 2026-11-22 --all --population few/population.h5 -o none
says err 'not from the same run'
expect 7 "$HRA" report individual night3 --as-of 2026-11-22 --all --population night/population.h5 -o none
says err 'when scored again'
finish
