#include "cli/evaluation_only.h"

#include <string.h>

hra_code hra_only_parse(const char *option, hra_arena *arena, hra_only *out, hra_error *error)
{
    const char *equals = strchr(option, '=');
    if (!equals || equals == option || !equals[1])
        return hra_fail(error, HRA_EUSAGE, "--only: '%s' is not COLUMN=VALUE or COLUMN=VALUE,VALUE", option);
    int most = 1;
    for (const char *at = equals; *at; at++) most += *at == ',';
    char *rest = hra_arena_text(arena, equals + 1);
    const char **texts = hra_arena_alloc(arena, (size_t)most * sizeof *texts);
    *out = (hra_only){hra_arena_text_n(arena, option, (size_t)(equals - option)), texts, 0};
    if (!out->column || !rest || !texts) return hra_out_of_memory(error);
    for (char *text; (text = strsep(&rest, ",")) != NULL;) texts[out->count++] = text;
    return HRA_OK;
}

static bool is_one_of(const hra_only *only, const char *text)
{
    for (int i = 0; i < only->count; i++)
        if (strcmp(only->texts[i], text) == 0) return true;
    return false;
}

/* A text with a slip of the pen would leave people out without a word. */
static hra_code refuse_unknown(const hra_only *only, const hra_number_table *table, int column, hra_error *error)
{
    for (int i = 0; i < only->count; i++) {
        bool found = false;
        for (int32_t t = 0; t < hra_number_table_text_count(table, column) && !found; t++)
            found = strcmp(hra_number_table_text(table, column, t), only->texts[i]) == 0;
        if (!found)
            return hra_fail(error, HRA_EINPUT, "--only: no row has '%s' in column '%s'", only->texts[i], only->column);
    }
    return HRA_OK;
}

hra_code hra_only_find(const hra_only *only, const hra_number_table *table, int column, const int64_t *partner,
                       int64_t rows, hra_arena *arena, const bool **wanted, hra_error *error)
{
    int32_t count = hra_number_table_text_count(table, column);
    bool *listed = hra_arena_alloc(arena, (size_t)count + 1), *of_row = hra_arena_take(arena, (size_t)rows + 1);
    if (!listed || !of_row) return hra_out_of_memory(error);
    HRA_TRY(refuse_unknown(only, table, column, error));
    for (int32_t t = 0; t < count; t++) listed[t] = is_one_of(only, hra_number_table_text(table, column, t));
    const int32_t *texts = hra_number_table_texts(table, column);
    int64_t found = 0;
    for (int64_t r = 0; r < rows; r++) {
        int64_t from = partner ? partner[r] : r;
        of_row[r] = from >= 0 && listed[texts[from]];
        found += of_row[r];
    }
    *wanted = of_row;
    return found > 0
               ? HRA_OK
               : hra_fail(error, HRA_EINPUT, "--only: nobody with a risk has such a text in column '%s'", only->column);
}

static hra_code narrow(const bool *wanted, int64_t rows, const double **values, hra_arena *arena, hra_error *error)
{
    if (!*values) return HRA_OK;
    double *kept = hra_arena_take(arena, (size_t)(rows + 1) * sizeof *kept);
    if (!kept) return hra_out_of_memory(error);
    int64_t to = 0;
    for (int64_t r = 0; r < rows; r++)
        if (wanted[r]) kept[to++] = (*values)[r];
    *values = kept;
    return HRA_OK;
}

static hra_code narrow_groups(const bool *wanted, hra_study *study, hra_arena *arena, hra_error *error)
{
    if (!study->group) return HRA_OK;
    int32_t *kept = hra_arena_take(arena, (size_t)(study->rows + 1) * sizeof *kept);
    if (!kept) return hra_out_of_memory(error);
    int64_t to = 0;
    for (int64_t r = 0; r < study->rows; r++)
        if (wanted[r]) kept[to++] = study->group[r];
    study->group = kept;
    return HRA_OK;
}

hra_code hra_only_narrow(const bool *wanted, hra_study *study, hra_study_model *models, hra_arena *arena,
                         hra_error *error)
{
    int64_t rows = study->rows;
    HRA_TRY(narrow(wanted, rows, &study->event, arena, error));
    HRA_TRY(narrow(wanted, rows, &study->time, arena, error));
    HRA_TRY(narrow(wanted, rows, &study->weight, arena, error));
    for (int m = 0; m < study->model_count; m++) HRA_TRY(narrow(wanted, rows, &models[m].risk, arena, error));
    HRA_TRY(narrow_groups(wanted, study, arena, error));
    study->rows = 0;
    for (int64_t r = 0; r < rows; r++) study->rows += wanted[r];
    return HRA_OK;
}
