/* Plain identifiers as words, their order, and the notes of those that came in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "io/id_run.h"

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

static hra_id_span span_of(const char *first, const char *second)
{
    hra_id_span span = {.ascending = true};
    const char *const texts[] = {first, second};
    for (int i = 0; i < 2; i++) {
        if (!texts[i]) continue;
        hra_plain_identifier identifier = plain(texts[i]);
        hra_id_span_add(&span, &identifier);
    }
    return span;
}

static void spans(void **state)
{
    hra_id_span span = span_of(NULL, NULL);
    assert_true(span.ascending && span.lowest.length == 0);
    span = span_of("P7", "P10");
    assert_true(span.ascending && span.lowest.length == 2 && span.highest.length == 3);
    assert_false(span_of("P7", "P7").ascending);
    assert_false(span_of("P10", "P7").ascending);
    hra_id_span_add(&span, NULL);
    assert_false(span.ascending);
    hra_plain_identifier later = plain("P11");
    hra_id_span_add(&span, &later);
    assert_false(span.ascending);
}

static bool goes_on(hra_id_run *run, const char *issuer, const char *first, const char *second)
{
    hra_id_span span = span_of(first, second);
    return hra_id_run_goes_on(run, issuer, &span);
}

static void runs(void **state)
{
    hra_id_run *run = hra_id_run_new(0);
    assert_true(goes_on(run, "", NULL, NULL));
    assert_true(goes_on(run, "", "A1", "A5"));
    assert_true(goes_on(run, "", NULL, NULL));
    assert_true(goes_on(run, "", "A6", NULL));
    assert_false(goes_on(run, "", "A6", "A7"));
    assert_false(goes_on(run, "", "A2", "A3"));
    assert_true(goes_on(run, "east", "A2", "A3")); /* another issuer: other persons */
    assert_false(goes_on(run, "", "A8", "A9"));    /* perhaps one of those before */
    assert_true(goes_on(run, "west", "A1", NULL));
    hra_id_run_free(run);
}

static hra_id_hash hash_of(uint64_t i) { return (hra_id_hash){{i * UINT64_C(0x9E3779B97F4A7C15), i}}; }

/* More than one block of notes. */
static void pour(void **state)
{
    enum { COUNT = 300000 };
    hra_id_run *run = hra_id_run_new(8 << 20);
    hra_id_set *set = hra_id_set_new();
    int64_t earlier, large = INT64_C(1) << 40;
    assert_non_null(run);
    for (int64_t i = 1; i <= COUNT; i++) hra_id_run_note(run, hash_of((uint64_t)i), i < COUNT ? i : large);
    assert_true(hra_id_run_is_whole(run));
    assert_int_equal(hra_id_run_count(run), COUNT);
    assert_true(hra_id_run_pour(run, set));
    assert_int_equal(hra_id_set_count(set), COUNT);
    for (int64_t i = 1; i <= COUNT + 1; i++) {
        assert_true(hra_id_set_add(set, hash_of((uint64_t)i), 7, &earlier));
        assert_int_equal(earlier, i < COUNT ? i : i == COUNT ? -1 : 0);
    }
    hra_id_set_free(set);
    hra_id_run_free(run);
}

static void too_many(void **state)
{
    hra_id_run *run = hra_id_run_new(3 << 20); /* one block of notes and not a second */
    for (uint64_t i = 0; i < 1 << 17; i++) hra_id_run_note(run, hash_of(i), 1);
    assert_true(hra_id_run_is_whole(run));
    hra_id_run_note(run, hash_of(1 << 17), 1);
    assert_false(hra_id_run_is_whole(run));
    hra_id_run_note(run, hash_of(1 << 18), 1);
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
                                       cmocka_unit_test(too_many)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
