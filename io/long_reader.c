#include "io/long_reader.h"

#include <stdlib.h>
#include <string.h>

#include "io/csv_cells.h"
#include "io/csv_work.h"
#include "io/id_set.h"
#include "io/long_format.h"
#include "io/row_sort.h"
#include "io/text_fold.h"

enum {
    BATCH_BYTES = 1 << 20,
    MOST_JOINED = 4096,     /* longer texts are no values of anything */
    MOST_UNKNOWN = 1 << 14, /* different unknown items that are told one by one */
    UNIT_TEXT = 48
};

/* A cell of the record that is being put together. */
typedef struct wide_cell {
    hra_buffer text;
    int64_t line; /* 0: empty so far */
} wide_cell;

/* Whether a unit in the file is the column's own; the last one is remembered. */
typedef struct seen_unit {
    char text[UNIT_TEXT];
    bool known, own;
} seen_unit;

struct hra_long_reader {
    const hra_binding *binding;
    const hra_file_plan *plan;
    const hra_long_plan *form;
    hra_id_hasher hasher;
    hra_row_sort *rows;    /* by person and day: item, cells */
    hra_row_sort *records; /* by line: what is handed out */
    hra_map *unknown;      /* items told already */
    int unknown_count;
    hra_long_counts counts;
    seen_unit *units; /* per item */
    wide_cell *cells; /* per column of the wide form */
    int *used;        /* readings of an item that is averaged, per item */
    hra_buffer scratch, packed, identifier;
    hra_cell_text *file_cells;
    hra_buffer cell_texts; /* behind file_cells */
};

/* What stands before a packed record. */
typedef struct record_head {
    int64_t line;
    uint32_t length, cells, lines; /* of the text; lines: how many cells say where they stand */
    uint8_t fault, quoted;
} record_head;

static hra_code out_of_memory(hra_error *error) { return hra_fail(error, HRA_ENOMEM, "out of memory"); }

/* ---- records that are ready ---------------------------------------------------------------- */

static hra_code put_record(hra_long_reader *r, const record_head *head, const char *text, const hra_cell_line *lines,
                           hra_error *error)
{
    hra_buffer_clear(&r->packed);
    hra_buffer_append(&r->packed, head, sizeof *head);
    hra_buffer_append(&r->packed, text, head->length);
    if (head->lines > 0) hra_buffer_append(&r->packed, lines, head->lines * sizeof *lines);
    if (r->packed.failed) return out_of_memory(error);
    hra_sort_row row = {.key = {(uint64_t)head->line}, .bytes = r->packed.bytes, .length = r->packed.length};
    return hra_row_sort_add(r->records, &row, error);
}

/* A row of the file that goes no further: it comes out as it is, to be rejected with its line. */
static hra_code put_raw(hra_long_reader *r, const char *text, const hra_record *record, uint32_t cells, uint8_t fault,
                        hra_error *error)
{
    record_head head = {
        .line = record->line, .length = record->length, .cells = cells, .fault = fault, .quoted = record->quoted};
    return put_record(r, &head, text, NULL, error);
}

/* ---- rows of the file ----------------------------------------------------------------------- */

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
    seen_unit *seen = &r->units[item];
    const hra_source_column *column = &r->plan->columns[r->form->first_column[item]];
    bool read = column->action == HRA_READ || column->action == HRA_READ_PAIR;
    if (unit.length == 0 || unit.length >= UNIT_TEXT || !read) return unit.length == 0;
    if (seen->known && strlen(seen->text) == unit.length && memcmp(seen->text, unit.text, unit.length) == 0)
        return seen->own;
    memcpy(seen->text, unit.text, unit.length);
    seen->text[unit.length] = '\0';
    const hra_column *own = &r->binding->schema.columns[column->column];
    const hra_variable *v = hra_dictionary_at(r->binding->schema.dictionary, own->variable);
    bool number = v->type == HRA_TYPE_MEASURE || v->type == HRA_TYPE_COUNT;
    const char *spelling = number ? hra_unit_spelling(v, seen->text) : NULL;
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
    if (hra_map_set_n(r->unknown, code.text, code.length, r->unknown_count++) != 0) return out_of_memory(error);
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
    if (!cut_cells(r, text, record)) return out_of_memory(error);
    int blank = 0;
    while (blank < r->form->file_width && is_blank(r->file_cells[blank])) blank++;
    if (blank == r->form->file_width) return put_raw(r, text, record, width, 0, error);
    hra_cell_text code = r->file_cells[r->form->item];
    int item = hra_long_item_of(r->form->spec, code.text, code.length);
    if (item < 0) HRA_TRY(take_unknown(r, text, record, error)); /* the person stands nevertheless */
    if (item >= 0 && r->form->first_column[item] < 0) item = -1;
    hra_sort_row row = {.key = {0, 0, (uint64_t)record->line}};
    if (!hash_person(r, record, row.key)) return out_of_memory(error);
    pack_row(r, item);
    if (r->packed.failed) return out_of_memory(error);
    row.bytes = r->packed.bytes;
    row.length = r->packed.length;
    return hra_row_sort_add(r->rows, &row, error);
}

static hra_code read_file(hra_long_reader *r, hra_error *error)
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

/* ---- putting records together ------------------------------------------------------------------ */

static void clear_cells(hra_long_reader *r)
{
    for (int i = 0; i < r->plan->width; i++) {
        hra_buffer_clear(&r->cells[i].text);
        r->cells[i].line = 0;
    }
    memset(r->used, 0, (size_t)r->form->spec->item_count * sizeof *r->used);
}

static void set_cell(wide_cell *cell, const char *text, uint32_t length, int64_t line)
{
    hra_buffer_clear(&cell->text);
    hra_buffer_append(&cell->text, text, length);
    cell->line = line;
}

/* More readings than an average takes: told like a row of too many cells. */
static hra_code refuse_reading(hra_long_reader *r, const char *text, uint32_t length, int64_t line, hra_error *error)
{
    record_head head = {.line = line,
                        .length = length,
                        .cells = (uint32_t)r->plan->width,
                        .fault = HRA_RECORD_TOO_MANY,
                        .quoted = true};
    return put_record(r, &head, text, NULL, error);
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
    wide_cell *cell = &r->cells[column];
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
    record_head head = {.line = first_line, .cells = (uint32_t)r->plan->width};
    hra_cell_line *lines = malloc(((size_t)r->plan->width + 1) * sizeof *lines);
    hra_buffer text = {0};
    bool good = lines != NULL;
    for (int i = 0; good && i < r->plan->width; i++) {
        const wide_cell *cell = &r->cells[i];
        if (i > 0) hra_buffer_char(&text, r->plan->delimiter);
        if (put_cell(&text, &cell->text, r->plan->delimiter)) head.quoted = true;
        if (cell->line > 0) lines[head.lines++] = (hra_cell_line){0, i, cell->line};
        good = !cell->text.failed;
    }
    head.length = (uint32_t)text.length;
    hra_code code =
        good && !text.failed ? put_record(r, &head, text.bytes ? text.bytes : "", lines, error) : out_of_memory(error);
    hra_buffer_destroy(&text);
    free(lines);
    return code;
}

static hra_code put_together(hra_long_reader *r, hra_error *error)
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
    if (!r) return out_of_memory(error);
    r->binding = binding;
    r->plan = plan;
    r->form = plan->long_form;
    hra_code code = init(r, beside, bytes) ? HRA_OK : out_of_memory(error);
    if (code == HRA_OK && !hra_id_hasher_start(&r->hasher))
        code = hra_fail(error, HRA_EINTERNAL, "no source of random numbers");
    if (code == HRA_OK) code = read_file(r, error);
    if (code == HRA_OK) code = put_together(r, error);
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
    record_head head;
    const char *bytes = row->bytes;
    memcpy(&head, bytes, sizeof head);
    if (!make_room(batch, head.lines)) return out_of_memory(error);
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
    return batch->text.failed ? out_of_memory(error) : HRA_OK;
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
