#!/usr/bin/env bash
# hra recalibrate: what it writes is scored like any model and agrees with the cohort; what is refused.
. "$(dirname "$0")/lib.sh" "$1"

awk 'BEGIN {
    srand(5)
    print "id,sex,age,sbp,bp_treated,tc,hdl,waist,smoking_status,diabetes,urban,north,fh_ascvd,prior_mi,days,died"
    for (i = 1; i <= 700; i++) {
        age = 33 + int(rand()*43)
        day = 1 + int(-log(rand())*3652/(0.0016*exp(0.075*age + 0.6*rand())))
        end = 2500 + int(rand()*2500)
        printf "p%d,%s,%d,%d,%d,%.1f,%.2f,%d,%s,%d,%d,%d,%d,%s,%d,%d\n", i, rand() < 0.5 ? "male" : "female", age,
            100 + int(rand()*70), rand() < 0.3, 3.5 + 3*rand(), 0.8 + rand(), 70 + int(rand()*35),
            rand() < 0.3 ? "current" : "never", rand() < 0.1, rand() < 0.5, rand() < 0.5, rand() < 0.1,
            i % 40 ? "0" : "1", day < end ? day : end, day < end
    }
}' >cohort.csv
score() { expect 0 "$HRA" score cohort.csv -q --precision full --keep days,died "$@"; }
# near X Y: the same to nine digits
near() { awk -v x="$1" -v y="$2" 'BEGIN { d = x - y; exit !(x != "" && d < 1e-9 && d > -1e-9) }' || fail "'$1' is not '$2' ($3)"; }
measure() { awk -F, -v name="$2" -v model="$3" '$7 == name && $2 == model { print $9; exit }' "$1"; }
score -o risks.csv -m china_par_2016

# times: the intercept, then the slope as well
expect 0 "$HRA" recalibrate risks.csv --time days --event died --horizon 3652 -o times.hra
says out '^china_par_2016.risk becomes china_par_2016_recalibrated.risk: 683 people, [0-9]+ events by 3652$'
says out 'evaluate them on others'
says err '17 people are left out'
says times.hra '^  recalibrates china_par_2016.risk$'
says times.hra '^  title.zh ".*（重新校准）"$'
says times.hra '^  horizon 10 years$'
says times.hra '^  source doi "10.1161/CIRCULATIONAHA.116.022367"$'
is "$(stat -c %a times.hra)" 600 "readable by its owner alone"
expect 0 "$HRA" definitions check times.hra
says out '^1 declarations, no faults$'
expect 0 "$HRA" recalibrate risks.csv --time days --event died --horizon 3652 --slope --name both -o slope.hra -q
is "$(cat out)" "" "nothing is shown"
score -o new.csv -d times.hra -d slope.hra -m china_par_2016,china_par_2016_recalibrated,both
expect 0 "$HRA" evaluate new.csv --time days --event died --horizon 3652 -o measures.csv -q
near "$(measure measures.csv observed_expected china_par_2016_recalibrated.risk)" 1 "observed/expected"
near "$(measure measures.csv calibration_slope_horizon both.risk)" 1 slope
near "$(measure measures.csv c_harrell both.risk)" "$(measure measures.csv c_harrell china_par_2016.risk)" concordance
# everybody has the status of the original
is "$(awk -F, 'NR > 1 && ($3 != $6 || $3 != $9)' new.csv | wc -l)" 0 "another status"
says new.csv 'not_applicable'
expect 0 "$HRA" models show both -d slope.hra
says out 'valid +age in 35..74'
says out 'exclude +any_prior_cvd'

# competing events: intercept and slope from pseudo-values
awk -F, -v OFS=, 'NR > 1 { $NF = $NF == 1 && NR % 3 == 0 ? 2 : $NF } { print }' risks.csv >causes.csv
expect 0 "$HRA" recalibrate causes.csv --time days --event died --horizon 3652 --slope --name caused -o caused.hra
says out 'log hazard factor +-?[0-9.]+   [(]'
awk -F, -v OFS=, 'NR > 1 { $NF = $NF == 1 && NR % 3 == 0 ? 2 : $NF } { print }' cohort.csv >caused.csv
expect 0 "$HRA" score caused.csv -o caused_risks.csv -q --precision full --keep days,died -d caused.hra -m caused
expect 0 "$HRA" evaluate caused_risks.csv --time days --event died --horizon 3652 -o caused_measures.csv -q
near "$(measure caused_measures.csv calibration_slope caused.risk)" 1 "slope with competing events"
near "$(measure caused_measures.csv calibration_intercept caused.risk)" 0 "intercept with competing events"

# known outcomes
expect 0 "$HRA" recalibrate risks.csv --event died -o odds.hra -q
expect 0 "$HRA" recalibrate risks.csv --event died --slope --name odds_both -o odds_both.hra -q
score -o odds.csv -d odds.hra -d odds_both.hra -m china_par_2016_recalibrated,odds_both
expect 0 "$HRA" evaluate odds.csv --event died -o odds_measures.csv -q
near "$(measure odds_measures.csv observed_expected china_par_2016_recalibrated.risk)" 1 "observed/expected of known outcomes"
near "$(measure odds_measures.csv calibration_slope odds_both.risk)" 1 "slope of known outcomes"
near "$(measure odds_measures.csv calibration_intercept odds_both.risk)" 0 "intercept of known outcomes"

# a model of one's own, and one that was recalibrated before
cat >own.hra <<'DATA'
model own_2026 { title "Own" horizon 10 years let lp = 0.05*(age - 50) valid lp in -1..1 risk = 1 - 0.9^exp(lp) }
DATA
score -o own.csv -d own.hra -m own_2026
expect 2 "$HRA" recalibrate own.csv --event died -o none.hra
says err "'own_2026.risk' is no output of a known model"
expect 0 "$HRA" recalibrate own.csv --event died -d own.hra -o own_new.hra -q
score -o own_new.csv -d own.hra -d own_new.hra -m own_2026,own_2026_recalibrated
is "$(awk -F, 'NR > 1 && $3 != $5' own_new.csv | wc -l)" 0 "another status of a model of one's own"
says own_new.csv 'outside_range'
expect 2 "$HRA" recalibrate own.csv --event died -d own.hra -d own_new.hra -o again.hra
says err "there is a definition 'own_2026_recalibrated' already"
expect 0 "$HRA" recalibrate own_new.csv -r own_2026_recalibrated.risk --event died -d own.hra -d own_new.hra --name again -o again.hra
expect 0 "$HRA" definitions check own.hra own_new.hra again.hra
expect 0 "$HRA" recalibrate own_new.csv --time days --event died --horizon 1826 -r own_2026.risk -d own.hra -o early.hra
says err 'the model predicts over 10 years'
# another output than `risk` has its time in its name, and the new definition says it
sed '1s/own_2026.risk/prevent_2023_base.stroke_30y/' own_new.csv >stroke.csv
expect 0 "$HRA" recalibrate stroke.csv --time days --event died --horizon 3652 -r prevent_2023_base.stroke_30y -o stroke.hra
says err 'the model predicts over 30 years'
says stroke.hra '^  horizon 30 years$'

# refused: nothing is written, and no cell is repeated
[ ! -e none.hra ] || fail "a definition was written in spite of an error"
expect 2 "$HRA" recalibrate risks.csv --event died
says err 'with -o FILE.hra'
expect 2 "$HRA" recalibrate risks.csv --event died -o risks.csv
says err 'would replace the table'
expect 2 "$HRA" recalibrate risks.csv --time days --event died --horizon 1826,3652 -o none.hra
expect 2 "$HRA" recalibrate risks.csv --event died --name 'two words' -o none.hra
says err '--name'
sed 's/,[01]$/,0/' risks.csv >nobody.csv
expect 4 "$HRA" recalibrate nobody.csv --event died -o none.hra
says err 'china_par_2016.risk cannot be recalibrated: nobody has the event'
head -30 risks.csv >few.csv
sed -i 's/,0$/,1/; 2s/,1$/,0/' few.csv
expect 0 "$HRA" recalibrate few.csv --event died -o few.hra
says err 'below 100 a recalibration is unreliable'
[ ! -e none.hra ] || fail "a definition was written in spite of an error"
finish
