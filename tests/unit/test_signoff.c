/* Sign-off of content: what counts as approved, and what ends it. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "language_fixture.h"
#include "service/signoff/content.h"
#include "service/signoff/signoff.h"

static const char *const TEXT =
    "let limit = 5 { title \"Limit\" title.zh \"上限\" source \"me\" review product }\n"
    "factor high { title \"High\" title.zh \"高\" group g severity mild when tc > limit source \"me\" review product "
    "}\n"
    "prescription P { domain diet priority 1 when high text \"{limit} is the limit\" text.zh \"上限{limit}\"\n"
    "  target \"low\" source \"me\" review product }\n"
    "factor other { title \"Other\" group g severity mild when sbp > 140 }\n";

static char path[64];

static void write_sheet(const char *text)
{
    strcpy(path, "/tmp/hra-signoff-XXXXXX");
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, text, strlen(text)), (ssize_t)strlen(text));
    close(file);
}

static const hra_declaration *find(const hra_library *library, const char *id)
{
    const hra_declaration *d = hra_library_find(library, id);
    if (!d) fail_msg("no %s", id);
    return d;
}

static const char *hash_of(const hra_library *library, const char *id)
{
    static char hashes[8][HRA_CONTENT_HASH_TEXT];
    static int next;
    char *hash = hashes[next++ % 8];
    assert_true(hra_content_hash(find(library, id), hash));
    return hash;
}

/* Signs everything of the text in `library`. */
static void sign_all(const hra_library *library, const char *expiry)
{
    char sheet[1024];
    snprintf(sheet, sizeof sheet,
             "id,hash,decision,reviewer,date,expiry\nlimit,%s,approved,Dr Li,2026-01-05,%s\n"
             "high,%s,同意,Dr Li,2026/1/5,%s\nP,%s,yes,Dr Li,2026-01-05,\n",
             hash_of(library, "limit"), expiry, hash_of(library, "high"), expiry, hash_of(library, "P"));
    write_sheet(sheet);
}

static hra_signoffs *read_signoffs(const hra_library *library, double as_of)
{
    hra_error error;
    hra_signoffs *s = NULL;
    assert_int_equal(hra_signoffs_new(library, as_of, &s, &error), HRA_OK);
    if (hra_signoffs_read(s, path, &error) != HRA_OK) fail_msg("%s", error.message);
    unlink(path);
    return s;
}

static void expect_state(const hra_signoffs *s, const hra_library *library, const char *id, hra_signoff state)
{
    hra_signoff found = hra_signoffs_state(s, find(library, id));
    if (found != state) fail_msg("%s is %s, not %s", id, hra_signoff_word(found), hra_signoff_word(state));
}

static void the_hash_is_of_what_is_said(void **state)
{
    (void)state;
    hra_library *a = library_of("factor f { when tc >= 5.2 title \"a b\" }");
    hra_library *b = library_of("factor  f {\n  when tc>=5.2 # why\n  title  \"a b\"\n}");
    hra_library *c = library_of("factor f { when tc >= 5.3 title \"a b\" }");
    hra_library *d = library_of("factor f { when tc >= 5.2 title \"a  b\" }");
    assert_string_equal(hash_of(a, "f"), hash_of(b, "f"));
    assert_string_not_equal(hash_of(a, "f"), hash_of(c, "f"));
    assert_string_not_equal(hash_of(a, "f"), hash_of(d, "f"));
    hra_library_free(a);
    hra_library_free(b);
    hra_library_free(c);
    hra_library_free(d);
}

static void approved_while_nothing_changes(void **state)
{
    (void)state;
    hra_library *library = library_of(TEXT);
    sign_all(library, "2026-12-31");
    hra_signoffs *s = read_signoffs(library, 20454 + 10); /* 2026-01-11 */
    expect_state(s, library, "limit", HRA_SIGNOFF_APPROVED);
    expect_state(s, library, "high", HRA_SIGNOFF_APPROVED);
    expect_state(s, library, "P", HRA_SIGNOFF_APPROVED);
    expect_state(s, library, "other", HRA_SIGNOFF_NONE);
    assert_int_equal(hra_signoffs_count(s, HRA_SIGNOFF_APPROVED), 3);
    hra_buffer sheet = {0};
    hra_error error;
    assert_int_equal(hra_signoffs_sheet(s, &sheet, &error), HRA_OK);
    assert_non_null(strstr(sheet.bytes, "approved,Dr Li,2026-01-05,2026-12-31"));
    assert_non_null(strstr(sheet.bytes, "factor high { group g severity mild when tc > limit review product }"));
    hra_buffer_destroy(&sheet);
    hra_signoffs_free(s);
    hra_library_free(library);
}

/* A changed threshold voids its own sign-off, and what is built on it waits. */
static void change_voids_and_what_names_it_waits(void **state)
{
    (void)state;
    hra_library *library = library_of(TEXT);
    sign_all(library, "");
    char changed[2048];
    snprintf(changed, sizeof changed, "%s", TEXT);
    strstr(changed, "limit = 5")[8] = '6';
    hra_library *other = library_of(changed);
    hra_signoffs *s = read_signoffs(other, NAN);
    expect_state(s, other, "limit", HRA_SIGNOFF_CHANGED);
    expect_state(s, other, "high", HRA_SIGNOFF_WAITS);
    expect_state(s, other, "P", HRA_SIGNOFF_WAITS);
    hra_buffer text = {0};
    hra_signoffs_describe(s, &text);
    assert_non_null(strstr(text.bytes, "limit: changed since it was signed"));
    hra_buffer_destroy(&text);
    hra_signoffs_free(s);
    hra_library_free(library);
    hra_library_free(other);
}

static void sign_offs_expire(void **state)
{
    (void)state;
    hra_library *library = library_of(TEXT);
    sign_all(library, "2026-01-31");
    hra_signoffs *s = read_signoffs(library, 20484); /* 2026-01-31, the last day */
    expect_state(s, library, "high", HRA_SIGNOFF_APPROVED);
    hra_signoffs_free(s);
    sign_all(library, "2026-01-31");
    s = read_signoffs(library, 20485);
    expect_state(s, library, "limit", HRA_SIGNOFF_EXPIRED);
    expect_state(s, library, "high", HRA_SIGNOFF_EXPIRED);
    expect_state(s, library, "P", HRA_SIGNOFF_WAITS);
    hra_signoffs_free(s);
    hra_library_free(library);
}

/* Of two that name each other neither is approved while one is not, in whichever order they stand and are read. */
static void both_of_a_pair_wait(void **state)
{
    (void)state;
    static const char *const declarations[] = {
        "let one = 1 { title \"{other} and {unsigned}\" source \"me\" review product }\n",
        "let other = 2 { title \"{one}\" source \"me\" review product }\n",
        "let unsigned = 3 { title \"Nobody's\" source \"me\" review product }\n"};
    for (int order = 0; order < 2; order++) {
        char text[1024], sheet[1024];
        snprintf(text, sizeof text, "%s%s%s", declarations[order], declarations[!order], declarations[2]);
        hra_library *library = library_of(text);
        snprintf(sheet, sizeof sheet,
                 "id,hash,decision,reviewer,date\none,%s,yes,Dr Li,2026-01-05\nother,%s,yes,Dr "
                 "Li,2026-01-05\n",
                 hash_of(library, "one"), hash_of(library, "other"));
        write_sheet(sheet);
        hra_signoffs *s = read_signoffs(library, NAN);
        expect_state(s, library, "one", HRA_SIGNOFF_WAITS);
        expect_state(s, library, "other", HRA_SIGNOFF_WAITS);
        hra_signoffs_free(s);
        snprintf(sheet + strlen(sheet), sizeof sheet - strlen(sheet), "unsigned,%s,yes,Dr Li,2026-01-05\n",
                 hash_of(library, "unsigned"));
        write_sheet(sheet);
        s = read_signoffs(library, NAN);
        assert_int_equal(hra_signoffs_count(s, HRA_SIGNOFF_APPROVED), 3);
        hra_signoffs_free(s);
        hra_library_free(library);
    }
}

static void refuse(const char *sheet, double as_of, const char *says)
{
    hra_library *library = library_of(TEXT);
    hra_error error = {0};
    hra_signoffs *s = NULL;
    write_sheet(sheet);
    assert_int_equal(hra_signoffs_new(library, as_of, &s, &error), HRA_OK);
    assert_int_not_equal(hra_signoffs_read(s, path, &error), HRA_OK);
    if (!strstr(error.message, says)) fail_msg("'%s' does not say '%s'", error.message, says);
    unlink(path);
    hra_signoffs_free(s);
    hra_library_free(library);
}

static void damaged_sheets_are_refused(void **state)
{
    (void)state;
    refuse("id,hash,decision,reviewer\nlimit,b2-1,yes,me\n", 0, "column 'date': is missing");
    refuse("id,hash,decision,reviewer,date\nlimit,b2-1,perhaps,me,2026-01-01\n", 0, "neither 'approved' nor");
    refuse("id,hash,decision,reviewer,date\nlimit,b2-1,yes,me,2026-02-31\n", 0, ":2: column 'date': is not a day");
    refuse("id,hash,decision,reviewer,date,expiry\nlimit,b2-1,yes,me,2026-01-01,2027-01-01\n", NAN, "--as-of");
    refuse("id,id,hash,decision,reviewer,date\n", 0, "stands twice");
    refuse("", 0, "empty");
}

static void unsigned_and_unknown_rows(void **state)
{
    (void)state;
    hra_library *library = library_of(TEXT);
    char sheet[1024];
    snprintf(sheet, sizeof sheet,
             "id,hash,decision,reviewer,date\nlimit,%s,,,\nhigh,%s,yes,,2026-01-01\nother,%s,rejected,Dr Li,\n"
             "gone,b2-00,yes,Dr Li,2026-01-01\n",
             hash_of(library, "limit"), hash_of(library, "high"), hash_of(library, "other"));
    write_sheet(sheet);
    hra_signoffs *s = read_signoffs(library, NAN);
    expect_state(s, library, "limit", HRA_SIGNOFF_NONE);
    expect_state(s, library, "high", HRA_SIGNOFF_INCOMPLETE);
    expect_state(s, library, "other", HRA_SIGNOFF_REJECTED);
    hra_buffer text = {0};
    hra_signoffs_describe(s, &text);
    assert_non_null(strstr(text.bytes, "'gone' was signed and is no longer"));
    assert_non_null(strstr(text.bytes, "high: approved without a reviewer"));
    hra_buffer_destroy(&text);
    hra_signoffs_free(s);
    hra_library_free(library);
}

/* ---- a plan of approved content alone ---------------------------------------------------- */

static bool has_output(const bench *b, const char *id)
{
    int count;
    const hra_output *outputs = hra_plan_outputs(b->plan, &count);
    for (int i = 0; i < count; i++)
        if (strcmp(outputs[i].id, id) == 0) return true;
    return false;
}

static void a_plan_may_take_approved_content_alone(void **state)
{
    (void)state;
    static const char *const more =
        "let limit = 5 { title \"Limit\" title.zh \"上限\" source \"me\" review product }\n"
        "factor high { title \"High\" title.zh \"高\" group g severity mild when tc > limit source \"me\" review "
        "product }\n"
        "prescription P { domain diet priority 1 when high text \"{limit} is the limit\" text.zh \"上限{limit}\"\n"
        "  target \"low\" source \"me\" review product }\n"
        "factor other { title \"Other\" group g severity mild when sbp > 140 }\n"
        "item i { title \"Item\" when other }\n"
        "model m { risk = sbp/1000 }\n"
        "intervention lower { title \"Lower\" when sbp > 130 sbp = 130 }\n";
    hra_library *library = library_of(more);
    sign_all(library, "");
    hra_signoffs *s = read_signoffs(library, NAN);
    static const char *const model[] = {"m"}, *const urgent[] = {"other"};
    hra_plan_request request = {.models = model,
                                .model_count = 1,
                                .factors = true,
                                .prescriptions = true,
                                .items = true,
                                .what_if = true,
                                .as_of = NAN,
                                .share = true,
                                .accepts = hra_signoffs_accept,
                                .accepts_context = s};
    bench *b = open_bench(more, "tc sbp", request);
    assert_true(has_output(b, "m.risk"));
    assert_true(has_output(b, "high"));
    assert_true(has_output(b, "P"));
    assert_false(has_output(b, "other"));
    assert_false(has_output(b, "i"));
    assert_false(has_output(b, "m.risk.if.lower"));
    close_bench(b);
    /* what is asked for by name, such as urgent results, is computed whoever has signed */
    request.factor_ids = urgent;
    request.factor_count = 1;
    b = open_bench(more, "tc sbp", request);
    assert_true(has_output(b, "other"));
    close_bench(b);
    request.accepts = NULL;
    b = open_bench(more, "tc sbp", request);
    assert_true(has_output(b, "i"));
    assert_true(has_output(b, "m.risk.if.lower"));
    close_bench(b);
    hra_signoffs_free(s);
    hra_library_free(library);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_hash_is_of_what_is_said),
        cmocka_unit_test(approved_while_nothing_changes),
        cmocka_unit_test(change_voids_and_what_names_it_waits),
        cmocka_unit_test(sign_offs_expire),
        cmocka_unit_test(both_of_a_pair_wait),
        cmocka_unit_test(damaged_sheets_are_refused),
        cmocka_unit_test(unsigned_and_unknown_rows),
        cmocka_unit_test(a_plan_may_take_approved_content_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
