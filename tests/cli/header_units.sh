#!/usr/bin/env bash
# Units in headers without brackets: what is read of them, what is not, and what a row of units below them does.
. "$(dirname "$0")/lib.sh" "$1"
new_key house.key
cat >echo.hra <<'END'
model echo { title "What came in" total = tc  tall = height  mass = weight  waist = waist  pressure = sbp  low = dbp
    sugar = glucose_fasting  acid = uric_acid  cells = wbc }
END
import() { expect 0 "$HRA" import "$1" -o out.h5 --key house.key --rejects rejects.csv "${@:2}"; }
# score NAME...: the values of these outputs, row by row
score() {
    expect 0 "$HRA" score out.h5 -o out.csv -d echo.hra -m echo -q
    for row in $(seq 1 $(($(wc -l <out.csv) - 1))); do
        for name in "$@"; do printf '%s ' "$(cell out.csv "$row" "echo.$name")"; done
    done
}

cat >headers.csv <<'END'
2026年体检,,,,,,,
体检号,身高/cm,体重 市斤,总胆固醇mg/dL,收缩压 mmHg,空腹血糖：mmol/L,尿酸_mg/dL,WBC×10⁹/L
A1,170,130,200,120,5.1,5,6.5
END
import headers.csv
says err '身高/cm -> height \[cm\]'
says err '体重 市斤 -> weight \[斤\]'
is "$(score tall mass total pressure sugar acid cells)" "170 65 5.172 120 5.1 297.4 6.5 "
printf '体检号,血压mmHg,腰围/米\nA1,120/80,0.85\n' >pair.csv
import pair.csv
is "$(score pressure low waist)" "120 80 85 "

# two units, and names that are not complete
cat >two.csv <<'END'
体检号,体重kg/斤,腰围(cm)(米),24h尿蛋白g,男性身高cm,总胆固醇mmol/L,收缩压kPa/mmHg
A1,130,0.85,0.1,170,5,120
END
import two.csv
says err "体重kg/斤: looks like weight, but '体重kg/斤' names more than one unit"
says err "腰围\(cm\)\(米\): looks like waist, but '腰围\(cm\)\(米\)' names more than one unit"
says err '男性身高cm: no such variable'
is "$(score mass waist tall total)" "   5 "
expect 0 "$HRA" inspect two.csv
says out "^    \"体重kg/斤\": looks like weight, but '体重kg/斤' names more than one unit; say which in a map file"
says out '^    "收缩压kPa/mmHg": looks like sbp'
expect 0 "$HRA" inspect two.csv -l zh
says out '"体重kg/斤"：像是 weight，但“体重kg/斤”里的单位不止一个'

# a map decides; its right-hand side takes variables only; a unit behind the name counts where the map says none
printf '体重kg/斤 = weight [斤]\n"腰围(cm)(米)" = waist [m]\n' >two.map
import two.csv --map two.map
is "$(score mass waist)" "65 85 "
printf '体检号,身高/米\nA1,1.70\n' >metres.csv
printf '身高/米 = height\n' >metres.map
import metres.csv --map metres.map
is "$(score tall)" "170 "
printf '身高/米 = 身高cm\n' >metres.map
expect 4 "$HRA" import metres.csv -o out.h5 --key house.key --map metres.map
says err "there is no variable '身高cm'"
expect 4 "$HRA" import metres.csv -o out.h5 --key house.key --units height=cm
says err "column '身高/米' says m, --units says height=cm"

# a column that is known without them goes first, and of two of one variable neither is taken
cat >same.csv <<'END'
体检号,体重/斤,体重,身高cm,身高/m,收缩压mmHg,血压
A1,130,66,170,1.7,111,120/80
END
import same.csv
says err '体重/斤: another column is the same variable'
for name in 身高cm 身高/m 收缩压mmHg; do says err "$name: another column is the same variable"; done
is "$(score mass tall pressure)" "66  120 "

expect 0 "$HRA" inspect same.csv
says out '^    "体重/斤" and 体重 are both weight: ignore one'

# the row of units below counts for the other columns; a contradiction leaves the column out
cat >below.csv <<'END'
体检号,身高/cm,体重/kg,腰围,总胆固醇(mmol/L),尿酸(mg/dL),空腹血糖,收缩压mmHg
,cm,斤,m,mmol/L,umol/L,mg/dL,-
A1,170,65,0.85,5,5,90,120
END
import below.csv
says err '; 1 rows, 0 rejected'
says err "体重/kg\(斤\): looks like weight, but '体重/kg\(斤\)' names more than one unit"
says err "尿酸\(mg/dL\)\(umol/L\): looks like uric_acid"
is "$(score tall mass waist total acid sugar pressure)" "170  85 5  4.9959 120 "
finish
