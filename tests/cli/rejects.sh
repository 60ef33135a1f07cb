#!/usr/bin/env bash
# The reject file belongs to one run: a run that fails before it rejects anything leaves that of an earlier one, a run
# that ends well always leaves its own.
. "$(dirname "$0")/lib.sh" "$1"

head=file,line,column,variable,value,reason
printf 'person_id,age,sex,sbp\n1,50,male,very high\n' >rejected.csv
printf 'person_id,age,sex,sbp\n1,50,male,120\n' >clean.csv
printf 'age,年龄\n50,51\n' >refused.csv
awk 'BEGIN { print "person_id,age,sex,sbp"; for (i = 1; i < 60000; i++) print i ",50,male," 90 + i * i % 97 }' |
    gzip -c | head -c 100000 >cut.csv.gz # begins well
new_key house.key

# once FILE STATUS: every command that reads it ends so, over rejects of an earlier run
once() {
    for encoding in "" "--encoding utf-8"; do
        for command in "import --key house.key" "score"; do
            rm -f out.h5
            echo earlier >out.h5.rejects.csv
            # shellcheck disable=SC2086
            expect "$2" "$HRA" $command $encoding "$1" -o out.h5
            echo "$1 $command $encoding: $(tr '\n' ' ' <out.h5.rejects.csv)" >>seen
        done
    done
}
once refused.csv 4
once cut.csv.gz 4
[ "$(grep -c ': earlier $' seen)" -eq 8 ] || fail "rejects of an earlier run are gone: $(cat seen)"
: >seen
once clean.csv 0
[ "$(grep -c ": $head \$" seen)" -eq 4 ] || fail "not a header alone: $(cat seen)"
: >seen
once rejected.csv 0
[ "$(grep -c ": $head rejected.csv,2,sbp,sbp,very high," seen)" -eq 4 ] || fail "rejects: $(cat seen)"
is "$(stat -c %a out.h5.rejects.csv)" 600

# none of an earlier run: none of a failed one
rm -f out.h5.rejects.csv
expect 4 "$HRA" import refused.csv -o out.h5 --key house.key --encoding utf-8
[ ! -e out.h5.rejects.csv ] || fail "a run that was refused left rejects"

# a place that is none is told before the work; what is no file is written to
mkdir folder
for place in folder nowhere/r.csv; do
    "$HRA" score clean.csv -o early.csv --rejects $place >out 2>err && fail "rejects into $place"
    says err "^hra score: $place"
    [ ! -e early.csv ] || fail "$place: told after the work"
done
mkfifo pipe
timeout 20 cat pipe >through &
expect 0 timeout 20 "$HRA" score rejected.csv -o early.csv --rejects pipe
wait
says through "very high"
finish
