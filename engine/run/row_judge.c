#include "engine/run/row_judge.h"

#include <stdlib.h>

struct hra_row_judge {
    const hra_schema *schema;
    hra_judge *judge;
    double *inputs;
    const hra_chunk *chunk; /* NULL: nobody is loaded */
    int64_t sequence;
    int row;
};

hra_row_judge *hra_row_judge_new(const hra_graph *graph, const hra_schema *schema)
{
    hra_row_judge *rows = calloc(1, sizeof *rows);
    if (!rows) return NULL;
    rows->schema = schema;
    rows->judge = hra_judge_new(graph);
    rows->inputs = calloc((size_t)schema->column_count + 1, sizeof *rows->inputs);
    if (rows->judge && rows->inputs) return rows;
    hra_row_judge_free(rows);
    return NULL;
}

void hra_row_judge_free(hra_row_judge *rows)
{
    if (!rows) return;
    hra_judge_free(rows->judge);
    free(rows->inputs);
    free(rows);
}

hra_judge *hra_row_judge_at(hra_row_judge *rows, const hra_chunk *chunk, int row)
{
    if (rows->chunk == chunk && rows->sequence == chunk->sequence && rows->row == row) return rows->judge;
    hra_chunk_person(rows->schema, chunk, row, rows->inputs);
    hra_judge_person(rows->judge, rows->inputs);
    rows->chunk = chunk;
    rows->sequence = chunk->sequence;
    rows->row = row;
    return rows->judge;
}
