/* The columns of a result store: each read by itself, as CSV of the same run would have it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "engine/data/column.h"
#include "engine/graph/status.h"
#include "io/results/number_table_parts.h"
#include "io/results/result_entries.h"

typedef struct store_source {
    hra_result_reader *reader;
    const hra_result_entry *entries; /* by column */
    hra_buffer text;
    void *block; /* of HRA_CHUNK_ROWS rows, of what the column holds */
} store_source;

enum { BLOCK_BYTES = HRA_CHUNK_ROWS * HRA_RESULT_KEY_SIZE };

static void close_store(void *state)
{
    store_source *s = state;
    hra_result_reader_close(s->reader);
    hra_buffer_destroy(&s->text);
    free(s->block);
    free(s);
}

/* ---- a column as texts ---- */

static hra_code intern(hra_number_table *t, hra_number_column *k, const char *text, int64_t row, hra_error *error)
{
    return hra_number_table_intern(t, k, text, &k->texts[row], error);
}

/* As CSV writes it: levels by name, a status in its words (without the names of what is missing), "" for unknown. */
static hra_code text_of_number(hra_number_table *t, store_source *s, const hra_result_entry *e, double value,
                               const char **text, hra_error *error)
{
    const hra_result_field *field = e->kind == HRA_ENTRY_FIELD ? hra_result_reader_field(s->reader, e->index) : NULL;
    *text = "";
    if (isnan(value)) return HRA_OK;
    if (field && field->kind == HRA_RESULT_LEVELS) {
        *text = field->levels[(int)value];
        return HRA_OK;
    }
    hra_buffer_clear(&s->text);
    if (e->kind == HRA_ENTRY_STATUS)
        hra_status_text((unsigned)value, NULL, 0, &s->text);
    else
        hra_buffer_double(&s->text, value);
    if (s->text.failed) return hra_number_table_no_memory(t, error);
    *text = s->text.bytes;
    return HRA_OK;
}

static hra_code values_of(const store_source *s, const hra_result_entry *e, int64_t first, int64_t count, double *out,
                          hra_error *error)
{
    if (e->kind == HRA_ENTRY_FIELD) return hra_result_reader_values(s->reader, e->index, first, count, out, error);
    return hra_result_entry_values(s->reader, e->index, first, count, out, error);
}

static hra_code put_values(hra_number_table *t, store_source *s, const hra_result_entry *e, hra_number_column *k,
                           int64_t first, int64_t count, hra_error *error)
{
    double *values = s->block;
    HRA_TRY(values_of(s, e, first, count, values, error));
    for (int64_t i = 0; i < count; i++) {
        const char *text;
        if (i > 0 && (values[i] == values[i - 1] || (isnan(values[i]) && isnan(values[i - 1])))) {
            k->texts[first + i] = k->texts[first + i - 1];
            continue;
        }
        HRA_TRY(text_of_number(t, s, e, values[i], &text, error));
        HRA_TRY(intern(t, k, text, first + i, error));
    }
    return HRA_OK;
}

static hra_code put_labels(hra_number_table *t, store_source *s, const hra_result_entry *e, hra_number_column *k,
                           int64_t first, int64_t count, hra_error *error)
{
    int texts_count;
    const char *const *texts = hra_result_reader_texts(s->reader, e->index, &texts_count);
    int32_t *labels = s->block;
    HRA_TRY(hra_result_reader_labels(s->reader, e->index, first, count, labels, error));
    for (int64_t i = 0; i < count; i++) HRA_TRY(intern(t, k, labels[i] < 0 ? "" : texts[labels[i]], first + i, error));
    return HRA_OK;
}

static hra_code put_keys(hra_number_table *t, store_source *s, hra_number_column *k, int64_t first, int64_t count,
                         hra_error *error)
{
    char(*keys)[HRA_RESULT_KEY_SIZE] = s->block;
    HRA_TRY(hra_result_reader_keys(s->reader, first, count, keys, error));
    for (int64_t i = 0; i < count; i++) HRA_TRY(intern(t, k, keys[i], first + i, error));
    return HRA_OK;
}

static hra_code read_texts(hra_number_table *t, store_source *s, int column, hra_error *error)
{
    const hra_result_entry *e = &s->entries[column];
    hra_number_column *k = &t->columns[column];
    for (int64_t first = 0; first < t->rows; first += HRA_CHUNK_ROWS) {
        int64_t count = t->rows - first < HRA_CHUNK_ROWS ? t->rows - first : HRA_CHUNK_ROWS;
        if (e->kind == HRA_ENTRY_KEY)
            HRA_TRY(put_keys(t, s, k, first, count, error));
        else if (e->kind == HRA_ENTRY_LABEL)
            HRA_TRY(put_labels(t, s, e, k, first, count, error));
        else
            HRA_TRY(put_values(t, s, e, k, first, count, error));
    }
    return HRA_OK;
}

/* ---- a column as numbers ---- */

static hra_code refuse(const hra_number_table *t, const hra_number_column *k, int64_t row, hra_error *error)
{
    return hra_fail(error, HRA_EINPUT, "%s: row %lld: column '%s' holds a text where a number is needed", t->path,
                    (long long)row + 1, k->name);
}

/* Texts of --keep that are numbers, such as 01. */
static hra_code read_number_texts(hra_number_table *t, const store_source *s, const hra_result_entry *e,
                                  hra_number_column *k, hra_error *error)
{
    int texts_count;
    const char *const *texts = hra_result_reader_texts(s->reader, e->index, &texts_count);
    int32_t *labels = s->block;
    for (int64_t first = 0; first < t->rows; first += HRA_CHUNK_ROWS) {
        int64_t count = t->rows - first < HRA_CHUNK_ROWS ? t->rows - first : HRA_CHUNK_ROWS;
        HRA_TRY(hra_result_reader_labels(s->reader, e->index, first, count, labels, error));
        for (int64_t i = 0; i < count; i++)
            if (!hra_number_cell(labels[i] < 0 ? "" : texts[labels[i]], &k->numbers[first + i]))
                return refuse(t, k, first + i, error);
    }
    return HRA_OK;
}

static hra_code read_numbers(hra_number_table *t, const store_source *s, int column, hra_error *error)
{
    const hra_result_entry *e = &s->entries[column];
    hra_number_column *k = &t->columns[column];
    if (e->kind == HRA_ENTRY_LABEL) return read_number_texts(t, s, e, k, error);
    bool levels = e->kind == HRA_ENTRY_FIELD && hra_result_reader_field(s->reader, e->index)->kind == HRA_RESULT_LEVELS;
    if (levels || e->kind == HRA_ENTRY_STATUS || e->kind == HRA_ENTRY_KEY) return refuse(t, k, 0, error);
    HRA_TRY(values_of(s, e, 0, t->rows, k->numbers, error));
    for (int64_t i = 0; i < t->rows; i++)
        if (isinf(k->numbers[i])) return refuse(t, k, i, error);
    return HRA_OK;
}

static hra_code read_store(hra_number_table *t, hra_error *error)
{
    store_source *s = t->state;
    int64_t rows = hra_result_reader_facts(s->reader)->rows;
    HRA_TRY(hra_number_table_room(t, rows > 0 ? rows : 1, error));
    t->rows = rows;
    for (int c = 0; c < t->width; c++) {
        if (t->columns[c].want_numbers) HRA_TRY(read_numbers(t, s, c, error));
        if (t->columns[c].want_texts) HRA_TRY(read_texts(t, s, c, error));
    }
    return HRA_OK;
}

hra_code hra_number_store_open(hra_number_table *t, hra_error *error)
{
    static const hra_number_source source = {read_store, close_store};
    store_source *s = calloc(1, sizeof *s);
    if (!s) return hra_number_table_no_memory(t, error);
    t->source = &source;
    t->state = s;
    s->block = malloc(BLOCK_BYTES);
    if (!s->block) return hra_number_table_no_memory(t, error);
    HRA_TRY(hra_result_reader_open(t->path, &s->reader, error));
    int count;
    HRA_TRY(hra_result_entries(s->reader, &s->entries, &count, error));
    HRA_TRY(hra_number_table_begin(t, count, error));
    for (int c = 0; c < count; c++)
        HRA_TRY(hra_number_table_name_column(t, s->entries[c].name, strlen(s->entries[c].name), error));
    return HRA_OK;
}
