/* Binding one file: map rules first, then names; each column gets one meaning. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/csv/csv_bind_internal.h"

/* ---- columns by name -------------------------------------------------------------- */

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

static int count_columns(const hra_binder *b, const char *key, int occurrence, int *first)
{
    int found = 0;
    *first = HRA_COLUMN_ABSENT;
    for (int i = (int)hra_map_get(b->columns, key); i >= 0; i = b->next[i])
        if (++found == (occurrence ? occurrence : 1)) *first = i;
    return found;
}

hra_code hra_bind_find_column(const hra_binder *b, const char *name, int line, int *column)
{
    char key[HRA_HEADER_TEXT], base[HRA_HEADER_TEXT];
    *column = HRA_COLUMN_ABSENT;
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

/* ---- columns that are kept ------------------------------------------------------------------- */

/* Whether the map says what texts of this column mean. */
static hra_code has_words(const hra_binder *b, int index, bool *has)
{
    *has = false;
    for (int w = 0; w < b->map->word_count && !*has; w++) {
        int column;
        HRA_TRY(hra_bind_find_column(b, b->map->words[w].column, b->map->words[w].line, &column));
        *has = column == index;
    }
    return HRA_OK;
}

static hra_code refuse_both(const hra_binder *b, const hra_keep_column *keep, int index)
{
    return hra_fail(
        b->error, HRA_EINPUT,
        "%s: column '%s' is kept as %s and has a meaning in %s too; leave out one of them, or keep a copy of "
        "the column under another name",
        b->plan->name, b->plan->columns[index].header, keep->name, b->map->path);
}

/* A column has one meaning: `how` says which one a kept column loses. */
static hra_code keep_column(hra_binder *b, const hra_keep_column *keep, int index)
{
    const char *header = b->plan->columns[index].header;
    int variable = hra_dictionary_find(b->binding->schema.dictionary, keep->name);
    if (variable < 0) return hra_fail(b->error, HRA_EINTERNAL, "the kept column %s is not declared", keep->name);
    int rule = b->rules[index]; /* a column that is not read as any variable may be kept */
    if (rule == b->map->rule_count)
        return hra_fail(b->error, HRA_EINPUT, "%s: --keep names column '%s' twice", b->plan->name, header);
    if (rule >= 0 && b->map->rules[rule].kind != HRA_MAP_IGNORE) return refuse_both(b, keep, index);
    const char *how = "kept";
    if (rule < 0 && keep->lost) {
        bool has;
        HRA_TRY(has_words(b, index, &has));
        if (has) return refuse_both(b, keep, index);
        how = hra_arena_printf(b->binding->arena, "kept, and not read as %s", keep->lost);
        if (!how) return hra_out_of_memory(b->error);
    }
    b->rules[index] = b->map->rule_count; /* taken, by no rule of the map */
    return hra_bind_variable(b, index, variable, NULL, how);
}

static hra_code apply_keep(hra_binder *b)
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

/* The variables of a column: itself, or the two that a pair gives. */
static void parts_of(const hra_binder *b, int variable, int parts[2])
{
    parts[0] = parts[1] = variable;
    hra_pair_parts(b->binding->schema.dictionary, hra_bind_variable_at(b, variable), &parts[0], &parts[1]);
}

static hra_code match_names(hra_binder *b, bool *behind)
{
    bool id_given = b->plan->id >= 0;
    *behind = false;
    for (int i = 0; i < b->plan->width; i++) {
        if (b->rules[i] >= 0) continue;
        hra_header_match match;
        int parts[2];
        if (!hra_header_find(b->binding->names, b->plan->columns[i].header, b->binding->arena, &match))
            return hra_out_of_memory(b->error);
        b->plan->matches[i].how = *b->plan->columns[i].header ? match.how : "no name";
        HRA_TRY(hra_bind_refuse_open_unit(b, &match, b->plan->columns[i].header));
        if (match.variable < 0) continue;
        if (match.unit_behind) {
            *behind = true;
            parts_of(b, match.variable, parts);
            b->behind[parts[0]]++;
            b->behind[parts[1]] += parts[1] != parts[0];
        } else if (id_given && hra_bind_variable_at(b, match.variable)->type == HRA_TYPE_ID) {
            b->plan->matches[i].how = "ignored: the map names another identifier";
        } else {
            HRA_TRY(hra_bind_variable(b, i, match.variable, NULL, match.how));
        }
    }
    return HRA_OK;
}

/* Names with a unit behind them, without brackets, come after all others: they never stand in the way of a column that
 * is known without them, and of two of one variable neither is read. */
static hra_code match_units_behind(hra_binder *b)
{
    for (int i = 0; i < b->plan->width; i++) {
        if (b->rules[i] >= 0) continue;
        hra_header_match match;
        int parts[2];
        if (!hra_header_find(b->binding->names, b->plan->columns[i].header, b->binding->arena, &match))
            return hra_out_of_memory(b->error);
        if (!match.unit_behind) continue;
        parts_of(b, match.variable, parts);
        bool alone = b->behind[parts[0]] == 1 && b->behind[parts[1]] == 1;
        if (alone && !b->owners[parts[0]] && !b->owners[parts[1]])
            HRA_TRY(hra_bind_variable(b, i, match.variable, NULL, match.how));
        else
            b->plan->matches[i].how = "ignored: another column is the same variable; say which counts in a map file";
    }
    return HRA_OK;
}

/* ---- a file -------------------------------------------------------------------------------------- */

static hra_code index_columns(hra_binder *b)
{
    for (int i = b->plan->width - 1; i >= 0; i--) {
        char key[HRA_HEADER_TEXT];
        b->rules[i] = b->next[i] = -1;
        if (!hra_header_key(b->plan->columns[i].header, key) || !*key) continue;
        b->next[i] = (int)hra_map_get(b->columns, key);
        if (hra_map_set(b->columns, key, i) != 0) return hra_out_of_memory(b->error);
    }
    return HRA_OK;
}

static hra_code check_constants(const hra_binder *b)
{
    const hra_map_file *map = b->map;
    for (int c = 0; c < map->constant_count; c++) {
        int variable;
        HRA_TRY(hra_find_variable(b->binding, map->constants[c].variable, map->path, map->constants[c].line, &variable,
                                  b->error));
        if (b->owners[variable])
            return hra_fail(b->error, HRA_EINPUT, "%s:%d: %s is constant here, but column '%s' of %s gives it too",
                            map->path, map->constants[c].line, hra_bind_variable_at(b, variable)->name,
                            b->owners[variable], b->plan->name);
    }
    return HRA_OK;
}

/* A map, or a column to be kept, may name what the dictionary does not know: then the row is the header. */
static hra_code check_header(const hra_binder *b)
{
    for (int i = 0; i < b->plan->width; i++)
        if (b->rules[i] >= 0) return HRA_OK;
    return hra_header_check(b->plan, b->error);
}

static hra_code bind_columns(hra_binder *b)
{
    bool behind;
    if (!b->columns || !b->next || !b->rules || !b->owners || !b->behind) return hra_out_of_memory(b->error);
    HRA_TRY(hra_bind_check_units(b));
    HRA_TRY(index_columns(b));
    HRA_TRY(hra_bind_rules(b));
    HRA_TRY(apply_keep(b));
    HRA_TRY(check_header(b));
    HRA_TRY(match_names(b, &behind));
    if (behind) HRA_TRY(match_units_behind(b));
    HRA_TRY(hra_bind_national(b));
    HRA_TRY(hra_bind_words(b));
    HRA_TRY(hra_bind_manners(b));
    return check_constants(b);
}

hra_code hra_bind_file(hra_binding *binding, hra_file_plan *plan, hra_error *error)
{
    size_t width = (size_t)plan->width;
    hra_binder b = {.binding = binding, .plan = plan, .map = plan->map->file, .error = error};
    b.columns = hra_map_new();
    b.next = calloc(width + 1, sizeof *b.next);
    b.rules = calloc(width + 1, sizeof *b.rules);
    b.owners = calloc((size_t)hra_dictionary_count(binding->schema.dictionary) + 1, sizeof *b.owners);
    b.behind = calloc((size_t)hra_dictionary_count(binding->schema.dictionary) + 1, sizeof *b.behind);
    plan->national = -1;
    hra_code code = bind_columns(&b);
    hra_map_free(b.columns);
    free(b.next);
    free(b.rules);
    free(b.owners);
    free(b.behind);
    return code;
}
