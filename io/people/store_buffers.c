/* A block of rows of a population store, read and unpacked: columns, marks, labels, people. */
#include "io/people/store_buffers.h"

#include <stdlib.h>
#include <string.h>

#include "base/large_memory.h"

void hra_store_buffers_free(const hra_store_source *s, hra_store_buffers *b)
{
    if (!b) return;
    for (int i = 0; i < b->memory_count; i++) free(b->memories[i]);
    for (int i = 0; i < s->schema.label_count && b->label_memory; i++) free(b->label_memory[i]);
    hra_packed_columns_destroy(&b->packed);
    free((void *)b->memories);
    hra_packed_scratch_free(&b->scratch);
    free(b->wide);
    free(b->exceptions.items);
    free(b->marks.items);
    free(b->codes);
    free(b->column_memory);
    free(b->labels);
    free(b->label_memory);
    free(b->key_texts);
    free(b->keys);
    free(b->lines);
    free(b->files);
    free(b);
}

hra_store_buffers *hra_store_buffers_new(const hra_store_source *s)
{
    hra_store_buffers *b = calloc(1, sizeof *b);
    if (!b) return NULL;
    b->wide = malloc(HRA_CHUNK_ROWS * sizeof *b->wide);
    b->codes = calloc((size_t)s->schema.column_count + 1, sizeof *b->codes);
    b->column_memory = calloc((size_t)s->schema.column_count + 1, sizeof *b->column_memory);
    bool packed = hra_packed_columns_init(&b->packed, s->schema.column_count);
    b->labels = calloc((size_t)s->schema.label_count + 1, sizeof *b->labels);
    b->label_memory = calloc((size_t)s->schema.label_count + 1, sizeof *b->label_memory);
    if (b->wide && b->codes && b->column_memory && packed && b->labels && b->label_memory) return b;
    hra_store_buffers_free(s, b);
    return NULL;
}

static int by_row(const void *a, const void *b)
{
    const hra_exception *x = a, *y = b;
    if (x->row != y->row) return x->row < y->row ? -1 : 1;
    return (x->column > y->column) - (x->column < y->column);
}

/* Bytes of a column's codes, and lines of the cache more, so that the same rows of several do not fall on each other.
 */
static size_t column_bytes(const hra_column *column)
{
    enum { LINE = 64, APART = 3 * LINE };
    return HRA_CHUNK_ROWS * (hra_column_wide(column) ? sizeof(uint32_t) : sizeof(uint16_t)) + APART;
}

static bool is_wanted(const hra_store_source *s, int column) { return !s->base.wanted || s->base.wanted[column]; }

/* Codes that may wait packed get their memory when they turn out not to. */
static bool may_wait(const hra_store_source *s, int column)
{
    return s->base.by_piece && s->columns[column].data->has_filter;
}

static bool needs_memory(const hra_store_source *s, const hra_store_buffers *b, int column, int present)
{
    if (b->column_memory[column] || (column != present && may_wait(s, column))) return false;
    return is_wanted(s, column);
}

/* One memory for the present column and all others that are sure to need one for the first time; in large pages unless
 * the store is a small one, which would not fill them. */
static bool room_for_columns(const hra_store_source *s, hra_store_buffers *b, int present)
{
    size_t bytes = 0;
    if (b->column_memory[present]) return true;
    for (int i = 0; i < s->schema.column_count; i++)
        if (needs_memory(s, b, i, present)) bytes += column_bytes(&s->schema.columns[i]);
    void **memories = realloc((void *)b->memories, ((size_t)b->memory_count + 1) * sizeof *memories);
    if (!memories) return false;
    b->memories = memories;
    char *memory = s->base.rows > HRA_CHUNK_ROWS ? hra_large_memory(bytes) : malloc(bytes);
    if (!memory) return false;
    memories[b->memory_count++] = memory;
    for (int i = 0; i < s->schema.column_count; i++) {
        if (!needs_memory(s, b, i, present)) continue;
        b->column_memory[i] = memory;
        memory += column_bytes(&s->schema.columns[i]);
    }
    return true;
}

/* Packed codes take no more than unpacked ones; what is not used of the room costs nothing. */
static bool room_for_packed(const hra_store_source *s, hra_store_buffers *b)
{
    size_t bytes = 0;
    for (int i = 0; i < s->schema.column_count; i++)
        if (may_wait(s, i) && is_wanted(s, i)) bytes += column_bytes(&s->schema.columns[i]);
    return hra_packed_columns_begin(&b->packed, bytes, s->base.rows > HRA_CHUNK_ROWS);
}

/* Reads a column, and keeps it packed if it can be. */
static hra_code read_column(const hra_store_source *s, int64_t block, int rows, hra_store_buffers *b, int i,
                            hra_packed_block *data, hra_error *error)
{
    const hra_store_column *column = &s->columns[i];
    hra_packed_codes codes;
    bool waits = may_wait(s, i);
    if (waits) b->scratch.lent = hra_packed_columns_room(&b->packed, &b->scratch.lent_size);
    hra_code code = hra_packed_read(column->data, block, &b->scratch, data, error);
    b->scratch.lent_size = 0;
    if (!code && waits && hra_store_column_packs(column, block, rows, data, &codes))
        hra_packed_columns_keep(&b->packed, i, &codes);
    return code;
}

static hra_code fill_column(const hra_store_source *s, int64_t block, int rows, hra_store_buffers *b, int i,
                            hra_error *error)
{
    const hra_store_column *column = &s->columns[i];
    hra_packed_block data = {0};
    HRA_TRY(read_column(s, block, rows, b, i, &data, error));
    if (hra_packed_columns_have(&b->packed, i)) return HRA_OK;
    if (!room_for_columns(s, b, i)) return hra_out_of_memory(error);
    hra_store_target target = {.wide = b->wide, .exceptions = &b->exceptions, .index = i};
    if (hra_column_wide(&column->column))
        target.u32 = b->column_memory[i];
    else
        target.u16 = b->column_memory[i];
    return hra_store_column_codes(column, block, rows, &data, &target, &b->codes[i], error);
}

static hra_code fill_columns(const hra_store_source *s, int64_t block, int rows, hra_store_buffers *b, hra_error *error)
{
    b->exceptions.count = 0;
    if (!room_for_packed(s, b)) return hra_out_of_memory(error);
    for (int i = 0; i < s->schema.column_count; i++) {
        b->codes[i] = (hra_codes){.constant = hra_column_missing(&s->schema.columns[i])};
        if (is_wanted(s, i)) HRA_TRY(fill_column(s, block, rows, b, i, error));
    }
    if (b->exceptions.count > 1)
        qsort(b->exceptions.items, (size_t)b->exceptions.count, sizeof *b->exceptions.items, by_row);
    return HRA_OK;
}

static int by_place(const void *a, const void *b)
{
    const hra_cell_mark *x = a, *y = b;
    if (x->row != y->row) return x->row < y->row ? -1 : 1;
    return (x->column > y->column) - (x->column < y->column);
}

static hra_code fill_marks(const hra_store_source *s, int64_t block, int rows, hra_store_buffers *b, hra_error *error)
{
    b->marks.count = 0;
    for (int i = 0; i < s->schema.column_count && s->base.want_marks; i++)
        HRA_TRY(hra_store_column_marks(&s->columns[i], block, rows, i, &b->marks, error));
    if (b->marks.count > 1) qsort(b->marks.items, (size_t)b->marks.count, sizeof *b->marks.items, by_place);
    return HRA_OK;
}

/* Whole numbers of a block as int64, whatever they were stored as. */
static void expand_integers(const hra_packed *data, const hra_packed_block *read, int rows, int64_t *out)
{
    if (!read->plain) hra_so_expand(&data->filter, &read->packed, out);
    for (int i = 0; i < rows && read->plain; i++) out[i] = hra_packed_integer(data, read->plain, (size_t)i);
}

static hra_code read_integers(const hra_packed *data, int64_t block, int rows, hra_store_buffers *b, int64_t *out,
                              hra_error *error)
{
    hra_packed_block read = {0};
    HRA_TRY(hra_packed_read(data, block, &b->scratch, &read, error));
    expand_integers(data, &read, rows, out);
    return HRA_OK;
}

/* Packed 32-bit indexes with -1 for missing, as the store writer has them. */
static bool unpack_indexes(const hra_packed *data, const hra_packed_block *read, int rows, int32_t *out)
{
    const hra_so_filter *filter = &data->filter;
    const hra_so_chunk *packed = &read->packed;
    if (read->plain || filter->width != 4 || !filter->has_fill || filter->fill != -1) return false;
    if (packed->bits < 1 || packed->bits > 31 || packed->minimum < 0 || packed->minimum > INT32_MAX) return false;
    hra_so_unpack32(packed->payload, packed->payload_size, (size_t)rows, packed->bits, (uint32_t)packed->minimum,
                    UINT32_MAX, (uint32_t *)out);
    return true;
}

/* Numbers of texts or files; what no index can be becomes INT32_MAX. */
static hra_code read_indexes(const hra_packed *data, int64_t block, int rows, hra_store_buffers *b, int32_t *out,
                             hra_error *error)
{
    hra_packed_block read = {0};
    HRA_TRY(hra_packed_read(data, block, &b->scratch, &read, error));
    if (unpack_indexes(data, &read, rows, out)) return HRA_OK;
    expand_integers(data, &read, rows, b->wide);
    for (int r = 0; r < rows; r++) out[r] = b->wide[r] < -1 || b->wide[r] > INT32_MAX ? INT32_MAX : (int32_t)b->wide[r];
    return HRA_OK;
}

static hra_code check_labels(const hra_packed *data, int64_t block, int rows, const int32_t *index, int text_count,
                             hra_error *error)
{
    uint32_t bad = 0;
    for (int r = 0; r < rows; r++) bad |= (uint32_t)(index[r] < -1) | (uint32_t)(index[r] >= text_count);
    for (int r = 0; r < rows && bad; r++)
        if (index[r] < -1 || index[r] >= text_count)
            return hra_fail(error, HRA_EINPUT, "%s: row %lld names none of its %d texts", data->name,
                            (long long)(block * HRA_CHUNK_ROWS + r), text_count);
    return HRA_OK;
}

static hra_code fill_labels(const hra_store_source *s, int64_t block, int rows, hra_store_buffers *b, hra_error *error)
{
    for (int i = 0; i < s->schema.label_count; i++) {
        const hra_label_texts *texts = &s->label_texts[i];
        b->labels[i] = (hra_label_codes){.texts = texts->texts, .text_count = texts->count};
        if (s->base.wanted_labels && !s->base.wanted_labels[i]) continue;
        if (!b->label_memory[i]) b->label_memory[i] = malloc(HRA_CHUNK_ROWS * sizeof(int32_t));
        int32_t *index = b->label_memory[i];
        if (!index) return hra_out_of_memory(error);
        HRA_TRY(read_indexes(s->labels[i], block, rows, b, index, error));
        HRA_TRY(check_labels(s->labels[i], block, rows, index, texts->count, error));
        b->labels[i].index = index;
    }
    return HRA_OK;
}

static hra_code fill_keys(const hra_store_source *s, int64_t block, int rows, hra_store_buffers *b, hra_error *error)
{
    size_t width = (size_t)s->keys->width, stride = width + 1;
    if (!b->key_texts) b->key_texts = malloc(HRA_CHUNK_ROWS * stride);
    if (!b->keys) b->keys = malloc(HRA_CHUNK_ROWS * sizeof *b->keys);
    if (!b->key_texts || !b->keys) return hra_out_of_memory(error);
    hra_packed_block read = {0};
    HRA_TRY(hra_packed_read(s->keys, block, &b->scratch, &read, error));
    const char *stored = read.plain;
    for (int i = 0; i < rows; i++) {
        char *key = b->key_texts + (size_t)i * stride;
        memcpy(key, stored + (size_t)i * width, width);
        key[width] = '\0';
        b->keys[i] = key;
    }
    return HRA_OK;
}

static hra_code fill_people(const hra_store_source *s, int64_t block, int rows, hra_store_buffers *b, hra_chunk *chunk,
                            hra_error *error)
{
    if (!s->base.want_keys) return HRA_OK;
    if (s->keys) {
        HRA_TRY(fill_keys(s, block, rows, b, error));
        chunk->keys = b->keys;
    }
    if (s->lines) {
        if (!b->lines) b->lines = malloc(HRA_CHUNK_ROWS * sizeof *b->lines);
        if (!b->lines) return hra_out_of_memory(error);
        HRA_TRY(read_integers(s->lines, block, rows, b, b->lines, error));
        chunk->source_lines = b->lines;
    }
    if (s->files) {
        if (!b->files) b->files = malloc(HRA_CHUNK_ROWS * sizeof *b->files);
        if (!b->files) return hra_out_of_memory(error);
        HRA_TRY(read_indexes(s->files, block, rows, b, b->files, error));
        for (int i = 0; i < rows; i++) {
            bool known = (b->files[i] >= 0) & (b->files[i] < s->about.file_count);
            b->files[i] = known ? b->files[i] : -1;
        }
        chunk->source_files = b->files;
    }
    return HRA_OK;
}

hra_code hra_store_buffers_fill(const hra_store_source *s, int64_t block, int rows, hra_store_buffers *b,
                                hra_chunk *chunk, hra_error *error)
{
    HRA_TRY(fill_columns(s, block, rows, b, error));
    HRA_TRY(fill_marks(s, block, rows, b, error));
    HRA_TRY(fill_labels(s, block, rows, b, error));
    HRA_TRY(fill_people(s, block, rows, b, chunk, error));
    chunk->columns = s->base.by_piece ? NULL : b->codes;
    chunk->labels = b->labels;
    chunk->exceptions = b->exceptions.items;
    chunk->exception_count = b->exceptions.count;
    chunk->marks = b->marks.items;
    chunk->mark_count = b->marks.count;
    return HRA_OK;
}

hra_code hra_store_buffers_piece(const hra_store_buffers *b, int column_count, int start, int rows,
                                 hra_piece_memory *memory, hra_codes *columns, hra_error *error)
{
    for (int i = 0; i < column_count; i++) {
        columns[i] = b->codes[i];
        if (columns[i].u16) columns[i].u16 += start;
        if (columns[i].u32) columns[i].u32 += start;
    }
    return hra_packed_columns_piece(&b->packed, start, rows, memory, columns) ? HRA_OK : hra_out_of_memory(error);
}
