#include "io/tables/xlsx_number.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/calendar.h"
#include "io/words/cell_value.h"

/* ---- formats ---------------------------------------------------------------------- */

/* Numbers 27 to 36 and 50 to 58 are days and times in Chinese, Japanese and Korean Excel; which of the two differs, and
 * does not matter: a clock without time prints as a day. */
hra_xlsx_form hra_xlsx_form_builtin(long id)
{
    hra_xlsx_form_kind kind = HRA_XLSX_NUMBER;
    if (id == 9 || id == 10)
        kind = HRA_XLSX_PERCENT;
    else if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 54) || id == 57 ||
             id == 58)
        kind = HRA_XLSX_DAY;
    else if ((id >= 18 && id <= 22) || (id >= 32 && id <= 35) || id == 45 || id == 47 || id == 55 || id == 56)
        kind = HRA_XLSX_CLOCK;
    else if (id == 46)
        kind = HRA_XLSX_ELAPSED;
    return (hra_xlsx_form){.kind = (uint8_t)kind};
}

/* What stands in brackets is a colour, a condition, a language or elapsed time ([h], [mm]). */
static bool is_elapsed(const char *from, const char *to)
{
    for (const char *at = from; at < to; at++)
        if (!strchr("hHmMsS", *at)) return false;
    return to > from;
}

typedef struct code_marks {
    bool day, clock, month_or_minute, elapsed, percent;
} code_marks;

/* The letters of a format's first section, without quoted and escaped ones. */
static code_marks read_marks(const char *at)
{
    code_marks marks = {0};
    for (; *at && *at != ';'; at++) {
        if (*at == '"') {
            const char *end = strchr(at + 1, '"');
            if (!end) break;
            at = end;
        } else if (*at == '\\' || *at == '_' || *at == '*') {
            if (at[1]) at++;
        } else if (*at == '[') {
            const char *end = strchr(at, ']');
            if (!end) break;
            marks.elapsed |= is_elapsed(at + 1, end);
            at = end;
        } else if (strchr("yYdD", *at)) {
            marks.day = true;
        } else if (strchr("hHsS", *at)) {
            marks.clock = true;
        } else if (*at == 'm' || *at == 'M') {
            marks.month_or_minute = true;
        } else if (*at == '%') {
            marks.percent = true;
        }
    }
    return marks;
}

hra_xlsx_form hra_xlsx_form_of_code(const char *code)
{
    hra_xlsx_form form = {.kind = HRA_XLSX_NUMBER};
    size_t length = strlen(code);
    if (strncasecmp(code, "General", 7) == 0 || strcasecmp(code, "Standard") == 0) return form;
    if (length > 1 && length < 32 && strspn(code, "0") == length)
        return (hra_xlsx_form){.kind = HRA_XLSX_PADDED, .width = (uint8_t)length};
    code_marks marks = read_marks(code);
    if (marks.elapsed)
        form.kind = HRA_XLSX_ELAPSED;
    else if (marks.clock)
        form.kind = HRA_XLSX_CLOCK;
    else if (marks.day || marks.month_or_minute)
        form.kind = HRA_XLSX_DAY;
    else if (marks.percent)
        form.kind = HRA_XLSX_PERCENT;
    return form;
}

hra_xlsx_form hra_xlsx_form_by_id(const hra_xlsx_custom_form *custom, int count, long id)
{
    for (int i = 0; i < count; i++)
        if (custom[i].id == id) return custom[i].form;
    return hra_xlsx_form_builtin(id);
}

/* ---- numbers ------------------------------------------------------------------------ */

enum { EXACT_DIGITS = 15 }; /* every decimal with so many digits is the shortest text of its double */

/* "5.6", not "5.5999999999999996" and not "1.1E+17": it can be passed on as it stands. */
static bool is_short(const char *text, size_t length)
{
    size_t digits = 0, at = length > 0 && text[0] == '-';
    bool point = false;
    for (; at < length; at++) {
        if (text[at] == '.' && !point && digits > 0)
            point = true;
        else if (text[at] >= '0' && text[at] <= '9')
            digits++;
        else
            return false;
    }
    return digits > 0 && digits <= EXACT_DIGITS && text[length - 1] != '.';
}

static void append_number(const char *text, size_t length, double value, hra_buffer *out)
{
    if (is_short(text, length))
        hra_buffer_append(out, text, length);
    else
        hra_buffer_double(out, value);
}

/* Times a hundred by moving the point of the shortest text: 0.058 is 5.8, not 5.800000000000001. */
static void append_percent(double value, hra_buffer *out)
{
    hra_buffer plain = {0};
    hra_buffer_double(&plain, value);
    const char *text = plain.bytes ? plain.bytes : "";
    if (strchr(text, 'e') || plain.failed) { /* 1e-05 */
        hra_buffer_double(out, value * 100);
    } else {
        char digits[64];
        size_t count = 0, before = 0;
        bool point = false;
        if (*text == '-') hra_buffer_char(out, *text++);
        for (; *text && count < sizeof digits - 3; text++) {
            if (*text == '.')
                point = true;
            else
                digits[count++] = *text;
            before += !point;
        }
        before += 2;
        while (count < before) digits[count++] = '0';
        size_t first = 0;
        while (first + 1 < before && digits[first] == '0') first++;
        hra_buffer_append(out, digits + first, before - first);
        while (count > before && digits[count - 1] == '0') count--;
        if (count > before) hra_buffer_char(out, '.');
        hra_buffer_append(out, digits + before, count - before);
    }
    hra_buffer_char(out, '%');
    out->failed |= plain.failed;
    hra_buffer_destroy(&plain);
}

static void append_padded(const char *text, size_t length, int width, double value, hra_buffer *out)
{
    bool whole = true;
    for (size_t i = 0; i < length; i++) whole &= text[i] >= '0' && text[i] <= '9';
    for (size_t i = length; whole && i < (size_t)width; i++) hra_buffer_char(out, '0');
    append_number(text, length, value, out);
}

/* ---- days ----------------------------------------------------------------------------- */

enum { DAY_SECONDS = 86400, LAST_SERIAL = 2958465 /* 9999-12-31 */ };

static void append_day(int64_t serial, bool from_1904, hra_buffer *out)
{
    char text[HRA_DAY_TEXT];
    if (!from_1904 && serial == 60) { /* a leap day that 1900 did not have */
        hra_buffer_text(out, "1900-02-29");
        return;
    }
    int64_t origin = from_1904 ? 24107 : serial > 60 ? 25569 : 25568; /* of 1970-01-01 */
    hra_buffer_text(out, hra_day_text((double)(serial - origin), text));
}

static void append_clock(int64_t seconds, hra_buffer *out)
{
    hra_buffer_printf(out, "%02" PRId64 ":%02" PRId64 ":%02" PRId64, seconds / 3600, seconds / 60 % 60, seconds % 60);
}

/* False: no day is shown for this number. */
static bool append_serial(double value, hra_xlsx_form form, bool from_1904, hra_buffer *out)
{
    if (!(value >= 0 && value < LAST_SERIAL + 1)) return false;
    int64_t seconds = (int64_t)floor(value * DAY_SECONDS + 0.5);
    if (form.kind == HRA_XLSX_ELAPSED || (form.kind == HRA_XLSX_CLOCK && value < 1)) {
        append_clock(seconds, out);
        return true;
    }
    if (value < 1 && !from_1904) return false;
    if (form.kind == HRA_XLSX_DAY) seconds = (int64_t)value * DAY_SECONDS;
    append_day(seconds / DAY_SECONDS, from_1904, out);
    if (seconds % DAY_SECONDS == 0) return true;
    hra_buffer_char(out, ' ');
    append_clock(seconds % DAY_SECONDS, out);
    return true;
}

void hra_xlsx_number_text(const char *text, size_t length, hra_xlsx_form form, bool from_1904, hra_buffer *out)
{
    double value;
    if (length == 0 || hra_read_decimal(text, text + length, &value) != text + length || !isfinite(value)) {
        hra_buffer_append(out, text, length);
        return;
    }
    switch ((hra_xlsx_form_kind)form.kind) {
    case HRA_XLSX_PERCENT: append_percent(value, out); return;
    case HRA_XLSX_PADDED: append_padded(text, length, form.width, value, out); return;
    case HRA_XLSX_DAY:
    case HRA_XLSX_CLOCK:
    case HRA_XLSX_ELAPSED:
        if (append_serial(value, form, from_1904, out)) return;
        break;
    case HRA_XLSX_NUMBER: break;
    }
    append_number(text, length, value, out);
}
