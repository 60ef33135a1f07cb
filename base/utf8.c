#include "base/utf8.h"

size_t hra_utf8_character(const unsigned char *at, uint32_t *code)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = at[0] < 0x80 ? 1 : at[0] >> 5 == 6 ? 2 : at[0] >> 4 == 14 ? 3 : at[0] >> 3 == 30 ? 4 : 0;
    *code = length < 2 ? at[0] : at[0] & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if (at[i] >> 6 != 2) return 0;
        *code = *code << 6 | (at[i] & 0x3f);
    }
    bool surrogate = *code >= 0xd800 && *code < 0xe000;
    return length > 0 && (*code < least[length] || *code > 0x10ffff || surrogate) ? 0 : length;
}

size_t hra_utf8_put(uint32_t c, char *out)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    size_t length = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = length; i-- > 1; c >>= 6) out[i] = (char)(0x80 | (c & 0x3F));
    out[0] = (char)((0xF0 << (4 - length) & 0xFF) | c);
    return length;
}

bool hra_is_unprintable(uint32_t code)
{
    bool control = code < 0x20 || (code >= 0x7f && code < 0xa0);
    bool turns = (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
    return control || turns || code == 0xfffe || code == 0xffff;
}

bool hra_is_utf8(const char *text, size_t length)
{
    uint32_t code;
    for (size_t i = 0, step; i < length; i += step)
        if ((step = hra_utf8_character((const unsigned char *)text + i, &code)) == 0) return false;
    return true;
}
