# shellcheck shell=bash disable=SC2154
# People a second and peak memory by number of people and threads, from a store: the default panel into a file, and sums by
# group of ten models, where start and end weigh most. The panel with everything as sums by group, where preparing and the table
# of sums weigh most, is left out for more than 20 million people, which would take minutes.

# scale NAME PEOPLE WHAT COMMAND...: COMMAND with one thread and more; '@' stands for the number of threads
scale() {
    local name=scaling.$1.$2 number=$2 what="$3, $2 people" threads
    shift 3
    for threads in $(seq "$(nproc)"); do
        note "  $what, threads: $threads"
        timed "$name.$threads" "${@//@/$threads}" || return 0
        tell scaling "$name.$threads" "$number" 0 what="$what" engine=hra threads="$threads"
    done
    [ "$threads" -lt 2 ] || emit scaling what="$what: threads $threads against 1" engine=hra threads="$threads" unit=times \
        value="$(calculate "$(median_of "$name.1") / $(median_of "$name.$threads")")"
}

section_scaling() {
    local number store
    for number in $people; do
        have_wide "$number"
        store=$work/wide.$number.h5
        sync "$store" # else the first of the jobs waits for the disk, which is still taking it in
        scale panel "$number" "default panel" "$hra" score "$store" -o "$work/scaling.h5" -t @ -q
        scale groups "$number" "ten models: groups only" "$hra" score "$store" "${use_ten[@]}" --groups "$work/scaling.csv" -t @ -q
        [ "$number" -gt 20000000 ] || scale everything "$number" "panel with everything, groups only" "$hra" score "$store" --factors \
            --tiers --prescriptions --what-if --groups "$work/scaling.csv" -t @ -q
        rm -f "$store" "$work"/scaling.{h5,csv}*
    done
}
