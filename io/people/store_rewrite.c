#include "io/people/store_rewrite.h"

#include <stdlib.h>
#include <string.h>

#include "engine/run/source_walk.h"

struct hra_store_others {
    const hra_schema *schema;
    hra_row_goes *goes;
    void *context;
    hra_codes *columns; /* of the part of a chunk that is handed on */
    hra_label_codes *labels;
    hra_exception *exceptions;
    hra_cell_mark *marks;
    int exception_room, mark_room;
};

hra_code hra_store_others_new(const hra_schema *schema, hra_row_goes *goes, void *context, hra_store_others **out,
                              hra_error *error)
{
    hra_store_others *o = calloc(1, sizeof *o);
    if (!o) return hra_out_of_memory(error);
    *o = (hra_store_others){.schema = schema, .goes = goes, .context = context};
    o->columns = calloc((size_t)schema->column_count + 1, sizeof *o->columns);
    o->labels = calloc((size_t)schema->label_count + 1, sizeof *o->labels);
    if (!o->columns || !o->labels) {
        hra_store_others_free(o);
        return hra_out_of_memory(error);
    }
    *out = o;
    return HRA_OK;
}

void hra_store_others_free(hra_store_others *o)
{
    if (!o) return;
    free(o->columns);
    free(o->labels);
    free(o->exceptions);
    free(o->marks);
    free(o);
}

/* Room for all exceptions and marks of a chunk. */
static hra_code make_room(hra_store_others *o, const hra_chunk *chunk, hra_error *error)
{
    if (chunk->exception_count > o->exception_room) {
        hra_exception *more = realloc(o->exceptions, (size_t)chunk->exception_count * sizeof *more);
        if (!more) return hra_out_of_memory(error);
        o->exceptions = more;
        o->exception_room = chunk->exception_count;
    }
    if (chunk->mark_count > o->mark_room) {
        hra_cell_mark *more = realloc(o->marks, (size_t)chunk->mark_count * sizeof *more);
        if (!more) return hra_out_of_memory(error);
        o->marks = more;
        o->mark_room = chunk->mark_count;
    }
    return HRA_OK;
}

/* Where the lists, which are in the order of rows, have been read to. */
typedef struct place {
    int exception, mark;
} place;

static void take_sparse(hra_store_others *o, const hra_chunk *chunk, int from, int count, place *at, hra_chunk *part)
{
    part->exceptions = o->exceptions;
    part->exception_count = part->mark_count = 0;
    part->marks = o->marks;
    for (; at->exception < chunk->exception_count; at->exception++) {
        hra_exception x = chunk->exceptions[at->exception];
        if (x.row >= from + count) break;
        x.row -= from;
        if (x.row >= 0) o->exceptions[part->exception_count++] = x;
    }
    for (; at->mark < chunk->mark_count; at->mark++) {
        hra_cell_mark m = chunk->marks[at->mark];
        if (m.row >= from + count) break;
        m.row -= from;
        if (m.row >= 0) o->marks[part->mark_count++] = m;
    }
}

static hra_code append_part(hra_store_others *o, const hra_chunk *chunk, int from, int count, place *at,
                            hra_store_writer *writer, hra_error *error)
{
    hra_chunk part = *chunk;
    part.rows = count;
    part.columns = o->columns;
    part.labels = o->labels;
    for (int i = 0; i < o->schema->column_count; i++) {
        o->columns[i] = chunk->columns[i];
        if (o->columns[i].u16) o->columns[i].u16 += from;
        if (o->columns[i].u32) o->columns[i].u32 += from;
    }
    for (int i = 0; i < o->schema->label_count; i++) {
        o->labels[i] = chunk->labels[i];
        if (o->labels[i].index) o->labels[i].index += from;
    }
    if (part.keys) part.keys += from;
    if (part.source_lines) part.source_lines += from;
    if (part.source_files) part.source_files += from;
    take_sparse(o, chunk, from, count, at, &part);
    return hra_store_writer_append(writer, &part, error);
}

hra_code hra_store_others_append(hra_store_others *o, const hra_chunk *chunk, hra_store_writer *writer,
                                 hra_error *error)
{
    place at = {0};
    HRA_TRY(make_room(o, chunk, error));
    for (int from = 0, row = 0; row <= chunk->rows; row++) {
        if (row < chunk->rows && !o->goes(o->context, chunk, row)) continue;
        if (row > from) HRA_TRY(append_part(o, chunk, from, row - from, &at, writer, error));
        from = row + 1;
    }
    return HRA_OK;
}

static hra_store_encoding encoding_of(const hra_source *source)
{
    hra_store_encoding found = HRA_STORE_RAW;
    for (int i = 0; i < source->schema->column_count; i++) {
        const char *name;
        uint64_t bytes;
        hra_store_column_facts(source, i, &name, &bytes);
        if (strcmp(name, "scale-offset") == 0) return HRA_STORE_SCALE_OFFSET;
        if (strstr(name, "deflate")) found = HRA_STORE_DEFLATE;
    }
    return found;
}

typedef struct rewriting {
    hra_store_others *others;
    hra_store_writer *writer;
} rewriting;

static hra_code append_chunk(void *user, const hra_chunk *chunk, hra_error *error)
{
    rewriting *r = user;
    return hra_store_others_append(r->others, chunk, r->writer, error);
}

static hra_code rewrite(rewriting *r, hra_source *source, const char *path, hra_error *error)
{
    const hra_store_about *about = hra_store_describe(source);
    HRA_TRY(hra_store_writer_new(path, source->schema, encoding_of(source), &r->writer, error));
    HRA_TRY(hra_source_walk(source, append_chunk, r, error));
    hra_store_facts facts = {.definitions_hash = about->definitions_hash,
                             .command = about->command,
                             .key_fingerprint = about->key_fingerprint,
                             .files = about->files,
                             .file_hashes = about->file_hashes,
                             .file_count = about->file_count,
                             .rows_rejected = about->rows_rejected};
    return hra_store_writer_finish(r->writer, &facts, error);
}

hra_code hra_store_rewrite(hra_source *source, const char *path, hra_row_goes *goes, void *context, hra_error *error)
{
    rewriting r = {0};
    source->wanted = NULL;
    source->want_keys = source->want_marks = true;
    hra_code code = hra_store_others_new(source->schema, goes, context, &r.others, error);
    if (code == HRA_OK) code = rewrite(&r, source, path, error);
    hra_store_writer_free(r.writer);
    hra_store_others_free(r.others);
    return code;
}
