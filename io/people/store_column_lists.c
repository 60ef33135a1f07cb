/* What a store lists by row beside the codes of a column: exact values and marks. */
#include <stdlib.h>

#include "io/people/store_column.h"

/* ---- exceptions ---- */

hra_code hra_exception_add(hra_exception_list *list, int32_t row, int32_t column, double value, hra_error *error)
{
    if (list->count == list->capacity) {
        int capacity = list->capacity ? 2 * list->capacity : 256;
        hra_exception *items = realloc(list->items, (size_t)capacity * sizeof *items);
        if (!items) return hra_out_of_memory(error);
        list->items = items;
        list->capacity = capacity;
    }
    list->items[list->count++] = (hra_exception){.row = row, .column = column, .value = value};
    return HRA_OK;
}

static uint32_t code_at(const hra_store_target *target, int64_t row)
{
    return target->u16 ? target->u16[row] : target->u32[row];
}

static hra_code bad_exceptions(const hra_store_column *c, int64_t row, hra_error *error)
{
    return hra_fail(error, HRA_EINPUT, "%s: row %lld and its exact value do not belong together (damaged file)",
                    c->data->name, (long long)row);
}

hra_code hra_store_column_exceptions(const hra_store_column *c, int64_t block, int rows, int64_t escapes,
                                     const hra_store_target *target, hra_error *error)
{
    int64_t start = c->exceptions.start ? c->exceptions.start[block] : 0;
    int64_t count = c->exceptions.start ? c->exceptions.start[block + 1] - start : 0;
    if (count != escapes) return bad_exceptions(c, block * HRA_CHUNK_ROWS, error);
    if (count == 0) return HRA_OK;
    int64_t *list = malloc((size_t)count * sizeof *list);
    double *values = malloc((size_t)count * sizeof *values);
    hra_code code = list && values ? HRA_OK : hra_out_of_memory(error);
    if (!code) code = hra_packed_read_rows(c->exceptions.rows, start, count, list, error);
    if (!code) code = hra_packed_read_rows(c->exceptions.values, start, count, values, error);
    for (int64_t i = 0; i < count && !code; i++) {
        int64_t row = list[i] - block * HRA_CHUNK_ROWS;
        if (row < 0 || row >= rows || code_at(target, row) != hra_column_escape(&c->column) || !isfinite(values[i]))
            code = bad_exceptions(c, list[i], error);
        else
            code = hra_exception_add(target->exceptions, (int32_t)row, target->index, values[i], error);
    }
    free(list);
    free(values);
    return code;
}

/* ---- marks ---- */

static hra_code mark_add(hra_mark_list *list, int32_t row, int32_t column, uint8_t mark, hra_error *error)
{
    if (list->count == list->capacity) {
        int capacity = list->capacity ? 2 * list->capacity : 256;
        hra_cell_mark *items = realloc(list->items, (size_t)capacity * sizeof *items);
        if (!items) return hra_out_of_memory(error);
        list->items = items;
        list->capacity = capacity;
    }
    list->items[list->count++] = (hra_cell_mark){row, column, mark};
    return HRA_OK;
}

hra_code hra_store_column_marks(const hra_store_column *column, int64_t block, int rows, int32_t index,
                                hra_mark_list *list, hra_error *error)
{
    const hra_store_list *marks = &column->marks;
    int64_t first = marks->start ? marks->start[block] : 0;
    int64_t count = marks->start ? marks->start[block + 1] - first : 0;
    if (count == 0) return HRA_OK;
    int64_t *at = malloc((size_t)count * sizeof *at);
    uint8_t *values = malloc((size_t)count);
    hra_code code = at && values ? HRA_OK : hra_out_of_memory(error);
    if (!code) code = hra_packed_read_rows(marks->rows, first, count, at, error);
    if (!code) code = hra_packed_read_rows(marks->values, first, count, values, error);
    for (int64_t i = 0; i < count && !code; i++) {
        int64_t row = at[i] - block * HRA_CHUNK_ROWS;
        if (row < 0 || row >= rows || values[i] < HRA_MARK_BELOW || values[i] > HRA_MARK_REJECTED)
            code = hra_fail(error, HRA_EINPUT, "%s: the mark of row %lld is none (damaged file)", column->data->name,
                            (long long)at[i]);
        else
            code = mark_add(list, (int32_t)row, index, values[i], error);
    }
    free(at);
    free(values);
    return code;
}
