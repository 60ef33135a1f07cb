#include "report/tools/xlsx_text.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "base/utf8.h"

static bool looks_escaped(const char *at)
{
    if (at[0] != '_' || at[1] != 'x') return false;
    for (int i = 2; i < 6; i++)
        if (!isxdigit((unsigned char)at[i])) return false;
    return at[6] == '_';
}

/* What stands instead of the character that begins here, and its bytes; NULL: it stays. */
static const char *instead_of(const char *at, size_t *bytes)
{
    static const char underscore[] = "_x005F_", unknown[] = "\uFFFD";
    uint32_t code;
    *bytes = hra_utf8_character((const unsigned char *)at, &code);
    if (*bytes > 0 && code != 0xFFFE && code != 0xFFFF) return looks_escaped(at) ? underscore : NULL;
    if (*bytes == 0) *bytes = 1;
    return unknown;
}

const char *hra_xlsx_text(const char *text, hra_buffer *room)
{
    const char *from = text;
    size_t bytes;
    hra_buffer_clear(room);
    for (const char *at = text; *at; at += bytes) {
        if (*at != '_' && (unsigned char)*at < 0x80) {
            bytes = 1;
            continue;
        }
        const char *instead = instead_of(at, &bytes);
        if (!instead) continue;
        hra_buffer_append(room, from, (size_t)(at - from));
        hra_buffer_text(room, instead);
        from = at + bytes;
    }
    if (from == text) return text;
    hra_buffer_text(room, from);
    return room->failed ? NULL : room->bytes;
}
