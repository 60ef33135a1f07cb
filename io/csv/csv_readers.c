/* The schema of a set of files, and how each of its columns reads cells. */
#include <math.h>
#include <string.h>

#include "io/csv/csv_binding.h"

/* Lists grow by doubling inside the arena. */
static void *grown(hra_arena *arena, void *list, int count, size_t size)
{
    if ((count & (count - 1)) != 0) return list;
    void *bigger = hra_arena_alloc(arena, size * (count ? 2 * (size_t)count : 1));
    if (bigger && count) memcpy(bigger, list, size * (size_t)count);
    return bigger;
}

hra_code hra_schema_column(hra_binding *binding, int variable, const char *unit, int *column, hra_error *error)
{
    hra_schema *schema = &binding->schema;
    hra_column new_column;
    HRA_TRY(hra_column_for(schema->dictionary, variable, unit, &new_column, error));
    for (*column = 0; *column < schema->column_count; ++*column)
        if (schema->columns[*column].variable == variable &&
            strcmp(schema->columns[*column].unit, new_column.unit) == 0)
            return HRA_OK;
    hra_column *columns = grown(binding->arena, schema->columns, schema->column_count, sizeof *columns);
    if (!columns) return hra_out_of_memory(error);
    schema->columns = columns;
    columns[schema->column_count++] = new_column;
    return HRA_OK;
}

hra_code hra_schema_label(hra_binding *binding, int variable, int *label, hra_error *error)
{
    hra_schema *schema = &binding->schema;
    for (*label = 0; *label < schema->label_count; ++*label)
        if (schema->labels[*label] == variable) return HRA_OK;
    int *labels = grown(binding->arena, schema->labels, schema->label_count, sizeof *labels);
    if (!labels) return hra_out_of_memory(error);
    schema->labels = labels;
    labels[schema->label_count++] = variable;
    return HRA_OK;
}

/* ---- limits ------------------------------------------------------------------------- */

static double canonical(const hra_cell_reader *reader, const hra_column *column, int64_t code)
{
    return hra_column_value(column, (uint32_t)code) * reader->factor + reader->offset;
}

static bool inside(const hra_variable *v, double x)
{
    return !(x < v->plausible_min) && !(x > v->plausible_max) && !(x < v->hard_min) && !(x > v->hard_max);
}

/* The range of codes inside every limit, as grid steps. Conversion is monotonic, so the ends are found by halving
 * between a code inside and one outside. */
static void set_window(hra_cell_reader *reader, const hra_column *column)
{
    const hra_variable *v = reader->variable;
    int64_t levels = column->levels, low = 0, high = levels - 1;
    double limit = !isnan(v->plausible_min) ? v->plausible_min : v->hard_min;
    if (!isnan(limit)) { /* the first code at or above the lower limit */
        int64_t below = -1, above = levels;
        while (above - below > 1) {
            int64_t middle = below + (above - below) / 2;
            *(canonical(reader, column, middle) < limit ? &below : &above) = middle;
        }
        low = above;
    }
    limit = !isnan(v->plausible_max) ? v->plausible_max : v->hard_max;
    if (!isnan(limit)) {
        int64_t below = -1, above = levels;
        while (above - below > 1) {
            int64_t middle = below + (above - below) / 2;
            *(canonical(reader, column, middle) > limit ? &above : &below) = middle;
        }
        high = below;
    }
    bool usable =
        low <= high && inside(v, canonical(reader, column, low)) && inside(v, canonical(reader, column, high));
    reader->low = usable ? column->first + low : 1;
    reader->high = usable ? column->first + high : 0;
}

/* ---- readers --------------------------------------------------------------------------- */

/* `alike` reads the same cells, as all flags do; NULL: none. */
static void set_short_cells(hra_cell_reader *reader, const hra_cell_reader *alike)
{
    if (alike) {
        memcpy(reader->short_cell, alike->short_cell, sizeof reader->short_cell);
        return;
    }
    for (int c = 0; c < 128; c++) {
        char text = (char)c;
        hra_cell_value value = reader->levels ? hra_cell_category(reader->levels, &text, 1) : hra_cell_flag(&text, 1);
        bool known = value.kind == HRA_CELL_KNOWN && c != 0;
        reader->short_cell[c] = known ? (int16_t)value.value : -1;
    }
}

hra_code hra_cell_readers_new(hra_binding *binding, hra_error *error)
{
    const hra_schema *schema = &binding->schema;
    const hra_cell_reader *flag = NULL;
    binding->readers = hra_arena_alloc(binding->arena, sizeof *binding->readers * ((size_t)schema->column_count + 1));
    if (!binding->readers) return hra_out_of_memory(error);
    HRA_TRY(hra_phrase_book_new(schema->dictionary, &binding->phrases, error));
    for (int i = 0; i < schema->column_count; i++) {
        const hra_column *column = &schema->columns[i];
        hra_cell_reader *reader = &binding->readers[i];
        reader->variable = hra_dictionary_at(schema->dictionary, column->variable);
        reader->number = (hra_number_reader){.variable = reader->variable, .unit = column->unit};
        reader->factor = 1;
        reader->low = 1;
        memset(reader->short_cell, -1, sizeof reader->short_cell); /* look closer: a date has no quick cell */
        hra_type type = reader->variable->type;
        reader->is_number = type == HRA_TYPE_MEASURE || type == HRA_TYPE_COUNT;
        if (type == HRA_TYPE_CATEGORY && !(reader->levels = hra_cell_level_map(reader->variable)))
            return hra_out_of_memory(error);
        if (type == HRA_TYPE_CATEGORY || type == HRA_TYPE_FLAG) {
            set_short_cells(reader, type == HRA_TYPE_FLAG ? flag : NULL);
            if (type == HRA_TYPE_FLAG) flag = reader;
            continue;
        }
        if (type != HRA_TYPE_DATE &&
            !hra_variable_unit(reader->variable, column->unit, &reader->factor, &reader->offset))
            return hra_fail(error, HRA_EINTERNAL, "unit '%s' of %s", column->unit, reader->variable->name);
        set_window(reader, column);
    }
    return HRA_OK;
}

void hra_cell_readers_free(hra_binding *binding)
{
    for (int i = 0; binding->readers && i < binding->schema.column_count; i++) hra_map_free(binding->readers[i].levels);
    hra_phrase_book_free(binding->phrases);
}

/* ---- meanings given by a map file -------------------------------------------------------- */

hra_code hra_word_meaning(const hra_binding *binding, int column, const char *text, hra_cell_value *value,
                          hra_error *error)
{
    const hra_cell_reader *reader = &binding->readers[column];
    size_t length = strlen(text);
    if (strcmp(text, "missing") == 0) {
        *value = hra_cell_missing();
        return HRA_OK;
    }
    switch (reader->variable->type) {
    case HRA_TYPE_FLAG: *value = hra_cell_flag(text, length); break;
    case HRA_TYPE_CATEGORY: *value = hra_cell_category(reader->levels, text, length); break;
    case HRA_TYPE_DATE: *value = hra_cell_date(NULL, text, length); break;
    default: *value = hra_cell_number(&reader->number, text, length, false);
    }
    if (value->kind == HRA_CELL_KNOWN) return HRA_OK;
    return hra_fail(error, HRA_EINPUT, "'%s' is not a value of %s", text, reader->variable->name);
}
