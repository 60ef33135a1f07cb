#!/usr/bin/env bash
# Forms that other countries and programs write: decimal commas, web questionnaires, notes under a table.
. "$(dirname "$0")/lib.sh" "$1"
"$HRA" key new house.key >/dev/null 2>&1

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
    echo '"序号","1、您的工号：","2、您的性别：","3．年龄","4、您的身高（cm）","5、您的体重(kg)：","6、您是否曾被诊断患有以下疾病？（可多选）"'
    for i in 1 2 3; do echo "$i,E$((i / 3)),男,45,170,65,高血压"; done
} >web.csv
expect 0 "$HRA" inspect web.csv
says out '2、您的性别： -> sex'
says out '3．年龄 -> age'
says out '4、您的身高（cm） -> height'
says out '5、您的体重\(kg\)： -> weight'
says out '患有以下疾病.* -> \?'
says out 'Which column identifies a person\? None is known'
expect 0 "$HRA" inspect web.csv -l zh
says out '哪一列是每个人的编号'
says out '4、您的身高（cm） -> height（身高）  \(写法\)'
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
