# shellcheck shell=bash disable=SC2154
# Reported, without a goal: the whole library at once, models of weight by themselves.
all_models() {
    note "  all models at once"
    "$tools/bench_library" $((rows / 25 > 2000 ? rows / 25 : 2000)) "$work/library.json" >/dev/null || { failed bench_library; return 0; }
    emit others what="all models at once: evaluations (outputs)" engine=hra threads=1 unit=values/s \
        rows="$(number_in "$work/library.json" people)" value="$(number_in "$work/library.json" outputs_per_second)"
    emit others what="all models at once: gain of sharing between models" engine=hra threads=1 unit=times \
        value="$(number_in "$work/library.json" gain_of_sharing)"
}

# The people measured have every level of every category alike: two of three have smoked and are eligible.
lung_model() {
    note "  LCRAT"
    "$hra" models search bench_lcrat --speed --json -d "$sources/bench/lcrat_5_years.hra" >"$work/lcrat.json" ||
        { failed "hra models search --speed"; return 0; }
    emit others what="LCRAT to five years" engine=hra threads=1 unit="eligible/s" \
        value="$(calculate "$(number_in "$work/lcrat.json" people_per_second) * 2 / 3")"
}

section_others() {
    all_models
    lung_model
    [ ! -x "$tools/bench_qrisk3" ] || take others "$tools/bench_qrisk3"
}
