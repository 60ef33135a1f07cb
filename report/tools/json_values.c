#include "report/tools/json_values.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/utf8.h"

enum { DEEPEST = 16 };

typedef struct reader {
    const char *document, *name, *at;
    hra_json_visit visit;
    void *context;
    hra_buffer path, text;
    int depth;
} reader;

static hra_code damaged(const reader *r, hra_error *error)
{
    int line = 1;
    for (const char *c = r->document; c < r->at; c++) line += *c == '\n';
    return hra_fail(error, HRA_EINPUT, "%s:%d: this is not JSON as hra writes it", r->name, line);
}

static void skip_space(reader *r) { r->at += strspn(r->at, " \t\r\n"); }

static bool take(reader *r, char c)
{
    skip_space(r);
    if (*r->at != c) return false;
    r->at++;
    return true;
}

/* What stands behind a backslash. hra escapes only control characters as \u00XX. */
static bool read_escape(reader *r)
{
    static const char names[] = "nrtbf", values[] = "\n\r\t\b\f";
    char c = *r->at, digits[5] = "", *end;
    if (!c) return false;
    const char *name = strchr(names, c);
    r->at++;
    if (name) {
        hra_buffer_char(&r->text, values[name - names]);
    } else if (c == '"' || c == '\\' || c == '/') {
        hra_buffer_char(&r->text, c);
    } else if (c == 'u' && strlen(r->at) >= 4) {
        memcpy(digits, r->at, 4);
        unsigned long code = strtoul(digits, &end, 16);
        if (end != digits + 4 || code == 0 || (code >= 0xD800 && code < 0xE000)) return false;
        char bytes[4];
        hra_buffer_append(&r->text, bytes, hra_utf8_put((uint32_t)code, bytes));
        r->at += 4;
    } else {
        return false;
    }
    return true;
}

/* A text in quotes into r->text. */
static hra_code read_text(reader *r, hra_error *error)
{
    hra_buffer_clear(&r->text);
    hra_buffer_text(&r->text, "");
    if (!take(r, '"')) return damaged(r, error);
    for (;;) {
        size_t plain = strcspn(r->at, "\"\\");
        hra_buffer_append(&r->text, r->at, plain);
        r->at += plain;
        if (r->text.failed) return hra_fail(error, HRA_ENOMEM, "out of memory reading %s", r->name);
        if (*r->at == '"') break;
        if (*r->at != '\\') return damaged(r, error);
        r->at++;
        if (!read_escape(r)) return damaged(r, error);
    }
    r->at++;
    return HRA_OK;
}

static hra_code read_value(reader *r, hra_error *error);

/* A member's value, its name added to the path. */
static hra_code read_member(reader *r, int place, hra_error *error)
{
    size_t before = r->path.length;
    if (before) hra_buffer_char(&r->path, '.');
    if (place < 0) {
        HRA_TRY(read_text(r, error));
        if (!take(r, ':')) return damaged(r, error);
        hra_buffer_text(&r->path, r->text.bytes);
    } else {
        hra_buffer_printf(&r->path, "%d", place);
    }
    if (r->path.failed) return hra_fail(error, HRA_ENOMEM, "out of memory reading %s", r->name);
    HRA_TRY(read_value(r, error));
    r->path.length = before;
    r->path.bytes[before] = '\0';
    return HRA_OK;
}

static hra_code read_members(reader *r, bool list, hra_error *error)
{
    char end = list ? ']' : '}';
    if (++r->depth > DEEPEST) return damaged(r, error);
    r->at++;
    if (!take(r, end)) {
        int place = 0;
        do {
            HRA_TRY(read_member(r, list ? place++ : -1, error));
        } while (take(r, ','));
        if (!take(r, end)) return damaged(r, error);
    }
    r->depth--;
    return HRA_OK;
}

static hra_code read_value(reader *r, hra_error *error)
{
    skip_space(r);
    if (*r->at == '{' || *r->at == '[') return read_members(r, *r->at == '[', error);
    if (*r->at == '"') {
        HRA_TRY(read_text(r, error));
    } else {
        size_t length = strspn(r->at, "+-.0123456789abcdefghijklmnopqrstuvwxyzE");
        if (length == 0) return damaged(r, error);
        hra_buffer_clear(&r->text);
        hra_buffer_append(&r->text, r->at, length);
        if (r->text.failed) return hra_fail(error, HRA_ENOMEM, "out of memory reading %s", r->name);
        r->at += length;
    }
    return r->visit(r->context, r->path.bytes, r->text.bytes, error);
}

hra_code hra_json_values(const char *document, const char *name, hra_json_visit visit, void *context, hra_error *error)
{
    reader r = {.document = document, .name = name, .at = document, .visit = visit, .context = context};
    hra_buffer_text(&r.path, "");
    hra_code code = r.path.failed ? hra_out_of_memory(error) : read_value(&r, error);
    if (code == HRA_OK) skip_space(&r);
    if (code == HRA_OK && *r.at) code = damaged(&r, error);
    hra_buffer_destroy(&r.path);
    hra_buffer_destroy(&r.text);
    return code;
}

static hra_code read_whole(const char *path, hra_buffer *out, hra_error *error)
{
    enum { PIECE = 1 << 16 };
    FILE *file = fopen(path, "rbe");
    if (!file) return hra_fail(error, HRA_EIO, "%s cannot be read: %m", path);
    for (size_t got = 1; got > 0;) {
        char *to = hra_buffer_reserve(out, PIECE);
        got = to ? fread(to, 1, PIECE, file) : 0;
        out->length += got;
        if (to) to[got] = '\0';
    }
    bool ok = !ferror(file);
    fclose(file);
    if (out->failed) return hra_out_of_memory(error);
    return ok ? HRA_OK : hra_fail(error, HRA_EIO, "%s cannot be read", path);
}

hra_code hra_json_file(const char *path, hra_json_visit visit, void *context, hra_error *error)
{
    hra_buffer text = {0};
    hra_code code = read_whole(path, &text, error);
    if (code == HRA_OK) code = hra_json_values(text.bytes, path, visit, context, error);
    hra_buffer_destroy(&text);
    return code;
}
