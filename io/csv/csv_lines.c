#include "io/csv/csv_lines.h"

#include <string.h>

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

/* ---- AVX-512 ------------------------------------------------------------------------------------- */

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,bmi,popcnt")))

/* Blocks that hold nothing but cells, delimiters and feeds are looked at many together, without a branch for where
 * lines end. Where something else stands some are read one by one. */
enum { TOGETHER = 64, ONE_BY_ONE = 16 };

typedef struct piece {
    uint64_t delimiters[TOGETHER];
    uint32_t before[TOGETHER], all;    /* delimiters before each block */
    uint16_t feeds[64 * TOGETHER + 2]; /* from the start of the piece; two are written for each block */
    int feed_count;
} piece;

/* Returns where those of the next block are put. */
AVX512 ALWAYS uint16_t *put_feeds(uint64_t feeds, int block, uint16_t *out)
{
    uint32_t at = 64 * (uint32_t)block;
    uint64_t behind = feeds & (feeds - 1);
    uint32_t two = (at + (uint32_t)_tzcnt_u64(feeds)) | (at + (uint32_t)_tzcnt_u64(behind)) << 16;
    memcpy(out, &two, sizeof two);
    behind &= behind - 1;
    for (uint16_t *more = out + 2; behind; behind &= behind - 1) *more++ = (uint16_t)(at + _tzcnt_u64(behind));
    return out + __builtin_popcountll(feeds);
}

/* Looks at up to `most` blocks; returns how many there are before one that holds something else. */
AVX512 static int look_at_piece(const char *text, int most, char delimiter, piece *p)
{
    /* for the lower four bits of a byte: the quote or control character that has them, else no character that has */
    const __m512i special = _mm512_broadcast_i32x4(
        _mm_setr_epi8(0, 0x70, '"', 0x70, 0x70, 0x70, 0x70, 0x70, 0x70, 0x70, '\n', 0x70, 0x70, '\r', 0x70, 0x70));
    const __m512i feed = _mm512_set1_epi8('\n'), wanted = _mm512_set1_epi8(delimiter);
    uint16_t *out = p->feeds;
    uint32_t found = 0;
    int block = 0;
    for (; block < most; block++) {
        __m512i bytes = _mm512_loadu_si512(text + 64 * block);
        uint64_t feeds = _mm512_cmpeq_epi8_mask(bytes, feed), delimiters = _mm512_cmpeq_epi8_mask(bytes, wanted);
        if (_mm512_cmpeq_epi8_mask(bytes, _mm512_shuffle_epi8(special, bytes)) != feeds) break;
        p->delimiters[block] = delimiters;
        p->before[block] = found;
        found += (uint32_t)__builtin_popcountll(delimiters);
        out = put_feeds(feeds, block, out);
    }
    p->all = found;
    p->feed_count = (int)(out - p->feeds);
    return block;
}

/* Ends the lines of a piece at `at`; false: there is no room. */
AVX512 static bool end_lines(hra_line_cut *cut, open_line *line, const piece *p, size_t at)
{
    uint32_t counted = 0;
    for (int i = 0; i < p->feed_count; i++) {
        uint32_t feed = p->feeds[i], block = feed / 64;
        uint32_t total =
            p->before[block] + (uint32_t)__builtin_popcountll(p->delimiters[block] & below((int)(feed % 64)));
        if (cut->count == cut->room) return false;
        line->delimiters += total - counted;
        put_record(cut, line, at + feed);
        *line = (open_line){.start = cut->at};
        counted = total;
    }
    line->delimiters += p->all - counted;
    return true;
}

AVX512 ALWAYS places look_at_block(const char *text, char delimiter)
{
    __m512i bytes = _mm512_loadu_si512(text);
    return (places){_mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\n')),
                    _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(delimiter)),
                    _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('"')) | _mm512_testn_epi8_mask(bytes, bytes),
                    _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\r'))};
}

AVX512 static void cut_avx512(hra_line_cut *cut)
{
    open_line line = {.start = cut->at};
    piece together;
    for (size_t at = cut->at; at < cut->length;) {
        size_t whole = (cut->length - at) / 64;
        int most = whole < TOGETHER ? (int)whole : TOGETHER;
        int plain = line.returns == 0 ? look_at_piece(cut->text + at, most, cut->delimiter, &together) : 0;
        if (plain > 0 && !end_lines(cut, &line, &together, at)) return;
        at += (size_t)plain * 64;
        for (int i = 0; plain < TOGETHER && i < ONE_BY_ONE && at < cut->length; i++, at += 64) {
            places p = look_at_block(cut->text + at, cut->delimiter);
            keep_first(&p, cut->length - at);
            if (!cut_block(cut, &line, &p, at)) return;
        }
    }
}

/* ---- AVX2 ------------------------------------------------------------------------------------------ */

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
