#include "io/store_summary.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/blake3.h"
#include "io/store_summary_format.h"

enum { AT_ONCE = 1 << 18 };

static hra_code out_of_memory(hra_error *error) { return hra_fail(error, HRA_ENOMEM, "out of memory"); }

/* ---- bytes and hash ---- */

static bool read_at(int file, uint64_t offset, void *out, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t got = pread(file, (char *)out + done, size - done, (off_t)(offset + done));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        done += (size_t)got;
    }
    return true;
}

/* Of the bytes in the ranges and of the summary; false: they cannot be read. */
bool hra_summary_hash(int file, const hra_summary_range *ranges, int64_t count, const void *summary, size_t length,
                      char out[HRA_SUMMARY_HASH + 1])
{
    hra_blake3 *hash = hra_blake3_new(hra_vector_level_choose());
    unsigned char *block = malloc(AT_ONCE);
    bool fine = hash && block;
    for (int64_t i = 0; i < count && fine; i++) {
        for (uint64_t done = 0; done < ranges[i].length && fine;) {
            uint64_t left = ranges[i].length - done, size = left < AT_ONCE ? left : AT_ONCE;
            fine = read_at(file, ranges[i].offset + done, block, (size_t)size);
            if (fine) hra_blake3_add(hash, block, (size_t)size);
            done += size;
        }
    }
    if (fine) {
        hra_blake3_add(hash, summary, length);
        hra_blake3_finish(hash, out);
    }
    free(block);
    hra_blake3_free(hash);
    return fine;
}

/* ---- reading it ---- */

typedef struct summary_folder {
    const char *path;
    const hra_summary_object *objects;
    int count;
} summary_folder;

enum { MAX_FOLDERS = 16 };

struct hra_summary {
    summary_folder folders[MAX_FOLDERS];
    int folder_count;
};

static bool read_attribute(hra_parcel *in, hra_arena *arena, hra_summary_attribute *a)
{
    int64_t kind = hra_parcel_number(in), *ints;
    a->count = 1;
    switch (kind) {
    case HRA_SUMMARY_TEXT: a->text = hra_parcel_text(in); break;
    case HRA_SUMMARY_REAL: a->real = hra_parcel_real(in); break;
    case HRA_SUMMARY_INTS:
        a->count = hra_parcel_count(in, 8);
        a->ints = ints = hra_arena_alloc(arena, (size_t)a->count * sizeof *ints + 1);
        for (int64_t i = 0; i < a->count && ints; i++) ints[i] = hra_parcel_number(in);
        return ints != NULL;
    default: in->failed = true;
    }
    return true;
}

/* False: out of memory. */
static bool read_attributes(hra_parcel *in, hra_arena *arena, hra_summary_object *object)
{
    enum { MOST = 64 };
    hra_summary_attribute list[MOST];
    int count = 0;
    for (const char *name = hra_parcel_text(in); *name; name = hra_parcel_text(in)) {
        if (count == MOST) in->failed = true;
        if (in->failed) return true;
        list[count] = (hra_summary_attribute){.name = name};
        if (!read_attribute(in, arena, &list[count++])) return false;
    }
    hra_summary_attribute *kept = hra_arena_alloc(arena, (size_t)count * sizeof *kept + 1);
    if (!kept) return false;
    memcpy(kept, list, (size_t)count * sizeof *kept);
    object->attributes = kept;
    object->attribute_count = count;
    return true;
}

static bool read_content(hra_parcel *in, hra_arena *arena, hra_summary_object *object)
{
    int64_t kind = hra_parcel_number(in), count;
    if (kind == HRA_SUMMARY_TEXTS) {
        count = hra_parcel_count(in, 9);
        const char **texts = hra_arena_alloc(arena, (size_t)count * sizeof *texts + 1);
        for (int64_t i = 0; i < count && texts; i++) texts[i] = hra_parcel_text(in);
        object->texts = texts;
        object->text_count = (int)count;
        return texts != NULL;
    }
    if (kind == HRA_SUMMARY_ROWS) {
        count = hra_parcel_count(in, 1);
        object->rows = (hra_parcel){.at = in->at, .end = in->at + count};
        in->at += count;
    }
    return true;
}

static bool read_folder(hra_parcel *in, hra_arena *arena, summary_folder *out)
{
    out->path = hra_parcel_text(in);
    int64_t count = hra_parcel_count(in, 8);
    hra_summary_object *objects = hra_arena_alloc(arena, (size_t)count * sizeof *objects + 1);
    if (!objects) return false;
    for (int64_t i = 0; i < count && !in->failed; i++) {
        objects[i] = (hra_summary_object){.folder = out->path, .name = hra_parcel_text(in)};
        if (!read_attributes(in, arena, &objects[i]) || !read_content(in, arena, &objects[i])) return false;
    }
    out->objects = objects;
    out->count = (int)count;
    return true;
}

static hra_code parse(hra_parcel *in, hra_arena *arena, const hra_summary **out, hra_error *error)
{
    hra_summary *summary = hra_arena_alloc(arena, sizeof *summary);
    if (!summary) return out_of_memory(error);
    *summary = (hra_summary){0};
    while (in->at < in->end && !in->failed && summary->folder_count < MAX_FOLDERS)
        if (!read_folder(in, arena, &summary->folders[summary->folder_count++])) return out_of_memory(error);
    if (!in->failed && in->at == in->end) *out = summary;
    return HRA_OK;
}

/* The ranges that stand before everything else, in rising order within the first `end` bytes; NULL: they do not. */
static hra_summary_range *read_ranges(hra_parcel *in, uint64_t end, int64_t *count)
{
    *count = hra_parcel_count(in, 16);
    hra_summary_range *ranges = malloc((size_t)*count * sizeof *ranges + 1);
    uint64_t at = 0;
    for (int64_t i = 0; i < *count && ranges; i++) {
        hra_summary_range r = {(uint64_t)hra_parcel_number(in), (uint64_t)hra_parcel_number(in)};
        in->failed |= r.offset < at || r.offset > end || r.length > end - r.offset;
        ranges[i] = r;
        at = r.offset + r.length;
    }
    if (ranges && !in->failed) return ranges;
    free(ranges);
    return NULL;
}

static bool hash_fits(int file, hra_parcel *in, uint64_t start, const void *bytes, size_t length,
                      const unsigned char *stated)
{
    char hash[HRA_SUMMARY_HASH + 1];
    int64_t count;
    hra_summary_range *ranges = read_ranges(in, start, &count);
    bool fits = ranges && hra_summary_hash(file, ranges, count, bytes, length, hash) &&
                memcmp(hash, stated, HRA_SUMMARY_HASH) == 0;
    free(ranges);
    return fits;
}

hra_code hra_summary_read(int file, uint64_t file_size, hra_arena *arena, const hra_summary **out, hra_error *error)
{
    uint8_t trailer[HRA_SUMMARY_TRAILER];
    *out = NULL;
    if (file_size <= HRA_SUMMARY_TRAILER ||
        !read_at(file, file_size - HRA_SUMMARY_TRAILER, trailer, HRA_SUMMARY_TRAILER))
        return HRA_OK;
    if (memcmp(trailer, HRA_SUMMARY_MAGIC, HRA_SUMMARY_SIGNATURE) != 0) return HRA_OK;
    hra_parcel end = {.at = trailer + HRA_SUMMARY_SIGNATURE, .end = trailer + HRA_SUMMARY_TRAILER};
    uint64_t length = (uint64_t)hra_parcel_number(&end), start = (uint64_t)hra_parcel_number(&end);
    if (length > file_size - HRA_SUMMARY_TRAILER || start != file_size - HRA_SUMMARY_TRAILER - length) return HRA_OK;
    uint8_t *bytes = hra_arena_alloc(arena, (size_t)length + 1);
    if (!bytes) return out_of_memory(error);
    hra_parcel in = {.at = bytes, .end = bytes + length};
    if (!read_at(file, start, bytes, (size_t)length)) return HRA_OK;
    return hash_fits(file, &in, start, bytes, (size_t)length, end.at) ? parse(&in, arena, out, error) : HRA_OK;
}

hra_code hra_summary_of(const char *path, hra_arena *arena, const hra_summary **out, hra_error *error)
{
    struct stat facts;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    *out = NULL;
    if (file < 0) return HRA_OK;
    bool known = fstat(file, &facts) == 0;
    hra_code code = known ? hra_summary_read(file, (uint64_t)facts.st_size, arena, out, error) : HRA_OK;
    close(file);
    return code;
}

bool hra_summary_is_there(const char *path)
{
    char end[HRA_SUMMARY_SIGNATURE];
    struct stat facts;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    bool there = file >= 0 && fstat(file, &facts) == 0 && facts.st_size > HRA_SUMMARY_TRAILER &&
                 read_at(file, (uint64_t)facts.st_size - HRA_SUMMARY_TRAILER, end, HRA_SUMMARY_SIGNATURE) &&
                 memcmp(end, HRA_SUMMARY_MAGIC, HRA_SUMMARY_SIGNATURE) == 0;
    if (file >= 0) close(file);
    return there;
}

/* ---- asking it ---- */

static const summary_folder *find_folder(const hra_summary *summary, const char *path)
{
    for (int i = 0; i < summary->folder_count; i++)
        if (strcmp(summary->folders[i].path, path) == 0) return &summary->folders[i];
    return NULL;
}

bool hra_summary_has(const hra_summary *summary, const char *path) { return find_folder(summary, path) != NULL; }

static int by_name(const void *name, const void *object)
{
    return strcmp(name, ((const hra_summary_object *)object)->name);
}

const hra_summary_object *hra_summary_find(const hra_summary *summary, const char *path, const char *name)
{
    const summary_folder *f = find_folder(summary, path);
    return f && f->count > 0 ? bsearch(name, f->objects, (size_t)f->count, sizeof *f->objects, by_name) : NULL;
}

hra_code hra_summary_members(const hra_summary *summary, const char *path, hra_arena *arena, const char *const **names,
                             int *count, hra_error *error)
{
    const summary_folder *f = find_folder(summary, path);
    *count = f ? f->count : 0;
    const char **list = hra_arena_alloc(arena, (size_t)*count * sizeof *list + 1);
    if (!list) return out_of_memory(error);
    for (int i = 0; i < *count; i++) list[i] = f->objects[i].name;
    *names = list;
    return HRA_OK;
}

const hra_summary_attribute *hra_summary_attribute_of(const hra_summary_object *object, const char *name)
{
    for (int i = 0; i < object->attribute_count; i++)
        if (strcmp(object->attributes[i].name, name) == 0) return &object->attributes[i];
    return NULL;
}
