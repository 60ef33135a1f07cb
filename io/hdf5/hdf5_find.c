/* Where tables are in somebody else's HDF5 file. */
#include <string.h>

#include "base/plain_text.h"
#include "io/hdf5/hdf5_columns.h"

enum { MOST_DEPTH = 8, MOST_OBJECTS = 1 << 16 };

typedef struct search {
    const char *file;
    hra_arena *arena;
    hra_h5_place *places;
    int count, objects;
    hra_error *error;
} search;

static hra_code add_place(search *s, const char *path, hra_h5_layout layout)
{
    if (s->count == HRA_H5_TABLES)
        return hra_fail(s->error, HRA_EINPUT, "%s: it holds more than %d tables", s->file, HRA_H5_TABLES);
    s->places[s->count++] = (hra_h5_place){path, layout};
    return HRA_OK;
}

/* What one member of a group is, seen from its table. */
typedef enum member { MEMBER_OTHER, MEMBER_GROUP, MEMBER_RECORDS, MEMBER_COLUMN } member;

static member what_is(hid_t object, int64_t *rows)
{
    if (H5Iget_type(object) == H5I_GROUP) return MEMBER_GROUP;
    *rows = hra_h5_length(object);
    if (*rows < 0) return MEMBER_OTHER;
    hra_h5_id type = H5Dget_type(object);
    H5T_class_t class = H5Tget_class(type);
    if (class == H5T_COMPOUND) return MEMBER_RECORDS;
    bool readable =
        class == H5T_INTEGER || class == H5T_FLOAT || class == H5T_STRING || class == H5T_ENUM || class == H5T_BITFIELD;
    return readable ? MEMBER_COLUMN : MEMBER_OTHER;
}

static hra_code search_group(search *s, hid_t group, const char *path, int depth);

static hra_code search_member(search *s, hid_t object, const char *path, int depth, member kind)
{
    if (kind == MEMBER_RECORDS) return add_place(s, path, HRA_H5_COMPOUND);
    return kind == MEMBER_GROUP && depth < MOST_DEPTH ? search_group(s, object, path, depth + 1) : HRA_OK;
}

static hra_code search_plain_group(search *s, hid_t group, const char *path, int depth)
{
    const char *const *names;
    int count, columns = 0;
    int64_t length = -1, rows = -1;
    bool even = true;
    HRA_TRY(hra_h5_members(group, s->arena, &names, &count, s->error));
    for (int i = 0; i < count; i++) {
        if (++s->objects > MOST_OBJECTS)
            return hra_fail(s->error, HRA_EINPUT, "%s: it holds more than %d objects", s->file, MOST_OBJECTS);
        if (strncmp(names[i], "_i_", 3) == 0 || strncmp(names[i], "_p_", 3) == 0) continue; /* indexes of PyTables */
        hra_h5_id object = hra_h5_member(group, names[i]);
        if (object < 0) continue;
        member kind = what_is(object, &rows);
        const char *full = hra_arena_printf(s->arena, "%s/%s", strcmp(path, "/") == 0 ? "" : path, names[i]);
        if (!full) return hra_out_of_memory(s->error);
        if (kind == MEMBER_COLUMN) {
            even &= columns == 0 || rows == length;
            length = rows;
            columns++;
        } else {
            HRA_TRY(search_member(s, object, full, depth, kind));
        }
    }
    return columns >= 2 && even ? add_place(s, path, HRA_H5_DATASETS) : HRA_OK;
}

static hra_code search_group(search *s, hid_t group, const char *path, int depth)
{
    const char *pandas = hra_h5_get_text(group, "pandas_type", s->arena);
    if (pandas && strcmp(pandas, "frame") == 0) return add_place(s, path, HRA_H5_PANDAS_FIXED);
    if (pandas && strcmp(pandas, "frame_table") == 0) return add_place(s, path, HRA_H5_PANDAS_TABLE);
    return search_plain_group(s, group, path, depth);
}

hra_code hra_h5_find_tables(hid_t file, const char *file_name, hra_arena *arena, hra_h5_place *places, int *count,
                            hra_error *error)
{
    search s = {.file = file_name, .arena = arena, .places = places, .error = error};
    hra_h5_id root = H5Gopen2(file, "/", H5P_DEFAULT);
    if (root < 0) return hra_h5_fail(error, HRA_EINPUT, "%s: its root group cannot be opened", file_name);
    HRA_TRY(search_group(&s, root, "/", 0));
    *count = s.count;
    return HRA_OK;
}
