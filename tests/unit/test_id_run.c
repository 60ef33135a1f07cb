/* Plain identifiers as words, their order, and the notes of those that came in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "io/identity/id_run.h"

static uint64_t random_state = 1;

static uint32_t random_below(uint32_t limit)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(random_state >> 33) % limit;
}

/* What a cell is, one character after the other; 0: not plain. */
static size_t length_of_plain(const char *text, size_t most, char delimiter)
{
    size_t length = 0;
    while (length < most && text[length] != delimiter) length++;
    for (size_t i = 0; i < length; i++)
        if (!((text[i] >= '0' && text[i] <= '9') || (text[i] >= 'A' && text[i] <= 'Z'))) return 0;
    return length <= HRA_PLAIN_IDENTIFIER ? length : 0;
}

static hra_plain_identifier plain(const char *text)
{
    char room[64] = {0};
    hra_plain_identifier found;
    snprintf(room, sizeof room, "%s", text);
    assert_true(hra_plain_identifier_read(room, strlen(room), ',', &found));
    return found;
}

static void read_identifier(void **state)
{
    static const char usual[] = "0123456789ABCXYZ", odd[] = "/:@[`az{ \"'\t\n\r\x7F\x80\xFF\xB0\0+-";
    for (int round = 0; round < 200000; round++) {
        char text[64], delimiter = ",;\tA"[random_below(4)];
        for (size_t i = 0; i < sizeof text; i++) text[i] = usual[random_below(sizeof usual - 1)];
        if (random_below(2)) text[random_below(32)] = odd[random_below(sizeof odd)];
        if (random_below(4)) text[random_below(32)] = delimiter;
        size_t most = random_below(34), expected = length_of_plain(text, most, delimiter);
        hra_plain_identifier found;
        assert_int_equal(hra_plain_identifier_read(text, most, delimiter, &found), expected > 0);
        if (expected == 0) continue;
        assert_int_equal(found.length, expected);
        for (size_t i = 0; i < HRA_PLAIN_IDENTIFIER; i++) {
            unsigned char byte = (unsigned char)(found.words[i / 8] >> (56 - 8 * (i % 8)));
            assert_int_equal(byte, i < expected ? (unsigned char)text[i] : 0);
        }
    }
}

static void order(void **state)
{
    static const char *const ascending[] = {"0",
                                            "9",
                                            "A",
                                            "10",
                                            "P9",
                                            "P10",
                                            "00000001",
                                            "00000002",
                                            "11010119900101001",
                                            "110101199001010010",
                                            "110101199001010011",
                                            "11010119900101001X",
                                            "210101199001010010",
                                            "AAAAAAAAAAAAAAAAAAAAAAAA",
                                            "AAAAAAAAAAAAAAAAAAAAAAAB"};
    enum { COUNT = sizeof ascending / sizeof ascending[0] };
    for (int i = 0; i < COUNT; i++)
        for (int j = 0; j < COUNT; j++) {
            hra_plain_identifier a = plain(ascending[i]), b = plain(ascending[j]);
            assert_int_equal(hra_plain_identifier_before(&a, &b), i < j);
        }
}

static void add(hra_id_span *span, const char *text, int64_t line)
{
    char room[64] = {0};
    snprintf(room, sizeof room, "%s", text);
    bool good = hra_plain_identifier_read(room, strlen(room), ',', hra_id_span_room(span));
    hra_id_span_add(span, good ? room : NULL, line);
}

static void spans(void **state)
{
    hra_id_span span = {0};
    hra_id_span_begin(&span);
    assert_true(span.ascending && span.count == 0);
    add(&span, "P7", 2);
    add(&span, "P10", 3);
    assert_true(span.ascending && span.count == 2 && span.lowest.length == 2);
    static const char *const ends[] = {"P10", "P7", "P1", "p11", "P 11", ""};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        hra_id_span_begin(&span);
        add(&span, "P10", 2);
        add(&span, ends[i], 3);
        assert_false(span.ascending);
        add(&span, "P99", 4);
        assert_false(span.ascending);
    }
    hra_id_span_destroy(&span);
}

static bool goes_on(hra_id_run *run, const char *issuer, const char *first, const char *second)
{
    hra_id_span span = {0};
    hra_id_span_begin(&span);
    if (first) add(&span, first, 1);
    if (second) add(&span, second, 2);
    bool good = hra_id_run_add(run, issuer, 0, &span);
    hra_id_span_destroy(&span);
    return good;
}

static void runs(void **state)
{
    hra_id_run *run = hra_id_run_new(100);
    assert_true(goes_on(run, "", NULL, NULL));
    assert_true(goes_on(run, "", "A1", "A5"));
    assert_true(goes_on(run, "", NULL, NULL));
    assert_true(goes_on(run, "", "A6", NULL));
    assert_false(goes_on(run, "", "A6", "A7"));
    assert_false(goes_on(run, "", "A2", "A3"));
    assert_false(goes_on(run, "", "A9", "A8"));
    assert_true(goes_on(run, "east", "A2", "A3")); /* another issuer: other persons */
    assert_false(goes_on(run, "", "A8", "A9"));    /* perhaps one of those before */
    assert_true(goes_on(run, "west", "A1", NULL));
    assert_int_equal(hra_id_run_count(run), 6);
    hra_id_run_free(run);
}

/* ---- pouring ------------------------------------------------------------------------------- */

static hra_code hash_text(const void *context, const char *issuer, const hra_identifier *identifiers, int count,
                          hra_id_hash *out, hra_error *error)
{
    (void)error;
    hra_id_hasher own = hra_id_hasher_of_issuer(context, issuer);
    for (int i = 0; i < count; i++)
        assert_true(hra_id_hash_text(&own, identifiers[i].text, identifiers[i].length, &out[i]));
    return HRA_OK;
}

/* Ascending, of all lengths and with all steps; lines jump back and far. */
static size_t make_identifier(uint64_t *number, int i, char text[40], int64_t *line)
{
    static const char *const forms[] = {"%llu", "P%llu", "H%011lluX", "110101%015llu", "AAAAAAAAA%015llu"};
    static const uint64_t steps[] = {1, 7, 1000, 65536, 99999};
    *number += steps[random_below(5)];
    static const int64_t jumps[] = {1, 1, 2, 255, 256, -5, 70000, INT64_C(1) << 33};
    *line += i == 0 ? 2 : jumps[random_below(i % 100 == 0 ? 8 : 3)];
    return (size_t)snprintf(text, 40, forms[i / 20000], (unsigned long long)(10 + *number));
}

/* Every identifier is found with its line, of several files and issuers, whatever they look like. */
static void pour(void **state)
{
    enum { COUNT = 100000, BATCH = 777 };
    static const char *const issuers[] = {"", "", "east", "west", "west"};
    hra_id_run *run = hra_id_run_new(COUNT);
    hra_id_set *set = hra_id_set_new();
    hra_id_hasher hasher;
    hra_id_span span = {0};
    assert_true(hra_id_hasher_start(&hasher));
    for (int pass = 0; pass < 2; pass++) {
        int64_t line = 0, earlier;
        uint64_t number = 0;
        random_state = 7;
        hra_id_span_begin(&span);
        for (int i = 0; i < COUNT; i++) {
            char text[64] = {0};
            int file = i / 20000;
            size_t length = make_identifier(&number, i, text, &line);
            if (pass == 0) {
                add(&span, text, line);
                if (i % BATCH != 0 && i % 20000 != 19999) continue;
                assert_true(hra_id_run_add(run, issuers[file], 1000 * file, &span));
                hra_id_span_begin(&span);
                continue;
            }
            hra_id_hash hash;
            assert_int_equal(hash_text(&hasher, issuers[file], &(hra_identifier){text, length}, 1, &hash, NULL),
                             HRA_OK);
            assert_true(hra_id_set_add(set, hash, 7, &earlier));
            assert_int_equal(earlier, line + 1000 * file < UINT32_MAX ? line + 1000 * file : -1);
        }
        if (pass == 1) break;
        assert_true(hra_id_run_is_whole(run));
        assert_int_equal(hra_id_run_count(run), COUNT);
        assert_int_equal(hra_id_run_pour(run, hash_text, &hasher, set, NULL), HRA_OK);
        assert_int_equal(hra_id_set_count(set), COUNT);
    }
    hra_id_span_destroy(&span);
    hra_id_set_free(set);
    hra_id_run_free(run);
}

static void too_many(void **state)
{
    hra_id_run *run = hra_id_run_new(3);
    assert_true(goes_on(run, "", "A1", "A2"));
    assert_true(goes_on(run, "", "A3", NULL));
    assert_true(hra_id_run_is_whole(run));
    assert_true(goes_on(run, "", "A4", NULL)); /* in order, but none is noted any more */
    assert_false(hra_id_run_is_whole(run));
    assert_true(goes_on(run, "", "A5", NULL));
    assert_false(goes_on(run, "", "A5", NULL));
    assert_int_equal(hra_id_run_count(run), 0);
    hra_id_run_free(run);
}

/* Neighbours that share nothing take more room each than a set has. */
static void too_long(void **state)
{
    enum { MOST = 50 };
    hra_id_run *run = hra_id_run_new(MOST);
    int count = 0;
    for (; count < 26 && hra_id_run_is_whole(run); count++) {
        char first[64], second[64];
        snprintf(first, sizeof first, "%c1BCDEFGHIJKLMNOPQRSTUVW", 'A' + count);
        snprintf(second, sizeof second, "%c2ZYXWVUTSRQPONMLKJIHGFE", 'A' + count);
        assert_true(goes_on(run, "", first, second));
    }
    assert_in_range(2 * count, 16 * MOST / 33, 16 * MOST / 24 + 2);
    assert_true(goes_on(run, "", "ZZ0000000000000000000000", NULL));
    assert_int_equal(hra_id_run_count(run), 0);
    hra_id_run_free(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(read_identifier),
                                       cmocka_unit_test(order),
                                       cmocka_unit_test(spans),
                                       cmocka_unit_test(runs),
                                       cmocka_unit_test(pour),
                                       cmocka_unit_test(too_many),
                                       cmocka_unit_test(too_long)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
