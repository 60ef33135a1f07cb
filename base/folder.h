/* Folders for results, and why nothing can be written somewhere: said with what to do. */
#ifndef HRA_BASE_FOLDER_H
#define HRA_BASE_FOLDER_H

#include "base/fail.h"

/* Makes the folder (0700) unless it is there. Refuses a file of that name, and a folder that nothing can be written in.
 */
hra_code hra_folder_make(const char *path, hra_error *error);

/* Why no file could be made at `path`; `cause` is what the system said (errno). Returns the failure. */
hra_code hra_folder_fault(const char *path, int cause, hra_error *error);

/* The same where `path` itself is there and no file: a folder, a device. */
hra_code hra_folder_not_a_file(const char *path, hra_error *error);

#endif
