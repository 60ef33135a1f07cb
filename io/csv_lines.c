#include "io/csv_lines.h"

#if defined(__x86_64__)
#include <immintrin.h>

/* Where the bytes that matter stand among 64. */
typedef struct places {
    uint64_t feeds, delimiters, odd, returns; /* odd: quotes and NUL bytes */
} places;

/* What is known of the line that is being read. */
typedef struct open_line {
    size_t start;
    uint32_t delimiters;
    uint32_t returns;
    size_t last_return;
    bool odd;
} open_line;

#define ALWAYS static inline __attribute__((always_inline)) /* so that it gets the instructions of its caller */

ALWAYS uint64_t below(int bit) { return (UINT64_C(1) << bit) - 1; }

/* Adds the bytes of a block that `mask` picks to the line. */
ALWAYS void extend(open_line *line, const places *p, uint64_t mask, size_t block)
{
    line->delimiters += (uint32_t)__builtin_popcountll(p->delimiters & mask);
    line->odd |= (p->odd & mask) != 0;
    uint64_t returns = p->returns & mask;
    if (returns) {
        line->returns += (uint32_t)__builtin_popcountll(returns);
        line->last_return = block + 63 - (size_t)__builtin_clzll(returns);
    }
}

ALWAYS bool is_plain(const open_line *line, size_t feed)
{
    return !line->odd && (line->returns == 0 || (line->returns == 1 && line->last_return + 1 == feed));
}

ALWAYS void put_record(hra_line_cut *cut, const open_line *line, size_t feed)
{
    size_t length = feed - line->start - line->returns;
    if (length > 0)
        cut->records[cut->count++] = (hra_record){.line = cut->line,
                                                  .start = (uint32_t)line->start,
                                                  .length = (uint32_t)length,
                                                  .cells = line->delimiters + 1};
    cut->line++;
    cut->at = feed + 1;
}

/* Ends the lines of one block; false: stop here. */
ALWAYS bool cut_block(hra_line_cut *cut, open_line *line, const places *p, size_t block)
{
    uint64_t feeds = p->feeds, rest = ~UINT64_C(0);
    while (feeds) {
        int bit = __builtin_ctzll(feeds);
        extend(line, p, rest & below(bit), block);
        if (cut->count == cut->room || !is_plain(line, block + (size_t)bit)) return false;
        put_record(cut, line, block + (size_t)bit);
        *line = (open_line){.start = cut->at};
        rest = bit == 63 ? 0 : ~below(bit + 1);
        feeds &= feeds - 1;
    }
    extend(line, p, rest, block);
    return !line->odd;
}

ALWAYS void keep_first(places *p, size_t bytes)
{
    if (bytes >= 64) return;
    uint64_t mask = below((int)bytes);
    p->feeds &= mask;
    p->delimiters &= mask;
    p->odd &= mask;
    p->returns &= mask;
}

__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,popcnt"))) static void cut_avx512(hra_line_cut *cut)
{
    const __m512i feed = _mm512_set1_epi8('\n'), quote = _mm512_set1_epi8('"'), back = _mm512_set1_epi8('\r');
    const __m512i delimiter = _mm512_set1_epi8(cut->delimiter);
    open_line line = {.start = cut->at};
    for (size_t at = cut->at; at < cut->length; at += 64) {
        __m512i bytes = _mm512_loadu_si512(cut->text + at);
        places p = {_mm512_cmpeq_epi8_mask(bytes, feed), _mm512_cmpeq_epi8_mask(bytes, delimiter),
                    _mm512_cmpeq_epi8_mask(bytes, quote) | _mm512_testn_epi8_mask(bytes, bytes),
                    _mm512_cmpeq_epi8_mask(bytes, back)};
        keep_first(&p, cut->length - at);
        if (!cut_block(cut, &line, &p, at)) return;
    }
}

__attribute__((target("avx2"))) static inline uint64_t equal_avx2(__m256i low, __m256i high, __m256i byte)
{
    uint32_t first = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, byte));
    uint32_t second = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, byte));
    return first | (uint64_t)second << 32;
}

__attribute__((target("avx2,popcnt"))) static void cut_avx2(hra_line_cut *cut)
{
    const __m256i feed = _mm256_set1_epi8('\n'), quote = _mm256_set1_epi8('"'), back = _mm256_set1_epi8('\r');
    const __m256i delimiter = _mm256_set1_epi8(cut->delimiter);
    open_line line = {.start = cut->at};
    for (size_t at = cut->at; at < cut->length; at += 64) {
        __m256i low = _mm256_loadu_si256((const __m256i *)(const void *)(cut->text + at));
        __m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(cut->text + at + 32));
        places p = {equal_avx2(low, high, feed), equal_avx2(low, high, delimiter),
                    equal_avx2(low, high, quote) | equal_avx2(low, high, _mm256_setzero_si256()),
                    equal_avx2(low, high, back)};
        keep_first(&p, cut->length - at);
        if (!cut_block(cut, &line, &p, at)) return;
    }
}

void hra_cut_lines(hra_vector_level level, hra_line_cut *cut)
{
    if (level == HRA_VECTOR_AVX512) cut_avx512(cut);
    if (level == HRA_VECTOR_AVX2) cut_avx2(cut);
}

#else

void hra_cut_lines(hra_vector_level level, hra_line_cut *cut)
{
    (void)level;
    (void)cut;
}

#endif
