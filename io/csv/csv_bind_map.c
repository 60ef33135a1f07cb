/* What a map file says of the columns of one file: their meaning, the meaning of texts, the manner of reading. */
#include <string.h>

#include "io/csv/csv_bind_internal.h"
#include "io/words/reading_rules.h"
#include "io/words/text_fold.h"

/* ---- rules ---- */

static hra_code wrong_rule(const hra_binder *b, const hra_map_rule *rule, const char *what, const char *name)
{
    return hra_fail(b->error, HRA_EINPUT, "%s:%d: %s%s", b->map->path, rule->line, name, what);
}

static hra_code bind_combination(hra_binder *b, const hra_map_rule *rule, int variable, const int *columns, int count)
{
    const hra_variable *v = hra_bind_variable_at(b, variable);
    bool number = v->type == HRA_TYPE_MEASURE || v->type == HRA_TYPE_COUNT;
    if (!hra_is_value(v->type) || (rule->kind == HRA_MAP_MEAN && !number))
        return wrong_rule(b, rule, " cannot be combined from several columns this way", v->name);
    HRA_TRY(hra_bind_own(b, variable, b->plan->columns[columns[0]].header));
    hra_combination *all = hra_arena_alloc(b->binding->arena, sizeof *all * ((size_t)b->plan->combination_count + 1));
    if (!all) return hra_out_of_memory(b->error);
    if (b->plan->combination_count)
        memcpy(all, b->plan->combinations, sizeof *all * (size_t)b->plan->combination_count);
    b->plan->combinations = all;
    int id = b->plan->combination_count++;
    for (int i = 0; i < count; i++) {
        hra_source_column *column = &b->plan->columns[columns[i]];
        HRA_TRY(hra_bind_value(b, columns[i], variable, rule,
                               rule->kind == HRA_MAP_MEAN ? "map: mean" : "map: first known"));
        if (column->column != b->plan->columns[columns[0]].column)
            return wrong_rule(b, rule, ": the columns are in different units", v->name);
        column->combination = id;
    }
    all[id] = (hra_combination){b->plan->columns[columns[0]].column, rule->kind == HRA_MAP_MEAN};
    return HRA_OK;
}

/* One column that answers several questions. */
static hra_code bind_several(hra_binder *b, const hra_map_rule *rule, int index)
{
    hra_arena *arena = b->binding->arena;
    hra_source_column *column = &b->plan->columns[index];
    size_t count = (size_t)rule->several_count;
    hra_several *several = hra_arena_alloc(arena, sizeof *several);
    int *columns = hra_arena_alloc(arena, sizeof *columns * count);
    int *variables = hra_arena_alloc(arena, sizeof *variables * count);
    if (!several || !columns || !variables) return hra_out_of_memory(b->error);
    for (int i = 0; i < rule->several_count; i++) {
        HRA_TRY(hra_find_variable(b->binding, rule->several[i], b->map->path, rule->line, &variables[i], b->error));
        const hra_variable *v = hra_bind_variable_at(b, variables[i]);
        bool duration = hra_is_value(v->type) && strcmp(v->unit, "year") == 0;
        if (v->type != HRA_TYPE_FLAG && v->type != HRA_TYPE_CATEGORY && !duration)
            return wrong_rule(b, rule, " is neither a flag nor a number of years", v->name);
        HRA_TRY(hra_bind_own(b, variables[i], column->header));
        HRA_TRY(hra_schema_column(b->binding, variables[i], NULL, &columns[i], b->error));
    }
    *several = (hra_several){.columns = columns, .variables = variables, .count = rule->several_count};
    column->action = HRA_READ_SEVERAL;
    column->column = columns[0];
    column->several = several;
    b->plan->matches[index].variable = variables[0];
    b->plan->matches[index].how = "map: flags";
    return HRA_OK;
}

static hra_code apply_rule(hra_binder *b, const hra_map_rule *rule, const int *columns, int count)
{
    int first = -1, second = -1;
    const char *map = b->map->path;
    if (rule->kind == HRA_MAP_ID) return hra_bind_id(b, columns[0], -1, "map: identifier");
    if (rule->kind == HRA_MAP_IGNORE) {
        b->plan->matches[columns[0]].how = "ignored by the map";
        return HRA_OK;
    }
    if (rule->kind == HRA_MAP_SEVERAL) return bind_several(b, rule, columns[0]);
    HRA_TRY(hra_find_variable(b->binding, rule->variables[0], map, rule->line, &first, b->error));
    if (rule->kind == HRA_MAP_MEAN || rule->kind == HRA_MAP_FIRST_KNOWN)
        return bind_combination(b, rule, first, columns, count);
    if (rule->kind == HRA_MAP_PAIR) {
        HRA_TRY(hra_find_variable(b->binding, rule->variables[1], map, rule->line, &second, b->error));
        if (hra_bind_variable_at(b, first)->type != HRA_TYPE_MEASURE ||
            hra_bind_variable_at(b, second)->type != HRA_TYPE_MEASURE || first == second)
            return wrong_rule(b, rule, "a pair is two different measures", "");
        return hra_bind_pair(b, columns[0], first, second, "map");
    }
    return hra_bind_variable(b, columns[0], first, rule, "map");
}

hra_code hra_bind_rules(hra_binder *b)
{
    const hra_map_file *map = b->map;
    for (int r = 0; r < map->rule_count; r++) {
        const hra_map_rule *rule = &map->rules[r];
        int columns[16], count = 0;
        for (int i = 0; i < rule->column_count; i++) {
            int column;
            HRA_TRY(hra_bind_find_column(b, rule->columns[i], rule->line, &column));
            if (column == HRA_COLUMN_ABSENT) continue; /* another file may have it */
            if (b->rules[column] >= 0)
                return hra_fail(b->error, HRA_EINPUT, "%s:%d: column '%s' was given a meaning in line %d already",
                                map->path, rule->line, rule->columns[i], map->rules[b->rules[column]].line);
            b->rules[column] = r;
            columns[count++] = column;
        }
        if (count == 0) continue;
        b->plan->map->rule_used[r] = true;
        HRA_TRY(apply_rule(b, rule, columns, count));
    }
    return HRA_OK;
}

/* ---- words of columns ---- */

/* COLUMN: 3 = diabetes, 7 = other: an answer by its code. */
static hra_code attach_code(const hra_binder *b, hra_source_column *source, const hra_map_word *word)
{
    const hra_several *before = source->several;
    hra_arena *arena = b->binding->arena;
    char folded[HRA_CELL_TEXT];
    int variable = -1, place = -1;
    if (strcmp(word->target, "other") != 0) {
        HRA_TRY(hra_find_variable(b->binding, word->target, b->map->path, word->line, &variable, b->error));
        for (int i = 0; i < before->count; i++)
            if (before->variables[i] == variable) place = i;
        if (place < 0)
            return hra_fail(b->error, HRA_EINPUT, "%s:%d: column '%s' is not about %s", b->map->path, word->line,
                            word->column, word->target);
    }
    if (hra_fold(word->text, strlen(word->text), HRA_FOLD_LOWER | HRA_FOLD_NO_SPACES, folded, sizeof folded) < 0)
        return hra_fail(b->error, HRA_EINPUT, "%s:%d: the text is too long", b->map->path, word->line);
    hra_several *after = hra_arena_alloc(arena, sizeof *after);
    hra_answer_code *codes = hra_arena_alloc(arena, sizeof *codes * ((size_t)before->code_count + 1));
    const char *text = hra_arena_text(arena, folded);
    if (!after || !codes || !text) return hra_out_of_memory(b->error);
    if (before->code_count) memcpy(codes, before->codes, sizeof *codes * (size_t)before->code_count);
    codes[before->code_count] = (hra_answer_code){text, place};
    *after = *before;
    after->codes = codes;
    after->code_count++;
    source->several = after;
    return HRA_OK;
}

/* The texts that a map gives meanings to; the meanings follow when the readers stand. */
hra_code hra_bind_words(hra_binder *b)
{
    const hra_map_file *map = b->map;
    for (int w = 0; w < map->word_count; w++) {
        int column;
        HRA_TRY(hra_bind_find_column(b, map->words[w].column, map->words[w].line, &column));
        if (column == HRA_COLUMN_ABSENT) continue;
        b->plan->map->word_used[w] = true;
        hra_source_column *source = &b->plan->columns[column];
        if (source->action == HRA_READ_SEVERAL) {
            HRA_TRY(attach_code(b, source, &map->words[w]));
            continue;
        }
        if (source->action != HRA_READ)
            return hra_fail(b->error, HRA_EINPUT,
                            "%s:%d: column '%s' is not read as a value, so its texts need no meaning", map->path,
                            map->words[w].line, map->words[w].column);
        if (!source->words) source->words = hra_arena_alloc(b->binding->arena, sizeof *source->words);
        if (!source->words) return hra_out_of_memory(b->error);
        hra_word *items = hra_arena_alloc(b->binding->arena, sizeof *items * ((size_t)source->words->count + 1));
        if (!items) return hra_out_of_memory(b->error);
        if (source->words->count) memcpy(items, source->words->items, sizeof *items * (size_t)source->words->count);
        items[source->words->count++].source = &map->words[w];
        source->words->items = items;
    }
    return HRA_OK;
}

/* ---- reading rules ---- */

static hra_code set_manner(const hra_binder *b, const hra_map_manner *manner, hra_reading_rules *rules)
{
    hra_error why = {0};
    if (hra_reading_rule_set(rules, manner->name, manner->value, &why) == HRA_OK) return HRA_OK;
    return hra_fail(b->error, HRA_EINPUT, "%s:%d: %s", b->map->path, manner->line, why.message);
}

static hra_code new_rules(hra_binder *b, const hra_reading_rules *base, hra_reading_rules **out)
{
    *out = hra_arena_alloc(b->binding->arena, sizeof **out);
    if (!*out) return hra_out_of_memory(b->error);
    if (base) **out = *base;
    return HRA_OK;
}

/* Those of the file first, then what single columns have of their own. */
hra_code hra_bind_manners(hra_binder *b)
{
    hra_reading_rules *common = NULL;
    const hra_map_file *map = b->map;
    for (int m = 0; m < map->manner_count; m++) {
        if (map->manners[m].column) continue;
        if (!common) HRA_TRY(new_rules(b, NULL, &common));
        HRA_TRY(set_manner(b, &map->manners[m], common));
    }
    for (int i = 0; i < b->plan->width; i++) b->plan->columns[i].rules = common;
    for (int m = 0; m < map->manner_count; m++) {
        const hra_map_manner *manner = &map->manners[m];
        int column;
        if (!manner->column) continue;
        HRA_TRY(hra_bind_find_column(b, manner->column, manner->line, &column));
        if (column == HRA_COLUMN_ABSENT) continue;
        b->plan->map->manner_used[m] = true;
        const hra_reading_rules **place = &b->plan->columns[column].rules;
        hra_reading_rules *own_rules;
        HRA_TRY(new_rules(b, *place, &own_rules));
        HRA_TRY(set_manner(b, manner, own_rules));
        *place = own_rules;
    }
    return HRA_OK;
}
