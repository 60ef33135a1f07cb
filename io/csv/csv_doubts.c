/* What a reader of results must know of the cells behind them: what was rejected, what lies outside the plausible
 * limits, and columns that look as if they had another unit. It names variables, never a cell's content. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "io/csv/csv_source.h"

typedef struct doubt {
    int column;
    const char *name;
    int64_t count, of;
} doubt;

/* The most frequent first; equal ones by column. */
static int by_count(const void *a, const void *b)
{
    const doubt *x = a, *y = b;
    if (x->count != y->count) return x->count < y->count ? 1 : -1;
    return x->column - y->column;
}

static void print_list(const char *what, doubt *doubts, int count, hra_buffer *out)
{
    enum { MOST = 6 };
    if (count == 0) return;
    qsort(doubts, (size_t)count, sizeof *doubts, by_count);
    hra_buffer_text(out, what);
    for (int i = 0; i < count && i < MOST; i++)
        hra_buffer_printf(out, "%s %s %" PRId64 " of %" PRId64, i ? "," : ":", doubts[i].name, doubts[i].count,
                          doubts[i].of);
    if (count > MOST) hra_buffer_printf(out, ", and of %d more variable%s", count - MOST, count - MOST == 1 ? "" : "s");
    hra_buffer_char(out, '\n');
}

/* The plausible limits; of a variable that has none, the hard ones. Days are not told as numbers. */
static void print_limits(const hra_variable *v, hra_buffer *out)
{
    bool plausible = !isnan(v->plausible_min) || !isnan(v->plausible_max);
    double low = plausible ? v->plausible_min : v->hard_min, high = plausible ? v->plausible_max : v->hard_max;
    if (v->type == HRA_TYPE_DATE) {
        hra_buffer_text(out, "outside its limits");
        return;
    }
    if (isnan(high))
        hra_buffer_printf(out, "below %g", low);
    else if (isnan(low))
        hra_buffer_printf(out, "above %g", high);
    else
        hra_buffer_printf(out, "outside %g to %g", low, high);
    if (*v->unit) hra_buffer_printf(out, " %s", v->unit);
}

/* Most values are implausible: the likeliest cause is the unit. The first unit that the column was not read in is
 * offered. */
static void print_unit(const hra_column *column, const hra_variable *v, const hra_value_counts *counts, hra_buffer *out)
{
    double factor, offset, read_factor, read_offset;
    const char *other = NULL;
    bool canonical =
        !hra_variable_unit(v, column->unit, &read_factor, &read_offset) || (read_factor == 1 && read_offset == 0);
    if (!canonical) other = v->unit;
    for (int i = 0; i < v->unit_count && !other; i++)
        if (hra_variable_unit(v, v->units[i].unit, &factor, &offset) && (factor != 1 || offset != 0))
            other = v->units[i].unit;
    hra_buffer_printf(out, "most values of %s (%" PRId64 " of %" PRId64 ") are ", v->name, counts->implausible,
                      counts->known);
    print_limits(v, out);
    if (other) hra_buffer_printf(out, "; if the column is in %s, say so: --units %s=%s", other, v->name, other);
    hra_buffer_char(out, '\n');
}

void hra_csv_doubts_print(const hra_source *source, hra_buffer *out)
{
    const hra_schema *schema = source->schema;
    int rejected_count = 0, implausible_count = 0;
    doubt *rejected = calloc((size_t)schema->column_count + 1, sizeof *rejected);
    doubt *implausible = calloc((size_t)schema->column_count + 1, sizeof *implausible);
    if (!rejected || !implausible) out->failed = true;
    for (int c = 0; c < schema->column_count && !out->failed; c++) {
        const char *name = hra_dictionary_at(schema->dictionary, schema->columns[c].variable)->name;
        hra_value_counts n = hra_csv_counts(source, c);
        if (n.rejected) rejected[rejected_count++] = (doubt){c, name, n.rejected, n.known + n.rejected};
        if (n.implausible) implausible[implausible_count++] = (doubt){c, name, n.implausible, n.known};
    }
    if (!out->failed) {
        print_list("values rejected", rejected, rejected_count, out);
        print_list("values outside plausible limits, used as they are", implausible, implausible_count, out);
    }
    free(rejected);
    free(implausible);
    for (int c = 0; c < schema->column_count && !out->failed; c++) {
        hra_value_counts n = hra_csv_counts(source, c);
        const hra_column *column = &schema->columns[c];
        if (n.implausible > n.known / 2)
            print_unit(column, hra_dictionary_at(schema->dictionary, column->variable), &n, out);
    }
}
