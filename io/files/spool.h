/* Bytes put aside in a temporary file and read back from anywhere in it. The file has no name (unlinked at once), is
 * its owner's (0600) and stands in $TMPDIR, else /var/tmp, else /tmp; it is made when the first bytes leave memory. */
#ifndef HRA_IO_SPOOL_H
#define HRA_IO_SPOOL_H

#include <stddef.h>
#include <stdint.h>

#include "base/fail.h"

typedef struct hra_spool hra_spool;

hra_spool *hra_spool_new(void); /* NULL: out of memory */
void hra_spool_free(hra_spool *spool);
int64_t hra_spool_size(const hra_spool *spool);
hra_code hra_spool_append(hra_spool *spool, const void *bytes, size_t length, hra_error *error);
/* Exactly `length` bytes that were appended; valid until the next call. */
hra_code hra_spool_read(hra_spool *spool, int64_t offset, size_t length, const char **bytes, hra_error *error);

#endif
