/* The attributes of an HDF5 object, in the order of their names, each in the two forms that are made of it: the bytes
 * that the content hash takes in, and those that a summary tells. HDF5 takes longer to find and open an attribute than
 * anything takes to read it, so it is done once for both. With the lock held throughout.
 */
#ifndef HRA_IO_ATTRIBUTE_LIST_H
#define HRA_IO_ATTRIBUTE_LIST_H

#include "base/buffer.h"
#include "io/hdf5/hdf5_util.h"

typedef struct hra_attribute {
    /* where its name, both forms and what follows them begin in the bytes; without told bytes a summary cannot tell it
     */
    size_t name, hashed, told, end;
} hra_attribute;

/* An attribute as it is written. Of the first kinds the file holds the bytes that stand in memory. */
typedef enum hra_attribute_kind {
    HRA_ATTRIBUTE_TEXT,  /* one; `values` points to the pointer to it */
    HRA_ATTRIBUTE_INTS,  /* of 64 bits */
    HRA_ATTRIBUTE_WORDS, /* of 32 bits, without a sign */
    HRA_ATTRIBUTE_REAL,  /* one */
    HRA_ATTRIBUTE_CONVERTED
} hra_attribute_kind;

typedef struct hra_attribute_value {
    hra_attribute_kind kind;
    hid_t stored, memory, space;
    const void *values;
    int64_t count;
} hra_attribute_value;

/* All zero to begin with. */
typedef struct hra_attribute_list {
    hra_buffer bytes;
    hra_attribute *items;
    int count, capacity;
} hra_attribute_list;

void hra_attribute_list_destroy(hra_attribute_list *list);

/* All attributes of the object; what the list held before is gone. HRA_EINPUT: one cannot be read. */
hra_code hra_attribute_list_read(hra_attribute_list *list, hid_t object, hra_error *error);

/* Puts in one more, which is open, at its place. */
hra_code hra_attribute_list_insert(hra_attribute_list *list, const char *name, hid_t attribute, hra_error *error);
/* The same of what was written, if nothing was converted; `type` is what hra_hashed_type says of the stored type. */
hra_code hra_attribute_list_insert_value(hra_attribute_list *list, const char *name, const hra_attribute_value *value,
                                         const hra_buffer *type, hra_error *error);

const char *hra_attribute_name(const hra_attribute_list *list, int i);

/* What both the hash of attributes and that of datasets say of a type and a shape. */
void hra_hashed_type(hra_buffer *out, hid_t type);
bool hra_hashed_shape(hra_buffer *out, hid_t space); /* false: of too many dimensions */

#endif
