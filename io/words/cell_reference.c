/* The laboratory's limits behind a value: 5.6(3.9-6.1), 5.6[参考值:<6.1]. */
#include <string.h>

#include "io/words/cell_text.h"

/* Behind the first of `words` that `text` begins with; `text` itself if it begins with none. */
static const char *skip_one_of(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (strncmp(text, *words, strlen(*words)) == 0) return text + strlen(*words);
    return text;
}

static const char *skip_number(const char *text, double *value)
{
    return *text >= '0' && *text <= '9' ? hra_read_decimal(text, text + strlen(text), value) : NULL;
}

const char *hra_skip_reference(const char *text)
{
    static const char *const names[] = {"参考值", "参考范围", "参考区间", "参考", "正常值", "正常范围", "正常",
                                        "范围",   "ref.",     "ref",      "Ref.", "Ref",    "REF",      NULL};
    static const char *const colons[] = {":", NULL};
    static const char *const signs[] = {"--", "-", "~", "–", "—", "至", "到", NULL};
    static const char *const bounds[] = {"<=", ">=", "<", ">", "≤", "≥", NULL};
    double low, high;
    text = skip_one_of(skip_one_of(text, names), colons);
    const char *number = skip_one_of(text, bounds);
    if (number != text) return skip_number(number, &high);
    const char *after = skip_number(text, &low);
    const char *second = after ? skip_one_of(after, signs) : NULL;
    if (!second || second == after) return NULL;
    after = skip_number(second, &high);
    return after && low < high ? after : NULL;
}
