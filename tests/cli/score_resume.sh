#!/usr/bin/env bash
# A killed run goes on where it was; another input or other options are refused.
. "$(dirname "$0")/lib.sh" "$1"

expect 0 "$HRA" generate --rows 600000 --seed 3 -o p.h5 -q
M=who_cvd_2019_lab,china_par_2016,lcrs_china_2023,bach_2003,lcrat_2016
expect 0 "$HRA" score p.h5 -o whole.h5 -m $M -q
"$HRA" score p.h5 -o part.h5 -m $M -q --threads 1 &
pid=$!
for _ in $(seq 500); do [ -s part.h5.journal ] && break; sleep 0.005; done
kill -9 $pid 2>/dev/null
wait $pid 2>/dev/null
[ ! -e part.h5 ] || echo "the run was over before it could be killed" >&2
if [ -e part.h5.journal ]; then
    expect 7 "$HRA" score p.h5 -o part.h5 -m $M -q --resume --outside-range blank
    expect 0 "$HRA" generate --rows 600000 --seed 4 -o other.h5 -q
    expect 7 "$HRA" score other.h5 -o part.h5 -m $M -q --resume
fi
expect 0 "$HRA" score p.h5 -o part.h5 -m $M -q --resume
[ ! -e part.h5.journal ] || fail "the journal stands after the end"
if command -v h5diff >/dev/null; then
    h5diff -q part.h5 whole.h5 || fail "the resumed results differ"
else
    same part.h5 whole.h5
fi
finish
