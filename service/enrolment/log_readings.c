#include "service/enrolment/log_readings.h"

#include <math.h>
#include <string.h>

#include "base/buffer.h"
#include "base/calendar.h"
#include "io/csv/csv_cells.h"
#include "io/csv/csv_records.h"
#include "io/csv/reject_file.h"
#include "io/results/result_reader.h"
#include "io/words/cell_value.h"
#include "service/enrolment/register_file.h"
#include "service/tables/rule_table.h"

enum { PERSON, DAY, VARIABLE, VALUE, UNIT, COLUMNS, MOST_COLUMNS = 256, BATCH_RECORDS = 4096, BATCH_BYTES = 1 << 20 };
static const char *const columns[COLUMNS] = {"person", "date", "variable", "value", "unit"};

typedef struct log_file {
    const hra_log_request *request;
    const hra_log_variables *variables;
    const hra_dictionary *dictionary;
    hra_spill_sort *sort;
    hra_log_account *account;
    const char *path;
    int place[COLUMNS]; /* which cell of the file it is, -1: none */
    hra_buffer cells;   /* the texts of a line, each with its NUL */
    const char *texts[COLUMNS];
    hra_buffer *rejects;
} log_file;

hra_code hra_log_variables_load(const hra_dictionary *dictionary, hra_arena *arena, hra_log_variables *out,
                                hra_error *error)
{
    static const char *const names[] = {"class", "variable"};
    hra_rule_table table;
    *out = (hra_log_variables){0};
    HRA_TRY(hra_rule_table_load(NULL, "datasets/log_indicators.csv", names, 2, arena, &table, error));
    for (int i = 0; i < table.count; i++) {
        int variable = hra_dictionary_find(dictionary, table.rows[i].cells[1]), at = 0;
        if (variable < 0)
            return hra_fail(error, HRA_EINPUT, "%s:%d: '%s' is not a variable", table.file, table.rows[i].line,
                            table.rows[i].cells[1]);
        while (at < out->count && out->variables[at] != variable) at++;
        if (at == out->count && out->count < HRA_LOG_VARIABLES) out->variables[out->count++] = variable;
    }
    return HRA_OK;
}

/* ---- one reading ---- */

static void reject(log_file *f, int64_t line, int column, const char *reason)
{
    const char *value = f->texts[column];
    hra_reject_line(f->rejects, f->path, line, columns[column], f->texts[VARIABLE], value, strlen(value), reason);
    f->account->rejected++;
}

/* The number in its canonical unit; false: it went to the rejects. */
static bool read_value(log_file *f, int64_t line, const hra_variable *variable, double *value)
{
    double factor = 1, offset = 0;
    if (*f->texts[UNIT] && !hra_variable_unit(variable, f->texts[UNIT], &factor, &offset)) {
        reject(f, line, UNIT, "the unit does not fit the variable");
        return false;
    }
    const char *text = f->texts[VALUE], *end = text + strlen(text);
    if (hra_read_decimal(text, end, value) != end || !isfinite(*value)) {
        reject(f, line, VALUE, "not a number");
        return false;
    }
    *value = *value * factor + offset;
    if (*value < variable->hard_min || *value > variable->hard_max) {
        reject(f, line, VALUE, "outside the hard limits of the variable");
        return false;
    }
    f->account->implausible += *value < variable->plausible_min || *value > variable->plausible_max;
    return true;
}

static int find_variable(const log_file *f)
{
    int variable = hra_dictionary_find(f->dictionary, f->texts[VARIABLE]);
    for (int i = 0; i < f->variables->count && variable >= 0; i++)
        if (f->variables->variables[i] == variable) return i;
    return -1;
}

static hra_code read_line(log_file *f, int64_t line, hra_error *error)
{
    hra_spill_record record;
    double day, value;
    if (!*f->texts[VALUE]) return HRA_OK; /* a line of the template that was not needed */
    f->account->readings++;
    int variable = find_variable(f);
    if (!hra_person_key_read(f->texts[PERSON], record.word)) {
        reject(f, line, PERSON, "not a person key");
        return HRA_OK;
    }
    if (variable < 0) {
        reject(f, line, VARIABLE, "not a variable of diaries");
        return HRA_OK;
    }
    if (!hra_day_read(f->texts[DAY], &day) || day > f->request->as_of || day < 0) {
        reject(f, line, DAY, "not a day like 2026-01-31 up to the day of reading");
        return HRA_OK;
    }
    if (!read_value(f, line, hra_dictionary_at(f->dictionary, f->variables->variables[variable]), &value))
        return HRA_OK;
    if (day <= f->request->as_of - f->request->window_days) {
        f->account->outside_window++;
        return HRA_OK;
    }
    record.word[2] = hra_log_word((int64_t)day, variable);
    memcpy(&record.word[3], &value, sizeof value);
    return hra_spill_sort_add(f->sort, &record, error);
}

/* ---- files ---- */

static hra_code read_header(log_file *f, hra_cells cells, hra_error *error)
{
    for (int c = 0; c < COLUMNS; c++) f->place[c] = -1;
    for (int at = 0; !cells.done; at++) {
        hra_cell_text cell = hra_cells_next(&cells);
        for (int c = 0; c < COLUMNS; c++)
            if (strlen(columns[c]) == cell.length && memcmp(columns[c], cell.text, cell.length) == 0) f->place[c] = at;
    }
    for (int c = 0; c < UNIT; c++)
        if (f->place[c] < 0)
            return hra_fail(error, HRA_EINPUT, "%s has no column '%s': is it a diary?", f->path, columns[c]);
    return HRA_OK;
}

/* Texts of the wanted cells, without blanks at their ends, and days of a spreadsheet as days. */
static hra_code take_cells(log_file *f, hra_cells cells, hra_error *error)
{
    size_t start[COLUMNS] = {0};
    hra_buffer_clear(&f->cells);
    hra_buffer_char(&f->cells, '\0');
    for (int at = 0; !cells.done; at++) {
        hra_cell_text cell = hra_cells_next(&cells);
        while (cell.length > 0 && strchr(" \t", cell.text[cell.length - 1])) cell.length--;
        for (; cell.length > 0 && strchr(" \t", *cell.text); cell.length--) cell.text++;
        for (int c = 0; c < COLUMNS; c++) {
            if (f->place[c] != at) continue;
            start[c] = f->cells.length;
            hra_buffer_append(&f->cells, cell.text, cell.length);
            hra_buffer_char(&f->cells, '\0');
        }
    }
    if (f->cells.failed) return hra_out_of_memory(error);
    for (int c = 0; c < COLUMNS; c++) f->texts[c] = f->cells.bytes + start[c];
    for (char *c = f->cells.bytes + start[DAY]; start[DAY] && *c; c++)
        if (*c == '/') *c = '-';
    return HRA_OK;
}

static hra_code read_batch(log_file *f, const hra_batch *batch, char delimiter, bool *header, hra_error *error)
{
    hra_buffer scratch = {0};
    hra_code code = HRA_OK;
    for (int i = 0; i < batch->count && !code; i++) {
        const hra_record *record = &batch->records[i];
        hra_cells cells = hra_cells_begin(batch->text.bytes + record->start, record->length, delimiter, &scratch);
        if (record->fault != HRA_RECORD_GOOD) {
            f->account->readings++;
            f->account->rejected++;
            hra_reject_line(f->rejects, f->path, record->line, "", "", "", 0, "the line is damaged");
        } else if (*header) {
            code = read_header(f, cells, error);
            *header = false;
        } else {
            code = take_cells(f, cells, error);
            if (!code) code = read_line(f, record->line, error);
        }
    }
    hra_buffer_destroy(&scratch);
    return code;
}

static hra_code read_file(log_file *f, hra_reject_file *rejects, int64_t *sequence, hra_error *error)
{
    hra_text_facts facts;
    hra_record_reader *reader = NULL;
    hra_batch batch = {0};
    bool header = true;
    HRA_TRY(hra_text_examine(f->path, NULL, &facts, error));
    hra_code code = hra_record_reader_open(f->path, &facts, 0, &reader, error);
    do {
        if (!code) code = hra_record_reader_next(reader, BATCH_RECORDS, BATCH_BYTES, &batch, error);
        if (!code) code = read_batch(f, &batch, hra_record_reader_delimiter(reader), &header, error);
        if (!code) code = hra_reject_write(rejects, (*sequence)++, f->rejects, error);
    } while (!code && batch.count > 0);
    if (!code && header) code = hra_fail(error, HRA_EINPUT, "%s is empty: it has no header line", f->path);
    hra_record_reader_close(reader);
    hra_batch_destroy(&batch);
    return code;
}

hra_code hra_log_readings(const hra_log_request *request, const hra_log_variables *variables, hra_spill_sort *sort,
                          hra_log_account *account, hra_error *error)
{
    hra_buffer path = {0}, lines = {0};
    hra_reject_file *rejects = NULL;
    int64_t sequence = 0;
    log_file f = {.request = request,
                  .variables = variables,
                  .dictionary = hra_library_dictionary(request->library),
                  .sort = sort,
                  .account = account,
                  .rejects = &lines};
    hra_buffer_printf(&path, "%s/log_rejects.csv", request->folder);
    hra_code code = path.failed ? hra_out_of_memory(error) : hra_reject_open(path.bytes, &rejects, error);
    for (int i = 0; i < request->path_count && !code; i++) {
        f.path = request->paths[i];
        code = read_file(&f, rejects, &sequence, error);
    }
    if (!code) code = hra_reject_finish(rejects, error);
    hra_reject_free(rejects);
    hra_buffer_destroy(&f.cells);
    hra_buffer_destroy(&lines);
    hra_buffer_destroy(&path);
    return code;
}
