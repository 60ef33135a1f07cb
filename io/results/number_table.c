/* The columns of a table, wherever they come from. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/number_read.h"
#include "base/plain_text.h"
#include "io/results/number_table_parts.h"
#include "io/results/result_info.h"

hra_code hra_number_table_no_memory(const hra_number_table *t, hra_error *error)
{
    return hra_fail(error, HRA_ENOMEM, "%s: not enough memory for its columns", t->path);
}

hra_code hra_number_table_begin(hra_number_table *t, int most, hra_error *error)
{
    t->columns = calloc(most > 0 ? (size_t)most : 1, sizeof *t->columns);
    return t->columns ? HRA_OK : hra_number_table_no_memory(t, error);
}

hra_code hra_number_table_name_column(hra_number_table *t, const char *text, size_t length, hra_error *error)
{
    char *name = hra_arena_text_n(t->arena, text, length);
    if (!name) return hra_number_table_no_memory(t, error);
    hra_plain_text(name);
    t->columns[t->width++].name = name;
    return HRA_OK;
}

hra_code hra_number_table_open(const char *path, hra_number_table **out, hra_error *error)
{
    hra_number_table *t = calloc(1, sizeof *t);
    if (!t) return hra_fail(error, HRA_ENOMEM, "%s: not enough memory", path);
    t->path = path;
    t->arena = hra_arena_new();
    hra_code code = !t->arena                   ? hra_number_table_no_memory(t, error)
                    : hra_is_result_store(path) ? hra_number_store_open(t, error)
                                                : hra_number_text_open(t, error);
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
    if (t->source) t->source->close(t->state);
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
    for (int c = 0; c < t->width && c < MOST; c++) hra_buffer_printf(&list, "%s%s", c ? ", " : "", t->columns[c].name);
    if (t->width > MOST) hra_buffer_printf(&list, " and %d more", t->width - MOST);
    hra_code code = hra_fail(error, HRA_EUSAGE, "%s has no column '%s'; it has %s", t->path, name,
                             list.bytes ? list.bytes : "none");
    hra_buffer_destroy(&list);
    return code;
}

void hra_number_table_ask_numbers(hra_number_table *t, int c) { t->columns[c].want_numbers = true; }
void hra_number_table_ask_texts(hra_number_table *t, int c) { t->columns[c].want_texts = true; }

/* ---- rows ---- */

static bool is_missing(const char *text)
{
    static const char *const words[] = {"", "NA", "NaN", "nan", "NULL", "."};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(text, words[i]) == 0) return true;
    return false;
}

bool hra_number_cell(const char *text, double *value)
{
    char *end;
    *value = NAN;
    if (is_missing(text)) return true;
    *value = hra_number_read(text, &end);
    return end > text && !*end && isfinite(*value) && !strpbrk(text, "xX");
}

hra_code hra_number_table_room(hra_number_table *t, int64_t capacity, hra_error *error)
{
    for (int c = 0; c < t->width; c++) {
        hra_number_column *k = &t->columns[c];
        if (k->want_numbers) {
            double *numbers = realloc(k->numbers, (size_t)capacity * sizeof *numbers);
            if (!numbers) return hra_number_table_no_memory(t, error);
            k->numbers = numbers;
        }
        if (k->want_texts) {
            int32_t *texts = realloc(k->texts, (size_t)capacity * sizeof *texts);
            if (!texts) return hra_number_table_no_memory(t, error);
            k->texts = texts;
        }
    }
    t->capacity = capacity;
    return HRA_OK;
}

hra_code hra_number_table_intern(hra_number_table *t, hra_number_column *k, const char *text, int32_t *out,
                                 hra_error *error)
{
    if (!k->map && !(k->map = hra_map_new())) return hra_number_table_no_memory(t, error);
    int64_t index = hra_map_get(k->map, text);
    if (index < 0) {
        if (k->count == k->capacity) {
            int32_t capacity = k->capacity ? 2 * k->capacity : 16;
            const char **list = realloc(k->list, (size_t)capacity * sizeof *list);
            if (!list) return hra_number_table_no_memory(t, error);
            k->list = list;
            k->capacity = capacity;
        }
        index = k->count;
        k->list[index] = hra_arena_text(t->arena, text);
        if (!k->list[index] || hra_map_set(k->map, text, index) != 0) return hra_number_table_no_memory(t, error);
        k->count++;
    }
    *out = (int32_t)index;
    return HRA_OK;
}

hra_code hra_number_table_read(hra_number_table *t, hra_error *error) { return t->source->read(t, error); }

int64_t hra_number_table_rows(const hra_number_table *t) { return t->rows; }
const double *hra_number_table_numbers(const hra_number_table *t, int c) { return t->columns[c].numbers; }
const int32_t *hra_number_table_texts(const hra_number_table *t, int c) { return t->columns[c].texts; }
const char *hra_number_table_text(const hra_number_table *t, int c, int32_t i) { return t->columns[c].list[i]; }
int32_t hra_number_table_text_count(const hra_number_table *t, int c) { return t->columns[c].count; }
