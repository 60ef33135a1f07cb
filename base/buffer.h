/* Growable byte buffer for text output. After a failed allocation the buffer
 * stays valid, `failed` is set and further appends do nothing: check once. */
#ifndef HRA_BASE_BUFFER_H
#define HRA_BASE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

typedef struct hra_buffer {
    char *bytes; /* NUL-terminated whenever not NULL */
    size_t length, capacity;
    bool failed;
} hra_buffer;

void hra_buffer_destroy(hra_buffer *buffer);
void hra_buffer_clear(hra_buffer *buffer);
/* Makes room for `extra` more bytes; returns the place to write or NULL. */
char *hra_buffer_reserve(hra_buffer *buffer, size_t extra);

/* The same, written out where it is called: most appends are a few bytes into a buffer that has room. */
static inline char *hra_buffer_room(hra_buffer *buffer, size_t extra)
{
    if (!buffer->failed && buffer->capacity - buffer->length > extra) return buffer->bytes + buffer->length;
    return hra_buffer_reserve(buffer, extra);
}

static inline void hra_buffer_append(hra_buffer *buffer, const void *bytes, size_t length)
{
    char *to = hra_buffer_room(buffer, length);
    if (!to) return;
    memcpy(to, bytes, length);
    to[length] = '\0';
    buffer->length += length;
}

static inline void hra_buffer_text(hra_buffer *buffer, const char *text)
{
    hra_buffer_append(buffer, text, strlen(text));
}

static inline void hra_buffer_char(hra_buffer *buffer, char c)
{
    char *to = hra_buffer_room(buffer, 1);
    if (!to) return;
    to[0] = c;
    to[1] = '\0';
    buffer->length++;
}

void hra_buffer_printf(hra_buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Shortest decimal text that reads back as the same double ("" for NaN). */
void hra_buffer_double(hra_buffer *buffer, double value);
/* The same for a value that usually has this few decimals: quick when it has. */
void hra_buffer_decimal(hra_buffer *buffer, double value, int decimals);
/* With all decimals, as a laboratory prints it (5.20), for a value that was rounded to them. */
void hra_buffer_fixed(hra_buffer *buffer, double value, int decimals);
/* A JSON string with quotes and escapes. */
void hra_buffer_json(hra_buffer *buffer, const char *text);
/* A CSV cell, quoted when it holds a separator, a quote or a line break. */
void hra_buffer_csv(hra_buffer *buffer, const char *text);
void hra_buffer_csv_n(hra_buffer *buffer, const char *text, size_t length);
/* The same for text somebody else wrote, `length` bytes, that people open in a
 * spreadsheet: what would start a formula there gets an apostrophe before it. */
void hra_buffer_csv_foreign(hra_buffer *buffer, const char *text, size_t length);
/* Such a cell, read back, as the text was: without that apostrophe. */
const char *hra_csv_unguarded(const char *cell);
/* Puts quotes around what was appended since `start` if it holds a separator
 * (for text without quotes and line breaks of its own). */
void hra_buffer_csv_since(hra_buffer *buffer, size_t start);

#endif
