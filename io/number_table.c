#include "io/number_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/number_read.h"
#include "base/plain_text.h"
#include "io/csv_cells.h"
#include "io/csv_records.h"

enum { BATCH_ROWS = 16384, BATCH_BYTES = 1 << 20 };

typedef struct table_column {
    const char *name;
    double *numbers; /* asked for as numbers */
    int32_t *texts;  /* asked for as texts: indices into `list` */
    bool want_numbers, want_texts;
    hra_map *map;
    const char **list;
    int32_t count, capacity;
} table_column;

struct hra_number_table {
    const char *path;
    hra_record_reader *reader;
    hra_arena *arena;
    hra_batch batch;
    hra_buffer scratch, cell;
    table_column *columns;
    int width, next; /* next: the record of the batch to read, after the header */
    int64_t rows, capacity;
};

static hra_code no_memory(const hra_number_table *t, hra_error *error)
{
    return hra_fail(error, HRA_ENOMEM, "%s: not enough memory for its columns", t->path);
}

/* Without the spaces around it. */
static hra_cell_text trimmed(hra_cell_text cell)
{
    while (cell.length > 0 && cell.text[0] == ' ') cell.text++, cell.length--;
    while (cell.length > 0 && cell.text[cell.length - 1] == ' ') cell.length--;
    return cell;
}

/* ---- the header ---- */

static hra_code take_name(hra_number_table *t, int index, hra_cell_text cell, hra_error *error)
{
    char *name = hra_arena_text_n(t->arena, cell.text, cell.length);
    if (!name) return no_memory(t, error);
    hra_plain_text(name);
    t->columns[index].name = name;
    return HRA_OK;
}

static hra_code read_header(hra_number_table *t, hra_error *error)
{
    HRA_TRY(hra_record_reader_next(t->reader, BATCH_ROWS, BATCH_BYTES, &t->batch, error));
    if (t->batch.count == 0) return hra_fail(error, HRA_EINPUT, "%s is empty: a header and rows are needed", t->path);
    const hra_record *r = &t->batch.records[0];
    t->columns = calloc(r->cells ? r->cells : 1, sizeof *t->columns);
    if (!t->columns) return no_memory(t, error);
    hra_cells cells =
        hra_cells_begin(t->batch.text.bytes + r->start, r->length, hra_record_reader_delimiter(t->reader), &t->scratch);
    while (!cells.done && t->width < (int)r->cells) {
        HRA_TRY(take_name(t, t->width, trimmed(hra_cells_next(&cells)), error));
        t->width++;
    }
    hra_record_reader_set_width(t->reader, (uint32_t)t->width);
    t->next = 1;
    return HRA_OK;
}

hra_code hra_number_table_open(const char *path, hra_number_table **out, hra_error *error)
{
    hra_text_facts facts;
    HRA_TRY(hra_text_examine(path, NULL, &facts, error));
    hra_number_table *t = calloc(1, sizeof *t);
    if (!t) return hra_fail(error, HRA_ENOMEM, "%s: not enough memory", path);
    t->path = path;
    t->arena = hra_arena_new();
    hra_code code = t->arena ? hra_record_reader_open(path, &facts, 0, &t->reader, error) : no_memory(t, error);
    if (!code) code = read_header(t, error);
    if (code) {
        hra_number_table_close(t);
        return code;
    }
    *out = t;
    return HRA_OK;
}

void hra_number_table_close(hra_number_table *t)
{
    if (!t) return;
    for (int c = 0; c < t->width; c++) {
        free(t->columns[c].numbers);
        free(t->columns[c].texts);
        free(t->columns[c].list);
        hra_map_free(t->columns[c].map);
    }
    free(t->columns);
    hra_batch_destroy(&t->batch);
    hra_buffer_destroy(&t->scratch);
    hra_buffer_destroy(&t->cell);
    if (t->reader) hra_record_reader_close(t->reader);
    hra_arena_free(t->arena);
    free(t);
}

int hra_number_table_width(const hra_number_table *t) { return t->width; }
const char *hra_number_table_name(const hra_number_table *t, int c) { return t->columns[c].name; }

int hra_number_table_find(const hra_number_table *t, const char *name)
{
    for (int c = 0; c < t->width; c++)
        if (strcmp(t->columns[c].name, name) == 0) return c;
    return -1;
}

hra_code hra_number_table_require(const hra_number_table *t, const char *name, int *column, hra_error *error)
{
    enum { MOST = 12 };
    *column = hra_number_table_find(t, name);
    for (int c = *column + 1; *column >= 0 && c < t->width; c++)
        if (strcmp(t->columns[c].name, name) == 0)
            return hra_fail(error, HRA_EINPUT, "%s has two columns '%s' (numbers %d and %d)", t->path, name,
                            *column + 1, c + 1);
    if (*column >= 0) return HRA_OK;
    hra_buffer list = {0};
    for (int c = 0; c < t->width && c < MOST; c++)
        hra_buffer_printf(&list, "%s%.40s", c ? ", " : "", t->columns[c].name);
    if (t->width > MOST) hra_buffer_printf(&list, " and %d more", t->width - MOST);
    hra_code code = hra_fail(error, HRA_EUSAGE, "%s has no column '%s'; it has %s", t->path, name,
                             list.bytes ? list.bytes : "none");
    hra_buffer_destroy(&list);
    return code;
}

void hra_number_table_ask_numbers(hra_number_table *t, int c) { t->columns[c].want_numbers = true; }
void hra_number_table_ask_texts(hra_number_table *t, int c) { t->columns[c].want_texts = true; }

/* ---- rows ---- */

static hra_code grow(hra_number_table *t, hra_error *error)
{
    if (t->rows < t->capacity) return HRA_OK;
    int64_t capacity = t->capacity ? 2 * t->capacity : BATCH_ROWS;
    for (int c = 0; c < t->width; c++) {
        table_column *k = &t->columns[c];
        if (k->want_numbers) {
            double *numbers = realloc(k->numbers, (size_t)capacity * sizeof *numbers);
            if (!numbers) return no_memory(t, error);
            k->numbers = numbers;
        }
        if (k->want_texts) {
            int32_t *texts = realloc(k->texts, (size_t)capacity * sizeof *texts);
            if (!texts) return no_memory(t, error);
            k->texts = texts;
        }
    }
    t->capacity = capacity;
    return HRA_OK;
}

static bool is_missing(const char *text)
{
    static const char *const words[] = {"", "NA", "NaN", "nan", "NULL", "."};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(text, words[i]) == 0) return true;
    return false;
}

/* A finite decimal number: no hexadecimal one, which is more likely a code. */
static bool is_number(const char *text, double *value)
{
    char *end;
    *value = hra_number_read(text, &end);
    return end > text && !*end && isfinite(*value) && !strpbrk(text, "xX");
}

static hra_code put_number(hra_number_table *t, table_column *k, const char *text, int64_t line, hra_error *error)
{
    double value = NAN;
    if (!is_missing(text) && !is_number(text, &value))
        return hra_fail(error, HRA_EINPUT,
                        "%s:%lld: column '%s' holds a text of %zu bytes where a number is needed "
                        "(empty cells, NA and NaN are missing)",
                        t->path, (long long)line, k->name, strlen(text));
    k->numbers[t->rows] = value;
    return HRA_OK;
}

static hra_code put_text(hra_number_table *t, table_column *k, const char *text, hra_error *error)
{
    if (!k->map && !(k->map = hra_map_new())) return no_memory(t, error);
    int64_t index = hra_map_get(k->map, text);
    if (index < 0) {
        if (k->count == k->capacity) {
            int32_t capacity = k->capacity ? 2 * k->capacity : 16;
            const char **list = realloc(k->list, (size_t)capacity * sizeof *list);
            if (!list) return no_memory(t, error);
            k->list = list;
            k->capacity = capacity;
        }
        index = k->count;
        k->list[index] = hra_arena_text(t->arena, text);
        if (!k->list[index] || hra_map_set(k->map, text, index) != 0) return no_memory(t, error);
        k->count++;
    }
    k->texts[t->rows] = (int32_t)index;
    return HRA_OK;
}

static hra_code put_record(hra_number_table *t, const hra_record *r, hra_error *error)
{
    if (r->fault != HRA_RECORD_GOOD)
        return hra_fail(error, HRA_EINPUT, "%s:%lld: the row cannot be read: %s", t->path, (long long)r->line,
                        r->fault == HRA_RECORD_NUL ? "it holds NUL bytes" : "a quote is not closed");
    if ((int)r->cells != t->width)
        return hra_fail(error, HRA_EINPUT, "%s:%lld: %u cells where the header has %d", t->path, (long long)r->line,
                        r->cells, t->width);
    HRA_TRY(grow(t, error));
    hra_cells cells =
        hra_cells_begin(t->batch.text.bytes + r->start, r->length, hra_record_reader_delimiter(t->reader), &t->scratch);
    for (int c = 0; c < t->width; c++) {
        hra_cell_text cell = trimmed(hra_cells_next(&cells));
        table_column *k = &t->columns[c];
        if (!k->want_numbers && !k->want_texts) continue;
        hra_buffer_clear(&t->cell);
        hra_buffer_append(&t->cell, cell.text, cell.length);
        if (t->cell.failed) return no_memory(t, error);
        if (k->want_numbers) HRA_TRY(put_number(t, k, t->cell.bytes, r->line, error));
        if (k->want_texts) HRA_TRY(put_text(t, k, t->cell.bytes, error));
    }
    t->rows++;
    return HRA_OK;
}

hra_code hra_number_table_read(hra_number_table *t, hra_error *error)
{
    while (t->batch.count > 0) {
        for (; t->next < t->batch.count; t->next++) HRA_TRY(put_record(t, &t->batch.records[t->next], error));
        HRA_TRY(hra_record_reader_next(t->reader, BATCH_ROWS, BATCH_BYTES, &t->batch, error));
        t->next = 0;
    }
    return HRA_OK;
}

int64_t hra_number_table_rows(const hra_number_table *t) { return t->rows; }
const double *hra_number_table_numbers(const hra_number_table *t, int c) { return t->columns[c].numbers; }
const int32_t *hra_number_table_texts(const hra_number_table *t, int c) { return t->columns[c].texts; }
const char *hra_number_table_text(const hra_number_table *t, int c, int32_t i) { return t->columns[c].list[i]; }
int32_t hra_number_table_text_count(const hra_number_table *t, int c) { return t->columns[c].count; }
