/* hra score: risks for every person of a store or CSV file. */
#include <stdio.h>
#include <stdlib.h>

#include "base/stopwatch.h"
#include "base/team.h"
#include "cli/command.h"
#include "cli/score.h"
#include "io/people/population_store.h"
#include "report/group/group_sums_csv.h"

int hra_cmd_score(int argc, char **argv);

/* Without results by person nothing but the groups is read of who they are. */
static hra_code want_groups_alone(hra_score_state *s, hra_error *error)
{
    const hra_schema *schema = s->input.source->schema;
    int group = hra_schema_find_label(schema, "group_id");
    s->wanted_labels = calloc((size_t)schema->label_count + 1, sizeof *s->wanted_labels);
    if (!s->wanted_labels) return hra_out_of_memory(error);
    if (group >= 0) s->wanted_labels[group] = true;
    s->input.source->wanted_labels = s->wanted_labels;
    return HRA_OK;
}

static hra_code run_and_finish(const hra_score_options *o, hra_score_state *s, hra_error *error)
{
    hra_sink *sinks[2];
    int count = 0;
    int64_t first = s->store ? hra_result_writer_resume_at(s->store) : 0;
    if (s->sums) sinks[count++] = hra_group_sums_sink(s->sums);
    if (s->csv) sinks[count++] = hra_result_csv_sink(s->csv);
    if (s->store) sinks[count++] = hra_result_writer_sink(s->store);
    s->input.source->want_keys = o->output != NULL;
    if (!o->output) HRA_TRY(want_groups_alone(s, error));
    HRA_TRY(hra_scoring_run(&s->scoring, s->input.source, sinks, count, "scoring", first, error));
    if (!s->input.is_store) HRA_TRY(hra_csv_finish(s->input.source, error));
    if (s->sums) HRA_TRY(hra_group_sums_finish(s->sums, error));
    if (s->sums) HRA_TRY(hra_group_sums_csv_write(o->groups, s->sums, s->scoring.outputs, &s->sums_file, error));
    if (s->csv) HRA_TRY(hra_result_csv_finish(s->csv, &s->csv_file, error));
    return s->store ? hra_result_writer_finish(s->store, error) : HRA_OK;
}

/* What the run worked with; the files and what is told of them stay. */
static void close_run(hra_score_state *s)
{
    hra_hash_memory_end(s->hashes);
    hra_result_csv_free(s->csv);
    hra_result_writer_free(s->store);
    hra_group_sums_free(s->sums);
    hra_scoring_destroy(&s->scoring);
    hra_setup_close(&s->input);
    hra_library_free(s->library);
    hra_keep_free(s->keep);
    hra_summary_close(&s->known);
    s->hashes = NULL;
    s->csv = NULL;
    s->store = NULL;
    s->sums = NULL;
    s->library = NULL;
    s->keep = NULL;
}

/* Files that wait for the disk, and memory that is given back meanwhile. */
typedef struct ending {
    hra_score_state *state;
    hra_atomic_file *const *files;
    int file_count;
    hra_error *error;
    hra_code code;
} ending;

static void end_part(void *context, int thread)
{
    ending *e = context;
    if (thread == 0)
        e->code = hra_atomic_commit_all(e->files, e->file_count, e->error);
    else
        close_run(e->state);
}

/* Without a report, too, the results are there. */
static hra_code put_in_place(hra_score_state *s, hra_code reported, hra_error *error)
{
    enum { FILES = 3 };
    hra_atomic_file *const files[FILES] = {s->csv_file, s->sums_file, s->report_file};
    ending e = {.state = s, .files = files, .file_count = FILES, .error = reported == HRA_OK ? error : NULL};
    s->csv_file = s->sums_file = s->report_file = NULL;
    for (int i = 0; i < FILES; i++)
        if (files[i]) hra_atomic_begin_sync(files[i]);
    if (s->scoring.threads == 1) close_run(s);
    hra_team_run(s->scoring.threads == 1 ? 1 : 2, end_part, &e);
    return reported == HRA_OK ? e.code : reported;
}

/* By guesses nothing is said that might have to be taken back. */
static hra_code score_once(const hra_score_options *o, int count, char **paths, bool may_guess, hra_score_state *s,
                           hra_error *error)
{
    double start = hra_seconds();
    HRA_TRY(hra_score_check_options(o, s, error));
    HRA_TRY(hra_score_check_files(o, count, paths, error));
    s->scoring.threads = hra_setup_threads(o->threads);
    s->scoring.quiet = o->quiet;
    HRA_TRY(hra_score_open_definitions(o, paths[0], s, error));
    hra_csv_options csv = {.enforce_hard_limits = o->hard_limits, .duplicates = HRA_DUPLICATE_KEEP_ALL};
    if (!hra_setup_csv_options(&o->input, &csv, error)) return error->code;
    /* a store of results has room for hashes only: a row without identifier is rejected there, as in an import */
    csv.require_id = o->input.key && hra_score_to_store(o);
    HRA_TRY(hra_setup_keep(&o->definitions, (const char *const *)paths, count, &o->input, &csv, &s->library, &s->keep,
                           error));
    HRA_TRY(hra_score_claim_outputs(o, s, error));
    bool is_store = s->known.summary || hra_is_store(paths[0]);
    s->guesses = csv.guess_encoding = may_guess && !hra_score_to_stdout(o) && !is_store;
    HRA_TRY(hra_score_open_input(o, count, paths, &csv, s, error));
    HRA_TRY(hra_setup_check_columns("score", &s->input, o->quiet || s->guesses, error));
    s->scoring.group_sums = o->groups != NULL;
    s->scoring.statuses = !o->output              ? HRA_STATUSES_NONE
                          : hra_score_to_store(o) ? HRA_STATUSES_STORED
                                                  : HRA_STATUSES_ALL;
    HRA_TRY(hra_scoring_prepare(s->library, s->input.source, &s->request, &s->scoring, error));
    if (o->output) HRA_TRY(hra_score_open_output(o, paths[0], s, error));
    if (o->groups) HRA_TRY(hra_score_open_sums(s, error));
    double prepared = hra_seconds() - start;
    HRA_TRY(run_and_finish(o, s, error));
    if (s->guesses) HRA_TRY(hra_setup_check_columns("score", &s->input, o->quiet, error));
    hra_code reported = hra_score_write_report(o, count, paths, s, prepared, error);
    if (!o->quiet) hra_score_form_summary(o, s);
    HRA_TRY(put_in_place(s, reported, error));
    if (s->summary.bytes) fputs(s->summary.bytes, stderr);
    return HRA_OK;
}

static void destroy(hra_score_state *s)
{
    close_run(s);
    free(s->wanted_labels);
    hra_list_destroy(&s->models);
    hra_atomic_abandon(s->csv_file);
    hra_atomic_abandon(s->sums_file);
    hra_atomic_abandon(s->report_file);
    hra_lock_release(s->lock);
    hra_buffer_destroy(&s->reject_path);
    hra_buffer_destroy(&s->report_path);
    hra_buffer_destroy(&s->command);
    hra_buffer_destroy(&s->summary);
}

static hra_code score(const hra_score_options *o, int count, char **paths, hra_error *error)
{
    hra_score_state state = {0};
    hra_code code = score_once(o, count, paths, true, &state, error);
    bool again = hra_csv_tries_again(state.guesses, code);
    destroy(&state);
    if (!again) return code;
    state = (hra_score_state){0};
    code = score_once(o, count, paths, false, &state, error);
    destroy(&state);
    return code;
}

int hra_cmd_score(int argc, char **argv)
{
    hra_score_options o = {0};
    const hra_option options[] = {
        {"output", 'o', HRA_OPTION_TEXT, &o.output, "FILE",
         "results, FILE.h5 or FILE.csv; '-' for CSV on standard output"},
        {"groups", 0, HRA_OPTION_TEXT, &o.groups, "FILE", "sums by group as CSV; without -o, no results by person"},
        {"panel", 'p', HRA_OPTION_TEXT, &o.what.panel, "NAME", "panel of models (default: china_corporate)"},
        {"models", 'm', HRA_OPTION_TEXT, &o.what.models, "ID,ID",
         "models to compute instead of a panel ('hra models list')"},
        {"definitions", 'd', HRA_OPTION_TEXTS, &o.definitions, "FILE", "more definitions; may be repeated"},
        {"factors", 0, HRA_OPTION_FLAG, &o.factors, NULL, "also the risk factors"},
        {"tiers", 0, HRA_OPTION_FLAG, &o.tiers, NULL, "also the tiers"},
        {"prescriptions", 0, HRA_OPTION_FLAG, &o.prescriptions, NULL, "also the prescriptions"},
        {"items", 0, HRA_OPTION_FLAG, &o.items, NULL, "also the checkup items"},
        {"monitors", 0, HRA_OPTION_FLAG, &o.monitors, NULL, "also the monitoring plan"},
        {"topics", 0, HRA_OPTION_FLAG, &o.topics, NULL,
         "also the topics of improvement: value, and whether it is at target"},
        {"references", 0, HRA_OPTION_FLAG, &o.references, NULL, "also where each value lies in its reference band"},
        {"what-if", 0, HRA_OPTION_FLAG, &o.what_if, NULL,
         "also the risks after each intervention and after all of them"},
        {"ideal", 0, HRA_OPTION_FLAG, &o.ideal, NULL, "also the risk of the same person with ideal values"},
        {"risk-age", 0, HRA_OPTION_FLAG, &o.risk_age, NULL, "also the age at which ideal values give the same risk"},
        {"outside-range", 0, HRA_OPTION_TEXT, &o.what.range, "WHAT",
         "rows outside a model's published range: compute (default), blank or clamp"},
        {"as-of", 0, HRA_OPTION_TEXT, &o.what.as_of, "DAY", "reference day for ages and dates, YYYY-MM-DD"},
        {"precision", 0, HRA_OPTION_TEXT, &o.precision, "WHAT", "CSV numbers: short (6 digits, default) or full (17)"},
        {"result-type", 0, HRA_OPTION_TEXT, &o.result_type, "TYPE", "risks in .h5: f32 (default) or f64"},
        {"reject-hard-limits", 0, HRA_OPTION_FLAG, &o.hard_limits, NULL,
         "reject values outside hard limits instead of counting them"},
        {"resume", 0, HRA_OPTION_FLAG, &o.resume, NULL, "continue an interrupted run (.h5 results from a store)"},
        {"threads", 't', HRA_OPTION_INT, &o.threads, "N", "threads (default: all processors)"},
        {"report", 0, HRA_OPTION_TEXT, &o.report, "FILE", "run report (default: OUTPUT.run.json)"},
        HRA_INPUT_OPTIONS(o.input),
        {"quiet", 'q', HRA_OPTION_FLAG, &o.quiet, NULL, "no progress, no summary"},
        {0}};
    const hra_usage usage = {
        "score", "INPUT... [-o OUTPUT] [--groups FILE] [options]",
        "Computes risks for every person of a population store (.h5) or of CSV files.", options,
        "The first column of CSV results is the person's identifier, or the row number if the input has none.\n"
        "Example: hra score people.csv -o risks.csv --models china_par_2016,who_cvd_2019_lab"};
    int status = hra_options_parse(&usage, &argc, argv);
    if (status >= 0) return status;
    if (argc < 2) {
        fprintf(stderr, "hra score: no input given; see 'hra score --help'\n");
        return HRA_EUSAGE;
    }
    hra_setup_catch_signals();
    hra_error error = {0};
    hra_code code = score(&o, argc - 1, argv + 1, &error);
    return code == HRA_OK ? HRA_OK : hra_report_error("score", &error);
}
