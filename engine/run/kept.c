#include "engine/run/kept.h"

#include <string.h>

bool hra_variable_is_kept(const hra_variable *variable)
{
    return variable->domain && strcmp(variable->domain, HRA_DOMAIN_KEPT) == 0;
}

int hra_kept_place(const hra_dictionary *dictionary, int variable)
{
    int place = 0;
    for (int i = 0; i <= variable; i++) place += hra_variable_is_kept(hra_dictionary_at(dictionary, i));
    return place;
}

void hra_kept_columns(const hra_schema *schema, bool *wanted)
{
    for (int i = 0; i < schema->column_count; i++)
        if (schema->dictionary &&
            hra_variable_is_kept(hra_dictionary_at(schema->dictionary, schema->columns[i].variable)))
            wanted[i] = true;
}

void hra_kept_values(const hra_schema *schema, const hra_chunk *chunk, int column, double *out)
{
    const hra_column *c = &schema->columns[column];
    const hra_codes *codes = &chunk->columns[column];
    for (int r = 0; r < chunk->rows; r++) out[r] = hra_column_value(c, hra_code_at(codes, r));
    for (int i = 0; i < chunk->exception_count; i++)
        if (chunk->exceptions[i].column == column) out[chunk->exceptions[i].row] = chunk->exceptions[i].value;
}
