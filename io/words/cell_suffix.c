/* The words around a number in a cell: its unit, laboratory marks and remarks, 以上, 每天. */
#include <stdio.h>
#include <string.h>

#include "io/words/cell_text.h"
#include "io/words/unit_words.h"

static bool is_one_of(const char *text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(text, words[i]) == 0) return true;
    return false;
}
#define IS_ONE_OF(text, words) is_one_of(text, words, sizeof(words) / sizeof(words)[0])

static bool ends_with(const char *text, size_t length, const char *word)
{
    size_t n = strlen(word);
    return length >= n && memcmp(text + length - n, word, n) == 0;
}

/* ---- remarks ------------------------------------------------------------------------ */

/* No small l: it is how 1 is mistyped. Longer ones first: they are also looked for at the end of a text. */
static const char *const remarks[] = {
    "轻度乳糜", "重度乳糜", "轻度溶血", "标本溶血", "标本乳糜", "已复查", "已复核", "复查后", "脂血", "溶血",
    "乳糜",     "黄疸",     "复查",     "重复",     "复核",     "偏高",   "升高",   "增高",   "偏低", "降低",
    "减低",     "正常",     "危急值",   "危急",     "▲",        "▼",      "△",      "▽",      "★",    "※",
    "异常",     "高",       "低",       "↑↑↑",      "↓↓↓",      "↑↑",     "↓↓",     "↑",      "↓",    "+++",
    "++",       "+",        "**",       "*",        "HH",       "LL",     "H",      "L",      "N"};
enum { REMARK_COUNT = sizeof remarks / sizeof remarks[0] };

/* Cuts a remark off the end. */
static bool cut_remark(char *text)
{
    size_t length = strlen(text);
    for (int i = 0; i < REMARK_COUNT; i++) {
        if (!ends_with(text, length, remarks[i])) continue;
        text[length - strlen(remarks[i])] = '\0';
        return true;
    }
    return false;
}

/* ---- units -------------------------------------------------------------------------- */

static const char *unit_in_cell(const hra_number_reader *reader, const char *text)
{
    return hra_unit_in_column(reader->variable, text, reader->header, reader->unit);
}

/* False: another one stands there already. */
static bool take_unit(hra_suffix *suffix, const char *unit)
{
    if (suffix->unit && strcmp(unit, suffix->unit) != 0) return false;
    suffix->unit = unit;
    return true;
}

static bool is_months(const hra_variable *v, const char *text)
{
    static const char *const words[] = {"月", "个月", "月龄"};
    return strcmp(v->unit, "year") == 0 && IS_ONE_OF(text, words);
}

/* ---- bounders ------------------------------------------------------------------------- */

static const struct {
    const char *word;
    hra_bounder bounder;
} bounders[] = {{"及以上", HRA_BOUNDER_ABOVE}, {"或以上", HRA_BOUNDER_ABOVE}, {"以上", HRA_BOUNDER_ABOVE},
                {"及以下", HRA_BOUNDER_BELOW}, {"或以下", HRA_BOUNDER_BELOW}, {"以下", HRA_BOUNDER_BELOW},
                {"以内", HRA_BOUNDER_BELOW},   {"左右", HRA_BOUNDER_ABOUT},   {"上下", HRA_BOUNDER_ABOUT},
                {"余", HRA_BOUNDER_ABOVE},     {"多", HRA_BOUNDER_ABOVE},     {"ormore", HRA_BOUNDER_ABOVE},
                {"orless", HRA_BOUNDER_BELOW}, {"orfewer", HRA_BOUNDER_BELOW}};

/* A plus sign tops a count or an age (90+); behind a laboratory value it is the analyser's mark. */
static bool plus_tops(const hra_variable *v) { return v->type == HRA_TYPE_COUNT || strcmp(v->unit, "year") == 0; }

static bool take_bounder(hra_suffix *suffix, hra_bounder bounder)
{
    if (suffix->bounder != HRA_BOUNDER_NONE && suffix->bounder != bounder) return false;
    suffix->bounder = bounder;
    return true;
}

/* ---- the suffix ------------------------------------------------------------------------ */

/* Cuts one bounder or remark off one of the ends of `text`; false if there is none. `*good` falls when two bounders
 * contradict each other. */
static bool cut_word(const hra_variable *v, char *text, hra_suffix *suffix, bool *good)
{
    size_t length = strlen(text);
    for (size_t i = 0; i < sizeof bounders / sizeof bounders[0]; i++) {
        size_t n = strlen(bounders[i].word);
        bool front = strncmp(text, bounders[i].word, n) == 0;
        if (!front && !ends_with(text, length, bounders[i].word)) continue;
        *good = take_bounder(suffix, bounders[i].bounder);
        if (front)
            memmove(text, text + n, length - n + 1);
        else
            text[length - n] = '\0';
        return true;
    }
    if (plus_tops(v) && text[0] == '+' && text[1] != '+') {
        *good = take_bounder(suffix, HRA_BOUNDER_ABOVE);
        memmove(text, text + 1, length);
        return true;
    }
    if (!cut_remark(text)) return false;
    return suffix->remark = true;
}

/* What stands in brackets: the unit, remarks, or the laboratory's limits of a measurement, perhaps with the unit. */
static bool read_inner(const hra_number_reader *reader, char *inner, hra_suffix *suffix)
{
    const char *limits = plus_tops(reader->variable) ? NULL : hra_skip_reference(inner);
    const char *word = limits ? limits : inner, *unit = *word ? unit_in_cell(reader, word) : NULL;
    if (unit && !take_unit(suffix, unit)) return false;
    if (limits) return (suffix->remark = true) && (unit || !*limits);
    if (unit) return true;
    if (!*inner) return false;
    while (*inner)
        if (!cut_remark(inner)) return false;
    return suffix->remark = true;
}

/* A closing pair of brackets around such a thing: "(偏高)", "[mmol/L]", "(3.9-6.1)". */
static bool cut_brackets(const hra_number_reader *reader, char *text, hra_suffix *suffix)
{
    size_t length = strlen(text);
    char close = length >= 3 ? text[length - 1] : '\0', *open = NULL;
    if (close == ')') open = strrchr(text, '(');
    if (close == ']') open = strrchr(text, '[');
    if (!open) return false;
    char inner[HRA_CELL_TEXT];
    snprintf(inner, sizeof inner, "%.*s", (int)(text + length - 1 - (open + 1)), open + 1);
    if (!read_inner(reader, inner, suffix)) return false;
    *open = '\0';
    return true;
}

bool hra_read_suffix(const hra_number_reader *reader, const char *text, hra_suffix *suffix)
{
    const hra_variable *variable = reader->variable;
    char rest[HRA_CELL_TEXT];
    bool good = true;
    if (strlen(text) >= sizeof rest) return false;
    strcpy(rest, text);
    while (good && *rest) {
        const char *unit = unit_in_cell(reader, rest);
        if (unit) return take_unit(suffix, unit);
        if (!suffix->unit && is_months(variable, rest)) return suffix->months = true;
        if (!cut_brackets(reader, rest, suffix) && !cut_word(variable, rest, suffix, &good)) return false;
    }
    return good;
}

/* ---- the prefix ------------------------------------------------------------------------- */

static const struct {
    const char *word;
    hra_bounder bounder;
} comparators[] = {{"<=", HRA_BOUNDER_BELOW},   {">=", HRA_BOUNDER_ABOVE},   {"<", HRA_BOUNDER_BELOW},
                   {">", HRA_BOUNDER_ABOVE},    {"小于", HRA_BOUNDER_BELOW}, {"低于", HRA_BOUNDER_BELOW},
                   {"少于", HRA_BOUNDER_BELOW}, {"不足", HRA_BOUNDER_BELOW}, {"不到", HRA_BOUNDER_BELOW},
                   {"大于", HRA_BOUNDER_ABOVE}, {"高于", HRA_BOUNDER_ABOVE}, {"超过", HRA_BOUNDER_ABOVE},
                   {"多于", HRA_BOUNDER_ABOVE}, {"约", HRA_BOUNDER_ABOUT},   {"大约", HRA_BOUNDER_ABOUT},
                   {"大概", HRA_BOUNDER_ABOUT}, {"平均", HRA_BOUNDER_ABOUT}};

/* "每天20支" is a number of cigarettes a day, and no number a week. */
static const struct {
    const char *word, *unit_ending;
} periods[] = {{"每天", "/day"},  {"每日", "/day"},  {"一天", "/day"},    {"日均", "/day"},
               {"每周", "/week"}, {"一周", "/week"}, {"每星期", "/week"}, {"每月", "/month"}};

static const char *starts(const char *text, const char *word)
{
    size_t length = strlen(word);
    return strncmp(text, word, length) == 0 ? text + length : NULL;
}

static const char *skip_word(const hra_variable *v, const char *text, hra_suffix *suffix)
{
    const char *after;
    for (size_t i = 0; i < sizeof comparators / sizeof comparators[0]; i++)
        if ((after = starts(text, comparators[i].word)))
            return take_bounder(suffix, comparators[i].bounder) ? after : NULL;
    for (size_t i = 0; i < sizeof periods / sizeof periods[0]; i++)
        if (ends_with(v->unit, strlen(v->unit), periods[i].unit_ending) && (after = starts(text, periods[i].word)))
            return after;
    for (int i = 0; i < REMARK_COUNT; i++) {
        if (strchr("+N", remarks[i][0]) || !(after = starts(text, remarks[i]))) continue;
        suffix->remark = true;
        return after;
    }
    return NULL;
}

const char *hra_skip_prefix(const hra_variable *variable, const char *text, hra_suffix *suffix)
{
    for (;;) {
        text += strspn(text, " :");
        const char *after = skip_word(variable, text, suffix);
        if (!after) return text;
        text = after;
    }
}
