#include "io/hdf5/store_summary.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/files/blake3.h"
#include "io/files/parcel.h"
#include "io/hdf5/store_summary_format.h"

enum { AT_ONCE = 1 << 16 }; /* so little that memory which was in use before serves again */

/* ---- hash ---- */

static bool hash_range(hra_blake3 *hash, int file, uint64_t offset, uint64_t length, void *block)
{
    for (uint64_t done = 0; done < length;) {
        uint64_t left = length - done, size = left < AT_ONCE ? left : AT_ONCE;
        if (!hra_read_at(file, offset + done, block, (size_t)size)) return false;
        hra_blake3_add(hash, block, (size_t)size);
        done += size;
    }
    return true;
}

/* The ranges that stand before everything else, in rising order within the first `end` bytes. */
static bool hash_ranges(hra_blake3 *hash, int file, hra_parcel *in, uint64_t end, void *block)
{
    int64_t count = hra_parcel_count(in, 16);
    uint64_t at = 0;
    for (int64_t i = 0; i < count && !in->failed; i++) {
        uint64_t offset = (uint64_t)hra_parcel_number(in), length = (uint64_t)hra_parcel_number(in);
        in->failed |= offset < at || offset > end || length > end - offset;
        if (in->failed || !hash_range(hash, file, offset, length, block)) return false;
        at = offset + length;
    }
    return !in->failed;
}

int hra_summary_by_offset(const void *a, const void *b)
{
    const hra_summary_range *x = a, *y = b;
    return (x->offset > y->offset) - (x->offset < y->offset);
}

bool hra_summary_hash(int file, uint64_t start, uint64_t length, char out[HRA_SUMMARY_HASH + 1])
{
    hra_blake3 *hash = hra_blake3_new(hra_vector_level_choose());
    unsigned char *block = malloc(AT_ONCE);
    hra_parcel in;
    hra_parcel_open(&in, file, start, length);
    bool fine = hash && block && hash_ranges(hash, file, &in, start, block);
    if (fine) fine = hash_range(hash, file, start, length, block);
    if (fine) hra_blake3_finish(hash, out);
    hra_parcel_close(&in);
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

/* NULL: out of memory. */
static const char *keep_text(hra_parcel *in, hra_arena *arena)
{
    size_t length;
    const char *text = hra_parcel_text(in, &length);
    return hra_arena_text_n(arena, text, length);
}

/* False: out of memory. */
static bool read_attribute(hra_parcel *in, hra_arena *arena, hra_summary_attribute *a)
{
    int64_t kind = hra_parcel_number(in), *ints;
    a->count = 1;
    switch (kind) {
    case HRA_SUMMARY_TEXT: a->text = keep_text(in, arena); return a->text != NULL;
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
    for (;;) {
        const char *name = keep_text(in, arena);
        if (!name) return false;
        if (!*name) break;
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

static void pass_content(hra_parcel *in, hra_summary_object *object)
{
    int64_t kind = hra_parcel_number(in);
    uint64_t start = hra_parcel_place(in);
    if (kind == HRA_SUMMARY_TEXTS) {
        int64_t count = hra_parcel_count(in, 9);
        for (int64_t i = 0; i < count && !in->failed; i++) hra_parcel_text(in, NULL);
        object->texts = (hra_summary_range){start, hra_parcel_place(in) - start};
    } else if (kind == HRA_SUMMARY_ROWS) {
        int64_t length = hra_parcel_count(in, 1);
        object->rows = (hra_summary_range){hra_parcel_place(in), (uint64_t)length};
        hra_parcel_skip(in, (uint64_t)length);
    }
}

static bool read_folder(hra_parcel *in, hra_arena *arena, summary_folder *out)
{
    out->path = keep_text(in, arena);
    int64_t count = hra_parcel_count(in, 8);
    hra_summary_object *objects = hra_arena_alloc(arena, (size_t)count * sizeof *objects + 1);
    if (!out->path || !objects) return false;
    for (int64_t i = 0; i < count && !in->failed; i++) {
        objects[i] = (hra_summary_object){.folder = out->path, .name = keep_text(in, arena)};
        if (!objects[i].name || !read_attributes(in, arena, &objects[i])) return false;
        pass_content(in, &objects[i]);
    }
    out->objects = objects;
    out->count = (int)count;
    return true;
}

static hra_code parse(hra_parcel *in, hra_arena *arena, const hra_summary **out, hra_error *error)
{
    hra_summary *summary = hra_arena_alloc(arena, sizeof *summary);
    if (!summary) return hra_out_of_memory(error);
    *summary = (hra_summary){0};
    int64_t ranges = hra_parcel_count(in, 16);
    hra_parcel_skip(in, (uint64_t)ranges * 16);
    while (hra_parcel_left(in) > 0 && summary->folder_count < MAX_FOLDERS)
        if (!read_folder(in, arena, &summary->folders[summary->folder_count++])) return hra_out_of_memory(error);
    if (!in->failed && hra_parcel_left(in) == 0 && summary->folder_count > 0) *out = summary;
    return HRA_OK;
}

static hra_code damaged(const char *path, hra_error *error)
{
    return hra_fail(error, HRA_EINPUT,
                    "%s is damaged: the hash at its end does not fit (make the file again, or take it from a copy)",
                    path);
}

/* What the end of a file says of the summary before it. */
typedef struct trailer {
    uint64_t start, length;
    char hash[HRA_SUMMARY_HASH];
} trailer;

/* False: there is none. */
static bool read_trailer(int file, uint64_t file_size, trailer *out)
{
    uint8_t bytes[HRA_SUMMARY_TRAILER];
    if (file_size <= HRA_SUMMARY_TRAILER ||
        !hra_read_at(file, file_size - HRA_SUMMARY_TRAILER, bytes, HRA_SUMMARY_TRAILER) ||
        memcmp(bytes, HRA_SUMMARY_MAGIC, HRA_SUMMARY_SIGNATURE) != 0)
        return false;
    hra_parcel end = {.at = bytes + HRA_SUMMARY_SIGNATURE, .end = bytes + HRA_SUMMARY_TRAILER};
    out->length = (uint64_t)hra_parcel_number(&end);
    out->start = (uint64_t)hra_parcel_number(&end);
    memcpy(out->hash, end.at, HRA_SUMMARY_HASH);
    return true;
}

static bool fits_file(const trailer *t, uint64_t file_size)
{
    return t->length <= file_size - HRA_SUMMARY_TRAILER && t->start == file_size - HRA_SUMMARY_TRAILER - t->length;
}

hra_code hra_summary_read(int file, uint64_t file_size, const char *path, hra_arena *arena, const hra_summary **out,
                          hra_error *error)
{
    char hash[HRA_SUMMARY_HASH + 1];
    trailer end;
    hra_parcel in;
    *out = NULL;
    if (!read_trailer(file, file_size, &end)) return HRA_OK;
    if (!fits_file(&end, file_size) || !hra_summary_hash(file, end.start, end.length, hash) ||
        memcmp(hash, end.hash, HRA_SUMMARY_HASH) != 0)
        return damaged(path, error);
    hra_parcel_open(&in, file, end.start, end.length);
    hra_code code = parse(&in, arena, out, error);
    hra_parcel_close(&in);
    return code;
}

hra_code hra_summary_of(const char *path, hra_arena *arena, const hra_summary **out, hra_error *error)
{
    struct stat facts;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    *out = NULL;
    if (file < 0) return HRA_OK;
    bool known = fstat(file, &facts) == 0;
    hra_code code = known ? hra_summary_read(file, (uint64_t)facts.st_size, path, arena, out, error) : HRA_OK;
    close(file);
    return code;
}

hra_code hra_summary_open(const char *path, hra_summary_file *out, hra_error *error)
{
    struct stat facts;
    *out = (hra_summary_file){.file = open(path, O_RDONLY | O_CLOEXEC), .arena = hra_arena_new()};
    hra_code code = out->arena ? HRA_OK : hra_out_of_memory(error);
    bool known = code == HRA_OK && out->file >= 0 && fstat(out->file, &facts) == 0;
    if (known) out->size = (uint64_t)facts.st_size;
    if (known) code = hra_summary_read(out->file, out->size, path, out->arena, &out->summary, error);
    if (!out->summary) hra_summary_close(out);
    return code;
}

void hra_summary_close(hra_summary_file *file)
{
    if (file->arena && file->file >= 0) close(file->file);
    hra_arena_free(file->arena);
    *file = (hra_summary_file){0};
}

hra_code hra_summary_check(const char *path, bool *sealed, hra_error *error)
{
    const hra_summary *unused;
    hra_arena *arena = hra_arena_new();
    hra_code code = arena ? hra_summary_of(path, arena, &unused, error) : hra_out_of_memory(error);
    hra_arena_free(arena);
    *sealed = code == HRA_OK && hra_summary_is_there(path);
    return code;
}

bool hra_summary_is_there(const char *path)
{
    trailer unused;
    struct stat facts;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    bool there = file >= 0 && fstat(file, &facts) == 0 && read_trailer(file, (uint64_t)facts.st_size, &unused);
    if (file >= 0) close(file);
    return there;
}

hra_code hra_summary_cut(int file, const char *path, hra_error *error)
{
    struct stat facts;
    trailer end;
    errno = 0;
    bool known = fstat(file, &facts) == 0;
    if (known && (!read_trailer(file, (uint64_t)facts.st_size, &end) || !fits_file(&end, (uint64_t)facts.st_size)))
        return HRA_OK;
    if (known && ftruncate(file, (off_t)end.start) == 0) return HRA_OK;
    return hra_fail(error, HRA_EIO, "%s cannot be written: %s", path, strerror(errno));
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
    if (!list) return hra_out_of_memory(error);
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

/* All characters in one piece of memory: of groups there are many. */
static hra_code keep_texts(hra_parcel *in, hra_arena *arena, const char ***texts, int *count, hra_error *error)
{
    int64_t all = hra_parcel_count(in, 9);
    if (in->failed || all > INT_MAX) return HRA_EINPUT;
    const char **list = hra_arena_alloc(arena, (size_t)all * sizeof *list + 1);
    char *at = hra_arena_alloc(arena, (size_t)hra_parcel_left(in) - (size_t)all * 8 + 1);
    if (!list || !at) return hra_out_of_memory(error);
    for (int64_t i = 0; i < all; i++) {
        size_t length;
        const char *text = hra_parcel_text(in, &length);
        if (in->failed) return HRA_EINPUT;
        list[i] = memcpy(at, text, length + 1);
        at += length + 1;
    }
    *texts = list;
    *count = (int)all;
    return HRA_OK;
}

hra_code hra_summary_texts(const hra_summary_object *object, int file, hra_arena *arena, const char *const **texts,
                           int *count, hra_error *error)
{
    hra_parcel in;
    const char **list = NULL;
    hra_parcel_open(&in, file, object->texts.offset, object->texts.length);
    hra_code code = keep_texts(&in, arena, &list, count, error);
    if (code == HRA_EINPUT) hra_fail(error, code, "the texts of %s/%s cannot be read", object->folder, object->name);
    hra_parcel_close(&in);
    *texts = list;
    return code;
}
