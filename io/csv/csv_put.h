/* What the cells of a row leave behind, in the chunk under way. */
#ifndef HRA_IO_CSV_PUT_H
#define HRA_IO_CSV_PUT_H

#include "io/csv/csv_cells.h"
#include "io/csv/csv_fill.h"

static inline bool hra_put_is_wanted(const hra_filler *f, int column)
{
    return f->plan->bound[column] && (!f->context->wanted || f->context->wanted[column]);
}

static inline void hra_put_code(hra_filler *f, int column, uint32_t code)
{
    if (hra_column_wide(&f->schema->columns[column]))
        ((uint32_t *)f->work->codes[column])[f->row] = code;
    else
        ((uint16_t *)f->work->codes[column])[f->row] = (uint16_t)code;
}

static inline void hra_put_known(hra_value_counts *counts, bool altered, bool implausible)
{
    counts->known++;
    counts->altered += altered;
    counts->implausible += implausible;
}

/* A reason in the language of the reject file. */
static inline __attribute__((format_arg(2))) const char *hra_put_say(const hra_filler *f, const char *english)
{
    const hra_csv_options *o = f->context->options;
    return o->say ? o->say(o->words, english) : english;
}

/* A line of the reject file, if there is one. */
void hra_put_reject_line(hra_filler *f, int64_t line, const char *column, const char *variable, hra_cell_text value,
                         const char *reason);
/* A value as a code, and exactly beside it where no code says it. */
void hra_put_value(hra_filler *f, int column, double value);
/* One that is not taken over may still be an urgent one: it is told apart from what could not be read. */
void hra_put_beyond(hra_filler *f, int column, double value);
/* What a cell said beyond its value. Within a row the list is kept in the order of the columns. */
void hra_put_mark(hra_filler *f, int column, uint8_t mark);
void hra_put_tally(hra_filler *f, int column, const hra_cell_value *value);
void hra_put_rejected(hra_filler *f, const hra_source_column *source, int column, hra_cell_text cell,
                      const char *reason);

/* The line of a cell: in a record that was put together cells have lines of their own. */
int64_t hra_put_line_of(const hra_filler *f, const hra_source_column *source);

typedef enum hra_put_limit { HRA_PUT_INSIDE, HRA_PUT_IMPLAUSIBLE, HRA_PUT_IMPOSSIBLE } hra_put_limit;
hra_put_limit hra_put_limits(const hra_cell_reader *reader, double value);

#endif
