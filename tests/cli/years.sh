#!/usr/bin/env bash
# Two years of the same people: the parts of a change are those computed by hand and add up exactly.
. "$(dirname "$0")/lib.sh" "$1"

# A straight line, so that every part can be worked out in the head: slope of pressure 0.001 last year, 0.002 this year;
# without fasting glucose 5 stands in.
toy() {
    cat <<END
model toy {
  title "Toy"  title.zh "Toy"
  disease chd  outcome "nothing"  horizon 10 years
  source "test"
  risk = $1*sbp + 0.01*first_known(glucose_fasting, 5)
}
panel toy_panel {
  title "Toy"  title.zh "Toy"
  source "test"  review product
  role chd { title "CHD"  title.zh "CHD"  use toy.risk because "test" because.zh "test" }
}
END
}
toy 0.001 >last.hra
toy 0.002 >now.hra
head='person_id,age,sex,sbp,dbp,glucose_fasting,weight,bmi'
{ echo "$head"
  echo 'A,50,male,120,80,,80.0,25.0'    # glucose known only now
  echo 'B,50,female,140,80,6.0,60.0,22.0' # better pressure
  echo 'C,50,male,120,80,5.0,70,24'     # leaves
  echo 'E,50,male,120,80,5.3,70,24'; } >last.csv # no pressure now
{ echo "$head"
  echo 'D,41,male,120,80,5.0,70,24'     # joins
  echo 'B,51,female,120,84,6.0,57.0,21.0'
  echo 'E,51,male,,80,5.6,71,24.5'
  echo 'A,51,male,130,80,8.0,77.6,24.2'; } >now.csv
new_key house.key
year() { # NAME DEFINITIONS KEY
    "$HRA" import "$1.csv" -o "$1.pop.h5" --key "$3" -q >out 2>err || { fail "import of $1"; cat err >&2; }
    "$HRA" score "$1.pop.h5" -o "$1.res.h5" --panel toy_panel -d "$2" -q >out 2>err || { fail "score of $1"; cat err >&2; }
}
year last last.hra house.key
year now now.hra house.key
compare() { "$HRA" compare now.res.h5 last.res.h5 --population now.pop.h5 --previous-population last.pop.h5 -d now.hra "$@"; }

expect 0 compare -o years
says err '4 people now, 4 a year ago: 3 in both, 1 joined, 1 left; last year was scored again'
row() { # KIND-OF-LINK SBP-NOW COLUMN: rows are known by what only they have
    awk -F, -v link="$1" -v sbp="$2" -v name="$3" 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i }
        NR > 1 && $c["link"] == link && $c["sbp.now"] == sbp { print $c[name] }' years/changes.csv
}
# A: 0.17 -> 0.29 under the new model -> 0.34; with glucose left out in both years 0.29 -> 0.31
is "$(row kept 130 chd.previous)" 0.1700000
is "$(row kept 130 chd.rescored)" 0.2900000
is "$(row kept 130 chd.now)" 0.3400000
is "$(row kept 130 chd.change)" 0.1700000
is "$(row kept 130 chd.model)" 0.1200000
is "$(row kept 130 chd.data)" 0.0300000
is "$(row kept 130 chd.person)" 0.0200000
is "$(row kept 130 chd.trend)" worse
is "$(row kept 130 known_only_now)" glucose_fasting
is "$(row kept 130 sbp.trend)" worse "ten is enough"
# B: 0.20 -> 0.34 -> 0.30
is "$(row kept 120 chd.model)" 0.1400000
is "$(row kept 120 chd.data)" 0.0000000
is "$(row kept 120 chd.person)" -0.0400000
is "$(row kept 120 chd.trend)" better
is "$(row kept 120 sbp.change)" -20
is "$(row kept 120 sbp.trend)" better
is "$(row kept 120 dbp.trend)" same "four is less than five"
is "$(row kept 120 weight.trend)" changed "five per cent, within the good range of the body-mass index"
is "$(row kept 130 weight.trend)" better "exactly three per cent, from 25.0 to 24.2"
# E: no risk now, and the change of glucose is 0.3, below 0.5
is "$(row kept '' chd.change)" ''
is "$(row kept '' chd.model)" 0.1200000
is "$(row kept '' chd.person)" ''
is "$(row kept '' chd.trend)" not_comparable
is "$(row kept '' glucose_fasting.change)" 0.30
is "$(row kept '' glucose_fasting.trend)" same
is "$(row kept '' sbp.trend)" not_comparable
is "$(row joined 120 chd.now)" 0.2900000
is "$(row left '' chd.previous)" 0.1700000
is "$(wc -l <years/changes.csv)" 6
is "$(stat -c %a years/changes.csv)" 600
# every line that has all parts adds up in the printed figures
awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
    $c["chd.person"] != "" { n++; s = $c["chd.model"] + $c["chd.data"] + $c["chd.person"] - $c["chd.change"]
        if (s > 1e-12 || s < -1e-12) { print "parts do not add up: " $0; exit 1 } } END { exit n == 2 ? 0 : 1 }' years/changes.csv ||
    fail "the parts do not add up"
# groups: kept, joined, left; the mean of the two comparable people, -0.01, with t of one degree of freedom
says years/years.csv '^\*,people,kept,3,'
says years/years.csv '^\*,people,joined,1,'
says years/years.csv '^\*,people,left,1,'
says years/years.csv '^\*,risk_person,chd,2,0\.185,0\.32,-0\.01,-0\.3911861,0\.3711861,1,1,0,0'
says years/years.csv '^\*,risk_model,chd,2,0\.185,0\.32,0\.13,'
says years/years.csv '^\*,value,sbp,2,130,125,-5,'
silent_on years/changes.csv '^[A-E],'

# the same definitions in both years: nothing is the model's
expect 0 "$HRA" score last.pop.h5 -o last2.res.h5 --panel toy_panel -d now.hra -q
expect 0 "$HRA" compare now.res.h5 last2.res.h5 --population now.pop.h5 --previous-population last.pop.h5 -d now.hra -o same
says err 'both years have the same definitions'
is "$(cell same/changes.csv 2 chd.model)" 0.0000000

# what is stored must come out again: ages follow the day
cat >aging.hra <<'END'
model aging { title "Aging"  title.zh "Aging"  disease chd  outcome "nothing"  horizon 10 years  source "test"  risk = 0.001*floor(years_between(birth_date, as_of)) }
panel toy_panel {
  title "Toy"  title.zh "Toy"  source "test"  review product
  role chd { title "CHD"  title.zh "CHD"  use aging.risk because "test" because.zh "test" }
}
END
mkdir this_year last_year
printf 'person_id,birth_date\nA,1980-01-01\nB,1960-06-01\n' >born.csv
for y in this_year last_year; do
    expect 0 "$HRA" import born.csv -o $y/population.h5 --key house.key -q
done
expect 0 "$HRA" score this_year/population.h5 -o this_year/results.h5 --panel toy_panel -d aging.hra --as-of 2026-02-01 -q
expect 0 "$HRA" score last_year/population.h5 -o last_year/results.h5 --panel toy_panel -d aging.hra --as-of 2025-02-01 -q
expect 0 "$HRA" compare this_year last_year -d aging.hra -o aged
is "$(cell aged/changes.csv 1 chd.person)" 0.0010000 "a year older"
expect 7 "$HRA" compare this_year last_year -d aging.hra -o r0 --as-of 2027-02-01
says err 'this_year/results.h5: scored again, 2 of its risks come out otherwise'
expect 7 "$HRA" compare this_year last_year -d aging.hra -o r0 --previous-as-of 2022-02-01
says err 'last_year/results.h5: scored again'
[ ! -e r0/changes.csv ] || fail "a refused comparison writes nothing"

# refused: other definitions than this year's results, another key, stores of another run, no keys
expect 7 "$HRA" compare now.res.h5 last.res.h5 --population now.pop.h5 --previous-population last.pop.h5 -o r1
says err 'other definitions'
new_key other.key
cp last.csv foreign.csv
year foreign last.hra other.key
expect 7 "$HRA" compare now.res.h5 foreign.res.h5 --population now.pop.h5 --previous-population foreign.pop.h5 -d now.hra -o r2
says err 'cannot be linked'
expect 7 "$HRA" compare now.res.h5 last.res.h5 --population now.pop.h5 --previous-population now.pop.h5 -d now.hra -o r3
says err 'not of the same run'
expect 4 "$HRA" compare now.res.h5 absent.h5 --population now.pop.h5 -d now.hra -o r4
printf 'variable,kind,minimum,good_low,good_high,judged_by,source,review\nsbp,relative,1,,,,x,x\n' >bad.csv
expect 4 compare --changes bad.csv -o r5
says err 'bad.csv:2: the kind is absolute or percent'
finish
