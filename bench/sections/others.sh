# shellcheck shell=bash disable=SC2154
# Reported, without a goal: the whole library at once, single models of weight.
section_others() {
    note "  all models at once"
    "$tools/bench_library" $((rows / 25 > 2000 ? rows / 25 : 2000)) "$work/library.json" >/dev/null
    emit others what="all models at once: evaluations (outputs)" engine=hra threads=1 unit=values/s \
        rows="$(number_in "$work/library.json" people)" value="$(number_in "$work/library.json" outputs_per_second)"
    emit others what="gain of sharing between models" engine=hra threads=1 unit=times \
        value="$(number_in "$work/library.json" gain_of_sharing)"
}
