/* The records of a zip archive of reports, written in one go: sizes are known
 * before, large archives get their 64-bit fields. */
#ifndef HRA_REPORT_ZIP_RECORDS_H
#define HRA_REPORT_ZIP_RECORDS_H

#include "report/person/individual_archive.h"

/* The day as DOS wrote it. */
typedef unsigned hra_zip_day;
hra_zip_day hra_zip_day_of(double day);

/* Entry KEY.html. */
void hra_zip_local(hra_buffer *out, hra_zip_day day, const char *key, const hra_archive_entry *entry);
/* Its line of the list at the end; the comment is the fingerprint. */
void hra_zip_central(hra_buffer *out, hra_zip_day day, const char *key, const hra_archive_entry *entry,
                     uint64_t offset);
/* What follows the list: `offset` is where it begins. */
void hra_zip_end(hra_buffer *out, uint64_t count, uint64_t offset, uint64_t list_bytes);

/* ---- reading what the functions above wrote ---- */

typedef struct hra_zip_list {
    uint64_t count, offset, bytes;
} hra_zip_list;

enum { HRA_ZIP_END = 20 + 56 + 22 }; /* the most that stands after the list */

/* From the last bytes of a file (at most HRA_ZIP_END); false: not written here. */
bool hra_zip_read_end(const unsigned char *tail, size_t length, hra_zip_list *list);
/* One line of the list: its key, entry and offset of the stored bytes. Returns its length, 0: not written here. */
size_t hra_zip_read_central(const unsigned char *at, size_t room, char key[64], hra_archive_entry *entry,
                            uint64_t *stored);

#endif
