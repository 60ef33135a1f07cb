"""300 deliveries of three people each, a tenth of them broken; then where each row is found again.

    every_row.py make         makes in/ and expected.csv
    every_row.py check NIGHT  compares with NIGHT/held.csv, NIGHT/rejects*.csv and scored.csv, which has the people's weights

Every person has a weight that nobody else has.
"""
import collections
import csv
import glob
import gzip
import os
import subprocess
import sys

HEADER = "客户编号,姓名,性别,年龄,收缩压,舒张压,体重,空腹血糖\n"
MARK = "\ufeff"


def person(number):
    weight = f"{35 + number / 10:.1f}"
    sex = "男" if number % 2 else "女"
    return f"P{number:05d},张{number},{sex},{30 + number % 40},{110 + number % 40},{70 + number % 20},{weight},5.1\n"


def with_separator(sign):
    return lambda rows: "".join(rows).replace(",", sign).encode()


def changed(row, change):
    """One row is written otherwise."""
    return lambda rows: "".join(change(r) if i == row else r for i, r in enumerate(rows)).encode()


def between(row, text):
    """A line more, before the row."""
    return lambda rows: "".join(rows[:row] + [text] + rows[row:]).encode()


def mixed(rows):
    return (rows[0] + rows[1]).encode() + rows[2].encode("gb18030") + rows[3].encode()


def locked(rows):
    with open("x.csv", "w") as out:
        out.write("".join(rows))
    subprocess.run(["zip", "-q", "-P", "secret", "locked.zip", "x.csv"], check=True)
    with open("locked.zip", "rb") as archive:
        content = archive.read()
    os.remove("locked.zip")
    return content


def web_page(rows):
    lines = ("<tr><td>" + row.strip().replace(",", "<td>") for row in rows)
    return ("<html><table>" + "\n".join(lines) + "</table></html>").encode()


# what is done to a file, its ending, what becomes of its three people (p: person, r: rejected, h: held), lines rejected
# that are nobody
KINDS = {
    "gbk": (lambda rows: "".join(rows).encode("gb18030"), "csv", "ppp", 0),
    "utf-16": (lambda rows: "".join(rows).encode("utf-16"), "csv", "ppp", 0),
    "utf-16 without a mark": (lambda rows: "".join(rows).encode("utf-16-le"), "csv", "hhh", 0),
    "one line in another encoding": (mixed, "csv", "ppp", 0),
    "empty": (lambda rows: b"", "csv", "hhh", 0),
    "half a gzip": (lambda rows: gzip.compress("".join(rows).encode())[:90], "csv.gz", "hhh", 0),
    "something behind a gzip": (lambda rows: gzip.compress("".join(rows).encode()) + b"more", "csv.gz", "hhh", 0),
    "a web page as xls": (web_page, "xls", "ppp", 0),
    "an archive with a password": (locked, "zip", "hhh", 0),
    "random bytes": (lambda rows: bytes(i * i * 7919 // 13 % 251 + 3 for i in range(3000)), "csv", "hhh", 0),
    "semicolons": (with_separator(";"), "csv", "ppp", 0),
    "tabs": (with_separator("\t"), "csv", "ppp", 0),
    "lines end in CR": (lambda rows: "".join(rows).replace("\n", "\r").encode(), "csv", "ppp", 0),
    "lines end in CR LF": (lambda rows: "".join(rows).replace("\n", "\r\n").encode(), "csv", "ppp", 0),
    "NUL bytes in a row": (changed(2, lambda row: row[:3] + "\0" + row[3:]), "csv", "prp", 0),
    "a quote that stays open": (changed(2, lambda row: row.replace("张", '"张')), "csv", "prp", 0),
    "cells too many": (changed(2, lambda row: row.strip() + ",x,y\n"), "csv", "prp", 0),
    "no identifier": (changed(2, lambda row: row[6:]), "csv", "prp", 0),
    "an identifier in spaces": (changed(2, lambda row: "\u00a0\u200b" + row), "csv", "ppp", 0),
    "a title above": (lambda rows: ("某某体检中心 2026 年体检结果\n\n" + "".join(rows)).encode(), "csv", "ppp", 0),
    "no header": (lambda rows: "".join(rows[1:]).encode(), "csv", "hhh", 0),
    "the header again": (between(2, HEADER), "csv", "ppp", 1),
    "put together, each with a mark": (between(2, MARK + HEADER), "csv", "ppp", 1),
    "the header again, with spaces": (between(2, HEADER.replace(",", " , ")), "csv", "ppp", 1),
    "a mark in the middle": (between(2, MARK), "csv", "ppp", 0),
    "empty rows": (between(2, "\n,,,,,,,\n"), "csv", "ppp", 1),
    "lines of totals": (between(4, "合计,3人,,,,,,\n平均值,,,45,120,75,66.6,5\n"), "csv", "ppp", 2),
    "a footer": (between(4, "备注：以上数据由体检中心提供\n制表人：张三,,,,,2026-11-01\n"), "csv", "ppp", 2),
    "NUL bytes behind": (between(4, "\0" * 50), "csv", "ppp", 1),
}


def make():
    os.makedirs("in/deep")
    names, number = list(KINDS), 0
    with open("expected.csv", "w") as out:
        for file in range(300):
            kind = names[file // 10] if file % 10 == 0 and file // 10 < len(names) else ""
            write, ending, fates, nobody = KINDS[kind] if kind else (lambda rows: "".join(rows).encode(), "csv", "ppp", 0)
            path = f"in/{'deep/' if file % 3 else ''}f{file:03d}.{ending}"
            rows = [HEADER] + [person(number + i) for i in range(1, 4)]
            with open(path, "wb") as delivery:
                delivery.write(write(rows))
            for row, fate in zip(rows[1:], fates):
                csv.writer(out).writerow([path, row.split(",")[0], row.split(",")[6], fate, nobody, kind])
            number += 3


def check(night):
    faults, weights = [], collections.Counter()
    with open("scored.csv") as people:
        for row in csv.DictReader(people):
            weights[f"{float(row['echo.mass'] or 0):.1f}"] += 1
    with open(f"{night}/held.csv") as table:
        held = {row["file"] for row in csv.DictReader(table) if row["reason"]}
    rejects = collections.defaultdict(list)
    for path in glob.glob(f"{night}/rejects*.csv"):
        with open(path) as table:
            for row in csv.DictReader(table):
                if not row["variable"]:
                    rejects[row["file"]].append(row)
    nobody = {}
    with open("expected.csv") as table:
        for path, identifier, weight, fate, others, kind in csv.reader(table):
            # the table of rejects has the whole row
            refused = [r for r in rejects[os.path.relpath(path, 'in')] if weight in r["value"] and r["line"] and r["reason"]]
            found = "p" * weights.pop(weight, 0) + "r" * len(refused) + "h" * (path in held)
            if found != fate:
                faults.append(f"{kind or 'a good file'}, {path}, {identifier}: '{found}' instead of '{fate}'")
            nobody.setdefault(path, int(others))
            nobody[path] += len(refused)
    for path, count in nobody.items():
        if path not in held and count != len(rejects[os.path.relpath(path, 'in')]):
            faults.append(f"{path}: {len(rejects[os.path.relpath(path, 'in')])} rows rejected instead of {count}")
    faults += [f"somebody with the weight {weight} was in no file" for weight in weights]
    print("\n".join(faults))
    return 1 if faults else 0


sys.exit(make() if sys.argv[1] == "make" else check(sys.argv[2]))
