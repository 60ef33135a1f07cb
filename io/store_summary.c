#include "io/store_summary.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/content_hash.h"
#include "io/packed_dataset.h"

/* The file ends with: signature, length of the summary, where it starts, hash. */
enum { SIGNATURE = 16, HASH = 32, TRAILER = SIGNATURE + 16 + HASH, AT_ONCE = 1 << 18 };
static const char signature[SIGNATURE] = "hra-summary 1\r\n\x1a";

enum { ATTRIBUTE_TEXT = 1, ATTRIBUTE_INTS, ATTRIBUTE_REAL };
enum { CONTENT_NONE, CONTENT_TEXTS, CONTENT_ROWS };

typedef struct range {
    uint64_t offset, length;
} range;

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

static bool write_at(int file, uint64_t offset, const void *bytes, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t put = pwrite(file, (const char *)bytes + done, size - done, (off_t)(offset + done));
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) return false;
        done += (size_t)put;
    }
    return true;
}

/* Of the bytes in the ranges and of the summary; false: they cannot be read. */
static bool hash_of(int file, const range *ranges, int64_t count, const void *summary, size_t length,
                    unsigned char out[HASH])
{
    crypto_generichash_state state;
    unsigned char *block = malloc(AT_ONCE);
    bool fine = block && sodium_init() >= 0 && crypto_generichash_init(&state, NULL, 0, HASH) == 0;
    for (int64_t i = 0; i < count && fine; i++) {
        for (uint64_t done = 0; done < ranges[i].length && fine;) {
            uint64_t left = ranges[i].length - done, size = left < AT_ONCE ? left : AT_ONCE;
            fine = read_at(file, ranges[i].offset + done, block, (size_t)size);
            if (fine) crypto_generichash_update(&state, block, size);
            done += size;
        }
    }
    free(block);
    if (!fine) return false;
    crypto_generichash_update(&state, summary, length);
    crypto_generichash_final(&state, out, HASH);
    return true;
}

/* ---- making one ---- */

typedef struct maker {
    hra_buffer out;
    hra_arena *arena;
    const char *path;
    int file;
    uint64_t size;
    range *chunks;
    int64_t chunk_count, chunk_capacity;
    bool untellable; /* something that a summary has no place for */
    hra_error *error;
} maker;

static bool put_attribute(maker *m, hid_t object, const char *name, H5T_class_t class)
{
    const int64_t *values;
    int count;
    double real;
    if (class == H5T_STRING) {
        const char *text = hra_h5_get_text(object, name, m->arena);
        if (!text) return false;
        hra_parcel_put_number(&m->out, ATTRIBUTE_TEXT);
        hra_parcel_put_text(&m->out, text);
        return true;
    }
    if (class == H5T_INTEGER) {
        if (hra_h5_get_ints(object, name, m->arena, &values, &count) || count == 0) return false;
        hra_parcel_put_number(&m->out, ATTRIBUTE_INTS);
        hra_parcel_put_number(&m->out, count);
        for (int i = 0; i < count; i++) hra_parcel_put_number(&m->out, values[i]);
        return true;
    }
    if (class != H5T_FLOAT || !hra_h5_get_real(object, name, &real)) return false;
    hra_parcel_put_number(&m->out, ATTRIBUTE_REAL);
    hra_parcel_put_real(&m->out, real);
    return true;
}

static herr_t add_attribute(hid_t object, const char *name, const H5A_info_t *info, void *context)
{
    maker *m = context;
    (void)info;
    if (strcmp(name, HRA_CHUNK_SUMS) == 0) return 0;
    hra_h5_id attribute = H5Aopen(object, name, H5P_DEFAULT);
    hra_h5_id type = attribute > 0 ? H5Aget_type(attribute) : -1;
    if (type < 0) return -1;
    hra_parcel_put_text(&m->out, name);
    return put_attribute(m, object, name, H5Tget_class(type)) ? 0 : -1;
}

/* An empty name ends the list. */
static void put_attributes(maker *m, hid_t object)
{
    hsize_t at = 0;
    m->untellable |= H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, &at, add_attribute, m) < 0;
    hra_parcel_put_text(&m->out, "");
}

static hra_code put_texts(maker *m, hid_t folder, const char *name)
{
    const char *const *texts;
    int count;
    HRA_TRY(hra_h5_read_texts(folder, name, m->arena, &texts, &count, m->error));
    hra_parcel_put_number(&m->out, CONTENT_TEXTS);
    hra_parcel_put_number(&m->out, count);
    for (int i = 0; i < count; i++) hra_parcel_put_text(&m->out, texts[i]);
    return HRA_OK;
}

static hra_code note_chunks(maker *m, const hra_packed *rows)
{
    int64_t count = hra_packed_chunk_count(rows), needed = m->chunk_count + count;
    if (needed > m->chunk_capacity) {
        int64_t capacity = 2 * needed;
        range *chunks = realloc(m->chunks, (size_t)capacity * sizeof *chunks);
        if (!chunks) return out_of_memory(m->error);
        m->chunks = chunks;
        m->chunk_capacity = capacity;
    }
    for (int64_t i = 0; i < count; i++) {
        range *chunk = &m->chunks[m->chunk_count++];
        hra_packed_chunk(rows, i, &chunk->offset, &chunk->length);
    }
    return HRA_OK;
}

/* Takes `dataset` over. */
static hra_code put_rows(maker *m, hid_t dataset)
{
    hra_packed *rows;
    hra_buffer record = {0};
    HRA_TRY(hra_packed_open(dataset, m->path, m->file, m->size, m->arena, &rows, m->error));
    m->untellable |= !hra_packed_put_parcel(rows, &record);
    hra_parcel_put_number(&m->out, CONTENT_ROWS);
    hra_parcel_put_number(&m->out, (int64_t)record.length);
    hra_buffer_append(&m->out, record.bytes ? record.bytes : "", record.length);
    m->out.failed |= record.failed;
    hra_buffer_destroy(&record);
    hra_code code = note_chunks(m, rows);
    hra_packed_close(rows);
    return code;
}

static bool is_text_list(hid_t dataset, const char *folder)
{
    hra_h5_id type = H5Dget_type(dataset);
    return strcmp(folder, "/person") != 0 && type > 0 && H5Tget_class(type) == H5T_STRING;
}

static hra_code put_object(maker *m, hid_t folder, const char *path, const char *name)
{
    hid_t object = hra_h5_member(folder, name);
    m->untellable |= object < 0;
    if (object < 0) return HRA_OK;
    hra_parcel_put_text(&m->out, name);
    put_attributes(m, object);
    bool rows = H5Iget_type(object) == H5I_DATASET && !is_text_list(object, path);
    if (rows) return put_rows(m, object);
    bool texts = H5Iget_type(object) == H5I_DATASET;
    H5Oclose(object);
    if (texts) return put_texts(m, folder, name);
    hra_parcel_put_number(&m->out, CONTENT_NONE);
    return HRA_OK;
}

static hra_code put_folder(maker *m, hid_t root, const char *path)
{
    hra_h5_id folder = hra_h5_member(root, path + 1);
    const char *const *names;
    int count;
    if (folder < 0) return HRA_OK;
    HRA_TRY(hra_h5_members(folder, m->arena, &names, &count, m->error));
    hra_parcel_put_text(&m->out, path);
    hra_parcel_put_number(&m->out, count);
    for (int i = 0; i < count && !m->untellable; i++) HRA_TRY(put_object(m, folder, path, names[i]));
    return HRA_OK;
}

/* Of the lists of exact values and marks only the names are told. */
static hra_code put_all(maker *m, hid_t root)
{
    static const char *const folders[] = {"/exceptions", "/labels", "/marks", "/person", "/source", "/variables"};
    hra_parcel_put_text(&m->out, "/");
    hra_parcel_put_number(&m->out, 1);
    hra_parcel_put_text(&m->out, "");
    put_attributes(m, root);
    hra_parcel_put_number(&m->out, CONTENT_NONE);
    for (size_t i = 0; i < sizeof folders / sizeof folders[0] && !m->untellable; i++)
        HRA_TRY(put_folder(m, root, folders[i]));
    return HRA_OK;
}

static int by_offset(const void *a, const void *b)
{
    const range *x = a, *y = b;
    return (x->offset > y->offset) - (x->offset < y->offset);
}

/* What lies between the chunks. */
static hra_code ranges_between(maker *m, range **out, int64_t *count)
{
    range *ranges = malloc(((size_t)m->chunk_count + 1) * sizeof *ranges);
    if (!ranges) return out_of_memory(m->error);
    if (m->chunk_count > 1) qsort(m->chunks, (size_t)m->chunk_count, sizeof *m->chunks, by_offset);
    uint64_t at = 0;
    *count = 0;
    for (int64_t i = 0; i <= m->chunk_count; i++) {
        uint64_t next = i < m->chunk_count ? m->chunks[i].offset : m->size;
        if (next > at) ranges[(*count)++] = (range){at, next - at};
        if (i < m->chunk_count) at = next + m->chunks[i].length;
    }
    *out = ranges;
    return HRA_OK;
}

static hra_code append(maker *m, const range *ranges, int64_t count)
{
    hra_buffer all = {0};
    unsigned char hash[HASH];
    hra_parcel_put_number(&all, count);
    for (int64_t i = 0; i < count; i++) {
        hra_parcel_put_number(&all, (int64_t)ranges[i].offset);
        hra_parcel_put_number(&all, (int64_t)ranges[i].length);
    }
    hra_buffer_append(&all, m->out.bytes, m->out.length);
    int64_t length = (int64_t)all.length;
    hra_code code = m->out.failed || all.failed ? out_of_memory(m->error) : HRA_OK;
    if (!code && !hash_of(m->file, ranges, count, all.bytes, all.length, hash))
        code = hra_fail(m->error, HRA_EIO, "%s cannot be read again", m->path);
    hra_buffer_append(&all, signature, SIGNATURE);
    hra_parcel_put_number(&all, length);
    hra_parcel_put_number(&all, (int64_t)m->size);
    hra_buffer_append(&all, hash, HASH);
    if (!code && all.failed) code = out_of_memory(m->error);
    errno = 0;
    if (!code && !write_at(m->file, m->size, all.bytes, all.length))
        code = hra_fail(m->error, HRA_EIO, "the store cannot be written: %s", strerror(errno));
    hra_buffer_destroy(&all);
    return code;
}

static hra_code make(maker *m)
{
    hid_t root = -1;
    range *ranges = NULL;
    int64_t count = 0;
    hra_h5_lock();
    hra_code code = hra_h5_open(m->path, &root, m->error);
    if (!code) code = put_all(m, root);
    hra_h5_release(&root);
    hra_h5_unlock();
    if (code || m->untellable) return code;
    code = ranges_between(m, &ranges, &count);
    if (!code) code = append(m, ranges, count);
    free(ranges);
    return code;
}

hra_code hra_summary_append(const char *path, hra_error *error)
{
    struct stat facts;
    maker m = {.path = path, .error = error, .arena = hra_arena_new(), .file = open(path, O_RDWR | O_CLOEXEC)};
    hra_code code = m.arena ? HRA_OK : out_of_memory(error);
    if (!code && (m.file < 0 || fstat(m.file, &facts) != 0))
        code = hra_fail(error, HRA_EIO, "the store cannot be opened again: %s", strerror(errno));
    if (!code) {
        m.size = (uint64_t)facts.st_size;
        code = make(&m);
    }
    if (m.file >= 0) close(m.file);
    hra_buffer_destroy(&m.out);
    hra_arena_free(m.arena);
    free(m.chunks);
    return code;
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
    case ATTRIBUTE_TEXT: a->text = hra_parcel_text(in); break;
    case ATTRIBUTE_REAL: a->real = hra_parcel_real(in); break;
    case ATTRIBUTE_INTS:
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
    if (kind == CONTENT_TEXTS) {
        count = hra_parcel_count(in, 9);
        const char **texts = hra_arena_alloc(arena, (size_t)count * sizeof *texts + 1);
        for (int64_t i = 0; i < count && texts; i++) texts[i] = hra_parcel_text(in);
        object->texts = texts;
        object->text_count = (int)count;
        return texts != NULL;
    }
    if (kind == CONTENT_ROWS) {
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
static range *read_ranges(hra_parcel *in, uint64_t end, int64_t *count)
{
    *count = hra_parcel_count(in, 16);
    range *ranges = malloc((size_t)*count * sizeof *ranges + 1);
    uint64_t at = 0;
    for (int64_t i = 0; i < *count && ranges; i++) {
        range r = {(uint64_t)hra_parcel_number(in), (uint64_t)hra_parcel_number(in)};
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
    unsigned char hash[HASH];
    int64_t count;
    range *ranges = read_ranges(in, start, &count);
    bool fits = ranges && hash_of(file, ranges, count, bytes, length, hash) && memcmp(hash, stated, HASH) == 0;
    free(ranges);
    return fits;
}

hra_code hra_summary_read(int file, uint64_t file_size, hra_arena *arena, const hra_summary **out, hra_error *error)
{
    uint8_t trailer[TRAILER];
    *out = NULL;
    if (file_size <= TRAILER || !read_at(file, file_size - TRAILER, trailer, TRAILER)) return HRA_OK;
    if (memcmp(trailer, signature, SIGNATURE) != 0) return HRA_OK;
    hra_parcel end = {.at = trailer + SIGNATURE, .end = trailer + TRAILER};
    uint64_t length = (uint64_t)hra_parcel_number(&end), start = (uint64_t)hra_parcel_number(&end);
    if (length > file_size - TRAILER || start != file_size - TRAILER - length) return HRA_OK;
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
    char end[SIGNATURE];
    struct stat facts;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    bool there = file >= 0 && fstat(file, &facts) == 0 && facts.st_size > TRAILER &&
                 read_at(file, (uint64_t)facts.st_size - TRAILER, end, SIGNATURE) &&
                 memcmp(end, signature, SIGNATURE) == 0;
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
