/* A round of the BLAKE family: BLAKE2b and BLAKE3 have it in common, but for the size of a word and the rotations. */
#ifndef HRA_IO_BLAKE_ROUND_H
#define HRA_IO_BLAKE_ROUND_H

#define HRA_BLAKE_ROTATE(bits, x, by) ((x) >> (by) | (x) << ((bits) - (by)))

/* Mixes two message words into four words of the state. */
#define HRA_BLAKE_MIX(bits, by1, by2, by3, by4, a, b, c, d, x, y)                                                      \
    do {                                                                                                               \
        (a) = (a) + (b) + (x);                                                                                         \
        (d) = HRA_BLAKE_ROTATE(bits, (d) ^ (a), by1);                                                                  \
        (c) = (c) + (d);                                                                                               \
        (b) = HRA_BLAKE_ROTATE(bits, (b) ^ (c), by2);                                                                  \
        (a) = (a) + (b) + (y);                                                                                         \
        (d) = HRA_BLAKE_ROTATE(bits, (d) ^ (a), by3);                                                                  \
        (c) = (c) + (d);                                                                                               \
        (b) = HRA_BLAKE_ROTATE(bits, (b) ^ (c), by4);                                                                  \
    } while (0)

/* `mix` (a, b, c, d, x, y) over the columns and the diagonals of the state v; s says which words of m. */
#define HRA_BLAKE_ROUND(mix, v, m, s)                                                                                  \
    do {                                                                                                               \
        mix((v)[0], (v)[4], (v)[8], (v)[12], (m)[(s)[0]], (m)[(s)[1]]);                                                \
        mix((v)[1], (v)[5], (v)[9], (v)[13], (m)[(s)[2]], (m)[(s)[3]]);                                                \
        mix((v)[2], (v)[6], (v)[10], (v)[14], (m)[(s)[4]], (m)[(s)[5]]);                                               \
        mix((v)[3], (v)[7], (v)[11], (v)[15], (m)[(s)[6]], (m)[(s)[7]]);                                               \
        mix((v)[0], (v)[5], (v)[10], (v)[15], (m)[(s)[8]], (m)[(s)[9]]);                                               \
        mix((v)[1], (v)[6], (v)[11], (v)[12], (m)[(s)[10]], (m)[(s)[11]]);                                             \
        mix((v)[2], (v)[7], (v)[8], (v)[13], (m)[(s)[12]], (m)[(s)[13]]);                                              \
        mix((v)[3], (v)[4], (v)[9], (v)[14], (m)[(s)[14]], (m)[(s)[15]]);                                              \
    } while (0)

#endif
