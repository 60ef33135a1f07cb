/* Where the cells of a block of records stand. */
#include "io/csv/csv_columns.h"

enum { EIGHT = 8, PADDED = 16, LOOK = 64 };

#if defined(__x86_64__)
#include <immintrin.h>

#define ALWAYS static inline __attribute__((always_inline))

ALWAYS uint64_t first_bits(uint32_t count) { return count >= 64 ? ~UINT64_C(0) : (UINT64_C(1) << count) - 1; }

/* ---- AVX-512: the places of a row side by side, sixteen rows turned at a time ---------------------------- */

/* Processors without VBMI2, which presses bytes together, go the way of AVX2. */
#define AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,popcnt")))
#define HAS_AVX512 (__builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2"))

/* Places count from the byte before a row, in sixteen bits; longer rows go the way of AVX2. */
enum { LONGEST = UINT16_MAX - LOOK };

/* The places of the delimiters among 64 bytes, put down in a row. */
AVX512 ALWAYS void put_places(uint64_t delimiters, uint32_t done, uint16_t *out)
{
    const __m512i steps =
        _mm512_set_epi64(0x403F3E3D3C3B3A39, 0x3837363534333231, 0x302F2E2D2C2B2A29, 0x2827262524232221,
                         0x201F1E1D1C1B1A19, 0x1817161514131211, 0x100F0E0D0C0B0A09, 0x0807060504030201);
    __m512i places = _mm512_maskz_compress_epi8(delimiters, steps), from = _mm512_set1_epi16((int16_t)done);
    _mm512_storeu_si512(out, _mm512_add_epi16(from, _mm512_cvtepu8_epi16(_mm512_castsi512_si256(places))));
    if (__builtin_popcountll(delimiters) <= LOOK / 2) return; /* nearly always */
    _mm512_storeu_si512(out + 32, _mm512_add_epi16(from, _mm512_cvtepu8_epi16(_mm512_extracti64x4_epi64(places, 1))));
}

AVX512 ALWAYS void place_row(const char *text, const hra_record *record, __m512i delimiter, int cells, uint16_t *out)
{
    int found = 0;
    *out++ = 0;
    for (uint32_t done = 0; done < record->length && found < cells; done += LOOK) {
        __m512i bytes = _mm512_loadu_si512(text + record->start + done);
        uint64_t delimiters = _mm512_cmpeq_epi8_mask(bytes, delimiter) & first_bits(record->length - done);
        put_places(delimiters, done, out + found);
        found += __builtin_popcountll(delimiters);
    }
    if (found < cells) out[found] = (uint16_t)(record->length + 1);
}

/* Sixteen numbers of sixteen rows. Of each register the quarters are columns `i` and `i` + 8 of the first eight rows,
 * and the same of the others. */
AVX512 ALWAYS void turn(const uint16_t *rows, size_t stride, __m512i columns[EIGHT])
{
    __m512i a[EIGHT], b[EIGHT];
    for (size_t i = 0; i < EIGHT; i++) {
        __m256i low = _mm256_loadu_si256((const void *)(rows + i * stride));
        __m256i high = _mm256_loadu_si256((const void *)(rows + (i + EIGHT) * stride));
        a[i] = _mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1);
    }
    for (int i = 0; i < EIGHT; i += 2) {
        b[i] = _mm512_unpacklo_epi16(a[i], a[i + 1]);
        b[i + 1] = _mm512_unpackhi_epi16(a[i], a[i + 1]);
    }
    for (int i = 0; i < EIGHT; i += 4)
        for (int k = 0; k < 2; k++) {
            a[i + 2 * k] = _mm512_unpacklo_epi32(b[i + k], b[i + k + 2]);
            a[i + 2 * k + 1] = _mm512_unpackhi_epi32(b[i + k], b[i + k + 2]);
        }
    for (int i = 0; i < EIGHT / 2; i++) {
        columns[2 * i] = _mm512_unpacklo_epi64(a[i], a[i + 4]);
        columns[2 * i + 1] = _mm512_unpackhi_epi64(a[i], a[i + 4]);
    }
}

/* Sixteen places of each of sixteen columns, or of the `count` that there are, with where the rows begin. */
AVX512 ALWAYS void put_columns(const __m512i columns[EIGHT], __m512i begin, int row, int count, hra_cell_ends *ends)
{
    const __mmask64 low_halves = 0x3333333333333333; /* of numbers of 32 bits */
    const __m512i first =
        _mm512_set_epi64(0x00002F2E00002D2C, 0x00002B2A00002928, 0x0000272600002524, 0x0000232200002120,
                         0x00000F0E00000D0C, 0x00000B0A00000908, 0x0000070600000504, 0x0000030200000100);
    const __m512i second = _mm512_add_epi8(first, _mm512_set1_epi8(16));
    for (int i = 0; i < EIGHT; i++) {
        __m512i own = _mm512_maskz_permutexvar_epi8(low_halves, first, columns[i]);
        __m512i other = _mm512_maskz_permutexvar_epi8(low_halves, second, columns[i]);
        if (i < count) _mm512_storeu_si512(&ends[i][row], _mm512_add_epi32(begin, own));
        if (i + EIGHT < count) _mm512_storeu_si512(&ends[i + EIGHT][row], _mm512_add_epi32(begin, other));
    }
}

/* Rows up to `rows`; those behind them get blank cells. */
AVX512 static void find_avx512(const char *text, const hra_record *records, int rows, char delimiter, int cells,
                               uint16_t *scratch, hra_cell_ends *ends)
{
    const __m512i wanted = _mm512_set1_epi8(delimiter);
    size_t stride = hra_find_cells_scratch(cells) / PADDED;
    for (int row = 0; row < rows; row += PADDED) {
        uint32_t begin[PADDED] = {0};
        for (int i = 0; i < PADDED; i++) {
            uint16_t *out = scratch + stride * (size_t)i;
            if (row + i < rows) {
                begin[i] = records[row + i].start - 1;
                place_row(text, &records[row + i], wanted, cells, out);
            } else {
                for (int cell = 0; cell <= cells; cell++) out[cell] = (uint16_t)cell;
            }
        }
        for (int cell = 0; cell <= cells; cell += 16) {
            __m512i columns[EIGHT];
            turn(scratch + cell, stride, columns);
            put_columns(columns, _mm512_loadu_si512(begin), row, cells + 1 - cell, &ends[cell]);
        }
    }
}

static bool fits_avx512(const hra_record *records, int rows, int cells)
{
    uint32_t longest = 0;
    for (int row = 0; row < rows; row++) longest = records[row].length > longest ? records[row].length : longest;
    return longest <= LONGEST && cells <= LONGEST && HAS_AVX512;
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

/* Room for the numbers of sixteen rows, and for those found beside them in one look. */
size_t hra_find_cells_scratch(int cells) { return PADDED * ((size_t)cells + 1 + LOOK + 16); }

void hra_find_cells(hra_vector_level level, const char *text, const hra_record *records, int rows, char delimiter,
                    int cells, uint16_t *scratch, hra_cell_ends *ends)
{
#if defined(__x86_64__)
    if (level == HRA_VECTOR_AVX512 && fits_avx512(records, rows, cells)) {
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
