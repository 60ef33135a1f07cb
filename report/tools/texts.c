#include "report/tools/texts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "service/tables/rule_table.h"

struct hra_words {
    hra_arena *arena;
    hra_map *index;
    hra_rule_table table;
    const char *language;
    const char *separators[2]; /* of lists, of lists whose items hold commas */
};

enum { KEY, TEXT, COLUMNS };

static hra_code read_words(hra_words *w, hra_error *error)
{
    static const char *const columns[COLUMNS] = {"key", "text"};
    const char *name = hra_arena_printf(w->arena, "datasets/texts/%s.csv", w->language);
    if (!name) return hra_out_of_memory(error);
    HRA_TRY(hra_rule_table_load(NULL, name, columns, COLUMNS, w->arena, &w->table, error));
    for (int i = 0; i < w->table.count; i++) {
        const hra_rule_row *row = &w->table.rows[i];
        if (hra_map_get(w->index, row->cells[KEY]) >= 0)
            return hra_fail(error, HRA_EINTERNAL, "%s:%d: the key '%s' stands there twice", name, row->line,
                            row->cells[KEY]);
        if (hra_map_set(w->index, row->cells[KEY], i) != 0) return hra_out_of_memory(error);
    }
    return HRA_OK;
}

/* What stands between {0} and {1}. */
static const char *separator(hra_words *w, const char *key)
{
    const char *pair = hra_text(w, key), *start = strstr(pair, "{0}"), *end = strstr(pair, "{1}");
    if (!start || !end || end < start + 3) return ", ";
    return hra_arena_text_n(w->arena, start + 3, (size_t)(end - start - 3));
}

static hra_code make_separators(hra_words *w, hra_error *error)
{
    w->separators[0] = separator(w, "list.pair");
    w->separators[1] = separator(w, "list.pair.semicolon");
    return w->separators[0] && w->separators[1] ? HRA_OK : hra_out_of_memory(error);
}

hra_code hra_words_new(const char *language, hra_words **out, hra_error *error)
{
    hra_words *w = calloc(1, sizeof *w);
    if (!w) return hra_out_of_memory(error);
    w->arena = hra_arena_new();
    w->index = hra_map_new();
    hra_code code = HRA_ENOMEM;
    if (w->arena && w->index && (w->language = hra_arena_text(w->arena, language)))
        code = read_words(w, error);
    else
        hra_out_of_memory(error);
    if (code == HRA_OK) code = make_separators(w, error);
    if (code == HRA_OK)
        *out = w;
    else
        hra_words_free(w);
    return code;
}

void hra_words_free(hra_words *words)
{
    if (!words) return;
    hra_map_free(words->index);
    hra_arena_free(words->arena);
    free(words);
}

const char *hra_words_language(const hra_words *words) { return words->language; }

const char *hra_text(const hra_words *words, const char *key)
{
    int64_t i = hra_map_get(words->index, key);
    return i < 0 ? key : words->table.rows[i].cells[TEXT];
}

const char *hra_text_of(const hra_words *words, const char *prefix, const char *name, const char *otherwise)
{
    char key[128];
    snprintf(key, sizeof key, "%s.%s", prefix, name);
    int64_t i = hra_map_get(words->index, key);
    return i < 0 ? otherwise : words->table.rows[i].cells[TEXT];
}

void hra_text_fill(const char *text, const char *const *values, int count, hra_buffer *out)
{
    for (const char *open; (open = strchr(text, '{')) != NULL;) {
        int which = open[1] - '0';
        bool is_place = which >= 0 && which < count && open[2] == '}';
        hra_buffer_append(out, text, (size_t)(open - text));
        if (is_place)
            hra_buffer_text(out, values[which]);
        else
            hra_buffer_char(out, '{');
        text = open + (is_place ? 3 : 1);
    }
    hra_buffer_text(out, text);
}

bool hra_text_holds_comma(const char *item)
{
    return strchr(item, ',') != NULL || strstr(item, "，") != NULL || strstr(item, "、") != NULL;
}

const char *hra_list_separator(const hra_words *words, bool semicolons) { return words->separators[semicolons]; }

int hra_words_count(const hra_words *words) { return words->table.count; }

const char *hra_words_key(const hra_words *words, int index) { return words->table.rows[index].cells[KEY]; }
