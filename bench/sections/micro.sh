# shellcheck shell=bash disable=SC2154
# Parts of the engine by themselves, by the programs bench_*.c.

# bench_jobs prints a table: name, best and median nanoseconds a person.
jobs_in_memory() {
    note "  bench_jobs"
    "$tools/bench_jobs" "$1" >"$work/jobs" 2>"$work/taken.err" || { failed "bench_jobs ($(tail -1 "$work/taken.err"))"; return 0; }
    local name best median
    while IFS='|' read -r name best median; do
        emit micro what="$name, people in memory" engine=hra threads=1 unit=rows/s value="$(calculate "1e9 / $median")" \
            best="$(calculate "1e9 / $best")"
    done < <(awk 'NR > 1 { name = substr($0, 1, 28); sub(/ +$/, "", name); $0 = substr($0, 29)
                           if ($1 > 0 && $2 > 0) print name "|" $1 "|" $2 }' "$work/jobs")
}

section_micro() {
    local store_rows=$((rows * 2 / 5)) # bench_store makes two stores of so many people
    take micro "$tools/bench_program" --json "$([ "$quick" = yes ] && echo 200000 || echo 1000000)" 15
    take micro "$tools/bench_store" "$work" "$store_rows"
    jobs_in_memory "$([ "$quick" = yes ] && echo 15 || echo 61)"
}
