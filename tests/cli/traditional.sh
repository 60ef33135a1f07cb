#!/usr/bin/env bash
# Deliveries in Traditional Chinese: names of columns, words, and years that count from 1912.
. "$(dirname "$0")/lib.sh" "$1"
new_key house.key
cat >taiwan.csv <<'END'
病歷號碼,公司名稱,部門,性別,出生日期,檢查日期,體重(kg),腰圍(cm),總膽固醇(mg/dL),高密度脂蛋白膽固醇(mg/dL),三酸甘油酯(mg/dL),飯前血糖(mg/dL),糖化血色素(%),肌酸酐(mg/dL),血紅素(g/dL),尿蛋白,吸菸,高血壓病史,糖尿病病史
M1,甲,一,女,64/05/03,115/11/17,67.0,83.5,177,55,135,86,5.8,0.65,13.1,陰性,從不,有,無
M2,甲,一,男,085/10/15,115/3/5,79.9,89.9,218,72,138,88,6.9,0.61,15.2,陽性(+),已戒菸,無,有
M3,甲,一,男,民國34年1月2日,1150401,79.9,未檢,218,72,138,88,6.9,0.61,15.2,-,吸菸,無,無
END
cat >echo.hra <<'END'
model echo { title "What came in" years = age  mass = weight  round = waist  total = tc  good = hdl  fat = tg
    sugar = glucose_fasting  glycated = hba1c  cleared = creatinine  blood = hemoglobin  smoking = number(smoking_status)
    pressure = if(hypertension, 1, 0)  sweet = if(diabetes, 1, 0) }
END
# three digits prove the calendar, for the column of two digits too; the draft asks
expect 0 "$HRA" inspect taiwan.csv -o taiwan.profile -l zh
says out '已识别 19，未识别 0'
says taiwan.profile '^\? 出生日期：.*民国纪年（115 年即 2026 年）吗'
is "$(grep -c 'rules years = minguo' taiwan.profile)" 2
silent_on taiwan.profile 'two-digit-years'
expect 0 "$HRA" inspect taiwan.csv
says out 'do they count from 1912, so that 115 is 2026'
# without the rule no such year is taken for another
expect 0 "$HRA" import taiwan.csv -o none.h5 --key house.key --rejects rejects.csv
is "$(grep -c 'years = minguo' rejects.csv)" 3 "115/11/17, 115/3/5, 085/10/15"
printf 'rules: years = minguo\n' >taiwan.map
expect 0 "$HRA" import taiwan.csv --map taiwan.map -o taiwan.h5 --key house.key --rejects rejects.csv
is "$(wc -l <rejects.csv)" 1 "nothing is rejected: $(cat rejects.csv)"
expect 0 "$HRA" score taiwan.h5 -o out.csv -d echo.hra -m echo -q
row() { for name in "${@:2}"; do printf '%s ' "$(cell out.csv "$1" "echo.$name")"; done; }
is "$(row 1 years mass round total good fat)" "51 67 83.5 4.57722 1.4223 1.52415 "
is "$(row 1 sugar glycated cleared blood smoking pressure sweet)" "4.77386 5.8 57.46 131 0 1 0 "
is "$(row 2 years smoking pressure sweet)" "29 1 0 1 "
is "$(row 3 years round smoking)" "81  2 "

# a file of two digits alone: the draft names both ways
printf 'ID,出生日期\nA,75/10/02\nB,80/11/03\n' >short.csv
expect 0 "$HRA" inspect short.csv -l zh
says out '小于多少算 20xx 年.*如果是民国纪年，请改写为 years = minguo'

# Big5 may pass for GB18030: it is named, once, in the profile
iconv -f UTF-8 -t BIG5 taiwan.csv >big5.csv || exit 77
expect 4 "$HRA" inspect big5.csv
says err 'another encoding than GB18030, name it with --encoding \(big5'
expect 0 "$HRA" inspect big5.csv --encoding Big5 -l zh -o big5.profile
says out '已识别 19，未识别 0'
says big5.profile '^encoding: Big5 '
mkdir profiles
sed '/^?/d; s/^confirmed: no.*/confirmed: Li Wei 2026-11-22/' big5.profile >profiles/big5.profile
expect 0 "$HRA" import big5.csv --profiles profiles -o big5.h5 --key house.key --rejects rejects.csv
is "$(wc -l <rejects.csv)" 1 "nothing is rejected: $(cat rejects.csv)"
expect 0 "$HRA" score big5.h5 -o big5_out.csv -d echo.hra -m echo -q
is "$(cut -d, -f2- big5_out.csv)" "$(cut -d, -f2- out.csv)" "the same in either encoding"
expect 0 "$HRA" import big5.csv --encoding big5 --map taiwan.map -o named.h5 --key house.key --rejects rejects.csv
expect 0 "$HRA" import taiwan.csv --profiles profiles -o utf8.h5 --key house.key --rejects rejects.csv
expect 2 "$HRA" import big5.csv --encoding koi8-r -o none.h5 --key house.key
says err 'use utf-8, gb18030 \(also for gbk\), big5, windows-1252 or utf-16le'
# read as another encoding, its header is not the one of the profile: held
sed 's/^encoding:.*/encoding: windows-1252/' profiles/big5.profile >big5.profile && mv big5.profile profiles/big5.profile
expect 9 "$HRA" import big5.csv --profiles profiles -o none.h5 --key house.key

# Windows-1252: no two bytes beyond ASCII stand together, so no byte behind them is swallowed
{
    echo 'ID|Company|Department|Sex|Age|Height (cm)|Creatinine (µmol/L)'
    echo 'A|Café|Montréal|F|45|165|71'
    echo 'B|Café|São Jorge|M|46|170½|83'
} | iconv -f UTF-8 -t CP1252 >western.csv
expect 0 "$HRA" inspect western.csv
says out 'encoding: windows-1252, the file is not valid UTF-8, and no Chinese stands in it'
says out 'Creatinine \(µmol/L\) -> creatinine'
expect 0 "$HRA" import western.csv -o western.h5 --key house.key --rejects rejects.csv
says err 'western.csv: windows-1252, \|; 2 rows, 0 rejected'
expect 0 "$HRA" run western.csv -o west --key house.key -q
is "$(grep -c 'Montréal' west/persons.csv)" 1
finish
