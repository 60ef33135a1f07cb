#!/usr/bin/env bash
# Service indicators: days to the report, who was told in time, and what became of the enrolled in a year; with the
# shipped definitions, every number counted by hand.
. "$(dirname "$0")/lib.sh" "$1"

head='person_id,age,sex,height,weight,waist,sbp,dbp,tc,hdl,ldl,tg,glucose_fasting,hba1c,smoking_status,diabetes,hypertension'
head="$head,bp_treated,vip,consent,consent_cdm,pregnant,group_id,exam_date"
rest='5.0,1.2,3.0,1.4'
cells() { # FILE GROUP INDICATOR SCOPE COLUMN...: the cells of one line, by the names of their columns
    awk -F, -v g="$2" -v i="$3" -v s="$4" -v want="$5" 'NR == 1 { for (c = 1; c <= NF; c++) at[$c] = c; n = split(want, w, " ") }
        $at["group"] == g && $at["indicator"] == i && $at["scope"] == s {
            for (k = 1; k <= n; k++) printf "%s%s", (k > 1 ? " " : ""), ($at[w[k]] == "" ? "-" : $at[w[k]]); print "" }' "$1"
}
rate() { cells "$1" "$2" "$3" "$4" 'numerator denominator undecided value'; }

# ---- two years

last() { # ID SBP GLUCOSE HBA1C SMOKING DIABETES HYPERTENSION CONSENT WEIGHT GROUP
    echo "$1,52,male,172,$9,88,$2,78,$rest,$3,$4,$5,$6,$7,$7,0,1,$8,0,${10},2025-11-01"
}
{ echo "$head"
  last h1 152 5.2 5.2 never 0 1 1 70.0 alpha   # comes to goal
  last h2 150 5.2 5.2 never 0 1 1 70.0 alpha   # stays above
  last h3 122 5.2 5.2 never 0 1 1 70.0 beta    # stays at goal
  last h4 150 5.2 5.2 never 0 1 1 70.0 beta    # no pressure this year
  last h5 150 5.2 5.2 never 0 1 1 70.0 beta    # says no longer that it is known: not counted as controlled
  last h6 150 5.2 5.2 never 0 1 1 70.0 beta    # leaves
  last n1 150 5.2 5.2 never 0 1 0 70.0 alpha   # not enrolled, comes to goal
  last d1 120 9.0 8.0 never 1 0 1 70.0 alpha   # diabetes, comes to goal
  last d2 120 9.0 8.0 never 1 0 1 70.0 alpha   # diabetes, stays above
  last w1 120 5.2 5.2 current 0 0 1 90.0 alpha # obese: 90 to 85.5, 5 % exactly; stops smoking
  last w2 120 5.2 5.2 current 0 0 1 90.0 alpha # 90 to 91; goes on smoking
  last w3 120 5.2 5.2 current 0 0 1 90.0 alpha; } >last.csv # not weighed; smoking not known
{ echo "$head"
  last h1 122 5.2 5.2 never 0 1 1 70.0 alpha
  last h2 135 5.2 5.2 never 0 1 1 70.0 alpha
  last h3 122 5.2 5.2 never 0 1 1 70.0 beta
  last h4 '' 5.2 5.2 never 0 1 1 70.0 beta
  last h5 122 5.2 5.2 never 0 0 1 70.0 beta
  last n1 122 5.2 5.2 never 0 1 0 70.0 alpha
  last d1 120 6.0 6.5 never 1 0 1 70.0 alpha
  last d2 120 8.0 7.5 never 1 0 1 70.0 alpha
  last w1 120 5.2 5.2 former 0 0 1 85.5 alpha
  last w2 120 5.2 5.2 current 0 0 1 91.0 alpha
  last w3 120 5.2 5.2 '' 0 0 1 '' alpha
  last j1 122 5.2 5.2 never 0 1 1 70.0 alpha; } >now.csv # joins
new_key house.key
year() { # NAME DAY OPTION...
    local name=$1 day=$2
    shift 2
    expect 0 "$HRA" import "$name.csv" -o "$name.pop.h5" --key house.key -q
    expect 0 "$HRA" score "$name.pop.h5" -o "$name.res.h5" --panel china_corporate --factors --tiers --monitors --as-of "$day" -q "$@"
}
year last 2025-11-22
year now 2026-11-22
compare() { "$HRA" compare now.res.h5 last.res.h5 --population now.pop.h5 --previous-population last.pop.h5 "$@"; }
expect 0 compare -o years
Y=years/years_indicators.csv
says err 'years_indicators.csv'
is "$(rate $Y '*' bp_control_last_year enrolled)" '1 4 0 0.2500' 'h3 of h1 to h4; who left and h5 are not among them'
is "$(rate $Y '*' bp_control enrolled)" '2 3 1 0.6667' 'h1 and h3; h4 was not measured'
is "$(rate $Y '*' bp_control_reached enrolled)" '1 2 1 0.5000' 'of h1, h2 and h4'
is "$(rate $Y '*' bp_control_programme enrolled)" '3 3 1 1.0000' '135 is below 140'
is "$(rate $Y alpha bp_control enrolled)" '1 2 0 0.5000'
is "$(rate $Y '*' bp_control not_enrolled)" '1 1 0 1.0000'
is "$(rate $Y '*' glucose_control_last_year enrolled)" '0 2 0 0.0000'
is "$(rate $Y '*' glucose_control enrolled)" '1 2 0 0.5000'
is "$(rate $Y '*' weight_change enrolled)" '-3.5 2 1 -1.750' '-4.5 and +1'
is "$(rate $Y '*' weight_lost_5 enrolled)" '1 2 1 0.5000' 'five percent exactly counts'
is "$(rate $Y '*' quit_rate all)" '1 2 1 0.5000'
is "$(rate $Y beta quit_rate all)" '- 0 0 -' 'nobody smoked: no rate, not 0'
is "$(cells $Y '*' quit_rate all 'period unit note')" '2025-11-22/2026-11-22 1 -'
says $Y '戒烟率'
silent_on $Y '^\*,(report_days|urgent)'
is "$(stat -c %a $Y)" 600
# the same for any number of threads
expect 0 compare -o one -t 1
cmp -s $Y one/years_indicators.csv || fail 'the threads changed the indicators'
# a year without findings: said, not 0
expect 0 "$HRA" score last.pop.h5 -o bare.res.h5 --panel china_corporate --as-of 2025-11-22 -q
expect 0 "$HRA" compare now.res.h5 bare.res.h5 --population now.pop.h5 --previous-population last.pop.h5 -o bare
is "$(rate bare/years_indicators.csv '*' bp_control enrolled)" '- - - -'
says bare/years_indicators.csv '^\*,quit_rate,.*has no result .r_smoke_current'

# ---- a night and its contacts

tonight() { # ID SBP GROUP EXAM
    echo "$1,52,male,172,70,84,$2,78,$rest,5.2,5.2,never,0,0,0,0,1,1,0,$3,$4"
}
{ echo "$head"
  tonight u1 190 alpha 2026-11-18 # told on the day of the exam
  tonight u2 190 alpha 2026-11-20 # told too late
  tonight u3 190 beta 2026-11-21  # called, not reached
  tonight u4 190 beta ''          # no exam date; called, but before the results: about something else
  tonight p1 120 alpha 2026-11-01
  tonight p2 120 alpha 2026-11-23; } >night.csv # examined after the day of the results
sed -i '2s/^u1,52/u1,51/' night.csv
year night 2026-11-22
expect 0 "$HRA" register update --results night.res.h5 --as-of 2026-11-22 -o empty.csv --changes changes.csv -q
"$HRA" register plan --results night.res.h5 --population night.pop.h5 --as-of 2026-11-22 -o keys -l en -q
key() { awk -F, -v row="$1" 'NR == row + 1 { print $1 }' keys/follow_up.csv; }
is "$(grep -c ',urgent,' keys/follow_up.csv)" 4
{ head -1 empty.csv
  for c in "1 2026-11-18 reached" "2 2026-11-25 reached" "3 2026-11-22 no_answer" "4 2026-11-21 reached"; do
      read -r who day result <<<"$c"
      awk -F, -v key="$(key "$who")" -v day="$day" -v result="$result" 'NR == 1 { for (i = 1; i <= NF; i++)
          printf "%s%s", (i > 1 ? "," : ""), ($i == "person" ? key : $i == "plan" ? "result" : ($i == "contact_date" || $i == "since") ? day : $i == "state" ? "contact" : $i == "contact_result" ? result : "")
          print "" }' empty.csv
  done; } >contacts.csv
plan() { "$HRA" register plan --results night.res.h5 --population night.pop.h5 -l en "$@"; }
expect 0 plan --register contacts.csv --as-of 2026-11-30 -o later
says err 'indicators.csv'
N=later/indicators.csv
is "$(rate $N '*' urgent_notified all)" '1 4 0 0.2500' 'u1 in time'
is "$(rate $N alpha urgent_notified all)" '1 2 0 0.5000'
is "$(rate $N '*' urgent_followed all)" '2 4 0 0.5000'
is "$(rate $N '*' important_followed all)" '- 0 0 -'
is "$(rate $N '*' contact_success all)" '2 3 0 0.6667' 'u3 was called in vain, u4 about something else'
is "$(rate $N beta contact_success all)" '0 1 0 0.0000'
is "$(rate $N '*' questionnaire_complete all)" '0 6 0 0.0000' 'two of the five questions are too few'
is "$(rate $N '*' report_days_median all)" '- 4 2 2' 'of 1, 2, 4 and 21 days'
is "$(rate $N '*' report_days_p95 all)" '- 4 2 21'
is "$(rate $N beta report_days_p95 all)" '- 1 1 1'
is "$(cells $N '*' urgent_notified all 'period class unit')" '2026-11-22/2026-11-30 A 1'
silent_on $N "^($(key 1)|\*,bp_control)"
# on the next day there is still time
expect 0 plan --register contacts.csv --as-of 2026-11-23 -o soon -q
is "$(rate soon/indicators.csv '*' urgent_notified all)" '1 1 3 1.0000'
# the register carries such lines on
expect 0 "$HRA" register update contacts.csv --results night.res.h5 --as-of 2026-11-30 -o kept.csv --changes changes.csv -q
is "$(grep -c ',result,' kept.csv)" 4
# no contact came back, or no register: no rate, and why
expect 0 plan --as-of 2026-11-30 -o none -q
is "$(rate none/indicators.csv '*' urgent_notified all)" '- 4 0 -'
says none/indicators.csv '^\*,(urgent_notified|contact_success),.*no register with contacts'
is "$(rate none/indicators.csv '*' questionnaire_complete all)" '0 6 0 0.0000'
expect 0 plan --register empty.csv --as-of 2026-11-30 -o empty -q
says empty/indicators.csv '^\*,urgent_notified,.*the register has no contacts'
# no exam dates
cut -d, -f1-23 night.csv >undated.csv
year undated 2026-11-22
expect 0 "$HRA" register plan --results undated.res.h5 --population undated.pop.h5 --as-of 2026-11-30 -o undated -q
is "$(rate undated/indicators.csv '*' report_days_median all)" '- 0 6 -'
says undated/indicators.csv '^\*,report_days_median,.*has no exam dates'
# another run's store
expect 7 "$HRA" register plan --results night.res.h5 --population last.pop.h5 --as-of 2026-11-30 -o other -q
{ sed -n 1p night.csv; sed 1d night.csv | tac; } >turned.csv
expect 0 "$HRA" import turned.csv -o turned.pop.h5 --key house.key -q
expect 7 "$HRA" register plan --results night.res.h5 --population turned.pop.h5 --as-of 2026-11-30 -o other -q
says err 'is not the person of the results'

# ---- a table of the house's own
columns='indicator,class,scope,kind,before,now,met_before,met_now,variable,amount,unit,title_en,title_zh,definition_en,definition_zh,review'
{ echo "$columns"; echo 'slow,A,all,contacted,,follow_up_urgent or r_smoke_current,,,,3,1,t,t,d,d,x'
  echo 'share,A,all,tonight,,rec_i_checkup,,follow_up_urgent or r_smoke_current,,,1,t,t,d,d,x'
  echo 'some,A,all,reached,,follow_up_urgent&r_smoke_current,,,,,1,t,t,d,d,x'; } >own.csv
expect 0 plan --register contacts.csv --as-of 2026-11-30 -o own --indicators own.csv -q
is "$(rate own/indicators.csv '*' slow all)" '2 4 0 0.5000'
is "$(rate own/indicators.csv '*' share all)" '4 4 2 1.0000' 'of two it is not known'
is "$(rate own/indicators.csv '*' some all)" '- 0 0 -' 'nobody of them smokes'
bad() { # LINE MESSAGE
    { echo "$columns"; echo "$1"; } >bad.csv
    expect 4 plan --as-of 2026-11-30 -o bad --indicators bad.csv
    says err "bad.csv:2: .*$2"
}
bad 'x,A,all,rate,,,,,,,1,t,t,d,d,x' "column 'kind'"
bad 'x,A,all,mean_change,,,,,nothing,,1,t,t,d,d,x' "column 'variable'"
bad 'x,A,all,lost,,,,,weight,,1,t,t,d,d,x' "column 'amount'"
bad 'x,A,all,contacted,,,,,,-1,1,t,t,d,d,x' "column 'amount'"
bad 'x,A,all,lost,,,,r_smoke_current,weight,5,1,t,t,d,d,x' "column 'met_now'"
bad 'x,A,all,tonight,,,r_smoke_current,,,,1,t,t,d,d,x' "column 'met_before'"
bad 'x,A,all,reached,,,,r_smoke_current,,,1,t,t,d,d,x' "column 'met_now'"
bad 'x,A,all,report_days,,r_smoke_current,,,,50,1,t,t,d,d,x' "column 'now'"
finish
