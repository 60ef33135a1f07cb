#include "service/group/standard.h"

#include <math.h>
#include <string.h>

#include "service/tables/rule_table.h"

static int find_name(const char *const *names, int count, const char *name)
{
    for (int i = 0; i < count - 1; i++) /* the last one is unknown */
        if (strcmp(names[i], name) == 0) return i;
    return -1;
}

static hra_code read_row(const hra_rule_table *table, const hra_rule_row *row, const char *const *columns,
                         double *weights, hra_error *error)
{
    int sex = find_name(hra_summary_sex_names, HRA_SUMMARY_SEXES, row->cells[0]);
    int age = find_name(hra_summary_age_names, HRA_SUMMARY_AGES, row->cells[1]);
    double weight;
    if (sex < 0 || age < 0)
        return hra_fail(error, HRA_EINPUT,
                        "%s:%d: '%s', '%s': sexes are female and male; age bands under 30, 30-39, 40-49, 50-59, 60-69 "
                        "and 70 and over",
                        table->file, row->line, row->cells[0], row->cells[1]);
    HRA_TRY(hra_rule_number(table, row, columns, 2, NAN, &weight, error));
    double *cell = &weights[sex * HRA_SUMMARY_AGES + age];
    if (!(weight >= 0) || isinf(weight) || *cell != 0)
        return hra_fail(error, HRA_EINPUT, "%s:%d: a weight is a number of 0 or more, once for a sex and age band",
                        table->file, row->line);
    *cell = weight;
    return HRA_OK;
}

static hra_code load_file(const char *path, double *weights, hra_error *error)
{
    static const char *const columns[] = {"sex", "age_band", "weight"};
    hra_arena *arena = hra_arena_new();
    if (!arena) return hra_out_of_memory(error);
    hra_rule_table table = {0};
    double sum = 0;
    hra_code code = hra_rule_table_load(path, NULL, columns, 3, arena, &table, error);
    for (int i = 0; i < table.count && code == HRA_OK; i++)
        code = read_row(&table, &table.rows[i], columns, weights, error);
    for (int c = 0; c < HRA_SUMMARY_CELLS; c++) sum += weights[c];
    if (code == HRA_OK && !(sum > 0)) code = hra_fail(error, HRA_EINPUT, "%s: every weight is 0", path);
    hra_arena_free(arena);
    return code;
}

hra_code hra_standard_load(const char *path, const hra_group_summary *summary, double *weights, hra_error *error)
{
    for (int c = 0; c < HRA_SUMMARY_CELLS; c++) weights[c] = 0;
    if (path) return load_file(path, weights, error);
    for (int g = 0; g < hra_group_summary_count(summary); g++) {
        const hra_group *group = hra_group_summary_at(summary, g);
        for (int c = 0; c < HRA_SUMMARY_CELLS; c++) {
            bool placed = c / HRA_SUMMARY_AGES < HRA_SUMMARY_SEXES - 1 && c % HRA_SUMMARY_AGES < HRA_SUMMARY_AGES - 1;
            if (placed) weights[c] += hra_group_people(group, c);
        }
    }
    return HRA_OK;
}
