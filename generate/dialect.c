#include "generate/dialect.h"

#include <string.h>

const hra_dialect hra_dialect_plain = {.encoding = "UTF-8", .delimiter = ',', .yes = "1", .no = "0", .not_done = ""};
const hra_dialect hra_dialect_chinese = {.encoding = "UTF-8",
                                         .delimiter = ',',
                                         .header = HRA_HEADER_CHINESE,
                                         .chinese_levels = true,
                                         .yes = "是",
                                         .no = "否",
                                         .not_done = ""};

static const hra_dialect providers[] = {
    {.encoding = "GB18030",
     .crlf = true,
     .delimiter = ',',
     .header = HRA_HEADER_CHINESE,
     .units = HRA_UNIT_BRACKETS,
     .names = true,
     .dates = HRA_DATE_DASH,
     .chinese_levels = true,
     .yes = "是",
     .no = "否",
     .not_done = "未检"},
    {.encoding = "UTF-8",
     .byte_order_mark = true,
     .crlf = true,
     .delimiter = ',',
     .header = HRA_HEADER_ALIASES,
     .alias = 1,
     .units = HRA_UNIT_FULL_WIDTH,
     .dates = HRA_DATE_SLASH,
     .chinese_levels = true,
     .yes = "有",
     .no = "无",
     .not_done = "未查"},
    {.encoding = "GB18030",
     .delimiter = '\t',
     .header = HRA_HEADER_ALIASES,
     .alias = 2,
     .names = true,
     .title = true,
     .dates = HRA_DATE_CHINESE,
     .chinese_levels = true,
     .yes = "是",
     .no = "否",
     .not_done = "弃查"},
    {.encoding = "UTF-8",
     .delimiter = ',',
     .header = HRA_HEADER_NAME,
     .units = HRA_UNIT_BRACKETS,
     .mgdl = true,
     .dates = HRA_DATE_COMPACT,
     .yes = "Y",
     .no = "N",
     .not_done = ""},
    {.encoding = "GB18030",
     .crlf = true,
     .delimiter = ',',
     .header = HRA_HEADER_ALIASES,
     .alias = 3,
     .names = true,
     .joined_pressure = true,
     .dates = HRA_DATE_DOT,
     .chinese_levels = true,
     .yes = "是",
     .no = "否",
     .not_done = "—"},
    {.encoding = "UTF-8",
     .delimiter = ';',
     .header = HRA_HEADER_CHINESE,
     .units = HRA_UNIT_NONE,
     .dates = HRA_DATE_DASH,
     .chinese_levels = true,
     .yes = "1",
     .no = "0",
     .not_done = "拒检"},
};

const hra_dialect *hra_dialect_of_provider(int provider)
{
    return &providers[provider % (int)(sizeof providers / sizeof providers[0])];
}

static bool has_english_word(const char *text)
{
    int letters = 0;
    for (; *text && letters < 4; text++) letters = *text >= 'a' && *text <= 'z' ? letters + 1 : 0;
    return letters == 4;
}

/* Chinese laboratories write no English words, except joined ones of programs; the English label has its place among
 * the aliases, but is not written. */
static bool is_counted(const hra_variable *variable, const char *alias)
{
    return !has_english_word(alias) || strchr(alias, '_') || strcmp(alias, variable->label_en) == 0;
}

/* Aliases with a bracket already name a unit. */
static const char *alias_of(const hra_variable *variable, int which)
{
    const char *counted[64];
    int count = 0;
    for (int i = 0; i < variable->common_alias_count && count < 64; i++)
        if (is_counted(variable, variable->aliases[i])) counted[count++] = variable->aliases[i];
    for (int tries = 0; tries < count; tries++) {
        const char *alias = counted[(which + tries) % count];
        if (!strchr(alias, '(') && strcmp(alias, variable->label_en) != 0) return alias;
    }
    return variable->label_zh;
}

void hra_dialect_header(const hra_dialect *dialect, const hra_variable *variable, const char *unit, hra_buffer *out)
{
    switch (dialect->header) {
    case HRA_HEADER_NAME: hra_buffer_text(out, variable->name); break;
    case HRA_HEADER_CHINESE: hra_buffer_text(out, variable->label_zh); break;
    case HRA_HEADER_ALIASES: hra_buffer_text(out, alias_of(variable, dialect->alias)); break;
    }
    if (!*unit) return;
    if (dialect->units == HRA_UNIT_BRACKETS) hra_buffer_printf(out, "(%s)", unit);
    if (dialect->units == HRA_UNIT_FULL_WIDTH) hra_buffer_printf(out, "（%s）", unit);
}
