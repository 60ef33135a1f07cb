#!/usr/bin/env bash
# hra import with more people than are kept in memory to find duplicates: every rule, several files, any number of
# threads; the reject file names the same rows as a plain search does, and no temporary file is left over.
. "$(dirname "$0")/lib.sh" "$1"

# a: P1 .. P900000; b: the last 1000 of a from the end, 1000 more, and the last of a three times
seq 1 900000 | awk 'BEGIN { print "ID,age" } { print "P" $1 "," $1 % 90 }' >a.csv
seq 900000 -1 899001 | awk 'BEGIN { print "ID,age" } { print "p" $1 " ,50" }' >b.csv
seq 900001 901000 | awk '{ print "P" $1 ",51" }' >>b.csv
for i in 1 2 3; do echo "P900000,52" >>b.csv; done

# the rows that fall, as file,line,reason
reason="identifier occurs more than once"
in_a() { seq 899002 900001 | sed "s/.*/a.csv,&,$reason/"; }
want() {
    case $1 in
    first)
        seq 2 1001 | awk -v reason="$reason" '{ print "b.csv," $1 "," reason "; line " 900003 - $1 " of a.csv stands" }'
        seq 2002 2004 | sed "s/.*/b.csv,&,$reason; line 900001 of a.csv stands/" ;;
    last) in_a; printf "b.csv,%d,$reason\n" 2 2002 2003 ;;
    reject) in_a; printf "b.csv,%d,$reason\n" $(seq 2 1001) $(seq 2002 2004) ;;
    esac
}

new_key house.key
for rule in first last reject; do
    want "$rule" >wanted
    for threads in 1 2; do
        expect 0 "$HRA" import a.csv b.csv -o people.h5 --key house.key --duplicates "$rule" --threads "$threads"
        says err "^$((902003 - $(wc -l <wanted))) people stored in people.h5, $(wc -l <wanted) rows rejected"
        awk -F, 'NR > 1 { print $1 "," $2 "," $NF }' people.h5.rejects.csv >got
        same wanted got
    done
done

# the file of the row that stands is told, unless it is the same; files of one name and without rows among them
mkdir h1 h2
printf 'ID,age\nP1,50\nP2,51\n\nP3,52\nP1,53\n' >h1/x.csv
printf 'ID,age\n' >h1/y.csv
printf 'ID,age\nP3,60\nP4,61\nP1,62\nP4,63\n' >h2/x.csv
for threads in 1 2; do
    expect 0 "$HRA" import h1/x.csv h1/y.csv h2/x.csv -o few.h5 --key house.key --threads "$threads"
    awk -F, 'NR > 1 { print $1 "," $2 "," $NF }' few.h5.rejects.csv >got
    printf 'x.csv,%s stands\n' "6,$reason; line 2" "2,$reason; line 5 of h1/x.csv" "4,$reason; line 2 of h1/x.csv" \
        "5,$reason; line 3" >wanted
    same wanted got
done
# a row that is left out though its visit is later: the reason and the summary say so, and `latest` keeps it
cat >visits.csv <<'END'
ID,体检日期,age
P1,2025-03-01,50
P2,2026-03-01,60
P1,2026-04-01,51
P2,2025-04-01,59
P3,,40
P3,2026-05-01,41
P4,2026-06-01,30
P4,2026/6/1,31
P5,2026-07-01,20
P5,,21
P1,2025-12-01,50
END
told="; its visit is the earlier one \(--duplicates latest keeps the latest\)$"
for threads in 1 2; do
    expect 0 "$HRA" import visits.csv -o few.h5 --key house.key --threads "$threads" --report few.json
    is "$(grep -E "$told" few.h5.rejects.csv | cut -d, -f2 | tr '\n' ' ')" "4 12 "
    says err '6 with a repeated identifier, 2 of them of a later visit than the row that stands'
    says err '^2 of the rows left out are of a later visit than the row of the same person'
    says few.json '"duplicates":6,"later_left_out":2'
    expect 0 "$HRA" import visits.csv -o few.h5 --key house.key --threads "$threads" --duplicates latest
    is "$(cut -d, -f2 few.h5.rejects.csv | tail -n +2 | tr '\n' ' ')" "2 5 6 8 11 12 "
    silent_on err 'later visit'
done
for rule in last reject all; do
    expect 0 "$HRA" import visits.csv -o few.h5 --key house.key --duplicates $rule
    silent_on err 'later visit'
done

# days as the map says, in quotes, and in two columns; a column without days says nothing
printf 'ID,d1,d2,age\nP1,"01/02/2026",,50\nP1,,03/01/2026,51\nP2,,05/02/2026,60\nP2,06/01/2026,,61\n' >map.csv
printf 'rules: dates = day-first\nfirst_known(d1, d2) = exam_date\n' >map.map
expect 0 "$HRA" import map.csv -o few.h5 --key house.key --map map.map --duplicates latest
is "$(cut -d, -f2 few.h5.rejects.csv | tail -n +2 | tr '\n' ' ')" "3 5 "
expect 0 "$HRA" import h2/x.csv -o few.h5 --key house.key --duplicates latest
is "$(cut -d, -f2 few.h5.rejects.csv | tail -n +2 | tr '\n' ' ')" "3 " "without days the last row stands"
expect 2 "$HRA" import visits.csv -o few.h5 --key house.key --duplicates newest
says err 'first, last, latest, reject or all'

ls -A | grep -vxE 'h[12]|few.*|[ab]\.csv|(visits|map)\.csv|map\.map|people\.h5|people\.h5\.rejects\.csv|house\.key|wanted|got|out|err' && fail "files are left over"
finish
