#!/usr/bin/env bash
# What real deliveries do to headers, units and identifiers: no number in the wrong unit, no footer a person, nobody
# without a number taken for somebody else.
. "$(dirname "$0")/lib.sh" "$1"
to_xlsx=${HRA_TEST_TOOLS:-}/csv_to_xlsx
new_key house.key
cat >echo.hra <<'END'
model echo { title "What came in" urea = urea  platelets = platelets  heart = heart_rate  pressure = sbp  mass = weight
    total = tc  crea = creatinine  liver = alt  fat = tg  red = rbc  thyroid = tsh  insulin = insulin_fasting }
END
import() { expect 0 "$HRA" import "$1" -o out.h5 --key house.key --rejects rejects.csv "${@:2}"; }
# score NAME...: the values of these outputs, row by row
score() {
    expect 0 "$HRA" score out.h5 -o out.csv -d echo.hra -m echo -q
    for row in $(seq 1 $(($(wc -l <out.csv) - 1))); do
        for name in "$@"; do printf '%s ' "$(cell out.csv "$row" "echo.$name")"; done
    done
}

# units in headers, written as in cells
cat >headers.csv <<'END'
体检号,尿素氮(MG/DL),血小板(×10*9/L),心率(次/分),血压(mmHg),体重(市斤),总胆固醇(TC)(mg/dl)*,肌酐（umol/l）,ALT(IU/L)
A1,14,200,72,120/80,130,201,79,30
END
import headers.csv
is "$(score urea platelets heart pressure mass total crea liver)" "4.998 200 72 120 65 5.19786 79 30 "
printf '体检号,甘油三酯(TG)[mg/dL],红细胞[×10¹²/L],TSH(μIU/mL),空腹胰岛素(mIU/L)\nA1,100,4.5,2.1,8\n' >more.csv
import more.csv
is "$(score fat red thyroid insulin)" "1.129 4.5 2.1 8 "
printf '体检号,性别,总胆固醇(mmol/L)(mg/dL),ALT(U/L)[ukat/L]\nA1,男,5,30\n' >two_units.csv # which one?
import two_units.csv
says err '总胆固醇\(mmol/L\)\(mg/dL\): looks like tc'
says err 'looks like alt'
sed 's/血压(mmHg)/血压(kPa)/; s/(市斤)/(stone)/; s/(TC)(mg\/dl)/(空腹)(mg\/dl)/' headers.csv >others.csv
import others.csv
says err "血压\(kPa\): looks like bp_text, but 'kPa' is none of its units"
says err "体重\(stone\): looks like weight"
says err "总胆固醇\(空腹\)\(mg/dl\)\*: looks like tc, but '空腹\)\(mg/dl' is none of its units"

# units in a row of their own are not lost over columns and units that hra does not know
cat >below.csv <<'END'
体检号,性别,年龄,血压,尿素氮,游离T3,血小板,脂蛋白(a)
,男/女,岁,mmHg,mg/dL,pmol/L,×10^9/L,nmol/L
A1,男,45,120/80,14,4.5,200,75
END
import below.csv
says err '尿素氮\(mg/dL\) -> urea \[mg/dL-N\]'
says err "脂蛋白\(a\)\(nmol/L\): looks like lpa, but 'nmol/L' is none of its units"
says err '1 rows, 0 rejected'
is "$(score urea platelets pressure)" "4.998 200 120 "
printf '体检号,项目,尿素氮\nA1,8/9,mg/dL\nA2,x,5\n' >person.csv # no row of units: it has an identifier
import person.csv
says err '2 rows, 0 rejected'

# a unit in a column of its own, in a long file
cat >long.csv <<'END'
体检号,项目,结果,单位
A1,血小板,200,10*9/L
A2,血小板,210,×10⁹/L
A3,血小板,220 10^9/L,
A4,血小板,23 0,10^9/L
END
printf 'long: id = 体检号, item = 项目, value = 结果, unit = 单位\nitem 血小板 = platelets\n' >long.map
import long.csv --map long.map
is "$(score platelets)" "200 210 220  "
says rejects.csv '^long.csv,5,血小板,platelets,23 0,a space between digits$'

# people without a number are not one person, and what stands under a table is nobody
cat >nobody.csv <<'END'
序号,体检号,性别,年龄,收缩压
1,无,男,45,120
2,-,男,45,121
3,NULL,男,45,122
4,未提供,男,45,123
5,A5,男,45,124
6,NA12,男,45,125
7,京A007,男,45,126
,平均值,,45,123
,小计：,7,,
,制表人：某,,审核：某,
,(盖章),,,
,第1页,,,
,京A008,,,
END
import nobody.csv --duplicates all
says err '13 rows, 9 rejected'
for line in 2 3 4 5 11 12 13; do says rejects.csv "^nobody.csv,$line,,,.*,no identifier\$"; done
for line in 9 10; do says rejects.csv "^nobody.csv,$line,,,.*,\"a line of totals, not a person\"\$"; done
is "$(score pressure)" "124 125 126  "

# the number of an identity card is not the identifier by itself; what follows from that is said
printf '身份证号,性别,收缩压\n110101198001050037,男,120\n110101198001050037,男,130\n' >card.csv
import card.csv
says err 'no identifier: people are known by the numbers of their rows'
expect 0 "$HRA" inspect card.csv
says out '身份证号: is this the identifier of persons\? then write id = 身份证号'
expect 0 "$HRA" quality card.csv -o quality --language en
says quality/card.csv.csv '^finding,card.csv,person_id,'
printf 'id = 身份证号\n' >card.map
import card.csv --map card.map
silent_on err 'no identifier'
says err '1 rejected \(1 with a repeated identifier\)'

# values of two units in one column: asked for in a draft, held in a delivery
{ echo 体检号,空腹血糖
  for i in $(seq 1 60); do [ "$i" -le 40 ] && echo "A$i,5.$((i % 10))" || echo "A$i,1$((10 + i % 20))"; done; } >mixed.csv
expect 0 "$HRA" inspect mixed.csv
says out '空腹血糖: which unit\?.* 33 % of the numbers are plausible in mg/dL .*, 67 % of the numbers are plausible in mmol/L'
expect 9 "$HRA" quality mixed.csv -o mixed --language en
says mixed/mixed.csv.csv '^finding,mixed.csv,glucose_fasting,unit_mixed,0.3333.*,hold,'

# people on a sheet that is not read
if [ -x "$to_xlsx" ]; then
    "$to_xlsx" headers.csv one.xlsx
    expect 0 "$HRA" inspect one.xlsx
    silent_on out 'sheets that are not read'
    "$to_xlsx" headers.csv two.xlsx cover
    name=$("$HRA" inspect two.xlsx 2>&1 | sed 's/.*--sheet: //')
    expect 0 "$HRA" inspect two.xlsx --sheet "$name"
    says out 'Do the sheets that are not read \(.*\) hold people, too\?'

    # a profile that names the sheet has decided it, unless another one is for another sheet of the same workbook
    new_key house.key
    mkdir sheets
    "$HRA" inspect two.xlsx --sheet "$name" -o draft.profile >out 2>&1
    sed '/^ *?/d; s/^confirmed: no.*/confirmed: Li Wei 2026-11-22/' draft.profile >sheets/one.profile
    says sheets/one.profile '^sheet:'
    unread='sheets of workbooks that were not read'
    night() { "$HRA" run two.xlsx --profiles sheets -o night --key house.key --as-of 2026-11-22 -l en -q >out 2>err; }
    night
    says night/import.txt 'not read: '
    silent_on err "$unread"
    other=$(sed -n 's/.*not read: //p' night/import.txt | head -1)
    sed "s/^sheet:.*/sheet: $other/; s/^profile:.*/profile: other/" sheets/one.profile >sheets/two.profile
    night
    says err "$unread"
    says err "two.xlsx: $other"
fi
finish
