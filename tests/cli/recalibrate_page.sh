#!/usr/bin/env bash
# docs/recalibrate.md: its commands, one after the other, on an invented cohort; the figures of the part that judges.
. "$(dirname "$0")/lib.sh" "$1"

page=$SOURCE/docs/recalibrate.md
# people SEED: risks of death that the models get wrong
people() {
    awk -v seed="$1" 'BEGIN {
        srand(seed)
        print "id,sex,sex_kept,age,sbp,bp_treated,tc,hdl,waist,bmi,smoking_status,diabetes,urban,north,fh_ascvd,days,died,part"
        for (i = 1; i <= 1600; i++) {
            sex = rand() < 0.5 ? "male" : "female"
            age = 35 + int(rand()*39)
            day = 1 + int(-log(rand())*3652/(0.0009*exp(0.075*age + 0.6*(sex == "male") + 0.5*rand())))
            end = 3300 + int(rand()*2000)
            printf "p%d,%s,%s,%d,%d,%d,%.1f,%.2f,%d,%.1f,%s,%d,%d,%d,%d,%d,%d,%s\n", i, sex, sex, age, 100 + int(rand()*70), \
                rand() < 0.3, 3.5 + 3*rand(), 0.8 + rand(), 70 + int(rand()*35), 19 + 12*rand(), \
                rand() < 0.3 ? "current" : "never", rand() < 0.1, rand() < 0.5, rand() < 0.5, rand() < 0.1, \
                day < end ? day : end, day < end, rand() < 0.5 ? "develop" : "judge"
        }
    }'
}
people 3 >cohort.csv
people 4 >others.csv
awk '/^    model china_par_2016_by_sex/ { on = 1 } on { print substr($0, 5) } on && /^    }$/ { exit }' "$page" >by_sex.hra
[ -s by_sex.hra ] || fail "no definition by sex in the page"
grep -E '^    +(hra|-m) |^    +--bootstrap' "$page" | sed -z 's/\\\n */ /g; s/--bootstrap 1999/--bootstrap 100/g' >commands
is "$(grep -c '^    hra ' commands)" 11 "commands of the page"
while IFS= read -r line; do
    # shellcheck disable=SC2086
    expect 0 "$HRA" ${line#    hra }
    case $line in
    *"--name women"*) grep 'only people with sex_kept=female' women.hra >/dev/null || fail "the definition does not say whom" ;;
    *"-o judged.csv"*)
        says err '^[0-9]+ people with part=judge, of 1600$'
        says out '^everybody, horizon 3652, against china_par_2016.risk$'
        ;;
    esac
done <commands

# measure FILE NAME MODEL COLUMN
measure() { awk -F, -v name="$2" -v model="$3.risk" -v c="$4" '$7 == name && $2 == model && $3 == "" { print $c; exit }' "$1"; }
in_range() { awk -v x="$1" -v a="$2" -v b="$3" 'BEGIN { exit !(x != "" && x > a && x < b) }' || fail "$4: $1"; }
judges=$(grep -c judge cohort.csv)
is "$(measure judged.csv auc china_par_2016 5)" "$judges" "people of the part that judges"
in_range "$(measure judged.csv observed_expected china_par_2016 9)" 1.3 9 "observed/expected before"
in_range "$(measure judged.csv observed_expected china_par_2016_recalibrated 9)" 0.8 1.25 "observed/expected of others"
is "$(measure judged.csv observed_expected china_par_2016_recalibrated 9 | grep -cE '^(0[.]99999999|1$|1[.]00000000)')" 0 "not the people of the recalibration"
is "$(measure judged.csv c_harrell china_par_2016 9)" "$(measure judged.csv c_harrell china_par_2016_recalibrated 9)" concordance
finish
