#include "io/hdf5/attribute_notes.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"

enum { MOST_PATH = 1024 };

struct hra_attribute_notes {
    hra_map *places; /* of the lists, by path */
    hra_attribute_list *lists;
    int count, capacity;
    hra_buffer types[HRA_ATTRIBUTE_CONVERTED]; /* what is hashed of the stored type, by kind; made when first needed */
};

hra_attribute_notes *hra_attribute_notes_new(void)
{
    hra_attribute_notes *notes = calloc(1, sizeof *notes);
    if (notes) notes->places = hra_map_new();
    if (notes && notes->places) return notes;
    free(notes);
    return NULL;
}

void hra_attribute_notes_free(hra_attribute_notes *notes)
{
    if (!notes) return;
    for (int i = 0; i < notes->count; i++) hra_attribute_list_destroy(&notes->lists[i]);
    free(notes->lists);
    for (int kind = 0; kind < HRA_ATTRIBUTE_CONVERTED; kind++) hra_buffer_destroy(&notes->types[kind]);
    hra_map_free(notes->places);
    free(notes);
}

static hra_attribute_list *new_list(hra_attribute_notes *notes, const char *path)
{
    if (notes->count == notes->capacity) {
        int capacity = notes->capacity ? 2 * notes->capacity : 64;
        hra_attribute_list *lists = realloc(notes->lists, (size_t)capacity * sizeof *lists);
        if (!lists) return NULL;
        notes->lists = lists;
        notes->capacity = capacity;
    }
    if (hra_map_set(notes->places, path, notes->count) != 0) return NULL;
    notes->lists[notes->count] = (hra_attribute_list){0};
    return &notes->lists[notes->count++];
}

/* A kind is always stored as the same type. */
static const hra_buffer *type_of(hra_attribute_notes *notes, const hra_attribute_value *value)
{
    hra_buffer *type = &notes->types[value->kind];
    if (type->length == 0) hra_hashed_type(type, value->stored);
    return type->failed ? NULL : type;
}

hra_code hra_attribute_notes_add(hra_attribute_notes *notes, hid_t object, const char *name, hid_t attribute,
                                 const hra_attribute_value *value, hra_error *error)
{
    char path[MOST_PATH];
    ssize_t length = H5Iget_name(object, path, sizeof path);
    if (length <= 0 || length >= MOST_PATH) return HRA_OK; /* it will be read */
    int64_t place = hra_map_get(notes->places, path);
    hra_attribute_list *list = place >= 0 ? &notes->lists[place] : new_list(notes, path);
    if (!list) return hra_out_of_memory(error);
    if (value->kind == HRA_ATTRIBUTE_CONVERTED) return hra_attribute_list_insert(list, name, attribute, error);
    const hra_buffer *type = type_of(notes, value);
    return type ? hra_attribute_list_insert_value(list, name, value, type, error) : hra_out_of_memory(error);
}

/* Their number tells whether one was written past the notes, or taken away. */
static int count_attributes(hid_t object)
{
    H5O_info_t info;
    return H5Oget_info2(object, &info, H5O_INFO_NUM_ATTRS) >= 0 ? (int)info.num_attrs : -1;
}

const hra_attribute_list *hra_attribute_notes_of(const hra_attribute_notes *notes, hid_t object, const char *path)
{
    static const hra_attribute_list none;
    int64_t place = hra_map_get(notes->places, path);
    const hra_attribute_list *list = place >= 0 ? &notes->lists[place] : &none;
    return count_attributes(object) == list->count ? list : NULL;
}
