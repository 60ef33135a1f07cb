#include "io/csv/csv_row_day.h"

int hra_row_day_column(const hra_binding *binding)
{
    int day = hra_dictionary_find(binding->schema.dictionary, "exam_date");
    return day < 0 ? -1 : hra_schema_find(&binding->schema, day, NULL);
}

static uint32_t number_of(const hra_variable *variable, double days)
{
    enum { FIRST = -25567, MOST = (1 << HRA_DAY_BITS) - 1 }; /* from 1900 on */
    if (days < variable->hard_min || days > variable->hard_max || days < FIRST) return 0;
    return days - FIRST + 1 > MOST ? MOST : (uint32_t)(days - FIRST + 1);
}

uint32_t hra_row_day(const hra_binding *binding, const hra_file_plan *plan, int column, const char *text,
                     const hra_record *record, hra_buffer *scratch)
{
    hra_cells cells = hra_cells_begin(text, record->length, plan->delimiter, scratch);
    if (column < 0 || !plan->bound[column]) return 0;
    if (record->quoted) hra_buffer_clear(scratch);
    for (int i = 0; i < plan->width && !cells.done; i++) {
        const hra_source_column *source = &plan->columns[i];
        hra_cell_text cell = record->quoted ? hra_cells_next(&cells) : hra_cells_next_plain(&cells);
        if (source->action != HRA_READ || source->column != column) continue;
        hra_cell_value value = hra_source_column_read(binding, source, cell, plan->delimiter);
        if (value.kind == HRA_CELL_KNOWN) return number_of(binding->readers[column].variable, value.value);
    }
    return 0;
}
