/* Files that appear whole or not at all: temporary name in the same folder
 * (0600), sync, rename. */
#ifndef HRA_IO_ATOMIC_FILE_H
#define HRA_IO_ATOMIC_FILE_H

#include <stdio.h>

#include "base/fail.h"

typedef struct hra_atomic_file hra_atomic_file;

hra_code hra_atomic_open(const char *path, hra_atomic_file **out, hra_error *error);
/* Whether hra_atomic_open finds a place for it now: to be told before hours of work, not after. Leaves nothing. */
hra_code hra_atomic_try(const char *path, hra_error *error);
FILE *hra_atomic_stream(hra_atomic_file *file);
const char *hra_atomic_path(const hra_atomic_file *file);      /* where the file will stand: for messages */
const char *hra_atomic_temporary(const hra_atomic_file *file); /* for writers that open by name (HDF5) */
/* What was written so far begins its way to the disk, so that commit waits for little; for files of many megabytes,
 * after each of a few. Nothing is promised: faults show at commit. */
void hra_atomic_begin_sync(hra_atomic_file *file);
/* Flushes, syncs and renames; on failure the temporary file is removed. Frees. */
hra_code hra_atomic_commit(hra_atomic_file *file, hra_error *error);
/* Several files at once, which wait for the disk together; with a fault none gets its place, unless it is that one of
 * them has no place there. NULL among them allowed; frees all. */
hra_code hra_atomic_commit_all(hra_atomic_file *const *files, int count, hra_error *error);
void hra_atomic_abandon(hra_atomic_file *file); /* NULL allowed; frees */

/* A whole file from memory. */
hra_code hra_atomic_write(const char *path, const void *bytes, size_t length, hra_error *error);
/* The same as one of very many files. The folder is not searched each time for what killed runs left there:
 * hra_atomic_tidy removes that, once. Nor is each file synced: hra_atomic_settle syncs them all, at the end. */
hra_code hra_atomic_write_one(const char *path, const void *bytes, size_t length, hra_error *error);
void hra_atomic_tidy(const char *folder);
hra_code hra_atomic_settle(const char *folder, hra_error *error);

/* Exclusive lock on an output folder or file (PATH.lock): a second run gets
 * HRA_ECONFLICT with the process number of the first. */
typedef struct hra_lock hra_lock;
hra_code hra_lock_take(const char *path, hra_lock **out, hra_error *error);
void hra_lock_release(hra_lock *lock);

#endif
