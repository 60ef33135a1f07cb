#include "report/status_writer.h"

#include <stdlib.h>
#include <string.h>

#include "engine/run/status.h"

/* What one thread walks with. The person is loaded once per row, whatever the number of outputs. */
typedef struct walker {
    hra_judge *judge;
    double *inputs;
    bool *columns; /* unknown and needed, per schema column */
    bool *absent;  /* and per dictionary variable that no column holds */
    const char **names;
    const hra_chunk *chunk;
    int row;
} walker;

struct hra_status_writer {
    const hra_schema *schema;
    walker *walkers;
    int threads;
};

hra_code hra_status_writer_new(const hra_graph *graph, const hra_schema *schema, int threads, hra_status_writer **out,
                               hra_error *error)
{
    hra_status_writer *w = calloc(1, sizeof *w);
    size_t columns = (size_t)schema->column_count + 1, variables = (size_t)hra_dictionary_count(schema->dictionary) + 1;
    if (w) w->walkers = calloc((size_t)threads, sizeof *w->walkers);
    if (!w || !w->walkers) {
        free(w);
        return hra_fail(error, HRA_ENOMEM, "out of memory");
    }
    w->schema = schema;
    w->threads = threads;
    for (int t = 0; t < threads; t++) {
        walker *k = &w->walkers[t];
        *k = (walker){.judge = hra_judge_new(graph),
                      .inputs = calloc(columns, sizeof *k->inputs),
                      .columns = calloc(columns, sizeof *k->columns),
                      .absent = calloc(variables, sizeof *k->absent),
                      .names = calloc(variables, sizeof *k->names)};
        if (!k->judge || !k->inputs || !k->columns || !k->absent || !k->names) {
            hra_status_writer_free(w);
            return hra_fail(error, HRA_ENOMEM, "out of memory");
        }
    }
    *out = w;
    return HRA_OK;
}

void hra_status_writer_free(hra_status_writer *writer)
{
    if (!writer) return;
    for (int t = 0; t < writer->threads; t++) {
        walker *k = &writer->walkers[t];
        hra_judge_free(k->judge);
        free(k->inputs);
        free(k->columns);
        free(k->absent);
        free(k->names);
    }
    free(writer->walkers);
    free(writer);
}

/* Names of the marked variables in dictionary order, each once. */
static int missing_names(const hra_schema *schema, walker *k)
{
    int count = 0;
    for (int c = 0; c < schema->column_count; c++)
        if (k->columns[c]) k->absent[schema->columns[c].variable] = true;
    for (int v = 0; v < hra_dictionary_count(schema->dictionary); v++)
        if (k->absent[v]) k->names[count++] = hra_dictionary_at(schema->dictionary, v)->name;
    return count;
}

void hra_status_write(hra_status_writer *writer, int thread, const hra_chunk *chunk, int row, const hra_output *output,
                      unsigned status, hra_buffer *out)
{
    walker *k = &writer->walkers[thread];
    int count = 0;
    if (status & HRA_STATUS_MISSING) {
        if (k->chunk != chunk || k->row != row) {
            hra_chunk_person(writer->schema, chunk, row, k->inputs);
            hra_judge_person(k->judge, k->inputs);
            k->chunk = chunk;
            k->row = row;
        }
        memset(k->columns, 0, (size_t)writer->schema->column_count * sizeof *k->columns);
        memset(k->absent, 0, (size_t)hra_dictionary_count(writer->schema->dictionary) * sizeof *k->absent);
        hra_judge_missing_all(k->judge, output->value, k->columns, k->absent);
        count = missing_names(writer->schema, k);
    }
    hra_status_text(status, k->names, count, out);
}
