#!/usr/bin/env bash
# Names of files that are not UTF-8, that break lines or that a spreadsheet would calculate: every output stays readable.
. "$(dirname "$0")/lib.sh" "$1"
command -v python3 >/dev/null || exit 77

"$HRA" generate -n 160 -g 8 --split -o people -q
new_key my.key
mkdir in "in/$(printf '\263\307\316\367')" # 城西 in GBK
# without a group column the name is the group's
column=$(head -1 people/G0001.csv | tr , '\n' | grep -n '^group_id$' | cut -d: -f1)
[ -n "$column" ] || fail "no column group_id"
bare() { cut -d, --complement -f"$column" "people/$1"; }
bare G0001.csv >"in/$(printf '\314\345\274\354\322\273.csv')" # 体检一.csv in GBK
bare G0002.csv >"in/$(printf 'caf\351.csv')"
bare G0003.csv >"in/$(printf 'two\nlines.csv')"
bare G0004.csv >'in/=cmd|"x",y.csv'
bare G0005.csv >"in/$(printf '\263\307\316\367')/$(printf 'a\033[31m.csv')"
long=$(printf '检%.0s' {1..80})
bare G0006.csv >"in/$long.csv"
cp people/G0007.csv "in/$(printf '\261\270\267\335.dat')"  # 备份.dat in GBK: held
printf 'PK\005\006' >"in/$(printf '=\266\253.zip')"        # =东.zip in GBK: damaged, held
sed -i '2s/^\([^,]*,.*\),[^,]*$/\1,-77777/' "in/$(printf '\314\345\274\354\322\273.csv')"

LC_ALL=C expect 9 "$HRA" run in -o night --key my.key --as-of 2026-11-22 -l en
iconv -f UTF-8 -t UTF-8 err >/dev/null || fail "messages are not UTF-8"
says err 'held: in/备份\.dat'
silent_on err $'\033'

cat >look.py <<'P'
import csv, glob, json, os, sys
with open('night/run.json', encoding='utf-8') as f: run = json.load(f)
shown = {i['file'] for i in run['inputs']}
want = {'in/体检一.csv', 'in/caf\\xe9.csv', 'in/two\\x0alines.csv', 'in/=cmd|"x",y.csv', 'in/城西/a\\x1b[31m.csv',
        'in/备份.dat', 'in/=东.zip', 'in/' + '检' * 80 + '.csv'}
if shown != want: sys.exit(f'inputs: {sorted(shown ^ want)}')
for i in run['inputs']: # the bytes of every name can be had back
    path = bytes.fromhex(i['path_hex']) if 'path_hex' in i else i['file'].encode()
    if os.stat(path).st_size != i['bytes']: sys.exit(f"{i['file']}: another file")
if len([i for i in run['inputs'] if 'path_hex' in i]) != 6: sys.exit('path_hex of names that are shown as they are')
tables = glob.glob('night/**/*.csv', recursive=True)
if len(tables) < 10: sys.exit('no tables')
for name in tables:
    with open(name, encoding='utf-8', newline='') as f: rows = list(csv.reader(f, strict=True))
    for row in rows[1:]:
        if len(row) != len(rows[0]): sys.exit(f'{name}: a row of {len(row)} cells')
        for cell in row:
            if cell[:1] in '=@' and cell: sys.exit(f'{name}: {cell!r}')
            if any(ord(c) < 32 for c in cell): sys.exit(f'{name}: control characters')
for name in glob.glob('night/**/*', recursive=True):
    if name.endswith(('.html', '.json', '.txt')):
        with open(name, encoding='utf-8') as f: text = f.read()
        if name.endswith('.json'): json.loads(text)
with open('night/overview/run.html', encoding='utf-8') as f: page = f.read()
for text in ('in/体检一.csv', 'in/two\\x0alines.csv', 'in/城西/a\\x1b[31m.csv', '=cmd|&quot;x&quot;,y.csv'):
    if text not in page: sys.exit(f'run.html lacks {text}')
P
expect 0 python3 look.py
says night/held.csv '^in/备份\.dat,'
is "$(cut -d, -f2 night/persons.csv | sort -u | grep -cE '^(体检一|caf\\xe9|two\\x0alines|城西 - a\\x1b\[31m)$')" 4 "groups by their names"
says night/urgent.csv . # made from files with such names

# A stopped run goes on with the same files.
touch mark
expect 9 "$HRA" run in -o night --key my.key --as-of 2026-11-22 -l en --resume -q
[ night/population.h5 -ot mark ] || fail "imported again"
finish
