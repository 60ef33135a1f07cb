#include "io/packed_dataset.h"

#include <errno.h>
#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/data/column.h"
#include "io/checksum.h"
#include "io/content_hash.h"
#include "io/vector_level.h"

enum { MAX_FILTERS = 4, MAX_TEXT_WIDTH = 4096, CACHE_BYTES = 64 << 20, PLACE_BYTES = 24 };
#define MAX_ROWS ((int64_t)1 << 36)

typedef struct chunk_place {
    uint64_t offset; /* HADDR_UNDEF: never written */
    uint32_t size, skipped_filters;
    uint32_t sum; /* of the stored bytes, where the file has checksums */
} chunk_place;

struct hra_packed_private {
    hid_t dataset, memory_type;
    int file;
    bool direct;
    int chunk_rows; /* of direct datasets: HRA_CHUNK_ROWS, or all rows in one smaller chunk */
    H5Z_filter_t filters[MAX_FILTERS];
    int filter_count;
    unsigned parameters[HRA_SO_PARAMETERS]; /* of scale-offset */
    const chunk_place *chunks;              /* NULL: they stand in the file, from `table` on */
    uint64_t table, file_size;
    bool has_sums; /* the file has checksums of the stored chunks */
};

/* ---- opening ---- */

static bool has_sign(hid_t type)
{
    if (H5Tget_class(type) != H5T_ENUM) return H5Tget_sign(type) == H5T_SGN_2;
    hra_h5_id base = H5Tget_super(type);
    return H5Tget_sign(base) == H5T_SGN_2;
}

/* Element kind, width and the type to read as; false if such data cannot be in a store. */
static bool describe_type(hra_packed *d, hid_t type, bool *plain_bytes)
{
    size_t size = H5Tget_size(type);
    hid_t memory = -1;
    *plain_bytes = false;
    switch (H5Tget_class(type)) {
    case H5T_INTEGER:
    case H5T_ENUM: /* how h5py writes booleans */
        if (size != 1 && size != 2 && size != 4 && size != 8) return false;
        d->element = has_sign(type) ? HRA_ELEMENT_SIGNED : HRA_ELEMENT_UNSIGNED;
        memory = H5Tget_native_type(type, H5T_DIR_ASCEND);
        *plain_bytes = H5Tequal(type, memory) > 0;
        d->width = (int)H5Tget_size(memory);
        break;
    case H5T_FLOAT:
        d->element = HRA_ELEMENT_DOUBLE;
        memory = H5Tcopy(H5T_NATIVE_DOUBLE);
        *plain_bytes = H5Tequal(type, memory) > 0;
        d->width = 8;
        break;
    case H5T_STRING:
        if (H5Tis_variable_str(type) > 0 || size > MAX_TEXT_WIDTH) return false;
        d->element = HRA_ELEMENT_TEXT;
        memory = H5Tcopy(type);
        *plain_bytes = true;
        d->width = (int)size;
        break;
    default: return false;
    }
    d->private->memory_type = memory;
    return memory > 0;
}

/* The filter at place `i` of `count`; false if only HDF5 can undo it. */
static bool take_filter(hra_packed *d, int i, int count, H5Z_filter_t filter, const unsigned *parameters,
                        size_t parameter_count)
{
    struct hra_packed_private *p = d->private;
    p->filters[i] = filter;
    if (filter == H5Z_FILTER_SCALEOFFSET) {
        if (i != 0 || !hra_so_filter_parse(parameters, parameter_count, &d->filter)) return false;
        if (d->filter.width != d->width || d->filter.is_signed != (d->element == HRA_ELEMENT_SIGNED)) return false;
        if (d->filter.elements != (unsigned)p->chunk_rows || d->filter.big_endian) return false;
        memcpy(p->parameters, parameters, sizeof p->parameters);
        d->has_filter = true;
        return true;
    }
    if (filter == H5Z_FILTER_SHUFFLE)
        return parameter_count >= 1 && parameters[0] == (unsigned)d->width && i + 1 < count;
    return filter == H5Z_FILTER_DEFLATE;
}

static void name_encoding(hra_packed *d)
{
    const struct hra_packed_private *p = d->private;
    d->encoding = p->filter_count == 0 ? "plain" : "other";
    if (p->filter_count == 1 && d->has_filter) d->encoding = "scale-offset";
    if (p->filter_count == 1 && p->filters[0] == H5Z_FILTER_DEFLATE) d->encoding = "deflate";
    if (p->filter_count == 2 && p->filters[0] == H5Z_FILTER_SHUFFLE) d->encoding = "shuffle+deflate";
}

/* Reads the filter pipeline; false if it holds something only HDF5 can undo. */
static bool describe_filters(hra_packed *d, hid_t plist)
{
    int count = H5Pget_nfilters(plist);
    d->encoding = "other";
    if (count < 0 || count > MAX_FILTERS) return false;
    for (int i = 0; i < count; i++) {
        unsigned flags, parameters[HRA_SO_PARAMETERS] = {0}, config;
        size_t parameter_count = HRA_SO_PARAMETERS;
        H5Z_filter_t filter =
            H5Pget_filter2(plist, (unsigned)i, &flags, &parameter_count, parameters, 0, NULL, &config);
        if (!take_filter(d, i, count, filter, parameters, parameter_count)) return false;
    }
    d->private->filter_count = count;
    name_encoding(d);
    return true;
}

static size_t plain_size(const hra_packed *d) { return (size_t)d->private->chunk_rows * (unsigned)d->width; }

static hra_code check_place(const hra_packed *d, int64_t index, const chunk_place *place, uint64_t size,
                            hra_error *error)
{
    uint64_t plain = plain_size(d), file_size = d->private->file_size;
    bool filtered = (~place->skipped_filters & ((1u << d->private->filter_count) - 1)) != 0;
    bool size_fits = filtered ? size <= 2 * plain + 4096 : size == plain;
    if (!size_fits || place->offset > file_size || size > file_size - place->offset)
        return hra_fail(error, HRA_EINPUT, "%s: chunk %lld lies outside the file or has a wrong size (damaged file)",
                        d->name, (long long)index);
    return HRA_OK;
}

static int64_t chunk_count(const hra_packed *d) { return (d->rows + HRA_CHUNK_ROWS - 1) / HRA_CHUNK_ROWS; }

/* *sums is NULL where the file has none. */
static hra_code read_sums(hra_packed *d, hra_arena *arena, const uint32_t **sums, hra_error *error)
{
    int64_t count, chunks = chunk_count(d);
    if (hra_h5_get_words(d->private->dataset, HRA_CHUNK_SUMS, arena, sums, &count))
        return hra_fail(error, HRA_ENOMEM, "out of memory");
    d->private->has_sums = *sums != NULL;
    if (count == chunks || H5Aexists(d->private->dataset, HRA_CHUNK_SUMS) <= 0) return HRA_OK;
    return hra_fail(error, HRA_EINPUT, "%s has checksums of %lld chunks, but %lld chunks (damaged file)", d->name,
                    (long long)count, (long long)chunks);
}

static hra_code read_places(hra_packed *d, hra_arena *arena, hra_error *error)
{
    int64_t count = chunk_count(d);
    const uint32_t *sums;
    HRA_TRY(read_sums(d, arena, &sums, error));
    chunk_place *places = hra_arena_alloc(arena, (size_t)count * sizeof *places + 1);
    if (!places) return hra_fail(error, HRA_ENOMEM, "out of memory");
    for (int64_t i = 0; i < count; i++) {
        hsize_t coordinate = (hsize_t)i * HRA_CHUNK_ROWS, size = 0;
        haddr_t address = HADDR_UNDEF;
        unsigned mask = 0;
        if (H5Dget_chunk_info_by_coord(d->private->dataset, &coordinate, &mask, &address, &size) < 0)
            return hra_h5_fail(error, HRA_EINPUT, "%s: chunk %lld cannot be found", d->name, (long long)i);
        places[i] = (chunk_place){.offset = HADDR_UNDEF, .sum = sums ? sums[i] : 0};
        if (address == HADDR_UNDEF || size == 0) continue;
        places[i].offset = address;
        places[i].size = (uint32_t)size;
        places[i].skipped_filters = mask;
        HRA_TRY(check_place(d, i, &places[i], size, error));
        d->stored_bytes += size;
    }
    d->private->chunks = places;
    return HRA_OK;
}

/* Whether blocks can be read by offset: our chunk size and only filters we can undo. */
static bool chunks_fit(hra_packed *d, hid_t plist, bool plain_bytes)
{
    hsize_t chunk = 0;
    if (H5Pget_layout(plist) != H5D_CHUNKED || H5Pget_chunk(plist, 1, &chunk) != 1) {
        d->encoding = "plain";
        return false;
    }
    bool one_chunk = chunk < HRA_CHUNK_ROWS && chunk >= (hsize_t)d->rows;
    d->private->chunk_rows = one_chunk ? (int)chunk : HRA_CHUNK_ROWS;
    bool filters_fit = describe_filters(d, plist);
    return filters_fit && plain_bytes && (one_chunk || chunk == HRA_CHUNK_ROWS) && d->private->file >= 0;
}

/* A chunk that HDF5 must decode should stay in its cache until all its blocks are read. The cache size counts only
 * when a dataset is opened afresh. */
static hra_code enlarge_cache(hra_packed *d, hid_t plist, hra_error *error)
{
    struct hra_packed_private *p = d->private;
    hsize_t chunk = 0, width = (hsize_t)d->width;
    char name[1024];
    if (H5Pget_layout(plist) != H5D_CHUNKED || H5Pget_chunk(plist, 1, &chunk) != 1) return HRA_OK;
    if (chunk > CACHE_BYTES / width || chunk * width <= (1u << 20)) return HRA_OK;
    ssize_t length = H5Iget_name(p->dataset, name, sizeof name);
    if (length <= 0 || length >= (ssize_t)sizeof name) return HRA_OK;
    hra_h5_id file = H5Iget_file_id(p->dataset);
    hra_h5_id access = H5Pcreate(H5P_DATASET_ACCESS);
    H5Pset_chunk_cache(access, 521, (size_t)(chunk * width), 1.0);
    H5Dclose(p->dataset);
    p->dataset = H5Dopen2(file, name, access);
    return p->dataset > 0 ? HRA_OK : hra_h5_fail(error, HRA_EINPUT, "%s cannot be opened", d->name);
}

static hra_code open_dataset(hra_packed *d, hra_arena *arena, hra_error *error)
{
    struct hra_packed_private *p = d->private;
    d->rows = hra_h5_length(p->dataset);
    if (d->rows < 0) return hra_fail(error, HRA_EINPUT, "%s is not a one-dimensional dataset", d->name);
    if (d->rows > MAX_ROWS)
        return hra_fail(error, HRA_EINPUT, "%s claims %lld rows (damaged file)", d->name, (long long)d->rows);
    hra_h5_id type = H5Dget_type(p->dataset);
    hra_h5_id plist = H5Dget_create_plist(p->dataset);
    bool plain_bytes = false;
    if (type < 0 || plist < 0 || !describe_type(d, type, &plain_bytes))
        return hra_fail(error, HRA_EINPUT, "%s has a type that a store cannot hold", d->name);
    if (!hra_h5_storage_fits(p->dataset))
        return hra_fail(error, HRA_EINPUT, "%s holds fewer bytes than its rows need (damaged file)", d->name);
    if (H5Pget_layout(plist) == H5D_VIRTUAL || H5Pget_external_count(plist) != 0)
        return hra_fail(error, HRA_EINPUT, "%s has its data in other files, which is not accepted", d->name);
    p->direct = chunks_fit(d, plist, plain_bytes);
    if (p->direct) return read_places(d, arena, error);
    if (H5Pall_filters_avail(plist) <= 0)
        return hra_fail(error, HRA_EINPUT, "%s is compressed in a way that this HDF5 library lacks: use gzip or none",
                        d->name);
    d->stored_bytes = H5Dget_storage_size(p->dataset);
    return enlarge_cache(d, plist, error);
}

/* NULL: out of memory. */
static hra_packed *new_dataset(hid_t dataset, const char *name, int file, uint64_t file_size, hra_arena *arena)
{
    hra_packed *d = hra_arena_alloc(arena, sizeof *d);
    struct hra_packed_private *p = hra_arena_alloc(arena, sizeof *p);
    const char *kept_name = hra_arena_text(arena, name);
    if (!d || !p || !kept_name) return NULL;
    *p = (struct hra_packed_private){.dataset = dataset, .memory_type = -1, .file = file, .file_size = file_size};
    d->name = kept_name;
    d->private = p;
    return d;
}

hra_code hra_packed_open(hid_t dataset, const char *name, int file, uint64_t file_size, hra_arena *arena,
                         hra_packed **out, hra_error *error)
{
    hra_packed *d = new_dataset(dataset, name, file, file_size, arena);
    if (!d) {
        hra_h5_release(&dataset);
        return hra_fail(error, HRA_ENOMEM, "out of memory");
    }
    hra_code code = open_dataset(d, arena, error);
    if (code)
        hra_packed_close(d);
    else
        *out = d;
    return code;
}

hid_t hra_packed_id(const hra_packed *dataset) { return dataset->private->dataset; }

hid_t hra_packed_memory(const hra_packed *dataset) { return dataset->private->memory_type; }

void hra_packed_close(hra_packed *dataset)
{
    if (!dataset) return;
    hra_h5_release(&dataset->private->dataset);
    hra_h5_release(&dataset->private->memory_type);
    dataset->private->dataset = dataset->private->memory_type = -1;
}

/* ---- without HDF5 ---- */

bool hra_packed_put_parcel(const hra_packed *d, hra_buffer *out)
{
    const struct hra_packed_private *p = d->private;
    int64_t chunks = chunk_count(d);
    if (!p->direct) return false;
    for (int64_t i = 0; i < chunks; i++)
        if (p->chunks[i].offset == HADDR_UNDEF) return false;
    hra_parcel_put_number(out, d->element);
    hra_parcel_put_number(out, d->width);
    hra_parcel_put_number(out, d->rows);
    hra_parcel_put_number(out, p->chunk_rows);
    hra_parcel_put_number(out, p->filter_count);
    for (int i = 0; i < p->filter_count; i++) {
        bool packs = p->filters[i] == H5Z_FILTER_SCALEOFFSET;
        hra_parcel_put_number(out, p->filters[i]);
        for (int k = 0; k < HRA_SO_PARAMETERS && packs; k++) hra_parcel_put_number(out, p->parameters[k]);
    }
    hra_parcel_put_number(out, p->has_sums);
    for (int64_t i = 0; i < chunks; i++) {
        hra_parcel_put_number(out, (int64_t)p->chunks[i].offset);
        hra_parcel_put_number(out, (int64_t)p->chunks[i].size | (int64_t)p->chunks[i].skipped_filters << 32);
        hra_parcel_put_number(out, p->chunks[i].sum);
    }
    return true;
}

static bool fits_element(const hra_packed *d)
{
    bool whole = d->width == 1 || d->width == 2 || d->width == 4 || d->width == 8;
    switch (d->element) {
    case HRA_ELEMENT_SIGNED:
    case HRA_ELEMENT_UNSIGNED: return whole;
    case HRA_ELEMENT_DOUBLE: return d->width == 8;
    case HRA_ELEMENT_TEXT: return d->width > 0 && d->width <= MAX_TEXT_WIDTH;
    default: return false;
    }
}

static bool filters_of_parcel(hra_packed *d, hra_parcel *rows)
{
    int64_t count = hra_parcel_number(rows);
    if (count < 0 || count > MAX_FILTERS) return false;
    for (int i = 0; i < count; i++) {
        unsigned parameters[HRA_SO_PARAMETERS] = {(unsigned)d->width};
        H5Z_filter_t filter = (H5Z_filter_t)hra_parcel_number(rows);
        for (int k = 0; k < HRA_SO_PARAMETERS && filter == H5Z_FILTER_SCALEOFFSET; k++)
            parameters[k] = (unsigned)hra_parcel_number(rows);
        if (!take_filter(d, i, (int)count, filter, parameters, HRA_SO_PARAMETERS)) return false;
    }
    d->private->filter_count = (int)count;
    name_encoding(d);
    return true;
}

/* Three numbers: offset; size and skipped filters; checksum. */
static void place_of_parcel(hra_parcel *table, chunk_place *place)
{
    place->offset = (uint64_t)hra_parcel_number(table);
    uint64_t size = (uint64_t)hra_parcel_number(table);
    place->size = (uint32_t)size;
    place->skipped_filters = (uint32_t)(size >> 32);
    place->sum = (uint32_t)hra_parcel_number(table);
}

/* All of them are checked once; they are not kept. */
static hra_code places_of_parcel(hra_packed *d, hra_parcel *rows, hra_error *error)
{
    int64_t count = chunk_count(d);
    d->private->has_sums = hra_parcel_number(rows) != 0;
    d->private->table = hra_parcel_place(rows);
    rows->failed |= (uint64_t)count > hra_parcel_left(rows) / PLACE_BYTES;
    for (int64_t i = 0; i < count && !rows->failed; i++) {
        chunk_place place;
        place_of_parcel(rows, &place);
        HRA_TRY(check_place(d, i, &place, place.size, error));
        d->stored_bytes += place.size;
    }
    return HRA_OK;
}

hra_code hra_packed_of_parcel(hra_parcel *rows, const char *name, int file, uint64_t file_size, hra_arena *arena,
                              hra_packed **out, hra_error *error)
{
    hra_packed *d = new_dataset(-1, name, file, file_size, arena);
    if (!d) return hra_fail(error, HRA_ENOMEM, "out of memory");
    struct hra_packed_private *p = d->private;
    d->element = (hra_element)hra_parcel_number(rows);
    int64_t width = hra_parcel_number(rows), chunk_rows;
    d->width = width > 0 && width <= MAX_TEXT_WIDTH ? (int)width : 0;
    d->rows = hra_parcel_number(rows);
    chunk_rows = hra_parcel_number(rows);
    bool one_chunk = chunk_rows > 0 && chunk_rows < HRA_CHUNK_ROWS && chunk_rows >= d->rows;
    bool fits = fits_element(d) && d->rows >= 0 && d->rows <= MAX_ROWS && (one_chunk || chunk_rows == HRA_CHUNK_ROWS);
    p->chunk_rows = fits ? (int)chunk_rows : 1;
    p->direct = true;
    if (fits && filters_of_parcel(d, rows))
        HRA_TRY(places_of_parcel(d, rows, error));
    else
        rows->failed = true;
    if (rows->failed) return hra_fail(error, HRA_EINPUT, "%s: its summary makes no sense (damaged file)", name);
    *out = d;
    return HRA_OK;
}

int64_t hra_packed_chunk_count(const hra_packed *dataset)
{
    return dataset->private->direct ? chunk_count(dataset) : 0;
}

void hra_packed_chunk(const hra_packed *dataset, int64_t index, uint64_t *offset, uint64_t *size)
{
    *offset = dataset->private->chunks[index].offset;
    *size = dataset->private->chunks[index].size;
}

/* ---- reading ---- */

static uint8_t *room(hra_packed_scratch *scratch, int which, size_t size)
{
    if (scratch->capacity[which] < size) {
        free(scratch->bytes[which]);
        scratch->capacity[which] = 0;
        scratch->bytes[which] = malloc(size);
        if (scratch->bytes[which]) scratch->capacity[which] = size;
    }
    return scratch->bytes[which];
}

/* In what is lent or buffer 0, and as far behind the beginning of a line of the cache as in the file: the system copies
 * a twelfth faster between places that lie alike. */
static uint8_t *room_like_file(hra_packed_scratch *scratch, const chunk_place *place)
{
    enum { LINE = 64 };
    bool fits = place->size + LINE <= scratch->lent_size;
    uint8_t *bytes = fits ? scratch->lent : room(scratch, 0, place->size + LINE);
    return bytes ? bytes + (place->offset - (uintptr_t)bytes) % LINE : NULL;
}

void hra_packed_scratch_free(hra_packed_scratch *scratch)
{
    free(scratch->bytes[0]);
    free(scratch->bytes[1]);
    if (scratch->decompressor) libdeflate_free_decompressor(scratch->decompressor);
    *scratch = (hra_packed_scratch){0};
}

/* Where a chunk stands, from the table in the file if it is not in memory. */
static hra_code find_place(const hra_packed *d, int64_t index, chunk_place *place, hra_error *error)
{
    const struct hra_packed_private *p = d->private;
    uint8_t bytes[PLACE_BYTES];
    if (p->chunks) {
        *place = p->chunks[index];
        return HRA_OK;
    }
    if (!hra_read_at(p->file, p->table + (uint64_t)index * PLACE_BYTES, bytes, sizeof bytes))
        return hra_fail(error, HRA_EIO, "%s: where its chunks are cannot be read", d->name);
    hra_parcel table = {.at = bytes, .end = bytes + sizeof bytes};
    place_of_parcel(&table, place);
    return check_place(d, index, place, place->size, error);
}

static hra_code read_bytes(const hra_packed *d, const chunk_place *place, uint8_t *out, hra_error *error)
{
    for (size_t done = 0; done < place->size;) {
        ssize_t got = pread(d->private->file, out + done, place->size - done, (off_t)(place->offset + done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return hra_fail(error, HRA_EIO, "%s cannot be read: %s", d->name, strerror(errno));
        if (got == 0) return hra_fail(error, HRA_EIO, "%s: the file became shorter while it was read", d->name);
        done += (size_t)got;
    }
    return HRA_OK;
}

/* Of elements of `width` bytes the first of all stand before the second of all, and so on. The loops are compiled
 * twice; the processor decides at run time. */
#define DEFINE_UNSHUFFLE_FOR(name, width, target)                                                                      \
    target static void name(const uint8_t *restrict in, size_t count, uint8_t *restrict out)                           \
    {                                                                                                                  \
        for (size_t i = 0; i < count; i++)                                                                             \
            for (size_t byte = 0; byte < (width); byte++) out[(width)*i + byte] = in[byte * count + i];                \
    }
#define DEFINE_UNSHUFFLE(name, width)                                                                                  \
    DEFINE_UNSHUFFLE_FOR(name##_plain, width, )                                                                        \
    DEFINE_UNSHUFFLE_FOR(name##_avx2, width, HRA_AVX2)                                                                 \
    static void name(const uint8_t *in, size_t count, uint8_t *out)                                                    \
    {                                                                                                                  \
        (HRA_HAS_AVX2 ? name##_avx2 : name##_plain)(in, count, out);                                                   \
    }
DEFINE_UNSHUFFLE(unshuffle2, 2)
DEFINE_UNSHUFFLE(unshuffle4, 4)
DEFINE_UNSHUFFLE(unshuffle8, 8)

static void unshuffle(const uint8_t *in, size_t count, int width, uint8_t *out)
{
    switch (width) {
    case 2: unshuffle2(in, count, out); return;
    case 4: unshuffle4(in, count, out); return;
    case 8: unshuffle8(in, count, out); return;
    default: /* texts */
        for (int byte = 0; byte < width; byte++)
            for (size_t i = 0; i < count; i++) out[i * (size_t)width + (size_t)byte] = in[(size_t)byte * count + i];
    }
}

/* From *bytes into the buffer `to`, which *bytes is then. */
static hra_code inflate_chunk(const hra_packed *d, hra_packed_scratch *scratch, int to, const uint8_t **bytes,
                              size_t *size, hra_error *error)
{
    if (!scratch->decompressor) scratch->decompressor = libdeflate_alloc_decompressor();
    size_t capacity = plain_size(d) + HRA_SO_HEADER + 16;
    uint8_t *out = room(scratch, to, capacity);
    if (!scratch->decompressor || !out) return hra_fail(error, HRA_ENOMEM, "out of memory");
    enum libdeflate_result result =
        libdeflate_zlib_decompress(scratch->decompressor, *bytes, *size, out, capacity, size);
    if (result != LIBDEFLATE_SUCCESS) return hra_fail(error, HRA_EINPUT, "%s holds damaged compressed data", d->name);
    *bytes = out;
    return HRA_OK;
}

static hra_code check_sum(const hra_packed *d, int64_t index, const chunk_place *place, const uint8_t *bytes,
                          hra_error *error)
{
    if (!d->private->has_sums || (bytes && hra_checksum(0, bytes, place->size) == place->sum)) return HRA_OK;
    int64_t first = index * HRA_CHUNK_ROWS, left = d->rows - first;
    return hra_fail(error, HRA_EINPUT,
                    "%s: rows %lld to %lld are damaged, or were changed after they were written: their checksum does "
                    "not fit (make the file again, or take it from a copy)",
                    d->name, (long long)first,
                    (long long)(first + (left < HRA_CHUNK_ROWS ? left : HRA_CHUNK_ROWS) - 1));
}

/* Undoes the filters of `bytes`, in buffer 0 or lent, after the last one written; scale-offset is left to the caller.
 */
static hra_code unfilter(const hra_packed *d, const chunk_place *place, const uint8_t *bytes,
                         hra_packed_scratch *scratch, hra_packed_block *block, hra_error *error)
{
    const struct hra_packed_private *p = d->private;
    size_t plain = plain_size(d), size = place->size;
    int to = 1; /* the buffer that `bytes` do not stand in */
    for (int i = p->filter_count - 1; i >= 0; i--) {
        if (place->skipped_filters >> i & 1) continue;
        if (p->filters[i] == H5Z_FILTER_DEFLATE) {
            HRA_TRY(inflate_chunk(d, scratch, to, &bytes, &size, error));
            to = !to;
        } else if (p->filters[i] == H5Z_FILTER_SHUFFLE) {
            if (d->width == 1) continue; /* single bytes stay where they are */
            uint8_t *out = room(scratch, to, plain);
            if (!out) return hra_fail(error, HRA_ENOMEM, "out of memory");
            if (size != plain) break;
            unshuffle(bytes, (size_t)p->chunk_rows, d->width, out);
            bytes = out;
            to = !to;
        } else if (!d->filter.passthrough) {
            hra_error cause;
            if (hra_so_chunk_open(&d->filter, bytes, size, &block->packed, &cause))
                return hra_fail(error, HRA_EINPUT, "%s: %s", d->name, cause.message);
            block->plain = NULL;
            if (block->packed.bits == 8u * (unsigned)d->width) block->plain = block->packed.payload;
            return HRA_OK;
        }
    }
    block->plain = bytes;
    if (size == plain) return HRA_OK;
    return hra_fail(error, HRA_EINPUT, "%s: a chunk holds %zu bytes instead of %zu (damaged file)", d->name, size,
                    plain);
}

hra_code hra_packed_read(const hra_packed *dataset, int64_t index, hra_packed_scratch *scratch, hra_packed_block *block,
                         hra_error *error)
{
    const struct hra_packed_private *p = dataset->private;
    chunk_place place = {.offset = HADDR_UNDEF};
    if (p->direct) HRA_TRY(find_place(dataset, index, &place, error));
    if (place.offset != HADDR_UNDEF) {
        uint8_t *bytes = room_like_file(scratch, &place);
        if (!bytes) return hra_fail(error, HRA_ENOMEM, "out of memory");
        HRA_TRY(read_bytes(dataset, &place, bytes, error));
        scratch->bytes_read += place.size;
        HRA_TRY(check_sum(dataset, index, &place, bytes, error));
        return unfilter(dataset, &place, bytes, scratch, block, error);
    }
    HRA_TRY(check_sum(dataset, index, &place, NULL, error)); /* a chunk that was written has a place */
    int64_t first = index * HRA_CHUNK_ROWS, left = dataset->rows - first;
    uint8_t *out = room(scratch, 0, (size_t)HRA_CHUNK_ROWS * (unsigned)dataset->width);
    if (!out) return hra_fail(error, HRA_ENOMEM, "out of memory");
    block->plain = out;
    return hra_packed_read_rows(dataset, first, left < HRA_CHUNK_ROWS ? left : HRA_CHUNK_ROWS, out, error);
}

hra_code hra_packed_read_rows_locked(const hra_packed *d, int64_t first, int64_t count, void *out, hra_error *error)
{
    if (count <= 0) return HRA_OK;
    hsize_t start = (hsize_t)first, size = (hsize_t)count;
    hra_h5_id space = H5Dget_space(d->private->dataset);
    hra_h5_id memory = H5Screate_simple(1, &size, NULL);
    errno = 0;
    if (space < 0 || memory < 0 || H5Sselect_hyperslab(space, H5S_SELECT_SET, &start, NULL, &size, NULL) < 0 ||
        H5Dread(d->private->dataset, d->private->memory_type, memory, space, H5P_DEFAULT, out) < 0)
        return hra_h5_fail(error, HRA_EIO, "%s cannot be read", d->name);
    return HRA_OK;
}

hra_code hra_packed_read_rows(const hra_packed *dataset, int64_t first, int64_t count, void *out, hra_error *error)
{
    hra_h5_lock();
    hra_code code = hra_packed_read_rows_locked(dataset, first, count, out, error);
    hra_h5_unlock();
    return code;
}

int64_t hra_packed_integer(const hra_packed *dataset, const void *plain, size_t index)
{
    union {
        int8_t i8;
        int16_t i16;
        int32_t i32;
        int64_t i64;
    } v;
    size_t width = (size_t)dataset->width;
    bool is_signed = dataset->element == HRA_ELEMENT_SIGNED;
    memcpy(&v, (const uint8_t *)plain + index * width, width);
    switch (width) {
    case 1: return is_signed ? v.i8 : (uint8_t)v.i8;
    case 2: return is_signed ? v.i16 : (uint16_t)v.i16;
    case 4: return is_signed ? v.i32 : (int64_t)(uint32_t)v.i32;
    default: return v.i64;
    }
}
