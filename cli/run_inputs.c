/* The inputs of a run: files, and folders of them. */
#include "cli/run.h"

#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/shown_name.h"
#include "cli/found_files.h"

bool hra_run_has_ending(const char *name, const char *const *endings, size_t count)
{
    size_t n = strlen(name);
    for (size_t i = 0; i < count; i++) {
        size_t m = strlen(endings[i]);
        if (n > m && strcasecmp(name + n - m, endings[i]) == 0) return true;
    }
    return false;
}

bool hra_run_is_table_name(const char *name)
{
    static const char *const endings[] = {".csv",  ".txt",  ".tsv", ".csv.gz", ".txt.gz", ".tsv.gz",
                                          ".xlsx", ".xlsm", ".xls", ".zip",    ".htm",    ".html"};
    return hra_run_has_ending(name, endings, sizeof endings / sizeof endings[0]);
}

/* Wherever the folder stands that was given, its files have the same names. */
static const char *name_of(hra_arena *arena, const char *path, const char *folder)
{
    const char *below = folder ? path + strlen(folder) : path;
    while (*below == '/') below++;
    return folder && *below ? hra_shown_path(arena, below) : hra_shown_name(arena, path);
}

/* `folder` was given and is where the file was found; NULL: the file was named by itself. */
static hra_code add_input(hra_run_state *s, int kind, const char *path, const char *folder, const char *trouble,
                          hra_error *error)
{
    const char **more = realloc(s->inputs, ((size_t)s->input_count + 1) * sizeof *more);
    if (more) s->inputs = more;
    int *kinds = realloc(s->kinds, ((size_t)s->input_count + 1) * sizeof *kinds);
    if (kinds) s->kinds = kinds;
    hra_run_origin *origins = realloc(s->origins, ((size_t)s->input_count + 1) * sizeof *origins);
    if (origins) s->origins = origins;
    const char *copy = hra_arena_text(s->arena, path), *group = hra_run_file_group(s->arena, path, folder);
    const char *name = name_of(s->arena, path, folder);
    if (!more || !kinds || !origins || !copy || !group || !name) return hra_out_of_memory(error);
    s->kinds[s->input_count] = kind;
    s->origins[s->input_count] = (hra_run_origin){folder != NULL, group, name, trouble};
    s->inputs[s->input_count++] = copy;
    return HRA_OK;
}

/* The place without links of a folder that may not exist yet; NULL: out of memory, or no such place. Free it. */
static char *place_of(hra_run_state *s, const char *path)
{
    char *parent = hra_arena_text(s->arena, path);
    char *place = realpath(path, NULL);
    while (parent && !place && strcmp(parent, ".") != 0 && strcmp(parent, "/") != 0) {
        parent = dirname(parent);
        place = realpath(parent, NULL);
    }
    return place;
}

/* What this night writes there, the next one would read. */
static hra_code refuse_output_inside(hra_run_state *s, const char *path, hra_error *error)
{
    char *output = place_of(s, s->options->folder), *input = realpath(path, NULL);
    size_t length = input ? strlen(input) : 0;
    bool inside = output && input && strncmp(output, input, length) == 0 &&
                  (!output[length] || output[length] == '/' || length == 1);
    free(output);
    free(input);
    if (!inside) return HRA_OK;
    return hra_fail(error, HRA_EUSAGE, "%s lies in the folder %s, which is read: the results need a place outside it",
                    s->options->folder, path);
}

/* A folder stands for the files in it, in the order of their names. */
static hra_code add_folder(hra_run_state *s, int kind, const char *path, hra_error *error)
{
    hra_found_files found = {0};
    HRA_TRY(refuse_output_inside(s, path, error));
    hra_code code = hra_find_files(path, s->arena, &found, error);
    for (int i = 0; i < found.count && code == HRA_OK; i++)
        code = add_input(s, kind, found.items[i].path, path, found.items[i].trouble, error);
    free(found.items);
    if (code != HRA_OK || found.count > 0) return code;
    return hra_fail(error, HRA_EINPUT, "no tables (.csv, .txt, .tsv, also .gz; .xlsx; .xls; .zip) in the folder %s",
                    path);
}

hra_code hra_run_collect(hra_run_state *s, int kind, int count, const char *const *paths, hra_error *error)
{
    for (int i = 0; i < count; i++) {
        struct stat facts;
        if (stat(paths[i], &facts) != 0) return hra_fail(error, HRA_EINPUT, "cannot read %s: %m", paths[i]);
        HRA_TRY(S_ISDIR(facts.st_mode) ? add_folder(s, kind, paths[i], error)
                                       : add_input(s, kind, paths[i], NULL, NULL, error));
    }
    return HRA_OK;
}

const char *hra_run_store(const hra_run_state *s)
{
    bool given = s->input_count == 1 && hra_is_store(s->inputs[0]) && !s->join && !s->own_store;
    return given ? s->inputs[0] : NULL;
}
