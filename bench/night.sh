#!/usr/bin/env bash
# A whole night: many files from many sources (bench/night_files.sh), 'hra run', reports. Prints what was held and why,
# the join, what each stage took and how large the outputs are; last, for bench/run, a line of JSON for each of these.
#     bench/night.sh HRA FOLDER [PEOPLE [FILES]]      HRA: the program; FOLDER is made (60000 people, 200 files). If it
#     is there, the files in it are delivered again.
# HRA_NIGHT_OPTIONS: more options of 'hra run'. HRA_NIGHT_REPORTS=no: no reports behind the run.
set -euo pipefail
[ $# -ge 2 ] || { sed -n '2,6s/^# \{0,1\}//p' "$0"; exit 2; }
hra=$(realpath "$1")
[ -d "$2" ] || "$(dirname "$0")/night_files.sh" "$1" "$2" "${3:-60000}" "${4:-200}"
cd "$2"
rm -rf night reports packages
people=$(($(cat rosters/*.csv | wc -l) - $(find rosters -type f | wc -l)))
echo "$(find incoming -type f | wc -l) checkup files of $(find incoming -mindepth 1 -type d | wc -l) hospitals, $people people"

# ---- the night
records=()
# stage NAME SECONDS [PEAK_KIB [FILE...]]: a line of the table, and one of JSON for the end
stage() {
    local name=$1 seconds=$2 peak=${3:-} bytes="" line
    [ $# -lt 4 ] || bytes=$(du -cb "${@:4}" | awk 'END { print $1 }')
    line=$(awk -v name="$name" -v s="$seconds" -v peak="$peak" -v bytes="$bytes" -v people="$people" 'BEGIN {
        printf "{\"what\":\"%s\",\"engine\":\"hra\",\"rows\":%d,\"seconds\":%.2f", name, people, s
        if (s > 0) printf ",\"value\":%.0f,\"unit\":\"rows/s\"", people / s
        if (peak != "") printf ",\"peak_mib\":%.1f", peak / 1024
        if (bytes != "") printf ",\"bytes_per_row\":%.1f", bytes / people
        print "}" }')
    records+=("$line")
    printf '%-24s %9.2f s %9s %12s\n' "$name" "$seconds" "${peak:+$((peak / 1024)) MiB}" "${bytes:+$((bytes / 1000000)) MB}"
}
# size OUTPUT: what it takes on disk
size() {
    local bytes
    bytes=$(du -sb "$1" | awk '{ print $1 }')
    records+=("{\"what\":\"${1#night/}\",\"engine\":\"hra\",\"rows\":$people,\"value\":$((bytes / people)),\"unit\":\"B/row\"}")
    printf '  %-22s %40s\n' "${1#night/}" "$((bytes / 1000000)) MB, $((bytes / people)) B a person"
}
# timed NAME OUTPUT COMMAND...: a stage of its own
timed() {
    local name=$1 output=$2
    shift 2
    status=0
    /usr/bin/time -o clock -f '%e %M' "$@" || status=$?
    read -r seconds peak < <(tail -1 clock)
    [ "$name" = run ] || stage "$name" "$seconds" "$peak" "$output"
}
status=0
timed run night "$hra" run incoming --questionnaire answers --roster rosters --profiles profiles -o night \
    --key house.key --as-of 2025-12-31 ${HRA_NIGHT_OPTIONS:-}
echo "exit status $status"
[ -s night/run.json ] || exit 1
echo "--- held"; cut -c1-220 night/held.csv
echo "--- join"; cat night/join.txt
echo "--- urgent results: $(($(wc -l <night/urgent.csv) - 1))"
echo "--- stages"
run_seconds=$seconds run_peak=$peak
while read -r name took; do stage "${name//_/ }" "$took"; done < <(
    sed -n 's/^  "seconds": {\(.*\)},$/\1/p' night/run.json | tr ',' '\n' | sed 's/^ *"\(.*\)": \(.*\)$/\1|\2/; s/ /_/g; s/|/ /')
stage "the run in all" "$run_seconds" "$run_peak" night
for found in night/persons.jsonl.* night/persons.csv night/results.h5 night/rosters.csv night/groups.csv night/client; do
    size "$found"
done
if [ "${HRA_NIGHT_REPORTS:-yes}" != no ]; then
    timed "a page for everybody" reports "$hra" report individual night --all -o reports -q
    timed "packages for branches" packages "$hra" report branches night -o packages --no-reports -q
fi
printf '%s\n' "${records[@]}"
