/* Scoring of a run: one pass over the population, to all files about people and groups. */
#include "base/stopwatch.h"
#include "cli/run.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/person/person_view.h"

enum { MAX_SINKS = 8 };

static void want_let(void *context, const char *name)
{
    hra_run_state *s = context;
    for (int i = 0; i < s->let_count; i++)
        if (strcmp(s->lets[i], name) == 0) return;
    if (s->let_count == s->let_capacity) {
        int capacity = s->let_capacity ? s->let_capacity * 2 : 32;
        const char **lets = realloc(s->lets, (size_t)capacity * sizeof *lets);
        if (!lets) return; /* the text prints "?" for it */
        s->lets = lets;
        s->let_capacity = capacity;
    }
    s->lets[s->let_count++] = name;
}

static int group_label(const hra_schema *schema)
{
    for (int l = 0; l < schema->label_count; l++)
        if (strcmp(hra_dictionary_at(schema->dictionary, schema->labels[l])->name, "group_id") == 0) return l;
    return -1;
}

/* Last year's values stand beside those of today. */
static hra_code open_earlier(hra_run_state *s, hra_error *error)
{
    const hra_run_request *o = s->options;
    if (!o->previous) return HRA_OK;
    hra_previous_request request = {.results = o->previous,
                                    .beside = hra_run_path(s, "results.h5"),
                                    .dictionary = hra_library_dictionary(s->library),
                                    .key_fingerprint = hra_setup_key_fingerprint(&s->input),
                                    .threads = s->scoring.threads,
                                    .stop = &hra_setup_stop};
    return hra_previous_open(&request, &s->earlier, error);
}

static const char *details_name(hra_run_state *s, hra_packing packing)
{
    return hra_arena_printf(s->arena, "persons.jsonl%s", hra_packing_ending(packing));
}

/* What an earlier run left in another packing would stand beside results that it does not belong to. */
static hra_code remove_other_details(hra_run_state *s, hra_error *error)
{
    const hra_run_request *o = s->options;
    const bool written[] = {[HRA_PACKING_ZSTD] = !o->no_details && !o->gzip_details,
                            [HRA_PACKING_GZIP] = !o->no_details && o->gzip_details};
    for (int packing = HRA_PACKING_ZSTD; packing <= HRA_PACKING_GZIP; packing++) {
        const char *name = details_name(s, (hra_packing)packing), *path = name ? hra_run_path(s, name) : NULL;
        if (!path) return hra_out_of_memory(error);
        if (!written[packing] && unlink(path) != 0 && errno != ENOENT)
            return hra_fail(error, HRA_EIO, "cannot remove %s of an earlier run: %m", path);
    }
    return HRA_OK;
}

static hra_code open_sinks(hra_run_state *s, hra_sink **sinks, int *count, hra_error *error)
{
    const hra_run_request *o = s->options;
    hra_scoring *k = &s->scoring;
    const hra_schema *schema = s->input.source->schema;
    const hra_graph *graph = hra_plan_graph(k->plan);
    hra_person_file_options people = {.format = HRA_PERSON_CSV,
                                      .language = o->language,
                                      .threads = k->threads,
                                      .as_of = s->request.as_of,
                                      .signoffs = s->signoffs};
    hra_result_provenance provenance = {.definitions_hash = hra_library_hash(s->library),
                                        .engine_version = HRA_VERSION,
                                        .input_hash = "",
                                        .panel = s->request.panel,
                                        .command = "hra run",
                                        .key_fingerprint = hra_setup_key_fingerprint(&s->input),
                                        .as_of = o->as_of,
                                        .outside_range = o->range ? o->range : "compute"};
    hra_result_options results = {.rows = s->input.source->rows, .drops = true};
    HRA_TRY(hra_catalogue_new(s->library, k->outputs, k->output_count, &s->catalogue, error));
    HRA_TRY(hra_group_summary_new(k->outputs, k->output_count, schema, group_label(schema), &s->summary, error));
    sinks[(*count)++] = hra_group_summary_sink(s->summary);
    HRA_TRY(hra_run_groups_open(s, error));
    sinks[(*count)++] = hra_group_files_sink(s->groups);
    HRA_TRY(hra_result_writer_new(hra_run_output(s, "results.h5"), k->outputs, k->output_count, schema, &provenance,
                                  &results, &s->results, error));
    sinks[(*count)++] = hra_result_writer_sink(s->results);
    HRA_TRY(
        hra_person_file_new(hra_run_output(s, "persons.csv"), s->catalogue, graph, schema, &people, &s->people, error));
    sinks[(*count)++] = hra_person_file_sink(s->people);
    HRA_TRY(remove_other_details(s, error));
    if (o->no_details) return HRA_OK;
    HRA_TRY(open_earlier(s, error));
    HRA_TRY(hra_run_open_runs(s, error));
    people.previous = s->earlier;
    people.runs = s->runs;
    people.format = HRA_PERSON_JSON;
    people.packing = o->gzip_details ? HRA_PACKING_GZIP : HRA_PACKING_ZSTD;
    const char *details = details_name(s, people.packing);
    if (!details) return hra_out_of_memory(error);
    HRA_TRY(hra_person_file_new(hra_run_output(s, details), s->catalogue, graph, schema, &people, &s->details, error));
    sinks[(*count)++] = hra_person_file_sink(s->details);
    return HRA_OK;
}

/* The information list shows all columns; without it the program's and those of the invitations do. */
static hra_code want_columns(hra_run_state *s, hra_error *error)
{
    size_t columns = (size_t)s->input.source->schema->column_count;
    bool *wanted = hra_arena_alloc(s->arena, columns + 1);
    if (!wanted) return hra_out_of_memory(error);
    hra_program_columns(s->scoring.program, wanted);
    hra_group_files_want(s->groups, wanted);
    if (!s->options->no_details) memset(wanted, true, columns);
    s->input.source->wanted = wanted;
    return HRA_OK;
}

hra_code hra_run_score(hra_run_state *s, hra_error *error)
{
    hra_sink *sinks[MAX_SINKS];
    int count = 0;
    double start = hra_seconds();
    hra_person_texts_lets(s->library, want_let, s);
    s->request.lets = s->lets;
    s->request.let_count = s->let_count;
    HRA_TRY(hra_scoring_prepare(s->library, s->input.source, &s->request, &s->scoring, error));
    hra_run_report_stage(&s->report, "compile", hra_seconds() - start);
    HRA_TRY(open_sinks(s, sinks, &count, error));
    s->input.source->want_keys = true;
    s->input.source->want_marks = !s->options->no_details;
    HRA_TRY(want_columns(s, error));
    HRA_TRY(hra_scoring_run(&s->scoring, s->input.source, sinks, count, "scoring", 0, error));
    hra_run_report_stage(&s->report, "score", s->scoring.facts.seconds_wall);
    HRA_TRY(hra_result_writer_finish(s->results, error));
    HRA_TRY(hra_person_file_finish(s->people, error));
    if (s->details) HRA_TRY(hra_person_file_finish(s->details, error));
    return hra_run_groups_write(s, error);
}
