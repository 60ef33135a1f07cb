/* Scoring tables: a schema becomes a scorer, a struct array becomes a struct array. */
#include <stdlib.h>
#include <string.h>

#include "api/arrow_result.h"

/* ---- opening ---------------------------------------------------------------------- */

static hra_code column_names(const struct ArrowSchema *table, hra_arena *arena, const char ***out, hra_error *error)
{
    if (!table->release) return hra_fail(error, HRA_EUSAGE, "the schema of the table was released");
    if (!table->format || strcmp(table->format, "+s") != 0)
        return hra_fail(error, HRA_EUSAGE, "a table is a struct array, '+s', not '%s'",
                        table->format ? table->format : "");
    if (table->n_children < 0 || table->n_children > INT32_MAX || (table->n_children > 0 && !table->children))
        return hra_fail(error, HRA_EUSAGE, "the schema of the table has no children");
    const char **names = hra_arena_alloc(arena, ((size_t)table->n_children + 1) * sizeof *names);
    for (int64_t c = 0; names && c < table->n_children; c++) {
        const struct ArrowSchema *column = table->children[c];
        if (!column || !column->release || !column->name)
            return hra_fail(error, HRA_EUSAGE, "column %lld of the table (from 0) has no name", (long long)c);
        names[c] = hra_arena_text(arena, column->name);
        if (!names[c]) names = NULL;
    }
    *out = names;
    return names ? HRA_OK : hra_out_of_memory(error);
}

static hra_code bind_columns(hra_scorer *s, const struct ArrowSchema *table, const char *const *names, hra_error *error)
{
    s->arrow = hra_arena_alloc(s->arena, ((size_t)s->schema.column_count + 1) * sizeof *s->arrow);
    if (!s->arrow) return hra_out_of_memory(error);
    for (int c = 0; c < s->schema.column_count; c++) {
        const hra_variable *v = hra_dictionary_at(s->schema.dictionary, s->schema.columns[c].variable);
        HRA_TRY(hra_arrow_column_bind(table->children[c], v, &s->arrow[c], error));
        s->arrow[c].name = names[c];
    }
    return HRA_OK;
}

static hra_code keep_words(hra_scorer *s, hra_error *error)
{
    s->status_words = hra_words_of_statuses();
    s->level_words = hra_arena_alloc(s->arena, ((size_t)s->output_count + 1) * sizeof *s->level_words);
    if (!s->status_words || !s->level_words) return hra_out_of_memory(error);
    for (int i = 0; i < s->output_count; i++) {
        const hra_output *output = &s->outputs[i];
        if (output->kind != HRA_OUTPUT_CATEGORY) continue;
        if (output->level_count > INT16_MAX)
            return hra_fail(error, HRA_EDEFINITION, "'%s' has more than %d levels", output->id, INT16_MAX);
        s->level_words[i] = hra_words_new(output->levels, output->level_count);
        if (!s->level_words[i]) return hra_out_of_memory(error);
    }
    return HRA_OK;
}

hra_code hra_scorer_open_arrow(const hra_engine *engine, const char *request, const struct ArrowSchema *table,
                               hra_scorer **out, hra_error *error)
{
    hra_plan_request read;
    hra_scorer *scorer = NULL;
    const char **names = NULL;
    hra_arena *arena = hra_arena_new();
    if (!arena) return hra_out_of_memory(error);
    hra_code code = column_names(table, arena, &names, error);
    if (code == HRA_OK) code = hra_request_read(request, arena, &read, error);
    if (code != HRA_OK) {
        hra_arena_free(arena);
        return code;
    }
    HRA_TRY(hra_scorer_compile(engine, &read, arena, names, (int)table->n_children, &scorer, error));
    code = bind_columns(scorer, table, names, error);
    if (code == HRA_OK) code = keep_words(scorer, error);
    if (code == HRA_OK)
        *out = scorer;
    else
        hra_scorer_free(scorer);
    return code;
}

/* ---- running ------------------------------------------------------------------------ */

typedef struct table_reader {
    hra_value_reader base;
    hra_arrow_view *columns;
    const uint8_t *valid; /* of the rows, from `first` on; NULL: all are */
    size_t first;
} table_reader;

static void read_column(const hra_value_reader *base, int column, size_t first, int rows, double *values)
{
    const table_reader *reader = (const table_reader *)base;
    hra_arrow_view_read(&reader->columns[column], first, rows, values);
    if (reader->valid) hra_arrow_blank(reader->valid, reader->first + first, rows, values);
}

typedef struct table_sink {
    hra_sink base;
    const hra_scorer *scorer;
    struct ArrowArray *results;
} table_sink;

static hra_code put_results(hra_sink *base, int thread, const hra_chunk *chunk, const hra_results *results,
                            void **prepared, hra_error *error)
{
    const table_sink *sink = (const table_sink *)base;
    return hra_arrow_result_put(sink->scorer, chunk, results, sink->results, error);
}

static hra_code check_table(const hra_scorer *scorer, const struct ArrowArray *table, hra_error *error)
{
    if (!scorer->arrow) return hra_fail(error, HRA_EUSAGE, "the scorer was not opened for tables");
    if (!table->release) return hra_fail(error, HRA_EUSAGE, "the table was released");
    if (table->n_children != scorer->schema.column_count || (table->n_children > 0 && !table->children))
        return hra_fail(error, HRA_EUSAGE, "the table has %lld columns, its schema had %d",
                        (long long)table->n_children, scorer->schema.column_count);
    if (table->length < 0 || table->offset < 0 || table->offset > INT64_MAX - table->length)
        return hra_fail(error, HRA_EUSAGE, "the table has %lld rows from %lld on", (long long)table->length,
                        (long long)table->offset);
    return HRA_OK;
}

static hra_code open_columns(const hra_scorer *scorer, const struct ArrowArray *table, table_reader *reader,
                             hra_error *error)
{
    int count = scorer->schema.column_count;
    *reader = (table_reader){.base = {.read = read_column}, .first = (size_t)table->offset};
    reader->valid = table->null_count != 0 && table->n_buffers > 0 && table->buffers ? table->buffers[0] : NULL;
    reader->columns = calloc((size_t)count + 1, sizeof *reader->columns);
    if (!reader->columns) return hra_out_of_memory(error);
    for (int c = 0; c < count; c++)
        HRA_TRY(hra_arrow_view_open(&scorer->arrow[c], table->children[c], table->offset, table->length,
                                    &reader->columns[c], error));
    return HRA_OK;
}

static hra_code score_table(const hra_scorer *scorer, int64_t rows, const table_reader *reader, struct ArrowArray *out,
                            int threads, hra_error *error)
{
    struct ArrowArray results;
    HRA_TRY(hra_arrow_result_new(scorer, rows, &results, error));
    table_sink sink = {.base = {.prepare = put_results}, .scorer = scorer, .results = &results};
    hra_code code = hra_scorer_score(scorer, (size_t)rows, &reader->base, &sink.base, threads, error);
    if (code == HRA_OK) {
        hra_arrow_result_finish(&results);
        *out = results;
    } else {
        results.release(&results);
    }
    return code;
}

hra_code hra_scorer_run_arrow(const hra_scorer *scorer, const struct ArrowArray *table, struct ArrowArray *out,
                              int threads, hra_error *error)
{
    table_reader reader;
    HRA_TRY(check_table(scorer, table, error));
    hra_code code = open_columns(scorer, table, &reader, error);
    if (code == HRA_OK) code = score_table(scorer, table->length, &reader, out, threads, error);
    for (int c = 0; reader.columns && c < scorer->schema.column_count; c++) free(reader.columns[c].words);
    free(reader.columns);
    return code;
}
