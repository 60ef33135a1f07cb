# shellcheck shell=bash disable=SC2154  # work, hra, rows ... are set by bench/run
# The people of the benchmark. Every set is made when it is first asked for.

ten_columns=person_id,group_id,age,sex,sbp,dbp,heart_rate,height,weight,waist,tc,hdl,ldl,tg,glucose_fasting,hba1c,creatinine,diabetes,bp_treated,smoking_status
forty_columns=$ten_columns,exam_date,birth_date,bmi,hip,urea,uric_acid,alt,ast,wbc,hemoglobin,platelets,af,hypertension,prior_mi,prior_stroke,ckd,fh_diabetes,lipid_treated,cigs_per_day,alcohol_g_day
ten_models=$(seq -s, -f 'ten_%g' 0 9)
use_ten=(-d "$sources/bench/ten_models.hra" -m "$ten_models")

# people_csv ROWS GROUPS COLUMNS: generated people with some of the columns, to standard output
people_csv() {
    local header fields
    header=$("$hra" generate -n 1 -q)
    fields=$(tr , '\n' <<<"$header" | awk -v wanted="$3" 'BEGIN { n = split(wanted, w, ","); for (i = 1; i <= n; i++) keep[w[i]] }
        $0 in keep { printf "%s%d", found++ ? "," : "", NR } END { exit found != n }')
    "$hra" generate -n "$1" -g "$2" -q | cut -d, -f"$fields"
}

# laid_out FILE: standard input into FILE in large writes, as a copy or a download arrives. Of a file written 4 KiB at a time, as cut
# and gzip do, the page cache holds single pages, and everybody reads it at half the speed.
laid_out() { dd obs=4M of="$1" status=none; }

have_key() { [ -e "$work/key" ] || "$hra" key new "$work/key" >/dev/null 2>&1; }

# The ten-model jobs: CSV of 20 columns; the store, Parquet and plain arrays hold the same people without the identifier.
have_ten_csv() {
    [ -e "$work/ten.csv" ] && return
    note "  making $rows people"
    people_csv "$rows" 1000 "$ten_columns" | laid_out "$work/ten.csv"
}
have_ten_store() {
    [ -e "$work/ten.h5" ] && return
    have_ten_csv
    cut -d, -f2- "$work/ten.csv" >"$work/anonymous.csv"
    "$hra" import "$work/anonymous.csv" -o "$work/ten.h5" -q
    rm "$work/anonymous.csv"
}
have_ten_of_peers() {
    [ -e "$work/ten.parquet" ] || ! has_peer DuckDB || peer DuckDB prepare "$work/ten.csv" "$work/ten.parquet" 1 >/dev/null || return 0
    [ -e "$work/ten.arrays" ] || ! has_peer numpy || peer numpy prepare "$work/ten.h5" "$work/ten.arrays" 1 >/dev/null || return 0
}

have_forty() {
    [ -e "$work/forty.csv" ] && return
    note "  making $csv_rows people, 40 columns"
    people_csv "$csv_rows" 1000 "$forty_columns" | laid_out "$work/forty.csv"
    gzip -6 -c "$work/forty.csv" | laid_out "$work/forty.csv.gz"
}

# have_wide N: N people with everything the generator makes, in a store, in groups of 400 and at most 2,500 of them: what is
# kept for a group is no part of how memory depends on the people
have_wide() {
    local groups=$(($1 / 400 > 0 ? $1 / 400 : 1))
    [ -e "$work/wide.$1.h5" ] || "$hra" generate -n "$1" -g $((groups < 2500 ? groups : 2500)) -o "$work/wide.$1.h5" -q
}

size_of() { stat -c %s "$1"; }
