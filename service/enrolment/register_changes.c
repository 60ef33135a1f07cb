#include "service/enrolment/register_changes.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/csv/csv_cells.h"
#include "io/csv/csv_records.h"

enum { DATE = 6, BATCH_RECORDS = 4096, BATCH_BYTES = 1 << 20 };

typedef struct copier {
    const char *day;
    FILE *out;
    hra_batch batch;
    hra_buffer scratch;
} copier;

static bool is_of_day(copier *c, const hra_record *record)
{
    hra_cells cells = hra_cells_begin(c->batch.text.bytes + record->start, record->length, ',', &c->scratch);
    hra_cell_text cell = {"", 0, false};
    for (int i = 0; i <= DATE; i++) {
        if (cells.done) return false;
        cell = hra_cells_next(&cells);
    }
    return cell.length == strlen(c->day) && memcmp(cell.text, c->day, cell.length) == 0;
}

/* Nothing is written on failure; the stream tells of it when it is closed. */
static void copy_batch(copier *c)
{
    for (int i = 0; i < c->batch.count; i++) {
        const hra_record *record = &c->batch.records[i];
        if (record->fault != HRA_RECORD_GOOD || !is_of_day(c, record)) continue;
        fwrite(c->batch.text.bytes + record->start, 1, record->length, c->out);
        fputc('\n', c->out);
    }
}

hra_code hra_register_changes_copy(const char *path, const char *day, FILE *out, hra_error *error)
{
    hra_text_facts facts;
    hra_record_reader *reader = NULL;
    copier c = {.day = day, .out = out};
    if (access(path, F_OK) != 0) return HRA_OK;
    HRA_TRY(hra_text_examine(path, NULL, &facts, error));
    HRA_TRY(hra_record_reader_open(path, &facts, ',', &reader, error));
    hra_code code;
    do {
        code = hra_record_reader_next(reader, BATCH_RECORDS, BATCH_BYTES, &c.batch, error);
        if (!code) copy_batch(&c);
    } while (!code && c.batch.count > 0);
    hra_record_reader_close(reader);
    hra_batch_destroy(&c.batch);
    hra_buffer_destroy(&c.scratch);
    if (code) return code;
    return ferror(out) ? hra_fail(error, HRA_EIO, "copying from %s failed", path) : HRA_OK;
}
