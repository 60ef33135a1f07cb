#!/usr/bin/env bash
# 300 deliveries, a tenth of them broken in different ways: every row of every file is a person, a reject with line and
# reason, or in a file that is held; and nobody else is a person.
. "$(dirname "$0")/lib.sh" "$1"
command -v python3 >/dev/null && command -v zip >/dev/null || { echo "no python3 or zip: skipped"; exit 77; }

new_key my.key
python3 "$SOURCE/tests/cli/every_row.py" make || exit 1
echo 'model echo { title "x" mass = weight }' >echo.hra
for language in zh en; do
    expect 9 "$HRA" run in -o "$language" --key my.key --as-of 2026-11-22 --no-details --no-pages -q -l "$language"
    expect 0 "$HRA" score "$language/population.h5" -o scored.csv -d echo.hra -m echo -q
    python3 "$SOURCE/tests/cli/every_row.py" check "$language" || fail "rows are lost"
done
finish
