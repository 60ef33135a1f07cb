/* What reading a dataset by offset takes, in the summary of a store: written, and taken from it without HDF5. */
#include <errno.h>
#include <string.h>

#include "io/hdf5/packed_internal.h"

bool hra_packed_put_parcel(const hra_packed *d, hra_buffer *out)
{
    const struct hra_packed_private *p = d->private;
    int64_t chunks = hra_packed_chunks(d);
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
    case HRA_ELEMENT_TEXT: return d->width > 0 && d->width <= HRA_PACKED_TEXT_WIDTH;
    default: return false;
    }
}

static bool filters_of_parcel(hra_packed *d, hra_parcel *rows)
{
    int64_t count = hra_parcel_number(rows);
    if (count < 0 || count > HRA_PACKED_FILTERS) return false;
    for (int i = 0; i < count; i++) {
        unsigned parameters[HRA_SO_PARAMETERS] = {(unsigned)d->width};
        H5Z_filter_t filter = (H5Z_filter_t)hra_parcel_number(rows);
        for (int k = 0; k < HRA_SO_PARAMETERS && filter == H5Z_FILTER_SCALEOFFSET; k++)
            parameters[k] = (unsigned)hra_parcel_number(rows);
        if (!hra_packed_take_filter(d, i, (int)count, filter, parameters, HRA_SO_PARAMETERS)) return false;
    }
    d->private->filter_count = (int)count;
    hra_packed_name_encoding(d);
    return true;
}

void hra_packed_place_of_parcel(hra_parcel *table, hra_chunk_place *place)
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
    int64_t count = hra_packed_chunks(d);
    d->private->has_sums = hra_parcel_number(rows) != 0;
    d->private->table = hra_parcel_place(rows);
    rows->failed |= (uint64_t)count > hra_parcel_left(rows) / HRA_PLACE_BYTES;
    for (int64_t i = 0; i < count && !rows->failed; i++) {
        hra_chunk_place place;
        hra_packed_place_of_parcel(rows, &place);
        HRA_TRY(hra_packed_check_place(d, i, &place, place.size, error));
        d->stored_bytes += place.size;
    }
    return HRA_OK;
}

hra_code hra_packed_of_parcel(hra_parcel *rows, const char *name, int file, uint64_t file_size, hra_arena *arena,
                              hra_packed **out, hra_error *error)
{
    hra_packed *d = hra_packed_new(-1, name, file, file_size, arena);
    if (!d) return hra_out_of_memory(error);
    struct hra_packed_private *p = d->private;
    d->element = (hra_element)hra_parcel_number(rows);
    int64_t width = hra_parcel_number(rows), chunk_rows;
    d->width = width > 0 && width <= HRA_PACKED_TEXT_WIDTH ? (int)width : 0;
    d->rows = hra_parcel_number(rows);
    chunk_rows = hra_parcel_number(rows);
    bool one_chunk = chunk_rows > 0 && chunk_rows < HRA_CHUNK_ROWS && chunk_rows >= d->rows;
    bool fits =
        fits_element(d) && d->rows >= 0 && d->rows <= HRA_PACKED_ROWS && (one_chunk || chunk_rows == HRA_CHUNK_ROWS);
    p->chunk_rows = fits ? (int)chunk_rows : 1;
    p->direct = true;
    if (fits && filters_of_parcel(d, rows))
        HRA_TRY(places_of_parcel(d, rows, error));
    else
        rows->failed = true;
    if (rows->fault == ENOMEM) return hra_out_of_memory(error);
    if (rows->fault) return hra_fail(error, HRA_EIO, "%s: reading failed: %s", name, strerror(rows->fault));
    if (rows->failed) return hra_fail(error, HRA_EINPUT, "%s: its summary makes no sense (damaged file)", name);
    *out = d;
    return HRA_OK;
}
