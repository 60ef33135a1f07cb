/* Binding one column: its variable, what is read from its cells. */
#include <string.h>
#include <stdio.h>

#include "io/csv/csv_bind_internal.h"
#include "io/words/text_fold.h"

const hra_variable *hra_bind_variable_at(const hra_binder *b, int variable)
{
    return hra_dictionary_at(b->binding->schema.dictionary, variable);
}

hra_code hra_find_variable(const hra_binding *binding, const char *name, const char *where, int line, int *variable,
                           hra_error *error)
{
    *variable = hra_dictionary_find(binding->schema.dictionary, name);
    if (*variable >= 0) return HRA_OK;
    hra_header_match match;
    if (!hra_header_find_name(binding->names, name, binding->arena, &match)) return hra_out_of_memory(error);
    *variable = match.variable;
    if (*variable >= 0) return HRA_OK;
    if (line > 0) return hra_fail(error, HRA_EINPUT, "%s:%d: there is no variable '%s'", where, line, name);
    return hra_fail(error, HRA_EUSAGE,
                    "%s: there is no variable '%s'; it takes names of variables. The unit of a column that has another "
                    "name stands in a map file: %s = VARIABLE [UNIT]",
                    where, name, name);
}

/* ---- binding a column ------------------------------------------------------------------ */

bool hra_is_value(hra_type type)
{
    return type == HRA_TYPE_MEASURE || type == HRA_TYPE_COUNT || type == HRA_TYPE_FLAG || type == HRA_TYPE_CATEGORY ||
           type == HRA_TYPE_DATE;
}

hra_code hra_bind_own(hra_binder *b, int variable, const char *header)
{
    const char **owner = &b->owners[variable];
    if (*owner)
        return hra_fail(b->error, HRA_EINPUT,
                        "%s: columns '%s' and '%s' are both %s; in a map file, ignore one or "
                        "combine them with mean(...) or first_known(...)",
                        b->plan->name, *owner, header, hra_bind_variable_at(b, variable)->name);
    *owner = header;
    return HRA_OK;
}

hra_code hra_bind_value(hra_binder *b, int index, int variable, const hra_map_rule *rule, const char *how)
{
    hra_source_column *column = &b->plan->columns[index];
    const hra_variable *v = hra_bind_variable_at(b, variable);
    const char *unit = NULL;
    if (v->type == HRA_TYPE_MEASURE || v->type == HRA_TYPE_COUNT)
        HRA_TRY(hra_bind_unit(b, variable, rule, column->header, &unit));
    else if (rule && rule->unit)
        return hra_fail(b->error, HRA_EINPUT, "%s:%d: %s has no unit", b->map->path, rule->line, v->name);
    HRA_TRY(hra_schema_column(b->binding, variable, unit, &column->column, b->error));
    column->action = HRA_READ;
    b->plan->matches[index].variable = variable;
    b->plan->matches[index].unit = b->binding->schema.columns[column->column].unit;
    b->plan->matches[index].how = how;
    return HRA_OK;
}

hra_code hra_bind_pair(hra_binder *b, int index, int first, int second, const char *how)
{
    hra_source_column *column = &b->plan->columns[index];
    HRA_TRY(hra_bind_own(b, first, column->header));
    HRA_TRY(hra_bind_own(b, second, column->header));
    HRA_TRY(hra_schema_column(b->binding, first, NULL, &column->column, b->error));
    HRA_TRY(hra_schema_column(b->binding, second, NULL, &column->second, b->error));
    column->action = HRA_READ_PAIR;
    b->plan->matches[index].variable = first;
    b->plan->matches[index].unit = hra_bind_variable_at(b, first)->unit;
    b->plan->matches[index].how = how;
    return HRA_OK;
}

hra_code hra_bind_id(hra_binder *b, int index, int variable, const char *how)
{
    if (b->plan->id >= 0)
        return hra_fail(b->error, HRA_EINPUT,
                        "%s: columns '%s' and '%s' are both identifiers; say which one counts in a "
                        "map file: id = COLUMN",
                        b->plan->name, b->plan->columns[b->plan->id].header, b->plan->columns[index].header);
    b->plan->id = index;
    b->plan->columns[index].action = HRA_READ_ID;
    b->plan->matches[index].variable = variable;
    b->plan->matches[index].how = how;
    return HRA_OK;
}

/* An identity number: its dictionary note says "gives A and B", a birth date and a sex. False for other texts. */
static bool is_national(const hra_binder *b, const hra_variable *v, int *birth, int *sex)
{
    char first[64], second[64];
    if (!v->note || sscanf(v->note, "gives %63s and %63s", first, second) != 2) return false;
    *birth = hra_dictionary_find(b->binding->schema.dictionary, first);
    *sex = hra_dictionary_find(b->binding->schema.dictionary, second);
    return *birth >= 0 && *sex >= 0;
}

hra_code hra_bind_national(hra_binder *b)
{
    int birth, sex;
    hra_file_plan *plan = b->plan;
    for (int i = 0; i < plan->width && plan->national < 0; i++) {
        hra_header_match match;
        hra_action action = plan->columns[i].action;
        if (action != HRA_READ_ID && action != HRA_READ_NATIONAL) continue;
        if (!hra_header_find_name(b->binding->names, plan->columns[i].header, b->binding->arena, &match))
            return hra_out_of_memory(b->error);
        if (match.variable < 0 || !is_national(b, hra_bind_variable_at(b, match.variable), &birth, &sex)) continue;
        plan->national = i;
        plan->own_birth = b->owners[birth] != NULL;
        plan->own_sex = b->owners[sex] != NULL;
        HRA_TRY(hra_schema_column(b->binding, birth, NULL, &plan->national_birth, b->error));
        HRA_TRY(hra_schema_column(b->binding, sex, NULL, &plan->national_sex, b->error));
    }
    return HRA_OK;
}

bool hra_pair_parts(const hra_dictionary *dictionary, const hra_variable *v, int *first, int *second)
{
    char a[64], b[64];
    if (!v->note || sscanf(v->note, "split into %63s and %63s", a, b) != 2) return false;
    *first = hra_dictionary_find(dictionary, a);
    *second = hra_dictionary_find(dictionary, b);
    return *first >= 0 && *second >= 0;
}

/* A pair is two numbers; other text is left out. */
static hra_code bind_text(hra_binder *b, int index, const hra_variable *v, const char *how)
{
    int first, second;
    if (hra_pair_parts(b->binding->schema.dictionary, v, &first, &second))
        return hra_bind_pair(b, index, first, second, how);
    int birth, sex;
    if (is_national(b, v, &birth, &sex)) {
        b->plan->matches[index].how = "birth date and sex are read from it, the number is not kept";
        b->plan->columns[index].action = HRA_READ_NATIONAL;
        b->plan->columns[index].column = hra_dictionary_find(b->binding->schema.dictionary, v->name);
        return HRA_OK;
    }
    b->plan->matches[index].how = "ignored: text never enters hra";
    if (!b->binding->key_map) return HRA_OK;
    b->plan->matches[index].how = "ignored: text goes into the key map alone";
    b->plan->columns[index].action = HRA_READ_PRIVATE;
    b->plan->columns[index].column = hra_dictionary_find(b->binding->schema.dictionary, v->name);
    return HRA_OK;
}

hra_code hra_bind_variable(hra_binder *b, int index, int variable, const hra_map_rule *rule, const char *how)
{
    const hra_variable *v = hra_bind_variable_at(b, variable);
    hra_source_column *column = &b->plan->columns[index];
    if (v->type == HRA_TYPE_ID) return hra_bind_id(b, index, variable, how);
    if (v->type == HRA_TYPE_TEXT) return bind_text(b, index, v, how);
    HRA_TRY(hra_bind_own(b, variable, column->header));
    if (v->type != HRA_TYPE_LABEL) return hra_bind_value(b, index, variable, rule, how);
    HRA_TRY(hra_schema_label(b->binding, variable, &column->column, b->error));
    column->action = HRA_READ_LABEL;
    b->plan->matches[index].variable = variable;
    b->plan->matches[index].how = how;
    return HRA_OK;
}
