/* A signed sheet. Its columns are found by name, so that a reviewer may add,
 * move or hide others; a decision that cannot be understood is an error. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/calendar.h"
#include "io/csv/csv_cells.h"
#include "io/csv/csv_records.h"
#include "service/signoff/signoff_internal.h"

enum { MOST_COLUMNS = 256, CELL_BYTES = 4096 };

typedef struct sheet {
    hra_signoffs *signoffs;
    const char *path;
    char delimiter;
    int column[MOST_COLUMNS]; /* of the file: which of ours, or -1 */
    int width;
    hra_buffer scratch;
    char cells[HRA_SHEET_COLUMN_COUNT][CELL_BYTES];
    hra_error *error;
} sheet;

static hra_code wrong(const sheet *s, int64_t line, const char *column, const char *what)
{
    return hra_fail(s->error, HRA_EINPUT, "%s:%lld: column '%s': %s", s->path, (long long)line, column, what);
}

/* Trimmed, cut where it is longer than any decision, name or hash; the apostrophe of a guarded formula goes. */
static void keep(const hra_cell_text *cell, char out[CELL_BYTES])
{
    const char *text = cell->text;
    size_t length = cell->length;
    while (length && isspace((unsigned char)*text)) text++, length--;
    while (length && isspace((unsigned char)text[length - 1])) length--;
    if (length >= CELL_BYTES) length = CELL_BYTES - 1;
    memcpy(out, text, length);
    out[length] = '\0';
    text = hra_csv_unguarded(out);
    if (text > out) memmove(out, text, strlen(text) + 1);
}

/* ---- the header -------------------------------------------------------------------------- */

static int column_named(const char *name)
{
    for (int c = 0; c < HRA_SHEET_COLUMN_COUNT; c++)
        if (strcasecmp(name, hra_sheet_columns[c]) == 0) return c;
    return -1;
}

static hra_code read_header(sheet *s, const char *record, const hra_record *r)
{
    static const int needed[] = {HRA_SHEET_ID, HRA_SHEET_HASH, HRA_SHEET_DECISION, HRA_SHEET_REVIEWER, HRA_SHEET_DATE};
    bool seen[HRA_SHEET_COLUMN_COUNT] = {false};
    char name[CELL_BYTES];
    hra_cells cells = hra_cells_begin(record, r->length, s->delimiter, &s->scratch);
    while (!cells.done && s->width < MOST_COLUMNS) {
        hra_cell_text cell = hra_cells_next(&cells);
        keep(&cell, name);
        int c = column_named(name);
        if (c >= 0 && seen[c]) return wrong(s, r->line, name, "stands twice in the header");
        if (c >= 0) seen[c] = true;
        s->column[s->width++] = c;
    }
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++)
        if (!seen[needed[i]])
            return wrong(s, r->line, hra_sheet_columns[needed[i]],
                         "is missing; 'hra definitions review' writes the sheet to sign");
    return HRA_OK;
}

/* ---- one row ------------------------------------------------------------------------------- */

static bool is_one_of(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (strcasecmp(text, *words) == 0) return true;
    return false;
}

static hra_code read_decision(const sheet *s, int64_t line, hra_decision *out)
{
    static const char *const approved[] = {"approved", "approve", "yes", "y", "ok", "同意", "通过", "批准", NULL};
    static const char *const rejected[] = {"rejected", "reject", "no", "n", "不同意", "不通过", "否决", NULL};
    const char *text = s->cells[HRA_SHEET_DECISION];
    *out = HRA_DECISION_NONE;
    if (!*text) return HRA_OK;
    if (is_one_of(text, approved))
        *out = HRA_DECISION_APPROVED;
    else if (is_one_of(text, rejected))
        *out = HRA_DECISION_REJECTED;
    else
        return wrong(s, line, "decision", "is neither 'approved' nor 'rejected' nor empty");
    return HRA_OK;
}

/* 2026-01-31, or 2026/1/31 as spreadsheets make of it. */
static hra_code read_day(const sheet *s, int64_t line, int column, double *out)
{
    const char *text = s->cells[column];
    int year = 0, month = 0, day = 0, used = 0;
    *out = NAN;
    if (!*text) return HRA_OK;
    int found = sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &used);
    if (found != 3) found = sscanf(text, "%4d/%2d/%2d%n", &year, &month, &day, &used);
    if (found != 3 || text[used] || year < 1900 || !hra_date_exists(year, month, day))
        return wrong(s, line, hra_sheet_columns[column], "is not a day; write it as 2026-01-31");
    *out = hra_day_of_date((hra_date){.year = year, .month = month, .day = day});
    return HRA_OK;
}

static bool set_text(char **field, const char *text)
{
    char *copy = strdup(text);
    free(*field);
    *field = copy;
    return copy != NULL;
}

static hra_code take_row(sheet *s, int64_t line)
{
    hra_decision decision;
    double date, expiry;
    HRA_TRY(read_decision(s, line, &decision));
    if (decision == HRA_DECISION_NONE) return HRA_OK;
    HRA_TRY(read_day(s, line, HRA_SHEET_DATE, &date));
    HRA_TRY(read_day(s, line, HRA_SHEET_EXPIRY, &expiry));
    if (!isnan(expiry) && isnan(s->signoffs->as_of))
        return hra_fail(s->error, HRA_EUSAGE, "%s:%lld: the sign-off ends on a day; say with --as-of what day it is",
                        s->path, (long long)line);
    int64_t index = hra_map_get(s->signoffs->index, s->cells[HRA_SHEET_ID]);
    if (index < 0 || !s->signoffs->entries[index].kind) {
        hra_buffer_printf(&s->signoffs->gone, "%s:%lld: '%.100s' was signed and is no longer among the definitions\n",
                          s->path, (long long)line, s->cells[HRA_SHEET_ID]);
        return HRA_OK;
    }
    hra_signoff_entry *e = &s->signoffs->entries[index];
    e->decision = decision;
    e->date = date;
    e->expiry = expiry;
    snprintf(e->signed_hash, sizeof e->signed_hash, "%.35s", s->cells[HRA_SHEET_HASH]);
    if (!set_text(&e->reviewer, s->cells[HRA_SHEET_REVIEWER]) || !set_text(&e->comment, s->cells[HRA_SHEET_COMMENT]))
        return hra_out_of_memory(s->error);
    return HRA_OK;
}

static hra_code read_row(sheet *s, const char *record, const hra_record *r)
{
    hra_cells cells = hra_cells_begin(record, r->length, s->delimiter, &s->scratch);
    for (int c = 0; c < HRA_SHEET_COLUMN_COUNT; c++) s->cells[c][0] = '\0';
    for (int i = 0; !cells.done && i < s->width; i++) {
        hra_cell_text cell = hra_cells_next(&cells);
        if (s->column[i] >= 0) keep(&cell, s->cells[s->column[i]]);
    }
    return take_row(s, r->line);
}

/* ---- the file -------------------------------------------------------------------------------- */

static hra_code read_records(sheet *s, hra_record_reader *reader, hra_batch *batch)
{
    bool header = true;
    s->delimiter = hra_record_reader_delimiter(reader);
    for (;;) {
        HRA_TRY(hra_record_reader_next(reader, header ? 1 : 1000, 1 << 20, batch, s->error));
        if (batch->count == 0) break;
        for (int i = 0; i < batch->count; i++) {
            const hra_record *r = &batch->records[i];
            const char *record = batch->text.bytes + r->start;
            if (r->fault != HRA_RECORD_GOOD)
                return hra_fail(s->error, HRA_EINPUT, "%s:%lld: the row is damaged", s->path, (long long)r->line);
            HRA_TRY(header ? read_header(s, record, r) : read_row(s, record, r));
            if (header) hra_record_reader_set_width(reader, r->cells);
            header = false;
        }
    }
    if (header) return hra_fail(s->error, HRA_EINPUT, "%s: is empty, no signed sheet", s->path);
    return s->scratch.failed ? hra_out_of_memory(s->error) : HRA_OK;
}

hra_code hra_signoffs_read(hra_signoffs *signoffs, const char *path, hra_error *error)
{
    hra_text_facts facts;
    hra_record_reader *reader = NULL;
    hra_batch batch = {0};
    HRA_TRY(hra_text_examine(path, NULL, &facts, error));
    sheet *s = calloc(1, sizeof *s);
    if (!s) return hra_out_of_memory(error);
    s->signoffs = signoffs;
    s->path = path;
    s->error = error;
    signoffs->resolved = false;
    hra_code code = hra_record_reader_open(path, &facts, 0, &reader, error);
    if (code == HRA_OK) code = read_records(s, reader, &batch);
    hra_record_reader_close(reader);
    hra_batch_destroy(&batch);
    hra_buffer_destroy(&s->scratch);
    free(s);
    return code;
}
