/* What hra score works with: definitions, input, outputs. */
#include <stdlib.h>
#include <string.h>

#include "base/team.h"
#include "cli/score.h"
#include "io/people/population_store.h"
#include "io/tables/input_hash.h"

/* Where nothing but risks is asked for, of the definitions only what they need is read. The name of a kept column may
 * be that of any declaration. */
static hra_code open_library(const hra_score_options *o, hra_score_state *s, hra_error *error)
{
    const hra_plan_request *q = &s->request;
    bool more = q->factors || q->tiers || q->prescriptions || q->items || q->monitors || q->topics || q->references ||
                q->what_if || q->ideal || q->risk_age || o->input.keep;
    if (more) return hra_setup_library(&o->definitions, &s->library, error);
    const char *const *names = q->panel ? &q->panel : q->models;
    return hra_setup_narrow_library(&o->definitions, names, q->panel ? 1 : q->model_count, &s->library, error);
}

/* What a store says of itself, and what its people brought along. Where that cannot be read, hra_setup_keep tries
 * again, and tells. */
static void look_at_store(const char *path, hra_score_state *s)
{
    hra_error unused;
    if (hra_summary_open(path, &s->known, &unused) != HRA_OK) return;
    s->keep = hra_keep_new();
    if (s->keep && hra_keep_from_summary(s->keep, s->known.summary, path, &unused) == HRA_OK) return;
    hra_keep_free(s->keep);
    s->keep = NULL;
}

static hra_code claim_outputs(const hra_score_options *o, hra_score_state *s, hra_error *error)
{
    if (!hra_score_to_stdout(o)) HRA_TRY(hra_lock_take(hra_score_main_output(o), &s->lock, error));
    if (o->groups) HRA_TRY(hra_atomic_try(o->groups, error));
    return o->report ? hra_atomic_try(o->report, error) : HRA_OK;
}

static void claim_before(const hra_score_options *o, hra_score_state *s)
{
    s->claim = claim_outputs(o, s, &s->claim_error);
    s->claimed = true;
}

hra_code hra_score_claim_outputs(const hra_score_options *o, hra_score_state *s, hra_error *error)
{
    if (!s->claimed) claim_before(o, s);
    if (s->claim != HRA_OK) *error = s->claim_error;
    return s->claim;
}

/* Definitions, and a look at the store and at the places of the outputs: neither needs the other. */
typedef struct opening {
    const hra_score_options *options;
    const char *path; /* of a store; NULL: there is none */
    hra_score_state *state;
    hra_error *error;
    hra_code code;
} opening;

static void open_part(void *context, int thread)
{
    opening *open = context;
    if (thread == 0) {
        open->code = open_library(open->options, open->state, open->error);
    } else if (open->path) {
        look_at_store(open->path, open->state);
        claim_before(open->options, open->state);
    }
}

hra_code hra_score_open_definitions(const hra_score_options *o, const char *path, hra_score_state *s, hra_error *error)
{
    bool store = !o->input.keep && hra_is_store(path);
    opening open = {.options = o, .path = store ? path : NULL, .state = s, .error = error};
    hra_team_run(store && s->scoring.threads > 1 ? 2 : 1, open_part, &open);
    if (open.code == HRA_OK && s->scoring.threads == 1) open_part(&open, 1);
    return open.code;
}

hra_code hra_score_open_input(const hra_score_options *o, int count, char **paths, hra_csv_options *csv,
                              hra_score_state *s, hra_error *error)
{
    csv->reject_path = o->input.rejects;
    if (!csv->reject_path && !hra_score_to_stdout(o)) {
        hra_buffer_printf(&s->reject_path, "%s.rejects.csv", hra_score_main_output(o));
        csv->reject_path = s->reject_path.bytes;
    }
    hra_input_options input = o->input;
    input.known = &s->known;
    HRA_TRY(hra_setup_input((const char *const *)paths, count, s->library, &input, csv, &s->input, error));
    if (!s->input.is_store) s->hashes = hra_hash_memory_start((const char *const *)paths, count);
    return HRA_OK;
}

/* A store has said its hash when it was opened, unless it lacks checksums. */
static hra_code know_input(hra_score_state *s, const char *path, hra_error *error)
{
    bool of_content;
    if (!s->input.is_store) return HRA_OK;
    const char *stated = hra_store_content_hash(s->input.source);
    if (!*stated) return hra_input_hash(path, s->input_hash, &of_content, error);
    snprintf(s->input_hash, sizeof s->input_hash, "%s", stated);
    return HRA_OK;
}

hra_code hra_score_open_output(const hra_score_options *o, const char *path, hra_score_state *s, hra_error *error)
{
    const hra_scoring *k = &s->scoring;
    if (!hra_score_to_store(o)) {
        hra_result_csv_options csv = {.full_precision = o->precision && strcmp(o->precision, "full") == 0,
                                      .threads = k->threads};
        return hra_result_csv_new(o->output, hra_plan_graph(k->plan), k->outputs, k->output_count,
                                  s->input.source->schema, &csv, &s->csv, error);
    }
    /* all that changes values is part of the identity a resumed run must share */
    hra_buffer_printf(&s->command, "hra score --outside-range %s --as-of %s", o->what.range ? o->what.range : "compute",
                      o->what.as_of ? o->what.as_of : "unknown");
    if (s->command.failed) return hra_out_of_memory(error);
    HRA_TRY(know_input(s, path, error));
    hra_result_provenance provenance = {.definitions_hash = hra_library_hash(s->library),
                                        .engine_version = HRA_VERSION,
                                        .input_hash = s->input_hash,
                                        .panel = s->request.panel ? s->request.panel : "",
                                        .command = s->command.bytes,
                                        .key_fingerprint = hra_setup_key_fingerprint(&s->input),
                                        .as_of = o->what.as_of,
                                        .outside_range = o->what.range ? o->what.range : "compute"};
    hra_result_options options = {.f64 = o->result_type && strcmp(o->result_type, "f64") == 0,
                                  .resume = o->resume,
                                  .rows = s->input.source->rows};
    return hra_result_writer_new(o->output, k->outputs, k->output_count, s->input.source->schema, &provenance, &options,
                                 &s->store, error);
}

hra_code hra_score_open_sums(hra_score_state *s, hra_error *error)
{
    const hra_scoring *k = &s->scoring;
    const hra_schema *schema = s->input.source->schema;
    return hra_group_sums_new(k->outputs, k->output_count, hra_program_status_sets(k->program), schema,
                              hra_schema_find_label(schema, "group_id"), k->threads, &s->sums, error);
}
