/* How fast a store is read: people from the generator, once packed by scale-offset and once by shuffle and deflate.
 *
 *     bench_store FOLDER [ROWS [ROUNDS]]
 *
 * FOLDER takes two stores of ROWS people (default 2,000,000), deleted at the end. On one thread, from the page cache,
 * the columns of the ten models and some more are read as a run reads them: pread, checksum, unpacking to codes. One
 * line of JSON for each measure, the best of the rounds. The limit of scale-offset is to read the packed bytes and to
 * write the codes, that of deflate is bare libdeflate on the same chunks. */
#include <fcntl.h>
#include <libdeflate.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/stopwatch.h"
#include "engine/language/library.h"
#include "engine/run/runner.h"
#include "generate/generate.h"
#include "io/hdf5/hdf5_util.h"
#include "io/people/population_store.h"

static const char *const names[] = {
    "age", "sex", "tc", "hdl",    "sbp",    "bp_treated", "smoking_status",  "diabetes",
    "dbp", "ldl", "tg", "weight", "height", "waist",      "glucose_fasting", "creatinine"};
enum { NAMES = sizeof names / sizeof *names, ROUNDS_MOST = 1000, MEMORY = 64 << 20, LARGEST = 1 << 20 };

static void print(const char *what, double value, double limit)
{
    printf("{\"bench\":\"store\",\"what\":\"%s\",\"value\":%.3f,\"unit\":\"GB/s\"", what, value / 1e9);
    if (limit > 0) printf(",\"limit\":%.3f,\"share\":%.3f", limit / 1e9, value / limit);
    printf("}\n");
}

/* ---- the stores ---- */

typedef struct store_sink {
    hra_sink sink;
    hra_store_writer *writer;
} store_sink;

static hra_code append(hra_sink *sink, const hra_chunk *chunk, const hra_results *results, void *prepared,
                       hra_error *error)
{
    return hra_store_writer_append(((store_sink *)sink)->writer, chunk, error);
}

static hra_code make_store(const char *path, const hra_library *library, int64_t rows, hra_store_encoding encoding,
                           hra_error *error)
{
    hra_source *people = NULL;
    store_sink sink = {{.commit = append}, NULL};
    hra_sink *sinks[] = {&sink.sink};
    const hra_generate_options options = {.seed = 1, .rows = rows, .groups = 1000, .without_keys = true};
    const hra_store_facts facts = {.definitions_hash = hra_library_hash(library), .command = "bench_store"};
    HRA_TRY(hra_generate_open(hra_library_dictionary(library), &options, &people, error));
    hra_code code = hra_store_writer_new(path, people->schema, encoding, &sink.writer, error);
    if (!code) code = hra_run(people, NULL, sinks, 1, NULL, NULL, error);
    if (!code) code = hra_store_writer_finish(sink.writer, &facts, error);
    hra_store_writer_free(sink.writer);
    people->close(people);
    return code;
}

static bool is_measured(const hra_schema *schema, int column)
{
    const char *name = hra_dictionary_at(schema->dictionary, schema->columns[column].variable)->name;
    for (int i = 0; i < NAMES; i++)
        if (strcmp(name, names[i]) == 0) return true;
    return false;
}

/* ---- as a run reads ---- */

typedef struct reading {
    double seconds, decoded; /* bytes of codes */
    double stored;           /* bytes in the file */
} reading;

static hra_code fill_all(hra_source *store, reading *r, hra_error *error)
{
    const hra_schema *schema = store->schema;
    for (;;) {
        int64_t sequence = -1;
        void *ticket = NULL;
        hra_chunk chunk = {0};
        HRA_TRY(store->claim(store, &sequence, &ticket, error));
        if (sequence < 0) return HRA_OK;
        double start = hra_seconds();
        HRA_TRY(store->fill(store, sequence, ticket, &chunk, error));
        r->seconds += hra_seconds() - start;
        for (int c = 0; c < schema->column_count; c++)
            r->decoded += chunk.rows * (chunk.columns[c].u16 ? 2.0 : chunk.columns[c].u32 ? 4.0 : 0.0);
        store->release(store, &chunk);
    }
}

/* Only the measured columns: no others, no labels, no keys. */
static hra_code read_store(const char *path, const hra_dictionary *dictionary, reading *r, hra_error *error)
{
    hra_source *store = NULL;
    HRA_TRY(hra_store_open(path, dictionary, &store, error));
    const hra_schema *schema = store->schema;
    bool *wanted = calloc((size_t)schema->column_count + 1, sizeof *wanted);
    bool *labels = calloc((size_t)schema->label_count + 1, sizeof *labels);
    hra_code code = wanted && labels ? HRA_OK : hra_out_of_memory(error);
    *r = (reading){0};
    for (int c = 0; c < schema->column_count && !code; c++) {
        const char *encoding;
        uint64_t stored = 0;
        wanted[c] = is_measured(schema, c);
        if (wanted[c]) hra_store_column_facts(store, c, &encoding, &stored);
        r->stored += (double)stored;
    }
    store->wanted = wanted;
    store->wanted_labels = labels;
    if (!code) code = fill_all(store, r, error);
    store->close(store);
    free(wanted);
    free(labels);
    return code;
}

static hra_code best_reading(const char *path, const hra_dictionary *dictionary, int rounds, reading *best,
                             hra_error *error)
{
    for (int k = 0; k < rounds; k++) {
        reading r;
        HRA_TRY(read_store(path, dictionary, &r, error));
        if (k == 0 || r.seconds < best->seconds) *best = r;
    }
    return HRA_OK;
}

/* ---- limits ---- */

static double copy_rate(int rounds)
{
    char *from = malloc(MEMORY), *to = malloc(MEMORY);
    double best = 0;
    for (int k = 0; k < rounds && from && to; k++) {
        memset(from, k, MEMORY);
        double start = hra_seconds();
        for (size_t at = 0; at < MEMORY; at += LARGEST / 4) memcpy(to, from + at, LARGEST / 4); /* codes stay near */
        double rate = MEMORY / (hra_seconds() - start);
        best = rate > best ? rate : best;
    }
    free(from);
    free(to);
    return best;
}

static double pread_rate(const char *path, int rounds)
{
    enum { PIECE = 64 << 10 };
    static char piece[PIECE];
    double best = 0;
    int file = open(path, O_RDONLY);
    for (int k = 0; k < rounds && file >= 0; k++) {
        double start = hra_seconds();
        off_t at = 0;
        for (ssize_t got; at < MEMORY && (got = pread(file, piece, PIECE, at)) > 0;) at += got;
        double rate = (double)at / (hra_seconds() - start);
        best = rate > best ? rate : best;
    }
    if (file >= 0) close(file);
    return best;
}

/* All chunks of one dataset; seconds are added. */
static bool inflate_dataset(hid_t file, const char *name, int descriptor, struct libdeflate_decompressor *inflater,
                            unsigned char *packed, unsigned char *plain, double *seconds)
{
    hra_h5_id group = hra_h5_member(file, "variables");
    hra_h5_id dataset = group > 0 ? hra_h5_member(group, name) : -1;
    hra_h5_id space = dataset > 0 ? H5Dget_space(dataset) : -1;
    hsize_t count = 0;
    if (space < 0 || H5Dget_num_chunks(dataset, space, &count) < 0) return false;
    for (hsize_t i = 0; i < count; i++) {
        hsize_t offset[1], size = 0;
        haddr_t address = 0;
        unsigned mask = 0;
        size_t length = 0;
        if (H5Dget_chunk_info(dataset, space, i, offset, &mask, &address, &size) < 0 || size > LARGEST) return false;
        double start = hra_seconds();
        if (pread(descriptor, packed, size, (off_t)address) != (ssize_t)size) return false;
        if (libdeflate_zlib_decompress(inflater, packed, size, plain, LARGEST, &length) != LIBDEFLATE_SUCCESS)
            return false;
        *seconds += hra_seconds() - start;
    }
    return true;
}

/* Seconds that bare libdeflate takes for the measured columns; 0: it failed. */
static double bare_inflate(const char *path, int rounds)
{
    unsigned char *packed = malloc(LARGEST), *plain = malloc(LARGEST);
    struct libdeflate_decompressor *inflater = libdeflate_alloc_decompressor();
    int descriptor = open(path, O_RDONLY);
    double best = 0;
    hid_t file = -1;
    bool good = packed && plain && inflater && descriptor >= 0;
    hra_h5_lock();
    good = good && hra_h5_open(path, &file, NULL) == HRA_OK;
    for (int k = 0; k < rounds && good; k++) {
        double seconds = 0;
        for (int i = 0; i < NAMES && good; i++)
            good = inflate_dataset(file, names[i], descriptor, inflater, packed, plain, &seconds);
        if (k == 0 || seconds < best) best = seconds;
    }
    hra_h5_release(&file);
    hra_h5_unlock();
    if (descriptor >= 0) close(descriptor);
    if (inflater) libdeflate_free_decompressor(inflater);
    free(packed);
    free(plain);
    return good ? best : 0;
}

/* ---- all of it ---- */

static hra_code measure(const hra_library *library, const char *packed, const char *deflated, int64_t rows, int rounds,
                        hra_error *error)
{
    const hra_dictionary *dictionary = hra_library_dictionary(library);
    reading r = {0};
    HRA_TRY(make_store(packed, library, rows, HRA_STORE_SCALE_OFFSET, error));
    HRA_TRY(make_store(deflated, library, rows, HRA_STORE_DEFLATE, error));
    double copy = copy_rate(rounds), read = pread_rate(packed, rounds);
    print("memcpy", copy, 0);
    print("pread from the page cache", read, 0);
    HRA_TRY(best_reading(packed, dictionary, rounds, &r, error));
    print("scale-offset to codes", r.decoded / r.seconds, r.decoded / (r.stored / read + r.decoded / copy));
    HRA_TRY(best_reading(deflated, dictionary, rounds, &r, error));
    double bare = bare_inflate(deflated, rounds);
    if (bare <= 0) return hra_fail(error, HRA_EINTERNAL, "bare libdeflate cannot read the chunks of %s", deflated);
    print("deflate to codes", r.decoded / r.seconds, r.decoded / bare);
    return HRA_OK;
}

int main(int argc, char **argv)
{
    char packed[4096], deflated[4096];
    hra_error error = {0};
    int64_t rows = argc > 2 ? atoll(argv[2]) : 2000000;
    int rounds = argc > 3 ? atoi(argv[3]) : 7;
    if (argc < 2 || rows < 1 || rounds < 1 || rounds > ROUNDS_MOST) {
        fprintf(stderr, "usage: bench_store FOLDER [ROWS [ROUNDS]]\n");
        return 2;
    }
    snprintf(packed, sizeof packed, "%s/bench_store_packed.h5", argv[1]);
    snprintf(deflated, sizeof deflated, "%s/bench_store_deflated.h5", argv[1]);
    hra_library *library = hra_library_new();
    hra_diagnostics *faults = hra_diagnostics_new();
    hra_code code = library && faults ? hra_library_add_builtin(library, faults, &error) : HRA_ENOMEM;
    if (!code) code = hra_library_check(library, faults, &error);
    if (!code) code = measure(library, packed, deflated, rows, rounds, &error);
    if (code) fprintf(stderr, "bench_store: %s\n", error.message);
    unlink(packed);
    unlink(deflated);
    hra_diagnostics_free(faults);
    hra_library_free(library);
    return code ? 1 : 0;
}
