/* Values on a decimal grid: every code of columns of all decimals, near 0 and far from it, and roundings to all
 * decimals have the bits of a division, on every instruction set. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/kernels/isa.h"
#include "engine/kernels/kernels.h"
#include "engine/data/column.h"
#include "engine/graph/scalar.h"

enum { ROWS = 65536, BLOCK = 512, DECIMALS = 10 };

static uint16_t codes[ROWS];
static uint32_t wide[ROWS];
static _Alignas(64) double in[ROWS], out[ROWS];

static void run(hra_kernel kernel, hra_call *call, hra_block_codes *block_codes)
{
    hra_operand operand = {in, 1};
    call->numbers = &operand;
    call->number_count = 1;
    call->codes[0] = block_codes;
    for (int start = 0; start < ROWS; start += BLOCK) {
        *block_codes = (hra_block_codes){codes + start, wide + start};
        operand.data = in + start;
        call->out = out + start;
        kernel(call, &(hra_block){BLOCK, BLOCK / HRA_WORD_ROWS});
    }
}

static void compare(double want, double got, const char *what, int decimals, double of)
{
    if (memcmp(&want, &got, sizeof got) == 0 || (want != want && got != got)) return;
    fail_msg("%s with %d decimals of %.17g: %.17g, not %.17g", what, decimals, of, got, want);
}

static void check_loads(const hra_kernels *kernels, int decimals, int64_t first)
{
    hra_column column = {0, "", decimals, first, ROWS - 2};
    const double parameter[3] = {(double)first, hra_pow10(decimals), ROWS - 2};
    for (int k = 0; k < 2; k++) {
        hra_block_codes block_codes;
        hra_call call = {0};
        memcpy(call.parameter, parameter, sizeof parameter);
        run(kernels->run[k == 0 ? HRA_KERNEL_LOAD16 : HRA_KERNEL_LOAD32], &call, &block_codes);
        for (int row = 0; row < ROWS; row++)
            compare(hra_column_value(&column, codes[row]), out[row], "code", decimals, codes[row]);
    }
}

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* Numbers of every size, and such as lie near halves of the last decimal. */
static void check_rounding(const hra_kernels *kernels, int decimals, uint64_t *random)
{
    for (int row = 0; row < ROWS; row++) {
        double whole = (double)(next_random(random) >> (11 + next_random(random) % 50));
        in[row] = (next_random(random) & 1 ? whole + 0.5 : whole) / hra_pow10((int)(next_random(random) % DECIMALS));
        if (next_random(random) & 1) in[row] = -in[row];
    }
    hra_block_codes block_codes;
    hra_call call = {.parameter = {hra_pow10(decimals)}};
    run(kernels->run[HRA_KERNEL_ROUND], &call, &block_codes);
    for (int row = 0; row < ROWS; row++)
        compare(hra_scalar_round(in[row], decimals), out[row], "rounding", decimals, in[row]);
}

static void test_as_divided(void **state)
{
    for (int row = 0; row < ROWS; row++) wide[row] = codes[row] = (uint16_t)row;
    static const int64_t firsts[] = {0, -32768, 1000000007, -(INT64_C(1) << 52), (INT64_C(1) << 53) - 2 * ROWS};
    uint64_t random = 88172645463325252u;
    for (const hra_isa *const *isa = hra_isa_list(); *isa; isa++) {
        if (!(*isa)->supported() || !(*isa)->kernels) continue;
        for (int decimals = 0; decimals < DECIMALS; decimals++) {
            for (size_t k = 0; k < sizeof firsts / sizeof *firsts; k++)
                check_loads((*isa)->kernels, decimals, firsts[k]);
            for (int k = 0; k < 10; k++) check_rounding((*isa)->kernels, decimals, &random);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_as_divided)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
