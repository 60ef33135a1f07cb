# shellcheck shell=bash disable=SC2154
# The same jobs by hra and by others, in turn, on the same people; then their results are compared.
# hra is timed as a whole process; of the peers only the work counts, without their start.
declare -A titles=(
    [risks]="ten models: risks to a file, 1,000 groups"
    [groups]="ten models: 1,000 groups only"
    [csv]="ten models: CSV in, CSV out"
    [ingest]="CSV of 40 columns read"
)
hra_risks() { timed "hra.risks.$1" "$hra" score "$work/ten.h5" "${use_ten[@]}" -o "$work/hra.risks.h5" --groups "$work/hra.risks.sums.csv" --report "$work/hra.risks.$1.json" -t "$1" -q; }
hra_groups() { timed "hra.groups.$1" "$hra" score "$work/ten.h5" "${use_ten[@]}" --groups "$work/hra.groups.sums.csv" --report "$work/hra.groups.$1.json" -t "$1" -q; }
hra_csv() { timed "hra.csv.$1" "$hra" score "$work/part.csv" "${use_ten[@]}" -o "$work/hra.csv" --report "$work/hra.csv.$1.json" -t "$1" -q; }
hra_ingest() { timed "hra.ingest.$1" "$hra" import "$work/forty.csv" -o "$work/hra.forty.h5" --key "$work/key" -t "$1" -q; }

input_of() { # input_of JOB PEER
    case $1 in
    csv) echo "$work/part.csv" ;;
    ingest) echo "$work/forty.csv" ;;
    *) [ "$2" = numpy ] && echo "$work/ten.arrays" || echo "$work/ten.parquet" ;;
    esac
}

compare_results() {
    head -1001 "$work/ten.csv" >"$work/head.csv"
    "$hra" score "$work/head.csv" "${use_ten[@]}" -o "$work/head.risks.csv" --precision full -q
    local name theirs job
    for job in risks groups; do
        [ ! -s "$work/hra.$job.sums.csv" ] || awk -f "$sources/bench/groups.awk" "$work/hra.$job.sums.csv" >"$work/hra.$job.groups.csv"
    done
    for name in DuckDB Polars numpy data.table; do
        theirs=$work/$name.risks.$(ending risks $name)
        [ ! -e "$work/$name.csv.csv" ] || head -1001 "$work/$name.csv.csv" >"$work/$name.head.csv"
        agree "the first 1,000 risks, store" $name "$work/head.risks.csv" "$theirs.sample.csv"
        agree "the first 1,000 risks, CSV" $name "$work/head.risks.csv" "$work/$name.head.csv"
        agree "means of 1,000 groups" $name "$work/hra.risks.groups.csv" "$theirs.groups.csv"
        agree "means of 1,000 groups, groups only" $name "$work/hra.groups.groups.csv" "${theirs/.risks./.groups.}.groups.csv"
    done
    head -1001 "$work/hra.csv" >"$work/hra.head.csv"
    agree "the first 1,000 risks, CSV of six digits" hra "$work/head.risks.csv" "$work/hra.head.csv"
}

section_peers() {
    find_peers
    have_key
    have_ten_store
    have_ten_of_peers
    compete peers risks "$rows" 0 DuckDB Polars numpy
    compete peers groups "$rows" 0 DuckDB Polars numpy
    head -n $((csv_rows + 1)) "$work/ten.csv" >"$work/part.csv"
    compete peers csv "$csv_rows" "$(size_of "$work/part.csv")" DuckDB Polars data.table
    have_forty
    compete peers ingest "$csv_rows" "$(size_of "$work/forty.csv")" DuckDB Polars data.table
    compare_results
    stages "${titles[risks]}" "$work/hra.risks.1.json" "$rows"
    stages "${titles[groups]}" "$work/hra.groups.1.json" "$rows"
    stages "${titles[csv]}" "$work/hra.csv.1.json" "$csv_rows"
}
