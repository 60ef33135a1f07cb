#!/usr/bin/env bash
# The columns of every table are those of docs/tables.md, and every cell has the form that the page says.
. "$(dirname "$0")/lib.sh" "$1"
command -v python3 >/dev/null || exit 77

new_key house.key
"$HRA" generate --rows 500 --groups 6 --seed 5 -o people.csv -q || exit 1
# names that quote, break lines and would be computed; a value that cannot be, urgent ones, some that change from year to year
cat >make.py <<'P'
import csv
with open('people.csv', newline='') as f: people = list(csv.DictReader(f))
for i, row in enumerate(people):
    row.update(consent_client=1, sms_opt_in=1, birth_date='')
    if i % 9 == 0: row['group_id'] = '=1+1, two\nlines'
    if i % 40 == 0: row.update(sbp=196, dbp=124)
people[5]['height'] = 'tall'
def write(name, rows, columns):
    with open(name, 'w', newline='') as f:
        w = csv.DictWriter(f, columns, extrasaction='ignore')
        w.writeheader()
        w.writerows(rows)
for ago in range(3):
    year = 2026 - ago
    write(f'{year}.csv', [dict(row, exam_date=f'{year}-09-01', sbp=row['sbp'] and int(row['sbp']) - ago * (i % 5))
                          for i, row in enumerate(people[:480 if ago else 500])], people[0])
write('roster.csv', people[:450] + [dict(people[1], person_id='nobody')],
      ['person_id', 'group_id', 'branch', 'department', 'consent_client'])
P
python3 make.py || exit 1
"$HRA" run 2024.csv -o n2024 --key house.key --as-of 2024-11-22 --no-details --no-pages --no-quality -q || fail 2024
"$HRA" run 2025.csv -o n2025 --key house.key --as-of 2025-11-22 --register first.csv --no-details --no-pages --no-quality -q || fail 2025
# somebody has entered a year ago, so that values after it count
sed 's/2025-11-22/2025-01-05/g; s/,invited,/,enrolled,/' n2025/register.csv >register.csv
mkdir in profiles
cp 2026.csv in/
printf 'PK\005\006' >in/broken.zip
expect 9 "$HRA" run in --roster roster.csv -o night --key house.key --as-of 2026-11-22 --previous n2025 --earlier n2024 \
    --register register.csv --ideal --risk-age --no-details --no-pages -q -l en
awk -F, -v OFS=, 'NR == 1 { print; next } { $3 = "2026-11-20"; $5 = NR % 7 ? 120 : "high" } 1' night/care/log_template.csv >diaries.csv
expect 0 "$HRA" register read-log diaries.csv --register night/register.csv --as-of 2026-12-21 -o night/care -q
expect 0 "$HRA" screen night --by china_corporate.chd.risk --capacity 50 -o enrolled -q
cp enrolled/screen.csv enrolled/curve.csv night/
expect 0 "$HRA" score night/population.h5 --groups night/sums.csv --models china_par_2016 -q
for table in urgent persons declined rosters unmatched changes course_plans held register_changes care/follow_up care/log_rejects care/log_states; do
    [ "$(wc -l <night/$table.csv)" -gt 1 ] || fail "$table.csv has no rows to check"
done
expect 0 python3 "$SOURCE/tests/cli/tables_page.py" "$SOURCE/docs/tables.md" night
[ "$failures" -eq 0 ] || cat out

# what `hra info --json` says is on docs/formats.md, and nothing stands there that it does not say
expect 0 "$HRA" info night/population.h5 --json
mv out population.json
expect 0 "$HRA" info night/results.h5 --json
mv out results.json
cat >info.py <<'P'
import json, re, sys
def once(pairs):
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names): sys.exit(f'a member twice: {names}')
    return dict(pairs)
def refuse(word): sys.exit(f'{word} is no JSON')
said = set()
for name in ('population.json', 'results.json'):
    with open(name, encoding='utf-8') as f: told = json.load(f, object_pairs_hook=once, parse_constant=refuse)
    for member, value in told.items():
        said.add(member)
        if isinstance(value, list): said.update(inner for entry in value if isinstance(entry, dict) for inner in entry)
page = open(sys.argv[1], encoding='utf-8').read().split('## hra info --json')[1]
rows = '\n'.join(line for line in page.splitlines() if line.startswith('| `'))
words = set(re.findall(r'`(\w+)`', rows))
if words != said: sys.exit(f'the page and the program differ in {sorted(words ^ said)}')
P
expect 0 python3 info.py "$SOURCE/docs/formats.md"
[ "$failures" -eq 0 ] || cat err
finish
