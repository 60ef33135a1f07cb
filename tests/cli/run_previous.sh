#!/usr/bin/env bash
# hra run --previous: the folder of last year's run beside this year's.
. "$(dirname "$0")/lib.sh" "$1"

new_key house.key
"$HRA" generate --rows 300 --groups 2 -o people.csv -q || exit 1
agree people.csv
expect 0 "$HRA" run people.csv -o last --key house.key --as-of 2025-11-22 -q --no-details
expect 0 "$HRA" run people.csv -o now --key house.key --as-of 2026-11-22 -q --no-details --previous last
says now/years.csv '^\*,people,kept,300,'
is "$(sed 1d now/changes.csv | wc -l)" 300 "people"
says now/run.json 'years.csv'

# another key: nobody could be linked, and the run says so after everything else is written
new_key other.key
expect 7 "$HRA" run people.csv -o apart --key other.key --as-of 2026-11-22 -q --no-details --previous last
[ -s apart/persons.csv ] || fail "what does not depend on last year is written"
finish
