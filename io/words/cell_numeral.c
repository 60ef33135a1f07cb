/* Numbers written with Chinese numerals: 四十五, 一百零五, 二〇二四. */
#include <string.h>

#include "io/words/cell_text.h"
#include "io/words/text_fold.h"

/* Digits 0-9, then 10, 100, 1000; -1: no numeral. */
static int numeral_value(uint32_t c)
{
    static const uint32_t digits[][3] = {{0x96F6, 0x3007, 0x25CB},
                                         {0x4E00},
                                         {0x4E8C, 0x4E24},
                                         {0x4E09},
                                         {0x56DB},
                                         {0x4E94},
                                         {0x516D},
                                         {0x4E03},
                                         {0x516B},
                                         {0x4E5D}};
    for (int d = 0; d < 10; d++)
        for (int i = 0; i < 3; i++)
            if (digits[d][i] == c) return d;
    return c == 0x5341 ? 10 : c == 0x767E ? 100 : c == 0x5343 ? 1000 : -1;
}

/* 二〇二四: digit after digit. */
static bool by_position(const int *values, int count, int *number)
{
    *number = 0;
    for (int i = 0; i < count; i++) {
        if (values[i] > 9 || i > 7) return false;
        *number = 10 * *number + values[i];
    }
    return true;
}

/* 一千二百零五, 十五: each unit smaller than the one before it. */
static bool by_units(const int *values, int count, int *number)
{
    int total = 0, digit = -1, last = 10000;
    bool zero = false; /* 一百零五 is 105; 一百五 means 150 to some and is refused */
    for (int i = 0; i < count; i++) {
        if (values[i] >= 10) {
            if (values[i] >= last || (digit < 0 && (values[i] != 10 || i > 0)) || digit == 0) return false;
            total += (digit < 0 ? 1 : digit) * values[i];
            last = values[i];
            digit = -1;
            zero = false;
        } else if (digit > 0 || (digit == 0 && values[i] == 0)) {
            return false;
        } else {
            zero = digit == 0;
            digit = values[i];
        }
    }
    if (digit > 0 && last != 10 && !zero) return false;
    *number = total + (digit > 0 ? digit : 0);
    return true;
}

size_t hra_read_numeral(const char *text, int *number, int *numerals)
{
    const char *end = text + strlen(text), *at = text;
    int values[12], count = 0, length;
    bool units = false;
    while (at < end) {
        int value = numeral_value(hra_utf8_next(at, end, &length));
        if (value < 0) break;
        if (count == 12) return 0;
        values[count++] = value;
        units |= value >= 10;
        at += length;
    }
    *numerals = count;
    if (count == 0 || !(units ? by_units(values, count, number) : by_position(values, count, number))) return 0;
    return (size_t)(at - text);
}
