/* The values of one column of one table. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "api/arrow_column.h"
#include "base/fail.h"
#include "io/words/cell_value.h"

/* ---- looking at an array ------------------------------------------------------ */

static bool has_buffers(const struct ArrowArray *array, hra_arrow_kind kind, int64_t rows)
{
    int64_t fewest = 2, most = 2;
    if (kind == HRA_ARROW_NULL) fewest = 0;
    if (kind == HRA_ARROW_UTF8 || kind == HRA_ARROW_LARGE_UTF8) fewest = most = 3;
    if (kind == HRA_ARROW_UTF8_VIEW) {
        fewest = 3;
        most = INT64_MAX;
    }
    if (array->n_buffers < fewest || array->n_buffers > most || (fewest > 0 && !array->buffers)) return false;
    return fewest == 0 || rows == 0 || array->buffers[1];
}

static hra_code check(const char *name, const char *what, const struct ArrowArray *array, hra_arrow_kind kind,
                      int64_t rows, hra_error *error)
{
    if (!array || !array->release) return hra_fail(error, HRA_EUSAGE, "%s '%s' was released", what, name);
    if (array->offset < 0 || array->length < 0 || array->length < rows || array->offset > INT64_MAX - array->length)
        return hra_fail(error, HRA_EUSAGE, "%s '%s' has %lld values from %lld on, not the %lld of the table", what,
                        name, (long long)array->length, (long long)array->offset, (long long)rows);
    if (!has_buffers(array, kind, rows))
        return hra_fail(error, HRA_EUSAGE, "%s '%s' lacks buffers of its format (it has %lld)", what, name,
                        (long long)array->n_buffers);
    return HRA_OK;
}

static const uint8_t *validity(const struct ArrowArray *array)
{
    return array->null_count != 0 && array->n_buffers > 0 ? array->buffers[0] : NULL;
}

/* ---- texts --------------------------------------------------------------------- */

typedef struct text {
    const char *bytes;
    size_t length;
} text;

/* A text of a view array: short ones stand in the view, others in one of several buffers. */
static bool viewed_text(const struct ArrowArray *array, size_t at, text *out)
{
    enum { VIEW = 16, INSIDE = 12 };
    const char *view = (const char *)array->buffers[1] + VIEW * at;
    const int64_t *sizes = array->buffers[array->n_buffers - 1];
    int32_t length, buffer, offset;
    memcpy(&length, view, sizeof length);
    if (length < 0) return false;
    *out = (text){view + sizeof length, (size_t)length};
    if (length <= INSIDE) return true;
    memcpy(&buffer, view + 8, sizeof buffer);
    memcpy(&offset, view + 12, sizeof offset);
    if (!sizes || buffer < 0 || buffer >= array->n_buffers - 3 || !array->buffers[2 + buffer]) return false;
    if (offset < 0 || (int64_t)offset + length > sizes[buffer]) return false;
    out->bytes = (const char *)array->buffers[2 + buffer] + offset;
    return true;
}

static bool text_at(const struct ArrowArray *array, hra_arrow_kind kind, size_t at, text *out)
{
    int64_t from, to;
    if (kind == HRA_ARROW_UTF8_VIEW) return viewed_text(array, at, out);
    if (kind == HRA_ARROW_UTF8) {
        const int32_t *offsets = array->buffers[1];
        from = offsets[at];
        to = offsets[at + 1];
    } else {
        const int64_t *offsets = array->buffers[1];
        from = offsets[at];
        to = offsets[at + 1];
    }
    if (from < 0 || to < from || (to > from && !array->buffers[2])) return false;
    *out = (text){to > from ? (const char *)array->buffers[2] + from : "", (size_t)(to - from)};
    return true;
}

/* As the cell of a file says it; a category by the dictionary's code. */
static double text_value(const hra_arrow_column *column, const struct ArrowArray *array, hra_arrow_kind kind, size_t at)
{
    text cell;
    if (!text_at(array, kind, at, &cell)) return INFINITY;
    int64_t level = column->levels ? hra_map_get_n(column->levels, cell.bytes, cell.length) : -1;
    if (level < 0) {
        hra_cell_value value = column->levels ? hra_cell_category(column->levels, cell.bytes, cell.length)
                                              : hra_cell_flag(cell.bytes, cell.length);
        if (value.kind == HRA_CELL_MISSING) return NAN;
        if (value.kind == HRA_CELL_REJECTED) return INFINITY;
        if (!column->levels) return value.value;
        level = (int64_t)value.value;
    }
    return column->variable->levels[level].number;
}

static hra_code read_words(hra_arrow_view *view, hra_error *error)
{
    const hra_arrow_column *column = view->column;
    const struct ArrowArray *words = view->array->dictionary;
    HRA_TRY(check(column->name, "the dictionary of column", words, column->texts, words ? words->length : 0, error));
    const uint8_t *valid = validity(words);
    view->words = malloc(((size_t)words->length + 1) * sizeof *view->words);
    if (!view->words) return hra_out_of_memory(error);
    view->word_count = words->length;
    for (int64_t i = 0; i < words->length; i++) {
        size_t at = (size_t)(words->offset + i);
        view->words[i] = valid && !hra_arrow_bit(valid, at) ? NAN : text_value(column, words, column->texts, at);
    }
    return HRA_OK;
}

hra_code hra_arrow_view_open(const hra_arrow_column *column, const struct ArrowArray *array, int64_t offset,
                             int64_t rows, hra_arrow_view *out, hra_error *error)
{
    HRA_TRY(check(column->name, "column", array, column->kind, offset + rows, error));
    *out = (hra_arrow_view){
        .column = column, .array = array, .first = (size_t)(array->offset + offset), .valid = validity(array)};
    return column->has_dictionary ? read_words(out, error) : HRA_OK;
}

/* ---- numbers --------------------------------------------------------------------- */

#define WIDEN(type)                                                                                                    \
    do {                                                                                                               \
        const type *from = (const type *)view->array->buffers[1] + view->first + first;                                \
        for (int r = 0; r < rows; r++) values[r] = (double)from[r];                                                    \
    } while (0)

/* Whole numbers that a double cannot tell from their neighbours are no values. */
static void refuse_large(double *values, int rows)
{
    const double largest = 9007199254740992.0; /* 2^53 */
    for (int r = 0; r < rows; r++)
        if (fabs(values[r]) >= largest) values[r] = INFINITY;
}

static void read_bits(const hra_arrow_view *view, size_t first, int rows, double *values)
{
    const uint8_t *bits = view->array->buffers[1];
    for (int r = 0; r < rows; r++) values[r] = hra_arrow_bit(bits, view->first + first + (size_t)r);
}

static void read_texts(const hra_arrow_view *view, size_t first, int rows, double *values)
{
    for (int r = 0; r < rows; r++) {
        size_t at = view->first + first + (size_t)r;
        bool known = !view->valid || hra_arrow_bit(view->valid, at); /* behind a null may stand anything */
        values[r] = known ? text_value(view->column, view->array, view->column->kind, at) : NAN;
    }
}

static void read_values(const hra_arrow_view *view, size_t first, int rows, double *values)
{
    switch (view->column->kind) {
    case HRA_ARROW_NULL:
        for (int r = 0; r < rows; r++) values[r] = NAN;
        return;
    case HRA_ARROW_BOOL: read_bits(view, first, rows, values); return;
    case HRA_ARROW_INT8: WIDEN(int8_t); return;
    case HRA_ARROW_UINT8: WIDEN(uint8_t); return;
    case HRA_ARROW_INT16: WIDEN(int16_t); return;
    case HRA_ARROW_UINT16: WIDEN(uint16_t); return;
    case HRA_ARROW_INT32:
    case HRA_ARROW_DATE32: WIDEN(int32_t); return;
    case HRA_ARROW_UINT32: WIDEN(uint32_t); return;
    case HRA_ARROW_INT64:
        WIDEN(int64_t);
        refuse_large(values, rows);
        return;
    case HRA_ARROW_UINT64:
        WIDEN(uint64_t);
        refuse_large(values, rows);
        return;
    case HRA_ARROW_FLOAT32: WIDEN(float); return;
    case HRA_ARROW_FLOAT64: WIDEN(double); return;
    default: read_texts(view, first, rows, values); return;
    }
}

void hra_arrow_view_read(const hra_arrow_view *view, size_t first, int rows, double *values)
{
    read_values(view, first, rows, values);
    for (int r = 0; view->words && r < rows; r++)
        values[r] = values[r] >= 0 && values[r] < (double)view->word_count ? view->words[(int64_t)values[r]] : INFINITY;
    if (view->valid) hra_arrow_blank(view->valid, view->first + first, rows, values);
}

void hra_arrow_blank(const uint8_t *valid, size_t first, int rows, double *values)
{
    for (int r = 0; r < rows; r++) {
        size_t at = first + (size_t)r;
        if (at % 8 == 0 && valid[at / 8] == 0xff)
            r += 7; /* most often all eight are known */
        else if (!hra_arrow_bit(valid, at))
            values[r] = NAN;
    }
}
