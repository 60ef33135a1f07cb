/* A summary is made from the finished store, as HDF5 reads it. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/content_hash.h"
#include "io/packed_dataset.h"
#include "io/store_summary.h"
#include "io/store_summary_format.h"

static hra_code out_of_memory(hra_error *error) { return hra_fail(error, HRA_ENOMEM, "out of memory"); }

typedef struct maker {
    hra_buffer out;
    hra_arena *arena;
    const char *path;
    int file;
    uint64_t size;
    hra_summary_range *chunks;
    int64_t chunk_count, chunk_capacity;
    bool untellable; /* something that a summary has no place for */
    bool unreadable; /* something that was just written */
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
        hra_parcel_put_number(&m->out, HRA_SUMMARY_TEXT);
        hra_parcel_put_text(&m->out, text);
        return true;
    }
    if (class == H5T_INTEGER) {
        if (hra_h5_get_ints(object, name, m->arena, &values, &count) || count == 0) return false;
        hra_parcel_put_number(&m->out, HRA_SUMMARY_INTS);
        hra_parcel_put_number(&m->out, count);
        for (int i = 0; i < count; i++) hra_parcel_put_number(&m->out, values[i]);
        return true;
    }
    if (class != H5T_FLOAT || !hra_h5_get_real(object, name, &real)) return false;
    hra_parcel_put_number(&m->out, HRA_SUMMARY_REAL);
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
    m->unreadable |= H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, &at, add_attribute, m) < 0;
    hra_parcel_put_text(&m->out, "");
}

static hra_code put_texts(maker *m, hid_t folder, const char *name)
{
    const char *const *texts;
    int count;
    HRA_TRY(hra_h5_read_texts(folder, name, m->arena, &texts, &count, m->error));
    hra_parcel_put_number(&m->out, HRA_SUMMARY_TEXTS);
    hra_parcel_put_number(&m->out, count);
    for (int i = 0; i < count; i++) hra_parcel_put_text(&m->out, texts[i]);
    return HRA_OK;
}

static hra_code note_chunks(maker *m, const hra_packed *rows)
{
    int64_t count = hra_packed_chunk_count(rows), needed = m->chunk_count + count;
    if (needed > m->chunk_capacity) {
        int64_t capacity = 2 * needed;
        hra_summary_range *chunks = realloc(m->chunks, (size_t)capacity * sizeof *chunks);
        if (!chunks) return out_of_memory(m->error);
        m->chunks = chunks;
        m->chunk_capacity = capacity;
    }
    for (int64_t i = 0; i < count; i++) {
        hra_summary_range *chunk = &m->chunks[m->chunk_count++];
        hra_packed_chunk(rows, i, &chunk->offset, &chunk->length);
    }
    return HRA_OK;
}

static hra_code put_places(maker *m, const hra_packed *rows)
{
    hra_buffer record = {0};
    m->untellable |= !hra_packed_put_parcel(rows, &record);
    hra_parcel_put_number(&m->out, HRA_SUMMARY_ROWS);
    hra_parcel_put_number(&m->out, (int64_t)record.length);
    hra_buffer_append(&m->out, record.bytes ? record.bytes : "", record.length);
    m->out.failed |= record.failed;
    hra_buffer_destroy(&record);
    return note_chunks(m, rows);
}

/* Takes `dataset` over. */
static hra_code put_rows(maker *m, hid_t dataset)
{
    hra_packed *rows;
    hra_arena *arena = hra_arena_new(); /* of its chunks */
    if (!arena) {
        H5Oclose(dataset);
        return out_of_memory(m->error);
    }
    hra_code code = hra_packed_open(dataset, m->path, m->file, m->size, arena, &rows, m->error);
    if (!code) {
        code = put_places(m, rows);
        hra_packed_close(rows);
    }
    hra_arena_free(arena);
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
    m->unreadable |= object < 0;
    if (object < 0) return HRA_OK;
    hra_parcel_put_text(&m->out, name);
    put_attributes(m, object);
    bool rows = H5Iget_type(object) == H5I_DATASET && !is_text_list(object, path);
    if (rows) return put_rows(m, object);
    bool texts = H5Iget_type(object) == H5I_DATASET;
    H5Oclose(object);
    if (texts) return put_texts(m, folder, name);
    hra_parcel_put_number(&m->out, HRA_SUMMARY_NOTHING);
    return HRA_OK;
}

static hra_code put_folder(maker *m, hid_t root, const char *path)
{
    hra_h5_id folder = hra_h5_member(root, path + 1);
    const char *const *names;
    int count;
    if (folder < 0) {
        m->unreadable |= H5Lexists(root, path + 1, H5P_DEFAULT) != 0;
        return HRA_OK;
    }
    HRA_TRY(hra_h5_members(folder, m->arena, &names, &count, m->error));
    hra_parcel_put_text(&m->out, path);
    hra_parcel_put_number(&m->out, count);
    for (int i = 0; i < count && !m->untellable && !m->unreadable; i++) HRA_TRY(put_object(m, folder, path, names[i]));
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
    hra_parcel_put_number(&m->out, HRA_SUMMARY_NOTHING);
    for (size_t i = 0; i < sizeof folders / sizeof folders[0] && !m->untellable; i++)
        HRA_TRY(put_folder(m, root, folders[i]));
    return HRA_OK;
}

static int by_offset(const void *a, const void *b)
{
    const hra_summary_range *x = a, *y = b;
    return (x->offset > y->offset) - (x->offset < y->offset);
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

/* What lies between the chunks. */
static hra_code ranges_between(maker *m, hra_summary_range **out, int64_t *count)
{
    hra_summary_range *ranges = malloc(((size_t)m->chunk_count + 1) * sizeof *ranges);
    if (!ranges) return out_of_memory(m->error);
    if (m->chunk_count > 1) qsort(m->chunks, (size_t)m->chunk_count, sizeof *m->chunks, by_offset);
    uint64_t at = 0;
    *count = 0;
    for (int64_t i = 0; i <= m->chunk_count; i++) {
        uint64_t next = i < m->chunk_count ? m->chunks[i].offset : m->size;
        if (next > at) ranges[(*count)++] = (hra_summary_range){at, next - at};
        if (i < m->chunk_count) at = next + m->chunks[i].length;
    }
    *out = ranges;
    return HRA_OK;
}

/* Puts a buffer behind what is written and empties it. */
static hra_code write_out(maker *m, hra_buffer *bytes, uint64_t *end)
{
    errno = 0;
    if (bytes->failed) return out_of_memory(m->error);
    if (!write_at(m->file, *end, bytes->bytes, bytes->length))
        return hra_fail(m->error, HRA_EIO, "%s cannot be written: %s", m->path, strerror(errno));
    *end += bytes->length;
    hra_buffer_clear(bytes);
    return HRA_OK;
}

static hra_code put_trailer(maker *m, hra_buffer *out, uint64_t *end)
{
    char hash[HRA_SUMMARY_HASH + 1];
    uint64_t length = *end - m->size;
    if (!hra_summary_hash(m->file, m->size, length, hash))
        return hra_fail(m->error, HRA_EIO, "%s cannot be read again", m->path);
    hra_buffer_append(out, HRA_SUMMARY_MAGIC, HRA_SUMMARY_SIGNATURE);
    hra_parcel_put_number(out, (int64_t)length);
    hra_parcel_put_number(out, (int64_t)m->size);
    hra_buffer_append(out, hash, HRA_SUMMARY_HASH);
    return write_out(m, out, end);
}

static hra_code append(maker *m, const hra_summary_range *ranges, int64_t count)
{
    hra_buffer out = {0};
    uint64_t end = m->size;
    hra_parcel_put_number(&out, count);
    for (int64_t i = 0; i < count; i++) {
        hra_parcel_put_number(&out, (int64_t)ranges[i].offset);
        hra_parcel_put_number(&out, (int64_t)ranges[i].length);
    }
    hra_code code = write_out(m, &out, &end);
    if (!code) code = write_out(m, &m->out, &end);
    if (!code) code = put_trailer(m, &out, &end);
    hra_buffer_destroy(&out);
    return code;
}

/* What was told and the ranges without rows go behind the file. */
static hra_code put_behind(maker *m)
{
    hra_summary_range *ranges = NULL;
    int64_t count = 0;
    hra_code code = ranges_between(m, &ranges, &count);
    if (!code) code = append(m, ranges, count);
    free(ranges);
    return code;
}

static hra_code tell_all(maker *m)
{
    hid_t root = -1;
    hra_h5_lock();
    hra_code code = hra_h5_open(m->path, &root, m->error);
    if (!code) code = put_all(m, root);
    if (!code && m->unreadable) code = hra_h5_fail(m->error, HRA_EIO, "%s cannot be read again", m->path);
    hra_h5_release(&root);
    hra_h5_unlock();
    return code;
}

static hra_code maker_start(maker *m, const char *path, hra_error *error)
{
    struct stat facts;
    *m = (maker){.path = path, .error = error, .arena = hra_arena_new(), .file = open(path, O_RDWR | O_CLOEXEC)};
    if (!m->arena) return out_of_memory(error);
    if (m->file < 0 || fstat(m->file, &facts) != 0)
        return hra_fail(error, HRA_EIO, "%s cannot be opened again: %s", path, strerror(errno));
    m->size = (uint64_t)facts.st_size;
    return HRA_OK;
}

static void maker_end(maker *m)
{
    if (m->file >= 0) close(m->file);
    hra_buffer_destroy(&m->out);
    hra_arena_free(m->arena);
    free(m->chunks);
}

hra_code hra_summary_append(const char *path, hra_error *error)
{
    maker m;
    hra_code code = maker_start(&m, path, error);
    if (!code) code = tell_all(&m);
    if (!code && !m.untellable) code = put_behind(&m);
    maker_end(&m);
    return code;
}

hra_code hra_summary_seal(const char *path, const hra_summary_range *rows, int64_t count, hra_error *error)
{
    maker m;
    hra_code code = maker_start(&m, path, error);
    m.chunks = malloc((size_t)count * sizeof *rows + 1);
    if (!code && !m.chunks) code = out_of_memory(error);
    if (!code) {
        if (count > 0) memcpy(m.chunks, rows, (size_t)count * sizeof *rows);
        m.chunk_count = count;
        code = put_behind(&m);
    }
    maker_end(&m);
    return code;
}
