/* `variable` blocks of definition files become variables of the dictionary. */
#include "engine/language/dictionary_build.h"

#include <math.h>
#include <string.h>

void hra_dictionary_add(hra_dictionary *d, hra_memory *memory, const hra_variable *variable)
{
    if (hra_dictionary_put(d, variable) < 0) memory->failed = true;
}

void hra_dictionary_only_for(const hra_dictionary *d, hra_variable *v, const char *category, const char *level,
                             hra_span span, hra_diagnostics *diagnostics)
{
    if (strcmp(category, "models") == 0 && !*level) {
        v->only_for_models = true;
        return;
    }
    int index = hra_dictionary_find(d, category);
    const hra_variable *asked = index < 0 ? NULL : hra_dictionary_at(d, index);
    if (!asked || (asked->type != HRA_TYPE_CATEGORY && asked->type != HRA_TYPE_FLAG)) {
        hra_fault(diagnostics, span,
                  "'%s' is only for 'models', or for a level of a category or an answer given before it, not '%s'",
                  v->name, category);
        return;
    }
    if (hra_variable_answer(asked, level) < 0) {
        hra_fault(diagnostics, span, "'%s' has no level '%s'%s", category, level,
                  asked->type == HRA_TYPE_FLAG ? "; the answers are yes and no" : "");
        return;
    }
    v->only_for = category;
    v->only_for_level = level;
}

static const char *property(const hra_variable_block *block, const char *key, const char *language)
{
    const char *value = hra_property_value(&block->properties, key, language);
    return value ? value : "";
}

static void fill_levels(hra_memory *memory, const hra_variable_block *block, hra_variable *v)
{
    int count = block->levels.count;
    hra_level *levels = hra_take_array(memory, (size_t)count, sizeof *levels);
    if (!levels) return;
    for (int i = 0; i < count; i++) {
        const hra_level_row *row = block->levels.items[i];
        hra_list labels = {0};
        hra_list_add(memory, &labels, (void *)row->word->text);
        if (!isnan(row->number)) hra_list_add(memory, &labels, (void *)hra_take_printf(memory, "%g", row->number));
        for (int k = 0; k < row->labels.count; k++) hra_list_add(memory, &labels, row->labels.items[k]);
        levels[i] = (hra_level){.name = row->word->text,
                                .number = row->number,
                                .labels = (const char *const *)labels.items,
                                .label_count = labels.count};
    }
    v->levels = levels;
    v->level_count = count;
}

static bool has_variable(const hra_dictionary *d, const char *name)
{
    int index = hra_dictionary_find(d, name); /* alternative names do not count */
    return index >= 0 && strcmp(hra_dictionary_at(d, index)->name, name) == 0;
}

/* A column is read by name before it is read by alias, so such an alias would never be met. */
static void check_aliases(const hra_dictionary *d, const hra_variable_block *block, hra_diagnostics *diagnostics)
{
    for (int i = 0; i < block->aliases.count; i++) {
        const char *alias = block->aliases.items[i];
        if (strcmp(alias, block->word->text) == 0 || !has_variable(d, alias)) continue;
        hra_fault(diagnostics, block->name_span,
                  "alias '%s' is the name of another variable, and a column of this name is read as that one; "
                  "leave the alias out, and say in a map file what the column is: '%s = %s'",
                  alias, alias, block->word->text);
    }
}

void hra_dictionary_add_block(hra_dictionary *d, hra_memory *memory, const hra_variable_block *block,
                              hra_diagnostics *diagnostics)
{
    const char *name = block->word->text;
    if (!block->replaces && has_variable(d, name)) {
        hra_fault(diagnostics, block->name_span,
                  "variable '%s' is already in the dictionary; write 'replace variable' to change it", name);
        return;
    }
    bool is_number = block->type == HRA_TYPE_MEASURE || block->type == HRA_TYPE_COUNT;
    hra_variable v = {.name = name,
                      .type = block->type,
                      .unit = block->unit ? block->unit : "",
                      .decimals = isnan(block->decimals) ? 0 : (int)block->decimals,
                      .plausible_min = block->plausible_min,
                      .plausible_max = block->plausible_max,
                      .hard_min = block->hard_min,
                      .hard_max = block->hard_max,
                      .label_en = property(block, "title", "en"),
                      .label_zh = property(block, "title", "zh"),
                      .loinc = "",
                      .domain = property(block, "domain", "en"),
                      .note = property(block, "note", "en")};
    if (block->type == HRA_TYPE_MEASURE && isnan(block->decimals))
        hra_fault(diagnostics, block->name_span, "measure '%s' needs 'decimals'", name);
    if (!is_number && block->converts.count > 0)
        hra_fault(diagnostics, block->name_span, "variable '%s' is not a number and cannot be converted", name);
    check_aliases(d, block, diagnostics);
    hra_list aliases = {0};
    if (*v.label_zh) hra_list_add(memory, &aliases, (void *)v.label_zh);
    if (*v.label_en) hra_list_add(memory, &aliases, (void *)v.label_en);
    for (int i = 0; i < block->aliases.count; i++) hra_list_add(memory, &aliases, block->aliases.items[i]);
    v.aliases = (const char *const *)aliases.items;
    v.alias_count = v.common_alias_count = aliases.count;
    hra_unit_conversion *units = hra_take_array(memory, (size_t)block->converts.count, sizeof *units);
    for (int i = 0; units && i < block->converts.count; i++)
        units[i] = *(hra_unit_conversion *)block->converts.items[i];
    v.units = units;
    v.unit_count = units ? block->converts.count : 0;
    if (block->levels.count) fill_levels(memory, block, &v);
    v.only_for_others = block->only_for_others;
    if (block->only_for)
        hra_dictionary_only_for(d, &v, block->only_for->text, block->only_for_level ? block->only_for_level->text : "",
                                block->only_for_span, diagnostics);
    hra_dictionary_add(d, memory, &v);
}
