#!/usr/bin/env bash
# The same tables as text and as old Excel workbooks (.xls) give the same store; they say which sheet was read.
. "$(dirname "$0")/lib.sh" "$1"
to_xls=${HRA_TEST_TOOLS:-}/csv_to_xls
[ -x "$to_xls" ] || { echo "no csv_to_xls: skipped"; exit 77; }
new_key house.key

# ---- the dirt that text tables come with ------------------------------------------------------------
models=china_par_2016,framingham_cvd_2008_lipid,plcom2012_norace_2020
expect 0 "$HRA" generate --rows 900 --seed 11 --groups 3 --messy --split -o messy --truth truth.csv -q
for file in messy/*.csv*; do
    expect 0 "$HRA" import "$file" -o text.h5 --key house.key --rejects text.rejects -q
    "$HRA" score text.h5 -o text.csv --models "$models" -q
    for manner in "" numbers; do
        # shellcheck disable=SC2086
        "$to_xls" "$file" table.xls $manner || fail "no workbook of $file"
        expect 0 "$HRA" import table.xls -o book.h5 --key house.key --rejects book.rejects -q
        "$HRA" score book.h5 -o book.csv --models "$models" -q
        same text.csv book.csv
        # rejected cells: the same line, column, value and reason
        grep -v ',,,' text.rejects | cut -d, -f2- >text.cells
        grep -v ',,,' book.rejects | cut -d, -f2- >book.cells
        same text.cells book.cells
    done
done

# ---- bare records in GBK ------------------------------------------------------------------------------
expect 0 "$HRA" generate --rows 300 --seed 5 --headers zh -o plain.csv -q
iconv -f UTF-8 -t GBK -c plain.csv | iconv -f GBK -t UTF-8 >common.csv # GBK does not have every name
for manner in "" numbers; do
    # shellcheck disable=SC2086
    "$to_xls" common.csv bare.xls narrow $manner || fail "no bare workbook"
    expect 0 "$HRA" score bare.xls -o bare.csv --models "$models" -q
    expect 0 "$HRA" score common.csv -o risks.csv --models "$models" -q
    same bare.csv risks.csv
done

# ---- sheets, titles and the report -------------------------------------------------------------------
{ printf '2024年度体检结果\n\n'; head -51 common.csv; } >titled.csv
"$to_xls" titled.csv titled.xls
expect 0 "$HRA" import titled.xls -o titled.h5 --key house.key
says err "old Excel workbook \(.xls\), sheet '体检数据'; 50 rows, 0 rejected"
expect 2 "$HRA" import titled.xls -o none.h5 --key house.key --sheet Sheet9
says err "there is no sheet 'Sheet9'; its sheets are: 体检数据"
"$to_xls" titled.csv covered.xls cover
expect 4 "$HRA" inspect covered.xls
says err "the sheet '说明' does not look like a table .*--sheet: 体检数据"
expect 0 "$HRA" inspect covered.xls --sheet 体检数据 -o profiles/a.profile
says profiles/a.profile '^sheet: 体检数据'
sed -i '/^ *?/d; s/^confirmed: no.*/confirmed: Li Wei 2026-11-22/' profiles/a.profile
mkdir -p in
cp covered.xls in/
expect 0 "$HRA" run in -o night --profiles profiles --key house.key --as-of 2026-11-22 --no-pages --consent all -l en
says err '^people assessed: 50,'
expect 0 "$HRA" quality in/covered.xls --profiles profiles -o quality
cp titled.xls titled.csv
expect 0 "$HRA" score titled.csv -o scores.csv --models china_par_2016 -q # whatever its name

# ---- damaged ones, and what is none ---------------------------------------------------------------------
for bytes in 9 300 600 9000 40000; do
    head -c $bytes titled.xls >cut.xls
    expect 4 "$HRA" import cut.xls -o cut.h5 --key house.key
    says err 'cut.xls: .*damaged or cut off'
done
[ ! -e cut.h5 ] || fail "a store was made of a workbook that is cut off"
printf '\11\2\6\0\0\0\20\0\0\0' >four.xls
expect 4 "$HRA" import four.xls -o none.h5 --key house.key
says err 'four.xls: this is an Excel workbook from before Excel 5 \(1993\): open it in Excel or WPS and save it as'
(python3 -m zipfile -c packed.zip titled.xls)
expect 4 "$HRA" import packed.zip -o none.h5 --key house.key
says err 'packed.zip: this is a workbook, archive or HDF5 file packed once more: unpack it first'
finish
