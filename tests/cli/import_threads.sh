#!/usr/bin/env bash
# Who reads, cuts and judges depends on the number of threads; what is stored and rejected does not: a large file, plain
# and packed, and several files, with people who come again.
. "$(dirname "$0")/lib.sh" "$1"

expect 0 "$HRA" generate -n 20000 -g 20 -o all.csv -q
new_key key
{ cat all.csv; sed -n '5,400p;9000,9300p' all.csv; } >plain.csv
gzip -1 -c plain.csv >packed.csv.gz
mkdir parts
{ head -1 all.csv; sed -n '2,5000p' all.csv; } >parts/a.csv
{ head -1 all.csv; sed -n '4000,12000p' all.csv; } >parts/b.csv
{ head -1 all.csv; sed -n '2,300p;12001,20001p' all.csv; } >parts/c.csv
[ "$(stat -c %s plain.csv)" -gt $((4 << 20)) ] || fail "the file is too small to be read ahead"

# try NAME REJECTED FILE...
try() {
    local name=$1 rejected=$2 rule threads
    shift 2
    for rule in first last; do
        for threads in 1 2 5; do
            expect 0 "$HRA" import "$@" -o "$name.h5" --rejects "$name.$threads.rejects" --key key --duplicates $rule -t $threads
            grep -q "20000 people stored in $name.h5, $rejected rows rejected" err || fail "$name, $rule, $threads threads: $(tail -2 err)"
            mv "$name.h5" "$name.$threads.h5"
        done
        for threads in 2 5; do
            cmp -s "$name.1.h5" "$name.$threads.h5" || fail "$name, $rule: another store with $threads threads"
            cmp -s "$name.1.rejects" "$name.$threads.rejects" || fail "$name, $rule: other rejects with $threads threads"
        done
    done
}

try plain 697 plain.csv
try packed 697 packed.csv.gz
try parts 1300 parts/a.csv parts/b.csv parts/c.csv

finish
