#include "report/tools/xlsx_sheet.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "io/files/atomic_file.h"
#include "report/tools/workbook_calls.h"
#include "report/tools/xlsx_check.h"
#include "report/tools/xlsx_text.h"

struct hra_xlsx_sheet {
    const hra_xlsx_list *list;
    char *path, *folder; /* folder: for temporary files */
    hra_atomic_file *file;
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_format *header, *text, *number, *share, *day;
    hra_buffer shown; /* a text that cannot stand as it is */
    int64_t rows;     /* of the present sheet */
    int64_t cells;    /* of all sheets */
    int sheets;
};

static hra_code fail(const hra_xlsx_sheet *s, lxw_error fault, hra_error *error)
{
    if (fault == LXW_ERROR_MEMORY_MALLOC_FAILED) return hra_out_of_memory(error);
    bool disk = errno == ENOSPC || errno == EFBIG || errno == EDQUOT || errno == EIO;
    if (disk && fault >= LXW_ERROR_CREATING_XLSX_FILE && fault <= LXW_ERROR_ZIP_CLOSE)
        return hra_fail(error, HRA_EIO, "%s cannot be written: %m", s->path);
    return hra_fail(error, HRA_EIO, "%s cannot be written: %s", s->path, lxw_strerror(fault));
}

/* ---- how it looks ---- */

static lxw_format *add_format(hra_xlsx_sheet *s, const char *numbers)
{
    lxw_format *f = workbook_add_format(s->book);
    if (!f) return NULL;
    format_set_num_format(f, numbers);
    format_set_align(f, LXW_ALIGN_VERTICAL_TOP);
    return f;
}

static hra_code add_formats(hra_xlsx_sheet *s, hra_error *error)
{
    s->text = add_format(s, "@");
    s->number = add_format(s, "General");
    s->share = add_format(s, "0.0%");
    s->day = add_format(s, "yyyy-mm-dd");
    s->header = add_format(s, "@");
    if (!s->text || !s->number || !s->share || !s->day || !s->header) return hra_out_of_memory(error);
    format_set_bold(s->header);
    format_set_text_wrap(s->header);
    format_set_align(s->header, LXW_ALIGN_VERTICAL_CENTER);
    format_set_bg_color(s->header, 0xE3EDF3);
    format_set_bottom(s->header, LXW_BORDER_THIN);
    return HRA_OK;
}

static lxw_format *format_of(const hra_xlsx_sheet *s, hra_xlsx_kind kind)
{
    switch (kind) {
    case HRA_XLSX_NUMBER: return s->number;
    case HRA_XLSX_SHARE: return s->share;
    case HRA_XLSX_DAY: return s->day;
    default: return s->text;
    }
}

static void lay_out_print(const hra_xlsx_sheet *s)
{
    worksheet_set_landscape(s->sheet);
    worksheet_set_paper(s->sheet, 9); /* A4 */
    worksheet_fit_to_pages(s->sheet, 1, 0);
    worksheet_repeat_rows(s->sheet, 0, 0);
    worksheet_set_footer(s->sheet, "&L&A&R&P / &N");
}

static lxw_error add_choice(const hra_xlsx_sheet *s, const hra_xlsx_choice *choice, int column)
{
    lxw_data_validation rule = {.validate = LXW_VALIDATION_TYPE_LIST,
                                .ignore_blank = LXW_VALIDATION_ON,
                                .show_input = LXW_VALIDATION_ON,
                                .show_error = LXW_VALIDATION_ON,
                                .value_list = (char **)(uintptr_t)choice->words, /* only read */
                                .input_message = (char *)(uintptr_t)choice->hint,
                                .error_message = (char *)(uintptr_t)s->list->choose};
    return worksheet_data_validation_range(s->sheet, 1, (lxw_col_t)column, HRA_XLSX_SHEET_ROWS, (lxw_col_t)column,
                                           &rule);
}

static hra_code add_choices(const hra_xlsx_sheet *s, hra_error *error)
{
    for (int i = 0; i < s->list->choice_count; i++)
        for (int c = 0; c < s->list->column_count; c++) {
            if (strcmp(s->list->columns[c].name, s->list->choices[i].column) != 0) continue;
            lxw_error fault = add_choice(s, &s->list->choices[i], c);
            if (fault) return fail(s, fault, error);
        }
    return HRA_OK;
}

/* ---- sheets ---- */

static lxw_error write_text(hra_xlsx_sheet *s, lxw_row_t row, lxw_col_t column, const char *text, lxw_format *format)
{
    const char *shown = hra_xlsx_text(text, &s->shown);
    return shown ? worksheet_write_string(s->sheet, row, column, shown, format) : LXW_ERROR_MEMORY_MALLOC_FAILED;
}

static hra_code write_header(hra_xlsx_sheet *s, hra_error *error)
{
    lxw_error fault = worksheet_set_row(s->sheet, 0, 30, NULL);
    for (int c = 0; !fault && c < s->list->column_count; c++) {
        const hra_xlsx_column *column = &s->list->columns[c];
        lxw_row_col_options hidden = {.hidden = column->hidden};
        lxw_col_t at = (lxw_col_t)c;
        fault = worksheet_set_column_opt(s->sheet, at, at, column->width, format_of(s, column->kind), &hidden);
        if (!fault) fault = write_text(s, 0, at, column->title, s->header);
    }
    if (fault) return fail(s, fault, error);
    s->cells += s->list->column_count;
    worksheet_freeze_panes(s->sheet, 1, (lxw_col_t)s->list->frozen);
    lay_out_print(s);
    return add_choices(s, error);
}

static hra_code begin_sheet(hra_xlsx_sheet *s, hra_error *error)
{
    char name[128];
    s->sheets++;
    if (s->sheets == 1)
        snprintf(name, sizeof name, "%s", s->list->title);
    else
        snprintf(name, sizeof name, "%.80s %d", s->list->title, s->sheets);
    s->sheet = workbook_add_worksheet(s->book, name);
    if (!s->sheet) return hra_fail(error, HRA_EIO, "%s cannot be written: no sheet can be added", s->path);
    s->rows = 0;
    return write_header(s, error);
}

/* The filter needs to know the last row. */
static void end_sheet(hra_xlsx_sheet *s)
{
    worksheet_autofilter(s->sheet, 0, 0, (lxw_row_t)s->rows, (lxw_col_t)(s->list->column_count - 1));
}

/* The same list is the same bytes whenever it is written: not the clock tells when it was made, but the run's day, or
 * the first that an archive can name. */
static lxw_error put_day(const hra_xlsx_sheet *s)
{
    enum { FIRST_OF_ARCHIVES = 3652 /* 1980-01-01 */, SECONDS = 86400 };
    lxw_doc_properties properties = {.created = SECONDS * (time_t)FIRST_OF_ARCHIVES};
    if (s->list->day > 0) properties.created = SECONDS * (time_t)s->list->day;
    return workbook_set_properties(s->book, &properties);
}

static hra_code open_book(hra_xlsx_sheet *s, hra_error *error)
{
    const char *slash = strrchr(s->path, '/');
    s->folder = slash ? strndup(s->path, slash == s->path ? 1 : (size_t)(slash - s->path)) : strdup(".");
    if (!s->folder) return hra_out_of_memory(error);
    HRA_TRY(hra_atomic_open(s->path, &s->file, error));
    lxw_workbook_options options = {.constant_memory = LXW_TRUE, .tmpdir = s->folder, .use_zip64 = LXW_TRUE};
    s->book = workbook_new_opt(hra_atomic_temporary(s->file), &options);
    if (!s->book) return hra_out_of_memory(error);
    lxw_error fault = put_day(s);
    if (fault) return fail(s, fault, error);
    HRA_TRY(add_formats(s, error));
    return begin_sheet(s, error);
}

hra_code hra_xlsx_sheet_new(const char *path, const hra_xlsx_list *list, hra_xlsx_sheet **out, hra_error *error)
{
    HRA_TRY(hra_workbook_load(error));
    HRA_TRY(hra_xlsx_check_load(error));
    hra_xlsx_sheet *s = calloc(1, sizeof *s);
    if (!s || !(s->path = strdup(path))) {
        free(s);
        return hra_out_of_memory(error);
    }
    s->list = list;
    hra_code code = open_book(s, error);
    if (code)
        hra_xlsx_sheet_abandon(s);
    else
        *out = s;
    return code;
}

/* ---- cells ---- */

static bool read_number(const char *text, double *value)
{
    char *end;
    if (strspn(text, "0123456789.+-eE") != strlen(text)) return false; /* no hexadecimal, no names */
    errno = 0;
    *value = strtod(text, &end);
    return end != text && !*end && errno == 0 && isfinite(*value);
}

/* Days of the calendar as Excel counts them from March 1900 on; earlier ones stay text. */
static bool read_serial(const char *text, double *serial)
{
    enum { DAYS_TO_1970 = 25569, MARCH_1900 = 61, LAST = 2958465 };
    double day;
    if (strlen(text) != 10 || !hra_day_read(text, &day)) return false;
    *serial = day + DAYS_TO_1970;
    return *serial >= MARCH_1900 && *serial <= LAST;
}

static lxw_error write_cell(hra_xlsx_sheet *s, int c, const char *text)
{
    hra_xlsx_kind kind = s->list->columns[c].kind;
    lxw_format *format = format_of(s, kind);
    lxw_row_t row = (lxw_row_t)s->rows;
    double value;
    if (!*text) return worksheet_write_blank(s->sheet, row, (lxw_col_t)c, format);
    if (kind == HRA_XLSX_DAY ? read_serial(text, &value) : kind != HRA_XLSX_TEXT && read_number(text, &value))
        return worksheet_write_number(s->sheet, row, (lxw_col_t)c, value, format);
    return write_text(s, row, (lxw_col_t)c, text, s->text);
}

hra_code hra_xlsx_sheet_row(hra_xlsx_sheet *s, const char *const *cells, hra_error *error)
{
    int64_t most = s->list->sheet_rows > 0 ? s->list->sheet_rows : HRA_XLSX_SHEET_ROWS;
    if (s->rows == most) {
        end_sheet(s);
        HRA_TRY(begin_sheet(s, error));
    }
    s->rows++;
    s->cells += s->list->column_count;
    for (int c = 0; c < s->list->column_count; c++) {
        lxw_error fault = write_cell(s, c, cells[c]);
        if (fault == LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED)
            return hra_fail(error, HRA_EINPUT,
                            "%s: a cell of the column '%s' has more than the 32767 characters that a "
                            "workbook can hold",
                            s->path, s->list->columns[c].name);
        if (fault) return fail(s, fault, error);
    }
    return HRA_OK;
}

static void release(hra_xlsx_sheet *s)
{
    hra_atomic_abandon(s->file);
    hra_buffer_destroy(&s->shown);
    free(s->folder);
    free(s->path);
    free(s);
}

hra_code hra_xlsx_sheet_finish(hra_xlsx_sheet *s, hra_error *error)
{
    end_sheet(s);
    errno = 0;
    lxw_error fault = workbook_close(s->book); /* frees the book, whatever happens */
    s->book = NULL;
    hra_code code = fault ? fail(s, fault, error) : HRA_OK;
    if (!code) code = hra_xlsx_check(hra_atomic_temporary(s->file), s->path, s->cells, error);
    if (!code) {
        hra_atomic_file *file = s->file;
        s->file = NULL;
        code = hra_atomic_commit(file, error);
    }
    release(s);
    return code;
}

void hra_xlsx_sheet_abandon(hra_xlsx_sheet *s)
{
    if (!s) return;
    if (s->book) workbook_close(s->book); /* the library has no other public way to free a book */
    release(s);
}
