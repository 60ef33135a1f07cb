/* The few words of Python's text pickle that a list of names consists of. */
#include <string.h>

#include "base/utf8.h"
#include "io/hdf5/hdf5_columns.h"

/* "\u5e74" in a name, as Python writes what Latin-1 does not hold. */
static bool decode_name(const char *from, size_t length, hra_buffer *out)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)from[i];
        unsigned code = c;
        if (c == '\\' && i + 5 < length && from[i + 1] == 'u') {
            code = 0;
            for (size_t k = i + 2; k < i + 6; k++) {
                const char *digits = "0123456789abcdef", *digit = strchr(digits, from[k] | 0x20);
                if (!from[k] || !digit) return false;
                code = 16 * code + (unsigned)(digit - digits);
            }
            i += 5;
        }
        if (code >= 0xD800 && code < 0xE000) return false;
        char bytes[4];
        hra_buffer_append(out, bytes, hra_utf8_put(code, bytes));
    }
    return !out->failed;
}

static const char *read_name(const char *text, size_t length, char mark, hra_arena *arena)
{
    if (mark == 'S') { /* 'in quotes' */
        if (length < 2 || text[0] != text[length - 1] || !strchr("'\"", text[0])) return NULL;
        text++;
        length -= 2;
    } else if (mark == 'L' && length > 0 && text[length - 1] == 'L') {
        length--;
    }
    hra_buffer decoded = {0};
    const char *name = NULL;
    if (decode_name(text, length, &decoded)) name = hra_arena_text(arena, decoded.bytes ? decoded.bytes : "");
    hra_buffer_destroy(&decoded);
    return name;
}

bool hra_h5_pickled_names(const char *pickled, hra_arena *arena, const char **names, int most, int *count)
{
    const char *at = pickled, *pending = NULL;
    *count = 0;
    if (strncmp(at, "(l", 2) != 0) return false;
    for (at += 2; *at; at++) {
        const char *end = strchr(at, '\n');
        switch (*at) {
        case '.': return at[1] == '\0' && !pending;
        case 'a':
            if (!pending || *count == most) return false;
            names[(*count)++] = pending;
            pending = NULL;
            break;
        case 'p': /* numbers what was said, for repetition */
            if (!end) return false;
            at = end;
            break;
        case 'V':
        case 'S':
        case 'I':
        case 'L':
            if (!end || pending) return false;
            pending = read_name(at + 1, (size_t)(end - at - 1), *at, arena);
            if (!pending) return false;
            at = end;
            break;
        default: return false;
        }
    }
    return false;
}
