#!/usr/bin/env bash
# Under 18: goals of that age for activity and sleep, none of adults; and whoever has two reasons why something does not
# apply reads the one that is theirs.
. "$(dirname "$0")/lib.sh" "$1"

new_key house.key
cat >people.csv <<'END'
person_id,sex,age,sbp,dbp,activity_min_week,sleep_hours,oil_g_day,sleep_quality
young,male,16,118,72,200,7.5,50,poor
child,female,11,104,66,430,8.5,20,good
swapped,male,45,88,154,100,6.5,50,poor
both,male,15,88,154,200,7.5,50,poor
END
for language in en zh; do
    "$HRA" run people.csv -o night.$language --key house.key --language $language --gzip-details -q || fail "the run in $language"
    zcat night.$language/persons.jsonl.gz >$language.jsonl
done
of() { grep "\"age\":$2," "$1.jsonl" >one.jsonl || fail "nobody of $2 years in $1.jsonl"; }

of en 16
says one.jsonl '"code":"E09"[^}]*60 minutes a day on average'
says one.jsonl '"code":"M08"[^}]*At your age 8–10 hours'
silent_on one.jsonl '"code":"(E01|M04|M06|D02)"|7–9'
says one.jsonl '"id":"topic_blood_pressure"[^}]*"state":"not_applicable"[^}]*The limits for adults do not apply under 18\.'
says one.jsonl '"id":"topic_oil"[^}]*"state":"not_applicable"[^}]*The recommendations for adults do not apply under 18\.'
silent_on one.jsonl 'systolic pressure is not above'
of en 11
says one.jsonl '"code":"M08"[^}]*At your age 9–12 hours'
silent_on one.jsonl '"code":"E09"'
says one.jsonl '"id":"topic_activity"[^}]*"state":"at_target"'
for age in 45 15; do # of two reasons that of the pressures is told: they are to be measured again
    of en $age
    says one.jsonl '"id":"topic_blood_pressure"[^}]*"state":"not_applicable"[^}]*The systolic pressure is not above'
    silent_on one.jsonl '"id":"topic_blood_pressure"[^}]*The limits for adults'
done
of en 45
says one.jsonl '"code":"M04"'
silent_on one.jsonl '"code":"(E09|M08)"'
of zh 16
says one.jsonl '"code":"E09"[^}]*平均每天至少60分钟'
says one.jsonl '"code":"M08"[^}]*建议8–10小时'
says one.jsonl '"id":"topic_blood_pressure"[^}]*成人标准不适用于未满18岁者'
silent_on one.jsonl '收缩压不高于舒张压'
of zh 45
says one.jsonl '"id":"topic_blood_pressure"[^}]*收缩压不高于舒张压，须先复测核实'
finish
