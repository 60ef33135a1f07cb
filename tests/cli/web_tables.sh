#!/usr/bin/env bash
# Web pages and Excel 2003 XML under the name .xls: the same people as in a CSV file.
. "$(dirname "$0")/lib.sh" "$1"
command -v python3 >/dev/null || exit 77

new_key house.key
expect 0 "$HRA" generate --rows 300 --groups 3 --seed 5 -o people.csv -q
agree people.csv
python3 - <<'PY'
import csv, html
rows = list(csv.reader(open("people.csv", encoding="utf-8")))
lines = "".join("<tr><td>" + "<td x:str>".join("&nbsp;%s<br>" % html.escape(cell) for cell in row) + "\n" for row in rows)
page = f"<html><body><table><tr><td>体检结果</table><table border=1><tr><td colspan={len(rows[0])}>某体检中心{lines}</table>"
open("page.xls", "wb").write(page.encode("gb18030"))
cells = "".join(
    "<Row>" + "".join(f'<Cell ss:Index="{i}"><Data ss:Type="String">{html.escape(c)}</Data></Cell>'
                      for i, c in enumerate(row, 1) if c) + "</Row>\n" for row in rows)
open("book.xls", "w", encoding="utf-8").write(
    '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:'
    f'spreadsheet" xmlns:ss="x"><Worksheet ss:Name="体检"><Table>{cells}</Table></Worksheet></Workbook>')
PY
for file in people.csv page.xls book.xls; do
    expect 0 "$HRA" import "$file" -o "$file.h5" --key house.key -q
    expect 0 "$HRA" score "$file.h5" -o "$file.risks.csv" -q
done
same page.xls.risks.csv people.csv.risks.csv
same book.xls.risks.csv people.csv.risks.csv
same <(cut -d, -f3- page.xls.h5.rejects.csv) <(cut -d, -f3- people.csv.h5.rejects.csv)

# a profile names a table; a table beside it is asked about
expect 0 "$HRA" inspect book.xls -o profiles/book.profile
says profiles/book.profile '^sheet: 体检'
sed -i '/^ *?/d; s/^confirmed: no.*/confirmed: Li Wei 2026-11-22/' profiles/book.profile
expect 0 "$HRA" run book.xls -o night --profiles profiles --key house.key --as-of 2026-11-22 --no-pages -l en
says err '^people assessed: 300, groups: 3,'
sed 's|<table><tr><td>体检结果|<table><tr><td>a<td>b<tr><td>1<td>2|' <(iconv -f GB18030 -t UTF-8 page.xls) >two.xls
expect 0 "$HRA" inspect two.xls
says out 'Do the sheets that are not read \(table 1\) hold people, too'
expect 0 "$HRA" import two.xls -o two.h5 --key house.key --sheet 'table 2' -q
expect 2 "$HRA" import two.xls -o none.h5 --key house.key --sheet 'table 7'
says err "there is no table 'table 7'; its tables are: table 1, table 2"

# a page that is none of a table
printf '<!DOCTYPE html><p>Your session has expired, please log in.' >expired.xls
expect 4 "$HRA" import expired.xls -o none.h5 --key house.key
says err 'expired.xls: this is a web page in which there is no table'
printf '<?xml version="1.0"?><people><sex>m</sex></people>' >other.xml
expect 4 "$HRA" import other.xml -o none.h5 --key house.key
says err 'other.xml: this is XML, whatever its name'
[ ! -e none.h5 ] || fail "a store of a page without a table"
finish
