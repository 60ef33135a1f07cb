#!/usr/bin/env bash
# What cells say beyond their values reaches reports and people; a torture table comes out the same in every encoding,
# and scored directly or imported first.
. "$(dirname "$0")/lib.sh" "$1"

cat >torture.csv <<'TABLE'
客户编号,姓名,性 别,出生日期,体检日期,血压,*总胆固醇（mmol/L）,甘油三酯(mmol/L),空腹血糖,吸烟情况,乙肝表面抗原
0001,张三,男,1975-10-02,05/03/2024,120/80,5.6,1.20,5.1,已戒烟5年,阴性
0002,李四,女,19800101,45356,１３８／８８,＜0.5,> 6.22,5。6,不吸烟,-
0003,"王,五",男 ,1990年1月1日,2024/3/5,首测150/95 复测138/88,4.15+,16.04++,未查,20-30支/日,阳性(+)
0003,"王,五",男 ,1990年1月1日,2024/3/19,140/90,4.20,7.75轻度乳糜,5.60,20-30支/日,阳性(+)
1.10101E+17,䶮六,??,1965.7.8,2024-03-05,80/120,201,2.2.8,0,偶尔,弃查
0005,赵七,2,S50.10.2,2024-13-05,118/76mmHg,5.2mmol/L,-1.22,5.1 溶血,"否认吸烟史
(父亲吸烟)",±
 0006 ,钱八,女,1999-02-29,2024-03-05,974,#DIV/0!,1.1,6.1↑,是,阴性阴性
合计,7人,,,,,,,,,
TABLE
new_key house.key
import() { "$HRA" import "$1" -o "$2.h5" --key house.key -q --report "$2.json" --rejects "$2.rejects" >out 2>err || [ $? -eq 5 ] || fail "import of $1"; }
import torture.csv utf8
rejects() { sed 's/^[^,]*,//' "$1"; } # without the file's name
says utf8.rejects ',2,体检日期,exam_date,05/03/2024,day or month first'
says utf8.rejects ',3,体检日期,exam_date,45356,"a bare number'
says utf8.rejects ',3,.总胆固醇（mmol/L）,tc,＜0.5,outside the hard limits'
says utf8.rejects ',4,吸烟情况,smoking_status,20-30支/日,the text does not say'
says utf8.rejects ',5,,,.*identifier occurs more than once'
says utf8.rejects ',6,,,.*a spreadsheet has damaged the identifier'
says utf8.rejects ',7,出生日期,birth_date,S50.10.2,a year counted by an era'
says utf8.rejects ',7,体检日期,exam_date,2024-13-05,there is no such day'
says utf8.rejects ',7,甘油三酯\(mmol/L\),tg,-1.22,outside the hard limits'
says utf8.rejects ',7,乙肝表面抗原,hbsag,±,weakly positive'
says utf8.rejects ',9,出生日期,birth_date,1999-02-29,there is no such day'
says utf8.rejects ',9,血压,sbp,974,not two numbers'
says utf8.rejects ',10,,,.*a line of totals'
says utf8.json '"variable":"glucose_fasting"[^}]*"missing_by":\{"not done":1\}'
says utf8.json '"variable":"tg"[^}]*"altered_by":\{"remark":1\},"marked_by":\{"above":1\}'
says utf8.json '"variable":"sbp"[^}]*"altered_by":\{[^}]*"repeat":1'
says utf8.json '"variable":"tc".*"rejected_by":\{"outside the hard limits of the variable":1\}'
if command -v iconv >/dev/null; then
    iconv -f UTF-8 -t GB18030 torture.csv >gb.csv
    { printf '\xEF\xBB\xBF'; cat torture.csv; } >bom.csv
    for form in gb bom; do
        import $form.csv $form
        rejects utf8.rejects >a
        rejects $form.rejects >b
        same a b
    done
fi

# in the people's file: comparators, and why a value is not there
{ echo 'person_id,age,sex,sbp,dbp,tc,hdl,ldl,tg,glucose_fasting,cigs_per_day,smoking_status'
  echo 'A1,52,male,152,94,6.3,未查,拒检,>6.22,,20-30支,current'
  echo 'A2,90+,female,112,70,4.6,1.6,乱码,<0.5,0,0,never'; } >people.csv
expect 0 "$HRA" run people.csv -o night --key house.key --language en --as-of 2026-11-21 -q
zstd -dcq night/persons.jsonl.zst >details.jsonl || fail "the packed file is damaged"
sed -n 1p details.jsonl >first
sed -n 2p details.jsonl >second
says first '"name":"tg","label":"[^"]*","value":6.22,"unit":"mmol/L","comparator":">"'
says first '"name":"cigs_per_day",[^}]*"value":20,[^}]*"comparator":"range"'
says first '"name":"hdl",[^}]*"value":null,[^}]*"missing":"not_done"'
says first '"name":"ldl",[^}]*"value":null,[^}]*"missing":"refused"'
says first '"blank":\["glucose_fasting"\]'
says second '"name":"age",[^}]*"value":90,[^}]*"comparator":">"'
says second '"name":"ldl",[^}]*"value":null,[^}]*"missing":"rejected"'
says second '"name":"glucose_fasting",[^}]*"missing":"not_done"'
says second '"name":"tg",[^}]*"value":0.5,[^}]*"comparator":"<"'
says second '"blank":\[\]'
says night/import.txt 'ldl: missing: 1 refused; rejected: 1 text instead of a number'
says night/import.txt 'tg: altered: |tg: marked: 1 above, 1 below'

# a pair of which a model needs one number only; the same bits directly and imported
{ echo 'person_id,age,sex,血压,bmi,hdl,smoking_status,diabetes,bp_treated'
  for i in $(seq 1 40); do
      echo "P$i,$((30 + i))岁,男,$((110 + i))/80mmHg,2$((i % 10)).5,<1.$((i % 10)),已戒烟${i}年,否认糖尿病史,否"
  done; } >pairs.csv
expect 0 "$HRA" score pairs.csv -o direct.csv --models framingham_cvd_2008_bmi --precision full -q --key house.key
expect 0 "$HRA" import pairs.csv -o pairs.h5 --key house.key -q
expect 0 "$HRA" score pairs.h5 -o stored.csv --models framingham_cvd_2008_bmi --precision full -q
same direct.csv stored.csv
# several answers in a cell
{ echo 'person_id,既往病史'
  echo 'A,高血压、脂肪肝；胆囊结石'
  echo 'B,无'
  echo 'C,"1;3"'
  echo 'D,'
  echo 'E,高血压、乌龙病'
  echo 'F,糖尿病8年'; } >answers.csv
{ echo '既往病史 = flags(hypertension, diabetes, fatty_liver_any, diabetes_duration)'
  echo '既往病史: 1 = hypertension, 3 = diabetes, 7 = other'; } >answers.map
printf 'model seen {\n horizon 10 years\n htn = first_known(number(hypertension), -1)\n dm = first_known(number(diabetes), -1)\n liver = first_known(number(fatty_liver_any), -1)\n years = first_known(diabetes_duration, -1)\n}\n' >seen.hra
"$HRA" score answers.csv --map answers.map -d seen.hra -m seen -o answers.out.csv --rejects answers.rejects -q >out 2>err
is "$(cut -d, -f1-9 answers.out.csv | grep -c '^[A-F]')" 6
for want in A,1,0,1,-1 B,0,0,0,-1 C,1,1,0,-1 D,-1,-1,-1,-1 E,1,-1,-1,-1 F,0,1,0,8; do
    got=${want%%,*}
    for name in htn dm liver years; do
        got=$got,$(awk -F, -v id="${want%%,*}" -v name="seen.$name" \
            'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) c = i } $1 == id { print $c }' answers.out.csv)
    done
    is "$got" "$want"
done
says answers.rejects 'diabetes,高血压、乌龙病,part of the text is not understood'
finish
