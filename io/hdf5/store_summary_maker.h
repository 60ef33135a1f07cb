/* Makes the summary of a store (io/hdf5/store_summary.h) that was just written, from the walk that hashes its content:
 * nobody goes through the file again for it. */
#ifndef HRA_IO_STORE_SUMMARY_MAKER_H
#define HRA_IO_STORE_SUMMARY_MAKER_H

#include "io/hdf5/content_hash.h"
#include "io/hdf5/store_summary.h"

typedef struct hra_summary_maker hra_summary_maker;

/* When all rows are in the file of this path. `name` is what messages call it: a file may not have its own name yet. */
hra_code hra_summary_start(const char *path, const char *name, hra_summary_maker **out, hra_error *error);
/* For the walk; with the lock of HDF5 held, as the next. `notes` are of all attributes, or NULL. */
hra_h5_witness hra_summary_witness(hra_summary_maker *maker, const hra_attribute_notes *notes);
/* When the content hash is among the root's attributes. */
hra_code hra_summary_root(hra_summary_maker *maker, hid_t file, const hra_attribute_notes *notes, hra_error *error);
/* When the file is closed: puts the summary behind it; nothing where the store holds what a summary cannot tell. */
hra_code hra_summary_put(hra_summary_maker *maker, hra_error *error);
void hra_summary_end(hra_summary_maker *maker); /* NULL: nothing */

#endif
