/* A test tool: csv_to_xls IN.csv OUT.xls [numbers] [narrow] [cover] writes a text table as a sheet of an old Excel
 * workbook. `numbers`: cells that are numbers become number cells, else all are text. `narrow`: as programs write it
 * that know Excel 5 only: no compound file, no list of sheets, texts in GBK in the cells. `cover`: a sheet that is no
 * table stands before it. */
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/csv/csv_cells.h"
#include "io/csv/csv_records.h"
#include "tests/tools/xls_writer.h"

typedef struct sheet {
    bool numbers;
    iconv_t narrow; /* not (iconv_t)-1: to GBK */
    hra_buffer cells;
    xls_shared texts;
} sheet;

static int die(const char *what)
{
    fprintf(stderr, "csv_to_xls: %s\n", what);
    return 1;
}

static bool is_number(const char *text, double *value)
{
    char *end;
    *value = strtod(text, &end);
    bool leading_zero = text[0] == '0' && text[1] >= '0' && text[1] <= '9';
    return end != text && *end == '\0' && strpbrk(text, "xXnNiIeE ") == NULL && !leading_zero && strlen(text) < 16;
}

static void write_narrow(sheet *s, int row, int column, const hra_buffer *cell)
{
    char *from = cell->bytes, text[4096], *to = text;
    size_t left = cell->length, room = sizeof text;
    iconv(s->narrow, NULL, NULL, NULL, NULL);
    if (iconv(s->narrow, &from, &left, &to, &room) == (size_t)-1) exit(die("a text that GBK does not have"));
    size_t begun = xls_cell(&s->cells, 0x0204, row, column, 0);
    put_number(&s->cells, (size_t)(to - text), 2);
    hra_buffer_append(&s->cells, text, (size_t)(to - text));
    xls_end(&s->cells, begun);
}

static void write_cell(sheet *s, int row, int column, const hra_buffer *cell)
{
    double value;
    if (s->numbers && is_number(cell->bytes, &value)) {
        xls_number(&s->cells, row, column, 0, value);
    } else if (s->narrow != (iconv_t)-1) {
        write_narrow(s, row, column, cell);
    } else {
        size_t begun = xls_cell(&s->cells, 0x00FD, row, column, 0);
        put_number(&s->cells, xls_share(&s->texts, cell->bytes), 4);
        xls_end(&s->cells, begun);
    }
}

static void write_record(sheet *s, const hra_record *record, const char *text, char delimiter)
{
    hra_buffer scratch = {0}, cell = {0};
    hra_cells cells = hra_cells_begin(text + record->start, record->length, delimiter, &scratch);
    for (int column = 0; !cells.done; column++) {
        hra_cell_text view = hra_cells_next(&cells);
        hra_buffer_clear(&cell);
        hra_buffer_append(&cell, view.text, view.length);
        if (view.length > 0) write_cell(s, (int)record->line - 1, column, &cell);
    }
    hra_buffer_destroy(&scratch);
    hra_buffer_destroy(&cell);
}

static hra_code read_table(const char *path, sheet *s, hra_error *error)
{
    hra_text_facts facts;
    hra_record_reader *reader;
    hra_batch batch = {0};
    HRA_TRY(hra_text_examine(path, NULL, &facts, error));
    HRA_TRY(hra_record_reader_open(path, &facts, 0, &reader, error));
    hra_code code;
    while ((code = hra_record_reader_next(reader, 1000, 1 << 20, &batch, error)) == HRA_OK && batch.count > 0)
        for (int i = 0; i < batch.count; i++)
            write_record(s, &batch.records[i], batch.text.bytes, hra_record_reader_delimiter(reader));
    hra_batch_destroy(&batch);
    hra_record_reader_close(reader);
    return code;
}

static void write_sheet(hra_buffer *book, size_t listed, const hra_buffer *cells)
{
    set_number(book, listed, book->length, 4);
    xls_start(book, 0x0600, 0x10);
    hra_buffer_append(book, cells->bytes, cells->length);
    xls_record(book, 0x000A, "", 0);
}

static void write_book(sheet *s, bool cover, hra_buffer *out)
{
    hra_buffer book = {0}, before = {0};
    size_t begun = xls_cell(&before, 0x0204, 0, 0, 0);
    xls_text(&before, "本表说明", 2);
    xls_end(&before, begun);
    xls_start(&book, 0x0600, 5);
    size_t first = cover ? xls_sheet(&book, 0x0600, "说明", 0, 0) : 0;
    size_t second = xls_sheet(&book, 0x0600, "体检数据", 0, 0);
    xls_shared_end(&s->texts, &book);
    xls_record(&book, 0x000A, "", 0);
    if (cover) write_sheet(&book, first, &before);
    write_sheet(&book, second, &s->cells);
    xls_contain(&book, "Workbook", 9, out);
    hra_buffer_destroy(&book);
    hra_buffer_destroy(&before);
}

int main(int argc, char **argv)
{
    hra_error error;
    sheet s = {.narrow = (iconv_t)-1};
    bool cover = false;
    hra_buffer out = {0};
    if (argc < 3) return die("IN.csv OUT.xls are wanted");
    for (int i = 3; i < argc; i++) {
        s.numbers |= strcmp(argv[i], "numbers") == 0;
        cover |= strcmp(argv[i], "cover") == 0;
        if (strcmp(argv[i], "narrow") == 0 && (s.narrow = iconv_open("GBK", "UTF-8")) == (iconv_t)-1)
            return die("no GBK on this machine");
    }
    if (read_table(argv[1], &s, &error) != HRA_OK) return die(error.message);
    if (s.narrow != (iconv_t)-1) {
        xls_record(&out, 0x0809, "\0\0\x10\0\0\0\0\0", 8); /* what a widespread snippet of code writes */
        hra_buffer_append(&out, s.cells.bytes, s.cells.length);
        xls_record(&out, 0x000A, "", 0);
        iconv_close(s.narrow);
    } else {
        write_book(&s, cover, &out);
    }
    FILE *file = fopen(argv[2], "wb");
    bool written = file && !out.failed && fwrite(out.bytes, 1, out.length, file) == out.length;
    if (file && fclose(file) != 0) written = false;
    hra_buffer_destroy(&out);
    hra_buffer_destroy(&s.cells);
    return written ? 0 : die("cannot be written");
}
