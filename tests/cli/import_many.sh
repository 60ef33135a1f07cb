#!/usr/bin/env bash
# Small files are read ahead while others are imported: many at once give what each gives alone, in their order.
. "$(dirname "$0")/lib.sh" "$1"

new_key house.key
"$HRA" generate --rows 3000 --groups 12 --messy --split -o made -q || exit 1
mkdir many
number=10
for f in made/*.csv; do
    number=$((number + 1))
    case $number in
    12 | 13) gzip -c "$f" >many/$number.csv ;;
    14) { cat "$f"; sed 1d "$f" | sed 's/^\([^,]*\),/\1x,/'; } >many/$number.csv ;;
    15) head -2 "$f" >many/$number.csv ;;
    *) cp "$f" many/$number.csv ;;
    esac
done
# one that is too large to be read ahead, between small ones; its people stand in no other file
"$HRA" generate --rows 1500 --seed 77 -q | sed '1!s/^\([^,]*\),/\1large,/' >many/16.csv || exit 1
[ "$(stat -c %s many/16.csv)" -gt 600000 ] || fail "the large file is small"

scores() { expect 0 "$HRA" score "$1" -o "$2" -q; }
for f in many/*.csv; do
    name=$(basename "$f" .csv)
    expect 0 "$HRA" import "$f" -o "$name.h5" --key house.key -q
    scores "$name.h5" "$name.csv"
done
for threads in 1 2; do
    expect 0 "$HRA" import many/*.csv -o all.h5 --key house.key -q --threads $threads
    scores all.h5 all.csv
    awk 'FNR > 1' ./??.csv >want
    awk 'FNR > 1' all.csv >got
    same want got
    awk 'FNR > 1' ./??.h5.rejects.csv >want
    awk 'FNR > 1' all.h5.rejects.csv >got
    same want got
    [ -s got ] || fail "nothing was rejected"
done

# what is wrong with a file is told of that file, though others wait behind it
head -c 1000 many/12.csv >many/17.csv
expect 4 "$HRA" import many/*.csv -o bad.h5 --key house.key -q
says err '17.csv: the gzip file is cut off'
rm many/17.csv
expect 5 "$HRA" import many/*.csv many/17.csv -o bad.h5 --key house.key -q
says err '17.csv: cannot open'
[ ! -e bad.h5 ] || fail "a refused import left a store"
finish
