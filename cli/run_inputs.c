/* The inputs of a run: files, and folders of them. */
#include "cli/run.h"

#include <dirent.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MOST_FOLDERS = 8 }; /* in one another */

static bool has_ending(const char *name, const char *const *endings, size_t count)
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
    static const char *const endings[] = {".csv",    ".txt",  ".tsv",  ".csv.gz", ".txt.gz",
                                          ".tsv.gz", ".xlsx", ".xlsm", ".xls",    ".zip"};
    return has_ending(name, endings, sizeof endings / sizeof endings[0]);
}

/* What accompanies a delivery and holds nobody: hidden files, checksums, signatures, marks that an upload is complete.
 */
static bool is_companion(const char *name)
{
    static const char *const endings[] = {".md5", ".sha1", ".sha256", ".sha512", ".asc", ".sig", ".ok", ".done"};
    return name[0] == '.' || has_ending(name, endings, sizeof endings / sizeof endings[0]);
}

static int by_text(const void *a, const void *b) { return strcmp(*(const char *const *)a, *(const char *const *)b); }

static hra_code add_input(hra_run_state *s, int kind, const char *path, bool found, hra_error *error)
{
    const char **more = realloc(s->inputs, ((size_t)s->input_count + 1) * sizeof *more);
    int *kinds = realloc(s->kinds, ((size_t)s->input_count + 1) * sizeof *kinds);
    bool *origins = realloc(s->found, ((size_t)s->input_count + 1) * sizeof *origins);
    const char *copy = hra_arena_text(s->arena, path);
    if (more) s->inputs = more;
    if (kinds) s->kinds = kinds;
    if (origins) s->found = origins;
    if (!more || !kinds || !origins || !copy) return hra_out_of_memory(error);
    s->kinds[s->input_count] = kind;
    s->found[s->input_count] = found;
    s->inputs[s->input_count++] = copy;
    return HRA_OK;
}

static bool has_file(hra_run_state *s, const char *folder, const char *name)
{
    struct stat facts;
    const char *file = hra_arena_printf(s->arena, "%s/%s", folder, name);
    return file && stat(file, &facts) == 0;
}

/* Its lists have identifiers and headers like any delivery's. */
static hra_code refuse_results(hra_run_state *s, const char *folder, hra_error *error)
{
    if (!has_file(s, folder, "run.json") || !has_file(s, folder, "results.h5")) return HRA_OK;
    return hra_fail(error, HRA_EINPUT,
                    "%s holds the results of a run, which are no deliveries: move it to another place", folder);
}

static hra_code walk(hra_run_state *s, int kind, const char *path, int depth, hra_error *error);

static hra_code add_entry(hra_run_state *s, int kind, const char *file, int depth, hra_error *error)
{
    struct stat facts;
    bool folder = stat(file, &facts) == 0 && S_ISDIR(facts.st_mode);
    if (!folder) return add_input(s, kind, file, true, error);
    if (depth == MOST_FOLDERS)
        return hra_fail(error, HRA_EINPUT, "%s: more than %d folders in one another", file, MOST_FOLDERS);
    return walk(s, kind, file, depth + 1, error);
}

/* Every file of a folder and of the folders in it: what is no table must be told, or a delivery could be forgotten. */
static hra_code walk(hra_run_state *s, int kind, const char *path, int depth, hra_error *error)
{
    HRA_TRY(refuse_results(s, path, error));
    DIR *folder = opendir(path);
    if (!folder) return hra_fail(error, HRA_EIO, "cannot open the folder %s: %m", path);
    hra_code code = HRA_OK;
    for (struct dirent *entry; code == HRA_OK && (entry = readdir(folder));) {
        if (is_companion(entry->d_name)) continue;
        const char *slash = path[strlen(path) - 1] == '/' ? "" : "/";
        const char *file = hra_arena_printf(s->arena, "%s%s%s", path, slash, entry->d_name);
        code = file ? add_entry(s, kind, file, depth, error) : hra_out_of_memory(error);
    }
    closedir(folder);
    return code;
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
    int before = s->input_count;
    HRA_TRY(refuse_output_inside(s, path, error));
    HRA_TRY(walk(s, kind, path, 0, error));
    if (s->input_count == before)
        return hra_fail(error, HRA_EINPUT, "no tables (.csv, .txt, .tsv, also .gz; .xlsx; .zip) in the folder %s",
                        path);
    qsort(s->inputs + before, (size_t)(s->input_count - before), sizeof *s->inputs, by_text);
    return HRA_OK;
}

hra_code hra_run_collect(hra_run_state *s, int kind, int count, const char *const *paths, hra_error *error)
{
    for (int i = 0; i < count; i++) {
        struct stat facts;
        if (stat(paths[i], &facts) != 0) return hra_fail(error, HRA_EINPUT, "cannot read %s: %m", paths[i]);
        HRA_TRY(S_ISDIR(facts.st_mode) ? add_folder(s, kind, paths[i], error)
                                       : add_input(s, kind, paths[i], false, error));
    }
    return HRA_OK;
}

const char *hra_run_store(const hra_run_state *s)
{
    return s->input_count == 1 && hra_is_store(s->inputs[0]) && !s->join ? s->inputs[0] : NULL;
}
