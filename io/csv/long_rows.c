/* The rows of a long file: whose they are, which item, and its value with its unit, packed to be sorted. */
#include <string.h>

#include "io/csv/csv_cells.h"
#include "io/csv/long_reader_internal.h"
#include "io/words/text_fold.h"

enum {
    BATCH_BYTES = 1 << 20,
    MOST_UNKNOWN = 1 << 14 /* different unknown items that are told one by one */
};

/* A row of the file that goes no further: it comes out as it is, to be rejected with its line. */
static hra_code put_raw(hra_long_reader *r, const char *text, const hra_record *record, uint32_t cells, uint8_t fault,
                        hra_error *error)
{
    hra_long_head head = {
        .line = record->line, .length = record->length, .cells = cells, .fault = fault, .quoted = record->quoted};
    return hra_long_put_record(r, &head, text, NULL, error);
}

/* All cells of a record, with texts that stay until the next. */
static bool cut_cells(hra_long_reader *r, const char *text, const hra_record *record)
{
    hra_cells cells = hra_cells_begin(text, record->length, r->plan->delimiter, &r->scratch);
    size_t starts = 0;
    hra_buffer_clear(&r->cell_texts);
    for (int i = 0; i < r->form->file_width; i++) {
        hra_cell_text cell = cells.done ? (hra_cell_text){"", 0, false} : hra_cells_next(&cells);
        hra_buffer_append(&r->cell_texts, cell.text, cell.length);
        r->file_cells[i] = (hra_cell_text){NULL, cell.length, cell.quoted};
    }
    for (int i = 0; i < r->form->file_width && !r->cell_texts.failed; i++) {
        r->file_cells[i].text = r->cell_texts.bytes ? r->cell_texts.bytes + starts : "";
        starts += r->file_cells[i].length;
    }
    return !r->cell_texts.failed && !r->scratch.failed;
}

static bool is_blank(hra_cell_text cell)
{
    hra_trim(&cell.text, &cell.length);
    return cell.length == 0;
}

/* Person and day as the words to sort by; a row without identifier is a person of its own. */
static bool hash_person(hra_long_reader *r, const hra_record *record, uint64_t words[2])
{
    hra_cell_text id = r->file_cells[r->form->id];
    hra_clean_identifier(&id.text, &id.length);
    hra_buffer_clear(&r->identifier);
    hra_buffer_append(&r->identifier, id.text, id.length);
    hra_buffer_char(&r->identifier, '\x1F');
    if (r->form->date >= 0) {
        hra_cell_text date = r->file_cells[r->form->date];
        hra_trim(&date.text, &date.length);
        hra_buffer_append(&r->identifier, date.text, date.length);
    }
    if (id.length == 0) hra_buffer_printf(&r->identifier, "\x1F%lld", (long long)record->line);
    hra_id_hash hash;
    if (r->identifier.failed || !hra_id_hash_text(&r->hasher, r->identifier.bytes, r->identifier.length, &hash))
        return false;
    words[0] = hash.word[0];
    words[1] = hash.word[1];
    return true;
}

/* The unit of a row is the column's own, or it goes into the cell, where it is read as one. */
static bool is_own_unit(hra_long_reader *r, int item, hra_cell_text unit)
{
    hra_seen_unit *seen = &r->units[item];
    const hra_source_column *column = &r->plan->columns[r->form->first_column[item]];
    bool read = column->action == HRA_READ || column->action == HRA_READ_PAIR;
    if (unit.length == 0 || unit.length >= HRA_LONG_UNIT_TEXT || !read) return unit.length == 0;
    if (seen->known && strlen(seen->text) == unit.length && memcmp(seen->text, unit.text, unit.length) == 0)
        return seen->own;
    memcpy(seen->text, unit.text, unit.length);
    seen->text[unit.length] = '\0';
    const hra_column *own = &r->binding->schema.columns[column->column];
    const hra_variable *v = hra_dictionary_at(r->binding->schema.dictionary, own->variable);
    bool number = v->type == HRA_TYPE_MEASURE || v->type == HRA_TYPE_COUNT;
    const char *spelling = number ? hra_unit_in_column(v, seen->text, column->header, own->unit) : NULL;
    seen->known = true;
    seen->own = !number || (spelling && own->unit && strcmp(spelling, own->unit) == 0);
    return seen->own;
}

static void put_text(hra_buffer *out, hra_cell_text cell)
{
    uint32_t length = (uint32_t)cell.length;
    hra_buffer_append(out, &length, sizeof length);
    hra_buffer_append(out, cell.text, cell.length);
}

/* Item, value with its unit, then the cells that repeat in every row. */
static void pack_row(hra_long_reader *r, int item)
{
    const hra_long_plan *form = r->form;
    int32_t number = item;
    hra_cell_text value = r->file_cells[form->value], unit = {"", 0, false};
    hra_trim(&value.text, &value.length);
    hra_buffer_clear(&r->packed);
    hra_buffer_append(&r->packed, &number, sizeof number);
    if (form->unit >= 0) unit = r->file_cells[form->unit];
    hra_trim(&unit.text, &unit.length);
    bool with_unit = item >= 0 && value.length > 0 && !is_own_unit(r, item, unit);
    uint32_t length = (uint32_t)(value.length + (with_unit ? 1 + unit.length : 0));
    hra_buffer_append(&r->packed, &length, sizeof length);
    hra_buffer_append(&r->packed, value.text, value.length);
    if (with_unit) {
        hra_buffer_char(&r->packed, ' ');
        hra_buffer_append(&r->packed, unit.text, unit.length);
    }
    for (int i = 0; i < form->carried_count; i++) {
        bool skipped = r->plan->columns[i].action == HRA_SKIP;
        put_text(&r->packed, skipped ? (hra_cell_text){"", 0, false} : r->file_cells[form->carried[i]]);
    }
}

/* The first row of an unknown item is rejected with its line; the others are counted. */
static hra_code take_unknown(hra_long_reader *r, const char *text, const hra_record *record, hra_error *error)
{
    hra_cell_text code = r->file_cells[r->form->item];
    hra_trim(&code.text, &code.length);
    r->counts.unknown_items++;
    if (r->unknown_count >= MOST_UNKNOWN || hra_map_get_n(r->unknown, code.text, code.length) >= 0) return HRA_OK;
    if (hra_map_set_n(r->unknown, code.text, code.length, r->unknown_count++) != 0) return hra_out_of_memory(error);
    return put_raw(r, text, record, (uint32_t)r->plan->width, HRA_RECORD_NO_ITEM, error);
}

static hra_code take_row(hra_long_reader *r, const char *text, const hra_record *record, hra_error *error)
{
    const hra_file_plan *plan = r->plan;
    uint32_t width = (uint32_t)plan->width;
    r->counts.rows++;
    if (record->fault != HRA_RECORD_GOOD) return put_raw(r, text, record, width, record->fault, error);
    if (record->cells > (uint32_t)r->form->file_width) return put_raw(r, text, record, width + 1, 0, error);
    if (record->length == plan->row_length && memcmp(text, plan->row_text, record->length) == 0)
        return put_raw(r, text, record, width, 0, error);
    if (!cut_cells(r, text, record)) return hra_out_of_memory(error);
    int blank = 0;
    while (blank < r->form->file_width && is_blank(r->file_cells[blank])) blank++;
    if (blank == r->form->file_width) return put_raw(r, text, record, width, 0, error);
    hra_cell_text code = r->file_cells[r->form->item];
    int item = hra_long_item_of(r->form->spec, code.text, code.length);
    if (item < 0) HRA_TRY(take_unknown(r, text, record, error)); /* the person stands nevertheless */
    if (item >= 0 && r->form->first_column[item] < 0) item = -1;
    hra_sort_row row = {.key = {0, 0, (uint64_t)record->line}};
    if (!hash_person(r, record, row.key)) return hra_out_of_memory(error);
    pack_row(r, item);
    if (r->packed.failed) return hra_out_of_memory(error);
    row.bytes = r->packed.bytes;
    row.length = r->packed.length;
    return hra_row_sort_add(r->rows, &row, error);
}

hra_code hra_long_read_file(hra_long_reader *r, hra_error *error)
{
    const hra_file_plan *plan = r->plan;
    hra_record_reader *reader;
    hra_batch batch = {0};
    HRA_TRY(hra_record_reader_open(plan->path, &plan->text, plan->delimiter, &reader, error));
    hra_record_reader_set_width(reader, (uint32_t)r->form->file_width);
    hra_code code;
    do {
        code = hra_record_reader_next(reader, HRA_CHUNK_ROWS, BATCH_BYTES, &batch, error);
        for (int i = 0; i < batch.count && code == HRA_OK; i++)
            if (batch.records[i].line > plan->header_line)
                code = take_row(r, batch.text.bytes + batch.records[i].start, &batch.records[i], error);
    } while (code == HRA_OK && batch.count > 0);
    hra_batch_destroy(&batch);
    hra_record_reader_close(reader);
    return code == HRA_OK ? hra_row_sort_finish(r->rows, error) : code;
}
