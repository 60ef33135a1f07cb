#include "base/shown_name.h"

#include <iconv.h>
#include <string.h>

#include "base/utf8.h"

/* Not seen where it stands, or moves what follows: controls, marks of direction and of lines. */
static bool is_unseen(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0x200b && code <= 0x200f) ||
           (code >= 0x2028 && code <= 0x202e) || (code >= 0x2060 && code <= 0x206f) || code == 0xfeff;
}

/* Areas that belong to nobody: text in another encoding that is read as GB18030 often falls into them. */
static bool is_private(uint32_t code) { return (code >= 0xe000 && code < 0xf900) || code >= 0xf0000; }

/* The length of the character that can be shown at this place; 0: there is none. */
static size_t shown_character(const char *at, uint32_t *code)
{
    size_t length = hra_utf8_character((const unsigned char *)at, code);
    return length > 0 && !is_unseen(*code) ? length : 0;
}

static bool is_shown(const char *text, size_t length)
{
    uint32_t code;
    for (size_t i = 0, step; i < length; i += step)
        if ((step = shown_character(text + i, &code)) == 0) return false;
    return true;
}

bool hra_is_shown_as_is(const char *path) { return is_shown(path, strlen(path)); }

/* Appends the part as it reads in GB18030; false: it is not that, and nothing is appended. */
static bool put_gb18030(hra_buffer *out, const char *part, size_t length)
{
    size_t start = out->length, room = 4 * length; /* a character of two bytes has at most three of UTF-8 */
    char *to = hra_buffer_reserve(out, room + 1), *from = (char *)part;
    iconv_t converter = to ? iconv_open("UTF-8", "GB18030") : (iconv_t)-1;
    if (converter == (iconv_t)-1) return false;
    bool good = iconv(converter, &from, &length, &to, &room) != (size_t)-1 && length == 0;
    iconv_close(converter);
    *to = '\0';
    uint32_t code;
    for (const char *at = out->bytes + start; good && at < to;) {
        size_t step = shown_character(at, &code);
        good = step > 0 && !is_private(code);
        at += step;
    }
    if (good)
        out->length = (size_t)(to - out->bytes);
    else
        out->bytes[start] = '\0';
    return good;
}

static void put_escaped(hra_buffer *out, const char *part, size_t length)
{
    uint32_t code;
    for (size_t i = 0; i < length;) {
        size_t step = shown_character(part + i, &code);
        if (step > 0 && code != '\\') {
            hra_buffer_append(out, part + i, step);
            i += step;
        } else
            hra_buffer_printf(out, "\\x%02x", (unsigned char)part[i++]);
    }
}

static void put_part(hra_buffer *out, const char *part, size_t length)
{
    if (is_shown(part, length))
        hra_buffer_append(out, part, length);
    else if (hra_is_utf8(part, length) || !put_gb18030(out, part, length))
        put_escaped(out, part, length);
}

void hra_buffer_quoting(hra_buffer *out, const char *message, const char *ends)
{
    while (*message) {
        size_t length = strcspn(message, ends);
        put_part(out, message, length);
        message += length;
        length = strspn(message, ends);
        hra_buffer_append(out, message, length);
        message += length;
    }
}

void hra_buffer_path(hra_buffer *out, const char *path) { hra_buffer_quoting(out, path, "/"); }

void hra_buffer_json_path(hra_buffer *out, const char *path)
{
    hra_buffer shown = {0};
    hra_buffer_path(&shown, path);
    hra_buffer_json(out, shown.bytes ? shown.bytes : "");
    out->failed |= shown.failed;
    hra_buffer_destroy(&shown);
}

void hra_buffer_csv_path(hra_buffer *out, const char *path)
{
    hra_buffer shown = {0};
    hra_buffer_path(&shown, path);
    hra_buffer_csv_foreign(out, shown.bytes ? shown.bytes : "", shown.length);
    out->failed |= shown.failed;
    hra_buffer_destroy(&shown);
}

const char *hra_shown_path(hra_arena *arena, const char *path)
{
    if (hra_is_shown_as_is(path)) return hra_arena_text(arena, path);
    hra_buffer shown = {0};
    hra_buffer_path(&shown, path);
    const char *copy = shown.failed ? NULL : hra_arena_text(arena, shown.bytes);
    hra_buffer_destroy(&shown);
    return copy;
}

const char *hra_shown_name(hra_arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    return hra_shown_path(arena, slash ? slash + 1 : path);
}

const char *hra_shown_stem(hra_arena *arena, const char *path)
{
    const char *name = hra_shown_name(arena, path);
    size_t length = name ? strcspn(name, ".") : 0;
    return length > 0 ? hra_arena_text_n(arena, name, length) : name;
}
