/* One person's inputs out of a chunk of columns. */
#include "engine/graph/judge.h"

/* Place of the first exception of this row or a later one. */
static int first_exception(const hra_chunk *chunk, int row)
{
    int low = 0, high = chunk->exception_count;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (chunk->exceptions[middle].row < row)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void hra_chunk_person(const hra_schema *schema, const hra_chunk *chunk, int row, double *inputs)
{
    for (int i = 0; i < schema->column_count; i++)
        inputs[i] = hra_column_value(&schema->columns[i], hra_code_at(&chunk->columns[i], row));
    for (int i = first_exception(chunk, row); i < chunk->exception_count && chunk->exceptions[i].row == row; i++)
        inputs[chunk->exceptions[i].column] = chunk->exceptions[i].value;
}

const hra_cell_mark *hra_chunk_marks(const hra_chunk *chunk, int row, int *count)
{
    int low = 0, high = chunk->mark_count;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (chunk->marks[middle].row < row)
            low = middle + 1;
        else
            high = middle;
    }
    int end = low;
    while (end < chunk->mark_count && chunk->marks[end].row == row) end++;
    *count = end - low;
    return end > low ? chunk->marks + low : NULL;
}
