#include "service/tables/exam_days.h"

#include <stdlib.h>

#include "engine/run/source_walk.h"
#include "io/people/population_store.h"
#include "io/results/result_reader.h"

typedef struct reading {
    const hra_column *column;
    int at; /* the column's place in a chunk */
    const char *population;
    const hra_key_index *index;
    int32_t *days;
} reading;

static void take_chunk(const reading *r, const hra_chunk *chunk)
{
    for (int i = 0; i < chunk->rows; i++) {
        double day = hra_column_value(r->column, hra_code_at(&chunk->columns[r->at], i));
        if (!isnan(day)) r->days[chunk->first_row + i] = (int32_t)day;
    }
}

static hra_code check_people(const reading *r, const hra_chunk *chunk, hra_error *error)
{
    for (int i = 0; i < chunk->rows; i++) {
        uint64_t key[2];
        int64_t row;
        if (!chunk->keys || !hra_person_key_read(chunk->keys[i], key) || !hra_key_index_find(r->index, key, &row) ||
            row != chunk->first_row + i)
            return hra_fail(error, HRA_ECONFLICT, "row %lld of %s is not the person of the results",
                            (long long)chunk->first_row + i + 1, r->population);
    }
    return HRA_OK;
}

static hra_code read_chunk(void *user, const hra_chunk *chunk, hra_error *error)
{
    const reading *r = user;
    HRA_TRY(check_people(r, chunk, error));
    take_chunk(r, chunk);
    return HRA_OK;
}

hra_code hra_exam_days_read(const char *population, const hra_dictionary *dictionary, const hra_key_index *index,
                            int64_t rows, int32_t *days, bool *known, hra_error *error)
{
    hra_source *source = NULL;
    int variable = hra_dictionary_find(dictionary, "exam_date");
    for (int64_t i = 0; i < rows; i++) days[i] = HRA_NO_DAY;
    *known = false;
    HRA_TRY(hra_store_open(population, dictionary, &source, error));
    int column = variable < 0 ? -1 : hra_schema_find(source->schema, variable, NULL);
    bool *wanted = calloc((size_t)source->schema->column_count + 1, sizeof *wanted);
    hra_code code = wanted ? HRA_OK : hra_out_of_memory(error);
    if (!code && column >= 0) {
        wanted[column] = *known = true;
        source->wanted = wanted;
        source->want_keys = true;
        reading r = {&source->schema->columns[column], column, population, index, days};
        code = hra_source_walk(source, read_chunk, &r, error);
    }
    source->close(source);
    free(wanted);
    return code;
}
