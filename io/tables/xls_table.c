#include "io/tables/xls_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/tables/xls_cells.h"

struct hra_xls_table {
    hra_xls_cells cells;
    char place[HRA_TABLE_NAME + 512];
    int64_t start; /* of the sheet's records */
    int64_t at;    /* the record read last */
    int depth;     /* charts in a sheet have records of their own, between a start and an end */
    int row;       /* begun last, from 0; -1: none */
    /* Cells in another order than row by row: row, column and offset of the record, sorted. */
    uint64_t *order;
    size_t order_count, order_done;
};

/* ---- the records of a sheet --------------------------------------------------------- */

/* The next record of the sheet itself; *found false behind its last one. */
static hra_code next_record(hra_xls_table *t, hra_xls_record *record, bool *found, hra_error *error)
{
    do {
        HRA_TRY(hra_xls_records_next(t->cells.records, record, found, error));
        if (!*found) return hra_xls_damaged(t->cells.book, "it ends before its contents do", error);
        t->depth += (record->type == HRA_XLS_START) - (record->type == HRA_XLS_END);
        t->at = record->offset;
    } while (t->depth > 1);
    *found = t->depth == 1;
    return HRA_OK;
}

static hra_code go_to_start(hra_xls_table *t, hra_error *error)
{
    hra_xls_record record;
    bool found;
    t->depth = 0;
    hra_xls_records_seek(t->cells.records, t->start);
    HRA_TRY(hra_xls_records_next(t->cells.records, &record, &found, error));
    if (!found || record.type != HRA_XLS_START)
        return hra_xls_damaged(t->cells.book, "a sheet is not where it should be", error);
    t->depth = 1;
    return HRA_OK;
}

static void add_merges(const hra_xls_record *record, hra_table_choice *choice)
{
    int count = record->length >= 2 ? hra_le16(record->bytes) : 0;
    for (int i = 0; i < count && 2 + 8 * (i + 1) <= record->length; i++) {
        const unsigned char *at = record->bytes + 2 + 8 * i;
        hra_choose_merge(choice, hra_le16(at) + 1, hra_le16(at + 2) + 1, hra_le16(at + 4) + 1, hra_le16(at + 6) + 1);
    }
}

typedef struct sheet_facts {
    bool in_order;
    size_t cells;             /* records with cells */
    int64_t end;              /* offset behind the last record */
    hra_table_choice *choice; /* gets the merged cells; NULL: nobody does */
} sheet_facts;

static hra_code walk(hra_xls_table *t, sheet_facts *facts, hra_error *error)
{
    hra_xls_record record;
    bool found;
    int row, column, last = 0;
    facts->in_order = true;
    HRA_TRY(go_to_start(t, error));
    for (;;) {
        HRA_TRY(next_record(t, &record, &found, error));
        if (!found) break;
        if (record.type == HRA_XLS_MERGED && facts->choice) add_merges(&record, facts->choice);
        if (!hra_xls_cell_at(&record, &row, &column)) continue;
        facts->in_order &= row >= last;
        facts->cells++;
        last = row;
    }
    facts->end = record.offset + 4 + record.length;
    return HRA_OK;
}

/* ---- cells in another order ------------------------------------------------------------ */

static int by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Programs that write column by column, or people's cells as they come. */
static hra_code sort_cells(hra_xls_table *t, const sheet_facts *facts, hra_error *error)
{
    hra_xls_record record;
    bool found;
    int row, column;
    t->order = malloc(facts->cells * sizeof *t->order);
    if (!t->order) return hra_out_of_memory(error);
    HRA_TRY(hra_xls_records_hold(t->cells.records, t->start, facts->end, error));
    HRA_TRY(go_to_start(t, error));
    for (;;) {
        HRA_TRY(next_record(t, &record, &found, error));
        if (!found) break;
        if (t->order_count < facts->cells && hra_xls_cell_at(&record, &row, &column))
            t->order[t->order_count++] =
                (uint64_t)row << 48 | (uint64_t)column << 32 | (uint64_t)(uint32_t)record.offset;
    }
    qsort(t->order, t->order_count, sizeof *t->order, by_number);
    return HRA_OK;
}

/* The next record with cells, row by row. */
static hra_code next_cells(hra_xls_table *t, hra_xls_record *record, bool *found, hra_error *error)
{
    if (!t->order) return next_record(t, record, found, error);
    *found = t->order_done < t->order_count;
    if (!*found) return HRA_OK;
    hra_xls_records_seek(t->cells.records, (int64_t)(t->order[t->order_done++] & UINT32_MAX));
    return hra_xls_records_next(t->cells.records, record, found, error);
}

/* ---- the stream ---------------------------------------------------------------------------- */

static hra_code start_table(hra_xls_table *t, const hra_table_choice *choice, hra_error *error)
{
    const hra_xls_book *book = t->cells.book;
    if (choice->index < 0 || choice->index >= book->sheet_count)
        return hra_fail(error, HRA_EIO, "%s: the file changed while it was being read; start again",
                        hra_compound_path(book->file));
    const hra_xls_sheet_entry *sheet = &book->sheets[choice->index];
    snprintf(t->place, sizeof t->place, "%s: sheet '%s'", hra_compound_path(book->file), sheet->entry.name);
    t->start = sheet->offset;
    t->row = -1;
    t->cells.place = t->place;
    t->cells.records = hra_xls_records_new(book->stream);
    t->cells.rows = hra_xlsx_rows_new(t->place, choice);
    return t->cells.records && t->cells.rows ? HRA_OK : hra_out_of_memory(error);
}

static hra_code open_table(hra_xls_table *t, const hra_table_choice *choice, hra_error *error)
{
    sheet_facts facts = {0};
    HRA_TRY(start_table(t, choice, error));
    HRA_TRY(walk(t, &facts, error));
    return facts.in_order ? go_to_start(t, error) : sort_cells(t, &facts, error);
}

static hra_xls_table *new_table(const hra_xls_book *book)
{
    hra_xls_table *t = calloc(1, sizeof *t);
    if (t) t->cells.book = book;
    return t;
}

hra_code hra_xls_table_open(const hra_xls_book *book, const hra_table_choice *choice, hra_xls_table **out,
                            hra_error *error)
{
    *out = NULL;
    hra_xls_table *t = new_table(book);
    if (!t) return hra_out_of_memory(error);
    hra_code code = open_table(t, choice, error);
    if (code != HRA_OK) {
        hra_xls_table_close(t);
        return code;
    }
    *out = t;
    return HRA_OK;
}

void hra_xls_table_close(hra_xls_table *t)
{
    if (!t) return;
    hra_xls_records_free(t->cells.records);
    hra_xlsx_rows_free(t->cells.rows);
    hra_buffer_destroy(&t->cells.shown);
    free(t->order);
    free(t);
}

static hra_code go_to_row(hra_xls_table *t, int row, hra_buffer *out, hra_error *error)
{
    if (row == t->row) return HRA_OK;
    if (t->row >= 0) HRA_TRY(hra_xlsx_rows_end(t->cells.rows, out, error));
    t->row = row;
    return hra_xlsx_rows_begin(t->cells.rows, (int64_t)row + 1, error);
}

hra_code hra_xls_table_read(hra_xls_table *t, hra_buffer *out, bool *end, hra_error *error)
{
    size_t before = out->length;
    hra_xls_record record;
    bool found;
    int row, column;
    for (*end = false; out->length == before && !*end;) {
        HRA_TRY(next_cells(t, &record, &found, error));
        if (!found) {
            if (t->row >= 0) HRA_TRY(hra_xlsx_rows_end(t->cells.rows, out, error));
            t->row = -1;
            HRA_TRY(hra_xlsx_rows_finish(t->cells.rows, out, error));
            *end = true;
        } else if (hra_xls_cell_at(&record, &row, &column)) {
            HRA_TRY(go_to_row(t, row, out, error));
            HRA_TRY(hra_xls_cells_add(&t->cells, &record, error));
        }
    }
    return out->failed ? hra_out_of_memory(error) : HRA_OK;
}

int64_t hra_xls_table_progress(const hra_xls_table *t) { return t->at; }

/* ---- choosing ------------------------------------------------------------------------------- */

static hra_sheet_entry sheet_entry(const void *book, int index)
{
    return ((const hra_xls_book *)book)->sheets[index].entry;
}

static hra_code sheet_is_empty(const void *book, int index, bool *empty, hra_error *error)
{
    hra_table_choice *choice = calloc(1, sizeof *choice);
    hra_xls_table *table = NULL;
    hra_buffer text = {0};
    bool end = false;
    if (!choice) return hra_out_of_memory(error);
    choice->index = index;
    hra_code code = hra_xls_table_open(book, choice, &table, error);
    while (code == HRA_OK && !end && text.length == 0) code = hra_xls_table_read(table, &text, &end, error);
    *empty = text.length == 0;
    hra_xls_table_close(table);
    hra_buffer_destroy(&text);
    free(choice);
    return code;
}

static hra_code find_merges(const hra_xls_book *book, hra_table_choice *choice, hra_error *error)
{
    hra_xls_table *t = new_table(book);
    sheet_facts facts = {.choice = choice};
    if (!t) return hra_out_of_memory(error);
    hra_code code = start_table(t, choice, error);
    if (code == HRA_OK) code = walk(t, &facts, error);
    hra_xls_table_close(t);
    return code;
}

hra_code hra_xls_examine(const hra_xls_book *book, const char *wanted, hra_table_choice *choice, hra_error *error)
{
    hra_sheet_list list = {hra_compound_path(book->file), book->sheet_count, sheet_entry, sheet_is_empty, book};
    *choice = (hra_table_choice){0};
    HRA_TRY(hra_choose_sheet(&list, wanted, choice, error));
    return find_merges(book, choice, error);
}
