#include "io/words/national_number.h"

#include <string.h>

#include "base/calendar.h"
#include "io/words/text_fold.h"

enum { DIGITS = 18, OLD_DIGITS = 15 };

static char check_digit(const char *number)
{
    static const int weights[DIGITS - 1] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (int i = 0; i < DIGITS - 1; i++) sum += weights[i] * (number[i] - '0');
    return "10X98765432"[sum % 11];
}

static bool all_digits(const char *text, int count)
{
    for (int i = 0; i < count; i++)
        if (text[i] < '0' || text[i] > '9') return false;
    return true;
}

static int number_at(const char *text, int digits)
{
    int number = 0;
    for (int i = 0; i < digits; i++) number = 10 * number + (text[i] - '0');
    return number;
}

static bool birth_day(int year, int month, int day, double *out)
{
    if (year < 1880 || year > 2099 || !hra_date_exists(year, month, day)) return false;
    *out = hra_day_of_date((hra_date){year, month, day});
    return true;
}

const char *hra_national_number_read(const char *text, size_t length, hra_national_number *out)
{
    char number[64];
    int digits = hra_fold(text, length, HRA_FOLD_NO_SPACES, number, sizeof number);
    if (digits == OLD_DIGITS && all_digits(number, OLD_DIGITS)) {
        out->male = (number[14] - '0') % 2 == 1;
        bool date = birth_day(1900 + number_at(number + 6, 2), number_at(number + 8, 2), number_at(number + 10, 2),
                              &out->birth_day);
        return date ? NULL : "no such birth date in the identity number";
    }
    if (digits != DIGITS || !all_digits(number, DIGITS - 1)) return "no identity number of 18 or 15 digits";
    if (number[17] == 'x') number[17] = 'X';
    out->male = (number[16] - '0') % 2 == 1;
    if (!birth_day(number_at(number + 6, 4), number_at(number + 10, 2), number_at(number + 12, 2), &out->birth_day))
        return "no such birth date in the identity number";
    return check_digit(number) == number[17] ? NULL : "the check digit of the identity number is wrong";
}

bool hra_national_number_lost_digits(const char *text, size_t length)
{
    double day;
    if (length != DIGITS || strncmp(text + 15, "000", 3) != 0 || !all_digits(text, 15)) return false;
    int year = number_at(text + 6, 4);
    if (year < 1900 || !birth_day(year, number_at(text + 10, 2), number_at(text + 12, 2), &day))
        return false; /* another kind of number */
    return check_digit(text) != text[17];
}
