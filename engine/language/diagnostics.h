/* Faults of definition files: all of them, not only the first. */
#ifndef HRA_LANGUAGE_DIAGNOSTICS_H
#define HRA_LANGUAGE_DIAGNOSTICS_H

#include "base/buffer.h"

typedef struct hra_diagnostics hra_diagnostics;

hra_diagnostics *hra_diagnostics_new(void);
void hra_diagnostics_free(hra_diagnostics *diagnostics);

/* line and column count from 1, column in characters (not bytes); line_text is
 * the source line (not NUL-terminated); width is the length to underline. */
void hra_diagnostics_add(hra_diagnostics *diagnostics, const char *file, int line, int column, int width,
                         const char *line_text, int line_length, const char *format, ...)
    __attribute__((format(printf, 8, 9)));

int hra_diagnostics_count(const hra_diagnostics *diagnostics);

/* "file:line:column: message", the line, a caret line; one blank line between. */
void hra_diagnostics_print(const hra_diagnostics *diagnostics, hra_buffer *out);

#endif
