# Compares the risks of two tables, row by row:    awk -f bench/compare.awk OURS.csv THEIRS.csv
# Columns are found by name: ten_3.risk or risk_3, and valued, the people behind a mean. Prints the largest difference, the
# values compared, and how many are known in one table only; ends with 1 if there are any, or if nothing could be compared.
function columns(place,    i, name) {
    for (i = 1; i <= NF; i++) {
        name = $i
        if (name == "valued") place[name] = i
        if (name ~ /^ten_[0-9]+\.risk$/ || name ~ /^risk_[0-9]+$/) {
            gsub(/[^0-9]/, "", name)
            place[name] = i
        }
    }
}
BEGIN { FS = ","; OFMT = "%.3g" }
{ gsub(/"[^"]*"/, "quoted"); sub(/\r$/, "") }
FNR == 1 { if (NR == 1) columns(ours); else columns(theirs); next }
NR == FNR { for (k in ours) value[FNR, k] = $ours[k]; rows = FNR; next }
{ lines = FNR }
FNR <= rows {
    for (k in theirs) {
        a = value[FNR, k]; b = $theirs[k]
        if (a == "" && (b == "" || b == "NA")) continue
        if (a == "" || b == "" || b == "NA") { unlike++; continue }
        compared++
        d = a - b; if (d < 0) d = -d
        if (d > most) most = d
    }
}
END {
    if (NR > rows && lines != rows) unlike += lines > rows ? lines - rows : rows - lines
    print most + 0, compared + 0, unlike + 0
    exit !compared || unlike > 0
}
