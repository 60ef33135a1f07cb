#!/usr/bin/env bash
# hra import --key-map: names and identifiers stand in an encrypted file and nowhere else.
. "$(dirname "$0")/lib.sh" "$1"

new_key house.key
cat >people.csv <<'DATA'
姓名,客户编号,手机号,身份证号,性别,年龄,血压,备注
CANARY张三丰,CANARYID01,13800000001,110101199001010015,男,52,120/80,CANARYNOTE
CANARY李四光,CANARYID02,13800000002,110101199001010023,女,43,138/88,
CANARY王五,,13800000003,110101199001010031,男,44,118/78,
CANARY李四光,CANARYID02,13800000009,110101199001010023,女,43,138/88,
DATA
expect 0 "$HRA" import people.csv -o people.h5 --key house.key --key-map people.names --report report.json
says err '姓名: ignored: text goes into the key map alone|姓名: text goes into the key map'
is "$(stat -c %a people.names)" 600
for secret in CANARY 1380000000 1101011990; do
    ! grep -aq "$secret" people.names people.h5 err out report.json || fail "'$secret' stands in plain text"
done
[ -s people.names ] || fail "no key map"
[ "$(ls -A | grep -c '^\.')" -eq 0 ] || fail "temporary files are left"

# the store is the same with and without
expect 0 "$HRA" import people.csv -o plain.h5 --key house.key -q
same people.h5 plain.h5

# without a key there is nothing to map
expect 2 "$HRA" import people.csv -o no.h5 --key-map no.names
[ ! -e no.names ] && [ ! -e no.h5 ] || fail "a refused import left a file"

finish
