#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/plain_text.h"
#include "cli/options.h"
#include "cli/setup.h"
#include "engine/run/source_walk.h"
#include "io/people/population_store.h"
#include "io/results/result_info.h"

int hra_cmd_info(int argc, char **argv);

/* What the rows of one column of a population store are. */
typedef struct column_counts {
    int64_t known, missing, exact;
} column_counts;

/* ---- counting a population ---- */

static void count_codes(const hra_column *column, const hra_codes *codes, int rows, column_counts *counts)
{
    uint32_t missing = hra_column_missing(column), escape = hra_column_escape(column);
    for (int i = 0; i < rows; i++) {
        uint32_t code = hra_code_at(codes, i);
        counts->missing += code == missing;
        counts->exact += code == escape;
        counts->known += code != missing;
    }
}

typedef struct counting {
    const hra_schema *schema;
    column_counts *counts;
} counting;

static hra_code count_chunk(void *user, const hra_chunk *chunk, hra_error *error)
{
    const counting *c = user;
    for (int i = 0; i < c->schema->column_count; i++)
        count_codes(&c->schema->columns[i], &chunk->columns[i], chunk->rows, &c->counts[i]);
    return HRA_OK;
}

static hra_code count_population(hra_source *source, column_counts *counts, hra_error *error)
{
    return hra_source_walk(source, count_chunk, &(counting){source->schema, counts}, error);
}

/* ---- a population as text and as JSON ---- */

static const char *column_unit(const hra_variable *variable, const hra_column *column)
{
    if (variable->type == HRA_TYPE_FLAG) return "yes/no";
    if (variable->type == HRA_TYPE_CATEGORY) return "category";
    if (variable->type == HRA_TYPE_DATE) return "date";
    return column->unit ? column->unit : "";
}

static void population_text(const char *path, const hra_source *source, const column_counts *counts, hra_buffer *out)
{
    const hra_schema *schema = source->schema;
    const hra_store_about *about = hra_store_describe(source);
    const char *const *unmatched;
    int unmatched_count = hra_store_unmatched(source, &unmatched);
    hra_buffer_printf(out, "%s: population store, %lld rows, %d variables\n", path, (long long)source->rows,
                      schema->column_count);
    if (*about->engine_version) hra_buffer_printf(out, "  written by   hra %s\n", about->engine_version);
    if (*about->command) hra_buffer_printf(out, "  command      %s\n", about->command);
    if (*about->definitions_hash) hra_buffer_printf(out, "  definitions  %s\n", about->definitions_hash);
    if (*about->key_fingerprint) hra_buffer_printf(out, "  key          %s\n", about->key_fingerprint);
    for (int i = 0; i < about->file_count; i++) hra_buffer_printf(out, "  file         %s\n", about->files[i]);
    for (int i = 0; i < schema->label_count; i++)
        hra_buffer_printf(out, "  label        %s\n", hra_dictionary_at(schema->dictionary, schema->labels[i])->name);
    for (int i = 0; i < unmatched_count; i++)
        hra_buffer_printf(out, "  not used     %s (no such variable; if definitions of your own declare it: -d FILE)\n",
                          unmatched[i]);
    hra_buffer_printf(out, "\n  %-28s %-14s %12s %12s %10s  %s\n", "variable", "unit", "known", "missing", "off grid",
                      "stored as");
    for (int i = 0; i < schema->column_count; i++) {
        const hra_variable *variable = hra_dictionary_at(schema->dictionary, schema->columns[i].variable);
        const char *encoding;
        uint64_t bytes;
        hra_store_column_facts(source, i, &encoding, &bytes);
        hra_buffer_printf(out, "  %-28s %-14s %12lld %12lld %10lld  %s, %llu bytes\n", variable->name,
                          column_unit(variable, &schema->columns[i]), (long long)counts[i].known,
                          (long long)counts[i].missing, (long long)counts[i].exact, encoding,
                          (unsigned long long)bytes);
    }
}

static void json_field(hra_buffer *out, const char *name, const char *value)
{
    hra_buffer_printf(out, "\"%s\": ", name);
    hra_buffer_json(out, value);
    hra_buffer_text(out, ", ");
}

static void json_texts(hra_buffer *out, const char *name, const char *const *texts, int count)
{
    hra_buffer_printf(out, "\"%s\": [", name);
    for (int i = 0; i < count; i++) {
        if (i) hra_buffer_text(out, ", ");
        hra_buffer_json(out, texts[i]);
    }
    hra_buffer_text(out, "], ");
}

static void population_json(const hra_source *source, const column_counts *counts, hra_buffer *out)
{
    const hra_schema *schema = source->schema;
    const hra_store_about *about = hra_store_describe(source);
    const char *const *unmatched;
    int unmatched_count = hra_store_unmatched(source, &unmatched);
    hra_buffer_printf(out, "{\"format\": \"hra-population\", \"rows\": %lld, ", (long long)source->rows);
    json_field(out, "engine_version", about->engine_version);
    json_field(out, "command", about->command);
    json_field(out, "definitions_hash", about->definitions_hash);
    json_field(out, "key_fingerprint", about->key_fingerprint);
    json_texts(out, "files", about->files, about->file_count);
    json_texts(out, "not_used", unmatched, unmatched_count);
    hra_buffer_text(out, "\"labels\": [");
    for (int i = 0; i < schema->label_count; i++) {
        if (i) hra_buffer_text(out, ", ");
        hra_buffer_json(out, hra_dictionary_at(schema->dictionary, schema->labels[i])->name);
    }
    hra_buffer_text(out, "], \"variables\": [");
    for (int i = 0; i < schema->column_count; i++) {
        const char *encoding;
        uint64_t bytes;
        hra_store_column_facts(source, i, &encoding, &bytes);
        hra_buffer_text(out, i ? ",\n  {" : "\n  {");
        json_field(out, "name", hra_dictionary_at(schema->dictionary, schema->columns[i].variable)->name);
        json_field(out, "unit", schema->columns[i].unit ? schema->columns[i].unit : "");
        json_field(out, "encoding", encoding);
        hra_buffer_printf(out, "\"bytes\": %llu, \"known\": %lld, \"missing\": %lld, \"off_grid\": %lld}",
                          (unsigned long long)bytes, (long long)counts[i].known, (long long)counts[i].missing,
                          (long long)counts[i].exact);
    }
    hra_buffer_text(out, "]}\n");
}

static hra_code describe_population(const char *path, const hra_texts *definitions, bool json, hra_buffer *out,
                                    hra_error *error)
{
    hra_library *library = NULL;
    hra_source *source = NULL;
    column_counts *counts = NULL;
    hra_code code = hra_setup_store_library(definitions, path, &library, error);
    if (!code) code = hra_store_open(path, hra_library_dictionary(library), &source, error);
    if (!code) {
        counts = calloc((size_t)source->schema->column_count + 1, sizeof *counts);
        code = counts ? count_population(source, counts, error) : hra_out_of_memory(error);
    }
    if (!code && json) population_json(source, counts, out);
    if (!code && !json) population_text(path, source, counts, out);
    free(counts);
    if (source) source->close(source);
    hra_library_free(library);
    return code;
}

/* ---- results as text and as JSON ---- */

static void output_text(const hra_result_output *o, int64_t rows, hra_buffer *out)
{
    hra_buffer_printf(out, "  %-44s %12lld %12lld  ", o->name, (long long)o->known, (long long)(rows - o->known));
    for (int i = 0; i < o->level_count; i++)
        hra_buffer_printf(out, "%s%s %lld", i ? ", " : "", o->levels[i], (long long)o->level_counts[i]);
    if (o->level_count == 0 && o->known > 0)
        hra_buffer_printf(out, "%.6g .. %.6g, mean %.6g%s%s", o->minimum, o->maximum, o->mean,
                          strcmp(o->unit, "1") ? " " : "", strcmp(o->unit, "1") ? o->unit : "");
    hra_buffer_char(out, '\n');
}

static void flags_text(const hra_result_flags *set, int64_t rows, hra_buffer *out)
{
    if (set->count == 0) return;
    hra_buffer_printf(out, "\n  %-44s %12s %12s %16s\n", set->name, "present", "absent", "not measurable");
    for (int i = 0; i < set->count; i++) {
        const hra_result_flag *flag = &set->flags[i];
        hra_buffer_printf(out, "  %-44s %12lld %12lld %16lld\n", flag->id, (long long)flag->present,
                          (long long)(flag->known - flag->present), (long long)(rows - flag->known));
    }
}

static void result_text(const char *path, const hra_result_info *info, hra_buffer *out)
{
    hra_buffer_printf(out, "%s: results, %lld rows, %d outputs\n", path, (long long)info->rows, info->output_count);
    hra_buffer_printf(out, "  written by   hra %s\n  definitions  %s\n", info->engine_version, info->definitions_hash);
    if (*info->panel) hra_buffer_printf(out, "  panel        %s\n", info->panel);
    if (*info->command) hra_buffer_printf(out, "  command      %s\n", info->command);
    if (*info->input_hash) hra_buffer_printf(out, "  input        %s\n", info->input_hash);
    hra_buffer_printf(out, "  persons      %s\n", info->has_keys ? "hashed keys" : "by place in the input");
    hra_buffer_printf(out, "\n  %-44s %12s %12s  %s\n", "output", "known", "unknown", "values");
    for (int i = 0; i < info->output_count; i++) output_text(&info->outputs[i], info->rows, out);
    for (int i = 0; i < HRA_RESULT_INFO_SETS; i++) flags_text(&info->sets[i], info->rows, out);
}

static void output_json(const hra_result_output *o, hra_buffer *out)
{
    json_field(out, "name", o->name);
    json_field(out, "role", o->role);
    json_field(out, "unit", o->unit);
    hra_buffer_printf(out, "\"known\": %lld", (long long)o->known);
    if (o->level_count > 0) {
        hra_buffer_text(out, ", \"levels\": {");
        for (int i = 0; i < o->level_count; i++) {
            if (i) hra_buffer_text(out, ", ");
            hra_buffer_json(out, o->levels[i]);
            hra_buffer_printf(out, ": %lld", (long long)o->level_counts[i]);
        }
        hra_buffer_char(out, '}');
    } else if (o->known > 0) {
        hra_buffer_text(out, ", \"minimum\": ");
        hra_buffer_double(out, o->minimum);
        hra_buffer_text(out, ", \"mean\": ");
        hra_buffer_double(out, o->mean);
        hra_buffer_text(out, ", \"maximum\": ");
        hra_buffer_double(out, o->maximum);
    }
}

static void flags_json(const char *name, const hra_result_flag *flags, int count, hra_buffer *out)
{
    hra_buffer_printf(out, ", \"%s\": [", name);
    for (int i = 0; i < count; i++) {
        hra_buffer_text(out, i ? ",\n  {" : "\n  {");
        json_field(out, "id", flags[i].id);
        hra_buffer_printf(out, "\"known\": %lld, \"present\": %lld}", (long long)flags[i].known,
                          (long long)flags[i].present);
    }
    hra_buffer_char(out, ']');
}

static void result_json(const hra_result_info *info, hra_buffer *out)
{
    hra_buffer_printf(out, "{\"format\": \"hra-result\", \"rows\": %lld, \"hashed_keys\": %s, ", (long long)info->rows,
                      info->has_keys ? "true" : "false");
    json_field(out, "engine_version", info->engine_version);
    json_field(out, "definitions_hash", info->definitions_hash);
    json_field(out, "input_hash", info->input_hash);
    json_field(out, "panel", info->panel);
    json_field(out, "command", info->command);
    hra_buffer_text(out, "\"outputs\": [");
    for (int i = 0; i < info->output_count; i++) {
        hra_buffer_text(out, i ? ",\n  {" : "\n  {");
        output_json(&info->outputs[i], out);
        hra_buffer_char(out, '}');
    }
    hra_buffer_char(out, ']');
    for (int i = 0; i < HRA_RESULT_INFO_SETS; i++)
        flags_json(info->sets[i].name, info->sets[i].flags, info->sets[i].count, out);
    hra_buffer_text(out, "}\n");
}

static hra_code describe_result(const char *path, bool json, hra_buffer *out, hra_error *error)
{
    hra_result_info info;
    hra_arena *arena = hra_arena_new();
    if (!arena) return hra_out_of_memory(error);
    hra_code code = hra_result_info_read(path, arena, &info, error);
    if (!code && json) result_json(&info, out);
    if (!code && !json) result_text(path, &info, out);
    hra_arena_free(arena);
    return code;
}

static hra_code describe(const char *path, const hra_texts *definitions, bool json, hra_buffer *out, hra_error *error)
{
    char results[4096];
    struct stat facts;
    if (stat(path, &facts) == 0 && S_ISDIR(facts.st_mode)) {
        if (snprintf(results, sizeof results, "%s/results.h5", path) >= (int)sizeof results)
            return hra_fail(error, HRA_EUSAGE, "%s: the name is too long", path);
        path = results;
    }
    return hra_is_result_store(path) ? describe_result(path, json, out, error)
                                     : describe_population(path, definitions, json, out, error);
}

int hra_cmd_info(int argc, char **argv)
{
    bool json = false;
    hra_texts definitions = {0};
    const hra_option options[] = {{"json", 0, HRA_OPTION_FLAG, &json, NULL, "as JSON"},
                                  {"definitions", 'd', HRA_OPTION_TEXTS, &definitions, "FILE",
                                   "definitions whose variables the store has; may be repeated"},
                                  {0}};
    const hra_usage usage = {
        "info", "FILE [options]",
        "Shows what a population store or a result file holds: rows, variables with unit, how many values are known\n"
        "and missing, how they are stored, and where the file comes from. It reads the whole file. For a\n"
        "folder of 'hra run' it shows results.h5.",
        options, NULL};
    int status = hra_options_parse(&usage, &argc, argv);
    if (status >= 0) return status;
    hra_error error = {0};
    hra_buffer out = {0};
    if (argc != 2) {
        hra_fail(&error, HRA_EUSAGE, "one FILE is needed; see 'hra info --help'");
        return hra_report_error("info", &error);
    }
    hra_code code = describe(argv[1], &definitions, json, &out, &error);
    if (!code && out.failed) code = hra_out_of_memory(&error);
    if (out.bytes) hra_plain_lines(out.bytes); /* names and notes come from the file */
    if (!code) fputs(out.bytes ? out.bytes : "", stdout);
    hra_buffer_destroy(&out);
    return code ? hra_report_error("info", &error) : HRA_OK;
}
