/* Names of files as they are shown and written into tables: archives from Windows carry names in GBK, and a name may
 * hold line breaks. A file is always opened by its bytes, never by its shown name. */
#ifndef HRA_BASE_SHOWN_NAME_H
#define HRA_BASE_SHOWN_NAME_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buffer.h"

/* The name or path is UTF-8 without control characters: it is shown as it is. */
bool hra_is_shown_as_is(const char *path);

/* The path as UTF-8 without control characters, part by part between slashes. A part that is not UTF-8 is read as
 * GB18030. In one that is not that either, or has control characters, these and the bytes that are no characters
 * become \xHH, and a backslash becomes \x5c. */
void hra_buffer_path(hra_buffer *out, const char *path);
/* The same as a JSON string. */
void hra_buffer_json_path(hra_buffer *out, const char *path);
/* The same as a cell of a CSV, made safe for spreadsheets. */
void hra_buffer_csv_path(hra_buffer *out, const char *path);
/* The same as a text of the arena. NULL: out of memory. */
const char *hra_shown_path(hra_arena *arena, const char *path);
/* The same of the part behind the last slash. */
const char *hra_shown_name(hra_arena *arena, const char *path);
/* The same up to the first dot, unless it begins with one. */
const char *hra_shown_stem(hra_arena *arena, const char *path);

/* A message that may quote such paths: `ends` are the characters that part it, beside the slash. */
void hra_buffer_quoting(hra_buffer *out, const char *message, const char *ends);

#endif
