/* The datasets of a result store, with their attributes: made, or found again. */
#include <errno.h>
#include <math.h>

#include "engine/graph/status.h"
#include "io/hdf5/content_hash.h"
#include "io/people/store_layout.h"
#include "io/results/result_layout.h"
#include "io/results/result_sums.h"

/* ---- attributes ---- */

static const char *role_name(hra_output_role role)
{
    switch (role) {
    case HRA_ROLE_MODEL: return "model";
    case HRA_ROLE_PANEL: return "panel";
    case HRA_ROLE_FACTOR: return "factor";
    case HRA_ROLE_TIER: return "tier";
    case HRA_ROLE_PRESCRIPTION: return "prescription";
    case HRA_ROLE_DERIVED: return "derived";
    case HRA_ROLE_TIER_REASON: return "tier_reason";
    case HRA_ROLE_ITEM: return "item";
    case HRA_ROLE_MONITOR: return "monitor";
    case HRA_ROLE_TOPIC: return "topic";
    case HRA_ROLE_REFERENCE: return "reference";
    case HRA_ROLE_WHAT_IF: return "what_if";
    case HRA_ROLE_FIRST_STEP: return "first_step";
    case HRA_ROLE_AGGREGATE: break;
    }
    return "aggregate";
}

/* One-word meanings of the stored integers, as CF has them. */
static hra_code put_levels(const hra_result_column *c, const hra_output *o, hra_arena *arena, hra_error *error)
{
    bool flag = o->kind == HRA_OUTPUT_FLAG;
    int count = flag ? 2 : o->level_count;
    int64_t *values = hra_arena_alloc(arena, (size_t)count * sizeof *values + 1);
    const char *meanings = flag ? "false true" : "";
    for (int i = 0; i < count && values && meanings; i++) {
        values[i] = i;
        if (!flag) meanings = hra_arena_printf(arena, "%s%s%s", meanings, i ? " " : "", o->levels[i]);
    }
    if (!values || !meanings) return hra_out_of_memory(error);
    if (count > 0) HRA_TRY(hra_h5_put_ints(c->dataset, "flag_values", c->type, values, count, error));
    return hra_h5_put_text(c->dataset, "flag_meanings", meanings, error);
}

static hra_code put_fill(const hra_result_column *c, hra_error *error)
{
    hra_h5_id space = H5Screate(H5S_SCALAR);
    hra_h5_id attribute = H5Acreate2(c->dataset, "_FillValue", c->type, space, H5P_DEFAULT, H5P_DEFAULT);
    double unknown = NAN;
    int64_t ones = c->item_size == 1 ? UINT8_MAX : UINT16_MAX, none = -1;
    herr_t written = -1;
    if (attribute > 0 && (c->content == HRA_RESULT_REAL || c->content == HRA_RESULT_KEPT))
        written = H5Awrite(attribute, H5T_NATIVE_DOUBLE, &unknown);
    else if (attribute > 0)
        written = H5Awrite(attribute, H5T_NATIVE_INT64, c->content == HRA_RESULT_ORDINAL ? &ones : &none);
    return written >= 0 ? HRA_OK : hra_h5_fail(error, HRA_EIO, "%s/%s cannot be written", c->group, c->name);
}

static hra_code put_output_attributes(const hra_result_layout *l, const hra_result_column *c, hra_arena *arena,
                                      hra_error *error)
{
    const hra_output *o = &l->outputs[c->output];
    const char *status = hra_result_status_name(l, o->status_of, arena);
    if (!status) return hra_out_of_memory(error);
    HRA_TRY(put_fill(c, error));
    HRA_TRY(hra_h5_put_text(c->dataset, "owner", o->owner, error));
    HRA_TRY(hra_h5_put_text(c->dataset, "role", role_name(o->role), error));
    /* an output whose status is that of a factor or prescription has none here */
    if (!hra_result_in_set(&l->outputs[o->status_of])) HRA_TRY(hra_h5_put_text(c->dataset, "status", status, error));
    if (c->content == HRA_RESULT_ORDINAL) return put_levels(c, o, arena, error);
    if (o->decimals >= 0) HRA_TRY(hra_h5_put_int(c->dataset, "decimals", o->decimals, error));
    return hra_h5_put_text(c->dataset, "units", o->unit && *o->unit ? o->unit : "1", error);
}

static hra_code put_status_attributes(const hra_result_column *c, hra_arena *arena, hra_error *error)
{
    int64_t masks[8];
    const char *meanings = "";
    for (int i = 0; i < 8; i++) {
        masks[i] = (int64_t)1 << i;
        meanings = hra_arena_printf(arena, "%s%s%s", meanings, i ? " " : "", hra_status_word(1u << i));
        if (!meanings) return hra_out_of_memory(error);
    }
    HRA_TRY(hra_h5_put_ints(c->dataset, "flag_masks", H5T_STD_U8LE, masks, 8, error));
    return hra_h5_put_text(c->dataset, "flag_meanings", meanings, error);
}

static hra_code put_attributes(const hra_result_layout *l, const hra_result_column *c, hra_arena *arena,
                               hra_error *error)
{
    switch (c->content) {
    case HRA_RESULT_REAL:
    case HRA_RESULT_ORDINAL: return put_output_attributes(l, c, arena, error);
    case HRA_RESULT_STATUS: return put_status_attributes(c, arena, error);
    case HRA_RESULT_KEPT:
    case HRA_RESULT_LABEL:
    case HRA_RESULT_TEXT:
    case HRA_RESULT_LINE:
    case HRA_RESULT_FILE: return put_fill(c, error);
    case HRA_RESULT_KNOWN:
    case HRA_RESULT_TRUE:
    case HRA_RESULT_KEY: break;
    }
    return HRA_OK;
}

/* ---- datasets ---- */

/* Known length: contiguous, its place fixed now and never filled, to be written by offset. Unknown: chunks that grow,
 * with a cache of one chunk, as rows only ever come at the end. */
static hra_code create_dataset(hra_result_column *c, hid_t group, int64_t rows, hra_error *error)
{
    int rank = c->items ? 2 : 1;
    hsize_t size[2] = {rows < 0 ? 0 : (hsize_t)rows, (hsize_t)c->items};
    hsize_t most[2] = {H5S_UNLIMITED, (hsize_t)c->items}, chunk[2] = {HRA_CHUNK_ROWS, (hsize_t)c->items};
    hra_h5_id space = H5Screate_simple(rank, size, rows < 0 ? most : NULL);
    hra_h5_id create = hra_h5_new_dataset();
    hra_h5_id access = H5Pcreate(H5P_DATASET_ACCESS);
    herr_t set = H5Pset_fill_time(create, H5D_FILL_TIME_NEVER);
    if (rows >= 0 && set >= 0) set = H5Pset_alloc_time(create, H5D_ALLOC_TIME_EARLY);
    if (rows < 0 && set >= 0) set = H5Pset_chunk(create, rank, chunk);
    if (rows < 0 && set >= 0) set = H5Pset_chunk_cache(access, 3, HRA_CHUNK_ROWS * hra_result_row_size(c), 1.0);
    errno = 0;
    if (set >= 0) c->dataset = H5Dcreate2(group, c->name, c->type, space, H5P_DEFAULT, create, access);
    if (c->dataset < 0) return hra_h5_fail(error, HRA_EIO, "%s/%s cannot be created", c->group, c->name);
    return HRA_OK;
}

/* Where a dataset of known length stands, checked against what it must hold. */
static hra_code find_place(hra_result_column *c, int64_t rows, hra_error *error)
{
    uint64_t needed = (uint64_t)rows * hra_result_row_size(c);
    if (rows <= 0) return HRA_OK;
    haddr_t offset = H5Dget_offset(c->dataset);
    if (offset == HADDR_UNDEF || H5Dget_storage_size(c->dataset) != needed)
        return hra_h5_fail(error, HRA_EIO, "%s/%s has no place in the file", c->group, c->name);
    c->offset = (int64_t)offset;
    return HRA_OK;
}

int64_t hra_result_sums_size(const hra_result_layout *l, int64_t rows)
{
    return (rows + HRA_SUM_ROWS - 1) / HRA_SUM_ROWS * l->count * (int64_t)sizeof(uint32_t);
}

/* As the columns themselves: all its place at once, or growing. */
static hra_code create_sums(hra_result_layout *l, hid_t file, int64_t rows, hra_error *error)
{
    hsize_t width = (hsize_t)l->count, pieces = rows < 0 ? 0 : (hsize_t)((rows + HRA_SUM_ROWS - 1) / HRA_SUM_ROWS);
    hsize_t size[2] = {pieces, width}, most[2] = {H5S_UNLIMITED, width};
    hsize_t chunk[2] = {HRA_CHUNK_ROWS / HRA_SUM_ROWS, width};
    hra_h5_id group = hra_h5_group(file, "checksums");
    hra_h5_id space = H5Screate_simple(2, size, rows < 0 ? most : NULL);
    hra_h5_id create = hra_h5_new_dataset();
    hra_h5_id access = H5Pcreate(H5P_DATASET_ACCESS);
    herr_t set = rows < 0 ? H5Pset_chunk(create, 2, chunk) : H5Pset_alloc_time(create, H5D_ALLOC_TIME_EARLY);
    if (rows < 0 && set >= 0) set = H5Pset_chunk_cache(access, 3, chunk[0] * width * sizeof(uint32_t), 1.0);
    errno = 0;
    if (group > 0 && set >= 0) l->sums = H5Dcreate2(group, "crc32", H5T_STD_U32LE, space, H5P_DEFAULT, create, access);
    if (l->sums < 0) return hra_h5_fail(error, HRA_EIO, "checksums/crc32 cannot be created");
    HRA_TRY(hra_h5_put_int(l->sums, "rows", HRA_SUM_ROWS, error));
    for (int i = 0; i < l->count; i++) HRA_TRY(hra_h5_put_int(l->columns[i].dataset, HRA_SUM_COLUMN, i, error));
    return HRA_OK;
}

static hra_code find_sums(hra_result_layout *l, int64_t rows, hra_error *error)
{
    if (rows <= 0) return HRA_OK;
    haddr_t offset = H5Dget_offset(l->sums);
    if (offset == HADDR_UNDEF || H5Dget_storage_size(l->sums) != (hsize_t)hra_result_sums_size(l, rows))
        return hra_h5_fail(error, HRA_EIO, "checksums/crc32 has no place in the file");
    l->sums_offset = (int64_t)offset;
    return HRA_OK;
}

static hid_t group_of(hid_t file, const char *name)
{
    if (H5Lexists(file, name, H5P_DEFAULT) > 0) return H5Gopen2(file, name, H5P_DEFAULT);
    return hra_h5_group(file, name);
}

static hra_code create_catalogue(const hra_result_set *set, hid_t file, hra_error *error)
{
    if (set->count == 0) return HRA_OK;
    hra_h5_id group = group_of(file, set->group);
    return hra_h5_write_texts(group, "catalogue", set->ids, set->count, error);
}

hra_code hra_result_layout_create(hra_result_layout *l, hid_t file, int64_t rows, hra_error *error)
{
    hra_arena *arena = hra_arena_new();
    if (!arena) return hra_out_of_memory(error);
    hra_code code = HRA_OK;
    for (int i = 0; i < l->count && !code; i++) {
        hra_result_column *c = &l->columns[i];
        hra_h5_id group = group_of(file, c->group);
        code = create_dataset(c, group, rows, error);
        if (!code) code = put_attributes(l, c, arena, error);
        if (!code && rows >= 0) code = find_place(c, rows, error);
    }
    for (int i = 0; i < HRA_RESULT_SETS && !code; i++) code = create_catalogue(&l->sets[i], file, error);
    if (!code) code = create_sums(l, file, rows, error);
    if (!code && rows >= 0) code = find_sums(l, rows, error);
    hra_arena_free(arena);
    return code;
}

hra_code hra_result_layout_find(hra_result_layout *l, hid_t file, int64_t rows, hra_error *error)
{
    for (int i = 0; i < l->count; i++) {
        hra_result_column *c = &l->columns[i];
        hra_h5_id group = hra_h5_member(file, c->group);
        c->dataset = group > 0 ? hra_h5_member(group, c->name) : -1;
        hra_h5_id type = c->dataset > 0 ? H5Dget_type(c->dataset) : -1;
        if (type < 0 || H5Tequal(type, c->type) <= 0)
            return hra_h5_fail(error, HRA_ECONFLICT, "%s/%s is not as this run would make it", c->group, c->name);
        HRA_TRY(find_place(c, rows, error));
    }
    hra_h5_id checksums = hra_h5_member(file, "checksums");
    l->sums = checksums > 0 ? hra_h5_member(checksums, "crc32") : -1;
    if (l->sums < 0) return hra_h5_fail(error, HRA_ECONFLICT, "checksums/crc32 is not as this run would make it");
    return find_sums(l, rows, error);
}

void hra_result_layout_close(hra_result_layout *l)
{
    for (int i = 0; i < l->count; i++) {
        hra_h5_release(&l->columns[i].dataset);
        l->columns[i].dataset = -1;
    }
    hra_h5_release(&l->sums);
    l->sums = -1;
}
