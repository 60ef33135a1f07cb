/* Columns of workbooks: every one known has a title in both languages, and none of two registers' columns share one;
 * texts that a workbook cannot hold as they are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "report/branch/branch_book.h"
#include "report/results/xlsx_list.h"
#include "report/tools/xlsx_columns.h"
#include "report/tools/xlsx_text.h"
#include "service/enrolment/register_file.h"
#include "service/enrolment/register_titles.h"

static void every_column_has_titles(void **state)
{
    static const char *const languages[] = {"zh", "en"};
    for (int l = 0; l < 2; l++) {
        hra_words *words;
        assert_int_equal(hra_words_new(languages[l], &words, NULL), HRA_OK);
        for (int i = 0; i < hra_xlsx_columns_known(); i++) {
            const char *name = hra_xlsx_columns_name(i);
            hra_xlsx_column column = hra_xlsx_column_of(name, words);
            if (!hra_text_of(words, "column", name, NULL)) fail_msg("column.%s is not in %s.csv", name, languages[l]);
            assert_true(*column.title && column.width > 0);
        }
        for (int i = 0; i < HRA_BRANCH_LISTS; i++) {
            char name[64];
            hra_xlsx_list_name(hra_branch_lists[i], name);
            if (!hra_text_of(words, "sheet", name, NULL)) fail_msg("sheet.%s is not in %s.csv", name, languages[l]);
        }
        hra_words_free(words);
    }
}

static void titles_of_the_register_lead_back(void **state)
{
    static const char *const languages[] = {"zh", "en"};
    hra_register_titles *titles;
    assert_int_equal(hra_register_titles_new(&titles, NULL), HRA_OK);
    for (int l = 0; l < 2; l++) {
        hra_words *words;
        assert_int_equal(hra_words_new(languages[l], &words, NULL), HRA_OK);
        for (int i = 0; i < HRA_REGISTER_COLUMNS; i++) {
            const char *title = hra_xlsx_column_of(hra_register_columns[i], words).title;
            const char *name = hra_register_titles_find(titles, title, strlen(title));
            assert_non_null(name);
            assert_string_equal(name, hra_register_columns[i]);
        }
        hra_words_free(words);
    }
    assert_null(hra_register_titles_find(titles, "nurse", 5));
    hra_register_titles_free(titles);
}

static void unknown_columns_are_text(void **state)
{
    hra_words *words;
    assert_int_equal(hra_words_new("en", &words, NULL), HRA_OK);
    assert_int_equal(hra_xlsx_column_of("nurse", words).kind, HRA_XLSX_TEXT);
    assert_string_equal(hra_xlsx_column_of("nurse", words).title, "nurse");
    assert_int_equal(hra_xlsx_column_of("chd.risk", words).kind, HRA_XLSX_SHARE);
    assert_int_equal(hra_xlsx_column_of("chd.risk_age", words).kind, HRA_XLSX_NUMBER);
    assert_int_equal(hra_xlsx_column_of(".risk", words).kind, HRA_XLSX_TEXT);
    assert_int_equal(hra_xlsx_column_of("person", words).kind, HRA_XLSX_TEXT);
    assert_true(hra_xlsx_column_of("title_zh", words).hidden);
    assert_false(hra_xlsx_column_of("title_en", words).hidden);
    hra_words_free(words);
}

/* What Excel would take for an escape comes back as it was; XML takes neither noncharacters nor broken UTF-8. */
static void texts_come_back_as_they_were(void **state)
{
    static const char *const texts[][2] = {
        {"", ""},
        {"plain_text_x", "plain_text_x"},
        {"_x0041_", "_x005F_x0041_"},
        {"a_x00e9_x00E9_b", "a_x005F_x00e9_x005F_x00E9_b"},
        {"_x00G1_ _x0041 __x0041_", "_x00G1_ _x0041 __x005F_x0041_"},
        {"\xEF\xBF\xBE", "\xEF\xBF\xBD"},
        {"a\xEF\xBF\xBF\xE7\x8E\x8B", "a\xEF\xBF\xBD\xE7\x8E\x8B"},
        {"\xF0\x9F\x98\x80\xE7\x8E\x8B", "\xF0\x9F\x98\x80\xE7\x8E\x8B"},
        {"a\xC3", "a\xEF\xBF\xBD"},
    };
    hra_buffer room = {0};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_string_equal(hra_xlsx_text(texts[i][0], &room), texts[i][1]);
    hra_buffer_destroy(&room);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_column_has_titles),
        cmocka_unit_test(titles_of_the_register_lead_back),
        cmocka_unit_test(unknown_columns_are_text),
        cmocka_unit_test(texts_come_back_as_they_were),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
