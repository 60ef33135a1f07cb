#include "report/tools/kept_text.h"

#include <stdlib.h>
#include <string.h>

#include "base/plain_text.h"
#include "engine/run/kept.h"

/* A column or a label of the schema. */
typedef struct kept_column {
    int variable, index, number; /* `number` of the columns of numbers; -1: a text */
} kept_column;

struct hra_kept_text {
    const hra_schema *schema;
    kept_column *columns; /* in the order they were asked for */
    int count, number_count;
};

static bool is_kept(const hra_schema *schema, int variable)
{
    return hra_variable_is_kept(hra_dictionary_at(schema->dictionary, variable));
}

static int by_variable(const void *a, const void *b)
{
    const kept_column *x = a, *y = b;
    return (x->variable > y->variable) - (x->variable < y->variable);
}

hra_code hra_kept_text_new(const hra_schema *schema, hra_kept_text **out, hra_error *error)
{
    hra_kept_text *kept = calloc(1, sizeof *kept);
    size_t most = (size_t)schema->column_count + (size_t)schema->label_count + 1;
    if (kept) kept->columns = calloc(most, sizeof *kept->columns);
    if (!kept || !kept->columns) {
        hra_kept_text_free(kept);
        return hra_out_of_memory(error);
    }
    kept->schema = schema;
    for (int i = 0; i < schema->column_count; i++) {
        int variable = schema->columns[i].variable;
        if (is_kept(schema, variable)) kept->columns[kept->count++] = (kept_column){variable, i, kept->number_count++};
    }
    for (int i = 0; i < schema->label_count; i++)
        if (is_kept(schema, schema->labels[i])) kept->columns[kept->count++] = (kept_column){schema->labels[i], i, -1};
    qsort(kept->columns, (size_t)kept->count, sizeof *kept->columns, by_variable);
    *out = kept;
    return HRA_OK;
}

void hra_kept_text_free(hra_kept_text *kept)
{
    if (!kept) return;
    free(kept->columns);
    free(kept);
}

void hra_kept_text_header(const hra_kept_text *kept, hra_buffer *out)
{
    for (int i = 0; i < kept->count; i++)
        hra_buffer_printf(out, ",%s", hra_dictionary_at(kept->schema->dictionary, kept->columns[i].variable)->name);
}

hra_code hra_kept_text_read(const hra_kept_text *kept, const hra_chunk *chunk, double **values, hra_error *error)
{
    *values = NULL;
    if (kept->number_count == 0 || chunk->rows == 0) return HRA_OK;
    size_t rows = (size_t)chunk->rows;
    *values = malloc((size_t)kept->number_count * rows * sizeof **values);
    if (!*values) return hra_out_of_memory(error);
    for (int i = 0; i < kept->count; i++) {
        const kept_column *c = &kept->columns[i];
        if (c->number >= 0) hra_kept_values(kept->schema, chunk, c->index, *values + (size_t)c->number * rows);
    }
    return HRA_OK;
}

/* On one line, as rows are; and no formula. */
static void put_text(const char *text, hra_buffer *out)
{
    size_t start = out->length;
    hra_buffer_csv_foreign(out, text, strlen(text));
    if (!out->failed && out->length > start) hra_plain_text(out->bytes + start);
}

void hra_kept_text_row(const hra_kept_text *kept, const hra_chunk *chunk, const double *values, int row,
                       hra_buffer *out)
{
    for (int i = 0; i < kept->count; i++) {
        const kept_column *c = &kept->columns[i];
        hra_buffer_char(out, ',');
        if (c->number >= 0) {
            hra_buffer_decimal(out, values[(size_t)c->number * (size_t)chunk->rows + (size_t)row],
                               kept->schema->columns[c->index].decimals);
            continue;
        }
        const hra_label_codes *codes = &chunk->labels[c->index];
        int32_t index = codes->index ? codes->index[row] : -1;
        if (index >= 0) put_text(codes->texts[index], out);
    }
}
