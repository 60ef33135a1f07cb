#include "io/csv/map_file.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "io/words/reading_rules.h"
#include "io/words/phrases.h"
#include "io/words/text_fold.h"
#include "io/tables/text_stream.h"

enum { MAX_COLUMNS = 16 };

typedef struct parser {
    hra_map_file *map;
    hra_arena *arena;
    const char *at; /* in a line that ends with NUL */
    int line;
    bool in_head, in_long;
    bool only_head; /* a line below it that cannot be read is passed over */
    hra_error *error;
} parser;

/* ---- words of a line ------------------------------------------------------------- */

static hra_code wrong(parser *p, const char *what)
{
    return hra_fail(p->error, HRA_EINPUT, "%s:%d: %s", p->map->path, p->line, what);
}

static hra_code out_of_memory(parser *p) { return hra_out_of_memory(p->error); }

static void skip_spaces(parser *p)
{
    while (*p->at == ' ' || *p->at == '\t') p->at++;
}

static bool take(parser *p, char c)
{
    skip_spaces(p);
    if (*p->at != c) return false;
    p->at++;
    return true;
}

/* A name: in double quotes ("" is a quote), or bare up to one of the stop characters. */
static hra_code read_name(parser *p, const char *stops, const char **out)
{
    skip_spaces(p);
    if (*p->at != '"') {
        const char *start = p->at;
        size_t length = strcspn(start, stops);
        p->at = start + length;
        hra_trim(&start, &length);
        *out = hra_arena_text_n(p->arena, start, length);
        return *out ? HRA_OK : out_of_memory(p);
    }
    char *copy = hra_arena_text(p->arena, p->at + 1), *to = copy;
    if (!copy) return out_of_memory(p);
    for (p->at++; *p->at && (*p->at != '"' || p->at[1] == '"'); p->at++) {
        if (*p->at == '"') p->at++;
        *to++ = *p->at;
    }
    *to = '\0';
    *out = copy;
    return take(p, '"') ? HRA_OK : wrong(p, "a quote is not closed");
}

static bool at_end(parser *p)
{
    skip_spaces(p);
    return *p->at == '\0';
}

/* ---- growing lists ------------------------------------------------------------------ */

/* Room for one more element; lists grow by doubling inside the arena. */
static void *add(parser *p, void *list, int *count, size_t size)
{
    void **items = list;
    if ((*count & (*count - 1)) == 0) { /* 0, 1, 2, 4, 8 ... */
        void *bigger = hra_arena_alloc(p->arena, size * (*count ? 2 * (size_t)*count : 1));
        if (!bigger) return NULL;
        if (*count) memcpy(bigger, *items, size * (size_t)*count);
        *items = bigger;
    }
    return (char *)*items + size * (size_t)(*count)++;
}

static hra_code add_rule(parser *p, const hra_map_rule *rule, const char *const *columns)
{
    hra_map_rule *place = add(p, &p->map->rules, &p->map->rule_count, sizeof *place);
    const char **copy = hra_arena_alloc(p->arena, sizeof *copy * (size_t)rule->column_count);
    if (!place || !copy) return out_of_memory(p);
    memcpy(copy, columns, sizeof *copy * (size_t)rule->column_count);
    *place = *rule;
    place->columns = copy;
    return HRA_OK;
}

/* ---- kinds of lines ------------------------------------------------------------------ */

static bool starts(parser *p, const char *word)
{
    size_t length = strlen(word);
    if (strncmp(p->at, word, length) != 0) return false;
    p->at += length;
    return true;
}

/* The rest of "flags(variable, variable)". */
static hra_code read_several(parser *p, hra_map_rule *rule)
{
    const char *names[HRA_SEVERAL_MOST];
    int count = 0;
    do {
        if (count == HRA_SEVERAL_MOST) return wrong(p, "too many variables (at most 32)");
        HRA_TRY(read_name(p, ",)", &names[count]));
        if (!*names[count++]) return wrong(p, "a variable is missing");
    } while (take(p, ','));
    if (!take(p, ')') || !at_end(p)) return wrong(p, "expected COLUMN = flags(variable, variable)");
    if (rule->kind != HRA_MAP_VARIABLE) return wrong(p, "flags(...) is of one column");
    rule->kind = HRA_MAP_SEVERAL;
    rule->several = hra_arena_alloc(p->arena, sizeof *rule->several * (size_t)count);
    if (!rule->several) return out_of_memory(p);
    memcpy(rule->several, names, sizeof *names * (size_t)count);
    rule->several_count = count;
    rule->variables[0] = rule->several[0];
    return HRA_OK;
}

/* "variable", "variable [unit]", "variable / variable", "ignore" */
static hra_code read_target(parser *p, hra_map_rule *rule)
{
    bool quoted = (skip_spaces(p), *p->at == '"');
    if (starts(p, "flags(")) return read_several(p, rule);
    HRA_TRY(read_name(p, "[/", &rule->variables[0]));
    if (!*rule->variables[0]) return wrong(p, "a variable is missing after '='");
    if (take(p, '/')) {
        if (rule->kind != HRA_MAP_VARIABLE) return wrong(p, "two variables need one column with two numbers");
        rule->kind = HRA_MAP_PAIR;
        HRA_TRY(read_name(p, "[/", &rule->variables[1]));
        if (!*rule->variables[1]) return wrong(p, "a variable is missing after '/'");
    }
    if (take(p, '[')) {
        HRA_TRY(read_name(p, "]", &rule->unit));
        if (!take(p, ']')) return wrong(p, "']' is missing after the unit");
    }
    if (!at_end(p)) return wrong(p, "something follows the end of the rule");
    if (!quoted && strcmp(rule->variables[0], "ignore") == 0) {
        if (rule->kind != HRA_MAP_VARIABLE || rule->unit) return wrong(p, "'ignore' stands alone: COLUMN = ignore");
        rule->kind = HRA_MAP_IGNORE;
    }
    return HRA_OK;
}

/* mean(COLUMN, COLUMN) = variable [unit] */
static hra_code read_combination(parser *p, hra_map_kind kind)
{
    const char *columns[MAX_COLUMNS];
    hra_map_rule rule = {.kind = kind, .line = p->line};
    do {
        if (rule.column_count == MAX_COLUMNS) return wrong(p, "too many columns (at most 16)");
        HRA_TRY(read_name(p, ",)", &columns[rule.column_count]));
        if (!*columns[rule.column_count++]) return wrong(p, "a column name is missing");
    } while (take(p, ','));
    if (!take(p, ')') || !take(p, '=')) return wrong(p, "expected mean(COLUMN, COLUMN) = variable");
    HRA_TRY(read_target(p, &rule));
    return add_rule(p, &rule, columns);
}

/* name = value, name = value */
static hra_code read_manners(parser *p, const char *column)
{
    do {
        hra_map_manner manner = {.line = p->line, .column = column};
        hra_reading_rules tried = {0};
        hra_error why = {0};
        HRA_TRY(read_name(p, "=,", &manner.name));
        if (!take(p, '=')) return wrong(p, "expected rules: name = value, name = value");
        HRA_TRY(read_name(p, ",", &manner.value));
        if (hra_reading_rule_set(&tried, manner.name, manner.value, &why) != HRA_OK) return wrong(p, why.message);
        hra_map_manner *place = add(p, &p->map->manners, &p->map->manner_count, sizeof *place);
        if (!place) return out_of_memory(p);
        *place = manner;
    } while (take(p, ','));
    return at_end(p) ? HRA_OK : wrong(p, "something follows the end of the rule");
}

/* COLUMN: text = target, text = target */
static hra_code read_words(parser *p, const char *column)
{
    skip_spaces(p);
    if (starts(p, "rules ")) return read_manners(p, column);
    do {
        hra_map_word word = {.line = p->line, .column = column};
        HRA_TRY(read_name(p, "=,", &word.text));
        if (!take(p, '=')) return wrong(p, "expected COLUMN: value = meaning, value = meaning");
        HRA_TRY(read_name(p, ",", &word.target));
        if (!*word.target) return wrong(p, "a meaning is missing after '='");
        hra_map_word *place = add(p, &p->map->words, &p->map->word_count, sizeof *place);
        if (!place) return out_of_memory(p);
        *place = word;
    } while (take(p, ','));
    return at_end(p) ? HRA_OK : wrong(p, "something follows the end of the rule");
}

/* = variable = value */
static hra_code read_constant(parser *p)
{
    hra_map_constant constant = {.line = p->line};
    HRA_TRY(read_name(p, "=", &constant.variable));
    if (!*constant.variable || !take(p, '=')) return wrong(p, "expected = variable = value");
    HRA_TRY(read_name(p, "", &constant.value));
    if (!*constant.value || !at_end(p)) return wrong(p, "expected = variable = value");
    hra_map_constant *place = add(p, &p->map->constants, &p->map->constant_count, sizeof *place);
    if (!place) return out_of_memory(p);
    *place = constant;
    return HRA_OK;
}

/* ---- lines about the file as a whole --------------------------------------------------- */

static hra_code add_head(parser *p, const char *key)
{
    skip_spaces(p);
    const char *text = p->at;
    size_t length = strlen(text);
    hra_trim(&text, &length);
    hra_map_head *place = add(p, &p->map->heads, &p->map->head_count, sizeof *place);
    if (!place) return out_of_memory(p);
    *place = (hra_map_head){p->line, hra_arena_text(p->arena, key), hra_arena_text_n(p->arena, text, length)};
    return place->key && place->text ? HRA_OK : out_of_memory(p);
}

static hra_code read_head_line(parser *p)
{
    const char *key;
    if (strncmp(p->at, "---", 3) == 0) {
        p->in_head = false;
        return HRA_OK;
    }
    if (starts(p, "rules:")) return read_manners(p, NULL);
    HRA_TRY(read_name(p, ":", &key));
    if (!take(p, ':') || !*key) return wrong(p, "expected 'key: text' in the head of a profile, or '---' at its end");
    return add_head(p, key);
}

/* CODE = target, repeats = RULE: all of it is kept for io/csv/long_format.h, the rest of the line is a rule without
 * them.
 */
static hra_code read_item_options(parser *p)
{
    HRA_TRY(add_head(p, "item"));
    char *rule = hra_arena_text(p->arena, p->at);
    if (!rule) return out_of_memory(p);
    char *comma = strrchr(rule, ',');
    const char *option = comma ? comma + 1 : "";
    while (*option == ' ' || *option == '\t') option++;
    if (strncmp(option, "repeats", 7) == 0) *comma = '\0';
    p->at = rule;
    return HRA_OK;
}

/* What a line is about is told by its first word; a column of that name stands in quotes. */
static hra_code read_special(parser *p, bool *special)
{
    *special = true;
    bool first = p->map->rule_count + p->map->word_count + p->map->constant_count + p->map->head_count == 0;
    if (take(p, '?')) return add_head(p, "?");
    if (p->in_head) return read_head_line(p);
    if (first && starts(p, "profile:")) {
        p->in_head = p->map->is_profile = true;
        return add_head(p, "profile");
    }
    if (starts(p, "rules:")) return read_manners(p, NULL);
    if (starts(p, "long:")) {
        p->in_long = true;
        return add_head(p, "long");
    }
    *special = false; /* an item is a rule besides */
    if (p->in_long && starts(p, "item ")) return read_item_options(p);
    return HRA_OK;
}

static hra_code read_line(parser *p)
{
    bool special;
    if (at_end(p)) return HRA_OK;
    HRA_TRY(read_special(p, &special));
    if (special) return HRA_OK;
    if (take(p, '=')) return read_constant(p);
    if (starts(p, "mean(")) return read_combination(p, HRA_MAP_MEAN);
    if (starts(p, "first_known(")) return read_combination(p, HRA_MAP_FIRST_KNOWN);
    bool quoted = *p->at == '"';
    const char *column;
    HRA_TRY(read_name(p, "=:", &column));
    if (!*column) return wrong(p, "a column name is missing");
    if (take(p, ':')) return read_words(p, column);
    if (!take(p, '=')) return wrong(p, "expected COLUMN = variable, COLUMN = ignore or COLUMN: value = meaning");
    hra_map_rule rule = {.kind = HRA_MAP_VARIABLE, .line = p->line, .column_count = 1};
    if (!quoted && strcmp(column, "id") == 0) {
        rule.kind = HRA_MAP_ID;
        HRA_TRY(read_name(p, "", &column));
        if (!*column || !at_end(p)) return wrong(p, "expected id = COLUMN");
    } else {
        HRA_TRY(read_target(p, &rule));
    }
    return add_rule(p, &rule, &column);
}

/* A comment starts with # at the start of a line or after a space, outside quotes. */
static void cut_comment(char *line)
{
    bool quoted = false;
    for (char *c = line; *c; c++) {
        if (*c == '"') quoted = !quoted;
        if (*c == '#' && !quoted && (c == line || c[-1] == ' ' || c[-1] == '\t')) *c = '\0';
        if (!*c) break;
    }
}

/* ---- the file ----------------------------------------------------------------------------- */

static hra_code read_all(const char *path, hra_buffer *text, hra_error *error)
{
    hra_text_facts facts;
    hra_text_stream *stream;
    HRA_TRY(hra_text_examine(path, NULL, &facts, error));
    HRA_TRY(hra_text_stream_open(path, &facts, &stream, error));
    bool end = false;
    hra_code code = HRA_OK;
    while (code == HRA_OK && !end) code = hra_text_stream_read(stream, text, &end, error);
    hra_text_stream_close(stream);
    if (code == HRA_OK && memchr(text->bytes ? text->bytes : "", 0, text->length))
        code = hra_fail(error, HRA_EINPUT, "%s: NUL bytes: this is not a map file", path);
    return code;
}

static hra_code read_lines(parser *p, char *text)
{
    for (char *line = text, *next; line; line = next) {
        next = strpbrk(line, "\r\n");
        p->line++;
        if (next) {
            bool two = next[0] == '\r' && next[1] == '\n';
            *next = '\0';
            next += two ? 2 : 1;
        }
        cut_comment(line);
        p->at = line;
        hra_code code = read_line(p);
        bool below = p->map->is_profile && !p->in_head;
        if (code != HRA_OK && !(code == HRA_EINPUT && p->only_head && below)) return code;
    }
    return p->in_head ? wrong(p, "the head of the profile is not closed with a line '---'") : HRA_OK;
}

static hra_code read_file(const char *path, bool only_head, hra_map_file **out, hra_error *error)
{
    *out = NULL;
    hra_arena *arena = hra_arena_new();
    hra_map_file *map = arena ? hra_arena_alloc(arena, sizeof *map) : NULL;
    if (map && path) map->path = hra_arena_text(arena, path);
    if (!map || (path && !map->path)) {
        hra_arena_free(arena);
        return hra_out_of_memory(error);
    }
    map->memory = arena;
    hra_buffer text = {0};
    parser p = {.map = map, .arena = arena, .only_head = only_head, .error = error};
    hra_code code = path ? read_all(path, &text, error) : HRA_OK;
    if (code == HRA_OK && text.length > 0) code = read_lines(&p, text.bytes);
    hra_buffer_destroy(&text);
    if (code != HRA_OK) {
        hra_map_file_free(map);
        return code;
    }
    *out = map;
    return HRA_OK;
}

hra_code hra_map_file_read(const char *path, hra_map_file **out, hra_error *error)
{
    return read_file(path, false, out, error);
}

hra_code hra_map_file_read_head(const char *path, hra_map_file **out, hra_error *error)
{
    return read_file(path, true, out, error);
}

void hra_map_file_free(hra_map_file *map)
{
    if (map) hra_arena_free(map->memory);
}

/* ---- questions to the head ------------------------------------------------------------------ */

const hra_map_head *hra_map_head_find(const hra_map_file *map, const char *key, const hra_map_head *after)
{
    for (int i = after ? (int)(after - map->heads) + 1 : 0; i < map->head_count; i++)
        if (strcmp(map->heads[i].key, key) == 0) return &map->heads[i];
    return NULL;
}

hra_code hra_map_head_names(const hra_map_file *map, const hra_map_head *head, hra_arena *arena, const char ***names,
                            int *count, hra_error *error)
{
    hra_map_file list = {.path = map->path};
    parser p = {.map = &list, .arena = arena, .at = head->text, .line = head->line, .error = error};
    *count = 0;
    *names = NULL;
    if (at_end(&p)) return HRA_OK;
    do {
        const char *name;
        HRA_TRY(read_name(&p, ",", &name));
        const char **place = add(&p, names, count, sizeof *place);
        if (!place) return out_of_memory(&p);
        *place = name;
    } while (take(&p, ','));
    return at_end(&p) ? HRA_OK : wrong(&p, "names are separated by commas");
}

hra_code hra_map_file_check_settled(const hra_map_file *map, hra_error *error)
{
    const hra_map_head *open = hra_map_head_find(map, "?", NULL);
    if (open)
        return hra_fail(error, HRA_EINPUT, "%s:%d: a question is open: %s (answer it, then delete the line)", map->path,
                        open->line, open->text);
    const hra_map_head *confirmed = hra_map_head_find(map, "confirmed", NULL);
    if (map->is_profile && (!confirmed || strcmp(confirmed->text, "no") == 0))
        return hra_fail(error, HRA_EINPUT, "%s is a draft: nobody has confirmed it (confirmed: NAME YYYY-MM-DD)",
                        map->path);
    return HRA_OK;
}
