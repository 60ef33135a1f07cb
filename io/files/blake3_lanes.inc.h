/* BLAKE3's compression of LANES inputs side by side: a word of each lane in one vector. Included once for every LANES;
 * LOW_HALVES and HIGH_HALVES interleave two vectors (not needed for one lane). Compilers turn the arithmetic into what
 * the processor has. */
#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#define NAMED(name) JOIN(name, LANES)

typedef uint32_t NAMED(lanes_) __attribute__((vector_size(4 * LANES)));

static inline __attribute__((always_inline)) void NAMED(compress_)(NAMED(lanes_) h[8], const NAMED(lanes_) m[16],
                                                                   const NAMED(lanes_) counter[2],
                                                                   const NAMED(lanes_) length_and_flags[2])
{
    NAMED(lanes_) v[16] = {{0}};
    for (int i = 0; i < 8; i++) v[i] = h[i];
    for (int i = 0; i < 4; i++) v[i + 8] = (NAMED(lanes_)){0} + start_words[i];
    v[12] = counter[0];
    v[13] = counter[1];
    v[14] = length_and_flags[0];
    v[15] = length_and_flags[1];
    for (int round = 0; round < ROUNDS; round++) ROUND(v, m, order[round]);
    for (int i = 0; i < 8; i++) h[i] = v[i] ^ v[i + 8];
}

/* LANES vectors that hold LANES words of one input each become vectors of one word of each input: interleaving the
 * halves moves the uppermost bit of a word's place to its bottom, and so on until row and column have changed places.
 */
static inline __attribute__((always_inline)) void NAMED(turn_)(NAMED(lanes_) rows[LANES])
{
#if LANES > 1
    NAMED(lanes_) other[LANES];
    for (int width = 1; width < LANES; width *= 2) {
        for (int i = 0; i < LANES / 2; i++) {
            other[2 * i] = __builtin_shufflevector(rows[i], rows[i + LANES / 2], LOW_HALVES);
            other[2 * i + 1] = __builtin_shufflevector(rows[i], rows[i + LANES / 2], HIGH_HALVES);
        }
        for (int i = 0; i < LANES; i++) rows[i] = other[i];
    }
#else
    (void)rows;
#endif
}

static inline __attribute__((always_inline)) void NAMED(load_)(const unsigned char *bytes, size_t step,
                                                               NAMED(lanes_) m[16])
{
    for (size_t part = 0; part < 16; part += LANES) {
        for (size_t lane = 0; lane < LANES; lane++)
            for (size_t word = 0; word < LANES; word++)
                m[part + lane][word] = load_little(bytes + lane * step + 4 * (part + word));
        NAMED(turn_)(m + part);
    }
}

/* The values of inputs from.. from+LANES-1. */
static inline __attribute__((always_inline)) void NAMED(values_)(const hra_blake3_inputs *inputs, size_t from,
                                                                 unsigned char *values)
{
    size_t step = inputs->blocks * HRA_BLAKE3_BLOCK;
    const unsigned char *bytes = inputs->bytes + from * step;
    NAMED(lanes_) h[8] = {{0}}, m[16] = {{0}}, counter[2] = {{0}};
    for (size_t lane = 0; lane < LANES; lane++) {
        uint64_t number = inputs->counter + (inputs->counted ? from + lane : 0);
        counter[0][lane] = (uint32_t)number;
        counter[1][lane] = (uint32_t)(number >> 32);
    }
    for (int i = 0; i < 8; i++) h[i] = (NAMED(lanes_)){0} + load_little(inputs->start + 4 * i);
    NAMED(lanes_) tail[2] = {(NAMED(lanes_)){0} + HRA_BLAKE3_BLOCK};
    for (size_t block = 0; block < inputs->blocks; block++) {
        uint32_t flags = inputs->flags | (block == 0 ? inputs->first_flags : 0) |
                         (block + 1 == inputs->blocks ? inputs->last_flags : 0);
        NAMED(load_)(bytes + block * HRA_BLAKE3_BLOCK, step, m);
        tail[1] = (NAMED(lanes_)){0} + flags;
        NAMED(compress_)(h, m, counter, tail);
    }
    for (size_t lane = 0; lane < LANES; lane++)
        for (size_t i = 0; i < 8; i++) store_little(values + (from + lane) * HRA_BLAKE3_VALUE + 4 * i, h[i][lane]);
}

/* As many inputs as fill the lanes; returns how many were done. */
LANES_TARGET static size_t NAMED(fill_)(const hra_blake3_inputs *inputs, size_t from, unsigned char *values)
{
    for (; from + LANES <= inputs->count; from += LANES) NAMED(values_)(inputs, from, values);
    return from;
}

#if LANES > 1
/* The messages from.. from+LANES-1: one block, and a second one where any of all is longer. */
LANES_TARGET static void NAMED(messages_)(const unsigned char key[HRA_BLAKE3_VALUE],
                                          const hra_blake3_messages *messages, size_t from, hra_key_hash *hashes)
{
    enum { BEGIN = HRA_BLAKE3_KEYED | HRA_BLAKE3_CHUNK_START, END = HRA_BLAKE3_CHUNK_END | HRA_BLAKE3_ROOT };
    const NAMED(lanes_) whole = (NAMED(lanes_)){0} + HRA_BLAKE3_BLOCK, counter[2] = {{0}};
    NAMED(lanes_) h[8], m[16], length;
    memcpy(&length, messages->length + from, sizeof length);
    for (size_t i = 0; i < 8; i++) h[i] = (NAMED(lanes_)){0} + load_little(key + 4 * i);
    const NAMED(lanes_) longer = (NAMED(lanes_))(length > whole); /* all ones where a second block follows */
    const NAMED(lanes_) first[2] = {(longer & whole) | (~longer & length), BEGIN | (~longer & END)};
    NAMED(load_)(messages->bytes[from], HRA_BLAKE3_MESSAGE, m);
    NAMED(compress_)(h, m, counter, first);
    if (messages->longest > HRA_BLAKE3_BLOCK) {
        const NAMED(lanes_) second[2] = {length - whole, (NAMED(lanes_)){0} + (HRA_BLAKE3_KEYED | END)};
        NAMED(lanes_) before[4];
        memcpy(before, h, sizeof before);
        NAMED(load_)(messages->bytes[from] + HRA_BLAKE3_BLOCK, HRA_BLAKE3_MESSAGE, m);
        NAMED(compress_)(h, m, counter, second);
        for (size_t i = 0; i < 4; i++) h[i] = (longer & h[i]) | (~longer & before[i]);
    }
    for (size_t lane = 0; lane < LANES; lane++)
        for (size_t i = 0; i < 2; i++)
            hashes[from + lane].word[i] = h[2 * i][lane] | (uint64_t)h[2 * i + 1][lane] << 32;
}
#endif

#undef NAMED
#undef JOIN
#undef JOIN_
#undef LANES
#undef LANES_TARGET
#undef LOW_HALVES
#undef HIGH_HALVES
