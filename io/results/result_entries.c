#include "io/results/result_entries.h"

#include <stdlib.h>
#include <string.h>

#include "io/hdf5/content_hash.h"
#include "io/results/result_reader_parts.h"

typedef struct entry_list {
    hra_result_reader *reader;
    hra_result_entry *items;
    int count;
} entry_list;

/* A file of an earlier version, without checksums, has no places: its columns stay in the order of their names. */
static int64_t place_of(hid_t dataset)
{
    int64_t place = INT64_MAX;
    hra_h5_get_int(dataset, HRA_SUM_COLUMN, &place);
    return place;
}

static void add(entry_list *l, const char *name, hra_result_entry_kind kind, int index, const hra_packed *data)
{
    l->items[l->count++] = (hra_result_entry){name, kind, index, place_of(hra_packed_id(data))};
}

/* What the reader has open already. */
static void add_known(entry_list *l)
{
    const hra_result_reader *r = l->reader;
    if (r->keys) add(l, "person_id", HRA_ENTRY_KEY, 0, r->keys);
    for (int i = 0; i < r->label_count; i++) add(l, r->labels[i].name, HRA_ENTRY_LABEL, i, r->labels[i].data);
    for (int i = 0; i < r->count; i++)
        if (r->fields[i].data) add(l, r->fields[i].base.name, HRA_ENTRY_FIELD, i, r->fields[i].data);
}

/* Takes over the dataset. */
static hra_code add_beside(entry_list *l, hid_t dataset, const char *folder, const char *name,
                           hra_result_entry_kind kind, hra_error *error)
{
    hra_result_reader *r = l->reader;
    hra_packed *data;
    HRA_TRY(hra_result_open_rows(r, dataset, folder, name, &data, error));
    r->beside[r->beside_count] = data;
    add(l, name, kind, r->beside_count++, data);
    bool fits = kind == HRA_ENTRY_KEPT ? data->element == HRA_ELEMENT_DOUBLE
                                       : data->element == HRA_ELEMENT_UNSIGNED && data->width == 1;
    return fits ? HRA_OK : hra_fail(error, HRA_EINPUT, "%s is not what such a column holds", data->name);
}

/* Members of a folder that the reader does not open: every kept number; of the outputs those without a role. */
static hra_code add_folder(entry_list *l, hid_t group, const char *folder, const char *const *names, int count,
                           hra_error *error)
{
    bool kept = strcmp(folder, "kept") == 0;
    for (int i = 0; i < count; i++) {
        if (!kept && hra_result_reader_find(l->reader, names[i]) >= 0) continue;
        hid_t dataset = hra_h5_member(group, names[i]);
        HRA_TRY(add_beside(l, dataset, folder, names[i], kept ? HRA_ENTRY_KEPT : HRA_ENTRY_STATUS, error));
    }
    return HRA_OK;
}

static int by_place(const void *a, const void *b)
{
    const hra_result_entry *x = a, *y = b;
    if (x->place != y->place) return x->place < y->place ? -1 : 1;
    return strcmp(x->name, y->name);
}

static hra_code list_all(entry_list *l, hra_error *error)
{
    static const char *const folders[] = {"outputs", "kept"};
    hra_result_reader *r = l->reader;
    const char *const *names[2] = {NULL, NULL};
    int counts[2] = {0, 0};
    hra_h5_id outputs = hra_h5_member(r->file, folders[0]);
    hra_h5_id kept = H5Lexists(r->file, folders[1], H5P_DEFAULT) > 0 ? hra_h5_member(r->file, folders[1]) : -1;
    if (outputs >= 0) HRA_TRY(hra_h5_members(outputs, r->arena, &names[0], &counts[0], error));
    if (kept >= 0) HRA_TRY(hra_h5_members(kept, r->arena, &names[1], &counts[1], error));
    size_t most = (size_t)counts[0] + (size_t)counts[1] + (size_t)r->label_count + 1;
    l->items = hra_arena_alloc(r->arena, (most + (size_t)r->count) * sizeof *l->items);
    r->beside = hra_arena_alloc(r->arena, most * sizeof *r->beside);
    if (!l->items || !r->beside) return hra_out_of_memory(error);
    add_known(l);
    if (outputs >= 0) HRA_TRY(add_folder(l, outputs, folders[0], names[0], counts[0], error));
    if (kept >= 0) HRA_TRY(add_folder(l, kept, folders[1], names[1], counts[1], error));
    qsort(l->items, (size_t)l->count, sizeof *l->items, by_place);
    return HRA_OK;
}

hra_code hra_result_entries(hra_result_reader *reader, const hra_result_entry **list, int *count, hra_error *error)
{
    entry_list l = {.reader = reader};
    hra_h5_lock();
    hra_code code = list_all(&l, error);
    hra_h5_unlock();
    *list = l.items;
    *count = l.count;
    return code;
}

static hra_code read_bits(const hra_result_reader *r, const hra_packed *data, int64_t first, int64_t count, double *out,
                          hra_error *error)
{
    uint8_t *bits = malloc((size_t)count + 1);
    if (!bits) return hra_out_of_memory(error);
    hra_code code = hra_result_read_rows(r, data, first, count, bits, error);
    for (int64_t i = 0; i < count && !code; i++) out[i] = bits[i];
    free(bits);
    return code;
}

hra_code hra_result_entry_values(const hra_result_reader *r, int index, int64_t first, int64_t count, double *out,
                                 hra_error *error)
{
    const hra_packed *data = r->beside[index];
    if (data->element == HRA_ELEMENT_DOUBLE) return hra_result_read_rows(r, data, first, count, out, error);
    return read_bits(r, data, first, count, out, error);
}
