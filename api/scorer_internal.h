/* What the files of the public API share. */
#ifndef HRA_API_SCORER_INTERNAL_H
#define HRA_API_SCORER_INTERNAL_H

#include "api/arrow_column.h"
#include "api/words.h"
#include "base/arena.h"
#include "engine/language/plan.h"
#include "engine/run/runner.h"
#include "hra/hra.h"

struct hra_engine {
    hra_library *library;
    const char **models;
    int model_count;
};

struct hra_scorer {
    const hra_engine *engine;
    hra_arena *arena;
    hra_schema schema;
    hra_plan *plan;
    hra_program *program;
    const hra_output *outputs;
    int output_count;
    const char **status_names; /* by output */
    /* opened for tables; NULL and 0: for columns of doubles alone */
    hra_arrow_column *arrow; /* by column of the schema */
    hra_words *status_words;
    hra_words **level_words; /* by output, NULL: no category */
};

/* The options of `hra score` in one text. Texts of the request stand in the arena. */
hra_code hra_request_read(const char *text, hra_arena *arena, hra_plan_request *request, hra_error *error);

/* A scorer for these columns, without anything of Arrow. */
hra_code hra_scorer_compile(const hra_engine *engine, const hra_plan_request *request, hra_arena *arena,
                            const char *const *columns, int column_count, hra_scorer **out, hra_error *error);

/* The values of `rows` rows of a column from `first` on, as the public API has them in doubles; infinite where there is
 * no such value. */
typedef struct hra_value_reader hra_value_reader;
struct hra_value_reader {
    void (*read)(const hra_value_reader *reader, int column, size_t first, int rows, double *values);
};

hra_code hra_scorer_score(const hra_scorer *scorer, size_t rows, const hra_value_reader *reader, hra_sink *sink,
                          int threads, hra_error *error);

#endif
