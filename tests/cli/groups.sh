#!/usr/bin/env bash
# What a run says about groups: problems, the year, lists; the client gets its edition and invitations, and no more.
. "$(dirname "$0")/lib.sh" "$1"

# seven groups of 200: smokers, weights and moods as they come; some agree to be on a list for the employer
awk 'BEGIN {
    print "person_id,group_id,department,sex,age,height,weight,waist,sbp,dbp,tc,hdl,ldl,tg,glucose_fasting,smoking_status,phq9,consent_client"
    srand(5)
    for (i = 0; i < 1400; i++) {
        group = "group" int(i / 200)
        if (i >= 1380) group = "few"
        male = rand() < 0.5
        printf "P%04d,%s,%s,%s,%d,%d,%d,%d,%d,%d,%.1f,%.1f,%.1f,%.1f,%.1f,%s,%d,%s\n", i, group,
            rand() < 0.5 ? "north" : rand() < 0.9 ? "south" : "tiny", male ? "male" : "female", 22 + rand() * 40,
            male ? 172 : 160, 50 + rand() * 45, 65 + rand() * 40, 105 + rand() * 55, 62 + rand() * 35, 3.5 + rand() * 3.2,
            0.9 + rand(), 1.8 + rand() * 2.6, 0.6 + rand() * 2, 4.4 + rand() * 3.5,
            rand() < (group == "group3" ? 0.02 : 0.35) ? "current" : "never", rand() * 16,
            rand() < 0.5 ? 1 : rand() < 0.5 ? 0 : ""
    } }' >people.csv
new_key house.key
expect 0 "$HRA" run people.csv -o night --key house.key --language en --as-of 2026-11-21 --no-details -q
for f in groups.csv groups.json groups_withheld.csv rosters.csv groups_client.csv invitations.csv client/group1/group.csv \
    client/group1/group.json client/group1/invitations.csv; do
    [ -s night/$f ] || fail "night/$f is missing"
    is "$(stat -c %a night/$f)" 600 "$f"
done
is "$(stat -c %a night/client)" 700
is "$(stat -c %a night/client/group1)" 700

# an age that was not delivered follows from birth and exam, as the risks have it
"$HRA" generate --rows 900 --seed 11 --groups 3 -q | awk -F, '
    NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
    $at["birth_date"] != "" && $at["exam_date"] != "" && $at["age"] != ""' >aged.csv
awk -F, 'BEGIN { OFS = "," } NR == 1 { for (i = 1; i <= NF; i++) if ($i == "age") c = i } { $c = NR == 1 ? "ward" : ""; print }' \
    aged.csv >ageless.csv
for people in aged ageless; do
    expect 0 "$HRA" run $people.csv -o $people --key house.key --language en --as-of 2026-11-21 --no-details --no-pages -q
    # which findings are undecided may differ: a missing age is named as one
    grep -E ',(people|risk|category),' $people/groups.csv | grep -vE 'unknown,' >$people.part
done
same aged.part ageless.part
is "$(grep -c ',people,,,[a-z]*,unknown,' ageless/groups.csv)" 0 "people of unknown age"

# the house: problems ranked with intervals and comparisons, lectures, newsletters, departments
says night/groups.csv '^group,kind,indicator,level,sex,age_band,people,known,count,share,mean,low,high,standardised,'
says night/groups.csv '^group1,problem,GA07,,female,30-39,'
says night/groups.csv '^group1,department,,north,all,all,'
says night/groups.csv '^group1,newsletter,GA[0-9]+,2027Q1,all,all,'
is "$(grep -c '^group1,newsletter' night/groups.csv)" 4
is "$(grep '^group1,newsletter' night/groups.csv | cut -d, -f3 | sort -u | wc -l)" 4 "no topic twice"
is "$(grep -c '^group1,lecture' night/groups.csv)" 4
for key in '"problems":\[\{"id"' '"rank":1' '"other_groups"' '"less_other_groups"' '"lectures":\[\{' '"newsletters":\[\{"quarter":"2027Q1"' \
    '"expected_events"' '"responsible":"' '"effort":"'; do
    says night/groups.json "$key"
done
# the codes have names, in the language of the run
for name in '"chd":"Coronary heart disease"' '"chd\.high":"high"' '"health_level\.standard":"Health level 2' '"responsible\.employer":"Employer"' \
    '"who_cvd_2019_lab":"'; do
    is "$(grep -oE "$name" night/groups.json | wc -l)" 1 "$name"
done
if command -v python3 >/dev/null; then
    python3 -m json.tool night/groups.json >/dev/null || fail "groups.json is no JSON"
    python3 -m json.tool night/client/group1/group.json >/dev/null || fail "the client's group.json is no JSON"
fi

# the client: nothing of a small group, no small count, no department that is small, no rule that hid a figure
is "$(grep -c '^few,' night/groups_client.csv)" 1
says night/groups_client.csv '^few,2026-11-21,edition,,,all,all,all,,,.*,1,group too small$'
says night/groups_withheld.csv '^few,edition,.*,group too small$'
silent_on night/groups_client.csv ',tiny,|few people|protects'
awk -F, '$23 == 0 && $10 != "" && $10 >= 1 && $10 <= 10 { exit 1 }' night/groups_client.csv ||
    fail "the client is told a count from 1 to 10"
says night/groups_client.csv '^group3,2026-11-21,finding,r_smoke_current,,all,all,all,200,,,,,,,,,,,,,,1,small numbers$'
says night/groups_withheld.csv '^group3,finding,r_smoke_current,,all,all,all,200,200,[1-9],few people with the finding$'
says night/groups.csv '^group3,factor,r_smoke_current,,all,all,200,200,[1-9],.*,1,few people with the finding$'
silent_on night/groups_client.csv 'problem,GA[0-9]+,|r_depress,,(female|male)'
says night/groups_client.csv '^group1,2026-11-21,newsletter,GA[0-9]+,2027Q[1-4],all,all,all,,,,,,,,,,,,,,,0,$'
says night/groups.csv '^group1,other_groups,GA07,,all,all,'
says night/groups.csv '^group1,events,chd,expected,all,all,'
says night/groups.csv '^group1,roster,GA07,,all,all,200,'

# each employer has a folder of its own, in which nothing tells of another; a group without an edition has none
is "$(ls night/client | tr '\n' ' ')" 'group0 group1 group2 group3 group4 group5 group6 '
for g in group0 group3 group6; do
    { head -1 night/groups_client.csv; grep "^$g," night/groups_client.csv; } >want.csv
    same want.csv night/client/$g/group.csv
    grep -hoE "\bgroup[0-9]|\bfew," night/client/$g/* | grep -qv "^$g" && fail "$g is told of another group"
    { head -1 night/invitations.csv; grep "^$g," night/invitations.csv; } >want.csv
    same want.csv night/client/$g/invitations.csv
done

# lists: reasons stay inside, the client's has who agreed, to lectures, never to one about moods
says night/rosters.csv '^group_id,action,lecture,person_id,department,branch,reason,consent_client$'
says night/rosters.csv '^group1,GA07,[^,]*,[0-9a-f]{32},(north|south|tiny),,Current smoker'
is "$(head -1 night/invitations.csv)" 'group_id,lecture,person_id,department'
[ "$(wc -l <night/invitations.csv)" -gt 100 ] || fail "hardly anybody is invited"
silent_on night/invitations.csv 'GA[0-9]|[Ss]tress|smoker|few,'
cut -d, -f4,8 night/rosters.csv | grep ',0$' | cut -d, -f1 | sort -u >declined
cut -d, -f3 night/invitations.csv | sort -u | comm -12 - declined >wrong
[ ! -s wrong ] || fail "people are invited who did not agree"

# an attack on the lists: they and the totals must be one story, the employers' parts included
if command -v python3 >/dev/null; then
    python3 "$SOURCE/tests/cli/attack_lists.py" night >out 2>&1 || fail "lists: $(cat out)"
    says out '^[1-9][0-9]* lists of [0-9]+ entries, [1-9][0-9]* invitations$'
else
    echo "python3 is not installed: the attack on the lists was skipped"
fi

# threads change nothing, lists included
expect 0 "$HRA" run people.csv -o again --key house.key --language en --as-of 2026-11-21 --no-details -q --threads 1
for f in groups.csv groups.json groups_withheld.csv rosters.csv groups_client.csv invitations.csv client/group1/group.csv \
    client/group1/group.json client/group1/invitations.csv; do
    same night/$f again/$f
done

# without the question nobody is on a list for the employer
cut -d, -f1-17 people.csv >unasked.csv
expect 0 "$HRA" run unasked.csv -o unasked --key house.key --as-of 2026-11-21 --no-details -q
says unasked/groups.json '"chd":"冠心病","chd.low":"低危"'
is "$(wc -l <unasked/invitations.csv)" 1
finish
