#include "report/person_files.h"

#include <libdeflate.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/run/judge.h"
#include "io/atomic_file.h"

struct hra_person_file {
    hra_sink sink;
    hra_person_writer writer;
    hra_person_format format;
    hra_atomic_file *file;
};

const char *hra_chunk_label(const hra_schema *schema, const hra_chunk *chunk, int row, const char *name)
{
    for (int l = 0; l < schema->label_count; l++) {
        if (strcmp(hra_dictionary_at(schema->dictionary, schema->labels[l])->name, name) != 0) continue;
        int text = chunk->labels[l].index ? chunk->labels[l].index[row] : -1;
        return text >= 0 ? chunk->labels[l].texts[text] : "";
    }
    return "";
}

static hra_code format_rows(const hra_person_file *f, int thread, const hra_chunk *chunk, const hra_results *results,
                            hra_buffer *text, hra_error *error)
{
    double *inputs = malloc(((size_t)f->writer.schema->column_count + 1) * sizeof *inputs);
    if (!inputs) return hra_fail(error, HRA_ENOMEM, "out of memory while writing people");
    for (int r = 0; r < results->rows; r++) {
        char number[24];
        snprintf(number, sizeof number, "%lld", (long long)(chunk->first_row + r + 1));
        const char *key = chunk->keys ? chunk->keys[r] : number;
        if (f->format == HRA_PERSON_CSV) {
            hra_person_csv_row(&f->writer, thread, chunk, results, r, key, text);
        } else {
            hra_chunk_person(f->writer.schema, chunk, r, inputs);
            hra_person_json_row(&f->writer, thread, chunk, results, r, inputs, key, text);
        }
    }
    free(inputs);
    return text->failed ? hra_fail(error, HRA_ENOMEM, "out of memory while writing people") : HRA_OK;
}

/* Every chunk becomes a gzip member of its own: members one after the other are one valid gzip file. */
static hra_code compress(hra_buffer *text, hra_error *error)
{
    struct libdeflate_compressor *c = libdeflate_alloc_compressor(1);
    hra_buffer packed = {0};
    size_t bound = c ? libdeflate_gzip_compress_bound(c, text->length) : 0;
    char *to = c ? hra_buffer_reserve(&packed, bound) : NULL;
    if (to) packed.length = libdeflate_gzip_compress(c, text->bytes, text->length, to, bound);
    libdeflate_free_compressor(c);
    hra_buffer_destroy(text);
    *text = packed;
    return to && packed.length ? HRA_OK : hra_fail(error, HRA_ENOMEM, "out of memory while writing people");
}

static hra_code prepare(hra_sink *sink, int thread, const hra_chunk *chunk, const hra_results *results, void **prepared,
                        hra_error *error)
{
    const hra_person_file *f = (const hra_person_file *)sink;
    hra_buffer *text = calloc(1, sizeof *text);
    if (!text) return hra_fail(error, HRA_ENOMEM, "out of memory");
    hra_code code = format_rows(f, thread, chunk, results, text, error);
    if (code == HRA_OK && f->format == HRA_PERSON_JSON_GZ && text->length) code = compress(text, error);
    if (code == HRA_OK) {
        *prepared = text;
        return HRA_OK;
    }
    hra_buffer_destroy(text);
    free(text);
    return code;
}

static hra_code commit(hra_sink *sink, const hra_chunk *chunk, const hra_results *results, void *prepared,
                       hra_error *error)
{
    hra_person_file *f = (hra_person_file *)sink;
    hra_buffer *text = prepared;
    if (!text) return HRA_OK;
    size_t length = text->length;
    bool ok = fwrite(text->bytes, 1, length, hra_atomic_stream(f->file)) == length;
    hra_buffer_destroy(text);
    free(text);
    return ok ? HRA_OK : hra_fail(error, HRA_EIO, "writing the per-person file failed: %m");
}

/* The information list shows each value that can be known, in the dictionary's order. */
static hra_code list_columns(hra_person_writer *w, hra_error *error)
{
    w->columns = calloc((size_t)w->schema->column_count + 1, sizeof *w->columns);
    if (!w->columns) return hra_fail(error, HRA_ENOMEM, "out of memory");
    for (int v = 0; v < hra_dictionary_count(w->schema->dictionary); v++)
        for (int c = 0; c < w->schema->column_count; c++)
            if (w->schema->columns[c].variable == v) w->columns[w->column_count++] = c;
    return HRA_OK;
}

static hra_code write_header(hra_person_file *f, hra_error *error)
{
    if (f->format != HRA_PERSON_CSV) return HRA_OK;
    hra_buffer head = {0};
    hra_person_csv_header(&f->writer, &head);
    bool ok = !head.failed && fwrite(head.bytes, 1, head.length, hra_atomic_stream(f->file)) == head.length;
    hra_buffer_destroy(&head);
    return ok ? HRA_OK : hra_fail(error, HRA_EIO, "writing the per-person file failed: %m");
}

hra_code hra_person_file_new(const char *path, const hra_catalogue *catalogue, const hra_graph *graph,
                             const hra_schema *schema, const hra_person_file_options *options, hra_person_file **out,
                             hra_error *error)
{
    hra_person_file *f = calloc(1, sizeof *f);
    if (!f) return hra_fail(error, HRA_ENOMEM, "out of memory");
    *f = (hra_person_file){.sink = {.prepare = prepare, .commit = commit},
                           .format = options->format,
                           .writer = {.catalogue = catalogue, .schema = schema, .language = options->language}};
    hra_code code = hra_status_writer_new(graph, schema, options->threads, &f->writer.status, error);
    if (code == HRA_OK) code = list_columns(&f->writer, error);
    if (code == HRA_OK) code = hra_atomic_open(path, &f->file, error);
    if (code == HRA_OK) code = write_header(f, error);
    if (code != HRA_OK) {
        hra_person_file_free(f);
        return code;
    }
    *out = f;
    return HRA_OK;
}

hra_sink *hra_person_file_sink(hra_person_file *file) { return &file->sink; }

hra_code hra_person_file_finish(hra_person_file *file, hra_error *error)
{
    hra_atomic_file *atomic = file->file;
    file->file = NULL;
    return hra_atomic_commit(atomic, error);
}

void hra_person_file_free(hra_person_file *file)
{
    if (!file) return;
    hra_atomic_abandon(file->file);
    hra_status_writer_free(file->writer.status);
    free(file->writer.columns);
    free(file);
}
