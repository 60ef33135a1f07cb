#include "io/tables/xls_cells.h"

#include <string.h>

#include "io/tables/xls_text.h"

enum { MOST_COLUMNS = 256 };

bool hra_xls_cell_at(const hra_xls_record *record, int *row, int *column)
{
    switch (record->type) {
    case HRA_XLS_NUMBER:
    case HRA_XLS_RK:
    case HRA_XLS_RK_ROW:
    case HRA_XLS_TEXT:
    case HRA_XLS_RICH_TEXT:
    case HRA_XLS_SHARED_TEXT:
    case HRA_XLS_BOOLEAN:
    case HRA_XLS_FORMULA: break;
    default: return false;
    }
    *row = record->length >= 4 ? hra_le16(record->bytes) : 0;
    *column = record->length >= 4 ? hra_le16(record->bytes + 2) : MOST_COLUMNS; /* told when it is added */
    return true;
}

static hra_code fail_at(const hra_xls_cells *c, const hra_xls_record *record, const char *what, hra_error *error)
{
    return hra_fail(error, HRA_EINPUT, "%s: row %d: %s: open the workbook in Excel or WPS and save it again", c->place,
                    hra_le16(record->bytes) + 1, what);
}

static hra_code add(hra_xls_cells *c, int column, hra_error *error)
{
    if (c->shown.failed) return hra_out_of_memory(error);
    return c->shown.length > 0 ? hra_xlsx_rows_cell(c->rows, column + 1, c->shown.bytes, c->shown.length, error)
                               : HRA_OK;
}

static hra_code add_word(hra_xls_cells *c, int column, const char *word, hra_error *error)
{
    hra_buffer_clear(&c->shown);
    hra_buffer_text(&c->shown, word);
    return add(c, column, error);
}

/* ---- numbers --------------------------------------------------------------------------- */

static double double_of(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static double read_double(const unsigned char *at)
{
    return double_of(hra_le32(at) | (uint64_t)hra_le32(at + 4) << 32);
}

/* Numbers in four bytes: 30 bits of a whole number or the first 30 of a double, perhaps a hundredth of it. */
static double read_rk(const unsigned char *at)
{
    uint32_t bits = hra_le32(at);
    double value = bits & 2 ? (double)((int32_t)(bits & ~3U) / 4) : double_of((uint64_t)(bits & ~3U) << 32);
    return bits & 1 ? value / 100 : value;
}

static hra_code add_number(hra_xls_cells *c, int column, int style, double value, hra_error *error)
{
    char text[64];
    hra_xlsx_form form = {.kind = HRA_XLSX_NUMBER};
    if (style < c->book->form_count) form = c->book->forms[style];
    hra_buffer_clear(&c->shown);
    hra_buffer_double(&c->shown, value);
    if (form.kind != HRA_XLSX_NUMBER && !c->shown.failed && c->shown.length < sizeof text) {
        size_t length = c->shown.length;
        memcpy(text, c->shown.bytes, length + 1);
        hra_buffer_clear(&c->shown);
        hra_xlsx_number_text(text, length, form, c->book->from_1904, &c->shown);
    }
    return add(c, column, error);
}

static hra_code add_rk_row(hra_xls_cells *c, int column, const hra_xls_record *record, hra_error *error)
{
    enum { FIRST = 4, EACH = 6, LAST = 2 };
    int count = (record->length - FIRST - LAST) / EACH;
    for (int i = 0; i < count; i++) {
        const unsigned char *at = record->bytes + FIRST + EACH * i;
        if (column + i >= MOST_COLUMNS) return fail_at(c, record, "the address of a cell does not fit", error);
        HRA_TRY(add_number(c, column + i, hra_le16(at), read_rk(at + 2), error));
    }
    return HRA_OK;
}

/* ---- other values ------------------------------------------------------------------------- */

static const char *word_of_error(int number)
{
    static const struct {
        int number;
        const char *word;
    } words[] = {{0x00, "#NULL!"}, {0x07, "#DIV/0!"}, {0x0F, "#VALUE!"}, {0x17, "#REF!"},
                 {0x1D, "#NAME?"}, {0x24, "#NUM!"},   {0x2A, "#N/A"}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (words[i].number == number) return words[i].word;
    return "#VALUE!";
}

static hra_code add_shared(hra_xls_cells *c, int column, const hra_xls_record *record, hra_error *error)
{
    const char *text;
    size_t length;
    HRA_TRY(hra_shared_texts_get(c->book->texts, (int64_t)hra_le32(record->bytes + 6), &text, &length, error));
    if (!text) return fail_at(c, record, "a cell names a shared text that the workbook does not have", error);
    return hra_xlsx_rows_cell(c->rows, column + 1, text, length, error);
}

static hra_code add_text(hra_xls_cells *c, int column, const hra_xls_record *record, size_t place, hra_error *error)
{
    hra_xls_cursor cursor = hra_xls_cursor_in(c->records, record, place);
    hra_buffer_clear(&c->shown);
    HRA_TRY(hra_xls_text_read(&cursor, HRA_XLS_COUNT_16, c->book->decoder, &c->shown, error));
    if (cursor.over) return hra_xls_damaged(c->book, "a text in it has no end", error);
    return add(c, column, error);
}

/* ---- formulas -------------------------------------------------------------------------------- */

/* The text that a formula gave stands behind it, and behind what the formula has in common with others. Where it is
 * missing, "=?" stands in for it, so that it is seen and refused instead of passing for an empty cell. */
static hra_code add_text_behind(hra_xls_cells *c, int column, hra_error *error)
{
    hra_xls_record record;
    bool found;
    for (;;) {
        HRA_TRY(hra_xls_records_next(c->records, &record, &found, error));
        if (found && record.type == HRA_XLS_FORMULA_TEXT) return add_text(c, column, &record, 0, error);
        bool common = found && (record.type == HRA_XLS_ARRAY || record.type == HRA_XLS_SHARED_FORMULA ||
                                record.type == HRA_XLS_WHAT_IF || record.type == HRA_XLS_CONTINUE);
        if (common) continue;
        if (found) hra_xls_records_seek(c->records, record.offset);
        return add_word(c, column, "=?", error);
    }
}

static hra_code add_formula(hra_xls_cells *c, int column, const hra_xls_record *record, hra_error *error)
{
    enum { GAVE_TEXT, GAVE_BOOLEAN, GAVE_ERROR };
    const unsigned char *result = record->bytes + 6;
    if (hra_le16(result + 6) != 0xFFFF)
        return add_number(c, column, hra_le16(record->bytes + 4), read_double(result), error);
    switch (result[0]) {
    case GAVE_TEXT: return add_text_behind(c, column, error);
    case GAVE_BOOLEAN: return add_word(c, column, result[2] ? "TRUE" : "FALSE", error);
    case GAVE_ERROR: return add_word(c, column, word_of_error(result[2]), error);
    default: return HRA_OK; /* an empty text */
    }
}

hra_code hra_xls_cells_add(hra_xls_cells *c, const hra_xls_record *record, hra_error *error)
{
    static const struct {
        int type;
        uint16_t least;
    } lengths[] = {{HRA_XLS_NUMBER, 14},   {HRA_XLS_RK, 10},          {HRA_XLS_RK_ROW, 12}, {HRA_XLS_TEXT, 8},
                   {HRA_XLS_RICH_TEXT, 8}, {HRA_XLS_SHARED_TEXT, 10}, {HRA_XLS_BOOLEAN, 8}, {HRA_XLS_FORMULA, 16}};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++)
        if (record->type == lengths[i].type && record->length < lengths[i].least)
            return hra_xls_damaged(c->book, "a cell in it is cut", error);
    int column = hra_le16(record->bytes + 2), style = hra_le16(record->bytes + 4);
    const unsigned char *value = record->bytes + 6;
    if (column >= MOST_COLUMNS) return fail_at(c, record, "the address of a cell does not fit", error);
    switch (record->type) {
    case HRA_XLS_NUMBER: return add_number(c, column, style, read_double(value), error);
    case HRA_XLS_RK: return add_number(c, column, style, read_rk(value), error);
    case HRA_XLS_RK_ROW: return add_rk_row(c, column, record, error);
    case HRA_XLS_SHARED_TEXT: return add_shared(c, column, record, error);
    case HRA_XLS_TEXT:
    case HRA_XLS_RICH_TEXT: return add_text(c, column, record, 6, error);
    case HRA_XLS_BOOLEAN:
        return add_word(c, column, value[1] ? word_of_error(value[0]) : value[0] ? "TRUE" : "FALSE", error);
    default: return add_formula(c, column, record, error);
    }
}
