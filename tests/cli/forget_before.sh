#!/usr/bin/env bash
# Everything of checkups before a day: each run by its own days, whole after a kill; who was examined later stays.
. "$(dirname "$0")/lib.sh" "$1"

new_key house.key
expect 0 "$HRA" generate --rows 300 --groups 3 --seed 4 -o people.csv -q
agree people.csv
awk -F, 'BEGIN { OFS = "," } NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i }
    NR > 1 && NR <= 101 { $c["exam_date"] = "2024-05-01" } NR > 101 { $c["exam_date"] = "2026-10-01" }
    NR == 102 { $c["exam_date"] = "" } 1' people.csv >dated.csv
awk -F, 'NR == 1 || NR > 101' dated.csv >kept.csv
for name in dated kept; do expect 0 "$HRA" run "$name.csv" -o "$name" --key house.key --as-of 2026-11-22 -q; done
cp -r dated paged
cp -r dated stopped
rm -r dated/overview stopped/overview # its page of urgent results names people
expect 0 "$HRA" forget dated --before 2025-01-01 --dry-run
says err '^100 people without a checkup since 2025-01-01; 1 rows without a day of checkup; [0-9]+ rows would be removed'
same dated/population.h5 stopped/population.h5
echo "$(cell stopped/persons.csv 1 person_id)" >dated/note.txt # as long as somebody stands elsewhere, the days stay on record
expect 9 "$HRA" forget dated --before 2025-01-01
says err '^dated/note.txt: still holds somebody'
same dated/population.h5 stopped/population.h5
same dated/persons.csv kept/persons.csv
rm dated/note.txt
expect 0 "$HRA" forget dated --before 2025-01-01
says err '^dated/population.h5: 100 removed'
says err '^dated/groups.csv: figures that still count'
scores() { "$HRA" score "$1/population.h5" -o "$1.csv" --models china_par_2016 -q; }
expect 0 scores dated
expect 0 scores kept
same dated.csv kept.csv
expect 0 "$HRA" forget dated --before 2025-01-01
says err '^0 people without a checkup since'
# the page that names people goes; as long as a file of somebody else names them nobody is told to run again from the
# store, which has them yet
echo "$(cell stopped/persons.csv 1 person_id)" >paged/note.txt
expect 9 "$HRA" forget paged --before 2025-01-01
says err '^paged/overview/urgent.html: the page removed'
says err '^paged/note.txt: still holds somebody'
says err '1 file, named above, holds or may hold'
silent_on err 'For new figures'
rm paged/note.txt
expect 0 "$HRA" forget paged --before 2025-01-01
says err '^hra run paged/population.h5 -o paged --panel china_corporate --language zh --as-of 2026-11-22$'
same paged/population.h5 dated/population.h5
# killed at any moment: the same command goes on, and nobody is left anywhere
for after in 0.03 0.1; do
    "$HRA" forget stopped --before 2025-01-01 -q 2>err &
    sleep "$after"
    kill -KILL $! 2>/dev/null
    wait $! 2>/dev/null
done
expect 0 "$HRA" forget stopped --before 2025-01-01 -q
for name in persons.csv rosters.csv urgent.csv; do same "stopped/$name" "dated/$name"; done
expect 0 "$HRA" info stopped/population.h5
says out '200 rows'
expect 0 "$HRA" info stopped/results.h5
says out '200'
# several sources: earlier checkups of who stays go too, and who was left out as too old goes from every list
printf 'person_id,exam_date,sex,age,sbp,dbp,glucose_fasting\np1,2026-10-01,male,50,120,80,5.5\np4,2026-09-05,male,61,150,80,5.0\n'\
'p4,2025-12-05,male,61,140,85,5.5\np5,2024-06-05,male,61,140,85,5.5\n' >checkup.csv
printf 'person_id,group_id,sex\np1,A,male\np4,A,male\np5,A,male\np6,A,male\n' >roster.csv
expect 0 "$HRA" run checkup.csv --roster roster.csv -o joined --key house.key --as-of 2026-11-22 -q
rm -r joined/overview
is "$(sed 1d joined/unmatched.csv | wc -l)" 2 "who is too old is listed, and who came to no checkup"
expect 0 "$HRA" forget joined --before 2026-01-01
says err '^joined/intake/checkup.h5: 2 removed'
says err '^joined/intake/roster.h5: 1 removed'
silent_on err '^joined/(population|results).h5: '
is "$(sed 1d joined/unmatched.csv | wc -l)" 1 "the first one goes"
expect 0 "$HRA" info joined/population.h5
says out ' 2 rows'

# several checkups: those before go, whoever they are of
awk -F, 'BEGIN { OFS = "," } NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i } NR <= 21
    NR > 1 && NR <= 11 { $c["exam_date"] = "2024-05-01"; print } NR > 11 && NR <= 21 { $c["exam_date"] = "2026-11-01"; print }' \
    people.csv >twice.csv
expect 0 "$HRA" import twice.csv -o twice.h5 --key house.key --duplicates all -q
expect 0 "$HRA" forget twice.h5 --before 2025-01-01
says err '^twice.h5: 10 removed'
finish
