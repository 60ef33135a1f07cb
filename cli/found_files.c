#include "cli/found_files.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "cli/run.h"

enum { MOST_FOLDERS = 64 }; /* in one another */

typedef struct place { /* a folder as the system knows it */
    dev_t device;
    ino_t inode;
} place;

typedef struct link_to { /* a folder that is met through a link */
    const char *path;
    int depth;
} link_to;

typedef struct search {
    hra_arena *arena;
    hra_found_files *out;
    place *seen;
    link_to *links; /* looked into when everything else was */
    int seen_count, seen_capacity, link_count, link_capacity;
    hra_error *error;
} search;

/* Room for one more item; the list stays where that fails. */
static bool has_room(void **items, int count, int *capacity, size_t size)
{
    if (count < *capacity) return true;
    int more = *capacity ? 2 * *capacity : 64;
    void *grown = realloc(*items, (size_t)more * size);
    if (!grown) return false;
    *items = grown;
    *capacity = more;
    return true;
}

static hra_code add(search *s, const char *path, const char *trouble)
{
    hra_found_files *out = s->out;
    void *items = out->items;
    bool room = has_room(&items, out->count, &out->capacity, sizeof *out->items);
    out->items = items;
    if (!room || !path) return hra_out_of_memory(s->error);
    out->items[out->count++] = (hra_found_file){path, trouble};
    return HRA_OK;
}

static hra_code add_trouble(search *s, const char *path, const char *what, int cause)
{
    const char *trouble = hra_arena_printf(s->arena, "the folder cannot be %s: %s", what, strerror(cause));
    return trouble ? add(s, path, trouble) : hra_out_of_memory(s->error);
}

static bool is_seen(const search *s, const struct stat *facts)
{
    for (int i = 0; i < s->seen_count; i++)
        if (s->seen[i].device == facts->st_dev && s->seen[i].inode == facts->st_ino) return true;
    return false;
}

static hra_code remember(search *s, const struct stat *facts)
{
    void *seen = s->seen;
    bool room = has_room(&seen, s->seen_count, &s->seen_capacity, sizeof *s->seen);
    s->seen = seen;
    if (!room) return hra_out_of_memory(s->error);
    s->seen[s->seen_count++] = (place){facts->st_dev, facts->st_ino};
    return HRA_OK;
}

static hra_code wait_with(search *s, const char *path, int depth)
{
    void *links = s->links;
    bool room = has_room(&links, s->link_count, &s->link_capacity, sizeof *s->links);
    s->links = links;
    if (!room) return hra_out_of_memory(s->error);
    s->links[s->link_count++] = (link_to){path, depth};
    return HRA_OK;
}

static bool has_file(search *s, const char *folder, const char *name)
{
    struct stat facts;
    const char *file = hra_arena_printf(s->arena, "%s/%s", folder, name);
    return file && stat(file, &facts) == 0;
}

/* Its lists have identifiers and headers like any delivery's. */
static hra_code refuse_results(search *s, const char *folder)
{
    if (!has_file(s, folder, "run.json") || !has_file(s, folder, "results.h5")) return HRA_OK;
    return hra_fail(s->error, HRA_EINPUT,
                    "%s holds the results of a run, which are no deliveries: move it to another place", folder);
}

/* What accompanies a delivery and holds nobody: hidden files, checksums, signatures, marks that an upload is complete.
 */
static bool is_companion(const char *name)
{
    static const char *const endings[] = {".md5", ".sha1", ".sha256", ".sha512", ".asc", ".sig", ".ok", ".done"};
    return name[0] == '.' || hra_run_has_ending(name, endings, sizeof endings / sizeof endings[0]);
}

static hra_code look_into(search *s, const char *path, int depth);

static hra_code take(search *s, const char *path, int depth)
{
    struct stat facts, own;
    if (stat(path, &facts) != 0 || !S_ISDIR(facts.st_mode)) return add(s, path, NULL);
    if (lstat(path, &own) == 0 && S_ISLNK(own.st_mode)) return wait_with(s, path, depth);
    return look_into(s, path, depth);
}

static hra_code list_folder(search *s, const char *path, int depth, DIR *folder)
{
    const char *slash = path[strlen(path) - 1] == '/' ? "" : "/";
    hra_code code = HRA_OK;
    struct dirent *entry;
    while (code == HRA_OK && (errno = 0, entry = readdir(folder))) {
        if (is_companion(entry->d_name)) continue;
        const char *file = hra_arena_printf(s->arena, "%s%s%s", path, slash, entry->d_name);
        code = file ? take(s, file, depth) : hra_out_of_memory(s->error);
    }
    if (code == HRA_OK && errno != 0) code = add_trouble(s, path, "listed to its end", errno);
    return code;
}

static hra_code look_into(search *s, const char *path, int depth)
{
    struct stat facts;
    if (stat(path, &facts) != 0) return add_trouble(s, path, "opened", errno);
    if (is_seen(s, &facts))
        return add(s, path, "the folder is read under another name: a link leads to it, or back to a folder above it");
    if (depth > MOST_FOLDERS) return add(s, path, "more than 64 folders in one another: nothing in this one is read");
    HRA_TRY(remember(s, &facts));
    HRA_TRY(refuse_results(s, path));
    DIR *folder = opendir(path);
    if (!folder && depth == 0)
        return hra_fail(s->error, errno == ENOMEM ? HRA_ENOMEM : HRA_EIO, "cannot open the folder %s: %m", path);
    if (!folder) return add_trouble(s, path, "opened", errno);
    hra_code code = list_folder(s, path, depth + 1, folder);
    closedir(folder);
    return code;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const hra_found_file *)a)->path, ((const hra_found_file *)b)->path);
}

static int by_link(const void *a, const void *b)
{
    return strcmp(((const link_to *)a)->path, ((const link_to *)b)->path);
}

/* Those of one round in the order of their names, so that every night reads a folder under the same one. */
static hra_code follow_links(search *s)
{
    for (int first = 0, end; first < s->link_count; first = end) {
        end = s->link_count;
        qsort(s->links + first, (size_t)(end - first), sizeof *s->links, by_link);
        for (int i = first; i < end; i++) {
            link_to link = s->links[i];
            HRA_TRY(look_into(s, link.path, link.depth));
        }
    }
    return HRA_OK;
}

hra_code hra_find_files(const char *folder, hra_arena *arena, hra_found_files *out, hra_error *error)
{
    search s = {.arena = arena, .out = out, .error = error};
    hra_code code = look_into(&s, folder, 0);
    if (code == HRA_OK) code = follow_links(&s);
    if (code == HRA_OK && out->count > 0) qsort(out->items, (size_t)out->count, sizeof *out->items, by_path);
    free(s.seen);
    free(s.links);
    return code;
}
