#include "io/people/store_sparse.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "io/files/checksum.h"
#include "io/hdf5/content_hash.h"
#include "io/words/cell_tally.h"

enum { AT_ONCE = 4096 };

struct hra_sparse_writer {
    hra_sparse_kind kind;
    char *name;
    int64_t rows[AT_ONCE];
    double values[AT_ONCE];
    uint8_t marks[AT_ONCE];
    int count;
    int64_t written;
    uint32_t row_sum, value_sum;
    hid_t row_dataset, value_dataset;
};

static hid_t create_list(hid_t group, const char *name, hid_t type, bool packed)
{
    hsize_t none = 0, unlimited = H5S_UNLIMITED, chunk = AT_ONCE;
    hra_h5_id space = H5Screate_simple(1, &none, &unlimited);
    hra_h5_id plist = hra_h5_new_dataset();
    H5Pset_chunk(plist, 1, &chunk);
    if (packed) {
        H5Pset_shuffle(plist);
        H5Pset_deflate(plist, 1);
    }
    return H5Dcreate2(group, name, type, space, H5P_DEFAULT, plist, H5P_DEFAULT);
}

/* The meaning of the numbers, for every reader. */
static hra_code put_meanings(hid_t dataset, hra_error *error)
{
    static const int64_t values[] = {HRA_MARK_BELOW,    HRA_MARK_ABOVE,   HRA_MARK_RANGE,
                                     HRA_MARK_NOT_DONE, HRA_MARK_REFUSED, HRA_MARK_REJECTED};
    enum { COUNT = sizeof values / sizeof values[0] };
    char meanings[128] = "";
    for (int i = 0; i < COUNT; i++) {
        if (i > 0) strcat(meanings, " ");
        strcat(meanings, hra_mark_name((uint8_t)values[i]));
    }
    HRA_TRY(hra_h5_put_ints(dataset, "flag_values", hra_h5_stored_type(1), values, COUNT, error));
    return hra_h5_put_text(dataset, "flag_meanings", meanings, error);
}

static hra_code create(hra_sparse_writer *list, hid_t parent, hra_error *error)
{
    bool marks = list->kind == HRA_SPARSE_MARKS;
    errno = 0;
    hra_h5_id group = hra_h5_group(parent, list->name);
    list->row_dataset = create_list(group, "row", H5T_STD_I64LE, marks);
    list->value_dataset =
        marks ? create_list(group, "mark", H5T_STD_U8LE, true) : create_list(group, "value", H5T_IEEE_F64LE, false);
    if (list->row_dataset < 0 || list->value_dataset < 0)
        return hra_h5_fail(error, HRA_EIO, "the lists of %s cannot be created", list->name);
    return marks ? put_meanings(list->value_dataset, error) : HRA_OK;
}

hra_code hra_sparse_new(hid_t group, const char *name, hra_sparse_kind kind, hra_sparse_writer **out, hra_error *error)
{
    hra_sparse_writer *list = calloc(1, sizeof *list);
    *out = NULL;
    if (list) {
        list->kind = kind;
        list->row_dataset = list->value_dataset = -1;
        list->name = strdup(name);
    }
    hra_code code = list && list->name ? create(list, group, error) : hra_out_of_memory(error);
    if (code != HRA_OK) {
        hra_sparse_free(list);
        return code;
    }
    *out = list;
    return HRA_OK;
}

static bool append(hid_t dataset, int64_t at, int count, hid_t memory_type, const void *items)
{
    hsize_t start = (hsize_t)at, size = (hsize_t)count, extent = start + size;
    if (H5Dset_extent(dataset, &extent) < 0) return false;
    hra_h5_id space = H5Dget_space(dataset);
    hra_h5_id memory = H5Screate_simple(1, &size, NULL);
    return H5Sselect_hyperslab(space, H5S_SELECT_SET, &start, NULL, &size, NULL) >= 0 &&
           H5Dwrite(dataset, memory_type, memory, space, H5P_DEFAULT, items) >= 0;
}

hra_code hra_sparse_flush(hra_sparse_writer *list, hra_error *error)
{
    if (!list || list->count == 0) return HRA_OK;
    bool marks = list->kind == HRA_SPARSE_MARKS;
    errno = 0;
    if (!append(list->row_dataset, list->written, list->count, H5T_NATIVE_INT64, list->rows) ||
        !append(list->value_dataset, list->written, list->count, marks ? H5T_NATIVE_UINT8 : H5T_NATIVE_DOUBLE,
                marks ? (const void *)list->marks : list->values))
        return hra_h5_fail(error, HRA_EIO, "the lists of %s cannot be written", list->name);
    size_t count = (size_t)list->count;
    list->row_sum = hra_checksum(list->row_sum, list->rows, count * sizeof *list->rows);
    list->value_sum = marks ? hra_checksum(list->value_sum, list->marks, count)
                            : hra_checksum(list->value_sum, list->values, count * sizeof *list->values);
    list->written += list->count;
    list->count = 0;
    return HRA_OK;
}

hra_code hra_sparse_finish(hra_sparse_writer *list, hra_error *error)
{
    if (!list) return HRA_OK;
    HRA_TRY(hra_sparse_flush(list, error));
    HRA_TRY(hra_h5_put_words(list->row_dataset, HRA_LIST_SUM, &list->row_sum, 1, error));
    return hra_h5_put_words(list->value_dataset, HRA_LIST_SUM, &list->value_sum, 1, error);
}

hra_code hra_sparse_add(hra_sparse_writer *list, int64_t row, double value, uint8_t mark, hra_error *error)
{
    list->rows[list->count] = row;
    list->values[list->count] = value;
    list->marks[list->count++] = mark;
    return list->count == AT_ONCE ? hra_sparse_flush(list, error) : HRA_OK;
}

void hra_sparse_free(hra_sparse_writer *list)
{
    if (!list) return;
    hra_h5_release(&list->row_dataset);
    hra_h5_release(&list->value_dataset);
    free(list->name);
    free(list);
}
