/* hra explain: one person's evaluation, term by term. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/plain_text.h"
#include "cli/command.h"
#include "cli/setup.h"
#include "engine/run/explain.h"

int hra_cmd_explain(int argc, char **argv);

typedef struct explain_options {
    const char *person, *intervention;
    hra_what_options what;
    long long row;
    hra_texts definitions;
    hra_input_options input;
    bool factors, tiers, prescriptions, json;
} explain_options;

typedef struct explain_state {
    hra_library *library;
    hra_input input;
    hra_list models;
    hra_plan_request request;
    hra_plan *plan;
    hra_judge *judge;
    double *inputs; /* of the person, one per column */
    char key[512];  /* as the source knows the person */
    int64_t row;    /* from 1 */
    hra_buffer text;
} explain_state;

/* ---- what is asked */

static hra_code check_options(const explain_options *o, explain_state *s, hra_error *error)
{
    hra_plan_request *q = &s->request;
    if (!o->person == (o->row == 0))
        return hra_fail(error, HRA_EUSAGE, "give either --person KEY or --row N (counted from 1)");
    if (o->row < 0) return hra_fail(error, HRA_EUSAGE, "--row is counted from 1");
    HRA_TRY(hra_setup_request(&o->what, &s->models, q, error));
    q->factors = o->factors;
    q->tiers = o->tiers;
    q->prescriptions = o->prescriptions;
    q->what_if = o->intervention;
    q->intervention = o->intervention;
    q->share = false; /* the plain tree: formulas read as they were written */
    return HRA_OK;
}

static hra_code open_input(const explain_options *o, int count, char **paths, explain_state *s, hra_error *error)
{
    hra_csv_options csv = {.duplicates = HRA_DUPLICATE_KEEP_ALL};
    if (!hra_setup_csv_options(&o->input, &csv, error)) return error->code;
    csv.reject_path = o->input.rejects;
    return hra_setup_input((const char *const *)paths, count, s->library, &o->input, &csv, &s->input, error);
}

/* ---- the person */

/* A key file turns the identifier into the key that stores and hashed inputs have. */
static hra_code person_key(const explain_options *o, explain_state *s, hra_error *error)
{
    if (!o->person) return HRA_OK;
    if (!o->input.key) {
        if (strlen(o->person) >= sizeof s->key) return hra_fail(error, HRA_EUSAGE, "--person is too long");
        snprintf(s->key, sizeof s->key, "%s", o->person);
        return HRA_OK;
    }
    hra_identity *identity = NULL;
    char hashed[HRA_KEY_TEXT];
    HRA_TRY(hra_identity_load(o->input.key, &identity, error));
    hra_identity_hash(identity, o->input.issuer ? o->input.issuer : "", o->person, strlen(o->person), hashed);
    hra_identity_free(identity);
    memcpy(s->key, hashed, sizeof hashed);
    return HRA_OK;
}

/* The row of the chunk that is asked for, or -1. Without keys a person's key is the row number. */
static int find_in_chunk(const explain_options *o, const explain_state *s, const hra_chunk *chunk, int64_t rows_before)
{
    for (int row = 0; row < chunk->rows; row++) {
        char number[32];
        snprintf(number, sizeof number, "%lld", (long long)(rows_before + row + 1));
        const char *key = chunk->keys && chunk->keys[row] ? chunk->keys[row] : number;
        if (o->person ? strcmp(key, s->key) == 0 : rows_before + row + 1 == o->row) return row;
    }
    return -1;
}

static void take_person(explain_state *s, const hra_chunk *chunk, int row, int64_t rows_before)
{
    s->row = rows_before + row + 1;
    hra_chunk_person(s->input.source->schema, chunk, row, s->inputs);
    if (chunk->keys && chunk->keys[row])
        snprintf(s->key, sizeof s->key, "%s", chunk->keys[row]);
    else
        snprintf(s->key, sizeof s->key, "%lld", (long long)s->row);
}

static hra_code find_person(const explain_options *o, explain_state *s, hra_error *error)
{
    hra_source *source = s->input.source;
    int64_t rows = 0;
    s->inputs = calloc((size_t)source->schema->column_count + 1, sizeof *s->inputs);
    if (!s->inputs) return hra_out_of_memory(error);
    source->want_keys = true;
    HRA_TRY(person_key(o, s, error));
    while (s->row == 0) {
        int64_t sequence;
        void *ticket = NULL;
        hra_chunk chunk = {0};
        HRA_TRY(source->claim(source, &sequence, &ticket, error));
        if (sequence < 0) break;
        HRA_TRY(source->fill(source, sequence, ticket, &chunk, error));
        int row = find_in_chunk(o, s, &chunk, rows);
        if (row >= 0) take_person(s, &chunk, row, rows);
        rows += chunk.rows;
        source->release(source, &chunk);
    }
    if (s->row > 0) return HRA_OK;
    if (o->person)
        return hra_fail(error, HRA_EINPUT, "nobody among the %lld people of the input has this key%s", (long long)rows,
                        o->input.key ? "" : "; where identifiers are hashed, give --key FILE");
    return hra_fail(error, HRA_EINPUT, "--row %lld: the input has only %lld people", o->row, (long long)rows);
}

/* ---- the explanation */

enum { MOST_SOURCES = 16 };

static int collect_sources(const hra_declaration *declaration, const char **sources)
{
    int count = 0;
    for (int i = 0; declaration && i < declaration->property_count && count < MOST_SOURCES; i++)
        if (strcmp(declaration->properties[i].key, "source") == 0) sources[count++] = declaration->properties[i].value;
    return count;
}

/* One section for the outputs of one declaration. */
static hra_code explain_section(const explain_options *o, explain_state *s, const hra_output *outputs, int count,
                                hra_error *error)
{
    const char *sources[MOST_SOURCES];
    const hra_declaration *declaration = hra_library_find(s->library, outputs[0].owner);
    hra_explain_heading heading = {.id = outputs[0].owner, .sources = sources};
    heading.title = declaration ? hra_declaration_text(declaration, "title", "en") : NULL;
    heading.source_count = collect_sources(declaration, sources);
    return hra_explain(hra_plan_graph(s->plan), s->judge, s->input.source->schema, outputs, count, &heading, o->json,
                       &s->text, error);
}

static hra_code explain_outputs(const explain_options *o, explain_state *s, hra_error *error)
{
    int count = 0;
    const hra_output *outputs = hra_plan_outputs(s->plan, &count);
    for (int i = 0; i < count;) {
        int end = i + 1;
        while (end < count && strcmp(outputs[end].owner, outputs[i].owner) == 0) end++;
        if (i > 0) hra_buffer_text(&s->text, o->json ? ",\n" : "\n\n");
        HRA_TRY(explain_section(o, s, outputs + i, end - i, error));
        i = end;
    }
    return HRA_OK;
}

static hra_code write_explanation(const explain_options *o, explain_state *s, hra_error *error)
{
    if (o->json) {
        hra_buffer_text(&s->text, "{\"person\":");
        hra_buffer_json(&s->text, s->key);
        hra_buffer_printf(&s->text, ",\"row\":%lld,\"explanations\":[\n", (long long)s->row);
    } else {
        hra_buffer_printf(&s->text, "Person %s (row %lld)\n\n", s->key, (long long)s->row);
    }
    HRA_TRY(explain_outputs(o, s, error));
    if (o->json) hra_buffer_text(&s->text, "\n]}\n");
    if (s->text.failed) return hra_out_of_memory(error);
    if (!o->json) hra_plain_lines(s->text.bytes);
    fwrite(s->text.bytes, 1, s->text.length, stdout); /* main closes the stream and sees a full disk */
    return HRA_OK;
}

static hra_code explain(const explain_options *o, int count, char **paths, explain_state *s, hra_error *error)
{
    HRA_TRY(check_options(o, s, error));
    HRA_TRY(hra_setup_library(&o->definitions, &s->library, error));
    HRA_TRY(open_input(o, count, paths, s, error));
    HRA_TRY(hra_plan_new(s->library, s->input.source->schema, &s->request, &s->plan, error));
    HRA_TRY(find_person(o, s, error));
    s->judge = hra_judge_new(hra_plan_graph(s->plan));
    if (!s->judge) return hra_out_of_memory(error);
    hra_judge_person(s->judge, s->inputs);
    return write_explanation(o, s, error);
}

static void destroy(explain_state *s)
{
    hra_judge_free(s->judge);
    hra_plan_free(s->plan);
    hra_setup_close(&s->input);
    hra_list_destroy(&s->models);
    hra_library_free(s->library);
    hra_buffer_destroy(&s->text);
    free(s->inputs);
}

int hra_cmd_explain(int argc, char **argv)
{
    explain_options o = {0};
    const hra_option options[] = {
        {"person", 0, HRA_OPTION_TEXT, &o.person, "KEY", "the person's key, or with --key the identifier"},
        {"row", 0, HRA_OPTION_LONG, &o.row, "N", "the N-th person of the input instead, counted from 1"},
        {"models", 'm', HRA_OPTION_TEXT, &o.what.models, "ID,ID", "models to explain ('hra models list')"},
        {"panel", 'p', HRA_OPTION_TEXT, &o.what.panel, "NAME", "a panel and its models (default: china_corporate)"},
        {"definitions", 'd', HRA_OPTION_TEXTS, &o.definitions, "FILE", "more definitions; may be repeated"},
        {"factors", 0, HRA_OPTION_FLAG, &o.factors, NULL, "also the risk factors"},
        {"tiers", 0, HRA_OPTION_FLAG, &o.tiers, NULL, "also the tiers"},
        {"prescriptions", 0, HRA_OPTION_FLAG, &o.prescriptions, NULL, "also the prescriptions"},
        {"if", 0, HRA_OPTION_TEXT, &o.intervention, "ID", "also what this intervention sets, and the risks after it"},
        {"outside-range", 0, HRA_OPTION_TEXT, &o.what.range, "WHAT",
         "compute (default), blank or clamp, as in 'hra score'"},
        {"as-of", 0, HRA_OPTION_TEXT, &o.what.as_of, "DAY", "reference day for ages and dates, YYYY-MM-DD"},
        {"json", 0, HRA_OPTION_FLAG, &o.json, NULL, "JSON with all digits instead of text"},
        HRA_INPUT_OPTIONS(o.input),
        {0}};
    const hra_usage usage = {
        "explain", "INPUT --person KEY | --row N [options]",
        "Shows how the results of one person are computed: inputs, every term of every sum with its coefficient,\n"
        "contribution and running sum, the stratum and the substitutes used, results and their status.",
        options, "Example: hra explain people.csv --row 1 --models china_par_2016"};
    int status = hra_options_parse(&usage, &argc, argv);
    if (status >= 0) return status;
    if (argc < 2) {
        fprintf(stderr, "hra explain: no input given; see 'hra explain --help'\n");
        return HRA_EUSAGE;
    }
    hra_error error = {0};
    explain_state state = {0};
    hra_code code = explain(&o, argc - 1, argv + 1, &state, &error);
    destroy(&state);
    return code == HRA_OK ? HRA_OK : hra_report_error("explain", &error);
}
