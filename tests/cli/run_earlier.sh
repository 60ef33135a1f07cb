#!/usr/bin/env bash
# hra run --earlier: several years in the details, on the pages and in the tables; killed and run again.
. "$(dirname "$0")/lib.sh" "$1"

new_key house.key
"$HRA" generate --rows 200 --groups 2 -o people.csv -q || exit 1
for year in 2023 2024 2025 2026; do # pressure rises in every third person
    awk -F, -v OFS=, -v year=$year 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; print; next }
        { $at["exam_date"] = year "-05-01"; if ($at["sbp"] != "" && NR % 3 == 0) $at["sbp"] += 5 * (year - 2023) } 1' \
        people.csv >$year.csv
done
for year in 2023 2024 2025; do
    expect 0 "$HRA" run $year.csv -o r$year --key house.key --as-of $year-12-01 -q --no-details --no-quality --no-pages
done
night() { # FOLDER OPTION...
    local folder=$1
    shift
    "$HRA" run 2026.csv -o "$folder" --key house.key --as-of 2026-12-01 -q --no-quality -l en "$@"
}
several="--previous r2025 --earlier r2023 --earlier r2024"
expect 0 night now $several
for f in course.csv course_groups.csv course_client.csv course.json; do
    says now/run.json "$f"
    is "$(stat -c %a now/$f)" 600
done
zstdcat now/persons.jsonl.zst >details.jsonl
says details.jsonl '"checkups":\[\{"day":"2023-05-01","value":[0-9]+\},\{"day":"2024-05-01",.*"course":"rising","per_year":5'
says now/groups/G0001.html 'id=courses'
says now/client/G0001/report.html 'id=courses'
# the client's page holds no more than the client's table
silent_on now/client/G0001/report.html '[0-9] / [0-9]+ / [0-9]+ / [0-9]'
# the same as when the finished runs are compared
expect 0 "$HRA" compare now r2025 r2024 r2023 -o apart -q
for f in course.csv course_groups.csv course_client.csv course.json; do same now/$f apart/$f; done

# one earlier year is what it was; and what stood there of several years is gone
expect 0 night one --previous r2025
expect 0 night now --previous r2025
[ ! -e now/course.csv ] && [ ! -e now/course_client.csv ] || fail "tables of another run stand beside the results"
for f in persons.csv changes.csv years.csv years.json groups.csv groups_client.csv; do same one/$f now/$f; done
zstdcat now/persons.jsonl.zst >plain.jsonl
silent_on plain.jsonl '"checkups"'
silent_on now/groups/G0001.html 'id=courses'

# with a register also what became of the people in the plans
expect 0 night one --register register.csv $several
says one/course_plans.csv '^plan,indicator,people,'
says one/run.json 'course_plans.csv'
expect 0 night one
[ ! -e one/course_plans.csv ] && [ ! -e one/course.csv ] || fail "tables of another run stand beside the results"

# killed on the way and run again: the same as without
expect 0 night whole $several
timeout -s KILL 0.2 "$HRA" run 2026.csv -o again --key house.key --as-of 2026-12-01 -q --no-quality -l en $several
expect 0 night again $several --resume
for f in course.csv course_groups.csv course_client.csv course.json persons.csv; do same whole/$f again/$f; done

# told before hours go into it
expect 2 night none --earlier r2023
says err 'give that one with --previous'
expect 2 "$HRA" run 2026.csv -o none --key house.key -q $several
says err 'give --as-of'
expect 4 night none --previous r2025 --earlier absent
says err '--earlier: absent cannot be read'
finish
