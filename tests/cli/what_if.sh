#!/usr/bin/env bash
# Risks after interventions: equal to a file whose inputs were edited by hand, alike from CSV and store, with house rules.
. "$(dirname "$0")/lib.sh" "$1"

cat >house.hra <<'EOF'
intervention t_pressure { title "Blood pressure" title.zh "血压" order 1 when sbp > 130 sbp = min(sbp, 130) }
intervention t_smoking { title "No tobacco" title.zh "戒烟" order 2 when smoking_status == current
  smoking_status = former cigs_per_day = 0 quit_years = 1 pack_years = pack_years smoking_years = smoking_years }
prescription t_salt { domain diet priority 1 order 1 when sbp > 130 intervention t_pressure text "Less salt." text.zh "少盐。" }
prescription t_quit { domain smoking priority 3 when smoking_status == current intervention t_smoking
  text "Stop." text.zh "戒烟。" within 4 weeks }
EOF
# A smokes and has a high pressure; B neither; C does not say; D had an infarction
cat >people.csv <<'EOF'
person_id,age,sex,sbp,dbp,tc,hdl,bmi,diabetes,bp_treated,smoking_status,cigs_per_day,pack_years,smoking_years,quit_years,prior_mi
A,50,male,150,85,5.2,1.3,24,0,0,current,20,25,25,0,0
B,50,female,120,85,5.2,1.3,24,0,0,never,0,0,0,0,0
C,50,male,,85,5.2,1.3,24,0,0,,,,,,0
D,50,male,150,85,5.2,1.3,24,0,0,current,20,25,25,0,1
EOF
sed 's/^\([AD],50,male\),150/\1,130/' people.csv >pressure.csv
sed '/^[AD]/s/current,20,25,25,0/former,0,25,25,1/' people.csv >smoking.csv

# a status may name several missing inputs, in quotes: no commas within for what follows
flat() {
    for file; do
        awk '{ line = ""; quoted = 0
            for (i = 1; i <= length($0); i++) {
                c = substr($0, i, 1)
                if (c == "\"") quoted = !quoted
                line = line (c == "," && quoted ? " " : c)
            }
            print line }' "$file" >flat.tmp && mv flat.tmp "$file"
    done
}

# column FILE NAME: a column with its person ids, whatever its place
column() { awk -F, -v name="$2" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) c = i; next }
    { print $1 "," (c ? $c : "no column " name) }' "$1"; }

models=framingham_chd_1998_tc,framingham_cvd_2008_lipid,china_par_2016
expect 0 "$HRA" score people.csv -o asked.csv -d house.hra --models $models --what-if --precision full -q
for edited in pressure smoking; do
    expect 0 "$HRA" score $edited.csv -o $edited.out.csv --models $models --precision full -q
done
flat asked.csv ./*.out.csv
for m in ${models//,/ }; do
    for pair in pressure:if.t_pressure smoking:if.t_smoking; do
        column ${pair%:*}.out.csv "$m.risk" >want
        column asked.csv "$m.risk.${pair#*:}" >got
        [ -s want ] || fail "no rows"
        same want got
        silent_on got 'no column'
    done
done
[ "$(cell asked.csv 1 framingham_chd_1998_tc.risk)" != "$(cell asked.csv 1 framingham_chd_1998_tc.risk.if_all)" ] ||
    fail "A would gain"

# the panel, what is removed, and where to begin
expect 0 "$HRA" score people.csv -o panel.csv -d house.hra --what-if --prescriptions --precision full -q
cp panel.csv exact.csv
flat panel.csv
is "$(cell panel.csv 2 china_corporate.chd.if.t_pressure)" "$(cell panel.csv 2 china_corporate.chd.risk)"
is "$(cell panel.csv 2 removable.t_smoking)" 0
is "$(cell panel.csv 3 china_corporate.chd.if.t_pressure)" ''
is "$(cell panel.csv 3 china_corporate.chd.risk.status | grep -o missing)" missing
is "$(cell panel.csv 4 china_corporate.chd.if_all)" ''
says exact.csv 'china_corporate\.chd\.changeable'
case " $(cell panel.csv 1 first_step.1) $(cell panel.csv 1 first_step.2) $(cell panel.csv 1 first_step.3) " in
*" none "*) fail "A has three steps" ;;
esac
new_key house.key
expect 0 "$HRA" import people.csv -o people.h5 --key house.key -q
expect 0 "$HRA" score people.h5 -o store.csv -d house.hra --what-if --prescriptions --precision full -q
cut -d, -f2- exact.csv >a
cut -d, -f2- store.csv >b
same a b
expect 0 env HRA_ISA=scalar "$HRA" score people.csv -o scalar.csv -d house.hra --what-if --prescriptions --precision full -q
same exact.csv scalar.csv
expect 0 "$HRA" score people.h5 -o results.h5 -d house.hra --what-if --prescriptions --items --monitors --topics --references -q
expect 0 "$HRA" info results.h5
says out '^  prescriptions  *present'
says out '^  topics  *present'
says out 'china_corporate.chd.if.t_pressure '
says out '^  reference\.sbp '
says out '^  first_step\.1 '
expect 0 "$HRA" info results.h5 --json
says out '"items": '

# nothing is added unasked; a target is changed by a file, not by a build
expect 0 "$HRA" score people.csv -o plain.csv -d house.hra -q
silent_on plain.csv '\.if\.|if_all|removable|first_step'
cat >stricter.hra <<'EOF'
replace intervention t_pressure { title "Blood pressure" title.zh "血压" order 1 when sbp > 130 sbp = min(sbp, 120) }
EOF
expect 0 "$HRA" score people.csv -o stricter.csv -d house.hra -d stricter.hra --models $models --what-if -q
flat stricter.csv
[ "$(cell stricter.csv 1 framingham_chd_1998_tc.risk.if.t_pressure)" != \
    "$(cell asked.csv 1 framingham_chd_1998_tc.risk.if.t_pressure)" ] || fail "the target did not change"

# one person, term by term: what is set, and both sums
expect 0 "$HRA" explain people.csv --person A -d house.hra --models framingham_chd_1998_tc --if t_pressure
says out 'min\(150, 130\)'
says out '^  sbp  130 mmHg'
is "$(grep -c 'age  *50  *0.04826' out)" 2
says out 'risk\.if\.t_pressure  0\.126101   exclusion_unverified'
expect 2 "$HRA" explain people.csv --person A -d house.hra --if t_presure
says err "no intervention 't_presure'; did you mean 't_pressure'"

# faults of definitions are told with their place
cat >faulty.hra <<'EOF'
intervention t_salt { title "t"
  when spb > 130
  sbp = 120 }
EOF
expect 3 "$HRA" definitions check faulty.hra
says err "faulty.hra:2:8: unknown name 'spb'; did you mean 'sbp'"
finish
