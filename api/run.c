/* Scoring what is in memory: the caller's columns as a source, his results as a sink. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "api/scorer_internal.h"

typedef struct memory_source {
    hra_source base;
    const hra_value_reader *reader;
    size_t rows, next;
} memory_source;

static hra_code claim(hra_source *base, int64_t *sequence, void **ticket, hra_error *error)
{
    memory_source *s = (memory_source *)base;
    *sequence = s->next * HRA_CHUNK_ROWS < s->rows ? (int64_t)s->next++ : -1;
    *ticket = NULL;
    return HRA_OK;
}

/* ---- values to codes ------------------------------------------------------------ */

/* A category comes as the dictionary's code and is kept as the level's ordinal. */
static uint32_t level_code(const hra_column *column, const hra_variable *v, double number)
{
    if (isnan(number)) return hra_column_missing(column);
    for (int l = 0; l < v->level_count; l++)
        if (v->levels[l].number == number) return (uint32_t)l;
    return hra_column_escape(column);
}

/* As hra_column_code, quickly for what is on the grid: a code holds if it stands for these very bits. */
static inline uint32_t number_code(const hra_column *column, double value)
{
    double scale = hra_pow10(column->decimals), first = (double)column->first;
    double place = value * scale - first + 0.5;
    if (place >= 0 && place < (double)column->levels) {
        uint32_t code = (uint32_t)place;
        double decoded = (first + code) / scale;
        if (memcmp(&decoded, &value, sizeof value) == 0) return code;
    }
    return hra_column_code(column, value);
}

/* The value itself is not told: it is somebody's. */
static hra_code bad_value(const hra_variable *v, size_t row, hra_error *error)
{
    enum { FEW_LEVELS = 12 };
    hra_buffer levels = {0};
    for (int l = 0; l < v->level_count && v->level_count <= FEW_LEVELS; l++)
        hra_buffer_printf(&levels, "%s%s", l ? ", " : ": ", v->levels[l].name);
    hra_code code;
    if (v->type == HRA_TYPE_CATEGORY)
        code = hra_fail(error, HRA_EINPUT, "column '%s', row %zu (from 0): none of its levels%s", v->name, row,
                        levels.bytes ? levels.bytes : "");
    else
        code = hra_fail(error, HRA_EINPUT, "column '%s', row %zu (from 0): %s", v->name, row,
                        v->type == HRA_TYPE_FLAG ? "neither 0 nor 1"
                                                 : "an infinite number, or a whole one of 2^53 or more");
    hra_buffer_destroy(&levels);
    return code;
}

/* Values off the column's grid stand apart, exactly. */
static hra_code add_exception(hra_chunk *chunk, size_t *capacity, hra_exception exception, hra_error *error)
{
    if ((size_t)chunk->exception_count == *capacity) {
        size_t more = *capacity ? *capacity * 2 : 256;
        hra_exception *list = realloc(chunk->exceptions, more * sizeof *list);
        if (!list) return hra_out_of_memory(error);
        chunk->exceptions = list;
        *capacity = more;
    }
    chunk->exceptions[chunk->exception_count++] = exception;
    return HRA_OK;
}

static hra_code encode_column(const memory_source *s, int c, hra_chunk *chunk, double *values, uint32_t *codes,
                              size_t *capacity, hra_error *error)
{
    const hra_column *column = &s->base.schema->columns[c];
    const hra_variable *v = hra_dictionary_at(s->base.schema->dictionary, column->variable);
    size_t first = (size_t)chunk->first_row;
    s->reader->read(s->reader, c, first, chunk->rows, values);
    for (int r = 0; r < chunk->rows; r++) {
        double value = values[r];
        codes[r] = v->type == HRA_TYPE_CATEGORY ? level_code(column, v, value) : number_code(column, value);
        if (codes[r] != hra_column_escape(column)) continue;
        if (v->type == HRA_TYPE_CATEGORY || v->type == HRA_TYPE_FLAG || isinf(value))
            return bad_value(v, first + (size_t)r, error);
        HRA_TRY(add_exception(chunk, capacity, (hra_exception){r, c, value}, error));
    }
    return HRA_OK;
}

/* Narrow in place: entry r is read before it can be overwritten. */
static void place_codes(const hra_column *column, uint32_t *codes, int rows, hra_codes *out)
{
    if (hra_column_wide(column)) {
        out->u32 = codes;
        return;
    }
    uint16_t *narrow = (uint16_t *)(void *)codes;
    for (int r = 0; r < rows; r++) {
        uint16_t value = (uint16_t)codes[r];
        memcpy(&narrow[r], &value, sizeof value);
    }
    out->u16 = narrow;
}

/* ---- chunks ------------------------------------------------------------------------ */

/* They come column by column and are wanted row by row: counted, then put in place. */
static hra_code order_exceptions(hra_chunk *chunk, hra_error *error)
{
    hra_exception *ordered = malloc((size_t)chunk->exception_count * sizeof *ordered);
    int *places = calloc((size_t)chunk->rows + 1, sizeof *places);
    if (!ordered || !places) {
        free(ordered);
        free(places);
        return hra_out_of_memory(error);
    }
    for (int i = 0; i < chunk->exception_count; i++) places[chunk->exceptions[i].row + 1]++;
    for (int r = 0; r < chunk->rows; r++) places[r + 1] += places[r];
    for (int i = 0; i < chunk->exception_count; i++) ordered[places[chunk->exceptions[i].row]++] = chunk->exceptions[i];
    free(places);
    free(chunk->exceptions);
    chunk->exceptions = ordered;
    return HRA_OK;
}

static void release(hra_source *base, hra_chunk *chunk)
{
    free(chunk->exceptions);
    free(chunk->owner);
    *chunk = (hra_chunk){0};
}

/* One allocation: the column descriptors, room for the values of one column, the codes of the columns that are read. */
static hra_code allocate(const memory_source *s, hra_chunk *chunk, double **values, uint32_t **codes, hra_error *error)
{
    size_t count = (size_t)s->base.schema->column_count, read = 0, rows = (size_t)chunk->rows;
    for (size_t c = 0; c < count; c++) read += !s->base.wanted || s->base.wanted[c];
    size_t head = (count * sizeof(hra_codes) + 63) / 64 * 64;
    unsigned char *memory = malloc(head + rows * sizeof **values + read * rows * sizeof **codes);
    if (!memory) return hra_out_of_memory(error);
    chunk->owner = memory;
    chunk->columns = (hra_codes *)(void *)memory;
    for (size_t c = 0; c < count; c++)
        chunk->columns[c] = (hra_codes){.constant = hra_column_missing(&s->base.schema->columns[c])};
    *values = (double *)(void *)(memory + head);
    *codes = (uint32_t *)(void *)(*values + rows);
    return HRA_OK;
}

static hra_code fill(hra_source *base, int64_t sequence, void *ticket, hra_chunk *chunk, hra_error *error)
{
    const memory_source *s = (const memory_source *)base;
    size_t first = (size_t)sequence * HRA_CHUNK_ROWS, left = s->rows - first, capacity = 0;
    double *values = NULL;
    uint32_t *codes = NULL;
    *chunk = (hra_chunk){
        .sequence = sequence, .first_row = (int64_t)first, .rows = left < HRA_CHUNK_ROWS ? (int)left : HRA_CHUNK_ROWS};
    hra_code code = allocate(s, chunk, &values, &codes, error);
    for (int c = 0; c < base->schema->column_count && code == HRA_OK; c++) {
        if (base->wanted && !base->wanted[c]) continue;
        code = encode_column(s, c, chunk, values, codes, &capacity, error);
        if (code == HRA_OK) place_codes(&base->schema->columns[c], codes, chunk->rows, &chunk->columns[c]);
        codes += chunk->rows;
    }
    if (code == HRA_OK && chunk->exception_count > 1) code = order_exceptions(chunk, error);
    if (code != HRA_OK) release(base, chunk);
    return code;
}

static void close_nothing(hra_source *base) {}

hra_code hra_scorer_score(const hra_scorer *scorer, size_t rows, const hra_value_reader *reader, hra_sink *sink,
                          int threads, hra_error *error)
{
    memory_source source = {.base = {.schema = &scorer->schema,
                                     .rows = (int64_t)rows,
                                     .bytes = -1,
                                     .claim = claim,
                                     .fill = fill,
                                     .release = release,
                                     .close = close_nothing},
                            .reader = reader,
                            .rows = rows};
    hra_run_options options = {.threads = threads};
    return hra_run(&source.base, scorer->program, &sink, 1, &options, NULL, error);
}

/* ---- columns of doubles ------------------------------------------------------------ */

typedef struct double_reader {
    hra_value_reader base;
    const double *const *inputs;
} double_reader;

/* Copied, which is quicker than to work on memory from far away. */
static void read_doubles(const hra_value_reader *base, int column, size_t first, int rows, double *values)
{
    memcpy(values, ((const double_reader *)base)->inputs[column] + first, (size_t)rows * sizeof *values);
}

typedef struct double_sink {
    hra_sink base;
    const hra_scorer *scorer;
    double *const *results;
    uint8_t *const *status;
} double_sink;

static hra_code copy_results(hra_sink *base, int thread, const hra_chunk *chunk, const hra_results *results,
                             void **prepared, hra_error *error)
{
    const double_sink *sink = (const double_sink *)base;
    for (int i = 0; i < sink->scorer->output_count; i++) {
        int holder = sink->scorer->outputs[i].status_of;
        hra_results_column(results, i, sink->results[i] + chunk->first_row);
        if (sink->status) memcpy(sink->status[i] + chunk->first_row, results->status[holder], (size_t)chunk->rows);
    }
    return HRA_OK;
}

hra_code hra_scorer_run(const hra_scorer *scorer, size_t rows, const double *const *inputs, double *const *results,
                        uint8_t *const *status, int threads, hra_error *error)
{
    double_reader reader = {.base = {.read = read_doubles}, .inputs = inputs};
    double_sink sink = {.base = {.prepare = copy_results}, .scorer = scorer, .results = results, .status = status};
    return hra_scorer_score(scorer, rows, &reader.base, &sink.base, threads, error);
}
