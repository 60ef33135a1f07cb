/* Where the cells of a block of records stand. */
#include "io/csv_columns.h"

enum { FOUR = 4, PADDED = 16, LOOK = 64 };

#if defined(__x86_64__)
#include <immintrin.h>

#define ALWAYS static inline __attribute__((always_inline))

ALWAYS uint64_t first_bits(uint32_t count) { return count >= 64 ? ~UINT64_C(0) : (UINT64_C(1) << count) - 1; }

/* ---- AVX-512: the places of a row side by side, four rows turned at a time ------------------------------- */

/* Processors without VBMI2, which presses bytes together, go the way of AVX2. */
#define AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi2,popcnt")))
#define HAS_AVX512 __builtin_cpu_supports("avx512vbmi2")

/* The places of the delimiters among 64 bytes, put down in a row. */
AVX512 ALWAYS void put_places(uint64_t delimiters, uint32_t at, uint32_t *out)
{
    const __m512i steps =
        _mm512_set_epi64(0x3F3E3D3C3B3A3938, 0x3736353433323130, 0x2F2E2D2C2B2A2928, 0x2726252423222120,
                         0x1F1E1D1C1B1A1918, 0x1716151413121110, 0x0F0E0D0C0B0A0908, 0x0706050403020100);
    __m512i places = _mm512_maskz_compress_epi8(delimiters, steps), from = _mm512_set1_epi32((int32_t)at);
    _mm512_storeu_si512(out, _mm512_add_epi32(from, _mm512_cvtepu8_epi32(_mm512_castsi512_si128(places))));
    _mm512_storeu_si512(out + 16, _mm512_add_epi32(from, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(places, 1))));
    if (__builtin_popcountll(delimiters) <= LOOK / 2) return; /* nearly always */
    _mm512_storeu_si512(out + 32, _mm512_add_epi32(from, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(places, 2))));
    _mm512_storeu_si512(out + 48, _mm512_add_epi32(from, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(places, 3))));
}

AVX512 ALWAYS void place_row(const char *text, const hra_record *record, __m512i delimiter, int cells, uint32_t *out)
{
    int found = 0;
    *out++ = record->start - 1;
    for (uint32_t done = 0; done < record->length && found < cells; done += LOOK) {
        __m512i bytes = _mm512_loadu_si512(text + record->start + done);
        uint64_t delimiters = _mm512_cmpeq_epi8_mask(bytes, delimiter) & first_bits(record->length - done);
        put_places(delimiters, record->start + done, out + found);
        found += __builtin_popcountll(delimiters);
    }
    if (found < cells) out[found] = record->start + record->length;
}

/* Sixteen numbers of four rows, as columns: of each register every quarter is one, of the columns `i`, `i` + 4 ... */
AVX512 ALWAYS void turn(const uint32_t *rows, size_t stride, __m512i columns[FOUR])
{
    __m512i first = _mm512_loadu_si512(rows), second = _mm512_loadu_si512(rows + stride);
    __m512i third = _mm512_loadu_si512(rows + 2 * stride), fourth = _mm512_loadu_si512(rows + 3 * stride);
    __m512i low = _mm512_unpacklo_epi32(first, second), high = _mm512_unpackhi_epi32(first, second);
    __m512i low_after = _mm512_unpacklo_epi32(third, fourth), high_after = _mm512_unpackhi_epi32(third, fourth);
    columns[0] = _mm512_unpacklo_epi64(low, low_after);
    columns[1] = _mm512_unpackhi_epi64(low, low_after);
    columns[2] = _mm512_unpacklo_epi64(high, high_after);
    columns[3] = _mm512_unpackhi_epi64(high, high_after);
}

/* Four places of each of sixteen columns, or of the `count` that there are. */
AVX512 ALWAYS void put_columns(const __m512i columns[FOUR], int row, int count, hra_cell_ends *ends)
{
    for (int i = 0; i < FOUR; i++) {
        if (i < count) _mm_storeu_si128((void *)&ends[i][row], _mm512_castsi512_si128(columns[i]));
        if (i + 4 < count) _mm_storeu_si128((void *)&ends[i + 4][row], _mm512_extracti32x4_epi32(columns[i], 1));
        if (i + 8 < count) _mm_storeu_si128((void *)&ends[i + 8][row], _mm512_extracti32x4_epi32(columns[i], 2));
        if (i + 12 < count) _mm_storeu_si128((void *)&ends[i + 12][row], _mm512_extracti32x4_epi32(columns[i], 3));
    }
}

AVX512 static void find_avx512(const char *text, const hra_record *records, int rows, char delimiter, int cells,
                               uint32_t *scratch, hra_cell_ends *ends)
{
    const __m512i wanted = _mm512_set1_epi8(delimiter);
    size_t stride = hra_find_cells_scratch(cells) / FOUR;
    for (int row = 0; row < rows || row % PADDED != 0; row += FOUR) {
        for (int i = 0; i < FOUR; i++)
            if (row + i < rows)
                place_row(text, &records[row + i], wanted, cells, scratch + stride * (size_t)i);
            else
                for (int cell = 0; cell <= cells; cell++) scratch[stride * (size_t)i + (size_t)cell] = (uint32_t)cell;
        for (int cell = 0; cell <= cells; cell += 16) {
            __m512i columns[FOUR];
            turn(scratch + cell, stride, columns);
            put_columns(columns, row, cells + 1 - cell < 16 ? cells + 1 - cell : 16, &ends[cell]);
        }
    }
}

/* ---- AVX2 ----------------------------------------------------------------------------------------- */

/* Puts the delimiters of a piece at `at` down; returns how many cells are still to be found. */
ALWAYS int put_ends(uint64_t delimiters, uint32_t at, int cells, uint32_t **place)
{
    uint32_t *out = *place;
    while (delimiters && cells > 0) {
        *out = at + (uint32_t)__builtin_ctzll(delimiters);
        out += HRA_BLOCK_ROWS;
        delimiters &= delimiters - 1;
        cells--;
    }
    *place = out;
    return cells;
}

__attribute__((target("avx2,bmi"))) static void find_avx2(const char *text, uint32_t start, uint32_t length,
                                                          char delimiter, int cells, uint32_t *place)
{
    const __m256i wanted = _mm256_set1_epi8(delimiter);
    for (uint32_t done = 0; done < length && cells > 0; done += 32) {
        __m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)(text + start + done));
        uint32_t found = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, wanted));
        cells = put_ends(found & first_bits(length - done), start + done, cells, &place);
    }
    if (cells > 0) *place = start + length;
}

/* ---- quotes ------------------------------------------------------------------------------------------- */

__attribute__((target("avx2"))) static uint64_t places_of(const char *bytes, char wanted)
{
    const __m256i all = _mm256_set1_epi8(wanted);
    __m256i low = _mm256_loadu_si256((const __m256i *)(const void *)bytes);
    __m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(bytes + 32));
    uint32_t first = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, all));
    return first | (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, all)) << 32;
}

/* Each bit: whether an odd number of bits is set up to it. */
ALWAYS uint64_t odd_up_to(uint64_t bits)
{
    for (int i = 1; i < 64; i *= 2) bits ^= bits << i;
    return bits;
}

static bool quotes_are_simple(const char *text, uint32_t length, char delimiter)
{
    uint64_t within = 0, starts = 1, ended = 0; /* of the byte before: all bits or none; one bit */
    for (uint32_t done = 0; done < length; done += LOOK) {
        uint64_t there = first_bits(length - done);
        uint64_t quotes = places_of(text + done, '"') & there, delimiters = places_of(text + done, delimiter) & there;
        uint64_t quoted = odd_up_to(quotes) ^ within, closing = quotes & ~quoted; /* quoted with the opening one */
        uint64_t begins = delimiters << 1 | starts, follows = closing << 1 | ended;
        if ((delimiters & quoted) || (quotes & quoted & ~begins) || (follows & there & ~delimiters)) return false;
        within = quoted >> 63 ? ~UINT64_C(0) : 0;
        starts = delimiters >> 63;
        ended = closing >> 63;
    }
    return !within;
}

#endif

/* ---- without vectors --------------------------------------------------------------------------------- */

static void find_plain(const char *text, uint32_t start, uint32_t length, char delimiter, int cells, uint32_t *place)
{
    for (uint32_t at = start; at < start + length && cells > 0; at++) {
        if (text[at] != delimiter) continue;
        *place = at;
        place += HRA_BLOCK_ROWS;
        cells--;
    }
    if (cells > 0) *place = start + length;
}

/* ---- choice ------------------------------------------------------------------------------------------- */

/* Room for the numbers of a row, and for those found beside them in one look. */
size_t hra_find_cells_scratch(int cells) { return FOUR * ((size_t)cells + 1 + LOOK + 16); }

void hra_find_cells(hra_vector_level level, const char *text, const hra_record *records, int rows, char delimiter,
                    int cells, uint32_t *scratch, hra_cell_ends *ends)
{
#if defined(__x86_64__)
    if (level == HRA_VECTOR_AVX512 && HAS_AVX512) {
        find_avx512(text, records, rows, delimiter, cells, scratch, ends);
        return;
    }
#endif
    for (int row = 0; row < rows; row++) {
        const hra_record *record = &records[row];
        ends[0][row] = record->start - 1;
#if defined(__x86_64__)
        if (level != HRA_VECTOR_PLAIN) {
            find_avx2(text, record->start, record->length, delimiter, cells, &ends[1][row]);
            continue;
        }
#endif
        find_plain(text, record->start, record->length, delimiter, cells, &ends[1][row]);
    }
    for (int row = rows; row % PADDED != 0; row++)
        for (int i = 0; i <= cells; i++) ends[i][row] = (uint32_t)i;
}

bool hra_quotes_are_simple(hra_vector_level level, const char *text, const hra_record *record, char delimiter)
{
#if defined(__x86_64__)
    if (level != HRA_VECTOR_PLAIN) return quotes_are_simple(text + record->start, record->length, delimiter);
#endif
    return false;
}
