/* Archives of individual reports, one zip per group. Each entry's comment is
 * the fingerprint of what its report was made from, so that an archive is its
 * own manifest. Of an archive that is there already, reports are taken over by
 * their fingerprints without being unpacked.
 *
 * New archives grow under temporary names (GROUP.zip.part and .part.list, 0600)
 * and take the old ones' places when all are whole. Memory does not grow with
 * the number of people; while it works, the disk holds 96 bytes for each report
 * that old archives hold. */
#ifndef HRA_REPORT_INDIVIDUAL_ARCHIVE_H
#define HRA_REPORT_INDIVIDUAL_ARCHIVE_H

#include <stdint.h>

#include "base/buffer.h"
#include "base/fail.h"

enum { HRA_FINGERPRINT_SIZE = 16 };

typedef struct hra_fingerprint_bytes {
    unsigned char bytes[HRA_FINGERPRINT_SIZE];
} hra_fingerprint_bytes;

typedef struct hra_archive_entry {
    hra_fingerprint_bytes fingerprint;
    uint64_t length, packed; /* bytes of the page, and as stored */
    uint32_t crc;
} hra_archive_entry;

typedef struct hra_individual_archives hra_individual_archives;

/* `day`: of the entries, since 1970-01-01; NaN: the first a zip can name. */
hra_code hra_individual_archives_new(const char *folder, double day, int threads, hra_individual_archives **out,
                                     hra_error *error);

/* Appends the stored bytes of this person's report to `out` if an archive holds one with the entry's fingerprint, and
 * fills the entry. Any thread. */
hra_code hra_individual_archives_kept(const hra_individual_archives *archives, const char *key,
                                      hra_archive_entry *entry, bool *kept, hra_buffer *out, hra_error *error);
/* Compresses a page to `out` and fills the entry. Threads by their numbers. */
hra_code hra_individual_archives_pack(hra_individual_archives *archives, int thread, const hra_buffer *page,
                                      hra_archive_entry *entry, hra_buffer *out, hra_error *error);

/* One report into its group's archive. One thread at a time. */
hra_code hra_individual_archives_add(hra_individual_archives *archives, const char *group, const char *key,
                                     const hra_archive_entry *entry, const char *bytes, hra_error *error);
hra_code hra_individual_archives_finish(hra_individual_archives *archives, int *count, hra_error *error);
void hra_individual_archives_free(hra_individual_archives *archives);

#endif
