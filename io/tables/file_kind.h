/* What a file is, told by its bytes and never by its name; and what to do about those that cannot be read. */
#ifndef HRA_IO_FILE_KIND_H
#define HRA_IO_FILE_KIND_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fail.h"

typedef enum hra_file_kind {
    HRA_FILE_TEXT,         /* plain or gzip */
    HRA_FILE_ZIPPED_TEXT,  /* the only file in a zip archive */
    HRA_FILE_WORKBOOK,     /* .xlsx */
    HRA_FILE_OLD_WORKBOOK, /* .xls as Excel wrote it until 2003 */
    HRA_FILE_MARKUP,       /* a web page or an Excel 2003 XML workbook, mostly called .xls */
    HRA_FILE_HDF5          /* of somebody else's making */
} hra_file_kind;

/* `start` are the first bytes, unpacked if the file is `packed` by gzip. What cannot be read is refused with the
 * remedy. */
hra_code hra_file_kind_of(const char *path, const unsigned char *start, size_t length, bool packed, hra_file_kind *kind,
                          hra_error *error);

/* Refusals that take a look inside. */
hra_code hra_refuse_locked(const char *path, hra_error *error);
hra_code hra_refuse_before_5(const char *path, hra_error *error);

#endif
