#!/usr/bin/env bash
# hra run --branches: a package per branch beside the results, made anew by the next run.
. "$(dirname "$0")/lib.sh" "$1"

new_key house.key
"$HRA" generate --rows 60 --groups 3 -o people.csv -q || exit 1
agree people.csv
for night in 1 2; do
    expect 0 "$HRA" run people.csv -o night --key house.key --as-of 2025-12-31 -q --no-details --branches
    packages=$(find night/branches -mindepth 1 -maxdepth 1 -type d | wc -l)
    is "$packages" "$(cut -d, -f3 night/persons.csv | sed 1d | sort -u | wc -l)" "packages"
    is "$(find night/branches -name '*.html' -path '*/reports/*' | wc -l)" 60 "reports"
done
# the reports for the printer, on wish
if fc-list :lang=zh-cn | grep -q .; then
    expect 0 "$HRA" run people.csv -o night --key house.key --as-of 2025-12-31 -q --no-details --branches --branch-pdf
    [ -n "$(find night/branches -path '*/print/*' -name '*.pdf')" ] || fail "no PDF file"
fi
finish
