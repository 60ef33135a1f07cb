/* Records of the wide form, put together from the rows of a person and day. */
#include <stdlib.h>
#include <string.h>

#include "io/csv/csv_cells.h"
#include "io/csv/long_reader_internal.h"

enum { MOST_JOINED = 4096 }; /* longer texts are no values of anything */

static void clear_cells(hra_long_reader *r)
{
    for (int i = 0; i < r->plan->width; i++) {
        hra_buffer_clear(&r->cells[i].text);
        r->cells[i].line = 0;
    }
    memset(r->used, 0, (size_t)r->form->spec->item_count * sizeof *r->used);
}

static void set_cell(hra_wide_cell *cell, const char *text, uint32_t length, int64_t line)
{
    hra_buffer_clear(&cell->text);
    hra_buffer_append(&cell->text, text, length);
    cell->line = line;
}

/* More readings than an average takes: told like a row of too many cells. */
static hra_code refuse_reading(hra_long_reader *r, const char *text, uint32_t length, int64_t line, hra_error *error)
{
    hra_long_head head = {.line = line,
                          .length = length,
                          .cells = (uint32_t)r->plan->width,
                          .fault = HRA_RECORD_TOO_MANY,
                          .quoted = true};
    return hra_long_put_record(r, &head, text, NULL, error);
}

static hra_code add_value(hra_long_reader *r, int item, const char *text, uint32_t length, int64_t line,
                          hra_error *error)
{
    int column = r->form->first_column[item];
    hra_long_repeats rule = r->form->spec->items[item].repeats;
    if (rule == HRA_LONG_MEAN) {
        if (r->used[item] == HRA_LONG_MOST_READINGS) return refuse_reading(r, text, length, line, error);
        column += r->used[item]++;
    }
    hra_wide_cell *cell = &r->cells[column];
    bool again = cell->line > 0;
    r->counts.repeats += again;
    if (!again || rule == HRA_LONG_LAST) {
        set_cell(cell, text, length, line);
    } else if (rule == HRA_LONG_JOIN && cell->text.length < MOST_JOINED) {
        hra_buffer_text(&cell->text, ";");
        hra_buffer_append(&cell->text, text, length);
    }
    return HRA_OK;
}

/* One packed row of a person. */
static hra_code add_row(hra_long_reader *r, const hra_sort_row *row, hra_error *error)
{
    const char *at = row->bytes;
    int64_t line = (int64_t)row->key[2];
    int32_t item;
    uint32_t length;
    memcpy(&item, at, sizeof item);
    at += sizeof item;
    memcpy(&length, at, sizeof length);
    at += sizeof length;
    if (item >= 0 && length > 0) HRA_TRY(add_value(r, item, at, length, line, error));
    at += length;
    for (int i = 0; i < r->form->carried_count; i++) { /* the first that is not empty */
        memcpy(&length, at, sizeof length);
        at += sizeof length;
        if (r->cells[i].line == 0 && length > 0) set_cell(&r->cells[i], at, length, line);
        at += length;
    }
    return HRA_OK;
}

/* In quotes where it must be. */
static bool put_cell(hra_buffer *out, const hra_buffer *text, char delimiter)
{
    bool quoted = false;
    for (size_t i = 0; i < text->length && !quoted; i++) {
        char c = text->bytes[i];
        quoted = c == delimiter || c == '"' || c == '\n' || c == '\r';
    }
    if (!quoted) {
        hra_buffer_append(out, text->bytes ? text->bytes : "", text->length);
        return false;
    }
    hra_buffer_char(out, '"');
    for (size_t i = 0; i < text->length; i++) {
        if (text->bytes[i] == '"') hra_buffer_char(out, '"');
        hra_buffer_char(out, text->bytes[i]);
    }
    hra_buffer_char(out, '"');
    return true;
}

static hra_code finish_record(hra_long_reader *r, int64_t first_line, hra_error *error)
{
    hra_long_head head = {.line = first_line, .cells = (uint32_t)r->plan->width};
    hra_cell_line *lines = malloc(((size_t)r->plan->width + 1) * sizeof *lines);
    hra_buffer text = {0};
    bool good = lines != NULL;
    for (int i = 0; good && i < r->plan->width; i++) {
        const hra_wide_cell *cell = &r->cells[i];
        if (i > 0) hra_buffer_char(&text, r->plan->delimiter);
        if (put_cell(&text, &cell->text, r->plan->delimiter)) head.quoted = true;
        if (cell->line > 0) lines[head.lines++] = (hra_cell_line){0, i, cell->line};
        good = !cell->text.failed;
    }
    head.length = (uint32_t)text.length;
    hra_code code = good && !text.failed ? hra_long_put_record(r, &head, text.bytes ? text.bytes : "", lines, error)
                                         : hra_out_of_memory(error);
    hra_buffer_destroy(&text);
    free(lines);
    return code;
}

hra_code hra_long_put_together(hra_long_reader *r, hra_error *error)
{
    uint64_t person[2] = {0, 0};
    int64_t first_line = 0;
    bool any, open = false;
    clear_cells(r);
    for (;;) {
        hra_sort_row row;
        HRA_TRY(hra_row_sort_next(r->rows, &row, &any, error));
        bool same = any && open && row.key[0] == person[0] && row.key[1] == person[1];
        if (open && !same) {
            HRA_TRY(finish_record(r, first_line, error));
            clear_cells(r);
        }
        if (!any) return hra_row_sort_finish(r->records, error);
        if (!same) {
            memcpy(person, row.key, sizeof person);
            first_line = (int64_t)row.key[2];
        }
        open = true;
        HRA_TRY(add_row(r, &row, error));
    }
}
