/* Any bytes as a population store: opened and read to the end, or refused with a message. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/language/library.h"
#include "io/people/population_store.h"
#include "io/results/result_info.h"

enum { MAX_CHUNKS = 3 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char definitions[] =
    "variable fx_age { type count unit \"year\" decimals 0 hard 0..120 title \"Age\" }\n"
    "variable fx_sex { type category title \"Sex\" level male 1 level female 2 }\n"
    "variable fx_tc { type measure unit \"mmol/L\" decimals 2 hard 0.5..40 title \"TC\" convert \"mg/dL\" 0.02586 }\n"
    "variable fx_diabetes { type flag title \"Diabetes\" }\n"
    "variable fx_group_id { type label title \"Group\" }\n";

static const hra_dictionary *dictionary(void)
{
    static hra_library *library;
    if (library) return hra_library_dictionary(library);
    hra_diagnostics *diagnostics = hra_diagnostics_new();
    hra_error error;
    library = hra_library_new();
    if (hra_library_add_text(library, "fuzz.hra", definitions, sizeof definitions - 1, diagnostics, &error) ||
        hra_library_check(library, diagnostics, &error))
        abort();
    hra_diagnostics_free(diagnostics);
    return hra_library_dictionary(library);
}

/* Every code must be one of its column's, every label in its table: what the engine relies on. */
static void check_chunk(const hra_schema *schema, const hra_chunk *chunk)
{
    for (int c = 0; c < schema->column_count; c++) {
        const hra_codes *codes = &chunk->columns[c];
        uint32_t last = hra_column_escape(&schema->columns[c]);
        for (int i = 0; i < chunk->rows; i++)
            if (hra_code_at(codes, i) > last) abort();
    }
    for (int l = 0; l < schema->label_count; l++)
        for (int i = 0; i < chunk->rows; i++)
            if (chunk->labels[l].index[i] < -1 || chunk->labels[l].index[i] >= chunk->labels[l].text_count) abort();
    for (int i = 1; i < chunk->exception_count; i++)
        if (chunk->exceptions[i].row < chunk->exceptions[i - 1].row) abort();
}

static void read_store(const char *path)
{
    hra_source *source;
    hra_error error = {0};
    if (hra_store_open(path, dictionary(), &source, &error)) {
        if (!error.message[0]) abort();
        return;
    }
    source->want_keys = true;
    for (int i = 0; i < MAX_CHUNKS; i++) {
        int64_t sequence;
        void *ticket;
        hra_chunk chunk;
        if (source->claim(source, &sequence, &ticket, &error) || sequence < 0) break;
        if (source->fill(source, sequence, ticket, &chunk, &error)) break;
        check_chunk(source->schema, &chunk);
        source->release(source, &chunk);
    }
    source->close(source);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[] = "/tmp/hra-fuzz-XXXXXX";
    int file = mkstemp(path);
    if (file < 0) abort();
    if (write(file, data, size) != (ssize_t)size) abort();
    close(file);
    read_store(path);
    hra_arena *arena = hra_arena_new();
    hra_result_info info;
    hra_error error;
    if (arena) hra_result_info_read(path, arena, &info, &error);
    hra_arena_free(arena);
    unlink(path);
    return 0;
}
