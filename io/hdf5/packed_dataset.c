/* Opening a dataset through HDF5: its elements, its filters, where its chunks stand. */
#include "io/hdf5/packed_internal.h"

#include <string.h>

#include "io/hdf5/content_hash.h"

enum { CACHE_BYTES = 64 << 20 };

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
        if (H5Tis_variable_str(type) > 0 || size > HRA_PACKED_TEXT_WIDTH) return false;
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

bool hra_packed_take_filter(hra_packed *d, int i, int count, H5Z_filter_t filter, const unsigned *parameters,
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

void hra_packed_name_encoding(hra_packed *d)
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
    if (count < 0 || count > HRA_PACKED_FILTERS) return false;
    for (int i = 0; i < count; i++) {
        unsigned flags, parameters[HRA_SO_PARAMETERS] = {0}, config;
        size_t parameter_count = HRA_SO_PARAMETERS;
        H5Z_filter_t filter =
            H5Pget_filter2(plist, (unsigned)i, &flags, &parameter_count, parameters, 0, NULL, &config);
        if (!hra_packed_take_filter(d, i, count, filter, parameters, parameter_count)) return false;
    }
    d->private->filter_count = count;
    hra_packed_name_encoding(d);
    return true;
}

hra_code hra_packed_check_place(const hra_packed *d, int64_t index, const hra_chunk_place *place, uint64_t size,
                                hra_error *error)
{
    uint64_t plain = hra_packed_plain_size(d), file_size = d->private->file_size;
    bool filtered = (~place->skipped_filters & ((1u << d->private->filter_count) - 1)) != 0;
    bool size_fits = filtered ? size <= 2 * plain + 4096 : size == plain;
    if (!size_fits || place->offset > file_size || size > file_size - place->offset)
        return hra_fail(error, HRA_EINPUT, "%s: chunk %lld lies outside the file or has a wrong size (damaged file)",
                        d->name, (long long)index);
    return HRA_OK;
}

/* *sums is NULL where the file has none. */
static hra_code read_sums(hra_packed *d, hra_arena *arena, const uint32_t **sums, hra_error *error)
{
    int64_t count, chunks = hra_packed_chunks(d);
    if (hra_h5_get_words(d->private->dataset, HRA_CHUNK_SUMS, arena, sums, &count)) return hra_out_of_memory(error);
    d->private->has_sums = *sums != NULL;
    if (count == chunks || H5Aexists(d->private->dataset, HRA_CHUNK_SUMS) <= 0) return HRA_OK;
    return hra_fail(error, HRA_EINPUT, "%s has checksums of %lld chunks, but %lld chunks (damaged file)", d->name,
                    (long long)count, (long long)chunks);
}

static hra_code read_places(hra_packed *d, hra_arena *arena, hra_error *error)
{
    int64_t count = hra_packed_chunks(d);
    const uint32_t *sums;
    HRA_TRY(read_sums(d, arena, &sums, error));
    hra_chunk_place *places = hra_arena_alloc(arena, (size_t)count * sizeof *places + 1);
    if (!places) return hra_out_of_memory(error);
    for (int64_t i = 0; i < count; i++) {
        hsize_t coordinate = (hsize_t)i * HRA_CHUNK_ROWS, size = 0;
        haddr_t address = HADDR_UNDEF;
        unsigned mask = 0;
        if (H5Dget_chunk_info_by_coord(d->private->dataset, &coordinate, &mask, &address, &size) < 0)
            return hra_h5_fail(error, HRA_EINPUT, "%s: chunk %lld cannot be found", d->name, (long long)i);
        places[i] = (hra_chunk_place){.offset = HADDR_UNDEF, .sum = sums ? sums[i] : 0};
        if (address == HADDR_UNDEF || size == 0) continue;
        places[i].offset = address;
        places[i].size = (uint32_t)size;
        places[i].skipped_filters = mask;
        HRA_TRY(hra_packed_check_place(d, i, &places[i], size, error));
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
    if (d->rows > HRA_PACKED_ROWS)
        return hra_fail(error, HRA_EINPUT, "%s claims %lld rows (damaged file)", d->name, (long long)d->rows);
    hra_h5_id type = H5Dget_type(p->dataset);
    hra_h5_id plist = H5Dget_create_plist(p->dataset);
    bool plain_bytes = false;
    if (type < 0 || plist < 0 || !describe_type(d, type, &plain_bytes))
        return hra_fail(error, HRA_EINPUT, "%s has a type that a store cannot hold", d->name);
    if (H5Pget_layout(plist) != H5D_CHUNKED && !hra_h5_storage_fits(p->dataset))
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

hra_packed *hra_packed_new(hid_t dataset, const char *name, int file, uint64_t file_size, hra_arena *arena)
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
    hra_packed *d = hra_packed_new(dataset, name, file, file_size, arena);
    if (!d) {
        hra_h5_release(&dataset);
        return hra_out_of_memory(error);
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

int64_t hra_packed_chunk_count(const hra_packed *dataset)
{
    return dataset->private->direct ? hra_packed_chunks(dataset) : 0;
}

void hra_packed_chunk(const hra_packed *dataset, int64_t index, uint64_t *offset, uint64_t *size)
{
    *offset = dataset->private->chunks[index].offset;
    *size = dataset->private->chunks[index].size;
}
