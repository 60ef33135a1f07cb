/* Words of categories and flags: the same codes whatever vectors the processor has, in columns where equal words mean
 * different things and words are alike, share places in the memory of words, or mean nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/language/library.h"
#include "io/csv/csv_source.h"
#include "io/csv/csv_words.h"

/* Of all lengths around those where a word is kept in another way; some differ in one byte, or only in their length. */
static const char *const words[] = {
    "a",        "ab",        "abc",        "abcdefg",          "abcdefgh",         "abcdefgx",           "abcdefghi",
    "bbcdefgh", "aaaaaaaaa", "aaaaaaaaaa", "abcdefghijklmnop", "abcdefghxjklmnop", "abcdefghijklmno_17", "zz"};
/* So many columns that one word has the same place in the memory for some of them. */
enum { WORDS = sizeof words / sizeof words[0], LONGEST = WORDS - 4, TOO_LONG = WORDS - 2, COLUMNS = 700, ROWS = 300 };

static hra_library *library;
static char folder[] = "/tmp/hra-words-XXXXXX", path[64];
static uint64_t random_state = 1;

static uint32_t random_below(uint32_t limit)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(random_state >> 33) % limit;
}

/* ---- the column by itself ----------------------------------------------------------------- */

static int32_t code_of(const hra_known_words *known, const char *const *added, const char *text, size_t length)
{
    for (int i = 0; i < known->count; i++)
        if (strlen(added[i]) == length && memcmp(added[i], text, length) == 0) return known->words[i].code;
    return -1;
}

static void column_by_itself(void **state)
{
    static const char *const added[] = {"abcdefgh", "a", "aaaaaaaaa", "abcdefghijklmnop", "zz"};
    hra_known_words known = {0};
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 5; i++) hra_known_words_add(&known, added[i], strlen(added[i]), 10 + i);
    assert_int_equal(known.count, 5);
    hra_known_words_add(&known, words[TOO_LONG], strlen(words[TOO_LONG]), 3); /* too long */
    assert_int_equal(known.count, 5);
    for (int round = 0; round < 3000; round++) {
        char text[HRA_BLOCK_ROWS * 32 + 128] = {0};
        uint32_t before[HRA_BLOCK_ROWS] = {0}, ends[HRA_BLOCK_ROWS] = {0}, codes[HRA_BLOCK_ROWS], at = 16;
        uint16_t small[HRA_BLOCK_ROWS];
        uint64_t wanted = 0;
        for (int row = 0; row < HRA_BLOCK_ROWS; row++) {
            const char *word = words[random_below(WORDS)];
            before[row] = at - 1;
            at += (uint32_t)snprintf(text + at, 32, "%s", word);
            ends[row] = at;
            text[at++] = ',';
            wanted |= (uint64_t)(random_below(4) > 0) << row;
        }
        memset(codes, 0xEE, sizeof codes);
        memset(small, 0xEE, sizeof small);
        uint64_t left = hra_word_column(hra_vector_level_choose(), text, before, ends, wanted, &known, true, codes);
        assert_true(left ==
                    hra_word_column(hra_vector_level_choose(), text, before, ends, wanted, &known, false, small));
        assert_true((left & ~wanted) == 0);
        for (int row = 0; row < HRA_BLOCK_ROWS; row++) {
            int32_t code = code_of(&known, added, text + before[row] + 1, ends[row] - before[row] - 1);
            bool put = (wanted & ~left) >> row & 1;
            if (hra_vector_level_choose() == HRA_VECTOR_AVX512) assert_int_equal(put, code >= 0 && (wanted >> row & 1));
            assert_int_equal(codes[row], put ? (uint32_t)code : 0xEEEEEEEE);
            assert_int_equal(small[row], put ? (uint32_t)code : 0xEEEE);
        }
    }
}

/* ---- files ---------------------------------------------------------------------------------- */

/* Column c means by word w level (w + c) % WORDS; -1: a word without a meaning. */
static int level_of(int column, int word) { return word < 0 ? -1 : (word + column) % WORDS; }

static bool is_word(const char *text)
{
    for (int i = 0; i < WORDS; i++)
        if (strcmp(text, words[i]) == 0) return true;
    return false;
}

/* One that differs from a word in a byte, often in some of the second eight, and may have its place in the memory. */
static void put_meaningless(FILE *file)
{
    char text[32];
    do {
        bool second = random_below(2);
        const char *word = words[second ? LONGEST : random_below(WORDS)];
        uint32_t length = (uint32_t)snprintf(text, sizeof text, "%s", word);
        for (int i = 0; i < (second ? 4 : 1); i++)
            text[second ? 8 + random_below(8) : random_below(length)] = (char)('b' + random_below(25));
    } while (is_word(text) || strlen(text) == 1);
    fputs(text, file);
}

static void write_table(bool quoted, int (*table)[COLUMNS])
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (int c = 0; c < COLUMNS; c++) fprintf(file, "%sword_%d", c ? "," : "ID,", c);
    for (int row = 0; row < ROWS; row++) {
        fprintf(file, "\nP%d", row);
        for (int c = 0; c < COLUMNS; c++) {
            table[row][c] = random_below(8) > 0 ? (int)random_below(WORDS) : -1;
            fprintf(file, quoted ? ",\"" : ",");
            if (table[row][c] < 0)
                put_meaningless(file);
            else
                fputs(words[table[row][c]], file);
            if (quoted) fputc('"', file);
        }
    }
    assert_int_equal(fclose(file), 0);
}

static void check_chunk(const hra_source *source, const hra_chunk *chunk, int (*table)[COLUMNS])
{
    for (int c = 0; c < COLUMNS; c++) {
        const hra_column *column = &source->schema->columns[c];
        for (int row = 0; row < chunk->rows; row++) {
            int level = level_of(c, table[chunk->first_row + row][c]);
            uint32_t code = chunk->columns[c].u16[row];
            if (level < 0)
                assert_int_equal(code, hra_column_missing(column));
            else
                assert_true(hra_column_value(column, code) == level);
        }
    }
}

static void read_table(const char *isa, int (*table)[COLUMNS])
{
    const char *name = path;
    hra_csv_options options = {0};
    hra_error error = {0};
    hra_source *source;
    int64_t sequence, rows = 0;
    void *ticket;
    hra_chunk chunk;
    setenv("HRA_ISA", isa, 1);
    if (hra_csv_open(&name, 1, hra_library_dictionary(library), &options, &source, &error) != HRA_OK)
        fail_msg("%s", error.message);
    assert_int_equal(source->schema->column_count, COLUMNS);
    for (;;) {
        assert_int_equal(source->claim(source, &sequence, &ticket, &error), HRA_OK);
        if (sequence < 0) break;
        assert_int_equal(source->fill(source, sequence, ticket, &chunk, &error), HRA_OK);
        check_chunk(source, &chunk, table);
        rows += chunk.rows;
        source->release(source, &chunk);
    }
    assert_int_equal(rows, ROWS);
    source->close(source);
    unsetenv("HRA_ISA");
}

static void columns_of_a_file(void **state)
{
    static int table[ROWS][COLUMNS];
    static const char *const ways[] = {"scalar", "avx2", "avx512"};
    for (int quoted = 0; quoted < 2; quoted++) {
        write_table(quoted, table);
        for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) read_table(ways[i], table);
    }
}

/* ---- */

static int set_up(void **state)
{
    hra_buffer text = {0};
    hra_error error = {0};
    hra_diagnostics *faults = hra_diagnostics_new();
    for (int c = 0; c < COLUMNS; c++) {
        hra_buffer_printf(&text, "variable word_%d { type category title \"W\"", c);
        for (int level = 0; level < WORDS; level++)
            hra_buffer_printf(&text, " level %s %d", words[(level + WORDS * COLUMNS - c) % WORDS], level);
        hra_buffer_text(&text, " }\n");
    }
    library = hra_library_new();
    int code = hra_library_add_text(library, "words.hra", text.bytes, text.length, faults, &error);
    if (code == HRA_OK) code = hra_library_check(library, faults, &error);
    hra_buffer_clear(&text);
    hra_diagnostics_print(faults, &text);
    if (code != HRA_OK) fprintf(stderr, "%s\n%s\n", error.message, text.bytes ? text.bytes : "");
    hra_buffer_destroy(&text);
    hra_diagnostics_free(faults);
    if (code != HRA_OK || !mkdtemp(folder)) return -1;
    snprintf(path, sizeof path, "%s/words.csv", folder);
    return 0;
}

static int tear_down(void **state)
{
    unlink(path);
    hra_library_free(library);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(column_by_itself), cmocka_unit_test(columns_of_a_file)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
