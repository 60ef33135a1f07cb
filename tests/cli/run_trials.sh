#!/usr/bin/env bash
# What only a late stage reads is read before the first: a night ends at once, before any file is written.
. "$(dirname "$0")/lib.sh" "$1"
new_key house.key
expect 0 "$HRA" generate --rows 40 --seed 3 --groups 2 -o people.csv -q
printf 'first,second\n1,2\n' >other.csv
printf 'hra-key 7 nothing\n' >other.key
chmod 600 other.key

refused() { # WHAT OPTION FILE
    local says=$1
    shift
    rm -rf night
    expect 4 "$HRA" run people.csv -o night --key house.key --as-of 2026-11-22 -q "$@"
    says err "$says"
    [ ! -e night ] || fail "something is made before $* is refused"
}
rm -rf night
expect 4 "$HRA" run people.csv -o night --key other.key --as-of 2026-11-22 -q
says err "not a key file"
[ ! -e night ] || fail "something is made before the key is refused"
refused 'not a crosswalk' --crosswalk other.csv
refused "other.csv:1: the column 'first' is not known here" --group-policy other.csv
refused "other.csv:1: the column 'first' is not known here" --standard other.csv
refused "other.csv:1: the column 'first' is not known here" --lecture-list other.csv
refused "the first column is not 'group'" --participation other.csv
refused "the first column is not 'group'" --previous-groups other.csv
refused "the first column is not 'group'" --earlier-edition other.csv
refused 'is it a register' --register other.csv

# a table that hra wrote, but another than is asked for
printf 'group,invited,examined,answered,assessed\nA,1,1,1,1\n' >participation.csv
refused "the column 'kind' is missing" --previous-groups participation.csv
refused "the column 'kind' is missing" --earlier-edition participation.csv

# what staff write into the register by hand
expect 0 "$HRA" run people.csv -o night --key house.key --as-of 2026-10-22 --register register.csv -q
awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "consent") c = i } NR == 3 { $c = "perhaps" } 1' \
    night/register.csv >register.csv
refused "register.csv:3: the column 'consent' is yes, no or empty" --register register.csv
sed '3s/perhaps/yes/; 2s/2026-10-22/22.10.26/' register.csv >dated.csv
refused "dated.csv:2: the column 'since' is not a day" --register dated.csv
sed '3s/perhaps/yes/' register.csv >good.csv
rm -rf night
expect 0 "$HRA" run people.csv -o night --key house.key --as-of 2026-11-22 --register good.csv -q
finish
