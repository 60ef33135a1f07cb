# hra generate: what it writes, that the seed decides, that dirt is dirt and the truth beside it clean.
. "$(dirname "$0")/lib.sh" "$1"

# ---- wrong use
expect 2 "$HRA" generate
says err "--rows"
expect 2 "$HRA" generate --rows 10 -o people.txt
says err "people.txt"
expect 2 "$HRA" generate --rows 3 --groups 4 -o a.csv
expect 2 "$HRA" generate --rows 10 --split
expect 2 "$HRA" generate --rows 10 --messy -o a.h5
expect 2 "$HRA" generate --rows 10 --headers fr -o a.csv
expect 2 "$HRA" generate --rows 10 --truth t.csv -o a.csv
expect 2 "$HRA" generate --rows 10 extra
expect 5 "$HRA" generate --rows 10 -o no/such/folder/a.csv
[ ! -e a.csv ] || fail "a refused command left a file"

# ---- clean CSV: rectangular, deterministic, whatever the number of threads
expect 0 "$HRA" generate --rows 9000 --seed 5 --groups 7 --threads 1 -q -o one.csv
expect 0 "$HRA" generate --rows 9000 --seed 5 --groups 7 --threads 2 -q -o two.csv
same one.csv two.csv
expect 0 "$HRA" generate --rows 9000 --seed 6 --groups 7 -q -o other.csv
! cmp -s one.csv other.csv || fail "another seed gives the same people"
"$HRA" generate --rows 9000 --seed 5 --groups 7 -q >three.csv || fail "standard output"
same one.csv three.csv
is "$(wc -l <one.csv)" 9001 "rows and a header"
is "$(awk -F, '{ print NF }' one.csv | sort -u | wc -l)" 1 "the same number of cells in every row"
is "$(head -1 one.csv | cut -d, -f1)" person_id
is "$(cell one.csv 1 person_id)" 0000000001
is "$(cut -d, -f2 one.csv | tail -n +2 | sort -u | wc -l)" 7 "groups"

# ---- one file for each group holds the same rows
expect 0 "$HRA" generate --rows 9000 --seed 5 --groups 7 --split -q -o parts
is "$(ls parts | wc -l)" 7 "files"
{ head -1 one.csv; for part in parts/*.csv; do tail -n +2 "$part"; done; } >joined.csv
same one.csv joined.csv

# ---- Chinese headers
expect 0 "$HRA" generate --rows 50 --seed 5 --headers zh -q -o zh.csv
says zh.csv "收缩压"
says zh.csv "男|女"

# ---- messy: the truth is the clean file, every change is named
expect 0 "$HRA" generate --rows 9000 --seed 5 --groups 7 --messy --split --truth truth.csv -q -o messy
is "$(wc -l <truth.csv)" 9001 "truth rows"
says truth.csv "dirt$"
says truth.csv "swapped_pressure"
says truth.csv "full_width:"
says truth.csv "wrong_unit:"
says truth.csv "repeated"
says truth.csv ",$"
expect 0 "$HRA" generate --rows 9000 --seed 5 --groups 7 --messy --split --truth again.csv --threads 2 -q -o messy2
same truth.csv again.csv
for part in messy/*.csv; do same "$part" "messy2/$(basename "$part")"; done
repeats=$(grep -cE '[, ](repeated|conflicting)' truth.csv)
lines=$(cat messy/*.csv | grep -vc '^$')
titles=$(cat messy/*.csv | LC_ALL=C grep -c "$(printf '2025\xc4\xea\xb6\xc8')" || true)
is "$lines" $((9000 + repeats + 2 * 7 + titles)) "messy rows: people, repeats, headers, sums and titles"
utf8=0 other=0
for part in messy/*.csv; do if iconv -f UTF-8 -t UTF-8 "$part" >/dev/null 2>&1; then utf8=$((utf8 + 1)); else other=$((other + 1)); fi; done
[ "$utf8" -gt 0 ] && [ "$other" -gt 0 ] || fail "files in one encoding only ($utf8 UTF-8, $other GB18030)"
for part in messy/*.csv; do iconv -f GB18030 -t UTF-8 "$part" >/dev/null 2>&1 || iconv -f UTF-8 -t UTF-8 "$part" >/dev/null || fail "$part is neither"; done

# ---- a store and a CSV hold the same people
expect 0 "$HRA" generate --rows 3000 --seed 9 -q -o people.h5
expect 0 "$HRA" generate --rows 3000 --seed 9 -q -o people.csv
models=china_par_2016,framingham_cvd_2008_lipid,fsrp_2017
expect 0 "$HRA" score people.h5 -o store.csv --models $models --precision full -q
expect 0 "$HRA" score people.csv -o text.csv --models $models --precision full -q
cut -d, -f2- store.csv >store.values
cut -d, -f2- text.csv >text.values
same store.values text.values

# ---- what intake makes of the dirt, against the truth (needs h5py)
if /usr/bin/python3 -c 'import h5py' 2>/dev/null; then
    expect 0 "$HRA" generate --rows 2400 --seed 5 --groups 12 --messy --split --truth true.csv -q -o dirty
    new_key hra.key
    expect 0 "$HRA" import dirty/*.csv --key hra.key -o dirty.h5 -q
    /usr/bin/python3 "$SOURCE/tests/cli/compare_truth.py" dirty.h5 true.csv dirty >compared 2>&1 || { fail "intake and truth differ"; tail -25 compared >&2; }
    says compared "clean right"
    says compared "full_width right"
else
    echo "no h5py: intake is not compared with the truth"
fi

finish
