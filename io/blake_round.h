/* A round of the BLAKE family: BLAKE2b and BLAKE3 have it in common, but for the size of a word and the rotations. */
#ifndef HRA_IO_BLAKE_ROUND_H
#define HRA_IO_BLAKE_ROUND_H

#define HRA_BLAKE_ROTATE(bits, x, by) ((x) >> (by) | (x) << ((bits) - (by)))

/* Mixes two message words into four words of the state. The word comes first: b is the last that is known. */
#define HRA_BLAKE_MIX(bits, by1, by2, by3, by4, a, b, c, d, x, y)                                                      \
    do {                                                                                                               \
        (a) = (a) + (x) + (b);                                                                                         \
        (d) = HRA_BLAKE_ROTATE(bits, (d) ^ (a), by1);                                                                  \
        (c) = (c) + (d);                                                                                               \
        (b) = HRA_BLAKE_ROTATE(bits, (b) ^ (c), by2);                                                                  \
        (a) = (a) + (y) + (b);                                                                                         \
        (d) = HRA_BLAKE_ROTATE(bits, (d) ^ (a), by3);                                                                  \
        (c) = (c) + (d);                                                                                               \
        (b) = HRA_BLAKE_ROTATE(bits, (b) ^ (c), by4);                                                                  \
    } while (0)

/* `mix` (a, b, c, d, x, y) over the columns and the diagonals of the state v; s says which words of the message. */
#define HRA_BLAKE_ROUND(mix, v, s)                                                                                     \
    do {                                                                                                               \
        mix((v)[0], (v)[4], (v)[8], (v)[12], (s)[0], (s)[1]);                                                          \
        mix((v)[1], (v)[5], (v)[9], (v)[13], (s)[2], (s)[3]);                                                          \
        mix((v)[2], (v)[6], (v)[10], (v)[14], (s)[4], (s)[5]);                                                         \
        mix((v)[3], (v)[7], (v)[11], (v)[15], (s)[6], (s)[7]);                                                         \
        mix((v)[0], (v)[5], (v)[10], (v)[15], (s)[8], (s)[9]);                                                         \
        mix((v)[1], (v)[6], (v)[11], (v)[12], (s)[10], (s)[11]);                                                       \
        mix((v)[2], (v)[7], (v)[8], (v)[13], (s)[12], (s)[13]);                                                        \
        mix((v)[3], (v)[4], (v)[9], (v)[14], (s)[14], (s)[15]);                                                        \
    } while (0)

#endif
