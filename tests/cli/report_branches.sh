#!/usr/bin/env bash
# hra report branches: every branch gets its own people and nobody else's, in plain folders, archives and sealed archives.
. "$(dirname "$0")/lib.sh" "$1"
command -v unzip >/dev/null || { echo "no unzip: skipped"; exit 77; }

new_key house.key
expect 0 "$HRA" generate --rows 240 --seed 6 --groups 3 -o people.csv -q
agree people.csv
# five branches with names that try to leave the folder or to meet on it, and people without any
awk -F, 'BEGIN { OFS = ","; split("North|north|../../up|=cmd()|", b, "|") }
    NR == 1 { for (i = 1; i <= NF; i++) { if ($i == "person_id") p = i; if ($i == "branch") r = i }; print $0, "name"; next }
    { $r = b[NR % 5 + 1]; print $0, "NAME" $p "<b>" }' people.csv >named.csv
expect 0 "$HRA" import named.csv -o named.h5 --key house.key --key-map people.names -q
expect 0 "$HRA" run named.csv -o night --key house.key --as-of 2026-11-21 --register none.csv --no-details -q

# keys_of FOLDER: every person key that stands anywhere below it, also in workbooks and in names of files
keys_of() {
    { find "$1"; find "$1" -type f ! -name '*.xlsx' -exec cat {} +
      find "$1" -name '*.xlsx' -exec unzip -p {} \; ; } | grep -aoE '[0-9a-f]{32}' | sort -u
}
# which branch a key belongs to, by the run's own table
awk -F, 'NR > 1 { print $1, $3 }' night/persons.csv | sort >branch_of
is "$(wc -l <branch_of)" 240

expect 0 "$HRA" report branches night -o plain
says err '5 branches in plain; 240 people'
[ -e plain/no-branch/index.html ] || fail "people without a branch are not where the pages say"
is "$(find plain -mindepth 1 -maxdepth 1 -type d | wc -l)" 5
is "$(ls -d ../up ../../up up 2>/dev/null | wc -l)" 0 "a name led out of the folder"
is "$(find plain -type f ! -perm 600 | wc -l)" 0
all=0
for folder in plain/*/; do
    keys_of "$folder" >keys
    # no key of another branch, and none is missing
    branches=$(join keys branch_of | cut -d' ' -f2- | sort -u | wc -l)
    is "$branches" 1 "branches in $folder"
    people=$(join keys branch_of | wc -l)
    is "$(grep -c '^<tr id=' "$folder/index.html")" "$people" "people in the index of $folder"
    is "$(find "$folder/reports" -name '*.html' | wc -l)" "$people" "reports in $folder"
    grep -o 'href="[^"]*"' "$folder/index.html" | cut -d'"' -f2 | while read -r link; do
        [ -s "$folder/$link" ] || echo "$link"
    done >dead
    is "$(wc -l <dead)" 0 "dead links in $folder"
    silent_on "$folder/index.html" 'https?:|src=|@import|NAME'
    all=$((all + people))
done
is "$all" 240
# as many lines of the register and of the follow-up as there were
for list in register care/follow_up urgent; do
    lines=$(($(wc -l <"night/$list.csv") - 1)) found=0
    for book in plain/*/lists/$(basename $list).xlsx; do
        rows=$(unzip -p "$book" xl/worksheets/sheet1.xml | grep -o '<row ' | wc -l)
        found=$((found + rows - 1))
    done
    is "$found" "$lines" "lines of $list"
done
# urgent cases come first
first=$(awk -F, 'NR > 1 { print $1 }' night/urgent.csv | sort -u | head -1)
page=$(grep -l "id=\"p$first\"" plain/*/index.html)
sed -n '/<tbody class=u>/,/<tbody class=r>/p' "$page" >urgent_part
says urgent_part "id=\"p$first\""
[ "$(grep -n '<tbody class=u>' "$page" | cut -d: -f1)" -lt "$(grep -n '<tbody class=r>' "$page" | cut -d: -f1)" ] || fail "not first"

# ---- names at render time, archives ---------------------------------------------------------------------------
expect 0 "$HRA" report branches night -o zipped --zip --people people.names --key house.key -l en -q
is "$(find zipped -mindepth 1 | grep -c '\.zip$')" 5
is "$(find zipped -mindepth 1 | wc -l)" 5
mkdir opened
for archive in zipped/*.zip; do unzip -q "$archive" -d opened || fail "$archive is damaged"; done
says opened/North/index.html 'NAME[0-9]+&lt;b&gt;'
grep -q 'NAME[0-9]*&lt;b&gt;' opened/North/reports/*.html || fail "no name on a report"
(cd plain && find . -type f | sort) >names_plain
(cd opened && find . -type f | sort) >names_out
same names_plain names_out

# ---- for one reader each ------------------------------------------------------------------------------------------
mkdir pairs
for folder in plain/*/; do expect 0 "$HRA" key branch "pairs/$(basename "$folder")"; done
is "$(stat -c %a pairs/North.secret)" 600
expect 7 "$HRA" key branch pairs/North
expect 0 "$HRA" report branches night -o sealed --encrypt-to pairs --no-reports -q
is "$(find sealed -type f | wc -l)" 5
is "$(find sealed -type f -name '*.zip.sealed' | wc -l)" 5
! grep -qaE '[0-9a-f]{32}|index[.]html|lists' sealed/North.zip.sealed || fail "the sealed archive can be read"
expect 0 "$HRA" unpack sealed/North.zip.sealed --key pairs/North.secret -o mine
is "$(keys_of mine | join - branch_of | cut -d' ' -f2 | sort -u)" North
is "$(find . -maxdepth 1 -name 'mine*' | wc -l)" 1
expect 7 "$HRA" unpack sealed/North.zip.sealed --key pairs/north-2.secret -o other
says err 'was not made for this key'
size=$(stat -c %s sealed/North.zip.sealed)
head -c $((size * 2 / 3)) sealed/North.zip.sealed >cut.sealed
expect 4 "$HRA" unpack cut.sealed --key pairs/North.secret -o other
says err 'damaged or cut off'
cp sealed/North.zip.sealed changed.sealed
there=$(od -An -tu1 -j $((size / 2)) -N 1 changed.sealed)
printf "\\x$(printf %02x $((there ^ 1)))" | dd of=changed.sealed bs=1 seek=$((size / 2)) conv=notrunc 2>/dev/null
expect 4 "$HRA" unpack changed.sealed --key pairs/North.secret -o other
[ ! -e other ] && [ ! -e other.zip ] || fail "something of a damaged package is left"
expect 4 "$HRA" unpack people.csv --key pairs/North.secret -o other

# ---- for the printer ---------------------------------------------------------------------------------------------
if command -v pdftotext >/dev/null && fc-list :lang=zh-cn | grep -q .; then
    head -21 named.csv >few.csv
    expect 0 "$HRA" run few.csv -o few --key house.key --as-of 2026-11-21 --no-details -q
    expect 0 "$HRA" report branches few -o prints --pdf --two-sided --key-map people.names --key house.key
    says err '^[0-9]+ PDF files, [0-9]+ pages; 0 files unchanged'
    total=0
    for folder in prints/*/; do
        find "$folder/print" -name '*.pdf' -exec pdftotext {} - \; >text
        grep -xE '[0-9a-f]{32}' text | sort -u >printed
        grep -o '<tr id="p[0-9a-f]*' "$folder/index.html" | cut -c 10- | sort >listed
        same printed listed
        says text 'NAME[0-9]+<b>'
        grep -o 'href="print[^"]*"' "$folder/index.html" | cut -d'"' -f2 | sed 's/%\(..\)/\\x\1/g' | while read -r link; do
            [ -s "$folder/$(printf '%b' "$link")" ] || echo "$link"
        done >dead
        is "$(wc -l <dead)" 0 "dead links to PDF files in $folder"
        is "$(grep -c 'href="print' "$folder/index.html")" "$(find "$folder/print" -name '*.pdf' | wc -l)" "links to PDF files"
        for file in "$folder"/print/*/*.pdf; do
            pages=$(pdfinfo "$file" | awk '/^Pages/ { print $2 }')
            is $((pages % 2)) 0 "a sheet is shared in $file"
        done
        total=$((total + $(wc -l <printed)))
    done
    is "$total" 20 "people in PDF files"
    # the bookmark is the name
    pdftohtml -xml -i -stdout "$(find prints -name '*.pdf' | head -1)" | grep -q '<item page="1">NAME' || fail "no name in the bookmarks"
    # made again: files are taken over, bytes and all; with another contact everything is new
    find prints -name '*.pdf' -exec md5sum {} + | sort >before
    expect 0 "$HRA" report branches few -o prints --pdf --two-sided --key-map people.names --key house.key --renew
    says err '^0 PDF files, 0 pages; [1-9][0-9]* files unchanged'
    find prints -name '*.pdf' -exec md5sum {} + | sort >after
    same before after
    # sealed with PDF files inside: they come out as they would have stood in the open, and cannot be read before
    expect 0 "$HRA" report branches few -o sealed_prints --pdf --two-sided --key-map people.names --key house.key --encrypt-to pairs -q
    is "$(find sealed_prints -type f | grep -vc '\.zip\.sealed$')" 0 "files beside the sealed packages"
    for package in sealed_prints/*.sealed; do
        branch=$(basename "$package" .zip.sealed)
        ! grep -qaE '%PDF|[.]pdf|/FontFile|NAME[0-9]' "$package" || fail "$branch: something of the sealed package can be read"
        rm -rf unsealed
        expect 0 "$HRA" unpack "$package" --key "pairs/$branch.secret" -o unsealed
        diff -r "unsealed/$branch" "prints/$branch" >differences || fail "$branch: sealed is not open: $(head -3 differences)"
        [ -n "$(find "unsealed/$branch/print" -name '*.pdf')" ] || fail "$branch: no PDF file in the package"
    done
    expect 0 "$HRA" report branches few -o prints --pdf --no-reports --renew --contact 12345 -q
    find prints -name '*.pdf' -exec md5sum {} + | sort >after
    ! cmp -s before after || fail "old files were kept"
fi

# ---- refused; nothing is left -----------------------------------------------------------------------------------------
rm pairs/North.public
expect 4 "$HRA" report branches night -o refused --encrypt-to pairs -q
says err 'pairs/North.public'
[ ! -e refused ] && [ ! -e refused.part ] || fail "half a package is left"
expect 7 "$HRA" report branches night -o plain -q
says err 'new or empty folder'
mkdir precious && echo text >precious/letter.txt
expect 7 "$HRA" report branches night -o precious --renew -q
says err 'more than packages'
[ -s precious/letter.txt ] || fail "what was no package is gone"
expect 4 "$HRA" report branches people.csv -o refused -q
expect 2 "$HRA" report branches night -q

finish
