#include "base/bit_rows.h"

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
static void transpose(uint64_t m[SIDE])
{
    exchange_quarters(m, 32, UINT64_C(0x00000000FFFFFFFF));
    exchange_quarters(m, 16, UINT64_C(0x0000FFFF0000FFFF));
    exchange_quarters(m, 8, UINT64_C(0x00FF00FF00FF00FF));
    exchange_quarters(m, 4, UINT64_C(0x0F0F0F0F0F0F0F0F));
    exchange_quarters(m, 2, UINT64_C(0x3333333333333333));
    exchange_quarters(m, 1, UINT64_C(0x5555555555555555));
}

void hra_bit_rows(const uint64_t *const *planes, int count, int rows, uint64_t *out, size_t pitch)
{
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
