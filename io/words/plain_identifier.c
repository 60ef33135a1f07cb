#include "io/words/plain_identifier.h"

#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* Which of the bytes looked at are the delimiter, and which are neither digits nor capitals; a bit each. */
typedef struct looks {
    uint32_t delimiters, foreign;
} looks;

#if defined(__SSE2__)
static inline __m128i within(__m128i bytes, char low, char range)
{
    __m128i above = _mm_sub_epi8(bytes, _mm_set1_epi8(low));
    return _mm_cmpeq_epi8(_mm_min_epu8(above, _mm_set1_epi8(range)), above);
}

static inline looks look_at_sixteen(const char *text, char delimiter)
{
    __m128i bytes = _mm_loadu_si128((const void *)text);
    __m128i plain = _mm_or_si128(within(bytes, '0', 9), within(bytes, 'A', 25));
    __m128i ends = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(delimiter));
    return (looks){(uint32_t)_mm_movemask_epi8(ends), (uint32_t)_mm_movemask_epi8(plain) ^ 0xFFFF};
}
#else
static looks look_at_sixteen(const char *text, char delimiter)
{
    looks found = {0, 0};
    for (int i = 0; i < 16; i++) {
        bool plain = (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'A' && text[i] <= 'Z');
        found.delimiters |= (uint32_t)(text[i] == delimiter) << i;
        found.foreign |= (uint32_t)!plain << i;
    }
    return found;
}
#endif

static uint64_t load_big(const char *text)
{
    uint64_t word;
    memcpy(&word, text, sizeof word);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

bool hra_plain_identifier_read(const char *text, size_t most, char delimiter, hra_plain_identifier *out)
{
    looks first = look_at_sixteen(text, delimiter), second = look_at_sixteen(text + 16, delimiter);
    uint64_t ends = first.delimiters | (uint64_t)second.delimiters << 16;
    uint64_t foreign = first.foreign | (uint64_t)second.foreign << 16;
    ends |= UINT64_C(1) << (most < HRA_PLAIN_READ ? most : HRA_PLAIN_READ);
    size_t length = (size_t)__builtin_ctzll(ends);
    uint64_t own = (UINT64_C(1) << length) - 1;
    out->length = length;
    if (length == 0 || length > HRA_PLAIN_IDENTIFIER || (foreign & own)) return false;
    for (size_t i = 0; i < HRA_PLAIN_WORDS; i++) {
        size_t left = length > 8 * i ? length - 8 * i : 0;
        uint64_t kept = left >= 8 ? UINT64_MAX : ~(UINT64_MAX >> 8 * left);
        out->words[i] = left > 0 ? load_big(text + 8 * i) & kept : 0;
    }
    return true;
}
