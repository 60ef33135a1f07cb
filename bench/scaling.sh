#!/usr/bin/env bash
# People per second and peak memory of `hra score` from a store, by number of people and threads.
#   bench/scaling.sh [HRA-BINARY] [ROWS...]        default: build/release/hra 100000 1000000 10000000
# Prints a table and writes bench/results/scaling.json. Nothing here asserts a time.
set -euo pipefail
cd "$(dirname "$0")/.."
hra=$(realpath "${1:-build/release/hra}")
[ $# -gt 0 ] && shift
rows=("$@")
[ ${#rows[@]} -gt 0 ] || rows=(100000 1000000 10000000)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p bench/results

number() { grep -oE "\"$2\": [0-9.]+" "$1" | head -1 | grep -oE '[0-9.]+$'; }

printf '%12s %8s %14s %14s %12s\n' people threads people/s seconds peak-MiB
json=
for n in "${rows[@]}"; do
    "$hra" generate --rows "$n" --seed 1 -o "$work/p.h5" -q
    for threads in $(seq 1 "$(nproc)"); do
        "$hra" score "$work/p.h5" -o "$work/r.h5" --threads "$threads" -q
        report=$work/r.h5.run.json
        rate=$(number "$report" rows_per_second)
        peak=$(number "$report" peak_memory_kib)
        seconds=$(number "$report" score)
        printf '%12d %8d %14d %14.3f %12d\n' "$n" "$threads" "${rate%.*}" "$seconds" $((peak / 1024))
        json+="${json:+,}{\"people\":$n,\"threads\":$threads,\"people_per_second\":$rate,\"seconds\":$seconds,\"peak_kib\":$peak}"
        rm -f "$work"/r.h5*
    done
    rm -f "$work/p.h5"
done
printf '[%s]\n' "$json" >bench/results/scaling.json
