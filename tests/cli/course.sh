#!/usr/bin/env bash
# Four runs of the same people: the course of every value, who stayed, and what an employer is told of it.
. "$(dirname "$0")/lib.sh" "$1"

new_key house.key
# NAME YEAR: a run of NAME.csv as of 1 December of the year
night() {
    local name=$1 year=$2
    shift 2
    expect 0 "$HRA" run "$name.csv" -o "$name" --key house.key --as-of "$year-12-01" --no-quality --no-details \
        --no-pages -q "$@"
}
head='person_id,group_id,exam_provider,sex,age,exam_date,sbp,tc(mmol/L)'
# rising; gap: years 1, 3 and 4; two: years 1 and 3 only; again: last year's checkup delivered once more; wide
cat >y1.csv <<END
$head
rising,A,north,male,50,2023-05-01,120,5.00
gap,A,north,male,50,2023-05-02,130,6.00
two,A,north,male,50,2023-05-03,120,5.00
again,A,north,male,50,2023-05-04,120,5.00
gone,B,north,male,50,2023-05-05,120,5.00
END
cat >y2.csv <<END
$head
rising,A,north,male,51,2024-05-01,127,5.10
again,A,north,male,51,2024-05-04,128,5.00
new,A,north,female,40,2024-05-06,110,4.00
END
cat >y3.csv <<END
$head
rising,A,north,male,52,2025-05-01,131,5.20
gap,A,north,male,52,2025-05-02,118,5.50
again,A,north,male,52,2024-05-04,129,5.00
two,A,north,male,52,2025-05-03,160,5.00
new,B,north,female,41,2025-05-06,111,
END
# another unit in the last year: 193.35 mg/dL are 5.00 mmol/L
sed 's/tc(mmol\/L)/tc(mg\/dL)/' >y4.csv <<END
$head
rising,A,south,male,53,2026-05-01,140,193.35
gap,A,north,male,53,2026-05-02,110,193.35
again,A,north,male,53,2026-05-04,129,
new,B,north,female,42,2026-05-06,112,200.00
END
for n in 1 2 3 4; do night y$n $((2022 + n)); done
expect 0 "$HRA" compare y4 y3 y1 y2 -o all
says err '4 runs: the course of 4 of 4 people can be stated'
of() { # SBP-LAST COLUMN: people are known by what only they have
    awk -F, -v last="$1" -v name="$2" 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
        $c["sbp.last"] == last { print $c[name] }' all/course.csv
}
is "$(of 140 runs)" 4
is "$(of 140 sbp.points)" 4
is "$(of 140 providers)" 2
is "$(of 110 providers)" 1
is "$(of 140 sbp.first_day)" 2023-05-01
is "$(of 140 sbp.last_day)" 2026-05-01
is "$(of 140 sbp.change)" 20
is "$(of 140 sbp.course)" rising
is "$(of 140 sbp.per_year)" 6.6 "slopes 7, 5.5, 6.67, 4, 6.5, 9: between the third and the fourth"
is "$(of 140 tc.first)" 5.00
is "$(of 140 tc.last)" 5.00 "193.35 mg/dL"
is "$(of 140 tc.course)" steady
is "$(of 110 runs)" 3 "the second year is missing"
is "$(of 110 sbp.points)" 3
is "$(of 110 sbp.course)" falling
is "$(of 110 tc.course)" falling
is "$(of 129 runs)" 4
is "$(of 129 sbp.points)" 3 "a checkup that is delivered twice is one point"
is "$(of 129 sbp.course)" steady
is "$(of 129 tc.points)" 2
is "$(of 129 tc.course)" "" "never from two"
is "$(of 129 tc.per_year)" ""
is "$(of 112 sbp.points)" 3
is "$(sed 1d all/course.csv | wc -l)" 4 "people of this run"
is "$(stat -c %a all/course.csv all/course_groups.csv all/course_client.csv all/course.json | sort -u)" 600
silent_on all/course.csv 'rising,A|,gap|two'
says all/course.json '"other_units": \{"tc": \["mmol/L", "mg/dL"\]\}'
# kept, joined and left from run to run; the matched are those with the value in every run
says all/course_groups.csv '^A,people,kept,2024-12-01,2,'
says all/course_groups.csv '^A,people,joined,2025-12-01,2,'
says all/course_groups.csv '^A,people,left,2026-12-01,1,'
says all/course_groups.csv '^B,people,left,2024-12-01,1,'
says all/course_groups.csv '^A,value,sbp,2023-12-01,2,120,'
says all/course_groups.csv '^A,value,sbp,2026-12-01,2,134\.5,'
says all/course_groups.csv '^A,change,sbp,,2,14\.5,'
says all/course_groups.csv '^A,course,sbp,,3,,,,1,1,1,0'
silent_on all/course_client.csv ',0$' # all these groups are small

# the order in which runs are given does not matter, nor do threads; with one earlier run everything is as it was
expect 0 "$HRA" compare y4 y3 y2 y1 -o ordered -t 1
for f in course.csv course_groups.csv course_client.csv course.json; do same all/$f ordered/$f; done
expect 0 "$HRA" compare y4 y3 -o last
for f in changes.csv years.csv years_indicators.csv years.json; do same all/$f last/$f; done
[ ! -e last/course.csv ] || fail "two runs have no course"
expect 0 "$HRA" compare y4 y3 -o ordered # what stood there of several runs is gone
[ "$(ls ordered | grep -c course)" = 0 ] || fail "the course of other runs stands beside a comparison of two"
# but not what is the run's own, or somebody else's
expect 0 "$HRA" compare y4 y3 y2 y1 -o y4
expect 0 "$HRA" compare y4 y3 -o y4
for f in course.csv course_groups.csv course_client.csv course.json; do same all/$f y4/$f; done
mkdir own && echo mine >own/course.csv
expect 0 "$HRA" compare y4 y3 -o own
is "$(cat own/course.csv)" mine

# what does not belong together is refused before anything is written
refused() { # STATUS PATTERN RUN...
    local status=$1 pattern=$2
    shift 2
    rm -rf none
    expect "$status" "$HRA" compare "$@" -o none
    says err "$pattern"
    [ ! -e none/changes.csv ] && [ ! -e none/course.csv ] || fail "something was written of a refused comparison"
}
new_key other.key
expect 0 "$HRA" run y2.csv -o foreign --key other.key --as-of 2024-11-01 --no-quality --no-details --no-pages -q
refused 7 'cannot be linked' y4 y3 y1 foreign
refused 7 'both of 2024-12-01: give every run once' y4 y3 y2 y2
refused 7 'y4 is of 2026-12-01, after this run' y3 y2 y4
refused 4 'absent' y4 y3 absent
cp -r y2 damaged
head -c 3000 y2/population.h5 >damaged/population.h5
refused 4 'damaged' y4 y3 damaged
cp y1/population.h5 damaged/population.h5
refused 7 'not of the same run' y4 y3 damaged
expect 0 "$HRA" run y2.csv -o undated --key house.key --no-quality --no-details --no-pages -q
refused 2 'does not say its day' y4 y3 undated

# the person's page draws the checkups and says all of them in words; without --earlier nothing of it is there
expect 0 "$HRA" report individual y4 --all --pages -l en --previous y3 --earlier y1 --earlier y2 -o pages -q
page=$(grep -l '>140</b>' pages/*.html)
says "$page" '<svg class=course [^>]*role=img><title>2023-05-01: 120; 2024-05-01: 127; 2025-05-01: 131; 2026-05-01: 140 mmHg</title>'
says "$page" 'rising \(4'
says "$page" 'different providers'
says "$page" '2024-05-01: 197.2; 2025-05-01: 201.1; 2026-05-01: 193.[34] mg/dL' # as delivered: in mg/dL
page=$(grep -l '>129</b>' pages/*.html)
silent_on "$page" 'different providers'
says "$page" '<title>2023-05-04: 120; 2024-05-04: 129; 2026-05-04: 129 mmHg</title>'
expect 0 "$HRA" report individual y4 --all --pages -l en --previous y3 -o plain -q
cat plain/*.html >plain.html
silent_on plain.html '<svg class=course'
expect 2 "$HRA" report individual y4 --all --pages --earlier y1 -o none -q
says err 'give that one with --previous'
# reports in archives are made anew when an earlier run says something else
expect 0 "$HRA" report individual y4 --all --previous y3 --earlier y1 -o archives
expect 0 "$HRA" report individual y4 --all --previous y3 --earlier y1 -o archives
says err '0 made'
expect 0 "$HRA" report individual y4 --all --previous y3 --earlier y1 --earlier y2 -o archives
says err '[23] made' # whose checkup of the second year is there now

# Groups large enough to be told of. In the last year a method changed: everybody's cholesterol is 0.8 higher.
people() { # YEAR
    awk -v year="$1" 'BEGIN {
        print "person_id,group_id,sex,age,exam_date,sbp,tc(mmol/L)"
        for (i = 1; i <= 120; i++) {
            if (i == 7 && year > 3) continue # one leaves
            if (i > 100 && year == 1) continue # twenty join
            printf "p%d,%s,male,50,%d-05-01,%d,%.2f\n", i, i % 3 ? "big" : "other", 2022 + year,
                120 + i % 13 + 2 * year, 4 + i % 7 / 10 + (year == 4 ? 0.8 : 0)
        }
        for (i = 1; i <= 20; i++) printf "s%d,small,male,50,%d-05-01,%d,5.00\n", i, 2022 + year, 120 + i + 2 * year }'
}
for n in 1 2 3 4; do
    people $n >g$n.csv
    night g$n $((2022 + n))
done
expect 0 "$HRA" compare g4 g3 g2 g1 -o groups
says groups/course.json '"2026-12-01".*"shifted": \["tc"\]'
says groups/course.json '"2025-12-01".*"shifted": \[\]'
is "$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "tc.course") c = i } NR > 1 && $c != ""' groups/course.csv | wc -l)" 0 \
    "no course over a change of method"
silent_on groups/course_groups.csv ',change,tc,'
# 66 people of the group in all four runs; means in whole mmHg, people in tens
says groups/course_groups.csv '^big,value,sbp,2023-12-01,66,'
says groups/course_client.csv '^big,value,sbp,2023-12-01,60,128,,0'
says groups/course_client.csv '^big,change,sbp,,60,6,1,0'
says groups/course_client.csv '^big,people,joined,2024-12-01,13,,,0'
says groups/course_client.csv '^big,people,left,2024-12-01,0,,,0'
for m in kept joined left; do says groups/course_client.csv "^big,people,$m,2026-12-01,,,,1"; done # one person left
says groups/course_client.csv '^small,value,sbp,2026-12-01,,,,1'
says groups/course_client.csv '^small,people,kept,2026-12-01,,,,1'
silent_on groups/course_client.csv '^\*'
# Who has the edition before and this one knows that one person left; the means of the first year must not tell the value.
expect 0 "$HRA" compare g3 g2 g1 -o before
is "$(grep '^big,value,sbp,2023' before/course_client.csv)" "$(grep '^big,value,sbp,2023' groups/course_client.csv)"

# People in a plan, before and after, beside people who began with the same value. Those above 126 in the second year
# enter a plan after it; their pressure falls by 12 afterwards, that of the others rises by 4 as everybody's.
for n in 1 2 3 4; do
    awk -F, -v OFS=, -v n=$n 'NR > 1 && $1 ~ /^p[0-9]*[05]$/ && n > 2 { $6 -= 12 } 1' g$n.csv >e$n.csv
    night e$n $((2022 + n))
done
{ echo person,plan,state,since
  sed 1d e4/persons.csv | cut -d, -f1 | paste -d, - <(sed 1d e4.csv | cut -d, -f1) |
      awk -F, '$2 ~ /^p[0-9]*5$/ { print $1 ",plan_chronic,enrolled,2024-12-01" }
          $2 ~ /^p[0-9]*0$/ { print $1 ",plan_chronic,left,2024-12-01" }'; } >register.csv
expect 0 "$HRA" compare e4 e3 e2 e1 --register register.csv -o plans
says plans/course_plans.csv '^plan_chronic,sbp,12,1[0-9.]+,-8,-8,-8,12,[0-9]+,4,-12,-12,-12$'
is "$(stat -c %a plans/course_plans.csv)" 600
expect 0 "$HRA" compare e4 e3 e1 e2 --register register.csv -o plans2 -t 1
same plans/course_plans.csv plans2/course_plans.csv
# without a register, people in plans of an earlier comparison do not stand beside this one; a table of somebody else does
expect 0 "$HRA" compare e4 e3 e2 -o plans2
[ ! -e plans2/course_plans.csv ] || fail "people in plans of other runs"
mkdir theirs && echo mine >theirs/course_plans.csv
expect 0 "$HRA" compare e4 e3 e2 -o theirs
is "$(cat theirs/course_plans.csv)" mine
expect 2 "$HRA" compare e4 e3 --register register.csv -o none
says err 'needs EARLIER runs'
sed 's/2024-12-01/soon/' register.csv >bad.csv
expect 4 "$HRA" compare e4 e3 e2 e1 --register bad.csv -o none
says err "bad.csv:2: the column 'since' does not have a day"

# killed while it writes: nothing half is left, and the next one is whole
timeout -s KILL 0.05 "$HRA" compare g4 g3 g2 g1 -o groups -q
expect 0 "$HRA" compare g4 g3 g2 g1 -o again -q
for f in course.csv course_groups.csv course_client.csv course.json; do same groups/$f again/$f; done
is "$(find groups -type f -name '*.tmp*' -o -type f -name '.*' ! -name '*.lock' | wc -l)" 0 "what is left over"
finish
