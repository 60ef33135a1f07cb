#!/usr/bin/env bash
# Pages that hra makes, opened and printed by a real browser:
#   tests/browser/run.sh HRA [--renew]     --renew takes today's screenshots as the goldens
# The browser is Debian's; the package that drives it is fetched once into the user's cache. Exit status 77: skipped.
set -euo pipefail
HRA=$(realpath "$1")
renew=${2:-}
here=$(cd "$(dirname "$0")" && pwd)
source=$(cd "$here/../.." && pwd)

skip() { echo "browser tests skipped: $*"; exit 77; }
for program in node npm chromium pdftotext pdftoppm pdfinfo; do
    command -v "$program" >/dev/null || skip "no $program (scripts/install test)"
done
[ -n "$(fc-list 'Noto Sans CJK SC' 2>/dev/null)" ] || skip "no Noto Sans CJK (scripts/install build)"

# the driver, at the version and hash of the lock file
lock=$(sha256sum "$here/package-lock.json" | cut -c1-16)
modules=${XDG_CACHE_HOME:-$HOME/.cache}/hra/browser-$lock
if [ ! -e "$modules/complete" ]; then
    mkdir -p "$modules"
    cp "$here/package.json" "$here/package-lock.json" "$modules"
    (cd "$modules" && npm ci --ignore-scripts --fetch-retries 1 --no-audit --no-fund >npm.log 2>&1) || {
        tail -3 "$modules/npm.log"
        skip "npm cannot get playwright-core"
    }
    touch "$modules/complete"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# People and keys are the same each time: a fixed key makes the same person keys, hence the same pages.
(umask 077 && echo "hra-key 1 7XumFxOwhtGdmLUx1MDl/fS0Y7fHID5pqrxO5u5LJBk=" >key)
day=2026-11-22
"$HRA" run "$source/tests/cli/six_people.csv" -o six --as-of $day --ideal --risk-age --key key -q
# one of them with a pressure that cannot wait: a class A result goes before everything
awk -F, 'BEGIN { OFS = "," } NR == 1 || $1 == "new_pressure"' "$source/tests/cli/six_people.csv" |
    sed 's/,152,96,/,196,124,/; s/^new_pressure/urgent/' >urgent.csv
"$HRA" run urgent.csv -o one --as-of $day --ideal --risk-age --key key -q
# the six three years before: pressure and weight have risen since, cholesterol goes up and down
for year in 2023 2024 2025; do
    awk -F, -v OFS=, -v ago=$((2026 - year)) 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
        NR > 1 { if ($at["sbp"] != "") $at["sbp"] -= 5 * ago; if ($at["weight"] != "") $at["weight"] -= 1.5 * ago
            if ($at["tc"] != "") $at["tc"] += ago % 2 ? 0.6 : 0 } 1' "$source/tests/cli/six_people.csv" >six$year.csv
    "$HRA" run six$year.csv -o six$year --as-of $year-11-22 --key key --no-details --no-pages --no-quality -q
done
# Three groups, one of them hardly large enough for an edition of its own, with values that cannot be and urgent ones;
# last year they smoked more.
"$HRA" generate --rows 400 --seed 6 --groups 2 -o generated.csv -q
awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i } NR > 1 && NR < 38 { $at["group_id"] = "small" }
    NR == 50 { $at["sbp"] = 196; $at["dbp"] = 124 } NR == 60 { $at["height"] = "tall" } 1' generated.csv >many.csv
awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i } NR > 1 && NR % 3 == 0 { $at["smoking_status"] = "current" }
    NR % 7' many.csv >earlier.csv
"$HRA" run earlier.csv -o last --as-of 2025-11-20 --key key --no-details --no-pages -q
for year in 2023 2024; do
    awk -F, -v OFS=, -v ago=$((2026 - year)) 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
        NR > 1 && $at["sbp"] != "" { $at["sbp"] -= 2 * ago } NR % 31 != ago' earlier.csv >earlier$year.csv
    "$HRA" run earlier$year.csv -o last$year --as-of $year-11-20 --key key --no-details --no-pages --no-quality -q
done
head -41 many.csv >few.csv
"$HRA" run few.csv -o few --as-of $day --key key --no-pages -q
group=$(awk -F, 'END { print $2 }' last/persons.csv)

# Three models on people with times: one that is right, one of too much risk, one of equal risks. The multiples of three
# irrational numbers are spread evenly and are the same with every awk.
awk 'function part(i, step) { return i * step - int(i * step) }
    BEGIN { print "days,died,centre,right.risk,high.risk,equal.risk"
        for (i = 1; i <= 600; i++) {
            risk = 0.02 + 0.4 * part(i, 0.819172513396) ^ 2
            time = 3652 * log(1 - part(i, 0.671043606704)) / log(1 - risk)
            end = 2000 + 3000 * part(i, 0.549700477902)
            printf "%d,%d,%s,%.4f,%.4f,0.1\n", time < end ? time : end, time < end, i % 3 ? "south" : "north", risk, risk * 1.6
        } }' >cohort.csv

for language in zh en; do
    made=pages/$language
    mkdir -p "$made"
    "$HRA" report individual six --as-of $day --all --pages -o reports -l $language -q
    # named by the line they stand on, for people to recognise
    row=0
    for name in healthy new_pressure diabetic_vip heavy_smoker pregnant half_missing; do
        row=$((row + 1))
        mv "reports/$(awk -F, -v n=$row 'NR == n + 1 { print $1 }' six/persons.csv).html" "$made/individual-$name.html"
    done
    rm -r reports
    "$HRA" report individual six --as-of $day --person "$(sed -n 4p six/persons.csv | cut -d, -f1)" -o reports -l $language -q \
        --previous six2025 --earlier six2023 --earlier six2024
    mv reports/*.html "$made/individual-several_years.html"
    rm -r reports
    "$HRA" report individual one --as-of $day --all --pages -o reports -l $language -q
    mv reports/*.html "$made/urgent-person.html"
    rm -r reports
    # what the nightly run itself leaves
    "$HRA" run many.csv -o night --as-of $day --key key --previous last --no-details -l $language -q
    mv "night/groups/$group.html" "$made/group-internal.html"
    mv night/groups/small.html "$made/group-internal_small.html"
    mv "night/client/$group/report.html" "$made/group-client.html"
    mv night/client/small/report.html "$made/group-client_small.html"
    for page in index run urgent; do mv night/overview/$page.html "$made/overview-$page.html"; done
    mv night/quality/*.html "$made/quality-report.html"
    # and with several years
    "$HRA" compare night last last2023 last2024 -o night -q
    "$HRA" report group night --group "$group" --edition internal -o years -l $language -q
    mv years/*.html "$made/group-internal_years.html"
    "$HRA" report group night --group "$group" --edition client -o years -l $language -q
    mv years/*/report.html "$made/group-client_years.html"
    rm -r night years
    "$HRA" report branches few -o branches --no-reports -l $language -q
    mv "$(find branches -name index.html | LC_ALL=C sort | head -1)" "$made/branch.html"
    rm -r branches
    "$HRA" evaluate cohort.csv --time days --event died --horizon 3652 --against right.risk --by centre -l $language \
        --page "$made/evaluation-models.html" -q
    # names as long as those of published models, and an interval in every cell
    sed '1s/right/framingham_hard_chd_2002_points/; 1s/high/framingham_cvd_2008_lipid/' cohort.csv >named.csv
    "$HRA" evaluate named.csv --time days --event died --horizon 3652 --against framingham_cvd_2008_lipid --bootstrap 100 \
        --rank ipa --common -l $language --page "$made/evaluation-bootstrap.html" -q
done

node "$here/run.mjs" --modules "$modules" --pages pages --goldens "$here/goldens" \
    --failed "${HRA_BROWSER_OUTPUT:-$source/build/browser}" $renew
