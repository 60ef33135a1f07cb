#!/usr/bin/env bash
# The same tables as text and as workbooks give the same store; workbooks say which sheet was read.
. "$(dirname "$0")/lib.sh" "$1"
to_xlsx=${HRA_TEST_TOOLS:-}/csv_to_xlsx
[ -x "$to_xlsx" ] || { echo "no csv_to_xlsx: skipped"; exit 77; }
new_key house.key


# ---- the dirt that text tables come with ------------------------------------------------------------
models=china_par_2016,framingham_cvd_2008_lipid,plcom2012_norace_2020
expect 0 "$HRA" generate --rows 900 --seed 11 --groups 3 --messy --split -o messy --truth truth.csv -q
for file in messy/*.csv*; do
    expect 0 "$HRA" import "$file" -o text.h5 --key house.key --rejects text.rejects -q
    "$HRA" score text.h5 -o text.csv --models "$models" -q
    for manner in "" numbers inline; do
        # shellcheck disable=SC2086
        "$to_xlsx" "$file" table.xlsx $manner || fail "no workbook of $file"
        expect 0 "$HRA" import table.xlsx -o book.h5 --key house.key --rejects book.rejects -q
        "$HRA" score book.h5 -o book.csv --models "$models" -q
        same text.csv book.csv
        # rejected cells: the same line, column, value and reason
        grep -v ',,,' text.rejects | cut -d, -f2- >text.cells
        grep -v ',,,' book.rejects | cut -d, -f2- >book.cells
        same text.cells book.cells
    done
done

# ---- sheets, titles and the report -------------------------------------------------------------------
expect 0 "$HRA" generate --rows 50 --seed 5 --headers zh -o plain.csv -q
{ printf '2024年度体检结果\n\n'; cat plain.csv; } >titled.csv
"$to_xlsx" titled.csv titled.xlsx
expect 0 "$HRA" import titled.xlsx -o titled.h5 --key house.key
says err "Excel workbook, sheet '体检数据'; 50 rows, 0 rejected"
expect 2 "$HRA" import titled.xlsx -o none.h5 --key house.key --sheet Sheet9
says err "there is no sheet 'Sheet9'; its sheets are: 体检数据"
"$to_xlsx" titled.csv covered.xlsx cover
expect 4 "$HRA" inspect covered.xlsx
says err "the sheet '说明' does not look like a table .*--sheet: 体检数据"
expect 0 "$HRA" inspect covered.xlsx --sheet 体检数据
expect 0 "$HRA" import titled.xlsx -o named.h5 --key house.key --sheet 体检数据 -q
cp titled.xlsx titled.csv
expect 0 "$HRA" score titled.csv -o scores.csv --models china_par_2016 -q # whatever its name

# ---- damaged ones ----------------------------------------------------------------------------------------
head -c 9000 titled.xlsx >cut.xlsx
expect 4 "$HRA" import cut.xlsx -o cut.h5 --key house.key
says err 'cut.xlsx: .*damaged or cut off'
[ ! -e cut.h5 ] || fail "a store was made of a workbook that is cut off"
printf '<html><table><tr><td>sex</td></tr></table>' >page.xls
expect 4 "$HRA" import page.xls -o page.h5 --key house.key
says err 'page.xls: this is a web page in which there is no table'
finish
