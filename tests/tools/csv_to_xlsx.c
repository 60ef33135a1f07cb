/* A test tool: csv_to_xlsx IN.csv OUT.xlsx [numbers] [inline] [cover] [more] writes a text table as the first sheet of
 * a workbook. `numbers`: cells that are numbers become number cells, as typing them into a spreadsheet does; else all
 * are text. `inline`: texts stand in the cells, not in the shared table (what streaming writers do). `cover`: a sheet
 * that is no table stands before it. `more`: another sheet stands behind it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xlsxwriter.h>

#include "io/csv/csv_cells.h"
#include "io/csv/csv_records.h"

static int die(const char *what)
{
    fprintf(stderr, "csv_to_xlsx: %s\n", what);
    return 1;
}

static bool is_number(const char *text, double *value)
{
    char *end;
    *value = strtod(text, &end);
    bool leading_zero = text[0] == '0' && text[1] >= '0' && text[1] <= '9';
    return end != text && *end == '\0' && strpbrk(text, "xXnNiIeE ") == NULL && !leading_zero && strlen(text) < 16;
}

static void write_record(lxw_worksheet *sheet, const hra_record *record, const char *text, char delimiter, bool numbers)
{
    hra_buffer scratch = {0}, cell = {0};
    hra_cells cells = hra_cells_begin(text + record->start, record->length, delimiter, &scratch);
    for (lxw_col_t column = 0; !cells.done; column++) {
        hra_cell_text view = hra_cells_next(&cells);
        double value;
        hra_buffer_clear(&cell);
        hra_buffer_append(&cell, view.text, view.length);
        if (view.length == 0) continue;
        if (numbers && is_number(cell.bytes, &value))
            worksheet_write_number(sheet, (lxw_row_t)record->line - 1, column, value, NULL);
        else
            worksheet_write_string(sheet, (lxw_row_t)record->line - 1, column, cell.bytes, NULL);
    }
    hra_buffer_destroy(&scratch);
    hra_buffer_destroy(&cell);
}

int main(int argc, char **argv)
{
    hra_error error;
    hra_text_facts facts;
    hra_record_reader *reader;
    hra_batch batch = {0};
    bool numbers = false, constant = false, cover = false, more = false;
    for (int i = 3; i < argc; i++) {
        numbers |= strcmp(argv[i], "numbers") == 0;
        constant |= strcmp(argv[i], "inline") == 0;
        cover |= strcmp(argv[i], "cover") == 0;
        more |= strcmp(argv[i], "more") == 0;
    }
    if (argc < 3) return die("IN.csv OUT.xlsx are wanted");
    if (hra_text_examine(argv[1], NULL, &facts, &error) != HRA_OK ||
        hra_record_reader_open(argv[1], &facts, 0, &reader, &error) != HRA_OK)
        return die(error.message);
    lxw_workbook_options options = {.constant_memory = constant};
    lxw_workbook *book = workbook_new_opt(argv[2], &options);
    lxw_worksheet *before = book && cover ? workbook_add_worksheet(book, "说明") : NULL;
    if (before) worksheet_write_string(before, 0, 0, "本表说明", NULL);
    lxw_worksheet *sheet = book ? workbook_add_worksheet(book, "体检数据") : NULL;
    if (!sheet) return die("no workbook");
    while (hra_record_reader_next(reader, 1000, 1 << 20, &batch, &error) == HRA_OK && batch.count > 0)
        for (int i = 0; i < batch.count; i++)
            write_record(sheet, &batch.records[i], batch.text.bytes, hra_record_reader_delimiter(reader), numbers);
    hra_batch_destroy(&batch);
    hra_record_reader_close(reader);
    lxw_worksheet *behind = more ? workbook_add_worksheet(book, "研发部") : NULL;
    if (behind) worksheet_write_string(behind, 0, 0, "客户编号", NULL);
    return workbook_close(book) == LXW_NO_ERROR ? 0 : die("cannot be written");
}
