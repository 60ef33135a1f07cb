#include "io/csv/csv_binding.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/csv/csv_bind_file.h"
#include "io/words/text_fold.h"

/* ---- map files ---------------------------------------------------------------------- */

static hra_code open_map(hra_binding *binding, const char *path, hra_bound_map *map, hra_error *error)
{
    hra_arena *arena = binding->arena;
    HRA_TRY(hra_map_file_read(path, &map->file, error));
    HRA_TRY(hra_map_file_check_settled(map->file, error));
    HRA_TRY(hra_long_spec_read(map->file, arena, &map->long_spec, error));
    map->rule_used = hra_arena_alloc(arena, (size_t)map->file->rule_count + 1);
    map->word_used = hra_arena_alloc(arena, (size_t)map->file->word_count + 1);
    map->manner_used = hra_arena_alloc(arena, (size_t)map->file->manner_count + 1);
    return map->rule_used && map->word_used && map->manner_used ? HRA_OK : hra_out_of_memory(error);
}

/* Every map file once, however many files are read by it. */
static hra_code open_maps(hra_binding *binding, hra_error *error)
{
    binding->maps = hra_arena_alloc(binding->arena, sizeof *binding->maps * ((size_t)binding->file_count + 1));
    if (!binding->maps) return hra_out_of_memory(error);
    binding->map_count = 1;
    HRA_TRY(open_map(binding, NULL, &binding->maps[0], error));
    for (int i = 0; i < binding->file_count; i++) {
        hra_file_plan *plan = &binding->files[i];
        const char *path = plan->how.map_file;
        int64_t known = path ? hra_map_get(binding->map_numbers, path) : 0;
        if (known < 0) {
            known = binding->map_count++;
            HRA_TRY(open_map(binding, path, &binding->maps[known], error));
            if (hra_map_set(binding->map_numbers, path, known) != 0) return hra_out_of_memory(error);
        }
        plan->map = &binding->maps[known];
    }
    return HRA_OK;
}

static hra_code no_column(const hra_map_file *map, int line, const char *column, hra_error *error)
{
    return hra_fail(error, HRA_EINPUT, "%s:%d: there is no column '%s' in the input", map->path, line, column);
}

/* A name in the map that no file has is a slip of the pen, not a wish. */
static hra_code check_map_used(const hra_bound_map *bound, hra_error *error)
{
    const hra_map_file *map = bound->file;
    for (int r = 0; r < map->rule_count; r++)
        if (!bound->rule_used[r] && map->rules[r].kind != HRA_MAP_IGNORE)
            return no_column(map, map->rules[r].line, map->rules[r].columns[0], error);
    for (int w = 0; w < map->word_count; w++)
        if (!bound->word_used[w]) return no_column(map, map->words[w].line, map->words[w].column, error);
    for (int m = 0; m < map->manner_count; m++)
        if (map->manners[m].column && !bound->manner_used[m])
            return no_column(map, map->manners[m].line, map->manners[m].column, error);
    return HRA_OK;
}

/* ---- constants ------------------------------------------------------------------------ */

static hra_code add_constant_column(hra_binding *binding, const hra_map_file *map, const hra_map_constant *constant,
                                    hra_error *error)
{
    int variable, unused;
    HRA_TRY(hra_find_variable(binding, constant->variable, map->path, constant->line, &variable, error));
    const hra_variable *v = hra_dictionary_at(binding->schema.dictionary, variable);
    if (v->type == HRA_TYPE_LABEL) return hra_schema_label(binding, variable, &unused, error);
    if (hra_is_value(v->type)) return hra_schema_column(binding, variable, NULL, &unused, error);
    return hra_fail(error, HRA_EINPUT, "%s:%d: %s never enters hra", map->path, constant->line, v->name);
}

/* Labels that deliveries and options give to whole files. */
static hra_code add_file_labels(hra_binding *binding, const hra_csv_options *options, hra_error *error)
{
    int unused, group = hra_dictionary_find(binding->schema.dictionary, "group_id");
    int provider = hra_dictionary_find(binding->schema.dictionary, "exam_provider");
    bool any_group = options->group_from_file, any_provider = false;
    for (int i = 0; i < binding->file_count; i++) {
        any_group |= binding->files[i].how.group != NULL;
        any_provider |= binding->files[i].how.provider != NULL;
    }
    if (any_group && group >= 0) HRA_TRY(hra_schema_label(binding, group, &unused, error));
    if (any_provider && provider >= 0) HRA_TRY(hra_schema_label(binding, provider, &unused, error));
    return HRA_OK;
}

static hra_code add_constant_columns(hra_binding *binding, const hra_csv_options *options, hra_error *error)
{
    for (int m = 0; m < binding->map_count; m++) {
        const hra_map_file *map = binding->maps[m].file;
        for (int c = 0; c < map->constant_count; c++)
            HRA_TRY(add_constant_column(binding, map, &map->constants[c], error));
    }
    return add_file_labels(binding, options, error);
}

static hra_code set_constants(hra_binding *binding, hra_bound_map *bound, hra_error *error)
{
    const hra_map_file *map = bound->file;
    const hra_schema *schema = &binding->schema;
    bound->constants = hra_arena_alloc(binding->arena, sizeof(double) * ((size_t)schema->column_count + 1));
    if (!bound->constants) return hra_out_of_memory(error);
    for (int i = 0; i < schema->column_count; i++) bound->constants[i] = NAN;
    for (int c = 0; c < map->constant_count; c++) {
        const hra_map_constant *constant = &map->constants[c];
        int variable;
        HRA_TRY(hra_find_variable(binding, constant->variable, map->path, constant->line, &variable, error));
        int column = hra_schema_find(schema, variable, hra_dictionary_at(schema->dictionary, variable)->unit);
        hra_cell_value value;
        if (column < 0) continue;
        hra_error why = {0};
        if (hra_word_meaning(binding, column, constant->value, &value, &why) != HRA_OK)
            return hra_fail(error, HRA_EINPUT, "%s:%d: %s", map->path, constant->line, why.message);
        bound->constants[column] = value.kind == HRA_CELL_KNOWN ? value.value : NAN;
        if (hra_column_code(&schema->columns[column], bound->constants[column]) ==
            hra_column_escape(&schema->columns[column]))
            return hra_fail(error, HRA_EINPUT, "%s:%d: '%s' is out of the range or grid of %s", map->path,
                            constant->line, constant->value, constant->variable);
    }
    return HRA_OK;
}

/* The group that a file is of itself; NULL: none. */
static const char *own_group(const hra_binding *binding, const hra_csv_options *options, int file)
{
    if (!options->group_from_file) return NULL;
    return options->file_groups ? options->file_groups[file] : binding->files[file].group;
}

/* The map's constant, else what the delivery says of the file, else the name of the file. */
static hra_code set_constant_labels(hra_binding *binding, hra_file_plan *plan, const char *own_group, hra_error *error)
{
    const hra_schema *schema = &binding->schema;
    const hra_map_file *map = plan->map->file;
    int group = hra_dictionary_find(schema->dictionary, "group_id");
    int provider = hra_dictionary_find(schema->dictionary, "exam_provider");
    plan->constant_labels = hra_arena_alloc(binding->arena, sizeof(char *) * ((size_t)schema->label_count + 1));
    if (!plan->constant_labels) return hra_out_of_memory(error);
    for (int i = 0; i < schema->label_count; i++) {
        const char **label = &plan->constant_labels[i];
        if (schema->labels[i] == provider) *label = plan->how.provider;
        if (schema->labels[i] == group) *label = plan->how.group;
        if (schema->labels[i] == group && !*label) *label = own_group;
        for (int c = 0; c < map->constant_count; c++) {
            int variable;
            HRA_TRY(hra_find_variable(binding, map->constants[c].variable, map->path, map->constants[c].line, &variable,
                                      error));
            if (schema->labels[i] == variable) *label = map->constants[c].value;
        }
    }
    return HRA_OK;
}

/* ---- plans --------------------------------------------------------------------------- */

static hra_code resolve_words(hra_binding *binding, const char *path, hra_source_column *column, hra_error *error)
{
    for (int w = 0; w < column->words->count; w++) {
        hra_word *word = &column->words->items[w];
        const hra_map_word *source = word->source;
        char folded[HRA_CELL_TEXT];
        hra_cell_value value;
        if (hra_fold(source->text, strlen(source->text), HRA_FOLD_LOWER | HRA_FOLD_NO_SPACES, folded, sizeof folded) <
            0)
            return hra_fail(error, HRA_EINPUT, "%s:%d: the text is too long", path, source->line);
        hra_error why = {0};
        if (hra_word_meaning(binding, column->column, source->target, &value, &why) != HRA_OK)
            return hra_fail(error, HRA_EINPUT, "%s:%d: %s", path, source->line, why.message);
        word->text = hra_arena_text(binding->arena, folded);
        if (!word->text) return hra_out_of_memory(error);
        word->missing = value.kind == HRA_CELL_MISSING;
        word->value = value.value;
        column->words->closed |= !word->missing;
        for (int other = 0; other < w; other++)
            if (strcmp(column->words->items[other].text, word->text) == 0)
                return hra_fail(error, HRA_EINPUT, "%s:%d: '%s' of column '%s' is given two meanings", path,
                                source->line, source->text, source->column);
    }
    return HRA_OK;
}

/* What needs the whole schema. */
static hra_code finish_plan(hra_binding *binding, hra_file_plan *plan, hra_error *error)
{
    plan->bound = hra_arena_alloc(binding->arena, (size_t)binding->schema.column_count + 1);
    plan->bound_labels = hra_arena_alloc(binding->arena, (size_t)binding->schema.label_count + 1);
    if (!plan->bound || !plan->bound_labels) return hra_out_of_memory(error);
    if (plan->national >= 0) plan->bound[plan->national_birth] = plan->bound[plan->national_sex] = true;
    for (int i = 0; i < plan->width; i++) {
        hra_source_column *column = &plan->columns[i];
        bool fractions = column->rules && column->rules->percent_fractions;
        column->plain = !column->words && column->combination < 0 && !fractions;
        if (column->action == HRA_READ || column->action == HRA_READ_PAIR) plan->bound[column->column] = true;
        if (column->action == HRA_READ_PAIR) plan->bound[column->second] = true;
        for (int k = 0; column->action == HRA_READ_SEVERAL && k < column->several->count; k++)
            plan->bound[column->several->columns[k]] = true;
        if (column->action == HRA_READ_LABEL) plan->bound_labels[column->column] = true;
        if (column->words) HRA_TRY(resolve_words(binding, plan->map->file->path, column, error));
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
    if (!options->identity && !options->count_only)
        return hra_fail(error, HRA_EUSAGE,
                        "identifiers are hashed with a key before they are stored; make one once "
                        "with 'hra key new hra.key', then give --key hra.key every time");
    return HRA_OK;
}

/* The texts are copied: they are needed as long as the source lives. */
static hra_code keep_texts(hra_arena *arena, hra_delivery *how, hra_error *error)
{
    const char **texts[] = {&how->encoding, &how->sheet,    &how->map_file, &how->units,
                            &how->issuer,   &how->provider, &how->group};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (!*texts[i]) continue;
        *texts[i] = hra_arena_text(arena, *texts[i]);
        if (!*texts[i]) return hra_out_of_memory(error);
    }
    return HRA_OK;
}

static hra_delivery manner_of(const hra_csv_options *options, int file)
{
    hra_delivery how = options->deliveries ? options->deliveries[file] : (hra_delivery){0};
    if (!how.encoding) how.encoding = options->encoding;
    how.guess_encoding = options->guess_encoding;
    if (!how.delimiter) how.delimiter = options->delimiter;
    if (how.header_row == 0) how.header_row = options->header_row;
    if (!how.sheet) how.sheet = options->sheet;
    if (!how.map_file) how.map_file = options->map_file;
    if (!how.units) how.units = options->units;
    if (!how.issuer) how.issuer = options->issuer ? options->issuer : "";
    if (!how.group) how.group = options->group;
    return how;
}

/* Files of one header that are read in one manner share what binding finds: *alike is the first of them. */
static hra_code find_alike(hra_binding *binding, int file, int *alike, hra_error *error)
{
    const hra_file_plan *plan = &binding->files[file];
    hra_buffer form = {0};
    hra_buffer_printf(&form, "%d %d %d %s\n", (int)(plan->map - binding->maps), plan->delimiter, plan->person_line > 0,
                      plan->how.units ? plan->how.units : "");
    hra_buffer_append(&form, plan->header_text, plan->header_length);
    int64_t known = form.failed ? -1 : hra_map_get_n(binding->known_forms, form.bytes, form.length);
    *alike = known < 0 ? file : (int)known;
    bool good = !form.failed && (known >= 0 || hra_map_set_n(binding->known_forms, form.bytes, form.length, file) == 0);
    hra_buffer_destroy(&form);
    return good ? HRA_OK : hra_out_of_memory(error);
}

static void copy_plan(const hra_file_plan *from, hra_file_plan *to)
{
    to->header_text = from->header_text;
    to->row_text = from->row_text;
    to->row_length = from->row_length;
    to->width = from->width;
    to->long_form = from->long_form;
    to->columns = from->columns;
    to->matches = from->matches;
    to->id = from->id;
    to->national = from->national;
    to->national_birth = from->national_birth;
    to->national_sex = from->national_sex;
    to->own_birth = from->own_birth;
    to->own_sex = from->own_sex;
    to->combinations = from->combinations;
    to->combination_count = from->combination_count;
    to->bound = from->bound;
    to->bound_labels = from->bound_labels;
}

/* `alike` gets, per file, the file whose plan it shares, or itself. */
static hra_code bind_headers(hra_binding *binding, const char *const *paths, const char *const *names, int *alike,
                             hra_error *error)
{
    for (int i = 0; i < binding->file_count; i++) {
        hra_file_plan *plan = &binding->files[i];
        plan->before = i > 0 ? plan - 1 : NULL;
        HRA_TRY(hra_header_read(binding->names, binding->arena, paths[i], plan, error));
        if (names && !(plan->name = hra_arena_text(binding->arena, names[i]))) return hra_out_of_memory(error);
        HRA_TRY(find_alike(binding, i, &alike[i], error));
        if (alike[i] != i) continue;
        HRA_TRY(hra_header_names(binding->arena, plan, error));
        const hra_long_spec *spec = plan->map->long_spec;
        if (spec) HRA_TRY(hra_long_plan_make(spec, plan->map->file, binding->arena, plan, error));
        HRA_TRY(hra_bind_file(binding, plan, error));
    }
    return HRA_OK;
}

static hra_code bind_all(hra_binding *binding, const char *const *paths, const hra_csv_options *options,
                         hra_error *error)
{
    int *alike = hra_arena_alloc(binding->arena, sizeof *alike * (size_t)binding->file_count);
    if (!alike) return hra_out_of_memory(error);
    for (int i = 0; i < binding->file_count; i++) {
        binding->files[i].how = manner_of(options, i);
        HRA_TRY(keep_texts(binding->arena, &binding->files[i].how, error));
    }
    HRA_TRY(open_maps(binding, error));
    HRA_TRY(bind_headers(binding, paths, options->file_names, alike, error));
    for (int m = 0; m < binding->map_count; m++) HRA_TRY(check_map_used(&binding->maps[m], error));
    HRA_TRY(add_constant_columns(binding, options, error));
    HRA_TRY(hra_cell_readers_new(binding, error));
    for (int m = 0; m < binding->map_count; m++) HRA_TRY(set_constants(binding, &binding->maps[m], error));
    for (int i = 0; i < binding->file_count; i++) {
        hra_file_plan *plan = &binding->files[i];
        if (alike[i] == i)
            HRA_TRY(finish_plan(binding, plan, error));
        else
            copy_plan(&binding->files[alike[i]], plan);
        HRA_TRY(set_constant_labels(binding, plan, own_group(binding, options, i), error));
        if (plan->width > binding->widest) binding->widest = plan->width;
    }
    return check_identifiers(binding, options, error);
}

hra_code hra_binding_new(const char *const *paths, int path_count, const hra_dictionary *dictionary,
                         const hra_csv_options *options, hra_binding **out, hra_error *error)
{
    *out = NULL;
    hra_binding *binding = calloc(1, sizeof *binding);
    if (!binding) return hra_out_of_memory(error);
    binding->schema.dictionary = dictionary;
    binding->keep = options->keep;
    binding->key_map = options->key_map != NULL;
    binding->arena = hra_arena_new();
    binding->names = hra_name_index_new(dictionary);
    binding->map_numbers = hra_map_new();
    binding->known_forms = hra_map_new();
    binding->file_count = path_count;
    if (binding->arena) binding->files = hra_arena_alloc(binding->arena, sizeof(hra_file_plan) * (size_t)path_count);
    bool good = binding->files && binding->names && binding->map_numbers && binding->known_forms;
    hra_code code = good ? bind_all(binding, paths, options, error) : hra_out_of_memory(error);
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
    for (int m = 0; m < binding->map_count; m++) {
        hra_long_spec_free(binding->maps[m].long_spec);
        hra_map_file_free(binding->maps[m].file);
    }
    hra_map_free(binding->map_numbers);
    hra_map_free(binding->known_forms);
    hra_name_index_free(binding->names);
    hra_arena_free(binding->arena);
    free(binding);
}
