#!/usr/bin/env bash
# A night from several sources: checkups, questionnaires, rosters and diagnoses in any order become one row a person;
# files that differ from their profile are held and nobody else.
. "$(dirname "$0")/lib.sh" "$1"

new_key house.key
cat >checkup.csv <<'END'
客户编号,体检日期,性别,年龄,收缩压,舒张压,空腹血糖
p1,2026-10-01,男,50,190,120,5.5
p2,2026-09-01,女,40,120,80,5.0
p4,2026-09-05,男,61,150,80,5.0
p4,2026-06-05,男,61,140,85,5.5
p5,2024-06-05,男,61,140,85,5.5
END
printf '客户编号,性别,吸烟情况\np1,男,吸烟\np2,男,从不\np4,男,已戒烟\n' >answers.csv
printf '客户编号,单位,分支机构,性别\np1,甲公司,上海,男\np2,甲公司,上海,女\np4,乙公司,北京,男\np5,乙公司,北京,男\np6,乙公司,北京,男\n' >roster.csv
printf '客户编号,糖尿病\np4,是\n' >told.csv

expect 0 "$HRA" run checkup.csv --questionnaire answers.csv --roster roster.csv --diagnosis told.csv -o night \
    --key house.key --as-of 2026-11-22 -q
is "$(sed 1d night/persons.csv | wc -l)" 3 "people"
says night/urgent.csv ',甲公司,上海,.*r_crit_bp' # the branch is the roster's
says night/participation.csv '^甲公司,2,2,1,2,0$'
says night/participation.csv '^乙公司,3,1,1,1,0$'
says night/unmatched.csv 'conflict: sex'
says night/unmatched.csv 'before the window'
says night/join.json '"several_visits": *1'
# the account closes: rows of every source, and the people of all of them
says night/run.json '"files": \{"given": 4, "read": 4, "held": 0\}'
says night/run.json '"source": "checkup", "files": 1, "rows": 5, "rejected": 0, "imported": 5\}'
says night/run.json '"source": "roster", "files": 1, "rows": 5, "rejected": 0, "imported": 5\}'
says night/run.json '"people": \{"known": 5, "assessed": 3, "without_visit": 2, "left_out": 0\}'
[ "$(stat -c %a night/unmatched.csv)" = 600 ] || fail "the list of keys is its owner's only"

# on a terminal every stage that reads shows how far it is
if command -v script >/dev/null; then
    script -qec "'$HRA' run checkup.csv --questionnaire answers.csv -o shown --key house.key --as-of 2026-11-22" /dev/null \
        >shown.txt </dev/null || fail "a run on a terminal"
    for stage in 'quality \[' 'joining \[' 'joining, merging \[' 'joining, writing \['; do says shown.txt "$stage"; done
fi

# any order, the same results
expect 0 "$HRA" run --diagnosis told.csv --roster roster.csv --questionnaire answers.csv --checkup checkup.csv -o other \
    --key house.key --as-of 2026-11-22 -q
same night/persons.csv other/persons.csv
same night/participation.csv other/participation.csv

# stores among the sources are in the account, as the sources they are
expect 0 "$HRA" import told.csv -o told.h5 --key house.key --duplicates all -q
expect 0 "$HRA" import checkup.csv -o checkup.h5 --key house.key --duplicates all -q
expect 0 "$HRA" run checkup.h5 --questionnaire answers.csv --roster roster.csv --diagnosis told.h5 --diagnosis told.csv \
    -o mixed --key house.key --as-of 2026-11-22 -q
says mixed/run.json '"files": \{"given": 5, "read": 5, "held": 0\}'
says mixed/run.json '"source": "checkup", "files": 1, "rows": 5, "rejected": 0, "imported": 5\}'
says mixed/run.json '"source": "diagnosis", "files": 2, "rows": 2, "rejected": 0, "imported": 2\}'
says mixed/run.json '"people": \{"known": 5, "assessed": 3, "without_visit": 2, "left_out": 0\}'
cut -d, -f1-12 night/persons.csv | sort >one
cut -d, -f1-12 mixed/persons.csv | sort >two
same one two

# with profiles, stores that are named need none
expect 0 "$HRA" inspect checkup.csv -o profiles/a.profile
sed -i '/^ *?/d; s/^confirmed: no.*/confirmed: Li Wei 2026-11-22/' profiles/a.profile
head -3 checkup.csv >more.csv
expect 0 "$HRA" run checkup.h5 more.csv --profiles profiles -o profiled --key house.key --as-of 2026-11-22 -q
is "$(sed 1d profiled/persons.csv | wc -l)" 3 "people of a store beside a table with a profile"
expect 0 "$HRA" run checkup.h5 --profiles profiles -o profiled --key house.key --as-of 2026-11-22 -q
mkdir folder
cp checkup.h5 folder/x.csv
cp more.csv folder
expect 9 "$HRA" run folder --profiles profiles --window 12 -o profiled --key house.key --as-of 2026-11-22 -q
says profiled/held.csv 'folder/x.csv'
is "$(sed 1d profiled/persons.csv | wc -l)" 2 "nobody of a file that is held"

# nobody in the window: the message says so, not that rows were rejected
expect 4 "$HRA" run checkup.csv --roster roster.csv -o nobody --key house.key --as-of 2031-11-22 -q
says err 'no person was scored: of 5 known, 5 were neither examined nor answered within the window'
says err 'nobody/join.txt'
printf '客户编号,年龄\n' >empty.csv
expect 4 "$HRA" run empty.csv -o nobody --key house.key -q
says err 'no person was scored: what was read has no rows'

expect 2 "$HRA" run checkup.csv --roster roster.csv -o dayless --key house.key
says err 'as-of'
# Shares are of the people invited, and none is told of a number that is not.
"$HRA" generate --rows 240 --groups 2 --seed 3 -o many.csv -q
agree many.csv
awk -F, -v OFS=, 'NR > 1 { $2 = NR < 82 ? "few" : NR < 162 ? "one" : "nobody"; $8 = "" } 1' many.csv >came.csv
awk -F, -v OFS=, 'NR == 1 || NR > 31 && NR < 162 { print $1, $2 } END { print "stranger", "one" }' came.csv >invited.csv
expect 0 "$HRA" run came.csv --roster invited.csv -o came --key house.key --as-of 2025-11-22 --no-details -l en -q
says came/participation.csv '^few,50,50,0,50,30$'
says came/participation.csv '^one,81,80,0,80,0$'
says came/participation.csv '^nobody,0,80,0,80,$' # the roster does not say who of them was invited
says came/join.json '"group":"few","invited":50,"examined":50,"answered":0,"assessed":50,"not_invited":30\}'
says came/groups.csv '^few,participation,examined,,all,all,80,50,50,1,'
says came/groups.csv '^one,participation,examined,,all,all,80,81,80,0.987'
says came/groups.csv '^nobody,participation,examined,,all,all,80,,80,,'
says came/groups.json '"examined":\{"people":50,"of_invited":1\}'
says came/client/few/group.csv ',participation,examined,,all,all,all,80,50,50,50,1,'
says came/client/one/group.csv ',participation,invited,,all,all,all,80,,,,,.*,1,small numbers$'
says came/client/one/group.csv ',participation,examined,,all,all,all,80,80,80,80,,,,'
silent_on came/client/one/group.csv ',81'
overview() { sed 's/<[^>]*>/ /g' came/overview/index.html | grep -oE " $1 .*" | head -1; }
is "$(overview few | grep -oE '80 +100%' | tr -s ' ')" '80 100%' "who took part, on the overview"
silent_on came/client/one/report.html 'of those invited'
for page in came/groups/few.html came/client/few/report.html; do
    says $page '100% of those invited were assessed. This report speaks of 80 people'
done
says came/groups/one.html '99% of those invited were assessed. This report speaks of them;'

# a table of one's own may have more who came than were invited: then there is no share
printf 'group,invited,examined,answered,assessed\nfew,50,80,0,80\n' >counted.csv
expect 0 "$HRA" run came.csv -o own --participation counted.csv --key house.key --as-of 2025-11-22 --no-details -l en -q
says own/groups.csv '^few,participation,examined,,all,all,80,,80,,'
says own/groups.json '"examined":\{"people":80,"of_invited":null\}'
says own/client/few/group.csv ',participation,examined,,all,all,all,80,80,80,80,,,,'
for page in own/groups/few.html own/client/few/report.html; do
    says $page 'More people were assessed than were invited'
    silent_on $page 'of those invited were assessed'
done
finish
