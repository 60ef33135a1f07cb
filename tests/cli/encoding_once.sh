#!/usr/bin/env bash
# A large text file is read once, its encoding taken from its start. Where the rest is something else, all must be as if
# the whole file had been looked at beforehand, which is done where results go to standard output.
. "$(dirname "$0")/lib.sh" "$1"

new_key house.key
iconv -f UTF-8 -t GB18030 <<<"北京" >/dev/null 2>&1 || exit 77

# rows GROUP FIRST LAST: in UTF-8; the last of them has a cell that is rejected
rows() {
    awk -v group="$1" -v first="$2" -v last="$3" 'BEGIN {
        for (i = first; i <= last; i++)
            printf "P%05d,%s,%s,%d,%d,5.%d,1.2,0,1\n", i, i % 2 ? "female" : "male", group, 30 + i % 50, 110 + i % 40, i % 100
        printf "P%05d,male,%s,50,很高,5.0,1.2,0,1\n", last + 1, group }'
}
header=person_id,sex,group_id,age,sbp,tc,hdl,diabetes,没有这个
gb() { iconv -f UTF-8 -t GB18030; }
plain() { echo person_id,sex,group_id,age,sbp,tc,hdl,diabetes,spare; rows North 1 12000 | sed '$d'; }

plain >ascii.csv
{ plain; rows 北京 12001 12001; } >late_utf8.csv
{ plain; rows 北京 12001 12001 | gb; } >late_gb.csv
{ plain; rows 上海 12001 12400; rows 北京 12401 14000 | gb; } >mixed.csv
{ plain; rows 浦东区 12001 13600; rows 北京 13601 13620 | gb; } >mixed_mostly_utf8.csv
{ echo $header; rows 北京总 1 12000; } | tee utf8.csv | gb >gb.csv
{ cat gb.csv; printf 'P99999,male,\xff\xff,50,120,5.0,1.2,0,1\n'; } >gb_damaged.csv
{ cat gb.csv; rows 北京 12002 12002; } >gb_then_utf8.csv
{ printf '\xEF\xBB\xBF'; cat utf8.csv; printf 'P99999,male,\xb1\xb1,50,120,5.0,1.2,0,1\n'; } >mark_damaged.csv
{ printf '\xFF\xFE'; iconv -f UTF-8 -t UTF-16LE utf8.csv; } >utf16.csv
{ printf '%s' "$(cat utf8.csv)"; printf '\xE5\x8C'; } >cut_character.csv # ends within a character
gzip -k -c late_gb.csv >late_gb_packed.csv.gz
gzip -k -c utf8.csv | head -c 30000 >cut_off.csv.gz
for shift in 0 1 2; do # characters across the ends of blocks
    { printf 'person_id,sex,age,sbp,tc,hdl,group_id\n'; awk -v shift=$shift 'BEGIN {
        printf "%.*s", shift, "qq"
        for (i = 1; i <= 9000; i++) printf "P%05d,male,50,120,5.0,1.2,北京北京北京北京北京北京北京\n", i }'; } >across_$shift.csv
done

for file in ascii utf8 late_utf8 late_gb mixed mixed_mostly_utf8 gb gb_damaged gb_then_utf8 mark_damaged utf16 cut_character \
    late_gb_packed cut_off across_0 across_1 across_2; do
    input=$(ls $file.csv*)
    want=0
    rm -f want.rejects
    "$HRA" score "$input" -o - --rejects want.rejects >want.csv 2>want.said || want=$?
    rm -f got.csv
    echo "of an earlier run" >got.rejects
    expect $want "$HRA" score "$input" -o got.csv --rejects got.rejects
    if [ $want -ne 0 ]; then # what was given up leaves no rejects
        same err want.said
        [ -e want.rejects ] || echo "of an earlier run" >want.rejects
        same got.rejects want.rejects
        continue
    fi
    same got.csv want.csv
    same got.rejects want.rejects
    grep -v '^results:\|^run report:\|people/s\|^rejected values' err >got.said
    grep -v 'people/s\|^rejected values' want.said >want.columns
    same got.said want.columns
    [ $input != utf8.csv ] || says got.said 没有这个
done

# imports: what the report says of the encoding
of() { # of FILE ENCODING DAMAGED
    rm -f s.h5
    expect 0 "$HRA" import $1 -o s.h5 --key house.key --report s.json
    says s.json "\"encoding\":\"$2\".*\"damaged_places\":$3,"
}
of ascii.csv UTF-8 0
of late_utf8.csv UTF-8 0
of late_gb.csv GB18030 0
of late_gb_packed.csv.gz GB18030 0
of mixed.csv GB18030 '[0-9]+'
of mixed_mostly_utf8.csv UTF-8 '[1-9][0-9]*'
of gb.csv GB18030 0
of gb_damaged.csv GB18030 '[1-9][0-9]*'
of mark_damaged.csv UTF-8 '[1-9][0-9]*'
of utf16.csv UTF-16LE 0
of cut_character.csv UTF-8 1

# and the store and the rejects are those of an encoding that is given
for pair in late_gb.csv:gb18030 gb.csv:gb18030 utf8.csv:utf-8 late_utf8.csv:utf-8; do
    rm -f given.h5 found.h5
    expect 0 "$HRA" import ${pair%:*} -o given.h5 --key house.key --encoding ${pair#*:} -q
    expect 0 "$HRA" import ${pair%:*} -o found.h5 --key house.key -q
    same given.h5 found.h5
    same given.h5.rejects.csv found.h5.rejects.csv
    says found.h5.rejects.csv 很高
done

# a file that cannot be read to its end leaves nothing
expect 4 "$HRA" import cut_off.csv.gz -o none.h5 --key house.key
says err 'cut off'
[ ! -e none.h5 ] || fail "a store of half a file"

# the hash in the report is that of the file
if command -v b3sum >/dev/null; then
    expect 0 "$HRA" score ascii.csv -o got.csv
    says got.csv.run.json "\"blake3\": *\"$(b3sum <ascii.csv | cut -d' ' -f1)\""
    expect 0 "$HRA" score late_gb_packed.csv.gz -o got.csv
    says got.csv.run.json "\"blake3\": *\"$(b3sum <late_gb_packed.csv.gz | cut -d' ' -f1)\""
fi
finish
