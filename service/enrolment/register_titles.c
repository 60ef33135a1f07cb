#include "service/enrolment/register_titles.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "service/tables/rule_table.h"

enum { KEY, TEXT, COLUMNS };

struct hra_register_titles {
    hra_arena *arena;
    hra_map *index;
    const char **names;
    int count;
};

static hra_code read_language(hra_register_titles *t, const char *file, hra_error *error)
{
    static const char *const columns[COLUMNS] = {"key", "text"}, prefix[] = "column.";
    hra_rule_table table;
    HRA_TRY(hra_rule_table_load(NULL, file, columns, COLUMNS, t->arena, &table, error));
    const char **names = realloc(t->names, (size_t)(t->count + table.count + 1) * sizeof *names);
    if (!names) return hra_out_of_memory(error);
    t->names = names;
    for (int i = 0; i < table.count; i++) {
        const char *const *cells = table.rows[i].cells;
        if (strncmp(cells[KEY], prefix, sizeof prefix - 1) != 0) continue;
        if (hra_map_get(t->index, cells[TEXT]) >= 0) continue; /* the first of several: person before person_id */
        if (hra_map_set(t->index, cells[TEXT], t->count) != 0) return hra_out_of_memory(error);
        t->names[t->count++] = cells[KEY] + sizeof prefix - 1;
    }
    return HRA_OK;
}

hra_code hra_register_titles_new(hra_register_titles **out, hra_error *error)
{
    hra_register_titles *t = calloc(1, sizeof *t);
    if (!t) return hra_out_of_memory(error);
    t->arena = hra_arena_new();
    t->index = hra_map_new();
    hra_code code = t->arena && t->index ? HRA_OK : hra_out_of_memory(error);
    if (!code) code = read_language(t, "datasets/texts/zh.csv", error);
    if (!code) code = read_language(t, "datasets/texts/en.csv", error);
    if (code)
        hra_register_titles_free(t);
    else
        *out = t;
    return code;
}

void hra_register_titles_free(hra_register_titles *t)
{
    if (!t) return;
    hra_map_free(t->index);
    hra_arena_free(t->arena);
    free(t->names);
    free(t);
}

const char *hra_register_titles_find(const hra_register_titles *t, const char *title, size_t length)
{
    int64_t i = hra_map_get_n(t->index, title, length);
    return i < 0 ? NULL : t->names[i];
}
