/* Suppression in one table: nothing hidden can be worked out, by subtraction or by bounds, and the proofs hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "service/group/suppress.h"

enum { MOST = 400, PROTECTION = 5 };

static hra_suppress_cell cells[MOST];

static int rows_of(const hra_suppress_table *t) { return t->rows == 1 ? 1 : t->rows + 1; }

static void add(hra_suppress_cell *sum, const hra_suppress_cell *part)
{
    sum->value += part->value;
    sum->room += part->room;
}

/* Fills in the sums of the cells. */
static void sum_up(hra_suppress_table *t)
{
    bool grid = t->rows > 1;
    for (int r = 0; r < t->rows; r++) {
        hra_suppress_cell *sum = hra_suppress_at(t, r, t->columns);
        sum->value = sum->room = 0;
        for (int c = 0; c < t->columns; c++) add(sum, hra_suppress_at(t, r, c));
    }
    for (int c = 0; grid && c <= t->columns; c++) {
        hra_suppress_cell *sum = hra_suppress_at(t, t->rows, c);
        sum->value = sum->room = 0;
        for (int r = 0; r < t->rows; r++) add(sum, hra_suppress_at(t, r, c));
    }
}

/* A table of counts among `known` people in each cell; what is from 1 to 10 is hidden, also of those without. */
static hra_suppress_table make(int rows, int columns, const int *values, int known)
{
    hra_suppress_table t = {rows, columns, cells};
    memset(cells, 0, sizeof cells);
    for (int r = 0; r < rows; r++)
        for (int c = 0; c < columns; c++) {
            int value = values[r * columns + c];
            *hra_suppress_at(&t, r, c) =
                (hra_suppress_cell){.value = (uint64_t)value, .room = (uint64_t)(known - value)};
        }
    sum_up(&t);
    for (int i = 0; i < rows_of(&t) * (columns + 1); i++)
        if ((cells[i].value >= 1 && cells[i].value <= 10) || (cells[i].room >= 1 && cells[i].room <= 10))
            cells[i].rule = HRA_HIDDEN_SMALL_COUNT;
    return t;
}

/* What somebody outside knows: shown cells, and that no cell is below 0 or above its people. */
static void attack(const hra_suppress_table *t, hra_bounds *bounds)
{
    int count = rows_of(t) * (t->columns + 1);
    for (int i = 0; i < count; i++) {
        bool hidden = t->cells[i].rule != HRA_SHOWN;
        int64_t value = (int64_t)t->cells[i].value, most = value + (int64_t)t->cells[i].room;
        bounds[i] = hidden ? (hra_bounds){0, most} : (hra_bounds){value, value};
    }
    assert_true(hra_bounds_narrow(bounds, t->rows, t->columns));
}

static void nothing_can_be_told(const hra_suppress_table *t)
{
    hra_bounds bounds[MOST];
    attack(t, bounds);
    for (int i = 0; i < rows_of(t) * (t->columns + 1); i++) {
        if (t->cells[i].rule == HRA_SHOWN) continue;
        if (bounds[i].low > (int64_t)t->cells[i].value || bounds[i].high < (int64_t)t->cells[i].value)
            fail_msg("the attack lost the truth in cell %d", i);
        if (bounds[i].high - bounds[i].low < PROTECTION)
            fail_msg("cell %d is known to lie from %d to %d", i, (int)bounds[i].low, (int)bounds[i].high);
    }
}

/* Moves people along the swap of every hidden cell, as far as it says: what is shown and every sum must stay. */
static void proofs_hold(const hra_suppress_table *t)
{
    int width = t->columns + 1, count = rows_of(t) * width, moves[MOST];
    for (int i = 0; i < count; i++) {
        hra_suppress_cell *cell = &t->cells[i];
        if (!hra_suppress_moves(t, i / width, i % width, moves)) continue;
        assert_true(cell->up + cell->down >= PROTECTION);
        for (int k = 0; k < count; k++) {
            int64_t low = (int64_t)t->cells[k].value - moves[k] * (int64_t)(moves[k] > 0 ? cell->down : -cell->up);
            int64_t high = (int64_t)t->cells[k].value + moves[k] * (int64_t)(moves[k] > 0 ? cell->up : -cell->down);
            if (moves[k] == 0) continue;
            assert_true(t->cells[k].rule != HRA_SHOWN);
            assert_true(low >= 0 && high >= 0);
        }
        for (int r = 0; r < rows_of(t); r++) {
            int sum = 0;
            for (int c = 0; c < t->columns; c++) sum += moves[r * width + c];
            assert_int_equal(sum, moves[r * width + t->columns]);
        }
        for (int c = 0; t->rows > 1 && c < width; c++) {
            int sum = 0;
            for (int r = 0; r < t->rows; r++) sum += moves[r * width + c];
            assert_int_equal(sum, moves[t->rows * width + c]);
        }
    }
}

static int hidden_count(const hra_suppress_table *t)
{
    int hidden = 0;
    for (int i = 0; i < rows_of(t) * (t->columns + 1); i++) hidden += t->cells[i].rule != HRA_SHOWN;
    return hidden;
}

/* A 3 x 4 table with one cell of 4, and its sums. */
static void one_small_cell(void **state)
{
    static const int values[] = {22, 31, 25, 40, 18, 4, 27, 33, 21, 30, 26, 38};
    hra_suppress_table t = make(3, 4, values, 100);
    assert_true(hra_suppress_protect(&t, PROTECTION));
    assert_int_equal(hidden_count(&t), 4); /* a rectangle, no sum among them */
    for (int i = 0; i < 20; i++)
        if (cells[i].rule != HRA_SHOWN) assert_true(i % 5 < 4 && i / 5 < 3);
    nothing_can_be_told(&t);
    proofs_hold(&t);
}

/* Hidden cells that stand there by themselves are not enough: 1 + 1 of a sum of 2 are told by the sum. */
static void too_small_a_pair(void **state)
{
    static const int values[] = {1, 1, 60, 70};
    hra_suppress_table t = make(1, 4, values, 100);
    assert_true(hra_suppress_protect(&t, PROTECTION));
    assert_true(hidden_count(&t) >= 3);
    nothing_can_be_told(&t);
}

/* The only cells are two, and neither can be moved: then the total goes, too. */
static void nothing_helps(void **state)
{
    static const int values[] = {1, 99};
    hra_suppress_table t = make(1, 2, values, 100);
    t.cells[0].room = 0;
    t.cells[1].room = 0;
    sum_up(&t);
    t.cells[2].rule = HRA_SHOWN;
    assert_false(hra_suppress_protect(&t, PROTECTION));
    assert_int_equal(hidden_count(&t), 3);
}

static void without_anything_small(void **state)
{
    static const int values[] = {20, 30, 40, 50, 60, 70};
    hra_suppress_table t = make(2, 3, values, 100);
    assert_true(hra_suppress_protect(&t, PROTECTION));
    assert_int_equal(hidden_count(&t), 0);
}

/* Subtraction finds what a table without protection hides: the attack of these tests is able to. */
static void the_attack_bites(void **state)
{
    static const int values[] = {22, 31, 25, 40, 18, 4, 27, 33, 21, 30, 26, 38};
    hra_suppress_table t = make(3, 4, values, 100);
    hra_bounds bounds[MOST];
    attack(&t, bounds);
    assert_int_equal(bounds[6].low, 4);
    assert_int_equal(bounds[6].high, 4);
}

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* Lines and tables of many shapes and fillings. */
static void random_tables(void **state)
{
    uint32_t random = 7;
    int unprotected = 0;
    for (int trial = 0; trial < 20000; trial++) {
        int rows = 1 + (int)(next_random(&random) % 4), columns = 2 + (int)(next_random(&random) % 6), values[32];
        int known = 30 + (int)(next_random(&random) % 200), most = 1 + (int)(next_random(&random) % (uint32_t)known);
        for (int i = 0; i < rows * columns; i++) values[i] = (int)(next_random(&random) % ((uint32_t)most + 1));
        hra_suppress_table t = make(rows, columns, values, known);
        int total = rows_of(&t) * (columns + 1) - 1;
        if (t.cells[total].rule != HRA_SHOWN) continue; /* then nothing is published at all */
        unprotected += !hra_suppress_protect(&t, PROTECTION);
        nothing_can_be_told(&t);
        proofs_hold(&t);
    }
    assert_true(unprotected < 2000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(one_small_cell),   cmocka_unit_test(too_small_a_pair),
                                       cmocka_unit_test(nothing_helps),    cmocka_unit_test(without_anything_small),
                                       cmocka_unit_test(the_attack_bites), cmocka_unit_test(random_tables)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
