#!/usr/bin/env bash
# A disk that is full, at several moments of each command: status 5, a message that names file and reason, no half file in
# place, nothing of it left, and the same command then goes through. A limit on the size of files stands in for the disk.
. "$(dirname "$0")/lib.sh" "$1"

new_key k
"$HRA" generate --rows 1500 --groups 4 --seed 5 -o people.csv -q || exit 1
awk -F, 'NR == 1 { print "person_id,sex,smoking_status" } NR > 1 { print $1 ",,never" }' people.csv >answers.csv
awk -F, 'NR == 1 { print "person_id,group_id,branch" } NR > 1 { print $1 ",G" NR % 4 ",B" NR % 3 }' people.csv >roster.csv
"$HRA" import people.csv -o people.h5 --key k -q 2>err || exit 1
"$HRA" import answers.csv -o answers.h5 --key k -q 2>err || exit 1
"$HRA" run people.csv --roster roster.csv -o night --key k --as-of 2025-12-31 -q || exit 1

# full KIB COMMAND...: no file grows beyond that.
full() {
    local limit=$1 got=0
    shift
    rm -rf new new.*
    (ulimit -f "$limit" && exec "$HRA" "$@") >out 2>err || got=$?
    [ "$got" -eq 5 ] || fail "$limit KiB, status $got: $*: $(tail -1 err)"
    tail -1 err | grep -qE '^hra [a-z ]+: .*new[^ ]*.*: File too large$' || fail "$limit KiB: no file or no reason: $(tail -1 err)"
    [ -z "$(find new* \( -name '.*' -o -name '*.tmp' -o -name '*.lock' -o -name '*.part' \) 2>/dev/null)" ] ||
        fail "$limit KiB: left behind: $(find new* -name '.*')"
}

for limit in 1 2 30 200 500; do full "$limit" import people.csv -o new.h5 --key k -q; done
[ ! -e new.h5 ] || fail "half a store"
full 1 import people.csv -o new.h5 --key k --key-map new.names -q
for limit in 1 90; do full "$limit" score people.csv -o new.csv -q --panel china_corporate; done
full 300 join people.h5 --questionnaire answers.h5 -o new.h5 --as-of 2025-12-31
full 1 export fhir night --all -o new.ndjson -q
full 20 report branches night -o new -q
# the parts of a workbook are files of their own before they are packed, and larger than the workbook
awk 'BEGIN { print "person,plan,state,since,rule,last_seen,consent,decision,decider,reason,contact_date,contact_result,next_contact"
    for (i = 1; i <= 1500; i++) printf "%032d,plan_chronic,enrolled,2025-12-31,chronic_entry,2025-12-31,,,,,,,\n", i }' >list.csv
expect 0 "$HRA" export xlsx list.csv -o whole.xlsx -q
for limit in 60 300 600; do
    (ulimit -f "$limit" && exec "$HRA" export xlsx list.csv -o new.xlsx -q) >out 2>err && fail "$limit KiB: a workbook"
    says err '^hra export xlsx: new.xlsx cannot be written: '
    is "$(ls -A | grep -E 'new|tmp')" "" "$limit KiB: left behind"
done
expect 0 "$HRA" export xlsx list.csv -o new.xlsx -q
same new.xlsx whole.xlsx
rm new.xlsx
# people are deleted file by file: what was not reached is done by the same command
head -30 people.csv >list.csv
cp -rp night forgotten
expect 0 "$HRA" forget forgotten --list list.csv --key k
for limit in 1 60 400; do
    rm -rf new
    cp -rp night new
    (ulimit -f "$limit" && exec "$HRA" forget new --list list.csv --key k) >out 2>err && fail "$limit KiB: people are deleted"
    tail -1 err | grep -qE '^hra forget: .*new/.*: File too large$' || fail "$limit KiB: no file or no reason: $(tail -1 err)"
    [ -z "$(find new -name '.*' -type f)" ] || fail "$limit KiB: left behind: $(find new -name '.*')"
    expect 0 "$HRA" forget new --list list.csv --key k
    is "$(diff -rq new forgotten)" "" "the same people deleted again"
done

for limit in 1 20 200 500 700 1000; do
    full "$limit" run people.csv --questionnaire answers.csv --roster roster.csv -o new --key k --as-of 2025-12-31 -q
    [ -z "$(find new -name '*.partial' -o -name '*.journal' -o -name run.json)" ] || fail "$limit KiB: left: $(ls new)"
done
expect 0 "$HRA" run people.csv --questionnaire answers.csv --roster roster.csv -o new --key k --as-of 2025-12-31 -q --resume
expect 0 "$HRA" run people.csv --questionnaire answers.csv --roster roster.csv -o other --key k --as-of 2025-12-31 -q
is "$(diff -rq new other | grep -vE '/run\.(json|html) ')" "" "after a full disk"

# a stream that is closed is no place for a file, whose bytes the messages would become
if [ -e /proc/self/fd ]; then
    "$HRA" run people.csv -o new --key k -q 2>&- &
    while kill -0 $! 2>/dev/null; do readlink "/proc/$!/fd/2"; done |
        grep -vE '\.so|^/(sys|proc)/' | sort -u >streams # libraries are opened, and count processors, before hra begins
    wait $! || fail "standard error is closed"
    is "$(cat streams)" /dev/null "what stands in for it"
fi
finish
