#include "cli/importing.h"

#include <stdlib.h>
#include <string.h>

#include "cli/progress.h"

typedef struct store_sink {
    hra_sink base;
    hra_store_writer *writer;
} store_sink;

static hra_code append(hra_sink *sink, const hra_chunk *chunk, const hra_results *results, void *prepared,
                       hra_error *error)
{
    return hra_store_writer_append(((store_sink *)sink)->writer, chunk, error);
}

/* Base names and hashes of the inputs, for the store's provenance. */
static hra_code finish_store(const hra_import_request *q, const hra_input *input, int64_t rows_rejected,
                             hra_store_writer *writer, hra_error *error)
{
    size_t n = (size_t)q->path_count;
    const char **names = calloc(n, sizeof *names), **hashes = calloc(n, sizeof *hashes);
    char(*hex)[65] = calloc(n, sizeof *hex);
    hra_code code = names && hashes && hex ? HRA_OK : hra_fail(error, HRA_ENOMEM, "out of memory");
    for (size_t i = 0; i < n && code == HRA_OK; i++) {
        const char *slash = strrchr(q->paths[i], '/');
        names[i] = slash ? slash + 1 : q->paths[i];
        hashes[i] = hex[i];
        code = hra_file_hash(q->paths[i], hex[i], error);
    }
    if (code == HRA_OK) {
        hra_store_facts facts = {.definitions_hash = hra_library_hash(q->library),
                                 .command = q->command,
                                 .key_fingerprint = input->identity ? hra_identity_fingerprint(input->identity) : "",
                                 .files = names,
                                 .file_hashes = hashes,
                                 .file_count = q->path_count,
                                 .rows_rejected = rows_rejected};
        code = hra_store_writer_finish(writer, &facts, error);
    }
    free(names);
    free(hashes);
    free(hex);
    return code;
}

hra_code hra_import_files(const hra_import_request *q, hra_buffer *report, hra_run_facts *facts, hra_error *error)
{
    hra_input input = {0};
    store_sink sink = {.base = {.commit = append}};
    hra_csv_options csv = *q->csv;
    csv.spill_beside = q->store;
    hra_code code = hra_setup_input(q->paths, q->path_count, q->library, q->input, &csv, &input, error);
    if (code == HRA_OK) code = hra_setup_check_columns("import", &input, true, error);
    if (code == HRA_OK) code = hra_store_writer_new(q->store, input.source->schema, q->encoding, &sink.writer, error);
    if (code == HRA_OK) {
        hra_progress_bar bar = hra_progress_bar_start("importing", q->quiet);
        hra_run_options options = {.threads = q->threads,
                                   .stop = &hra_setup_stop,
                                   .progress = hra_progress_bar_show,
                                   .progress_context = &bar};
        hra_sink *sinks[] = {&sink.base};
        input.source->want_keys = true;
        code = hra_run(input.source, NULL, sinks, 1, &options, facts, error);
        hra_progress_bar_end(&bar);
    }
    if (code == HRA_OK) code = hra_csv_finish(input.source, error);
    if (code == HRA_OK) code = finish_store(q, &input, facts->rows_rejected, sink.writer, error);
    if (input.source && report) hra_csv_report_print(input.source, report);
    if (input.source && q->columns_json) hra_csv_report_json(input.source, q->columns_json);
    hra_store_writer_free(sink.writer);
    hra_setup_close(&input);
    return code;
}
