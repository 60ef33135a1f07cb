#!/usr/bin/env bash
# hra inspect: what it finds, what it asks, what it must not show; an answered draft reads the file.
. "$(dirname "$0")/lib.sh" "$1"

# a survey's codes, pounds of cholesterol in mg/dL under a bare name, sentinels, day-first dates, spreadsheet days, a
# column twice, an empty and a constant one, names and telephones in columns nobody knows
awk 'BEGIN {
    print "客户编号,姓名,联系人,性别,年龄,体检日期,出生日期,TC,HDL(mmol/L),told_htn,高血压病史,收缩压,收缩压,体重,院区,空列,体重kg复测,tel"
    for (i = 1; i <= 300; i++) {
        sex = i % 5 < 2 ? 1 : 2
        tc = i % 50 == 0 ? 999 : 150 + i % 120
        htn = i % 97 == 0 ? 9 : 1 + (i % 3 > 0)
        weight = 50 + i % 40
        printf "P%05d,赵金雀%d,钱画眉%d,%d,%d,%02d/%02d/2025,%d,%d,1.%d,%d,%d,%d,%d,%d,东院,,%d,1380013%04d\n", i, i, i, sex,
            30 + i % 40, 1 + i % 28, 1 + i % 12, 25000 + i * 7, tc, i % 10, htn, htn, 100 + i % 60, 102 + i % 60, weight, weight, i
    }
}' >survey.csv
expect 0 "$HRA" inspect survey.csv -o survey.profile
is "$(stat -c %a survey.profile)" 600
says out 'survey.csv: 300 rows, 18 columns'
says out 'encoding: UTF-8, the whole file is valid UTF-8'
says out 'separator: comma; header in line 1'
says out '1 empty, 1 constant'
says out '性别: is the table of codes below right\? 1 40 %, 2 60 %'
says out 'TC: which unit\? median 2.*plausible in mg/dL .*plausible in mmol/L'
says out 'TC: does 999 stand for missing\? it occurs 6 times'
says out '高血压病史: is the table of codes below right\?'
says out '"收缩压@1" and "收缩压@2" are both sbp'
says out '出生日期: 300 cells are days of a spreadsheet'
says out '体重kg复测: is this weight\? its name holds'
says survey.profile '^性别: 2 = female, 1 = male$|^性别: 1 = male, 2 = female$'
says survey.profile '^高血压病史: .*1 = yes'
says survey.profile '^高血压病史: .*9 = missing'
says survey.profile '^体检日期: rules dates = day-first$'
says survey.profile '^# day first is proven: [0-9]+ dates'
says survey.profile '^TC: 999 = missing$'
says survey.profile '^# the column is empty$'
says survey.profile '^# row by row the same as 体重$'
says survey.profile '^id = 客户编号$'
says survey.profile '^confirmed: no '
silent_on out '赵金雀|钱画眉|13800|P00'
silent_on survey.profile '赵金雀|钱画眉|13800|P00'

# a unit that the header names without its stroke is the one that is proposed, though the numbers are plausible in another
awk 'BEGIN { print "id,age,sex,crp_mgdl,uric_mgdl"; for (i = 0; i < 60; i++) print i ",50,1,0." i % 30 "," 3 + i % 5 }' >units.csv
expect 0 "$HRA" inspect units.csv -o units.profile
says out 'crp_mgdl: is this crp[?] .* plausible in mg/dL; then write crp_mgdl = crp \[mg/dL\]'
says out 'uric_mgdl = uric_acid \[mg/dL\]'

# a draft is never written over a file, and reads nothing until its questions are answered
cp survey.profile before
expect 2 "$HRA" inspect survey.csv -o survey.profile
expect 0 "$HRA" inspect survey.csv -o drafts/survey.profile # its folder is made
same survey.profile drafts/survey.profile
is "$(stat -c %a drafts)" 700
expect 5 "$HRA" inspect survey.csv -o no/where/survey.profile
says err 'the folder no does not exist'
same survey.profile before
new_key k
expect 4 "$HRA" import survey.csv -o s.h5 --map survey.profile --key k
says err 'a question is open'
mkdir profiles
sed '/^?/d;s/^confirmed: no.*/confirmed: Li 2026-11-22/;s/^issuer:/issuer: survey/;s/^TC = tc .*/TC = tc [mg\/dL]/' survey.profile >profiles/survey.profile
expect 0 "$HRA" import survey.csv -o s.h5 --profiles profiles --key k
says err '300 people stored in s.h5, 0 rows rejected'
says err 'TC -> tc \[mg/dL\]'
says err '^tc  *mg/dL  *294  *6 '
says err '^sex  *-  *300 '
says err '^birth_date  *-  *300 '
says err '^exam_date  *-  *300 '

# against profiles: which one reads the file, or why none
expect 0 "$HRA" inspect survey.csv --profiles profiles
says out 'survey.csv is read by the profile survey'
sed '1s/TC/CHOL/' survey.csv >other.csv
expect 0 "$HRA" inspect other.csv --profiles profiles
says out "the nearest is survey:"
says out "column 8 'TC' is now 'CHOL'"

# two columns of pressures as 120/80: which one is a question, and the draft binds
printf 'person_id,BP,BP\n' >pairs.csv
for i in $(seq 9); do echo "a$i,12$i/80,13$i/80"; done >>pairs.csv
expect 0 "$HRA" inspect pairs.csv
says out 'ignore one'

# pressures in columns of their own and as 120/80: asked, and the draft binds whichever way round and however many
new_key pairs.key
pressures() { # HEADER CELLS COLUMN-THAT-IS-IGNORED
    { echo "person_id,sex,$1"; for i in $(seq 30); do echo "a$i,male,$(eval echo "$2")"; done; } >pairs.csv
    rm -rf paired
    expect 0 "$HRA" inspect pairs.csv -o paired/p.profile
    says out 'once more'
    says paired/p.profile "^\? .*once more: ignore"
    is "$(grep '= ignore$' paired/p.profile)" "$3 = ignore"
    sed -i '/^?/d;s/^confirmed: no.*/confirmed: Li 2026-11-22/;s/^issuer:/issuer: x/' paired/p.profile
    expect 0 "$HRA" import pairs.csv -o pairs.h5 --profiles paired --key pairs.key
    says err '^sbp  .* 30  '
    says err '^dbp  .* 30  '
}
pressures 收缩压,舒张压,血压 '$((110 + i)),5$((i % 10)),$((110 + i))/5$((i % 10))' 血压
pressures 血压,dbp,sbp '$((110 + i))/5$((i % 10)),5$((i % 10)),$((110 + i))' 血压
pressures 收缩压,血压 '$((110 + i)),$((110 + i))/5$((i % 10))' 收缩压
pressures BP,舒张压 '$((110 + i))/5$((i % 10)),5$((i % 10))' 舒张压

# damaged identifiers are asked about; mixed units; a header that is none
{ echo 'person_id,glucose'; for i in $(seq 40); do echo "1.10101E+17,5.$i"; done; } >damaged.csv
expect 0 "$HRA" inspect damaged.csv
says out '40 identifiers were damaged by a spreadsheet'
{ echo 'person_id,tc'; for i in $(seq 40); do echo "a$i,5.$i"; echo "b$i,$((200 + i))"; done; } >mixed.csv
expect 0 "$HRA" inspect mixed.csv
says out 'tc: which unit\?'
grep -v 客户编号 survey.csv >headless.csv
expect 4 "$HRA" inspect headless.csv
says err 'does not look like a header'
silent_on err '赵金雀|13800'

# the encoding is found and said; several files at once
iconv -f UTF-8 -t GB18030 survey.csv >gb.csv || exit 77
expect 0 "$HRA" inspect gb.csv mixed.csv
says out 'encoding: GB18030, the file is not valid UTF-8, but valid GB18030'
says out 'mixed.csv: 80 rows'
expect 2 "$HRA" inspect gb.csv mixed.csv -o two.profile
expect 2 "$HRA" inspect
expect 5 "$HRA" inspect absent.csv

# a text with a line break keeps its rule on one line: the answered draft reads the file
printf 'person_id,sex,"weight\n(kg)",smoking_status\n' >broken.csv
{ for i in $(seq 19); do printf 'a%d,1,6%d,"否认吸烟史\n(父亲吸烟)"\n' "$i" "$((i % 10))"; done; echo a20,1,60,2; } >>broken.csv
expect 0 "$HRA" inspect broken.csv -o broken.profile
mkdir answered
sed '/^?/d;s/^confirmed: no.*/confirmed: Li 2026-11-22/' broken.profile >answered/broken.profile
expect 0 "$HRA" import broken.csv -o b.h5 --profiles answered --key k
says err '^smoking_status  *-  *20 '
says err '^weight  *kg  *20 '

# sixty laboratory results beside more answers: what kind of file it is nobody but the sender can say
"$HRA" generate --rows 30 --groups 1 --seed 1 -o both.csv -q
expect 0 "$HRA" inspect both.csv -o both.profile
says both.profile '^\? Is this a checkup or a questionnaire\? It has [0-9]+ columns of a checkup and [0-9]+ of a questionnaire'
says both.profile '^kind: checkup      # or questionnaire, roster, diagnosis$'
says out 'Is this a checkup or a questionnaire'
is "$(grep -c '^?' both.profile)" "$(sed -n 's/^draft of a profile with \([0-9]*\) open.*/\1/p' out)"
printf 'person_id,smoking_status,weight\na1,1,60\n' >one.csv
expect 0 "$HRA" inspect one.csv -o one.profile
says one.profile '^\? Is this a checkup or a questionnaire\? It has 1 column of a checkup and 1 of'

# every column that generate --messy writes is understood
expect 0 "$HRA" generate --rows 600 --groups 2 --seed 1 --messy --split -o exports -q
expect 0 "$HRA" inspect exports/G0001.csv
says out 'columns: 174 known, 0 not known'
finish
