/* Quotients have the bits of the processor's division on every instruction set: of random numbers, and of such as lie
 * as near as can be to what decides a rounding. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/graph/scalar.h"
#include "engine/kernels/isa.h"
#include "engine/kernels/kernels.h"

enum { ROWS = 512, ROUNDS = 400 };
#define ONE_TO_TWO UINT64_C(0x3ff0000000000000)
#define MANTISSA UINT64_C(0x000fffffffffffff)

static _Alignas(64) double above[ROWS], below[ROWS], out[ROWS];
static uint64_t random_state = 88172645463325252u;

static uint64_t next_random(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

static double number(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static double of_any_size(int most)
{
    int exponent = (int)(next_random() % (2 * (uint64_t)most + 1)) - most;
    double size = number(ONE_TO_TWO | (next_random() & MANTISSA));
    return __builtin_ldexp(next_random() & 1 ? size : -size, exponent);
}

/* ---- what is divided -------------------------------------------------------------- */

static void put_random(int row)
{
    above[row] = of_any_size(590);
    below[row] = of_any_size(99);
}

/* Divisors just below a power of two, whose inverses lie near halves, or just above it; of round numbers and random. */
static void put_edges(int row)
{
    uint64_t few = next_random() % 64;
    below[row] = number(next_random() & 1 ? ONE_TO_TWO + MANTISSA - few : ONE_TO_TWO + few);
    above[row] = row % 3 ? (double)(1 + next_random() % 32) : of_any_size(40);
}

/* m * b, rounded, of an m half way between two numbers: the quotient is nearly m. Of m * b a multiple of 2^-52 is
 * missed by the least there is, if b * m = 1 (mod 2^53) as whole numbers. */
static void put_halves(int row)
{
    uint64_t b = (next_random() & MANTISSA) | (MANTISSA + 2), inverse = 1; /* 53 bits, odd */
    if (row % 4 >= 2) b |= UINT64_C(0xff) << 44;                           /* near the next power of two */
    for (int k = 0; k < 6; k++) inverse *= 2 - b * inverse;
    uint64_t m = inverse & ((UINT64_C(1) << 53) - 1); /* b * m is 1 more than a multiple of 2^53 */
    if (row % 2) m = (UINT64_C(1) << 53) - m;         /* or 1 less */
    m |= UINT64_C(1) << 53;                           /* 54 bits, odd: half way */
    unsigned __int128 product = (unsigned __int128)b * m, high = product >> 53;
    above[row] = (double)(uint64_t)(high + (row % 2));
    below[row] = (double)b;
}

static void put_special(int row)
{
    static const double specials[] = {0.0, -0.0, 1, -1, (double)NAN, 0x1p100, 0x1p-100, 0x1p-600, 0x1p800, -3};
    enum { SPECIALS = sizeof specials / sizeof *specials };
    above[row] = row & 1 ? specials[next_random() % SPECIALS] : of_any_size(100);
    below[row] = row & 2 ? specials[next_random() % (SPECIALS - 2)] : of_any_size(99);
}

/* Beyond all limits, among few unknown and many ordinary numbers: nothing hides that a vector has to be divided. */
static void put_beyond(int row)
{
    static const double beyond[] = {INFINITY, -INFINITY, 0x1p-1074, -0x1p-1030, 0x1.fffffffffffffp1023, (double)NAN};
    enum { BEYOND = sizeof beyond / sizeof *beyond };
    put_random(row);
    if (next_random() % 24 == 0) above[row] = beyond[next_random() % BEYOND];
    if (next_random() % 24 == 0) below[row] = beyond[next_random() % BEYOND];
}

/* Now and then a value for which a vector is really divided. */
static void put_far(int row)
{
    put_random(row);
    if (next_random() % 64 == 0) above[row] = of_any_size(1020);
    if (next_random() % 64 == 0) below[row] = next_random() & 1 ? of_any_size(1020) : number(next_random() & MANTISSA);
}

/* ---- dividing --------------------------------------------------------------------- */

static void check(const hra_kernels *kernels, size_t above_step, size_t below_step)
{
    const hra_operand operands[2] = {{above, above_step}, {below, below_step}};
    hra_call call = {.numbers = operands, .number_count = 2, .out = out};
    for (int lane = 0; lane < HRA_LANES_MAX; lane++) {
        if (!above_step) above[lane] = above[0];
        if (!below_step) below[lane] = below[0];
    }
    kernels->run[HRA_KERNEL_DIV](&call, &(hra_block){ROWS, ROWS / HRA_WORD_ROWS});
    for (size_t row = 0; row < ROWS; row++) {
        double a = above[row * above_step], b = below[row * below_step],
               want = hra_scalar_operation(HRA_OP_DIV, (double[]){a, b, 0}, 0);
        if (memcmp(&want, &out[row], sizeof want) == 0 || (want != want && out[row] != out[row])) continue;
        fail_msg("%a / %a is %a, not %a", a, b, want, out[row]);
    }
}

static void test_quotients(void **state)
{
    static void (*const puts[])(int) = {put_random, put_edges, put_halves, put_special, put_beyond, put_far};
    (void)state;
    for (const hra_isa *const *isa = hra_isa_list(); *isa; isa++) {
        if (!(*isa)->supported() || !(*isa)->kernels) continue;
        for (int round = 0; round < ROUNDS; round++)
            for (size_t k = 0; k < sizeof puts / sizeof *puts; k++) {
                for (int row = 0; row < ROWS; row++) puts[k](row);
                check((*isa)->kernels, 1, 1);
                check((*isa)->kernels, 1, 0);
                check((*isa)->kernels, 0, 1);
            }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_quotients)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
