/* The groups and datasets of a population store, as far as they say something about its rows: open in HDF5, or known
 * from the store's summary (io/hdf5/store_summary.h), so that whoever asks need not care. With the lock held. */
#ifndef HRA_IO_STORE_OBJECT_H
#define HRA_IO_STORE_OBJECT_H

#include "io/hdf5/packed_dataset.h"
#include "io/hdf5/store_summary.h"

/* Of the two one is set. */
typedef struct hra_store_object {
    hid_t id; /* -1: none */
    const hra_summary_object *said;
} hra_store_object;

typedef struct hra_store_folder {
    hid_t id; /* -1: none */
    const hra_summary *summary;
    const char *path; /* "/variables" */
} hra_store_folder;

/* False: there is none. */
bool hra_folder_open(hid_t root, const hra_summary *summary, const char *path, hra_store_folder *out);
void hra_folder_close(hra_store_folder *folder);
/* Names of what is in it, in their order. */
hra_code hra_folder_members(const hra_store_folder *folder, hra_arena *arena, const char *const **names, int *count,
                            hra_error *error);
/* A list of texts; `file` is a descriptor for those that a summary leaves in the file. */
hra_code hra_folder_texts(const hra_store_folder *folder, const char *name, int file, hra_arena *arena,
                          const char *const **texts, int *count, hra_error *error);

/* False: there is none. */
bool hra_object_open(const hra_store_folder *folder, const char *name, hra_store_object *out);
void hra_object_close(hra_store_object *object);
/* The rows of a dataset; takes the object over, also on failure. `file` as for hra_packed_open. */
hra_code hra_object_rows(hra_store_object *object, const char *name, int file, uint64_t file_size, hra_arena *arena,
                         hra_packed **out, hra_error *error);

/* Attributes, as the functions of io/hdf5/hdf5_util.h have them. */
const char *hra_object_text(const hra_store_object *object, const char *name, hra_arena *arena);
bool hra_object_int(const hra_store_object *object, const char *name, int64_t *value);
bool hra_object_real(const hra_store_object *object, const char *name, double *value);
hra_code hra_object_ints(const hra_store_object *object, const char *name, hra_arena *arena, const int64_t **values,
                         int *count);

#endif
