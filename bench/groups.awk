# Turns the group sums of hra (a line for each group and risk) into the table that the peers write: a line for each group
# with the people whose risks are known and the mean of each risk.    awk -f bench/groups.awk SUMS.csv
BEGIN { FS = ","; OFS = "," }
NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
match($at["output"], /^ten_[0-9]+\.risk$/) {
    group = $at["group"]
    gsub(/[^0-9]/, "", group)
    group += 0
    model = $at["output"]
    gsub(/[^0-9]/, "", model)
    if (group > last) last = group
    known[group] = $at["known"]
    mean[group, model] = $at["mean"]
}
END {
    line = "group_id,valued"
    for (m = 0; m < 10; m++) line = line ",risk_" m
    print line
    for (g = 1; g <= last; g++) {
        if (!(g in known)) continue
        line = g "," known[g]
        for (m = 0; m < 10; m++) line = line "," mean[g, m]
        print line
    }
}
