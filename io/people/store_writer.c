#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/large_memory.h"
#include "io/files/atomic_file.h"
#include "io/hdf5/content_hash.h"
#include "io/hdf5/store_summary_maker.h"
#include "io/people/store_description.h"
#include "io/people/store_labels.h"
#include "io/people/store_layout.h"
#include "io/people/store_people.h"
#include "io/people/store_sparse.h"

typedef struct column_out {
    const hra_column *column;
    const char *name;
    hra_series series;
    uint16_t *u16; /* codes of the chunk being filled; one of the two */
    uint32_t *u32;
    hra_sparse_writer *exceptions, *marks; /* made when the first one comes */
} column_out;

struct hra_store_writer {
    hra_atomic_file *atomic;
    hra_arena *arena;
    const hra_schema *schema;
    hra_store_encoding encoding;
    hid_t file, variables, exceptions, marks, labels, person;
    hra_series_buffers buffers;
    column_out *columns;
    hra_store_label *label_columns;
    bool begun, created;
    hra_store_people people;
    hra_attribute_notes *notes; /* of all attributes, for the end */
    hra_summary_maker *summary; /* made with the content hash */
    void *memory;               /* of the present chunk: what the pointers of columns, labels and people point to */
    int64_t rows;               /* flushed */
    int filled;                 /* of the present chunk */
};

/* ---- creation ---- */

static hra_code prepare_column(const hra_store_writer *writer, column_out *out, const hra_column *column,
                               hra_error *error)
{
    const hra_variable *variable = hra_dictionary_at(writer->schema->dictionary, column->variable);
    if (variable->type == HRA_TYPE_TEXT || variable->type == HRA_TYPE_ID)
        return hra_fail(error, HRA_EINTERNAL, "%s may not enter a store", variable->name);
    out->column = column;
    out->name = hra_store_dataset_name(writer->arena, column, variable);
    return out->name ? HRA_OK : hra_out_of_memory(error);
}

static hra_code create_file(hra_store_writer *writer, hra_error *error)
{
    hra_h5_id access = H5Pcreate(H5P_FILE_ACCESS);
    /* the older format limits an attribute to 64 KiB: checksums of a thousand million people */
    if (H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_LATEST) < 0)
        return hra_h5_fail(error, HRA_EINTERNAL, "the store cannot be created");
    hra_h5_bound_memory(access, HRA_H5_WRITING_BYTES);
    hra_h5_id creation = H5Pcreate(H5P_FILE_CREATE);
    if (creation < 0 || H5Pset_obj_track_times(creation, false) < 0) /* stores of equal content are equal files */
        return hra_h5_fail(error, HRA_EINTERNAL, "the store cannot be created");
    errno = 0;
    writer->file = H5Fcreate(hra_atomic_temporary(writer->atomic), H5F_ACC_TRUNC, creation, access);
    if (writer->file < 0) return hra_h5_fail(error, HRA_EIO, "the store cannot be created");
    writer->variables = hra_h5_group(writer->file, "variables");
    writer->exceptions = hra_h5_group(writer->file, "exceptions");
    writer->marks = hra_h5_group(writer->file, "marks");
    writer->labels = hra_h5_group(writer->file, "labels");
    writer->person = hra_h5_group(writer->file, "person");
    if (writer->variables < 0 || writer->exceptions < 0 || writer->marks < 0 || writer->labels < 0 ||
        writer->person < 0)
        return hra_h5_fail(error, HRA_EIO, "the store cannot be created");
    return HRA_OK;
}

hra_code hra_store_writer_open(const char *path, hra_store_encoding encoding, hra_store_writer **out, hra_error *error)
{
    *out = NULL;
    hra_store_writer *writer = calloc(1, sizeof *writer);
    if (!writer) return hra_out_of_memory(error);
    writer->encoding = encoding;
    writer->file = writer->variables = writer->exceptions = writer->marks = writer->labels = writer->person = -1;
    writer->people.keys.dataset = writer->people.lines.dataset = writer->people.files.dataset = -1;
    writer->arena = hra_arena_new();
    writer->notes = hra_attribute_notes_new();
    hra_code code = writer->arena && writer->notes ? HRA_OK : hra_out_of_memory(error);
    if (!code) code = hra_series_buffers_init(&writer->buffers, error);
    if (!code) code = hra_atomic_open(path, &writer->atomic, error);
    if (!code) {
        hra_h5_lock();
        code = hra_fail_at(error, create_file(writer, error), path);
        hra_h5_unlock();
    }
    if (code) {
        hra_store_writer_free(writer);
        return code;
    }
    *out = writer;
    return HRA_OK;
}

hra_code hra_store_writer_describe(hra_store_writer *writer, const hra_schema *schema, hra_error *error)
{
    writer->schema = schema;
    writer->columns = calloc((size_t)schema->column_count + 1, sizeof *writer->columns);
    writer->label_columns = calloc((size_t)schema->label_count + 1, sizeof *writer->label_columns);
    if (!writer->columns || !writer->label_columns) return hra_out_of_memory(error);
    for (int i = 0; i < schema->column_count; i++)
        HRA_TRY(prepare_column(writer, &writer->columns[i], &schema->columns[i], error));
    for (int i = 0; i < schema->label_count; i++)
        if (!hra_store_label_begin(&writer->label_columns[i])) return hra_out_of_memory(error);
    return HRA_OK;
}

hra_code hra_store_writer_new(const char *path, const hra_schema *schema, hra_store_encoding encoding,
                              hra_store_writer **out, hra_error *error)
{
    HRA_TRY(hra_store_writer_open(path, encoding, out, error));
    hra_code code = hra_store_writer_describe(*out, schema, error);
    if (code == HRA_OK) return HRA_OK;
    hra_store_writer_free(*out);
    *out = NULL;
    return code;
}

/* The next part of a memory: room for one element of each row of a chunk. NULL while only the room is counted. A few
 * lines of the cache lie between parts, so that rows of all columns do not compete for the same of its places. */
static void *take_part(char *memory, size_t *used, size_t element)
{
    enum { APART = 320 };
    void *part = memory ? memory + *used : NULL;
    *used += (size_t)HRA_CHUNK_ROWS * element + APART;
    return part;
}

/* Where the parts of a chunk lie in one memory. Returns its size. */
static size_t lay_out(hra_store_writer *w, char *memory)
{
    size_t used = 0;
    for (int i = 0; i < w->schema->column_count; i++) {
        column_out *out = &w->columns[i];
        if (hra_column_wide(out->column))
            out->u32 = take_part(memory, &used, sizeof *out->u32);
        else
            out->u16 = take_part(memory, &used, sizeof *out->u16);
    }
    for (int i = 0; i < w->schema->label_count; i++)
        w->label_columns[i].index = take_part(memory, &used, sizeof *w->label_columns[i].index);
    hra_store_people *p = &w->people;
    if (p->has_keys) p->key_texts = take_part(memory, &used, HRA_STORE_KEY_LENGTH);
    if (p->has_lines) {
        p->line_numbers = take_part(memory, &used, sizeof *p->line_numbers);
        p->line_codes = take_part(memory, &used, sizeof *p->line_codes);
    }
    if (p->has_files) p->file_numbers = take_part(memory, &used, sizeof *p->file_numbers);
    return used;
}

/* What names a person is known when the first rows come, and whether there are many: of few the pages that they need
 * are touched, of many large pages take less time. */
static hra_code begin(hra_store_writer *writer, const hra_chunk *chunk, hra_error *error)
{
    writer->begun = true;
    hra_store_people_begin(&writer->people, chunk);
    enum { MANY = 1024 };
    size_t bytes = lay_out(writer, NULL);
    writer->memory = chunk->rows < MANY ? malloc(bytes) : hra_large_memory(bytes);
    if (!writer->memory) return hra_out_of_memory(error);
    lay_out(writer, writer->memory);
    return HRA_OK;
}

/* ---- exceptions and marks ---- */

static hra_code append_exceptions(hra_store_writer *writer, const hra_chunk *chunk, hra_error *error)
{
    int64_t first_row = writer->rows + writer->filled;
    for (int i = 0; i < chunk->exception_count; i++) {
        const hra_exception *x = &chunk->exceptions[i];
        column_out *out = &writer->columns[x->column];
        if (!out->exceptions)
            HRA_TRY(hra_sparse_new(writer->exceptions, out->name, HRA_SPARSE_EXACT, &out->exceptions, error));
        HRA_TRY(hra_sparse_add(out->exceptions, first_row + x->row, x->value, 0, error));
    }
    return HRA_OK;
}

static hra_code append_marks(hra_store_writer *writer, const hra_chunk *chunk, hra_error *error)
{
    int64_t first_row = writer->rows + writer->filled;
    for (int i = 0; i < chunk->mark_count; i++) {
        const hra_cell_mark *m = &chunk->marks[i];
        column_out *out = &writer->columns[m->column];
        if (!out->marks) HRA_TRY(hra_sparse_new(writer->marks, out->name, HRA_SPARSE_MARKS, &out->marks, error));
        HRA_TRY(hra_sparse_add(out->marks, first_row + m->row, 0, m->mark, error));
    }
    return HRA_OK;
}

/* ---- rows ---- */

static void copy_codes(column_out *out, int at, const hra_codes *codes, int from, int count)
{
    if (out->u16 && codes->u16) {
        memcpy(out->u16 + at, codes->u16 + from, (size_t)count * sizeof *out->u16);
    } else if (out->u32 && codes->u32) {
        memcpy(out->u32 + at, codes->u32 + from, (size_t)count * sizeof *out->u32);
    } else if (out->u16) {
        for (int i = 0; i < count; i++) out->u16[at + i] = (uint16_t)codes->constant;
    } else {
        for (int i = 0; i < count; i++) out->u32[at + i] = codes->constant;
    }
}

static hra_code copy_rows(hra_store_writer *writer, const hra_chunk *chunk, int from, int count, hra_error *error)
{
    int at = writer->filled;
    for (int i = 0; i < writer->schema->column_count; i++)
        copy_codes(&writer->columns[i], at, &chunk->columns[i], from, count);
    for (int i = 0; i < writer->schema->label_count; i++)
        HRA_TRY(
            hra_store_label_copy(&writer->label_columns[i], writer->arena, at, &chunk->labels[i], from, count, error));
    HRA_TRY(hra_store_people_copy(&writer->people, at, chunk, from, count, error));
    writer->filled += count;
    return HRA_OK;
}

/* ---- chunks ---- */

/* Made when the first chunk is written: a population smaller than a chunk gets one chunk of its own size. */
static hra_code create_datasets(hra_store_writer *w, hra_error *error)
{
    const hra_schema *schema = w->schema;
    int chunk = w->filled > 0 ? w->filled : 1;
    for (int i = 0; i < schema->column_count; i++) {
        column_out *out = &w->columns[i];
        int width = hra_store_width(out->column);
        HRA_TRY(hra_series_create(w->variables, out->name, width, hra_store_fill(width), chunk, w->encoding,
                                  &out->series, error));
        HRA_TRY(hra_store_describe_column(&out->series, out->column, schema->dictionary, w->arena, error));
    }
    for (int i = 0; i < schema->label_count; i++) {
        const hra_variable *v = hra_dictionary_at(schema->dictionary, schema->labels[i]);
        hra_series *series = &w->label_columns[i].series;
        HRA_TRY(hra_series_create(w->labels, v->name, 4, -1, chunk, w->encoding, series, error));
        HRA_TRY(hra_store_describe_label(series, schema->dictionary, schema->labels[i], error));
    }
    w->created = true;
    return hra_store_people_create(&w->people, w->person, chunk, w->encoding, error);
}

static hra_code flush_column(hra_store_writer *writer, column_out *out, int64_t index, int64_t rows, hra_error *error)
{
    uint32_t missing = hra_column_missing(out->column);
    HRA_TRY(hra_sparse_flush(out->exceptions, error));
    HRA_TRY(hra_sparse_flush(out->marks, error));
    if (out->u16)
        return hra_series_put16(&out->series, &writer->buffers, index, rows, out->u16, (uint16_t)missing,
                                out->column->first, error);
    return hra_series_put32(&out->series, &writer->buffers, index, rows, out->u32, missing, out->column->first, error);
}

static hra_code flush_chunk(hra_store_writer *writer, hra_error *error)
{
    int64_t index = writer->rows / HRA_CHUNK_ROWS, rows = writer->rows + writer->filled;
    if (!writer->created) HRA_TRY(create_datasets(writer, error));
    if (writer->filled == 0) return HRA_OK;
    for (int i = 0; i < writer->schema->column_count; i++)
        HRA_TRY(flush_column(writer, &writer->columns[i], index, rows, error));
    for (int i = 0; i < writer->schema->label_count; i++)
        HRA_TRY(hra_store_label_put(&writer->label_columns[i], &writer->buffers, index, rows, error));
    HRA_TRY(hra_store_people_put(&writer->people, &writer->buffers, index, rows, writer->filled, error));
    writer->rows = rows;
    writer->filled = 0;
    return HRA_OK;
}

static hra_code append_locked(hra_store_writer *writer, const hra_chunk *chunk, hra_error *error)
{
    if (!writer->begun) HRA_TRY(begin(writer, chunk, error));
    if (!hra_store_people_fit(&writer->people, chunk))
        return hra_fail(error, HRA_EINTERNAL, "rows with and without keys or source lines in one store");
    HRA_TRY(append_exceptions(writer, chunk, error));
    HRA_TRY(append_marks(writer, chunk, error));
    for (int from = 0; from < chunk->rows;) {
        int left = chunk->rows - from, space = HRA_CHUNK_ROWS - writer->filled;
        int count = left < space ? left : space;
        HRA_TRY(copy_rows(writer, chunk, from, count, error));
        from += count;
        if (writer->filled < HRA_CHUNK_ROWS) continue;
        HRA_TRY(flush_chunk(writer, error));
        hra_atomic_begin_sync(writer->atomic);
    }
    return HRA_OK;
}

hra_code hra_store_writer_append(hra_store_writer *writer, const hra_chunk *chunk, hra_error *error)
{
    hra_h5_lock();
    hra_h5_note_attributes(writer->notes);
    hra_code code = append_locked(writer, chunk, error);
    hra_h5_unlock();
    return hra_fail_at(error, code, hra_atomic_path(writer->atomic));
}

/* ---- the end ---- */

static hra_code put_facts(hra_store_writer *writer, const hra_store_facts *facts, hra_error *error)
{
    HRA_TRY(hra_h5_put_text(writer->file, "format", HRA_STORE_FORMAT, error));
    HRA_TRY(hra_h5_put_int(writer->file, "format_version", HRA_STORE_VERSION, error));
    HRA_TRY(hra_h5_put_text(writer->file, "Conventions", "CF-1.8", error));
    HRA_TRY(hra_h5_put_int(writer->file, "rows", writer->rows, error));
    HRA_TRY(hra_h5_put_text(writer->file, "engine_version", HRA_VERSION, error));
    HRA_TRY(hra_h5_put_text(writer->file, "definitions_hash", facts->definitions_hash, error));
    HRA_TRY(hra_h5_put_text(writer->file, "command", facts->command, error));
    HRA_TRY(hra_h5_put_text(writer->file, "key_fingerprint", facts->key_fingerprint, error));
    HRA_TRY(hra_h5_put_int(writer->file, "rows_rejected", facts->rows_rejected, error));
    if (facts->file_count == 0) return HRA_OK;
    hra_h5_id source = hra_h5_group(writer->file, "source");
    HRA_TRY(hra_h5_write_texts(source, "files", facts->files, facts->file_count, error));
    if (!facts->file_hashes) return HRA_OK;
    return hra_h5_write_texts(source, "hashes", facts->file_hashes, facts->file_count, error);
}

static hra_code finish_datasets(hra_store_writer *writer, hra_error *error)
{
    for (int i = 0; i < writer->schema->column_count; i++) {
        column_out *out = &writer->columns[i];
        HRA_TRY(hra_series_finish(&out->series, error));
        HRA_TRY(hra_sparse_finish(out->exceptions, error));
        HRA_TRY(hra_sparse_finish(out->marks, error));
    }
    for (int i = 0; i < writer->schema->label_count; i++)
        HRA_TRY(hra_series_finish(&writer->label_columns[i].series, error));
    return hra_store_people_finish(&writer->people, error);
}

static void close_datasets(hra_store_writer *writer)
{
    for (int i = 0; writer->columns && i < writer->schema->column_count; i++) {
        column_out *out = &writer->columns[i];
        hra_series_close(&out->series);
        hra_sparse_free(out->exceptions);
        hra_sparse_free(out->marks);
        out->exceptions = out->marks = NULL;
    }
    for (int i = 0; writer->label_columns && i < writer->schema->label_count; i++)
        hra_series_close(&writer->label_columns[i].series);
    hra_store_people_close(&writer->people);
    hid_t *groups[] = {&writer->variables, &writer->exceptions, &writer->marks, &writer->labels, &writer->person};
    for (int i = 0; i < 5; i++) {
        hra_h5_release(groups[i]);
        *groups[i] = -1;
    }
}

/* The datasets are open still: HDF5 need not read again what it knows of them. */
static hra_code put_hash(hra_store_writer *writer, hra_error *error)
{
    const char *name = hra_atomic_path(writer->atomic);
    HRA_TRY(hra_summary_start(hra_atomic_temporary(writer->atomic), name, &writer->summary, error));
    const hra_h5_witness witness = hra_summary_witness(writer->summary, writer->notes);
    HRA_TRY(hra_h5_hash_put_seen(writer->file, &witness, error));
    return hra_summary_root(writer->summary, writer->file, writer->notes, error);
}

static hra_code finish_locked(hra_store_writer *writer, const hra_store_facts *facts, hra_error *error)
{
    HRA_TRY(flush_chunk(writer, error));
    hra_atomic_begin_sync(writer->atomic);
    for (int i = 0; i < writer->schema->label_count; i++)
        HRA_TRY(hra_store_label_finish(&writer->label_columns[i], writer->labels, writer->arena, error));
    HRA_TRY(put_facts(writer, facts, error));
    HRA_TRY(finish_datasets(writer, error));
    errno = 0;
    if (H5Fflush(writer->file, H5F_SCOPE_GLOBAL) < 0) return hra_h5_fail(error, HRA_EIO, "the store cannot be written");
    HRA_TRY(put_hash(writer, error));
    close_datasets(writer);
    errno = 0;
    bool flushed = H5Fflush(writer->file, H5F_SCOPE_GLOBAL) >= 0;
    if (!flushed) return hra_h5_fail(error, HRA_EIO, "the store cannot be written");
    bool closed = H5Fclose(writer->file) >= 0;
    writer->file = -1;
    return closed ? HRA_OK : hra_h5_fail(error, HRA_EIO, "the store cannot be closed");
}

hra_code hra_store_writer_complete(hra_store_writer *writer, const hra_store_facts *facts, hra_atomic_file **file,
                                   hra_error *error)
{
    *file = NULL;
    hra_h5_lock();
    hra_h5_note_attributes(writer->notes);
    hra_code code = finish_locked(writer, facts, error);
    hra_h5_unlock();
    if (!code) code = hra_summary_put(writer->summary, error);
    if (code) return hra_fail_at(error, code, hra_atomic_path(writer->atomic));
    *file = writer->atomic;
    writer->atomic = NULL;
    return HRA_OK;
}

hra_code hra_store_writer_finish(hra_store_writer *writer, const hra_store_facts *facts, hra_error *error)
{
    hra_atomic_file *file;
    HRA_TRY(hra_store_writer_complete(writer, facts, &file, error));
    return hra_atomic_commit(file, error);
}

void hra_store_writer_free(hra_store_writer *writer)
{
    if (!writer) return;
    hra_h5_lock();
    close_datasets(writer);
    hra_h5_release(&writer->file);
    hra_h5_unlock();
    for (int i = 0; writer->label_columns && i < writer->schema->label_count; i++)
        hra_store_label_destroy(&writer->label_columns[i]);
    free(writer->columns);
    free(writer->label_columns);
    free(writer->memory);
    hra_series_buffers_free(&writer->buffers);
    hra_summary_end(writer->summary);
    hra_attribute_notes_free(writer->notes);
    hra_arena_free(writer->arena);
    hra_atomic_abandon(writer->atomic);
    free(writer);
}
