"""Holds a population store imported from messy files against the file of true values: compare_truth.py STORE TRUTH FOLDER

What was not spoilt must come through exactly (a value written in whole mg/dL: within its rounding); what was spoilt must come
through as the truth, as what stands in the file, or as missing, never as anything else. Prints the counts."""
import csv, collections, os, sys
import h5py, numpy as np

store, truth_path, folder = sys.argv[1:4]
READABLE = {"full_width", "unit", "mark", "spaces", "chinese_point", "comment", "comparator"}
ROUNDED = {"tc": 0.0130, "hdl": 0.0130, "ldl": 0.0130, "tg": 0.0057, "glucose_fasting": 0.0278, "glucose_2h": 0.0278}
TO_MMOL = {"tc": 0.02586, "hdl": 0.02586, "ldl": 0.02586, "tg": 0.01129, "glucose_fasting": 0.05551, "glucose_2h": 0.05551}


def lines_to_ids(path):
    data = open(path, "rb").read()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030")
    return {n + 1: line.replace("\t", ",").replace(";", ",").split(",")[0] for n, line in enumerate(text.split("\n"))}


def column(dataset, exceptions):
    raw = dataset[:].astype(np.int64)
    missing = raw == int(dataset.attrs["_FillValue"])
    if "flag_meanings" in dataset.attrs:
        names = dataset.attrs["flag_meanings"]
        names = (names.decode() if isinstance(names, bytes) else names).split()
        table = dict(zip([int(v) for v in dataset.attrs["flag_values"]], names))
        return [None if m else table[int(v)] for v, m in zip(raw, missing)]
    values = raw / 10.0 ** int(dataset.attrs["decimals"])
    if exceptions is not None:
        values[exceptions["row"][:]] = exceptions["value"][:]
    return [None if m else float(v) for v, m in zip(values, missing)]


def true_value(text, dataset):
    if text == "":
        return None
    if "flag_meanings" in dataset.attrs:
        return text
    units = dataset.attrs.get("units", b"")
    if b"days since" in (units if isinstance(units, bytes) else units.encode()):
        return float((np.datetime64(text) - np.datetime64("1970-01-01")).astype(int))
    return float(text)


def main():
    truth = {row["person_id"]: row for row in csv.DictReader(open(truth_path, encoding="utf-8"))}
    counts, wrong = collections.Counter(), []
    with h5py.File(store) as f:
        files = [n.decode() if isinstance(n, bytes) else n for n in f["source/files"][:]]
        ids = [lines_to_ids(os.path.join(folder, n)) for n in files]
        people = [ids[k][int(line)] for k, line in zip(f["person/source_file"][:], f["person/source_line"][:])]
        counts["people"] = len(people)
        for name in f["variables"]:
            dataset = f["variables"][name]
            variable = name.split("@")[0]
            values = column(dataset, f["exceptions"].get(name) if "exceptions" in f else None)
            flag = "flag_meanings" in dataset.attrs and set(values) <= {None, "false", "true", "no", "yes", "0", "1"}
            for person, got in zip(people, values):
                row = truth.get(person)
                if row is None or "conflicting" in row["dirt"]:
                    continue
                want = true_value(row[variable], dataset)
                if flag:
                    got = {"false": "0", "no": "0", "true": "1", "yes": "1"}.get(got, got)
                if "@" in name or (variable in ROUNDED and got is None):
                    # two columns for one variable: a person has the one of his file
                    if got is None or want is None:
                        continue
                    got = got * TO_MMOL[variable]
                # both pressures may share a cell, and then their fate
                shared = {"sbp", "dbp"} if variable in ("sbp", "dbp") else {variable}
                spoilt = [w.split(":")[0] for w in row["dirt"].split() if w.split(":")[-1] in shared]
                if variable in ("sbp", "dbp") and "swapped_pressure" in row["dirt"]:
                    spoilt.append("swapped_pressure")
                kind = spoilt[0] if spoilt else "clean"
                same = got == want or ("@" in name and got is not None and abs(got - want) <= ROUNDED[variable])
                counts[kind + (" right" if same else " missing" if got is None else " taken as written")] += 1
                if not same and (kind == "clean" or (kind in READABLE and got is not None)):
                    wrong.append((person, name, kind, want, got))
    for key in sorted(counts):
        print(f"{counts[key]:9d} {key}")
    for fault in wrong[:20]:
        print("WRONG", *fault)
    sys.exit(1 if wrong else 0)


main()
