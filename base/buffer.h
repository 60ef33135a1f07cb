/* Growable byte buffer for text output. After a failed allocation the buffer
 * stays valid, `failed` is set and further appends do nothing: check once. */
#ifndef HRA_BASE_BUFFER_H
#define HRA_BASE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

typedef struct hra_buffer {
    char *bytes; /* NUL-terminated whenever not NULL */
    size_t length, capacity;
    bool failed;
} hra_buffer;

void hra_buffer_destroy(hra_buffer *buffer);
void hra_buffer_clear(hra_buffer *buffer);
/* Makes room for `extra` more bytes; returns the place to write or NULL. */
char *hra_buffer_reserve(hra_buffer *buffer, size_t extra);
void hra_buffer_append(hra_buffer *buffer, const void *bytes, size_t length);
void hra_buffer_text(hra_buffer *buffer, const char *text);
void hra_buffer_char(hra_buffer *buffer, char c);
void hra_buffer_printf(hra_buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Shortest decimal text that reads back as the same double ("" for NaN). */
void hra_buffer_double(hra_buffer *buffer, double value);
/* The same for a value that usually has this few decimals: quick when it has. */
void hra_buffer_decimal(hra_buffer *buffer, double value, int decimals);
/* A JSON string with quotes and escapes. */
void hra_buffer_json(hra_buffer *buffer, const char *text);
/* A CSV cell, quoted when it holds a separator, a quote or a line break. */
void hra_buffer_csv(hra_buffer *buffer, const char *text);
void hra_buffer_csv_n(hra_buffer *buffer, const char *text, size_t length);
/* The same for text somebody else wrote, `length` bytes, that people open in a
 * spreadsheet: what would start a formula there gets an apostrophe before it. */
void hra_buffer_csv_foreign(hra_buffer *buffer, const char *text, size_t length);
/* Puts quotes around what was appended since `start` if it holds a separator
 * (for text without quotes and line breaks of its own). */
void hra_buffer_csv_since(hra_buffer *buffer, size_t start);

#endif
