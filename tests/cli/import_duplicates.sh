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

expect 0 "$HRA" key new house.key
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
ls -A | grep -vxE 'h[12]|few.*|[ab]\.csv|people\.h5|people\.h5\.rejects\.csv|house\.key|wanted|got|out|err' && fail "files are left over"
finish
