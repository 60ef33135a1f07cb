/* The bytes of a file, unpacked if it is gzip or the only file of a zip archive. */
#ifndef HRA_IO_BYTE_STREAM_H
#define HRA_IO_BYTE_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/fail.h"

typedef struct hra_byte_stream hra_byte_stream;

enum { HRA_BYTE_FIRST = 1 << 16 }; /* bytes that are read of a file when it is opened */

/* Looks at a block before it is given out; a block of length 0 is the end. It may be called by another thread, one
 * block after the other. What it reports is told in place of the block. */
typedef hra_code (*hra_byte_look)(void *context, const unsigned char *bytes, size_t length, hra_error *error);

hra_code hra_byte_stream_open(const char *path, hra_byte_stream **out, hra_error *error);
/* The only file in a zip archive (hra_zip_single). */
hra_code hra_byte_stream_open_zipped(const char *path, hra_byte_stream **out, hra_error *error);
/* Before the first block. */
void hra_byte_stream_watch(hra_byte_stream *stream, hra_byte_look look, void *context);
/* Large files are read, and unpacked, by a thread of their own, unless the user has one already: before the first
 * block. */
void hra_byte_stream_stay(hra_byte_stream *stream);
void hra_byte_stream_close(hra_byte_stream *stream);
/* The next block, valid until the next call; *length 0 at the end. */
hra_code hra_byte_stream_next(hra_byte_stream *stream, const unsigned char **bytes, size_t *length, hra_error *error);
/* The same behind what the buffer holds, which saves a copy. */
hra_code hra_byte_stream_append(hra_byte_stream *stream, hra_buffer *out, size_t *length, hra_error *error);
bool hra_byte_stream_is_gzip(const hra_byte_stream *stream);
int64_t hra_byte_stream_done(const hra_byte_stream *stream);
int64_t hra_byte_stream_size(const hra_byte_stream *stream);
int64_t hra_byte_stream_changed(const hra_byte_stream *stream); /* modification time in ns */

#endif
