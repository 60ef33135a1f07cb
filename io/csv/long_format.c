#include "io/csv/long_format.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/csv/csv_binding.h"
#include "io/csv/csv_work.h"
#include "io/words/text_fold.h"

enum { CODE_TEXT = 128 };

/* ---- name = value pairs --------------------------------------------------------------------- */

/* A name or a value up to one of the stops, without quotes and outer spaces. */
static const char *read_word(hra_arena *arena, const char **at, const char *stops)
{
    while (**at == ' ' || **at == '\t') (*at)++;
    const char *start = *at;
    size_t length;
    if (*start == '"') {
        length = strcspn(++start, "\"");
        *at = start + length + (start[length] == '"');
        while (**at && !strchr(stops, **at)) (*at)++;
    } else {
        length = strcspn(start, stops);
        *at = start + length;
    }
    hra_trim(&start, &length);
    return hra_arena_text_n(arena, start, length);
}

static hra_code wrong(const hra_map_file *map, int line, const char *what, const char *text, hra_error *error)
{
    const char *quote = *text ? "'" : "";
    return hra_fail(error, HRA_EINPUT, "%s:%d: %s%s%s%s", map->path, line, what, quote, text, quote);
}

static bool read_repeats(const char *text, hra_long_repeats *repeats)
{
    static const char *const names[] = {"last", "first", "mean", "join"}; /* hra_long_repeats */
    for (int i = 0; i < 4; i++)
        if (strcmp(text, names[i]) == 0) {
            *repeats = (hra_long_repeats)i;
            return true;
        }
    return false;
}

static hra_code take_pair(const hra_map_file *map, hra_long_spec *spec, const char *name, const char *value,
                          hra_long_repeats *repeats, hra_error *error)
{
    const struct {
        const char *name;
        const char **place;
    } columns[] = {{"id", &spec->id},
                   {"date", &spec->date},
                   {"item", &spec->item},
                   {"value", &spec->value},
                   {"unit", &spec->unit}};
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
        if (strcmp(name, columns[i].name) == 0 && *value) {
            *columns[i].place = value;
            return HRA_OK;
        }
    if (strcmp(name, "width") == 0 && (spec->digits = atoi(value)) > 0 && spec->digits < CODE_TEXT) return HRA_OK;
    if (strcmp(name, "repeats") == 0 && read_repeats(value, repeats)) return HRA_OK;
    return wrong(map, spec->line, "expected id, date, item, value, unit, repeats or width and its value, found ", name,
                 error);
}

/* id = COLUMN, date = COLUMN, item = COLUMN, value = COLUMN, unit = COLUMN, repeats = RULE, width = DIGITS */
static hra_code read_long_line(const hra_map_file *map, const hra_map_head *head, hra_arena *arena, hra_long_spec *spec,
                               hra_long_repeats *repeats, hra_error *error)
{
    spec->line = head->line;
    for (const char *at = head->text; *at;) {
        const char *name = read_word(arena, &at, "=,");
        bool pair = *at == '=';
        if (pair) at++;
        const char *value = read_word(arena, &at, ",");
        if (!name || !value) return hra_out_of_memory(error);
        if (!pair) return wrong(map, head->line, "expected name = COLUMN, found ", name, error);
        HRA_TRY(take_pair(map, spec, name, value, repeats, error));
        if (*at == ',') at++;
    }
    if (!spec->id || !spec->item || !spec->value)
        return wrong(map, head->line, "a long file needs id, item and value; found ", head->text, error);
    return HRA_OK;
}

/* ---- items ------------------------------------------------------------------------------------ */

static hra_map_rule *rule_of_line(const hra_map_file *map, int line)
{
    for (int r = 0; r < map->rule_count; r++)
        if (map->rules[r].line == line) return &map->rules[r];
    return NULL;
}

/* A mean is a rule over several columns of one name. */
static hra_code spread(const hra_map_file *map, hra_map_rule *rule, hra_arena *arena, hra_error *error)
{
    if (rule->kind == HRA_MAP_IGNORE) return HRA_OK;
    if (rule->kind != HRA_MAP_VARIABLE)
        return wrong(map, rule->line, "only single values can be averaged, not ", rule->columns[0], error);
    const char *code = rule->columns[0];
    const char **columns = hra_arena_alloc(arena, HRA_LONG_MOST_READINGS * sizeof *columns);
    if (!columns) return hra_out_of_memory(error);
    for (int i = 0; i < HRA_LONG_MOST_READINGS; i++) {
        columns[i] = hra_arena_printf(arena, "%s@%d", code, i + 1);
        if (!columns[i]) return hra_out_of_memory(error);
    }
    rule->columns = columns;
    rule->column_count = HRA_LONG_MOST_READINGS;
    rule->kind = HRA_MAP_MEAN;
    return HRA_OK;
}

static bool fold_code(const char *text, size_t length, char code[CODE_TEXT])
{
    hra_clean_identifier(&text, &length);
    return hra_fold(text, length, HRA_FOLD_NO_SPACES | HRA_FOLD_UPPER, code, CODE_TEXT) >= 0;
}

/* CODE = target, repeats = RULE: the rule is among those of the map, what is left is the repeats. */
static hra_code read_item(hra_map_file *map, const hra_map_head *head, hra_long_repeats repeats, hra_arena *arena,
                          hra_long_spec *spec, hra_error *error)
{
    hra_map_rule *rule = rule_of_line(map, head->line);
    const char *comma = strrchr(head->text, ','), *code = rule ? rule->columns[0] : "";
    char folded[CODE_TEXT];
    if (!rule || rule->kind == HRA_MAP_ID || rule->kind == HRA_MAP_MEAN || rule->kind == HRA_MAP_FIRST_KNOWN)
        return wrong(map, head->line, "expected item CODE = variable [unit], found ", head->text, error);
    if (comma) {
        const char *at = comma + 1, *name = read_word(arena, &at, "="), *value = "";
        if (*at == '=') {
            at++;
            value = read_word(arena, &at, "");
        }
        if (!name || !value) return hra_out_of_memory(error);
        if (strcmp(name, "repeats") == 0 && !read_repeats(value, &repeats))
            return wrong(map, head->line, "repeats are last, first, mean or join, not ", value, error);
    }
    if (!fold_code(code, strlen(code), folded)) return wrong(map, head->line, "this code is too long: ", code, error);
    if (hra_map_get(spec->codes, folded) >= 0) return wrong(map, head->line, "a second line for item ", code, error);
    if (hra_map_set(spec->codes, folded, spec->item_count) != 0) return hra_out_of_memory(error);
    spec->items[spec->item_count++] = (hra_long_item){code, repeats, rule->kind != HRA_MAP_IGNORE};
    return repeats == HRA_LONG_MEAN ? spread(map, rule, arena, error) : HRA_OK;
}

/* Where all codes are digits of one length, shorter ones have lost their zeros. */
static void find_digits(hra_long_spec *spec)
{
    size_t length = 0;
    for (int i = 0; i < spec->item_count; i++) {
        size_t own = strlen(spec->items[i].code);
        if (strspn(spec->items[i].code, "0123456789") != own || (i > 0 && own != length)) return;
        length = own;
    }
    spec->digits = (int)length;
}

/* The identifier's column is told here, unless a line of its own tells it. */
static hra_code add_id_rule(hra_map_file *map, const hra_long_spec *spec, hra_arena *arena, hra_error *error)
{
    for (int r = 0; r < map->rule_count; r++)
        if (map->rules[r].kind == HRA_MAP_ID) return HRA_OK;
    hra_map_rule *rules = hra_arena_alloc(arena, ((size_t)map->rule_count + 1) * sizeof *rules);
    const char **columns = hra_arena_alloc(arena, sizeof *columns);
    if (!rules || !columns) return hra_out_of_memory(error);
    if (map->rule_count) memcpy(rules, map->rules, (size_t)map->rule_count * sizeof *rules);
    columns[0] = spec->id;
    rules[map->rule_count++] =
        (hra_map_rule){.kind = HRA_MAP_ID, .line = spec->line, .columns = columns, .column_count = 1};
    map->rules = rules;
    return HRA_OK;
}

static hra_code read_items(hra_map_file *map, hra_long_spec *spec, hra_long_repeats repeats, hra_arena *arena,
                           hra_error *error)
{
    spec->items = hra_arena_alloc(arena, ((size_t)map->head_count + 1) * sizeof *spec->items);
    if (!spec->items) return hra_out_of_memory(error);
    for (const hra_map_head *head = NULL; (head = hra_map_head_find(map, "item", head));)
        HRA_TRY(read_item(map, head, repeats, arena, spec, error));
    if (spec->item_count == 0)
        return wrong(map, spec->line, "no line 'item CODE = variable' says what the items are", "", error);
    if (spec->digits == 0) find_digits(spec);
    return add_id_rule(map, spec, arena, error);
}

hra_code hra_long_spec_read(hra_map_file *map, hra_arena *arena, hra_long_spec **out, hra_error *error)
{
    *out = NULL;
    const hra_map_head *head = hra_map_head_find(map, "long", NULL);
    if (!head) return HRA_OK;
    hra_long_spec *spec = hra_arena_alloc(arena, sizeof *spec);
    hra_long_repeats repeats = HRA_LONG_LAST;
    if (!spec || !(spec->codes = hra_map_new())) return hra_out_of_memory(error);
    *out = spec; /* the map of codes is freed with it */
    if (hra_map_head_find(map, "long", head))
        return wrong(map, hra_map_head_find(map, "long", head)->line, "there is a line 'long:' already", "", error);
    HRA_TRY(read_long_line(map, head, arena, spec, &repeats, error));
    return read_items(map, spec, repeats, arena, error);
}

void hra_long_spec_free(hra_long_spec *spec)
{
    if (spec) hra_map_free(spec->codes);
}

int hra_long_item_of(const hra_long_spec *spec, const char *text, size_t length)
{
    char code[CODE_TEXT], padded[CODE_TEXT];
    if (!fold_code(text, length, code)) return -1;
    int64_t item = hra_map_get(spec->codes, code);
    size_t own = strlen(code);
    if (item >= 0 || own == 0 || own >= (size_t)spec->digits || strspn(code, "0123456789") != own) return (int)item;
    size_t zeros = (size_t)spec->digits - own;
    memset(padded, '0', zeros);
    memcpy(padded + zeros, code, own + 1);
    return (int)hra_map_get(spec->codes, padded);
}

/* ---- one file -------------------------------------------------------------------------------------- */

static hra_code find_column(const hra_file_plan *plan, const hra_map_file *map, const hra_long_spec *spec,
                            const char *name, int *column, hra_error *error)
{
    char asked[HRA_HEADER_TEXT], key[HRA_HEADER_TEXT];
    *column = -1;
    if (!name || !hra_header_key(name, asked)) return HRA_OK;
    for (int i = 0; i < plan->width; i++) {
        if (!hra_header_key(plan->columns[i].header, key) || strcmp(key, asked) != 0) continue;
        if (*column >= 0)
            return hra_fail(error, HRA_EINPUT, "%s:%d: '%s' is the name of several columns of %s", map->path,
                            spec->line, name, plan->name);
        *column = i;
    }
    if (*column < 0)
        return hra_fail(error, HRA_EINPUT, "%s:%d: there is no column '%s' in %s", map->path, spec->line, name,
                        plan->name);
    return HRA_OK;
}

static hra_code find_columns(const hra_file_plan *plan, const hra_map_file *map, hra_long_plan *l, hra_error *error)
{
    const hra_long_spec *spec = l->spec;
    l->file_width = plan->width;
    HRA_TRY(find_column(plan, map, spec, spec->id, &l->id, error));
    HRA_TRY(find_column(plan, map, spec, spec->date, &l->date, error));
    HRA_TRY(find_column(plan, map, spec, spec->item, &l->item, error));
    HRA_TRY(find_column(plan, map, spec, spec->value, &l->value, error));
    return find_column(plan, map, spec, spec->unit, &l->unit, error);
}

static int columns_of(const hra_long_item *item)
{
    return !item->wanted ? 0 : item->repeats == HRA_LONG_MEAN ? HRA_LONG_MOST_READINGS : 1;
}

static void name_column(hra_file_plan *plan, int column, const char *code)
{
    plan->columns[column] = (hra_source_column){.header = code, .combination = -1};
    plan->matches[column] = (hra_csv_match){.header = code, .variable = -1, .how = "no such variable"};
}

hra_code hra_long_plan_make(const hra_long_spec *spec, const hra_map_file *map, hra_arena *arena,
                            struct hra_file_plan *plan, hra_error *error)
{
    hra_long_plan *l = hra_arena_alloc(arena, sizeof *l);
    if (!l) return hra_out_of_memory(error);
    l->spec = spec;
    HRA_TRY(find_columns(plan, map, l, error));
    int width = plan->width;
    for (int i = 0; i < spec->item_count; i++) width += columns_of(&spec->items[i]);
    const hra_source_column *columns = plan->columns;
    const hra_csv_match *matches = plan->matches;
    hra_csv_match *wide_matches = hra_arena_alloc(arena, (size_t)width * sizeof *wide_matches);
    plan->columns = hra_arena_alloc(arena, (size_t)width * sizeof *plan->columns);
    plan->matches = wide_matches;
    l->carried = hra_arena_alloc(arena, (size_t)plan->width * sizeof *l->carried);
    l->first_column = hra_arena_alloc(arena, ((size_t)spec->item_count + 1) * sizeof *l->first_column);
    if (!plan->columns || !plan->matches || !l->carried || !l->first_column) return hra_out_of_memory(error);
    for (int i = 0; i < l->file_width; i++) {
        if (i == l->item || i == l->value || i == l->unit) continue;
        plan->columns[l->carried_count] = columns[i];
        wide_matches[l->carried_count] = matches[i];
        l->carried[l->carried_count++] = i;
    }
    plan->width = l->carried_count;
    for (int i = 0; i < spec->item_count; i++) {
        l->first_column[i] = spec->items[i].wanted ? plan->width : -1;
        for (int k = 0; k < columns_of(&spec->items[i]); k++) name_column(plan, plan->width++, spec->items[i].code);
    }
    plan->long_form = l;
    return HRA_OK;
}
