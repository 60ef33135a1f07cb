# shellcheck shell=bash disable=SC2154
# Parts of the engine by themselves, by the programs bench_*.c, which print their figures as lines of JSON.
section_micro() {
    take micro "$tools/bench_program" --json
}
