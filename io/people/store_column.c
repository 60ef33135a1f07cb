/* What the attributes of a column say: unit, scale, levels, the number that means missing. */
#include "io/people/store_column.h"

#include <string.h>

#include "io/people/store_layout.h"

enum { MAX_LEVEL_SPAN = 1 << 16 };

/* The canonical unit, or one of the dictionary's other units. */
static hra_code read_unit(const hra_store_column *c, const hra_store_object *dataset, const hra_variable *variable,
                          bool named_unit, hra_arena *arena, const char **unit, hra_error *error)
{
    const char *text = hra_object_text(dataset, "units", arena);
    *unit = NULL;
    if (c->type == HRA_TYPE_DATE) {
        size_t length = strlen(HRA_STORE_DATE_UNITS);
        if (!text || strncmp(text, HRA_STORE_DATE_UNITS, length) == 0) return HRA_OK;
        return hra_fail(error, HRA_EINPUT, "%s: dates must be stored as '" HRA_STORE_DATE_UNITS "', not '%s'",
                        c->data->name, text);
    }
    if (c->type != HRA_TYPE_MEASURE && c->type != HRA_TYPE_COUNT) return HRA_OK;
    if (!text && named_unit) return hra_fail(error, HRA_EINPUT, "%s: the attribute units is missing", c->data->name);
    if (!text || !*text) return HRA_OK;
    double factor, offset;
    if (!hra_variable_unit(variable, text, &factor, &offset))
        return hra_fail(error, HRA_EINPUT, "%s: the unit '%s' does not fit %s, which is in '%s'", c->data->name, text,
                        variable->name, variable->unit);
    if (factor != 1.0 || offset != 0.0) *unit = text;
    return HRA_OK;
}

/* The decimals d for which the scale is 10^-d, written as a double or a float; -1 if there is none. */
static int decimals_of_scale(double scale)
{
    for (int d = 0; d <= 9; d++) {
        double power = 1.0 / hra_pow10(d);
        if (scale == power || scale == (double)(float)power) return d;
    }
    return -1;
}

/* Our own attributes, if all are there and fit each other. */
static bool read_own_layout(const hra_store_object *dataset, hra_column *column)
{
    int64_t decimals, first, levels, escape;
    if (!hra_object_int(dataset, "decimals", &decimals) || !hra_object_int(dataset, "first", &first) ||
        !hra_object_int(dataset, "levels", &levels) || !hra_object_int(dataset, "escape_value", &escape))
        return false;
    int64_t limit = (int64_t)1 << 52;
    if (decimals < 0 || decimals > 9 || levels < 1 || levels > UINT32_MAX - 2 || first < -limit || first > limit)
        return false;
    column->decimals = (int)decimals;
    column->first = first;
    column->levels = (uint32_t)levels;
    return escape == hra_store_escape(column);
}

static void read_missing(hra_store_column *c, const hra_store_object *dataset)
{
    if (c->data->element == HRA_ELEMENT_DOUBLE)
        c->has_missing = hra_object_real(dataset, "_FillValue", &c->missing_real);
    else
        c->has_missing = hra_object_int(dataset, "_FillValue", &c->missing);
}

static hra_code read_scale(hra_store_column *c, const hra_store_object *dataset, hra_error *error)
{
    c->scale = 1;
    c->offset = 0;
    hra_object_real(dataset, "scale_factor", &c->scale);
    hra_object_real(dataset, "add_offset", &c->offset);
    if (!isfinite(c->scale) || c->scale == 0 || !isfinite(c->offset))
        return hra_fail(error, HRA_EINPUT, "%s: scale_factor or add_offset is not a usable number", c->data->name);
    int decimals = c->offset == 0 ? decimals_of_scale(c->scale) : -1;
    if (decimals >= 0) c->divisor = hra_pow10(decimals);
    bool whole = c->data->element != HRA_ELEMENT_DOUBLE;
    c->meaning = whole && decimals == c->column.decimals ? HRA_MEANS_GRID : HRA_MEANS_NUMBER;
    return HRA_OK;
}

/* flag_values and flag_meanings say which level each stored integer is. */
static hra_code read_levels(hra_store_column *c, const hra_store_object *dataset, const hra_variable *variable,
                            hra_arena *arena, hra_error *error)
{
    const int64_t *values;
    int count;
    const char *meanings = hra_object_text(dataset, "flag_meanings", arena);
    HRA_TRY(hra_object_ints(dataset, "flag_values", arena, &values, &count));
    if (!meanings || count == 0 || c->data->element == HRA_ELEMENT_DOUBLE)
        return hra_fail(error, HRA_EINPUT,
                        "%s: a category needs whole numbers with the attributes flag_values and flag_meanings",
                        c->data->name);
    int64_t low = values[0], high = values[0];
    for (int i = 1; i < count; i++) {
        if (values[i] < low) low = values[i];
        if (values[i] > high) high = values[i];
    }
    if ((uint64_t)high - (uint64_t)low >= MAX_LEVEL_SPAN)
        return hra_fail(error, HRA_EINPUT, "%s: the flag_values are too far apart", c->data->name);
    int32_t *levels = hra_arena_alloc(arena, (size_t)(high - low + 1) * sizeof *levels);
    if (!levels) return hra_out_of_memory(error);
    for (int64_t v = low; v <= high; v++) levels[v - low] = -1;
    const char *at = meanings;
    for (int i = 0; i < count; i++) {
        at += strspn(at, " ");
        size_t length = strcspn(at, " ");
        char *name = hra_arena_text_n(arena, at, length);
        if (!name) return hra_out_of_memory(error);
        if (length == 0) return hra_fail(error, HRA_EINPUT, "%s: fewer flag_meanings than flag_values", c->data->name);
        levels[values[i] - low] = hra_variable_level(variable, name);
        at += length;
    }
    c->meaning = HRA_MEANS_LEVEL;
    c->level_low = low;
    c->level_count = (int)(high - low + 1);
    c->levels = levels;
    return HRA_OK;
}

/* A category whose table is the dictionary's own is a plain grid, and has the fast path. */
static void simplify_levels(hra_store_column *c)
{
    if (c->level_low != 0 || c->level_count != (int)c->column.levels) return;
    for (int i = 0; i < c->level_count; i++)
        if (c->levels[i] != i) return;
    c->meaning = HRA_MEANS_GRID;
}

static hra_code describe(hra_store_column *c, const hra_store_object *dataset, bool named_unit, int index,
                         const hra_dictionary *dictionary, hra_arena *arena, hra_error *error)
{
    const hra_variable *variable = hra_dictionary_at(dictionary, index);
    const char *unit;
    if (c->data->element == HRA_ELEMENT_TEXT || (c->data->element == HRA_ELEMENT_UNSIGNED && c->data->width == 8))
        return hra_fail(error, HRA_EINPUT, "%s holds neither integers of up to 64 bits nor floating-point numbers",
                        c->data->name);
    HRA_TRY(read_unit(c, dataset, variable, named_unit, arena, &unit, error));
    HRA_TRY(hra_column_for(dictionary, index, unit, &c->column, error));
    c->column.unit = unit ? unit : variable->unit;
    read_missing(c, dataset);
    if (variable->type == HRA_TYPE_CATEGORY) {
        HRA_TRY(read_levels(c, dataset, variable, arena, error));
        simplify_levels(c);
        return HRA_OK;
    }
    hra_column own = c->column;
    bool is_number = variable->type != HRA_TYPE_FLAG;
    if (is_number && c->data->element == HRA_ELEMENT_SIGNED && read_own_layout(dataset, &own)) {
        c->column = own;
        c->has_escape = true;
    }
    HRA_TRY(read_scale(c, dataset, error));
    if (c->has_escape && c->meaning != HRA_MEANS_GRID)
        return hra_fail(error, HRA_EINPUT, "%s: decimals and scale_factor contradict each other", c->data->name);
    return HRA_OK;
}

hra_code hra_store_column_open(hra_store_object *dataset, const char *path, const char *name, int file,
                               uint64_t file_size, const hra_dictionary *dictionary, hra_arena *arena,
                               hra_store_column *out, hra_error *error)
{
    *out = (hra_store_column){0};
    const char *full_name = hra_arena_printf(arena, "%s: /variables/%s", path, name);
    const char *variable = hra_arena_text_n(arena, name, strcspn(name, "@"));
    if (!full_name || !variable) {
        hra_object_close(dataset);
        return hra_out_of_memory(error);
    }
    hra_store_object open = *dataset;
    HRA_TRY(hra_object_rows(dataset, full_name, file, file_size, arena, &out->data, error));
    int index = hra_dictionary_find(dictionary, variable);
    out->type = hra_dictionary_at(dictionary, index)->type;
    if (!open.said) open.id = hra_packed_id(out->data);
    hra_code code = describe(out, &open, strchr(name, '@') != NULL, index, dictionary, arena, error);
    if (code) hra_packed_close(out->data);
    return code;
}
