#!/usr/bin/env bash
# Six invented people, read as a physician would: levels, plans, first steps, what is held back. The content is data: a
# changed threshold changes these answers on purpose.
. "$(dirname "$0")/lib.sh" "$1"

expect 0 "$HRA" score "$SOURCE/tests/cli/six_people.csv" -o quoted.csv --factors --tiers --prescriptions --items --monitors \
    --topics --what-if --as-of 2026-11-22 -q
# commas inside of quotes become semicolons
awk -F'"' -v OFS= '{ for (i = 2; i <= NF; i += 2) gsub(",", ";", $i); print }' quoted.csv >six.csv

# of PERSON COLUMN: the cell of one person
of() {
    awk -F, -v who="$1" -v name="$2" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) c = i }
        $1 == who { print c ? $c : "no column " name }' six.csv
}
has() { is "$(of "$1" "$2")" "$3" "$2 of $1"; }
due() { local who=$1 id; shift; for id; do has "$who" "$id" 1; done; }
not_due() { local who=$1 id; shift; for id; do [ "$(of "$who" "$id")" != 1 ] || fail "$id of $who is due"; done; }
steps() { is "$(of "$1" first_step.1) $(of "$1" first_step.2) $(of "$1" first_step.3)" "$2" "first steps of $1"; }
# less PERSON SMALLER LARGER: one number is below the other
less() { awk -v a="$(of "$1" "$2")" -v b="$(of "$1" "$3")" 'BEGIN { exit !(a != "" && a + 0 < b + 0) }' || fail "$1: $2 is not below $3"; }

# a healthy woman: nothing to do, the smallest package, no chronic class
has healthy health_level economy
has healthy checkup_package.reason economy.2
has healthy plan_maintenance enrolled
has healthy plan_chronic.reason not_eligible.4
steps healthy "F06 none none"
for topic in weight activity exercise_days smoking alcohol blood_pressure glucose lipids stress grains fruit vegetables oil meat salt cooking; do
    has healthy topic_$topic 1
done

# 152/96 for the first time: to be confirmed, never called a disease
due new_pressure r_htn_new B02 add_ambulatory_pressure mon_pressure_confirm
not_due new_pressure r_htn_known B03 B04 mon_pressure_above
has new_pressure first_step.1 B02
has new_pressure plan_chronic enrolled
less new_pressure china_corporate.stroke.if.control_blood_pressure china_corporate.stroke.risk
less new_pressure china_corporate.stroke.if_all china_corporate.stroke.if.control_blood_pressure

# diabetes above target, VIP: the family doctor's plan, deluxe package, largest record
has diabetic_vip plan_whole_course enrolled
has diabetic_vip plan_chronic.reason not_eligible.1
has diabetic_vip checkup_package deluxe
has diabetic_vip record_level III
has diabetic_vip chronic_class.reason diabetes.1
has diabetic_vip china_corporate.diabetes.risk ""
has diabetic_vip china_corporate.diabetes.risk.status not_applicable
steps diabetic_vip "G03 B03 T11"
due diabetic_vip G05 L02 mon_glucose_above mon_hba1c add_eyes_and_feet item_further_imaging C01
not_due diabetic_vip B01 L01 D04 T01

# forty years of smoking: tobacco first, a low-dose CT, no consent for the plan
steps heavy_smoker "S02 B01 T02"
has heavy_smoker plan_chronic.reason eligible_without_consent.1
has heavy_smoker china_corporate.lung.category high
due heavy_smoker r_lung_high C01 item_ldct
not_due heavy_smoker S01 item_chest_film
less heavy_smoker china_corporate.chd.if.stop_smoking china_corporate.chd.if.control_lipids
less heavy_smoker china_corporate.lung.if.stop_smoking china_corporate.lung.risk

# pregnant: no goals of weight, lipids or pressure, no slimming, no plan; the doctor's variants instead
has pregnant plan_chronic.reason not_eligible.3
due pregnant W08 T13 B10 E08
not_due pregnant r_anemia r_bmi_over r_waist_central W01 W02 W03 W04 W07 T01 T02 T03 T08 B01 B02 E01 E02 E03 mon_weight
has pregnant r_bmi_over.status not_applicable
has pregnant topic_weight.status not_applicable
is "$(of pregnant china_corporate.diabetes.if.lose_weight)" "$(of pregnant china_corporate.diabetes.risk)" "no slimming in pregnancy"
is "$(of pregnant china_corporate.diabetes.if.control_lipids)" "$(of pregnant china_corporate.diabetes.risk)" "no lipid goals in pregnancy"

# half the data: unknown, never normal, never eligible
has half_missing plan_chronic.reason insufficient_data.2
has half_missing chronic_class insufficient_data
has half_missing plan_maintenance.reason eligible_without_consent.2
has half_missing health_level.status provisional
has half_missing topic_blood_pressure ""
has half_missing r_hypertension ""
due half_missing T09
says six.csv 'missing:sbp;diabetes;smoking_status'
finish
