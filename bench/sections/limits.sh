# shellcheck shell=bash disable=SC2154
# What the machine can do: memory, page cache, inflate. exp and ln are measured with the kernels (section micro).
section_limits() {
    have_forty
    take limits "$tools/bench_limits" "$work" "$work/forty.csv.gz"
}
