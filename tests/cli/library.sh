#!/usr/bin/env bash
# The library gives what the program gives, bit for bit, for everything that hra score computes.
. "$(dirname "$0")/lib.sh" "$1"
TOOL=${HRA_TEST_TOOLS:-}/score_by_library
[ -x "$TOOL" ] || { echo "skipped: no score_by_library"; exit 77; }

# Columns that are no numbers of a person.
who=(person_id group_id branch province department exam_provider)

# compared PEOPLE REQUEST [OPTIONS OF THE PROGRAM]: all cells of both are the same.
compared() {
    local people=$1 request=$2
    shift 2
    # shellcheck disable=SC2086 # the request is the program's options
    expect 0 "$HRA" score "$people" -o results.csv --precision full -q $request "$@"
    expect 0 "$TOOL" "$people" "$request" results.csv "${who[@]}"
    says out '^[0-9]{4,} cells the same, 0 others'
}

expect 0 "$HRA" generate -n 400 --seed 5 -o people.csv -q
compared people.csv "--factors --tiers --prescriptions --items --monitors --topics --references --as-of 2026-01-31"
compared people.csv "--prescriptions --what-if --ideal --risk-age"
compared people.csv "--models china_par_2016,framingham_cvd_2008_lipid,plcom2012_norace_2020 --outside-range blank"
compared people.csv "--models china_par_2016,who_cvd_2019_lab.chd --outside-range clamp"

# Values off the dictionary's grid and out of its range, gaps, and another unit.
awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; sub(/,tc,/, ",tc[mg/dL],"); print; next }
    { $at["tc"] = NR % 7 == 0 || $at["tc"] == "" ? "" : $at["tc"] * 38.67
      if ($at["sbp"] != "") $at["sbp"] = sprintf("%.7f", $at["sbp"] * 1.0000001)
      if (NR % 9 == 0) $at["hdl"] = 19.9
      print }' people.csv >odd.csv
compared odd.csv "--models china_par_2016,framingham_cvd_2008_lipid,who_cvd_2019_lab"

# The comparison sees a difference.
awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "age") at = i } NR == 2 { $at++ } 1' odd.csv >other.csv
"$TOOL" other.csv "--models china_par_2016,framingham_cvd_2008_lipid,who_cvd_2019_lab" results.csv "${who[@]}" >out 2>&1 &&
    fail "another value gave the same results"
finish
