/* A text file as a stream of UTF-8 bytes: plain or gzip, in any of the
 * encodings, without byte-order mark and without a Ctrl-Z at its end. What
 * the file is, is told by its first bytes, never by its name. */
#ifndef HRA_IO_TEXT_STREAM_H
#define HRA_IO_TEXT_STREAM_H

#include "io/encoding.h"

typedef struct hra_text_facts {
    hra_encoding encoding;
    bool gzip;
    bool checked;          /* the whole file was read and is valid in its encoding */
    int64_t damaged;       /* places that are not valid in the encoding */
    int64_t first_damaged; /* byte offset (in the unpacked text), -1: none */
    int64_t file_bytes;    /* size on disk */
    int64_t changed_ns;    /* modification time, to notice a file that changes under the run */
} hra_text_facts;

/* Reads the file once and says what it is. `encoding` NULL: detect; else it is taken as given and only the start of the
 * file is looked at. Files that are no text (zip, xlsx, HTML, HDF5 ...) are refused with the remedy. */
hra_code hra_text_examine(const char *path, const char *encoding, hra_text_facts *facts, hra_error *error);

typedef struct hra_text_stream hra_text_stream;

hra_code hra_text_stream_open(const char *path, const hra_text_facts *facts, hra_text_stream **out, hra_error *error);
void hra_text_stream_close(hra_text_stream *stream);
/* Appends a block of text; *end is set when that was the last of it. */
hra_code hra_text_stream_read(hra_text_stream *stream, hra_buffer *out, bool *end, hra_error *error);
int64_t hra_text_stream_bytes_done(const hra_text_stream *stream); /* of the file on disk */

#endif
