/* HDF5 made safe to call: one lock, identifiers that close themselves, errors
 * as hra_error, attributes and string lists read without trusting the file.
 *
 * HDF5 is not thread-safe: every call below and every H5 call of io/ happens
 * between hra_h5_lock and hra_h5_unlock.
 */
#ifndef HRA_IO_HDF5_UTIL_H
#define HRA_IO_HDF5_UTIL_H

#include <hdf5.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fail.h"

void hra_h5_lock(void); /* also keeps HDF5 from printing */
/* The same for who needs HDF5 only where a file has no summary: it is started by hra_h5_open. */
void hra_h5_lock_asleep(void);
void hra_h5_unlock(void);

/* `hra_h5_id x = H5Dopen2(...)`: closed when the variable goes out of scope. */
void hra_h5_release(const hid_t *id);
#define hra_h5_id __attribute__((cleanup(hra_h5_release))) hid_t

/* Fails with the given text and what HDF5 and the system say about the cause. */
hra_code hra_h5_fail(hra_error *error, hra_code code, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* For the properties that a file is opened or created with: what HDF5 keeps of its chunk tables, in memory ten times
 * their size, takes no more than this. Without a bound it grows with the rows, up to 32 MiB. */
void hra_h5_bound_memory(hid_t access, size_t bytes);
enum { HRA_H5_WRITING_BYTES = 2 << 20 }; /* for a file whose datasets grow */

/* Opens for reading; refuses what is not HDF5, and files of ours that are damaged: HDF5 itself could crash. A file
 * without a seal of ours is first read in a child process (io/hdf5/hdf5_first_look.h). */
hra_code hra_h5_open(const char *path, hid_t *file, hra_error *error);
/* Opens a group or dataset that is a plain (hard) link; links that lead elsewhere are not followed. -1 if absent. */
hid_t hra_h5_member(hid_t group, const char *name);

/* No attribute or list of a real file comes near these; they bound what a damaged file can ask for. */
enum { HRA_H5_MOST_TEXT = 1 << 20, HRA_H5_MOST_ITEMS = 1 << 24 };

/* Names of the members of a group, in name order, each a hard link. */
hra_code hra_h5_members(hid_t group, hra_arena *arena, const char *const **names, int *count, hra_error *error);

/* ---- attributes (hdf5_attributes.c) */
/* What is written until the lock is released is noted (io/hdf5/attribute_notes.h); NULL: no longer. */
typedef struct hra_attribute_notes hra_attribute_notes;
void hra_h5_note_attributes(hra_attribute_notes *notes);
hra_code hra_h5_put_text(hid_t object, const char *name, const char *text, hra_error *error);
hra_code hra_h5_put_int(hid_t object, const char *name, int64_t value, hra_error *error);
/* The same, stored as the given type. */
hra_code hra_h5_put_int_as(hid_t object, const char *name, hid_t stored, int64_t value, hra_error *error);
hra_code hra_h5_put_real(hid_t object, const char *name, double value, hra_error *error);
/* `count` values as an array of `stored` integers (the type of the dataset, as CF wants it). */
hra_code hra_h5_put_ints(hid_t object, const char *name, hid_t stored, const int64_t *values, int count,
                         hra_error *error);
/* `count` unsigned 32-bit words; 0 gives an attribute without elements. */
hra_code hra_h5_put_words(hid_t object, const char *name, const uint32_t *words, int64_t count, hra_error *error);
const char *hra_h5_get_text(hid_t object, const char *name, hra_arena *arena); /* NULL: absent or not a text */
bool hra_h5_get_int(hid_t object, const char *name, int64_t *value);           /* a single integer */
bool hra_h5_get_real(hid_t object, const char *name, double *value);           /* a single number */
/* A one-dimensional integer attribute; count 0 if absent. */
hra_code hra_h5_get_ints(hid_t object, const char *name, hra_arena *arena, const int64_t **values, int *count);

/* The same of unsigned 32-bit words; count -1 if absent or something else. */
hra_code hra_h5_get_words(hid_t object, const char *name, hra_arena *arena, const uint32_t **words, int64_t *count);

/* ---- lists of texts as datasets of fixed-length UTF-8 strings (hdf5_texts.c) */
hra_code hra_h5_write_texts(hid_t group, const char *name, const char *const *texts, int count, hra_error *error);
hra_code hra_h5_read_texts(hid_t group, const char *name, hra_arena *arena, const char *const **texts, int *count,
                           hra_error *error);
/* The same of a dataset that is open; `name` is for messages. */
hra_code hra_h5_texts_of(hid_t dataset, const char *name, hra_arena *arena, const char *const **texts, int *count,
                         hra_error *error);

/* ---- types and sizes */
hid_t hra_h5_stored_type(int width);  /* little-endian signed integer of 1, 2, 4 or 8 bytes; not to be closed */
hid_t hra_h5_text_type(size_t size);  /* UTF-8 of fixed length, at least 1, filled with NUL; to be closed. -1: failed */
int64_t hra_h5_length(hid_t dataset); /* rows of a one-dimensional dataset, else -1 */
/* False if a contiguous or compact dataset holds fewer bytes than its shape needs: HDF5 would read past them. */
bool hra_h5_storage_fits(hid_t dataset);
hid_t hra_h5_group(hid_t parent, const char *name); /* created */
/* Properties of a dataset to be created: it does not keep the time, so that equal content gives equal files. */
hid_t hra_h5_new_dataset(void);

#endif
