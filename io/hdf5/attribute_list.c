#include "io/hdf5/attribute_list.h"

#include <stdlib.h>
#include <string.h>

#include "io/files/parcel.h"
#include "io/hdf5/store_summary_format.h"

enum { MAX_RANK = 4, MAX_VALUES = 1 << 20 };
#define MAX_BYTES ((hsize_t)1 << 28)

static void put_number(hra_buffer *out, int64_t number) { hra_buffer_append(out, &number, sizeof number); }

static void put_hashed_text(hra_buffer *out, const char *text)
{
    size_t length = strlen(text);
    put_number(out, (int64_t)length);
    hra_buffer_append(out, text, length);
}

/* ---- types and shapes ---- */

void hra_hashed_type(hra_buffer *out, hid_t type)
{
    H5T_class_t class = H5Tget_class(type);
    put_number(out, class);
    put_number(out, (int64_t)H5Tget_size(type));
    if (class == H5T_STRING) {
        put_number(out, H5Tis_variable_str(type));
        put_number(out, H5Tget_cset(type));
        put_number(out, H5Tget_strpad(type));
    }
    if (class == H5T_INTEGER || class == H5T_FLOAT) {
        put_number(out, H5Tget_order(type));
        put_number(out, (int64_t)H5Tget_precision(type));
        put_number(out, H5Tget_offset(type));
    }
    if (class == H5T_INTEGER) put_number(out, H5Tget_sign(type));
    if (class == H5T_FLOAT) {
        size_t places[5] = {0};
        H5Tget_fields(type, &places[0], &places[1], &places[2], &places[3], &places[4]);
        for (int i = 0; i < 5; i++) put_number(out, (int64_t)places[i]);
        put_number(out, (int64_t)H5Tget_ebias(type));
        put_number(out, H5Tget_norm(type));
    }
    H5Eclear2(H5E_DEFAULT);
}

bool hra_hashed_shape(hra_buffer *out, hid_t space)
{
    hsize_t size[MAX_RANK] = {0}, most[MAX_RANK] = {0};
    int rank = H5Sget_simple_extent_ndims(space);
    if (rank < 0 || rank > MAX_RANK || H5Sget_simple_extent_dims(space, size, most) < 0) return false;
    put_number(out, H5Sget_simple_extent_type(space));
    put_number(out, rank);
    for (int i = 0; i < rank; i++) {
        put_number(out, (int64_t)size[i]);
        put_number(out, (int64_t)most[i]);
    }
    return true;
}

/* ---- the two forms ---- */

typedef struct opened {
    hid_t attribute, type;
    hssize_t points;
    hra_buffer *told; /* what a summary tells; empty: it cannot */
} opened;

static void tell_text(hra_buffer *told, const char *text)
{
    hra_parcel_put_number(told, HRA_SUMMARY_TEXT);
    hra_parcel_put_text(told, text);
}

static bool put_variable_text(hra_buffer *out, const opened *o)
{
    char *text = NULL;
    bool read = o->points == 1 && H5Aread(o->attribute, o->type, (void *)&text) >= 0 && text;
    if (read) put_hashed_text(out, text);
    if (read) tell_text(o->told, text);
    if (text) H5free_memory(text);
    return read;
}

static bool tellable(int64_t count) { return count > 0 && count <= MAX_VALUES; }

static void begin_ints(hra_buffer *told, int64_t count)
{
    hra_parcel_put_number(told, HRA_SUMMARY_INTS);
    hra_parcel_put_number(told, count);
}

static void tell_number(hra_buffer *told, double value)
{
    hra_parcel_put_number(told, HRA_SUMMARY_REAL);
    hra_parcel_put_real(told, value);
}

static bool tell_ints(const opened *o)
{
    if (!tellable(o->points)) return true;
    int64_t *values = malloc((size_t)o->points * sizeof *values);
    o->told->failed |= !values;
    bool read = values && H5Aread(o->attribute, H5T_NATIVE_INT64, values) >= 0;
    if (read) begin_ints(o->told, o->points);
    for (hssize_t i = 0; i < o->points && read; i++) hra_parcel_put_number(o->told, values[i]);
    free(values);
    return read;
}

static bool tell_real(const opened *o)
{
    double value;
    if (o->points != 1) return true;
    if (H5Aread(o->attribute, H5T_NATIVE_DOUBLE, &value) < 0) return false;
    tell_number(o->told, value);
    return true;
}

/* The bytes of the attribute as they stand in the file, and what they mean. */
static bool put_plain(hra_buffer *out, const opened *o)
{
    size_t size = H5Tget_size(o->type);
    if (o->points < 0 || size == 0 || (hsize_t)o->points > MAX_BYTES / size || H5Tdetect_class(o->type, H5T_VLEN) > 0)
        return false;
    size_t length = (size_t)o->points * size;
    char *bytes = malloc(length + 1);
    o->told->failed |= !bytes;
    bool read = bytes && H5Aread(o->attribute, o->type, bytes) >= 0;
    if (read) {
        bytes[length] = '\0';
        hra_buffer_append(out, bytes, length);
    }
    H5T_class_t class = H5Tget_class(o->type);
    if (read && class == H5T_STRING && o->points == 1) tell_text(o->told, bytes);
    if (read && class == H5T_INTEGER) read = tell_ints(o);
    if (read && class == H5T_FLOAT) read = tell_real(o);
    free(bytes);
    return read;
}

static bool put_forms(hra_buffer *out, hra_buffer *told, hid_t attribute)
{
    hra_h5_id type = H5Aget_type(attribute);
    hra_h5_id space = H5Aget_space(attribute);
    if (type < 0 || space < 0 || !hra_hashed_shape(out, space)) return false;
    hra_hashed_type(out, type);
    const opened o = {attribute, type, H5Sget_simple_extent_npoints(space), told};
    return H5Tis_variable_str(type) > 0 ? put_variable_text(out, &o) : put_plain(out, &o);
}

/* The same of what was written. */
static bool put_forms_of_value(hra_buffer *out, hra_buffer *told, const hra_attribute_value *v, const hra_buffer *type)
{
    if (!hra_hashed_shape(out, v->space)) return false;
    hra_buffer_append(out, type->bytes, type->length);
    switch (v->kind) {
    case HRA_ATTRIBUTE_TEXT:
        put_hashed_text(out, *(const char *const *)v->values);
        tell_text(told, *(const char *const *)v->values);
        return true;
    case HRA_ATTRIBUTE_INTS:
        hra_buffer_append(out, v->values, (size_t)v->count * sizeof(int64_t));
        if (tellable(v->count)) begin_ints(told, v->count);
        for (int64_t i = 0; tellable(v->count) && i < v->count; i++)
            hra_parcel_put_number(told, ((const int64_t *)v->values)[i]);
        return true;
    case HRA_ATTRIBUTE_WORDS:
        hra_buffer_append(out, v->values, (size_t)v->count * sizeof(uint32_t));
        if (tellable(v->count)) begin_ints(told, v->count);
        for (int64_t i = 0; tellable(v->count) && i < v->count; i++)
            hra_parcel_put_number(told, ((const uint32_t *)v->values)[i]);
        return true;
    case HRA_ATTRIBUTE_REAL:
        hra_buffer_append(out, v->values, sizeof(double));
        tell_number(told, *(const double *)v->values);
        return true;
    case HRA_ATTRIBUTE_CONVERTED: return false;
    }
    return false;
}

/* ---- the list ---- */

const char *hra_attribute_name(const hra_attribute_list *list, int i)
{
    return list->bytes.bytes + list->items[i].name;
}

static bool grow(hra_attribute_list *list)
{
    if (list->count < list->capacity) return true;
    int capacity = list->capacity ? 2 * list->capacity : 16;
    hra_attribute *items = realloc(list->items, (size_t)capacity * sizeof *items);
    list->bytes.failed |= !items;
    if (!items) return false;
    list->items = items;
    list->capacity = capacity;
    return true;
}

/* From the open attribute, or from what was written and the form of its type. */
static bool add(hra_attribute_list *list, const char *name, hid_t attribute, const hra_attribute_value *value,
                const hra_buffer *type)
{
    if (!grow(list)) return false;
    hra_buffer told = {0}, *bytes = &list->bytes;
    hra_attribute item = {.name = bytes->length};
    hra_buffer_append(bytes, name, strlen(name) + 1);
    item.hashed = bytes->length;
    put_hashed_text(bytes, name);
    bool read = value ? put_forms_of_value(bytes, &told, value, type) : put_forms(bytes, &told, attribute);
    item.told = bytes->length;
    if (told.length > 0) hra_buffer_append(bytes, told.bytes, told.length);
    item.end = bytes->length;
    bytes->failed |= told.failed;
    hra_buffer_destroy(&told);
    list->items[list->count++] = item;
    return read && !bytes->failed;
}

/* They come in the order of their names. */
static herr_t add_next(hid_t object, const char *name, const H5A_info_t *info, void *list)
{
    (void)info;
    hra_h5_id attribute = H5Aopen(object, name, H5P_DEFAULT);
    return attribute > 0 && add(list, name, attribute, NULL, NULL) ? 0 : -1;
}

static hra_code unread(const hra_attribute_list *list, hra_error *error)
{
    return list->bytes.failed ? hra_out_of_memory(error)
                              : hra_h5_fail(error, HRA_EINPUT, "an attribute cannot be read");
}

hra_code hra_attribute_list_read(hra_attribute_list *list, hid_t object, hra_error *error)
{
    hsize_t at = 0;
    hra_buffer_clear(&list->bytes);
    list->count = 0;
    if (H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, &at, add_next, list) >= 0) return HRA_OK;
    return unread(list, error);
}

/* The last one goes to its place. */
static void sort_in(hra_attribute_list *list)
{
    const hra_attribute item = list->items[list->count - 1];
    int place = list->count - 1;
    for (; place > 0 && strcmp(hra_attribute_name(list, place - 1), list->bytes.bytes + item.name) > 0; place--)
        list->items[place] = list->items[place - 1];
    list->items[place] = item;
}

hra_code hra_attribute_list_insert(hra_attribute_list *list, const char *name, hid_t attribute, hra_error *error)
{
    if (!add(list, name, attribute, NULL, NULL)) return unread(list, error);
    sort_in(list);
    return HRA_OK;
}

hra_code hra_attribute_list_insert_value(hra_attribute_list *list, const char *name, const hra_attribute_value *value,
                                         const hra_buffer *type, hra_error *error)
{
    if (!add(list, name, -1, value, type)) return unread(list, error);
    sort_in(list);
    return HRA_OK;
}

void hra_attribute_list_destroy(hra_attribute_list *list)
{
    hra_buffer_destroy(&list->bytes);
    free(list->items);
    *list = (hra_attribute_list){0};
}
