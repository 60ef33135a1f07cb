/* The formats of columns, and which of them a variable can be read from. */
#include "api/arrow_column.h"

#include <string.h>

#include "base/fail.h"
#include "io/words/cell_value.h"

static const struct {
    const char *format;
    hra_arrow_kind kind;
} formats[] = {
    {"n", HRA_ARROW_NULL},     {"b", HRA_ARROW_BOOL},   {"c", HRA_ARROW_INT8},       {"C", HRA_ARROW_UINT8},
    {"s", HRA_ARROW_INT16},    {"S", HRA_ARROW_UINT16}, {"i", HRA_ARROW_INT32},      {"I", HRA_ARROW_UINT32},
    {"l", HRA_ARROW_INT64},    {"L", HRA_ARROW_UINT64}, {"f", HRA_ARROW_FLOAT32},    {"g", HRA_ARROW_FLOAT64},
    {"tdD", HRA_ARROW_DATE32}, {"u", HRA_ARROW_UTF8},   {"U", HRA_ARROW_LARGE_UTF8}, {"vu", HRA_ARROW_UTF8_VIEW},
};

static bool find_kind(const char *format, hra_arrow_kind *kind)
{
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        if (strcmp(formats[i].format, format) != 0) continue;
        *kind = formats[i].kind;
        return true;
    }
    return false;
}

static bool is_whole(hra_arrow_kind kind) { return kind >= HRA_ARROW_INT8 && kind <= HRA_ARROW_UINT64; }
static bool is_number(hra_arrow_kind kind) { return kind >= HRA_ARROW_INT8 && kind <= HRA_ARROW_FLOAT64; }
static bool is_text(hra_arrow_kind kind) { return kind >= HRA_ARROW_UTF8; }

/* How the values come, an index counting as the texts it stands for. */
static bool suits(hra_type type, hra_arrow_kind kind)
{
    if (kind == HRA_ARROW_NULL || is_number(kind)) return true;
    switch (type) {
    case HRA_TYPE_FLAG: return kind == HRA_ARROW_BOOL || is_text(kind);
    case HRA_TYPE_CATEGORY: return is_text(kind);
    case HRA_TYPE_DATE: return kind == HRA_ARROW_DATE32;
    default: return false;
    }
}

static const char *what_suits(hra_type type)
{
    switch (type) {
    case HRA_TYPE_FLAG: return "a flag is bool, a number 0 or 1, or text";
    case HRA_TYPE_CATEGORY: return "a category is text, a dictionary of texts, or a number, its code";
    case HRA_TYPE_DATE: return "a date is date32, or a number of days since 1970-01-01";
    default: return "a number is float64, float32 or a whole number of 8 to 64 bits";
    }
}

hra_code hra_arrow_column_bind(const struct ArrowSchema *schema, const hra_variable *variable, hra_arrow_column *out,
                               hra_error *error)
{
    const struct ArrowSchema *dictionary = schema->dictionary;
    *out = (hra_arrow_column){.name = schema->name, .variable = variable, .has_dictionary = dictionary != NULL};
    bool known = schema->format && find_kind(schema->format, &out->kind);
    if (known && dictionary)
        known = is_whole(out->kind) && dictionary->format && find_kind(dictionary->format, &out->texts) &&
                is_text(out->texts);
    hra_arrow_kind kind = dictionary ? out->texts : out->kind;
    if (!known || !suits(variable->type, kind))
        return hra_fail(error, HRA_EUSAGE, "column '%s' has the Arrow format '%s'%s%s%s, which it is not read from: %s",
                        schema->name, schema->format ? schema->format : "", dictionary ? " with a dictionary of '" : "",
                        dictionary && dictionary->format ? dictionary->format : "", dictionary ? "'" : "",
                        what_suits(variable->type));
    if (variable->type != HRA_TYPE_CATEGORY || !is_text(kind)) return HRA_OK;
    out->levels = hra_cell_level_map(variable);
    return out->levels ? HRA_OK : hra_out_of_memory(error);
}
