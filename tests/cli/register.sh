#!/usr/bin/env bash
# The enrolment register over several nights: entry, invitation, refusal, cool-off, exit, absence; the same night twice.
. "$(dirname "$0")/lib.sh" "$1"

cat >house.hra <<'END'
tier t_plan {
  title "Plan"  title.zh "计划"  source "test"  review product
  level in_plan { title "In"  title.zh "入选"  when sbp >= 140 and consent_cdm == 1 }
  level ask     { title "Ask"  title.zh "邀请"  when sbp >= 140 }
  level out     { title "Out"  title.zh "不入选"  otherwise }
}
factor t_exit {
  title "Below the exit limit"  title.zh "低于退出界值"  group enrol  severity info
  when sbp < 130  source "test"  review product
}
END
cat >moves.csv <<'END'
plan,from,when,consent,decision,days,to,rule,title_en,title_zh,review
t_plan,none,t_plan=in_plan,,,,enrolled,entry,Enters,入选,product
t_plan,none,t_plan=ask,,,,invited,invite,Is asked,邀请,product
t_plan,invited,,no,,,refused,refusal,Declined,谢绝,product
t_plan,invited,t_plan=in_plan|ask,yes,,,enrolled,consent,Agreed,同意,product
t_plan,refused,t_plan=in_plan|ask,,,100,invited,cool_off,May be asked again,可再邀请,product
t_plan,enrolled,t_exit,,,,exit_proposed,exit,Below,低于,product
t_plan,enrolled,absent,,,60,not_seen,absent,Absent,未出现,product
t_plan,exit_proposed,,,confirm,,left,exit_confirmed,Confirmed,确认,product
t_plan,not_seen,present,,,,enrolled,seen_again,Back,再次出现,product
END
new_key house.key
head='person_id,age,sex,sbp,consent_cdm,group_id'
score() { # NAME
    "$HRA" import "$1.csv" -o "$1.h5" --key house.key -q >out 2>err || { fail "import of $1"; cat err >&2; }
    "$HRA" score "$1.h5" -o "$1.res.h5" --models china_par_2016 --tiers --factors -d house.hra -q >out 2>err ||
        { fail "score of $1"; cat err >&2; }
}
night() { # RESULTS DAY REGISTER: the register in place, the changes in changes-DAY.csv
    "$HRA" register update ${3:-register.csv} --results "$1.res.h5" --as-of "$2" --transitions moves.csv \
        -o register.csv --changes "changes-$2.csv"
}
{ echo "$head"; echo 'A,50,male,150,1,alpha'; echo 'B,50,male,145,0,alpha'; echo 'C,50,male,120,1,=beta'
  echo 'D,50,male,,1,beta'; } >one.csv
{ echo "$head"; echo 'A,50,male,135,1,alpha'; echo 'B,50,male,145,0,alpha'; echo 'C,50,male,120,1,beta'; } >two.csv
{ echo "$head"; echo 'A,50,male,125,1,alpha'; echo 'B,50,male,145,0,alpha'; } >three.csv
{ echo "$head"; echo 'B,50,male,145,0,alpha'; } >four.csv
for name in one two three four; do score $name; done

# the first night: no register yet
expect 0 "$HRA" register update --results one.res.h5 --as-of 2026-01-01 --transitions moves.csv -o register.csv \
    --changes changes-1.csv
says err '2 lines, 0 of people not seen tonight; 0 changed, 2 added'
is "$(wc -l <register.csv)" 3 "nobody enters on an unknown pressure"
is "$(cell register.csv 1 state)" enrolled
is "$(cell register.csv 2 state)" invited
is "$(cell changes-1.csv 1 rule)" entry
is "$(cell changes-1.csv 2 title_zh)" 邀请
is "$(stat -c %a register.csv)" 600
silent_on register.csv '^[A-D],'

# the same night again: nothing
cp register.csv before.csv
expect 2 "$HRA" register update --results one.res.h5 --as-of 2026-01-01 -o register.csv --changes changes-1.csv
says err 'register.csv exists: give the register'
same before.csv register.csv
expect 0 night one 2026-01-01
same before.csv register.csv
is "$(wc -l <changes-2026-01-01.csv)" 1

# nor does an answer entered on the day of the invitation act before the next night
sed 's/invited,2026-01-01,invite,2026-01-01,/&no/' register.csv >edited.csv
expect 0 "$HRA" register update edited.csv --results one.res.h5 --as-of 2026-01-01 --transitions moves.csv -o answered.csv \
    --changes changes-answered.csv
same edited.csv answered.csv
is "$(wc -l <changes-answered.csv)" 1

# between entry (140) and exit (130) nothing moves; B's answer, a column of the staff's own, dates and order as a
# spreadsheet leaves them
awk -F, 'BEGIN { OFS = "," } NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; print $0, "nurse"; next }
    { gsub("-0*", "/", $c["since"]); if ($c["state"] == "invited") { $c["consent"] = "no"; $c["reason"] = "\"busy, later\"" }
      print $0, "Li" }' register.csv >edited.csv
expect 0 night two 2026-01-02 edited.csv
is "$(cell changes-2026-01-02.csv 1 rule)" refusal
is "$(wc -l <changes-2026-01-02.csv)" 2
says register.csv '^person,plan,state,since,.*,nurse$'
says register.csv ',refused,2026-01-02,refusal,2026-01-02,no,,,"busy, later",.*,Li$'
says register.csv ',enrolled,2026/1/1,entry,2026-01-02,'

# exit is proposed, not done; the refuser is left alone until the cool-off is over
expect 0 night three 2026-02-01
is "$(wc -l <changes-2026-02-01.csv)" 2
is "$(cell changes-2026-02-01.csv 1 to)" exit_proposed
expect 0 night three 2026-02-02
is "$(wc -l <changes-2026-02-02.csv)" 1 "no second change"
sed '2s/exit,2026-02-02,,/exit,2026-02-02,,confirm/' register.csv >edited.csv
expect 0 night three 2026-02-03 edited.csv
is "$(cell changes-2026-02-03.csv 1 rule)" exit_confirmed
silent_on register.csv confirm,
expect 0 night three 2026-04-11
is "$(wc -l <changes-2026-04-11.csv)" 1 "ninety-nine days are not a hundred"
cp register.csv twins.csv
expect 0 night three 2026-04-12
is "$(cell changes-2026-04-12.csv 1 rule)" cool_off

# absence: only after the grace, and with a state of its own
cp register.csv kept.csv
expect 2 night one 2026-05-01 before.csv
says err 'register before.csv is older than register.csv'
touch before.csv # as a copy that staff has worked on since
expect 2 night one 2026-05-01 before.csv
says err "register before.csv is older than register.csv and .* last night was 2026-01-01, that of the other 2026-04-12"
same kept.csv register.csv
[ ! -e changes-2026-05-01.csv ] || fail "changes of a register that was not written"
touch -d '1 hour ago' kept.csv # that of the later night takes the place of an older one, whenever that was touched
cp before.csv place.csv
expect 0 "$HRA" register update kept.csv --results one.res.h5 --as-of 2026-05-01 --transitions moves.csv -o place.csv \
    --changes changes-place.csv
mv register.csv later.csv # what was done with it is left out from here on
expect 0 night one 2026-05-01 before.csv
expect 0 night four 2026-06-29
is "$(wc -l <changes-2026-06-29.csv)" 1 "fifty-nine days unseen"
says err '1 of people not seen tonight'
expect 0 night four 2026-06-30
is "$(cell changes-2026-06-30.csv 1 to)" not_seen
expect 0 night one 2026-07-02
is "$(cell changes-2026-07-02.csv 1 rule)" seen_again

# refused, each with line and way on; the register stays as it was
cp register.csv kept.csv
expect 7 night one 2026-01-01
says err 'register.csv:2: a day after 2026-01-01'
awk 'NR > 1 { sub(/^./, /^0/ ? "1" : "0") } 1' kept.csv >foreign.csv
expect 0 night one 2026-07-03 foreign.csv
says err "nobody of the register's [0-9]+ lines is among tonight's people"
cp kept.csv register.csv
sed '2s/t_plan/t_paln/' kept.csv >wrong.csv
expect 0 night one 2026-07-03 wrong.csv
says err '1 lines of the register name a plan that the table of transitions does not have'
silent_on err "nobody of the register"
cp kept.csv register.csv
sed 2s/enrolled/enroled/ kept.csv >wrong.csv
expect 4 night one 2026-07-03 wrong.csv
says err "wrong.csv:2: the column 'state' names a state"
{ cat kept.csv; tail -1 kept.csv; } >wrong.csv
expect 4 night one 2026-07-03 wrong.csv
says err 'lines 3 and 4 are the same person and plan'
sed '2s/^./x/' kept.csv >wrong.csv
expect 4 night one 2026-07-03 wrong.csv
says err "wrong.csv:2: the column 'person' is not a person key"
silent_on err '[0-9a-f]{20}'
echo 'a,b' >wrong.csv
expect 4 night one 2026-07-03 wrong.csv
says err "no column 'person'"
sed -i s/t_exit,/t_exitt,/ moves.csv
expect 2 night one 2026-07-03
says err "moves.csv:7: one.res.h5 has no result 't_exitt'"
same register.csv kept.csv
expect 2 "$HRA" register update register.csv --results one.res.h5 -o r.csv --changes c.csv
says err 'as-of'
finish
