/* Quantities in texts: "{6.1 mmol/L of glucose_fasting}". */
#include <stdio.h>

#include "engine/language/quantity_text.h"
#include "language_fixture.h"
#include "report/tools/texts.h"

static void check_plain(const char *text, const char *want)
{
    hra_buffer out = {0};
    hra_quantity_plain(text, &out);
    assert_string_equal(out.bytes ? out.bytes : "", want);
    hra_buffer_destroy(&out);
}

static void programs_alone_read_the_variable(void **state)
{
    check_plain("", "");
    check_plain("no places", "no places");
    check_plain("{ldl} is kept", "{ldl} is kept");
    check_plain("below {6.1 mmol/L of glucose_fasting}.", "below 6.1 mmol/L.");
    check_plain("{85厘米 of waist}以下，{85至<90厘米 of waist}", "85厘米以下，85至<90厘米");
    check_plain("{3.4, 2.6 or 1.8 mmol/L of ldl}, {6.2 of tc}", "3.4, 2.6 or 1.8 mmol/L, 6.2");
    check_plain("{limit mmol/L of ldl} and {weight公斤 of weight}", "{limit} mmol/L and {weight}公斤");
    check_plain("open {6.1 mmol/L", "open {6.1 mmol/L");
}

static void the_parts(void **state)
{
    static const char *const samples[][4] = {{"6.1 mmol/L of glucose_fasting", "6.1", " mmol/L", "glucose_fasting"},
                                             {"4.4–7.0 mmol/L of tg", "4.4–7.0", " mmol/L", "tg"},
                                             {"85厘米 of waist", "85", "厘米", "waist"},
                                             {"5.2 to below 6.2 of tc", "5.2 to below 6.2", "", "tc"},
                                             {"ldl_limit mmol/L of ldl", "ldl_limit", " mmol/L", "ldl"}};
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        hra_quantity q;
        assert_true(hra_quantity_read(samples[i][0], strlen(samples[i][0]), &q));
        const hra_text_piece parts[] = {q.value, q.unit, q.variable};
        for (size_t p = 0; p < 3; p++) {
            assert_int_equal(parts[p].length, strlen(samples[i][p + 1]));
            assert_memory_equal(parts[p].text, samples[i][p + 1], parts[p].length);
        }
        assert_int_equal(q.is_name, i == 4);
    }
    hra_quantity none;
    assert_false(hra_quantity_read("ldl", 3, &none));
}

static void what_is_refused(void **state)
{
    static const char rule[] =
        "prescription P {\n  domain lipid  priority 1  when tc > 5.2\n  text \"%s\"  text.zh \"中\"\n"
        "  target \"t\"  source \"s\"  review product\n}\n";
    static const char *const samples[][2] = {
        {"below {1.7 mmol/L of tg}", ""},
        {"below {150 mg/dL of tg}", "texts name the unit of the dictionary: tg"},
        {"below {1.7 mmol/L of tgg}", "tgg"},
        {"below {1.7 mmol/L of sex}", "sex in the text is no variable with a unit"},
        {"below {nothing mmol/L of tg}", "nothing"}};
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        hra_buffer text = {0};
        hra_buffer_printf(&text, rule, samples[i][0]);
        hra_buffer faults = faults_of(text.bytes);
        if (!*samples[i][1] && *faults.bytes) fail_msg("%s", faults.bytes);
        if (!strstr(faults.bytes, samples[i][1])) fail_msg("%s: %s", samples[i][0], faults.bytes);
        hra_buffer_destroy(&text);
        hra_buffer_destroy(&faults);
    }
}

static bool is_canonical(const hra_dictionary *dictionary, const hra_words *words, const hra_quantity *q)
{
    char name[64], unit[64];
    snprintf(name, sizeof name, "%.*s", (int)q->variable.length, q->variable.text);
    snprintf(unit, sizeof unit, "%.*s", (int)q->unit.length, q->unit.text);
    int variable = hra_dictionary_find(dictionary, name);
    assert_true(variable >= 0);
    const char *own = hra_dictionary_at(dictionary, variable)->unit, *shown = unit + (*unit == ' ');
    return !*shown || strcmp(shown, own) == 0 || strcmp(shown, hra_text_of(words, "unit", own, own)) == 0;
}

/* Every quantity of the shipped texts is in the dictionary's unit, as the language writes it. */
static void shipped_texts_name_the_units_of_the_dictionary(void **state)
{
    hra_error error;
    hra_words *words[2];
    hra_library *library = hra_library_new();
    hra_diagnostics *faults = hra_diagnostics_new();
    assert_int_equal(hra_library_add_builtin(library, faults, &error) || hra_library_check(library, faults, &error), 0);
    assert_int_equal(hra_words_new("en", &words[0], &error) || hra_words_new("zh", &words[1], &error), 0);
    int count = 0;
    for (int d = 0; d < hra_library_declaration_count(library); d++) {
        const hra_declaration *x = hra_library_declaration(library, d);
        for (int p = 0; p < x->property_count; p++)
            for (const char *at = x->properties[p].value; (at = strchr(at, '{')) != NULL; at++) {
                hra_quantity q;
                if (!hra_quantity_read(at + 1, strcspn(at + 1, "}"), &q)) continue;
                bool zh = strcmp(x->properties[p].language, "zh") == 0;
                if (!is_canonical(hra_library_dictionary(library), words[zh], &q))
                    fail_msg("%s: %s", x->id, x->properties[p].value);
                count++;
            }
    }
    assert_true(count > 80);
    hra_words_free(words[0]);
    hra_words_free(words[1]);
    hra_library_free(library);
    hra_diagnostics_free(faults);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(programs_alone_read_the_variable),
        cmocka_unit_test(the_parts),
        cmocka_unit_test(what_is_refused),
        cmocka_unit_test(shipped_texts_name_the_units_of_the_dictionary),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
