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

# one row per person: 单位 is the employer
{ echo 体检号,性别,项目,结果,单位,总胆固醇; for i in $(seq 30); do echo "A$i,男,入职,合格,东风,5.$i"; done; } >wide.csv
expect 0 "$HRA" inspect wide.csv -o wide.profile
silent_on out 'one row per test item'
says wide.profile '^单位 = group_id'
finish
