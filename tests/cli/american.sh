#!/usr/bin/env bash
# A group as an American employer delivers it: units, words and names; what inspect asks, and what the pages say.
. "$(dirname "$0")/lib.sh" "$1"
new_key house.key
{
    echo 'Employee ID,Company,Department,Sex,Age,Exam date,Height (in),My weight in pounds,Waist (in),Systolic BP,Fasting glucose (mg/dL),Smoker'
    for i in $(seq 30); do
        echo "E$i,Acme Tools Inc.,Ohio plant,F,4$((i % 10)),10/$((i % 12 + 13))/2026,65,$((130 + 3 * i)),33,12$((i % 10)),9$((i % 10)),No"
    done
    for glucose in 70 71 109 110; do
        echo "G$glucose,Acme Tools Inc.,Ohio plant,F,45,10/20/2026,65,140,33,120,$glucose,No"
    done
} >us.csv
expect 0 "$HRA" inspect us.csv -o us.profile
# pounds and 斤 both fit: the word in the header decides, and without one neither is proposed
says out 'My weight in pounds.: is this weight\? .* plausible in lb; then write .* = weight \[lb\]'
sed '1s/My weight in pounds/My weight today/' us.csv >open.csv
expect 0 "$HRA" inspect open.csv
says out 'plausible in 斤 or lb; then write .* = weight \[斤 or lb\]'
# a column that is called as an answer is asked about, not passed over
says out 'Smoker: is this smoking_status\? its name holds .Smoker.'

mkdir profiles
sed '/^?/d; s/^confirmed: no.*/confirmed: Li Wei 2026-11-22/
    s/^"My weight in pounds" = ignore/"My weight in pounds" = weight [lb]/' us.profile >profiles/us.profile
expect 0 "$HRA" run us.csv --profiles profiles -l en --branches -o night --key house.key --as-of 2026-11-22 -q
is "$(wc -l <night/rejects.csv)" 1 "nothing is rejected"

# a page without any risk does not explain drawings that it does not have
page=$(find night/branches -path '*/reports/*.html' | sort | head -1)
says "$page" 'cannot be computed without'
# the reference speaks of whole mg/dL, as laboratories print them, and as the marks beside the values do
silent_on "$page" '[0-9]\.[0-9]+–1[0-9]+|–109\.'
for glucose in 70 71 109 110; do
    cell=$(grep -rhoE "<b>$glucose</b>[^·]*71–109" night/branches/no-branch/reports | head -1)
    marked=$(grep -cE '▲|▼' <<<"$cell" || true)
    is "$marked" "$((glucose == 70 || glucose == 110))" "the mark beside $glucose mg/dL"
done

# what is said of a value has the unit that it was delivered in, beside the guideline's
says "$page" 'fasting glucose 6\.1 mmol/L \(110 mg/dL\) or more'
says "$page" 'waist 90 cm \(35\.5 in\) or more'
grep -rqE 'Your weight is [0-9.]+ kg \([0-9]+ lb\)' night/branches || fail "a weight in kilograms alone"
says "$page" 'fasting 3\.9 to below 6\.1 mmol/L \(71 to below 110 mg/dL\)'
grep -qE '[0-9.]+</b> mmol/L \([0-9]+ mg/dL\)' "$page" || fail "the topic has no delivered value"
grep -rlE --include='*.html' '\{[0-9]|[0-9] [^ ]+ of (glucose_fasting|waist|weight|ldl|tc|tg)\b' night/branches &&
    fail "a quantity stands as its definition writes it"

# names that hold commas themselves stand apart by semicolons
says "$page" 'Hypertension, diagnosed; Blood-pressure treatment'
silent_on "$page" 'Each bar is the same model|spared if you take all steps'

# files for the printer are listed by the names of group and department, not of their folders
if command -v pdftotext >/dev/null && fc-list :lang=zh-cn | grep -q .; then
    expect 0 "$HRA" report branches night -o prints --pdf -l en
    says prints/no-branch/index.html '>Acme Tools Inc\. / Ohio plant</a>'
    pdftotext "$(find prints -name '*.pdf' | head -1)" text
    silent_on text 'Each bar is the same model|spared if you take all steps'
    says text '71–109' # in one line
fi
finish
