/* What the columns of a table in somebody else's HDF5 file are. */
#include "io/hdf5/hdf5_columns.h"

#include <stdio.h>
#include <string.h>

#include "base/plain_text.h"

enum { MOST_BLOCKS = 4096, WIDEST_ROW = 1 << 20 };

/* What opening needs at hand. */
typedef struct opening {
    hra_h5_columns *columns;
    hra_arena *arena;
    const char *file;
    hra_error *error;
} opening;

static hra_code out_of_memory(const opening *o) { return hra_out_of_memory(o->error); }

static void leave_out(const opening *o, const char *name, const char *why)
{
    hra_buffer *list = &o->columns->left_out;
    hra_buffer_printf(list, "%s%s (%s)", list->length > 0 ? ", " : "", name, why);
}

/* ---- blocks ------------------------------------------------------------------------------ */

/* Why a dataset cannot be read; NULL: it can. */
static const char *obstacle(hid_t dataset)
{
    hra_h5_id plist = H5Dget_create_plist(dataset);
    if (plist < 0 || !hra_h5_storage_fits(dataset)) return "it is cut off";
    if (H5Pget_layout(plist) == H5D_VIRTUAL || H5Pget_external_count(plist) > 0) return "its data stand in other files";
    int filters = H5Pget_nfilters(plist);
    for (int i = 0; i < filters; i++) {
        size_t none = 0;
        unsigned flags, settings;
        H5Z_filter_t filter = H5Pget_filter2(plist, (unsigned)i, &flags, &none, NULL, 0, NULL, &settings);
        if (filter < 0 || H5Zfilter_avail(filter) <= 0)
            return "it is packed by a method this HDF5 library lacks; save it with gzip";
    }
    return NULL;
}

/* No packing of a real table saves a million to one; a damaged number of rows would give fill values without end. */
static const char *doubt(hid_t dataset, const hsize_t *size)
{
    static const double most = 1048576;
    double stored = (double)H5Dget_storage_size(dataset), rows = (double)size[0];
    if (size[0] > 0 && stored == 0) return "it was never written";
    return rows * (double)size[1] > stored * most ? "it claims more rows than it can hold" : NULL;
}

/* Takes a dataset over; *block is -1 if it cannot be read or has another number of rows. */
static hra_code add_block(const opening *o, hid_t dataset, const char *name, int *block)
{
    hra_h5_columns *c = o->columns;
    hsize_t size[2] = {0, 1};
    *block = -1;
    hra_h5_id space = H5Dget_space(dataset);
    int rank = H5Sget_simple_extent_ndims(space);
    const char *why = rank == 1 || rank == 2 ? obstacle(dataset) : "not one- or two-dimensional";
    if (!why && (H5Sget_simple_extent_dims(space, size, NULL) < 0 || size[0] > INT64_MAX)) why = "no shape";
    if (!why) why = doubt(dataset, size);
    if (!why && c->rows >= 0 && (int64_t)size[0] != c->rows) why = "another number of rows";
    if (!why && c->block_count == MOST_BLOCKS) why = "too many datasets";
    hra_h5_id stored = H5Dget_type(dataset);
    hid_t type = why ? -1 : H5Tget_native_type(stored, H5T_DIR_ASCEND);
    size_t bytes = type > 0 ? H5Tget_size(type) : 0;
    if (!why && (bytes == 0 || size[1] == 0 || size[1] > WIDEST_ROW || bytes > WIDEST_ROW / size[1]))
        why = "its rows cannot be read";
    if (why) {
        hra_h5_release(&type);
        H5Eclear2(H5E_DEFAULT);
        leave_out(o, name, why);
        return HRA_OK;
    }
    c->rows = (int64_t)size[0];
    H5Iinc_ref(dataset);
    c->blocks[c->block_count] = (hra_h5_block){.dataset = dataset,
                                               .type = type,
                                               .rank = rank,
                                               .width = size[1],
                                               .row_size = bytes * (size_t)size[1],
                                               .reclaim = H5Tdetect_class(type, H5T_STRING) > 0};
    *block = c->block_count++;
    return HRA_OK;
}

/* ---- columns -------------------------------------------------------------------------------- */

static bool is_yes_no(hid_t type)
{
    if (H5Tget_nmembers(type) != 2) return false;
    int8_t no = 0, yes = 1;
    char first[8] = "", second[8] = "";
    return H5Tget_size(type) == 1 && H5Tenum_nameof(type, &no, first, sizeof first) >= 0 &&
           H5Tenum_nameof(type, &yes, second, sizeof second) >= 0 && strcmp(first, "FALSE") == 0 &&
           strcmp(second, "TRUE") == 0;
}

/* Fills in how a value of this type is read; false: it is none that a table can hold. */
static bool describe(hid_t type, hra_h5_column *column)
{
    size_t size = H5Tget_size(type);
    column->size = size;
    column->type = type;
    switch (H5Tget_class(type)) {
    case H5T_INTEGER:
        column->cell = H5Tget_sign(type) == H5T_SGN_NONE ? HRA_H5_UNSIGNED : HRA_H5_SIGNED;
        return size == 1 || size == 2 || size == 4 || size == 8;
    case H5T_BITFIELD: column->cell = HRA_H5_FLAG; return size == 1;
    case H5T_FLOAT: column->cell = HRA_H5_REAL; return size == 4 || size == 8;
    case H5T_STRING: column->cell = H5Tis_variable_str(type) > 0 ? HRA_H5_LONG_TEXT : HRA_H5_TEXT; return true;
    case H5T_ENUM: column->cell = is_yes_no(type) ? HRA_H5_FLAG : HRA_H5_ENUM; return size <= 8;
    default: return false;
    }
}

static hra_code add_column(const opening *o, const hra_h5_column *column, const char *name)
{
    hra_h5_columns *c = o->columns;
    if (c->count == HRA_H5_COLUMNS)
        return hra_fail(o->error, HRA_EINPUT, "%s: the table has more than %d columns", o->file, HRA_H5_COLUMNS);
    char *copy = hra_arena_text(o->arena, name);
    if (!copy) return out_of_memory(o);
    c->items[c->count] = *column;
    c->items[c->count].name = copy;
    if (c->items[c->count].scale == 0) c->items[c->count].scale = 1;
    if (column->cell == HRA_H5_ENUM) H5Iinc_ref(column->type);
    c->count++;
    return HRA_OK;
}

/* Missing values and packing as the CF conventions (netCDF) write them. */
static void read_packing(hid_t dataset, hra_h5_column *column)
{
    column->has_fill = hra_h5_get_real(dataset, "_FillValue", &column->fill) ||
                       hra_h5_get_real(dataset, "missing_value", &column->fill);
    if (!hra_h5_get_real(dataset, "scale_factor", &column->scale) || column->scale == 0) column->scale = 1;
    if (!hra_h5_get_real(dataset, "add_offset", &column->shift)) column->shift = 0;
}

/* The `width` columns of a dataset: NAME, or the given names, or NAME_0, NAME_1 ... */
static hra_code add_dataset(const opening *o, hid_t dataset, const char *name, const char *const *names, int name_count,
                            int64_t ticks)
{
    int block;
    HRA_TRY(add_block(o, dataset, name, &block));
    if (block < 0) return HRA_OK;
    const hra_h5_block *b = &o->columns->blocks[block];
    hra_h5_column column = {.block = block, .ticks = ticks};
    if (!describe(b->type, &column)) {
        leave_out(o, name, "not numbers or texts");
        return HRA_OK;
    }
    if (ticks > 0 && column.cell == HRA_H5_SIGNED && column.size == 8) column.cell = HRA_H5_TIME;
    read_packing(dataset, &column);
    for (hsize_t i = 0; i < b->width; i++) {
        column.offset = (size_t)i * column.size;
        const char *own = i < (hsize_t)name_count ? names[i]
                          : b->rank == 1          ? name
                                                  : hra_arena_printf(o->arena, "%s_%d", name, (int)i);
        if (!own) return out_of_memory(o);
        HRA_TRY(add_column(o, &column, own));
    }
    return HRA_OK;
}

/* ---- layouts ---------------------------------------------------------------------------------- */

static hra_code open_datasets(const opening *o, hid_t group)
{
    const char *const *names;
    int count;
    HRA_TRY(hra_h5_members(group, o->arena, &names, &count, o->error));
    for (int pass = 1; pass <= 2; pass++) /* the one-dimensional ones say how many rows there are */
        for (int i = 0; i < count; i++) {
            hra_h5_id dataset = hra_h5_member(group, names[i]);
            if (dataset < 0 || H5Iget_type(dataset) != H5I_DATASET) continue;
            hra_h5_id type = H5Dget_type(dataset);
            bool flat = hra_h5_length(dataset) >= 0;
            if (H5Tget_class(type) == H5T_COMPOUND || flat != (pass == 1)) continue;
            HRA_TRY(add_dataset(o, dataset, names[i], NULL, 0, 0));
        }
    return HRA_OK;
}

/* Ticks per second of "datetime64[ns]"; 0: no time. pandas left the unit out where it was nanoseconds. */
static int64_t ticks_of(const char *kind)
{
    if (!kind || strncmp(kind, "datetime64", 10) != 0) return 0;
    if (strstr(kind, "[s]")) return 1;
    if (strstr(kind, "[ms]")) return 1000;
    return strstr(kind, "[us]") ? 1000000 : 1000000000;
}

typedef struct pandas_field {
    const char *const *names;
    int count;
    int64_t ticks;
    bool coded; /* numbers that stand for categories kept elsewhere */
} pandas_field;

/* What pandas says in attributes about the field FIELD of its table. */
static hra_code read_pandas_field(const opening *o, hid_t table, const char *field, pandas_field *out)
{
    enum { ROOM = 64 };
    char key[256];
    *out = (pandas_field){0};
    if (strlen(field) + ROOM > sizeof key) return HRA_OK;
    snprintf(key, sizeof key, "%s_kind", field);
    const char *kind = hra_h5_get_text(table, key, o->arena);
    const char **names = kind ? hra_arena_alloc(o->arena, strlen(kind) * sizeof *names) : NULL;
    if (kind && !names) return out_of_memory(o);
    if (kind && hra_h5_pickled_names(kind, o->arena, names, (int)strlen(kind), &out->count)) out->names = names;
    if (!out->names) out->count = 0;
    snprintf(key, sizeof key, "%s_dtype", field);
    out->ticks = ticks_of(hra_h5_get_text(table, key, o->arena));
    if (kind && strncmp(kind, "datetime64", 10) == 0) out->ticks = ticks_of(kind); /* of the index */
    snprintf(key, sizeof key, "%s_meta", field);
    const char *meta = hra_h5_get_text(table, key, o->arena);
    out->coded = meta && strstr(meta, "category");
    return HRA_OK;
}

/* One field of a record; an array is several columns. */
static hra_code add_field(const opening *o, int block, hid_t record, unsigned index, hid_t pandas)
{
    char *name = H5Tget_member_name(record, index);
    if (!name) return hra_h5_fail(o->error, HRA_EINPUT, "%s: field %u of the table has no name", o->file, index);
    const char *field = hra_arena_text(o->arena, name);
    H5free_memory(name);
    if (!field) return out_of_memory(o);
    hra_h5_id type = H5Tget_member_type(record, index);
    hra_h5_id element = H5Tget_class(type) == H5T_ARRAY ? H5Tget_super(type) : -1;
    hsize_t elements = 1;
    if (element > 0 && (H5Tget_array_ndims(type) != 1 || H5Tget_array_dims2(type, &elements) < 0)) elements = 0;
    pandas_field about = {0};
    if (pandas > 0) HRA_TRY(read_pandas_field(o, pandas, field, &about));
    hra_h5_column column = {.block = block, .ticks = about.ticks};
    if (elements == 0 || elements > HRA_H5_COLUMNS || !describe(element > 0 ? element : type, &column)) {
        leave_out(o, field, "not numbers or texts");
        return HRA_OK;
    }
    if (about.ticks > 0 && column.cell == HRA_H5_SIGNED && column.size == 8) column.cell = HRA_H5_TIME;
    for (hsize_t i = 0; i < elements; i++) {
        column.offset = H5Tget_member_offset(record, index) + (size_t)i * column.size;
        const char *own = i < (hsize_t)about.count ? about.names[i]
                          : element < 0            ? field
                                                   : hra_arena_printf(o->arena, "%s_%d", field, (int)i);
        if (!own) return out_of_memory(o);
        if (about.coded)
            leave_out(o, own, "pandas categories; save them as text");
        else
            HRA_TRY(add_column(o, &column, own));
    }
    return HRA_OK;
}

static hra_code open_records(const opening *o, hid_t dataset, const char *name, bool pandas)
{
    int block;
    HRA_TRY(add_block(o, dataset, name, &block));
    if (block < 0) return HRA_OK;
    hid_t record = o->columns->blocks[block].type;
    int fields = H5Tget_nmembers(record);
    for (int i = 0; i < fields; i++) HRA_TRY(add_field(o, block, record, (unsigned)i, pandas ? dataset : -1));
    return HRA_OK;
}

static hra_code add_pandas_block(const opening *o, hid_t values, const char *name, const char *const *names, int count)
{
    hra_h5_id type = H5Dget_type(values);
    hra_h5_column unused;
    if (describe(type, &unused))
        return add_dataset(o, values, name, names, count, ticks_of(hra_h5_get_text(values, "value_type", o->arena)));
    for (int i = 0; i < count; i++) leave_out(o, names[i], "pickled by pandas; save with format=\"table\"");
    return HRA_OK;
}

static hra_code open_pandas_fixed(const opening *o, hid_t group)
{
    char name[64];
    hra_h5_id index = hra_h5_member(group, "axis1");
    if (index > 0) {
        const char *kind = hra_h5_get_text(index, "kind", o->arena);
        HRA_TRY(add_dataset(o, index, "index", NULL, 0, ticks_of(kind)));
    }
    for (int i = 0; i < MOST_BLOCKS; i++) {
        const char *const *names;
        int count;
        snprintf(name, sizeof name, "block%d_items", i);
        hra_h5_id items = hra_h5_member(group, name);
        if (items < 0) break;
        HRA_TRY(hra_h5_read_texts(group, name, o->arena, &names, &count, o->error));
        snprintf(name, sizeof name, "block%d_values", i);
        hra_h5_id values = hra_h5_member(group, name);
        if (values < 0) return hra_fail(o->error, HRA_EINPUT, "%s: %s is missing in the pandas table", o->file, name);
        HRA_TRY(add_pandas_block(o, values, name, names, count));
    }
    return HRA_OK;
}

static hra_code open_place(const opening *o, hid_t file, const hra_h5_place *place)
{
    hra_h5_id object = H5Oopen(file, place->path, H5P_DEFAULT);
    if (object < 0) return hra_h5_fail(o->error, HRA_EINPUT, "%s: %s cannot be opened", o->file, place->path);
    switch (place->layout) {
    case HRA_H5_DATASETS: return open_datasets(o, object);
    case HRA_H5_COMPOUND: return open_records(o, object, place->path, false);
    case HRA_H5_PANDAS_FIXED: return open_pandas_fixed(o, object);
    case HRA_H5_PANDAS_TABLE: {
        hra_h5_id table = hra_h5_member(object, "table");
        if (table > 0) return open_records(o, table, place->path, true);
        return hra_fail(o->error, HRA_EINPUT, "%s: the pandas table %s has no dataset 'table'", o->file, place->path);
    }
    }
    return HRA_OK;
}

hra_code hra_h5_columns_open(hid_t file, const hra_h5_place *place, const char *file_name, hra_h5_columns *columns,
                             hra_error *error)
{
    *columns = (hra_h5_columns){.rows = -1, .arena = hra_arena_new()};
    opening o = {columns, columns->arena, file_name, error};
    if (!o.arena) return out_of_memory(&o);
    columns->blocks = hra_arena_alloc(o.arena, MOST_BLOCKS * sizeof *columns->blocks);
    columns->items = hra_arena_alloc(o.arena, HRA_H5_COLUMNS * sizeof *columns->items);
    hra_code code = columns->blocks && columns->items ? open_place(&o, file, place) : out_of_memory(&o);
    if (code == HRA_OK && columns->left_out.failed) code = out_of_memory(&o);
    if (columns->left_out.bytes) hra_plain_text(columns->left_out.bytes);
    if (code == HRA_OK && columns->count == 0)
        code = hra_fail(error, HRA_EINPUT, "%s: no column of the table %s can be read%s%s", file_name, place->path,
                        columns->left_out.length > 0 ? ": " : "",
                        columns->left_out.length > 0 ? columns->left_out.bytes : "");
    if (code != HRA_OK) hra_h5_columns_close(columns);
    return code;
}

void hra_h5_columns_close(hra_h5_columns *columns)
{
    for (int i = 0; i < columns->count; i++)
        if (columns->items[i].cell == HRA_H5_ENUM) H5Idec_ref(columns->items[i].type);
    for (int i = 0; i < columns->block_count; i++) {
        H5Idec_ref(columns->blocks[i].type);
        H5Idec_ref(columns->blocks[i].dataset);
    }
    hra_buffer_destroy(&columns->left_out);
    hra_arena_free(columns->arena);
    *columns = (hra_h5_columns){0};
}
