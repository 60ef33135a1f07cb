/* Identity numbers say when somebody was born and of which sex: held against the columns of the row. */
#include <math.h>
#include <string.h>

#include "base/calendar.h"
#include "io/csv/csv_put.h"
#include "io/words/national_number.h"

void hra_fill_national(hra_filler *f, const hra_source_column *source, hra_cell_text cell)
{
    const char *text = cell.text;
    size_t length = cell.length;
    hra_clean_identifier(&text, &length);
    if (length == 0) return;
    const char *reason = hra_national_number_read(text, length, &f->national);
    f->has_national = !reason;
    /* an identifier may be of another kind; the number itself is not written out */
    const hra_cell_text nothing = {"", 0, false};
    if (reason && source->action == HRA_READ_NATIONAL)
        hra_put_reject_line(f, hra_put_line_of(f, source), source->header, "", nothing, reason);
}

static uint32_t code_of_row(const hra_filler *f, int column)
{
    return hra_column_wide(&f->schema->columns[column]) ? ((const uint32_t *)f->work->codes[column])[f->row]
                                                        : ((const uint16_t *)f->work->codes[column])[f->row];
}

static bool has_mark(const hra_filler *f, int column)
{
    for (int i = f->work->mark_count; i-- > 0 && f->work->marks[i].row == f->row;)
        if (f->work->marks[i].column == column) return true;
    return false;
}

/* Fills what the row does not say (`own`: there is a column for it); where it says something else, neither stands. */
static void hold_against_national(hra_filler *f, int column, bool own, double value, const char *shown)
{
    const hra_column *c = &f->schema->columns[column];
    hra_value_counts *counts = &f->work->counts[column];
    if (!hra_put_is_wanted(f, column) || isnan(value)) return;
    uint32_t code = code_of_row(f, column);
    if (code == hra_column_missing(c)) {
        if (has_mark(f, column)) return; /* refused, or rejected for a reason of its own */
        counts->missing -= own;
        hra_put_known(counts, true, hra_put_limits(&f->context->binding->readers[column], value) != HRA_PUT_INSIDE);
        hra_put_value(f, column, value);
        return;
    }
    if (code == hra_column_code(c, value)) return;
    counts->known--;
    counts->rejected++;
    hra_put_code(f, column, hra_column_missing(c));
    hra_put_mark(f, column, HRA_MARK_REJECTED);
    const hra_cell_text said = {shown, strlen(shown), false};
    hra_put_reject_line(f, f->record->line, f->plan->columns[f->plan->national].header,
                        f->context->binding->readers[column].variable->name, said,
                        "the identity number of the row says otherwise");
}

/* The level with this number in the dictionary: 1 for men, 2 for women (GB/T 2261.1). */
static double sex_of(const hra_variable *sex, bool male)
{
    for (int i = 0; i < sex->level_count; i++)
        if (sex->levels[i].number == (male ? 1 : 2)) return i;
    return NAN;
}

void hra_fill_national_end(hra_filler *f)
{
    char day[HRA_DAY_TEXT];
    const hra_variable *sex = f->context->binding->readers[f->plan->national_sex].variable;
    double level = sex_of(sex, f->national.male);
    hold_against_national(f, f->plan->national_birth, f->plan->own_birth, f->national.birth_day,
                          hra_day_text(f->national.birth_day, day));
    hold_against_national(f, f->plan->national_sex, f->plan->own_sex, level,
                          isnan(level) ? "" : sex->levels[(int)level].name);
}
