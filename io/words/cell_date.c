/* A cell as a day. Forms that name the day beyond doubt are read; others need a rule. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/calendar.h"
#include "io/words/cell_text.h"
#include "io/words/text_fold.h"

static const hra_reading_rules defaults;

static const char DAY_OR_MONTH[] = "day or month first? the file's rules can say (dates = day-first)";

/* A date while it is read: numbers as they stand, then year, month, day. */
typedef struct parts {
    int numbers[3], digits[3]; /* digits 0: the number is absent */
    int year, month, day;
    bool minguo; /* the cell says so itself */
    uint8_t altered, mark;
} parts;

bool hra_day_number(int year, int month, int day, double *days)
{
    if (year < 1 || year > 9999 || !hra_date_exists(year, month, day)) return false;
    *days = hra_day_of_date((hra_date){year, month, day});
    return true;
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static const char *starts(const char *text, const char *word)
{
    size_t length = strlen(word);
    return strncasecmp(text, word, length) == 0 ? text + length : NULL;
}

/* Up to `most` digits. */
static const char *read_digits(const char *at, int most, int *number, int *digits)
{
    *number = *digits = 0;
    while (*digits < most && is_digit(at[*digits])) {
        *number = 10 * *number + (at[*digits] - '0');
        ++*digits;
    }
    return at + *digits;
}

/* ---- what may follow the day ---------------------------------------------------------- */

/* A time of day or a weekday may follow; neither is used. */
static bool is_time(const char *rest)
{
    static const char *const words[] = {"上午", "下午", "中午", "晚上", "AM", "PM", "Z", "星期", "周"};
    static const char *const weekdays[] = {"一", "二", "三", "四", "五", "六", "日", "天"};
    if (!*rest) return true;
    bool weekday = false, separated = *rest == ' ' || *rest == '(' || (unsigned char)*rest >= 0x80;
    if (*rest == 'T' && is_digit(rest[1])) separated = true;
    if (!separated) return false;
    if (*rest == 'T') rest++;
    while (*rest) {
        const char *after = NULL;
        for (size_t i = 0; !after && i < sizeof words / sizeof words[0]; i++) {
            after = starts(rest, words[i]);
            if (after) weekday = i >= 7;
        }
        for (size_t i = 0; !after && weekday && i < sizeof weekdays / sizeof weekdays[0]; i++)
            after = starts(rest, weekdays[i]);
        if (!after && strchr("0123456789:.+-() ", *rest)) after = rest + 1;
        if (!after) return false;
        rest = after;
    }
    return true;
}

/* ---- forms ---------------------------------------------------------------------------- */

/* Chinese numerals become digits: 二〇二四年三月五日. */
static bool write_digits(const char *text, char *out, size_t capacity)
{
    size_t used = 0;
    bool changed = false;
    while (*text && used + 12 < capacity) {
        int number, numerals;
        size_t length = hra_read_numeral(text, &number, &numerals);
        if (length > 0) {
            used += (size_t)snprintf(out + used, capacity - used, "%d", number);
            text += length;
            changed = true;
        } else {
            out[used++] = *text++;
        }
    }
    out[used] = '\0';
    return changed && !*text;
}

/* What separates three numbers, and what may close them. */
static const struct {
    const char *first, *second, *third;
} forms[] = {{"-", "-", ""}, {"/", "/", ""}, {".", ".", ""}, {"年", "月", "日"}, {"年", "月", "号"}, {"年", "月", ""}};

static bool read_three(const char *text, parts *p, const char **rest)
{
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        const char *at = read_digits(text, 5, &p->numbers[0], &p->digits[0]);
        if (p->digits[0] < 1 || !(at = starts(at, forms[i].first))) continue;
        at = read_digits(at, 3, &p->numbers[1], &p->digits[1]);
        if (p->digits[1] < 1 || p->digits[1] > 2 || !(at = starts(at, forms[i].second))) continue;
        at = read_digits(at, 5, &p->numbers[2], &p->digits[2]);
        if (p->digits[2] < 1 || !(at = starts(at, forms[i].third)) || is_digit(*at)) continue;
        *rest = at;
        return true;
    }
    return false;
}

/* "2024-03", "2024年3月", "202403": a month. */
static bool read_month_only(const char *text, parts *p)
{
    static const char *const marks[][2] = {{"-", ""}, {"/", ""}, {".", ""}, {"年", "月"}, {"", ""}};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        int digits;
        const char *at = read_digits(text, 4, &p->year, &digits);
        if (digits != 4 || !(at = starts(at, marks[i][0]))) continue;
        at = read_digits(at, 2, &p->month, &digits);
        if (digits < 1 || (i == 4 && digits != 2) || !(at = starts(at, marks[i][1])) || *at) continue;
        return p->year >= 1850 && p->year <= 2200 && p->month >= 1 && p->month <= 12;
    }
    return false;
}

/* "5-Mar-24", "Mar 5, 2024": the month stands in letters. 0: none of these. */
static int month_by_name(const char *at, const char **rest)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    static const char *const tails[] = {"uary", "ruary", "ch",     "il",   "",      "e",
                                        "y",    "ust",   "tember", "ober", "ember", "ember"};
    for (int m = 0; m < 12; m++) {
        if (strncasecmp(at, names + (size_t)(3 * m), 3) != 0) continue;
        at += 3;
        const char *longer = *tails[m] ? starts(at, tails[m]) : NULL;
        *rest = longer ? longer : at;
        return m + 1;
    }
    return 0;
}

static bool read_named_month(const char *text, parts *p, const char **rest)
{
    const char *at = read_digits(text, 2, &p->numbers[0], &p->digits[0]);
    at += strspn(at, "-/. ");
    p->numbers[1] = month_by_name(at, &at);
    if (p->numbers[1] == 0) return false;
    at += strspn(at, "-/. ");
    if (p->digits[0] == 0) { /* Mar 5, 2024 */
        at = read_digits(at, 2, &p->numbers[0], &p->digits[0]);
        at += strspn(at, "-/., ");
    }
    at = read_digits(at, 4, &p->numbers[2], &p->digits[2]);
    p->digits[1] = 2;
    *rest = at;
    return p->digits[0] > 0 && (p->digits[2] == 2 || p->digits[2] == 4) && !is_digit(*at);
}

/* ---- years ------------------------------------------------------------------------------ */

/* What follows the name of the calendar that counts from 1912: 民國115年3月1日. NULL: it does not stand there. */
static const char *behind_minguo(const char *text)
{
    static const char *const names[] = {"民国", "民國", "中华民国", "中華民國"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *rest = starts(text, names[i]);
        if (rest && is_digit(rest[strspn(rest, " ")])) return rest + strspn(rest, " ");
    }
    return NULL;
}

static bool is_counted_by_era(const char *text)
{
    static const char *const eras[] = {"民国", "民國", "昭和", "平成", "令和", "大正", "明治", "中华民国", "中華民國"};
    for (size_t i = 0; i < sizeof eras / sizeof eras[0]; i++)
        if (strncmp(text, eras[i], strlen(eras[i])) == 0) return true;
    return strchr("SHRTMshrtm", *text) && *text && is_digit(text[1]) && strpbrk(text, "./-年");
}

static bool is_lunar(const char *text) { return strstr(text, "农历") || strstr(text, "阴历") || strstr(text, "農曆"); }

static const char *full_year(const hra_reading_rules *rules, bool minguo, int number, int digits, int *year)
{
    enum { BEFORE_MINGUO = 1911 };
    *year = number;
    if (minguo && digits == 4) return "not a date";
    if (digits == 4) return NULL;
    if ((minguo || (rules->minguo && digits >= 2)) && digits <= 3 && number > 0) {
        *year += BEFORE_MINGUO;
        return NULL;
    }
    if (digits == 3)
        return "a year of three digits; where it counts from 1912, the file's rules can say so (years = minguo)";
    if (digits == 1) return DAY_OR_MONTH;
    if (digits != 2) return "not a date";
    if (rules->two_digit_pivot <= 0) return "a year of two digits; the file's rules can say which century";
    *year += number < rules->two_digit_pivot ? 2000 : 1900;
    return NULL;
}

/* Which of the three numbers is what. NULL, or why it cannot be said. */
static const char *order_parts(const hra_reading_rules *rules, bool named, parts *p)
{
    int year = 2;
    if (p->minguo || p->digits[0] >= 3 || (!named && rules->date_order == HRA_DATE_YEAR_FIRST && p->digits[2] <= 2)) {
        year = 0;
    } else if (!named && rules->date_order == HRA_DATE_YEAR_FIRST) {
        return DAY_OR_MONTH;
    }
    const char *fault = full_year(rules, p->minguo, p->numbers[year], p->digits[year], &p->year);
    if (fault) return fault;
    bool month_first = year == 0 || (!named && rules->date_order == HRA_DATE_MONTH_FIRST);
    int first = year == 0 ? 1 : 0;
    p->month = p->numbers[month_first ? first : first + 1];
    p->day = p->numbers[month_first ? first + 1 : first];
    if (year != 0 || p->digits[0] != 4) p->altered |= HRA_ALTERED_DATE;
    return NULL;
}

/* "1150301", "640503": of a file whose years count from 1912. */
static bool read_compact_minguo(const char *text, parts *p)
{
    size_t length = strlen(text);
    if ((length != 6 && length != 7) || strspn(text, "0123456789") != length) return false;
    sscanf(text + length - 4, "%2d%2d", &p->month, &p->day);
    read_digits(text, (int)length - 4, &p->numbers[0], &p->digits[0]);
    p->altered |= HRA_ALTERED_DATE;
    return full_year(&defaults, true, p->numbers[0], p->digits[0], &p->year) == NULL;
}

/* ---- spreadsheet days --------------------------------------------------------------------- */

/* A bare number in a date column: days since the epoch of the workbook. */
static hra_cell_value read_serial(const hra_reading_rules *rules, const char *text)
{
    enum { DAYS_1904 = 1462, LAST_DAY = 73050 /* 2099-12-31 */ };
    double serial, start;
    const char *end = text + strlen(text);
    if (hra_read_decimal(text, end, &serial) != end) return hra_cell_rejected("not a date");
    if (rules->serial_epoch == 0)
        return hra_cell_rejected("a bare number; if it is a spreadsheet's day number, the file's rules can say so");
    int day = (int)serial;
    if (serial < 1 || serial >= LAST_DAY || (day >= 1850 && day <= 2200))
        return hra_cell_rejected("a number that is not a plausible day");
    if (rules->serial_epoch == 1904) day += DAYS_1904;
    if (day == 60) return hra_cell_rejected("there is no such day"); /* 1900-02-29 */
    if (!hra_day_number(1899, 12, 30, &start)) return hra_cell_rejected("not a date");
    return hra_cell_known(start + day + (day < 60), HRA_ALTERED_DATE);
}

/* ---- the cell --------------------------------------------------------------------------- */

static bool is_placeholder(int year, int month, int day)
{
    return year == 0 || year == 9999 || (year == 1900 && month == 1 && day == 1) ||
           (year == 1899 && month == 12 && (day == 30 || day == 31));
}

static hra_cell_value finish(const parts *p)
{
    double days;
    if (is_placeholder(p->year, p->month, p->day))
        return (hra_cell_value){.kind = HRA_CELL_MISSING, .reason = "a date that stands for none"};
    if (!hra_day_number(p->year, p->month, p->day, &days)) return hra_cell_rejected("there is no such day");
    if (p->year < 1850 || p->year > 2200) return hra_cell_rejected("the year cannot be right");
    hra_cell_value value = hra_cell_known(days, p->altered);
    value.mark = p->mark;
    return value;
}

static hra_cell_value read_partial(const hra_reading_rules *rules, parts *p)
{
    if (!rules->months)
        return hra_cell_rejected("a month without its day; the file's rules can allow it (months = accepted)");
    p->day = rules->span == HRA_SPAN_MIDPOINT ? 15 : 1;
    p->mark = HRA_MARK_RANGE;
    p->altered |= HRA_ALTERED_DATE;
    return finish(p);
}

static hra_cell_value read_text(const hra_reading_rules *rules, const char *text, uint8_t altered)
{
    parts p = {.altered = altered};
    const char *rest = "";
    if (strlen(text) == 8 && strspn(text, "0123456789") == 8) {
        sscanf(text, "%4d%2d%2d", &p.year, &p.month, &p.day);
        return finish(&p);
    }
    const char *minguo = behind_minguo(text);
    if (minguo) text = minguo;
    p.minguo = minguo != NULL;
    if ((minguo || rules->minguo) && read_compact_minguo(text, &p)) return finish(&p);
    if (is_counted_by_era(text)) return hra_cell_rejected("a year counted by an era");
    if (is_lunar(text)) return hra_cell_rejected("a day of the lunar calendar");
    if (read_month_only(text, &p)) return read_partial(rules, &p);
    if (strspn(text, "0123456789") == 4 && (!text[4] || strcmp(text + 4, "年") == 0))
        return hra_cell_rejected("a year without month and day");
    bool named = false;
    if (!read_three(text, &p, &rest)) {
        named = read_named_month(text, &p, &rest);
        if (!named) return is_digit(*text) ? read_serial(rules, text) : hra_cell_rejected("not a date");
    }
    if (!is_time(rest)) return hra_cell_rejected("not a date");
    const char *fault = order_parts(rules, named, &p);
    return fault ? hra_cell_rejected(fault) : finish(&p);
}

/* "2024-01-31": nearly all dates. */
static bool read_plain(const char *text, size_t length, parts *p)
{
    static const int places[] = {0, 1, 2, 3, 5, 6, 8, 9};
    if (length != 10 || text[4] != '-' || text[7] != '-') return false;
    for (int i = 0; i < 8; i++)
        if (!is_digit(text[places[i]])) return false;
    p->year = (text[0] - '0') * 1000 + (text[1] - '0') * 100 + (text[2] - '0') * 10 + (text[3] - '0');
    p->month = (text[5] - '0') * 10 + (text[6] - '0');
    p->day = (text[8] - '0') * 10 + (text[9] - '0');
    return true;
}

bool hra_cell_plain_date(const char *text, size_t length, double *days)
{
    parts plain = {0};
    if (!read_plain(text, length, &plain)) return false;
    hra_cell_value value = finish(&plain);
    *days = value.value;
    return value.kind == HRA_CELL_KNOWN;
}

hra_cell_value hra_cell_date(const hra_reading_rules *rules, const char *text, size_t length)
{
    parts plain = {0};
    if (read_plain(text, length, &plain)) return finish(&plain);
    char folded[HRA_CELL_TEXT], digits[HRA_CELL_TEXT];
    hra_cell_value missing;
    uint8_t altered = 0;
    if (!rules) rules = &defaults;
    if (hra_cell_clean(text, length, 0, folded, sizeof folded, &altered) < 0)
        return hra_cell_rejected("text instead of a date");
    if (hra_missing_word(folded, true, &missing)) return missing;
    if ((unsigned char)*folded >= 0x80 && write_digits(folded, digits, sizeof digits))
        return read_text(rules, digits, altered | HRA_ALTERED_NUMERAL);
    return read_text(rules, folded, altered);
}
