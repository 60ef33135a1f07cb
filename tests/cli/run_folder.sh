#!/usr/bin/env bash
# A folder as the input of hra run: every file in it is read, held with a reason, or known to hold nobody.
. "$(dirname "$0")/lib.sh" "$1"

"$HRA" generate -n 120 -g 4 --split -o people -q
agree people/*.csv
new_key my.key
mkdir -p in/deep
cp people/G0001.csv in/a.csv
cp people/G0002.csv in/deep/B.CSV
cp people/G0003.csv in/text.xls # many systems export text under this name
(cd people && python3 -m zipfile -c ../in/packed.zip G0004.csv)
all=$(cat people/*.csv | grep -vc '^person_id')

run() { "$HRA" run "$@" --key my.key --as-of 2026-11-22 --no-details --no-pages -q; }
people_of() { "$HRA" info "$1/population.h5" | grep -oE "[0-9]+ rows" | head -1; }

expect 0 run in -o night
is "$(people_of night)" "$all rows" "all names of tables are read"
[ ! -e night/held.csv ] || fail "held.csv of a folder without strange files"

# What accompanies a delivery is left alone.
touch in/a.csv.md5 in/.hidden in/deep/B.ok
expect 0 run in -o night

# What may be a delivery under another name, and what cannot be read, is held; the others are read.
cp people/G0001.csv in/c.dat
cp people/G0001.csv in/deep/d.csv.part
printf '\320\317\021\340\241\261\032\341old' >in/old.xls
printf 'PK\005\006' >in/cut.zip
ln -s nowhere in/gone.csv
expect 9 run in -o night -l en
is "$(people_of night)" "$all rows" "the others are read"
is "$(cut -d, -f1 night/held.csv | sort | tr '\n' ' ')" "file in/c.dat in/cut.zip in/deep/d.csv.part in/gone.csv in/old.xls "
says night/held.csv '^in/c\.dat,,,.*its name is not that of a table'
says night/held.csv '^in/deep/d\.csv\.part,,,.*its name is not'
says night/held.csv '^in/old\.xls,,,.*damaged or cut off'
says err 'held: in/c.dat'
says err '5 of 9 files are held'
expect 9 run in -o night
says night/held.csv '^in/c\.dat,,,文件名不像数据表'

# Named by itself, a file is read whatever its name.
expect 0 run in/a.csv people/G0002.csv in/c.dat --duplicates first -o night

# With profiles a name that is not a table's is held as well, even where a profile knows the header.
rm in/old.xls in/cut.zip in/gone.csv in/text.xls in/packed.zip
expect 0 "$HRA" inspect in/a.csv -o profiles/a.profile
sed -i '/^ *?/d; s/^confirmed: no.*/confirmed: Li Wei 2026-11-22/' profiles/a.profile
expect 9 run in --profiles profiles -o night -l en
is "$(cut -d, -f1 night/held.csv | sort | tr '\n' ' ')" "file in/c.dat in/deep/d.csv.part "

# Nothing but such files: only held.csv and the quality reports.
mkdir odd
cp people/G0001.csv odd/x.dat
expect 9 run odd -o odd_night -l en
says odd_night/held.csv '^odd/x\.dat'
[ ! -e odd_night/results.h5 ] || fail "results of nobody"

# Pipes without a writer and devices without an end are held, not waited for.
mkdir strange
cp people/G0001.csv strange/a.csv
mkfifo strange/pipe.csv strange/pipe.dat
ln -s /dev/zero strange/zero.csv
run() { timeout -k 1 60 "$HRA" run "$@" --key my.key --as-of 2026-11-22 --no-details --no-pages -q; }
expect 9 run strange -o strange_night -l en
is "$(cut -d, -f1 strange_night/held.csv | sort | tr '\n' ' ')" "file strange/pipe.csv strange/pipe.dat strange/zero.csv "
says strange_night/run.json '"strange/zero.csv", "bytes": 0, "held": true}'

# Nor does a table without identifiers among deliveries stop a night without profiles.
mkdir notes
cp people/G0001.csv notes/a.csv
printf 'name,remark\nfoo,bar\n' >notes/notes.csv
printf 'x' >notes/old.xls
expect 9 run notes -o notes_night -l en
says notes_night/held.csv '^notes/notes.csv,,,"no column of identifiers'
says notes_night/held.csv '^notes/old.xls,,,"no column of identifiers'
expect 9 run notes -o notes_night
says notes_night/held.csv '没有编号列'

# Results are no deliveries: neither those of this night for the next one, nor a run that was put among them.
mkdir -p daily/deep
cp people/G0001.csv daily/a.csv
for folder in daily daily/night daily/deep/../night/ "$PWD/daily/deep/x/y"; do
    expect 2 run daily -o "$folder"
    says err 'lies in the folder daily, which is read'
done
[ ! -e daily/night ] || fail "a folder for what was refused"
expect 0 run daily -o daily_night
cp -r daily_night daily/deep/old
expect 4 run daily -o other_night
says err 'daily/deep/old holds the results of a run'

mkdir none
expect 4 run none -o none_night
says err 'no tables .* in the folder none'

# What of a folder cannot be looked into is held with the reason; the rest is read, and each folder once.
run() { "$HRA" run "$@" --key my.key --as-of 2026-11-22 --no-details --no-pages -q; }
mkdir -p tree/a/b tree/c elsewhere
cp people/G0001.csv tree/a/b/1.csv
cp people/G0002.csv tree/c/2.csv
cp people/G0003.csv elsewhere/3.csv
ln -s .. tree/a/b/up
ln -s ../c tree/a/again
ln -s "$PWD/elsewhere" tree/other
ln -s loop tree/loop
deep=tree/$(printf 'd/%.0s' {1..64})
mkdir -p "${deep}d/e"
cp people/G0004.csv "${deep}4.csv"
cp people/G0004.csv "${deep}d/e/beyond.csv"
expect 9 run tree -o tree_night -l en
is "$(people_of tree_night)" "$all rows" "64 folders in one another, and a link to another place"
is "$(cut -d, -f1 tree_night/held.csv | tail -n +2 | LC_ALL=C sort | tr '\n' ' ')" \
    "tree/a/again tree/a/b/up ${deep}d tree/loop "
says tree_night/held.csv '^tree/a/again,,,"the folder is read under another name'
says tree_night/held.csv 'd,,,more than 64 folders'
says tree_night/run.json '"files": \{"given": 8, "read": 4, "held": 4\}'
expect 9 run tree -o tree_night
says tree_night/held.csv '^tree/a/b/up,,,该文件夹已在另一个名称下读取'

# The same with profiles, which hold what they do not know.
expect 9 run tree --profiles profiles -o tree_night -l en
says tree_night/held.csv '^tree/a/again,,,"the folder is read under another name'

# A folder without permission. The superuser may open every folder: another user runs it then.
rm -r tree/d tree/loop tree/a/b/up tree/a/again
mkdir tree/closed
cp people/G0004.csv tree/closed/4.csv
chmod 0 tree/closed
as_user=()
if [ "$(id -u)" = 0 ]; then
    as_user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
    cp "$HRA" hra_copy && HRA=$PWD/hra_copy && chown -hR 65534:65534 "$WORK"
fi
if "${as_user[@]}" "$HRA" --version >/dev/null 2>&1; then
    run() { "${as_user[@]}" "$HRA" run "$@" --key my.key --as-of 2026-11-22 --no-details --no-pages -q; }
    expect 9 run tree -o closed_night -l en
    says closed_night/held.csv '^tree/closed,,,the folder cannot be opened: Permission denied'
    says closed_night/run.json '"tree/closed", "bytes": [0-9]*, "held": true}'
fi
chmod 700 tree/closed
finish
