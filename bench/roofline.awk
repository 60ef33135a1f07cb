# Draws docs/performance.svg from bench.json: how many people a second each part of the machine allows, by how many bytes
# a person moves through files, and where the jobs stand. One thread. To be used with records.awk in front.
function fact(name, value) {}
function measure() {
    if (field["section"] == "limits" && field["threads"] == 1) limit[field["what"]] = field["value"] * 1e6
    if (field["unit"] == "rows/s" && field["engine"] == "hra" && field["threads"] == 1 && field["bytes_per_row"] > 0 &&
        field["section"] != "scaling") {
        title[++jobs] = field["what"]
        intensity[jobs] = 1000 / field["bytes_per_row"]
        rate[jobs] = field["value"]
    }
    # the first is of the best instruction set
    if (field["what"] ~ /^limit of ten models/ && field["unit"] == "ns" && !kernel) kernel = 1e9 / field["value"]
}
function log10(v) { return log(v) / log(10) }
function px(v) { return left + width * (log10(v) - log10(x0)) / (log10(x1) - log10(x0)) }
function py(v) { return top + height * (1 - (log10(v) - log10(y0)) / (log10(y1) - log10(y0))) }
function text(x, y, what, more) { printf "<text x=\"%.1f\" y=\"%.1f\" %s>%s</text>\n", x, y, more, what }
function escaped(s) { gsub(/&/, "\\&amp;", s); gsub(/</, "\\&lt;", s); return s }
function segment(xa, ya, xb, yb, class) {
    printf "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n", class, px(xa), py(ya), px(xb), py(yb)
}
# A rate of bytes is a slope: people/s = bytes/s x people/kB / 1000. It ends where the picture does.
function roof(bytes_per_second, name, place,    a, b) {
    if (bytes_per_second <= 0) return
    a = y0 * 1000 / bytes_per_second; if (a < x0) a = x0
    b = y1 * 1000 / bytes_per_second; if (b > x1) b = x1
    segment(a, a * bytes_per_second / 1000, b, b * bytes_per_second / 1000, "roof")
    legend[++roofs] = sprintf("%s: %.1f GB/s", name, bytes_per_second / 1e9)
    a *= 1.5 * 1.7 ^ place
    text(px(a) - 10, py(a * bytes_per_second / 1000) - 8, letter_of(roofs), "class=\"letter\"")
}
function letter_of(n) { return substr("abcdefgh", n, 1) }
function grid(    d) {
    for (d = log10(x0); d <= log10(x1) + 0.001; d++) {
        segment(10 ^ d, y0, 10 ^ d, y1, "grid")
        text(px(10 ^ d), top + height + 18, 10 ^ d, "text-anchor=\"middle\"")
    }
    for (d = log10(y0); d <= log10(y1) + 0.001; d++) {
        segment(x0, 10 ^ d, x1, 10 ^ d, "grid")
        text(left - 8, py(10 ^ d) + 4, 10 ^ d / 1e6, "text-anchor=\"end\"")
    }
    text(left + width / 2, top + height + 40, "people for a kilobyte read from and written to files", "text-anchor=\"middle\"")
    text(left - 40, top - 12, "million people a second, one thread", "")
}
END {
    if (!jobs || !("file in the page cache, read" in limit)) {
        print "no picture: it needs the section limits and a section with jobs" >"/dev/stderr"
        exit 1
    }
    left = 60; top = 40; width = 560; height = 400; x0 = 0.1; x1 = 1000; y0 = 1e4; y1 = 1e9
    down = top + height + 70
    total = down + 20 * (jobs + 6)
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 640 %d\" font-family=\"sans-serif\" font-size=\"13\">\n", total
    print "<title>How many people a second the machine allows, and where the jobs of hra stand</title>"
    print "<style>.grid{stroke:#ddd}.roof{stroke:#1f6f8b;stroke-width:2}.flat{stroke:#b3541e;stroke-width:2}" \
          ".letter{fill:#1f6f8b;font-weight:bold}.job{fill:#222}.number{fill:#fff;font-size:10px;text-anchor:middle}</style>"
    printf "<rect width=\"640\" height=\"%d\" fill=\"#fff\"/>\n", total
    grid()
    roof(limit["memory, copied (read and written)"], "memory, copied", 0)
    roof(limit["file in the page cache, read"], "page cache, read", 1)
    roof(limit["file in the page cache, written"], "page cache, written", 2)
    roof(limit["inflate, ISA-L, streaming (of text)"], "inflate of text, ISA-L", 3)
    if (kernel > 0) {
        segment(x0, kernel, x1, kernel, "flat")
        legend[++roofs] = sprintf("the ten models at the limit (20 exp + 4 ln + 8 ns): %.0f million a second", kernel / 1e6)
        text(left + width - 12, py(kernel) - 4, letter_of(roofs), "class=\"letter\" style=\"fill:#b3541e\"")
    }
    for (i = 1; i <= jobs; i++) {
        printf "<circle class=\"job\" cx=\"%.1f\" cy=\"%.1f\" r=\"8\"/>\n", px(intensity[i]), py(rate[i])
        text(px(intensity[i]), py(rate[i]) + 3.5, i, "class=\"number\"")
    }
    for (i = 1; i <= roofs; i++) text(left, down + 20 * i - 20, letter_of(i) "  " escaped(legend[i]), "")
    for (i = 1; i <= jobs; i++) text(left, down + 20 * (roofs + i) - 20, i "  " escaped(title[i]) sprintf(": %.3g million a second", rate[i] / 1e6), "")
    print "</svg>"
}
