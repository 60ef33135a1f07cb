#include "io/map_file.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "io/text_fold.h"
#include "io/text_stream.h"

enum { MAX_COLUMNS = 16 };

typedef struct parser {
    hra_map_file *map;
    hra_arena *arena;
    const char *at; /* in a line that ends with NUL */
    int line;
    hra_error *error;
} parser;

/* ---- words of a line ------------------------------------------------------------- */

static hra_code wrong(parser *p, const char *what)
{
    return hra_fail(p->error, HRA_EINPUT, "%s:%d: %s", p->map->path, p->line, what);
}

static hra_code out_of_memory(parser *p) { return hra_fail(p->error, HRA_ENOMEM, "out of memory"); }

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

/* "variable", "variable [unit]", "variable / variable", "ignore" */
static hra_code read_target(parser *p, hra_map_rule *rule)
{
    bool quoted = (skip_spaces(p), *p->at == '"');
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

/* COLUMN: text = target, text = target */
static hra_code read_words(parser *p, const char *column)
{
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

static bool starts(parser *p, const char *word)
{
    size_t length = strlen(word);
    if (strncmp(p->at, word, length) != 0) return false;
    p->at += length;
    return true;
}

static hra_code read_line(parser *p)
{
    if (at_end(p)) return HRA_OK;
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
        HRA_TRY(read_line(p));
    }
    return HRA_OK;
}

hra_code hra_map_file_read(const char *path, hra_map_file **out, hra_error *error)
{
    *out = NULL;
    hra_arena *arena = hra_arena_new();
    hra_map_file *map = arena ? hra_arena_alloc(arena, sizeof *map) : NULL;
    if (map && path) map->path = hra_arena_text(arena, path);
    if (!map || (path && !map->path)) {
        hra_arena_free(arena);
        return hra_fail(error, HRA_ENOMEM, "out of memory");
    }
    map->memory = arena;
    hra_buffer text = {0};
    parser p = {.map = map, .arena = arena, .error = error};
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

void hra_map_file_free(hra_map_file *map)
{
    if (map) hra_arena_free(map->memory);
}
