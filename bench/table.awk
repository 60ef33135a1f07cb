# The table of bench/run, for reading or (-v markdown=1) for docs/performance.md; -v section=NAME: one section only.
function fact(name, value) { facts[name] = value }
function human(x) {
    if (x == "") return ""
    x += 0
    if (x >= 1e9) return sprintf("%.3g G", x / 1e9)
    if (x >= 1e6) return sprintf(x < 1e8 ? "%.3g M" : "%.0f M", x / 1e6)
    if (x >= 1e3) return sprintf(x < 1e5 ? "%.3g k" : "%.0f k", x / 1e3)
    return sprintf("%.3g", x)
}
function measure(    unit, rate, bytes, other) {
    if (section != "" && field["section"] != section) return
    if (!count++) {
        if (markdown) print "| what | engine | threads | rows/s | MB/s | other | peak MiB | hra is | of the limit |\n|---|---|--:|--:|--:|--:|--:|--:|--:|"
        else row("section", "what", "engine", "thr", "rows/s", "MB/s", "other", "peak MiB", "hra is", "limit")
    }
    unit = field["unit"]
    bytes = field["mb_s"]
    if (unit == "rows/s") {
        rate = field["value"]
        if (field["processors"] != "") other = sprintf("%.2f cpus", field["processors"])
    } else if (unit == "MB/s" || unit == "GB/s") bytes = field["value"] * (unit == "GB/s" ? 1000 : 1)
    else other = (unit == "risk" ? sprintf("%.2g", field["value"]) : human(field["value"])) " " (unit == "risk" ? "" : unit)
    if (field["unlike"] > 0) other = other " (" field["unlike"] " unlike)"
    if (field["peer"] !~ /^[-0-9.]*$/) field["what"] = field["what"] ", against " field["peer"]
    row(field["section"], field["what"], field["engine"], field["threads"], human(rate), bytes == "" ? "" : sprintf("%.0f", bytes),
        other, field["peak_mib"] == "" ? "" : sprintf("%.0f", field["peak_mib"]),
        field["ratio"] == "" ? "" : sprintf("%.3g x", field["ratio"]), field["share"] == "" ? "" : sprintf("%.2f", field["share"]))
}
function row(a, b, c, d, e, f, g, h, i, j) {
    sub(/ +$/, "", g)
    if (markdown) printf "| %s | %s | %s | %s | %s | %s | %s | %s | %s |\n", b, c, d, e, f, g, h, i, j
    else printf "%-8s %-54.54s %-10s %3s %8s %7s %14s %8s %8s %5s\n", a, b, c, d, e, f, g, h, i, j
}
