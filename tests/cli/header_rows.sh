#!/usr/bin/env bash
# Titles above the header, names of groups of columns above the names, units below them: as text and as a workbook.
. "$(dirname "$0")/lib.sh" "$1"
to_xlsx=${HRA_TEST_TOOLS:-}/csv_to_xlsx
new_key house.key
cat >echo.hra <<'END'
model echo { title "What came in" total = tc  pressure = sbp  years = age }
END
score() {
    local file=$1 output=$2
    shift 2
    expect 0 "$HRA" score "$file" -o "$output" --definitions echo.hra --models echo -q "$@"
}

cat >plain.csv <<'END'
person_id,sex,age,收缩压,总胆固醇(mg/dL)
P1,男,50,130,200
P2,女,61,145,240.5
END
score plain.csv plain_out.csv

cat >units.csv <<'END'
2024年度体检结果,,,,
person_id,sex,age,收缩压,总胆固醇
,,—,(mmHg),（mg/dL）
P1,男,50,130,200
P2,女,61,145,240.5
END
score units.csv units_out.csv
same plain_out.csv units_out.csv
score units.csv units_out.csv --header-row 2
same plain_out.csv units_out.csv
score units.csv units_out.csv --header-row 3 # the row of units belongs to the names above it
same plain_out.csv units_out.csv
expect 0 "$HRA" import units.csv -o units.h5 --key house.key
says err '总胆固醇\(mg/dL\) -> tc \[mg/dL\]'
says err '; 2 rows, 0 rejected'
sed 's/,/;/g' units.csv >semicolon.csv
score semicolon.csv units_out.csv
same plain_out.csv units_out.csv

# two files with the same names and other units are not confused
sed 's/mg\/dL/mmol\/L/; s/,200$/,5.2/; s/,240.5$/,6.2/' units.csv >molar.csv
expect 0 "$HRA" score units.csv molar.csv -o both_out.csv --definitions echo.hra --models echo -q
score molar.csv molar_out.csv
is "$(tail -2 both_out.csv | cut -d, -f2-)" "$(tail -2 molar_out.csv | cut -d, -f2-)" "the second file is in mmol/L"
is "$(sed -n 2,3p both_out.csv | cut -d, -f2-)" "$(sed -n 2,3p plain_out.csv | cut -d, -f2-)" "the first one in mg/dL"

# a unit that is none of the column's is told, not guessed past
sed 's/（mg\/dL）/(bar)/' units.csv >bar.csv
expect 0 "$HRA" score bar.csv -o bar_out.csv --definitions echo.hra --models echo
says err "总胆固醇\(bar\)' is not used: looks like tc, but 'bar' is none of its units"

# a first person is not taken for a row of units, and the header once more is no person
printf 'sex,age,sbp\nmale,50,130\nsex,age,sbp\nfemale,40,120\n' >again.csv
expect 0 "$HRA" score again.csv -o again_out.csv --definitions echo.hra --models echo
is "$(wc -l <again_out.csv)" 3 "two people"
printf 'person_id,sex,age,sbp,tc\n,,,(mmHg),(mmol/L)\nP1,male,50,130,5\nperson_id,sex,age,sbp,tc\nP2,male,51,131,5\n' >again.csv
expect 0 "$HRA" score again.csv -o again_out.csv --definitions echo.hra --models echo
is "$(wc -l <again_out.csv)" 3 "two people below units"

# names of groups stand above the names
cat >groups.csv <<'END'
person_id,sex,age,血压,血脂
person_id,sex,age,收缩压,总胆固醇
,,,,mg/dL
P1,男,50,130,200
P2,女,61,145,240.5
END
score groups.csv groups_out.csv
same plain_out.csv groups_out.csv

if [ -x "$to_xlsx" ]; then
    for file in units groups; do
        for manner in "" numbers; do
            # shellcheck disable=SC2086
            "$to_xlsx" $file.csv $file.xlsx $manner
            score $file.xlsx book_out.csv
            same plain_out.csv book_out.csv
        done
    done
fi

# names below those of groups, whose other columns are named in the row above: the lower row knows more names, or fewer,
# or has the units of the others
cat >split.hra <<'END'
model echo { title "What came in" years = age  high = sbp  low = dbp  mass = weight  sugar = glucose_fasting
    own = if(hypertension, 1, 0)  family = if(fh_hypertension, 1, 0)  grave = if(prior_chd, 1, 0) }
END
cat >lower.csv <<'END'
东方公司职工体检,,,,,,,,,
工号,性别,年龄,血压,,一般检查,血糖,家族史,,既往史
,,,收缩压,舒张压,体重(kg),空腹血糖,高血压,冠心病,高血压
0101,男,45,120,80,65,5.1,有,有,无
0102,女,46,150,91,55,6.2,无,无,有
END
cat >upper.csv <<'END'
工号,性别,年龄,血压,,体重(kg),空腹血糖,高血压家族史,高血压
,,,收缩压,舒张压,,,,
0101,男,45,120,80,65,5.1,有,无
0102,女,46,150,91,55,6.2,无,有
END
cat >mixed.csv <<'END'
工号,性别,年龄,血压,,体重,空腹血糖,高血压家族史,高血压
,,,收缩压,舒张压,(斤),mmol/L,,
0101,男,45,120,80,130,5.1,有,无
0102,女,46,150,91,110,6.2,无,有
END
# read_split FILE: its values, without a profile and by a confirmed draft, which finds the same header once more
read_split() {
    rm -rf drafted
    expect 0 "$HRA" inspect "$1" -o drafted/p.profile
    sed -i '/^?/d; s/^confirmed: no.*/confirmed: Li Wei 2026-11-22/' drafted/p.profile
    for how in "" "--profiles drafted"; do
        # shellcheck disable=SC2086
        expect 0 "$HRA" import "$1" -o split.h5 --key house.key --rejects rejects.csv $how
        is "$(wc -l <rejects.csv)" 1 "nothing is rejected of $1: $(cat rejects.csv)"
        expect 0 "$HRA" score split.h5 -o split.csv -d split.hra -m echo -q
        for row in 1 2; do
            for name in years high low mass sugar own family grave; do
                printf '%s ' "$(cell split.csv $row "echo.$name")"
            done >>values
        done
    done
}
for file in lower upper mixed; do
    : >values
    read_split $file.csv
    both="45 120 80 65 5.1 0 1  46 150 91 55 6.2 1 0  "
    is "$(cat values)" "$both$both" $file
done
# whose disease it is nobody but the sender can say, and never the person's
sed 's/家族史/父母/' lower.csv >parents.csv
expect 0 "$HRA" import parents.csv -o split.h5 --key house.key
says err '父母\(高血压\): no such variable'
says err '父母\(冠心病\): no such variable'
silent_on err ' -> prior_chd'
# a title is no group
printf '职工家族体检,,,\n工号,年龄,收缩压,冠心病\n0101,45,120,有\n' >title.csv
expect 0 "$HRA" import title.csv -o split.h5 --key house.key
says err ' 冠心病 -> prior_chd'

# A row of people with many NA (also a name of sodium) is no header.
cat >na.csv <<'END'
person_id,age,sex,lab 1,lab 2,lab 3,lab 4
P1,50,1,130,200,50,1
P2,61,2,NA,NA,NA,NA
END
score na.csv na_out.csv
is "$(wc -l <na_out.csv)" 3 "a file with NA in many cells"

# Where the header is missing, the first person is not lost in its place: the file is refused.
mkdir bare
printf '1001,45,172,70,130,85,5.2\n1002,50,160,60,120,80,4.8\n' >bare/numbers.csv
printf '1001,男,45,172,130,5.2\n1002,女,50,160,120,4.8\n' >bare/chinese.csv
printf '1001,1980-03-04,2026年5月1日,130/85\n1002,1981-03-04,2026年5月2日,120/80\n' >bare/dates.csv
printf 'male,yes,no\nfemale,no,no\n' >bare/words.csv
printf '1001,男,否,有,130,85,NA\n1002,女,否,有,120,80,NA\n' >bare/na.csv       # NA is a name of sodium
printf '1001,男,高血压,糖尿病,130,85\n1002,女,,,120,80\n' >bare/diseases.csv  # names of columns, too
printf '1001,男,45,血糖,130,85\n1002,女,50,,120,80\n' >bare/finding.csv
for file in bare/*.csv; do
    expect 4 "$HRA" import "$file" -o bare.h5 --key house.key
    says err "$file: there is no header: line 1 holds values of a person"
    expect 4 "$HRA" score "$file" plain.csv -o bare_out.csv --definitions echo.hra --models echo
    says err "$file: there is no header: line 1"
    expect 4 "$HRA" inspect "$file"
    says err "line 1 does not look like a header \(values of a person stand in it\)"
done
printf '体检结果,,,,\n1001,男,45,130,5.2\n1002,女,50,120,4.8\n' >title.csv
expect 4 "$HRA" import title.csv -o bare.h5 --key house.key
says err "title.csv: there is no header: line 2 holds values of a person"
[ ! -e bare.h5 ] || fail "a store of a file without a header"

# In a folder it is held, the others are read; a profile for the path does not tell its values as changed names.
mkdir night_in profiles
cp bare/chinese.csv night_in/bare.csv
"$HRA" generate -n 30 -o night_in/good.csv -q
for language in en zh; do
    expect 9 "$HRA" run night_in -o night --key house.key --as-of 2026-11-22 -l $language -q --no-pages --no-details
    is "$(cut -d, -f1 night/held.csv | tail -n +2)" night_in/bare.csv
done
says night/held.csv '文件没有表头：第 1 行是一个人的数据'
printf 'profile: good\nkind: checkup\nheader: 编号, 年龄\npath: "night_in/*.csv"\nconfirmed: Li Wei 2026-11-22\n---\nid = 编号\n' \
    >profiles/good.profile
expect 9 "$HRA" run night_in --profiles profiles -o other --key house.key --as-of 2026-11-22 -l en -q --no-pages
says other/held.csv '^night_in/bare.csv,.*there is no header'
silent_on other/held.csv '1001'

# What is a header all the same: numbers among names, names that only a map knows, and what --header-row says.
printf 'person_id,sex,收缩压,2025,1,2,1.1\nP1,男,130,1,2,3,4\n' >years.csv
score years.csv years_out.csv
is "$(wc -l <years_out.csv)" 2 "columns with numbers for names"
printf '0102,0105,男\n5.2,130,1\n5.1,140,2\n' >codes.csv
printf '0102 = tc\n0105 = sbp\n男 = sex\n男: 1 = male, 2 = female\n' >codes.map
score codes.csv codes_out.csv --map codes.map
is "$(wc -l <codes_out.csv)" 3 "names that the map gives"
printf '高血压,2025\n是,1\n否,2\n' >flag.csv
expect 4 "$HRA" score flag.csv -o flag_out.csv --definitions echo.hra --models echo
score flag.csv flag_out.csv --header-row 1
is "$(wc -l <flag_out.csv)" 3 "the header that --header-row names"

# Two diseases in a row are no names: the header that only the map knows stands above them.
printf 'seqn,q1,q2,q3\n1,130,高血压,糖尿病\n2,120,,\n' >map_only.csv
printf 'id = seqn\nq1 = sbp\n' >map_only.map
score map_only.csv map_only_out.csv --map map_only.map
is "$(wc -l <map_only_out.csv)" 3 "people with diseases"
finish
