#!/usr/bin/env bash
# Two editions of the same companies a month apart, some people gone between them: nobody may read from the difference
# how few of those who left had a finding. Companies of 12, 25, 45, 60 and 130 people.
. "$(dirname "$0")/lib.sh" "$1"
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }

new_key house.key
expect 0 "$HRA" generate --rows 600 --seed 11 --groups 1 -o generated.csv -q
awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; print; next }
    BEGIN { split("12 37 82 142 272 600", last, " "); split("c12 c25 c45 c60 c130 c328", name, " ") }
    { g = 1; while (NR - 1 > last[g]) g++; $at["group_id"] = name[g]; print }' generated.csv >first.csv
expect 0 "$HRA" run first.csv -o first --key house.key --as-of 2026-03-01 --no-details --no-pages -q
is "$(ls first/client | tr '\n' ' ')" "c130 c328 c45 c60 " "companies with an edition"

# the first of every company leave: four, thirteen, thirty
for gone in 4 13 30; do
    awk -F, -v gone=$gone 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; print; next }
        seen[$at["group_id"]]++ >= gone' first.csv >next.csv
    expect 0 "$HRA" run next.csv -o next$gone --key house.key --as-of 2026-04-01 --no-details --no-pages -q \
        --earlier-edition first/groups_client.csv
    python3 "$SOURCE/tests/cli/attack_editions.py" first next$gone >out 2>&1 || fail "$gone have left: $(cat out)"
    cat out
done
# four are too few for any new edition; and once withheld it stays so, whatever it is compared with
is "$(ls next4/client | wc -l)" 0 "editions after four have left"
expect 0 "$HRA" run next.csv -o again --key house.key --as-of 2026-04-02 --no-details --no-pages -q \
    --earlier-edition next4/groups_client.csv
is "$(ls again/client | wc -l)" 0 "editions after a withheld one"

# the attack can win: the same without a word of the edition before
expect 0 "$HRA" run next.csv -o blind --key house.key --as-of 2026-04-01 --no-details --no-pages -q
python3 "$SOURCE/tests/cli/attack_editions.py" first blind >out 2>&1 && fail "the attack finds nothing where nothing is hidden"
says out 'of the [0-9]+ who left'
finish
