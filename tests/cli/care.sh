#!/usr/bin/env bash
# What is monitored, who is reminded and contacted, and what returned diaries say; with the shipped definitions.
. "$(dirname "$0")/lib.sh" "$1"

head='person_id,age,sex,height,weight,waist,sbp,dbp,tc,hdl,ldl,tg,glucose_fasting,hba1c,smoking_status,diabetes,hypertension'
head="$head,bp_treated,vip,consent,consent_cdm,pregnant,sms_opt_in,group_id,branch,platelets"
{ echo "$head"
  echo 'A,52,male,172,88,96,152,94,6.3,1.0,4.2,2.5,5.4,5.5,current,0,1,1,0,1,1,0,1,alpha,=east,200'
  echo 'B,34,female,160,52,68,112,70,4.6,1.6,2.5,0.9,4.9,5.2,never,0,0,0,0,1,1,0,1,alpha,west,60'
  echo 'C,61,male,168,70,84,124,76,5.0,1.2,3.0,1.4,6.5,6.5,former,1,0,0,0,1,1,0,0,alpha,west,200'
  echo 'U,49,male,170,70,84,186,112,5.0,1.2,3.0,1.4,5.5,5.5,never,0,0,0,0,1,0,0,1,beta,west,200'; } >people.csv
new_key house.key
expect 0 "$HRA" import people.csv -o population.h5 --key house.key -q
expect 0 "$HRA" score population.h5 -o results.h5 --panel china_corporate --factors --tiers --monitors --as-of 2026-11-21 -q
expect 0 "$HRA" register update --results results.h5 --as-of 2026-11-21 -o register.csv --changes changes.csv
says changes.csv ",alpha,'=east,plan_chronic,none,enrolled,2026-11-21,chronic_entry,"
says changes.csv ',beta,west,plan_chronic,none,refused,.*,chronic_declined,'
person() { awk -F, -v group="$1" -v branch="$2" '$2 == group && $3 == branch { print $1 }' changes.csv; }
A=$(person alpha "'=east") C=$(person alpha west) U=$(person beta west)

plan() { "$HRA" register plan --results results.h5 --register register.csv --as-of 2026-12-25 -l en "$@"; }
expect 0 plan -o care
says err '4 people, 2 in a plan \(0 of them not seen tonight\), 2 monitored'
says err '4 to be contacted, 1 overdue'
says care/monitoring.csv "^$A,alpha,'=east,mon_pressure_above,hypertension,.*,2026-12-28,3,121,2027-12-23,2027-01-24$"
says care/monitoring.csv "^$C,alpha,west,mon_hba1c,diabetes,"
says care/monitoring.csv "^$A,.*at home below 135/85 mmHg, at the clinic below 130/80 mmHg"
silent_on care/monitoring.csv '[{}?]'
silent_on care/monitoring.csv "^$U"
says care/follow_up.csv "^$A,.*,2,not_at_goal,2026-12-21,4,30,"
says care/follow_up.csv "^$C,.*,3,at_goal,2027-02-19,0,90,"
says care/follow_up.csv "^$U,.*,1,urgent,2026-12-26,0,7,"
says care/follow_up.csv ',alpha,west,1,important_week,2027-01-01,0,14,' # in no plan, but with a result of class B
# only who ordered them is reminded, and no condition is named
says care/reminders.csv "^$A,'=east,R1,2026-12-28,3,121,2027-12-23,"
silent_on care/reminders.csv "^($C|$U)"
tail -n +2 care/reminders.csv | cut -d, -f3- >texts
silent_on texts '[Pp]ressure|[Hh]ypert|[Dd]iabet|[Gg]lucose|weight|smok|mon_'
expect 0 plan -o fewer --reminders 2
says fewer/reminders.csv "^$A,'=east,R1,2027-01-09,15,24,"
is "$(stat -c %a care/monitoring.csv)" 600
is "$(wc -l <care/satisfaction.csv)" 2 "one in five of the two of the group"

# the goal is the person's own
{ echo "$head"; echo 'O,82,female,160,62,84,162,84,5.0,1.5,2.6,1.1,5.0,5.3,never,0,1,1,0,1,1,0,0,alpha,west,200'; } >old.csv
mkdir old
expect 0 "$HRA" import old.csv -o old/population.h5 --key house.key -q
expect 0 "$HRA" score old/population.h5 -o old/results.h5 --panel china_corporate --factors --tiers --monitors --as-of 2026-11-21 -q
expect 0 "$HRA" register plan --results old/results.h5 --as-of 2026-12-25 -l zh -o old/care
says old/care/monitoring.csv ',mon_pressure_above,.*家庭<145/85 mmHg，诊室<150/90 mmHg'

# a contact moves the due day
awk -F, -v a="$A" 'BEGIN { OFS = "," } NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i }
    $1 == a { $c["contact_date"] = "2026-12-20"; $c["contact_result"] = "reached" } { print }' register.csv >called.csv
expect 0 "$HRA" register plan --results results.h5 --register called.csv --as-of 2026-12-25 -o called
says err '0 overdue.*1 contacts, 1 reached'
says called/follow_up.csv "^$A,.*,2,not_at_goal,2027-01-19,0,30,"

# diaries: the template filled in by hand
{ head -1 care/log_template.csv
  echo "$A,east,2026-12-10,sbp,138,mmHg"; echo "$A,east,2026/12/12,sbp,130,mmHg"; echo "$A,east,2026-12-12,dbp,84,mmHg"
  echo "$A,east,2026-11-01,sbp,200,mmHg"          # too old to count
  echo "$A,east,2026-12-13,sbp,,mmHg"             # a line that was not needed
  echo "$C,west,2026-12-12,glucose_fasting,126,mg/dL"; echo "$C,west,2026-12-12,glucose_2h,3.0,mmol/L"
  echo "$U,west,2026-12-12,sbp,120,mmHg"; echo "$U,west,2026-12-13,sbp,181,mmHg"
  echo "$A,east,2026-12-13,sbp,1380,mmHg"; echo "$A,east,2026-13-13,sbp,138,mmHg"; echo "$A,east,2027-01-01,sbp,138,mmHg"
  echo "$A,east,2026-12-13,tc,5,mmol/L"; echo "somebody,east,2026-12-13,sbp,120,mmHg"; echo "$A,east,2026-12-13,sbp,12O,mmHg"
  echo "$A,east,2026-12-13,sbp,120,kPa/h"; } >diary.csv
read_log() { "$HRA" register read-log diary.csv --as-of 2026-12-25 "$@"; }
expect 0 read_log --register register.csv -o log
says err '15 readings: 7 rejected, 0 implausible, 1 older than 30 days'
says err '1 people urgent, 0 not controlled, 2 controlled, 0 without data'
says log/log_states.csv "^$A,yes,controlled,3,2026-12-12,2027-03-25,"
says log/log_states.csv "^$C,yes,controlled,2,"
says log/log_states.csv "^$U,no,urgent,2,2026-12-13,2026-12-26,"
is "$(($(wc -l <log/log_rejects.csv) - 1))" 7
says log/log_rejects.csv '^diary.csv:?,11,value,sbp,1380,outside the hard limits'
says log/log_rejects.csv ',12,date,sbp,'
says log/log_rejects.csv ',14,variable,tc,'
says log/log_rejects.csv ',15,person,sbp,somebody,'
says log/log_rejects.csv ',16,value,sbp,12O,not a number'
says log/log_rejects.csv ',17,unit,sbp,kPa/h,'
is "$(stat -c %a log/log_rejects.csv)" 600
# the mean decides, and 135 is not below 135; nobody of the plan is forgotten
{ head -1 diary.csv; echo "$A,east,2026-12-10,sbp,134,"; echo "$A,east,2026-12-11,sbp,136,"; } >one.csv
expect 0 "$HRA" register read-log one.csv --as-of 2026-12-25 --register register.csv -o log2
says log2/log_states.csv "^$A,yes,not_controlled,2,2026-12-11,2027-01-24,"
says log2/log_states.csv "^$C,yes,no_data,0,,2027-01-08,"
# a cut point changed in a file
cat >house.hra <<'END'
replace let log_at_goal = sbp < 140 {
  title "At goal"  title.zh "达标"  source "house"  review product
}
END
expect 0 "$HRA" register read-log one.csv --as-of 2026-12-25 --register register.csv -d house.hra -o log3
says log3/log_states.csv "^$A,yes,controlled,"

# refused
expect 4 "$HRA" register read-log people.csv --as-of 2026-12-25 -o log4
says err "no column 'person'"
expect 2 "$HRA" register read-log --as-of 2026-12-25 -o log4
expect 2 "$HRA" register plan --results results.h5 -o x
expect 2 "$HRA" register forget
printf 'level,when,in_plan,first_days,every_days,rule,title_en,title_zh,review\n1,r_nothing,,1,7,x,x,x,x\n' >bad.csv
expect 2 plan -o x --follow-up bad.csv
says err "bad.csv:2: results.h5 has no result 'r_nothing'"
finish
