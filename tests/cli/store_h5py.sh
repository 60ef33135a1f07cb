#!/usr/bin/env bash
# The stores through other eyes: h5py (and R, where it has rhdf5) read what hra wrote, hra reads what h5py wrote.
. "$(dirname "$0")/lib.sh" "$1"

PYTHON=
for candidate in /usr/bin/python3 python3; do
    "$candidate" -c 'import h5py, numpy' 2>/dev/null && { PYTHON=$candidate; break; }
done
[ -n "$PYTHON" ] || { echo "skipped: no python3 with h5py"; exit 77; }

cat >echo.hra <<'END'
model echo {
  title "What came in"
  value = age
  total = tc
  total_mgdl = tc[mg/dL]
  glucose = glucose_fasting
  smoking = number(smoking_status)
  is_female = if(sex == female, 1, 0)
  has_diabetes = if(diabetes, 1, 0)
}
factor x_old { title "Over 60" when age > 60 }
factor x_tc  { title "High cholesterol" when tc > 6 }
END

awk 'BEGIN {
    srand(3); split("never former current", status, " ")
    print "person_id,group_id,age,sex,diabetes,tc,glucose_fasting,smoking_status"
    for (i = 1; i <= 70000; i++) {
        glucose = i % 50 == 0 ? sprintf("%.17g", 4 + rand()) : sprintf("%.2f", 4 + rand() * 5)
        print "P" i ",集团 " (i % 7) "," (i % 11 ? int(18 + rand() * 70) : "") "," (rand() > 0.5 ? "male" : "female") "," \
            (i % 13 ? int(rand() * 1.2) : "") "," sprintf("%.2f", 3 + rand() * 4) "," glucose "," status[1 + int(rand() * 3)]
    }
}' >people.csv
new_key house.key
expect 0 "$HRA" import people.csv -o people.h5 --key house.key -q
expect 0 "$HRA" score people.h5 -o expected.csv --definitions echo.hra --models echo --precision full -q

# ---- what h5py reads: values, units, missing, texts; and what must not be there
cat >read.py <<'END'
import csv, h5py, numpy as np, sys
rows = list(csv.DictReader(open("people.csv", encoding="utf-8")))
f = h5py.File("people.h5")
assert f.attrs["format"] in ("hra-population", b"hra-population") and f.attrs["rows"] == len(rows)

def column(name):
    d = f["variables/" + name]
    v = d[:]
    out = np.where(v == d.attrs["_FillValue"], np.nan, v / 10.0 ** d.attrs["decimals"])
    if name in f["exceptions"]:
        e = f["exceptions/" + name]
        assert (v[e["row"][:]] == d.attrs["escape_value"]).all()
        out[e["row"][:]] = e["value"][:]
    return out

def text(value):
    return value.decode() if isinstance(value, bytes) else str(value)

for name in ("age", "tc", "glucose_fasting", "diabetes"):
    expected = np.array([float(r[name]) if r[name] else np.nan for r in rows])
    assert np.array_equal(column(name), expected, equal_nan=True), name
assert "glucose_fasting" in f["exceptions"] and len(f["exceptions/glucose_fasting/row"]) >= 1000
assert text(f["variables/tc"].attrs["units"]) == "mmol/L"
assert f["variables/tc"].attrs["scale_factor"] == 0.01 and f["variables/tc"].dtype == np.int16
assert f["variables/tc"].scaleoffset is not None and f["variables/tc"].chunks == (65536,)
for name in ("sex", "smoking_status"):
    d = f["variables/" + name]
    names = dict(zip(d.attrs["flag_values"], text(d.attrs["flag_meanings"]).split()))
    assert [names[v] for v in d[:]] == [r[name] for r in rows], name
groups = f["labels/group_id_text"].asstr()[:][f["labels/group_id"][:]]
assert list(groups) == [r["group_id"] for r in rows]
keys = f["person/key"][:]
assert len(set(keys)) == len(rows) and all(len(k) == 32 for k in keys)
assert list(f["person/source_line"][:]) == list(range(2, len(rows) + 2))
assert b"P12345" not in open("people.h5", "rb").read()
END
expect 0 "$PYTHON" read.py

# ---- what h5py writes, in any storage, scores to the same bits
cat >write.py <<'END'
import h5py, numpy as np
source = h5py.File("people.h5")
ways = {
    "scaleoffset": dict(chunks=(65536,), scaleoffset=0),
    "deflate": dict(chunks=(65536,), shuffle=True, compression="gzip"),
    "checksum": dict(chunks=(65536,), fletcher32=True),
    "lzf": dict(chunks=(65536,), compression="lzf"), # h5py alone has it
    "chunks": dict(chunks=(1000,)),
    "contiguous": {},
}
def copy_attributes(a, b, names):
    for name in names:
        if name in a.attrs: b.attrs[name] = a.attrs[name]
for way, options in ways.items():
    with h5py.File(way + ".h5", "w") as f:
        for name, d in source["variables"].items():
            c = f.create_dataset("variables/" + name, data=d[:], fillvalue=d.attrs["_FillValue"], **options)
            copy_attributes(d, c, ["_FillValue", "units", "decimals", "first", "levels", "escape_value", "scale_factor",
                                   "add_offset", "flag_values", "flag_meanings"])
        source.copy("exceptions", f)
        source.copy("person", f)
with h5py.File("physical.h5", "w") as f: # no attributes of ours: doubles, units, own level numbers
    for name, d in source["variables"].items():
        v = d[:]
        missing = v == d.attrs["_FillValue"]
        if "flag_meanings" in d.attrs and name != "diabetes":
            names = d.attrs["flag_meanings"]
            names = (names.decode() if isinstance(names, bytes) else names).split()
            c = f.create_dataset("variables/" + name, data=np.where(missing, -1, 7 - v).astype("i4"))
            c.attrs["_FillValue"] = np.int32(-1)
            c.attrs["flag_values"] = np.array([7 - i for i in range(len(names))], "i4")
            c.attrs["flag_meanings"] = " ".join(names)
            continue
        x = np.where(missing, np.nan, v / 10.0 ** d.attrs["decimals"])
        if name in source["exceptions"]:
            e = source["exceptions/" + name]
            x[e["row"][:]] = e["value"][:]
        f["variables/" + name] = x
        if "units" in d.attrs: f["variables/" + name].attrs["units"] = d.attrs["units"]
    f["person/key"] = source["person/key"][:]
END
expect 0 "$PYTHON" write.py
for way in scaleoffset deflate checksum chunks contiguous physical; do
    expect 0 "$HRA" score $way.h5 -o $way.csv --definitions echo.hra --models echo --precision full -q
    same expected.csv $way.csv
done
expect 4 "$HRA" score lzf.h5 -o lzf.csv --definitions echo.hra --models echo -q
says err "compressed in a way"
for way in deflate raw; do
    expect 0 "$HRA" import people.csv -o own_$way.h5 --store-encoding $way --key house.key -q
    expect 0 "$HRA" score own_$way.h5 -o own_$way.csv --definitions echo.hra --models echo --precision full -q
    same expected.csv own_$way.csv
done

# ---- results: from a store (places fixed) and from text (growing), both as the CSV has them
expect 0 "$HRA" score people.h5 -o results.h5 --definitions echo.hra --models echo --factors --result-type f64 -q
expect 0 "$HRA" score people.csv -o grown.h5 --definitions echo.hra --models echo --factors --key house.key -q
cat >results.py <<'END'
import csv, h5py, numpy as np
rows = list(csv.DictReader(open("expected.csv", encoding="utf-8")))
for name, narrow in (("results.h5", np.float64), ("grown.h5", np.float32)):
    f = h5py.File(name)
    assert f.attrs["rows"] == len(rows)
    for column in rows[0]:
        if column.startswith("echo.") and not column.endswith("status"):
            expected = np.array([float(r[column]) if r[column] else np.nan for r in rows]).astype(narrow)
            d = f["outputs/" + column]
            assert d.dtype == narrow and np.array_equal(d[:], expected, equal_nan=True), (name, column)
    status = f["outputs/echo.status"]
    words = status.attrs["flag_meanings"]
    words = (words.decode() if isinstance(words, bytes) else words).split()
    missing = status[:] >> words.index("missing") & 1
    assert list(missing) == [int("missing" in r["echo.status"]) for r in rows], name
    assert [k.decode() for k in f["person/key"][:]] == [r[list(r)[0]] for r in rows]
    ids = list(f["factors/catalogue"].asstr()[:])
    i = ids.index("x_old")
    old = f["factors/true"][:, i // 64] >> np.uint64(i % 64) & np.uint64(1)
    known = f["factors/known"][:, i // 64] >> np.uint64(i % 64) & np.uint64(1)
    age = np.array([float(r["echo.value"]) if r["echo.value"] else np.nan for r in rows])
    assert np.array_equal(old.astype(bool), age > 60) and np.array_equal(known.astype(bool), ~np.isnan(age))
    groups = f["labels/group_id_text"].asstr()[:][f["labels/group_id"][:]]
    assert groups[0] == "集团 1" and len(set(groups)) == 7
END
expect 0 "$PYTHON" results.py

# ---- hra info agrees with both
expect 0 "$HRA" info people.h5 --json
"$PYTHON" - <<'END' || fail "hra info people.h5 --json"
import json
info = json.load(open("out"))
variables = {v["name"]: v for v in info["variables"]}
assert info["rows"] == 70000 and variables["age"]["missing"] == 70000 // 11 and variables["age"]["unit"] == "year"
assert variables["glucose_fasting"]["off_grid"] >= 1000 and variables["tc"]["encoding"] == "scale-offset"
END
expect 0 "$HRA" info results.h5 --json
"$PYTHON" - <<'END' || fail "hra info results.h5 --json"
import json
info = json.load(open("out"))
outputs = {v["name"]: v for v in info["outputs"]}
assert info["rows"] == 70000 and outputs["echo.value"]["known"] == 70000 - 70000 // 11
assert any(f["id"] == "x_old" and f["known"] == 70000 - 70000 // 11 for f in info["factors"])
END
expect 0 "$HRA" info people.h5
says out "tc +mmol/L +70000 +0"
expect 4 "$HRA" info people.csv
says err "not an HDF5 file"

# ---- R, where it can read HDF5
if command -v Rscript >/dev/null && Rscript -e 'quit(status = !requireNamespace("rhdf5", quietly = TRUE))' 2>/dev/null; then
    # the examples of the documentation, for numbers of two bytes, of four bytes, and with exact values beside them
    example() { # HEADING NAME-THERE NAME-HERE
        sed -n "/^$1/,/^##/p" "$SOURCE/docs/formats.md" | grep '^    ' | sed "s|$2|$3|g"
    }
    printf 'person_id,creatinine\na1,0.9\na2,\na3,1.7\na4,1.23456\n' >kidney.csv
    expect 0 "$HRA" import kidney.csv -o kidney.h5 --key house.key --units creatinine=mg/dL -q
    {
        example 'In R (package rhdf5, in which' 'x' 'x'
        echo 'csv <- read.csv("people.csv"); stopifnot(a$units == "mmol/L", identical(as.numeric(tc), csv$tc))'
        example 'In R (package rhdf5, in which' /tc /glucose_fasting
        echo 'stopifnot(!is.null(e), identical(as.numeric(tc), csv$glucose_fasting))'
        example 'In R (package rhdf5, in which' /tc /creatinine@mg_per_dL | sed 's|population.h5|kidney.h5|'
        echo 'stopifnot(a$units == "mg/dL", storage.mode(v) == "integer", identical(as.numeric(tc), read.csv("kidney.csv")$creatinine))'
    } | sed 's|population.h5|people.h5|' >population.R
    expect 0 Rscript population.R
    {
        example 'In R:' china_par_2016.risk echo.value | sed 's|china_par_2016|echo|; s|^ *mean|m <- mean|'
        echo 'csv <- read.csv("people.csv"); known <- csv$age[!is.na(csv$age)]'
        echo 'stopifnot(sum(bitwAnd(status, 8) == 0) == length(known), abs(m - mean(known)) < 1e-9)'
    } >results.R
    expect 0 Rscript results.R
else
    echo "R without rhdf5: its part is left out"
fi
finish
