#!/usr/bin/env bash
# Forms that other countries and programs write: decimal commas, web questionnaires, notes under a table.
. "$(dirname "$0")/lib.sh" "$1"
new_key house.key

# the draft sees decimal commas, and reads them once it is confirmed
{
    echo 'Patient ID;Sex;Age;Weight (kg);Total cholesterol (mg/dL);HbA1c (%)'
    for i in $(seq 30); do echo "P$i;F;4$((i % 10));$((60 + i)),$((i % 10));$((180 + i));5,$((i % 10))"; done
} >comma.csv
expect 0 "$HRA" inspect comma.csv -o comma.profile
says out '"Weight \(kg\)": 30 cells are numbers with a comma, as 5,6; is that 5.6\?'
says comma.profile '^"Weight \(kg\)": rules decimal = comma$'
silent_on out 'none of its cells is a number'
expect 0 "$HRA" inspect comma.csv -l zh
says out '30 个单元格是带逗号的数值'
mkdir profiles
sed '/^?/d; s/^confirmed: no.*/confirmed: Li Wei 2026-11-22/' comma.profile >profiles/comma.profile
expect 0 "$HRA" import comma.csv --profiles profiles -o comma.h5 --key house.key --rejects rejects.csv
is "$(wc -l <rejects.csv)" 1 "nothing is rejected: $(head -3 rejects.csv)"
printf 'model echo { title "What came in" mass = weight  total = tc  glycated = hba1c }\n' >echo.hra
expect 0 "$HRA" score comma.h5 -o out.csv -d echo.hra -m echo -q
is "$(cell out.csv 3 echo.mass) $(cell out.csv 3 echo.total) $(cell out.csv 3 echo.glycated)" "63.3 4.73238 5.3"
printf 'ID,CHOL\nA,"1,203"\nB,"2,104"\n' >thousands.csv
expect 0 "$HRA" inspect thousands.csv
silent_on out 'numbers with a comma'

# a web questionnaire: numbers of questions, what addresses the reader, colons
{
    echo '"序号","1、您的部落号：","2、您的性别：","3．年龄","4、您的身高（cm）","5、您的体重(kg)：","6、您是否曾被诊断患有以下疾病？（可多选）","7、您是否抽烟？","饮酒状态"'
    for i in 1 2 3; do echo "$i,E$((i / 3)),男,45,170,65,高血压,偶尔抽烟,少量"; done
} >web.csv
expect 0 "$HRA" inspect web.csv
says out '2、您的性别： -> sex'
says out '3．年龄 -> age'
says out '4、您的身高（cm） -> height'
says out '5、您的体重\(kg\)： -> weight'
says out '患有以下疾病.* -> \?'
says out '7、您是否抽烟？ -> smoking_status'
says out '饮酒状态 -> alcohol_status'
says out 'Which column identifies a person\? None is known'
expect 0 "$HRA" inspect web.csv -l zh
says out '哪一列是每个人的编号'
says out '4、您的身高（cm） -> height（身高）  \(写法\)'
sed 's/部落号/工号/' web.csv >staff.csv # what an employer calls its people by
expect 0 "$HRA" inspect staff.csv
says out '1、您的工号： -> person_id'
# several answers in a cell are asked about, and what a question is about; skipped ones are missing
{
    echo '序号,提交答卷时间,来自IP,1、您的工号：,2、您目前的吸烟情况：,3、您平均每天吸烟多少支？,4、您是否患有以下疾病？（多选题）,5、您每天的睡眠时间（小时）：'
    for i in $(seq 24); do echo "$i,2026/10/2$((i % 9)) 8:0$((i % 7)):07,113.87.36.$i,E$i,从不吸烟,(跳过),高血压┋脂肪肝,$((6 + i % 3))"; done
} >star.csv
expect 0 "$HRA" inspect star.csv
says out '提交答卷时间 -> exam_date'
says out '2、您目前的吸烟情况: is this smoking_status\? its name holds .吸烟.;'
says out '5、您每天的睡眠时间（小时）: is this sleep_hours\? its name holds .睡眠时间., and 100 % of its numbers'
says out '4、您是否患有以下疾病.*: a cell holds several answers \(┋\)'
silent_on out '3、您平均每天吸烟多少支.*is this'
expect 0 "$HRA" inspect star.csv -l zh
says out '一个单元格里有多个答案（┋）'
cat >star.map <<'END'
id = 1、您的工号：
"2、您目前的吸烟情况：" = smoking_status
3、您平均每天吸烟多少支？ = cigs_per_day
4、您是否患有以下疾病？（多选题） = flags(hypertension, diabetes)
5、您每天的睡眠时间（小时）： = sleep_hours
END
expect 0 "$HRA" import star.csv --map star.map -o star.h5 --key house.key --rejects rejects.csv
is "$(wc -l <rejects.csv)" 1 "nothing is rejected: $(head -3 rejects.csv)"
says err 'cigs_per_day: missing: 24 a word for none'

# the form of another house: its questions, answers of several words, feet and inches
cat >form.csv <<'END'
Timestamp,What is your employee ID?,What is your sex?,Your age,What is your height?,Have you ever been told that you have any of these?,Do you exercise?
10/5/2026 9:12:01,E1,Female,45,"5'4""","High blood pressure, Diabetes",5 or more
10/6/2026 9:12:01,E2,Male,46,"5'10""",None of the above,3
10/6/2026 9:14:01,E3,Male,47,"5'11""","No diabetes",3
END
cat >form.map <<'END'
id = "What is your employee ID?"
"Have you ever been told that you have any of these?" = flags(hypertension, diabetes)
"Have you ever been told that you have any of these?": "High blood pressure" = hypertension, Diabetes = diabetes
"Do you exercise?" = exercise_days_week
END
printf 'model echo { title "What came in" tall = height  days = exercise_days_week  man = if(sex == male, 1, 0)
    pressure = if(hypertension, 1, 0)  sweet = if(diabetes, 1, 0) }\n' >form.hra
expect 0 "$HRA" import form.csv --map form.map -o form.h5 --key house.key --rejects rejects.csv
says err 'What is your sex\? -> sex  \(spelling\)'
expect 0 "$HRA" score form.h5 -o form_out.csv -d form.hra -m echo -q
told() { for name in tall days man pressure sweet; do printf '%s ' "$(cell form_out.csv "$1" "echo.$name")"; done; }
is "$(told 1)" "162.56 5 0 1 1 "
is "$(told 2)" "177.8 3 1 0 0 "
is "$(told 3)" "180.34 3 1   " "an answer that is not understood is not the word in it"

# a header of which nothing is known is read where its line is named
printf '您今年几岁了？,您有多高？\n45,170\n' >unknown.csv
expect 4 "$HRA" inspect unknown.csv
expect 0 "$HRA" inspect unknown.csv --header-row 1
says out '0 known, 2 not known'
printf '13800138000,赵金雀\n13800138001,钱画眉\n' >nobody.csv
expect 4 "$HRA" inspect nobody.csv --header-row 1
silent_on err '赵金雀|13800'

# a note under the table is nobody
{
    echo 序号,体检编号,性别,年龄,收缩压
    echo 1,000001,男,45,120
    echo ',2. 参考范围：收缩压 90-139 mmHg,,,'
    echo ',注3：红色为异常值。,,,'
    echo '2,甲:2,女,46,121'
} >notes.csv
expect 0 "$HRA" import notes.csv -o notes.h5 --key house.key --rejects rejects.csv
is "$(grep -c 'no identifier' rejects.csv)" 2 "notes are nobody: $(cat rejects.csv)"

# a sheet that nobody decided about is told, in the language of the run
to_xlsx=${HRA_TEST_TOOLS:-}/csv_to_xlsx
if [ -x "$to_xlsx" ]; then
    printf '客户编号,性别,年龄,收缩压\nA1,男,45,120\nA1,男,45,121\n' >people.csv
    "$to_xlsx" people.csv people.xlsx more
    expect 0 "$HRA" run people.xlsx --key house.key -o night -q
    is "$(grep -c 研发部 err)" 1 "once, though the file is read twice"
    says err '工作簿中有未读取的工作表'
    expect 0 "$HRA" run people.xlsx --key house.key -o night -q --sheet 体检数据
    silent_on err 研发部
fi
finish
