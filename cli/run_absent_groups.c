/* Groups with people on the roster of whom nobody has been assessed: they have no page and no row among the results, so
 * that nobody would miss them. */
#include <string.h>

#include "base/map.h"
#include "cli/run.h"
#include "service/group/group_rows.h"

typedef struct absent_groups {
    hra_arena *arena;
    hra_map *assessed; /* names of the groups of the results */
    const char **names;
    int count, capacity;
} absent_groups;

static hra_code note_assessed(const hra_run_state *s, hra_map *names, hra_error *error)
{
    if (!names) return hra_out_of_memory(error);
    for (int i = 0; i < hra_group_summary_count(s->summary); i++)
        if (hra_map_set(names, hra_group_name(hra_group_summary_at(s->summary, i)), i) != 0)
            return hra_out_of_memory(error);
    return HRA_OK;
}

static hra_code add(absent_groups *a, const char *name, hra_error *error)
{
    if (a->count == a->capacity) {
        int capacity = a->capacity ? 2 * a->capacity : 64;
        const char **names = hra_arena_alloc(a->arena, (size_t)capacity * sizeof *names);
        if (!names) return hra_out_of_memory(error);
        if (a->count > 0) memcpy(names, a->names, (size_t)a->count * sizeof *names);
        a->names = names;
        a->capacity = capacity;
    }
    a->names[a->count] = hra_arena_text(a->arena, name);
    return a->names[a->count++] ? HRA_OK : hra_out_of_memory(error);
}

static hra_code read_groups(absent_groups *a, hra_group_rows *rows, hra_error *error)
{
    for (;;) {
        const char *name;
        int count;
        HRA_TRY(hra_group_rows_next(rows, &name, &count, error));
        if (!name) return HRA_OK;
        /* the table prints an apostrophe before a name that a spreadsheet would compute */
        bool known = hra_map_get(a->assessed, name) >= 0;
        if (!known && *name == '\'') known = hra_map_get(a->assessed, ++name) >= 0;
        if (!known && *name && hra_group_rows_number(rows, 0, 0) > 0) HRA_TRY(add(a, name, error));
    }
}

hra_code hra_run_find_absent_groups(hra_run_state *s, hra_error *error)
{
    static const char *const columns[] = {"invited"};
    const char *path = hra_run_participation(s);
    absent_groups a = {.arena = s->arena};
    hra_group_rows *rows = NULL;
    if (!path) return HRA_OK;
    a.assessed = hra_map_new();
    hra_code code = note_assessed(s, a.assessed, error);
    if (code == HRA_OK) code = hra_group_rows_open_in_order(path, columns, 1, NULL, &rows, error);
    if (code == HRA_OK) code = read_groups(&a, rows, error);
    hra_group_rows_close(rows);
    hra_map_free(a.assessed);
    s->report.absent_groups = a.names;
    s->report.absent_group_count = a.count;
    return code;
}
