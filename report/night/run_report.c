#include "report/night/run_report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/buffer.h"
#include "base/shown_name.h"
#include "io/files/file_hash.h"
#include "io/tables/input_hash.h"
#include "report/group/group_files.h"

void hra_run_report_stage(hra_run_report *report, const char *name, double seconds)
{
    for (int i = 0; i < report->stage_count; i++)
        if (strcmp(report->stages[i].name, name) == 0) { /* done again */
            report->stages[i].seconds += seconds;
            return;
        }
    if (report->stage_count < HRA_REPORT_STAGES)
        report->stages[report->stage_count++] = (hra_stage_time){name, seconds};
}

static void text_member(hra_buffer *out, const char *name, const char *value)
{
    hra_buffer_printf(out, "  \"%s\": ", name);
    if (value)
        hra_buffer_json(out, value);
    else
        hra_buffer_text(out, "null");
    hra_buffer_text(out, ",\n");
}

static void put_hex(hra_buffer *out, const char *text)
{
    hra_buffer_char(out, '"');
    for (const char *c = text; *c; c++) hra_buffer_printf(out, "%02x", (unsigned char)*c);
    hra_buffer_char(out, '"');
}

/* By which a file is found whose name is shown otherwise. */
static void put_bytes_of_name(hra_buffer *out, const char *path)
{
    if (hra_is_shown_as_is(path)) return;
    hra_buffer_text(out, ", \"path_hex\": ");
    put_hex(out, path);
}

static hra_code see_input(const hra_run_report *r, int i, hra_seen_input *out, hra_error *error)
{
    struct stat facts;
    bool held = r->held && r->held[i];
    hra_error why = {0};
    if (stat(r->inputs[i], &facts) != 0) facts = (struct stat){0};
    *out = (hra_seen_input){.bytes = facts.st_size, .of_content = r->content_hash && *r->content_hash};
    if (out->of_content) {
        snprintf(out->hash, sizeof out->hash, "%s", r->content_hash);
        return HRA_OK;
    }
    if (held && !S_ISREG(facts.st_mode)) return HRA_OK; /* a pipe that nobody writes to, a device without an end */
    if (hra_input_hash(r->inputs[i], out->hash, &out->of_content, &why) == HRA_OK) return HRA_OK;
    out->hash[0] = '\0';
    return held ? HRA_OK : hra_fail(error, why.code, "%s", why.message);
}

hra_code hra_run_report_see_inputs(const hra_run_report *report, hra_seen_input *out, hra_error *error)
{
    for (int i = 0; i < report->input_count; i++) HRA_TRY(see_input(report, i, &out[i], error));
    return HRA_OK;
}

static hra_code write_inputs(const hra_run_report *r, hra_buffer *out, hra_error *error)
{
    hra_buffer_text(out, "  \"inputs\": [");
    for (int i = 0; i < r->input_count; i++) {
        hra_seen_input input;
        if (r->seen)
            input = r->seen[i];
        else
            HRA_TRY(see_input(r, i, &input, error));
        hra_buffer_text(out, i ? ",\n    {\"file\": " : "\n    {\"file\": ");
        hra_buffer_json_path(out, r->inputs[i]);
        put_bytes_of_name(out, r->inputs[i]);
        hra_buffer_printf(out, ", \"bytes\": %lld", (long long)input.bytes);
        if (*input.hash)
            hra_buffer_printf(out, ", \"%s\": \"%s\"", input.of_content ? "content_hash" : HRA_FILE_HASH_NAME,
                              input.hash);
        hra_buffer_text(out, r->held && r->held[i] ? ", \"held\": true}" : "}");
    }
    hra_buffer_text(out, "],\n");
    return HRA_OK;
}

/* Files of the user's own beside the definitions that come with hra. */
static hra_code write_definitions(const hra_run_report *r, hra_buffer *out, hra_error *error)
{
    if (r->definition_count == 0) return HRA_OK;
    hra_buffer_text(out, "  \"definitions\": [");
    for (int i = 0; i < r->definition_count; i++) {
        char hash[HRA_FILE_HASH_TEXT];
        struct stat facts;
        hra_buffer_text(out, i ? ",\n    {\"file\": " : "\n    {\"file\": ");
        hra_buffer_json_path(out, r->definitions[i]);
        if (stat(r->definitions[i], &facts) == 0 && S_ISREG(facts.st_mode)) { /* a pipe is read once */
            HRA_TRY(hra_file_hash(r->definitions[i], hash, error));
            hra_buffer_printf(out, ", \"%s\": \"%s\"", HRA_FILE_HASH_NAME, hash);
        }
        hra_buffer_char(out, '}');
    }
    hra_buffer_text(out, "],\n");
    return HRA_OK;
}

static void write_reading(const hra_run_report *r, hra_buffer *out)
{
    if (!r->text) return;
    hra_buffer_text(out, "  \"read_as\": ");
    hra_csv_reading_json(r->text, out);
    hra_buffer_text(out, ",\n");
}

static void write_list(hra_buffer *out, const char *const *items, int count)
{
    hra_buffer_char(out, '[');
    for (int i = 0; i < count; i++) {
        if (i) hra_buffer_text(out, ", ");
        hra_buffer_json_path(out, items[i]);
    }
    hra_buffer_char(out, ']');
}

static void write_texts(hra_buffer *out, const char *name, const char *const *items, int count)
{
    hra_buffer_printf(out, "  \"%s\": ", name);
    write_list(out, items, count);
    hra_buffer_text(out, ",\n");
}

/* The bytes of what is shown otherwise: `hra forget` opens these files. */
static void write_again_exact(const hra_run_again *again, hra_buffer *out)
{
    bool exact = again->store && !hra_is_shown_as_is(again->store);
    for (int i = 0; i < again->option_count; i++) exact |= !hra_is_shown_as_is(again->options[i]);
    if (!exact) return;
    if (again->store) {
        hra_buffer_text(out, ", \"store_hex\": ");
        put_hex(out, again->store);
    }
    hra_buffer_text(out, ", \"options_hex\": [");
    for (int i = 0; i < again->option_count; i++) {
        if (i) hra_buffer_text(out, ", ");
        put_hex(out, again->options[i]);
    }
    hra_buffer_char(out, ']');
}

static void write_again(const hra_run_again *again, hra_buffer *out)
{
    if (again->option_count == 0) return;
    hra_buffer_text(out, "  \"again\": {\"store\": ");
    if (again->store)
        hra_buffer_json_path(out, again->store);
    else
        hra_buffer_text(out, "null");
    hra_buffer_printf(out, ", \"register\": %s, \"options\": ", again->with_register ? "true" : "false");
    write_list(out, again->options, again->option_count);
    write_again_exact(again, out);
    hra_buffer_text(out, "},\n");
}

/* Models with a licence or trademark caution say so in every run that uses them. */
static void write_cautions(const hra_run_report *r, const char *const *models, int count, hra_buffer *out)
{
    bool first = true;
    hra_buffer_text(out, "  \"cautions\": [");
    for (int i = 0; i < count; i++) {
        const hra_declaration *d = hra_library_find(r->library, models[i]);
        const char *caution = d ? hra_declaration_text(d, "caution", "en") : NULL;
        if (!caution) continue;
        hra_buffer_printf(out, "%s{\"model\": \"%s\", \"caution\": ", first ? "" : ", ", models[i]);
        hra_buffer_json(out, caution);
        hra_buffer_char(out, '}');
        first = false;
    }
    hra_buffer_text(out, "],\n");
}

static void write_account(const hra_run_report *r, hra_buffer *out)
{
    const hra_run_account *a = &r->account;
    if (a->source_count == 0) return;
    hra_buffer_printf(out,
                      "  \"account\": {\"files\": {\"given\": %d, \"read\": %d, \"held\": %d},\n    \"sources\": [",
                      a->files_given, a->files_given - a->files_held, a->files_held);
    for (int i = 0; i < a->source_count; i++) {
        const hra_run_source *s = &a->sources[i];
        hra_buffer_printf(out,
                          "%s\n      {\"source\": \"%s\", \"files\": %d, \"rows\": %lld, \"rejected\": %lld, "
                          "\"imported\": %lld}",
                          i ? "," : "", s->kind, s->files, (long long)s->rows, (long long)s->rejected,
                          (long long)(s->rows - s->rejected));
    }
    hra_buffer_text(out, "]");
    if (a->joined)
        hra_buffer_printf(out,
                          ",\n    \"people\": {\"known\": %lld, \"assessed\": %lld, \"without_visit\": %lld, "
                          "\"left_out\": %lld},\n    \"disagreeing\": {\"identifiers\": %lld, \"rows\": %lld}",
                          (long long)a->people, (long long)r->rows_scored, (long long)a->no_visit,
                          (long long)a->left_out, (long long)a->disagreeing, (long long)a->disagreeing_rows);
    hra_buffer_text(out, "},\n");
}

static void write_times(const hra_run_report *r, hra_buffer *out)
{
    const hra_run_facts *f = &r->facts;
    hra_buffer_text(out, "  \"seconds\": {");
    for (int i = 0; i < r->stage_count; i++)
        hra_buffer_printf(out, "%s\"%s\": %.6f", i ? ", " : "", r->stages[i].name, r->stages[i].seconds);
    hra_buffer_printf(out,
                      "},\n  \"thread_seconds\": {\"claim\": %.6f, \"read\": %.6f, \"score\": %.6f, \"format\": %.6f, "
                      "\"write\": %.6f},\n",
                      f->seconds_claim, f->seconds_fill, f->seconds_score, f->seconds_prepare, f->seconds_commit);
    hra_buffer_printf(out, "  \"rows_per_second\": %.0f,\n  \"peak_memory_kib\": %ld,\n",
                      f->seconds_wall > 0 ? (double)f->rows_scored / f->seconds_wall : 0.0, r->peak_kib);
}

static hra_code form(const hra_run_report *r, hra_buffer *text, hra_error *error)
{
    int models = 0;
    const char *const *names = r->plan ? hra_plan_models(r->plan, &models) : NULL;
    char now[32];
    time_t seconds = time(NULL);
    struct tm utc;
    strftime(now, sizeof now, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&seconds, &utc));
    hra_buffer_text(text, "{\n");
    text_member(text, "command", r->command);
    text_member(text, "finished", r->finished);
    text_member(text, "written_at", now);
    text_member(text, "engine_version", HRA_VERSION);
    text_member(text, "instruction_set", r->isa);
    text_member(text, "definitions_hash", hra_library_hash(r->library));
    HRA_TRY(write_definitions(r, text, error));
    text_member(text, "panel", r->panel);
    text_member(text, "outside_range", r->range_policy);
    text_member(text, "as_of", r->as_of);
    if (r->hard_limits) text_member(text, "hard_limits", r->hard_limits);
    HRA_TRY(write_inputs(r, text, error));
    write_reading(r, text);
    write_texts(text, "outputs", r->outputs, r->output_count);
    if (r->leftovers) write_texts(text, "leftovers", r->leftovers, r->leftover_count);
    if (r->alike_groups) write_texts(text, "alike_groups", r->alike_groups, r->alike_group_count);
    if (r->absent_groups) write_texts(text, "absent_groups", r->absent_groups, r->absent_group_count);
    if (r->absent_sources) write_texts(text, "absent_sources", r->absent_sources, r->absent_source_count);
    write_texts(text, "models", names, models);
    write_again(&r->again, text);
    write_cautions(r, names, models, text);
    hra_buffer_printf(text, "  \"rows\": {\"in\": %lld, \"scored\": %lld, \"rejected\": %lld},\n",
                      (long long)r->rows_in, (long long)r->rows_scored, (long long)r->rows_rejected);
    if (hra_consent_left_out(&r->consent) > 0)
        hra_buffer_printf(text, "  \"without_consent\": {\"declined\": %lld, \"not_asked\": %lld},\n",
                          (long long)r->consent.declined, (long long)r->consent.not_asked);
    write_account(r, text);
    if (r->values)
        hra_buffer_printf(text, "  \"values\": {\"rejected\": %lld, \"implausible\": %lld},\n",
                          (long long)r->values->rejected, (long long)r->values->implausible);
    if (r->facts.bytes_read > 0) hra_buffer_printf(text, "  \"bytes_read\": %lld,\n", (long long)r->facts.bytes_read);
    write_times(r, text);
    hra_buffer_printf(text,
                      "  \"program\": {\"graph_nodes\": %d, \"instructions\": %d, \"slots\": %d, \"tables\": %d, "
                      "\"table_bytes\": %zu, \"block_rows\": %d},\n  \"threads\": %d\n}\n",
                      r->program.graph_nodes, r->program.instructions, r->program.slots, r->program.tables,
                      r->program.table_bytes, r->program.block_rows, r->threads);
    return text->failed ? hra_out_of_memory(error) : HRA_OK;
}

hra_code hra_run_report_form(const hra_run_report *report, const char *path, hra_atomic_file **out, hra_error *error)
{
    hra_buffer text = {0};
    *out = NULL;
    hra_code code = form(report, &text, error);
    if (code == HRA_OK) code = hra_atomic_open(path, out, error);
    if (code == HRA_OK && (fwrite(text.bytes, 1, text.length, hra_atomic_stream(*out)) != text.length ||
                           fflush(hra_atomic_stream(*out)) != 0)) {
        code = hra_fail(error, HRA_EIO, "%s: writing failed: %m", path);
        hra_atomic_abandon(*out);
        *out = NULL;
    }
    hra_buffer_destroy(&text);
    return code;
}

/* "import checkup" is the key stage.import_checkup. */
const char *hra_run_stage_title(const hra_words *words, const char *name)
{
    char key[64];
    snprintf(key, sizeof key, "%s", name);
    for (char *c = key; *c; c++)
        if (*c == ' ') *c = '_';
    return hra_text_of(words, "stage", key, name);
}
