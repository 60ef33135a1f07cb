#include "report/results/result_csv.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/results/result_rows.h"

/* Text of one chunk. What was written is used again: its memory is at hand. */
typedef struct chunk_text {
    hra_buffer bytes;
    struct chunk_text *next; /* of those not in use */
} chunk_text;

struct hra_result_csv {
    hra_sink sink;
    hra_result_rows *rows;
    hra_atomic_file *file; /* NULL: standard output */
    int64_t rows_written;
    size_t bytes_waiting; /* for their way to the disk */
    pthread_mutex_t lock;
    chunk_text *unused;
};

enum { BYTES_AT_ONCE = 4 << 20 };

static chunk_text *take_text(hra_result_csv *csv)
{
    pthread_mutex_lock(&csv->lock);
    chunk_text *text = csv->unused;
    if (text) csv->unused = text->next;
    pthread_mutex_unlock(&csv->lock);
    if (!text) return calloc(1, sizeof *text);
    hra_buffer_clear(&text->bytes);
    return text;
}

static void give_back(hra_result_csv *csv, chunk_text *text)
{
    pthread_mutex_lock(&csv->lock);
    text->next = csv->unused;
    csv->unused = text;
    pthread_mutex_unlock(&csv->lock);
}

static void discard(hra_sink *sink, void *prepared)
{
    if (prepared) give_back((hra_result_csv *)sink, prepared);
}

static hra_code prepare(hra_sink *sink, int thread, const hra_chunk *chunk, const hra_results *results, void **prepared,
                        hra_error *error)
{
    hra_result_csv *csv = (hra_result_csv *)sink;
    chunk_text *text = take_text(csv);
    if (!text) return hra_out_of_memory(error);
    hra_code code = hra_result_rows_format(csv->rows, thread, chunk, results, &text->bytes, error);
    if (code == HRA_OK)
        *prepared = text;
    else
        give_back(csv, text);
    return code;
}

static FILE *stream_of(const hra_result_csv *csv) { return csv->file ? hra_atomic_stream(csv->file) : stdout; }

/* Without a stored key the row number, from 1, is the key. It is known only here, in order. */
static bool write_numbered(FILE *out, const hra_buffer *text, int64_t first)
{
    const char *line = text->bytes, *end = text->bytes + text->length;
    for (int64_t row = first; line < end; row++) {
        const char *next = memchr(line, '\n', (size_t)(end - line));
        next = next ? next + 1 : end;
        if (fprintf(out, "%lld", (long long)(row + 1)) < 0) return false;
        if (fwrite(line, 1, (size_t)(next - line), out) != (size_t)(next - line)) return false;
        line = next;
    }
    return true;
}

static hra_code cannot_write(const hra_result_csv *csv, hra_error *error)
{
    const char *where = csv->file ? hra_atomic_path(csv->file) : "standard output";
    return hra_fail(error, HRA_EIO, "%s: writing results failed: %m", where);
}

static void begin_sync(hra_result_csv *csv, size_t written)
{
    csv->bytes_waiting += written;
    if (!csv->file || csv->bytes_waiting < BYTES_AT_ONCE) return;
    hra_atomic_begin_sync(csv->file);
    csv->bytes_waiting = 0;
}

static hra_code commit(hra_sink *sink, const hra_chunk *chunk, const hra_results *results, void *prepared,
                       hra_error *error)
{
    hra_result_csv *csv = (hra_result_csv *)sink;
    if (!prepared) return HRA_OK;
    const hra_buffer *text = &((chunk_text *)prepared)->bytes;
    FILE *out = stream_of(csv);
    bool ok = true;
    if (text->length > 0) /* a slice behind the end of a short chunk has no rows */
        ok = chunk->keys ? fwrite(text->bytes, 1, text->length, out) == text->length
                         : write_numbered(out, text, csv->rows_written);
    csv->rows_written += results->rows;
    if (!ok) cannot_write(csv, error);
    if (ok) begin_sync(csv, text->length);
    discard(sink, prepared);
    return ok ? HRA_OK : HRA_EIO;
}

static hra_code write_header(const hra_result_csv *csv, hra_error *error)
{
    hra_buffer head = {0};
    hra_result_rows_header(csv->rows, &head);
    hra_code code = HRA_OK;
    if (head.failed)
        code = hra_out_of_memory(error);
    else if (fwrite(head.bytes, 1, head.length, stream_of(csv)) != head.length)
        code = cannot_write(csv, error);
    hra_buffer_destroy(&head);
    return code;
}

hra_code hra_result_csv_new(const char *path, const hra_graph *graph, const hra_output *outputs, int output_count,
                            const hra_schema *schema, const hra_result_csv_options *options, hra_result_csv **out,
                            hra_error *error)
{
    hra_result_csv *csv = calloc(1, sizeof *csv);
    if (!csv) return hra_out_of_memory(error);
    *csv = (hra_result_csv){.sink = {.prepare = prepare, .commit = commit, .discard = discard}};
    pthread_mutex_init(&csv->lock, NULL);
    hra_code code = hra_result_rows_new(graph, outputs, output_count, schema, options->full_precision, options->threads,
                                        &csv->rows, error);
    if (code == HRA_OK && strcmp(path, "-") != 0) code = hra_atomic_open(path, &csv->file, error);
    if (code == HRA_OK) code = write_header(csv, error);
    if (code != HRA_OK) {
        hra_result_csv_free(csv);
        return code;
    }
    *out = csv;
    return HRA_OK;
}

hra_sink *hra_result_csv_sink(hra_result_csv *csv) { return &csv->sink; }

hra_code hra_result_csv_finish(hra_result_csv *csv, hra_atomic_file **file, hra_error *error)
{
    *file = csv->file;
    csv->file = NULL;
    if (*file || fflush(stdout) == 0) return HRA_OK;
    return cannot_write(csv, error);
}

void hra_result_csv_free(hra_result_csv *csv)
{
    if (!csv) return;
    hra_atomic_abandon(csv->file);
    for (chunk_text *text = csv->unused; text;) {
        chunk_text *next = text->next;
        hra_buffer_destroy(&text->bytes);
        free(text);
        text = next;
    }
    hra_result_rows_free(csv->rows);
    pthread_mutex_destroy(&csv->lock);
    free(csv);
}
