#!/usr/bin/env bash
# What a score says of the cells behind its risks: rejected values, implausible ones, and columns that look as if they
# had another unit.
. "$(dirname "$0")/lib.sh" "$1"

cat >own.hra <<'END'
variable chain { type measure unit "mg/dL" decimals 3 plausible 0.2..10 hard 0.005..100 title "Light chain" }
model kidney {
  title "Kidney" disease death kind cox horizon 10 years outcome "death" source "made for this test"
  risk = 1 - exp(-0.0001*exp(0.1*age + 0.3*(sex == male) + 0.001*creatinine + 0*chain))
}
END
{
    echo "age,sex,creatinine,chain"
    for i in 1 2 3 4 5 6 7 8; do echo "6$i,1,0.$i,1.2"; done
    echo "97,0,1.1,20"
} >people.csv

# All values are in another unit: that is said, with the way out. One column is never that of another.
expect 0 "$HRA" score people.csv -o risks.csv -d own.hra -m kidney
says err '^values rejected: sex 1 of 9$'
says err '^values outside plausible limits, used as they are: creatinine 9 of 9, age 1 of 9, chain 1 of 9$'
says err '^most values of creatinine \(9 of 9\) are outside 30 to 300 umol/L; if the column is in mg/dL, say so: --units creatinine=mg/dL$'
says err '^rejected values and rows: risks.csv.rejects.csv$'
silent_on err 'most values of (age|chain)'

# The way out works, and a column that was read in that unit by mistake is told of its own one.
expect 0 "$HRA" score people.csv -o risks.csv -d own.hra -m kidney --units creatinine=mg/dL
silent_on err 'most values'
sed 's/,0\.\([0-9]\),/,7\1,/; s/,1\.1,/,80,/' people.csv >canonical.csv
expect 0 "$HRA" score canonical.csv -o risks.csv -d own.hra -m kidney --units creatinine=mg/dL
says err 'most values of creatinine .* if the column is in umol/L, say so: --units creatinine=umol/L$'
expect 0 "$HRA" score canonical.csv -o risks.csv -d own.hra -m kidney
silent_on err 'creatinine'

# A unit is that of a variable: the name of a column that is not one has another way.
sed '1s/creatinine/Kreatinin im Serum/' people.csv >named.csv
expect 2 "$HRA" score named.csv -o risks.csv -d own.hra -m kidney --units 'kreat=mg/dL'
says err "no variable 'kreat'.* in a map file: kreat = VARIABLE \[UNIT\]\$"
echo 'Kreatinin im Serum = creatinine [mg/dL]' >named.map
expect 0 "$HRA" score named.csv -o risks.csv -d own.hra -m kidney --map named.map
silent_on err 'most values'

# Exactly half is not most; a variable without another unit has its limits told.
{
    echo "age,sex,creatinine,chain"
    echo "61,1,80,20"
    echo "62,2,1.0,30"
} >half.csv
expect 0 "$HRA" score half.csv -o risks.csv -d own.hra -m kidney
silent_on err 'most values of creatinine'
says err '^most values of chain \(2 of 2\) are outside 0.2 to 10 mg/dL$'

# Without plausible limits the hard ones are told, and one limit alone.
sed 's/plausible 0.2..10 hard 0.005..100/hard 0.005..10/' own.hra >hard.hra
expect 0 "$HRA" score half.csv -o risks.csv -d hard.hra -m kidney
says err '^most values of chain \(2 of 2\) are outside 0.005 to 10 mg/dL$'
sed 's/plausible 0.2..10 hard 0.005..100/plausible ..10/' own.hra >one.hra
expect 0 "$HRA" score half.csv -o risks.csv -d one.hra -m kidney
says err '^most values of chain \(2 of 2\) are above 10 mg/dL$'

# Nothing is said where nothing is to be said, with -q, and of columns that no model reads.
sed -n '1p; 2,4s/,0\.\([0-9]\),/,7\1,/p' people.csv >good.csv
expect 0 "$HRA" score good.csv -o risks.csv -d own.hra -m kidney
silent_on err 'values|rejected values'
expect 0 "$HRA" score people.csv -o risks.csv -d own.hra -m kidney -q
[ -s err ] && fail "-q says something"
says risks.csv.run.json '"values": \{"rejected": 1, "implausible": 11\},'
sed 's/ + 0.001\*creatinine//' own.hra >less.hra
expect 0 "$HRA" score people.csv -o risks.csv -d less.hra -m kidney
silent_on err 'creatinine'
finish
