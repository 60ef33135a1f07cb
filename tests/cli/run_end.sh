#!/usr/bin/env bash
# The end of hra run: the account (run.json) is there when all else is, and a run without anybody says why nobody was.
. "$(dirname "$0")/lib.sh" "$1"

printf 'person_id,branch,age,sex,sbp,dbp,exam_date\nA1,North,52,male,140,80,2026-03-01\n' >people.csv
new_key house.key
night() { # night STATUS DAY OPTION...
    local want=$1 day=$2
    shift 2
    expect "$want" "$HRA" run people.csv -o night --key house.key --as-of "$day" --register register.csv --branches -q "$@"
}

# the pages of the overview have no place: the night has not ended, and goes on when they have
printf 'person_id,group_id,branch\nA1,G,North\n' >roster.csv
night 0 2026-10-20 --roster roster.csv
cp night/register.csv register.csv
mkdir -p night/overview
rm night/overview/urgent.html && mkdir night/overview/urgent.html
night 2 2026-11-20 --roster roster.csv
says err 'overview/urgent.html'
[ ! -e night/run.json ] || fail "an account of a run that has not ended"
is "$(find night -name '.*' -type f)" "" "left behind"
expect 7 "$HRA" report branches night -o packages -q
says err '^hra report branches: night: the run in this folder has not ended'
[ ! -e packages ] || fail "packages of a run that has not ended"
rmdir night/overview/urgent.html
night 0 2026-11-20 --roster roster.csv --resume
says night/overview/run.html '<a href="../run.json">run.json</a>'
says night/run.json '"finished": "complete"'
expect 0 "$HRA" report branches night -o packages -q

# what a killed run left of its packages goes with the next one, which makes none
mkdir -p night/branches.part/North && echo somebody >night/branches.part/North/index.html
expect 0 "$HRA" run people.csv -o night --key house.key --as-of 2026-11-20 --roster roster.csv -q
[ ! -e night/branches.part ] || fail "half a package stays"

# nobody in the window, as with a wrong year: the same reason with a register and packages as without
rm -rf night
expect 4 "$HRA" run people.csv -o night --key house.key --as-of 2028-11-20 --roster roster.csv -q
cp err why
rm -rf night
night 4 2028-11-20 --roster roster.csv
same err why
says err 'no person was scored: of 1 known, 1 were neither examined nor answered'
[ -e night/run.json ] && [ -e night/overview/index.html ] || fail "no account of a run without anybody"
[ ! -e night/register.csv ] || fail "a register of nobody"
finish
