/* The inputs of a run: files, and folders of them. */
#include "cli/run.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MOST_FOLDERS = 8 }; /* in one another */

static bool is_text_table(const char *name)
{
    static const char *const endings[] = {".csv", ".csv.gz", ".txt", ".tsv", ".tsv.gz", ".txt.gz", ".xlsx"};
    size_t n = strlen(name);
    for (size_t i = 0; name[0] != '.' && i < sizeof endings / sizeof endings[0]; i++) {
        size_t m = strlen(endings[i]);
        if (n > m && strcasecmp(name + n - m, endings[i]) == 0) return true;
    }
    return false;
}

static int by_text(const void *a, const void *b) { return strcmp(*(const char *const *)a, *(const char *const *)b); }

static hra_code add_input(hra_run_state *s, int kind, const char *path, hra_error *error)
{
    const char **more = realloc(s->inputs, ((size_t)s->input_count + 1) * sizeof *more);
    int *kinds = realloc(s->kinds, ((size_t)s->input_count + 1) * sizeof *kinds);
    const char *copy = hra_arena_text(s->arena, path);
    if (more) s->inputs = more;
    if (kinds) s->kinds = kinds;
    if (!more || !kinds || !copy) return hra_fail(error, HRA_ENOMEM, "out of memory");
    s->kinds[s->input_count] = kind;
    s->inputs[s->input_count++] = copy;
    return HRA_OK;
}

/* Tables of a folder and of the folders in it. */
static hra_code walk(hra_run_state *s, int kind, const char *path, int depth, hra_error *error)
{
    DIR *folder = opendir(path);
    if (!folder) return hra_fail(error, HRA_EIO, "cannot open the folder %s: %m", path);
    hra_code code = HRA_OK;
    for (struct dirent *entry; code == HRA_OK && (entry = readdir(folder));) {
        struct stat facts;
        if (entry->d_name[0] == '.') continue;
        const char *slash = path[strlen(path) - 1] == '/' ? "" : "/";
        const char *file = hra_arena_printf(s->arena, "%s%s%s", path, slash, entry->d_name);
        if (!file)
            code = hra_fail(error, HRA_ENOMEM, "out of memory");
        else if (is_text_table(entry->d_name))
            code = add_input(s, kind, file, error);
        else if (depth < MOST_FOLDERS && stat(file, &facts) == 0 && S_ISDIR(facts.st_mode))
            code = walk(s, kind, file, depth + 1, error);
    }
    closedir(folder);
    return code;
}

/* A folder stands for the tables in it, in the order of their names. */
static hra_code add_folder(hra_run_state *s, int kind, const char *path, hra_error *error)
{
    int before = s->input_count;
    HRA_TRY(walk(s, kind, path, 0, error));
    if (s->input_count == before)
        return hra_fail(error, HRA_EINPUT, "no tables (.csv, .txt, .tsv, also .gz, or .xlsx) in the folder %s", path);
    qsort(s->inputs + before, (size_t)(s->input_count - before), sizeof *s->inputs, by_text);
    return HRA_OK;
}

hra_code hra_run_collect(hra_run_state *s, int kind, int count, const char *const *paths, hra_error *error)
{
    for (int i = 0; i < count; i++) {
        struct stat facts;
        if (stat(paths[i], &facts) != 0) return hra_fail(error, HRA_EINPUT, "cannot read %s: %m", paths[i]);
        HRA_TRY(S_ISDIR(facts.st_mode) ? add_folder(s, kind, paths[i], error) : add_input(s, kind, paths[i], error));
    }
    return HRA_OK;
}

const char *hra_run_store(const hra_run_state *s)
{
    return s->input_count == 1 && hra_is_store(s->inputs[0]) && !s->join ? s->inputs[0] : NULL;
}
