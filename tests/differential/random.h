/* Numbers at random that are the same everywhere (splitmix64). */
#ifndef HRA_TESTS_RANDOM_H
#define HRA_TESTS_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

typedef struct random_state {
    uint64_t state;
} random_state;

static inline uint64_t random_bits(random_state *r)
{
    uint64_t z = r->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}
static inline int random_below(random_state *r, int n) { return (int)(random_bits(r) % (uint64_t)n); }
static inline bool random_chance(random_state *r, int percent) { return random_below(r, 100) < percent; }
static inline double random_unit(random_state *r) { return (double)(random_bits(r) >> 11) * 0x1p-53; }

#endif
