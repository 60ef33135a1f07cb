#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "io/words/encoding.h"
#include "io/words/text_fold.h"

/* The two-byte characters of GB18030 and Big5 are one table (lead 0x81-0xFE, trail 0x40-0xFE), so are the bytes of
 * Windows-1252; it is filled once through iconv, so that a file costs no library call per character. The rare
 * characters of four bytes go through iconv one by one. */
enum { HIGH_BYTES = 128, LEADS = 0xFE - 0x81 + 1, TRAILS = 0xFE - 0x40 + 1, TWO_BYTE = LEADS * TRAILS, CARRY = 8 };
static const char REPLACEMENT[] = "\xEF\xBF\xBD";

typedef struct utf8_character {
    unsigned char length, bytes[4];
} utf8_character;

struct hra_decoder {
    hra_encoding encoding;
    bool checked;
    unsigned char carry[CARRY]; /* bytes of a character cut at the end of the last call */
    size_t carried;
    iconv_t iconv;
    utf8_character *table;
};

/* One character through iconv; the replacement character if there is none. */
static utf8_character convert_one(iconv_t iconv_handle, const unsigned char *bytes, size_t length)
{
    utf8_character c = {3, {0xEF, 0xBF, 0xBD, 0}};
    char in[4], out[8];
    memcpy(in, bytes, length);
    char *from = in, *to = out;
    size_t left = length, room = sizeof out;
    iconv(iconv_handle, NULL, NULL, NULL, NULL);
    if (iconv(iconv_handle, &from, &left, &to, &room) == (size_t)-1 || left != 0 || to - out > 4) return c;
    c.length = (unsigned char)(to - out);
    memcpy(c.bytes, out, c.length);
    return c;
}

/* The name that iconv knows an encoding of tables by; NULL: it has none. */
static const char *iconv_name(hra_encoding encoding)
{
    return encoding == HRA_GB18030        ? "GB18030"
           : encoding == HRA_BIG5         ? "BIG5-HKSCS" /* holds Big5 */
           : encoding == HRA_WINDOWS_1252 ? "CP1252"
                                          : NULL;
}

static hra_code start_table(hra_decoder *decoder, const char *name, hra_error *error)
{
    bool single = decoder->encoding == HRA_WINDOWS_1252;
    int count = single ? HIGH_BYTES : TWO_BYTE;
    decoder->iconv = iconv_open("UTF-8", name);
    if (decoder->iconv == (iconv_t)-1)
        return hra_fail(error, HRA_EINTERNAL,
                        "this system cannot convert %s (%s): install its iconv modules, or deliver UTF-8", name,
                        strerror(errno));
    decoder->table = calloc((size_t)count, sizeof *decoder->table);
    if (!decoder->table) return hra_out_of_memory(error);
    for (int i = 0; i < count; i++) {
        unsigned char pair[2] = {(unsigned char)(0x81 + i / TRAILS), (unsigned char)(0x40 + i % TRAILS)};
        if (single) pair[0] = (unsigned char)(0x80 + i);
        decoder->table[i] = convert_one(decoder->iconv, pair, single ? 1 : 2);
    }
    return HRA_OK;
}

hra_code hra_decoder_new(hra_encoding encoding, bool checked, hra_decoder **out, hra_error *error)
{
    *out = NULL;
    hra_decoder *decoder = calloc(1, sizeof *decoder);
    if (!decoder) return hra_out_of_memory(error);
    decoder->encoding = encoding;
    decoder->checked = checked;
    decoder->iconv = (iconv_t)-1;
    const char *name = iconv_name(encoding);
    hra_code code = name ? start_table(decoder, name, error) : HRA_OK;
    if (code != HRA_OK) {
        hra_decoder_free(decoder);
        return code;
    }
    *out = decoder;
    return HRA_OK;
}

void hra_decoder_free(hra_decoder *decoder)
{
    if (!decoder) return;
    if (decoder->iconv != (iconv_t)-1) iconv_close(decoder->iconv);
    free(decoder->table);
    free(decoder);
}

bool hra_decoder_is_idle(const hra_decoder *decoder) { return decoder->encoding == HRA_UTF8 && decoder->checked; }

static size_t ascii_run(const unsigned char *s, size_t length)
{
    size_t i = 0;
    for (uint64_t word; i + 8 <= length; i += 8) {
        memcpy(&word, s + i, 8);
        if (word & 0x8080808080808080u) break;
    }
    while (i < length && s[i] < 0x80) i++;
    return i;
}

/* Each step takes one character at s: returns the bytes used, or 0 when more are needed. */

static size_t step_gb18030(hra_decoder *d, const unsigned char *s, size_t left, bool last, hra_buffer *out)
{
    bool lead = s[0] >= 0x81 && s[0] <= 0xFE;
    if (lead && left < 2 && !last) return 0;
    if (lead && left >= 2 && s[1] >= 0x40 && s[1] != 0x7F && s[1] != 0xFF) {
        const utf8_character *c = &d->table[(s[0] - 0x81) * TRAILS + (s[1] - 0x40)];
        hra_buffer_append(out, c->bytes, c->length);
        return 2;
    }
    if (lead && left >= 2 && s[1] >= '0' && s[1] <= '9') {
        if (left < 4 && !last) return 0;
        if (left >= 4 && s[2] >= 0x81 && s[2] <= 0xFE && s[3] >= '0' && s[3] <= '9') {
            utf8_character c = convert_one(d->iconv, s, 4);
            hra_buffer_append(out, c.bytes, c.length);
            return 4;
        }
    }
    hra_buffer_append(out, REPLACEMENT, 3);
    return 1;
}

/* A byte that is no part of a character stands alone: what is behind it may end the cell. */
static size_t step_big5(const hra_decoder *d, const unsigned char *s, size_t left, bool last, hra_buffer *out)
{
    bool lead = s[0] >= 0x81 && s[0] <= 0xFE;
    if (lead && left < 2 && !last) return 0;
    bool pair = lead && left >= 2 && s[1] >= 0x40 && s[1] <= 0xFE;
    const utf8_character *c = pair ? &d->table[(s[0] - 0x81) * TRAILS + (s[1] - 0x40)] : NULL;
    if (c && memcmp(c->bytes, REPLACEMENT, 3) != 0) {
        hra_buffer_append(out, c->bytes, c->length);
        return 2;
    }
    hra_buffer_append(out, REPLACEMENT, 3);
    return 1;
}

static size_t step_windows_1252(const hra_decoder *d, const unsigned char *s, hra_buffer *out)
{
    const utf8_character *c = &d->table[s[0] - 0x80];
    hra_buffer_append(out, c->bytes, c->length);
    return 1;
}

/* s is damaged, or cut off. */
static size_t step_utf8(const unsigned char *s, size_t left, bool last, hra_buffer *out)
{
    size_t need = s[0] >= 0xF0 ? 4 : s[0] >= 0xE0 ? 3 : s[0] >= 0xC2 ? 2 : 1;
    if (left < need && !last) return 0;
    hra_buffer_append(out, REPLACEMENT, 3);
    return 1;
}

static void append_code(uint32_t c, hra_buffer *out)
{
    char bytes[4];
    hra_buffer_append(out, bytes, hra_utf8_put(c, bytes));
}

static uint32_t unit16(const hra_decoder *d, const unsigned char *s)
{
    return d->encoding == HRA_UTF16LE ? (uint32_t)(s[0] | s[1] << 8) : (uint32_t)(s[1] | s[0] << 8);
}

static size_t step_utf16(const hra_decoder *d, const unsigned char *s, size_t left, bool last, hra_buffer *out)
{
    if (left < 2 && !last) return 0;
    uint32_t c = left < 2 ? 0xDC00 : unit16(d, s);
    if (c >= 0xD800 && c < 0xDC00) {
        if (left < 4 && !last) return 0;
        uint32_t low = left < 4 ? 0 : unit16(d, s + 2);
        if (low >= 0xDC00 && low < 0xE000) {
            append_code(0x10000 + ((c - 0xD800) << 10 | (low - 0xDC00)), out);
            return 4;
        }
        c = 0xFFFD;
    }
    append_code(c >= 0xDC00 && c < 0xE000 ? 0xFFFD : c, out);
    return left < 2 ? left : 2;
}

/* One character that is not ASCII; of UTF-16 any. */
static size_t step(hra_decoder *d, const unsigned char *s, size_t left, bool last, hra_buffer *out)
{
    switch (d->encoding) {
    case HRA_UTF8: return step_utf8(s, left, last, out);
    case HRA_GB18030: return step_gb18030(d, s, left, last, out);
    case HRA_BIG5: return step_big5(d, s, left, last, out);
    case HRA_WINDOWS_1252: return step_windows_1252(d, s, out);
    default: return step_utf16(d, s, left, last, out);
    }
}

/* Returns how many bytes were used; the rest is a character cut off. */
static size_t decode(hra_decoder *d, const unsigned char *s, size_t length, bool last, hra_buffer *out)
{
    size_t at = 0;
    bool wide = d->encoding == HRA_UTF16LE || d->encoding == HRA_UTF16BE;
    while (at < length && !out->failed) {
        if (!wide) { /* they stay as they are */
            size_t run = d->encoding == HRA_UTF8 ? hra_utf8_whole((const char *)s + at, length - at)
                                                 : ascii_run(s + at, length - at);
            if (run > 0) hra_buffer_append(out, s + at, run);
            at += run;
            if (at == length) break;
        }
        size_t used = step(d, s + at, length - at, last, out);
        if (used == 0) break;
        at += used;
    }
    return at;
}

hra_code hra_decoder_feed(hra_decoder *decoder, const unsigned char *bytes, size_t length, bool last, hra_buffer *out,
                          hra_error *error)
{
    if (hra_decoder_is_idle(decoder)) {
        hra_buffer_append(out, bytes, length);
    } else {
        while (decoder->carried > 0 && (length > 0 || last)) { /* finish the character that was cut */
            bool all = length == 0;
            if (!all) {
                decoder->carry[decoder->carried++] = *bytes++;
                length--;
            }
            size_t used = decode(decoder, decoder->carry, decoder->carried, last && all, out);
            decoder->carried -= used;
            memmove(decoder->carry, decoder->carry + used, decoder->carried);
        }
        size_t used = decode(decoder, bytes, length, last, out);
        decoder->carried = decoder->carried + length - used;
        memcpy(decoder->carry, bytes + used, length - used);
    }
    return out->failed ? hra_out_of_memory(error) : HRA_OK;
}
