/* Folders as zip archives, and back. */
#ifndef HRA_REPORT_ARCHIVE_FOLDER_H
#define HRA_REPORT_ARCHIVE_FOLDER_H

#include "base/fail.h"

/* All files below `folder` into the archive (0600) as NAME/..., in the order of their names. */
hra_code hra_archive_folder(const char *folder, const char *name, const char *archive, hra_error *error);

/* Everything in the archive into `folder`, which is made. Names that would leave it, links and devices are refused. */
hra_code hra_archive_unpack(const char *archive, const char *folder, int *files, hra_error *error);

/* A folder with all that is in it; nothing there is no error. */
hra_code hra_archive_remove(const char *folder, hra_error *error);

#endif
