#include "service/forget/forget_files.h"

#include <errno.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "io/hdf5/hdf5_util.h"
#include "io/identity/key_map_format.h"
#include "io/people/population_store.h"
#include "io/people/store_layout.h"
#include "io/results/result_layout.h"
#include "service/forget/forget_text.h"

/* ---- what a file is ---- */

static hra_code kind_of_hdf5(const char *path, hra_arena *arena, hra_forget_kind *kind, hra_error *error)
{
    hid_t file = -1;
    HRA_TRY(hra_h5_open(path, &file, error));
    const char *format = hra_h5_get_text(file, "format", arena);
    if (format && strcmp(format, HRA_STORE_FORMAT) == 0) *kind = HRA_FORGET_POPULATION;
    if (format && strcmp(format, HRA_RESULT_FORMAT) == 0) *kind = HRA_FORGET_RESULTS;
    hra_h5_release(&file);
    return HRA_OK;
}

static bool is_key_map(const char *path)
{
    char magic[sizeof HRA_KEY_MAP_MAGIC - 1];
    FILE *file = fopen(path, "rbe");
    bool is = file && fread(magic, 1, sizeof magic, file) == sizeof magic &&
              memcmp(magic, HRA_KEY_MAP_MAGIC, sizeof magic) == 0;
    if (file) fclose(file);
    return is;
}

static hra_code kind_of(const char *path, hra_forget_kind *kind, hra_error *error)
{
    bool is_table = false, is_details = false;
    *kind = HRA_FORGET_OTHER;
    if (hra_is_hdf5(path)) {
        hra_arena *arena = hra_arena_new();
        if (!arena) return hra_out_of_memory(error);
        hra_h5_lock();
        hra_code code = kind_of_hdf5(path, arena, kind, error);
        hra_h5_unlock();
        hra_arena_free(arena);
        return code;
    }
    if (is_key_map(path)) {
        *kind = HRA_FORGET_KEY_MAP;
        return HRA_OK;
    }
    HRA_TRY(hra_forget_is_details(path, &is_details, error));
    if (is_details) *kind = HRA_FORGET_DETAILS;
    if (!is_details) HRA_TRY(hra_forget_is_table(path, &is_table, error));
    if (is_table) *kind = HRA_FORGET_TABLE;
    return HRA_OK;
}

/* ---- the list of files ---- */

static hra_code add(hra_forget_files *files, const char *path, hra_forget_kind kind, hra_error *error)
{
    if (files->count == files->capacity) {
        int capacity = 2 * files->capacity + 64;
        hra_forget_file *items = realloc(files->items, (size_t)capacity * sizeof *items);
        if (!items) return hra_out_of_memory(error);
        files->items = items;
        files->capacity = capacity;
    }
    char *copy = strdup(path);
    if (!copy) return hra_out_of_memory(error);
    files->items[files->count++] = (hra_forget_file){copy, kind};
    return HRA_OK;
}

static hra_code add_named(hra_forget_files *files, const char *path, hra_error *error)
{
    hra_forget_kind kind;
    HRA_TRY(kind_of(path, &kind, error));
    if (kind == HRA_FORGET_OTHER)
        return hra_fail(error, HRA_EINPUT,
                        "%s is not a store, a result, a key map, a persons.jsonl or a text with a column of people "
                        "(person_id, person): nobody can be deleted from it. Make it again, or delete it",
                        path);
    return add(files, path, kind, error);
}

/* Lock files hold a process number and come and go. */
static bool is_lock(const char *path)
{
    size_t length = strlen(path);
    return length > 5 && strcmp(path + length - 5, ".lock") == 0;
}

static int by_name(const FTSENT **a, const FTSENT **b) { return strcmp((*a)->fts_name, (*b)->fts_name); }

/* What killed runs left in a folder is removed: it may hold anybody. */
static hra_code add_entry(hra_forget_files *files, const FTSENT *entry, hra_error *error)
{
    hra_forget_kind kind = HRA_FORGET_OTHER;
    switch (entry->fts_info) {
    case FTS_D: hra_atomic_tidy(entry->fts_path); return HRA_OK;
    case FTS_DNR:
    case FTS_ERR:
    case FTS_NS: return hra_fail(error, HRA_EIO, "%s: cannot read it: %s", entry->fts_path, strerror(entry->fts_errno));
    case FTS_F:
        if (is_lock(entry->fts_path)) return HRA_OK;
        HRA_TRY(kind_of(entry->fts_path, &kind, error));
        return add(files, entry->fts_path, kind, error);
    case FTS_SL:
    case FTS_SLNONE: return add(files, entry->fts_path, kind, error);
    default: return HRA_OK; /* the end of a folder; pipes and devices hold nobody */
    }
}

static hra_code walk(hra_forget_files *files, char *folder, hra_error *error)
{
    char *roots[] = {folder, NULL};
    FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
    if (!tree) return hra_fail(error, HRA_EIO, "%s: cannot read the folder: %s", folder, strerror(errno));
    hra_code code = HRA_OK;
    for (FTSENT *entry; !code && (entry = fts_read(tree));) code = add_entry(files, entry, error);
    fts_close(tree);
    return code;
}

static bool is_locked(const hra_forget_files *files, const char *folder)
{
    for (int i = 0; i < files->lock_count; i++)
        if (strcmp(files->folders[i], folder) == 0) return true;
    return false;
}

/* The lock that a run takes of its folder, once. Takes over `folder`. */
static hra_code take_lock(hra_forget_files *files, char *folder, hra_error *error)
{
    hra_buffer path = {0};
    hra_lock *lock = NULL;
    hra_lock **locks = realloc(files->locks, (size_t)(files->lock_count + 1) * sizeof(hra_lock *));
    if (locks) files->locks = locks;
    char **folders = realloc(files->folders, (size_t)(files->lock_count + 1) * sizeof(char *));
    if (folders) files->folders = folders;
    hra_buffer_printf(&path, "%s/run", folder);
    hra_code code = HRA_OK;
    if (!locks || !folders || path.failed) code = hra_out_of_memory(error);
    if (!code) code = hra_lock_take(path.bytes, &lock, error);
    hra_buffer_destroy(&path);
    if (code) {
        free(folder);
        return code;
    }
    files->locks[files->lock_count] = lock;
    files->folders[files->lock_count++] = folder;
    return HRA_OK;
}

static hra_code lock_folder(hra_forget_files *files, const char *path, hra_error *error)
{
    char *folder = realpath(path, NULL);
    if (!folder) return hra_fail(error, HRA_EIO, "%s: cannot read it: %s", path, strerror(errno));
    if (!is_locked(files, folder)) return take_lock(files, folder, error);
    free(folder);
    return HRA_OK;
}

static hra_code add_folder(hra_forget_files *files, const char *path, hra_error *error)
{
    char *folder = strdup(path);
    if (!folder) return hra_out_of_memory(error);
    for (size_t i = strlen(folder); i > 1 && folder[i - 1] == '/'; i--) folder[i - 1] = '\0';
    hra_code code = lock_folder(files, folder, error);
    if (!code) code = walk(files, folder, error);
    free(folder);
    return code;
}

static hra_code add_file(hra_forget_files *files, const char *path, hra_error *error)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
    if (!folder) return hra_out_of_memory(error);
    hra_code code = lock_folder(files, folder, error);
    free(folder);
    return code ? code : add_named(files, path, error);
}

hra_code hra_forget_files_open(const char *const *paths, int count, hra_forget_files *out, hra_error *error)
{
    *out = (hra_forget_files){0};
    for (int i = 0; i < count; i++) {
        struct stat facts;
        if (stat(paths[i], &facts) != 0)
            return hra_fail(error, HRA_EIO, "%s: cannot read it: %s", paths[i], strerror(errno));
        if (S_ISDIR(facts.st_mode))
            HRA_TRY(add_folder(out, paths[i], error));
        else
            HRA_TRY(add_file(out, paths[i], error));
    }
    return HRA_OK;
}

void hra_forget_files_close(hra_forget_files *files)
{
    for (int i = 0; i < files->count; i++) free(files->items[i].path);
    for (int i = 0; i < files->lock_count; i++) {
        hra_lock_release(files->locks[i]);
        free(files->folders[i]);
    }
    free(files->folders);
    free(files->items);
    free(files->locks);
    *files = (hra_forget_files){0};
}
