/* A cell as a word: missing words, yes and no, the levels of a category. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "io/words/cell_text.h"
#include "io/words/text_fold.h"

static bool is_one_of(const char *text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) /* 32 is what tells small letters from large; the lists are long */
        if ((text[0] | 32) == (words[i][0] | 32) && strcasecmp(text, words[i]) == 0) return true;
    return false;
}
#define IS_ONE_OF(text, words) is_one_of(text, words, sizeof(words) / sizeof(words)[0])

/* ---- missing words -------------------------------------------------------------------------- */

static bool is_refusal(const char *folded)
{
    static const char *const words[] = {"弃查", "弃检", "拒检", "拒查",     "拒绝",     "拒绝检查",
                                        "拒测", "放弃", "弃测", "自动放弃", "放弃检查", "自愿放弃",
                                        "拒檢", "棄檢", "放棄", "refused"};
    return IS_ONE_OF(folded, words);
}

static bool is_not_done(const char *folded)
{
    static const char *const words[] = {"未检",   "未测",   "未查",   "未做",     "未检查", "未检测",
                                        "未测量", "待查",   "待检",   "漏检",     "未参检", "未体检",
                                        "未采",   "未完成", "缺项",   "无标本",   "未留取", "未送检",
                                        "未檢",   "未測",   "未檢查", "not done", "notdone"};
    return IS_ONE_OF(folded, words);
}

static bool is_elsewhere(const char *folded)
{
    static const char *const words[] = {"见报告",   "详见报告", "详见图文报告", "见图文报告",
                                        "见报告单", "另附报告", "详见报告单",   "见附件"};
    return IS_ONE_OF(folded, words);
}

static bool is_formula_error(const char *folded)
{
    static const char *const words[] = {"#DIV/0!", "#VALUE!", "#REF!",   "#NUM!", "#NAME?",
                                        "#NULL!",  "#N/A",    "#SPILL!", "#CALC!"};
    return IS_ONE_OF(folded, words);
}

static bool is_no_value(const char *folded)
{
    static const char *const words[] = {
        "",     "-",       "--",      "---",       "----",   "/",        "//",        "\\",     ".",     "..",   "...",
        "空白", "空",      "缺",      "缺失",      "不详",   "未知",     "不清楚",    "不明",   "NA",    "N/A",  "null",
        "nil",  "nan",     "\\N",     "inf",       "-inf",   "infinity", "-infinity", "(空)",   "()",    "n.a.", "n/d",
        "n.d.", "unknown", "missing", "not known", "(跳过)", "跳过",     "未填",      "未填写", "未作答"};
    return IS_ONE_OF(folded, words);
}

bool hra_missing_word(const char *folded, bool none, hra_cell_value *value)
{
    static const char *const none_words[] = {"无", "無", "none"};
    *value = hra_cell_missing();
    if (*folded >= '0' && *folded <= '9') return false; /* none of the words starts so; most cells do */
    if (!*folded) return true;
    if (is_refusal(folded)) {
        value->mark = HRA_MARK_REFUSED;
        value->reason = "refused";
    } else if (is_not_done(folded)) {
        value->mark = HRA_MARK_NOT_DONE;
        value->reason = "not done";
    } else if (is_elsewhere(folded)) {
        value->reason = "see report";
    } else if (is_formula_error(folded)) {
        value->reason = "formula error";
    } else if (is_no_value(folded) || (none && IS_ONE_OF(folded, none_words))) {
        value->reason = "a word for none";
    }
    return value->reason != NULL;
}

bool hra_is_missing_word(const char *folded, bool none)
{
    hra_cell_value unused;
    return hra_missing_word(folded, none, &unused);
}

/* ---- yes and no ------------------------------------------------------------------------------- */

/* "1.0" is how some programs write 1. */
static bool whole_number(const char *folded, int *number)
{
    double value;
    const char *end = folded + strlen(folded), *stop = hra_read_decimal(folded, end, &value);
    if (stop == folded || *stop || !(fabs(value) < 1000000) || value != floor(value)) return false;
    *number = (int)value;
    return true;
}

static hra_cell_value read_flag(const char *folded, uint8_t altered)
{
    static const char *const yes[] = {"1",    "是",      "有",        "阳性",   "yes",  "y",       "true",   "t",
                                      "√",    "阳性(+)", "+",         "(+)",    "正",   "对",      "++",     "+++",
                                      "++++", "(++)",    "(+++)",     "1+",     "2+",   "3+",      "4+",     "+1",
                                      "+2",   "+3",      "阳性(++)",  "强阳性", "陽性", "陽性(+)", "強陽性", "positive",
                                      "pos",  "pos.",    "阳性(+++)", "(1+)",   "(2+)"};
    static const char *const no[] = {"0",     "否",   "无",      "没有",     "不是", "阴性", "no",   "n",
                                     "false", "f",    "×",       "阴性(-)",  "(-)",  "从无", "未有", "無",
                                     "沒有",  "陰性", "陰性(-)", "negative", "neg",  "neg."};
    static const char *const weak[] = {"±",         "+-",     "+/-", "-/+",  "弱阳性",
                                       "弱阳性(±)", "弱陽性", "(±)", "可疑", "可疑阳性"};
    hra_cell_value missing;
    if (IS_ONE_OF(folded, yes)) return hra_cell_known(1, altered);
    if (IS_ONE_OF(folded, no)) return hra_cell_known(0, altered);
    if (hra_missing_word(folded, true, &missing)) return missing;
    if (IS_ONE_OF(folded, weak)) return hra_cell_rejected("weakly positive is neither yes nor no");
    int number;
    if (whole_number(folded, &number) && (number == 0 || number == 1)) return hra_cell_known(number, altered);
    return hra_cell_rejected("neither yes nor no");
}

hra_cell_value hra_cell_flag(const char *text, size_t length)
{
    char folded[HRA_CELL_TEXT];
    uint8_t form = 0; /* spaces and widths of a word are no alteration */
    if (hra_cell_clean(text, length, HRA_FOLD_NO_SPACES, folded, sizeof folded, &form) < 0)
        return hra_cell_rejected("text instead of yes or no");
    hra_cell_value value = read_flag(folded, 0);
    if (value.kind == HRA_CELL_REJECTED && hra_collapse_repeats(folded)) return read_flag(folded, HRA_ALTERED_REPEAT);
    return value;
}

/* ---- levels ------------------------------------------------------------------------------------- */

hra_map *hra_cell_level_map(const hra_variable *variable)
{
    hra_map *index = hra_map_new();
    bool good = index != NULL;
    for (int i = 0; good && i < variable->level_count; i++) {
        const hra_level *level = &variable->levels[i];
        for (int j = -1; good && j < level->label_count; j++) {
            const char *label = j < 0 ? level->name : level->labels[j];
            char folded[HRA_CELL_TEXT];
            int length = hra_fold(label, strlen(label), HRA_FOLD_LOWER | HRA_FOLD_NO_SPACES, folded, sizeof folded);
            if (length > 0 && hra_map_get(index, folded) < 0) good = hra_map_set(index, folded, i) == 0;
        }
    }
    if (good) return index;
    hra_map_free(index);
    return NULL;
}

/* Grades as analysers and people write them, in the dictionary's spelling: "+1" is "1+", "阳性(2+)" is "2+". */
static bool spell_grade(const char *folded, char *out, size_t capacity)
{
    size_t length = strlen(folded);
    const char *open = strchr(folded, '(');
    if (length + 1 > capacity) return false;
    if (folded[0] == '+' && folded[1] >= '1' && folded[1] <= '9' && !folded[2])
        snprintf(out, capacity, "%c+", folded[1]);
    else if (open && open > folded && folded[length - 1] == ')' && strpbrk(open, "+-±") && open[1] != ')')
        snprintf(out, capacity, "%.*s", (int)(folded + length - 1 - open - 1), open + 1);
    else if (strcmp(folded, "neg") == 0 || strcmp(folded, "neg.") == 0)
        snprintf(out, capacity, "negative");
    else if (strcmp(folded, "+/-") == 0 || strcmp(folded, "-/+") == 0)
        snprintf(out, capacity, "±");
    else
        return false;
    return true;
}

static int64_t find_level(const hra_map *levels, const char *folded)
{
    char other[HRA_CELL_TEXT];
    int number;
    int64_t ordinal = *folded ? hra_map_get(levels, folded) : -1;
    if (ordinal < 0 && spell_grade(folded, other, sizeof other)) ordinal = hra_map_get(levels, other);
    if (ordinal < 0 && whole_number(folded, &number)) {
        snprintf(other, sizeof other, "%d", number);
        ordinal = hra_map_get(levels, other);
    }
    return ordinal;
}

hra_cell_value hra_cell_category(const hra_map *levels, const char *text, size_t length)
{
    char folded[HRA_CELL_TEXT];
    uint8_t form = 0;
    hra_cell_value missing;
    int64_t ordinal = length > 0 ? hra_map_get_n(levels, text, length) : -1; /* mostly written as it folds */
    if (ordinal >= 0) return hra_cell_known((double)ordinal, 0);
    if (hra_cell_clean(text, length, HRA_FOLD_LOWER | HRA_FOLD_NO_SPACES, folded, sizeof folded, &form) < 0)
        return hra_cell_rejected("no level of this variable");
    ordinal = find_level(levels, folded);
    if (ordinal >= 0) return hra_cell_known((double)ordinal, 0);
    if (hra_missing_word(folded, false, &missing)) return missing;
    if (hra_collapse_repeats(folded) && (ordinal = find_level(levels, folded)) >= 0)
        return hra_cell_known((double)ordinal, HRA_ALTERED_REPEAT);
    return hra_cell_rejected("no level of this variable");
}
