#include "io/identifier.h"

#include <string.h>

#include "io/national_number.h"
#include "io/text_fold.h"

enum { EXACT_DIGITS = 15 }; /* that a spreadsheet keeps of a number */

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static bool is_letter_or_digit(char c) { return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

static size_t count_digits(const char *text, size_t length)
{
    size_t count = 0;
    while (count < length && is_digit(text[count])) count++;
    return count;
}

void hra_clean_identifier(const char **text, size_t *length)
{
    static const char *const quotes[] = {"'", "＇", "‘", "’", "`"}; /* typed in front of digits */
    const char *s = *text;
    size_t n = *length;
    if (n > 0 && is_letter_or_digit(s[0]) && is_letter_or_digit(s[n - 1])) return; /* nearly all */
    hra_trim(text, length);
    s = *text;
    n = *length;
    size_t quote = 0;
    for (size_t i = 0; i < sizeof quotes / sizeof quotes[0] && quote == 0; i++)
        if (n > strlen(quotes[i]) && memcmp(s, quotes[i], strlen(quotes[i])) == 0) quote = strlen(quotes[i]);
    if (n >= 3 && s[0] == '=' && s[1] == '"' && s[n - 1] == '"') {
        *text = s + 2;
        *length = n - 3;
    } else {
        *text = s + quote;
        *length = n - quote;
    }
    hra_trim(text, length);
}

/* The digits before ".0" or ".00"; 0: it is not such a number. A number has no zeros in front. */
static size_t whole_digits(const char *text, size_t length)
{
    size_t digits = count_digits(text, length);
    if (digits == 0 || text[0] == '0' || length < digits + 2 || text[digits] != '.') return 0;
    for (size_t i = digits + 1; i < length; i++)
        if (text[i] != '0') return 0;
    return digits;
}

bool hra_identifier_canonical(const char **text, size_t *length, char room[HRA_IDENTIFIER_ROOM])
{
    enum { NATIONAL = 18 };
    hra_national_number read;
    size_t digits = whole_digits(*text, *length), used = 0;
    if (digits > 0) {
        if (digits <= EXACT_DIGITS) *length = digits;
        return false;
    }
    if (*length <= NATIONAL || hra_fold(*text, *length, HRA_FOLD_NO_SPACES, room, HRA_IDENTIFIER_ROOM) < NATIONAL)
        return false;
    for (const char *at = room; *at; at++)
        if (*at != '-') room[used++] = *at;
    if (used != NATIONAL || hra_national_number_read(room, used, &read)) return false;
    *text = room;
    *length = used;
    return true;
}

/* "1.10101E+17", "1.10101e17": where there is no point, E may be a letter of the identifier. */
static bool is_scientific(const char *text, size_t length)
{
    size_t at = count_digits(text, length);
    bool point = at < length && text[at] == '.';
    if (point) at += 1 + count_digits(text + at + 1, length - at - 1);
    if (at == 0 || at >= length || (text[at] != 'E' && text[at] != 'e')) return false;
    at++;
    bool plus = at < length && text[at] == '+';
    at += plus;
    return (plus || point) && at < length && count_digits(text + at, length - at) == length - at;
}

bool hra_identifier_is_damaged(const char *text, size_t length)
{
    return hra_national_number_lost_digits(text, length) || whole_digits(text, length) > EXACT_DIGITS ||
           is_scientific(text, length);
}
