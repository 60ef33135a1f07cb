"""Reads the employer's page of a group as an attacker: attack_group_page.py RUN GROUP

What the house withholds must leave no trace in it: no number in a cell, no mark in a panel, no bar whose length is not a
published share, no count beside how many were known."""
import csv
import json
import re
import sys
from html import unescape

run, group = sys.argv[1:3]
page = open(f"{run}/client/{group}/report.html", encoding="utf-8").read()
told = list(csv.DictReader(open(f"{run}/client/{group}/group.csv", encoding="utf-8")))
withheld = [r for r in csv.DictReader(open(f"{run}/groups_withheld.csv", encoding="utf-8")) if r["group"] == group]
titles = {f["indicator"]: f["title"] for f in json.load(open(f"{run}/client/{group}/group.json"))["figures"] if "title" in f}
faults = []


def check(good, what):
    if not good:
        faults.append(what)


def whole(row):
    return row["sex"] == row["age_band"] == row["department"] == "all"


def body_of(heading):
    """The text from a heading to the next section's end."""
    at = page.index(heading)
    return page[at : page.index("</table>", at)]


def plain(html):
    return unescape(re.sub(r"<[^>]*>", " ", html)).strip()


# a hidden row of the table holds no number but that of the people
for r in told:
    if r["suppressed"] == "1" and r["kind"] != "edition":
        check(not any(r[c] for c in r if "share" in c or c in ("numerator", "low", "high", "mean", "standardised", "others",
              "denominator_from", "denominator_to", "others_standardised")), f"the table tells {r}")

# counts with their denominators
for r in withheld:
    if r["kind"] == "finding" and int(r["count"]) > 0 and not r["rule"].startswith("comparison"):
        check(f">{r['count']}/{r['known']}<" not in page, f"{r['indicator']} {r['count']}/{r['known']} stands on the page")

# hidden cells: the row of a finding shows a star wherever its figure is hidden, and a share wherever it is told
ages = []
for r in told:
    if r["kind"] == "people" and r["age_band"] not in ages and r["age_band"] != "all":
        ages.append(r["age_band"])
places = [("all", "all"), ("female", "all"), ("male", "all")] + [("all", a) for a in ages]
figures = {(r["indicator"], r["sex"], r["age_band"]): r for r in told if r["kind"] == "finding" and r["department"] == "all"}
hidden = rows = 0
for row in re.findall(r"<tr><th scope=row>(.*?)</th>(.*?)</tr>", body_of("id=\"cells\"" if 'id="cells"' in page else "id=cells"), re.S):
    finding = next(i for i, t in titles.items() if t == plain(row[0]))
    cells = re.findall(r"<td(.*?)>(.*?)</td>", row[1], re.S)
    check(len(cells) == len(places), f"{finding} has {len(cells)} cells")
    rows += 1
    for place, (style, cell) in zip(places, cells):
        r = figures.get((finding, *place))
        if r and r["suppressed"] == "1":
            hidden += 1
            check(plain(cell) == "*" and "hid" in style, f"{finding} {place}: {plain(cell)}")
        elif r and r["share"]:
            check(plain(cell).startswith(f"{100 * float(r['share']):.0f}"[:1]), f"{finding} {place}: {plain(cell)}")
        else:
            check(plain(cell) == "–", f"{finding} {place}: {plain(cell)}")
check(rows > 3, "hardly any rows were looked at")

# panels: as many points as are told, each at its published height
for caption, panel in re.findall(r"<figcaption>(.*?)</figcaption>(.*?)</figure>", page, re.S):
    finding = next(i for i, t in titles.items() if t == unescape(caption))
    shown = [r for (i, s, a), r in figures.items() if i == finding and s != "all" and a != "all" and r["suppressed"] == "0" and r["share"]]
    heights = [float(y) for y in re.findall(r"<circle cx=\"?[\d.]+\"? cy=\"?([\d.]+)", panel)]
    heights += [float(y) + 3 for y in re.findall(r"<rect x=\"?[\d.]+\"? y=\"?([\d.]+)", panel)]
    check(len(heights) == len(shown), f"{finding}: {len(heights)} points for {len(shown)} published shares")
    full = max(float(x) for x in re.findall(r">([\d.]+)%</text>", panel)) / 100
    for r in shown:
        want = 98 - 92 * min(float(r["share"]) / full, 1)
        check(any(abs(want - y) < 0.02 for y in heights), f"{finding}: no point for {r['share']}")

# bars: every length is a published share of a finding, a tier, a category or of people
people = float(next(r["people"] for r in told if r["kind"] == "people" and whole(r)))
published = [float(r[c]) for r in told for c in ("share", "standardised") if r[c]]
published += [float(r["people"]) / people for r in told if r["kind"] == "people"]
scale = [1.0, 0.5] + [int(x) / 100 for x in re.findall(r"<span>(\d+)%</span>", page)]
lengths = [float(w) for w in re.findall(r"<rect y=3 width=([\d.]+) height=10 class=\"g[shu]\"", page)]
check(len(lengths) > 10, f"{len(lengths)} bars")
for w in lengths:
    check(any(abs(min(w, 240) - max(240 * min(p / full, 1), 0.5)) < 0.02 for p in published for full in scale), f"a bar of {w}")

if faults:
    print("\n".join(faults[:8]))
    sys.exit(1)
print(f"{hidden} hidden figures among {rows} rows, {len(lengths)} bars, {len(withheld)} withheld")
