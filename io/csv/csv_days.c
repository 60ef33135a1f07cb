/* Columns of days written 2024-01-31. */
#include "io/csv/csv_sixteen.h"

#include "io/words/cell_value.h"

#if defined(__x86_64__)
#define ALWAYS static inline __attribute__((always_inline))

/* Days since 1970: years that cannot be right are left, and three days around 1900 that stand for none. */
enum { FIRST_DAY = -43829 /* 1850-01-01 */, LAST_DAY = 84371 /* 2200-12-31 */, NO_DAY = -25569, NO_DAYS = 3 };

typedef struct sixteen_dates {
    __m512i year, month, day;
    __mmask16 good; /* digits and hyphens where they belong */
} sixteen_dates;

HRA_AVX512 ALWAYS sixteen_dates read_sixteen(const char *text, __m512i start, __mmask16 there)
{
    const __m512i none = _mm512_setzero_si512(), zeros = _mm512_set1_epi8('0');
    /* "2024", "-01-", "1-31": the first number of a pair of digits counts ten times */
    const __m512i pairs = _mm512_set1_epi16(1 << 8 | 10), middle = _mm512_set1_epi32(1 << 16 | 10 << 8);
    const __m512i hyphens = _mm512_set1_epi32('-' << 24 | '-');
    __m512i first = _mm512_mask_i32gather_epi32(none, there, start, text, 1);
    __m512i second = _mm512_mask_i32gather_epi32(none, there, start, text + 4, 1);
    __m512i third = _mm512_mask_i32gather_epi32(none, there, start, text + 6, 1);
    __mmask16 good = _mm512_cmpeq_epi32_mask(_mm512_and_si512(second, _mm512_set1_epi32((int32_t)0xFF0000FF)), hyphens);
    __m512i years = _mm512_sub_epi8(first, zeros);
    __m512i months = _mm512_and_si512(_mm512_sub_epi8(second, zeros), _mm512_set1_epi32(0x00FFFF00));
    __m512i days = _mm512_srli_epi32(_mm512_sub_epi8(third, zeros), 16);
    __m512i all = _mm512_max_epu8(_mm512_max_epu8(years, months), days);
    __m512i odd = _mm512_movm_epi8(_mm512_cmpgt_epu8_mask(all, _mm512_set1_epi8(9)));
    good &= _mm512_testn_epi32_mask(odd, odd) & there;
    __m512i centuries = _mm512_madd_epi16(_mm512_maddubs_epi16(years, pairs), _mm512_set1_epi32(1 << 16 | 100));
    __m512i month = _mm512_madd_epi16(_mm512_maddubs_epi16(months, middle), _mm512_set1_epi16(1));
    return (sixteen_dates){centuries, month, _mm512_maddubs_epi16(days, pairs), good};
}

/* Days since 1970 by the calendar, as hra_day_of_date counts them: years begin in March. Good only for days that
 * exist in the years 1 to 9999. */
HRA_AVX512 ALWAYS __m512i days_of(sixteen_dates *d)
{
    const __m512i lengths = _mm512_setr_epi32(0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 0, 0, 0);
    const __m512i one = _mm512_set1_epi32(1), three = _mm512_set1_epi32(3), hundredth = _mm512_set1_epi32(5243);
    __m512i century = _mm512_srli_epi32(_mm512_mullo_epi32(d->year, hundredth), 19);
    __mmask16 fourth = _mm512_testn_epi32_mask(d->year, three);
    __mmask16 round = _mm512_cmpeq_epi32_mask(_mm512_mullo_epi32(century, _mm512_set1_epi32(100)), d->year);
    __mmask16 leap = fourth & ((__mmask16)~round | _mm512_testn_epi32_mask(century, three));
    __mmask16 february = _mm512_cmpeq_epi32_mask(d->month, _mm512_set1_epi32(2));
    __m512i length = _mm512_permutexvar_epi32(d->month, lengths);
    length = _mm512_mask_add_epi32(length, february & leap, length, one);
    d->good &= _mm512_cmple_epu32_mask(d->month, _mm512_set1_epi32(12)) & _mm512_cmpge_epu32_mask(d->day, one) &
               _mm512_cmple_epu32_mask(d->day, length);

    __mmask16 early = _mm512_cmplt_epu32_mask(d->month, three);
    __m512i year = _mm512_mask_sub_epi32(d->year, early, d->year, one);
    __m512i month = _mm512_sub_epi32(d->month, three);
    month = _mm512_mask_add_epi32(month, early, month, _mm512_set1_epi32(12));
    __m512i before = _mm512_add_epi32(_mm512_mullo_epi32(month, _mm512_set1_epi32(153)), _mm512_set1_epi32(2));
    before = _mm512_srli_epi32(_mm512_mullo_epi32(before, _mm512_set1_epi32(52429)), 18); /* a fifth of it */
    century = _mm512_srli_epi32(_mm512_mullo_epi32(year, hundredth), 19);
    __m512i days = _mm512_mullo_epi32(year, _mm512_set1_epi32(365));
    days = _mm512_add_epi32(days, _mm512_sub_epi32(_mm512_srli_epi32(year, 2), century));
    days = _mm512_add_epi32(days, _mm512_add_epi32(_mm512_srli_epi32(century, 2), before));
    return _mm512_add_epi32(days, _mm512_sub_epi32(d->day, _mm512_set1_epi32(719469)));
}

HRA_AVX512 static hra_block_rows days_avx512(const char *text, const uint32_t *before, const uint32_t *ends, int rows,
                                             const hra_number_codes *how, void *codes)
{
    hra_block_rows all = {0, 0};
    int64_t low = how->low > FIRST_DAY ? how->low : FIRST_DAY, high = how->high < LAST_DAY ? how->high : LAST_DAY;
    if (low > high) low = 1, high = 0;
    const __m512i least = _mm512_set1_epi32((int32_t)low), most = _mm512_set1_epi32((int32_t)high);
    const __m512i first = _mm512_set1_epi32((int32_t)(uint32_t)how->first);
    for (int row = 0; row < rows; row += 16) {
        hra_sixteen_cells cells = hra_sixteen_find(before, ends, row, rows);
        __mmask16 ten = _mm512_mask_cmpeq_epi32_mask(cells.there, cells.length, _mm512_set1_epi32(10));
        sixteen_dates dates = read_sixteen(text, cells.start, ten);
        __m512i days = days_of(&dates);
        __mmask16 none =
            _mm512_cmplt_epu32_mask(_mm512_sub_epi32(days, _mm512_set1_epi32(NO_DAY)), _mm512_set1_epi32(NO_DAYS));
        __mmask16 known = _mm512_mask_cmpge_epi32_mask(dates.good, days, least) & _mm512_cmple_epi32_mask(days, most) &
                          (__mmask16)~none;
        __m512i code = _mm512_mask_sub_epi32(_mm512_set1_epi32((int32_t)how->missing), known, days, first);
        hra_sixteen_put(code, row, how->wide, codes);
        all.blank |= (uint64_t)cells.blank << row;
        all.left |= (uint64_t)(__mmask16)(cells.there & ~(known | cells.blank)) << row;
    }
    return all;
}
#endif

static hra_block_rows days_plain(const char *text, const uint32_t *before, const uint32_t *ends, int rows,
                                 const hra_number_codes *how, void *codes)
{
    hra_block_rows all = {0, 0};
    for (int row = 0; row < rows; row++) {
        uint32_t start = before[row] + 1, length = ends[row] - start, code = how->missing;
        double day;
        if (length == 0)
            all.blank |= UINT64_C(1) << row;
        else if (!hra_cell_plain_date(text + start, length, &day) || day < (double)how->low || day > (double)how->high)
            all.left |= UINT64_C(1) << row;
        else
            code = (uint32_t)((int64_t)day - how->first);
        if (how->wide)
            ((uint32_t *)codes)[row] = code;
        else
            ((uint16_t *)codes)[row] = (uint16_t)code;
    }
    return all;
}

hra_block_rows hra_day_column(hra_vector_level level, const char *text, const uint32_t *before, const uint32_t *ends,
                              int rows, const hra_number_codes *how, void *codes)
{
#if defined(__x86_64__)
    if (level == HRA_VECTOR_AVX512) return days_avx512(text, before, ends, rows, how, codes);
#endif
    return days_plain(text, before, ends, rows, how, codes);
}
