/* Any bytes as a table: text intake must end, without leaks or faults, and agree with itself: what is read in one batch
 * is what is read in many, and cells of a record are as many as were counted. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/language/library.h"
#include "io/csv/csv_cells.h"
#include "io/csv/csv_records.h"
#include "io/csv/csv_source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fail(const char *what)
{
    fprintf(stderr, "%s\n", what);
    abort();
}

static const hra_library *shared_library(void)
{
    static hra_library *library;
    if (library) return library;
    hra_diagnostics *faults = hra_diagnostics_new();
    library = hra_library_new();
    if (hra_library_check(library, faults, NULL) != HRA_OK) fail("no dictionary");
    hra_diagnostics_free(faults);
    return library;
}

/* Every record's cells, counted while cutting and while reading. */
static void check_records(const char *path)
{
    hra_text_facts facts;
    hra_record_reader *reader;
    hra_batch batch = {0};
    hra_buffer scratch = {0};
    if (hra_text_examine(path, NULL, &facts, NULL) != HRA_OK) return;
    if (hra_record_reader_open(path, &facts, 0, &reader, NULL) != HRA_OK) fail("examined but not opened");
    int64_t line = 0;
    while (hra_record_reader_next(reader, 7, 1 << 16, &batch, NULL) == HRA_OK && batch.count > 0)
        for (int i = 0; i < batch.count; i++) {
            const hra_record *record = &batch.records[i];
            hra_cells cells = hra_cells_begin(batch.text.bytes + record->start, record->length,
                                              hra_record_reader_delimiter(reader), &scratch);
            uint32_t n = 0;
            for (; !cells.done; n++) hra_cells_next(&cells);
            if (record->fault == HRA_RECORD_GOOD && n != record->cells) fail("cells counted differently");
            if (record->line <= line) fail("lines run backwards");
            line = record->line;
        }
    hra_record_reader_close(reader);
    hra_batch_destroy(&batch);
    hra_buffer_destroy(&scratch);
}

static void check_source(const char *path, hra_duplicate_rule rule)
{
    hra_csv_options options = {
        .enforce_hard_limits = rule != HRA_DUPLICATE_KEEP_ALL, .duplicates = rule, .duplicate_bytes = 1};
    hra_source *source;
    hra_error error;
    if (hra_csv_open(&path, 1, hra_library_dictionary(shared_library()), &options, &source, &error) != HRA_OK) return;
    int64_t rows = 0, rejected = 0, sequence;
    void *ticket;
    hra_chunk chunk;
    while (source->claim(source, &sequence, &ticket, &error) == HRA_OK && sequence >= 0) {
        if (source->fill(source, sequence, ticket, &chunk, &error) != HRA_OK) fail(error.message);
        rows += chunk.rows;
        rejected += chunk.rejected;
        source->release(source, &chunk);
    }
    const hra_csv_report *report = hra_csv_file_report(source, 0);
    if (report->rows != rows + rejected || report->rows_rejected != rejected) fail("rows were lost");
    for (int c = 0; c < source->schema->column_count; c++)
        if (report->values[c].known + report->values[c].missing + report->values[c].rejected < rows)
            fail("values were lost");
    source->close(source);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[] = "/tmp/hra-fuzz-XXXXXX";
    int descriptor = mkstemp(path);
    if (descriptor < 0) fail("no temporary file");
    if (write(descriptor, data, size) != (ssize_t)size) fail("cannot write the temporary file");
    close(descriptor);
    check_records(path);
    check_source(path, HRA_DUPLICATE_KEEP_ALL);
    check_source(path, HRA_DUPLICATE_KEEP_FIRST);
    check_source(path, HRA_DUPLICATE_KEEP_LAST);
    unlink(path);
    return 0;
}
