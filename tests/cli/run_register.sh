#!/usr/bin/env bash
# hra run --register: the register after tonight, what changed and why, and the lists of who is cared for.
. "$(dirname "$0")/lib.sh" "$1"

new_key house.key
"$HRA" generate --rows 300 --groups 2 -o people.csv -q || exit 1
expect 0 "$HRA" run people.csv -o one --key house.key --as-of 2026-11-22 -q --no-details --register register.csv
[ -e register.csv ] && fail "the input register was written"
says one/register.csv ',plan_chronic,enrolled,2026-11-22,'
says one/register_changes.csv ',none,enrolled,2026-11-22,chronic_entry,'
[ "$(sed 1d one/care/monitoring.csv | wc -l)" -gt 10 ] || fail "nobody is monitored"

# the next night with the register of the first: nobody moves, so nothing is listed
expect 0 "$HRA" run people.csv -o two --key house.key --as-of 2026-11-23 -q --no-details --register one/register.csv
is "$(sed 1d two/register_changes.csv | wc -l)" 0 "changes of a night like the last"

# the same command once more would begin anew and lose what staff entered; kept in place, the register goes on
sed -i '2s/,,,,,,,$/,yes,,staff,phone,,,/' one/register.csv
cp one/register.csv entered.csv
expect 2 "$HRA" run people.csv -o one --key house.key --as-of 2026-11-23 -q --no-details --register register.csv
says err 'register.csv does not exist, but one/register.csv of an earlier run does'
same entered.csv one/register.csv
expect 0 "$HRA" run people.csv -o one --key house.key --as-of 2026-11-23 -q --no-details --register one/register.csv
is "$(cell one/register.csv 1 decider)" staff
is "$(cell one/register.csv 1 since)" 2026-11-22

# a night that was stopped behind its register is done again by the same command, from the register it began with
cp one/register.csv begun.csv
touch -d '1 hour ago' begun.csv
stopped() { "$HRA" run people.csv -o three --key house.key --as-of 2026-11-23 -q --no-details "$@"; }
expect 0 stopped --register begun.csv
cp three/register.csv undisturbed.csv
rm three/run.json
expect 2 stopped --register begun.csv
expect 0 stopped --register begun.csv --resume
same three/register.csv undisturbed.csv
rm three/run.json
expect 2 stopped --register none.csv
expect 0 stopped --register none.csv --resume
rm three/run.json # by a run of the next day, which was stopped before its register
expect 2 "$HRA" run people.csv -o three --key house.key --as-of 2026-11-24 -q --no-details --register none.csv --resume
touch -d '5 minutes' three/register.csv # staff worked on it
expect 2 stopped --register none.csv --resume
expect 2 stopped --register begun.csv --resume

# a register that is older than that of the folder does not take its place, and is told of before anything is done
cp one/register.csv entered.csv
cp -p two/register.csv old.csv
touch -d '1 hour ago' old.csv
expect 2 "$HRA" run people.csv -o one --key house.key --as-of 2026-11-24 -q --no-details --register old.csv
says err 'register old.csv is older than one/register.csv'
same entered.csv one/register.csv
# nor does one that staff worked on meanwhile, if a night has gone over the other since
cp two/register.csv worked.csv
expect 0 "$HRA" run people.csv -o one --key house.key --as-of 2026-11-24 -q --no-details --register one/register.csv
cp one/register.csv entered.csv
touch worked.csv
expect 2 "$HRA" run people.csv -o one --key house.key --as-of 2026-11-25 -q --no-details --register worked.csv
says err 'register worked.csv is older than one/register.csv .* last night was 2026-11-23, that of the other 2026-11-24'
same entered.csv one/register.csv
# a copy that staff worked on is newer
sed '2s/staff/chief/' one/register.csv >worked.csv
expect 0 "$HRA" run people.csv -o one --key house.key --as-of 2026-11-24 -q --no-details --register worked.csv
is "$(cell one/register.csv 1 decider)" chief

expect 2 "$HRA" run people.csv -o none --key house.key -q --no-details --register one/register.csv
says err 'as-of'
finish
