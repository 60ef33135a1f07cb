#!/usr/bin/env bash
# hra evaluate: measures of a table that a person can work out, who counts, what is refused.
. "$(dirname "$0")/lib.sh" "$1"

# measure FILE NAME [MODEL] [GROUP] [COLUMN]: a value of the written table
measure() {
    awk -F, -v name="$2" -v model="${3:-}" -v group="${4:-}" -v column="${5:-9}" \
        '$7 == name && (model == "" || $2 == model) && $1 == group && $3 == "" { print $column; exit }' "$1"
}

# known outcomes: of the 2 x 3 pairs four are in order, one is equal, one is not: (4 + 0.5)/6
cat >known.csv <<'DATA'
id,event,a.risk,b.risk,a.status,sex,w
1,1,0.8,0.9,ok,f,1
2,1,0.3,0.6,ok,m,1
3,0,0.3,0.1,ok,f,1
4,0,0.4,0.2,outside_range,m,1
5,0,0.1,,ok,m,1
6,,0.5,0.5,ok,f,1
DATA
expect 0 "$HRA" evaluate known.csv --event event -o known_out.csv
says out '^everybody'
silent_on out '[-]0[.]0*([^0-9]|$)'
says out '^a.risk +5 +2 +0.750 '
says err '6 people; left out: 1 without a known outcome'
says err 'b.risk: left out, without a risk: 1'
is "$(head -1 known_out.csv)" \
    group,model,against,horizon,people,events,measure,at,value,standard_error,lower,upper,note "columns of the file"
is "$(measure known_out.csv auc a.risk)" 0.75 "AUC of a"
is "$(measure known_out.csv auc b.risk)" 1 "AUC of b"
is "$(measure known_out.csv observed a.risk)" 0.4 "observed risk"
is "$(measure known_out.csv auc b.risk '' 5)" 4 "people with a risk of b"
is "$(stat -c %a known_out.csv)" 600 "readable by its owner alone"
# Brier: (0.04 + 0.49 + 0.09 + 0.16 + 0.01)/5
awk -v x="$(measure known_out.csv brier a.risk)" 'BEGIN { exit !(x > 0.1579999 && x < 0.1580001) }' || fail "Brier of a"

# a model whose risks have other names is named
sed '1s/b.risk/b.death/; 1s/sex/b.status/' known.csv >other_name.csv
expect 0 "$HRA" evaluate other_name.csv -e event
says err '^not evaluated, because no column of theirs ends in .risk: b; --risks names columns$'
expect 0 "$HRA" evaluate other_name.csv -e event -r a.risk
silent_on err 'not evaluated'
expect 0 "$HRA" evaluate known.csv -e event
silent_on err 'not evaluated'

expect 0 "$HRA" evaluate known.csv -e event --common -o common.csv -q
is "$(measure common.csv auc a.risk '' 5)" 4 "people with both risks"
expect 0 "$HRA" evaluate known.csv -e event -r a.risk --status ok -o status.csv
says err 'a.risk: left out, without a risk or with a status that is not asked for: '
is "$(measure status.csv auc a.risk '' 5)" 4 "people with the status ok"
expect 0 "$HRA" evaluate known.csv -e event --by sex -o sex.csv -q
expect 0 "$HRA" evaluate known.csv -e event --by sex
says out '^sex m'
is "$(cut -d, -f1 sex.csv | uniq | tr '\n' ' ')" "group  f m " "the whole, then its groups by name"
expect 0 "$HRA" evaluate known.csv -e event --against b.risk -o against.csv
says out 'against b.risk'
says against.csv '^,a.risk,b.risk,,4,2,'

says out '^everybody, against b.risk: net reclassification, difference of net benefit$'
says out '^a.risk +4 +2 +0.0000 [(]0.0000 to 0.0000[)] +-0.5000 [(]-1.0000 to '

# --only: the same as a table of these people; MODEL is MODEL.risk
grep -vE ',m,' known.csv >women.csv
expect 0 "$HRA" evaluate known.csv -e event --only sex=f -o only.csv --by sex
says err '^3 people with sex=f, of 6; left out: 1 without'
expect 0 "$HRA" evaluate women.csv -e event --by sex -o women_out.csv -q
grep -v '^m,' only.csv | diff - women_out.csv >diff.txt || fail "--only is not the table of these people"
expect 0 "$HRA" evaluate known.csv -e event -r b,a --against b -o short.csv
says short.csv '^,a.risk,b.risk,,4,2,'
cut -d, -f1,3-5 known.csv >risks_alone.csv
cut -d, -f1,2,6 known.csv >outcomes_alone.csv
expect 0 "$HRA" evaluate risks_alone.csv --outcomes outcomes_alone.csv --id id -e event --only sex=f --by sex -o alone.csv -q
diff <(grep '^,' only.csv) <(grep '^,' alone.csv) >diff.txt || fail "--only of a column beside the outcomes"
# --rank: the order of the models on everybody, in every table
models_of() { awk -F, 'NR > 1 { print $1 $2 }' "$1" | uniq | tr '\n' ' '; }
expect 0 "$HRA" evaluate known.csv -e event --rank auc --by sex -o ranked.csv -q
is "$(models_of ranked.csv)" "b.risk a.risk fb.risk fa.risk mb.risk ma.risk " "by AUC"
sort known_out.csv >sorted.csv
grep -E '^(group|,)' ranked.csv | sort | diff - sorted.csv >/dev/null || fail "--rank changes more than the order"
expect 0 "$HRA" evaluate known.csv -e event --rank brier -o ranked.csv -q
is "$(models_of ranked.csv)" "b.risk a.risk " "by the Brier score"
expect 0 "$HRA" evaluate known.csv -e event --rank observed_expected -o ranked.csv -q
is "$(models_of ranked.csv)" "a.risk b.risk " "by observed/expected"
# a model without risks leaves nobody
sed '1s/$/,c.risk/; 1!s/$/,/' known.csv >without.csv
expect 4 "$HRA" evaluate without.csv -e event --common
says err 'nobody has a risk of all 3 models; nobody has one of c.risk; choose models with --risks'
# the time of a model that is known
sed '1s/p.risk/china_par_2016.risk/' >own_time.csv <<'DATA'
years,died,p.risk
1,1,0.9
2,1,0.8
12,0,0.1
DATA
expect 0 "$HRA" evaluate own_time.csv --time years --event died --horizon 10 -q
silent_on err warning
expect 0 "$HRA" evaluate own_time.csv --time years --event died --horizon 0.2 -q
says err "^warning: the follow-up in column 'years' goes to 12: is the horizon 0.2 in the same unit[?]"
expect 0 "$HRA" evaluate own_time.csv --time years --event died --horizon 5,10 --page own_time.html -q
says err '^warning: the horizon 5 is not the time of these models in years, months, weeks or days: china_par_2016.risk [(]10 years[)]$'
says own_time.html 'another time than the horizon, china_par_2016.risk<dd>10 years, evaluated at 5<'
# ... and of an output that says its own
while read -r output own; do
    sed "1s/china_par_2016.risk/$output/" own_time.csv >own_output.csv
    expect 0 "$HRA" evaluate own_output.csv --time years --event died --risks "$output" --horizon "$own" -q
    silent_on err 'not the time of these models'
    expect 0 "$HRA" evaluate own_output.csv --time years --event died --risks "$output" --horizon 10 -q
    says err "horizon 10 is not the time of these models .*: $output [(]$own years[)]$"
done <<'DATA'
prevent_2023_base.stroke_30y 30
lcrat_2016.3y 3
lcrat_2016.risk 5
DATA

# the time of a model of one's own, which its definition says
cat >own.hra <<'DATA'
model own_2026 {
  title "Own"  disease death  kind logistic  horizon 5 years  outcome "death"  population "nobody"  source "made for this test"
  risk = 1/(1 + exp(3 - age/40))
}
DATA
sed '1s/china_par_2016/own_2026/' own_time.csv >own_model.csv
expect 0 "$HRA" evaluate own_model.csv --time years --event died --horizon 10 -q
silent_on err warning
expect 0 "$HRA" evaluate own_model.csv --time years --event died --horizon 10 -d own.hra -q
says err '^warning: the horizon 10 is not the time of these models in years, months, weeks or days: own_2026.risk [(]5 years[)]$'
expect 0 "$HRA" evaluate own_model.csv --time years --event died --horizon 5 -d own.hra -q
silent_on err warning
expect 3 "$HRA" evaluate own_model.csv -e died -d own_model.csv -q
expect 2 "$HRA" evaluate own_model.csv -e died -d own.hra -o own.hra
says err 'own.hra would replace a file of definitions'

# the same table however it is delivered
gzip -k known.csv
expect 0 "$HRA" evaluate known.csv.gz -e event -o gz.csv -q
same known_out.csv gz.csv
tr ',' ';' <known.csv | sed 's/$/\r/' >semicolon.csv
expect 0 "$HRA" evaluate semicolon.csv -e event -o semi.csv -q
same known_out.csv semi.csv
# twice each person is a weight of 2
{ cat known.csv; tail -n +2 known.csv; } >twice.csv
sed 's/,1$/,2/' known.csv >weighted.csv
expect 0 "$HRA" evaluate twice.csv -e event -r a.risk -o twice_out.csv -q
expect 0 "$HRA" evaluate weighted.csv -e event -r a.risk -w w -o weighted_out.csv -q
for name in auc brier observed; do
    is "$(measure weighted_out.csv $name)" "$(measure twice_out.csv $name)" "$name with weights"
done

# times: everybody followed to the event, in the order of the risks
cat >times.csv <<'DATA'
days,died,p.risk,q.risk
100,1,0.9,0.5
200,1,0.8,0.5
300,1,0.7,0.5
400,0,0.2,0.5
500,0,0.1,0.5
DATA
expect 0 "$HRA" evaluate times.csv --time days --event died --horizon 350 -o times_out.csv
says out 'everybody, horizon 350'
is "$(measure times_out.csv c_harrell p.risk)" 1 "all pairs in order"
is "$(measure times_out.csv c_harrell q.risk)" 0.5 "all risks equal"
awk -v x="$(measure times_out.csv observed p.risk)" 'BEGIN { exit !(x > 0.5999999 && x < 0.6000001) }' || fail "Kaplan-Meier without censoring"
is "$(measure times_out.csv auc p.risk)" 1 "AUC at the horizon"
expect 0 "$HRA" evaluate times.csv --time days --event died --horizon 250,350 -r p.risk@250,q.risk@350 -o two.csv -q
is "$(awk -F, 'NR > 1 { print $2 "@" $4 }' two.csv | uniq | tr '\n' ' ')" "p.risk@250 q.risk@350 " "each risk at its horizon"
# a reference there at two horizons is the reference at both
expect 0 "$HRA" evaluate times.csv --time days --event died --horizon 250,350 -r p.risk@250,p.risk@350,q.risk --against p.risk -o both.csv -q
is "$(awk -F, '$3 == "p.risk" { print $4 }' both.csv | uniq | tr '\n' ' ')" "250 350 " "the horizons of a reference"
# horizons that the risks name need not be named again
expect 0 "$HRA" evaluate times.csv --time days --event died -r q.risk@350,p.risk@250 -o named.csv -q
is "$(awk -F, 'NR > 1 { print $2 "@" $4 }' named.csv | uniq | tr '\n' ' ')" "p.risk@250 q.risk@350 " "horizons of the risks"
# intervals by bootstrap stand in columns of their own; threads do not matter, seeds do
cut -d, -f1-13 known_out.csv >plain.csv
for t in 1 2; do expect 0 "$HRA" evaluate known.csv -e event --bootstrap 200 -t $t -o boot_$t.csv; done
says out '^everybody'
same boot_1.csv boot_2.csv
cut -d, -f1-13 boot_1.csv >cut.csv
same plain.csv cut.csv
is "$(head -1 boot_1.csv | cut -d, -f14-)" bootstrap_error,bootstrap_lower,bootstrap_upper,bootstrap_samples "columns of the bootstrap"
is "$(measure boot_1.csv expected a.risk '' 17)" 200 "samples"
is "$(measure boot_1.csv spiegelhalter_p a.risk '' 17)" "" "no samples of a probability"
expect 0 "$HRA" evaluate known.csv -e event --bootstrap 200 --page boot.html -q
says boot.html '0[.][0-9]+ to [0-9.]+, bootstrap'
says boot.html '<small>0[.][0-9]+ to [0-9.]+</small><small>bootstrap</small>'
# the difference of calibration curves has an interval by bootstrap alone: without one it is not computed
expect 0 "$HRA" evaluate known.csv -e event -r a,b --against b --bootstrap 200 -o boot_against.csv
says out '^ +people +events .* IDI +ICI$'
says boot_against.csv '^,a.risk,b.risk,,4,2,delta_ici,,[-0-9.e]+,,,,from a lowess curve of two thirds of the people,[0-9]'
silent_on against.csv delta_ici
# the order of the models in the samples, if they are known for the same people
expect 0 "$HRA" evaluate known.csv -e event --common --rank auc --bootstrap 200 -o ranks.csv --page ranks.html
says out '^everybody: ranks in the samples of the bootstrap$'
says out '^b.risk +4 +2 +1 [(]1 to [12][)] +[01][.][0-9]+$'
says ranks.csv '^,a.risk,,,4,2,rank,,2,,,,,[0-9.]+,1,2,[0-9]+$'
says ranks.csv '^,b.risk,,,4,2,rank_first,,(1|0[.][0-9]+),,,,,,,,[0-9]+$'
says ranks.html '<caption>Ranks in the samples of the bootstrap'
says ranks.html '<td class=n>2<small>1 to 2</small><small>bootstrap</small>'
expect 0 "$HRA" evaluate known.csv -e event --rank auc --bootstrap 200 --page ranks.html
says out '^    no ranks in samples: the models are evaluated on different people$'
silent_on ranks.html '<caption>Ranks'
expect 0 "$HRA" evaluate known.csv -e event --rank auc -o ranks.csv -q
silent_on ranks.csv ',rank'
expect 0 "$HRA" evaluate known.csv -e event --bootstrap 200 --seed 2 -o boot_2.csv -q
cmp -s boot_1.csv boot_2.csv && fail "another seed gives the same samples"
# no number, but a reason, and the other measures
expect 0 "$HRA" evaluate times.csv --time days --event died --horizon 9000 -r p.risk -o late.csv
awk -F, '$7 == "brier" && $9 == "" && $13 != "" { found = 1 } END { exit !found }' late.csv || fail "a horizon after the last follow-up"
is "$(measure late.csv c_harrell)" 1 "C needs no horizon within follow-up"
sed 's/,1,/,0,/' times.csv >nobody.csv
expect 0 "$HRA" evaluate nobody.csv --time days --event died --horizon 350 -o nobody_out.csv
silent_on nobody_out.csv '(nan|inf)'

# the page: tables and plots, nothing from outside, nothing that runs
cp known.csv "a table.csv"
expect 0 "$HRA" evaluate "a table.csv" -e event --by sex --against b.risk --page page.html -q
says page.html "hra evaluate .*a table.csv.* -e event"
expect 0 "$HRA" evaluate times.csv --time days --event died --horizon 350 --page seite.html -l zh -q
says page.html '<html lang="en">'
says seite.html '<html lang="zh-CN">'
for file in page.html seite.html; do silent_on $file '<script|https?://|<link|<img|@import|javascript:|[^a-z]nan[^a-z]'; done
is "$(stat -c %a page.html)" 600 "readable by its owner alone"

# names of groups and models are text: on a terminal, in a spreadsheet, on a page; a long one is not cut within a character
long=x$(printf '心%.0s' $(seq 30))
{
    printf 'event,=1+1.risk,%s.risk,g\n' "$long"
    for i in 1 2 3 4 5 6 7 8; do printf '%s,0.%s,0.%s,\033[31m<b>red\n%s,0.%s,0.%s,=2+2\n' $((i % 2)) $i $i $((i / 5)) $i $i; done
} >hostile.csv
expect 0 "$HRA" evaluate hostile.csv -e event --by g -o hostile_out.csv --page hostile.html
for file in out err hostile_out.csv hostile.html; do silent_on $file "$(printf '\033')"; done
silent_on hostile.html '<b>red'
silent_on hostile_out.csv '(^|,)="?[12]'
says hostile_out.csv "^'=2[+]2,'=1[+]1.risk,"
iconv -f utf-8 -t utf-8 out >/dev/null || fail "a name cut within a character"

# what is refused, and how it is told
refused() { local status=$1 text=$2; shift 2; expect "$status" "$HRA" evaluate "$@" -o refused.csv; says err "$text"; [ ! -e refused.csv ] || fail "a file of what was refused"; }
refused 2 'event COLUMN' known.csv
refused 2 "no column 'evnt'; it has id, event, a.risk" known.csv -e evnt
refused 2 'horizon' times.csv -e died --time days
refused 2 'needs the column of --time' known.csv -e event --horizon 3
refused 2 "against: 'c'" known.csv -e event --against c
refused 2 'twice' known.csv -e event -r a.risk,a.risk
refused 2 'thresholds' known.csv -e event --thresholds 0.1,2
refused 2 'status of .b.risk' known.csv -e event --status ok
refused 2 'number of samples from 100' known.csv -e event --bootstrap 99
refused 2 'number of samples' known.csv -e event --bootstrap -5
refused 2 'behind @ is not a number' times.csv -e died --time days -r p.risk@x
refused 2 'is not COLUMN=VALUE' known.csv -e event --only sex
refused 2 "no column 'sax'" known.csv -e event --only sax=f
refused 4 "no row has 'female' in column 'sex'" known.csv -e event --only sex=f,female
refused 2 'ranked by one of auc, ' known.csv -e event --rank au
refused 2 'same file' known.csv -e event --page refused.csv
refused 2 'is en or zh' known.csv -e event -l fr
refused 5 'nodir' known.csv -e event --page nodir/page.html
refused 2 'one table' known.csv times.csv -e event
sed '3s/,1,/,3,/' known.csv >outcome.csv
refused 4 "row 2: what column 'event' holds is no outcome: 1 event, 0 none" outcome.csv -e event
sed '2s/0.8/80/' known.csv >percent.csv
refused 4 'row 1: what column .a.risk. holds is no risk' percent.csv -e event
sed '2s/0.8/high/' known.csv >word.csv
refused 4 "word.csv:2: column 'a.risk'" word.csv -e event
silent_on err high
sed '2s/0.8/0x1/' known.csv >hex.csv
refused 4 "hex.csv:2: column 'a.risk'" hex.csv -e event
# a column of identity numbers named by mistake is not repeated in the message
sed '2s/0.8/110101199001011234/' known.csv >identity.csv
refused 4 'is no risk' identity.csv -e event
silent_on err '1[.]?10101'
sed '2s/1$/1e300/' known.csv >heavy.csv
refused 4 "row 1: what column 'w' holds is no weight" heavy.csv -e event -w w
sed '1s/b.risk/a.status/' known.csv >two_status.csv
refused 4 "two columns 'a.status'" two_status.csv -e event --status ok
refused 2 'at least one number' times.csv -e died --time days --horizon ''
refused 2 'at least one column' known.csv -e event -r ''
{ echo 'event,a.risk,g'; for i in $(seq 201); do echo "$((i % 2)),0.$i,g$i"; done; } >many.csv
refused 4 '201 different texts, more than 200 groups: give it classes' many.csv -e event --by g
sed '2s/^100/-1/' times.csv >minus.csv
refused 4 "row 1: what column 'days' holds is below 0" minus.csv --time days -e died --horizon 350
head -1 known.csv >header.csv
refused 4 'no rows' header.csv -e event
echo id,e >none.csv
refused 4 'none.csv has a header and no rows' known.csv --outcomes none.csv --id id -e e
: >empty.csv
refused 4 'empty' empty.csv -e event
refused 5 'nothere.csv' nothere.csv -e event
expect 2 "$HRA" evaluate known.csv -e event -o known.csv
says err 'would replace the table'
is "$(head -1 known.csv | cut -d, -f1)" id "the table is still there"
finish
