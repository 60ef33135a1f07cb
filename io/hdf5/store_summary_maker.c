/* A summary is made while the content of the finished store is hashed, from the same walk through it. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/hdf5/content_hash.h"
#include "io/hdf5/packed_dataset.h"
#include "io/hdf5/store_summary_format.h"
#include "io/hdf5/store_summary_maker.h"

struct hra_summary_maker {
    hra_buffer root, out; /* what is told of the root, and of all else */
    hra_arena *arena;
    char *name; /* for messages */
    int file;
    uint64_t size;
    hra_summary_range *chunks;
    int64_t chunk_count, chunk_capacity;
    bool untellable;  /* something that a summary has no place for */
    hra_error *error; /* of the present call */
};

typedef hra_summary_maker maker;

/* An empty name ends the list. */
static void put_attributes(maker *m, const hra_attribute_list *list, hra_buffer *out)
{
    for (int i = 0; i < list->count; i++) {
        const hra_attribute *a = &list->items[i];
        const char *name = hra_attribute_name(list, i);
        if (strcmp(name, HRA_CHUNK_SUMS) == 0) continue;
        m->untellable |= a->end == a->told;
        hra_parcel_put_text(out, name);
        hra_buffer_append(out, list->bytes.bytes + a->told, a->end - a->told);
    }
    hra_parcel_put_text(out, "");
}

static hra_code put_texts(maker *m, hid_t dataset, const char *path)
{
    const char *const *texts;
    int count;
    HRA_TRY(hra_h5_texts_of(dataset, path, m->arena, &texts, &count, m->error));
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
        if (!chunks) return hra_out_of_memory(m->error);
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

static hra_code put_rows(maker *m, hid_t dataset)
{
    hra_packed *rows;
    hra_arena *arena = hra_arena_new(); /* of its chunks */
    if (!arena) return hra_out_of_memory(m->error);
    H5Iinc_ref(dataset); /* taken over */
    hra_code code = hra_packed_open(dataset, m->name, m->file, m->size, arena, &rows, m->error);
    if (!code) {
        code = put_places(m, rows);
        hra_packed_close(rows);
    }
    hra_arena_free(arena);
    return code;
}

static bool is_text_list(hid_t dataset, const char *path)
{
    hra_h5_id type = H5Dget_type(dataset);
    return strncmp(path, "/person/", 8) != 0 && type > 0 && H5Tget_class(type) == H5T_STRING;
}

static hra_code put_member(maker *m, const hra_h5_seen *seen)
{
    hra_parcel_put_text(&m->out, strrchr(seen->path, '/') + 1);
    put_attributes(m, seen->attributes, &m->out);
    if (seen->members < 0)
        return is_text_list(seen->object, seen->path) ? put_texts(m, seen->object, seen->path)
                                                      : put_rows(m, seen->object);
    hra_parcel_put_number(&m->out, HRA_SUMMARY_NOTHING);
    return HRA_OK;
}

/* Folders and what stands in them. Of the lists of exact values and marks, further down, only the names are told. The
 * root's attributes are told when the hash is among them. */
static hra_code see(void *context, const hra_h5_seen *seen, hra_error *error)
{
    maker *m = context;
    m->error = error;
    if (m->untellable) return HRA_OK;
    if (seen->depth == 2) return put_member(m, seen);
    if (seen->depth != 1) return HRA_OK;
    m->untellable |= seen->members < 0;
    hra_parcel_put_text(&m->out, seen->path);
    hra_parcel_put_number(&m->out, seen->members);
    return HRA_OK;
}

hra_h5_witness hra_summary_witness(hra_summary_maker *m, const hra_attribute_notes *notes)
{
    return (hra_h5_witness){.see = see, .context = m, .notes = notes};
}

hra_code hra_summary_root(hra_summary_maker *m, hid_t file, const hra_attribute_notes *notes, hra_error *error)
{
    hra_attribute_list read = {0};
    const hra_attribute_list *list = notes ? hra_attribute_notes_of(notes, file, "/") : NULL;
    hra_code code = HRA_OK;
    if (!list) {
        list = &read;
        code = hra_attribute_list_read(&read, file, error);
    }
    hra_parcel_put_text(&m->root, "/");
    hra_parcel_put_number(&m->root, 1);
    hra_parcel_put_text(&m->root, "");
    if (!code) put_attributes(m, list, &m->root);
    hra_parcel_put_number(&m->root, HRA_SUMMARY_NOTHING);
    hra_attribute_list_destroy(&read);
    return code;
}

/* ---- behind the file ---- */

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
    if (!ranges) return hra_out_of_memory(m->error);
    if (m->chunk_count > 1) qsort(m->chunks, (size_t)m->chunk_count, sizeof *m->chunks, hra_summary_by_offset);
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
    if (bytes->failed) return hra_out_of_memory(m->error);
    if (!write_at(m->file, *end, bytes->bytes, bytes->length))
        return hra_fail(m->error, HRA_EIO, "%s cannot be written: %s", m->name, strerror(errno));
    *end += bytes->length;
    hra_buffer_clear(bytes);
    return HRA_OK;
}

static hra_code put_trailer(maker *m, hra_buffer *out, uint64_t *end)
{
    char hash[HRA_SUMMARY_HASH + 1];
    uint64_t length = *end - m->size;
    if (!hra_summary_hash(m->file, m->size, length, hash))
        return hra_fail(m->error, HRA_EIO, "%s cannot be read again", m->name);
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
    if (!code) code = write_out(m, &m->root, &end);
    if (!code) code = write_out(m, &m->out, &end);
    if (!code) code = put_trailer(m, &out, &end);
    hra_buffer_destroy(&out);
    return code;
}

/* What was told and the ranges without rows go behind the file. */
static hra_code put_behind(maker *m)
{
    struct stat facts;
    hra_summary_range *ranges = NULL;
    int64_t count = 0;
    if (fstat(m->file, &facts) != 0)
        return hra_fail(m->error, HRA_EIO, "%s cannot be read again: %s", m->name, strerror(errno));
    m->size = (uint64_t)facts.st_size;
    hra_code code = ranges_between(m, &ranges, &count);
    if (!code) code = append(m, ranges, count);
    free(ranges);
    return code;
}

hra_code hra_summary_put(hra_summary_maker *m, hra_error *error)
{
    m->error = error;
    return m->untellable ? HRA_OK : put_behind(m);
}

hra_code hra_summary_seal(const char *path, const hra_summary_range *rows, int64_t count, hra_error *error)
{
    hra_summary_maker *m;
    HRA_TRY(hra_summary_start(path, path, &m, error));
    hra_code code = HRA_OK;
    m->chunks = malloc((size_t)count * sizeof *rows + 1);
    if (!m->chunks) code = hra_out_of_memory(error);
    if (!code) {
        if (count > 0) memcpy(m->chunks, rows, (size_t)count * sizeof *rows);
        m->chunk_count = count;
        code = put_behind(m);
    }
    hra_summary_end(m);
    return code;
}

/* ---- life ---- */

static hra_code start(maker *m, const char *path, const char *name, hra_error *error)
{
    struct stat facts;
    m->error = error;
    m->arena = hra_arena_new();
    m->name = strdup(name);
    if (!m->arena || !m->name) return hra_out_of_memory(error);
    m->file = open(path, O_RDWR | O_CLOEXEC);
    if (m->file < 0 || fstat(m->file, &facts) != 0)
        return hra_fail(error, HRA_EIO, "%s cannot be opened again: %s", name, strerror(errno));
    m->size = (uint64_t)facts.st_size;
    return HRA_OK;
}

hra_code hra_summary_start(const char *path, const char *name, hra_summary_maker **out, hra_error *error)
{
    *out = NULL;
    maker *m = calloc(1, sizeof *m);
    if (!m) return hra_out_of_memory(error);
    m->file = -1;
    hra_code code = start(m, path, name, error);
    if (code)
        hra_summary_end(m);
    else
        *out = m;
    return code;
}

void hra_summary_end(hra_summary_maker *m)
{
    if (!m) return;
    if (m->file >= 0) close(m->file);
    hra_buffer_destroy(&m->root);
    hra_buffer_destroy(&m->out);
    hra_arena_free(m->arena);
    free(m->name);
    free(m->chunks);
    free(m);
}
