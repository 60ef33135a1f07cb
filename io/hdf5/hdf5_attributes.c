/* Attributes of HDF5 objects, written, and read without trusting the file. */
#include <errno.h>
#include <string.h>

#include "io/hdf5/attribute_notes.h"

static hra_attribute_notes *noting; /* under the lock */

void hra_h5_note_attributes(hra_attribute_notes *notes) { noting = notes; }

static hra_code put(hid_t object, const char *name, const hra_attribute_value *value, hra_error *error)
{
    errno = 0;
    hra_h5_id attribute = H5Acreate2(object, name, value->stored, value->space, H5P_DEFAULT, H5P_DEFAULT);
    if (attribute < 0 || H5Awrite(attribute, value->memory, value->values) < 0)
        return hra_h5_fail(error, HRA_EIO, "attribute %s cannot be written", name);
    return noting ? hra_attribute_notes_add(noting, object, name, attribute, value, error) : HRA_OK;
}

/* Of variable length: h5py then gives a str, not bytes. */
hra_code hra_h5_put_text(hid_t object, const char *name, const char *text, hra_error *error)
{
    if (!text) text = "";
    hra_h5_id type = H5Tcopy(H5T_C_S1);
    hra_h5_id space = H5Screate(H5S_SCALAR);
    if (type < 0 || H5Tset_size(type, H5T_VARIABLE) < 0 || H5Tset_cset(type, H5T_CSET_UTF8) < 0)
        return hra_h5_fail(error, HRA_EIO, "attribute %s cannot be written", name);
    const hra_attribute_value value = {HRA_ATTRIBUTE_TEXT, type, type, space, &text, 1};
    return put(object, name, &value, error);
}

static hra_code put_integers(hid_t object, const char *name, hid_t stored, hid_t space, const int64_t *values,
                             int count, hra_error *error)
{
    hra_attribute_kind kind = stored == H5T_STD_I64LE ? HRA_ATTRIBUTE_INTS : HRA_ATTRIBUTE_CONVERTED;
    const hra_attribute_value value = {kind, stored, H5T_NATIVE_INT64, space, values, count};
    return put(object, name, &value, error);
}

hra_code hra_h5_put_int(hid_t object, const char *name, int64_t value, hra_error *error)
{
    return hra_h5_put_int_as(object, name, H5T_STD_I64LE, value, error);
}

hra_code hra_h5_put_int_as(hid_t object, const char *name, hid_t stored, int64_t value, hra_error *error)
{
    hra_h5_id space = H5Screate(H5S_SCALAR);
    return put_integers(object, name, stored, space, &value, 1, error);
}

hra_code hra_h5_put_real(hid_t object, const char *name, double number, hra_error *error)
{
    hra_h5_id space = H5Screate(H5S_SCALAR);
    const hra_attribute_value value = {HRA_ATTRIBUTE_REAL, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, space, &number, 1};
    return put(object, name, &value, error);
}

hra_code hra_h5_put_ints(hid_t object, const char *name, hid_t stored, const int64_t *values, int count,
                         hra_error *error)
{
    hsize_t size = (hsize_t)count;
    hra_h5_id space = H5Screate_simple(1, &size, NULL);
    return put_integers(object, name, stored, space, values, count, error);
}

hra_code hra_h5_put_words(hid_t object, const char *name, const uint32_t *words, int64_t count, hra_error *error)
{
    hsize_t size = (hsize_t)count;
    hra_h5_id space = count > 0 ? H5Screate_simple(1, &size, NULL) : H5Screate(H5S_NULL);
    static const uint32_t none;
    const hra_attribute_value value = {HRA_ATTRIBUTE_WORDS,       H5T_STD_U32LE, H5T_NATIVE_UINT32, space,
                                       count > 0 ? words : &none, count};
    return put(object, name, &value, error);
}

/* Opens an attribute of one element; -1 if absent or of another shape. */
static hid_t single_attribute(hid_t object, const char *name)
{
    if (H5Aexists(object, name) <= 0) return -1;
    hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    if (attribute < 0) return -1;
    hra_h5_id space = H5Aget_space(attribute);
    if (space > 0 && H5Sget_simple_extent_npoints(space) == 1) return attribute;
    H5Aclose(attribute);
    return -1;
}

static const char *get_fixed_text(hid_t attribute, size_t size, hra_arena *arena)
{
    if (size > HRA_H5_MOST_TEXT) return NULL;
    char *text = hra_arena_alloc(arena, size + 1);
    hra_h5_id file_type = H5Aget_type(attribute);
    hra_h5_id type = hra_h5_text_type(size);
    if (type > 0) H5Tset_cset(type, H5Tget_cset(file_type));
    return text && type > 0 && H5Aread(attribute, type, text) >= 0 ? text : NULL;
}

static const char *get_variable_text(hid_t attribute, hid_t type, hra_arena *arena)
{
    char *allocated = NULL;
    const char *text = NULL;
    if (H5Aread(attribute, type, (void *)&allocated) >= 0 && allocated && strlen(allocated) <= HRA_H5_MOST_TEXT)
        text = hra_arena_text(arena, allocated);
    if (allocated) H5free_memory(allocated);
    return text;
}

const char *hra_h5_get_text(hid_t object, const char *name, hra_arena *arena)
{
    const char *text = NULL;
    hra_h5_id attribute = single_attribute(object, name);
    if (attribute > 0) {
        hra_h5_id type = H5Aget_type(attribute);
        if (type > 0 && H5Tget_class(type) == H5T_STRING)
            text = H5Tis_variable_str(type) > 0 ? get_variable_text(attribute, type, arena)
                                                : get_fixed_text(attribute, H5Tget_size(type), arena);
    }
    if (!text) H5Eclear2(H5E_DEFAULT);
    return text;
}

static bool get_number(hid_t object, const char *name, bool whole, hid_t memory, void *value)
{
    bool found = false;
    hra_h5_id attribute = single_attribute(object, name);
    if (attribute > 0) {
        hra_h5_id type = H5Aget_type(attribute);
        H5T_class_t class = H5Tget_class(type);
        bool fits = class == H5T_INTEGER || (!whole && class == H5T_FLOAT);
        found = fits && H5Aread(attribute, memory, value) >= 0;
    }
    if (!found) H5Eclear2(H5E_DEFAULT);
    return found;
}

bool hra_h5_get_int(hid_t object, const char *name, int64_t *value)
{
    return get_number(object, name, true, H5T_NATIVE_INT64, value);
}

bool hra_h5_get_real(hid_t object, const char *name, double *value)
{
    return get_number(object, name, false, H5T_NATIVE_DOUBLE, value);
}

hra_code hra_h5_get_ints(hid_t object, const char *name, hra_arena *arena, const int64_t **values, int *count)
{
    *values = NULL;
    *count = 0;
    if (H5Aexists(object, name) <= 0) return HRA_OK;
    hra_h5_id attribute = H5Aopen(object, name, H5P_DEFAULT);
    hra_h5_id type = H5Aget_type(attribute);
    hra_h5_id space = H5Aget_space(attribute);
    hssize_t points = H5Sget_simple_extent_npoints(space);
    if (points <= 0 || points > HRA_H5_MOST_TEXT || H5Tget_class(type) != H5T_INTEGER) return HRA_OK;
    int64_t *list = hra_arena_alloc(arena, (size_t)points * sizeof *list);
    if (!list) return HRA_ENOMEM;
    if (H5Aread(attribute, H5T_NATIVE_INT64, list) < 0) return HRA_OK;
    *values = list;
    *count = (int)points;
    return HRA_OK;
}

hra_code hra_h5_get_words(hid_t object, const char *name, hra_arena *arena, const uint32_t **words, int64_t *count)
{
    *words = NULL;
    *count = -1;
    if (H5Aexists(object, name) <= 0) return HRA_OK;
    hra_h5_id attribute = H5Aopen(object, name, H5P_DEFAULT);
    hra_h5_id type = attribute > 0 ? H5Aget_type(attribute) : -1;
    hra_h5_id space = attribute > 0 ? H5Aget_space(attribute) : -1;
    hssize_t points = space > 0 ? H5Sget_simple_extent_npoints(space) : -1;
    if (points < 0 || points > HRA_H5_MOST_ITEMS || H5Tget_class(type) != H5T_INTEGER || H5Tget_size(type) != 4)
        return HRA_OK;
    uint32_t *list = hra_arena_alloc(arena, (size_t)points * sizeof *list + 1);
    if (!list) return HRA_ENOMEM;
    if (points > 0 && H5Aread(attribute, H5T_NATIVE_UINT32, list) < 0) return HRA_OK;
    *words = list;
    *count = points;
    return HRA_OK;
}
