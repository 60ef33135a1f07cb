"""numpy on the jobs of the benchmark, in blocks that stay in the cache.

    python3 numpy_blocks.py JOB INPUT OUTPUT THREADS ROUNDS      JOB: prepare, risks, groups

prepare reads hra's store with h5py and writes the columns needed as plain arrays (HDF5, no filter). Every model and
sex is a row of one matrix; a block of people is one product of matrices, then two exponentials in place.
"""
import csv
import json
import os
import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # the threads are ours: one block each
import h5py
import numpy as np

JOB, INPUT, OUTPUT, THREADS, ROUNDS = sys.argv[1:6]
BLOCK, SAMPLE, MODELS, MG_PER_MMOL = 8192, 1000, 10, 0.02586
MALE, CURRENT = 0, 2  # codes of hra stores: the attributes flag_values and flag_meanings
COLUMNS = ["age", "tc", "hdl", "sbp", "bp_treated", "smoking_status", "diabetes", "sex"]


def prepare():
    with h5py.File(INPUT) as store, h5py.File(OUTPUT, "w") as arrays:
        for name in COLUMNS:
            column = store["variables/" + name]
            codes = column[:]
            arrays[name] = np.where(codes == column.attrs["_FillValue"], -1, codes).astype("i2")
        names = [text.decode() for text in store["labels/group_id_text"][:]]
        number = np.array([int(name[1:]) for name in names], "i4")
        arrays["group_id"] = number[store["labels/group_id"][:]]


def coefficients():
    """10 x 16: terms of women, then of men; 1 - S0 ^ exp(lp - mean) is 1 - exp(-exp(lp + constant))."""
    matrix = np.zeros((MODELS, 16))
    for row in csv.DictReader(open(os.environ["HRA_BENCH_COEFFICIENTS"])):
        c = {name: float(value) for name, value in row.items()}
        at = 8 * int(c["male"])
        matrix[int(c["model"]), at : at + 8] = [
            c["age"], c["tc"], c["hdl"], c["sbp_untreated"], c["sbp_treated"], c["smoker"], c["diabetes"],
            np.log(-np.log(c["survival"])) - c["mean"]]  # fmt: skip
    return matrix


def widen(column, scale=1.0):
    x = column.astype("f8")
    x[column < 0] = np.nan
    return x if scale == 1.0 else x / scale


def block_risks(people, matrix, start, risks):
    part = {name: column[start : start + BLOCK] for name, column in people.items()}
    n = len(part["age"])
    treated, male = widen(part["bp_treated"]), part["sex"] == MALE
    ln_sbp = np.log(widen(part["sbp"]))
    terms = np.empty((16, n))
    terms[0] = np.log(widen(part["age"]))
    terms[1] = np.log(widen(part["tc"], 100.0) / MG_PER_MMOL)
    terms[2] = np.log(widen(part["hdl"], 100.0) / MG_PER_MMOL)
    terms[3] = ln_sbp * (1 - treated)
    terms[4] = ln_sbp * treated
    terms[5] = np.where(part["smoking_status"] < 0, np.nan, part["smoking_status"] == CURRENT)
    terms[6] = widen(part["diabetes"])
    terms[7] = 1
    terms[8:] = terms[:8] * male
    terms[:8] *= ~male
    r = matrix @ terms
    np.exp(r, out=r)
    np.negative(r, out=r)
    np.exp(r, out=r)
    np.subtract(1, r, out=r)
    if risks is not None:
        risks[:, start : start + n] = r
    group, known = part["group_id"], ~np.isnan(r[0])
    group = group[known]
    sums = [np.bincount(group, weights=row[known], minlength=GROUPS) for row in r]
    return np.bincount(group, minlength=GROUPS), np.array(sums)


def score(matrix, pool):
    with h5py.File(INPUT) as arrays:
        people = {name: arrays[name][:] for name in arrays}
    global GROUPS
    GROUPS = int(people["group_id"].max()) + 1
    risks = np.empty((MODELS, len(people["age"])), "f4") if JOB == "risks" else None
    counts, sums = np.zeros(GROUPS, "i8"), np.zeros((MODELS, GROUPS))
    for count, total in pool.map(lambda at: block_risks(people, matrix, at, risks), range(0, len(people["age"]), BLOCK)):
        counts += count
        sums += total
    if risks is not None:
        with h5py.File(OUTPUT, "w") as file:
            for k in range(MODELS):
                file["risk_%d" % k] = risks[k]
    with open(OUTPUT + ".groups.csv", "w") as file:
        file.write("group_id,people,valued," + ",".join("risk_%d" % k for k in range(MODELS)) + "\n")
        everybody = np.bincount(people["group_id"], minlength=GROUPS)
        for g in np.flatnonzero(everybody):
            means = ",".join(repr(float(sums[k, g] / counts[g])) if counts[g] else "" for k in range(MODELS))
            file.write("%d,%d,%d,%s\n" % (g, everybody[g], counts[g], means))


def main():
    if JOB == "prepare":
        return prepare()
    matrix, seconds = coefficients(), []
    with ThreadPoolExecutor(int(THREADS)) as pool:
        for _ in range(int(ROUNDS)):
            if os.path.exists(OUTPUT):
                os.remove(OUTPUT)
            start = time.perf_counter()
            score(matrix, pool)
            seconds.append(time.perf_counter() - start)
    if JOB == "risks":
        with h5py.File(OUTPUT) as file:
            sample = np.array([file["risk_%d" % k][:SAMPLE] for k in range(MODELS)]).T
        with open(OUTPUT + ".sample.csv", "w") as file:
            file.write(",".join("risk_%d" % k for k in range(MODELS)) + "\n")
            for row in sample:
                file.write(",".join("" if np.isnan(x) else repr(float(x)) for x in row) + "\n")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"engine": "numpy", "version": np.__version__, "seconds": min(seconds), "peak_kib": peak}))



main()
