/* The sentences of inspection and of held files: every one stands in the catalogue, and takes the same values in both
 * languages. */
#include <ctype.h>
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "intake/profiles/intake_words.h"
#include "io/words/phrases.h"
#include "service/tables/rule_table.h"
#include "tests/unit/file_fixture.h"

static hra_arena *arena;
static const hra_intake_words *zh, *en, *rejects;

static int set_up(void **state)
{
    hra_error error = {0};
    arena = hra_arena_new();
    return hra_reject_words_new("zh", arena, &rejects, &error) || hra_intake_words_new("zh", arena, &zh, &error) ||
           hra_intake_words_new("en", arena, &en, &error);
}

static int tear_down(void **state)
{
    hra_arena_free(arena);
    return 0;
}

enum { MOST_VALUES = 12, TYPE = 8 };

typedef struct values {
    char types[MOST_VALUES][TYPE]; /* "lld", "s", "g"; "" none */
    int count;
    bool plain, numbered;
} values;

/* What a printf format takes, by place: %2$s is the second value. */
static values values_of(const char *format)
{
    values v = {.count = 0};
    for (const char *at = format; (at = strchr(at, '%')) != NULL;) {
        if (*++at == '%') {
            at++;
            continue;
        }
        size_t digits = strspn(at, "0123456789");
        bool numbered = digits > 0 && at[digits] == '$';
        int place = numbered ? atoi(at) - 1 : v.count;
        if (numbered) at += digits + 1;
        at += strspn(at, ".0123456789");
        size_t length = strspn(at, "l") + 1;
        assert_in_range(place, 0, MOST_VALUES - 1);
        snprintf(v.types[place], TYPE, "%.*s", (int)length, at);
        if (place >= v.count) v.count = place + 1;
        v.numbered |= numbered;
        v.plain |= !numbered;
    }
    return v;
}

static void both_languages_take_the_same_values(void **state)
{
    static const char *const columns[] = {"en", "zh"};
    hra_rule_table table;
    hra_error error = {0};
    assert_int_equal(hra_rule_table_load(NULL, "datasets/intake_texts.csv", columns, 2, arena, &table, &error), HRA_OK);
    assert_true(table.count > 80);
    for (int i = 0; i < table.count; i++) {
        const char *const *cells = table.rows[i].cells;
        values english = values_of(cells[0]), chinese = values_of(cells[1]);
        if (!*cells[1]) fail_msg("no Chinese for: %s", cells[0]);
        if (chinese.plain && chinese.numbered) fail_msg("some places have a number, some none: %s", cells[1]);
        if (english.count != chinese.count || memcmp(english.types, chinese.types, sizeof english.types) != 0)
            fail_msg("other values in Chinese: %s", cells[0]);
        for (int k = 0; k < i; k++)
            if (strcmp(table.rows[k].cells[0], cells[0]) == 0) fail_msg("twice: %s", cells[0]);
        size_t breaks[2] = {0};
        for (int c = 0; c < 2; c++)
            for (const char *at = cells[c]; (at = strstr(at, "\\n")) != NULL; at += 2) breaks[c]++;
        if (breaks[0] != breaks[1]) fail_msg("other lines in Chinese: %s", cells[0]); /* a question is one line */
    }
}

/* One literal of C with those that follow it: its text. Returns what comes after. */
static const char *read_literals(const char *at, char out[1024])
{
    size_t n = 0;
    while (*at == '"') {
        for (at++; *at != '"'; at++) {
            assert_true(*at && n < 1000);
            bool escaped = *at == '\\';
            if (escaped) at++;
            out[n++] = (char)(escaped && *at == 'n' ? '\n' : *at);
        }
        const char *next = at + 1;
        while (isspace((unsigned char)*next)) next++;
        if (*next != '"') {
            at++;
            break;
        }
        at = next;
    }
    out[n] = '\0';
    return at;
}

/* Every sentence among the arguments of such calls is in the catalogue. */
static int check_calls(const hra_intake_words *words, const char *path, const char *text, const char *call)
{
    int count = 0;
    for (const char *at = text; (at = strstr(at, call)) != NULL;) {
        at += strlen(call);
        for (int depth = 1; depth > 0 && *at;) {
            char sentence[1024];
            if (*at != '"') {
                depth += (*at == '(') - (*at == ')');
                at++;
                continue;
            }
            at = read_literals(at, sentence);
            if (!*sentence) continue;
            if (hra_say(words, sentence) == sentence) fail_msg("%s says '%s', which has no Chinese", path, sentence);
            assert_ptr_equal(hra_say(en, sentence), sentence);
            count++;
        }
    }
    return count;
}

static int check_files(const hra_intake_words *words, const char *folder, const char *const *calls, size_t call_count)
{
    glob_t found;
    char pattern[512];
    int used = 0;
    snprintf(pattern, sizeof pattern, "%s%s", HRA_SOURCE_DIR, folder);
    assert_int_equal(glob(pattern, 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        char *text = file_text(found.gl_pathv[i]);
        for (size_t c = 0; c < call_count; c++) used += check_calls(words, found.gl_pathv[i], text, calls[c]);
        free(text);
    }
    globfree(&found);
    return used;
}

static void every_sentence_in_c_is_there(void **state)
{
    static const char *const calls[] = {"hra_say(", " note(column,", "count_shape(column,", " print_list(s,",
                                        "header_doubt(arena,"};
    static const char *const folders[] = {"/intake/*/*.c", "/cli/cmd_inspect.c", "/io/csv/header_*.c"};
    int used = 0;
    for (int f = 0; f < 3; f++) used += check_files(zh, folders[f], calls, sizeof calls / sizeof *calls);
    assert_true(used > 100);
}

static void every_reason_of_a_reject_is_there(void **state)
{
    static const char *const calls[] = {"hra_cell_rejected(", "hra_put_say(f,"};
    static const char *const others[] = {"a quote opens on this line and is not closed",
                                         "NUL bytes: the row is damaged",
                                         "more cells than the header: values may have shifted",
                                         "all cells are empty",
                                         "repeats the header",
                                         "a line of totals, not a person",
                                         "no identifier",
                                         "a spreadsheet has damaged the identifier",
                                         "identifier occurs more than once",
                                         HRA_TEXT_NOT_UNDERSTOOD,
                                         HRA_TEXT_DOES_NOT_SAY,
                                         "not two numbers such as 120/80",
                                         "too many readings",
                                         "the text contradicts itself",
                                         "outside the hard limits of the variable",
                                         "the identity number of the row says otherwise",
                                         "no such birth date in the identity number",
                                         "the check digit of the identity number is wrong",
                                         "too long for a label",
                                         "day or month first? the file's rules can say (dates = day-first)",
                                         "two numbers of which the second is not the larger"};
    assert_true(check_files(rejects, "/io/*/*.c", calls, 2) > 30);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_string_not_equal(hra_say(rejects, others[i]), others[i]);
}

static void how_a_name_was_found_is_there(void **state)
{
    static const char *const hows[] = {"name", "label", "alias", "no such variable"};
    for (int i = 0; i < 4; i++) assert_string_not_equal(hra_say(zh, hows[i]), hows[i]);
    assert_string_equal(hra_say(zh, "what nobody says"), "what nobody says");
    assert_string_equal(hra_say(zh, " to "), " 至 "); /* blanks at the ends stay */
}

/* A sentence with its values in it finds its row again. */
static void a_whole_sentence_is_said_again(void **state)
{
    static const char *const rows[][2] = {
        {"a: b/x.gz: the gzip file is cut off", "a: b/x.gz：gzip 文件不完整，后面被截断"},
        {"f.csv: columns 'A' and 'B' are both sbp; in a map file, ignore one or combine them with mean(...) or "
         "first_known(...)",
         "f.csv：“A”和“B”两列都是 sbp；请在规则中忽略其中一列，或用 mean(...) 或 first_known(...) 合并"},
        {"m.map:12: 'stone' is not a unit of weight", "m.map:12：“stone”不是 weight 的单位"},
        {": the gzip file is cut off", "：gzip 文件不完整，后面被截断"}};
    static const char *const others[] = {"", "x: the gzip file is cut off!", "x: the gzip file is", "%s %d",
                                         "f.csv: something that nobody has put into the table"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(hra_say_again(zh, rows[i][0], arena), rows[i][1]);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_string_equal(hra_say_again(zh, others[i], arena), others[i]);
    assert_string_equal(hra_say_again(en, rows[0][0], arena), rows[0][0]);
}

/* Nobody reads why a file is held in another language than the rest: what is not in the table stands in brackets. */
static void a_reason_for_holding_is_in_the_language_of_the_run(void **state)
{
    static const char *const rows[][2] = {
        {"in/a.csv: cannot open: Permission denied", "in/a.csv：打不开（Permission denied）"},
        {"in/a.csv: Input/output error", "文件无法读取（in/a.csv: Input/output error）"},
        {"in/b.xlsx: sheet '体检': row 7: its number cannot be read: open the workbook in Excel or WPS and save it "
         "again",
         "in/b.xlsx：工作表“体检”：第 7 行的行号读不出来：请用 Excel 或 WPS 打开工作簿，重新保存"},
        {"m.profile:9: a second line for item '0102'", "m.profile:9：项目“0102”写了两次"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_string_equal(hra_say_why_held(zh, rows[i][0], arena), rows[i][1]);
        assert_string_equal(hra_say_why_held(en, rows[i][0], arena), rows[i][0]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_languages_take_the_same_values),
        cmocka_unit_test(every_sentence_in_c_is_there),
        cmocka_unit_test(how_a_name_was_found_is_there),
        cmocka_unit_test(every_reason_of_a_reject_is_there),
        cmocka_unit_test(a_whole_sentence_is_said_again),
        cmocka_unit_test(a_reason_for_holding_is_in_the_language_of_the_run),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
