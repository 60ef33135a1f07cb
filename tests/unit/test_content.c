/* The shipped content says where it comes from, in both languages, and the
 * dictionary does not contradict itself. */
#include <ctype.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/language/library.h"
#include "engine/language/quantity_text.h"

static hra_library *library;

static int set_up(void **state)
{
    (void)state;
    hra_error error;
    hra_diagnostics *diagnostics = hra_diagnostics_new();
    library = hra_library_new();
    hra_code code = hra_library_add_builtin(library, diagnostics, &error);
    if (code == HRA_OK) code = hra_library_check(library, diagnostics, &error);
    if (code != HRA_OK) {
        hra_buffer text = {0};
        hra_diagnostics_print(diagnostics, &text);
        fprintf(stderr, "%s\n%s\n", text.bytes ? text.bytes : "", error.message);
        hra_buffer_destroy(&text);
    }
    hra_diagnostics_free(diagnostics);
    return code == HRA_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    hra_library_free(library);
    return 0;
}

/* ---- declarations ------------------------------------------------------------- */

static int faults;

static void complain(const hra_declaration *declaration, const char *what)
{
    fprintf(stderr, "%s:%d: %s: %s\n", declaration->file, declaration->line, declaration->id, what);
    faults++;
}

/* The property in exactly this language; hra_declaration_text would fall back to English. */
static const char *property(const hra_declaration *declaration, const char *key, const char *language)
{
    for (int i = 0; i < declaration->property_count; i++) {
        const hra_property *p = &declaration->properties[i];
        if (strcmp(p->key, key) == 0 && strcmp(p->language, language) == 0) return p->value;
    }
    return NULL;
}

static bool has_chinese(const char *text)
{
    for (; text && *text; text++) {
        if ((unsigned char)*text >= 0xE4) return true;
    }
    return false;
}

static void need(const hra_declaration *declaration, const char *key)
{
    const char *value = property(declaration, key, "en");
    if (!value || !*value) {
        char what[128];
        snprintf(what, sizeof what, "no %s", key);
        complain(declaration, what);
    }
}

static void need_both(const hra_declaration *declaration, const char *key)
{
    char what[128];
    need(declaration, key);
    const char *english = property(declaration, key, "en");
    const char *chinese = property(declaration, key, "zh");
    if (!chinese || !*chinese) {
        snprintf(what, sizeof what, "no Chinese %s", key);
        complain(declaration, what);
    }
    if (english && has_chinese(english)) {
        snprintf(what, sizeof what, "the English %s is Chinese", key);
        complain(declaration, what);
    }
}

static bool is_word(const char *value, const char *const *words)
{
    for (; value && *words; words++) {
        if (strcmp(value, *words) == 0) return true;
    }
    return false;
}

static void need_source(const hra_declaration *declaration)
{
    static const char *const reviews[] = {"confirmed", "unconfirmed", "product", NULL};
    need(declaration, "source");
    if (!is_word(property(declaration, "review", "en"), reviews))
        complain(declaration, "no review of confirmed, unconfirmed, product");
}

static bool is_service_content(const hra_declaration *declaration)
{
    static const char *const places[] = {"models/factors/",       "models/tiers/",      "models/prescriptions/",
                                         "models/groups/",        "models/panels/",     "models/register/",
                                         "models/interventions/", "models/items/",      "models/monitors/",
                                         "models/topics/",        "models/references/", "models/derived/service"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (strstr(declaration->file, places[i])) return true;
    }
    return false;
}

static int by_name(const void *a, const void *b) { return strcmp(a, b); }

/* A quantity without the words of its language: its name or numbers, and its variable. */
static void put_placeholder(const char *inside, size_t length, char *out, size_t size)
{
    hra_quantity q;
    size_t used = 0;
    if (!hra_quantity_read(inside, length, &q)) {
        snprintf(out, size, "%.*s", (int)length, inside);
        return;
    }
    for (size_t i = 0; i < q.value.length && used + 1 < size; i++)
        if (q.is_name || strchr("0123456789.", q.value.text[i])) out[used++] = q.value.text[i];
    snprintf(out + used, size - used, " of %.*s", (int)q.variable.length, q.variable.text);
}

/* Placeholders of a text, in order of the alphabet, one string. */
static void placeholders(const char *text, char *out, size_t size)
{
    char names[16][64];
    int count = 0;
    for (const char *open = strchr(text, '{'); open && count < 16; open = strchr(open + 1, '{')) {
        const char *close = strchr(open, '}');
        assert_non_null(close);
        put_placeholder(open + 1, (size_t)(close - open - 1), names[count++], sizeof *names);
    }
    qsort(names, (size_t)count, sizeof *names, by_name);
    out[0] = '\0';
    for (int i = 0; i < count; i++) {
        size_t used = strlen(out);
        snprintf(out + used, size - used, "%s ", names[i]);
    }
}

static void same_placeholders(const hra_declaration *declaration, const char *key)
{
    const char *english = property(declaration, key, "en");
    const char *chinese = property(declaration, key, "zh");
    if (!english || !chinese) return; /* already reported */
    char in_english[512], in_chinese[512];
    placeholders(english, in_english, sizeof in_english);
    placeholders(chinese, in_chinese, sizeof in_chinese);
    if (strcmp(in_english, in_chinese) != 0) {
        char what[1100];
        snprintf(what, sizeof what, "placeholders differ: %s/ %s", in_english, in_chinese);
        complain(declaration, what);
    }
}

/* Titles of levels and roles, reasons of uses: keys such as chd.title and chd.use1.because. */
static void need_both_of_each(const hra_declaration *declaration, const char *suffix)
{
    size_t length = strlen(suffix);
    int found = 0;
    for (int i = 0; i < declaration->property_count; i++) {
        const hra_property *p = &declaration->properties[i];
        size_t key_length = strlen(p->key);
        if (key_length <= length || strcmp(p->key + key_length - length, suffix) != 0) continue;
        if (strcmp(p->language, "en") != 0) continue;
        need_both(declaration, p->key);
        found++;
    }
    if (!found) complain(declaration, suffix);
}

/* Texts that need not be there, but in both languages if they are. */
static void both_or_none(const hra_declaration *declaration, const char *key)
{
    if (property(declaration, key, "en") || property(declaration, key, "zh")) need_both(declaration, key);
    same_placeholders(declaration, key);
}

static void check_service(const hra_declaration *declaration)
{
    static const char *const monitored[] = {"indicator", "method", "frequency", "target", "alarm"};
    need_both(declaration, "title");
    need_source(declaration);
    need(declaration, "order");
    switch (declaration->kind) {
    case HRA_DECLARATION_INTERVENTION: need_both(declaration, "target"); break;
    case HRA_DECLARATION_ITEM: need_both(declaration, "because"); break;
    case HRA_DECLARATION_MONITOR:
        for (size_t i = 0; i < sizeof monitored / sizeof monitored[0]; i++) need_both(declaration, monitored[i]);
        need(declaration, "class");
        need(declaration, "every");
        need(declaration, "next_contact");
        break;
    case HRA_DECLARATION_TOPIC:
        need_both(declaration, "target");
        need(declaration, "direction");
        need(declaration, "domains");
        break;
    default: break;
    }
}

static void check_declaration(const hra_declaration *declaration)
{
    switch (declaration->kind) {
    case HRA_DECLARATION_FACTOR:
        need_both(declaration, "title");
        need(declaration, "group");
        need(declaration, "severity");
        need_source(declaration);
        break;
    case HRA_DECLARATION_TIER:
        need_both(declaration, "title");
        need_both_of_each(declaration, ".title");
        need_both_of_each(declaration, ".because");
        need_source(declaration);
        break;
    case HRA_DECLARATION_PRESCRIPTION:
        need_both(declaration, "text");
        need_both(declaration, "target");
        need(declaration, "domain");
        need(declaration, "priority");
        need_source(declaration);
        same_placeholders(declaration, "text");
        same_placeholders(declaration, "target");
        both_or_none(declaration, "recheck");
        both_or_none(declaration, "doctor");
        break;
    case HRA_DECLARATION_GROUP_ACTION:
        need_both(declaration, "title");
        need_both(declaration, "lecture");
        need_both(declaration, "newsletter");
        need(declaration, "priority");
        need_source(declaration);
        break;
    case HRA_DECLARATION_PANEL:
        need_both(declaration, "title");
        need_source(declaration);
        if (declaration->output_count == 0) break; /* `also all`: nothing is chosen, so no reasons */
        need_both_of_each(declaration, ".title");
        need_both_of_each(declaration, ".because");
        break;
    case HRA_DECLARATION_SUBSTITUTE:
        need_both(declaration, "title");
        need_source(declaration);
        break;
    case HRA_DECLARATION_LET: need_both(declaration, "title"); break;
    case HRA_DECLARATION_INTERVENTION:
    case HRA_DECLARATION_ITEM:
    case HRA_DECLARATION_MONITOR:
    case HRA_DECLARATION_TOPIC: check_service(declaration); break;
    case HRA_DECLARATION_REFERENCE: need_source(declaration); break;
    default: break;
    }
}

static void every_rule_says_where_it_comes_from(void **state)
{
    (void)state;
    int count[HRA_DECLARATION_EXCLUSION + 1] = {0};
    faults = 0;
    for (int i = 0; i < hra_library_declaration_count(library); i++) {
        const hra_declaration *declaration = hra_library_declaration(library, i);
        if (!is_service_content(declaration)) continue;
        check_declaration(declaration);
        count[declaration->kind]++;
    }
    assert_int_equal(faults, 0);
    assert_true(count[HRA_DECLARATION_FACTOR] >= 185);
    assert_true(count[HRA_DECLARATION_TIER] >= 1);
    assert_true(count[HRA_DECLARATION_PRESCRIPTION] >= 80);
    assert_true(count[HRA_DECLARATION_GROUP_ACTION] >= 25);
    assert_true(count[HRA_DECLARATION_PANEL] >= 1);
    assert_true(count[HRA_DECLARATION_INTERVENTION] >= 8);
    assert_true(count[HRA_DECLARATION_ITEM] >= 40);
    assert_true(count[HRA_DECLARATION_MONITOR] >= 14);
    assert_int_equal(count[HRA_DECLARATION_TOPIC], 16);
    assert_true(count[HRA_DECLARATION_REFERENCE] >= 50);
}

/* ---- what no text says ------------------------------------------------------------ */

/* Diagnoses made of one reading, medicines, doses. */
static const char *const forbidden[] = {"您患有",
                                        "您已患",
                                        "您得了",
                                        "您有高血压",
                                        "您有糖尿病",
                                        "您是糖尿病",
                                        "您是高血压",
                                        "已确诊",
                                        "他汀",
                                        "阿司匹林",
                                        "二甲双胍",
                                        "胰岛素",
                                        "普利",
                                        "沙坦",
                                        "地平",
                                        "洛尔",
                                        "列净",
                                        "华法林",
                                        "抗凝",
                                        "服用剂量",
                                        "毫克/日",
                                        "毫克每日",
                                        "每次一片",
                                        "you have hypertension",
                                        "you have diabetes",
                                        "you suffer from",
                                        "you are diabetic",
                                        "diagnosed with",
                                        "statin",
                                        "aspirin",
                                        "metformin",
                                        "insulin",
                                        "warfarin",
                                        "anticoag",
                                        "-blocker",
                                        "inhibitor",
                                        " mg a day",
                                        " mg daily",
                                        " dose"};

static bool is_read_by_people(const char *key)
{
    static const char *const keys[] = {"text",      "target",     "recheck",   "doctor", "because",
                                       "indicator", "method",     "frequency", "alarm",  "action",
                                       "lecture",   "newsletter", "checkup",   "measure"};
    const char *dot = strrchr(key, '.');
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (strcmp(dot ? dot + 1 : key, keys[i]) == 0) return true;
    return false;
}

static const char *forbidden_in(const char *text)
{
    char folded[2048];
    size_t length = 0;
    for (; text[length] && length + 1 < sizeof folded; length++)
        folded[length] = (char)((unsigned char)text[length] < 0x80 ? tolower(text[length]) : text[length]);
    folded[length] = '\0';
    for (size_t i = 0; i < sizeof forbidden / sizeof forbidden[0]; i++)
        if (strstr(folded, forbidden[i])) return forbidden[i];
    return NULL;
}

/* Chinese characters of the longest sentence. */
static int longest_sentence(const char *text)
{
    static const char *const ends[] = {"。", "；", "：", "！", "？"};
    int longest = 0, length = 0;
    while (*text) {
        for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
            if (strncmp(text, ends[i], strlen(ends[i])) == 0) length = -1;
        length += (unsigned char)*text >= 0xE4 || length < 0;
        if (length > longest) longest = length;
        text += (unsigned char)*text >= 0xF0   ? 4
                : (unsigned char)*text >= 0xE0 ? 3
                : (unsigned char)*text >= 0xC0 ? 2
                                               : 1;
    }
    return longest;
}

static void texts_name_no_medicine_and_make_no_diagnosis(void **state)
{
    (void)state;
    int texts = 0, sentences = 0;
    faults = 0;
    for (int i = 0; i < hra_library_declaration_count(library); i++) {
        const hra_declaration *d = hra_library_declaration(library, i);
        if (!is_service_content(d) || d->kind == HRA_DECLARATION_PANEL) continue;
        for (int k = 0; k < d->property_count; k++) {
            const hra_property *p = &d->properties[k];
            if (!is_read_by_people(p->key)) continue;
            const char *word = forbidden_in(p->value);
            char what[128];
            snprintf(what, sizeof what, "says '%s'", word ? word : "");
            if (word) complain(d, what);
            texts++;
            sentences +=
                strcmp(p->key, "text") == 0 && strcmp(p->language, "zh") == 0 && longest_sentence(p->value) > 25;
        }
    }
    assert_int_equal(faults, 0);
    assert_true(texts > 900);
    assert_string_equal(forbidden_in("Ask whether a Statin is needed"), "statin");
    assert_string_equal(forbidden_in("您患有高血压"), "您患有");
    printf("%d Chinese texts hold a sentence of more than 25 characters\n", sentences); /* told, no fault */
}

/* ---- urgent results reach the rules -------------------------------------------------- */

static void urgent_values_are_accepted(void **state)
{
    (void)state;
    hra_diagnostics *found = hra_diagnostics_new();
    assert_non_null(found);
    int count = hra_library_check_urgent(library, found);
    if (count) {
        hra_buffer text = {0};
        hra_diagnostics_print(found, &text);
        fail_msg("%s", text.bytes);
    }
    hra_diagnostics_free(found);
}

/* Faults of one urgent factor over a variable of its own. */
static void expect_urgent(const char *range, const char *condition, const char *says)
{
    char text[512];
    snprintf(text, sizeof text,
             "variable probe { type measure unit \"u\" decimals 1 %s title \"P\" }\n"
             "let high = probe > 20\nfactor f { severity urgent when %s }",
             range, condition);
    hra_error error;
    hra_library *own = hra_library_new();
    hra_diagnostics *found = hra_diagnostics_new();
    assert_int_equal(hra_library_add_text(own, "t.hra", text, strlen(text), found, &error), HRA_OK);
    assert_int_equal(hra_library_check(own, found, &error), HRA_OK);
    int count = hra_library_check_urgent(own, found);
    hra_buffer out = {0};
    hra_buffer_text(&out, "");
    hra_diagnostics_print(found, &out);
    if (says ? !strstr(out.bytes, says) : count != 0)
        fail_msg("%s, %s: expected %s, got '%s'", range, condition, says ? says : "no fault", out.bytes);
    hra_buffer_destroy(&out);
    hra_diagnostics_free(found);
    hra_library_free(own);
}

static void limits_that_cut_urgent_values_are_faults(void **state)
{
    (void)state;
    const char *range = "plausible 4..10 hard 2..25";
    expect_urgent(range, "probe >= 30", "can never be true: the dictionary rejects values of 'probe' above 25");
    expect_urgent(range, "probe <= 1", "can never be true: the dictionary rejects values of 'probe' below 2");
    expect_urgent(range, "30 <= probe", "can never be true");
    expect_urgent(range, "probe >= 20", "the hard limit must go on to 26 at least");
    expect_urgent(range, "high or sbp > 5000", "the hard limit must go on to 26 at least");
    expect_urgent(range, "probe <= 3", "the hard limit must go on to 1.5 at least");
    expect_urgent(range, "probe in 20..", "must go on to 26");
    expect_urgent(range, "probe >= 19", NULL);
    expect_urgent(range, "not (probe >= 30)", NULL);
    expect_urgent(range, "probe in 12..14", NULL);
    expect_urgent("plausible 0..3 hard 0..3", "probe >= 3", NULL); /* the end of a scale */
    expect_urgent("plausible 4..10", "probe >= 30", NULL);         /* no limit */
}

/* ---- dictionary ----------------------------------------------------------------- */

static const hra_dictionary *dictionary(void) { return hra_library_dictionary(library); }

/* As headers are compared: without blanks and case. */
static void fold(const char *text, char *out, size_t size)
{
    size_t length = 0;
    for (; *text && length + 1 < size; text++) {
        if (!isspace((unsigned char)*text)) out[length++] = (char)tolower((unsigned char)*text);
    }
    out[length] = '\0';
}

typedef struct header {
    char text[160];
    int owner;
} header;

static int by_text(const void *a, const void *b)
{
    return strcmp(((const header *)a)->text, ((const header *)b)->text);
}

static void add_header(header *list, int *count, int capacity, const char *text, int owner)
{
    assert_true(*count < capacity);
    if (!text || !*text) return;
    fold(text, list[*count].text, sizeof list->text);
    list[(*count)++].owner = owner;
}

/* One text, one owner. */
static void assert_unambiguous(header *list, int count, const char *(*name)(int))
{
    qsort(list, (size_t)count, sizeof *list, by_text);
    for (int i = 1; i < count; i++) {
        if (strcmp(list[i - 1].text, list[i].text) == 0 && list[i - 1].owner != list[i].owner)
            fail_msg("'%s' means %s and %s", list[i].text, name(list[i - 1].owner), name(list[i].owner));
    }
}

static const char *variable_name(int index) { return hra_dictionary_at(dictionary(), index)->name; }

static void a_header_means_one_variable(void **state)
{
    (void)state;
    enum { CAPACITY = 8000 };
    header *list = malloc(CAPACITY * sizeof *list);
    assert_non_null(list);
    int count = 0;
    for (int v = 0; v < hra_dictionary_count(dictionary()); v++) {
        const hra_variable *variable = hra_dictionary_at(dictionary(), v);
        add_header(list, &count, CAPACITY, variable->name, v);
        add_header(list, &count, CAPACITY, variable->label_zh, v);
        add_header(list, &count, CAPACITY, variable->label_en, v);
        for (int a = 0; a < variable->alias_count; a++) add_header(list, &count, CAPACITY, variable->aliases[a], v);
    }
    assert_unambiguous(list, count, variable_name);
    free(list);
}

static const hra_variable *levels_of;

static const char *level_name(int index) { return levels_of->levels[index].name; }

static void a_cell_means_one_level(void **state)
{
    (void)state;
    enum { CAPACITY = 2000 };
    header *list = malloc(CAPACITY * sizeof *list);
    assert_non_null(list);
    int categories = 0;
    for (int v = 0; v < hra_dictionary_count(dictionary()); v++) {
        levels_of = hra_dictionary_at(dictionary(), v);
        if (levels_of->type != HRA_TYPE_CATEGORY) continue;
        categories++;
        int count = 0;
        for (int l = 0; l < levels_of->level_count; l++) {
            for (int t = 0; t < levels_of->levels[l].label_count; t++)
                add_header(list, &count, CAPACITY, levels_of->levels[l].labels[t], l);
        }
        assert_true(levels_of->level_count >= 2);
        assert_unambiguous(list, count, level_name);
    }
    assert_true(categories >= 30);
    free(list);
}

static void limits_are_in_order(void **state)
{
    (void)state;
    int numbers = 0;
    for (int v = 0; v < hra_dictionary_count(dictionary()); v++) {
        const hra_variable *variable = hra_dictionary_at(dictionary(), v);
        assert_true(variable->label_zh && *variable->label_zh);
        assert_true(variable->label_en && *variable->label_en);
        if (variable->type != HRA_TYPE_MEASURE && variable->type != HRA_TYPE_COUNT) continue;
        numbers++;
        if (!(variable->hard_min <= variable->plausible_min && variable->plausible_min < variable->plausible_max &&
              variable->plausible_max <= variable->hard_max))
            fail_msg("%s: limits are not in order", variable->name);
        if (variable->type == HRA_TYPE_COUNT && variable->decimals != 0)
            fail_msg("%s: a count has no decimals", variable->name);
    }
    assert_true(numbers >= 90);
}

static void check_unit(const char *name, const char *unit, double value, double canonical, double tolerance)
{
    int index = hra_dictionary_find(dictionary(), name);
    assert_true(index >= 0);
    double factor = 0, offset = 0;
    if (!hra_variable_unit(hra_dictionary_at(dictionary(), index), unit, &factor, &offset))
        fail_msg("%s has no unit %s", name, unit);
    double found = value * factor + offset;
    if (!(fabs(found - canonical) <= tolerance)) fail_msg("%g %s of %s is %g", value, unit, name, found);
}

static void units_convert_as_known_pairs_do(void **state)
{
    (void)state;
    check_unit("tc", "mg/dL", 200, 5.17, 0.005);
    check_unit("hdl", "mg/dL", 40, 1.03, 0.005);
    check_unit("tg", "mg/dL", 150, 1.69, 0.005);
    check_unit("glucose_fasting", "mg/dL", 126, 7.0, 0.01);
    check_unit("creatinine", "mg/dL", 1, 88.4, 1e-9);
    check_unit("uric_acid", "mg/dL", 7, 416, 1);
    check_unit("urea", "mg/dL", 20, 7.1, 0.05);
    check_unit("hba1c", "mmol/mol", 48, 6.5, 0.05);
    check_unit("sbp", "kPa", 16, 120, 0.05);
    check_unit("weight", "斤", 130, 65, 1e-9);
    check_unit("height", "m", 1.7, 170, 1e-9);
    check_unit("waist", "尺", 2.4, 80, 1e-6);
    check_unit("hemoglobin", "g/dL", 13, 130, 1e-9);
    check_unit("uacr", "mg/mmol", 3, 26.5, 0.05);
    check_unit("pack_years", "年支", 400, 20, 1e-9);
}

static void other_names_find_the_variable(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {{"antipsychotics", "antipsychotic"},
                                           {"hypertension_dx", "hypertension"},
                                           {"statin", "lipid_treated"},
                                           {"lipid_lowering", "lipid_treated"},
                                           {"hb", "hemoglobin"},
                                           {"tuberculosis", "tb"},
                                           {"personal_cancer", "cancer"},
                                           {"passive_smoking_years", "passive_years"},
                                           {"occupational_exposure_years", "occ_carcinogen_years"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        int a = hra_dictionary_find(dictionary(), pairs[i][0]);
        assert_true(a >= 0);
        assert_int_equal(a, hra_dictionary_find(dictionary(), pairs[i][1]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_says_where_it_comes_from),
        cmocka_unit_test(texts_name_no_medicine_and_make_no_diagnosis),
        cmocka_unit_test(urgent_values_are_accepted),
        cmocka_unit_test(limits_that_cut_urgent_values_are_faults),
        cmocka_unit_test(a_header_means_one_variable),
        cmocka_unit_test(a_cell_means_one_level),
        cmocka_unit_test(limits_are_in_order),
        cmocka_unit_test(units_convert_as_known_pairs_do),
        cmocka_unit_test(other_names_find_the_variable),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
