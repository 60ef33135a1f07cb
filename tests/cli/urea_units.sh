#!/usr/bin/env bash
# mg/dL of urea is urea or its nitrogen, which differ by a factor of 2.14: the column's name says nitrogen, or a map
# says which; nobody guesses.
. "$(dirname "$0")/lib.sh" "$1"
new_key house.key
cat >echo.hra <<'END'
model echo { title "What came in" urea = urea  total = tc }
END
import() { expect 0 "$HRA" import "$1" -o out.h5 --key house.key --rejects rejects.csv "${@:2}"; }
score() {
    expect 0 "$HRA" score out.h5 -o out.csv -d echo.hra -m echo -q
    for row in $(seq 1 $(($(wc -l <out.csv) - 1))); do printf '%s ' "$(cell out.csv "$row" echo.urea)"; done
}
refused() { # FILE MAP MESSAGE
    expect 4 "$HRA" import "$1" -o out.h5 --key house.key --map "$2"
    says err "$3"
}

# 28 mg/dL: 9.996 mmol/L of nitrogen, 4.662 of urea
for name in 尿素氮 BUN '尿素氮(BUN)' '尿素氮*' 'Urea nitrogen' blood_urea_nitrogen; do
    for header in "$name（mg/dL）" "$name mg/dL" "$name[MG/DL]"; do
        printf '体检号,%s\nA1,28\n' "$header" >names.csv
        import names.csv
        says err ' -> urea \[mg/dL-N\]'
        is "$(score)" "9.996 " "$header"
    done
done
for name in 尿素 UREA urea '尿素(UREA)' 'BUN(尿素)'; do
    for header in "$name(mg/dL)" "$name/mg/dL" "$name mg/dl"; do
        printf '体检号,性别,总胆固醇,%s\nA1,男,5,28\n' "$header" >names.csv
        import names.csv
        says err ': looks like urea, but its unit may be any of mg/dL-N, mg/dL-urea; say which in a map file'
        is "$(score)" " " "$header"
        printf '"%s" = urea\n' "$header" >names.map
        refused names.csv names.map 'names.map:1: the unit of .* may be several; write one of these: '
        printf '"%s" = urea [mg/dL]\n' "$header" >names.map
        refused names.csv names.map 'names.map:1: the unit of .* may be several; write one of these: '
        sed 's/.*write one of these: //; s/, "/\n"/' err | grep -a urea >lines
        sed -n 1p lines >names.map
        import names.csv --map names.map
        is "$(score)" "9.996 " "$header"
        sed -n 2p lines >names.map
        import names.csv --map names.map
        is "$(score)" "4.662 " "$header"
    done
done
printf '体检号,尿素氮,备注\n,mg/dL,-\nA1,28,\n' >below.csv # a row of units
import below.csv
is "$(score)" "9.996 "
printf '体检号,总胆固醇,尿素\n,mmol/L,mg/dL\nA1,5,28\n' >below.csv
import below.csv
says err '尿素\(mg/dL\): looks like urea, but its unit may be any of'
is "$(score)" " "
printf '体检号,尿素(mmol/L)\nA1,5.5\n' >molar.csv
import molar.csv
is "$(score)" "5.5 "
printf '体检号,尿素\nA1,5.5\n' >molar.csv
import molar.csv
is "$(score)" "5.5 "

# a map: without a line for the column, with a line that is not clear, under another name
printf '体检号,性别,尿素(mg/dL)\nA1,男,28\n' >plain.csv
printf '性别: 男 = male\n' >plain.map
refused plain.csv plain.map "plain.map: the unit of '尿素\(mg/dL\)' may be several; write one of these: \"尿素\(mg/dL\)\" = urea \[mg/dL-N\], \"尿素\(mg/dL\)\" = urea \[mg/dL-urea\]\$"
printf '"尿素(mg/dL)" = ignore\n' >plain.map
import plain.csv --map plain.map
printf '体检号,K7,K8(mg/dL)\nA1,28,28\n' >neither.csv
printf 'K7 = urea [mg/dL]\n' >neither.map
refused neither.csv neither.map "neither.map:1: the unit of 'K7' may be several; write one of these: \"K7\" = urea \[mg/dL-N\], "
printf 'K7 = ignore\n"K8(mg/dL)" = urea\n' >neither.map
refused neither.csv neither.map "neither.map:2: the unit of 'K8\(mg/dL\)' may be several"
printf '"K8(mg/dL)" = urea [mmol/L]\n' >neither.map # said, and so taken
import neither.csv --map neither.map
is "$(score)" "28 "
printf '体检号,尿素氮\nA1,28\n' >nitrogen.csv
printf '尿素氮 = urea [mg/dL]\n' >nitrogen.map # confirmed long ago: as before
import nitrogen.csv --map nitrogen.map
is "$(score)" "9.996 "
printf '体检号,尿素\nA1,28\n' >option.csv
expect 2 "$HRA" import option.csv -o out.h5 --key house.key --units urea=mg/dL
says err "'mg/dL' in column '尿素' may be several units; write urea=mg/dL-N or urea=mg/dL-urea"
import option.csv --units urea=mg/dL-N
is "$(score)" "9.996 "
import nitrogen.csv --units urea=mg/dL
is "$(score)" "9.996 "

# in cells, and in the unit column of a long file
printf '体检号,尿素氮\nA1,28mg/dL\nA2,28mg/dL-urea\nA3,5\n' >cells.csv
import cells.csv
is "$(score)" "9.996 4.662 5 "
printf '体检号,BUN mg/dL\nA1,28 mg/dL\nA2,28\n' >cells.csv # the column's own unit tells
import cells.csv
is "$(score)" "9.996 9.996 "
printf '体检号,尿素\nA1,28 mg/dL\nA2,28(mg/dL)\nA3,5 mmol/L\n' >cells.csv
import cells.csv
is "$(score)" "  5 "
says rejects.csv '^cells.csv,2,尿素,urea,28 mg/dL,text after the number is neither a unit'
printf '尿素 = urea [mg/dL-urea]\n' >cells.map
printf '体检号,尿素\nA1,28 mg/dL\n' >cells.csv
import cells.csv --map cells.map
is "$(score)" "4.662 "
printf '体检号,项目,结果,单位\nA1,BUN,28,mg/dL\nA2,BUN,5,mmol/L\n' >long.csv
printf 'long: id = 体检号, item = 项目, value = 结果, unit = 单位\nitem BUN = urea\n' >long.map
import long.csv --map long.map
is "$(score)" "9.996 5 "
printf 'long: id = 体检号, item = 项目, value = 结果, unit = 单位\nitem BUN = urea [mg/dL-N]\n' >long.map
sed 2q long.csv >one.csv
import one.csv --map long.map
is "$(score)" "9.996 "
sed -i 's/BUN/K7/' long.csv long.map one.csv
sed -i 's/\[.*\]//' long.map
import long.csv --map long.map
is "$(score)" " 5 "
printf 'long: id = 体检号, item = 项目, value = 结果, unit = 单位\nitem K7 = urea [mg/dL]\n' >long.map
refused one.csv long.map "long.map:2: the unit of 'K7' may be several; write one of these: item \"K7\" = urea \[mg/dL-N\], "
printf 'long: id = 体检号, item = 项目, value = 结果, unit = 单位\nitem "K7" = urea [mg/dL-urea]\n' >long.map
import one.csv --map long.map
is "$(score)" "4.662 "

# inspect asks with both readings, and says which fits
ask() { # COLUMN FIRST LAST
    printf '体检号,性别,%s\n' "$1" >draft.csv
    for i in $(seq "$2" "$3"); do echo "A$i,男,$i"; done >>draft.csv
    rm -f draft.profile
    expect 0 "$HRA" inspect draft.csv -o draft.profile "${@:4}"
}
ask '尿素(mg/dL)' 60 110
says draft.profile '^\? "尿素\(mg/dL\)": which unit\? median 85; 100 % of the numbers are plausible in mg/dL-urea \(.*\), 0 % of the numbers are plausible in mg/dL-N \(.*\); the line below says mg/dL-urea$'
says draft.profile '^"尿素\(mg/dL\)" = urea \[mg/dL-urea\]$'
says out 'looks like urea, but its unit may be any of mg/dL-N, mg/dL-urea'
ask '尿素 mg/dL' 5 30
says draft.profile 'plausible in mg/dL-N \(.*\), .* plausible in mg/dL-urea \(.*\); the line below says mg/dL-N$'
says draft.profile '^"尿素 mg/dL" = urea \[mg/dL-N\]$'
ask '尿素(mg/dL)' 60 110 -l zh
says draft.profile '^\? "尿素\(mg/dL\)"：单位是什么？.*按 mg/dL-urea 合理.*按 mg/dL-N 合理'
says out '像是 urea，但它的单位可能是其中任何一个：mg/dL-N, mg/dL-urea；'
ask '尿素氮 mg/dL' 5 30
says draft.profile '^"尿素氮 mg/dL" = urea \[mg/dL-N\]$'
is "$(grep -c 'which unit' draft.profile)" 0

# a profile that was confirmed before holds its file, and says what to write
mkdir profiles
confirm() { sed -e '/^?/d' -e 's/^confirmed: no.*/confirmed: Li Wei 2026-11-23/' -e 's/^issuer:$/issuer: east/' draft.profile; }
ask '尿素(mg/dL)' 60 110
confirm | sed 's/\[mg\/dL-urea\]/[mg\/dL]/' >profiles/east.profile
expect 9 "$HRA" run draft.csv --profiles profiles -o night --key house.key --as-of 2026-11-22
says night/held.csv '“尿素\(mg/dL\)”的单位可能是几种之一；请写明是哪一种，即写下列规则之一：.*urea \[mg/dL-N\].*urea \[mg/dL-urea\]'
confirm | sed '/= urea/d' >profiles/east.profile # known by its name
expect 9 "$HRA" run draft.csv --profiles profiles -o night2 --key house.key --as-of 2026-11-22 -l en
says night2/held.csv 'east.profile: the unit of .*尿素\(mg/dL\).* may be several; write one of these: '
confirm >profiles/east.profile
expect 0 "$HRA" run draft.csv --profiles profiles -o night3 --key house.key --as-of 2026-11-22
finish
