#!/usr/bin/env bash
# A file where a folder is needed, the other way round, and places that are not there: said at once, with what is wrong.
. "$(dirname "$0")/lib.sh" "$1"

new_key house.key
expect 0 "$HRA" generate --rows 20 --seed 1 -o people.csv -q
expect 0 "$HRA" run people.csv -o night --key house.key --as-of 2026-11-22 -q
expect 0 "$HRA" run people.csv -o last --key house.key --as-of 2025-11-22 -q
touch file
mkdir folder keys.csv
refuse() { # PATTERN ARGUMENT...
    local pattern=$1
    shift
    expect "$status" "$HRA" "$@"
    says err "$pattern"
    silent_on err '\.lock|No such file|Not a directory|Is a directory'
}
status=2
# a folder is needed
refuse 'file is a file, and a folder is needed: give' run people.csv -o file --key house.key
for report in individual pdf; do refuse 'file is a file, and a folder' report $report night --all -o file; done
refuse 'file is a file, and a folder' report group night --edition internal --all -o file
refuse 'file is a file, and a folder' report overview night -o file
refuse 'file is a file, and a folder' report branches night -o file
refuse 'file is a file, and a folder' compare night last -o file
refuse 'file is a file, and a folder' quality people.csv -o file
refuse 'file is a file, and a folder' register plan --results night --as-of 2026-11-22 -o file
refuse 'file is a file, and a folder' screen night --by china_corporate.chd.risk --capacity 3 -o file
refuse 'file is a file, and a folder' export xlsx night -o file
refuse 'file is a file, and a folder' inspect people.csv -o file/a.profile
[ -f file ] && [ ! -s file ] || fail "the file was touched"
# a file is needed
refuse 'folder is a folder, and a file is needed: give a file name, such as folder/NAME' import people.csv -o folder \
    --key house.key
refuse 'keys.csv is a folder, and a file' score people.csv -o keys.csv --models china_par_2016
refuse 'keys.csv is a folder, and a file' generate --rows 2 -o keys.csv
for option in rejects report key-map; do
    refuse 'folder is a folder, and a file' import people.csv -o people.h5 --key house.key --$option folder
done
refuse 'folder is a folder, and a file' join night/population.h5 -o folder --as-of 2026-11-22
refuse 'folder is a folder, and a file' definitions review -o folder
refuse 'folder is a folder, and a file' export fhir night --all -o folder
refuse 'folder is a folder, and a file' register update folder --results night --as-of 2026-11-22 -o folder --changes c.csv
# on the way there
status=5
refuse 'the folder none does not exist: make it first' run people.csv -o none/night --key house.key
refuse 'the folder none/deeper does not exist: make it first' score people.csv -o none/deeper/r.csv --models china_par_2016
refuse 'the folder none does not exist' import people.csv -o none/people.h5 --key house.key
refuse 'file is a file, not a folder' score people.csv -o file/r.csv --models china_par_2016
refuse 'file is a file, not a folder' compare night last -o file/deeper/x
[ ! -e none ] || fail "a folder was made on the way"

# what later stages of a run read
status=2
for option in map policy crosswalk group-policy standard previous-groups earlier-edition participation lecture-list register; do
    refuse "^hra run: --$option: folder is a folder, and a file" run people.csv -o x --key house.key --as-of 2026-11-22 \
        --$option folder
done
refuse 'key: folder is a folder' run people.csv -o x --key folder
refuse 'profiles: file is a file, and a folder' run people.csv -o x --key house.key --profiles file
refuse 'encrypt-to: file is a file, and a folder' run people.csv -o x --key house.key --branches --encrypt-to file
expect 4 "$HRA" run people.csv -o x --key house.key --as-of 2026-11-22 --previous folder
says err 'previous: folder is not the folder of a run: it has no results.h5'
expect 4 "$HRA" run people.csv -o x --key house.key --as-of 2026-11-22 --previous last --earlier folder
says err 'earlier: folder is not the folder of a run: it has no results.h5'
[ ! -e x ] || fail "work began though it could not end"

# no right to write there; somebody who may do everything may this, too
if [ "$(id -u)" -ne 0 ]; then
    mkdir -m 500 closed
    for way in "run people.csv -o closed --key house.key" "import people.csv -o closed/p.h5 --key house.key"; do
        expect 5 "$HRA" $way
        says err 'nothing can be written in the folder closed: Permission denied'
    done
fi
finish
