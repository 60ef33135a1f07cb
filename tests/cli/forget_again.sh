#!/usr/bin/env bash
# After a deletion: the command that is told forms every figure of the run anew, loses nothing of anybody else, and
# brings nobody back.
. "$(dirname "$0")/lib.sh" "$1"

mkdir "house rules"
cat >"house rules/o'ne.hra" <<'END'
factor t_high {
  title "High"  title.zh "偏高"  group other  severity info
  when sbp >= 150  source "test"  review product
}
END
new_key house.key
expect 0 "$HRA" generate --rows 120 --groups 2 --seed 4 -o people.csv -q
agree people.csv
# an urgent value of the first person; one beyond the limits, which is no data and known to the list alone
awk -F, 'BEGIN { OFS = "," } NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i }
    NR == 2 { $c["sbp"] = 210; $c["dbp"] = 120 } NR == 5 { $c["sbp"] = 420 } 1' people.csv >all.csv
echo 0000000001 >gone.txt
again() { # runs the command that was told; more options may follow
    local told=$(grep '^hra run ' err)
    [ -n "$told" ] || fail "no command is told"
    expect 0 eval "\"\$HRA\" ${told#hra } -q $*"
}

expect 0 "$HRA" run all.csv -o last --key house.key --as-of 2025-11-22 -q --no-pages
expect 0 "$HRA" run all.csv -o "night 1" --key house.key --as-of 2026-11-22 -d "house rules/o'ne.hra" -l en --risk-age \
    --previous last --register none.csv -q
key=$(cell "night 1/persons.csv" 1 person_id)
grep -q "$key" "night 1/overview/urgent.html" || fail "the page does not name the first person"
says "night 1/urgent.csv" ',5,r_crit_bp,.*verify now$'
cp -r "night 1" before
rm "night 1/rejects.csv" # values as delivered
expect 0 "$HRA" forget "night 1" --list gone.txt --key house.key --dry-run
says err '^night 1/overview/urgent.html: the page would be removed'
[ -e "night 1/overview/urgent.html" ] || fail "a dry run removed a page"
expect 0 "$HRA" forget "night 1" --list gone.txt --key house.key
says err '^night 1/overview/urgent.html: the page removed'
[ ! -e "night 1/overview/urgent.html" ] || fail "the page is still there"
# last year's run would tell of the person as of one who has left
says err "^night 1: the earlier year that it is compared with, .*/last, still has 1 of these people"
silent_on err '^hra run'
expect 9 "$HRA" forget "night 1" last --list gone.txt --key house.key
says err '^last/rejects.csv: may hold somebody'
rm last/rejects.csv
expect 0 "$HRA" forget "night 1" last --list gone.txt --key house.key
# the figures of last year come first: those of this year are compared with them
is "$(grep -c '^hra run ' err)" 2
is "$(grep '^hra run ' err | head -1 | cut -d' ' -f3)" last/population.h5
says err "^hra run 'night 1/population.h5' -o 'night 1' --panel china_corporate --definitions "
expect 0 "$HRA" forget "night 1" --list gone.txt --key house.key
says err '^night 1/results.h5: the figures of the earlier year .*/last/results.h5, still count people'
silent_on err '^hra run'
expect 0 "$HRA" forget last --list gone.txt --key house.key
again
expect 0 "$HRA" forget "night 1" --list gone.txt --key house.key
is "$(grep -c '^hra run ' err)" 1
again
expect 0 "$HRA" forget "night 1" --list gone.txt --key house.key
silent_on err 'still count|account of a delivery|^hra run'
grep -rla "$key" "night 1" && fail "the key stands in what was formed anew"
says "night 1/run.json" '"scored": 119,'
says "night 1/persons.csv" 't_high'
says "night 1/urgent.csv" ',5,r_crit_bp,.*verify now$'
is "$(grep -c . "night 1/urgent.csv")" $(($(grep -c . before/urgent.csv) - 1)) "one urgent line less, none lost"
[ -s "night 1/overview/urgent.html" ] || fail "no new page of urgent results"
is "$(grep -c . "night 1/register_changes.csv")" "$(grep -vc "$key" before/register_changes.csv)" "what the night changed"
says before/years.csv '^\*,people,last_year,120,'
says "night 1/years.csv" '^\*,people,last_year,119,'
says "night 1/years.csv" '^\*,people,left,0,'
# the same as if the person had never been there
awk -F, 'NR != 2' all.csv >less.csv
expect 0 "$HRA" run less.csv -o less --key house.key --as-of 2026-11-22 -d "house rules/o'ne.hra" -l en --risk-age \
    --previous last --register none.csv -q
for name in persons.csv groups.csv groups_client.csv groups_withheld.csv invitations.csv rosters.csv changes.csv years.csv \
    register.csv register_changes.csv care/care.json care/monitoring.csv; do
    same "night 1/$name" "less/$name"
done

# made from a store elsewhere: as long as that has them, a run from it would bring them back
expect 0 "$HRA" import all.csv -o people.h5 --key house.key -q
expect 0 "$HRA" run people.h5 -o night --as-of 2026-11-22 -q
expect 0 "$HRA" forget night --list gone.txt --key house.key
says err 'the store that it was made from, .*/people.h5, has 120 people and the results 119'
silent_on err '^hra run'
expect 0 "$HRA" forget people.h5 night --list gone.txt --key house.key
again
expect 0 "$HRA" forget night --list gone.txt --key house.key
silent_on err 'still count|^hra run'

# names that are not UTF-8, of the store and of last year: what is shown otherwise is opened by its bytes
gbk=$'\xbe\xc9'
mkdir "$gbk"
expect 0 "$HRA" import all.csv -o "$gbk/people.h5" --key house.key -q
expect 0 "$HRA" run all.csv -o "$gbk/last" --key house.key --as-of 2025-11-22 -q --no-pages
expect 0 "$HRA" run "$gbk/people.h5" -o now --as-of 2026-11-22 --previous "$gbk/last" -q --no-pages
rm "$gbk/last/rejects.csv"
echo 0000000001 >gone.txt
expect 0 "$HRA" forget now --list gone.txt --key house.key
says err '/people.h5, has 120 people and the results 119'
says err '/last, still has 1 of these people'
expect 0 "$HRA" forget "$gbk/people.h5" "$gbk/last" now --list gone.txt --key house.key
grep -a '^hra run ' err >told
is "$(wc -l <told)" 2
while IFS= read -r line; do expect 0 eval "\"\$HRA\" ${line#hra } -q"; done <told
expect 0 "$HRA" forget now --list gone.txt --key house.key
silent_on err 'still count|^hra run'

# everybody; and the run of an older hra, which has no options on record
cut -d, -f1 night/persons.csv | tail -n +2 >everybody.txt
sed '/"again":/d' night/run.json >older.json
cp -r night older && mv older.json older/run.json
cp -r older nobody
expect 0 "$HRA" forget nobody --list everybody.txt
says err 'nobody is left: delete the folder'
tail -1 everybody.txt >gone.txt
expect 0 "$HRA" forget older --list gone.txt
says err '^hra run older/population.h5 -o older \.\.\. \(with the options of that run\)$'
finish
