# shellcheck shell=bash disable=SC2154
# Whole jobs as people run them.

# job NAME ROWS BYTES TITLE COMMAND...: COMMAND with one thread and with all; '@' stands for the number of threads
job() {
    local name=$1 people=$2 bytes=$3 title=$4 threads
    shift 4
    for threads in "${thread_counts[@]}"; do
        note "  $title, threads: $threads"
        for _ in $(seq "$rounds"); do timed "$name.$threads" "${@//@/$threads}" || return 0; done
        tell macro "$name.$threads" "$people" "$bytes" what="$title" engine=hra threads="$threads"
    done
}

panel_jobs() {
    local panel_rows=$((rows / 5 > 1000 ? rows / 5 : 1000)) store
    have_wide "$panel_rows"
    store=$work/wide.$panel_rows.h5
    job panel "$panel_rows" 0 "default panel" "$hra" score "$store" -o "$work/panel.h5" --report "$work/panel.@.json" -t @ -q
    job findings "$panel_rows" 0 "panel with factors, tiers, prescriptions, what-if, groups" "$hra" score "$store" --factors \
        --tiers --prescriptions --what-if -o "$work/panel.h5" --groups "$work/panel.csv" \
        --report "$work/findings.@.json" -t @ -q
    job findings_groups "$panel_rows" 0 "panel with all of these, groups only" "$hra" score "$store" --factors --tiers --prescriptions \
        --what-if --groups "$work/panel.csv" -t @ -q
    stages "default panel" "$work/panel.1.json" "$panel_rows"
    stages "with everything and groups" "$work/findings.1.json" "$panel_rows"
    rm -f "$work/panel.h5"*
}

# The plain file is read in the section peers; here the overlap of inflating and reading counts.
gzip_job() {
    have_forty
    have_key
    local name=import_gz title="CSV of 40 columns, gzip, to a store (MB of text)" size threads limit
    size=$(size_of "$work/forty.csv")
    limit=$(awk '/inflate, ISA-L/ { sub(/.*"value":/, ""); print $0 + 0 }' "$work/measures")
    for threads in "${thread_counts[@]}"; do
        note "  $title, threads: $threads"
        for _ in $(seq "$rounds"); do
            timed "$name.$threads" "$hra" import "$work/forty.csv.gz" -o "$work/forty.h5" --key "$work/key" -t "$threads" -q || return 0
        done
        tell macro "$name.$threads" "$csv_rows" "$size" what="$title" engine=hra threads="$threads" \
            share="$([ -z "$limit" ] || calculate "$size / $(median_of "$name.$threads") / 1e6 / $limit")"
    done
}

# Many small files against one large, with the same people
folder_job() {
    local people=$((folder_files * 500)) size threads
    have_key
    "$hra" generate -n "$people" -g "$folder_files" --split -o "$work/folder" -q
    awk 'FNR > 1 || NR == 1' "$work"/folder/*.csv >"$work/one.csv"
    size=$(size_of "$work/one.csv")
    job one "$people" "$size" "$people people, all columns, one file" "$hra" import "$work/one.csv" -o "$work/one.h5" \
        --key "$work/key" -t @ -q
    job folder "$people" "$size" "$people people, all columns, $folder_files files" "$hra" import "$work"/folder/*.csv -o "$work/folder.h5" \
        --key "$work/key" -t @ -q
    for threads in "${thread_counts[@]}"; do
        [ -s "$work/times/folder.$threads" ] || continue
        emit macro what="$folder_files files against one: time" engine=hra threads="$threads" unit=times \
            value="$(calculate "$(median_of "folder.$threads") / $(median_of "one.$threads")")"
    done
    rm -rf "$work/folder" "$work/one.csv" "$work/one.h5"* "$work/folder.h5"*
}

start_job() {
    "$hra" generate -n 1 -o "$work/single.h5" -q
    note "  start with the default panel"
    for _ in $(seq 21); do timed start "$hra" score "$work/single.h5" -o "$work/single.csv" -t 1 -q || return 0; done
    emit macro what="start: one person, default panel" engine=hra threads=1 unit=ms peak_mib="$(peak_of start)" \
        value="$(calculate "1000 * $(median_of start)")" best="$(calculate "1000 * $(best_of start)")"
}

section_macro() {
    start_job
    panel_jobs
    gzip_job
    folder_job
}
