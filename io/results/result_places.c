/* Where the rows of a finished result stand in its file, so that a hash can guard all the rest. */
#include <errno.h>
#include <stdlib.h>

#include "io/people/store_layout.h"
#include "io/results/result_places.h"
#include "io/results/result_sums.h"

static hra_code add(hra_places *p, uint64_t offset, uint64_t length, hra_error *error)
{
    if (p->count == p->capacity) {
        int64_t capacity = 2 * p->capacity + 64;
        hra_summary_range *ranges = realloc(p->ranges, (size_t)capacity * sizeof *ranges);
        if (!ranges) return hra_out_of_memory(error);
        p->ranges = ranges;
        p->capacity = capacity;
    }
    p->ranges[p->count++] = (hra_summary_range){offset, length};
    return HRA_OK;
}

/* Ranges that touch become one. Chunks that were written together stand together, so few are left. */
static void join(hra_places *p)
{
    int64_t kept = 0;
    if (p->count > 1) qsort(p->ranges, (size_t)p->count, sizeof *p->ranges, hra_summary_by_offset);
    for (int64_t i = 0; i < p->count; i++) {
        hra_summary_range *last = kept > 0 ? &p->ranges[kept - 1] : NULL;
        if (last && last->offset + last->length == p->ranges[i].offset)
            last->length += p->ranges[i].length;
        else
            p->ranges[kept++] = p->ranges[i];
    }
    p->count = kept;
}

/* Of datasets that got their place at the start. */
static hra_code places_of_known(const hra_result_writer *w, hra_places *out, hra_error *error)
{
    const hra_result_layout *l = &w->layout;
    for (int i = 0; i < l->count; i++) {
        uint64_t size = (uint64_t)w->total * hra_result_row_size(&l->columns[i]);
        if (l->columns[i].offset >= 0) HRA_TRY(add(out, (uint64_t)l->columns[i].offset, size, error));
    }
    if (l->sums_offset < 0) return HRA_OK;
    return add(out, (uint64_t)l->sums_offset, (uint64_t)hra_result_sums_size(l, w->total), error);
}

/* The chunk of a dataset that holds row `row`. */
static hra_code add_chunk(const hra_result_writer *w, hid_t dataset, int64_t row, hra_places *out, hra_error *error)
{
    hsize_t coordinates[2] = {(hsize_t)row, 0}, size = 0;
    haddr_t address = HADDR_UNDEF;
    unsigned skipped = 0;
    errno = 0;
    if (H5Dget_chunk_info_by_coord(dataset, coordinates, &skipped, &address, &size) < 0 || address == HADDR_UNDEF)
        return hra_h5_fail(error, HRA_EIO, "%s: rows from %lld on have no place in the file", w->partial,
                           (long long)row);
    return add(out, address, size, error);
}

/* Of datasets that grew: all chunks of the same rows, and on. */
static hra_code places_of_grown(const hra_result_writer *w, hra_places *out, hra_error *error)
{
    const hra_result_layout *l = &w->layout;
    for (int64_t first = 0; first < w->rows; first += HRA_CHUNK_ROWS) {
        for (int i = 0; i < l->count; i++) HRA_TRY(add_chunk(w, l->columns[i].dataset, first, out, error));
        HRA_TRY(add_chunk(w, l->sums, first / HRA_SUM_ROWS, out, error));
        join(out);
    }
    return HRA_OK;
}

hra_code hra_result_places(const hra_result_writer *w, hra_places *out, hra_error *error)
{
    *out = (hra_places){0};
    return w->total < 0 ? places_of_grown(w, out, error) : places_of_known(w, out, error);
}

void hra_places_free(hra_places *places)
{
    free(places->ranges);
    *places = (hra_places){0};
}
