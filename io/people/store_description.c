/* What a store says of its variables and labels. */
#include "io/people/store_description.h"

#include "engine/run/kept.h"
#include "io/people/store_layout.h"

static hra_code put_levels(const hra_series *series, const hra_column *column, const hra_variable *variable,
                           hra_arena *arena, hra_error *error)
{
    hid_t dataset = series->dataset;
    bool flag = variable->type == HRA_TYPE_FLAG;
    int count = flag ? 2 : variable->level_count;
    int64_t *values = hra_arena_alloc(arena, (size_t)count * sizeof *values + 1);
    const char *meanings = flag ? "false true" : "";
    if (!values || !meanings) return hra_out_of_memory(error);
    for (int i = 0; i < count; i++) {
        values[i] = column->first + i;
        if (!flag) meanings = hra_arena_printf(arena, "%s%s%s", meanings, i ? " " : "", variable->levels[i].name);
        if (!meanings) return hra_out_of_memory(error);
    }
    HRA_TRY(hra_h5_put_ints(dataset, "flag_values", hra_h5_stored_type(series->width), values, count, error));
    return hra_h5_put_text(dataset, "flag_meanings", meanings, error);
}

/* CF attributes, for everyone, and our own, which say exactly how codes become values. */
static hra_code put_attributes(const hra_series *series, const hra_column *column, const hra_variable *variable,
                               hra_arena *arena, hra_error *error)
{
    hid_t dataset = series->dataset;
    bool number = variable->type == HRA_TYPE_MEASURE || variable->type == HRA_TYPE_COUNT;
    const char *unit = column->unit && *column->unit ? column->unit : variable->unit;
    if (variable->type == HRA_TYPE_DATE) unit = HRA_STORE_DATE_UNITS;
    if (number || variable->type == HRA_TYPE_DATE) HRA_TRY(hra_h5_put_text(dataset, "units", unit, error));
    if (number) {
        HRA_TRY(hra_h5_put_real(dataset, "scale_factor", 1.0 / hra_pow10(column->decimals), error));
        HRA_TRY(hra_h5_put_real(dataset, "add_offset", 0.0, error));
    } else if (variable->type != HRA_TYPE_DATE) {
        HRA_TRY(put_levels(series, column, variable, arena, error));
    }
    HRA_TRY(hra_h5_put_text(dataset, "long_name", variable->label_en, error));
    if (variable->label_zh) HRA_TRY(hra_h5_put_text(dataset, "long_name_zh", variable->label_zh, error));
    HRA_TRY(hra_h5_put_int(dataset, "decimals", column->decimals, error));
    HRA_TRY(hra_h5_put_int(dataset, "first", column->first, error));
    HRA_TRY(hra_h5_put_int(dataset, "levels", column->levels, error));
    return hra_h5_put_int(dataset, "escape_value", hra_store_escape(column), error);
}

/* A column that is kept says so, and where it stands among those. */
static hra_code put_kept(hid_t dataset, const hra_dictionary *dictionary, int variable, hra_error *error)
{
    if (!hra_variable_is_kept(hra_dictionary_at(dictionary, variable))) return HRA_OK;
    return hra_h5_put_int(dataset, HRA_DOMAIN_KEPT, hra_kept_place(dictionary, variable), error);
}

hra_code hra_store_describe_column(const hra_series *series, const hra_column *column, const hra_dictionary *dictionary,
                                   hra_arena *arena, hra_error *error)
{
    HRA_TRY(put_attributes(series, column, hra_dictionary_at(dictionary, column->variable), arena, error));
    return put_kept(series->dataset, dictionary, column->variable, error);
}

hra_code hra_store_describe_label(const hra_series *series, const hra_dictionary *dictionary, int variable,
                                  hra_error *error)
{
    HRA_TRY(hra_h5_put_text(series->dataset, "long_name", hra_dictionary_at(dictionary, variable)->label_en, error));
    return put_kept(series->dataset, dictionary, variable, error);
}
