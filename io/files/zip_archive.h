/* The files inside a zip archive, read as streams. What a file unpacks to is checked against its length and checksum,
 * and an archive that unpacks to absurd sizes is refused. */
#ifndef HRA_IO_ZIP_ARCHIVE_H
#define HRA_IO_ZIP_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fail.h"

typedef struct hra_zip hra_zip;

hra_code hra_zip_open(const char *path, hra_zip **out, hra_error *error);
void hra_zip_close(hra_zip *zip);
const char *hra_zip_path(const hra_zip *zip);
int64_t hra_zip_file_bytes(const hra_zip *zip);
int64_t hra_zip_changed(const hra_zip *zip); /* modification time in ns */
/* Fails if the file changed since it was opened. */
hra_code hra_zip_check_unchanged(const hra_zip *zip, hra_error *error);

int hra_zip_count(const hra_zip *zip);
/* Of an entry, as UTF-8 (names in GBK are converted) and safe to print. */
const char *hra_zip_name(const hra_zip *zip, int index);
/* Without regard to ASCII case, to the kind of slash and to one at the start; -1: absent. */
int hra_zip_find(const hra_zip *zip, const char *name);
/* The only file in the archive, leaving out folders and what macOS adds; -1: none or several. */
int hra_zip_single(const hra_zip *zip);

typedef struct hra_zip_part hra_zip_part;

/* The archive must stay open as long as the part. */
hra_code hra_zip_part_open(hra_zip *zip, int index, hra_zip_part **out, hra_error *error);
void hra_zip_part_close(hra_zip_part *part);
/* *got 0: the end, reached with the right length and checksum. */
hra_code hra_zip_part_read(hra_zip_part *part, void *bytes, size_t room, size_t *got, hra_error *error);
/* How much of it has been read, as bytes of the archive's file. */
int64_t hra_zip_part_progress(const hra_zip_part *part);

#endif
