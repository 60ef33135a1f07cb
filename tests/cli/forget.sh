#!/usr/bin/env bash
# People who asked to be deleted: out of stores, results, key maps, lists and the folder of a run; everybody else as if
# they had never been there; what cannot be done is said.
. "$(dirname "$0")/lib.sh" "$1"

new_key house.key
new_key other.key
expect 0 "$HRA" generate --rows 300 --groups 3 --seed 4 -o people.csv -q
agree people.csv
# somebody with a group and a department of their own, whose names must go, too
awk -F, 'BEGIN { OFS = "," } NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i } NR == 8 { $c["group_id"] = "LONELY" } 1' \
    people.csv >all.csv
awk -F, 'NR == 1 || ($1 != "0000000001" && $1 != "0000000007" && $1 != "0000000300")' all.csv >less.csv
printf '\xef\xbb\xbfperson_id\r\n 0000000001\r\n0000000007\r\n\r\n0000000300\r\nNOBODY77\r\n0000000007\r\n' >gone.csv
run() { # CSV FOLDER
    expect 0 "$HRA" run "$1" -o "$2" --key house.key --key-map "$2.names" --as-of 2026-11-22 --register none.csv -q
}
run all.csv night
run less.csv less
key=$(cell night/persons.csv 7 person_id)
grep -q "$key" night/population.h5 || fail "the key is not where it is looked for"
cp -r night before
cp night.names before.names

# ---- a folder
expect 0 "$HRA" forget night night.names --list gone.csv --key house.key
says err '^4 people asked for: 3 found, 1 not found; [0-9]+ rows removed from [0-9]+ files$'
says err 'found only with --issuer'
silent_on err '0000000001|0000000007|NOBODY77|'"$key"
grep -rlaE "$key|LONELY" night/*.h5 night/persons.csv night/rosters.csv night/register.csv night/urgent.csv &&
    fail "the key or the group still stands there"
zstdcat night/persons.jsonl.zst >details.jsonl
zstdcat less/persons.jsonl.zst >less.jsonl
silent_on details.jsonl "$key"
is "$(wc -l <details.jsonl)" 297
same details.jsonl less.jsonl
same night/persons.csv less/persons.csv
same night/register.csv less/register.csv
is "$(stat -c %a night/population.h5 night/results.h5 night/persons.csv night.names | sort -u)" 600
figures() { "$HRA" info "$1/results.h5" | tail -n +2; } # of every output
figures less >less.figures
figures night | same less.figures -
if /usr/bin/python3 -c 'import h5py' 2>err; then # and all bytes of all rows: the hash covers their checksums
    hash_of() { /usr/bin/python3 -c 'import h5py, sys; print(h5py.File(sys.argv[1]).attrs["content_hash"])' "$1"; }
    is "$(hash_of night/results.h5)" "$(hash_of less/results.h5)" "results as if they had never been there"
fi
scores() { "$HRA" score "$1/population.h5" -o "$1.csv" --models china_par_2016,who_cvd_2019_lab -q; }
expect 0 scores night
expect 0 scores less
same night.csv less.csv
expect 0 "$HRA" explain night/population.h5 --person "$(cell less/persons.csv 1 person_id)"
expect 4 "$HRA" explain night/population.h5 --person "$key"
# names: those who stay keep theirs
expect 0 "$HRA" report individual night --person "$(cell less/persons.csv 5 person_id)" --people night.names \
    --key house.key -o one -q
! cmp -s night.names before.names || fail "the key map is as it was"

# again: nothing is left to do, nothing is written
find night night.names -type f -exec stat -c '%n %i %Y' {} + | sort >stamps
expect 0 "$HRA" forget night night.names --list gone.csv --key house.key
says err '0 found, 4 not found; 0 rows removed from 0 files'
find night night.names -type f -exec stat -c '%n %i %Y' {} + | sort | same stamps -

# ---- what cannot be rewritten is named, and the exit status says so
rm -rf night && cp -r before night
mkdir night/reports night/x
printf 'see %s, please\n' "$key" >night/x/note.txt
echo nothing >"night/reports/$key.html"
printf 'PK\003\004' >night/x/lists.xlsx
printf 'file,line,column,variable,value,reason\nall.csv,3,sbp,sbp,abc,no number\n' >night/rejects.csv
ln -s ../persons.csv night/x/link
expect 9 "$HRA" forget night --list gone.csv --key house.key -q
for name in x/note.txt "reports/.*.html" x/lists.xlsx rejects.csv x/link; do says err "^night/$name: "; done
is "$(grep -cE '^night/.*(hold somebody|holds somebody|is a link)' err)" 5
says err 'not everything is done: 5 files'

# ---- single files, by person key
for name in population.h5 results.h5 register.csv; do cp "before/$name" .; done
echo "$key" >keys.txt
expect 0 "$HRA" forget population.h5 results.h5 register.csv --list keys.txt
says err '1 people asked for: 1 found, 0 not found'
silent_on err 'issuer'
expect 0 "$HRA" info population.h5
says out '299 rows'
# everybody
cut -d, -f1 before/persons.csv >everybody.txt
expect 0 "$HRA" forget population.h5 results.h5 --list everybody.txt
expect 0 "$HRA" info population.h5
says out '(^|[^0-9])0 rows'
expect 0 "$HRA" info results.h5
says out '(^|[^0-9])0 rows'

# ---- text as it stands: quotes, line ends, a byte-order mark, GB18030
printf '\xef\xbb\xbfnote,person\r\n"a, ""b""\nc",X1\r\n"d\ne",X2\r\n\r\nf,X3' >list.csv
printf '\xef\xbb\xbfnote,person\r\n"a, ""b""\nc",X1\r\n\r\nf,X3' >expected.csv
echo X2 >x2.txt
expect 0 "$HRA" forget list.csv --list x2.txt --key house.key
same list.csv expected.csv
printf 'key,what\n%s,alone\nother,alone\n' "$key" >unmatched.csv
expect 0 "$HRA" forget unmatched.csv --list keys.txt
is "$(cat unmatched.csv)" "$(printf 'key,what\nother,alone')"
printf 'person_id;\xd0\xd5\xc3\xfb\nX1;\xd5\xc5\nX2;\xc0\xee\n' >gb.csv
printf 'person_id;\xd0\xd5\xc3\xfb\nX1;\xd5\xc5\n' >expected.csv
expect 0 "$HRA" forget gb.csv --list x2.txt --key house.key
same gb.csv expected.csv

# ---- refused, and nothing is touched
cp before/population.h5 before/register.csv .
unchanged() { same population.h5 before/population.h5; same register.csv before/register.csv; }
refuse() { # STATUS PATTERN ARGUMENT...
    local status=$1 pattern=$2
    shift 2
    expect "$status" "$HRA" forget "$@"
    says err "$pattern"
    unchanged
}
refuse 7 'made with another key' population.h5 --list gone.csv --key other.key
refuse 4 'line 2: this is not a person key' population.h5 --list gone.csv
silent_on err 0000000001
refuse 2 'give --key' before.names --list keys.txt
refuse 7 'another key' before.names --list gone.csv --key other.key
refuse 2 'are the same file' population.h5 ./population.h5 --list gone.csv --key house.key
refuse 2 'are the same file' everybody.txt register.csv --list everybody.txt
refuse 4 'not a store, a result' register.csv out --list gone.csv --key house.key
refuse 5 'cannot read it' register.csv nowhere.h5 --list gone.csv --key house.key
refuse 2 'with --list' population.h5
refuse 2 'files or folders' --list gone.csv
printf 'person_id\n' >empty.csv
refuse 2 'not both' population.h5 --list gone.csv --before 2025-01-01
refuse 2 'is a day like' population.h5 --before yesterday
refuse 2 'with --before give folders' register.csv --before 2025-01-01
refuse 4 'names nobody' population.h5 --list empty.csv --key house.key
printf '1.1E+17\n' >spoilt.csv
refuse 4 'line 1: a spreadsheet' population.h5 --list spoilt.csv --key house.key
head -c 300000 before/population.h5 >cut.h5
refuse 4 . cut.h5 --list gone.csv --key house.key

# ---- in use: another process holds the lock of the folder or the file
exec 9>run.lock
flock 9
refuse 7 'another run' population.h5 --list gone.csv --key house.key
exec 9>&-
rm -f run.lock

# ---- what would go, and figures that still count them
rm -rf night && cp -r before night
find night -type f -exec stat -c '%n %i %Y' {} + | sort >stamps
expect 0 "$HRA" forget night --list gone.csv --key house.key --dry-run
says err 'night/results.h5: 3 would be removed'
says err 'night/groups.csv: figures that still count'
says err '4 people asked for: 3 found, 1 not found; [0-9]+ rows would be removed from [0-9]+ files'
find night -type f -exec stat -c '%n %i %Y' {} + | sort | same stamps -
expect 0 "$HRA" forget night --list gone.csv --key house.key
for name in groups.csv groups.json 'client/ \(all files in it\)' 'overview/ \(all files in it\)' run.json; do
    says err "^night/$name: figures that still count"
done
expect 0 "$HRA" forget night --list gone.csv --key house.key # as after a stop: nothing goes, and they count still
says err '0 rows removed from 0 files'
says err '^night/groups.csv: figures that still count'
says err '^night/import.txt: the account of a delivery, which counts people who were deleted and is not made again'
again=$(grep '^hra run ' err)
is "$again" "hra run night/population.h5 -o night --panel china_corporate --language zh --as-of 2026-11-22 \
--register night/register.csv"
expect 0 eval "\"\$HRA\" ${again#hra } -q"
expect 0 "$HRA" run less/population.h5 -o lesser --as-of 2026-11-22 -q
for name in groups.csv groups_client.csv rosters.csv invitations.csv persons.csv; do same "night/$name" "lesser/$name"; done
expect 0 "$HRA" forget night --list gone.csv --key house.key
silent_on err 'still count'

# ---- no room: the old file stays, nothing else is left
cp before/results.h5 .
(
    ulimit -f 200
    trap '' XFSZ
    expect 5 "$HRA" forget population.h5 --list gone.csv --key house.key
    unchanged
    expect 5 "$HRA" forget results.h5 --list gone.csv --key house.key
    same results.h5 before/results.h5
    [ "$failures" -eq 0 ]
) || fail "with a full disk"
is "$(find . -name '.*-??????' | wc -l)" 0 "a temporary file is left"
finish
