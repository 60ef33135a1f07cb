#include "service/enrolment/register_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "io/csv/csv_cells.h"
#include "io/csv/csv_records.h"
#include "service/enrolment/register_titles.h"

enum { MOST_COLUMNS = 256, BATCH_RECORDS = 4096, BATCH_BYTES = 1 << 20 };
enum { NOT_KEPT = -1 }; /* a column of names: they are put on at render time and go no further */

const char *const hra_register_columns[HRA_REGISTER_COLUMNS] = {
    "person",   "plan",    "state",  "since",        "rule",           "last_seen",   "consent",
    "decision", "decider", "reason", "contact_date", "contact_result", "next_contact"};

struct hra_register_file {
    const char *path;
    hra_record_reader *reader;
    hra_batch batch;
    int at;                   /* next record of the batch */
    hra_buffer scratch, text; /* text: the cells of the present line, each with its NUL */
    const char *cells[MOST_COLUMNS + HRA_REGISTER_COLUMNS];
    int place[MOST_COLUMNS]; /* which cell a column of the file is */
    int width;
    char *extra[MOST_COLUMNS]; /* names of the file's own columns */
    int extra_count;
};

static int own_column(const char *text, size_t length)
{
    for (int i = 0; i < HRA_REGISTER_COLUMNS; i++)
        if (strlen(hra_register_columns[i]) == length && memcmp(hra_register_columns[i], text, length) == 0) return i;
    return -1;
}

static hra_cells cells_of(hra_register_file *f, const hra_record *record)
{
    return hra_cells_begin(f->batch.text.bytes + record->start, record->length, hra_record_reader_delimiter(f->reader),
                           &f->scratch);
}

static hra_code next_record(hra_register_file *f, const hra_record **record, hra_error *error)
{
    *record = NULL;
    if (f->at == f->batch.count) {
        HRA_TRY(hra_record_reader_next(f->reader, BATCH_RECORDS, BATCH_BYTES, &f->batch, error));
        f->at = 0;
        if (f->batch.count == 0) return HRA_OK;
    }
    const hra_record *r = &f->batch.records[f->at++];
    if (r->fault != HRA_RECORD_GOOD)
        return hra_fail(error, HRA_EINPUT, "%s:%lld: the line is damaged (a quote that is not closed, or NUL bytes)",
                        f->path, (long long)r->line);
    *record = r;
    return HRA_OK;
}

static bool is_name(const char *text, size_t length)
{
    static const char *const names[] = {"identifier", "name", "phone"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == length && memcmp(names[i], text, length) == 0) return true;
    return false;
}

/* Where a column of the file goes; its header is a name, or the title that workbooks have in its place. */
static hra_code place_column(hra_register_file *f, const hra_register_titles *titles, hra_cell_text cell, bool *found,
                             hra_error *error)
{
    const char *title = hra_register_titles_find(titles, cell.text, cell.length);
    const char *name = title ? title : cell.text;
    size_t length = title ? strlen(title) : cell.length;
    int column = own_column(name, length);
    if (column >= 0 && found[column])
        return hra_fail(error, HRA_EINPUT, "%s has the column '%s' twice", f->path, hra_register_columns[column]);
    if (column >= 0) {
        found[column] = true;
        f->place[f->width++] = column;
    } else if (is_name(name, length)) {
        f->place[f->width++] = NOT_KEPT;
    } else {
        f->extra[f->extra_count] = strndup(cell.text, cell.length);
        if (!f->extra[f->extra_count]) return hra_out_of_memory(error);
        f->place[f->width++] = HRA_REGISTER_COLUMNS + f->extra_count++;
    }
    return HRA_OK;
}

static hra_code place_columns(hra_register_file *f, const hra_record *record, bool *found, hra_error *error)
{
    hra_register_titles *titles;
    HRA_TRY(hra_register_titles_new(&titles, error));
    hra_code code = HRA_OK;
    for (hra_cells cells = cells_of(f, record); !code && !cells.done;) {
        hra_cell_text cell = hra_cells_next(&cells);
        if (f->width == MOST_COLUMNS)
            code = hra_fail(error, HRA_EINPUT, "%s has more than %d columns", f->path, MOST_COLUMNS);
        else
            code = place_column(f, titles, cell, found, error);
    }
    hra_register_titles_free(titles);
    return code;
}

static hra_code read_header(hra_register_file *f, hra_error *error)
{
    bool found[HRA_REGISTER_COLUMNS] = {false};
    const hra_record *record;
    HRA_TRY(next_record(f, &record, error));
    if (!record) return hra_fail(error, HRA_EINPUT, "%s is empty: it has no header line", f->path);
    HRA_TRY(place_columns(f, record, found, error));
    for (int i = HRA_REGISTER_PERSON; i <= HRA_REGISTER_SINCE; i++)
        if (!found[i])
            return hra_fail(error, HRA_EINPUT, "%s has no column '%s': is it a register?", f->path,
                            hra_register_columns[i]);
    return HRA_OK;
}

hra_code hra_register_open(const char *path, hra_register_file **out, hra_error *error)
{
    hra_text_facts facts;
    hra_register_file *f = calloc(1, sizeof *f);
    if (!f) return hra_out_of_memory(error);
    f->path = path;
    hra_code code = hra_text_examine(path, NULL, &facts, error);
    if (!code && facts.table.count > 1) /* lines on another sheet would be lost */
        code = hra_fail(error, HRA_EINPUT,
                        "%s has %d sheets that are not empty; a register is one sheet: keep the others in another file",
                        path, facts.table.count);
    if (!code) code = hra_record_reader_open(path, &facts, 0, &f->reader, error);
    if (!code) code = read_header(f, error);
    if (code)
        hra_register_close(f);
    else
        *out = f;
    return code;
}

void hra_register_close(hra_register_file *f)
{
    if (!f) return;
    hra_record_reader_close(f->reader);
    hra_batch_destroy(&f->batch);
    hra_buffer_destroy(&f->scratch);
    hra_buffer_destroy(&f->text);
    for (int i = 0; i < f->extra_count; i++) free(f->extra[i]);
    free(f);
}

static bool is_blank(char c) { return c == ' ' || c == '\t'; }

/* The cell without blanks at its ends; its place in the text, which may still move. */
static size_t keep(hra_buffer *text, hra_cell_text cell)
{
    size_t start = text->length;
    while (cell.length > 0 && is_blank(cell.text[cell.length - 1])) cell.length--;
    while (cell.length > 0 && is_blank(*cell.text)) {
        cell.text++;
        cell.length--;
    }
    hra_buffer_append(text, cell.text, cell.length);
    hra_buffer_char(text, '\0');
    return start;
}

hra_code hra_register_read(hra_register_file *f, hra_register_line *line, bool *any, hra_error *error)
{
    size_t start[MOST_COLUMNS];
    const hra_record *record;
    int count = 0;
    HRA_TRY(next_record(f, &record, error));
    *any = record != NULL;
    if (!record) return HRA_OK;
    hra_buffer_clear(&f->text);
    hra_buffer_char(&f->text, '\0'); /* the empty text */
    for (hra_cells cells = cells_of(f, record); !cells.done;) {
        hra_cell_text cell = hra_cells_next(&cells);
        if (count == f->width && cell.length == 0) continue;
        if (count == f->width)
            return hra_fail(error, HRA_EINPUT, "%s:%lld: more cells than the header has columns", f->path,
                            (long long)record->line);
        start[count++] = keep(&f->text, cell);
    }
    if (f->text.failed) return hra_out_of_memory(error);
    for (int i = 0; i < HRA_REGISTER_COLUMNS + f->extra_count; i++) f->cells[i] = f->text.bytes;
    for (int i = 0; i < count; i++)
        if (f->place[i] != NOT_KEPT) f->cells[f->place[i]] = f->text.bytes + start[i];
    *line = (hra_register_line){f->cells, record->line};
    return HRA_OK;
}

int hra_register_extra(const hra_register_file *f) { return f ? f->extra_count : 0; }

void hra_register_put_header(const hra_register_file *f, hra_buffer *out)
{
    for (int i = 0; i < HRA_REGISTER_COLUMNS; i++)
        hra_buffer_printf(out, "%s%s", i ? "," : "", hra_register_columns[i]);
    for (int i = 0; i < hra_register_extra(f); i++) {
        hra_buffer_char(out, ',');
        hra_buffer_csv(out, f->extra[i]);
    }
    hra_buffer_char(out, '\n');
}

void hra_register_put(const hra_register_file *f, const hra_register_line *line, hra_buffer *out)
{
    for (int i = 0; i < HRA_REGISTER_COLUMNS + hra_register_extra(f); i++) {
        if (i) hra_buffer_char(out, ',');
        hra_buffer_csv(out, line->cells[i]);
    }
    hra_buffer_char(out, '\n');
}

bool hra_register_day(const char *text, double *day)
{
    char plain[32];
    *day = NAN;
    if (!*text) return true;
    if (strlen(text) >= sizeof plain) return false;
    strcpy(plain, text);
    for (char *c = plain; *c; c++)
        if (*c == '/') *c = '-';
    return hra_day_read(plain, day);
}
