/* The attributes of a file's objects, noted as they are written: HDF5 takes milliseconds to find those of a whole store
 * again. What is noted is what HDF5 would give for the attribute, in the forms of io/hdf5/attribute_list.h.
 */
#ifndef HRA_IO_ATTRIBUTE_NOTES_H
#define HRA_IO_ATTRIBUTE_NOTES_H

#include "io/hdf5/attribute_list.h"

hra_attribute_notes *hra_attribute_notes_new(void); /* NULL: out of memory */
void hra_attribute_notes_free(hra_attribute_notes *notes);

/* An attribute of `object` that was just written and is still open. */
hra_code hra_attribute_notes_add(hra_attribute_notes *notes, hid_t object, const char *name, hid_t attribute,
                                 const hra_attribute_value *value, hra_error *error);

/* All attributes of the object at `path`, as hra_attribute_list_read gives them; NULL where others were written to it
 * than were noted. Valid until the next is added. */
const hra_attribute_list *hra_attribute_notes_of(const hra_attribute_notes *notes, hid_t object, const char *path);

#endif
