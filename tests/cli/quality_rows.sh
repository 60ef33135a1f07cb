#!/usr/bin/env bash
# Quality of the rows of a delivery: cells in wrong columns, checkups of years ago.
. "$(dirname "$0")/lib.sh" "$1"
new_key house.key

# rows whose cells stand in wrong columns: their other values cannot be trusted; placeholders are no such rows
values() { for i in $(seq "$1"); do echo "S$2$i,男,45,2026-10-01,$3"; done; }
{ echo 体检号,性别,年龄,体检日期,收缩压,舒张压,身高,体重,总胆固醇; values 30 a 120,80,170,65,5.2; values 5 b 999,-1,0,8888,99.9; } >placed.csv
{ cat placed.csv; values 1 c 170,65,5.2,1500,9; } >one_shifted.csv
{ cat placed.csv; values 1 d 5.2,120,1.70,5.1,3.3; values 1 e 12,9,5.2,120,80; } >shifted.csv
expect 0 "$HRA" quality placed.csv -o q -l en
silent_on out 'wrong columns'
expect 0 "$HRA" quality one_shifted.csv -o q -l en
silent_on out 'wrong columns'
expect 9 "$HRA" quality shifted.csv -o q -l zh
says out 'held: 37 行中有 2 行含三个及以上不可能的数值'
says q/shifted.csv.json '"rows_shifted":2'
is "$(grep -c 不可能的数值 out)" 1 "one finding"
{ cat placed.csv; values 30 f 120,80,170,65,5.2; values 30 g 120,80,170,65,5.2; values 30 h 120,80,170,65,5.2; values 1 d 5.2,120,1.70,5.1,3.3; } >rare.csv
expect 0 "$HRA" quality rare.csv -o q -l en
says out 'warning: 1 of 126 rows have three or more values that nobody can have'

# values of ten years ago are not those of today, and a run of one file says so
{ values 19 a 120,80,170,65,5.2; values 1 o 120,80,170,65,5.2 | sed 's/2026-10-01/2016-10-01/'; } >days
{ head -1 placed.csv; cat days; } >recent.csv
{ cat recent.csv; values 1 p 120,80,170,65,5.2 | sed 's/2026-10-01/2024-11-21/'; values 1 r 120,80,170,65,5.2 | sed 's/2026-10-01/2024-11-22/'; } >aged.csv
expect 0 "$HRA" quality recent.csv -o q -l en --as-of 2026-11-22
silent_on out 'two years'
expect 0 "$HRA" quality aged.csv -o q -l en
silent_on out 'two years'
expect 0 "$HRA" run aged.csv -o aged --key house.key --as-of 2026-11-22
says aged/quality/aged.csv.json '"indicator":"old","action":"warn","file":"aged.csv","variable":"exam_date","found":0.0909091,'
finish
