#include "engine/language/diagnostics.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct fault {
    char *file, *line_text, *message;
    int line, column, width;
} fault;

struct hra_diagnostics {
    fault *faults;
    int count, capacity;
    int lost; /* faults that could not be kept for lack of memory */
};

hra_diagnostics *hra_diagnostics_new(void) { return calloc(1, sizeof(hra_diagnostics)); }

void hra_diagnostics_free(hra_diagnostics *diagnostics)
{
    if (!diagnostics) return;
    for (int i = 0; i < diagnostics->count; i++) {
        free(diagnostics->faults[i].file);
        free(diagnostics->faults[i].line_text);
        free(diagnostics->faults[i].message);
    }
    free(diagnostics->faults);
    free(diagnostics);
}

/* One place is reported once: what follows from the first fault is noise. */
static bool already_reported(const hra_diagnostics *diagnostics, const char *file, int line, int column)
{
    for (int i = diagnostics->count - 1; i >= 0; i--) {
        const fault *f = &diagnostics->faults[i];
        if (f->line == line && f->column == column && strcmp(f->file, file) == 0) return true;
    }
    return false;
}

static bool grow(hra_diagnostics *diagnostics)
{
    if (diagnostics->count < diagnostics->capacity) return true;
    int capacity = diagnostics->capacity ? diagnostics->capacity * 2 : 16;
    fault *faults = realloc(diagnostics->faults, (size_t)capacity * sizeof *faults);
    if (!faults) return false;
    diagnostics->faults = faults;
    diagnostics->capacity = capacity;
    return true;
}

void hra_diagnostics_add(hra_diagnostics *diagnostics, const char *file, int line, int column, int width,
                         const char *line_text, int line_length, const char *format, ...)
{
    if (!diagnostics || already_reported(diagnostics, file, line, column)) return;
    char message[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    fault f = {.file = strdup(file),
               .message = strdup(message),
               .line_text = strndup(line_text ? line_text : "", line_text ? (size_t)line_length : 0),
               .line = line,
               .column = column,
               .width = width};
    if (!f.file || !f.message || !f.line_text || !grow(diagnostics)) {
        free(f.file);
        free(f.message);
        free(f.line_text);
        diagnostics->lost++;
        return;
    }
    diagnostics->faults[diagnostics->count++] = f;
}

int hra_diagnostics_count(const hra_diagnostics *diagnostics) { return diagnostics->count + diagnostics->lost; }

static int utf8_length(unsigned char first) { return first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4; }

/* Chinese characters and full-width signs take two cells of a terminal: lead
 * bytes E2BA.. (CJK radicals) to E9, EA..ED (Hangul), EF BC/BD (full width). */
static bool is_wide(const char *c)
{
    unsigned char a = (unsigned char)c[0], b = (unsigned char)c[1];
    return (a >= 0xE3 && a <= 0xED) || (a == 0xE2 && b >= 0xBA) || (a == 0xEF && (b == 0xBC || b == 0xBD)) || a == 0xF0;
}

/* Spaces up to the column (tabs kept, so that the caret stands right below),
 * then one mark per character of the faulty text. */
static void print_caret(const fault *f, hra_buffer *out)
{
    const char *c = f->line_text;
    hra_buffer_text(out, "    ");
    for (int column = 1; column < f->column && *c; column++) {
        hra_buffer_text(out, *c == '\t' ? "\t" : is_wide(c) ? "  " : " ");
        for (int n = utf8_length((unsigned char)*c); n > 0 && *c; n--) c++;
    }
    hra_buffer_char(out, '^');
    for (int i = 1; i < f->width && *c; i++) {
        for (int n = utf8_length((unsigned char)*c); n > 0 && *c; n--) c++;
        if (!*c) break;
        hra_buffer_text(out, is_wide(c) ? "~~" : "~");
    }
    hra_buffer_char(out, '\n');
}

void hra_diagnostics_print(const hra_diagnostics *diagnostics, hra_buffer *out)
{
    for (int i = 0; i < diagnostics->count; i++) {
        const fault *f = &diagnostics->faults[i];
        hra_buffer_printf(out, "%s%s:%d:%d: %s\n", i ? "\n" : "", f->file, f->line, f->column, f->message);
        if (!*f->line_text) continue;
        hra_buffer_printf(out, "    %s\n", f->line_text);
        print_caret(f, out);
    }
    if (diagnostics->lost) hra_buffer_printf(out, "\n%d further faults (out of memory)\n", diagnostics->lost);
}
