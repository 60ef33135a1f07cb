#!/usr/bin/env bash
# The same numbers from two hospitals: always two people, never one, and nobody is lost; in any order, by any rule for
# repeated identifiers, with what each hospital's file alone gives.
. "$(dirname "$0")/lib.sh" "$1"

new_key house.key
expect 0 "$HRA" generate --rows 800 --groups 2 --seed 5 -o all.csv -q
agree all.csv
awk -F, -v OFS=, 'NR == 1 { print >"east.csv"; print >"west.csv"; next } NR <= 401 { print >"east.csv"; next }
    { $1 = sprintf("%010d", NR - 401); print >"west.csv" }' all.csv
# and some twice at one hospital, which is one person
sed -n 2,4p east.csv >>east.csv
sed -n 3p west.csv >>west.csv
for name in east west; do
    expect 0 "$HRA" inspect $name.csv -o profiles/$name.profile
    sed -i "/^?/d;s/^confirmed: no.*/confirmed: Li 2026-11-22/;s/^issuer:.*/issuer: $name/;s/^provider:.*/provider: $name/
        s/^# path:.*/path: \"$name*.csv\"/;s/^kind: .*/kind: checkup/" profiles/$name.profile
done
scores() { "$HRA" score "$1.h5" -o "$1.out.csv" --models china_par_2016,who_cvd_2019_lab -q; }
for rule in first last reject all; do
    for name in east west; do
        expect 0 "$HRA" import $name.csv --issuer $name -o $name.h5 --key house.key --duplicates $rule -q
        expect 0 scores $name
    done
    sort east.out.csv west.out.csv | sed /^person_id/d >apart
    for order in "east.csv west.csv" "west.csv east.csv"; do
        expect 0 "$HRA" import $order --profiles profiles -o both.h5 --key house.key --duplicates $rule -q -t 2
        expect 0 scores both
        sed /^person_id/d both.out.csv | sort | cmp -s - apart || fail "$rule, $order: not what the files give alone"
    done
    case $rule in reject) people=796 ;; *) people=800 ;; esac
    is "$(cut -d, -f1 both.out.csv | sed 1d | sort -u | wc -l)" $people "$rule"
done

# the night, and names by key: both of one number are there, each with what is their own
expect 0 "$HRA" run east.csv west.csv --profiles profiles -o night --key house.key --key-map night.names --as-of 2026-11-22 -q
is "$(sed 1d night/persons.csv | cut -d, -f1 | sort -u | wc -l)" 800
# one hospital's number is deleted, the other's stays
echo 0000000001 >gone.txt
expect 0 "$HRA" forget both.h5 --list gone.txt --key house.key
says err '1 people asked for: 0 found'
expect 0 "$HRA" forget both.h5 --list gone.txt --key house.key --issuer west
expect 0 scores both
is "$(cut -d, -f1 both.out.csv | sed 1d | sort -u | wc -l)" 799

# by identifier alone, without a key, two people could not be told apart
expect 2 "$HRA" score east.csv west.csv --profiles profiles -o s.csv --models china_par_2016
says err "identifiers of several issuers \\('east', 'west'\\), .*give --key"
[ ! -e s.csv ] || fail "written in spite of it"
expect 2 "$HRA" explain east.csv west.csv --profiles profiles --person 0000000001
says err 'give --key'
expect 0 "$HRA" score east.csv west.csv --profiles profiles -o s.csv --models china_par_2016 --key house.key -q
is "$(cut -d, -f1 s.csv | sed 1d | sort -u | wc -l)" 800
expect 0 "$HRA" score east.csv --profiles profiles -o s.csv --models china_par_2016 -q

# without any issuer, and in one file of two hospitals: one number is one person; the other row is told of, never merged
head='person_id,exam_provider,sex,age,sbp,dbp,exam_date'
east='1001,East,male,50,150,90,2026-10-01' west='1001,West,female,31,110,70,2026-09-01'
printf '%s\n' "$head" "$east" "$west" >mixed.csv
printf '%s\n' "$head" "$east" >e.csv
printf '%s\n' "$head" "$west" >w.csv
for files in mixed.csv "e.csv w.csv"; do
    expect 0 "$HRA" import $files -o m.h5 --key house.key -q
    is "$(sed 1d m.h5.rejects.csv | wc -l)" 1 "$files"
    says m.h5.rejects.csv "1001,West,female,31.*identifier occurs more than once"
    expect 0 "$HRA" run $files -o joined --key house.key --as-of 2026-11-22 --visits latest-values -q
    says joined/unmatched.csv 'conflict: sex'
    says joined/unmatched.csv 'conflict: goes on without the rows that disagree'
    expect 0 "$HRA" explain joined/population.h5 --person "$(cell joined/persons.csv 1 person_id)" --models who_cvd_2019_lab
    silent_on out 'female'
done

# two employers that number their people alike: whoever is left out is told of, in the messages and on the page of the run
head=工号,单位,性别,年龄,体检日期,收缩压
printf '%s\n' $head 0101,甲厂,男,50,2026-10-01,150 0102,甲厂,女,30,2026-10-01,110 >a.csv
printf '%s\n' $head 0101,乙厂,女,31,2026-09-01,120 0103,乙厂,女,30,2026-09-01,110 >b.csv
expect 0 "$HRA" run a.csv b.csv -o alike --key house.key --as-of 2026-11-22 -q -l en
says err '^rows left out, because .*: 1 \(of 1 identifiers, see unmatched.csv\); .*its own issuer$'
says alike/run.json '"disagreeing": \{"identifiers": 1, "rows": 1\}'
says alike/overview/run.html 'sex, birth date or age differ within one identifier</?[a-z]*> *<dd>1'
expect 0 "$HRA" run a.csv b.csv -o alike --key house.key --as-of 2026-11-22 -q
says err '^有 1 行未采用：.*（涉及 1 个编号，见 unmatched.csv）；.*写明 issuer$'
expect 0 "$HRA" run a.csv -o alike --key house.key --as-of 2026-11-22 -q
silent_on err 未采用
rm -rf profiles
for name in a b; do
    expect 0 "$HRA" inspect $name.csv -o profiles/$name.profile
    sed -i "/^?/d;s/^confirmed: no.*/confirmed: Li 2026-11-22/;s/^issuer:.*/issuer: $name/
        s/^# path: \([^ ]*\).*/path: \1/" profiles/$name.profile
done
expect 0 "$HRA" run a.csv b.csv --profiles profiles -o separate --key house.key --as-of 2026-11-22 -q
silent_on err 未采用
is "$(sed 1d separate/persons.csv | wc -l)" 4 "an issuer for each employer"
# a file with two kinds of identifiers is not read by a guess
sed 's/单位/体检号/' a.csv >both.csv
expect 4 "$HRA" import both.csv -o both.h5 --key house.key
says err "columns '工号' and '体检号' are both identifiers"
finish
