/* Tables of one row per test item, as laboratory systems export them: noticed, and asked about. */
#include <string.h>

#include "intake/inspect/inspect_internal.h"
#include "io/csv/csv_bind_file.h"

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

static const char *name_of(const hra_inspector *in, int variable)
{
    for (int i = 0; i < in->plan.width && variable >= 0; i++)
        if (in->columns[i].variable == variable) return in->columns[i].name;
    return "...";
}

static int identifier(const hra_inspector *in)
{
    for (int i = 0; i < in->plan.width; i++) {
        int variable = in->columns[i].variable;
        if (variable >= 0 && hra_dictionary_at(in->dictionary, variable)->type == HRA_TYPE_ID) return variable;
    }
    return -1;
}

/* "# item 血压 = sbp / dbp", if an item has the name of a value. */
static bool draft_item(const hra_inspector *in, const char *text, hra_buffer *out)
{
    hra_header_match match;
    int first, second;
    if (!hra_header_find(in->names, text, in->arena, &match) || match.variable < 0) return false;
    const hra_variable *v = hra_dictionary_at(in->dictionary, match.variable);
    bool pair = hra_pair_parts(in->dictionary, v, &first, &second);
    if (!pair && (v->type == HRA_TYPE_TEXT || v->type == HRA_TYPE_ID || v->type == HRA_TYPE_LABEL)) return false;
    hra_buffer_text(out, "# item ");
    hra_inspect_quote(text, out);
    if (pair)
        hra_buffer_printf(out, " = %s / %s", hra_dictionary_at(in->dictionary, first)->name,
                          hra_dictionary_at(in->dictionary, second)->name);
    else
        hra_buffer_printf(out, " = %s", v->name);
    const char *unit = match.unit ? match.unit : v->unit;
    if (!pair && *unit) hra_buffer_printf(out, " [%s]", unit);
    hra_buffer_char(out, '\n');
    return true;
}

/* The lines that a person who says yes needs, as comments: the items whose names are known. */
static void draft_lines(const hra_inspector *in, hra_inspected *item, const hra_inspected *result,
                        const hra_inspected *unit)
{
    hra_buffer *out = &item->rules;
    int unknown = 0;
    hra_buffer_text(out, hra_say(in->words, "# If so, take the # away from these lines:\n"));
    hra_buffer_printf(out, "# long: id = %s, date = %s, item = %s, value = %s", name_of(in, identifier(in)),
                      name_of(in, hra_dictionary_find(in->dictionary, "exam_date")), item->name, result->name);
    if (unit) hra_buffer_printf(out, ", unit = %s", unit->name);
    hra_buffer_char(out, '\n');
    for (int i = 0; i < item->scan->list_count; i++) unknown += !draft_item(in, item->scan->list[i].text, out);
    if (unknown > 0 || item->scan->beyond_list > 0)
        hra_buffer_printf(out,
                          hra_say(in->words, "# %d items have names that are not known (item NAME = variable, or item "
                                             "NAME = ignore)%s\n"),
                          unknown, item->scan->beyond_list > 0 ? hra_say(in->words, "; there are more items") : "");
}

void hra_inspect_long(hra_inspector *in)
{
    static const char *const items[] = {"项目",     "项目名称", "项目编号", "项目代码",     "检查项目",
                                        "检验项目", "体检项目", "指标",     "检验项目名称", "項目",
                                        "項目名稱", "檢驗項目", "檢查項目", "item"};
    static const char *const results[] = {"结果",     "检查结果", "检验结果", "体检结果", "项目结果", "结果值",
                                          "测定结果", "結果",     "檢驗結果", "檢查結果", "result"};
    static const char *const units[] = {"单位", "结果单位", "计量单位", "單位", "unit"};
    hra_inspected *item = named(in, items, sizeof items / sizeof items[0]);
    hra_inspected *result = named(in, results, sizeof results / sizeof results[0]);
    hra_inspected *unit = named(in, units, sizeof units / sizeof units[0]);
    if (!item || !result || has_measures(in)) return;
    hra_buffer_printf(&item->questions,
                      hra_say(in->words, "%s: does this file have one row per test item? then write long: id = ..., "
                                         "item = %s, value = %s, and what each item is (docs/join.md, Long files)\n"),
                      item->name, item->name, result->name);
    draft_lines(in, item, result, unit);
    if (!unit) return;
    unit->variable = -1;
    unit->title = NULL;
    unit->how = "the unit of the results, or the employer? then write unit = ... in the line long:, or ... = group_id";
}
