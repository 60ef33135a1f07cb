#!/usr/bin/env bash
# Nothing that names a person leaves the reject file: canaries are put wherever a delivery can hold them, and searched
# for in everything hra writes and says. Company names may stand in groups and person files, never in messages.
. "$(dirname "$0")/lib.sh" "$1"

# names, identity numbers, phones, addresses, cell values
people='赵金雀|钱画眉|CANARY|11010519491231|1380099|金丝雀路'
identifiers='PIDKEY'
companies='白鹭公司|苍鹰公司'

head='客户编号,姓名,身份证号,手机号,单位,住址,性别,年龄,收缩压,TC(mg/dL),吸烟,备注'
good() { # good NUMBER COMPANY
    echo "PIDKEY0$1,赵金雀$1,11010519491231000$1,1380099000$1,$2,金丝雀路$1号,男,5$1,13$1,20$1,从不,CANARY note $1"
}
bad_rows() {
    echo 'PIDKEY01,赵金雀,110105194912310001,13800990001,白鹭公司,金丝雀路,男,51,131,201,从不,CANARY again'
    echo 'PIDKEY11,钱画眉,110105194912310011,13800990011,苍鹰公司,金丝雀路,赵金雀,CANARYAGE,13800990011,11010519491231,CANARY,x'
    echo 'PIDKEY12,钱画眉,110105194912310012,13800990012,苍鹰公司,金丝雀路,女,52,132,202,从不,CANARY,CANARY too wide'
    echo 'PIDKEY13,钱画眉,110105194912310013,13800990013'
    echo ',钱画眉,110105194912310014,13800990014,苍鹰公司,金丝雀路,女,52,132,202,从不,CANARY no identifier'
    echo 'PIDKEY15,"钱画眉'
    echo '又一行",110105194912310015,13800990015,苍鹰公司,金丝雀路,CANARY,52,1.2.3,CANARY,从不,"CANARY ""quoted"""'
    printf 'PIDKEY16,CANARY\0NUL,110105194912310016,13800990016,苍鹰公司,,男,52,132,202,从不,x\n'
    printf 'PIDKEY17,CANARY\377\376,110105194912310017,13800990017,苍鹰公司,,\377男,52,132,202,从不,x\n'
    echo 'PIDKEY18,钱画眉,110105194912310018,13800990018,苍鹰公司,金丝雀路,女,52,132,202,从不,"CANARY never closed'
}
{ echo "$head"; for i in 1 2 3 4 5; do good $i 白鹭公司; done; for i in 6 7 8 9; do good $i 苍鹰公司; done; } >clean.csv
{ cat clean.csv; bad_rows; } >dirty.csv
{ echo '员工体检结果,,,,,,,,,,,'; cat dirty.csv; } >titled.csv
iconv -f UTF-8 -t GB18030 clean.csv >gb18030.csv || exit 77
gzip -c dirty.csv >packed.csv.gz
head -c 300 packed.csv.gz >cut.csv.gz
{ echo "$head"; good 1 白鹭公司; echo 'PIDKEY02,钱画眉'; } | sed 's/,/;/g' >semicolons.csv
grep -v 客户编号 clean.csv >headless.csv
{ echo 'sex,age,110105194912310001,13800990001,sbp'; echo '男,50,赵金雀,CANARY,130'; } >number_header.csv
echo '没有的列 = tc' >bad.map
new_key house.key
mkdir outputs messages profiles
printf 'profile: house\npath: "*"\nheader: %s\nconfirmed: Li 2026-11-22\n---\n吸烟 = smoking_status\n' "$head" >profiles/house.profile

count=0
# run_any NAME COMMAND...: whatever its exit status; what it says is kept for the search.
run_any() {
    local name=$1
    shift
    count=$((count + 1))
    "$@" >"messages/$name.out" 2>"messages/$name.err"
    [ $? -le 9 ] || fail "$name ended by a signal or an unknown exit status"
}

for input in clean dirty titled gb18030 packed.csv.gz cut.csv.gz semicolons headless number_header; do
    file=$input
    [ -e "$file" ] || file=$input.csv
    for key in "--key house.key" ""; do
        tag=$input.${key:+key}
        run_any "$tag.import" "$HRA" import "$file" -o "outputs/$tag.h5" $key --report "outputs/$tag.json" \
            --rejects "rejects.$tag.import.csv"
        run_any "$tag.store" "$HRA" score "$file" -o "outputs/$tag.risks.h5" $key --factors --tiers \
            --prescriptions --rejects "rejects.$tag.store.csv"
        run_any "$tag.run" "$HRA" run "$file" -o "outputs/$tag.night" $key --rejects "rejects.$tag.run.csv"
        run_any "$tag.map" "$HRA" score "$file" -o "outputs/$tag.map.h5" $key --map bad.map \
            --rejects "rejects.$tag.map.csv"
        run_any "$tag.model" "$HRA" score "$file" -o "outputs/$tag.model.h5" $key --models no_such_model \
            --rejects "rejects.$tag.model.csv"
        run_any "$tag.nobody" "$HRA" explain "$file" $key --person ABSENT
    done
    # identifiers are hashed in CSV results too where a key is given
    run_any "$input.keyed" "$HRA" score "$file" -o "outputs/$input.keyed.csv" --key house.key --factors \
        --rejects "rejects.$input.keyed.csv"
done
for input in dirty titled headless number_header; do
    run_any "$input.inspect" "$HRA" inspect "$input.csv" -o "outputs/$input.profile"
    run_any "$input.profiles" "$HRA" import "$input.csv" -o "outputs/$input.profiles.h5" --key house.key \
        --profiles profiles --rejects "rejects.$input.profiles.csv" --report "outputs/$input.profiles.json"
done
run_any person "$HRA" explain clean.csv --key house.key --person PIDKEY03
run_any info "$HRA" info outputs/clean.key.h5
run_any from_store "$HRA" score outputs/clean.key.h5 -o outputs/from_store.csv
run_any duplicates "$HRA" import clean.csv dirty.csv -o outputs/duplicates.h5 --key house.key --duplicates reject \
    --rejects rejects.duplicates.csv

# without a key the score file's first column is the identifier as given, and nothing else is
run_any plain "$HRA" score dirty.csv -o plain.csv --rejects rejects.plain.csv
[ -s plain.csv ] || fail "no plain.csv"
! cut -d, -f2- plain.csv | grep -qE "$identifiers" || fail "an identifier stands outside the first column"
mv plain.csv.run.json outputs/
cut -d, -f2- plain.csv >outputs/plain.csv

# the reject file holds values by design, and only its owner can read it
grep -q CANARY rejects.dirty.key.import.csv || fail "the reject file lost the rejected values"
for f in rejects.*.csv; do is "$(stat -c %a "$f")" 600 "$f"; done

find outputs -name '*.gz' -exec gunzip {} +
find outputs -name '*.zst' -exec zstd -dq --rm {} +
# identifiers in the one message that repeats what the user typed are the user's own
sed -i 's/PIDKEY03//g' messages/person.*
search() { # search PATTERN FOLDER...
    local pattern=$1
    shift
    grep -rlaE -- "$pattern" "$@" | sed 's/^/in /' >found
    [ ! -s found ] || fail "'$pattern' leaked: $(tr '\n' ' ' <found)"
    for encoded in $(tr '|' ' ' <<<"$pattern"); do # as GB18030 and UTF-16 too
        LC_ALL=C grep -rlaF -- "$(iconv -f UTF-8 -t GB18030 <<<"$encoded")" "$@" >found
        [ ! -s found ] || fail "'$encoded' leaked in GB18030: $(tr '\n' ' ' <found)"
    done
}
search "$people|$identifiers" outputs messages
search "$companies" messages
find outputs -name '*.run.json' -o -name run.json -o -name import.txt -o -name '*.json' ! -name groups.json ! -name groups_client.json >reports
while read -r f; do ! grep -qE "$companies" "$f" || fail "a company name stands in $f"; done <reports
[ -s outputs/clean.key.night/persons.jsonl ] || fail "nothing was searched: no persons.jsonl"
[ -s outputs/clean.key.h5 ] && [ -s outputs/from_store.csv ] || fail "nothing was searched"
[ "$(find outputs -type f ! -perm 600 ! -name plain.csv ! -name '*.tmp*' | wc -l)" = 0 ] ||
    fail "readable by others: $(find outputs -type f ! -perm 600 ! -name plain.csv | head -3 | tr '\n' ' ')"
finish
