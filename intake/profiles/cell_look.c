#include "intake/profiles/cell_look.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "io/words/cell_text.h"
#include "io/words/cell_value.h"
#include "io/words/text_fold.h"

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* ---- plain numbers: nearly all cells ---------------------------------------------------- */

/* Digits with at most one point between them, few enough to be exact. */
static bool look_plain(const char *text, size_t length, hra_cell_look *look)
{
    int64_t steps = 0;
    size_t point = length;
    if (length == 0 || length > 15 || !is_digit(text[0]) || !is_digit(text[length - 1])) return false;
    for (size_t i = 0; i < length; i++) {
        if (is_digit(text[i]))
            steps = 10 * steps + (text[i] - '0');
        else if (text[i] == '.' && point == length)
            point = i;
        else
            return false;
    }
    look->decimals = point < length ? (int)(length - point - 1) : 0;
    look->digits = (int)length - (point < length);
    if (look->decimals > 9) return false;
    look->kind = HRA_LOOK_NUMBER;
    look->value = (double)steps / hra_pow10(look->decimals);
    look->last_digit = text[length - 1] - '0';
    return true;
}

/* ---- dates -------------------------------------------------------------------------------- */

static const char *read_part(const char *at, int *number, int *digits)
{
    *number = *digits = 0;
    while (*digits < 5 && is_digit(at[*digits])) {
        *number = 10 * *number + (at[*digits] - '0');
        ++*digits;
    }
    return at + *digits;
}

/* "-", "/", ".", or the Chinese word of that place. */
static const char *skip_separator(const char *at, const char *word)
{
    size_t length = strlen(word);
    if (*at == '-' || *at == '/' || *at == '.') return at + 1;
    return strncmp(at, word, length) == 0 ? at + length : NULL;
}

static int shape_of_parts(const int number[3], const int digits[3])
{
    bool month_second = number[1] >= 1 && number[1] <= 12, day_last = number[2] >= 1 && number[2] <= 31;
    if (digits[0] == 4) return digits[1] <= 2 && digits[2] <= 2 && month_second && day_last ? HRA_SHAPE_YEAR_FIRST : -1;
    if (digits[0] == 3 && digits[1] <= 2 && digits[2] <= 2)
        return number[0] > 0 && number[0] < 200 && month_second && day_last ? HRA_SHAPE_MINGUO : -1;
    if (digits[0] > 2 || digits[1] > 2) return -1;
    if (digits[2] == 2) return HRA_SHAPE_TWO_DIGIT_YEAR;
    if (digits[2] != 4 || number[0] < 1 || number[0] > 31 || number[1] < 1 || number[1] > 31) return -1;
    if (number[0] > 12 && number[1] > 12) return -1;
    if (number[0] > 12) return HRA_SHAPE_DAY_FIRST;
    return number[1] > 12 ? HRA_SHAPE_MONTH_FIRST : HRA_SHAPE_EITHER;
}

static int look_separated_date(const char *folded)
{
    static const char *const calendars[] = {"民国", "民國", "中华民国", "中華民國"};
    int number[3], digits[3];
    bool minguo = false;
    for (size_t i = 0; i < sizeof calendars / sizeof calendars[0] && !minguo; i++)
        if ((minguo = strncmp(folded, calendars[i], strlen(calendars[i])) == 0)) folded += strlen(calendars[i]);
    const char *at = read_part(folded, &number[0], &digits[0]);
    if (digits[0] == 0 || !(at = skip_separator(at, "年"))) return -1;
    at = read_part(at, &number[1], &digits[1]);
    if (digits[1] == 0 || !(at = skip_separator(at, "月"))) return -1;
    at = read_part(at, &number[2], &digits[2]);
    if (digits[2] == 0) return -1;
    if (strncmp(at, "日", strlen("日")) == 0) at += strlen("日");
    if (*at && *at != ' ' && *at != 'T') return -1; /* a time may follow */
    int shape = shape_of_parts(number, digits);
    return minguo && shape == HRA_SHAPE_TWO_DIGIT_YEAR ? HRA_SHAPE_MINGUO : shape;
}

static int look_whole_date(const hra_cell_look *look)
{
    if (look->decimals > 0) return -1;
    if (look->digits == 5 && look->value >= 10000 && look->value < 73051) return HRA_SHAPE_SERIAL; /* 1927 to 2099 */
    if (look->digits != 8 && look->digits != 7) return -1;
    int day = (int)fmod(look->value, 100), month = (int)fmod(look->value / 100, 100);
    int year = (int)(look->value / 10000);
    if (look->digits == 7)
        return year >= 1 && year < 200 && month >= 1 && month <= 12 && day >= 1 && day <= 31 ? HRA_SHAPE_MINGUO : -1;
    return year >= 1900 && year <= 2100 && month >= 1 && month <= 12 && day >= 1 && day <= 31 ? HRA_SHAPE_COMPACT : -1;
}

/* ---- everything else ------------------------------------------------------------------------- */

static hra_look_kind missing_kind(const char *folded)
{
    hra_cell_value value = hra_cell_flag(folded, strlen(folded));
    if (value.kind == HRA_CELL_MISSING && value.mark == HRA_MARK_NOT_DONE) return HRA_LOOK_NOT_DONE;
    if (value.kind == HRA_CELL_MISSING && value.mark == HRA_MARK_REFUSED) return HRA_LOOK_REFUSED;
    return HRA_LOOK_OTHER_MISSING;
}

static const char *skip_comparator(const char *at, bool *bound)
{
    static const char *const signs[] = {"<=", ">=", "<", ">", "≤", "≥", "＜", "＞"};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        size_t length = strlen(signs[i]);
        if (strncmp(at, signs[i], length) != 0) continue;
        *bound = true;
        at += length;
        break;
    }
    while (*at == ' ') at++;
    return at;
}

static void count_digits(const char *start, const char *end, hra_cell_look *look)
{
    bool point = false, significant = false;
    int zeros = 0;
    for (const char *at = start; at < end && *at != 'e' && *at != 'E'; at++) {
        point |= *at == '.';
        if (!is_digit(*at)) continue;
        significant |= *at != '0';
        zeros = *at == '0' ? zeros + 1 : 0;
        look->digits++;
        look->decimals += point;
        look->last_digit = *at - '0';
    }
    look->zero_tail = significant && !point && look->digits >= 16 && zeros >= 3;
    look->exponent = memchr(start, 'E', (size_t)(end - start)) || memchr(start, 'e', (size_t)(end - start));
}

/* Marks of laboratories begin with one of these; what else follows a number is a unit or a remark. */
static bool is_mark(const char *rest)
{
    static const char *const marks[] = {"+", "*", "↑", "↓", "(", "高", "低", "偏", "升", "降"};
    if ((*rest == 'H' || *rest == 'L') && (rest[1] == '\0' || (rest[1] == rest[0] && rest[2] == '\0'))) return true;
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (strncmp(rest, marks[i], strlen(marks[i])) == 0) return true;
    return false;
}

static bool is_pair(const char *rest)
{
    if ((*rest != '/' && *rest != '-') || !is_digit(rest[1])) return false;
    const char *at = rest + 1 + strspn(rest + 1, "0123456789");
    return !*at || strcasecmp(at, "mmHg") == 0;
}

/* "5,6", "<0,5": a number where the comma is the decimal point. Three digits behind it may be thousands. */
static bool has_decimal_comma(const char *folded)
{
    const char *at = folded + strspn(folded, "<>= "), *comma = at + strspn(at, "0123456789");
    size_t behind = *comma == ',' ? strspn(comma + 1, "0123456789") : 0;
    return comma > at && behind > 0 && behind != 3 && !comma[1 + behind];
}

/* "(3.9-6.1)", "[参考值：3.9-6.1]": the laboratory's limits are no further number of the person. */
static bool has_limits(const char *behind)
{
    char inner[HRA_CELL_TEXT];
    const char *open = strpbrk(behind, "([");
    return open && hra_fold(open + 1, strlen(open + 1), HRA_FOLD_NO_SPACES, inner, sizeof inner) >= 0 &&
           hra_skip_reference(inner);
}

static void look_closely(const char *folded, hra_cell_look *look)
{
    enum { LONGEST_REMARK = 32 };
    const char *at = skip_comparator(folded, &look->bound), *end = folded + strlen(folded);
    if (*at == '*') look->marked = true;
    while (*at == '*') at++;
    const char *rest = hra_read_decimal(at, end, &look->value);
    if (rest == at || !isfinite(look->value)) return;
    const char *behind = rest;
    while (*behind == ' ') behind++;
    if (is_pair(behind)) {
        look->kind = HRA_LOOK_PAIR;
        return;
    }
    bool limits = has_limits(behind), more = behind[strcspn(behind, "0123456789")];
    if (!limits && (strlen(behind) > LONGEST_REMARK || more)) return; /* more numbers: text */
    look->kind = HRA_LOOK_NUMBER;
    if (*behind) *(limits || is_mark(behind) ? &look->marked : &look->with_unit) = true;
    count_digits(at, rest, look);
}

hra_cell_look hra_look_at_cell(const char *text, size_t length)
{
    hra_cell_look look = {.kind = HRA_LOOK_TEXT, .date = -1};
    char folded[HRA_CELL_TEXT];
    if (length == 0) {
        look.kind = HRA_LOOK_BLANK;
        return look;
    }
    if (!look_plain(text, length, &look)) {
        int n = hra_fold(text, length, 0, folded, sizeof folded);
        if (n < 0) return look;
        if (hra_is_missing_word(folded, true)) {
            look.kind = n == 0 ? HRA_LOOK_BLANK : missing_kind(folded);
            return look;
        }
        look.date = look_separated_date(folded);
        if (look.date >= 0) return look; /* 05/03/2024 is no pair, 5.3.24 no number */
        look_closely(folded, &look);
        look.comma = look.kind == HRA_LOOK_TEXT && has_decimal_comma(folded);
        look.full_width = look.kind == HRA_LOOK_NUMBER && ((size_t)n != length || memcmp(folded, text, length) != 0);
    }
    if (look.kind == HRA_LOOK_NUMBER) look.date = look_whole_date(&look);
    return look;
}
