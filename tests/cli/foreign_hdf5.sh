#!/usr/bin/env bash
# Tables in HDF5 files that others wrote are read like text tables: the same people give the same scores.
. "$(dirname "$0")/lib.sh" "$1"
PYTHON=/usr/bin/python3
$PYTHON -c 'import h5py, numpy' 2>/dev/null || { echo "no h5py: skipped"; exit 77; }

cat >make.py <<'PY'
import h5py, numpy as np, pickle

n = 9000  # more than a slab
rng = np.random.default_rng(7)
age = rng.integers(35, 75, n)
sex = rng.integers(0, 2, n)
sbp = np.round(rng.uniform(100, 180, n), 1)
tc = np.round(rng.uniform(3, 8, n), 2)
tc[5] = np.nan
diabetes = rng.integers(0, 2, n).astype(bool)
day = np.arange(n) % 3000 + 16000
iso = [str(np.datetime64(int(d), "D")) for d in day]
names = ["female", "male"]

with open("people.csv", "w") as f:
    f.write("person_id,age,sex,sbp,tc,diabetes,exam_date\n")
    for i in range(n):
        f.write("P%d,%d,%s,%s,%s,%d,%s\n" % (i, age[i], names[sex[i]], repr(sbp[i]),
                "" if np.isnan(tc[i]) else repr(tc[i]), diabetes[i], iso[i]))

text = h5py.string_dtype()
with h5py.File("columns.h5", "w") as f:
    f["person_id"] = np.array([b"P%d" % i for i in range(n)])
    f.create_dataset("age", data=age.astype("u1"), chunks=(1000,), compression="gzip", shuffle=True)
    f.create_dataset("sex", data=sex, dtype=h5py.enum_dtype({"female": 0, "male": 1}, basetype="i1"))
    f["sbp"] = sbp.astype("f4")
    d = f.create_dataset("tc", data=np.where(np.isnan(tc), -9, np.round(tc * 100)).astype("i2"))
    d.attrs["scale_factor"], d.attrs["_FillValue"] = 0.01, np.int16(-9)
    f["diabetes"] = diabetes
    f.create_dataset("exam_date", data=iso, dtype=text)
    f["elsewhere"] = h5py.ExternalLink("secret.h5", "/age")
    f.create_dataset("cube", data=np.zeros((2, 2, 2)))

record = np.dtype([("person_id", "S8"), ("age", ">i4"), ("sex", text), ("sbp", "f8"), ("tc", "f8"),
                   ("diabetes", "?"), ("exam_date", "S10")])
rows = np.zeros(n, record)
for key, value in (("person_id", [b"P%d" % i for i in range(n)]), ("age", age), ("sbp", sbp), ("tc", tc),
                   ("sex", [names[s] for s in sex]), ("diabetes", diabetes), ("exam_date", iso)):
    rows[key] = value
with h5py.File("records.h5", "w") as f:
    f.create_dataset("study/people", data=rows, chunks=(777,), compression="gzip")

# What pandas' to_hdf(format="table") writes: blocks of columns, their names pickled in attributes.
def pickled(names):
    return np.bytes_(pickle.dumps(names, 0))
blocks = np.dtype([("index", "i8"), ("values_block_0", "f8", (2,)), ("values_block_1", "i8", (1,)),
                   ("values_block_2", "S8", (2,)), ("values_block_3", "i8", (1,)), ("values_block_4", "i1", (1,)),
                   ("values_block_5", "i1", (1,))])
rows = np.zeros(n, blocks)
rows["index"] = np.arange(n)
rows["values_block_0"] = np.stack([sbp, tc], 1)
rows["values_block_1"][:, 0] = age
rows["values_block_2"] = np.stack([np.array([b"P%d" % i for i in range(n)]), np.array([names[s].encode() for s in sex])], 1)
rows["values_block_3"][:, 0] = day.astype("i8") * 86400 * 10**9
rows["values_block_4"][:, 0] = diabetes
rows["values_block_5"][:, 0] = 1
with h5py.File("pandas_table.h5", "w") as f:
    g = f.create_group("df")
    g.attrs["pandas_type"] = np.bytes_("frame_table")
    t = g.create_dataset("table", data=rows)
    for i, block in enumerate((["sbp", "tc"], ["age"], ["person_id", "性别"], ["exam_date"], ["diabetes"], ["smoker"])):
        t.attrs["values_block_%d_kind" % i] = pickled(block)
        t.attrs["values_block_%d_dtype" % i] = np.bytes_("float64")
    t.attrs["values_block_3_dtype"] = np.bytes_("datetime64[ns]")
    t.attrs["values_block_5_meta"] = np.bytes_("category")
    g.create_group("_i_table").create_dataset("index", data=np.arange(n))

# ... and format="fixed": a two-dimensional dataset for each type.
with h5py.File("pandas_fixed.h5", "w") as f:
    g = f.create_group("df")
    g.attrs["pandas_type"] = np.bytes_("frame")
    g["axis0"] = np.array([b"age", b"sex", b"sbp", b"tc", b"diabetes", b"exam_date", b"name"])
    g["axis1"] = np.arange(n)
    g["block0_items"], g["block0_values"] = np.array([b"sbp", b"tc"]), np.stack([sbp, tc], 1)
    g["block1_items"], g["block1_values"] = np.array([b"age"]), age.astype("i8")[:, None]
    g["block2_items"], g["block2_values"] = np.array([b"exam_date"]), day.astype("i8")[:, None] * 86400 * 10**9
    g["block2_values"].attrs["value_type"] = np.bytes_("datetime64")
    g["block3_items"] = np.array([b"name"])
    v = g.create_dataset("block3_values", (1,), dtype=h5py.vlen_dtype("u1"))
    v[0] = np.frombuffer(b"pickle", "u1")

with h5py.File("two.h5", "w") as f:
    for group in ("a", "b"):
        f[group + "/age"], f[group + "/sbp"] = age, sbp
with h5py.File("uneven.h5", "w") as f:
    f["age"], f["sbp"] = age, sbp[:10]
with h5py.File("virtual.h5", "w") as f:
    layout = h5py.VirtualLayout((n,), "i8")
    layout[:] = h5py.VirtualSource("people.h5", "age", (n,))
    f.create_virtual_dataset("age", layout)
    f["sbp"] = sbp
    f["person_id"] = np.arange(n)
PY
$PYTHON make.py || { fail "make.py"; finish; }

# The bits of what came in, rather than risks that hide a rounding.
cat >echo.hra <<'END'
model echo {
  title "What came in"
  years = age
  pressure = sbp
  total = tc
  is_female = if(sex == female, 1, 0)
  has_diabetes = if(diabetes, 1, 0)
  since = years_between(exam_date, as_of)
}
END
models=echo
score() { # FILE OUTPUT [options]: scores of people who are told apart by their place
    local file=$1 output=$2
    shift 2
    expect 0 "$HRA" score "$file" -o "$output" --definitions echo.hra --models $models --precision full --as-of 2026-01-01 -q "$@"
}
score people.csv text.csv
score columns.h5 columns.csv
score records.h5 records.csv
score pandas_table.h5 table.csv
for file in columns records table; do same text.csv "$file.csv"; done

# without identifiers, sexes and diabetes in a pandas file of fixed format: those columns are gone, the others equal
cut -d, -f2,4,5,7 people.csv >few.csv
score few.csv few_text.csv
score pandas_fixed.h5 fixed.csv
same few_text.csv fixed.csv

new_key house.key
expect 0 "$HRA" import columns.h5 -o store.h5 --key house.key
says err "columns.h5: HDF5, table '/'; 9000 rows, 0 rejected"
says err 'not read: cube \('
expect 0 "$HRA" import pandas_table.h5 -o store.h5 --key house.key
says err 'not read: smoker \(pandas categories'
expect 0 "$HRA" score store.h5 -o again.csv --definitions echo.hra --models $models --precision full --as-of 2026-01-01 -q # a store is still a store

expect 2 "$HRA" score two.h5 -o x.csv
says err 'two.h5: it holds 2 tables: name one with --sheet: /a, /b'
score two.h5 one.csv --sheet /b
expect 2 "$HRA" score two.h5 -o x.csv --sheet c
says err "there is no table 'c'"
expect 4 "$HRA" score uneven.h5 -o x.csv
says err 'uneven.h5: no table is found'
expect 0 "$HRA" import virtual.h5 -o virtual_store.h5 --key house.key
says err 'not read: age \(its data stand in other files\)'

# ---- damaged files end with a message --------------------------------------------------------------------
for file in columns records pandas_table; do
    size=$(stat -c %s $file.h5)
    for part in 3 5 8; do
        head -c $((size * part / 9)) $file.h5 >cut.h5
        "$HRA" score cut.h5 -o x.csv --definitions echo.hra --models $models --precision full --as-of 2026-01-01 -q >out 2>err
        [ $? -eq 4 ] || fail "$file cut at $part/9: exit $? and: $(head -1 err)"
    done
done
finish
