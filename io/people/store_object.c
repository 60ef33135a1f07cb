#include "io/people/store_object.h"

#include <string.h>

/* ---- folders ---- */

bool hra_folder_open(hid_t root, const hra_summary *summary, const char *path, hra_store_folder *out)
{
    *out = (hra_store_folder){.id = -1, .summary = summary, .path = path};
    if (summary) return hra_summary_has(summary, path);
    out->id = hra_h5_member(root, path + 1);
    return out->id >= 0;
}

void hra_folder_close(hra_store_folder *folder)
{
    hra_h5_release(&folder->id);
    folder->id = -1;
}

hra_code hra_folder_members(const hra_store_folder *folder, hra_arena *arena, const char *const **names, int *count,
                            hra_error *error)
{
    return folder->summary ? hra_summary_members(folder->summary, folder->path, arena, names, count, error)
                           : hra_h5_members(folder->id, arena, names, count, error);
}

hra_code hra_folder_texts(const hra_store_folder *folder, const char *name, int file, hra_arena *arena,
                          const char *const **texts, int *count, hra_error *error)
{
    if (!folder->summary) return hra_h5_read_texts(folder->id, name, arena, texts, count, error);
    const hra_summary_object *object = hra_summary_find(folder->summary, folder->path, name);
    if (!object || object->texts.length == 0)
        return hra_fail(error, HRA_EINPUT, "%s is missing or not a list of texts", name);
    return hra_summary_texts(object, file, arena, texts, count, error);
}

/* ---- objects ---- */

bool hra_object_open(const hra_store_folder *folder, const char *name, hra_store_object *out)
{
    *out = (hra_store_object){.id = -1};
    if (folder->summary)
        out->said = hra_summary_find(folder->summary, folder->path, name);
    else
        out->id = hra_h5_member(folder->id, name);
    return out->said || out->id >= 0;
}

void hra_object_close(hra_store_object *object)
{
    hra_h5_release(&object->id);
    object->id = -1;
}

hra_code hra_object_rows(hra_store_object *object, const char *name, int file, uint64_t file_size, hra_arena *arena,
                         hra_packed **out, hra_error *error)
{
    if (object->said) {
        hra_parcel rows;
        hra_parcel_open(&rows, file, object->said->rows.offset, object->said->rows.length);
        hra_code code = hra_packed_of_parcel(&rows, name, file, file_size, arena, out, error);
        hra_parcel_close(&rows);
        return code;
    }
    hid_t id = object->id;
    object->id = -1;
    return hra_packed_open(id, name, file, file_size, arena, out, error);
}

/* ---- attributes ---- */

const char *hra_object_text(const hra_store_object *object, const char *name, hra_arena *arena)
{
    if (!object->said) return hra_h5_get_text(object->id, name, arena);
    const hra_summary_attribute *a = hra_summary_attribute_of(object->said, name);
    return a ? a->text : NULL;
}

bool hra_object_int(const hra_store_object *object, const char *name, int64_t *value)
{
    if (!object->said) return hra_h5_get_int(object->id, name, value);
    const hra_summary_attribute *a = hra_summary_attribute_of(object->said, name);
    if (!a || !a->ints || a->count != 1) return false;
    *value = a->ints[0];
    return true;
}

bool hra_object_real(const hra_store_object *object, const char *name, double *value)
{
    if (!object->said) return hra_h5_get_real(object->id, name, value);
    const hra_summary_attribute *a = hra_summary_attribute_of(object->said, name);
    if (!a || a->text || a->count != 1) return false;
    *value = a->ints ? (double)a->ints[0] : a->real;
    return true;
}

hra_code hra_object_ints(const hra_store_object *object, const char *name, hra_arena *arena, const int64_t **values,
                         int *count)
{
    if (!object->said) return hra_h5_get_ints(object->id, name, arena, values, count);
    const hra_summary_attribute *a = hra_summary_attribute_of(object->said, name);
    *values = a ? a->ints : NULL;
    *count = *values ? (int)a->count : 0;
    return HRA_OK;
}
