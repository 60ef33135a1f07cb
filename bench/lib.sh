# shellcheck shell=bash disable=SC2154  # work, tools, hra and rounds are set by bench/run
# What the sections of bench/run share: the clock, the records, the peers, the comparison of results.

failed() { note "  failed: $*"; echo "$*" >>"$work/failures"; }
note() { printf '%s\n' "$*" >&2; }

# ---- records: one line of JSON each --------------------------------------------------

# emit SECTION KEY=VALUE...: numbers stay numbers
emit() {
    local line="{\"section\":\"$1\"" pair value
    shift
    for pair; do
        value=${pair#*=}
        [ -n "$value" ] || continue
        [[ $value =~ ^-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?$ ]] || value="\"${value//[\"\\]/}\""
        line+=",\"${pair%%=*}\":$value"
    done
    printf '%s}\n' "$line" >>"$work/measures"
}

# take SECTION COMMAND...: the lines of JSON that a benchmark of its own prints
take() {
    local section=$1
    shift
    note "  $(basename "$1")"
    "$@" >"$work/taken" 2>"$work/taken.err" || { failed "$* ($(tail -1 "$work/taken.err"))"; return 0; }
    sed -n "s/^{/{\"section\":\"$section\",/p" "$work/taken" >>"$work/measures"
}

number_in() { grep -oE "\"$2\": *[0-9.eE+-]+" "$1" | head -1 | grep -oE '[0-9.eE+-]+$'; } # number_in FILE KEY
calculate() { awk -v OFMT=%.10g -v CONVFMT=%.10g "BEGIN { print $1 }"; }

# ---- the clock ------------------------------------------------------------------------

# record NAME SECONDS PEAK_KIB [BYTES_READ BYTES_WRITTEN PROCESSOR_SECONDS]: one round of NAME
record() { printf '%s %s %s %s %s\n' "$2" "$3" "${4:--1}" "${5:--1}" "${6:--1}" >>"$work/times/$1"; }

# fresh COMMAND...: deletes what COMMAND made in an earlier round (`-o FILE`, `--groups FILE`), as the peers do with
# theirs: a result that replaces another is on disk before it gets its name, and waits for that and for the room of the
# other to be given back
fresh() {
    local word before=
    for word; do
        case $before in
        -o | --groups) [ ! -f "$word" ] || rm "$word" ;;
        esac
        before=$word
    done
}

# timed NAME COMMAND...: a whole process, from its start to its end
timed() {
    local name=$1
    shift
    fresh "$@"
    "$tools/bench_clock" "$work/clock.json" "$@" >"$work/said" 2>&1 ||
        { failed "$* ($(tail -1 "$work/said"))"; return 1; }
    record "$name" "$(number_in "$work/clock.json" seconds)" "$(number_in "$work/clock.json" peak_kib)" \
        "$(number_in "$work/clock.json" bytes_read)" "$(number_in "$work/clock.json" bytes_written)" \
        "$(number_in "$work/clock.json" processor_seconds)"
}

median_of() { sort -n "$work/times/$1" | awk '{ t[NR] = $1 } END { print (t[int((NR + 1) / 2)] + t[int(NR / 2) + 1]) / 2 }'; }
best_of() { sort -n "$work/times/$1" | awk 'NR == 1 { print $1 }'; }
peak_of() { sort -k2n "$work/times/$1" | awk 'END { print $2 / 1024 }'; }

# Processors kept busy, over all rounds; nothing where unknown
busy_by() { awk '$5 < 0 { exit } { wall += $1; used += $5 } END { if (wall > 0) printf "%.2f", used / wall }' "$work/times/$1"; }

# Bytes a row of the last round, read from files and written to them; nothing where unknown
moved_by() { awk -v rows="$2" 'END { if ($3 >= 0 && $4 >= 0) printf "%.2f", ($3 + $4) / rows }' "$work/times/$1"; }

# tell SECTION NAME ROWS BYTES KEY=VALUE...: the rates of the rounds of NAME; bytes of text or store, 0: not told
tell() {
    local section=$1 name=$2 rows=$3 bytes=$4 seconds
    shift 4
    seconds=$(median_of "$name")
    emit "$section" "$@" rows="$rows" value="$(calculate "$rows / $seconds")" unit=rows/s seconds="$seconds" \
        best="$(calculate "$rows / $(best_of "$name")")" mb_s="$([ "$bytes" = 0 ] || calculate "$bytes / $seconds / 1e6")" \
        processors="$(busy_by "$name")" peak_mib="$(peak_of "$name")" bytes_per_row="$(moved_by "$name" "$rows")"
}

# stages TITLE REPORT ROWS: where the threads of a run spent their time, from the report that it wrote
stages() {
    [ -s "$2" ] || return 0
    local stage of
    for stage in prepare read score format write; do
        [ $stage = prepare ] && of=seconds || of=thread_seconds
        grep "\"$of\"" "$2" >"$work/stage"
        emit stages what="$1: $stage" engine=hra threads="$(number_in "$2" threads)" unit=ns \
            value="$(calculate "$(number_in "$work/stage" $stage) / $3 * 1e9")"
    done
}

# ---- peers ------------------------------------------------------------------------------

find_peers() {
    note "peers (bench/peers/install)"
    "$sources/bench/peers/install" "$cache" >"$work/peers"
    awk '$2 == "-" { name = $1; $1 = $2 = ""; print "  " name " is left out:" $0 }' "$work/peers" >&2
    export HRA_BENCH_CACHE=$cache HRA_BENCH_COEFFICIENTS=$work/coefficients.csv
    awk -f "$sources/bench/peers/coefficients.awk" "$sources/bench/ten_models.hra" >"$HRA_BENCH_COEFFICIENTS"
}
peer_program() { awk -v name="$1" '$1 == name && $2 != "-" { print $2 }' "$work/peers" 2>/dev/null; }
has_peer() { [ -n "$(peer_program "$1")" ]; }

# peer NAME JOB INPUT OUTPUT THREADS: prints the peer's line; it takes the better of two rounds where they are short
peer() {
    local name=$1 script
    case $name in
    DuckDB) script=duckdb.mjs ;;
    Polars) script=polars.mjs ;;
    numpy) script=numpy_blocks.py ;;
    data.table) script=data_table.R ;;
    esac
    POLARS_MAX_THREADS=$5 "$(peer_program "$name")" "$sources/bench/peers/$script" "${@:2}" "$peer_rounds" \
        2>"$work/peer.err" || { failed "$name at $2: $(grep -m1 -i error "$work/peer.err")"; return 1; }
}

ending() { [ "$1" = csv ] && echo csv || { [ "$2" = numpy ] && echo h5 || echo parquet; }; } # ending JOB PEER: of its output

# compete SECTION JOB ROWS BYTES PEERS...: hra and its peers in turn, with one thread and with all
# The caller defines hra_JOB THREADS, which runs hra by `timed`, and input_of JOB PEER, which names the peer's file.
compete() {
    local section=$1 job=$2 rows=$3 bytes=$4 threads name
    shift 4
    for threads in "${thread_counts[@]}"; do
        note "  $job, threads: $threads"
        for _ in $(seq "$rounds"); do
            "hra_$job" "$threads" || return 0
            for name; do
                has_peer "$name" || continue
                peer "$name" "$job" "$(input_of "$job" "$name")" "$work/$name.$job.$(ending "$job" "$name")" "$threads" >"$work/peer.json" || continue
                record "$name.$job.$threads" "$(number_in "$work/peer.json" seconds)" \
                    "$(number_in "$work/peer.json" peak_kib)"
            done
        done
        tell "$section" "hra.$job.$threads" "$rows" "$bytes" what="${titles[$job]}" engine=hra threads="$threads"
        for name; do
            [ -s "$work/times/$name.$job.$threads" ] || continue
            tell "$section" "$name.$job.$threads" "$rows" "$bytes" what="${titles[$job]}" engine="$name" threads="$threads" \
                ratio="$(calculate "$(median_of "$name.$job.$threads") / $(median_of "hra.$job.$threads")")"
        done
    done
    [ "${#thread_counts[@]}" -lt 2 ] || emit "$section" what="${titles[$job]}: threads $threads against 1" engine=hra \
        threads="$threads" value="$(calculate "$(median_of "hra.$job.1") / $(median_of "hra.$job.$threads")")" unit=times
}

# agree WHAT PEER OURS THEIRS: the largest difference between two tables of risks
agree() {
    [ -s "$3" ] && [ -s "$4" ] || return 0
    awk -f "$sources/bench/compare.awk" "$3" "$4" >"$work/compared" || failed "results of $2 differ: $1"
    emit peers what="largest difference of $1" engine="$2" value="$(awk '{ print $1 }' "$work/compared")" unit=risk \
        compared="$(awk '{ print $2 }' "$work/compared")" unlike="$(awk '{ print $3 }' "$work/compared")"
}
