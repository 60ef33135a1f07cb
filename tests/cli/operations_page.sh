#!/usr/bin/env bash
# docs/operations.md: its nightly job, run as written.
. "$(dirname "$0")/lib.sh" "$1"

awk '/^    #!\/bin\/sh/ { on = 1 } /^    / { if (on) print substr($0, 5); next } /^$/ { if (on) print ""; next } { on = 0 }' \
    "$SOURCE/docs/operations.md" >hra-night
grep -q '^exit "\$status"' hra-night || fail "no whole script in the page"
mkdir bin
ln -s "$HRA" bin/hra
export PATH=$PWD/bin:$PATH HRA_HOME=$PWD/srv
mkdir -p srv/incoming
"$HRA" generate -n 120 -g 2 --split -o srv/incoming -q
new_key srv/house.key
expect 0 "$HRA" inspect srv/incoming/G0001.csv -o srv/profiles/a.profile
sed -i '/^ *?/d; s/^confirmed: no.*/confirmed: Li Wei 2026-11-22/' srv/profiles/a.profile

# the first night begins a register, the second goes on with what staff made of it
expect 0 sh hra-night 2026-11-20
[ -s srv/nights/2026-11-20/overview/index.html ] || fail "no overview"
same srv/register.csv srv/nights/2026-11-20/register.csv
lines=$(wc -l <srv/register.csv)
[ "$lines" -gt 1 ] || fail "nobody in the register"
touch -d '1 minute ago' srv/register.csv
expect 0 sh hra-night 2026-11-21
is "$(wc -l <srv/register.csv)" "$lines" "lines of the register"
says srv/register.csv ',2026-11-21,'

# a slip of staff in the register costs the register of that night, nothing else; corrected, the night makes it up
cp srv/register.csv good.csv
sed '2s/2026-11-21/21.11.2026/; 3s/2026-11-21/yesterday/' good.csv >srv/register.csv
cp srv/register.csv slip.csv
expect 9 sh hra-night 2026-11-22
says err "register.csv:2: the column '[a-z_]*' is not a day"
says err "register.csv:3: the column '[a-z_]*' is not a day"
says err 'register.csv: 2 of [0-9]* lines cannot be used'
says err 'a night without register.csv'
same srv/register.csv slip.csv
[ -s srv/nights/2026-11-22/overview/index.html ] || fail "no overview without the register"
cp good.csv srv/register.csv
touch -d '1 minute ago' srv/register.csv
expect 0 sh hra-night 2026-11-22
is "$(wc -l <srv/register.csv)" "$lines" "lines of the register after the correction"

# a file under another name is held: the night is done and says so
cp srv/incoming/G0001.csv srv/incoming/late.dat
touch -d '1 minute ago' srv/register.csv
expect 9 sh hra-night 2026-11-23
says srv/nights/2026-11-23/held.csv 'incoming/late\.dat'
same srv/register.csv srv/nights/2026-11-23/register.csv

# staff who edit the register at night lose nothing
rm srv/incoming/late.dat
printf '#!/bin/sh\n"%s" "$@"; status=$?; [ "$1" != run ] || echo "# edited" >>register.csv; exit $status\n' "$HRA" >edits
chmod +x edits
ln -sf "$PWD/edits" bin/hra
touch -d '1 minute ago' srv/register.csv
expect 9 sh hra-night 2026-11-24
says err 'register.csv was edited during the night'
says srv/register.csv '# edited'

# a failure keeps the register and its own status
printf '#!/bin/sh\nexit 5\n' >fails
chmod +x fails
ln -sf "$PWD/fails" bin/hra
cp srv/register.csv before
expect 5 sh hra-night 2026-11-25
same srv/register.csv before
finish
