#!/usr/bin/env bash
# What a group could prevent is the sum over the people whose risk is known before and after the targets are met.
. "$(dirname "$0")/lib.sh" "$1"
command -v python3 >/dev/null || exit 77

new_key house.key
"$HRA" generate --rows 1500 --groups 3 --seed 8 -o people.csv -q || exit 1
expect 0 "$HRA" run people.csv -o night --key house.key --as-of 2026-11-20 --no-details -q -l en
cat >sums.py <<'P'
import collections, csv, json, sys
known, after, left, gone = (collections.Counter() for _ in range(4))
roles = ['chd', 'stroke', 'diabetes', 'lung']
for person in csv.DictReader(open('night/persons.csv', encoding='utf-8')):
    for role in roles:
        place, risk, all_met = (person['group_id'], role), person[role + '.risk'], person[role + '.if_all']
        known[place] += bool(risk)
        if not risk or not all_met: continue
        after[place] += 1
        left[place] += float(all_met)
        gone[place] += float(risk) - float(all_met)
lines = {(r['group'], r['indicator'], r['level']): r for r in csv.DictReader(open('night/groups.csv', encoding='utf-8'))
         if r['kind'] == 'events'}
some = faults = 0
def same(what, a, b):
    global faults
    if abs(float(a) - b) > 1e-4 * max(1, abs(b)): faults += 1; print(what, a, b)
for group in json.load(open('night/groups.json', encoding='utf-8'))['groups']:
    for role in roles:
        place, told = (group['group'], role), group['risks'][role]
        same((place, 'known'), told['known'], known[place])
        same((place, 'of'), told['preventable_known'], after[place])
        same((place, 'events'), told['preventable_events'], gone[place])
        same((place, 'share'), told['preventable_share'], gone[place] / (gone[place] + left[place]))
        for level, number in (('targets_met', left), ('prevented', gone)):
            same((place, level), lines[(*place, level)]['mean'], number[place])
            same((place, level, 'known'), lines[(*place, level)]['known'], after[place])
        some += 0 < after[place] < known[place]
print(some, 'of fewer people than have a risk')
sys.exit(faults > 0 or some == 0)
P
expect 0 python3 sums.py
cat out
[ "$(grep -lE 'Prevented if all targets are met: at least .*; of the [0-9]+ people of whom' night/groups/*.html | wc -l)" -gt 0 ] ||
    fail "no page says of how many people"
finish
