#!/usr/bin/env bash
# docs/research.md: its definition, reference rows, commands and R lines, run one after the other on an invented cohort.
. "$(dirname "$0")/lib.sh" "$1"

page=$SOURCE/docs/research.md
# block HEADING PATTERN: the lines of the block behind a heading whose first line has the pattern, without the indent
block() {
    awk -v heading="$1" -v first="$2" '/^## /{ here = index($0, heading) } !here { next }
        /^    / { if (!inside) on = ($0 ~ first); inside = 1; if (on) print substr($0, 5); next }
        /^$/ { if (on) print ""; next } { inside = on = 0 }' "$page"
}
block '## 1.' 'variable light_chain' >own.hra
block '## 2.' '^    age,sex' | grep . >chain_death_2026.csv
block '## 3.' 'region = group_id' >regions.map
block '## 2.' 'hra definitions' >commands
block '## 3.' 'hra score' >>commands
block '## 4.' 'hra evaluate' >>commands
for file in own.hra chain_death_2026.csv regions.map commands; do [ -s $file ] || fail "no $file in the page"; done
is "$(grep -c '^hra ' commands)" 5 "commands of the page"

awk 'BEGIN {
    srand(11)
    print "id,age,sex,creatinine,chain,region,days,died"
    for (i = 1; i <= 600; i++) {
        age = 50 + int(rand() * 40)
        chain = 0.8 + 3 * rand()
        day = 1 + int(-log(rand()) * 3652 / (0.0001 * exp(0.1 * age + 0.8 * log(chain))))
        end = 3000 + int(rand() * 1500)
        printf "p%d,%d,%d,%s,%.2f,%s,%d,%d\n", i, age, 1 + (rand() < 0.5), i % 17 ? sprintf("%.1f", 0.6 + rand()) : "", \
            chain, i % 3 ? "north" : "south", day < end ? day : end, day < end
    }
}' >cohort.csv

hra() { "$HRA" "$@"; }
while IFS= read -r line; do
    while [ "${line%\\}" != "$line" ]; do
        IFS= read -r more
        line="${line%\\} $more"
    done
    [ -z "$line" ] && continue
    expect 0 hra ${line#hra }
    case $line in
    *verify*) says out '^chain_death_2026 +2 +1 of 1 .* ok$' ;;
    *regions*) says err 'groups: regions.csv' ;;
    *evaluate*) says out '^chain_death_2026.risk +565 ' ;;
    esac
done <commands
silent_on err 'most values'
is "$(wc -l <risks.csv)" 601 "rows of risks"
says risks.csv '^p17,,missing:creatinine,'
is "$(head -1 risks.csv | grep -o 'days,died$')" "days,died"
is "$(cut -d, -f1 regions.csv | sort -u | tr '\n' ' ')" "group north south "

# a wrong digit in the model is found by the reference rows
sed 's/0.81024133652736341/0.81024143652736341/' own.hra >wrong.hra
expect 4 "$HRA" models verify chain_death_2026 -d wrong.hra --vectors .
says out 'chain_death_2026 .* WRONG$'

# what does not lie in 0..1 is told
sed 's/0.0001031297799715453/(0-0.0001)/' own.hra >below.hra
expect 0 "$HRA" score cohort.csv -o below.csv -d below.hra -m chain_death_2026 -q --outside-range blank
is "$(cut -d, -f3 below.csv | sort -u | tr '\n' ' ')" "chain_death_2026.status missing:creatinine outside_range "

if command -v Rscript >/dev/null && Rscript -e 'quit(status = !requireNamespace("survival", quietly = TRUE))' 2>/dev/null; then
    block '## 4.' 'library' >evaluate.R
    cat >>evaluate.R <<'END'
stopifnot(nrow(d) == 565, harrell$concordance > 0.7, harrell$concordance < 0.95, brier > 0, brier < 0.25, ratio > 0.2, ratio < 5)
r <- read.csv("cohort.csv"); p <- read.csv("risks.csv")
f <- with(r, 1 - exp(-0.0001031297799715453*exp(0.098898779206508775*age + 0.25586266644104105*(sex == 1) +
    0.81024133652736341*log(chain) + 0.10947454222047524*creatinine)))
stopifnot(identical(is.na(f), is.na(p$chain_death_2026.risk)), max(abs(f - p$chain_death_2026.risk), na.rm = TRUE) < 1e-14,
          identical(p$days, r$days), identical(p$died, r$died))
m <- read.csv("measures.csv"); m <- setNames(m$value, m$measure)
stopifnot(abs(m["c_harrell"]/harrell$concordance - 1) < 1e-12, abs(m["c_uno"]/uno$concordance - 1) < 1e-12,
          abs(m["observed"]/observed - 1) < 1e-12, abs(m["observed_expected"]/ratio - 1) < 1e-12,
          abs(m["calibration_slope"]/coef(slope) - 1) < 1e-8, abs(m["brier"]/brier - 1) < 1e-12)
g <- read.csv("regions.csv"); g <- g[g$output == "chain_death_2026.risk", ]
stopifnot(max(abs(g$mean - tapply(f, r$region, mean, na.rm = TRUE)[g$group])) < 1e-9, sum(g$missing) == sum(is.na(f)))
END
    expect 0 Rscript evaluate.R
    says out ' slope '
else
    echo "R without survival: its part is left out"
fi
finish
