/* Texts of labels: those of the input keep their numbers and are not copied; others are numbered as they come. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "io/results/result_labels.h"

static const char *const rising[] = {"G1", "G2", "H"};
static const char *const mixed[] = {"north", "east", "west", "south"};
static const char *const twins[] = {"b", "a", "c", "a"};

static hra_schema schema_of(const hra_label_texts *texts, int count)
{
    return (hra_schema){.label_count = count, .label_texts = texts};
}

static void known_texts_are_shared(void **state)
{
    const hra_label_texts texts[] = {{rising, 3}, {mixed, 4}, {twins, 4}, {NULL, 0}};
    hra_schema schema = schema_of(texts, 4);
    hra_result_labels *labels = hra_result_labels_new(&schema);
    assert_non_null(labels);
    const bool *numbered = hra_result_labels_numbered(labels);
    assert_true(numbered[0] && numbered[1] && !numbered[2] && numbered[3]);
    int count;
    assert_ptr_equal(hra_result_labels_texts(labels, 0, &count), rising);
    assert_int_equal(count, 3);
    assert_ptr_equal(hra_result_labels_texts(labels, 1, &count), mixed);
    assert_int_equal(count, 4);
    hra_result_labels_texts(labels, 2, &count);
    assert_int_equal(count, 0);
    assert_string_equal(mixed[1], "east"); /* not put in order */
    hra_result_labels_free(labels);
}

static void expect_index(hra_result_labels *labels, const hra_label_codes *codes, int rows, const int32_t *wanted)
{
    int32_t index[8];
    hra_error error;
    assert_int_equal(hra_result_labels_index(labels, 0, codes, rows, NULL, index, &error), HRA_OK);
    for (int i = 0; i < rows; i++) assert_int_equal(index[i], wanted[i]);
}

/* Two chunks with tables of their own, in which a text may stand twice. */
static void others_are_numbered_as_they_come(void **state)
{
    const hra_label_texts known = {twins, 4};
    const hra_schema schemas[] = {schema_of(NULL, 1), schema_of(&known, 1)};
    for (int s = 0; s < 2; s++) {
        hra_result_labels *labels = hra_result_labels_new(&schemas[s]);
        assert_non_null(labels);
        const int32_t first[] = {2, -1, 3, 1, 0}, second[] = {1, 3, 0, 2};
        expect_index(labels, &(hra_label_codes){first, twins, 4}, 5, (const int32_t[]){0, -1, 1, 1, 2});
        expect_index(labels, &(hra_label_codes){second, mixed, 4}, 4, (const int32_t[]){3, 4, 5, 6});
        expect_index(labels, &(hra_label_codes){first, twins, 4}, 3, (const int32_t[]){0, -1, 1});
        expect_index(labels, &(hra_label_codes){NULL, twins, 4}, 2, (const int32_t[]){-1, -1});
        int count;
        const char *const *texts = hra_result_labels_texts(labels, 0, &count);
        const char *const wanted[] = {"c", "a", "b", "east", "south", "north", "west"};
        assert_int_equal(count, 7);
        for (int i = 0; i < count; i++) assert_string_equal(texts[i], wanted[i]);
        hra_result_labels_free(labels);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_texts_are_shared),
        cmocka_unit_test(others_are_numbered_as_they_come),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
