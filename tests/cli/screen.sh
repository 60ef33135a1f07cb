#!/usr/bin/env bash
# Who is enrolled with so many places: the ranking, ties by lot, the curve, and sums worked out by hand.
. "$(dirname "$0")/lib.sh" "$1"

cat >toy.hra <<'END'
model toy {
  title "Toy"  title.zh "Toy"  disease chd  outcome "nothing"  horizon 10 years  source "test"
  risk = sbp/1000
  output doubled = 2*sbp
}
factor t_event { title "Event"  title.zh "事件"  group enrol  severity info  when diabetes  source "test"  review product }
tier t_door {
  title "Door"  title.zh "门"  source "test"  review product
  level open { title "Open"  title.zh "开"  when consent }
  level shut { title "Shut"  title.zh "关"  otherwise }
}
END
sed -i '/output doubled/d' toy.hra
# ten candidates: one of 190, one of 180, five of 170, three of 120; one shut, one of unknown pressure
{ echo 'person_id,sbp,consent,diabetes,group_id'
  echo 'P01,190,1,1,a'; echo 'P02,180,1,0,a'
  for i in 3 4 5 6 7; do echo "P0$i,170,1,$((i % 2)),=b"; done
  for i in 8 9; do echo "P0$i,120,1,,b"; done
  echo 'P10,120,1,0,b'; echo 'P11,199,0,1,b'; echo 'P12,,1,0,b'; } >people.csv
new_key house.key
expect 0 "$HRA" import people.csv -o people.h5 --key house.key -q
expect 0 "$HRA" score people.h5 -o results.h5 --models toy -d toy.hra --factors --tiers -q
screen() { "$HRA" screen results.h5 --by toy.risk --among t_door=open --outcome t_event "$@"; }

expect 0 screen -n 4 -o four
says err '4 of 11 candidates enrolled \(12 people; 0 cannot be decided, 1 have no toy.risk\), 0\.7 of 1\.6 expected'
says err '3 more have the same value as the last one enrolled \(0\.17\)'
is "$(wc -l <four/screen.csv)" 5
is "$(awk -F, 'NR > 1 { n += $3 } END { print n }' four/screen.csv)" 10 "ranks 1 to 4, each once"
is "$(awk -F, '$3 == 1 { print $2 "," $4 }' four/screen.csv)" a,0.1899999976158142 "results are float32"
is "$(stat -c %a four/screen.csv)" 600
says four/screen.csv ",'=b,"
silent_on four/screen.csv 'P[0-9]'
says four/screen.json '"tied_not_enrolled": 3'
says four/screen.json '"candidates": 11'
says four/screen.json '"observed_events": 4'

# the lot: the same seed the same people, another seed others of the five equals, whatever the order of the file
cp four/screen.csv first.csv
expect 0 screen -n 4 -o four
same four/screen.csv first.csv
{ head -1 people.csv; tail -n +2 people.csv | sort -r; } >turned.csv
expect 0 "$HRA" import turned.csv -o turned.h5 --key house.key -q
expect 0 "$HRA" score turned.h5 -o turned.res.h5 --models toy -d toy.hra --factors --tiers -q
expect 0 "$HRA" screen turned.res.h5 --by toy.risk --among t_door=open -n 4 -o turned
tail -n +2 first.csv | cut -d, -f1,3- | sort >a
tail -n +2 turned/screen.csv | cut -d, -f1,3- | sort >b
same a b
others=0
for seed in 1 2 3 4 5 6; do
    expect 0 screen -n 4 -o seeded --seed $seed
    cmp -s seeded/screen.csv first.csv || others=1
done
is $others 1 "another seed decides otherwise among equals"

# thresholds take all equals; the curve has a point behind each value that occurs
expect 0 screen --threshold 0.15 -o above
says err '7 of 11 candidates enrolled'
expect 0 screen --threshold 0.15 -n 3 -o both
says err '3 of 11 candidates enrolled'
expect 0 screen --sweep -o sweep
is "$(wc -l <sweep/screen.csv)" 1
is "$(cut -d, -f2 sweep/curve.csv | tail -n +2 | tr '\n' ' ')" '1 2 7 10 '
is "$(cell sweep/curve.csv 3 expected_events)" 1.220000
is "$(cell sweep/curve.csv 3 expected_share)" 0.772152
is "$(cell sweep/curve.csv 3 observed_events)" 4
is "$(cell sweep/curve.csv 4 outcome_known)" 8
expect 0 screen --sweep -o few --points 1
is "$(wc -l <few/curve.csv)" 3
expect 0 screen -n 0 -o none
is "$(wc -l <none/screen.csv)" 1
expect 0 "$HRA" screen results.h5 --by toy.risk --among '!t_event' -n 99 -o rest
says err '4 of 5 candidates enrolled \(12 people; 2 cannot be decided'

# refused
expect 2 screen -o x
says err 'capacity'
expect 2 "$HRA" screen results.h5 --by toy.rsk -n 1 -o x
says err "no result 'toy.rsk'"
expect 2 "$HRA" screen results.h5 --by t_door -n 1 -o x
says err 'not a number'
expect 2 "$HRA" screen results.h5 --by toy.risk --among t_door=ajar -n 1 -o x
says err "no level 'ajar'"
expect 2 "$HRA" screen results.h5 --by toy.risk --among t_door -n 1 -o x
says err 'say which level'
expect 4 "$HRA" screen people.h5 --by toy.risk -n 1 -o x
says err 'not a finished result store'
expect 2 screen -n 1 -o x --points 0
finish
