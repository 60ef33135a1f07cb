#!/usr/bin/env bash
# same_bytes.sh HRA EMULATOR... OTHER_HRA: the program of this machine and that of another kind of processor must leave
# the same bytes: invented people, a whole night of messy files, and scores of plain text with their sums by group.
set -u
here=$(realpath "$1")
shift
there=("$@")
[ -x "$here" ] || { echo "no $here to compare with, skipped"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
mkdir here there
"$here" key new house.key >/dev/null 2>&1 || exit 1

# both COMMAND...: either program runs it in a folder of its own.
both() {
    (cd here && "$here" "$@") || { echo "FAILED here: hra $*"; exit 1; }
    (cd there && "${there[@]}" "$@") || { echo "FAILED there: hra $*"; exit 1; }
}

models=china_par_2016,framingham_cvd_2008_lipid,score2_2021,plcom2012_norace_2020
both generate --rows 900 --groups 3 --messy --split -o messy -q
both generate --rows 3000 --groups 40 -o plain.csv -q
both score plain.csv -o plain.risks.csv --models "$models" -q
both score plain.csv --groups plain.sums.csv --models "$models" -q
both run messy -o night --key ../house.key --as-of 2026-11-22 -q

# what tells times of day and of work
rm -f {here,there}/night/run.json {here,there}/night/overview/run.html {here,there}/*.run.json
files=$(cd here && find . -type f | wc -l)
[ "$files" -gt 30 ] || { echo "FAILED: only $files files to compare"; exit 1; }
diff -rq here there || { echo "FAILED: the two programs leave different bytes"; exit 1; }
echo "$files files are the same"
