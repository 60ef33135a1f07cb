#!/usr/bin/env bash
# Libraries for workbooks, archives and printed reports are loaded when they are needed: without them everything else
# works, and what needs them says at once what is missing and how to get it.
. "$(dirname "$0")/lib.sh" "$1"

# A file of the same name that is no library stands before the system's.
hide() {
    rm -rf hidden
    mkdir hidden
    for name; do echo nothing >"hidden/$name"; done
}
names=$(grep -aoE 'lib[A-Za-z0-9.+-]+\.so\.[0-9]+' "$HRA" | sort -u)
zip=$(grep '^libzip' <<<"$names") book=$(grep '^libxlsxwriter' <<<"$names") cairo=$(grep '^libcairo\.' <<<"$names")
[ -n "$zip" ] && [ -n "$book" ] && [ -n "$cairo" ] || fail "the program does not name its libraries: $names"
without() { LD_LIBRARY_PATH=$PWD/hidden "$@"; }

# none of them is loaded by the loader
command -v readelf >/dev/null && { readelf -d "$HRA" >needed; silent_on needed 'libcairo|libpango|libxlsxwriter|libzip'; }

# what does not need them does not miss them
hide $zip $book $cairo
expect 0 without "$HRA" generate -n 20 -g 1 -s 3 -o people.csv -q
expect 0 without "$HRA" key new my.key
expect 0 without "$HRA" run people.csv -o night --key my.key --as-of 2026-11-22 -q

# a workbook to read, lists to write, reports to print
"$HRA_TEST_TOOLS/csv_to_xlsx" people.csv people.xlsx || fail "no workbook"
expect 0 "$HRA" import people.xlsx -o people.h5 --key my.key -q
expect 2 without "$HRA" import people.xlsx -o other.h5 --key my.key -q
says err "workbooks and zip archives need a library .*$zip.*apt install libzip"
expect 2 without "$HRA" export xlsx night -o lists --key my.key
says err "workbooks need a library .*$book.*apt install libxlsxwriter"
expect 2 without "$HRA" report pdf night --all -o print
says err "printed reports need a library .*$cairo.*apt install libpangocairo"
[ ! -e lists ] || [ -z "$(ls lists)" ] || fail "half a list"
[ ! -e print ] || [ -z "$(ls print)" ] || fail "half a print"

# a run says it before it begins
for missing in $zip $book; do
    hide $missing
    expect 2 without "$HRA" run people.csv -o second --key my.key --as-of 2026-11-22 --branches -q
    says err "need a library .*$missing"
    [ ! -e second/results.h5 ] || fail "the run began without $missing"
done
hide $cairo
expect 2 without "$HRA" run people.csv -o second --key my.key --as-of 2026-11-22 --branch-pdf -q
says err "printed reports need"
expect 0 without "$HRA" run people.csv -o second --key my.key --as-of 2026-11-22 --branches -q
finish
