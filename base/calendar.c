#include "base/calendar.h"

#include <math.h>
#include <stdio.h>

/* Years are counted from March, so that the leap day is a year's last. */
hra_date hra_date_of_day(double day)
{
    int64_t z = (int64_t)floor(day) + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t day_of_era = z - era * 146097;
    int64_t year = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * day_of_year + 2) / 153;
    return (hra_date){.year = year + era * 400 + (month >= 10),
                      .month = (int)(month < 10 ? month + 3 : month - 9),
                      .day = (int)(day_of_year - (153 * month + 2) / 5 + 1)};
}

static int days_in_month(int64_t year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

bool hra_date_exists(int64_t year, int month, int day)
{
    return month >= 1 && month <= 12 && day >= 1 && day <= days_in_month(year, month);
}

double hra_day_of_date(hra_date date)
{
    int64_t year = date.year - (date.month <= 2);
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
    return (double)(era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468);
}

static void put_digits(char *out, int number, int digits)
{
    for (int i = digits - 1; i >= 0; i--, number /= 10) out[i] = (char)('0' + number % 10);
}

const char *hra_day_text(double day, char out[HRA_DAY_TEXT])
{
    out[0] = '\0';
    if (isnan(day)) return out;
    hra_date date = hra_date_of_day(day);
    if (date.year < 0 || date.year > 9999) {
        snprintf(out, HRA_DAY_TEXT, "%04lld-%02d-%02d", (long long)date.year, date.month, date.day);
        return out;
    }
    put_digits(out, (int)date.year, 4);
    put_digits(out + 5, date.month, 2);
    put_digits(out + 8, date.day, 2);
    out[4] = out[7] = '-';
    out[10] = '\0';
    return out;
}

bool hra_day_read(const char *text, double *day)
{
    int year, month, date, used = 0;
    if (sscanf(text, "%4d-%2d-%2d%n", &year, &month, &date, &used) != 3 || text[used]) return false;
    if (!hra_date_exists(year, month, date)) return false;
    *day = hra_day_of_date((hra_date){year, month, date});
    return true;
}

double hra_day_add_months(double day, int months)
{
    hra_date date = hra_date_of_day(day);
    int64_t count = date.year * 12 + (date.month - 1) + months;
    int64_t year = count >= 0 ? count / 12 : (count - 11) / 12;
    int month = (int)(count - year * 12) + 1, last = days_in_month(year, month);
    return hra_day_of_date((hra_date){year, month, date.day < last ? date.day : last});
}
