#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "io/cell_value.h"
#include "io/text_fold.h"

static bool is_one_of(const char *text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcasecmp(text, words[i]) == 0) return true;
    return false;
}
#define IS_ONE_OF(text, words) is_one_of(text, words, sizeof(words) / sizeof(words)[0])

bool hra_is_missing_word(const char *folded, bool none)
{
    static const char *const words[] = {
        "",        "-",     "--",    "---",    "/",        "\\",           ".",        "..",        "...",
        "空白",    "空",    "未检",  "未测",   "未查",     "未做",         "未检查",   "未检测",    "弃查",
        "弃检",    "拒检",  "拒查",  "拒绝",   "放弃",     "自动放弃",     "待查",     "缺",        "缺失",
        "缺项",    "不详",  "未知",  "见报告", "详见报告", "详见图文报告", "NA",       "N/A",       "#N/A",
        "null",    "nil",   "nan",   "\\N",    "inf",      "-inf",         "infinity", "-infinity", "#DIV/0!",
        "#VALUE!", "#REF!", "#NUM!", "#NAME?", "#NULL!",   "unknown",      "missing"};
    static const char *const none_words[] = {"无", "none"};
    if (*folded >= '0' && *folded <= '9') return false; /* none of the words starts so; most cells do */
    return IS_ONE_OF(folded, words) || (none && IS_ONE_OF(folded, none_words));
}

/* "1.0" is how some programs write 1. */
static bool whole_number(const char *folded, int *number)
{
    double value;
    const char *end = folded + strlen(folded), *stop = hra_read_decimal(folded, end, &value);
    if (stop == folded || *stop || !(fabs(value) < 1000000) || value != floor(value)) return false;
    *number = (int)value;
    return true;
}

hra_cell_value hra_cell_flag(const char *text, size_t length)
{
    static const char *const yes[] = {"1", "是", "有",      "阳性", "yes", "y",  "true",
                                      "t", "√",  "阳性(+)", "+",    "(+)", "正", "对"};
    static const char *const no[] = {"0",     "否", "无", "没有",    "不是", "阴性", "no",  "n",
                                     "false", "f",  "×",  "阴性(-)", "(-)",  "从无", "未有"};
    char folded[HRA_CELL_TEXT];
    if (hra_fold(text, length, HRA_FOLD_NO_SPACES, folded, sizeof folded) < 0)
        return hra_cell_rejected("text instead of yes or no");
    if (IS_ONE_OF(folded, yes)) return hra_cell_known(1, false);
    if (IS_ONE_OF(folded, no)) return hra_cell_known(0, false);
    if (hra_is_missing_word(folded, true)) return hra_cell_missing();
    int number;
    if (whole_number(folded, &number) && (number == 0 || number == 1)) return hra_cell_known(number, false);
    return hra_cell_rejected("neither yes nor no");
}

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

hra_cell_value hra_cell_category(const hra_map *levels, const char *text, size_t length)
{
    char folded[HRA_CELL_TEXT];
    int64_t ordinal = length > 0 ? hra_map_get_n(levels, text, length) : -1; /* mostly written as it folds */
    if (ordinal >= 0) return hra_cell_known((double)ordinal, false);
    int folded_length = hra_fold(text, length, HRA_FOLD_LOWER | HRA_FOLD_NO_SPACES, folded, sizeof folded);
    if (folded_length < 0) return hra_cell_rejected("no level of this variable");
    ordinal = folded_length > 0 ? hra_map_get_n(levels, folded, (size_t)folded_length) : -1;
    if (ordinal >= 0) return hra_cell_known((double)ordinal, false);
    if (hra_is_missing_word(folded, false)) return hra_cell_missing();
    int number;
    if (whole_number(folded, &number)) {
        char digits[16];
        snprintf(digits, sizeof digits, "%d", number);
        ordinal = hra_map_get(levels, digits);
        if (ordinal >= 0) return hra_cell_known((double)ordinal, false);
    }
    return hra_cell_rejected("no level of this variable");
}
