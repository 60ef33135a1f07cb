#include <errno.h>
#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "io/cell_value.h"
#include "io/text_fold.h"

/* ---- decimals -------------------------------------------------------------------- */

static locale_t c_locale;

static void make_locale(void) { c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0); }

/* The library's exactly rounding conversion, whatever locale the program runs in. */
static double convert_exactly(const char *text, size_t length)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    char copy[HRA_CELL_TEXT + 1];
    pthread_once(&once, make_locale);
    if (length > HRA_CELL_TEXT || !c_locale) return NAN;
    memcpy(copy, text, length);
    copy[length] = '\0';
    return strtod_l(copy, NULL, c_locale);
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* Reads "e+12" if it is all there. */
static const char *read_exponent(const char *at, const char *end, int *exponent)
{
    const char *p = at + 1;
    bool negative = p < end && *p == '-';
    if (p < end && (*p == '-' || *p == '+')) p++;
    if (p == end || !is_digit(*p)) return at;
    int e = 0;
    for (; p < end && is_digit(*p); p++)
        if (e < 100000) e = 10 * e + (*p - '0');
    *exponent += negative ? -e : e;
    return p;
}

const char *hra_read_decimal(const char *text, const char *end, double *value)
{
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    const char *at = text;
    bool negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+')) at++;
    uint64_t mantissa = 0;
    int digits = 0, significant = 0, exponent = 0;
    bool point = false;
    for (; at < end; at++) {
        if (*at == '.' && !point) {
            point = true;
            continue;
        }
        if (!is_digit(*at)) break;
        digits++;
        if (significant > 0 || *at != '0') significant++;
        if (significant <= 18) mantissa = 10 * mantissa + (uint64_t)(*at - '0');
        exponent -= point;
    }
    if (digits == 0) return text;
    if (at < end && (*at == 'e' || *at == 'E')) at = read_exponent(at, end, &exponent);
    /* Both operands are exact, so one operation rounds exactly. */
    if (significant <= 18 && mantissa <= (UINT64_C(1) << 53) && exponent >= -22 && exponent <= 22) {
        double m = (double)mantissa;
        m = exponent < 0 ? m / powers[-exponent] : m * powers[exponent];
        *value = negative ? -m : m;
    } else {
        *value = convert_exactly(text, (size_t)(at - text));
    }
    return at;
}

/* ---- what may stand around a number ------------------------------------------------- */

static bool is_one_of(const char *text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(text, words[i]) == 0) return true;
    return false;
}

/* Laboratory marks and remarks that do not change the number; `text` without spaces and brackets. No small l: it is
 * how 1 is mistyped. */
static bool is_remark(const char *text)
{
    static const char *const remarks[] = {"+",    "++",   "+++",      "↑",    "↑↑",   "↓",    "↓↓",
                                          "H",    "HH",   "L",        "LL",   "*",    "**",   "高",
                                          "偏高", "升高", "低",       "偏低", "降低", "复查", "已复查",
                                          "溶血", "乳糜", "轻度乳糜", "脂血", "黄疸", "重复", "已复核"};
    return is_one_of(text, remarks, sizeof remarks / sizeof remarks[0]);
}

/* Takes spaces and one pair of brackets off: " (偏高)" -> "偏高". */
static void bare_remark(const char *text, char *out, size_t capacity)
{
    int length = hra_fold(text, strlen(text), HRA_FOLD_NO_SPACES, out, capacity);
    if (length < 0) {
        out[0] = '\0';
    } else if (length >= 2 && out[0] == '(' && out[length - 1] == ')') {
        memmove(out, out + 1, (size_t)length - 2);
        out[length - 2] = '\0';
    }
}

/* "1,203": one to three digits, then groups of exactly three. */
static bool is_thousands(const char *text)
{
    size_t head = strspn(text, "0123456789");
    if (head < 1 || head > 3 || text[head] != ',') return false;
    const char *at = text + head;
    for (; *at == ','; at += 4)
        if (strspn(at + 1, "0123456789") != 3) return false;
    return *at == '\0' || (*at == '.' && at[1 + strspn(at + 1, "0123456789")] == '\0');
}

static void drop_commas(char *text)
{
    char *to = text;
    for (const char *from = text; *from; from++)
        if (*from != ',') *to++ = *from;
    *to = '\0';
}

/* 。 and · between two digits are a decimal point typed with a Chinese keyboard. */
static bool fix_point(char *text)
{
    static const char *const points[] = {"。", "·"};
    for (size_t i = 0; i < 2; i++) {
        char *at = strstr(text, points[i]);
        size_t length = strlen(points[i]);
        if (!at || at == text || !is_digit(at[-1]) || !is_digit(at[length])) continue;
        *at = '.';
        memmove(at + 1, at + length, strlen(at + length) + 1);
        return true;
    }
    return false;
}

/* A unit behind the number: the column's own, or one that converts into the canonical unit. */
static hra_cell_value with_unit(const hra_number_reader *reader, double value, const char *suffix)
{
    double factor, offset, column_factor, column_offset;
    if (!hra_variable_unit(reader->variable, suffix, &factor, &offset))
        return hra_cell_rejected("text after the number is neither a unit of this variable nor a known remark");
    if (!hra_variable_unit(reader->variable, reader->unit, &column_factor, &column_offset))
        return hra_cell_rejected("unit in the cell");
    if (factor == column_factor && offset == column_offset) return hra_cell_known(value, true);
    if (column_factor == 1 && column_offset == 0) return hra_cell_known(value * factor + offset, true);
    return hra_cell_rejected("unit in the cell differs from the unit of the column");
}

static hra_cell_value after_number(const hra_number_reader *reader, double value, const char *rest, bool altered)
{
    if (!isfinite(value)) return hra_cell_rejected("number out of range");
    while (*rest == ' ') rest++;
    if (!*rest) return hra_cell_known(value, altered);
    char remark[HRA_CELL_TEXT];
    bare_remark(rest, remark, sizeof remark);
    if (is_remark(remark)) return hra_cell_known(value, true);
    return with_unit(reader, value, rest);
}

/* ---- the cell ----------------------------------------------------------------------- */

/* Comparators and leading marks; the bound itself is the value. */
static const char *skip_prefix(const char *text, bool *altered)
{
    const char *at = text;
    if (*at == '<' || *at == '>') at += at[1] == '=' ? 2 : 1;
    while (*at == '*' || (at != text && *at == ' ')) at++;
    if (at != text) *altered = true;
    return at;
}

hra_cell_value hra_cell_number(const hra_number_reader *reader, const char *text, size_t length, bool grouped)
{
    char folded[HRA_CELL_TEXT];
    hra_trim(&text, &length);
    if (length == 0) return hra_cell_missing();
    int folded_length = hra_fold(text, length, 0, folded, sizeof folded);
    if (folded_length < 0) return hra_cell_rejected("text instead of a number");
    if (hra_is_missing_word(folded, true)) return hra_cell_missing();
    bool altered = (size_t)folded_length != length || memcmp(folded, text, length) != 0;
    if (fix_point(folded)) altered = true;
    if (grouped && is_thousands(folded)) {
        drop_commas(folded);
        altered = true;
    }
    const char *start = skip_prefix(folded, &altered), *end = start + strlen(start);
    double value;
    const char *rest = hra_read_decimal(start, end, &value);
    if (rest == start) return hra_cell_rejected("text instead of a number");
    return after_number(reader, value, rest, altered);
}

hra_cell_value hra_cell_pair(const char *text, size_t length, double *first, double *second)
{
    char folded[HRA_CELL_TEXT];
    int folded_length = hra_fold(text, length, HRA_FOLD_NO_SPACES, folded, sizeof folded);
    *first = *second = NAN;
    if (folded_length < 0) return hra_cell_rejected("text instead of two numbers");
    if (folded_length == 0 || hra_is_missing_word(folded, true)) return hra_cell_missing();
    const char *end = folded + folded_length, *at = hra_read_decimal(folded, end, first);
    if (at == folded || (*at != '/' && *at != '-')) return hra_cell_rejected("not two numbers such as 120/80");
    const char *start = at + 1;
    at = is_digit(*start) ? hra_read_decimal(start, end, second) : start;
    bool plain = *at == '\0';
    if (at == start || (!plain && strcasecmp(at, "mmHg") != 0))
        return hra_cell_rejected("not two numbers such as 120/80");
    if (!(*first > *second)) return hra_cell_rejected("the first of the two numbers must be the larger");
    hra_trim(&text, &length);
    return hra_cell_known(0, !plain || (size_t)folded_length != length || folded[0] != text[0]);
}
