#include "io/words/no_identifier.h"

#include <string.h>
#include <strings.h>

#include "io/words/cell_value.h"
#include "io/words/text_fold.h"

enum { WORD_TEXT = 96 };

bool hra_says_no_identifier(const char *text, size_t length)
{
    static const char *const words[] = {"没有", "暂无", "未提供", "不提供", "无证件", "无身份证", "待补",
                                        "待定", "未填", "未填写", "未登记", "无编号", "同上"};
    char folded[WORD_TEXT];
    if (length > WORD_TEXT / 2 || hra_fold(text, length, HRA_FOLD_NO_SPACES, folded, sizeof folded) < 0) return false;
    if (hra_is_missing_word(folded, true)) return true;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(folded, words[i]) == 0) return true;
    return false;
}

bool hra_is_footer(const char *text, size_t length, bool alone)
{
    static const char *const starts[] = {"注",   "备注", "说明", "以上", "第", "共",   "制表", "打印", "审核", "填报",
                                         "报告", "盖章", "日期", "单位", "总", "人数", "受检", "应检", "实检", "本次"};
    char folded[HRA_CELL_TEXT];
    bool words = false;
    for (size_t i = 0; i < length && !words; i++) words = (unsigned char)text[i] >= 0x80;
    if (!words || hra_fold(text, length, HRA_FOLD_NO_SPACES, folded, sizeof folded) < 0) return false;
    bool digits = strpbrk(folded, "0123456789") != NULL;
    if (strchr(folded, ':') && !digits) return true;
    if (!alone) return false;
    if (strpbrk(folded, ":;") || strstr(folded, "。") || strstr(folded, "，")) return true; /* a sentence */
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
        if (strncmp(folded, starts[i], strlen(starts[i])) == 0) return true;
    return !digits;
}

bool hra_is_total(const char *text, size_t length)
{
    static const char *const words[] = {"合计",   "总计", "小计", "共计",   "本页小计", "本页合计", "平均值",
                                        "平均数", "平均", "均值", "最大值", "最小值",   "标准差",   "total"};
    while (length > 0 && (*text == '"' || *text == ' ')) text++, length--;
    unsigned char c = length > 0 ? (unsigned char)*text : 0;
    if (c != 't' && c != 'T' && c < 0x80) return false;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t n = strlen(words[i]);
        if (length < n || strncasecmp(text, words[i], n) != 0) continue;
        if (length == n || strchr(",;:|\t \"", text[n]) || (c >= 0x80 && text[n] >= '0' && text[n] <= '9')) return true;
        if (length >= n + 3 && (strncmp(text + n, "：", 3) == 0 || strncmp(text + n, "人", 3) == 0)) return true;
    }
    return false;
}
