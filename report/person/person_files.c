#include "report/person/person_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/files/atomic_file.h"
#include "report/person/person_json.h"
#include "report/person/person_key.h"

enum { BATCH_ROWS = 256 };

/* What one thread packs with, kept from slice to slice: the text of a batch is several megabytes. */
typedef struct person_packer {
    hra_text_packer *packer;
    hra_buffer text;
} person_packer;

struct hra_person_file {
    hra_sink sink;
    hra_person_writer writer;
    hra_person_format format;
    person_packer *packers; /* of the threads, for JSON */
    int threads;
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

static hra_code out_of_memory(hra_error *error)
{
    return hra_fail(error, HRA_ENOMEM, "out of memory while writing people");
}

static hra_code format_csv(const hra_person_file *f, int thread, const hra_chunk *chunk, const hra_results *results,
                           hra_buffer *out, hra_error *error)
{
    for (int r = 0; r < results->rows; r++) {
        char number[24];
        hra_person_csv_row(&f->writer, thread, chunk, results, r, hra_person_key(chunk, r, number), out);
    }
    return out->failed ? out_of_memory(error) : HRA_OK;
}

/* The text of a chunk, some forty kilobytes a person, never stands in memory at once: every batch is packed. */
static hra_code format_json(const hra_person_file *f, int thread, const hra_chunk *chunk, const hra_results *results,
                            hra_buffer *out, hra_error *error)
{
    person_packer *p = &f->packers[thread];
    for (int r = 0; r < results->rows; r++) {
        char number[24];
        const hra_person_view *view =
            hra_person_views_build(f->writer.views, thread, chunk, results, r, hra_person_key(chunk, r, number));
        if (!view) return out_of_memory(error);
        hra_person_json(view, &p->text);
        if ((r + 1) % BATCH_ROWS == 0 && !hra_text_packer_add(p->packer, &p->text, out)) return out_of_memory(error);
    }
    return hra_text_packer_add(p->packer, &p->text, out) ? HRA_OK : out_of_memory(error);
}

static void discard(hra_sink *sink, void *prepared)
{
    hra_buffer *text = prepared;
    if (!text) return;
    hra_buffer_destroy(text);
    free(text);
}

static hra_code prepare(hra_sink *sink, int thread, const hra_chunk *chunk, const hra_results *results, void **prepared,
                        hra_error *error)
{
    const hra_person_file *f = (const hra_person_file *)sink;
    hra_buffer *text = calloc(1, sizeof *text);
    if (!text) return hra_out_of_memory(error);
    hra_code code = f->format == HRA_PERSON_CSV ? format_csv(f, thread, chunk, results, text, error)
                                                : format_json(f, thread, chunk, results, text, error);
    if (code == HRA_OK) {
        *prepared = text;
        return HRA_OK;
    }
    discard(sink, text);
    return code;
}

static hra_code commit(hra_sink *sink, const hra_chunk *chunk, const hra_results *results, void *prepared,
                       hra_error *error)
{
    hra_person_file *f = (hra_person_file *)sink;
    hra_buffer *text = prepared;
    if (!text) return HRA_OK;
    size_t length = text->length;
    bool ok = length == 0 || fwrite(text->bytes, 1, length, hra_atomic_stream(f->file)) == length;
    discard(sink, text);
    if (ok) hra_atomic_begin_sync(f->file);
    return ok ? HRA_OK : hra_fail(error, HRA_EIO, "%s: writing failed: %m", hra_atomic_path(f->file));
}

static hra_code write_header(hra_person_file *f, hra_error *error)
{
    if (f->format != HRA_PERSON_CSV) return HRA_OK;
    hra_buffer head = {0};
    hra_person_csv_header(&f->writer, &head);
    bool ok = !head.failed && fwrite(head.bytes, 1, head.length, hra_atomic_stream(f->file)) == head.length;
    hra_buffer_destroy(&head);
    return ok ? HRA_OK : hra_fail(error, HRA_EIO, "%s: writing failed: %m", hra_atomic_path(f->file));
}

static hra_code make_packers(hra_person_file *f, hra_packing packing, hra_error *error)
{
    f->packers = calloc((size_t)f->threads, sizeof *f->packers);
    for (int t = 0; f->packers && t < f->threads; t++)
        if (!(f->packers[t].packer = hra_text_packer_new(packing))) return out_of_memory(error);
    return f->packers ? HRA_OK : out_of_memory(error);
}

static hra_code make_views(hra_person_file *f, const hra_catalogue *catalogue, const hra_graph *graph,
                           const hra_schema *schema, const hra_person_file_options *options, hra_error *error)
{
    hra_person_views_request request = {.catalogue = catalogue,
                                        .schema = schema,
                                        .graph = graph,
                                        .language = options->language,
                                        .as_of = options->as_of,
                                        .threads = options->threads,
                                        .previous = options->previous,
                                        .runs = options->runs,
                                        .signoffs = options->signoffs};
    return hra_person_views_new(&request, &f->writer.views, error);
}

hra_code hra_person_file_new(const char *path, const hra_catalogue *catalogue, const hra_graph *graph,
                             const hra_schema *schema, const hra_person_file_options *options, hra_person_file **out,
                             hra_error *error)
{
    hra_person_file *f = calloc(1, sizeof *f);
    if (!f) return hra_out_of_memory(error);
    *f = (hra_person_file){.sink = {.prepare = prepare, .commit = commit, .discard = discard},
                           .format = options->format,
                           .threads = options->threads,
                           .writer = {.catalogue = catalogue, .schema = schema}};
    bool is_json = options->format == HRA_PERSON_JSON;
    hra_code code = is_json ? make_views(f, catalogue, graph, schema, options, error)
                            : hra_status_writer_new(graph, schema, options->threads, &f->writer.status, error);
    if (code == HRA_OK && is_json) code = make_packers(f, options->packing, error);
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
    hra_person_views_free(file->writer.views);
    for (int t = 0; file->packers && t < file->threads; t++) {
        hra_text_packer_free(file->packers[t].packer);
        hra_buffer_destroy(&file->packers[t].text);
    }
    free(file->packers);
    free(file);
}
