#!/usr/bin/env bash
# hra inspect notices a table of one row per test item, and does not take its units for employers.
. "$(dirname "$0")/lib.sh" "$1"

{ echo 体检号,性别,项目,结果,单位; for i in $(seq 30); do echo "A$i,男,总胆固醇,5.$i,mmol/L"; echo "A$i,男,体重,6$((i % 10)),kg"; done; } >long.csv
expect 0 "$HRA" inspect long.csv -o long.profile
says out '项目: does this file have one row per test item\? then write long: id = ..., item = 项目, value = 结果'
says out '单位: the unit of the results, or the employer\?'
says long.profile '^\? 项目: does this file'
says long.profile '^单位 = ignore'
silent_on long.profile '^[^#?].*group_id'
expect 0 "$HRA" inspect long.csv -l zh
says out '项目：这个文件是否每个检查项目一行'
says out '是结果的计量单位，还是所在单位'

# the draft has the lines that are needed; with their # gone they read the file, each value in the unit of its row
{
    echo 门诊号,性别,年龄,检查日期,项目编码,项目名称,结果,单位
    for i in 1 2 3; do
        echo "H$i,男,5$i,2026-03-0$i,T1,血压,12$i/80,mmHg"
        echo "H$i,男,5$i,2026-03-0$i,T2,*总胆固醇(TC),5.$i↑,mmol/L"
        echo "H$i,男,5$i,2026-03-0$i,T3,肌酐,0.9$i,mg/dL"
        echo "H$i,男,5$i,2026-03-0$i,T4,彩超,未见异常,"
    done
} >his.csv
expect 0 "$HRA" inspect his.csv -o his.profile -l zh
says his.profile '^# 如果是，请去掉以下各行行首的 #：$'
says his.profile '^# long: id = \.\.\., date = 检查日期, item = 项目名称, value = 结果, unit = 单位$'
says his.profile '^# item 血压 = sbp / dbp$'
says his.profile '^# item 肌酐 = creatinine \[umol/L\]$'
says his.profile '^# 有 1 个项目的名称无法识别'
silent_on his.profile '^# item.*彩超'
mkdir profiles
sed -E '/^\?/d; s/^confirmed: no.*/confirmed: Li Wei 2026-11-22/; s/^# (long:|item)/\1/; s/id = \.\.\./id = 门诊号/; /^门诊号 = /d
    /^(项目名称|结果|单位) = ignore/d; s/^(item 血压 .*)$/\1\nitem 彩超 = ignore/' his.profile >profiles/his.profile
new_key house.key
expect 0 "$HRA" import his.csv --profiles profiles -o his.h5 --key house.key --rejects rejects.csv
is "$(wc -l <rejects.csv)" 1 "$(cat rejects.csv)"
printf 'model echo { title "What came in" high = sbp  low = dbp  total = tc  cleared = creatinine  years = age }\n' >echo.hra
expect 0 "$HRA" score his.h5 -o out.csv -d echo.hra -m echo -q
is "$(for name in high low total cleared years; do printf '%s ' "$(cell out.csv 2 "echo.$name")"; done)" "122 80 5.2 81.328 52 "

# one row per person: 单位 is the employer
{ echo 体检号,性别,项目,结果,单位,总胆固醇; for i in $(seq 30); do echo "A$i,男,入职,合格,东风,5.$i"; done; } >wide.csv
expect 0 "$HRA" inspect wide.csv -o wide.profile
silent_on out 'one row per test item'
says wide.profile '^单位 = group_id'
finish
