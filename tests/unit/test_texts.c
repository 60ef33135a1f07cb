/* The message catalogues: every key used in C, in both languages, with the same places. */
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "report/tools/texts.h"
#include "tests/unit/file_fixture.h"

static hra_words *zh, *en;

static int set_up(void **state)
{
    hra_error error = {0};
    return hra_words_new("zh", &zh, &error) || hra_words_new("en", &en, &error);
}

static int tear_down(void **state)
{
    hra_words_free(zh);
    hra_words_free(en);
    return 0;
}

static bool has(const hra_words *words, const char *key)
{
    for (int i = 0; i < hra_words_count(words); i++)
        if (strcmp(hra_words_key(words, i), key) == 0) return true;
    return false;
}

/* Which of {0} to {9} a text has, as bits; -1: a brace that is no place. */
static int places(const char *text)
{
    int found = 0;
    for (const char *at = text; (at = strpbrk(at, "{}")) != NULL; at += 3) {
        if (at[0] != '{' || at[1] < '0' || at[1] > '9' || at[2] != '}') return -1;
        found |= 1 << (at[1] - '0');
    }
    return found;
}

static void languages_have_the_same_keys_and_places(void **state)
{
    assert_true(hra_words_count(zh) > 40);
    for (int i = 0; i < hra_words_count(zh); i++) {
        const char *key = hra_words_key(zh, i);
        if (!has(en, key)) fail_msg("en.csv lacks %s", key);
        if (places(hra_text(zh, key)) < 0) fail_msg("zh.csv: %s has a brace that is no place", key);
        if (places(hra_text(zh, key)) != places(hra_text(en, key))) fail_msg("%s has other places in en.csv", key);
        if (!*hra_text(zh, key) != !*hra_text(en, key)) fail_msg("%s is empty in one language", key);
    }
    for (int i = 0; i < hra_words_count(en); i++)
        if (!has(zh, hra_words_key(en, i))) fail_msg("zh.csv lacks %s", hra_words_key(en, i));
}

/* Keys stand as literals in hra_text(words, "key"), hra_view_fill(build, "key", ...) and in tables of keys, which are
 * literals "word.word" in the same file. Every literal of the first two kinds must be in the catalogue. */
static int check_calls(const char *path, const char *text, const char *call)
{
    int count = 0;
    for (const char *at = text; (at = strstr(at, call)) != NULL; at += strlen(call)) {
        const char *end = strchr(at, ';');
        for (const char *open = at; end && (open = strchr(open, '"')) != NULL && open < end;) {
            const char *close = strchr(open + 1, '"');
            char key[128];
            if (!close || (size_t)(close - open) > sizeof key) break;
            snprintf(key, sizeof key, "%.*s", (int)(close - open - 1), open + 1);
            bool is_key = key[0] && strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789_.") == strlen(key);
            if (is_key && strstr(key, ".") && !has(zh, key)) fail_msg("%s uses %s, which is not in zh.csv", path, key);
            count += is_key;
            open = close + 1;
        }
    }
    return count;
}

static int check_files(const char *pattern)
{
    static const char *const calls[] = {"hra_text(", "hra_view_fill(", "keys[] = {", "sentences[] = {"};
    glob_t found;
    int used = 0;
    assert_int_equal(glob(pattern, 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        char *text = file_text(found.gl_pathv[i]);
        if (strstr(text, "report/tools/texts.h") || strstr(text, "report/person/person_view"))
            for (size_t c = 0; c < sizeof calls / sizeof *calls; c++)
                used += check_calls(found.gl_pathv[i], text, calls[c]);
        free(text);
    }
    globfree(&found);
    return used;
}

static void every_key_in_c_is_there(void **state)
{
    assert_true(check_files(HRA_SOURCE_DIR "/report/*/*.c") > 20);
    assert_true(check_files(HRA_SOURCE_DIR "/cli/*.c") > 5);
}

static void places_are_filled(void **state)
{
    hra_buffer out = {0};
    const char *values[] = {"7", "b"};
    hra_text_fill("{0} of {1}, {2} {x}", values, 2, &out);
    assert_string_equal(out.bytes, "7 of b, {2} {x}");
    hra_buffer_destroy(&out);
    assert_string_equal(hra_text(en, "no.such.key"), "no.such.key");
    assert_string_equal(hra_text_of(en, "severity", "mild", "?"), "mild");
    assert_string_equal(hra_text_of(en, "severity", "none", "?"), "?");
}

static void lists_with_commas_have_semicolons(void **state)
{
    assert_true(hra_text_holds_comma("Hypertension, diagnosed"));
    assert_true(hra_text_holds_comma("身高、体重"));
    assert_false(hra_text_holds_comma("Waist"));
    assert_string_equal(hra_list_separator(en, false), ", ");
    assert_string_equal(hra_list_separator(en, true), "; ");
    assert_string_equal(hra_list_separator(zh, false), "、");
    assert_string_equal(hra_list_separator(zh, true), "；");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(languages_have_the_same_keys_and_places),
        cmocka_unit_test(every_key_in_c_is_there),
        cmocka_unit_test(places_are_filled),
        cmocka_unit_test(lists_with_commas_have_semicolons),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
