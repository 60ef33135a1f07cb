#!/usr/bin/env bash
# The books of a night: two hospitals whose files have one name are told apart, in the language of the run; nothing is
# made of files that may be of two runs; what a killed run left is removed.
. "$(dirname "$0")/lib.sh" "$1"
new_key house.key
mkdir -p in/east in/west profiles
cat >in/east/results.csv <<'END'
体检号,性别,年龄,体检日期,收缩压,舒张压,总胆固醇
A1,男,45,2026-11-01,120,80,5.1
A2,女,46,2026-11-01,1 30,85,5.1
A2,女,46,2025-01-01,130,85,5.1
,男,46,2026-11-01,120,80,5
END
sed 's/^A/B/; s/总胆固醇/胆固醇总量/' in/east/results.csv >in/west/results.csv
profile() { # profile NAME HEADER-LINE...
    printf 'profile: %s\nprovider: %s\nissuer: %s\npath: "%s/*.csv"\n%s\nheader: %s\nconfirmed: Li 2026-11-01\n---\n' \
        "$1" "$1" "$1" "$1" "${2:-unknown-codes: hold}" "$(head -1 "in/$1/results.csv")"
}
profile east >profiles/east.profile
{ profile west; echo '胆固醇总量 = tc [mmol/L]'; } >profiles/west.profile
night() { expect "$1" "$HRA" run in -o "$2" --key house.key --as-of 2026-11-22 --profiles profiles --no-pages -q "${@:3}"; }

# rejects: with their folders, as the night names them wherever it is read from
night 0 night
for place in east west; do
    says night/rejects.csv "^$place/results.csv,3,收缩压,sbp,1 30,数字之间有空格\$"
    says night/rejects.csv "^$place/results.csv,5,,,.*,没有编号\$"
    says night/unmatched.csv ",$place/results.csv,4\$"
    says "night/quality/$place.csv" "^file,$place/results.csv,,read"
done
says night/quality/east.html '<td>数字之间有空格</td>'
night 0 english -l en
says english/rejects.csv '^west/results.csv,3,收缩压,sbp,1 30,a space between digits$'
expect 0 "$HRA" run "$PWD/in" -o absolute --key house.key --as-of 2026-11-22 --profiles profiles --no-pages -q
same night/rejects.csv absolute/rejects.csv
same night/population.h5 absolute/population.h5
expect 0 "$HRA" run in -o twice --key house.key --as-of 2026-11-22 --profiles profiles --no-pages -q --duplicates first
says twice/rejects.csv '^west/results.csv,4,,,.*,编号重复出现；保留的是第 3 行$'
touch -d 2020-01-01 night/rejects.csv
rm night/run.json
night 0 night --resume
is "$(stat -c %Y night/rejects.csv)" "$(date -d 2020-01-01 +%s)" "files of one name in two folders are reused"

# reasons for holding
mkdir in/east/more
printf 'MIME-Version: 1.0\n<table>\n' >in/east/page.xls
printf '体检号,性别,年龄,体检日期,收缩压,舒张压,总胆固醇\nA1,男,45,2026-11-01,120,80,%s\n' "$(head -c 70000000 /dev/zero | tr '\0' 7)" \
    >in/east/long.csv
night 9 held
awk -F, 'NR > 1' held/held.csv >reasons
is "$(wc -l <reasons)" 2
silent_on reasons '(this is|cannot be|longer than)'
says reasons '^in/east/page.xls,.*网页存档'
rm in/east/page.xls in/east/long.csv

# a confirmed profile without an identifier holds its files, and ends no night
sed 's/^体检号/登记/' in/east/results.csv >in/west/results.csv
cp profiles/west.profile west.profile
profile west >profiles/west.profile
night 9 strange
is "$(cut -d, -f1 strange/held.csv | sed 1d)" in/west/results.csv
says strange/held.csv '没有编号列'
mv west.profile profiles/west.profile
sed 's/^A/B/; s/总胆固醇/胆固醇总量/' in/east/results.csv >in/west/results.csv

# files of two runs: nothing is made of them
rm -f night/run.json
for report in "overview" "group --all --edition internal" "group --all --edition client"; do
    expect 7 "$HRA" report $report night -q
    says err 'night: the run in this folder has not ended'
done
expect 7 "$HRA" export xlsx night -o lists
[ ! -e lists ] && [ ! -e night/overview ] || fail "made of files that may be of two runs"
mkdir own && cp english/groups_client.csv own # an employer's own folder has no account
expect 0 "$HRA" report group --all --edition client own -q

# what a killed run left in a folder that this one does not write
mkdir night/care
touch night/care/.reminders.csv.999999999-abcdef night/.rejects.csv.999999999-abcdef night/care/.keep
night 0 night
is "$(ls -A night/care)" .keep
[ ! -e night/.rejects.csv.999999999-abcdef ] || fail "an unfinished file stays"

# import: a file that changes between the choice of its profile and its reading
cp in/east/results.csv people.h5.lock # which the import writes when it begins
mkdir east
ln -s ../people.h5.lock east/results.csv
expect 5 "$HRA" import east/results.csv -o people.h5 --key house.key --profiles profiles
says err 'east/results.csv: the file changed while the run was reading; start again'
[ ! -e people.h5 ] || fail "a store of a file that changed"
finish
