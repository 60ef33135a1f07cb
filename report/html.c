#include "report/html.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "base/number_text.h"
#include "engine/language/library.h"

static const char *reference(unsigned char c)
{
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return c < ' ' || c == 127 ? " " : NULL;
    }
}

void hra_html_text(hra_buffer *out, const char *text) { hra_html_text_n(out, text, strlen(text)); }

void hra_html_text_n(hra_buffer *out, const char *text, size_t length)
{
    const char *from = text, *at = text;
    for (; at < text + length; at++) {
        unsigned char c = (unsigned char)*at;
        if (c > '>' && c != 127) continue;
        const char *instead = reference(c);
        if (!instead) continue;
        hra_buffer_append(out, from, (size_t)(at - from));
        hra_buffer_text(out, instead);
        from = at + 1;
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
