/* The files that people are to be taken out of: those named, and all in the folders named. Folders stay
 * locked, as by a run. */
#ifndef HRA_SERVICE_FORGET_FILES_H
#define HRA_SERVICE_FORGET_FILES_H

#include "io/files/atomic_file.h"

typedef enum hra_forget_kind {
    HRA_FORGET_POPULATION,
    HRA_FORGET_RESULTS,
    HRA_FORGET_KEY_MAP,
    HRA_FORGET_TABLE,   /* text with a column of people */
    HRA_FORGET_DETAILS, /* packed objects, one a line */
    HRA_FORGET_OTHER    /* of a folder: only looked at */
} hra_forget_kind;

typedef struct hra_forget_file {
    char *path;
    hra_forget_kind kind;
} hra_forget_file;

typedef struct hra_forget_files {
    hra_forget_file *items; /* as given, those of a folder by name */
    int count, capacity;
    hra_lock **locks; /* of the folders they are in */
    char **folders;
    int lock_count;
} hra_forget_files;

/* Files of a kind that cannot be written anew are refused where they are named themselves. Then hra_forget_files_close,
 * after a failure too. */
hra_code hra_forget_files_open(const char *const *paths, int count, hra_forget_files *out, hra_error *error);
void hra_forget_files_close(hra_forget_files *files);

#endif
