/* Numbers read eight rows at a time against the same numbers read digit by digit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/kernels/isa.h"
#include "io/csv_columns.h"
#include "io/csv_lines.h"

enum { WIDTH = 3, ROUNDS = 3000 };

static uint32_t seed = 1;

static uint32_t any(uint32_t below)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % below;
}

/* Mostly numbers: digits with or without a point; sometimes a byte that is in no number. */
static size_t put_cell(char *out)
{
    static const char other[] = "./-:; \x2F\x3A\x80\xFF";
    size_t length = any(12);
    for (size_t i = 0; i < length; i++) out[i] = (char)('0' + any(10));
    if (length > 0 && any(3) > 0) out[any((uint32_t)length)] = '.';
    if (length > 0 && any(8) == 0) out[any((uint32_t)length)] = other[any(sizeof other - 1)];
    return length;
}

/* Grid steps of a plain number, -1: it is none. */
static int64_t steps_of(const char *text, size_t length, int decimals)
{
    int64_t steps = 0;
    int behind = -1;
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '.' && behind < 0 && i > 0)
            behind = 0;
        else if (text[i] >= '0' && text[i] <= '9') {
            steps = 10 * steps + (text[i] - '0');
            behind += behind >= 0;
        } else
            return -1;
    }
    if (behind > decimals) return -1;
    for (int i = behind < 0 ? 0 : behind; i < decimals; i++) steps *= 10;
    return steps;
}

/* All cells of this many bytes and digits on the grid are read at once, wherever but at the very start. */
static bool is_short(const char *text, size_t length, int decimals)
{
    const char *point = memchr(text, '.', length);
    size_t behind = point ? length - (size_t)(point - text) - 1 : 0;
    return length <= 8 && length - (point != NULL) + (size_t)decimals - behind <= 8;
}

static void check_block(hra_vector_level level)
{
    static char text[HRA_BLOCK_ROWS * 64 + HRA_TEXT_SLACK];
    hra_cell_ends ends[WIDTH + 1];
    union {
        uint16_t narrow[HRA_BLOCK_ROWS + 8];
        uint32_t wide[HRA_BLOCK_ROWS + 8];
    } codes;
    int rows = 1 + (int)any(HRA_BLOCK_ROWS), decimals = (int)any(4);
    hra_number_codes how = {.decimals = decimals, .low = any(50), .first = (int64_t)any(30) - 10, .wide = any(2)};
    how.high = how.low + any(60000);
    how.missing = 65000;
    size_t at = 0;
    memset(ends, 0, sizeof ends);
    for (int row = 0; row < rows; row++) {
        size_t start = at;
        for (int i = 0; i < WIDTH; i++) {
            at += put_cell(text + at);
            text[at++] = ',';
        }
        text[at - 1] = '\n';
        hra_find_cells(level, text, (uint32_t)start, (uint32_t)(at - 1 - start), ',', WIDTH, ends, row);
    }
    for (int row = rows; row < HRA_BLOCK_ROWS; row++)
        for (int i = 0; i <= WIDTH; i++) ends[i][row] = (uint32_t)i;
    for (int i = 0; i < WIDTH; i++) {
        hra_block_rows found = hra_number_column(level, text, ends[i], ends[i + 1], rows, &how, &codes);
        for (int row = 0; row < rows; row++) {
            const char *cell = text + (uint32_t)(ends[i][row] + 1);
            size_t length = ends[i + 1][row] - (ends[i][row] + 1);
            int64_t steps = steps_of(cell, length, decimals);
            bool known = !((found.blank | found.left) >> row & 1), right = steps >= how.low && steps <= how.high;
            assert_int_equal(found.blank >> row & 1, level != HRA_VECTOR_PLAIN && length == 0);
            if (level != HRA_VECTOR_PLAIN && length > 0 && ends[i + 1][row] >= 8)
                assert_int_equal(known, right && is_short(cell, length, decimals));
            if (known) assert_true(right);
            uint32_t code = how.wide ? codes.wide[row] : codes.narrow[row];
            assert_int_equal(code, known ? (uint32_t)(steps - how.first) & (how.wide ? UINT32_MAX : 0xFFFF) : 65000);
        }
    }
}

static void numbers(void **state)
{
    for (const hra_isa *const *isa = hra_isa_list(); *isa; isa++) {
        if (!(*isa)->supported()) continue;
        assert_int_equal(hra_isa_force((*isa)->name, NULL), HRA_OK);
        for (int i = 0; i < ROUNDS; i++) check_block(hra_vector_level_choose());
    }
    hra_isa_force(NULL, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(numbers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
