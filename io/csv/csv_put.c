/* What the cells of a row leave behind: codes, exact values beside them, marks, rejections, counts. */
#include <stdlib.h>

#include "io/csv/csv_put.h"

void hra_fill_out_of_memory(hra_filler *f)
{
    if (f->code == HRA_OK) f->code = hra_out_of_memory(f->error);
}

/* ---- codes ------------------------------------------------------------------------- */

/* Appends to a list of exact values. */
static void put_exact(hra_filler *f, hra_exception **list, int *count, int *capacity, int column, double value)
{
    if (*count == *capacity) {
        int more = *capacity ? 2 * *capacity : 256;
        hra_exception *bigger = realloc(*list, (size_t)more * sizeof *bigger);
        if (!bigger) {
            hra_fill_out_of_memory(f);
            return;
        }
        *list = bigger;
        *capacity = more;
    }
    (*list)[(*count)++] = (hra_exception){f->row, column, value};
}

static void put_exception(hra_filler *f, int column, double value)
{
    hra_work *w = f->work;
    put_exact(f, &w->exceptions, &w->exception_count, &w->exception_capacity, column, value);
}

/* A value that is not taken over may still be an urgent one: it is told apart from what could not be read. */
void hra_put_beyond(hra_filler *f, int column, double value)
{
    hra_work *w = f->work;
    put_exact(f, &w->beyond, &w->beyond_count, &w->beyond_capacity, column, value);
}

void hra_put_value(hra_filler *f, int column, double value)
{
    const hra_column *c = &f->schema->columns[column];
    uint32_t code = hra_column_code(c, value);
    hra_put_code(f, column, code);
    if (code == hra_column_escape(c)) put_exception(f, column, value);
}

/* ---- marks ---------------------------------------------------------------------------- */

/* What a cell said beyond its value. Within a row the list is kept in the order of the columns. */
void hra_put_mark(hra_filler *f, int column, uint8_t mark)
{
    hra_work *w = f->work;
    if (!mark) return;
    if (w->mark_count == w->mark_capacity) {
        int more = w->mark_capacity ? 2 * w->mark_capacity : 256;
        hra_cell_mark *bigger = realloc(w->marks, (size_t)more * sizeof *bigger);
        if (!bigger) {
            hra_fill_out_of_memory(f);
            return;
        }
        w->marks = bigger;
        w->mark_capacity = more;
    }
    int at = w->mark_count++;
    for (; at > 0 && w->marks[at - 1].row == f->row && w->marks[at - 1].column > column; at--)
        w->marks[at] = w->marks[at - 1];
    w->marks[at] = (hra_cell_mark){f->row, column, mark};
}

void hra_put_tally(hra_filler *f, int column, const hra_cell_value *value)
{
    if (!hra_tallies_cell(&f->work->tallies, column, value)) hra_fill_out_of_memory(f);
}

/* ---- rejections ---------------------------------------------------------------------- */

/* In a record that was put together cells have lines of their own. */
int64_t hra_put_line_of(const hra_filler *f, const hra_source_column *source)
{
    const hra_batch *batch = &f->work->batch;
    int32_t record = (int32_t)(f->record - batch->records), column = (int32_t)(source - f->plan->columns);
    size_t low = 0, high = batch->cell_line_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const hra_cell_line *at = &batch->cell_lines[middle];
        if (at->record < record || (at->record == record && at->column < column))
            low = middle + 1;
        else
            high = middle;
    }
    if (low == batch->cell_line_count) return f->record->line;
    const hra_cell_line *found = &batch->cell_lines[low];
    return found->record == record && found->column == column ? found->line : f->record->line;
}

void hra_put_reject_line(hra_filler *f, int64_t line, const char *column, const char *variable, hra_cell_text value,
                         const char *reason)
{
    if (f->context->write_rejects)
        hra_reject_line(&f->work->rejects, f->plan->name, line, column, variable, value.text, value.length,
                        hra_put_say(f, reason));
}

void hra_put_rejected(hra_filler *f, const hra_source_column *source, int column, hra_cell_text cell,
                      const char *reason)
{
    const hra_cell_value rejected = hra_cell_rejected(reason);
    f->work->counts[column].rejected++;
    hra_put_tally(f, column, &rejected);
    if (source->combination >= 0)
        f->gathered[source->combination].absent = HRA_MARK_REJECTED;
    else
        hra_put_mark(f, column, HRA_MARK_REJECTED);
    hra_put_reject_line(f, hra_put_line_of(f, source), source->header,
                        f->context->binding->readers[column].variable->name, cell, reason);
}

hra_put_limit hra_put_limits(const hra_cell_reader *reader, double value)
{
    const hra_variable *v = reader->variable;
    double x = value * reader->factor + reader->offset;
    if (x < v->hard_min || x > v->hard_max) return HRA_PUT_IMPOSSIBLE;
    return x < v->plausible_min || x > v->plausible_max ? HRA_PUT_IMPLAUSIBLE : HRA_PUT_INSIDE;
}
