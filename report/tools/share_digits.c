#include "report/tools/share_digits.h"

#include <math.h>
#include <stdbool.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the bytes of a word are written in this order");

/* No branches and nothing but words, so that compilers make vectors of the loop below. */
#define ALWAYS static inline __attribute__((always_inline))

ALWAYS uint64_t where(bool holds) { return holds ? ~UINT64_C(0) : 0; }

ALWAYS double number_where(double number, uint64_t mask)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    bits &= mask;
    memcpy(&number, &bits, sizeof number);
    return number;
}

/* The six digits of a number below a million as bytes: two halves of three digits, each in 32 bits of its own. */
ALWAYS uint64_t six_bytes(uint64_t number)
{
    const uint64_t digit_of_each = UINT64_C(0x0000000F0000000F);
    uint64_t first = (number * 274877907) >> 38, last = number - first * 1000; /* number / 1000 */
    uint64_t halves = first | last << 32;
    uint64_t hundreds = (halves * 41) >> 12 & digit_of_each; /* below a thousand: / 100 */
    uint64_t rest = halves - hundreds * 100;
    uint64_t tens = (rest * 103) >> 10 & digit_of_each; /* below a hundred: / 10 */
    uint64_t bytes = hundreds | tens << 8 | (rest - tens * 10) << 16;
    return (bytes & 0xFFFFFF) | (bytes >> 8 & UINT64_C(0xFFFFFF000000));
}

/* value * 10^k lies below 2^20, so one product is wrong by 2^-34 at most. Adding 2^52 rounds it to a whole number,
 * which then stands in the last bits. None of the constants lies below the power of ten that it names. */
ALWAYS uint64_t word_of(double value)
{
    uint64_t one = where(value < 0.1), two = where(value < 0.01), three = where(value < 0.001), bits;
    double scale = 1e6 + number_where(9e6, one) + number_where(9e7, two) + number_where(9e8, three);
    double product = value * scale, moved = product + 0x1p52, whole = moved - 0x1p52;
    memcpy(&bits, &moved, sizeof bits);
    uint64_t good = where(value >= 1e-4) & where(value < 1) & where(whole < 1e6);
    good &= where(fabs(product - whole) < 0.5 - 0x1p-30);
    return good & (six_bytes(bits & 0xFFFFF) | (0 - one - two - three) << 56);
}

ALWAYS void all_words(const double *restrict values, int count, uint64_t *restrict words)
{
    for (int i = 0; i < count; i++) words[i] = word_of(values[i]);
}

#if defined(__x86_64__)
HRA_AVX512 static void words_avx512(const double *values, int count, uint64_t *words)
{
    all_words(values, count, words);
}

HRA_AVX2 static void words_avx2(const double *values, int count, uint64_t *words) { all_words(values, count, words); }
#endif

void hra_share_digits(hra_vector_level level, const double *values, int count, uint64_t *words)
{
#if defined(__x86_64__)
    if (level == HRA_VECTOR_AVX512)
        words_avx512(values, count, words);
    else if (level == HRA_VECTOR_AVX2)
        words_avx2(values, count, words);
    else
#else
    (void)level;
#endif
        all_words(values, count, words);
}
