#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "io/cell_value.h"
#include "io/text_fold.h"

bool hra_day_number(int year, int month, int day, double *days)
{
    if (year < 1 || year > 9999 || !hra_date_exists(year, month, day)) return false;
    *days = hra_day_of_date((hra_date){year, month, day});
    return true;
}

/* Up to `most` digits. */
static const char *read_digits(const char *at, int most, int *number, int *digits)
{
    *number = *digits = 0;
    while (*digits < most && at[*digits] >= '0' && at[*digits] <= '9') {
        *number = 10 * *number + (at[*digits] - '0');
        ++*digits;
    }
    return at + *digits;
}

static const char *skip(const char *at, const char *text)
{
    size_t length = strlen(text);
    return strncmp(at, text, length) == 0 ? at + length : NULL;
}

/* What separates year, month and day, and what may close the date. */
static const struct {
    const char *after_year, *after_month, *after_day;
} forms[] = {{"-", "-", ""}, {"/", "/", ""}, {".", ".", ""}, {"年", "月", "日"}, {"年", "月", ""}};

static bool read_separated(const char *text, int *year, int *month, int *day, const char **rest)
{
    int digits;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        const char *at = read_digits(text, 5, year, &digits);
        if (digits != 4 || !(at = skip(at, forms[i].after_year))) continue;
        at = read_digits(at, 3, month, &digits);
        if (digits < 1 || digits > 2 || !(at = skip(at, forms[i].after_month))) continue;
        at = read_digits(at, 3, day, &digits);
        if (digits < 1 || digits > 2 || !(at = skip(at, forms[i].after_day))) continue;
        *rest = at;
        return true;
    }
    return false;
}

/* A time of day may follow the date; it is not used. */
static bool is_time(const char *rest)
{
    if (!*rest) return true;
    if (*rest != ' ' && *rest != 'T') return false;
    return rest[1 + strspn(rest + 1, "0123456789:.+-Z ")] == '\0';
}

static bool is_placeholder(int year, int month, int day)
{
    return year == 0 || year == 9999 || (year == 1900 && month == 1 && day == 1) ||
           (year == 1899 && month == 12 && (day == 30 || day == 31));
}

hra_cell_value hra_cell_date(const char *text, size_t length)
{
    char folded[HRA_CELL_TEXT];
    hra_trim(&text, &length);
    int folded_length = hra_fold(text, length, 0, folded, sizeof folded);
    if (folded_length < 0) return hra_cell_rejected("text instead of a date");
    if (hra_is_missing_word(folded, true)) return hra_cell_missing();
    int year, month, day;
    const char *rest = "";
    bool compact = folded_length == 8 && strspn(folded, "0123456789") == 8;
    if (compact)
        sscanf(folded, "%4d%2d%2d", &year, &month, &day);
    else if (!read_separated(folded, &year, &month, &day, &rest) || !is_time(rest))
        return hra_cell_rejected("not a date written year-month-day");
    if (is_placeholder(year, month, day)) return hra_cell_missing();
    double days;
    if (!hra_day_number(year, month, day, &days)) return hra_cell_rejected("there is no such day");
    if (year < 1850 || year > 2200) return hra_cell_rejected("the year cannot be right");
    bool altered = (size_t)folded_length != length || memcmp(folded, text, length) != 0;
    return hra_cell_known(days, altered);
}
