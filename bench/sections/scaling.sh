# shellcheck shell=bash disable=SC2154
# People a second and peak memory of the default panel from a store, by number of people and threads.
section_scaling() {
    local number threads
    for number in $people; do
        have_wide "$number"
        for threads in $(seq "$(nproc)"); do
            note "  $number people, threads: $threads"
            timed "scaling.$number.$threads" "$hra" score "$work/wide.$number.h5" -o "$work/scaling.h5" -t "$threads" -q || return 0
            tell scaling "scaling.$number.$threads" "$number" 0 what="default panel, $number people" engine=hra threads="$threads"
            rm -f "$work/scaling.h5"*
        done
        rm -f "$work/wide.$number.h5"
    done
}
