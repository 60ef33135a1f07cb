/* Printed reports: every text of the definitions fits its place in both languages, a text that does not is noticed, the
 * same report gives the same bytes. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "engine/language/library.h"
#include "report/pdf/pdf.h"
#include "report/pdf/pdf_roll.h"

static const hra_fingerprint_bytes no_content;

enum { MOST = 1024, CHRONIC = 4, FIRST = 5, STEPS = 3 };

static hra_library *library;
static hra_arena *arena;
static bool no_font;
static char folder[64];

static int setup(void **state)
{
    hra_diagnostics *diagnostics = hra_diagnostics_new();
    hra_error error = {0};
    hra_pdf_press *press = NULL;
    (void)state;
    library = hra_library_new();
    arena = hra_arena_new();
    if (hra_library_add_builtin(library, diagnostics, &error) != HRA_OK) fail_msg("%s", error.message);
    if (hra_library_check(library, diagnostics, &error) != HRA_OK) fail_msg("%s", error.message);
    hra_diagnostics_free(diagnostics);
    no_font = hra_pdf_press_new("zh", &press, &error) != HRA_OK;
    hra_pdf_press_free(press);
    strcpy(folder, "/tmp/test_pdf.XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int teardown(void **state)
{
    char command[128];
    (void)state;
    hra_library_free(library);
    hra_arena_free(arena);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

/* ---- a person about whom everything is to be said, in the longest words there are ---------------- */

typedef struct everything {
    hra_view_value values[MOST];
    hra_view_name names[MOST];
    const hra_view_value *shown[3];
    const char *reasons[2], *doctor[MOST];
    hra_view_finding findings[MOST], first[FIRST], chronic[CHRONIC];
    hra_view_advice advice[MOST];
    const hra_view_advice *steps[STEPS], *calendar[MOST];
    hra_view_topic topics[MOST];
    hra_view_what_if what_ifs[MOST];
    hra_view_disease diseases[CHRONIC];
    hra_view_item items[MOST];
    hra_view_monitor monitors[MOST];
    hra_view_gap gaps[MOST];
    hra_view_source sources[MOST];
    hra_person_view view;
} everything;

static const char *language;

static const char *text_of(const hra_declaration *d, const char *key)
{
    const char *text = hra_declaration_text(d, key, language);
    return text ? text : "";
}

/* The longest text of a property among the declarations of a kind. */
static const char *longest(hra_declaration_kind kind, const char *key)
{
    const char *best = "";
    for (int i = 0; i < hra_library_declaration_count(library); i++) {
        const hra_declaration *d = hra_library_declaration(library, i);
        if (d->kind == kind && strlen(text_of(d, key)) > strlen(best)) best = text_of(d, key);
    }
    return best;
}

static hra_view_origin origin(const hra_declaration *d)
{
    return (hra_view_origin){.id = d->id, .title = text_of(d, "title"), .review = "", .signoff = "none"};
}

static void fill_values(everything *e)
{
    const hra_dictionary *dictionary = hra_library_dictionary(library);
    for (int i = 0; i < hra_dictionary_count(dictionary) && e->view.value_count < MOST; i++) {
        const hra_variable *x = hra_dictionary_at(dictionary, i);
        const char *label = strcmp(language, "zh") == 0 ? x->label_zh : x->label_en;
        int n = e->view.value_count++;
        e->names[n] = (hra_view_name){x->name, label};
        e->values[n] = (hra_view_value){.name = x->name,
                                        .label = label,
                                        .domain = x->domain,
                                        .unit = x->unit,
                                        .type = x->type,
                                        .known = n % 7 != 0,
                                        .text = "<12345.67",
                                        .in_brackets = " (12345.67 mL/min/1.73m2)",
                                        .missing_text = "",
                                        .band = "1234.5–2345.6",
                                        .flag = n % 2 ? HRA_VIEW_HIGH : HRA_VIEW_LOW,
                                        .flag_text = "high",
                                        .beyond_plausible = n % 3 - 1,
                                        .previous_text = "12345.67",
                                        .course = "",
                                        .course_text = "",
                                        .change = 1,
                                        .trend = "changed",
                                        .trend_text = "changed"};
    }
    e->view.values = e->values;
    e->view.blank = e->names;
    e->view.blank_count = 60;
    for (int i = 0; i < 3; i++) e->shown[i] = &e->values[i + 1];
}

static void fill_findings(everything *e)
{
    hra_view_finding f = {.origin = {.id = "f", .title = longest(HRA_DECLARATION_FACTOR, "title")},
                          .answer = HRA_VIEW_PRESENT,
                          .answer_text = "not measurable",
                          .severity = "urgent",
                          .severity_text = "urgent",
                          .cut = longest(HRA_DECLARATION_FACTOR, "cut"),
                          .values = e->shown,
                          .value_count = 3,
                          .reasons = e->reasons,
                          .reason_count = 2,
                          .missing = e->names,
                          .missing_count = 12,
                          .why = "",
                          .deadline_days = 14,
                          .deadline = "2026-12-06",
                          .action = longest(HRA_DECLARATION_FACTOR, "text")};
    e->reasons[0] = e->reasons[1] = f.origin.title;
    for (int i = 0; i < FIRST; i++) e->first[i] = f;
    for (int i = 0; i < CHRONIC; i++) e->chronic[i] = f;
    for (int i = 0; i < hra_library_declaration_count(library) && e->view.second_alert_count < 40; i++) {
        const hra_declaration *d = hra_library_declaration(library, i);
        if (d->kind != HRA_DECLARATION_FACTOR) continue;
        f.origin = origin(d);
        e->findings[e->view.second_alert_count++] = f;
    }
    e->view.urgent = e->view.important = e->view.quality = e->view.second_alerts = e->findings;
    e->view.urgent_count = 4;
    e->view.important_count = e->view.quality_count = 8;
    e->view.first_alerts = e->first;
    e->view.first_alert_count = FIRST;
    e->view.chronic_alerts = e->chronic;
    e->view.chronic_alert_count = CHRONIC;
}

static void fill_plan(everything *e)
{
    for (int i = 0; i < hra_library_declaration_count(library) && e->view.advice_count < MOST; i++) {
        const hra_declaration *d = hra_library_declaration(library, i);
        if (d->kind != HRA_DECLARATION_PRESCRIPTION) continue;
        int n = e->view.advice_count++;
        e->advice[n] = (hra_view_advice){.origin = origin(d),
                                         .domain = text_of(d, "domain"),
                                         .domain_text = text_of(d, "domain"),
                                         .step = n < STEPS ? n + 1 : 0,
                                         .text = text_of(d, "text"),
                                         .target = text_of(d, "target"),
                                         .recheck = text_of(d, "recheck"),
                                         .doctor = text_of(d, "doctor"),
                                         .goal = n % 9 < 4 ? "2027-02-14" : "2027-05-23"};
        e->calendar[n] = &e->advice[n];
        e->doctor[n] = longest(HRA_DECLARATION_PRESCRIPTION, "doctor");
        if (n < STEPS) {
            e->advice[n].text = longest(HRA_DECLARATION_PRESCRIPTION, "text");
            e->advice[n].target = longest(HRA_DECLARATION_PRESCRIPTION, "target");
            e->steps[n] = &e->advice[n];
        }
    }
    e->view.advice = e->advice;
    e->view.calendar = e->calendar;
    e->view.calendar_count = e->view.advice_count;
    e->view.steps = e->steps;
    e->view.step_count = STEPS;
    e->view.doctor = e->doctor;
    e->view.doctor_count = 12;
}

static void fill_lists(everything *e)
{
    for (int i = 0; i < hra_library_declaration_count(library); i++) {
        const hra_declaration *d = hra_library_declaration(library, i);
        const char *why = text_of(d, "because"), *target = text_of(d, "target");
        if (d->kind == HRA_DECLARATION_TOPIC)
            e->topics[e->view.topic_count++] = (hra_view_topic){.origin = origin(d),
                                                                .at_target = (hra_view_answer)(i % 3),
                                                                .answer_text = "not measurable",
                                                                .value = 12345,
                                                                .value_text = "12345.67",
                                                                .unit = "min/week",
                                                                .target = target,
                                                                .low = 1,
                                                                .high = NAN,
                                                                .delivered = " (12345.67 mg/dL)",
                                                                .gap_text = "−12345.67",
                                                                .actions = e->steps,
                                                                .action_count = STEPS,
                                                                .missing = e->names,
                                                                .missing_count = 5,
                                                                .why = ""};
        if (d->kind == HRA_DECLARATION_ITEM)
            e->items[e->view.item_count++] =
                (hra_view_item){.origin = origin(d), .package = "", .because = why, .doctor_decides = true};
        if (d->kind == HRA_DECLARATION_MONITOR)
            e->monitors[e->view.monitor_count++] = (hra_view_monitor){.origin = origin(d),
                                                                      .indicator = text_of(d, "indicator"),
                                                                      .frequency = text_of(d, "frequency"),
                                                                      .target = target,
                                                                      .alarm = text_of(d, "alarm")};
        if (d->kind == HRA_DECLARATION_MODEL && e->view.source_count < MOST)
            e->sources[e->view.source_count++] =
                (hra_view_source){d->id, text_of(d, "title"), "", "10.1161/CIRCULATIONAHA.107.699579"};
        if (d->kind == HRA_DECLARATION_INTERVENTION)
            e->what_ifs[e->diseases[0].what_if_count++] = (hra_view_what_if){
                .origin = origin(d), .target = target, .risk = i % 2 ? 0.3 : 0.6, .removed_text = "less than 1 in 100"};
    }
    e->view.topics = e->topics;
    e->view.items = e->items;
    e->view.monitors = e->monitors;
    e->view.sources = e->sources;
}

static void fill_diseases(everything *e)
{
    hra_view_disease d = {.role = "chd",
                          .title = "冠心病",
                          .risk = 0.5,
                          .risk_text = "below 1 %",
                          .horizon = "10 years",
                          .category_text = "moderate",
                          .category_index = 1,
                          .category_count = 3,
                          .model_title = longest(HRA_DECLARATION_MODEL, "title"),
                          .outcome = longest(HRA_DECLARATION_MODEL, "outcome"),
                          .status = {.bits = 1, .text = "outside the range the model was published for"},
                          .ideal = 0.2,
                          .risk_age = 99,
                          .risk_age_text = "99 years or more",
                          .if_all = 0.005,
                          .if_all_text = "below 1 %",
                          .changeable_text = "100 %",
                          .what_ifs = e->what_ifs,
                          .what_if_count = e->diseases[0].what_if_count,
                          .previous = 0.4,
                          .previous_text = "below 1 %",
                          .trend = "changed",
                          .trend_text = "not comparable"};
    for (int i = 0; i < CHRONIC; i++) e->diseases[i] = d;
    e->view.diseases = e->diseases;
    e->view.disease_count = CHRONIC;
    for (int i = 0; i < 30; i++)
        e->gaps[i] = (hra_view_gap){"finding", "f", longest(HRA_DECLARATION_FACTOR, "title"), d.status.text};
    e->view.gaps = e->gaps;
    e->view.gap_count = 30;
}

static everything *everything_in(const char *said)
{
    everything *e = hra_arena_alloc(arena, sizeof *e);
    assert_non_null(e);
    language = said;
    e->view = (hra_person_view){.language = said,
                                .key = "0123456789abcdef0123456789abcdef",
                                .group = "北方机车车辆制造集团有限责任公司",
                                .branch = "",
                                .department = "第三生产车间质量检验科",
                                .sex = "female",
                                .sex_text = "Female",
                                .age_text = "100 years",
                                .exam_day = "2026-10-02",
                                .as_of = "2026-11-22",
                                .age = 40,
                                .has_previous = true,
                                .unapproved = true};
    fill_values(e);
    fill_findings(e);
    fill_plan(e);
    fill_lists(e);
    fill_diseases(e);
    return e;
}

/* ---- printing it ------------------------------------------------------------------------------------ */

typedef struct printed {
    long misfits;
    int pages;
    char first[128];
} printed;

static printed print(const char *path, const char *said, const hra_person_view *view, int people)
{
    hra_error error = {0};
    hra_words *words = NULL;
    hra_pdf_press *press = NULL;
    hra_pdf_book *book = NULL;
    assert_int_equal(hra_words_new(said, &words, &error), HRA_OK);
    if (hra_pdf_press_new(said, &press, &error) != HRA_OK) fail_msg("%s", error.message);
    const hra_individual_options options = {.words = words,
                                            .provider = "健康管理中心",
                                            .contact = "010-12345678",
                                            .engine_version = "1",
                                            .definitions_hash = "0"};
    const hra_pdf_book_options facts = {"report", "somebody", "2026-11-22"};
    if (hra_pdf_book_open(path, &facts, &book, &error) != HRA_OK) fail_msg("%s", error.message);
    for (int i = 0; i < people; i++)
        if (hra_pdf_add_person(press, book, &options, view, "张三", &error) != HRA_OK) fail_msg("%s", error.message);
    printed p = {.misfits = hra_pdf_press_misfits(press), .pages = hra_pdf_book_pages(book)};
    snprintf(p.first, sizeof p.first, "%s", hra_pdf_press_first_misfit(press));
    if (hra_pdf_book_close(book, &no_content, &error) != HRA_OK) fail_msg("%s", error.message);
    hra_pdf_press_free(press);
    hra_words_free(words);
    return p;
}

static const char *path_in(const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void everything_fits(void **state)
{
    static const char *const said[] = {"zh", "en"};
    (void)state;
    if (no_font) skip();
    for (int i = 0; i < 2; i++) {
        const everything *e = everything_in(said[i]);
        assert_true(e->view.topic_count >= 16 && e->view.advice_count > 50);
        printed p = print(path_in("all.pdf"), said[i], &e->view, 1);
        if (p.misfits != 0) fail_msg("%s: %ld texts do not fit, first '%s'", said[i], p.misfits, p.first);
        assert_true(p.pages > 8);
    }
}

static void what_does_not_fit_is_noticed(void **state)
{
    char name[800];
    (void)state;
    if (no_font) skip();
    everything *e = everything_in("en");
    memset(name, 'W', sizeof name - 1);
    name[sizeof name - 1] = 0;
    e->view.department = name; /* the line above each page cannot hold it */
    assert_true(print(path_in("wide.pdf"), "en", &e->view, 1).misfits > 0);

    e->view.department = "";
    e->diseases[0].title = "\xf3\xb0\x80\x80"; /* a character that no font has */
    assert_true(print(path_in("unknown.pdf"), "en", &e->view, 1).misfits > 0);

    e->diseases[0].title = "heart";
    e->diseases[0].what_if_count = 0;
    e->reasons[0] = e->reasons[1] = name;
    e->view.chronic_alert_count = 1;
    assert_int_equal(print(path_in("broken.pdf"), "en", &e->view, 1).misfits, 0); /* words without end are broken */
}

/* Nothing is known but the key. */
static void an_empty_person_is_printed(void **state)
{
    (void)state;
    if (no_font) skip();
    hra_person_view view = {.language = "zh",
                            .key = "1",
                            .group = "",
                            .branch = "",
                            .department = "",
                            .sex = "",
                            .sex_text = "",
                            .age_text = "",
                            .exam_day = "",
                            .as_of = "",
                            .age = NAN};
    printed p = print(path_in("empty.pdf"), "zh", &view, 1);
    assert_int_equal(p.misfits, 0);
    assert_in_range(p.pages, 1, 3);
}

static char *contents(const char *path, size_t *length)
{
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    assert_int_equal(fseek(f, 0, SEEK_END), 0);
    *length = (size_t)ftell(f);
    rewind(f);
    char *bytes = malloc(*length + 1);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, *length, f), *length);
    fclose(f);
    return bytes;
}

static void the_same_gives_the_same_bytes(void **state)
{
    size_t lengths[2];
    char *bytes[2];
    (void)state;
    if (no_font) skip();
    for (int i = 0; i < 2; i++) {
        const everything *e = everything_in("zh");
        print(path_in("same.pdf"), "zh", &e->view, 2);
        bytes[i] = contents(path_in("same.pdf"), &lengths[i]);
    }
    assert_int_equal(lengths[0], lengths[1]);
    assert_memory_equal(bytes[0], bytes[1], lengths[0]);
    free(bytes[0]);
    free(bytes[1]);
}

/* Of four files in turn two are open at any time: with room for one, every second waits for another round. */
static void more_files_than_may_be_open(void **state)
{
    static const char *const wanted[] = {"a", "b", "a", "c", "b", "d", "c"};
    static const int people[] = {2, 2, 2, 1}, in_turn[] = {1, 2, 1, 2};
    hra_error error = {0};
    hra_pdf_roll *roll = NULL;
    int rounds = 0;
    (void)state;
    assert_int_equal(hra_pdf_roll_new(&roll, &error), HRA_OK);
    for (int i = 0; i < 7; i++) {
        hra_fingerprint_bytes person = {{(unsigned char)i}};
        const hra_pdf_place place = {.path = wanted[i], .group = "", .department = ""};
        assert_int_equal(hra_pdf_roll_add(roll, &place, i, &person, &error), HRA_OK);
    }
    assert_int_equal(hra_pdf_roll_plan(roll, 2, &rounds, &error), HRA_OK);
    assert_int_equal(rounds, 1);
    for (int i = 0; i < 4; i++) hra_pdf_roll_at(roll, i)->round = 0;
    assert_int_equal(hra_pdf_roll_plan(roll, 1, &rounds, &error), HRA_OK);
    assert_int_equal(rounds, 2);
    for (int i = 0; i < 4; i++) assert_int_equal(hra_pdf_roll_at(roll, i)->round, in_turn[i]);
    for (int i = 0; i < 4; i++) assert_int_equal(hra_pdf_roll_at(roll, i)->people, people[i]);
    assert_null(hra_pdf_roll_find(roll, "e"));
    hra_pdf_roll_free(roll);
}

/* A file says what it was made from; a changed, cut or foreign one is not taken for it. */
static void an_unchanged_file_is_known(void **state)
{
    const hra_fingerprint_bytes content = {{1, 2, 3}}, other = {{1, 2, 4}};
    const hra_pdf_book_options facts = {"report", "", ""};
    char path[256];
    hra_error error = {0};
    hra_pdf_book *book = NULL;
    size_t length;
    (void)state;
    snprintf(path, sizeof path, "%s", path_in("known.pdf"));
    assert_int_equal(hra_pdf_book_open(path, &facts, &book, &error), HRA_OK);
    hra_pdf_book_turn(book);
    assert_int_equal(hra_pdf_book_close(book, &content, &error), HRA_OK);
    assert_true(hra_pdf_book_is(path, &content));
    assert_false(hra_pdf_book_is(path, &other));
    assert_false(hra_pdf_book_is(path_in("nobody.pdf"), &content));
    char *bytes = contents(path, &length);
    for (size_t cut = 1; cut < 120 && cut < length; cut++) {
        FILE *f = fopen(path_in("cut.pdf"), "wb");
        assert_int_equal(fwrite(bytes, 1, length - cut, f), length - cut);
        fclose(f);
        assert_false(hra_pdf_book_is(path_in("cut.pdf"), &content));
        f = fopen(path_in("cut.pdf"), "wb");
        assert_int_equal(fwrite(bytes + cut, 1, length - cut, f), length - cut);
        fclose(f);
        assert_false(hra_pdf_book_is(path_in("cut.pdf"), &content));
    }
    free(bytes);
}

static void a_full_disk_is_told(void **state)
{
    hra_error error = {0};
    hra_pdf_book *book = NULL;
    (void)state;
    const hra_pdf_book_options facts = {"report", "", ""};
    assert_int_equal(hra_pdf_book_open("/nowhere/at/all.pdf", &facts, &book, &error), HRA_EIO);
    assert_null(book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_fits),
        cmocka_unit_test(what_does_not_fit_is_noticed),
        cmocka_unit_test(an_empty_person_is_printed),
        cmocka_unit_test(the_same_gives_the_same_bytes),
        cmocka_unit_test(more_files_than_may_be_open),
        cmocka_unit_test(an_unchanged_file_is_known),
        cmocka_unit_test(a_full_disk_is_told),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
