/* The container of old Office files (compound files: a file system of sectors, in which a document stands as named
 * streams), as far as it takes to read the streams of its uppermost folder. Every sector number and length is checked:
 * a damaged file gives a message, never a wrong byte and never an endless chain. */
#ifndef HRA_IO_COMPOUND_FILE_H
#define HRA_IO_COMPOUND_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fail.h"

typedef struct hra_compound hra_compound;

/* `path` is copied. A file that is no compound file has one stream without a name: its bytes. */
hra_code hra_compound_open(const char *path, hra_compound **out, hra_error *error);
void hra_compound_close(hra_compound *file);
const char *hra_compound_path(const hra_compound *file);
int64_t hra_compound_file_bytes(const hra_compound *file);
int64_t hra_compound_changed(const hra_compound *file); /* modification time in ns */
hra_code hra_compound_check_unchanged(const hra_compound *file, hra_error *error);

bool hra_compound_is_container(const hra_compound *file);
/* Whether the uppermost folder has a stream or folder of this ASCII name, in any case. */
bool hra_compound_has(const hra_compound *file, const char *name);

typedef struct hra_compound_stream hra_compound_stream;

/* `name` NULL: the file's own bytes. `file` must stay open. */
hra_code hra_compound_stream_open(const hra_compound *file, const char *name, hra_compound_stream **out,
                                  hra_error *error);
void hra_compound_stream_close(hra_compound_stream *stream);
int64_t hra_compound_stream_size(const hra_compound_stream *stream);
/* Exactly `length` bytes from `offset`; both within the stream. */
hra_code hra_compound_stream_read(const hra_compound_stream *stream, int64_t offset, void *bytes, size_t length,
                                  hra_error *error);

/* Numbers as they stand in such files, whatever the processor: the least byte first. */
static inline uint16_t hra_le16(const unsigned char *at) { return (uint16_t)(at[0] | at[1] << 8); }
static inline uint32_t hra_le32(const unsigned char *at) { return hra_le16(at) | (uint32_t)hra_le16(at + 2) << 16; }

#endif
