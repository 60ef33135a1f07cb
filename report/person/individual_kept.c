#include "report/person/individual_kept.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "io/results/result_reader.h"
#include "report/person/zip_records.h"
#include "service/tables/key_index.h"
#include "service/tables/scratch.h"

typedef struct old_archive {
    const char *path;
    hra_zip_list list;
    uint64_t size;
} old_archive;

/* One report, by the number that the key index gives. */
typedef struct place {
    hra_archive_entry entry;
    uint64_t stored;
    int32_t archive;
} place;

struct hra_kept_reports {
    hra_arena *arena;
    old_archive *archives;
    int count, capacity;
    hra_key_index *index; /* NULL: there is nothing */
    hra_scratch places;
    int64_t place_count;
};

static hra_code out_of_memory(hra_error *error) { return hra_fail(error, HRA_ENOMEM, "out of memory for archives"); }

/* ---- which archives there are ---- */

static bool read_list(const char *path, old_archive *archive)
{
    unsigned char tail[HRA_ZIP_END];
    struct stat about;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool ok = fd >= 0 && fstat(fd, &about) == 0 && S_ISREG(about.st_mode);
    if (ok) {
        archive->size = (uint64_t)about.st_size;
        size_t length = archive->size < sizeof tail ? (size_t)archive->size : sizeof tail;
        ok = pread(fd, tail, length, (off_t)(archive->size - length)) == (ssize_t)length &&
             hra_zip_read_end(tail, length, &archive->list);
    }
    if (fd >= 0) close(fd);
    const hra_zip_list *l = &archive->list;
    return ok && l->offset <= archive->size && l->bytes <= archive->size - l->offset && l->count <= l->bytes / 46;
}

static hra_code add_archive(hra_kept_reports *k, const char *folder, const char *name, hra_error *error)
{
    size_t length = strlen(name);
    if (length < 5 || strcmp(name + length - 4, ".zip") != 0) return HRA_OK;
    old_archive found = {.path = hra_arena_printf(k->arena, "%s/%s", folder, name)};
    if (!found.path) return out_of_memory(error);
    if (!read_list(found.path, &found)) return HRA_OK;
    if (k->count == k->capacity) {
        int capacity = k->capacity ? k->capacity * 2 : 16;
        old_archive *grown = realloc(k->archives, (size_t)capacity * sizeof *grown);
        if (!grown) return out_of_memory(error);
        k->archives = grown;
        k->capacity = capacity;
    }
    k->archives[k->count++] = found;
    return HRA_OK;
}

static hra_code find_archives(hra_kept_reports *k, const char *folder, hra_error *error)
{
    DIR *directory = opendir(folder);
    if (!directory) return hra_fail(error, HRA_EIO, "cannot read the folder %s: %m", folder);
    hra_code code = HRA_OK;
    for (struct dirent *e; code == HRA_OK && (e = readdir(directory)) != NULL;)
        code = add_archive(k, folder, e->d_name, error);
    closedir(directory);
    return code;
}

/* ---- what they hold ---- */

static hra_code add_places(hra_kept_reports *k, int archive, const unsigned char *list, hra_error *error)
{
    const old_archive *a = &k->archives[archive];
    uint64_t at = 0;
    for (uint64_t i = 0; i < a->list.count; i++) {
        char key[64];
        uint64_t hashed[2];
        place p = {.archive = archive};
        size_t length = hra_zip_read_central(list + at, a->list.bytes - at, key, &p.entry, &p.stored);
        if (length == 0) return HRA_OK; /* another's archive: the rest is of no use either */
        at += length;
        bool inside = p.stored <= a->list.offset && p.entry.packed <= a->list.offset - p.stored;
        if (!inside || !hra_person_key_read(key, hashed)) continue;
        ((place *)k->places.memory)[k->place_count] = p;
        HRA_TRY(hra_key_index_add(k->index, hashed, k->place_count++, error));
    }
    return HRA_OK;
}

static hra_code read_archive(hra_kept_reports *k, int archive, hra_error *error)
{
    const old_archive *a = &k->archives[archive];
    if (a->list.bytes == 0) return HRA_OK;
    unsigned char *list = malloc(a->list.bytes);
    int fd = open(a->path, O_RDONLY | O_CLOEXEC);
    hra_code code = list ? HRA_OK : out_of_memory(error);
    if (!code && fd >= 0 && pread(fd, list, a->list.bytes, (off_t)a->list.offset) == (ssize_t)a->list.bytes)
        code = add_places(k, archive, list, error);
    if (fd >= 0) close(fd);
    free(list);
    return code;
}

static hra_code read_archives(hra_kept_reports *k, const char *folder, hra_error *error)
{
    char beside[4096];
    uint64_t count = 0;
    for (int i = 0; i < k->count; i++) count += k->archives[i].list.count;
    if (count == 0) return HRA_OK;
    if ((size_t)snprintf(beside, sizeof beside, "%s/kept", folder) >= sizeof beside)
        return hra_fail(error, HRA_EUSAGE, "the name of the folder is too long");
    HRA_TRY(hra_scratch_open(beside, count * sizeof(place), &k->places, error));
    HRA_TRY(hra_key_index_new(beside, (int64_t)count, &k->index, error));
    for (int i = 0; i < k->count; i++) HRA_TRY(read_archive(k, i, error));
    return hra_key_index_finish(k->index, error);
}

hra_code hra_kept_reports_open(const char *folder, hra_kept_reports **out, hra_error *error)
{
    hra_kept_reports *k = calloc(1, sizeof *k);
    hra_code code = k && (k->arena = hra_arena_new()) ? HRA_OK : out_of_memory(error);
    if (!code) code = find_archives(k, folder, error);
    if (!code) code = read_archives(k, folder, error);
    if (code == HRA_OK)
        *out = k;
    else
        hra_kept_reports_close(k);
    return code;
}

void hra_kept_reports_close(hra_kept_reports *k)
{
    if (!k) return;
    hra_key_index_free(k->index);
    hra_scratch_close(&k->places);
    free(k->archives);
    hra_arena_free(k->arena);
    free(k);
}

/* ---- taking one ---- */

static bool copy(const hra_kept_reports *k, const place *p, hra_buffer *out)
{
    char *to = hra_buffer_reserve(out, p->entry.packed);
    int fd = to ? open(k->archives[p->archive].path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0) return false;
    bool ok = pread(fd, to, p->entry.packed, (off_t)p->stored) == (ssize_t)p->entry.packed;
    close(fd);
    if (ok) out->length += p->entry.packed;
    return ok;
}

hra_code hra_kept_reports_take(const hra_kept_reports *k, const char *key, hra_archive_entry *entry, bool *found,
                               hra_buffer *out, hra_error *error)
{
    uint64_t hashed[2];
    int64_t number;
    *found = false;
    if (!k->index || !hra_person_key_read(key, hashed) || !hra_key_index_find(k->index, hashed, &number)) return HRA_OK;
    const place *p = &((const place *)k->places.memory)[number];
    if (memcmp(&p->entry.fingerprint, &entry->fingerprint, sizeof entry->fingerprint) != 0) return HRA_OK;
    *found = copy(k, p, out);
    if (*found) *entry = p->entry;
    return out->failed ? out_of_memory(error) : HRA_OK;
}
