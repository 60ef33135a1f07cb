#!/usr/bin/env bash
# Without a group column, the place of a file below the folder that was given names its group: two employers whose files
# have one name in different folders are never one group.
. "$(dirname "$0")/lib.sh" "$1"
new_key key
file() { # PATH FIRST LAST [HEADER VALUE]
    mkdir -p "$(dirname "$1")"
    echo "体检号,性别,年龄,收缩压${4:+,$4}" >"$1"
    for i in $(seq "$2" "$3"); do echo "P$i,男,50,130${5:+,$5}" >>"$1"; done
}
run() { # STATUS NIGHT INPUTS...
    expect "$1" "$HRA" run "${@:3}" -o "$2" --key key --as-of 2026-11-22 -q -l en
}
groups() { sed 1d "$1/groups.csv" | cut -d, -f1 | sort -u | tr '\n' ';'; }

file in/east/2026.csv 1 3
file in/west/2026.csv 4 6
file in/acme.csv 7 9
file in/north/branch.v1/2026.11.csv 10 12
run 0 night in
is "$(groups night)" "acme;east - 2026;north - branch.v1 - 2026;west - 2026;"
[ -e "night/groups/east - 2026.html" ] || fail "no page named after the group: $(ls night/groups)"
run 0 slash in/
is "$(groups slash)" "acme;east - 2026;north - branch.v1 - 2026;west - 2026;"
(cd in && "$HRA" run . -o ../dot --key ../key --as-of 2026-11-22 -q)
is "$(groups dot)" "acme;east - 2026;north - branch.v1 - 2026;west - 2026;"
run 0 alone in/east # what else is delivered makes no difference; what is given does
is "$(groups alone)" "2026;"
run 0 by_name in/east/2026.csv in/acme.csv
is "$(groups by_name)" "2026;acme;"
run 0 night in --resume
is "$(groups night)" "acme;east - 2026;north - branch.v1 - 2026;west - 2026;"

# a stopped night is not taken up with groups of another kind
rm -rf in/west in/north in/acme.csv
run 0 resumed in
rm -f resumed/groups.csv resumed/run.json
run 0 resumed in/east --resume
is "$(groups resumed)" "2026;"

# names that meet all the same: all of them wait, with the way on; nobody else does
file a/acme.csv 1 3
file b/acme.csv 4 6
file b/other.csv 7 9
run 9 meet a b
is "$(groups meet)" "other;"
says meet/held.csv '^a/acme.csv,.*with those of b/acme.csv, which has the same name in another folder: rename one of the two'
says meet/held.csv '^b/acme.csv,.*with those of a/acme.csv'
is "$(grep -c . meet/held.csv)" 3
expect 9 "$HRA" run a/acme.csv b/acme.csv b/other.csv -o chinese --key key --as-of 2026-11-22 -q
says chinese/held.csv '^a/acme.csv,.*它与 b/acme.csv 同名而不在同一文件夹'
is "$(groups chinese)" "other;"
run 0 above a/acme.csv b/other.csv
mkdir both && cp -r a b both
run 0 folders both
is "$(groups folders)" "a - acme;b - acme;b - other;"

# parts of one sender, a column, a constant, a profile, another kind of source: nothing to hold
file parts/acme.1.csv 1 3
file parts/acme.2.csv 4 6
run 0 part parts/acme.1.csv ./parts/acme.2.csv
is "$(groups part)" "acme;"
file c/acme.csv 1 3 单位 甲
file d/acme.csv 4 6 单位 乙
run 0 column c d
is "$(groups column)" "乙;甲;"
file e/acme.csv 7 9
run 0 one_left c/acme.csv e/acme.csv
is "$(groups one_left)" "acme;甲;"
printf '= group_id = Acme\n' >constant.map
run 0 constant a b/acme.csv --map constant.map
is "$(groups constant)" "Acme;"
mkdir q && printf '体检号,吸烟\nP1,从不\nP2,从不\n' >q/acme.csv
run 0 kinds a/acme.csv --questionnaire q/acme.csv
is "$(groups kinds)" "acme;"
mkdir profiles
for side in a b; do
    printf 'profile: %s\nkind: checkup\nissuer: x\nencoding: utf-8\npath: "%s/*.csv"\nheader: 体检号, 性别, 年龄, 收缩压\ngroup: %s\nconfirmed: Li Wei 2026-11-23\n---\nid = 体检号\n' $side $side $side >profiles/$side.profile
done
run 0 profiled a/acme.csv b/acme.csv --profiles profiles
is "$(groups profiled)" "a;b;"
sed -i '/^group/d' profiles/*.profile
run 9 held a/acme.csv b --profiles profiles
is "$(groups held)" "other;"
finish
