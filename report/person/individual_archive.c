#include "report/person/individual_archive.h"

#include <errno.h>
#include <fcntl.h>
#include <libdeflate.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/safe_name.h"
#include "report/person/individual_kept.h"
#include "report/person/zip_records.h"

enum { LEVEL = 1 }; /* of compression: the higher ones take longer than the rest of a report, for 7 % of size */

/* One group's archive while it grows. */
typedef struct archive {
    const char *path, *part, *list;
    uint64_t offset, list_bytes, count;
} archive;

struct hra_individual_archives {
    const char *folder;
    hra_zip_day day;
    hra_arena *arena;
    hra_map *groups;
    archive *archives;
    int count, capacity;
    int open; /* which archive the two descriptors are of, -1: none */
    int part_fd, list_fd;
    hra_buffer record;
    hra_kept_reports *kept;
    struct libdeflate_compressor **compressors;
    int threads;
    bool finished;
};

static hra_code out_of_memory(hra_error *error) { return hra_fail(error, HRA_ENOMEM, "out of memory for archives"); }

hra_code hra_individual_archives_new(const char *folder, double day, int threads, hra_individual_archives **out,
                                     hra_error *error)
{
    hra_individual_archives *a = calloc(1, sizeof *a);
    if (!a) return out_of_memory(error);
    *a = (hra_individual_archives){
        .day = hra_zip_day_of(day), .open = -1, .part_fd = -1, .list_fd = -1, .threads = threads};
    a->arena = hra_arena_new();
    a->groups = hra_map_new();
    a->compressors = calloc((size_t)threads, sizeof *a->compressors);
    a->folder = a->arena ? hra_arena_text(a->arena, folder) : NULL;
    bool ok = a->folder && a->groups && a->compressors;
    for (int t = 0; ok && t < threads; t++) ok = (a->compressors[t] = libdeflate_alloc_compressor(LEVEL)) != NULL;
    hra_code code = ok ? hra_kept_reports_open(folder, &a->kept, error) : out_of_memory(error);
    if (code == HRA_OK)
        *out = a;
    else
        hra_individual_archives_free(a);
    return code;
}

hra_code hra_individual_archives_kept(const hra_individual_archives *a, const char *key, hra_archive_entry *entry,
                                      bool *kept, hra_buffer *out, hra_error *error)
{
    return hra_kept_reports_take(a->kept, key, entry, kept, out, error);
}

hra_code hra_individual_archives_pack(hra_individual_archives *a, int thread, const hra_buffer *page,
                                      hra_archive_entry *entry, hra_buffer *out, hra_error *error)
{
    struct libdeflate_compressor *c = a->compressors[thread];
    size_t bound = libdeflate_deflate_compress_bound(c, page->length);
    char *to = hra_buffer_reserve(out, bound);
    if (!to) return out_of_memory(error);
    size_t packed = libdeflate_deflate_compress(c, page->bytes, page->length, to, bound);
    if (packed == 0) return hra_fail(error, HRA_EINTERNAL, "a report could not be compressed");
    out->length += packed;
    entry->packed = packed;
    entry->length = page->length;
    entry->crc = libdeflate_crc32(0, page->bytes, page->length);
    return HRA_OK;
}

/* ---- writing ---- */

static hra_code write_all(int fd, const char *path, const void *bytes, size_t length, hra_error *error)
{
    for (const char *at = bytes; length > 0;) {
        ssize_t n = write(fd, at, length);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return hra_fail(error, HRA_EIO, "cannot write %s: %m", path);
        at += n;
        length -= (size_t)n;
    }
    return HRA_OK;
}

static hra_code close_open(hra_individual_archives *a, hra_error *error)
{
    bool ok = true;
    if (a->part_fd >= 0) ok = close(a->part_fd) == 0;
    if (a->list_fd >= 0) ok = close(a->list_fd) == 0 && ok;
    a->part_fd = a->list_fd = a->open = -1;
    return ok ? HRA_OK : hra_fail(error, HRA_EIO, "cannot write an archive in %s: %m", a->folder);
}

/* Groups may come mixed: one archive is open at a time, so that thousands of groups need no thousands of files. */
static hra_code turn_to(hra_individual_archives *a, int index, hra_error *error)
{
    const archive *x = &a->archives[index];
    if (a->open == index) return HRA_OK;
    HRA_TRY(close_open(a, error));
    int flags = O_WRONLY | O_CREAT | O_CLOEXEC | (x->count ? O_APPEND : O_TRUNC);
    a->open = index;
    a->part_fd = open(x->part, flags, 0600);
    a->list_fd = open(x->list, flags, 0600);
    if (a->part_fd >= 0 && a->list_fd >= 0) return HRA_OK;
    return hra_fail(error, HRA_EIO, "cannot make %s: %m", x->part);
}

static hra_code find_archive(hra_individual_archives *a, const char *group, int *index, hra_error *error)
{
    int64_t known = hra_map_get(a->groups, group);
    char name[HRA_SAFE_NAME];
    if (known >= 0) {
        *index = (int)known;
        return HRA_OK;
    }
    if (a->count == a->capacity) {
        int capacity = a->capacity ? a->capacity * 2 : 16;
        archive *grown = realloc(a->archives, (size_t)capacity * sizeof *grown);
        if (!grown) return out_of_memory(error);
        a->archives = grown;
        a->capacity = capacity;
    }
    archive *x = &a->archives[a->count];
    *x = (archive){.path = hra_arena_printf(a->arena, "%s/%s.zip", a->folder, hra_safe_name(group, name))};
    if (x->path) x->part = hra_arena_printf(a->arena, "%s.part", x->path);
    if (x->part) x->list = hra_arena_printf(a->arena, "%s.list", x->part);
    if (!x->list || hra_map_set(a->groups, group, a->count) != 0) return out_of_memory(error);
    *index = a->count++;
    return HRA_OK;
}

hra_code hra_individual_archives_add(hra_individual_archives *a, const char *group, const char *key,
                                     const hra_archive_entry *entry, const char *bytes, hra_error *error)
{
    int index = -1;
    HRA_TRY(find_archive(a, group, &index, error));
    HRA_TRY(turn_to(a, index, error));
    archive *x = &a->archives[index];
    hra_buffer *r = &a->record;
    hra_buffer_clear(r);
    hra_zip_local(r, a->day, key, entry);
    if (r->failed) return out_of_memory(error);
    HRA_TRY(write_all(a->part_fd, x->part, r->bytes, r->length, error));
    HRA_TRY(write_all(a->part_fd, x->part, bytes, entry->packed, error));
    uint64_t begin = x->offset;
    x->offset += r->length + entry->packed;
    hra_buffer_clear(r);
    hra_zip_central(r, a->day, key, entry, begin);
    if (r->failed) return out_of_memory(error);
    HRA_TRY(write_all(a->list_fd, x->list, r->bytes, r->length, error));
    x->list_bytes += r->length;
    x->count++;
    return HRA_OK;
}

/* ---- the end ---- */

static hra_code append_list(hra_individual_archives *a, const archive *x, hra_error *error)
{
    char block[1 << 16];
    int from = open(x->list, O_RDONLY | O_CLOEXEC);
    hra_code code = from < 0 ? hra_fail(error, HRA_EIO, "cannot read %s: %m", x->list) : HRA_OK;
    ssize_t n = 1;
    while (code == HRA_OK && (n = read(from, block, sizeof block)) > 0)
        code = write_all(a->part_fd, x->part, block, (size_t)n, error);
    if (code == HRA_OK && n < 0) code = hra_fail(error, HRA_EIO, "cannot read %s: %m", x->list);
    if (from >= 0) close(from);
    return code;
}

static hra_code finish_one(hra_individual_archives *a, int index, hra_error *error)
{
    const archive *x = &a->archives[index];
    HRA_TRY(turn_to(a, index, error));
    HRA_TRY(append_list(a, x, error));
    hra_buffer_clear(&a->record);
    hra_zip_end(&a->record, x->count, x->offset, x->list_bytes);
    if (a->record.failed) return out_of_memory(error);
    HRA_TRY(write_all(a->part_fd, x->part, a->record.bytes, a->record.length, error));
    if (fsync(a->part_fd) != 0) return hra_fail(error, HRA_EIO, "cannot write %s: %m", x->part);
    return close_open(a, error);
}

hra_code hra_individual_archives_finish(hra_individual_archives *a, int *count, hra_error *error)
{
    for (int i = 0; i < a->count; i++) HRA_TRY(finish_one(a, i, error));
    for (int i = 0; i < a->count; i++) {
        const archive *x = &a->archives[i];
        if (rename(x->part, x->path) != 0) return hra_fail(error, HRA_EIO, "cannot make %s: %m", x->path);
        unlink(x->list);
    }
    a->finished = true;
    *count = a->count;
    return HRA_OK;
}

void hra_individual_archives_free(hra_individual_archives *a)
{
    if (!a) return;
    close_open(a, NULL);
    for (int i = 0; i < a->count && !a->finished; i++) {
        unlink(a->archives[i].part);
        unlink(a->archives[i].list);
    }
    for (int t = 0; a->compressors && t < a->threads; t++) libdeflate_free_compressor(a->compressors[t]);
    free(a->compressors);
    free(a->archives);
    hra_kept_reports_close(a->kept);
    hra_buffer_destroy(&a->record);
    hra_map_free(a->groups);
    hra_arena_free(a->arena);
    free(a);
}
