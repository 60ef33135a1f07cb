/* HDF5's scale-offset filter, the writing side. */
#include "io/hdf5/scale_offset.h"

#include <string.h>

#include "io/files/vector_level.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

static void store_le(uint8_t *bytes, uint64_t value, int width)
{
    for (int i = 0; i < width; i++) bytes[i] = (uint8_t)(value >> (8 * i));
}

size_t hra_so_bound(size_t count, int width) { return HRA_SO_HEADER + count * (size_t)width + 16; }

/* Bits for differences 0 .. span - 1 and the fill value above them. */
static unsigned bits_for(uint64_t span)
{
    unsigned bits = 1;
    while (bits < 64 && (UINT64_C(1) << bits) < span + 1) bits++;
    return bits;
}

static void write_header(uint8_t *out, unsigned bits, int64_t minimum)
{
    memset(out, 0, HRA_SO_HEADER);
    store_le(out, bits, 4);
    out[4] = 8;
    store_le(out + 5, (uint64_t)minimum, 8);
}

static inline void store_be64(uint8_t *out, uint64_t word)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    memcpy(out, &word, 8);
}

/* Bits waiting to be written: fewer than eight between calls, at the top of the word. */
typedef struct packer {
    uint64_t pending;
    unsigned pending_bits;
    uint8_t *out;
} packer;

/* Up to 56 bits. All that wait are written, up to eight bytes; those that fill no byte wait on. */
static inline void pack(packer *p, uint64_t value, unsigned bits)
{
    p->pending_bits += bits;
    p->pending |= value << (64 - p->pending_bits);
    store_be64(p->out, p->pending);
    p->out += p->pending_bits >> 3;
    p->pending <<= p->pending_bits & 56;
    p->pending_bits &= 7;
}

/* Ends the stream; HDF5 writes one byte more than needed when the bits end at a byte, and so do we. */
static size_t pack_finish(const packer *p, const uint8_t *start)
{
    *p->out = (uint8_t)(p->pending >> 56);
    return HRA_SO_HEADER + (size_t)(p->out - start) + 1;
}

/* Eight differences fill whole bytes, whatever their bits. Neighbours are joined twice, in loops that become vectors,
 * and two words of four go into place. Returns how many were packed; up to 15 bits. */
__attribute__((always_inline)) static inline size_t pack_eights(const uint16_t *codes, size_t count, uint16_t missing,
                                                                uint16_t low, unsigned bits, uint8_t *out)
{
    enum { TOGETHER = 512 };
    uint16_t differences[TOGETHER], all_ones = (uint16_t)((1u << bits) - 1);
    uint32_t twos[TOGETHER / 2];
    uint64_t fours[TOGETHER / 4];
    unsigned spare = 64 - 4 * bits;
    size_t done = 0;
    for (; done + TOGETHER <= count; done += TOGETHER, codes += TOGETHER) {
        for (int i = 0; i < TOGETHER; i++) differences[i] = codes[i] == missing ? all_ones : (uint16_t)(codes[i] - low);
        for (int i = 0; i < TOGETHER / 2; i++) twos[i] = (uint32_t)differences[2 * i] << bits | differences[2 * i + 1];
        for (int i = 0; i < TOGETHER / 4; i++)
            fours[i] = ((uint64_t)twos[2 * i] << 2 * bits | twos[2 * i + 1]) << spare;
        for (int i = 0; i < TOGETHER / 4; i += 2, out += bits) {
            store_be64(out, fours[i] | fours[i + 1] >> 4 * bits);
            store_be64(out + 8, fours[i + 1] << spare); /* what is beyond is written over by the next eight */
        }
    }
    return done;
}

/* The smallest and the largest code that is not missing; 0 and 0 if all are. */
#define DEFINE_LIMITS(name, type)                                                                                      \
    __attribute__((always_inline)) static inline void name(const type *codes, size_t count, type missing, type *low,   \
                                                           type *high)                                                 \
    {                                                                                                                  \
        type least = (type)-1, most = 0;                                                                               \
        for (size_t i = 0; i < count; i++) {                                                                           \
            type mask = (type) - (codes[i] == missing), for_low = codes[i] | mask, for_high = codes[i] & (type)~mask;  \
            least = for_low < least ? for_low : least;                                                                 \
            most = for_high > most ? for_high : most;                                                                  \
        }                                                                                                              \
        *low = least > most ? 0 : least;                                                                               \
        *high = most;                                                                                                  \
    }

DEFINE_LIMITS(limits16, uint16_t)
DEFINE_LIMITS(limits32, uint32_t)

/* Writes the header; the bits of a difference, 0: packing does not pay. */
static unsigned begin_chunk(uint32_t low, uint32_t high, int64_t first, int width, uint8_t *out)
{
    unsigned bits = bits_for((uint64_t)high - low + 1);
    if (bits > 32 || bits >= 8u * (unsigned)width) return 0;
    write_header(out, bits, first + (int64_t)low);
    return bits;
}

typedef size_t pack_many(const uint16_t *codes, size_t count, uint16_t missing, uint16_t low, unsigned bits,
                         uint8_t *out);

__attribute__((always_inline)) static inline size_t encode16(pack_many *many, const uint16_t *codes, size_t count,
                                                             uint16_t missing, int64_t first, int width, uint8_t *out)
{
    uint16_t low, high;
    limits16(codes, count, missing, &low, &high);
    unsigned bits = begin_chunk(low, high, first, width, out);
    if (bits == 0) return 0;
    out += HRA_SO_HEADER;
    size_t done = bits < 16 ? many(codes, count, missing, low, bits, out) : 0;
    uint32_t all_ones = (1u << bits) - 1;
    packer p = {.out = out + done / 8 * bits};
    for (size_t i = done; i < count; i++) pack(&p, codes[i] == missing ? all_ones : (uint32_t)(codes[i] - low), bits);
    return pack_finish(&p, out);
}

#if defined(__x86_64__)

__attribute__((target("avx2"))) static size_t encode16_avx2(const uint16_t *codes, size_t count, uint16_t missing,
                                                            int64_t first, int width, uint8_t *out)
{
    return encode16(pack_eights, codes, count, missing, first, width, out);
}

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl")))

/* The same as pack_eights, four times eight in a register: neighbours are joined to twos, fours and eights, and each
 * eight goes into place, over the zeros behind the one before. */
AVX512 static size_t pack_avx512(const uint16_t *codes, size_t count, uint16_t missing, uint16_t low, unsigned bits,
                                 uint8_t *out)
{
    enum { TOGETHER = 32 };
    const __m512i absent = _mm512_set1_epi16((short)missing), all_ones = _mm512_set1_epi16((short)((1u << bits) - 1));
    const __m512i lows = _mm512_set1_epi16((short)low);
    const __m512i by_one = _mm512_set1_epi32((int)bits), by_two = _mm512_set1_epi64(2 * bits);
    const __m512i top = _mm512_set1_epi64(64 - 4 * bits);
    const __m512i down = _mm512_set_epi64(64, 4 * bits, 64, 4 * bits, 64, 4 * bits, 64, 4 * bits);
    const __m512i up = _mm512_set_epi64(64 - 4 * bits, 0, 64 - 4 * bits, 0, 64 - 4 * bits, 0, 64 - 4 * bits, 0);
    const __m512i turned = _mm512_broadcast_i32x4(_mm_set_epi64x(0x08090A0B0C0D0E0F, 0x0001020304050607));
    size_t done = 0;
    for (; done + TOGETHER <= count; done += TOGETHER, out += 4 * bits) {
        __m512i own = _mm512_loadu_si512(codes + done);
        __m512i ones = _mm512_sub_epi16(own, lows);
        ones = _mm512_mask_mov_epi16(ones, _mm512_cmpeq_epi16_mask(own, absent), all_ones);
        __m512i twos = _mm512_sllv_epi32(_mm512_and_si512(ones, _mm512_set1_epi32(0xFFFF)), by_one);
        twos = _mm512_or_si512(twos, _mm512_srli_epi32(ones, 16));
        __m512i fours = _mm512_sllv_epi64(_mm512_and_si512(twos, _mm512_set1_epi64(0xFFFFFFFF)), by_two);
        fours = _mm512_sllv_epi64(_mm512_or_si512(fours, _mm512_srli_epi64(twos, 32)), top);
        __m512i second = _mm512_shuffle_epi32(fours, _MM_PERM_BADC);
        __m512i eights = _mm512_or_si512(_mm512_sllv_epi64(fours, up), _mm512_srlv_epi64(second, down));
        eights = _mm512_shuffle_epi8(eights, turned);
        _mm_storeu_si128((__m128i *)(void *)out, _mm512_castsi512_si128(eights));
        _mm_storeu_si128((__m128i *)(void *)(out + bits), _mm512_extracti32x4_epi32(eights, 1));
        _mm_storeu_si128((__m128i *)(void *)(out + 2 * bits), _mm512_extracti32x4_epi32(eights, 2));
        _mm_storeu_si128((__m128i *)(void *)(out + 3 * bits), _mm512_extracti32x4_epi32(eights, 3));
    }
    return done;
}

AVX512 static size_t encode16_avx512(const uint16_t *codes, size_t count, uint16_t missing, int64_t first, int width,
                                     uint8_t *out)
{
    return encode16(pack_avx512, codes, count, missing, first, width, out);
}

#endif

size_t hra_so_encode16(const uint16_t *codes, size_t count, uint16_t missing, int64_t first, int width, uint8_t *out)
{
    switch (hra_vector_level_choose()) {
#if defined(__x86_64__)
    case HRA_VECTOR_AVX512: return encode16_avx512(codes, count, missing, first, width, out);
    case HRA_VECTOR_AVX2: return encode16_avx2(codes, count, missing, first, width, out);
#endif
    default: return encode16(pack_eights, codes, count, missing, first, width, out);
    }
}

__attribute__((always_inline)) static inline size_t encode32(const uint32_t *codes, size_t count, uint32_t missing,
                                                             int64_t first, int width, uint8_t *out)
{
    uint32_t low, high;
    limits32(codes, count, missing, &low, &high);
    unsigned bits = begin_chunk(low, high, first, width, out);
    if (bits == 0) return 0;
    out += HRA_SO_HEADER;
    uint32_t all_ones = (uint32_t)((UINT64_C(1) << bits) - 1);
    packer p = {.out = out};
    size_t done = 0;
    for (; bits <= 28 && done + 2 <= count; done += 2) {
        uint64_t one = codes[done] == missing ? all_ones : codes[done] - low;
        uint64_t other = codes[done + 1] == missing ? all_ones : codes[done + 1] - low;
        pack(&p, one << bits | other, 2 * bits);
    }
    for (; done < count; done++) pack(&p, codes[done] == missing ? all_ones : codes[done] - low, bits);
    return pack_finish(&p, out);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static size_t encode32_avx2(const uint32_t *codes, size_t count, uint32_t missing,
                                                            int64_t first, int width, uint8_t *out)
{
    return encode32(codes, count, missing, first, width, out);
}
#endif

size_t hra_so_encode32(const uint32_t *codes, size_t count, uint32_t missing, int64_t first, int width, uint8_t *out)
{
#if defined(__x86_64__)
    if (hra_vector_level_choose() != HRA_VECTOR_PLAIN) return encode32_avx2(codes, count, missing, first, width, out);
#endif
    return encode32(codes, count, missing, first, width, out);
}

/* The fill value is all ones, whatever its bits, and what is behind the last one is zeros. */
size_t hra_so_lengthen(uint8_t *chunk, size_t held, size_t count)
{
    uint8_t *stream = chunk + HRA_SO_HEADER;
    size_t from = held * chunk[0], to = count * chunk[0]; /* bits; the header begins with those of a difference */
    if (from == to) return HRA_SO_HEADER + to / 8 + 1;
    stream[from / 8] |= (uint8_t)(0xFF >> from % 8);
    memset(stream + from / 8 + 1, 0xFF, to / 8 - from / 8);
    stream[to / 8] &= (uint8_t) ~(0xFF >> to % 8);
    return HRA_SO_HEADER + to / 8 + 1;
}
