/* Two numbers in one cell: 120/80, also several readings in order. */
#include <math.h>
#include <string.h>
#include <strings.h>

#include "io/words/cell_text.h"
#include "io/words/text_fold.h"

/* What may stand beside and between readings. Longer words before those they contain. */
static const char *const words[] = {
    "第一次", "第二次", "第三次", "第1次",    "第2次",  "第3次",  "首测", "初测", "复测", "再测", "首诊", "复查",
    "左上肢", "右上肢", "左上臂", "左臂",     "右上臂", "右臂",   "左侧", "右侧", "左",   "右",   "坐位", "卧位",
    "平卧位", "平卧",   "立位",   "毫米汞柱", "mmHg",   "血压",   "BP",   "偏高", "偏低", "升高", "高",   "低",
    "↑",      "↓",      "▲",      "▼",        "★",      "危急值", "。",   "、",   "H",    "L"};

enum { MAX_READINGS = 8 };

typedef struct readings {
    double first[MAX_READINGS], second[MAX_READINGS];
    int count;
    bool words;
} readings;

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static const char *skip_words(const char *at, bool *any)
{
    for (;;) {
        const char *before = at;
        at += strspn(at, " ,;:()[]*");
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
            size_t length = strlen(words[i]);
            if (strncasecmp(at, words[i], length) != 0) continue;
            at += length;
            *any = true;
            break;
        }
        if (at == before) return at;
    }
}

/* "120/80", "120-80", "120 80": NULL if it is none. */
static const char *read_reading(const char *at, double *first, double *second)
{
    const char *end = at + strlen(at), *rest = hra_read_decimal(at, end, first);
    if (!is_digit(*at) || rest == at) return NULL;
    const char *sign = rest + strspn(rest, " ");
    bool spaced = sign > rest;
    if (*sign == '/' || *sign == '-' || *sign == '\\') {
        sign++;
        sign += strspn(sign, " ");
    } else if (!spaced) {
        return NULL;
    }
    if (!is_digit(*sign)) return NULL;
    rest = hra_read_decimal(sign, end, second);
    return *rest == '/' || *rest == '-' || *rest == '.' || is_digit(*rest) ? NULL : rest;
}

static const char *read_all(const char *text, readings *r)
{
    const char *at = skip_words(text, &r->words);
    while (*at) {
        if (r->count == MAX_READINGS) return "too many readings";
        at = read_reading(at, &r->first[r->count], &r->second[r->count]);
        if (!at) return "not two numbers such as 120/80";
        r->count++;
        at = skip_words(at, &r->words);
    }
    return r->count > 0 ? NULL : "not two numbers such as 120/80";
}

static void choose(const readings *r, hra_repeat_rule rule, double *first, double *second)
{
    int at = rule == HRA_REPEAT_LAST ? r->count - 1 : 0;
    *first = r->first[at];
    *second = r->second[at];
    for (int i = 1; i < r->count && rule == HRA_REPEAT_MEAN; i++) {
        *first += r->first[i];
        *second += r->second[i];
    }
    if (rule != HRA_REPEAT_MEAN) return;
    *first /= r->count;
    *second /= r->count;
}

static bool is_empty_pair(const char *folded) { return *folded && strspn(folded, "-/ ") == strlen(folded); }

hra_cell_value hra_cell_pair(const hra_reading_rules *rules, const char *text, size_t length, double *first,
                             double *second)
{
    char folded[HRA_CELL_TEXT];
    hra_cell_value missing;
    uint8_t altered = 0;
    readings r = {0};
    *first = *second = NAN;
    if (hra_cell_clean(text, length, 0, folded, sizeof folded, &altered) < 0)
        return hra_cell_rejected("text instead of two numbers");
    if (hra_missing_word(folded, true, &missing)) return missing;
    if (is_empty_pair(folded)) return hra_cell_missing();
    const char *fault = read_all(folded, &r);
    if (fault) return hra_cell_rejected(fault);
    bool zeros = true, ordered = true;
    for (int i = 0; i < r.count; i++) {
        zeros &= r.first[i] == 0 && r.second[i] == 0;
        ordered &= r.first[i] > r.second[i];
    }
    if (zeros)
        return (hra_cell_value){.kind = HRA_CELL_MISSING, .mark = HRA_MARK_NOT_DONE, .reason = "zero: not measured"};
    if (!ordered) return hra_cell_rejected("the first of the two numbers must be the larger");
    choose(&r, rules ? rules->repeats : HRA_REPEAT_FIRST, first, second);
    if (r.words) altered |= HRA_ALTERED_REMARK;
    if (r.count > 1) altered |= HRA_ALTERED_REPEAT;
    return hra_cell_known(0, altered);
}
