#!/usr/bin/env bash
# hra inspect -l zh: the draft differs from the English one in words alone; answered, it reads the file. The reasons of
# held files are told in the language of the run.
. "$(dirname "$0")/lib.sh" "$1"

# the worst of deliveries: codes, sentinels, day-first dates, spreadsheet days, a column twice, damaged identifiers, marks,
# two units in one column, a unit no one has, an ambiguous name, names and telephones in columns nobody knows
awk 'BEGIN {
    print "客户编号,姓名,联系人,性别,年龄,体检日期,出生日期,TC,HDL(斤),told_htn,高血压病史,收缩压,收缩压,体重,院区,空列,体重kg复测,tel,glucose,ldl,吸烟,联系电话,问诊日期,tg"
    for (i = 1; i <= 300; i++) {
        sex = i % 5 < 2 ? 1 : 2
        tc = i % 50 == 0 ? 999 : 150 + i % 120
        htn = i % 97 == 0 ? 9 : 1 + (i % 3 > 0)
        weight = 50 + i % 40
        id = i % 9 ? sprintf("P%05d", i) : "1.1E+17"
        printf "%s,赵金雀%d,钱画眉%d,%d,%d,%02d/%02d/2025,%d,%d,1.%d,%d,%d,%d,%d,%d,东院,,%d,1380013%04d,%s,%s,%s,1390013%04d,%02d/%02d/25,%s\n",
            id, i, i, sex, 30 + i % 40, 1 + i % 28, 1 + i % 12, 25000 + i * 7, tc, i % 10, htn, htn, 100 + i % 60,
            102 + i % 60, weight, weight, i, i % 7 ? "5." i % 10 : "<2.8", i % 2 ? "2." i % 10 : 90 + i % 60,
            i % 4 ? "从不吸烟" : "偶尔想抽", i, 1 + i % 12, 1 + i % 12, i % 6 ? "1." i % 9 "↑" : "拒检"
    }
}' >survey.csv
expect 0 "$HRA" inspect survey.csv -o en/survey.profile
cp out en.out
expect 0 "$HRA" inspect survey.csv -l zh -o zh/survey.profile
says out '^survey.csv：300 行，24 列$'
says out '字符编码：UTF-8，整个文件都是有效的 UTF-8'
says out '^  待确认的问题：$'
says zh/survey.profile '^\? 性别：下面的编码表对吗？1 40 %, 2 60 %$'
says zh/survey.profile '^\? TC：单位是什么？中位数 2.*按 mg/dL 合理.*按 mmol/L 合理'
says zh/survey.profile '^\? TC：999 是否表示缺失值？出现 6 次'
says zh/survey.profile '^\? 吸烟：偶尔想抽 是什么意思？出现 75 次'
says zh/survey.profile '^\? 客户编号：33 个编号已被电子表格损坏'
silent_on out '赵金雀|钱画眉|1380013|1390013|P00'
silent_on zh/survey.profile '赵金雀|钱画眉|1380013|1390013|P00'
says zh/survey.profile '^\? 体重kg复测：这是 weight（体重）吗？'
says zh/survey.profile '"HDL\(斤\)"：像是 hdl，但“斤”不是它的单位'
# nothing that a person reads is left in English
silent_on zh/survey.profile '[a-z]{2,} [a-z]{2,} [a-z]{2,}'
silent_on out '[a-z]{2,} [a-z]{2,} [a-z]{2,}'

# the same rules, and as many questions
rules() { sed 's/      # .*//;/^#/d;/^?/d' "$1"; }
rules en/survey.profile >en.rules
rules zh/survey.profile >zh.rules
same en.rules zh.rules
is "$(grep -c '^?' zh/survey.profile)" "$(grep -c '^?' en/survey.profile)" questions
is "$(wc -l <zh/survey.profile)" "$(wc -l <en/survey.profile)" lines

# neither is used before it is answered; answered, both read the same
new_key k
expect 9 "$HRA" import survey.csv -o s.h5 --profiles zh --key k
for l in en zh; do
    sed -i '/^?/d;s/^confirmed: no.*/confirmed: 李伟 2026-11-22/;s/^issuer:/issuer: survey/;s/^TC = tc .*/TC = tc [mg\/dL]/
        s/^吸烟 = smoking_status/&\n吸烟: 偶尔想抽 = missing/' "$l/survey.profile"
    expect 0 "$HRA" import survey.csv -o s.h5 --profiles "$l" --key k --rejects "$l.rejects" --duplicates all
    grep -vE 'peak memory|rejected values' err >"$l.said"
done
same en.said zh.said
same en.rejects zh.rejects
expect 0 "$HRA" inspect survey.csv --profiles zh -l zh
says out '^survey.csv 按档案 survey 读取$'

# why a file is held: in the language that was asked for
mkdir -p profiles
cat >profiles/east.profile <<'PROFILE'
profile: east
issuer: east
provider: 东院
header: 客户编号, 性别, 年龄, 吸烟, 收缩压
confirmed: 李伟 2026-11-22
---
id = 客户编号
性别: 1 = male, 2 = female
吸烟 = smoking_status
吸烟: 1 = current, 2 = never
PROFILE
printf '客户编号,性别,年龄,吸烟,收缩压\na1,1,50,1,120\n' >good.csv
printf '客户编号,性别,年龄,吸烟,收缩压\na2,3,50,金丝雀张三,120\n' >codes.csv
printf '性别,客户编号,年龄,吸烟状态,舒张压\n1,a3,50,1,80\n' >header.csv
expect 0 "$HRA" inspect codes.csv header.csv --profiles profiles -l zh
says out '^暂缓：codes.csv（档案 east）$'
says out "'性别' 中有未知编码 '3'，共 1 行，首次出现在第 2 行"
says out "'吸烟' 中有未知文字，共 1 行"
says out '没有档案认识这个表头，也没有相符的 path 规则；最接近的是 east：'
says out "第 4 列 '吸烟' 现在是 '吸烟状态'"
says out "移动：'客户编号' 从第 1 列移到第 2 列"
silent_on out '金丝雀'
expect 9 "$HRA" run good.csv codes.csv -o night --profiles profiles --key k --as-of 2026-11-22 -q --no-quality
says night/held.csv '未知编码'
expect 9 "$HRA" run good.csv codes.csv -o night --profiles profiles --key k --as-of 2026-11-22 -q --no-quality -l en
says night/held.csv "unknown code '3' in '性别'"
silent_on night/held.csv '金丝雀'

# what reading a file says is told in it, too
mkdir bad
printf '\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1%0600d' 0 >bad/old.csv
gzip -c good.csv | head -c 40 >bad/cut.csv.gz
printf 'PK\003\004%0600d' 0 >bad/zip.xlsx
: >bad/empty.csv
printf '%%PDF-1.4%0600d' 0 >bad/page.csv
cp profiles/east.profile two.profile
{ sed 's/^profile: .*/profile: twice/;s/^header: .*/header: 客户编号, 性别, 收缩压, SBP/;s/^吸烟.*//' two.profile; } >profiles/twice.profile
printf '客户编号,性别,收缩压,SBP\na9,1,120,121\n' >bad/two.csv
expect 9 "$HRA" run good.csv bad/* -o night --profiles profiles --key k --as-of 2026-11-22 -q --no-quality
says night/held.csv 'bad/old.csv：工作簿已损坏或被截断（读不出文件头）'
says night/held.csv 'gzip 文件不完整'
says night/held.csv 'bad/zip.xlsx：zip 压缩包或工作簿已损坏或被截断'
says night/held.csv 'bad/empty.csv：文件是空的'
says night/held.csv 'bad/page.csv：这是 PDF 文档'
says night/held.csv '两列都是 sbp；请在规则中忽略其中一列'
silent_on night/held.csv '[a-z]{2,} [a-z]{2,} [a-z]{2,}'

# what is wrong inside a profile
wrong_line() { # a line that takes the place of the codes of 吸烟, and what is said of it
    rm -rf wrong broken && mkdir broken
    sed "s/^吸烟: .*/$1/" profiles/east.profile >broken/east.profile
    expect 9 "$HRA" run good.csv -o wrong --profiles broken --key k --as-of 2026-11-22 -q --no-quality -l zh
    says wrong/held.csv "broken/east.profile:[0-9]+：$2"
    silent_on wrong/held.csv '[a-z]{2,} [a-z]{2,} [a-z]{2,}'
}
wrong_line '性别 = sexe' '没有变量“sexe”'
wrong_line '性别 = height [斗]' '“斗”不是 height 的单位'
wrong_line '= region = neither' '“neither”不是 region 的取值'
wrong_line '性别 = flags(weight)' 'weight 既不是是否项，也不是年数'
wrong_line '性别 = sex\n性别 = age' '“性别”列的含义已在第 [0-9]+ 行写明'

# the colon of a form does not stand twice, in the draft as on the screen
printf '姓名：,您的年龄(岁)：,您是否吸烟？,来源渠道:\n甲,45,是,a\n乙,30,有时,b\n丙,50,否,c\n' >form.csv
expect 0 "$HRA" inspect form.csv -l zh -o form.profile
says form.profile '您是否吸烟：第 3 行的文字.*是什么意思'
for text in out form.profile; do
    silent_on "$text" '^([#?] |    )[^=]*[：？?:][：:]'
    silent_on "$text" '。。|，，|；；|  [^ ]*：  '
done

# an examination of workers: no guess that the unit in the header contradicts
{
    echo '体检编号,尿铅(μg/L),双耳高频平均听阈（dB）,结果'
    for i in $(seq 30); do echo "W$i,$((10 + i)),$((20 + i % 9)).$((i % 7)),$((15 + i % 20)).$((i % 9))"; done
} >workers.csv
expect 0 "$HRA" inspect workers.csv -l zh -o workers.profile
is "$(grep -c '从数值看可能是' workers.profile)" 1

# a header that is none; a language nobody speaks
sed 1d survey.csv >headless.csv
expect 4 "$HRA" inspect headless.csv -l zh
says err '第 1 行不像表头（其中有很长的数字）'
expect 2 "$HRA" inspect survey.csv -l fr
says err "language is zh or en, not 'fr'"
finish
