/* Binding one file: map rules first, then names; each column gets one meaning. */
#include "io/csv_bind_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/reading_rules.h"
#include "io/text_fold.h"

/* What binding one file needs besides its plan. */
typedef struct binder {
    hra_binding *binding;
    hra_file_plan *plan;
    const hra_map_file *map;
    hra_map *columns;    /* folded header name -> first column of that name */
    int *next;           /* per source column: the next one of the same name, -1: none */
    int *rules;          /* per source column: the map rule that claims it, -1: none */
    const char **owners; /* per dictionary variable: the header that gives it */
    hra_error *error;
} binder;

static hra_code out_of_memory(hra_error *error) { return hra_fail(error, HRA_ENOMEM, "out of memory"); }

/* ---- columns by name -------------------------------------------------------------- */

enum { ABSENT = -1 };

/* "NAME@2" is the second column of that name. */
static int split_occurrence(const char *name, char base[HRA_HEADER_TEXT])
{
    const char *at = strrchr(name, '@');
    char *end = NULL;
    long number = at ? strtol(at + 1, &end, 10) : 0;
    if (!at || at == name || !at[1] || *end || number < 1 || number > 1000) return 0;
    snprintf(base, HRA_HEADER_TEXT, "%.*s", (int)(at - name), name);
    return (int)number;
}

static int count_columns(const binder *b, const char *key, int occurrence, int *first)
{
    int found = 0;
    *first = ABSENT;
    for (int i = (int)hra_map_get(b->columns, key); i >= 0; i = b->next[i])
        if (++found == (occurrence ? occurrence : 1)) *first = i;
    return found;
}

static hra_code find_column(const binder *b, const char *name, int line, int *column)
{
    char key[HRA_HEADER_TEXT], base[HRA_HEADER_TEXT];
    *column = ABSENT;
    if (!hra_header_key(name, key) || !*key) return HRA_OK;
    int found = count_columns(b, key, 0, column);
    if (found > 1)
        return hra_fail(b->error, HRA_EINPUT,
                        "%s:%d: '%s' is the name of %d columns of %s; say which, for example '%s@1'", b->map->path,
                        line, name, found, b->plan->name, name);
    if (found == 1) return HRA_OK;
    int occurrence = split_occurrence(name, base);
    if (occurrence && hra_header_key(base, key)) count_columns(b, key, occurrence, column);
    return HRA_OK;
}

/* ---- variables and units ------------------------------------------------------------ */

static const hra_variable *variable_at(const binder *b, int variable)
{
    return hra_dictionary_at(b->binding->schema.dictionary, variable);
}

hra_code hra_find_variable(const hra_binding *binding, const char *name, const char *where, int line, int *variable,
                           hra_error *error)
{
    *variable = hra_dictionary_find(binding->schema.dictionary, name);
    if (*variable >= 0) return HRA_OK;
    hra_header_match match;
    if (!hra_header_find(binding->names, name, binding->arena, &match)) return out_of_memory(error);
    *variable = match.variable;
    if (*variable >= 0) return HRA_OK;
    if (line > 0) return hra_fail(error, HRA_EINPUT, "%s:%d: there is no variable '%s'", where, line, name);
    return hra_fail(error, HRA_EUSAGE,
                    "%s: there is no variable '%s'; it takes names of variables. The unit of a column that has another "
                    "name stands in a map file: %s = VARIABLE [UNIT]",
                    where, name, name);
}

/* --units "tc=mg/dL,height=m": the unit asked for, or NULL. */
static hra_code unit_of_option(const binder *b, int variable, const char **unit)
{
    *unit = NULL;
    for (const char *at = b->plan->how.units; at && *at;) {
        size_t length = strcspn(at, ",");
        const char *equals = memchr(at, '=', length);
        char name[HRA_HEADER_TEXT], text[HRA_HEADER_TEXT];
        if (!equals || length >= sizeof text)
            return hra_fail(b->error, HRA_EUSAGE, "--units: expected variable=unit,variable=unit, found '%.*s'",
                            (int)(length < 60 ? length : 60), at);
        hra_fold(at, (size_t)(equals - at), 0, name, sizeof name);
        hra_fold(equals + 1, length - (size_t)(equals - at) - 1, 0, text, sizeof text);
        int named;
        HRA_TRY(hra_find_variable(b->binding, name, "--units", 0, &named, b->error));
        const hra_variable *v = variable_at(b, named);
        const char *spelling = hra_unit_spelling(v, text);
        if (!spelling) return hra_fail(b->error, HRA_EUSAGE, "--units: '%s' is not a unit of %s", text, v->name);
        if (named == variable) *unit = spelling;
        at += length + (at[length] == ',');
    }
    return HRA_OK;
}

/* The map decides, then the header, then --units; else the canonical unit. */
static hra_code choose_unit(const binder *b, int variable, const hra_map_rule *rule, const char *header,
                            const char *header_unit, const char **unit)
{
    const hra_variable *v = variable_at(b, variable);
    const char *asked;
    HRA_TRY(unit_of_option(b, variable, &asked));
    if (rule && rule->unit) {
        *unit = hra_unit_spelling(v, rule->unit);
        if (*unit) return HRA_OK;
        return hra_fail(b->error, HRA_EINPUT, "%s:%d: '%s' is not a unit of %s", b->map->path, rule->line, rule->unit,
                        v->name);
    }
    if (asked && header_unit && strcmp(asked, header_unit) != 0)
        return hra_fail(b->error, HRA_EINPUT,
                        "%s: column '%s' says %s, --units says %s=%s; give the unit of this column "
                        "in a map file",
                        b->plan->name, header, header_unit, v->name, asked);
    *unit = header_unit ? header_unit : asked;
    return HRA_OK;
}

/* ---- binding a column ------------------------------------------------------------------ */

bool hra_is_value(hra_type type)
{
    return type == HRA_TYPE_MEASURE || type == HRA_TYPE_COUNT || type == HRA_TYPE_FLAG || type == HRA_TYPE_CATEGORY ||
           type == HRA_TYPE_DATE;
}

static hra_code own(binder *b, int variable, const char *header)
{
    const char **owner = &b->owners[variable];
    if (*owner)
        return hra_fail(b->error, HRA_EINPUT,
                        "%s: columns '%s' and '%s' are both %s; in a map file, ignore one or "
                        "combine them with mean(...) or first_known(...)",
                        b->plan->name, *owner, header, variable_at(b, variable)->name);
    *owner = header;
    return HRA_OK;
}

static hra_code bind_value(binder *b, int index, int variable, const hra_map_rule *rule, const char *how)
{
    hra_source_column *column = &b->plan->columns[index];
    const hra_variable *v = variable_at(b, variable);
    const char *unit = NULL;
    if (v->type == HRA_TYPE_MEASURE || v->type == HRA_TYPE_COUNT)
        HRA_TRY(choose_unit(b, variable, rule, column->header, hra_header_unit(v, column->header), &unit));
    else if (rule && rule->unit)
        return hra_fail(b->error, HRA_EINPUT, "%s:%d: %s has no unit", b->map->path, rule->line, v->name);
    HRA_TRY(hra_schema_column(b->binding, variable, unit, &column->column, b->error));
    column->action = HRA_READ;
    b->plan->matches[index].variable = variable;
    b->plan->matches[index].unit = b->binding->schema.columns[column->column].unit;
    b->plan->matches[index].how = how;
    return HRA_OK;
}

static hra_code bind_pair(binder *b, int index, int first, int second, const char *how)
{
    hra_source_column *column = &b->plan->columns[index];
    HRA_TRY(own(b, first, column->header));
    HRA_TRY(own(b, second, column->header));
    HRA_TRY(hra_schema_column(b->binding, first, NULL, &column->column, b->error));
    HRA_TRY(hra_schema_column(b->binding, second, NULL, &column->second, b->error));
    column->action = HRA_READ_PAIR;
    b->plan->matches[index].variable = first;
    b->plan->matches[index].unit = variable_at(b, first)->unit;
    b->plan->matches[index].how = how;
    return HRA_OK;
}

static hra_code bind_id(binder *b, int index, int variable, const char *how)
{
    if (b->plan->id >= 0)
        return hra_fail(b->error, HRA_EINPUT,
                        "%s: columns '%s' and '%s' are both identifiers; say which one counts in a "
                        "map file: id = COLUMN",
                        b->plan->name, b->plan->columns[b->plan->id].header, b->plan->columns[index].header);
    b->plan->id = index;
    b->plan->columns[index].action = HRA_READ_ID;
    b->plan->matches[index].variable = variable;
    b->plan->matches[index].how = how;
    return HRA_OK;
}

/* An identity number: its dictionary note says "gives A and B", a birth date and a sex. False for other texts. */
static bool is_national(const binder *b, const hra_variable *v, int *birth, int *sex)
{
    char first[64], second[64];
    if (!v->note || sscanf(v->note, "gives %63s and %63s", first, second) != 2) return false;
    *birth = hra_dictionary_find(b->binding->schema.dictionary, first);
    *sex = hra_dictionary_find(b->binding->schema.dictionary, second);
    return *birth >= 0 && *sex >= 0;
}

/* Once the names are matched: the schema columns that the identity number fills or is held against. */
static hra_code bind_national(binder *b)
{
    int birth, sex;
    hra_file_plan *plan = b->plan;
    for (int i = 0; i < plan->width && plan->national < 0; i++) {
        hra_header_match match;
        hra_action action = plan->columns[i].action;
        if (action != HRA_READ_ID && action != HRA_READ_NATIONAL) continue;
        if (!hra_header_find(b->binding->names, plan->columns[i].header, b->binding->arena, &match))
            return out_of_memory(b->error);
        if (match.variable < 0 || !is_national(b, variable_at(b, match.variable), &birth, &sex)) continue;
        plan->national = i;
        plan->own_birth = b->owners[birth] != NULL;
        plan->own_sex = b->owners[sex] != NULL;
        HRA_TRY(hra_schema_column(b->binding, birth, NULL, &plan->national_birth, b->error));
        HRA_TRY(hra_schema_column(b->binding, sex, NULL, &plan->national_sex, b->error));
    }
    return HRA_OK;
}

bool hra_pair_parts(const hra_dictionary *dictionary, const hra_variable *v, int *first, int *second)
{
    char a[64], b[64];
    if (!v->note || sscanf(v->note, "split into %63s and %63s", a, b) != 2) return false;
    *first = hra_dictionary_find(dictionary, a);
    *second = hra_dictionary_find(dictionary, b);
    return *first >= 0 && *second >= 0;
}

/* A pair is two numbers; other text is left out. */
static hra_code bind_text(binder *b, int index, const hra_variable *v, const char *how)
{
    int first, second;
    if (hra_pair_parts(b->binding->schema.dictionary, v, &first, &second))
        return bind_pair(b, index, first, second, how);
    int birth, sex;
    if (is_national(b, v, &birth, &sex)) {
        b->plan->matches[index].how = "birth date and sex are read from it, the number is not kept";
        b->plan->columns[index].action = HRA_READ_NATIONAL;
        b->plan->columns[index].column = hra_dictionary_find(b->binding->schema.dictionary, v->name);
        return HRA_OK;
    }
    b->plan->matches[index].how = "ignored: text never enters hra";
    if (!b->binding->key_map) return HRA_OK;
    b->plan->matches[index].how = "ignored: text goes into the key map alone";
    b->plan->columns[index].action = HRA_READ_PRIVATE;
    b->plan->columns[index].column = hra_dictionary_find(b->binding->schema.dictionary, v->name);
    return HRA_OK;
}

static hra_code bind_variable(binder *b, int index, int variable, const hra_map_rule *rule, const char *how)
{
    const hra_variable *v = variable_at(b, variable);
    hra_source_column *column = &b->plan->columns[index];
    if (v->type == HRA_TYPE_ID) return bind_id(b, index, variable, how);
    if (v->type == HRA_TYPE_TEXT) return bind_text(b, index, v, how);
    HRA_TRY(own(b, variable, column->header));
    if (v->type != HRA_TYPE_LABEL) return bind_value(b, index, variable, rule, how);
    HRA_TRY(hra_schema_label(b->binding, variable, &column->column, b->error));
    column->action = HRA_READ_LABEL;
    b->plan->matches[index].variable = variable;
    b->plan->matches[index].how = how;
    return HRA_OK;
}

/* ---- map rules ----------------------------------------------------------------------------- */

static hra_code wrong_rule(const binder *b, const hra_map_rule *rule, const char *what, const char *name)
{
    return hra_fail(b->error, HRA_EINPUT, "%s:%d: %s%s", b->map->path, rule->line, name, what);
}

static hra_code bind_combination(binder *b, const hra_map_rule *rule, int variable, const int *columns, int count)
{
    const hra_variable *v = variable_at(b, variable);
    bool number = v->type == HRA_TYPE_MEASURE || v->type == HRA_TYPE_COUNT;
    if (!hra_is_value(v->type) || (rule->kind == HRA_MAP_MEAN && !number))
        return wrong_rule(b, rule, " cannot be combined from several columns this way", v->name);
    HRA_TRY(own(b, variable, b->plan->columns[columns[0]].header));
    hra_combination *all = hra_arena_alloc(b->binding->arena, sizeof *all * ((size_t)b->plan->combination_count + 1));
    if (!all) return out_of_memory(b->error);
    if (b->plan->combination_count)
        memcpy(all, b->plan->combinations, sizeof *all * (size_t)b->plan->combination_count);
    b->plan->combinations = all;
    int id = b->plan->combination_count++;
    for (int i = 0; i < count; i++) {
        hra_source_column *column = &b->plan->columns[columns[i]];
        HRA_TRY(
            bind_value(b, columns[i], variable, rule, rule->kind == HRA_MAP_MEAN ? "map: mean" : "map: first known"));
        if (column->column != b->plan->columns[columns[0]].column)
            return wrong_rule(b, rule, ": the columns are in different units", v->name);
        column->combination = id;
    }
    all[id] = (hra_combination){b->plan->columns[columns[0]].column, rule->kind == HRA_MAP_MEAN};
    return HRA_OK;
}

/* One column that answers several questions. */
static hra_code bind_several(binder *b, const hra_map_rule *rule, int index)
{
    hra_arena *arena = b->binding->arena;
    hra_source_column *column = &b->plan->columns[index];
    size_t count = (size_t)rule->several_count;
    hra_several *several = hra_arena_alloc(arena, sizeof *several);
    int *columns = hra_arena_alloc(arena, sizeof *columns * count);
    int *variables = hra_arena_alloc(arena, sizeof *variables * count);
    if (!several || !columns || !variables) return out_of_memory(b->error);
    for (int i = 0; i < rule->several_count; i++) {
        HRA_TRY(hra_find_variable(b->binding, rule->several[i], b->map->path, rule->line, &variables[i], b->error));
        const hra_variable *v = variable_at(b, variables[i]);
        bool duration = hra_is_value(v->type) && strcmp(v->unit, "year") == 0;
        if (v->type != HRA_TYPE_FLAG && v->type != HRA_TYPE_CATEGORY && !duration)
            return wrong_rule(b, rule, " is neither a flag nor a number of years", v->name);
        HRA_TRY(own(b, variables[i], column->header));
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

static hra_code apply_rule(binder *b, const hra_map_rule *rule, const int *columns, int count)
{
    int first = -1, second = -1;
    const char *map = b->map->path;
    if (rule->kind == HRA_MAP_ID) return bind_id(b, columns[0], -1, "map: identifier");
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
        if (variable_at(b, first)->type != HRA_TYPE_MEASURE || variable_at(b, second)->type != HRA_TYPE_MEASURE ||
            first == second)
            return wrong_rule(b, rule, "a pair is two different measures", "");
        return bind_pair(b, columns[0], first, second, "map");
    }
    return bind_variable(b, columns[0], first, rule, "map");
}

static hra_code apply_rules(binder *b)
{
    const hra_map_file *map = b->map;
    for (int r = 0; r < map->rule_count; r++) {
        const hra_map_rule *rule = &map->rules[r];
        int columns[16], count = 0;
        for (int i = 0; i < rule->column_count; i++) {
            int column;
            HRA_TRY(find_column(b, rule->columns[i], rule->line, &column));
            if (column == ABSENT) continue; /* another file may have it */
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

/* ---- columns that are kept ------------------------------------------------------------------- */

static hra_code keep_column(binder *b, const hra_keep_column *keep, int index)
{
    int variable = hra_dictionary_find(b->binding->schema.dictionary, keep->name);
    if (variable < 0) return hra_fail(b->error, HRA_EINTERNAL, "the kept column %s is not declared", keep->name);
    int rule = b->rules[index]; /* a column that is not read as any variable may be kept */
    if (rule >= 0 && (rule == b->map->rule_count || b->map->rules[rule].kind != HRA_MAP_IGNORE))
        return hra_fail(b->error, HRA_EINPUT,
                        "%s: column '%s' is kept as %s and has a meaning in %s too; leave out one of them",
                        b->plan->name, b->plan->columns[index].header, keep->name, b->map->path);
    b->rules[index] = b->map->rule_count; /* taken, by no rule of the map */
    return bind_variable(b, index, variable, NULL, "kept");
}

static hra_code apply_keep(binder *b)
{
    for (int k = 0; k < hra_keep_count(b->binding->keep); k++) {
        const hra_keep_column *keep = hra_keep_at(b->binding->keep, k);
        char asked[HRA_HEADER_TEXT], key[HRA_HEADER_TEXT];
        if (!hra_header_key(keep->header, asked)) continue;
        for (int i = 0; i < b->plan->width; i++)
            if (hra_header_key(b->plan->columns[i].header, key) && strcmp(key, asked) == 0)
                HRA_TRY(keep_column(b, keep, i));
    }
    return HRA_OK;
}

/* ---- the rest of the header ------------------------------------------------------------------ */

static hra_code match_names(binder *b)
{
    bool id_given = b->plan->id >= 0;
    for (int i = 0; i < b->plan->width; i++) {
        if (b->rules[i] >= 0) continue;
        hra_header_match match;
        if (!hra_header_find(b->binding->names, b->plan->columns[i].header, b->binding->arena, &match))
            return out_of_memory(b->error);
        b->plan->matches[i].how = *b->plan->columns[i].header ? match.how : "no name";
        if (match.variable < 0) continue;
        if (id_given && variable_at(b, match.variable)->type == HRA_TYPE_ID)
            b->plan->matches[i].how = "ignored: the map names another identifier";
        else
            HRA_TRY(bind_variable(b, i, match.variable, NULL, match.how));
    }
    return HRA_OK;
}

/* COLUMN: 3 = diabetes, 7 = other: an answer by its code. */
static hra_code attach_code(const binder *b, hra_source_column *source, const hra_map_word *word)
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
    if (!after || !codes || !text) return out_of_memory(b->error);
    if (before->code_count) memcpy(codes, before->codes, sizeof *codes * (size_t)before->code_count);
    codes[before->code_count] = (hra_answer_code){text, place};
    *after = *before;
    after->codes = codes;
    after->code_count++;
    source->several = after;
    return HRA_OK;
}

/* The texts that a map gives meanings to; the meanings follow when the readers stand. */
static hra_code attach_words(binder *b)
{
    const hra_map_file *map = b->map;
    for (int w = 0; w < map->word_count; w++) {
        int column;
        HRA_TRY(find_column(b, map->words[w].column, map->words[w].line, &column));
        if (column == ABSENT) continue;
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
        if (!source->words) return out_of_memory(b->error);
        hra_word *items = hra_arena_alloc(b->binding->arena, sizeof *items * ((size_t)source->words->count + 1));
        if (!items) return out_of_memory(b->error);
        if (source->words->count) memcpy(items, source->words->items, sizeof *items * (size_t)source->words->count);
        items[source->words->count++].source = &map->words[w];
        source->words->items = items;
    }
    return HRA_OK;
}

/* ---- reading rules ----------------------------------------------------------------------------- */

static hra_code set_manner(const binder *b, const hra_map_manner *manner, hra_reading_rules *rules)
{
    hra_error why = {0};
    if (hra_reading_rule_set(rules, manner->name, manner->value, &why) == HRA_OK) return HRA_OK;
    return hra_fail(b->error, HRA_EINPUT, "%s:%d: %s", b->map->path, manner->line, why.message);
}

static hra_code new_rules(binder *b, const hra_reading_rules *base, hra_reading_rules **out)
{
    *out = hra_arena_alloc(b->binding->arena, sizeof **out);
    if (!*out) return out_of_memory(b->error);
    if (base) **out = *base;
    return HRA_OK;
}

/* Those of the file first, then what single columns have of their own. */
static hra_code attach_rules(binder *b)
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
        HRA_TRY(find_column(b, manner->column, manner->line, &column));
        if (column == ABSENT) continue;
        b->plan->map->manner_used[m] = true;
        const hra_reading_rules **place = &b->plan->columns[column].rules;
        hra_reading_rules *own_rules;
        HRA_TRY(new_rules(b, *place, &own_rules));
        HRA_TRY(set_manner(b, manner, own_rules));
        *place = own_rules;
    }
    return HRA_OK;
}

/* ---- a file -------------------------------------------------------------------------------------- */

static hra_code index_columns(binder *b)
{
    for (int i = b->plan->width - 1; i >= 0; i--) {
        char key[HRA_HEADER_TEXT];
        b->rules[i] = b->next[i] = -1;
        if (!hra_header_key(b->plan->columns[i].header, key) || !*key) continue;
        b->next[i] = (int)hra_map_get(b->columns, key);
        if (hra_map_set(b->columns, key, i) != 0) return out_of_memory(b->error);
    }
    return HRA_OK;
}

static hra_code check_constants(const binder *b)
{
    const hra_map_file *map = b->map;
    for (int c = 0; c < map->constant_count; c++) {
        int variable;
        HRA_TRY(hra_find_variable(b->binding, map->constants[c].variable, map->path, map->constants[c].line, &variable,
                                  b->error));
        if (b->owners[variable])
            return hra_fail(b->error, HRA_EINPUT, "%s:%d: %s is constant here, but column '%s' of %s gives it too",
                            map->path, map->constants[c].line, variable_at(b, variable)->name, b->owners[variable],
                            b->plan->name);
    }
    return HRA_OK;
}

static hra_code bind_columns(binder *b)
{
    const char *unused;
    if (!b->columns || !b->next || !b->rules || !b->owners) return out_of_memory(b->error);
    HRA_TRY(unit_of_option(b, -1, &unused)); /* its form, even if no column asks */
    HRA_TRY(index_columns(b));
    HRA_TRY(apply_rules(b));
    HRA_TRY(apply_keep(b));
    HRA_TRY(match_names(b));
    HRA_TRY(bind_national(b));
    HRA_TRY(attach_words(b));
    HRA_TRY(attach_rules(b));
    return check_constants(b);
}

hra_code hra_bind_file(hra_binding *binding, hra_file_plan *plan, hra_error *error)
{
    size_t width = (size_t)plan->width;
    binder b = {.binding = binding, .plan = plan, .map = plan->map->file, .error = error};
    b.columns = hra_map_new();
    b.next = calloc(width + 1, sizeof *b.next);
    b.rules = calloc(width + 1, sizeof *b.rules);
    b.owners = calloc((size_t)hra_dictionary_count(binding->schema.dictionary) + 1, sizeof *b.owners);
    plan->national = -1;
    hra_code code = bind_columns(&b);
    hra_map_free(b.columns);
    free(b.next);
    free(b.rules);
    free(b.owners);
    return code;
}
