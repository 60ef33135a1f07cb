#include "report/person/urgent_list.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "engine/language/plan.h"
#include "engine/graph/judge.h"
#include "io/files/atomic_file.h"
#include "report/models/catalogue.h"
#include "report/person/person_files.h"
#include "report/person/person_text.h"
#include "report/tools/texts.h"
#include "report/person/urgent_kept.h"
#include "service/signoff/content.h"

struct hra_urgent {
    hra_sink base;
    hra_urgent_options options;
    hra_words *words;
    const hra_library *library;
    const hra_schema *schema;
    hra_plan *plan;
    hra_program *program;
    hra_catalogue *catalogue; /* urgent findings, and doubts about their values */
    bool *is_doubt;           /* by factor of the catalogue */
    hra_judge **judges;       /* one per thread, for values beyond the limits */
    double **inputs;          /* likewise: a person's row */
    hra_atomic_file *file;
    hra_urgent_kept *kept; /* NULL: nothing is kept */
};

/* What `prepare` hands to `commit`. */
typedef struct piece {
    hra_buffer text;
} piece;

/* ---- one line ----------------------------------------------------------------- */

static void write_origin(const hra_urgent *u, const hra_chunk *chunk, int row, hra_buffer *out)
{
    static const char *const labels[] = {"group_id", "branch", "department"};
    hra_buffer_csv(out, chunk->keys && chunk->keys[row] ? chunk->keys[row] : "");
    for (int l = 0; l < 3; l++) {
        const char *label = hra_chunk_label(u->schema, chunk, row, labels[l]);
        hra_buffer_char(out, ',');
        hra_buffer_csv_foreign(out, label, strlen(label));
    }
    int file = chunk->source_files ? chunk->source_files[row] : -1;
    const char *name = file >= 0 && file < u->options.file_count ? u->options.files[file] : "";
    hra_buffer_char(out, ',');
    hra_buffer_csv_foreign(out, name, strlen(name));
    hra_buffer_printf(out, chunk->source_lines ? ",%lld" : ",",
                      (long long)(chunk->source_lines ? chunk->source_lines[row] : 0));
}

static bool is_chinese(const hra_urgent *u) { return strcmp(u->options.language, "zh") == 0; }

/* "sbp 187 mmHg", or as people write it: "Systolic pressure: 187 mmHg". */
static void write_value(const hra_urgent *u, const hra_person *person, int column, bool in_words, hra_buffer *out)
{
    const hra_column *c = &u->schema->columns[column];
    const hra_variable *v = hra_dictionary_at(u->schema->dictionary, c->variable);
    const char *unit = c->unit ? c->unit : "";
    const char *label = is_chinese(u) ? v->label_zh : v->label_en;
    hra_buffer_text(out, in_words && *label ? label : v->name);
    hra_buffer_text(out, !in_words ? " " : is_chinese(u) ? "：" : ": ");
    hra_person_input_text(person, column, u->options.language, out);
    if (*unit) hra_buffer_printf(out, " %s", in_words ? hra_text_of(u->words, "unit", unit, unit) : unit);
}

/* The values the finding was made from: those of the variables it reads that are known. */
static void write_values(const hra_urgent *u, const hra_declaration *d, const hra_person *person, bool in_words,
                         hra_buffer *out)
{
    hra_buffer_char(out, ',');
    size_t start = out->length;
    for (int i = 0; i < d->input_count; i++) {
        int variable = hra_dictionary_find(u->schema->dictionary, d->inputs[i]);
        for (int c = 0; c < u->schema->column_count; c++) {
            if (u->schema->columns[c].variable != variable || isnan(person->inputs[c])) continue;
            if (out->length > start) hra_buffer_text(out, in_words && is_chinese(u) ? "；" : "; ");
            write_value(u, person, c, in_words, out);
        }
    }
    hra_buffer_csv_since(out, start);
}

static void write_deadline(const hra_urgent *u, const hra_declaration *d, hra_buffer *out)
{
    const char *days = hra_declaration_text(d, "deadline_days", "en");
    char day[HRA_DAY_TEXT];
    hra_buffer_printf(out, ",%s,", days ? days : "");
    if (days && !isnan(u->options.as_of)) hra_buffer_text(out, hra_day_text(u->options.as_of + atof(days), day));
}

static void write_line(const hra_urgent *u, int factor, const hra_chunk *chunk, const hra_person *person, bool verify,
                       piece *out)
{
    const hra_declaration *d = u->catalogue->factors[factor].declaration;
    const char *title = hra_declaration_text(d, "title", u->options.language);
    const char *action = hra_declaration_text(d, "action", u->options.language);
    write_origin(u, chunk, person->row, &out->text);
    hra_buffer_printf(&out->text, ",%s,", d->id);
    hra_buffer_csv(&out->text, title ? title : "");
    write_values(u, d, person, false, &out->text);
    write_values(u, d, person, true, &out->text);
    hra_buffer_char(&out->text, ',');
    hra_buffer_csv(&out->text, action ? action : "");
    write_deadline(u, d, &out->text);
    hra_buffer_text(&out->text, verify ? ",verify now\n" : ",new\n");
}

/* ---- doubts -------------------------------------------------------------------- */

static bool reads(const hra_declaration *d, const char *variable)
{
    for (int i = 0; i < d->input_count; i++)
        if (strcmp(d->inputs[i], variable) == 0) return true;
    return false;
}

static bool is_quality_rule(const hra_declaration *d)
{
    const char *group = d->kind == HRA_DECLARATION_FACTOR ? hra_declaration_text(d, "group", "en") : NULL;
    return group && strcmp(group, "quality") == 0;
}

/* Of a rule on quality: it reads nothing but values that the finding is made from, such as pressures that are the wrong
 * way round. */
static bool is_doubt_about(const hra_declaration *rule, const hra_declaration *finding)
{
    for (int i = 0; i < rule->input_count; i++)
        if (!reads(finding, rule->inputs[i])) return false;
    return rule->input_count > 0;
}

/* The finding stands, but somebody has to look at its values first. */
static bool is_doubted(const hra_urgent *u, int finding, const hra_results *results, int row)
{
    const hra_rule_output *factors = u->catalogue->factors;
    for (int f = 0; f < u->catalogue->factor_count; f++)
        if (u->is_doubt[f] && hra_results_true(results, factors[f].output, row) &&
            is_doubt_about(factors[f].declaration, factors[finding].declaration))
            return true;
    return false;
}

static bool is_found(const hra_urgent *u, int factor, const hra_results *results, int row)
{
    return !u->is_doubt[factor] && hra_results_true(results, u->catalogue->factors[factor].output, row);
}

/* ---- chunks ---------------------------------------------------------------------- */

/* Not a measurement: 0, -1, 999, 99.9, 8888, which exports write where nothing was measured; and numbers far off, a
 * telephone number in a shifted column. */
static bool is_no_measurement(const hra_schema *schema, const hra_exception *beyond)
{
    const hra_column *column = &schema->columns[beyond->column];
    const hra_variable *v = hra_dictionary_at(schema->dictionary, column->variable);
    double far_off = 20 * fmax(fabs(v->hard_max),
                               fabs((double)(column->first + (int64_t)column->levels)) / hra_pow10(column->decimals));
    char text[32], digits[32];
    size_t length = 0;
    if (!(beyond->value > 0) || beyond->value > far_off) return true;
    snprintf(text, sizeof text, "%.6g", beyond->value);
    for (const char *c = text; *c; c++)
        if (*c != '.') digits[length++] = *c;
    digits[length] = '\0';
    return length >= 3 && (strspn(digits, "9") == length || strspn(digits, "8") == length);
}

static bool is_beyond(const hra_chunk *chunk, int row, int *at)
{
    while (*at < chunk->beyond_count && chunk->beyond[*at].row < row) ++*at;
    return *at < chunk->beyond_count && chunk->beyond[*at].row == row;
}

/* The rules once more with the values that were rejected as data. */
static void judge_beyond(const hra_urgent *u, int thread, const hra_chunk *chunk, const hra_results *results,
                         hra_person *person, int at, piece *out)
{
    double *inputs = u->inputs[thread];
    for (int i = at; i < chunk->beyond_count && chunk->beyond[i].row == person->row; i++)
        if (!is_no_measurement(u->schema, &chunk->beyond[i])) inputs[chunk->beyond[i].column] = chunk->beyond[i].value;
    hra_judge_person(u->judges[thread], inputs);
    for (int f = 0; f < u->catalogue->factor_count; f++) {
        int output = u->catalogue->factors[f].output;
        if (u->is_doubt[f] || hra_results_true(results, output, person->row)) continue; /* listed already */
        if (hra_judge_value(u->judges[thread], u->catalogue->outputs[output].value) == 1)
            write_line(u, f, chunk, person, true, out);
    }
}

static void read_row(const hra_urgent *u, int thread, const hra_chunk *chunk, const hra_results *results, int row,
                     int *at, piece *out)
{
    bool beyond = is_beyond(chunk, row, at), found = false;
    for (int f = 0; f < u->catalogue->factor_count && !found; f++) found = is_found(u, f, results, row);
    if (!found && !beyond) return;
    hra_person person = {
        .catalogue = u->catalogue, .schema = u->schema, .inputs = u->inputs[thread], .results = results, .row = row};
    hra_chunk_person(u->schema, chunk, row, u->inputs[thread]);
    for (int f = 0; f < u->catalogue->factor_count; f++)
        if (is_found(u, f, results, row)) write_line(u, f, chunk, &person, is_doubted(u, f, results, row), out);
    if (beyond) judge_beyond(u, thread, chunk, results, &person, *at, out);
}

static hra_code prepare(hra_sink *sink, int thread, const hra_chunk *chunk, const hra_results *results, void **prepared,
                        hra_error *error)
{
    const hra_urgent *u = (const hra_urgent *)sink;
    piece *out = calloc(1, sizeof *out);
    if (!out) return hra_fail(error, HRA_ENOMEM, "out of memory for urgent results");
    int at = 0;
    for (int row = 0; row < chunk->rows; row++) read_row(u, thread, chunk, results, row, &at, out);
    *prepared = out;
    if (!out->text.failed) return HRA_OK;
    return hra_fail(error, HRA_ENOMEM, "out of memory for urgent results");
}

static void discard(hra_sink *sink, void *prepared)
{
    piece *p = prepared;
    if (p) hra_buffer_destroy(&p->text);
    free(p);
}

static hra_code commit(hra_sink *sink, const hra_chunk *chunk, const hra_results *results, void *prepared,
                       hra_error *error)
{
    hra_urgent *u = (hra_urgent *)sink;
    piece *p = prepared;
    size_t length = p->text.length;
    hra_code code = HRA_OK;
    if (length > 0 && fwrite(p->text.bytes, 1, length, hra_atomic_stream(u->file)) != length)
        code = hra_fail(error, HRA_EIO, "%s: writing failed: %m", hra_atomic_path(u->file));
    if (code == HRA_OK && u->kept) code = hra_urgent_kept_meet(u->kept, p->text.bytes, length, error);
    discard(sink, p);
    return code;
}

/* Lines of the list that is there, header included; false: there is none. */
static bool copy_lines(const char *path, FILE *out)
{
    char block[65536];
    FILE *in = fopen(path, "rb");
    if (!in) return false;
    for (size_t n; (n = fread(block, 1, sizeof block, in)) > 0;)
        fwrite(block, 1, n, out); /* commit checks the stream */
    fclose(in);
    return true;
}

/* ---- the list ----------------------------------------------------------------------- */

static bool doubts_any(const hra_library *library, const hra_declaration *rule)
{
    if (!is_quality_rule(rule)) return false;
    for (int i = 0; i < hra_library_declaration_count(library); i++) {
        const hra_declaration *d = hra_library_declaration(library, i);
        if (hra_content_is_urgent(d) && is_doubt_about(rule, d)) return true;
    }
    return false;
}

static hra_code urgent_factors(hra_urgent *u, hra_error *error)
{
    int count = hra_library_declaration_count(u->library), wanted = 0;
    const char **ids = calloc((size_t)count + 1, sizeof *ids);
    if (!ids) return hra_out_of_memory(error);
    for (int i = 0; i < count; i++) {
        const hra_declaration *d = hra_library_declaration(u->library, i);
        if (hra_content_is_urgent(d) || doubts_any(u->library, d)) ids[wanted++] = d->id;
    }
    hra_plan_request request = {.factor_ids = ids, .factor_count = wanted, .as_of = u->options.as_of, .share = true};
    hra_code code = wanted > 0 ? hra_plan_new(u->library, u->schema, &request, &u->plan, error) : HRA_OK;
    free(ids);
    return code;
}

static hra_code note_doubts(hra_urgent *u, hra_error *error)
{
    u->is_doubt = calloc((size_t)u->catalogue->factor_count + 1, sizeof *u->is_doubt);
    if (!u->is_doubt) return hra_out_of_memory(error);
    for (int f = 0; f < u->catalogue->factor_count; f++)
        u->is_doubt[f] = !hra_content_is_urgent(u->catalogue->factors[f].declaration);
    return HRA_OK;
}

static hra_code compile(hra_urgent *u, hra_error *error)
{
    int count = 0;
    HRA_TRY(urgent_factors(u, error));
    if (!u->plan) return HRA_OK;
    const hra_output *outputs = hra_plan_outputs(u->plan, &count);
    HRA_TRY(hra_catalogue_new(u->library, outputs, count, &u->catalogue, error));
    HRA_TRY(note_doubts(u, error));
    HRA_TRY(hra_program_compile(hra_plan_graph(u->plan), u->schema, outputs, count, NULL, &u->program, error));
    for (int t = 0; t < u->options.threads; t++) {
        u->judges[t] = hra_judge_new(hra_plan_graph(u->plan));
        u->inputs[t] = calloc((size_t)u->schema->column_count + 1, sizeof **u->inputs);
        if (!u->judges[t] || !u->inputs[t]) return hra_out_of_memory(error);
    }
    return HRA_OK;
}

hra_code hra_urgent_new(const char *path, const hra_library *library, const hra_schema *schema,
                        const hra_urgent_options *options, hra_urgent **out, hra_error *error)
{
    *out = NULL;
    if (!hra_library_is_whole(library)) return hra_fail(error, HRA_EINTERNAL, "not all definitions were read");
    hra_urgent *u = calloc(1, sizeof *u);
    if (!u) return hra_out_of_memory(error);
    *u = (hra_urgent){.base = {.prepare = prepare, .commit = commit, .discard = discard},
                      .options = *options,
                      .library = library,
                      .schema = schema};
    size_t threads = (size_t)(options->threads > 0 ? options->threads : 1);
    u->options.threads = (int)threads;
    const char **files = calloc((size_t)options->file_count + 1, sizeof *files);
    for (int f = 0; files && f < options->file_count; f++) files[f] = options->files[f];
    u->options.files = files;
    u->judges = calloc(threads, sizeof *u->judges);
    u->inputs = calloc(threads, sizeof *u->inputs);
    hra_code code = u->judges && u->inputs && files ? compile(u, error) : hra_out_of_memory(error);
    if (code == HRA_OK) code = hra_words_new(options->language, &u->words, error);
    if (code == HRA_OK && options->keeps) code = hra_urgent_kept_new(path, &u->kept, error);
    if (code == HRA_OK) code = hra_atomic_open(path, &u->file, error);
    if (code != HRA_OK) {
        hra_urgent_free(u);
        return code;
    }
    *out = u;
    if (options->goes_on && copy_lines(path, hra_atomic_stream(u->file))) return HRA_OK;
    fputs("person_id,group_id,branch,department,file,line,finding,title,values,readings,action,deadline_days,deadline,"
          "status\n",
          hra_atomic_stream(u->file));
    return HRA_OK;
}

const hra_program *hra_urgent_program(const hra_urgent *urgent) { return urgent->program; }

hra_sink *hra_urgent_sink(hra_urgent *urgent) { return &urgent->base; }

hra_code hra_urgent_finish(hra_urgent *urgent, hra_error *error)
{
    hra_atomic_file *file = urgent->file;
    if (file && urgent->kept) HRA_TRY(hra_urgent_kept_write(urgent->kept, hra_atomic_stream(file), error));
    urgent->file = NULL;
    return file ? hra_atomic_commit(file, error) : HRA_OK;
}

void hra_urgent_free(hra_urgent *u)
{
    if (!u) return;
    hra_atomic_abandon(u->file);
    hra_urgent_kept_free(u->kept);
    for (int t = 0; t < u->options.threads; t++) {
        if (u->judges) hra_judge_free(u->judges[t]);
        if (u->inputs) free(u->inputs[t]);
    }
    free((void *)u->options.files);
    free(u->judges);
    free(u->inputs);
    free(u->is_doubt);
    hra_words_free(u->words);
    hra_program_free(u->program);
    hra_catalogue_free(u->catalogue);
    hra_plan_free(u->plan);
    free(u);
}
