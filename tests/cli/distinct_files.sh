#!/usr/bin/env bash
# No file is read twice or written while it is read, under whatever name, and no two outputs are one file.
. "$(dirname "$0")/lib.sh" "$1"

new_key house.key
expect 0 "$HRA" generate --rows 50 -o people.csv -q
expect 0 "$HRA" generate --rows 50 -o people.h5 -q
echo 'let threshold_chd = 0.2 { title "t" title.zh "t" source "test" review product }' | sed 's/^/replace /' >house.hra
mkdir kept
cp people.csv people.h5 house.key house.hra kept
ln -s people.csv link.csv
mkdir folder

# refused OPTION COMMAND...: with the option and the file in the message, and nothing is changed
refused() {
    local option=$1 file
    shift
    expect 2 "$HRA" "$@"
    says err "is an input: --$option needs another name|are the same file"
    for file in kept/*; do same "$file" "$(basename "$file")"; done
}
refused input score people.csv people.csv -o risks.csv # its people would count twice
refused input score people.csv link.csv -o risks.csv
refused output score people.csv -o people.csv
refused output score people.csv -o folder/../people.csv
refused output score people.csv -o link.csv
refused output score people.h5 -o people.h5
refused groups score people.csv --groups people.csv
refused report score people.csv -o risks.csv --report people.csv
refused rejects score people.csv -o risks.csv --rejects people.csv
refused report score people.csv -o risks.csv --key house.key --report house.key
refused report score people.csv -o risks.csv --definitions house.hra --report house.hra
refused groups score people.csv -o risks.csv --groups risks.csv
refused groups score people.csv -o risks.csv --groups folder/../risks.csv # neither is there yet
refused report score people.csv -o "$PWD/risks.csv" --report risks.csv
refused output import people.csv -o people.csv --key house.key
refused report import people.csv -o store.h5 --key house.key --report people.csv
refused key-map import people.csv -o store.h5 --key house.key --key-map people.csv
refused key-map import people.csv -o store.h5 --key house.key --key-map house.key
refused report import people.csv -o store.h5 --key house.key --key-map both --report both
expect 0 "$HRA" import people.csv -o kept/store.h5 --key house.key -q
rm kept/store.h5.rejects.csv
cp kept/store.h5 .
refused output join store.h5 -o store.h5 --as-of 2026-01-01
refused list join store.h5 -o all.h5 --as-of 2026-01-01 --list store.h5
refused report join store.h5 -o all.h5 --as-of 2026-01-01 --crosswalk people.csv --key house.key --report house.key
cp people.csv folder/groups.csv
refused output run folder/groups.csv -o folder --key house.key
same people.csv folder/groups.csv
is "$(ls)" "$(printf '%s\n' err folder house.hra house.key kept link.csv out people.csv people.h5 store.h5)" "what is left"

# a file that was only written before may be written again
expect 0 "$HRA" score people.csv -o risks.csv -q
expect 0 "$HRA" score people.csv -o risks.csv -q
expect 0 "$HRA" score people.csv -o risks.csv --rejects /dev/null -q
expect 4 "$HRA" score folder -o risks.csv
says err 'folder: is a folder'
finish
