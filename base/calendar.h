/* Days since 1970-01-01 and the proleptic Gregorian calendar. */
#ifndef HRA_BASE_CALENDAR_H
#define HRA_BASE_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

typedef struct hra_date {
    int64_t year;
    int month, day;
} hra_date;

enum { HRA_DAY_TEXT = 32 };

hra_date hra_date_of_day(double day);
bool hra_date_exists(int64_t year, int month, int day);
double hra_day_of_date(hra_date date);
/* "2026-01-31"; "" for NaN. */
const char *hra_day_text(double day, char out[HRA_DAY_TEXT]);
/* Reads "2026-01-31" (also 2026-1-31); false if it is no such day. */
bool hra_day_read(const char *text, double *day);
/* The same day so many months later; the month's last where it has no such day (31 January + 1 is 28 or 29 February).
 */
double hra_day_add_months(double day, int months);

#endif
