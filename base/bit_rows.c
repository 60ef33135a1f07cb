#include "base/bit_rows.h"

#include <stdbool.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

enum { SIDE = 64 };

/* Exchanges the upper right with the lower left quarter of every square of 2 * half bits. */
static inline void exchange_quarters(uint64_t m[SIDE], int half, uint64_t lower)
{
    for (int top = 0; top < SIDE; top += 2 * half)
        for (int k = top; k < top + half; k++) {
            uint64_t swapped = (m[k] >> half ^ m[k + half]) & lower;
            m[k] ^= swapped << half;
            m[k + half] ^= swapped;
        }
}

/* Bit j of word i becomes bit i of word j. */
static void transpose_plain(uint64_t m[SIDE])
{
    exchange_quarters(m, 32, UINT64_C(0x00000000FFFFFFFF));
    exchange_quarters(m, 16, UINT64_C(0x0000FFFF0000FFFF));
    exchange_quarters(m, 8, UINT64_C(0x00FF00FF00FF00FF));
    exchange_quarters(m, 4, UINT64_C(0x0F0F0F0F0F0F0F0F));
    exchange_quarters(m, 2, UINT64_C(0x3333333333333333));
    exchange_quarters(m, 1, UINT64_C(0x5555555555555555));
}

#if defined(__x86_64__)
/* The processor's product of bit matrices turns squares of 8 by 8; bytes are brought to their places before and after.
 */
__attribute__((target("avx512f,avx512bw,avx512vbmi,gfni"))) static void transpose_gfni(uint64_t m[SIDE])
{
    /* of eight words the bytes 0, then the bytes 1 ...; the last word first, as the product numbers its rows */
    const __m512i by_byte =
        _mm512_add_epi8(_mm512_set1_epi64(0x0008101820283038),
                        _mm512_set_epi64(0x0707070707070707, 0x0606060606060606, 0x0505050505050505, 0x0404040404040404,
                                         0x0303030303030303, 0x0202020202020202, 0x0101010101010101, 0));
    const __m512i unit = _mm512_set1_epi64((int64_t)0x8040201008040201);
    __m512i a[8], b[8];
    for (int i = 0; i < 8; i++)
        a[i] = _mm512_gf2p8affine_epi64_epi8(
            unit, _mm512_permutexvar_epi8(by_byte, _mm512_loadu_si512(m + (size_t)i * 8)), 0);
    for (int i = 0; i < 8; i += 2) { /* byte j of a[i] is byte i of word j now */
        b[i] = _mm512_unpacklo_epi8(a[i], a[i + 1]);
        b[i + 1] = _mm512_unpackhi_epi8(a[i], a[i + 1]);
    }
    for (int i = 0; i < 8; i += 4)
        for (int k = 0; k < 2; k++) {
            a[i + 2 * k] = _mm512_unpacklo_epi16(b[i + k], b[i + 2 + k]);
            a[i + 2 * k + 1] = _mm512_unpackhi_epi16(b[i + k], b[i + 2 + k]);
        }
    for (int k = 0; k < 4; k++) {
        b[2 * k] = _mm512_unpacklo_epi32(a[k], a[4 + k]);
        b[2 * k + 1] = _mm512_unpackhi_epi32(a[k], a[4 + k]);
    }
    for (int k = 0; k < 8; k++) { /* a quarter of b[k] is the words 2 k and 2 k + 1 of its sixteen */
        _mm_storeu_si128((__m128i *)(void *)(m + 2 * k), _mm512_castsi512_si128(b[k]));
        _mm_storeu_si128((__m128i *)(void *)(m + 16 + 2 * k), _mm512_extracti32x4_epi32(b[k], 1));
        _mm_storeu_si128((__m128i *)(void *)(m + 32 + 2 * k), _mm512_extracti32x4_epi32(b[k], 2));
        _mm_storeu_si128((__m128i *)(void *)(m + 48 + 2 * k), _mm512_extracti32x4_epi32(b[k], 3));
    }
}

static bool has_gfni(void)
{
    return __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("gfni");
}
#else
#define transpose_gfni transpose_plain
static bool has_gfni(void) { return false; }
#endif

void hra_bit_rows(const uint64_t *const *planes, int count, int rows, uint64_t *out, size_t pitch)
{
    void (*transpose)(uint64_t *) = has_gfni() ? transpose_gfni : transpose_plain;
    size_t words = hra_bit_words(count);
    for (int first = 0; first < rows; first += SIDE) {
        int height = rows - first < SIDE ? rows - first : SIDE;
        for (size_t w = 0; w < words; w++) {
            uint64_t square[SIDE] = {0};
            int width = count - (int)w * SIDE < SIDE ? count - (int)w * SIDE : SIDE;
            for (int f = 0; f < width; f++) square[f] = planes[w * SIDE + (size_t)f][first / SIDE];
            transpose(square);
            for (int r = 0; r < height; r++) out[(size_t)(first + r) * pitch + w] = square[r];
        }
    }
}
