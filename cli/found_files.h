/* The files of a folder and of the folders in it: all of them, or a delivery could be forgotten. What cannot be looked
 * into is told, too, and stops nobody else. */
#ifndef HRA_CLI_FOUND_FILES_H
#define HRA_CLI_FOUND_FILES_H

#include "base/arena.h"
#include "base/fail.h"

typedef struct hra_found_file {
    const char *path;
    const char *trouble; /* a folder: why nothing, or not everything, in it is read; NULL: a file */
} hra_found_file;

typedef struct hra_found_files {
    hra_found_file *items; /* sorted by path; free them */
    int count, capacity;
} hra_found_files;

/* Hidden files, checksums and the like are left out. A folder is looked into once, through links only if it is met in
 * no other way. Fails if the folder itself cannot be opened, or where results of a run lie in it. */
hra_code hra_find_files(const char *folder, hra_arena *arena, hra_found_files *out, hra_error *error);

#endif
