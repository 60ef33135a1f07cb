#include "io/csv/csv_words.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

void hra_known_words_add(hra_known_words *known, const char *text, size_t length, int32_t code)
{
    struct hra_known_word word = {.length = length, .code = code};
    if (known->count == HRA_KNOWN_WORDS || length > HRA_WORD_BYTES) return;
    memcpy(&word.first, text, length < 8 ? length : 8);
    if (length > 8) memcpy(&word.last, text + length - 8, 8);
    for (int i = 0; i < known->count; i++) {
        const struct hra_known_word *other = &known->words[i];
        if (other->length == length && other->first == word.first && other->last == word.last) return;
    }
    known->words[known->count++] = word;
}

#if defined(__x86_64__)
enum { ROWS = 8 };

/* The bytes of eight cells as words have them. */
typedef struct eight_cells {
    __m512i first, last, length;
} eight_cells;

HRA_AVX512 static inline __attribute__((always_inline)) eight_cells read_eight(const char *text, const uint32_t *before,
                                                                               const uint32_t *ends, __mmask8 wanted)
{
    const __m512i none = _mm512_setzero_si512(), eight = _mm512_set1_epi64(8);
    __m512i end = _mm512_cvtepu32_epi64(_mm256_loadu_si256((const void *)ends));
    __m256i from = _mm256_add_epi32(_mm256_loadu_si256((const void *)before), _mm256_set1_epi32(1));
    __m512i start = _mm512_cvtepu32_epi64(from);
    eight_cells cells = {.length = _mm512_sub_epi64(end, start)};
    __mmask8 longer = _mm512_mask_cmpgt_epu64_mask(wanted, cells.length, eight);
    __m512i foreign = _mm512_slli_epi64(_mm512_sub_epi64(eight, _mm512_min_epu64(cells.length, eight)), 3); /* bits */
    cells.first = _mm512_mask_i64gather_epi64(none, wanted, start, text, 1);
    cells.first = _mm512_and_si512(cells.first, _mm512_srlv_epi64(_mm512_set1_epi64(-1), foreign));
    cells.last = none;
    if (longer) cells.last = _mm512_mask_i64gather_epi64(none, longer, _mm512_sub_epi64(end, eight), text, 1);
    return cells;
}

HRA_AVX512 static uint64_t words_avx512(const char *text, const uint32_t *before, const uint32_t *ends, uint64_t wanted,
                                        const hra_known_words *known, bool wide, void *codes)
{
    uint64_t all_left = 0;
    for (int row = 0; row < HRA_BLOCK_ROWS; row += ROWS) {
        __mmask8 own = (__mmask8)(wanted >> row), left = own;
        if (!own) continue;
        eight_cells cells = read_eight(text, before + row, ends + row, own);
        __m256i code = _mm256_setzero_si256();
        for (int i = 0; i < known->count && left; i++) {
            const struct hra_known_word *word = &known->words[i];
            __mmask8 same = _mm512_mask_cmpeq_epi64_mask(left, cells.first, _mm512_set1_epi64((int64_t)word->first));
            same = _mm512_mask_cmpeq_epi64_mask(same, cells.length, _mm512_set1_epi64((int64_t)word->length));
            same = _mm512_mask_cmpeq_epi64_mask(same, cells.last, _mm512_set1_epi64((int64_t)word->last));
            code = _mm256_mask_mov_epi32(code, same, _mm256_set1_epi32(word->code));
            left &= (__mmask8)~same;
        }
        __mmask8 found = own & (__mmask8)~left;
        if (wide)
            _mm256_mask_storeu_epi32((uint32_t *)codes + row, found, code);
        else
            _mm_mask_storeu_epi16((uint16_t *)codes + row, found, _mm256_cvtepi32_epi16(code));
        all_left |= (uint64_t)left << row;
    }
    return all_left;
}
#endif

uint64_t hra_word_column(hra_vector_level level, const char *text, const uint32_t *before, const uint32_t *ends,
                         uint64_t wanted, const hra_known_words *known, bool wide, void *codes)
{
#if defined(__x86_64__)
    if (level == HRA_VECTOR_AVX512 && wanted && known->count > 0)
        return words_avx512(text, before, ends, wanted, known, wide, codes);
#endif
    return wanted;
}
