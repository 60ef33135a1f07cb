/* Free text: whole and negation-aware. Nothing is found inside a text that is not understood to its last character. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "engine/language/library.h"
#include "io/words/phrases.h"

static hra_library *library;
static hra_phrase_book *book;

static int setup(void **state)
{
    hra_diagnostics *diagnostics = hra_diagnostics_new();
    hra_error error = {0};
    (void)state;
    library = hra_library_new();
    if (hra_library_add_builtin(library, diagnostics, &error) != HRA_OK) fail_msg("%s", error.message);
    hra_diagnostics_free(diagnostics);
    if (hra_phrase_book_new(hra_library_dictionary(library), &book, &error) != HRA_OK) fail_msg("%s", error.message);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    hra_phrase_book_free(book);
    hra_library_free(library);
    return 0;
}

static int variable(const char *name)
{
    int index = hra_dictionary_find(hra_library_dictionary(library), name);
    if (index < 0) fail_msg("no variable %s", name);
    return index;
}

static void write_value(const hra_variable *v, const hra_cell_value *value, char out[100])
{
    if (value->kind == HRA_CELL_MISSING)
        snprintf(out, 100, "missing");
    else if (value->kind == HRA_CELL_REJECTED)
        snprintf(out, 100, "rejected: %s", value->reason);
    else if (v->type == HRA_TYPE_CATEGORY)
        snprintf(out, 100, "%s", v->levels[(int)value->value].name);
    else if (v->type == HRA_TYPE_FLAG)
        snprintf(out, 100, "%s", value->value != 0 ? "yes" : "no");
    else
        snprintf(out, 100, "%g", value->value);
}

/* Variable, text, what it says of the variable. */
static const char *const texts[][3] = {
    {"hypertension", "高血压", "yes"},
    {"hypertension", "否认高血压", "no"},
    {"hypertension", "否认高血压史", "no"},
    {"hypertension", "无高血压病史", "no"},
    {"hypertension", "否认有高血压", "no"},
    {"hypertension", "高血压病史10年，未治疗", "yes"},
    {"hypertension", "高血压病10余年，规律服药，血压控制可", "yes"},
    {"hypertension", "高血压3级，最高180/110mmHg", "yes"},
    {"hypertension", "2015年发现高血压", "yes"},
    {"hypertension", "高血压(-)", "no"},
    {"hypertension", "高血压：无", "no"},
    {"hypertension", "本人有高血压，母亲有糖尿病", "yes"},
    {"hypertension", "母亲高血压；本人无", "no"},
    {"hypertension", "父母均有高血压，本人高血压5年", "yes"},
    {"hypertension", "体健", "no"},
    {"hypertension", "无特殊", "no"},
    {"hypertension", "高血压、糖尿病、冠心病", "yes"},
    {"hypertension", "否认高血压、糖尿病、冠心病史", "no"},
    {"diabetes", "否认高血压、糖尿病、冠心病史", "no"},
    {"prior_chd", "否认高血压、糖尿病、冠心病史", "no"},
    {"prior_chd", "否认高血压，糖尿病，冠心病史",
     "rejected: a comma after a denial or a relative: it is not clear whether that goes on"},
    {"hypertension", "否认高血压，糖尿病，冠心病史", "no"},
    {"diabetes", "无高血压，有糖尿病", "yes"},
    {"diabetes", "无高血压，糖尿病10年", "yes"},
    {"diabetes", "无高血压有糖尿病", "yes"},
    {"hypertension", "无高血压有糖尿病", "no"},
    {"diabetes", "无高血压；糖尿病", "yes"},
    {"hypertension", "高血压无糖尿病有", "rejected: text not understood"},
    {"hypertension", "高血压有糖尿病无", "rejected: text not understood"},
    {"hypertension", "不否认高血压", "rejected: text not understood"},
    {"hypertension", "疑似高血压", "rejected: text not understood"},
    {"hypertension", "高血压？", "rejected: text not understood"},
    {"hypertension", "高血压待排", "rejected: text not understood"},
    {"hypertension", "有高血压，无高血压", "rejected: the text contradicts itself"},
    {"hypertension", "糖尿病", "rejected: the text does not say"},
    {"hypertension", "肺动脉高血压", "rejected: text not understood"},
    {"hypertension", "妊娠期高血压", "rejected: text not understood"},
    {"diabetes", "父亲有糖尿病，本人无", "no"},
    {"diabetes", "父亲有糖尿病", "rejected: the text does not say"},
    {"diabetes", "父亲糖尿病，高血压", "rejected: the text does not say"},
    {"hypertension", "父亲糖尿病，高血压",
     "rejected: a comma after a denial or a relative: it is not clear whether that goes on"},
    {"diabetes", "爷爷糖尿病", "rejected: the text does not say"},
    {"diabetes", "糖尿病家族史", "rejected: the text does not say"},
    {"diabetes", "无糖尿病家族史", "rejected: the text does not say"},
    {"diabetes", "妊娠糖尿病", "rejected: the text does not say"},
    {"gestational_dm", "妊娠糖尿病", "yes"},
    {"diabetes_duration", "2型糖尿病8年", "8"},
    {"fh_diabetes", "父亲有糖尿病，本人无", "yes"},
    {"fh_diabetes", "父亲", "yes"},
    {"fh_diabetes", "父亲、母亲均无糖尿病", "no"},
    {"fh_diabetes", "父母糖尿病", "yes"},
    {"fh_diabetes", "爷爷糖尿病", "rejected: the text does not say"},
    {"fh_diabetes", "本人有糖尿病", "rejected: the text does not say"},
    {"fh_diabetes", "无糖尿病家族史", "no"},
    {"fh_diabetes", "无", "no"},
    {"fh_stroke", "父亲脑梗，母亲体健", "rejected: the text contradicts itself"},
    {"smoking_status", "否认吸烟", "never"},
    {"smoking_status", "无吸烟史", "never"},
    {"smoking_status", "不吸烟", "never"},
    {"smoking_status", "吸烟", "current"},
    {"smoking_status", "吸烟20年，每天10支", "current"},
    {"smoking_years", "吸烟20年，每天10支", "20"},
    {"smoking_status", "已戒烟5年", "former"},
    {"quit_years", "已戒烟5年", "5"},
    {"quit_years", "已戒烟", "rejected: the text does not say"},
    {"quit_years", "戒烟6个月", "0.5"},
    {"smoking_status", "吸烟史20年，已戒烟5年", "former"},
    {"smoking_years", "吸烟史20年，已戒烟5年", "20"},
    {"quit_years", "吸烟史20年，已戒烟5年", "5"},
    {"smoking_status", "既往吸烟", "former"},
    {"smoking_status", "有吸烟史", "rejected: the text does not say"},
    {"smoking_status", "被动吸烟", "rejected: the text does not say"},
    {"passive_smoking", "被动吸烟", "yes"},
    {"smoking_status", "丈夫吸烟", "rejected: the text does not say"},
    {"smoking_status", "未戒烟", "current"},
    {"smoking_status", "否认烟酒嗜好", "never"},
    {"alcohol_status", "否认烟酒嗜好", "never"},
    {"ecg_normal", "窦性心律 大致正常心电图", "yes"},
    {"ecg_normal", "窦性心律\n大致正常心电图", "yes"},
    {"ecg_normal", "窦性心律，T波改变", "no"},
    {"ecg_normal", "窦性心律", "rejected: the text does not say"},
    {"ecg_normal", "窦性心律，大致正常心电图，T波改变", "rejected: the text contradicts itself"},
    {"ecg_normal", "心房颤动，ST-T改变", "no"},
    {"af", "心房颤动，ST-T改变", "yes"},
    {"st_t_change", "心房颤动，ST-T改变", "yes"},
    {"lvh", "窦性心律，左室高电压", "yes"},
    {"af", "未见房颤", "no"},
    {"lung_nodule", "双肺未见异常", "no"},
    {"lung_nodule", "右肺结节", "yes"},
    {"lung_nodule", "右肺上叶磨玻璃结节，大小约6mm，建议随访", "yes"},
    {"lung_nodule", "双肺未见结节", "no"},
    {"lung_nodule", "甲状腺结节", "rejected: the text does not say"},
    {"thyroid_nodule", "甲状腺结节", "yes"},
    {"lung_nodule", "右肺中叶可疑结节", "rejected: text not understood"},
    {"fatty_liver_any", "轻度脂肪肝；胆囊结石", "yes"},
    {"prior_stroke", "脑梗死后2年", "yes"},
    {"pregnant", "曾怀孕", "rejected: text not understood"},
};

static void texts_are_understood_whole(void **state)
{
    (void)state;
    int faults = 0;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        int about = variable(texts[i][0]);
        char found[100];
        hra_cell_value value = hra_phrases_read(book, about, texts[i][1], strlen(texts[i][1]));
        write_value(hra_dictionary_at(hra_library_dictionary(library), about), &value, found);
        if (strcmp(found, texts[i][2]) == 0) continue;
        print_error("%s '%s': read as '%s', not '%s'\n", texts[i][0], texts[i][1], found, texts[i][2]);
        faults++;
    }
    assert_int_equal(faults, 0);
}

/* Every text but the blank one, with a foreign character put in at any place, is not understood: nothing is guessed
 * from the rest of it. */
static void one_strange_character_and_nothing_is_said(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const char *text = texts[i][1];
        int about = variable(texts[i][0]);
        for (size_t at = 0; at <= strlen(text); at++) {
            if (((unsigned char)text[at] & 0xC0) == 0x80) continue;
            char broken[300];
            snprintf(broken, sizeof broken, "%.*s龘%s", (int)at, text, text + at);
            hra_cell_value value = hra_phrases_read(book, about, broken, strlen(broken));
            if (value.kind != HRA_CELL_REJECTED) fail_msg("'%s' was understood", broken);
        }
    }
}

static void several(const char *text, const hra_answer_code *codes, int code_count, const char *expected)
{
    static const char *const names[] = {"hypertension", "fatty_liver_any", "diabetes", "quit_years"};
    int variables[4];
    hra_cell_value values[4];
    hra_buffer found = {0};
    for (int i = 0; i < 4; i++) variables[i] = variable(names[i]);
    hra_phrases_read_several(book, variables, 4, codes, code_count, text, strlen(text), values);
    for (int i = 0; i < 4; i++) {
        char one[100];
        write_value(hra_dictionary_at(hra_library_dictionary(library), variables[i]), &values[i], one);
        hra_buffer_printf(&found, "%s%.8s", i ? " " : "", one);
    }
    assert_string_equal(found.bytes, expected);
    hra_buffer_destroy(&found);
}

static void several_answers_in_a_cell(void **state)
{
    (void)state;
    const hra_answer_code codes[] = {{"1", 0}, {"3", 2}, {"7", -1}};
    several("高血压、脂肪肝；胆囊结石", NULL, 0, "yes yes no missing");
    several("高血压,糖尿病8年", NULL, 0, "yes no yes missing");
    several("无", NULL, 0, "no no no missing");
    several("", NULL, 0, "missing missing missing missing");
    several("未查", NULL, 0, "missing missing missing missing");
    several("1;3;7", codes, 3, "yes no yes missing");
    several("①③", codes, 3, "yes no yes missing");
    several("1;9", codes, 3, "yes rejected rejected rejected");
    several("高血压、乌龙病", NULL, 0, "yes rejected rejected rejected");
    several("3、高血压", codes, 3, "yes no yes missing");
    several("1 3 7", codes, 3, "yes no yes missing");
}

/* The answers of a web questionnaire: between them ┋ or a comma, several words each. */
static void answers_of_several_words(void **state)
{
    (void)state;
    const hra_answer_code codes[] = {{"highbloodpressure", 0}, {"fattyliver", 1}, {"diabetes", 2}, {"pain,atrest", -1}};
    several("高血压┋脂肪肝┋高脂血症", NULL, 0, "yes yes no missing");
    several("以上都没有", NULL, 0, "no no no missing");
    several("None of the above", codes, 4, "no no no missing");
    several("(跳过)", NULL, 0, "missing missing missing missing");
    several("High blood pressure, Diabetes", codes, 4, "yes no yes missing");
    several("Diabetes;Pain, at rest;Fatty liver;", codes, 4, "no yes yes missing");
    several("Fatty liver diabetes", codes, 4, "no yes yes missing");
    several("No diabetes", codes, 4, "rejected rejected rejected rejected");
    several("High blood pressure, Diabetes insipidus", codes, 4, "yes rejected rejected rejected");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_understood_whole),
        cmocka_unit_test(one_strange_character_and_nothing_is_said),
        cmocka_unit_test(several_answers_in_a_cell),
        cmocka_unit_test(answers_of_several_words),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
