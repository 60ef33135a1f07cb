#include "io/csv_binding.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/csv_bind_file.h"
#include "io/text_fold.h"

static hra_code out_of_memory(hra_error *error) { return hra_fail(error, HRA_ENOMEM, "out of memory"); }

/* A name in the map that no file has is a slip of the pen, not a wish. */
static hra_code check_map_used(const hra_map_file *map, const bool *rule_used, const bool *word_used, hra_error *error)
{
    for (int r = 0; r < map->rule_count; r++)
        if (!rule_used[r] && map->rules[r].kind != HRA_MAP_IGNORE)
            return hra_fail(error, HRA_EINPUT, "%s:%d: there is no column '%s' in the input", map->path,
                            map->rules[r].line, map->rules[r].columns[0]);
    for (int w = 0; w < map->word_count; w++)
        if (!word_used[w])
            return hra_fail(error, HRA_EINPUT, "%s:%d: there is no column '%s' in the input", map->path,
                            map->words[w].line, map->words[w].column);
    return HRA_OK;
}

static hra_code add_constant_columns(hra_binding *binding, const hra_csv_options *options, hra_error *error)
{
    const hra_map_file *map = binding->map;
    int unused;
    for (int c = 0; c < map->constant_count; c++) {
        int variable;
        HRA_TRY(hra_find_variable(binding, map->constants[c].variable, map->path, map->constants[c].line, &variable,
                                  error));
        const hra_variable *v = hra_dictionary_at(binding->schema.dictionary, variable);
        if (v->type == HRA_TYPE_LABEL)
            HRA_TRY(hra_schema_label(binding, variable, &unused, error));
        else if (hra_is_value(v->type))
            HRA_TRY(hra_schema_column(binding, variable, NULL, &unused, error));
        else
            return hra_fail(error, HRA_EINPUT, "%s:%d: %s never enters hra", map->path, map->constants[c].line,
                            v->name);
    }
    int group = hra_dictionary_find(binding->schema.dictionary, "group_id");
    if ((options->group || options->group_from_file) && group >= 0)
        HRA_TRY(hra_schema_label(binding, group, &unused, error));
    return HRA_OK;
}

static hra_code set_constants(hra_binding *binding, const hra_csv_options *options, hra_error *error)
{
    const hra_map_file *map = binding->map;
    hra_schema *schema = &binding->schema;
    binding->constants = hra_arena_alloc(binding->arena, sizeof(double) * ((size_t)schema->column_count + 1));
    binding->constant_labels = hra_arena_alloc(binding->arena, sizeof(char *) * ((size_t)schema->label_count + 1));
    if (!binding->constants || !binding->constant_labels) return out_of_memory(error);
    for (int i = 0; i < schema->column_count; i++) binding->constants[i] = NAN;
    int group = hra_dictionary_find(schema->dictionary, "group_id");
    binding->group_label = -1;
    for (int i = 0; i < schema->label_count; i++) {
        if (schema->labels[i] != group) continue;
        binding->constant_labels[i] = options->group;
        if (!options->group && options->group_from_file) binding->group_label = i;
    }
    for (int c = 0; c < map->constant_count; c++) {
        const hra_map_constant *constant = &map->constants[c];
        int variable;
        HRA_TRY(hra_find_variable(binding, constant->variable, map->path, constant->line, &variable, error));
        for (int i = 0; i < schema->label_count; i++)
            if (schema->labels[i] == variable) {
                binding->constant_labels[i] = constant->value;
                if (i == binding->group_label) binding->group_label = -1;
            }
        int column = hra_schema_find(schema, variable, hra_dictionary_at(schema->dictionary, variable)->unit);
        hra_cell_value value;
        if (column < 0) continue;
        HRA_TRY(hra_word_meaning(binding, column, constant->value, &value, error));
        binding->constants[column] = value.kind == HRA_CELL_KNOWN ? value.value : NAN;
        if (hra_column_code(&schema->columns[column], binding->constants[column]) ==
            hra_column_escape(&schema->columns[column]))
            return hra_fail(error, HRA_EINPUT, "%s:%d: '%s' is out of the range or grid of %s", map->path,
                            constant->line, constant->value, constant->variable);
    }
    return HRA_OK;
}

static hra_code resolve_words(hra_binding *binding, hra_source_column *column, hra_error *error)
{
    for (int w = 0; w < column->words->count; w++) {
        hra_word *word = &column->words->items[w];
        const hra_map_word *source = word->source;
        char folded[HRA_CELL_TEXT];
        hra_cell_value value;
        if (hra_fold(source->text, strlen(source->text), HRA_FOLD_LOWER | HRA_FOLD_NO_SPACES, folded, sizeof folded) <
            0)
            return hra_fail(error, HRA_EINPUT, "%s:%d: the text is too long", binding->map->path, source->line);
        hra_error why = {0};
        if (hra_word_meaning(binding, column->column, source->target, &value, &why) != HRA_OK)
            return hra_fail(error, HRA_EINPUT, "%s:%d: %s", binding->map->path, source->line, why.message);
        word->text = hra_arena_text(binding->arena, folded);
        if (!word->text) return out_of_memory(error);
        word->missing = value.kind == HRA_CELL_MISSING;
        word->value = value.value;
        column->words->closed |= !word->missing;
        for (int other = 0; other < w; other++)
            if (strcmp(column->words->items[other].text, word->text) == 0)
                return hra_fail(error, HRA_EINPUT, "%s:%d: '%s' of column '%s' is given two meanings",
                                binding->map->path, source->line, source->text, source->column);
    }
    return HRA_OK;
}

static hra_code finish_plan(hra_binding *binding, hra_file_plan *plan, hra_error *error)
{
    plan->bound = hra_arena_alloc(binding->arena, (size_t)binding->schema.column_count + 1);
    plan->bound_labels = hra_arena_alloc(binding->arena, (size_t)binding->schema.label_count + 1);
    if (!plan->bound || !plan->bound_labels) return out_of_memory(error);
    for (int i = 0; i < plan->width; i++) {
        hra_source_column *column = &plan->columns[i];
        if (column->action == HRA_READ || column->action == HRA_READ_PAIR) plan->bound[column->column] = true;
        if (column->action == HRA_READ_PAIR) plan->bound[column->second] = true;
        if (column->action == HRA_READ_LABEL) plan->bound_labels[column->column] = true;
        if (column->words) HRA_TRY(resolve_words(binding, column, error));
    }
    return HRA_OK;
}

/* Identifiers are hashed before they are stored, so an import needs a key; and all files have identifiers or none. */
static hra_code check_identifiers(const hra_binding *binding, const hra_csv_options *options, hra_error *error)
{
    if (!options->require_id) return HRA_OK;
    int with = -1, without = -1;
    for (int i = 0; i < binding->file_count; i++) *(binding->files[i].id >= 0 ? &with : &without) = i;
    if (with < 0) return HRA_OK;
    if (without >= 0)
        return hra_fail(error, HRA_EINPUT,
                        "%s has the identifier column '%s', %s has none: name it in a map file with "
                        "id = COLUMN",
                        binding->files[with].name, binding->files[with].columns[binding->files[with].id].header,
                        binding->files[without].name);
    if (!options->identity)
        return hra_fail(error, HRA_EUSAGE,
                        "identifiers are hashed with a key before they are stored; make one once "
                        "with 'hra key new hra.key', then give --key hra.key every time");
    return HRA_OK;
}

static hra_code bind_all(hra_binding *binding, const char *const *paths, const hra_csv_options *options,
                         hra_error *error)
{
    hra_arena *arena = binding->arena;
    const hra_map_file *map = binding->map;
    bool *rule_used = hra_arena_alloc(arena, (size_t)map->rule_count + 1);
    bool *word_used = hra_arena_alloc(arena, (size_t)map->word_count + 1);
    if (!rule_used || !word_used) return out_of_memory(error);
    for (int i = 0; i < binding->file_count; i++) {
        HRA_TRY(hra_header_read(binding, paths[i], options, &binding->files[i], error));
        HRA_TRY(hra_bind_file(binding, options, &binding->files[i], rule_used, word_used, error));
    }
    HRA_TRY(check_map_used(map, rule_used, word_used, error));
    HRA_TRY(add_constant_columns(binding, options, error));
    HRA_TRY(hra_cell_readers_new(binding, error));
    HRA_TRY(set_constants(binding, options, error));
    for (int i = 0; i < binding->file_count; i++) HRA_TRY(finish_plan(binding, &binding->files[i], error));
    return check_identifiers(binding, options, error);
}

hra_code hra_binding_new(const char *const *paths, int path_count, const hra_dictionary *dictionary,
                         const hra_csv_options *options, hra_binding **out, hra_error *error)
{
    *out = NULL;
    hra_binding *binding = calloc(1, sizeof *binding);
    if (!binding) return out_of_memory(error);
    binding->schema.dictionary = dictionary;
    binding->arena = hra_arena_new();
    binding->names = hra_name_index_new(dictionary);
    binding->file_count = path_count;
    if (binding->arena) binding->files = hra_arena_alloc(binding->arena, sizeof(hra_file_plan) * (size_t)path_count);
    hra_code code = !binding->files || !binding->names ? out_of_memory(error)
                                                       : hra_map_file_read(options->map_file, &binding->map, error);
    if (code == HRA_OK) code = bind_all(binding, paths, options, error);
    if (code != HRA_OK) {
        hra_binding_free(binding);
        return code;
    }
    *out = binding;
    return HRA_OK;
}

void hra_binding_free(hra_binding *binding)
{
    if (!binding) return;
    hra_cell_readers_free(binding);
    hra_map_file_free(binding->map);
    hra_name_index_free(binding->names);
    hra_arena_free(binding->arena);
    free(binding);
}
