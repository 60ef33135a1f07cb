#!/usr/bin/env bash
# HDF5 files on whose damage the HDF5 library loops, crashes, or says nothing: refused with a message, and held by a run.
. "$(dirname "$0")/lib.sh" "$1"
PYTHON=/usr/bin/python3
$PYTHON -c 'import h5py, numpy' 2>/dev/null || { echo "no h5py: skipped"; exit 77; }

cat >make.py <<'PY'
import h5py, numpy as np, struct

n = 20
with h5py.File("table.h5", "w") as f:
    f.create_dataset("person_id", data=["P%02d" % i for i in range(n)], dtype=h5py.string_dtype())
    f["age"] = np.arange(40, 40 + n)
    f["sbp"] = np.arange(120, 120 + n)
with h5py.File("store.h5", "w") as f:
    f["variables/age"] = np.arange(40, 40 + n)
    tc = f.create_dataset("variables/tc", data=np.arange(200, 200 + n))
    tc.attrs["units"] = "mg/dL"

# The heap with the texts: 16 bytes of head, then objects with index, count, size (at 8) and the bytes; index 0 is the rest.
def spoil(name, made, change):
    data = bytearray(open(name, "rb").read())
    heap = data.index(b"GCOL")
    first = rest = heap + 16
    while struct.unpack_from("<H", data, rest)[0] != 0:
        rest += 16 + (struct.unpack_from("<Q", data, rest + 8)[0] + 7) // 8 * 8
    change(data, heap, first, rest)
    open(made, "wb").write(data)

for kind in ("table", "store"):
    spoil(kind + ".h5", kind + "_loop.h5", lambda d, heap, first, rest: struct.pack_into("<Q", d, rest + 8, 0))
    spoil(kind + ".h5", kind + "_crash.h5", lambda d, heap, first, rest: struct.pack_into("<Q", d, first + 8, 1 << 30))
    spoil(kind + ".h5", kind + "_lost.h5", lambda d, heap, first, rest: struct.pack_into("4s", d, heap, b"----"))

# A store of hra without the seal at its end, whose attributes cannot be looked up.
data = bytearray(open("ours.h5", "rb").read())
length, start = struct.unpack("<QQ", data[-80:-64])
del data[start:]
open("unsealed.h5", "wb").write(data)
for magic in (b"FRHP", b"BTHD"):
    at = -1
    while (at := data.find(magic, at + 1)) >= 0:
        data[at + 12] ^= 0x40
open("unlisted.h5", "wb").write(data)
PY
expect 0 "$HRA" generate -n 60 -g 2 --split -o people -q
agree people/*.csv
new_key my.key
expect 0 "$HRA" import people/G0001.csv -o ours.h5 --key my.key -q
$PYTHON make.py || { fail "make.py"; finish; }

cat >echo.hra <<'END'
model echo {
  title "What came in"
  years = age
  total = tc
}
END
score() { timeout -s KILL 300 "$HRA" score "$1" -o out.csv --definitions echo.hra --models echo --as-of 2026-01-01 -q; }
expect 0 score table.h5
expect 0 score store.h5
says out.csv '5\.17'
expect 0 score unsealed.h5

# What was an endless loop or a crash is a message, and names the place. A unit that cannot be read is not left out:
# 200 mg/dL would be 200 mmol/L.
for damage in loop crash lost; do
    expect 4 score table_$damage.h5
    says err "table_$damage\.h5 is damaged .*reading stops at '/person_id' in it"
    expect 4 score store_$damage.h5
    says err "store_$damage\.h5 is damaged .*reading stops at '/variables/tc' in it"
done
expect 4 timeout -s KILL 300 "$HRA" info store_crash.h5
says err "store_crash\.h5 is damaged"
expect 4 timeout -s KILL 300 "$HRA" import table_crash.h5 -o x.h5 --key my.key -q
says err "table_crash\.h5 is damaged"
[ ! -e x.h5 ] || fail "a store of a damaged file"

# A hash that cannot be looked up is not a hash that is not there.
expect 4 score unlisted.h5
says err "unlisted\.h5 is damaged"

# A run holds such files and reads the others, whatever their names.
mkdir in
cp people/G000?.csv in
cp table_loop.h5 in/loop.h5
cp table_crash.h5 in/crash.csv
cp store_loop.h5 in/store.csv
all=$(cat people/*.csv | grep -vc '^person_id')
expect 9 timeout -s KILL 300 "$HRA" run in -o night --key my.key --as-of 2026-11-22 --no-details --no-pages -q -l en
is "$("$HRA" info night/population.h5 | grep -oE "[0-9]+ rows" | head -1)" "$all rows" "the others are read"
is "$(cut -d, -f1 night/held.csv | sort | tr '\n' ' ')" "file in/crash.csv in/loop.h5 in/store.csv "
says night/held.csv "^in/crash\.csv,.*in/crash\.csv is damaged .*reading stops at '/person_id' in it"
says night/held.csv "^in/store\.csv,.*is damaged"
says night/held.csv '^in/loop\.h5,.*its name is not that of a table'
rm in/loop.h5 in/store.csv
expect 9 timeout -s KILL 300 "$HRA" run in -o night --key my.key --as-of 2026-11-22 --no-details --no-pages -q
says night/held.csv '^in/crash\.csv,.*in/crash\.csv 已损坏.*读到其中“/person_id”处无法继续'

# Alone in its folder it is held as well.
mkdir alone
cp store_loop.h5 alone/store.h5
expect 9 timeout -s KILL 300 "$HRA" run alone -o night2 --key my.key --as-of 2026-11-22 --no-details --no-pages -q -l en
says night2/held.csv '^alone/store\.h5,'
finish
