/* Tables of one row per test item, as laboratory systems export them: noticed, and asked about. */
#include <string.h>

#include "intake/inspect_internal.h"

/* A column of one of these names; NULL: none. */
static hra_inspected *named(const hra_inspector *in, const char *const *names, size_t count)
{
    for (int i = 0; i < in->plan.width; i++)
        for (size_t n = 0; n < count; n++) {
            char key[HRA_HEADER_TEXT];
            if (hra_header_key(in->plan.columns[i].header, key) && strcmp(key, names[n]) == 0) return &in->columns[i];
        }
    return NULL;
}

/* In a table of one row per person they have columns of their own. */
static bool has_measures(const hra_inspector *in)
{
    for (int i = 0; i < in->plan.width; i++)
        if (in->columns[i].variable >= 0 &&
            hra_dictionary_at(in->dictionary, in->columns[i].variable)->type == HRA_TYPE_MEASURE)
            return true;
    return false;
}

void hra_inspect_long(hra_inspector *in)
{
    static const char *const items[] = {"项目",     "项目名称", "项目编号", "项目代码",     "检查项目",
                                        "检验项目", "体检项目", "指标",     "检验项目名称", "item"};
    static const char *const results[] = {"结果",     "检查结果", "检验结果", "体检结果",
                                          "项目结果", "结果值",   "测定结果", "result"};
    static const char *const units[] = {"单位", "结果单位", "计量单位", "unit"};
    hra_inspected *item = named(in, items, sizeof items / sizeof items[0]);
    hra_inspected *result = named(in, results, sizeof results / sizeof results[0]);
    hra_inspected *unit = named(in, units, sizeof units / sizeof units[0]);
    if (!item || !result || has_measures(in)) return;
    hra_buffer_printf(&item->questions,
                      hra_say(in->words, "%s: does this file have one row per test item? then write long: id = ..., "
                                         "item = %s, value = %s, and what each item is (docs/join.md, Long files)\n"),
                      item->name, item->name, result->name);
    if (!unit) return;
    unit->variable = -1;
    unit->title = NULL;
    unit->how = "the unit of the results, or the employer? then write unit = ... in the line long:, or ... = group_id";
}
