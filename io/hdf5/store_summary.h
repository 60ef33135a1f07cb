/* What a population store says about its rows, once more, in one piece behind the end of the HDF5 file: attributes,
 * texts, where the chunks are and their checksums (docs/formats.md). Opening a store through HDF5 takes as long as
 * scoring thousands of people; with this it is one read and one hash.
 *
 * The hash is over all bytes of the file but the chunks of rows, which have checksums of their own. Programs that write
 * to the file cut the summary off, because HDF5 ends a file where its own contents end; such a store is read through
 * HDF5. Where the summary still stands and its hash does not fit, bytes were changed by accident: that is an error,
 * told before HDF5, which damage can crash, sees the file.
 */
#ifndef HRA_IO_STORE_SUMMARY_H
#define HRA_IO_STORE_SUMMARY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fail.h"

/* One of: text, integers, one real. */
typedef struct hra_summary_attribute {
    const char *name;
    const char *text;
    const int64_t *ints;
    double real;
    int64_t count;
} hra_summary_attribute;

/* A piece of the file. */
typedef struct hra_summary_range {
    uint64_t offset, length;
} hra_summary_range;

/* The order of two ranges in the file, for qsort. */
int hra_summary_by_offset(const void *a, const void *b);

/* What grows with the people and their groups is left in the file until somebody asks for it. */
typedef struct hra_summary_object {
    const char *folder, *name; /* "/variables", "sbp"; "/" and "" for the root */
    const hra_summary_attribute *attributes;
    int attribute_count;
    hra_summary_range texts; /* of a list of texts, for hra_summary_texts */
    hra_summary_range rows;  /* of a dataset of rows, for hra_packed_of_parcel */
} hra_summary_object;

typedef struct hra_summary hra_summary;

/* A summary that tells nothing, behind a finished file of another kind: its hash still guards everything but `rows`. */
hra_code hra_summary_seal(const char *path, const hra_summary_range *rows, int64_t count, hra_error *error);

/* *out is NULL where there is none, or none that makes sense. What it holds stays in the arena. HRA_EINPUT: the file is
 * damaged. */
hra_code hra_summary_read(int file, uint64_t file_size, const char *path, hra_arena *arena, const hra_summary **out,
                          hra_error *error);
/* The same of a path; one that cannot be opened has none. */
hra_code hra_summary_of(const char *path, hra_arena *arena, const hra_summary **out, hra_error *error);
/* A file that stays open with its summary, for several who want it: reading that is most of opening a store. All zero:
 * nothing is open. */
typedef struct hra_summary_file {
    int file;
    uint64_t size;
    hra_arena *arena;
    const hra_summary *summary; /* in the arena */
} hra_summary_file;

/* Nothing is open on failure, and where there is no summary. */
hra_code hra_summary_open(const char *path, hra_summary_file *out, hra_error *error);
void hra_summary_close(hra_summary_file *file);
/* Whether the hash of what stands at the end of a file, if anything does, fits. `*sealed`: something does. */
hra_code hra_summary_check(const char *path, bool *sealed, hra_error *error);
/* Whether something that looks like a summary stands at the end of a file. */
bool hra_summary_is_there(const char *path);
/* Takes it off, before a file that is open for writing is changed. */
hra_code hra_summary_cut(int file, const char *path, hra_error *error);

const hra_summary_object *hra_summary_find(const hra_summary *summary, const char *folder, const char *name);
bool hra_summary_has(const hra_summary *summary, const char *folder);
hra_code hra_summary_members(const hra_summary *summary, const char *folder, hra_arena *arena,
                             const char *const **names, int *count, hra_error *error);
const hra_summary_attribute *hra_summary_attribute_of(const hra_summary_object *object, const char *name);
/* The texts of a list, from the file that the summary was read from. */
hra_code hra_summary_texts(const hra_summary_object *object, int file, hra_arena *arena, const char *const **texts,
                           int *count, hra_error *error);

#endif
