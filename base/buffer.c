#include "base/buffer.h"

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/shortest_text.h"

void hra_buffer_destroy(hra_buffer *buffer)
{
    free(buffer->bytes);
    *buffer = (hra_buffer){0};
}

void hra_buffer_clear(hra_buffer *buffer)
{
    buffer->length = 0;
    if (buffer->bytes) buffer->bytes[0] = '\0';
}

char *hra_buffer_reserve(hra_buffer *buffer, size_t extra)
{
    if (buffer->failed) return NULL;
    size_t need = buffer->length + extra + 1;
    if (need > buffer->capacity) {
        size_t capacity = buffer->capacity ? buffer->capacity : 256;
        while (capacity < need) capacity += capacity / 2 + 64;
        char *bytes = realloc(buffer->bytes, capacity);
        if (!bytes) {
            buffer->failed = true;
            return NULL;
        }
        buffer->bytes = bytes;
        buffer->capacity = capacity;
    }
    return buffer->bytes + buffer->length;
}

void hra_buffer_printf(hra_buffer *buffer, const char *format, ...)
{
    va_list args, copy;
    va_start(args, format);
    va_copy(copy, args);
    int length = vsnprintf(NULL, 0, format, copy);
    va_end(copy);
    char *to = length < 0 ? NULL : hra_buffer_reserve(buffer, (size_t)length);
    if (to) {
        vsnprintf(to, (size_t)length + 1, format, args);
        buffer->length += (size_t)length;
    }
    va_end(args);
}

void hra_buffer_double(hra_buffer *buffer, double value)
{
    if (isnan(value)) return;
    char text[HRA_SHORTEST_TEXT];
    int length = hra_format_shortest(value, text);
    hra_buffer_append(buffer, text, (size_t)length);
}

enum { MOST_DECIMALS = 6 };

static const double powers[MOST_DECIMALS + 1] = {1, 10, 100, 1000, 10000, 100000, 1000000};

static bool is_short(double value, int decimals)
{
    return decimals >= 0 && decimals <= MOST_DECIMALS && fabs(value) < 1e9;
}

/* steps / 10^decimals. */
static void append_steps(hra_buffer *buffer, long long steps, int decimals, bool negative)
{
    char text[24];
    int at = sizeof text;
    for (int digit = 0; steps > 0 || digit <= decimals; digit++, steps /= 10) {
        if (digit == decimals && decimals > 0) text[--at] = '.';
        text[--at] = (char)('0' + steps % 10);
    }
    if (negative) text[--at] = '-';
    hra_buffer_append(buffer, text + at, sizeof text - (size_t)at);
}

void hra_buffer_decimal(hra_buffer *buffer, double value, int decimals)
{
    long long steps = is_short(value, decimals) ? llrint(fabs(value) * powers[decimals]) : 0;
    if (!is_short(value, decimals) || (double)steps / powers[decimals] != fabs(value)) {
        hra_buffer_double(buffer, value);
        return;
    }
    while (decimals > 0 && steps % 10 == 0) { /* 5.20 is printed 5.2 */
        steps /= 10;
        decimals--;
    }
    append_steps(buffer, steps, decimals, signbit(value) && value != 0);
}

void hra_buffer_fixed(hra_buffer *buffer, double value, int decimals)
{
    if (!is_short(value, decimals)) {
        hra_buffer_printf(buffer, "%.*f", decimals < 0 ? 0 : decimals, value);
        return;
    }
    long long steps = llrint(fabs(value) * powers[decimals]);
    append_steps(buffer, steps, decimals, value < 0 && steps > 0);
}

/* The escape of a character that may not stand in a JSON string. */
static const char *json_escape(unsigned char c, char other[8])
{
    switch (c) {
    case '"': return "\\\"";
    case '\\': return "\\\\";
    case '\n': return "\\n";
    case '\r': return "\\r";
    case '\t': return "\\t";
    default: break;
    }
    snprintf(other, 8, "\\u%04x", c);
    return other;
}

/* The top bit of each of eight characters that needs an escape: is below a space, a quote or a backslash. */
static uint64_t escapes(uint64_t x)
{
    const uint64_t ones = 0x0101010101010101, tops = 0x80 * ones;
    uint64_t quotes = x ^ '"' * ones, slashes = x ^ '\\' * ones;
    /* the top bit of a byte less something is set, and was not, where that byte is smaller */
    return (((x - 0x20 * ones) & ~x) | ((quotes - ones) & ~quotes) | ((slashes - ones) & ~slashes)) & tops;
}

static bool needs_escape(unsigned char c) { return c < 0x20 || c == '"' || c == '\\'; }

typedef unsigned char sixteen __attribute__((vector_size(16)));
typedef uint64_t two_words __attribute__((vector_size(16)));

/* Copies sixteen characters; each becomes all ones in `bad` that needs an escape. */
static inline sixteen copy_sixteen(char *to, const char *from, sixteen bad)
{
    sixteen x;
    memcpy(&x, from, sizeof x);
    memcpy(to, &x, sizeof x);
    return bad | (sixteen)(x < 0x20) | (sixteen)(x == '"') | (sixteen)(x == '\\');
}

/* Copies a text, the last characters once more where sixteen or eight do not divide it; whether it needs no escape. */
static bool copy_plain(char *to, const char *text, size_t length)
{
    uint64_t x, last;
    if (length >= 16) {
        sixteen bad = {0};
        for (size_t i = 0; i + 16 <= length; i += 16) bad = copy_sixteen(to + i, text + i, bad);
        two_words any = (two_words)copy_sixteen(to + length - 16, text + length - 16, bad);
        return (any[0] | any[1]) == 0;
    }
    if (length >= 8) {
        memcpy(&x, text, sizeof x);
        memcpy(&last, text + length - sizeof x, sizeof x);
        memcpy(to, &x, sizeof x);
        memcpy(to + length - sizeof x, &last, sizeof x);
        return (escapes(x) | escapes(last)) == 0;
    }
    bool plain = true;
    for (size_t i = 0; i < length; i++) {
        to[i] = text[i];
        plain = plain && !needs_escape((unsigned char)text[i]);
    }
    return plain;
}

static void append_escaped(hra_buffer *buffer, const char *text)
{
    const char *plain = text; /* what follows it needs no escape so far */
    char other[8];
    for (const char *c = text; *c; c++) {
        if (!needs_escape((unsigned char)*c)) continue;
        hra_buffer_append(buffer, plain, (size_t)(c - plain));
        hra_buffer_text(buffer, json_escape((unsigned char)*c, other));
        plain = c + 1;
    }
    hra_buffer_text(buffer, plain);
}

void hra_buffer_json(hra_buffer *buffer, const char *text)
{
    size_t length = strlen(text);
    char *to = hra_buffer_room(buffer, length + 2);
    if (!to) return;
    to[0] = '"';
    if (copy_plain(to + 1, text, length)) {
        to[length + 1] = '"';
        to[length + 2] = '\0';
        buffer->length += length + 2;
        return;
    }
    hra_buffer_char(buffer, '"');
    append_escaped(buffer, text);
    hra_buffer_char(buffer, '"');
}

static bool separates(unsigned char c) { return c == ',' || c == '"' || c == '\r' || c == '\n'; }

/* Whether one of eight characters is this one: the top bit of a byte less one is set, and was not, where it is 0. */
static uint64_t any_equal(uint64_t characters, char wanted)
{
    const uint64_t ones = 0x0101010101010101;
    uint64_t x = characters ^ (unsigned char)wanted * ones;
    return (x - ones) & ~x & 0x80 * ones;
}

static bool any_separates(const char *text)
{
    uint64_t x;
    memcpy(&x, text, sizeof x);
    return any_equal(x, ',') | any_equal(x, '"') | any_equal(x, '\r') | any_equal(x, '\n');
}

static bool needs_quotes(const char *text, size_t length)
{
    size_t i = 0;
    if (length >= 8) {
        for (; i + 8 <= length; i += 8)
            if (any_separates(text + i)) return true;
        return any_separates(text + length - 8);
    }
    for (; i < length; i++)
        if (separates((unsigned char)text[i])) return true;
    return false;
}

static void append_cell(hra_buffer *buffer, const char *prefix, const char *text, size_t length)
{
    if (!needs_quotes(text, length)) {
        hra_buffer_text(buffer, prefix);
        hra_buffer_append(buffer, text, length);
        return;
    }
    hra_buffer_char(buffer, '"');
    hra_buffer_text(buffer, prefix);
    for (size_t done = 0; done < length;) {
        const char *quote = memchr(text + done, '"', length - done);
        size_t end = quote ? (size_t)(quote - text) + 1 : length;
        hra_buffer_append(buffer, text + done, end - done);
        if (quote) hra_buffer_char(buffer, '"');
        done = end;
    }
    hra_buffer_char(buffer, '"');
}

void hra_buffer_csv(hra_buffer *buffer, const char *text) { append_cell(buffer, "", text, strlen(text)); }

void hra_buffer_csv_n(hra_buffer *buffer, const char *text, size_t length) { append_cell(buffer, "", text, length); }

/* = + - @ as such, behind a tab or line break, or in full width, which Excel takes for the same in East Asia. */
static bool begins_formula(const char *text, size_t length)
{
    static const char *const wide[] = {"\uFF1D", "\uFF0B", "\uFF0D", "\uFF20"};
    if (length > 0 && memchr("=+-@\t\r\n", text[0], 7)) return true;
    if (length < 3 || (unsigned char)text[0] != 0xEF) return false;
    for (int i = 0; i < 4; i++)
        if (memcmp(text, wide[i], 3) == 0) return true;
    return false;
}

/* What spreadsheets calculate; signed numbers are harmless. */
static bool starts_formula(const char *text, size_t length)
{
    if (!begins_formula(text, length)) return false;
    bool number = (text[0] == '+' || text[0] == '-') && length > 1;
    for (size_t i = 1; i < length && number; i++) number = (text[i] >= '0' && text[i] <= '9') || text[i] == '.';
    return !number;
}

void hra_buffer_csv_foreign(hra_buffer *buffer, const char *text, size_t length)
{
    append_cell(buffer, starts_formula(text, length) ? "'" : "", text, length);
}

const char *hra_csv_unguarded(const char *cell)
{
    return cell[0] == '\'' && starts_formula(cell + 1, strlen(cell + 1)) ? cell + 1 : cell;
}

void hra_buffer_csv_since(hra_buffer *buffer, size_t start)
{
    size_t length = buffer->length - start;
    if (buffer->failed || length == 0 || !memchr(buffer->bytes + start, ',', length)) return;
    hra_buffer_text(buffer, "\"\"");
    if (buffer->failed) return;
    memmove(buffer->bytes + start + 1, buffer->bytes + start, length);
    buffer->bytes[start] = '"';
    buffer->bytes[start + length + 1] = '"';
}
