/* Blocks of bytes made by a thread of their own while those before them are used; a few wait at any time. */
#ifndef HRA_IO_READ_AHEAD_H
#define HRA_IO_READ_AHEAD_H

#include <stddef.h>
#include <stdint.h>

#include "base/fail.h"

/* Makes the next block in `out`; *length 0 at the end. *done is told with the block. Runs in the other thread. */
typedef hra_code (*hra_read_ahead_make)(void *context, unsigned char *out, size_t capacity, size_t *length,
                                        int64_t *done, hra_error *error);

typedef struct hra_read_ahead hra_read_ahead;

/* Up to `most` blocks wait. NULL: no memory or no thread; the caller makes its blocks itself then. */
hra_read_ahead *hra_read_ahead_start(hra_read_ahead_make make, void *context, int most, size_t block_bytes);
void hra_read_ahead_end(hra_read_ahead *ahead);
/* The next block, valid until the next call. After the end, or an error, the same is said again. */
hra_code hra_read_ahead_next(hra_read_ahead *ahead, const unsigned char **bytes, size_t *length, int64_t *done,
                             hra_error *error);

#endif
