#include "base/fail.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/plain_text.h"
#include "base/shown_name.h"
#include "base/utf8.h"

enum { LONGEST = 8192, WAY = 3 * HRA_ERROR_MESSAGE_SIZE / 8 };

static bool is_inside(char byte) { return ((unsigned char)byte & 0xC0) == 0x80; }

/* Of a message that is too long the middle is left out: it ends with what is wrong and begins with where. */
static void shorten(char *message)
{
    size_t length = strlen(message), rest = HRA_ERROR_MESSAGE_SIZE - 1 - WAY - strlen(" ... ");
    if (length < HRA_ERROR_MESSAGE_SIZE) return;
    char *cut = message + WAY, *end = message + length - rest;
    while (cut > message && is_inside(*cut)) cut--;
    while (is_inside(*end)) end++;
    memcpy(cut, " ... ", strlen(" ... "));
    memmove(cut + strlen(" ... "), end, strlen(end) + 1);
}

/* It may quote the names of files, which are any bytes. */
static void make_readable(char *message)
{
    if (hra_is_utf8(message, strlen(message))) return;
    hra_buffer shown = {0};
    hra_buffer_quoting(&shown, message, "/:'\"\n\t");
    if (!shown.failed) snprintf(message, LONGEST, "%s", shown.bytes);
    hra_buffer_destroy(&shown);
}

hra_code hra_fail(hra_error *error, hra_code code, const char *format, ...)
{
    if (!error) return code;
    char message[LONGEST];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    make_readable(message);
    hra_plain_text(message); /* it may quote a file name or a header */
    shorten(message);
    error->code = code;
    memcpy(error->message, message, strlen(message) + 1);
    return code;
}

hra_code hra_out_of_memory(hra_error *error) { return hra_fail(error, HRA_ENOMEM, "out of memory"); }

hra_code hra_fail_at(hra_error *error, hra_code code, const char *where)
{
    char what[HRA_ERROR_MESSAGE_SIZE];
    if (!error || code != HRA_EIO || strstr(error->message, where)) return code;
    memcpy(what, error->message, sizeof what);
    return hra_fail(error, code, "%s: %s", where, what);
}
