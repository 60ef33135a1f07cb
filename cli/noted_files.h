/* Files that are read several times, as for a check and then for their values, are to stay what they are meanwhile. */
#ifndef HRA_CLI_NOTED_FILES_H
#define HRA_CLI_NOTED_FILES_H

#include <sys/stat.h>

#include "intake/profiles/hold.h"

/* The files as they are now, `count` of them; no file: no size, no mode. */
void hra_files_note(const char *const *paths, int count, struct stat *noted);
/* HRA_EIO: one that is read has changed since. `hold`: which of them are not; NULL: all are. */
hra_code hra_files_unchanged(const char *const *paths, int count, const struct stat *noted, const hra_hold *hold,
                             hra_error *error);

#endif
