#!/usr/bin/env bash
# A store with one flipped bit, anywhere: refused with a message, or read as if nothing had happened. Never other values.
#   HRA_DAMAGE_SEEDS: how many bits to try of each file (default 20)
. "$(dirname "$0")/lib.sh" "$1"
SEEDS=${HRA_DAMAGE_SEEDS:-20}

# flip FILE SEED: one bit of the file, by the seed
flip() {
    local size place byte
    size=$(stat -c %s "$1")
    read -r place byte < <(awk -v seed="$2" -v size="$size" \
        'BEGIN { srand(seed); for (i = 0; i < 5; i++) rand(); print int(rand() * size), 2 ^ int(rand() * 8) }')
    byte=$(($(od -An -tu1 -j "$place" -N 1 "$1") ^ byte))
    printf "\\x$(printf %02x "$byte")" | dd of="$1" bs=1 seek="$place" conv=notrunc status=none
}

# attack FILE COMMAND...: the command reads copy.h5 and prints; "expected" holds what it prints of the sound file.
attack() {
    local sound=$1 got refused=0 changed=0
    shift
    for ((seed = 1; seed <= SEEDS; seed++)); do
        cp "$sound" copy.h5
        flip copy.h5 "$seed"
        got=0
        "$@" >out 2>err || got=$?
        if [ "$got" -ne 0 ]; then
            refused=$((refused + 1))
            [ "$got" -eq 4 ] && [ -s err ] || fail "$sound, seed $seed: exit $got"
        elif ! cmp -s out expected; then
            changed=$((changed + 1))
            fail "$sound, seed $seed: other values, exit 0"
        fi
    done
    echo "$sound: $SEEDS flips, $refused refused, $changed changed"
    [ "$refused" -gt $((SEEDS / 5)) ] || fail "$sound: hardly any damage was noticed"
}

expect 0 "$HRA" generate --rows 2000 --seed 5 -o people.h5 -q
cat >echo.hra <<'END_OF_MODEL'
model echo {
  title "What came in"
  a = age
  b = sbp
  c = tc
  d = hdl
  e = glucose_fasting
  f = number(smoking_status)
  g = weight
  h = number(sex)
}
END_OF_MODEL
print_people() { "$HRA" score copy.h5 -o - --definitions echo.hra --models echo --precision full -q; }
cp people.h5 copy.h5
print_people >expected || fail "the sound store"
attack people.h5 print_people

expect 0 "$HRA" score people.h5 -o results.h5 --definitions echo.hra --models echo --factors -q
print_results() { "$HRA" info copy.h5 --json; }
cp results.h5 copy.h5
print_results >expected || fail "the sound results"
attack results.h5 print_results

# ---- a value changed in a sound file, by a program that knows nothing of checksums
PYTHON=
for candidate in /usr/bin/python3 python3; do
    "$candidate" -c 'import h5py, numpy, zlib' 2>/dev/null && { PYTHON=$candidate; break; }
done
[ -n "$PYTHON" ] || { echo "no python3 with h5py: its part is left out"; finish; exit; }
cat >check.py <<'END_OF_PYTHON'
import h5py, zlib
with h5py.File("people.h5") as f:
    for name, d in f["variables"].items():
        for i, stated in enumerate(d.attrs["chunk_crc32"]):
            assert zlib.crc32(d.id.read_direct_chunk((i * d.chunks[0],))[1]) == stated, name
with h5py.File("results.h5") as f:
    sums, rows = f["checksums/crc32"], f["checksums/crc32"].attrs["rows"]
    d = f["outputs/echo.c"]
    for piece in range(sums.shape[0]):
        stated = sums[piece, d.attrs["checksum_column"]]
        assert zlib.crc32(d[piece * rows:(piece + 1) * rows].tobytes()) == stated
with h5py.File("people.h5", "r+") as f: f["variables/sbp"][100] = 1234
with h5py.File("results.h5", "r+") as f: f["outputs/echo.c"][1999] = 0.5
END_OF_PYTHON
expect 0 "$PYTHON" check.py
cp people.h5 copy.h5
expect 4 print_people
says err "variables/sbp: rows 0 to 1999"
cp results.h5 copy.h5
expect 4 print_results
says err "rows 1024 to 1999 of .*echo.c"
finish
