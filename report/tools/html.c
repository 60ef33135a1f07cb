#include "report/tools/html.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "base/number_text.h"
#include "base/utf8.h"
#include "engine/language/library.h"

static const char *reference(unsigned char c)
{
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

/* Bytes with which a character begins that may not be printable: controls; U+0080 on; U+2000 on; U+F000 on. */
static bool may_be_unprintable(unsigned char c) { return c < ' ' || c == 127 || c == 0xC2 || c == 0xE2 || c == 0xEF; }

/* What stands instead of the character at `at`, and its bytes; NULL: it stays, or these bytes of it. */
static const char *instead_of(const char *at, size_t *bytes)
{
    unsigned char c = (unsigned char)*at;
    uint32_t code;
    *bytes = 1;
    if (!may_be_unprintable(c)) return c > '>' ? NULL : reference(c);
    size_t length = hra_utf8_character((const unsigned char *)at, &code);
    if (length > 0) *bytes = length;
    return length > 0 && hra_is_unprintable(code) ? " " : NULL;
}

void hra_html_text(hra_buffer *out, const char *text) { hra_html_text_n(out, text, strlen(text)); }

void hra_html_text_n(hra_buffer *out, const char *text, size_t length)
{
    const char *from = text, *at = text;
    size_t bytes;
    for (; at < text + length; at += bytes) {
        const char *instead = instead_of(at, &bytes);
        if (!instead) continue;
        hra_buffer_append(out, from, (size_t)(at - from));
        hra_buffer_text(out, instead);
        from = at + bytes;
    }
    hra_buffer_append(out, from, (size_t)(at - from));
}

static void put_number(hra_buffer *out, double value)
{
    char text[HRA_NUMBER_TEXT];
    double hundredths = round(fabs(value) * 100);
    if (!(hundredths < 1e15)) return; /* neither NaN nor infinity draws anything */
    if (value < 0 && hundredths > 0) hra_buffer_char(out, '-');
    hra_buffer_append(out, text, (size_t)hra_format_whole(floor(hundredths / 100), text));
    int rest = (int)fmod(hundredths, 100);
    if (rest == 0) return;
    hra_buffer_char(out, '.');
    hra_buffer_char(out, (char)('0' + rest / 10));
    if (rest % 10) hra_buffer_char(out, (char)('0' + rest % 10));
}

void hra_html(hra_buffer *out, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    for (const char *next; (next = strchr(format, '%')) != NULL; format = next + 2) {
        hra_buffer_append(out, format, (size_t)(next - format));
        switch (next[1]) {
        case 's': hra_html_text(out, va_arg(values, const char *)); break;
        case 'd': put_number(out, va_arg(values, int)); break;
        case 'f': put_number(out, va_arg(values, double)); break;
        default: hra_buffer_char(out, next[1]); break;
        }
    }
    va_end(values);
    hra_buffer_text(out, format);
}

/* Whether a space beside this character says nothing. */
static bool is_edge(char c) { return c == '{' || c == '}' || c == ';' || c == ',' || c == '>' || c == 0; }

static void put_css(const char *css, size_t length, hra_buffer *out)
{
    char last = 0;
    for (size_t i = 0; i < length; i++) {
        if (css[i] == '/' && i + 1 < length && css[i + 1] == '*') {
            const char *end = memmem(css + i + 2, length - i - 2, "*/", 2);
            if (!end) return;
            i = (size_t)(end - css) + 1;
            continue;
        }
        bool space = css[i] == ' ' || css[i] == '\n' || css[i] == '\t' || css[i] == '\r';
        if (!space) {
            if (is_edge(css[i]) && last == ' ') out->length--;
            hra_buffer_char(out, last = css[i]);
        } else if (last != ' ' && last != ':' && !is_edge(last)) {
            hra_buffer_char(out, last = ' ');
        }
    }
}

bool hra_html_style(const char *name, hra_buffer *out)
{
    const hra_embedded *style = hra_embedded_file(name);
    if (style) put_css((const char *)style->bytes, style->length, out);
    return style != NULL;
}
