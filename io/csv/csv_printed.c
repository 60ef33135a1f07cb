#include "io/csv/csv_printed.h"

#include "io/csv/csv_sixteen.h"

#if defined(__x86_64__)
#define ALWAYS static inline __attribute__((always_inline))

/* A cell is read as the four bytes at its end and the four before them. */
enum { BYTES = 4, LONGEST = 8 };

/* How the last four bytes look for so many decimals: the characters that count nothing, how far bytes may be from them,
 * what digits count (10 a + b, then of two such sums), and the first four digits. */
typedef struct form {
    uint32_t text, most, ones, sums;
    int32_t before;
    uint32_t shortest; /* of a cell, in bytes */
} form;

typedef struct limits {
    int32_t low, high;
} limits;

#define FOUR(a, b, c, d) ((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16 | (uint32_t)(d) << 24)
#define TWO(a, b) ((uint32_t)(a) | (uint32_t)(b) << 16)

static const form forms[] = {
    {FOUR('0', '0', '0', '0'), FOUR(9, 9, 9, 9), FOUR(10, 1, 10, 1), TWO(100, 1), 10000, 1},
    {FOUR('0', '0', '.', '0'), FOUR(9, 9, 0, 9), FOUR(10, 1, 0, 1), TWO(10, 1), 1000, 3},
    {FOUR('0', '.', '0', '0'), FOUR(9, 0, 9, 9), FOUR(1, 0, 10, 1), TWO(100, 1), 1000, 4},
    {FOUR('.', '0', '0', '0'), FOUR(0, 9, 9, 9), FOUR(0, 1, 10, 1), TWO(100, 1), 1000, 5},
};
enum { FORMS = sizeof forms / sizeof forms[0] };

/* Which of four bytes belong to a cell of so many bytes: the last ones. */
HRA_AVX512 ALWAYS __m512i own_bytes(__m512i length)
{
    const __m512i last = _mm512_setr_epi32(0, (int32_t)0xFF000000, (int32_t)0xFFFF0000, (int32_t)0xFFFFFF00, -1, -1, -1,
                                           -1, -1, -1, -1, -1, -1, -1, -1, -1);
    return _mm512_permutexvar_epi32(length, last);
}

/* What is left of four bytes of each cell when the form is taken away. */
HRA_AVX512 ALWAYS __m512i digits_of(const char *text, __m512i at, __m512i length, uint32_t form_text)
{
    __m512i bytes = _mm512_i32gather_epi32(at, text, 1);
    return _mm512_and_si512(_mm512_xor_si512(bytes, _mm512_set1_epi32((int32_t)form_text)), own_bytes(length));
}

HRA_AVX512 ALWAYS __m512i number_of(__m512i digits, const form *f)
{
    __m512i pairs = _mm512_maddubs_epi16(digits, _mm512_set1_epi32((int32_t)f->ones));
    return _mm512_madd_epi16(pairs, _mm512_set1_epi32((int32_t)f->sums));
}

HRA_AVX512 ALWAYS hra_block_rows read_alike(const char *text, const uint32_t *before, const uint32_t *ends, int rows,
                                            const hra_number_codes *how, limits taken, bool longer, void *codes)
{
    const form *f = &forms[how->decimals], *whole = &forms[0];
    const __m512i four = _mm512_set1_epi32(BYTES), eight = _mm512_set1_epi32(LONGEST);
    const __m512i shortest = _mm512_set1_epi32((int32_t)f->shortest), most = _mm512_set1_epi32((int32_t)f->most);
    const __m512i low = _mm512_set1_epi32(taken.low), high = _mm512_set1_epi32(taken.high);
    const __m512i first = _mm512_set1_epi32((int32_t)(uint32_t)how->first);
    const __m512i missing = _mm512_set1_epi32((int32_t)how->missing), upper = _mm512_set1_epi32(f->before);
    hra_block_rows all = {0, 0};
    for (int row = 0; row < rows; row += 16) {
        hra_sixteen_cells cells = hra_sixteen_find(before, ends, row, rows);
        __m512i end = _mm512_add_epi32(cells.start, cells.length), before_end = _mm512_max_epu32(end, eight);
        __mmask16 good = _mm512_mask_cmpge_epu32_mask(cells.there, end, eight);
        good = _mm512_mask_cmpge_epu32_mask(good, cells.length, shortest);
        good = _mm512_mask_cmple_epu32_mask(good, cells.length, longer ? eight : four);
        __m512i digits = digits_of(text, _mm512_sub_epi32(before_end, four), cells.length, f->text);
        __m512i steps = number_of(digits, f), odd = _mm512_subs_epu8(digits, most);
        if (longer) {
            __m512i more = _mm512_max_epi32(_mm512_sub_epi32(cells.length, four), _mm512_setzero_si512());
            digits = digits_of(text, _mm512_sub_epi32(before_end, eight), more, whole->text);
            odd = _mm512_or_si512(odd, _mm512_subs_epu8(digits, _mm512_set1_epi32((int32_t)whole->most)));
            steps = _mm512_add_epi32(steps, _mm512_madd_epi16(number_of(digits, whole), upper));
        }
        good = _mm512_mask_testn_epi32_mask(good, odd, odd);
        good = _mm512_mask_cmpge_epi32_mask(good, steps, low);
        good = _mm512_mask_cmple_epi32_mask(good, steps, high);
        hra_sixteen_put(_mm512_mask_sub_epi32(missing, good, steps, first), row, how->wide, codes);
        all.blank |= (uint64_t)cells.blank << row;
        all.left |= (uint64_t)(__mmask16)(cells.there & ~(good | cells.blank)) << row;
    }
    return all;
}

/* Whether there are cells of more than four bytes. */
HRA_AVX512 ALWAYS bool any_longer(const uint32_t *before, const uint32_t *ends, int rows)
{
    __m512i longest = _mm512_setzero_si512();
    for (int row = 0; row < rows; row += 16)
        longest = _mm512_max_epu32(longest, hra_sixteen_find(before, ends, row, rows).length);
    return _mm512_cmpgt_epu32_mask(longest, _mm512_set1_epi32(BYTES)) != 0;
}

HRA_AVX512 hra_block_rows hra_printed_column(const char *text, const uint32_t *before, const uint32_t *ends, int rows,
                                             const hra_number_codes *how, void *codes)
{
    int64_t low = how->low > 0 ? how->low : 0, high = how->high < INT32_MAX ? how->high : INT32_MAX;
    if (how->decimals >= (int)FORMS || low > high) return (hra_block_rows){0, ~UINT64_C(0)};
    limits taken = {(int32_t)low, (int32_t)high};
    return any_longer(before, ends, rows) ? read_alike(text, before, ends, rows, how, taken, true, codes)
                                          : read_alike(text, before, ends, rows, how, taken, false, codes);
}
#endif
