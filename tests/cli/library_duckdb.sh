#!/usr/bin/env bash
# Arrow tables between DuckDB's C library and libhra, without a copy: skipped where either DuckDB or python3 is missing.
. "$(dirname "$0")/lib.sh" "$1"
hra=$(dirname "$HRA")/libhra.so
duckdb=$(find "${XDG_CACHE_HOME:-$HOME/.cache}/hra-bench/node_modules/@duckdb" -name libduckdb.so 2>/dev/null | head -1)
[ -e "$hra" ] && [ -n "$duckdb" ] || { echo "skipped: no libduckdb.so (bench/peers/install gets it)"; exit 77; }
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }

expect 0 "$HRA" generate -n 5000 --seed 9 -o people.csv -q
awk -F, -v OFS=, -v names=age,sex,sbp,bp_treated,tc,hdl,smoking_status,diabetes,waist,urban,north,birth_date,glucose_fasting,education '
    NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; count = split(names, name, ",") }
    { for (i = 1; i <= count; i++) printf "%s%s", $at[name[i]], i < count ? "," : "\n" }' people.csv >few.csv
expect 0 "$HRA" score few.csv -o results.csv --precision full -q --models china_par_2016,framingham_cvd_2008_lipid --factors
expect 0 python3 "$SOURCE/tests/cli/library_duckdb.py" "$hra" "$duckdb" few.csv results.csv
says out '^in: c C s b g g u i g l b tdD g u$' # the forms that DuckDB gave its columns
says out '^one_table: [0-9]{3} columns of 2048 rows, 0 cells differ$'
says out '^streamed: [0-9]{3} columns of 5000 rows, 0 cells differ$'
finish
