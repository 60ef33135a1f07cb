/* A long reader from its beginning to its end, and what it hands out. */
#include <stdlib.h>
#include <string.h>

#include "io/csv/long_reader_internal.h"

/* ---- records that are ready ---------------------------------------------------------------- */

hra_code hra_long_put_record(hra_long_reader *r, const hra_long_head *head, const char *text,
                             const hra_cell_line *lines, hra_error *error)
{
    hra_buffer_clear(&r->packed);
    hra_buffer_append(&r->packed, head, sizeof *head);
    hra_buffer_append(&r->packed, text, head->length);
    if (head->lines > 0) hra_buffer_append(&r->packed, lines, head->lines * sizeof *lines);
    if (r->packed.failed) return hra_out_of_memory(error);
    hra_sort_row row = {.key = {(uint64_t)head->line}, .bytes = r->packed.bytes, .length = r->packed.length};
    return hra_row_sort_add(r->records, &row, error);
}

/* ---- life ------------------------------------------------------------------------------------------- */

static bool init(hra_long_reader *r, const char *beside, size_t bytes)
{
    r->rows = hra_row_sort_new(beside, bytes / 2);
    r->records = hra_row_sort_new(beside, bytes / 2);
    r->unknown = hra_map_new();
    r->units = calloc((size_t)r->form->spec->item_count + 1, sizeof *r->units);
    r->used = calloc((size_t)r->form->spec->item_count + 1, sizeof *r->used);
    r->cells = calloc((size_t)r->plan->width + 1, sizeof *r->cells);
    r->file_cells = calloc((size_t)r->form->file_width + 1, sizeof *r->file_cells);
    return r->rows && r->records && r->unknown && r->units && r->used && r->cells && r->file_cells;
}

hra_code hra_long_reader_open(const hra_binding *binding, const hra_file_plan *plan, const char *beside, size_t bytes,
                              hra_long_reader **out, hra_error *error)
{
    *out = NULL;
    hra_long_reader *r = calloc(1, sizeof *r);
    if (!r) return hra_out_of_memory(error);
    r->binding = binding;
    r->plan = plan;
    r->form = plan->long_form;
    hra_code code = init(r, beside, bytes) ? HRA_OK : hra_out_of_memory(error);
    if (code == HRA_OK && !hra_id_hasher_start(&r->hasher))
        code = hra_fail(error, HRA_EINTERNAL, "no source of random numbers");
    if (code == HRA_OK) code = hra_long_read_file(r, error);
    if (code == HRA_OK) code = hra_long_put_together(r, error);
    hra_row_sort_free(r->rows);
    r->rows = NULL;
    if (code != HRA_OK) {
        hra_long_reader_close(r);
        return code;
    }
    *out = r;
    return HRA_OK;
}

void hra_long_reader_close(hra_long_reader *r)
{
    if (!r) return;
    for (int i = 0; r->cells && i < r->plan->width; i++) hra_buffer_destroy(&r->cells[i].text);
    hra_row_sort_free(r->rows);
    hra_row_sort_free(r->records);
    hra_map_free(r->unknown);
    hra_buffer_destroy(&r->scratch);
    hra_buffer_destroy(&r->packed);
    hra_buffer_destroy(&r->identifier);
    hra_buffer_destroy(&r->cell_texts);
    free(r->file_cells);
    free(r->units);
    free(r->used);
    free(r->cells);
    free(r);
}

const hra_long_counts *hra_long_reader_counts(const hra_long_reader *reader) { return &reader->counts; }

/* ---- handing out -------------------------------------------------------------------------------------- */

static bool make_room(hra_batch *batch, uint32_t lines)
{
    if (batch->count == batch->capacity) {
        int capacity = batch->capacity ? 2 * batch->capacity : 1024;
        hra_record *records = realloc(batch->records, (size_t)capacity * sizeof *records);
        if (!records) return false;
        batch->records = records;
        batch->capacity = capacity;
    }
    if (batch->cell_line_count + lines > batch->cell_line_capacity) {
        size_t capacity = 2 * (batch->cell_line_count + lines);
        hra_cell_line *cell_lines = realloc(batch->cell_lines, capacity * sizeof *cell_lines);
        if (!cell_lines) return false;
        batch->cell_lines = cell_lines;
        batch->cell_line_capacity = capacity;
    }
    return true;
}

static hra_code hand_out(hra_batch *batch, const hra_sort_row *row, hra_error *error)
{
    hra_long_head head;
    const char *bytes = row->bytes;
    memcpy(&head, bytes, sizeof head);
    if (!make_room(batch, head.lines)) return hra_out_of_memory(error);
    hra_cell_line *lines = batch->cell_lines + batch->cell_line_count;
    if (head.lines > 0) memcpy(lines, bytes + sizeof head + head.length, head.lines * sizeof *lines);
    for (uint32_t i = 0; i < head.lines; i++) lines[i].record = batch->count;
    batch->cell_line_count += head.lines;
    batch->records[batch->count++] = (hra_record){.line = head.line,
                                                  .start = (uint32_t)batch->text.length,
                                                  .length = head.length,
                                                  .cells = head.cells,
                                                  .quoted = head.quoted,
                                                  .fault = head.fault};
    hra_buffer_append(&batch->text, bytes + sizeof head, head.length);
    hra_buffer_char(&batch->text, '\n');
    return batch->text.failed ? hra_out_of_memory(error) : HRA_OK;
}

hra_code hra_long_reader_next(hra_long_reader *r, int most, size_t bytes, hra_batch *batch, hra_error *error)
{
    batch->count = 0;
    batch->cell_line_count = 0;
    hra_buffer_clear(&batch->text);
    while (batch->count < most && batch->text.length < bytes) {
        hra_sort_row row;
        bool any;
        HRA_TRY(hra_row_sort_next(r->records, &row, &any, error));
        if (!any) break;
        HRA_TRY(hand_out(batch, &row, error));
    }
    return HRA_OK;
}
