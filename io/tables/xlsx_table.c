/* The cells of a sheet: what their marks mean. */
#include "io/tables/xlsx_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/tables/xlsx_book.h"
#include "io/tables/xlsx_rows.h"
#include "io/tables/xlsx_strings.h"
#include "io/tables/xlsx_xml.h"
#include "io/words/cell_value.h"

typedef enum cell_type { CELL_NUMBER, CELL_SHARED, CELL_TEXT, CELL_INLINE, CELL_BOOLEAN, CELL_DATE } cell_type;

struct hra_xlsx_table {
    hra_zip *zip;
    hra_xlsx_book *book;
    hra_xlsx_strings *strings;
    hra_xlsx_part *part;
    hra_xlsx_rows *rows;
    hra_buffer *out;
    char place[HRA_TABLE_NAME + 512]; /* "FILE: sheet 'X'" */
    bool in_data, in_cell, in_value, in_inline, in_formula, has_value, has_formula;
    int64_t row;
    int column;
    cell_type type;
    long style;
    hra_buffer value, formula, shown;
    hra_xlsx_text inline_text;
    hra_code fault;
    hra_error error;
};

/* ---- marks ---------------------------------------------------------------------------- */

static cell_type type_of(const char *text)
{
    if (!text || strcmp(text, "n") == 0) return CELL_NUMBER;
    if (strcmp(text, "s") == 0) return CELL_SHARED;
    if (strcmp(text, "inlineStr") == 0) return CELL_INLINE;
    if (strcmp(text, "b") == 0) return CELL_BOOLEAN;
    if (strcmp(text, "d") == 0) return CELL_DATE;
    return CELL_TEXT; /* str: what a formula gave; e: an error such as #DIV/0! */
}

static void fail_at(hra_xlsx_table *t, const char *what)
{
    if (t->fault == HRA_OK)
        t->fault =
            hra_fail(&t->error, HRA_EINPUT, "%s: row %lld: %s: open the workbook in Excel or WPS and save it again",
                     t->place, (long long)t->row, what);
}

static void start_row(hra_xlsx_table *t, const char *const *attributes)
{
    const char *number = hra_xlsx_attribute(attributes, "r");
    char *end = NULL;
    t->row = number ? strtoll(number, &end, 10) : t->row + 1;
    t->column = 0;
    if (number && (end == number || *end))
        fail_at(t, "its number cannot be read");
    else
        t->fault = hra_xlsx_rows_begin(t->rows, t->row, &t->error);
}

/* "AB12" is column 28 of row 12; cells without an address follow each other. */
static void read_address(hra_xlsx_table *t, const char *address)
{
    int column = 0;
    char *end = NULL;
    if (!address) {
        t->column++;
        return;
    }
    for (; *address && column <= HRA_XLSX_COLUMNS; address++) {
        char letter = (char)(*address & ~0x20);
        if (letter < 'A' || letter > 'Z') break;
        column = 26 * column + (letter - 'A' + 1);
    }
    t->column = column;
    if (column > HRA_XLSX_COLUMNS) return; /* told when the cell is added */
    if (column == 0 || strtoll(address, &end, 10) != t->row || *end) fail_at(t, "the address of a cell does not fit");
}

static void start_cell(hra_xlsx_table *t, const char *const *attributes)
{
    const char *style = hra_xlsx_attribute(attributes, "s");
    t->in_cell = true;
    t->has_value = t->has_formula = false;
    t->type = type_of(hra_xlsx_attribute(attributes, "t"));
    t->style = style ? strtol(style, NULL, 10) : 0;
    hra_buffer_clear(&t->value);
    hra_buffer_clear(&t->formula);
    hra_buffer_clear(&t->inline_text.text);
    t->inline_text.phonetic = 0;
    read_address(t, hra_xlsx_attribute(attributes, "r"));
}

static void on_start(void *context, const char *name, const char *const *attributes)
{
    hra_xlsx_table *t = context;
    if (!t->in_data) {
        t->in_data = strcmp(name, "sheetData") == 0;
    } else if (!t->in_cell) {
        if (strcmp(name, "row") == 0)
            start_row(t, attributes);
        else if (strcmp(name, "c") == 0)
            start_cell(t, attributes);
    } else if (t->in_inline) {
        hra_xlsx_text_start(&t->inline_text, name);
    } else if (strcmp(name, "v") == 0) {
        t->in_value = t->has_value = true;
    } else if (strcmp(name, "f") == 0) {
        t->in_formula = t->has_formula = true;
    } else if (strcmp(name, "is") == 0) {
        t->in_inline = t->has_value = true;
    }
}

static void on_text(void *context, const char *text, size_t length)
{
    hra_xlsx_table *t = context;
    if (t->in_value && t->value.length <= HRA_XLSX_LONGEST_TEXT)
        hra_buffer_append(&t->value, text, length);
    else if (t->in_inline)
        hra_xlsx_text_piece(&t->inline_text, text, length);
    else if (t->in_formula && t->formula.length <= HRA_XLSX_LONGEST_TEXT)
        hra_buffer_append(&t->formula, text, length);
}

/* ---- values --------------------------------------------------------------------------- */

static void add(hra_xlsx_table *t, const char *text, size_t length)
{
    if (length > HRA_XLSX_LONGEST_TEXT)
        fail_at(t, "a text in it is longer than any cell can hold");
    else if (t->fault == HRA_OK)
        t->fault = hra_xlsx_rows_cell(t->rows, t->column, text, length, &t->error);
}

static void add_shared(hra_xlsx_table *t)
{
    const char *text;
    size_t length;
    char *end = NULL;
    int64_t index = t->value.length > 0 ? strtoll(t->value.bytes, &end, 10) : -1;
    if (index < 0 || *end) {
        fail_at(t, "a cell names no shared text");
        return;
    }
    t->fault = hra_xlsx_strings_get(t->strings, index, &text, &length, &t->error);
    if (t->fault != HRA_OK) return;
    if (!text)
        fail_at(t, "a cell names a shared text that the workbook does not have");
    else
        add(t, text, length);
}

/* 2024-03-05T08:12:00Z is 2024-03-05 08:12:00; midnight is left out. */
static void add_iso_date(hra_xlsx_table *t)
{
    char *at = t->value.bytes ? strchr(t->value.bytes, 'T') : NULL;
    if (at && strncmp(at, "T00:00:00", 9) == 0 && strspn(at + 9, ".0Z") == strlen(at + 9))
        t->value.length = (size_t)(at - t->value.bytes);
    else if (at)
        *at = ' ';
    add(t, t->value.bytes, t->value.length);
}

static void add_number(hra_xlsx_table *t)
{
    hra_xlsx_form form = {.kind = HRA_XLSX_NUMBER};
    if (t->style > 0 && t->style < t->book->form_count) form = t->book->forms[t->style];
    if (t->style == 0 && t->book->form_count > 0) form = t->book->forms[0];
    hra_buffer_clear(&t->shown);
    hra_xlsx_number_text(t->value.bytes, t->value.length, form, t->book->from_1904, &t->shown);
    add(t, t->shown.bytes, t->shown.length);
}

static void add_value(hra_xlsx_table *t)
{
    hra_xlsx_plain(&t->value);
    switch (t->type) {
    case CELL_SHARED: add_shared(t); break;
    case CELL_DATE: add_iso_date(t); break;
    case CELL_TEXT: add(t, t->value.bytes, t->value.length); break;
    case CELL_NUMBER: add_number(t); break;
    case CELL_BOOLEAN: {
        const char *word = strcmp(t->value.bytes, "1") == 0 ? "TRUE" : "FALSE";
        add(t, word, strlen(word));
        break;
    }
    case CELL_INLINE: break;
    }
}

/* A formula that was never calculated has no value: its text stands in for it, so that it is seen and refused where a
 * number is wanted, instead of passing for an empty cell. */
static void add_formula(hra_xlsx_table *t)
{
    hra_buffer_clear(&t->shown);
    hra_buffer_char(&t->shown, '=');
    hra_buffer_append(&t->shown, t->formula.bytes ? t->formula.bytes : "", t->formula.length);
    hra_xlsx_plain(&t->shown);
    if (!t->shown.failed) add(t, t->shown.bytes, t->shown.length);
}

static void end_cell(hra_xlsx_table *t)
{
    t->in_cell = false;
    if (t->value.failed || t->formula.failed || t->inline_text.text.failed) {
        t->fault = hra_out_of_memory(&t->error);
    } else if (t->inline_text.text.length > 0) {
        hra_xlsx_plain(&t->inline_text.text);
        add(t, t->inline_text.text.bytes, t->inline_text.text.length);
    } else if (t->value.length > 0) {
        add_value(t);
    } else if (t->has_formula && !t->has_value) {
        add_formula(t);
    }
    if (t->fault == HRA_OK && t->shown.failed) t->fault = hra_out_of_memory(&t->error);
}

static void on_end(void *context, const char *name)
{
    hra_xlsx_table *t = context;
    if (!t->in_data) return;
    if (t->in_inline && strcmp(name, "is") == 0)
        t->in_inline = false;
    else if (t->in_inline)
        hra_xlsx_text_end(&t->inline_text, name);
    else if (t->in_cell && strcmp(name, "v") == 0)
        t->in_value = false;
    else if (t->in_cell && strcmp(name, "f") == 0)
        t->in_formula = false;
    else if (t->in_cell && strcmp(name, "c") == 0)
        end_cell(t);
    else if (!t->in_cell && strcmp(name, "row") == 0)
        t->fault = hra_xlsx_rows_end(t->rows, t->out, &t->error);
    else if (!t->in_cell && strcmp(name, "sheetData") == 0)
        t->in_data = false;
}

/* ---- the stream -------------------------------------------------------------------------- */

static hra_code open_table(hra_xlsx_table *t, const hra_table_choice *choice, hra_error *error)
{
    static const hra_xlsx_handlers handlers = {on_start, on_end, on_text};
    HRA_TRY(hra_xlsx_book_open(t->zip, &t->book, error));
    if (choice->index < 0 || choice->index >= t->book->sheet_count)
        return hra_fail(error, HRA_EIO, "%s: the file changed while it was being read; start again",
                        hra_zip_path(t->zip));
    const hra_xlsx_sheet_entry *sheet = &t->book->sheets[choice->index];
    snprintf(t->place, sizeof t->place, "%s: sheet '%s'", hra_zip_path(t->zip), sheet->entry.name);
    if (sheet->part < 0)
        return hra_fail(error, HRA_EINPUT, "%s is missing in the workbook: open it in Excel or WPS and save it again",
                        t->place);
    t->rows = hra_xlsx_rows_new(t->place, choice);
    if (!t->rows) return hra_out_of_memory(error);
    HRA_TRY(hra_xlsx_strings_open(t->zip, t->book->strings_part, &t->strings, error));
    return hra_xlsx_part_open(t->zip, sheet->part, &handlers, t, &t->part, error);
}

hra_code hra_xlsx_table_open(hra_zip *zip, const hra_table_choice *choice, hra_xlsx_table **out, hra_error *error)
{
    *out = NULL;
    hra_xlsx_table *t = calloc(1, sizeof *t);
    if (!t) return hra_out_of_memory(error);
    t->zip = zip;
    hra_code code = open_table(t, choice, error);
    if (code != HRA_OK) {
        hra_xlsx_table_close(t);
        return code;
    }
    *out = t;
    return HRA_OK;
}

void hra_xlsx_table_close(hra_xlsx_table *t)
{
    if (!t) return;
    hra_xlsx_part_close(t->part);
    hra_xlsx_strings_close(t->strings);
    hra_xlsx_rows_free(t->rows);
    hra_xlsx_book_close(t->book);
    hra_buffer_destroy(&t->value);
    hra_buffer_destroy(&t->formula);
    hra_buffer_destroy(&t->shown);
    hra_buffer_destroy(&t->inline_text.text);
    free(t);
}

hra_code hra_xlsx_table_read(hra_xlsx_table *t, hra_buffer *out, bool *end, hra_error *error)
{
    size_t before = out->length;
    t->out = out;
    *end = false;
    while (out->length == before && !*end) {
        hra_code code = hra_xlsx_part_step(t->part, &t->fault, end, error);
        if (t->fault != HRA_OK && error) *error = t->error;
        HRA_TRY(code);
        if (*end) HRA_TRY(hra_xlsx_rows_finish(t->rows, out, error));
    }
    return out->failed ? hra_out_of_memory(error) : HRA_OK;
}

int64_t hra_xlsx_table_progress(const hra_xlsx_table *t) { return hra_xlsx_part_progress(t->part); }
