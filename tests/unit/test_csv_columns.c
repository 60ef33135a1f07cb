/* Cells found and read many at a time against the same cells found and read one by one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/calendar.h"
#include "engine/kernels/isa.h"
#include "io/csv/csv_columns.h"
#include "io/csv/csv_lines.h"
#include "io/words/cell_value.h"

enum { WIDTH = 3, ROUNDS = 3000 };

static uint32_t seed = 1;

static uint32_t any(uint32_t below)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % below;
}

/* Mostly numbers: digits with or without a point; sometimes a byte that is in no number. */
static size_t put_cell(char *out, uint32_t longest)
{
    static const char other[] = "./-:; \x2F\x3A\x80\xFF";
    size_t length = any(longest + 1);
    for (size_t i = 0; i < length; i++) out[i] = (char)('0' + any(10));
    if (length > 0 && any(3) > 0) out[any((uint32_t)length)] = '.';
    if (length > 0 && any(8) == 0) out[any((uint32_t)length)] = other[any(sizeof other - 1)];
    return length;
}

/* Nearly all as the column is printed: blank, or digits and so many decimals. */
static size_t put_alike(char *out, uint32_t longest, uint32_t decimals)
{
    if (any(40) == 0) return put_cell(out, longest);
    uint32_t behind = decimals > 0 ? decimals + 1 : 0,
             length = behind + 1 + any(longest > behind ? longest - behind : 1);
    if (any(10) == 0) return 0;
    for (uint32_t i = 0; i < length; i++) out[i] = (char)('0' + any(10));
    if (behind > 0) out[length - behind] = '.';
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

static void find_cells(hra_vector_level level, const char *text, const hra_record *records, int rows, int cells,
                       hra_cell_ends *ends)
{
    uint16_t *scratch = malloc(hra_find_cells_scratch(cells) * sizeof *scratch);
    assert_non_null(scratch);
    hra_find_cells(level, text, records, rows, ',', cells, scratch, ends);
    free(scratch);
}

static void on_each_level(void (*check)(hra_vector_level level))
{
    for (const hra_isa *const *isa = hra_isa_list(); *isa; isa++) {
        if (!(*isa)->supported()) continue;
        assert_int_equal(hra_isa_force((*isa)->name, NULL), HRA_OK);
        check(hra_vector_level_choose());
    }
    hra_isa_force(NULL, NULL);
}

/* Records of very different numbers of cells, of which the first are asked for. */
static void check_places(hra_vector_level level)
{
    enum { MOST = 300, LONGEST = 4 * MOST };
    static char text[HRA_BLOCK_ROWS * LONGEST + HRA_TEXT_SLACK];
    static hra_cell_ends ends[MOST + 1];
    hra_record records[HRA_BLOCK_ROWS];
    int rows = 1 + (int)any(HRA_BLOCK_ROWS), cells = 1 + (int)any(any(2) ? 12 : MOST);
    size_t at = 0;
    memset(text, ',', sizeof text);
    for (int row = 0; row < rows; row++) {
        int own = cells + (int)any(5) * (int)any(20);
        records[row].start = (uint32_t)at;
        for (int i = 0; i < own && i < MOST; i++, at++)
            for (uint32_t k = any(any(3) ? 2 : 4); k > 0; k--) text[at++] = 'x';
        records[row].length = (uint32_t)(at - 1) - records[row].start;
    }
    find_cells(level, text, records, rows, cells, ends);
    for (int row = 0; row < rows; row++) {
        uint32_t place = records[row].start - 1;
        for (int i = 0; i <= cells; i++) {
            assert_int_equal(ends[i][row], place);
            for (place++; place < records[row].start + records[row].length && text[place] != ',';) place++;
        }
    }
    for (int row = rows; row % 16 != 0; row++) assert_int_equal(ends[cells][row] - ends[cells - 1][row], 1);
}

static void check_many_places(hra_vector_level level)
{
    for (int i = 0; i < ROUNDS / 10; i++) check_places(level);
}

static void places(void **state) { on_each_level(check_many_places); }

/* A row whose places do not fit sixteen bits, or hardly, between short ones. */
static void check_long_row(hra_vector_level level)
{
    enum { ROWS = 20, LONG = 7, MOST = 66000 };
    static char text[ROWS * 8 + MOST + HRA_TEXT_SLACK];
    static hra_cell_ends ends[3];
    for (size_t length = 65400; length < MOST; length += 7) {
        hra_record records[ROWS];
        uint32_t at = 0;
        memset(text, 'x', sizeof text);
        for (int row = 0; row < ROWS; row++) {
            records[row] = (hra_record){.start = at, .length = row == LONG ? (uint32_t)length : 6, .cells = 2};
            text[at + records[row].length - 2] = ',';
            at += records[row].length + 1;
        }
        find_cells(level, text, records, ROWS, 2, ends);
        for (int row = 0; row < ROWS; row++) {
            uint32_t end = records[row].start + records[row].length;
            assert_int_equal(ends[0][row] + 1, records[row].start);
            assert_int_equal(ends[1][row], end - 2);
            assert_int_equal(ends[2][row], end);
        }
    }
}

static void long_rows(void **state) { on_each_level(check_long_row); }

/* Whether quotes stand around whole cells only, told byte by byte. */
static bool is_simple(const char *text, size_t length)
{
    for (size_t at = 0; at <= length; at++) { /* at a cell's start */
        const char *comma = memchr(text + at, ',', length - at);
        size_t end = comma ? (size_t)(comma - text) : length, cell = end - at;
        bool whole = cell >= 2 && text[at] == '"' && text[end - 1] == '"';
        if (memchr(text + at + whole, '"', cell - 2 * (size_t)whole)) return false;
        at = end;
    }
    return true;
}

static void check_quotes(hra_vector_level level)
{
    char text[256 + HRA_TEXT_SLACK] = {0};
    int simple = 0;
    for (int i = 0; i < 20 * ROUNDS; i++) {
        hra_record record = {.start = any(7)};
        char *row = text + record.start;
        for (int cells = 1 + (int)any(any(2) ? 3 : 50); cells > 0; cells--) {
            bool quoted = any(2);
            if (quoted) row[record.length++] = '"';
            for (uint32_t k = any(4); k > 0; k--) row[record.length++] = 'x';
            if (quoted) row[record.length++] = '"';
            if (cells > 1) row[record.length++] = ',';
            if (record.length > 200) break;
        }
        if (record.length > 0 && any(2)) row[any(record.length)] = "\",x"[any(3)];
        bool told = hra_quotes_are_simple(level, text, &record, ',');
        assert_int_equal(told, level != HRA_VECTOR_PLAIN && is_simple(row, record.length));
        simple += told;
    }
    assert_true(level == HRA_VECTOR_PLAIN || simple > ROUNDS);
}

static void quotes(void **state) { on_each_level(check_quotes); }

static void check_block(hra_vector_level level)
{
    static char text[HRA_BLOCK_ROWS * 64 + HRA_TEXT_SLACK];
    hra_cell_ends ends[WIDTH + 1];
    hra_record records[HRA_BLOCK_ROWS];
    union {
        uint16_t narrow[HRA_BLOCK_ROWS + 16];
        uint32_t wide[HRA_BLOCK_ROWS + 16];
    } codes;
    int rows = 1 + (int)any(HRA_BLOCK_ROWS), decimals = (int)any(4);
    hra_number_codes how = {.decimals = decimals, .low = any(50), .first = (int64_t)any(30) - 10, .wide = any(2)};
    how.high = how.low + any(60000);
    how.missing = 65000;
    uint32_t longest = any(2) ? 11 : 4, alike = any(2);
    size_t at = 0;
    memset(ends, 0, sizeof ends);
    for (int row = 0; row < rows; row++) {
        size_t start = at;
        for (int i = 0; i < WIDTH; i++) {
            at += alike ? put_alike(text + at, longest, (uint32_t)decimals) : put_cell(text + at, longest);
            text[at++] = ',';
        }
        text[at - 1] = '\n';
        records[row] = (hra_record){.start = (uint32_t)start, .length = (uint32_t)(at - 1 - start)};
    }
    find_cells(level, text, records, rows, WIDTH, ends);
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

static void check_numbers(hra_vector_level level)
{
    for (int i = 0; i < ROUNDS; i++) check_block(level);
}

static void numbers(void **state) { on_each_level(check_numbers); }

/* ---- days and single characters ----------------------------------------------------------- */

/* Cells of one column, one behind the other. */
typedef struct column {
    char text[HRA_BLOCK_ROWS * 16 + HRA_TEXT_SLACK];
    uint32_t before[HRA_BLOCK_ROWS], ends[HRA_BLOCK_ROWS], at;
    int rows;
} column;

static void add(column *c, const char *text, size_t length)
{
    c->before[c->rows] = c->at - 1;
    memcpy(c->text + c->at, text, length);
    c->at += (uint32_t)length;
    c->ends[c->rows++] = c->at++;
}

static uint32_t code_at(const void *codes, bool wide, int row)
{
    return wide ? ((const uint32_t *)codes)[row] : ((const uint16_t *)codes)[row];
}

static void check_day_block(hra_vector_level level, const column *c, bool wide)
{
    uint32_t codes[HRA_BLOCK_ROWS + 16];
    hra_number_codes how = {.low = -40000, .high = 80000, .first = -40000, .missing = 65535, .wide = wide};
    if (!wide) how = (hra_number_codes){.low = -20000, .high = 40000, .first = -20000, .missing = 65535};
    hra_block_rows found = hra_day_column(level, c->text, c->before, c->ends, c->rows, &how, codes);
    for (int row = 0; row < c->rows; row++) {
        size_t length = c->ends[row] - (c->before[row] + 1);
        double day = 0;
        bool known = hra_cell_plain_date(c->text + (uint32_t)(c->before[row] + 1), length, &day) &&
                     day >= (double)how.low && day <= (double)how.high;
        assert_int_equal(found.blank >> row & 1, length == 0);
        assert_int_equal(found.left >> row & 1, !known && length > 0);
        assert_int_equal(code_at(codes, wide, row), known ? (uint32_t)((int64_t)day - how.first) : 65535);
    }
}

/* Every day of four hundred years, and days that are none. */
static void check_days(hra_vector_level level)
{
    static const char *const notable[] = {"1900-01-01", "1899-12-31", "1899-12-30", "1899-12-29", "1900-01-02",
                                          "1850-01-01", "1849-12-31", "2200-12-31", "2201-01-01", "2000-02-29",
                                          "1900-02-29", "2100-02-29", "0000-01-01", "9999-12-31", "2024-02-29"};
    static column c;
    char text[HRA_DAY_TEXT];
    for (int day = -48000; day < 98000; c.rows = 0, c.at = 0) {
        int rows = 1 + (int)any(HRA_BLOCK_ROWS);
        for (int row = 0; row < rows; row++) {
            size_t length = strlen(hra_day_text(day++, text));
            if (any(8) == 0) memcpy(text, notable[any(sizeof notable / sizeof *notable)], length);
            if (any(3) == 0) text[any((uint32_t)length)] = "0123456789-/:"[any(13)];
            if (any(16) == 0) memcpy(text + 8, "31", 2);
            if (any(8) == 0) length = any(12);
            add(&c, text, length < sizeof text ? length : sizeof text);
        }
        check_day_block(level, &c, any(2));
    }
}

static void days(void **state) { on_each_level(check_days); }

static void check_shorts(hra_vector_level level)
{
    static column c;
    hra_short_codes meanings;
    uint32_t codes[HRA_BLOCK_ROWS + 16];
    for (int i = 0; i < 256; i++) meanings[i] = i < 128 && any(2) ? (int16_t)any(INT16_MAX) : -1;
    for (int i = 0; i < ROUNDS; i++, c.rows = 0, c.at = 0) {
        int rows = 1 + (int)any(HRA_BLOCK_ROWS);
        bool wide = any(2);
        for (int row = 0; row < rows; row++) {
            const char text[3] = {(char)any(256), (char)any(256), 'x'};
            add(&c, text, any(3) ? 1 : any(4));
        }
        hra_block_rows found = hra_short_column(level, c.text, c.before, c.ends, rows, meanings, 60000, wide, codes);
        for (int row = 0; row < rows; row++) {
            uint32_t start = c.before[row] + 1, length = c.ends[row] - start;
            int meaning = length == 1 ? meanings[(unsigned char)c.text[start]] : -1;
            assert_int_equal(found.blank >> row & 1, length == 0);
            assert_int_equal(found.left >> row & 1, length > 0 && meaning < 0);
            assert_int_equal(code_at(codes, wide, row), meaning < 0 ? 60000 : meaning);
        }
    }
}

static void shorts(void **state) { on_each_level(check_shorts); }

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(places), cmocka_unit_test(long_rows),
                                       cmocka_unit_test(quotes), cmocka_unit_test(numbers),
                                       cmocka_unit_test(days),   cmocka_unit_test(shorts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
