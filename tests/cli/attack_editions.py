"""Reads two editions for employers as somebody who knows who left between them: attack_editions.py FIRST NEXT

What a company is told twice is subtracted. Of those who left (nobody joined) the difference is the number with the
finding; sums over sexes, ages and departments narrow what is told only once. It may not come out that from one to ten
had it, or from one to ten had it not, or that all or nobody of fewer than fifty did; nor a mean risk of fewer than twenty."""
import csv
import sys

first, next_ = sys.argv[1:3]
SMALL, ALIKE, MEAN = 10, 50, 20
faults, compared = [], 0


def read(run):
    groups = {}
    for r in csv.DictReader(open(f"{run}/groups_client.csv", encoding="utf-8")):
        key = tuple(r[c] for c in ("kind", "indicator", "level", "sex", "age_band", "department"))
        groups.setdefault(r["group"], {})[key] = r
    return {g: rows for g, rows in groups.items() if any(k[0] == "people" for k in rows)}


def bounds(rows):
    """What a reader of one edition knows of every count: told ones, and what their sums leave to the others."""
    known = {}
    for key, r in rows.items():
        if key[0] not in ("finding", "tier", "category"):
            continue
        n = int(r["people"])
        known[key] = [int(r["numerator"])] * 2 if r["suppressed"] == "0" else [0, n]
    sums = []
    for kind, indicator, level, sex, age, department in known:
        whole = (kind, indicator, level)
        total = whole + ("all", "all", "all")
        if (sex, age, department) == ("all", "all", "all"):
            sums.append((total, [k for k in known if k[:3] == whole and k[3] != "all" and k[4] != "all"]))
            sums.append((total, [k for k in known if k[:3] == whole and k[3] != "all" and k[4] == "all"]))
            sums.append((total, [k for k in known if k[:3] == whole and k[3] == "all" and k[4] != "all"]))
            sums.append((total, [k for k in known if k[:3] == whole and k[5] != "all"]))
        elif age == "all" and department == "all":
            sums.append((whole + (sex, "all", "all"), [k for k in known if k[:4] == whole + (sex,) and k[4] != "all"]))
        elif sex == "all" and department == "all":
            sums.append((whole + ("all", age, "all"), [k for k in known if k[:3] == whole and k[4] == age and k[3] != "all"]))
    levels = {}
    for k in known:
        if k[2]:
            levels.setdefault(k[:2], []).append(k)
    for parts in levels.values():  # everybody has one level
        people = int(rows[parts[0]]["people"])
        known[parts[0][:2]] = [people, people]
        sums.append((parts[0][:2], parts))
    changed = True
    while changed:
        changed = False
        for whole, parts in sums:
            if not parts:
                continue
            low, high = sum(known[k][0] for k in parts), sum(known[k][1] for k in parts)
            new = [max(known[whole][0], low), min(known[whole][1], high)]
            changed |= new != known[whole]
            known[whole] = new
            for k in parts:
                least = known[whole][0] - (high - known[k][1])
                most = known[whole][1] - (low - known[k][0])
                new = [max(known[k][0], least), min(known[k][1], most)]
                if new != known[k]:
                    changed, known[k] = True, new
                    low, high = sum(known[j][0] for j in parts), sum(known[j][1] for j in parts)
    return known


before, after = read(first), read(next_)
for group in sorted(set(before) & set(after)):
    a, b = bounds(before[group]), bounds(after[group])
    for key in sorted(k for k in set(a) & set(b) if len(k) == 6):
        gone = int(before[group][key]["people"]) - int(after[group][key]["people"])
        if gone <= 0:
            continue
        if a[key][1] == 0 or a[key][0] == int(before[group][key]["people"]):
            continue  # the first edition says of everybody that they had it, or not
        compared += 1
        low = max(a[key][0] - b[key][1], 0)
        high = min(a[key][1] - b[key][0], gone)
        few = 1 <= low and high <= SMALL or 1 <= gone - high and gone - low <= SMALL
        alike = (high == 0 or low == gone) and gone < ALIKE
        if low == high and (few or alike):
            faults.append(f"{group}: {low} of the {gone} who left had {key}")
    for key, r in after[group].items():
        earlier = before[group].get(key)
        if key[0] != "risk" or not earlier or not r["mean"] or not earlier["mean"]:
            continue
        gone = int(earlier["people"]) - int(r["people"])
        compared += 1
        if 0 < gone < MEAN:
            faults.append(f"{group}: the mean {key[1]} risk of the {gone} who left")

print("\n".join(faults[:8]) if faults else f"{compared} differences, nothing comes out")
sys.exit(bool(faults))
