"""Passes tables between DuckDB's C library and libhra: what DuckDB exports is scored, what comes out is queried.

usage: library_duckdb.py libhra.so libduckdb.so PEOPLE.csv RESULTS.csv (of hra score --precision full, same request)
"""
import ctypes as c
import sys

hra, duck = c.CDLL(sys.argv[1]), c.CDLL(sys.argv[2])
people, wanted = sys.argv[3], sys.argv[4]
request = b"--models china_par_2016,framingham_cvd_2008_lipid --factors"


class Error(c.Structure):
    _fields_ = [("code", c.c_int), ("message", c.c_char * 1024)]


class Schema(c.Structure):
    _fields_ = [("format", c.c_char_p), ("name", c.c_char_p), ("metadata", c.c_void_p), ("flags", c.c_int64),
                ("n_children", c.c_int64), ("children", c.c_void_p), ("dictionary", c.c_void_p),
                ("release", c.c_void_p), ("private_data", c.c_void_p)]


class Array(c.Structure):
    _fields_ = [(name, c.c_int64) for name in ("length", "null_count", "offset", "n_buffers", "n_children")] + \
               [(name, c.c_void_p) for name in ("buffers", "children", "dictionary", "release", "private_data")]


class Stream(c.Structure):
    _fields_ = [(name, c.c_void_p) for name in ("get_schema", "get_next", "get_last_error", "release", "private_data")]


def release(struct):
    c.CFUNCTYPE(None, c.c_void_p)(struct.release)(c.addressof(struct))


def call(function, *arguments):
    error = Error()
    if function(*arguments, c.byref(error)):
        sys.exit(error.message.decode())


def sql(connection, text):
    result = c.create_string_buffer(256)
    if duck.duckdb_query(connection, text.encode(), result):
        duck.duckdb_result_error.restype = c.c_char_p
        sys.exit(duck.duckdb_result_error(result).decode())
    duck.duckdb_value_int64.restype = c.c_int64
    value = duck.duckdb_value_int64(result, c.c_uint64(0), c.c_uint64(0))
    duck.duckdb_destroy_result(result)
    return value


database, connection = c.c_void_p(), c.c_void_p()
assert duck.duckdb_open(None, c.byref(database)) == 0
assert duck.duckdb_connect(database, c.byref(connection)) == 0
sql(connection, "set threads = 1")
sql(connection, f"create table people as select * from read_csv('{people}')")
sql(connection, "create type sexes as enum ('female', 'male')")
sql(connection, f"create table wanted as select * from read_csv('{wanted}', all_varchar = true, header = true)")


columns = ("age::tinyint age, sex::sexes sex, sbp::smallint sbp, bp_treated::boolean bp_treated, tc::double tc, "
           "hdl::double hdl, smoking_status, diabetes::int diabetes, waist::double waist, urban::bigint urban, "
           "north::boolean north, birth_date::date birth_date, glucose_fasting, education")


def export():
    """The people as DuckDB hands them out, in several batches."""
    answer = c.c_void_p()
    if duck.duckdb_query_arrow(connection, f"select {columns} from people".encode(), c.byref(answer)):
        duck.duckdb_query_arrow_error.restype = c.c_char_p
        sys.exit(duck.duckdb_query_arrow_error(answer).decode())
    return answer


def schema_of(answer, schema):
    return duck.duckdb_query_arrow_schema(answer, c.byref(c.pointer(schema)))


def next_of(answer, array):
    return duck.duckdb_query_arrow_array(answer, c.byref(c.pointer(array)))


def fields_of(schema):
    return [Schema.from_address(a) for a in (c.c_void_p * schema.n_children).from_address(schema.children)]


def compare(results, relation):
    """Every cell of a table with what the program wrote; how many differ."""
    sql(connection, f"create or replace table scored as select row_number() over () - 1 as row_number_, * from {relation}")
    rows = sql(connection, "select count(*) from scored")
    different = 0
    for name, is_number in results:
        mine, theirs = f'r."{name}"', f'w."{name}"'
        if name.endswith(".status"):
            theirs = f"regexp_replace({theirs}, ':[^;]*', '', 'g')"
        as_type = "double" if is_number else "varchar"
        count = sql(connection, f"select count(*) from scored r join wanted w using (row_number_) "
                                f"where {mine}::{as_type} is distinct from {theirs}::{as_type}")
        if count:
            print(f"{name}: {count} of {rows} differ")
        different += count
    print(f"{relation}: {len(results)} columns of {rows} rows, {different} cells differ")
    return different


engine, scorer = c.c_void_p(), c.c_void_p()
call(hra.hra_engine_new, None, 0, c.byref(engine))
sql(connection, "alter table wanted add column row_number_ bigint")
sql(connection, "update wanted set row_number_ = rowid")

# One table, scored and handed back.
answer, schema, array, out_schema, out = export(), Schema(), Array(), Schema(), Array()
assert schema_of(answer, schema) == 0 and next_of(answer, array) == 0
print("in:", *(field.format.decode() for field in fields_of(schema)))
call(hra.hra_scorer_open_arrow, engine, request, c.byref(schema), c.byref(scorer))
call(hra.hra_scorer_arrow_schema, scorer, c.byref(out_schema))
call(hra.hra_scorer_run_arrow, scorer, c.byref(array), c.byref(out), 2)
release(schema)
release(array)
duck.duckdb_destroy_arrow(c.byref(answer))
hra.hra_scorer_free(scorer)
results = [(field.name.decode(), field.format in (b"g", b"b")) for field in fields_of(out_schema)]
held = c.c_void_p()
assert duck.duckdb_arrow_array_scan(connection, b"one_table", c.byref(out_schema), c.byref(out), c.byref(held)) == 0
different = compare(results, "one_table")
duck.duckdb_destroy_arrow_stream(c.byref(held))

# All of them as a stream, which DuckDB draws its batches from.
answer = export()


@c.CFUNCTYPE(c.c_int, c.c_void_p, c.c_void_p)
def get_schema(stream, out):
    return schema_of(answer, Schema.from_address(out))


@c.CFUNCTYPE(c.c_int, c.c_void_p, c.c_void_p)
def get_next(stream, out):
    array = Array.from_address(out)
    array.release = None
    return next_of(answer, array)


@c.CFUNCTYPE(c.c_void_p, c.c_void_p)
def get_last_error(stream):
    return None


@c.CFUNCTYPE(None, c.c_void_p)
def release_stream(stream):
    Stream.from_address(stream).release = None


source = Stream(*(c.cast(f, c.c_void_p) for f in (get_schema, get_next, get_last_error, release_stream)))
stream = Stream()
call(hra.hra_stream_arrow, engine, request, c.byref(source), c.byref(stream), 1)
assert source.release is None
assert duck.duckdb_arrow_scan(connection, b"streamed", c.byref(stream)) == 0
different += compare(results, "streamed")
release(stream)
duck.duckdb_destroy_arrow(c.byref(answer))
hra.hra_engine_free(engine)
sys.exit(different != 0)
