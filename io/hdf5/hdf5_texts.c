/* Lists of texts as HDF5 datasets of fixed-length UTF-8 strings; of variable length they are read, too. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "io/hdf5/hdf5_util.h"

#define MAX_LIST_BYTES ((size_t)1 << 30) /* like HRA_H5_MOST_TEXT */

/* Some at a time: of groups there are many. `width` bytes each. */
static bool write_fixed_texts(hid_t dataset, hid_t type, size_t width, const char *const *texts, int count)
{
    enum { AT_ONCE = 1 << 16 };
    int most = (int)(AT_ONCE / width) + 1, room = count < most ? count : most;
    char *table = malloc((size_t)room * width + 1);
    hra_h5_id space = H5Dget_space(dataset);
    bool written = table && space > 0;
    for (int first = 0; first < count && written; first += room) {
        int some = count - first < room ? count - first : room;
        hsize_t start = (hsize_t)first, size = (hsize_t)some;
        for (int i = 0; i < some; i++) strncpy(table + (size_t)i * width, texts[first + i], width); /* fills with NUL */
        hra_h5_id memory = H5Screate_simple(1, &size, NULL);
        written = memory > 0 && H5Sselect_hyperslab(space, H5S_SELECT_SET, &start, NULL, &size, NULL) >= 0 &&
                  H5Dwrite(dataset, type, memory, space, H5P_DEFAULT, table) >= 0;
    }
    free(table);
    return written;
}

hra_code hra_h5_write_texts(hid_t group, const char *name, const char *const *texts, int count, hra_error *error)
{
    size_t longest = 1;
    for (int i = 0; i < count; i++) longest = strlen(texts[i]) > longest ? strlen(texts[i]) : longest;
    if (longest > MAX_LIST_BYTES / (size_t)(count > 0 ? count : 1))
        return hra_fail(error, HRA_EINPUT, "the texts of %s are too long to store (%zu bytes)", name, longest);
    hsize_t size = (hsize_t)count;
    hra_h5_id type = hra_h5_text_type(longest);
    hra_h5_id space = H5Screate_simple(1, &size, NULL);
    hra_h5_id properties = hra_h5_new_dataset();
    errno = 0;
    hra_h5_id dataset = H5Dcreate2(group, name, type, space, H5P_DEFAULT, properties, H5P_DEFAULT);
    bool written = dataset > 0 && write_fixed_texts(dataset, type, longest, texts, count) && H5Dflush(dataset) >= 0;
    return written ? HRA_OK : hra_h5_fail(error, HRA_EIO, "%s cannot be written", name);
}

static hra_code read_fixed_texts(hid_t dataset, hid_t type, const char *name, hra_arena *arena, const char **texts,
                                 int64_t count, hra_error *error)
{
    size_t size = H5Tget_size(type);
    if (size > HRA_H5_MOST_TEXT || size > MAX_LIST_BYTES / (size_t)(count + 1))
        return hra_fail(error, HRA_EINPUT, "the list %s is too large", name);
    char *table = malloc(size * (size_t)(count + 1));
    if (!table) return hra_out_of_memory(error);
    hra_code code = HRA_OK;
    if (H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, table) < 0)
        code = hra_h5_fail(error, HRA_EINPUT, "the list %s cannot be read", name);
    for (int64_t i = 0; i < count && !code; i++) {
        const char *text = table + (size_t)i * size;
        size_t length = strnlen(text, size);
        if (H5Tget_strpad(type) == H5T_STR_SPACEPAD)
            while (length > 0 && text[length - 1] == ' ') length--;
        texts[i] = hra_arena_text_n(arena, text, length);
        if (!texts[i]) code = hra_out_of_memory(error);
    }
    free(table);
    return code;
}

static hra_code read_variable_texts(hid_t dataset, hid_t type, const char *name, hra_arena *arena, const char **texts,
                                    int64_t count, hra_error *error)
{
    char **table = calloc((size_t)count + 1, sizeof *table);
    if (!table) return hra_out_of_memory(error);
    hra_code code = HRA_OK;
    if (H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, table) < 0)
        code = hra_h5_fail(error, HRA_EINPUT, "the list %s cannot be read", name);
    for (int64_t i = 0; i < count && !code; i++) {
        texts[i] = hra_arena_text(arena, table[i] ? table[i] : "");
        if (!texts[i]) code = hra_out_of_memory(error);
    }
    for (int64_t i = 0; i < count; i++)
        if (table[i]) H5free_memory(table[i]);
    free(table);
    return code;
}

hra_code hra_h5_read_texts(hid_t group, const char *name, hra_arena *arena, const char *const **texts, int *count,
                           hra_error *error)
{
    hra_h5_id dataset = hra_h5_member(group, name);
    return hra_h5_texts_of(dataset, name, arena, texts, count, error);
}

hra_code hra_h5_texts_of(hid_t dataset, const char *name, hra_arena *arena, const char *const **texts, int *count,
                         hra_error *error)
{
    int64_t length = dataset > 0 ? hra_h5_length(dataset) : -1;
    hra_h5_id type = length >= 0 ? H5Dget_type(dataset) : -1;
    if (length < 0 || length > HRA_H5_MOST_ITEMS || H5Tget_class(type) != H5T_STRING || !hra_h5_storage_fits(dataset))
        return hra_fail(error, HRA_EINPUT, "%s is missing or not a list of texts", name);
    const char **list = hra_arena_alloc(arena, (size_t)(length + 1) * sizeof *list);
    if (!list) return hra_out_of_memory(error);
    if (length > 0 && H5Tis_variable_str(type) > 0)
        HRA_TRY(read_variable_texts(dataset, type, name, arena, list, length, error));
    else if (length > 0)
        HRA_TRY(read_fixed_texts(dataset, type, name, arena, list, length, error));
    *texts = list;
    *count = (int)length;
    return HRA_OK;
}
