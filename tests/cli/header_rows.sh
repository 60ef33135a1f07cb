#!/usr/bin/env bash
# Titles above the header, names of groups of columns above the names, units below them: as text and as a workbook.
. "$(dirname "$0")/lib.sh" "$1"
to_xlsx=${HRA_TEST_TOOLS:-}/csv_to_xlsx
"$HRA" key new house.key >/dev/null 2>&1
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

# A row of people with many NA (also a name of sodium) is no header.
cat >na.csv <<'END'
person_id,age,sex,lab 1,lab 2,lab 3,lab 4
P1,50,1,130,200,50,1
P2,61,2,NA,NA,NA,NA
END
score na.csv na_out.csv
is "$(wc -l <na_out.csv)" 3 "a file with NA in many cells"
finish
