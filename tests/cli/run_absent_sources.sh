#!/usr/bin/env bash
# hra run names a hospital that used to deliver and has been away as long as ever before; nobody else, and not for ever.
. "$(dirname "$0")/lib.sh" "$1"
new_key house.key
mkdir in profiles
for h in weekly nightly; do
    printf 'profile: %s\nkind: checkup\nprovider: %s\nissuer: %s\npath: "%s.csv"\nconfirmed: Li 2026-11-01\n---\n' $h "$h clinic" $h $h \
        >profiles/$h.profile
    echo "header: 体检号, 性别, 年龄, 体检日期, 收缩压" >header
    sed -i '/^path/r header' profiles/$h.profile
done
row='体检号,性别,年龄,体检日期,收缩压\nA1,男,45,2026-10-01,120\n'
printf "$row" >in/nightly.csv
history() { # history PROVIDER DAY...: as nights leave it
    for day in "${@:2}"; do
        mkdir -p "history/$1"
        printf 'hra delivery history,1\nprovider,%s\nrows,1\n' "$1" >"history/$1/2026-$day.csv"
    done
}
night() { # night DAY LANGUAGE
    rm -rf night
    expect 0 "$HRA" run in -o night --key house.key --as-of "2026-$1" --profiles profiles --history past -q -l "${2:-en}"
}
expect 0 "$HRA" run in -o night --key house.key --as-of 2026-10-01 --profiles profiles --history history -q
folder=$(ls history | head -1)
is "$folder" "nightly clinic"
history 'weekly clinic' 10-01 10-08 10-15
begin() { rm -rf past; cp -r history past; }

begin; night 11-30 # three deliveries are no habit
silent_on err 'no file'
history 'weekly clinic' 10-22
begin; night 10-28
silent_on err 'no file'
silent_on night/run.json absent_sources
begin; night 10-29
is "$(grep 'no file' err)" 'no file tonight: weekly clinic: the last delivery was read on 2026-10-22, at most 7 days apart until then'
says night/run.json '"absent_sources": \["weekly clinic: '
says night/overview/index.html 'weekly clinic: the last delivery'
begin; night 10-29 zh
says err '^本次没有收到文件：weekly clinic：最近一次读到文件是 2026-10-22，此前间隔最多 7 天$'
begin; night 11-27
says err 'no file'
begin; night 11-28 # that is known by now
silent_on err 'no file'
begin; printf "$row" >in/weekly.csv; night 10-29
silent_on err 'no file'
printf '体检号,性别\nA1,男\n' >in/weekly.csv # held, but it has come
begin; expect 9 "$HRA" run in -o night --key house.key --as-of 2026-10-29 --profiles profiles --history past -q -l en
silent_on err 'no file'
finish
