#include "service/exam_days.h"

#include <stdlib.h>

#include "engine/run/column.h"
#include "io/population_store.h"
#include "io/result_reader.h"

static void take_chunk(const hra_source *source, int column, const hra_chunk *chunk, int32_t *days)
{
    const hra_codes *codes = &chunk->columns[column];
    for (int i = 0; i < chunk->rows; i++) {
        uint32_t code = codes->u16 ? codes->u16[i] : codes->u32 ? codes->u32[i] : codes->constant;
        double day = hra_column_value(&source->schema->columns[column], code);
        if (!isnan(day)) days[chunk->first_row + i] = (int32_t)day;
    }
}

static hra_code check_people(const char *population, const hra_key_index *index, const hra_chunk *chunk,
                             hra_error *error)
{
    for (int i = 0; i < chunk->rows; i++) {
        uint64_t key[2];
        int64_t row;
        if (!chunk->keys || !hra_person_key_read(chunk->keys[i], key) || !hra_key_index_find(index, key, &row) ||
            row != chunk->first_row + i)
            return hra_fail(error, HRA_ECONFLICT, "row %lld of %s is not the person of the results",
                            (long long)chunk->first_row + i + 1, population);
    }
    return HRA_OK;
}

static hra_code read_chunks(hra_source *source, const char *population, const hra_key_index *index, int column,
                            int32_t *days, hra_error *error)
{
    for (;;) {
        int64_t sequence;
        void *ticket;
        hra_chunk chunk = {.first_row = -1};
        HRA_TRY(source->claim(source, &sequence, &ticket, error));
        if (sequence < 0) return HRA_OK;
        chunk.sequence = sequence;
        HRA_TRY(source->fill(source, sequence, ticket, &chunk, error));
        hra_code code = check_people(population, index, &chunk, error);
        if (!code) take_chunk(source, column, &chunk, days);
        source->release(source, &chunk);
        if (code) return code;
    }
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
    hra_code code = wanted ? HRA_OK : hra_fail(error, HRA_ENOMEM, "out of memory");
    if (!code && column >= 0) {
        wanted[column] = *known = true;
        source->wanted = wanted;
        source->want_keys = true;
        code = read_chunks(source, population, index, column, days, error);
    }
    source->close(source);
    free(wanted);
    return code;
}
