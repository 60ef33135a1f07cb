/* Rows whose cells stand in wrong columns: several values that nobody can have. */
#include <math.h>

#include "intake/quality/quality_internal.h"

enum { IMPOSSIBLE_VALUES = 3 }; /* in one row; one or two are slips of the pen */

/* 0, -1, 999, 88.8, -9: what systems write where nothing was measured. */
static bool is_placeholder(double value)
{
    double digits = fabs(value);
    if (digits == 0 || (value < 0 && digits < 10 && digits == floor(digits))) return true;
    for (int decimals = 0; decimals < 3 && digits != floor(digits); decimals++) digits = round(digits * 1e6) / 1e5;
    if (digits != floor(digits) || digits > 1e15) return false;
    int last = (int)fmod(digits, 10);
    for (; digits >= 1; digits = floor(digits / 10))
        if ((int)fmod(digits, 10) != last) return false;
    return last >= 7;
}

int64_t hra_quality_shifted_rows(const hra_chunk *chunk)
{
    int64_t shifted = 0;
    for (int i = 0, end; i < chunk->beyond_count; i = end) {
        int impossible = 0;
        for (end = i; end < chunk->beyond_count && chunk->beyond[end].row == chunk->beyond[i].row; end++)
            impossible += isfinite(chunk->beyond[end].value) && !is_placeholder(chunk->beyond[end].value);
        shifted += impossible >= IMPOSSIBLE_VALUES;
    }
    return shifted;
}
