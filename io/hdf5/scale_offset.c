#include "io/hdf5/scale_offset.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>

#include "io/files/vector_level.h"
#endif

/* Places of the filter's parameters. */
enum { P_SCALE_TYPE, P_FIXED_BITS, P_ELEMENTS, P_CLASS, P_SIZE, P_SIGN, P_ORDER, P_FILL_DEFINED, P_FILL };
enum { SCALE_TYPE_INT = 2, CLASS_INTEGER = 0 };

/* ---- parameters and header ---- */

static int64_t sign_extend(uint64_t value, int width, bool is_signed)
{
    int spare = 64 - 8 * width;
    return is_signed ? (int64_t)(value << spare) >> spare : (int64_t)(value << spare >> spare);
}

bool hra_so_filter_parse(const unsigned *parameters, size_t count, hra_so_filter *filter)
{
    if (count != HRA_SO_PARAMETERS) return false;
    unsigned width = parameters[P_SIZE];
    if (parameters[P_SCALE_TYPE] != SCALE_TYPE_INT || parameters[P_CLASS] != CLASS_INTEGER) return false;
    if (width != 1 && width != 2 && width != 4 && width != 8) return false;
    if (parameters[P_SIGN] > 1 || parameters[P_ORDER] > 1 || parameters[P_FILL_DEFINED] > 1) return false;
    if ((int)parameters[P_FIXED_BITS] > (int)(8 * width)) return false;
    uint64_t fill = parameters[P_FILL];
    if (width == 8) fill |= (uint64_t)parameters[P_FILL + 1] << 32;
    *filter = (hra_so_filter){.elements = parameters[P_ELEMENTS],
                              .width = (int)width,
                              .is_signed = parameters[P_SIGN] == 1,
                              .big_endian = parameters[P_ORDER] == 1,
                              .has_fill = parameters[P_FILL_DEFINED] == 1,
                              .passthrough = parameters[P_FIXED_BITS] == 8 * width};
    if (filter->has_fill) filter->fill = sign_extend(fill, filter->width, filter->is_signed);
    return true;
}

static uint64_t load_le(const uint8_t *bytes, int width)
{
    uint64_t value = 0;
    for (int i = 0; i < width; i++) value |= (uint64_t)bytes[i] << (8 * i);
    return value;
}

hra_code hra_so_chunk_open(const hra_so_filter *filter, const uint8_t *bytes, size_t size, hra_so_chunk *chunk,
                           hra_error *error)
{
    if (size < HRA_SO_HEADER)
        return hra_fail(error, HRA_EINPUT, "scale-offset chunk of %zu bytes is shorter than its header", size);
    uint64_t bits = load_le(bytes, 4);
    if (bits > 8u * (unsigned)filter->width)
        return hra_fail(error, HRA_EINPUT, "scale-offset chunk claims %u bits a value for %d-byte integers",
                        (unsigned)bits, filter->width);
    int minimum_size = bytes[4] < 8 ? bytes[4] : 8;
    uint64_t needed = ((uint64_t)filter->elements * bits + 7) / 8;
    if (size - HRA_SO_HEADER < needed)
        return hra_fail(error, HRA_EINPUT, "scale-offset chunk of %zu bytes is cut short: %u values of %u bits", size,
                        filter->elements, (unsigned)bits);
    *chunk = (hra_so_chunk){.bits = (unsigned)bits,
                            .minimum = sign_extend(load_le(bytes + 5, minimum_size), filter->width, filter->is_signed),
                            .payload = bytes + HRA_SO_HEADER,
                            .payload_size = size - HRA_SO_HEADER};
    return HRA_OK;
}

/* ---- unpacking ---- */

static inline uint64_t load_be64(const uint8_t *bytes)
{
    uint64_t value;
    memcpy(&value, bytes, 8);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    value = __builtin_bswap64(value);
#endif
    return value;
}

/* The difference number `index`: one unaligned load holds any 57 bits; the last bytes are put together singly. */
static inline uint64_t difference(const uint8_t *payload, size_t payload_size, size_t index, unsigned bits)
{
    uint64_t position = (uint64_t)index * bits;
    size_t byte = (size_t)(position / 8);
    uint64_t word = 0;
    if (byte + 8 <= payload_size) {
        word = load_be64(payload + byte);
    } else {
        for (size_t i = 0; i < 8; i++) word = word << 8 | (byte + i < payload_size ? payload[byte + i] : 0);
    }
    return word << (position % 8) >> (64 - bits);
}

/* Returns the largest difference that is not all ones, or `highest`. */
static uint16_t unpack16_from(const uint8_t *payload, size_t payload_size, size_t start, size_t count, unsigned bits,
                              uint16_t add, uint16_t ones, uint16_t *out, uint16_t highest)
{
    uint64_t all_ones = (UINT64_C(1) << bits) - 1;
    for (size_t i = start; i < count; i++) {
        uint64_t d = difference(payload, payload_size, i, bits);
        out[i] = d == all_ones ? ones : (uint16_t)(d + add);
        if (d != all_ones && d > highest) highest = (uint16_t)d;
    }
    return highest;
}

static void unpack32_from(const uint8_t *payload, size_t payload_size, size_t start, size_t count, unsigned bits,
                          uint32_t add, uint32_t ones, uint32_t *out)
{
    uint64_t all_ones = (UINT64_C(1) << bits) - 1;
    for (size_t i = start; i < count; i++) {
        uint64_t d = difference(payload, payload_size, i, bits);
        out[i] = d == all_ones ? ones : (uint32_t)(d + add);
    }
}

uint16_t hra_so_unpack16_plain(const uint8_t *payload, size_t payload_size, size_t count, unsigned bits, uint16_t add,
                               uint16_t ones, uint16_t *out)
{
    return unpack16_from(payload, payload_size, 0, count, bits, add, ones, out, 0);
}

void hra_so_unpack32_plain(const uint8_t *payload, size_t payload_size, size_t count, unsigned bits, uint32_t add,
                           uint32_t ones, uint32_t *out)
{
    unpack32_from(payload, payload_size, 0, count, bits, add, ones, out);
}

#if defined(__x86_64__)

/* Eight differences take `bits` bytes. Four of them fit the 16 bytes loaded into each half of a register: a byte
 * shuffle puts the four bytes around each difference into its lane, highest byte on top, and a shift per lane brings
 * it down. Up to 25 bits fit such a lane whatever the bit position. */
enum { GROUP = 8, LANE_BITS = 25, LOAD_REACH = 32 };

typedef struct lanes {
    __m256i shuffle, shift, mask;
    size_t second_half; /* byte offset of the load for differences 4 to 7 */
} lanes;

__attribute__((target("avx2"))) static lanes lanes_for(unsigned bits)
{
    uint8_t shuffle[32];
    uint32_t shift[8];
    size_t second_half = 4 * bits / 8;
    for (unsigned i = 0; i < GROUP; i++) {
        size_t base = i < 4 ? 0 : 8 * second_half;
        unsigned position = i * bits - (unsigned)base;
        for (unsigned b = 0; b < 4; b++) shuffle[4 * i + b] = (uint8_t)(position / 8 + 3 - b);
        shift[i] = 32 - bits - position % 8;
    }
    lanes result = {.mask = _mm256_set1_epi32((int)((UINT64_C(1) << bits) - 1)), .second_half = second_half};
    result.shuffle = _mm256_loadu_si256((const __m256i *)(const void *)shuffle);
    result.shift = _mm256_loadu_si256((const __m256i *)(const void *)shift);
    return result;
}

__attribute__((target("avx2"))) static inline __m256i group_at(const lanes *l, const uint8_t *bytes)
{
    __m128i low = _mm_loadu_si128((const __m128i *)(const void *)bytes);
    __m128i high = _mm_loadu_si128((const __m128i *)(const void *)(bytes + l->second_half));
    __m256i both = _mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1);
    both = _mm256_shuffle_epi8(both, l->shuffle);
    return _mm256_and_si256(_mm256_srlv_epi32(both, l->shift), l->mask);
}

/* How many differences can be unpacked by whole steps without a load past the payload. */
static size_t vector_count(size_t payload_size, size_t count, unsigned bits, size_t step)
{
    if (payload_size < LOAD_REACH + step * bits / 8) return 0;
    size_t steps = (payload_size - LOAD_REACH) / (step * bits / 8);
    return (steps < count / step ? steps : count / step) * step;
}

static uint16_t largest_of(const uint16_t *values, size_t count)
{
    uint16_t largest = 0;
    for (size_t i = 0; i < count; i++) largest = values[i] > largest ? values[i] : largest;
    return largest;
}

__attribute__((target("avx2"))) static size_t unpack16_avx2(const uint8_t *payload, size_t payload_size, size_t count,
                                                            unsigned bits, uint16_t add, uint16_t ones, uint16_t *out,
                                                            uint16_t *highest)
{
    uint16_t most[2 * GROUP];
    __m256i largest = _mm256_setzero_si256();
    const lanes l = lanes_for(bits);
    const __m256i all_ones = _mm256_set1_epi16((short)((1u << bits) - 1));
    const __m256i adds = _mm256_set1_epi16((short)add), substitute = _mm256_set1_epi16((short)ones);
    size_t end = vector_count(payload_size, count, bits, 2 * GROUP);
    for (size_t i = 0; i < end; i += 2 * GROUP, payload += 2 * bits) {
        __m256i d = _mm256_packus_epi32(group_at(&l, payload), group_at(&l, payload + bits));
        d = _mm256_permute4x64_epi64(d, 0xD8); /* packing works in halves: restore the order */
        __m256i sum = _mm256_add_epi16(d, adds), full = _mm256_cmpeq_epi16(d, all_ones);
        sum = _mm256_blendv_epi8(sum, substitute, full);
        largest = _mm256_max_epu16(largest, _mm256_andnot_si256(full, d));
        _mm256_storeu_si256((__m256i *)(void *)(out + i), sum);
    }
    _mm256_storeu_si256((__m256i *)(void *)most, largest);
    *highest = largest_of(most, 2 * GROUP);
    return end;
}

__attribute__((target("avx2"))) static size_t unpack32_avx2(const uint8_t *payload, size_t payload_size, size_t count,
                                                            unsigned bits, uint32_t add, uint32_t ones, uint32_t *out)
{
    const lanes l = lanes_for(bits);
    const __m256i adds = _mm256_set1_epi32((int)add), substitute = _mm256_set1_epi32((int)ones);
    size_t end = vector_count(payload_size, count, bits, GROUP);
    for (size_t i = 0; i < end; i += GROUP, payload += bits) {
        __m256i d = group_at(&l, payload);
        __m256i sum = _mm256_add_epi32(d, adds);
        sum = _mm256_blendv_epi8(sum, substitute, _mm256_cmpeq_epi32(d, l.mask));
        _mm256_storeu_si256((__m256i *)(void *)(out + i), sum);
    }
    return end;
}

/* Thirty-two differences at a time. Four of them fit eight bytes wherever they begin: a byte permutation puts the bytes
 * around each four into a lane of 64 bits, highest byte on top, and from there any eight bits can be taken twice for
 * each difference: those of its low and of its high byte. */
enum { WIDE_STEP = 32, WIDE_LOAD = 64 };

typedef struct wide_moves {
    uint8_t bytes[WIDE_LOAD], shifts[WIDE_LOAD];
} wide_moves;

/* For differences of `bits` bits, four from bit 4 * bits * lane on. The shift of a high byte that lies beyond its lane
 * comes to something whose bits are masked away. */
#define BYTE(bits, lane, b) (4 * (bits) * (lane) / 8 + 7 - (b))
#define LANE_BYTES(bits, lane)                                                                                         \
    BYTE(bits, lane, 0), BYTE(bits, lane, 1), BYTE(bits, lane, 2), BYTE(bits, lane, 3), BYTE(bits, lane, 4),           \
        BYTE(bits, lane, 5), BYTE(bits, lane, 6), BYTE(bits, lane, 7)
#define LOWEST(bits, lane, i) (64 - 4 * (bits) * (lane) % 8 - ((i) + 1) * (bits))
#define SHIFTS(bits, lane, i) LOWEST(bits, lane, i), (LOWEST(bits, lane, i) + 8) % 64
#define LANE_SHIFTS(bits, lane)                                                                                        \
    SHIFTS(bits, lane, 0), SHIFTS(bits, lane, 1), SHIFTS(bits, lane, 2), SHIFTS(bits, lane, 3)
#define LANES(of, bits)                                                                                                \
    of(bits, 0), of(bits, 1), of(bits, 2), of(bits, 3), of(bits, 4), of(bits, 5), of(bits, 6), of(bits, 7)
#define MOVES(bits)                                                                                                    \
    {                                                                                                                  \
        {LANES(LANE_BYTES, bits)}, { LANES(LANE_SHIFTS, bits) }                                                        \
    }

static const wide_moves moves_of[] = {MOVES(1),  MOVES(2),  MOVES(3),  MOVES(4),  MOVES(5),  MOVES(6),
                                      MOVES(7),  MOVES(8),  MOVES(9),  MOVES(10), MOVES(11), MOVES(12),
                                      MOVES(13), MOVES(14), MOVES(15), MOVES(16)};

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vbmi")))

AVX512 static size_t unpack16_avx512(const uint8_t *payload, size_t payload_size, size_t count, unsigned bits,
                                     uint16_t add, uint16_t ones, uint16_t *out, uint16_t *highest)
{
    uint16_t most[WIDE_STEP];
    const wide_moves *moves = &moves_of[bits - 1];
    __m512i largest = _mm512_setzero_si512();
    const __m512i order = _mm512_loadu_si512(moves->bytes), shift = _mm512_loadu_si512(moves->shifts);
    const __m512i all_ones = _mm512_set1_epi16((short)((1u << bits) - 1));
    const __m512i adds = _mm512_set1_epi16((short)add), substitute = _mm512_set1_epi16((short)ones);
    size_t step = WIDE_STEP * bits / 8, steps = payload_size < WIDE_LOAD ? 0 : (payload_size - WIDE_LOAD) / step + 1;
    size_t end = (steps < count / WIDE_STEP ? steps : count / WIDE_STEP) * WIDE_STEP;
    for (size_t i = 0; i < end; i += WIDE_STEP, payload += step) {
        __m512i d = _mm512_permutexvar_epi8(order, _mm512_loadu_si512(payload));
        d = _mm512_and_si512(_mm512_multishift_epi64_epi8(shift, d), all_ones);
        __mmask32 full = _mm512_cmpeq_epi16_mask(d, all_ones);
        largest = _mm512_mask_max_epu16(largest, (__mmask32)~full, largest, d);
        _mm512_storeu_si512(out + i, _mm512_mask_mov_epi16(_mm512_add_epi16(d, adds), full, substitute));
    }
    _mm512_storeu_si512(most, largest);
    *highest = largest_of(most, WIDE_STEP);
    return end;
}

uint16_t hra_so_unpack16_by(hra_vector_level level, const uint8_t *payload, size_t payload_size, size_t count,
                            unsigned bits, uint16_t add, uint16_t ones, uint16_t *out)
{
    uint16_t highest = 0;
    size_t done = 0;
    if (level == HRA_VECTOR_AVX512 && __builtin_cpu_supports("avx512vbmi"))
        done = unpack16_avx512(payload, payload_size, count, bits, add, ones, out, &highest);
    else if (level != HRA_VECTOR_PLAIN)
        done = unpack16_avx2(payload, payload_size, count, bits, add, ones, out, &highest);
    return unpack16_from(payload, payload_size, done, count, bits, add, ones, out, highest);
}

void hra_so_unpack32_by(hra_vector_level level, const uint8_t *payload, size_t payload_size, size_t count,
                        unsigned bits, uint32_t add, uint32_t ones, uint32_t *out)
{
    size_t done = 0;
    if (bits <= LANE_BITS && level != HRA_VECTOR_PLAIN)
        done = unpack32_avx2(payload, payload_size, count, bits, add, ones, out);
    unpack32_from(payload, payload_size, done, count, bits, add, ones, out);
}

#else

uint16_t hra_so_unpack16_by(hra_vector_level level, const uint8_t *payload, size_t payload_size, size_t count,
                            unsigned bits, uint16_t add, uint16_t ones, uint16_t *out)
{
    (void)level;
    return hra_so_unpack16_plain(payload, payload_size, count, bits, add, ones, out);
}

void hra_so_unpack32_by(hra_vector_level level, const uint8_t *payload, size_t payload_size, size_t count,
                        unsigned bits, uint32_t add, uint32_t ones, uint32_t *out)
{
    (void)level;
    hra_so_unpack32_plain(payload, payload_size, count, bits, add, ones, out);
}

#endif

uint16_t hra_so_unpack16(const uint8_t *payload, size_t payload_size, size_t count, unsigned bits, uint16_t add,
                         uint16_t ones, uint16_t *out)
{
    return hra_so_unpack16_by(hra_vector_level_choose(), payload, payload_size, count, bits, add, ones, out);
}

void hra_so_unpack32(const uint8_t *payload, size_t payload_size, size_t count, unsigned bits, uint32_t add,
                     uint32_t ones, uint32_t *out)
{
    hra_so_unpack32_by(hra_vector_level_choose(), payload, payload_size, count, bits, add, ones, out);
}

/* ---- any chunk, slowly ---- */

/* Differences of more than 57 bits may straddle nine bytes. */
static uint64_t wide_difference(const uint8_t *payload, size_t index, unsigned bits)
{
    uint64_t value = 0, position = (uint64_t)index * bits;
    for (unsigned left = bits; left > 0;) {
        unsigned offset = (unsigned)(position % 8), take = 8 - offset < left ? 8 - offset : left;
        value = value << take | ((payload[position / 8] >> (8 - offset - take)) & ((1u << take) - 1));
        position += take;
        left -= take;
    }
    return value;
}

static void decode_plain_values(const hra_so_filter *filter, const uint8_t *bytes, bool big_endian, int64_t *out)
{
    int width = filter->width;
    for (size_t i = 0; i < filter->elements; i++, bytes += width) {
        uint64_t value = load_le(bytes, width);
        if (big_endian) value = __builtin_bswap64(value) >> (64 - 8 * width);
        out[i] = sign_extend(value, width, filter->is_signed);
    }
}

/* Up to 32 bits: by the vector code, a few hundred at a time. */
static void expand_narrow(const hra_so_filter *filter, const hra_so_chunk *chunk, int64_t *out)
{
    enum { AT_ONCE = 512 }; /* whole bytes, whatever the bits */
    uint32_t differences[AT_ONCE], all_ones = (uint32_t)((UINT64_C(1) << chunk->bits) - 1);
    uint64_t minimum = (uint64_t)chunk->minimum;
    int64_t ones = filter->has_fill ? filter->fill : (int64_t)(minimum + all_ones);
    for (size_t first = 0; first < filter->elements; first += AT_ONCE, out += AT_ONCE) {
        size_t count = filter->elements - first < AT_ONCE ? filter->elements - first : AT_ONCE;
        size_t offset = first / 8 * chunk->bits;
        hra_so_unpack32(chunk->payload + offset, chunk->payload_size - offset, count, chunk->bits, 0, all_ones,
                        differences);
        for (size_t i = 0; i < count; i++)
            out[i] = differences[i] == all_ones ? ones : (int64_t)(minimum + differences[i]);
        for (size_t i = 0; i < count && filter->width < 8; i++)
            out[i] = sign_extend((uint64_t)out[i], filter->width, filter->is_signed);
    }
}

void hra_so_expand(const hra_so_filter *filter, const hra_so_chunk *chunk, int64_t *out)
{
    if (chunk->bits == 8u * (unsigned)filter->width) {
        decode_plain_values(filter, chunk->payload, false, out);
        return;
    }
    if (chunk->bits >= 1 && chunk->bits <= 32) {
        expand_narrow(filter, chunk, out);
        return;
    }
    uint64_t all_ones = (UINT64_C(1) << chunk->bits) - 1;
    for (size_t i = 0; i < filter->elements; i++) {
        uint64_t d = chunk->bits ? wide_difference(chunk->payload, i, chunk->bits) : 0;
        if (filter->has_fill && d == all_ones)
            out[i] = filter->fill;
        else
            out[i] = sign_extend((uint64_t)chunk->minimum + d, filter->width, filter->is_signed);
    }
}

hra_code hra_so_decode(const hra_so_filter *filter, const uint8_t *bytes, size_t size, int64_t *out, hra_error *error)
{
    if (filter->passthrough) {
        if (size / (unsigned)filter->width < filter->elements)
            return hra_fail(error, HRA_EINPUT, "chunk of %zu bytes is cut short: %u values of %d bytes", size,
                            filter->elements, filter->width);
        decode_plain_values(filter, bytes, filter->big_endian, out);
        return HRA_OK;
    }
    hra_so_chunk chunk;
    HRA_TRY(hra_so_chunk_open(filter, bytes, size, &chunk, error));
    hra_so_expand(filter, &chunk, out);
    return HRA_OK;
}
